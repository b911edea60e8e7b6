//! A number of a stage beside what the shop wants of it.

use super::facts::{Facts, NONE};
use super::kpi::{Kpi, Measured, Tally};
use crate::statements::Target;
use serde::Serialize;

/// One number of a stage.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Standing {
    /// What is measured.
    pub kpi: Kpi,
    /// What came of it.
    pub measured: Measured,
    /// What the shop wants it to be.
    pub target: Option<f64>,
    /// Whether it is; none without a target, and where too little is known.
    pub verdict: Option<Verdict>,
}

/// Whether a number is what it is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It has come to the target.
    On,
    /// It has not, and that may be chance: the target lies within the interval.
    Near,
    /// It has not, and the whole interval lies on the wrong side.
    Behind,
}

impl Standing {
    /// Beside what is wanted.
    pub fn new(kpi: Kpi, measured: Measured, target: Option<f64>) -> Self {
        Self { kpi, measured, target, verdict: target.and_then(|target| Verdict::of(kpi, measured, target)) }
    }
}

impl Verdict {
    fn of(kpi: Kpi, measured: Measured, target: f64) -> Option<Self> {
        let (value, low, high) = (measured.value?, measured.low?, measured.high?);
        let (is_there, may_be) =
            if kpi.high_is_good() { (value >= target, high >= target) } else { (value <= target, low <= target) };
        Some(match (is_there, may_be) {
            (true, _) => Self::On,
            (false, true) => Self::Near,
            (false, false) => Self::Behind,
        })
    }
}

/// A count for each target, and the conversion of each stage beside them.
pub(super) fn tallies(facts: &Facts, targets: &[Target]) -> Vec<(String, Tally, f64)> {
    let tally = |target: &Target| {
        // At a stage that nobody has been to nothing is counted.
        let stage = facts.words.plain.find(&target.stage).unwrap_or(NONE);
        (target.stage.clone(), Tally::new(facts, target.kpi, Some(stage)), target.target)
    };
    targets.iter().map(tally).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn behind_is_said_only_where_it_is_no_chance() {
        let of = |kpi, low, value, high, target| {
            let measured = Measured { n: 100, value: Some(value), low: Some(low), high: Some(high) };
            Standing::new(kpi, measured, Some(target)).verdict
        };
        assert_eq!(of(Kpi::Conversion, 20.0, 25.0, 30.0, 25.0), Some(Verdict::On));
        assert_eq!(of(Kpi::Conversion, 20.0, 25.0, 30.0, 29.0), Some(Verdict::Near));
        assert_eq!(of(Kpi::Conversion, 20.0, 25.0, 30.0, 31.0), Some(Verdict::Behind));
        // Fewer frustrated are better.
        assert_eq!(of(Kpi::Frustrated, 20.0, 25.0, 30.0, 31.0), Some(Verdict::On));
        assert_eq!(of(Kpi::Frustrated, 20.0, 25.0, 30.0, 21.0), Some(Verdict::Near));
        assert_eq!(of(Kpi::Frustrated, 20.0, 25.0, 30.0, 10.0), Some(Verdict::Behind));
        assert_eq!(of(Kpi::Nps, -5.0, 0.0, 5.0, -10.0), Some(Verdict::On));
        let few = Measured { n: 29, ..Measured::default() };
        assert_eq!(Standing::new(Kpi::Nps, few, Some(10.0)).verdict, None);
        assert_eq!(Standing::new(Kpi::Nps, few, None).target, None);
    }
}
