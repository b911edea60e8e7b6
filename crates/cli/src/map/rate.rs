//! So many for each hundred: contacts of a hundred orders, money of an order.

use super::scores::{MIN_N, round};
use serde::Serialize;

/// How many standard deviations 95 % of a normal distribution lie within.
const Z: f64 = 1.96;

/// Events for each hundred of something. More than a hundred are possible.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Rate {
    /// How many.
    pub n: u64,
    /// For how many.
    pub of: u64,
    /// For each hundred; none below [`MIN_N`] of them.
    pub per_hundred: Option<f64>,
    /// Where the 95 % interval begins.
    pub low: Option<f64>,
    /// Where it ends.
    pub high: Option<f64>,
}

impl Rate {
    /// So many for so many.
    pub fn new(n: u64, of: u64) -> Self {
        if of < MIN_N {
            return Self { n, of, ..Self::default() };
        }
        let (low, high) = poisson(n);
        let per = |n: f64| Some(round(n * 100.0 / of as f64));
        Self { n, of, per_hundred: per(n as f64), low: per(low), high: per(high) }
    }
}

/// What one of several costs, in hundredths.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Each {
    /// The sum by their number.
    pub value: i64,
    /// Where the 95 % interval begins: as many as there could have been.
    pub low: i64,
    /// Where it ends: as few.
    pub high: i64,
}

impl Each {
    /// A sum by how many share it; none below [`MIN_N`].
    pub fn of(sum: i64, n: u64) -> Option<Self> {
        let (low, high) = poisson(n);
        let each = |n: f64| (sum as f64 / n).round() as i64;
        (n >= MIN_N).then(|| Self { value: each(n as f64), low: each(high), high: each(low) })
    }
}

/// Where the mean of a count may lie that came out as `n` (95 %), by Byar's approximation (Breslow and Day 1987, 2.11 f.): half a per cent from the exact
/// interval of ten on.
fn poisson(n: u64) -> (f64, f64) {
    let side = |n: f64, sign: f64| n * (1.0 - 1.0 / (9.0 * n) + sign * Z / (3.0 * n.sqrt())).powi(3);
    let n = n as f64;
    (if n > 0.0 { side(n, -1.0).max(0.0) } else { 0.0 }, side(n + 1.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The exact intervals (Garwood 1936): 0 to 3.69 of none, 4.80 to 18.39 of ten, 81.36 to 121.63 of a hundred.
    #[test]
    fn a_count_has_the_interval_of_the_tables() {
        for (n, low, high) in [(0, 0.0, 3.69), (10, 4.80, 18.39), (100, 81.36, 121.63)] {
            let (from, to) = poisson(n);
            assert!((from - low).abs() < 0.03 && (to - high).abs() < 0.03, "{n}: {from} {to}");
        }
    }

    #[test]
    fn few_have_counts_alone() {
        assert_eq!(Rate::new(5, 29), Rate { n: 5, of: 29, ..Rate::default() });
        assert_eq!(Rate::new(10, 100).per_hundred, Some(10.0));
        assert_eq!(Each::of(100_000, 29), None);
        assert!(Each::of(100_000, 100).is_some_and(|each| each.value == 1_000 && each.low < 900 && each.high > 1_100));
    }
}
