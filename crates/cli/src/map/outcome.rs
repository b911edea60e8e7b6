//! What a comparison is about: an order, a good score, or an order soon after another.

use super::facts::{Fact, Facts, Id, NONE};
use super::scores::Asked;
use serde::{Deserialize, Serialize};

/// What journeys are held against each other by. Each is a share of the journeys of which it is known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Something was bought. Known of every journey with a path.
    #[default]
    Bought,
    /// The shopper would recommend the shop: 9 or 10 of 10, the last time they were asked in the journey. Known of those who answered.
    Nps,
    /// The shopper is satisfied: 4 or 5 of 5, likewise.
    Csat,
    /// The order came within 90 days of an order before. Known of orders of shoppers who let themselves be remembered. Visits are never joined,
    /// so this looks back: it says who comes again, not what became of those who were here.
    Return,
}

/// Tells of each journey whether it came to the outcome.
#[derive(Debug)]
pub struct Judge {
    outcome: Outcome,
    ask: Option<Id>,
    /// Bands of days within 90.
    recent: Vec<Id>,
}

impl Outcome {
    /// Ready to be asked of these facts.
    pub fn judge(self, facts: &Facts) -> Judge {
        let find = |word: &str| facts.words.plain.find(&word.to_owned());
        let ask = match self {
            Self::Nps => find("nps"),
            Self::Csat => find("csat"),
            Self::Bought | Self::Return => None,
        };
        Judge { outcome: self, ask, recent: ["0-14", "15-30", "31-90"].into_iter().filter_map(find).collect() }
    }
}

impl Judge {
    /// Whether a journey came to it; none where that is not known.
    pub fn of(&self, fact: &Fact) -> Option<bool> {
        let last = |asked: Asked, good: i64| {
            let mut scores =
                fact.said.iter().rev().filter(|said| Some(said.ask) == self.ask).filter_map(|said| said.score);
            scores.find(|score| asked.holds(*score)).map(|score| score >= good)
        };
        match self.outcome {
            Outcome::Bought => Some(fact.bought),
            Outcome::Nps => last(Asked::Nps, 9),
            Outcome::Csat => last(Asked::Csat, 4),
            Outcome::Return => (fact.bought && fact.order != NONE).then(|| self.recent.contains(&fact.since_order)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::facts::Said;
    use super::*;

    #[test]
    fn an_outcome_is_known_or_it_is_not() {
        let mut facts = Facts::default();
        let [nps, csat, second, soon, late] =
            ["nps", "csat", "second", "31-90", "91-180"].map(|word| facts.words.plain.of(&word.to_owned()));
        let of = |outcome: Outcome, fact: &Fact| outcome.judge(&facts).of(fact);
        let said = |ask, score| Said { ask, score: Some(score), ..Said::default() };
        let fact = Fact {
            bought: true,
            order: second,
            since_order: soon,
            said: Box::new([said(nps, 3), said(csat, 3), said(nps, 9), said(nps, 77)]),
            ..Fact::default()
        };
        assert_eq!(of(Outcome::Bought, &fact), Some(true));
        assert_eq!((of(Outcome::Nps, &fact), of(Outcome::Csat, &fact)), (Some(true), Some(false)));
        assert_eq!(of(Outcome::Return, &fact), Some(true));
        assert_eq!(of(Outcome::Return, &Fact { since_order: late, ..fact }), Some(false));
        let silent = Fact { bought: true, ..Fact::default() };
        assert_eq!(
            [Outcome::Bought, Outcome::Nps, Outcome::Csat, Outcome::Return].map(|outcome| of(outcome, &silent)),
            [Some(true), None, None, None]
        );
        assert_eq!(of(Outcome::Return, &Fact { order: second, ..Fact::default() }), None, "nothing was ordered");
    }
}
