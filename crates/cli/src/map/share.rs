//! Shares and what may be said of them: an interval always, a share only of enough.

use super::scores::{MIN_N, round, wilson};
use serde::Serialize;

/// So many of so many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Share {
    /// How many.
    pub n: u64,
    /// Of how many.
    pub of: u64,
    /// Per cent; none below [`MIN_N`].
    pub percent: Option<f64>,
    /// Where the 95 % interval (Wilson) begins.
    pub low: Option<f64>,
    /// Where it ends.
    pub high: Option<f64>,
}

impl Share {
    /// A share.
    pub fn new(n: u64, of: u64) -> Self {
        if of < MIN_N {
            return Self { n, of, ..Self::default() };
        }
        let (low, high) = wilson(n, of);
        let percent = |share: f64| Some(round(share * 100.0));
        Self { n, of, percent: percent(n as f64 / of as f64), low: percent(low), high: percent(high) }
    }
}

/// How far two shares lie apart.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Gap {
    /// The first less the second, in points of a hundred.
    pub points: f64,
    /// Where the 95 % interval begins.
    pub low: f64,
    /// Where it ends.
    pub high: f64,
}

impl Gap {
    /// Between two shares; none where one of them may not be told. The interval is that of Newcombe (1998), method 10: of two Wilson
    /// intervals, each counts with its side that faces the other.
    pub fn between((a, of_a): (u64, u64), (b, of_b): (u64, u64)) -> Option<Self> {
        if of_a.min(of_b) < MIN_N {
            return None;
        }
        let (p, q) = (a as f64 / of_a as f64, b as f64 / of_b as f64);
        let ((p_low, p_high), (q_low, q_high)) = (wilson(a, of_a), wilson(b, of_b));
        let points = |share: f64| round(share * 100.0);
        Some(Self {
            points: points(p - q),
            low: points(p - q - ((p - p_low).powi(2) + (q_high - q).powi(2)).sqrt()),
            high: points(p - q + ((p_high - p).powi(2) + (q - q_low).powi(2)).sqrt()),
        })
    }
}

/// The middle and the quarters of what was measured.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Spread {
    /// How many.
    pub n: u64,
    /// A quarter is less.
    pub quarter: Option<i64>,
    /// Half is less.
    pub median: Option<i64>,
    /// Three quarters are less.
    pub three_quarters: Option<i64>,
}

impl Spread {
    /// Of some values, in any order; nothing below [`MIN_N`].
    pub fn of(mut values: Vec<i64>) -> Self {
        let n = values.len() as u64;
        if n < MIN_N {
            return Self { n, ..Self::default() };
        }
        values.sort_unstable();
        let at = |part: usize| values.get((values.len() - 1) * part / 4).copied();
        Self { n, quarter: at(1), median: at(2), three_quarters: at(3) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand. 56 of 70 against 48 of 80 is the example of Newcombe's paper: 0.2, from 0.0524 to 0.3339.
    #[test]
    fn gaps_are_what_the_paper_says() {
        assert_eq!(Gap::between((56, 70), (48, 80)), Some(Gap { points: 20.0, low: 5.2, high: 33.4 }));
        assert_eq!(Gap::between((9, 29), (48, 80)), None);
        let same = Gap::between((50, 100), (50, 100));
        assert!(same.is_some_and(|gap| gap.points == 0.0 && gap.low < 0.0 && gap.high > 0.0));
    }

    #[test]
    fn few_have_no_share() {
        assert_eq!(Share::new(10, 29), Share { n: 10, of: 29, ..Share::default() });
        // 24 of 30: Wilson from 62.7 to 90.5.
        assert_eq!(Share::new(24, 30), Share { n: 24, of: 30, percent: Some(80.0), low: Some(62.7), high: Some(90.5) });
    }

    #[test]
    fn a_spread_is_that_of_what_was_given() {
        assert_eq!(
            Spread::of((0..=100).rev().collect()),
            Spread { n: 101, quarter: Some(25), median: Some(50), three_quarters: Some(75) }
        );
        assert_eq!(Spread::of(vec![1; 29]), Spread { n: 29, ..Spread::default() });
    }
}
