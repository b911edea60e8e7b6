//! How something felt to many: how often each feeling, and which side weighs more.

use super::facts::Feeling;
use super::scores::{MIN_N, Z, round};
use serde::Serialize;

/// Feelings of a set of journeys, as their summaries tell them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Mood {
    /// Journeys of which it is told.
    pub n: u64,
    /// Something got in the way.
    pub frustrated: u64,
    /// The shopper did not find the way.
    pub confused: u64,
    /// Nothing to tell.
    pub neutral: u64,
    /// It went well.
    pub satisfied: u64,
    /// Share of the satisfied less the shares of the frustrated and the confused, −100 to 100; none below [`MIN_N`].
    pub balance: Option<f64>,
    /// Half of its 95 % interval, in points.
    pub margin: Option<f64>,
}

impl Mood {
    /// Counts a journey.
    pub fn add(&mut self, feeling: Feeling) {
        self.n += 1;
        match feeling {
            Feeling::Frustrated => self.frustrated += 1,
            Feeling::Confused => self.confused += 1,
            Feeling::Neutral => self.neutral += 1,
            Feeling::Satisfied => self.satisfied += 1,
        }
    }

    /// How many felt like this.
    pub fn of(&self, feeling: Feeling) -> u64 {
        match feeling {
            Feeling::Frustrated => self.frustrated,
            Feeling::Confused => self.confused,
            Feeling::Neutral => self.neutral,
            Feeling::Satisfied => self.satisfied,
        }
    }

    /// With its balance, where there are enough. The interval is that of a difference of shares of the same sample, as of NPS.
    pub fn reckoned(mut self) -> Self {
        if self.n >= MIN_N {
            let n = self.n as f64;
            let (good, bad) = (self.satisfied as f64 / n, (self.frustrated + self.confused) as f64 / n);
            self.balance = Some(round((good - bad) * 100.0));
            self.margin = Some(round(Z * ((good + bad - (good - bad).powi(2)) / n).sqrt() * 100.0));
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_balance_is_what_it_is_by_hand_and_few_have_none() {
        let of = |frustrated, confused, neutral, satisfied| {
            let mut mood = Mood::default();
            for (feeling, times) in [
                (Feeling::Frustrated, frustrated),
                (Feeling::Confused, confused),
                (Feeling::Neutral, neutral),
                (Feeling::Satisfied, satisfied),
            ] {
                (0..times).for_each(|_| mood.add(feeling));
            }
            mood.reckoned()
        };
        // 50 − 15 of 100; 1.96 · √((0.65 − 0.35²) / 100) = 0.1424
        let mood = of(10, 5, 35, 50);
        assert_eq!((mood.n, mood.balance, mood.margin), (100, Some(35.0), Some(14.2)));
        assert_eq!((mood.of(Feeling::Confused), mood.of(Feeling::Satisfied)), (5, 50));
        let few = of(10, 5, 4, 10);
        assert_eq!((few.n, few.balance, few.margin), (29, None, None));
    }
}
