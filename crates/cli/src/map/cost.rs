//! What gets in the way, ranked by what it costs: how many more would have bought without it, been satisfied, or come again.
//!
//! Those who met it are held against those who were at the same stage and did not meet it. That is a comparison, no experiment: whoever meets an
//! error may differ in more than the error. The page says so.

use super::facts::{ById, Chosen, Facts, Id};
use super::outcome::Outcome;
use super::scores::MIN_N;
use super::share::{Gap, Share};
use serde::Serialize;

/// All that gets in the way.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Costs {
    /// Below this many there are counts alone.
    pub min_n: u64,
    /// What those who met something are held against the others by.
    pub outcome: Outcome,
    /// What an order is worth, in the currency that most orders are in; none below [`MIN_N`] orders.
    pub order: Option<Worth>,
    /// Each friction at each stage, the dearest first; those of which too little is known last.
    pub frictions: Vec<Cost>,
}

/// The middle of what orders come to.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Worth {
    /// Median, two significant digits.
    pub value: f64,
    /// ISO 4217.
    pub currency: String,
}

/// One friction at one stage.
#[derive(Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Cost {
    /// Its name.
    pub name: String,
    /// The stage.
    pub stage: String,
    /// The lens.
    pub lens: &'static str,
    /// How often it happened.
    pub times: u64,
    /// Of those at the stage, how many met it.
    pub met: Share,
    /// Of those who met it, how many bought, or came to another outcome: of those of whom it is known.
    pub with: Share,
    /// Of those at the stage who did not, likewise.
    pub without: Share,
    /// How far these lie apart: below nothing, it costs.
    pub gap: Option<Gap>,
    /// Orders that it stands for; none where the interval holds nothing at all, or the outcome is no order.
    pub orders: Option<Range>,
    /// Their money, two significant digits, in the currency of [`Costs::order`].
    pub money: Option<Range>,
}

/// From so many to so many.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Range {
    /// At least.
    pub low: f64,
    /// Most likely.
    pub middle: f64,
    /// At most.
    pub high: f64,
}

impl Range {
    fn times(self, worth: f64) -> Self {
        let digits = |value: f64| two_digits(value * worth);
        Self { low: digits(self.low), middle: digits(self.middle), high: digits(self.high) }
    }
}

/// More digits would pretend.
fn two_digits(value: f64) -> f64 {
    if value <= 0.0 {
        return 0.0;
    }
    let unit = 10f64.powf(value.log10().floor() - 1.0);
    (value / unit).round() * unit
}

/// Journeys, those of which the outcome is known, and those that came to it.
#[derive(Default, Clone, Copy)]
struct Met {
    journeys: u64,
    known: u64,
    good: u64,
    times: u64,
}

impl Met {
    fn add(&mut self, outcome: Option<bool>, times: u64) {
        self.journeys += 1;
        self.known += u64::from(outcome.is_some());
        self.good += u64::from(outcome == Some(true));
        self.times += times;
    }
}

/// Counts the journeys that were chosen: what keeps them from an order.
pub fn count(facts: &Facts, chosen: &Chosen) -> Costs {
    count_toward(facts, chosen, Outcome::Bought)
}

/// Counts the journeys that were chosen: what keeps them from an outcome.
pub fn count_toward(facts: &Facts, chosen: &Chosen, outcome: Outcome) -> Costs {
    let judge = outcome.judge(facts);
    let mut stages: ById<Id, Met> = ById::default();
    let mut met: ById<Id, Met> = ById::default();
    let mut paid: ById<Id, Vec<i64>> = ById::default();
    for fact in facts.all.iter().filter(|fact| fact.known && chosen.takes(fact)) {
        let came = judge.of(fact);
        for (stage, _) in &fact.dwell {
            stages.entry(*stage).or_default().add(came, 0);
        }
        for (moment, times) in fact.moments.iter().filter(|(moment, _)| facts.words.moments.word(*moment).friction) {
            met.entry(*moment).or_default().add(came, u64::from(*times));
        }
        if let Some(amount) = fact.paid {
            paid.entry(fact.currency).or_default().push(amount);
        }
    }
    let order = worth(facts, paid);
    let mut frictions: Vec<Cost> = met
        .into_iter()
        .map(|(moment, met)| {
            let moment = facts.words.moments.word(moment);
            let at = stages.get(&moment.stage).copied().unwrap_or_default();
            // Whoever met it was at the stage.
            let (rest, rest_good) = (at.known.saturating_sub(met.known), at.good.saturating_sub(met.good));
            let gap = Gap::between((met.good, met.known), (rest_good, rest));
            let orders = gap.filter(|gap| gap.high < 0.0 && outcome == Outcome::Bought).map(|gap| {
                let lost = |points: f64| (-points / 100.0 * met.journeys as f64).max(0.0).round();
                Range { low: lost(gap.high), middle: lost(gap.points), high: lost(gap.low) }
            });
            Cost {
                name: moment.name.clone(),
                stage: facts.words.plain.word(moment.stage).clone(),
                lens: moment.lens,
                times: met.times,
                met: Share::new(met.journeys, at.journeys),
                with: Share::new(met.good, met.known),
                without: Share::new(rest_good, rest),
                gap,
                orders,
                money: orders.zip(order.as_ref()).map(|(orders, worth)| orders.times(worth.value)),
            }
        })
        .collect();
    frictions.sort_by(|a, b| {
        // Of orders their number; of another outcome the points that are lost, times those who lose them.
        let lost = |cost: &Cost| match (cost.orders, cost.gap.filter(|gap| gap.high < 0.0)) {
            (Some(orders), _) => orders.middle,
            (None, Some(gap)) => -gap.points * cost.met.n as f64,
            (None, None) => -1.0,
        };
        lost(b).total_cmp(&lost(a)).then(b.met.n.cmp(&a.met.n)).then((&a.name, &a.stage).cmp(&(&b.name, &b.stage)))
    });
    Costs { min_n: MIN_N, outcome, order, frictions }
}

fn worth(facts: &Facts, paid: ById<Id, Vec<i64>>) -> Option<Worth> {
    let (currency, mut paid) = paid.into_iter().max_by_key(|(currency, paid)| (paid.len(), *currency))?;
    if (paid.len() as u64) < MIN_N {
        return None;
    }
    paid.sort_unstable();
    let median = *paid.get(paid.len() / 2)? as f64 / 100.0;
    Some(Worth { value: two_digits(median), currency: facts.words.plain.word(currency).clone() })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::facts::{Fact, Filter, Moment, Said};
    use super::*;

    /// So many journeys at the decision; with or without a declined payment, bought or not.
    fn facts(groups: &[(bool, bool, usize)]) -> Facts {
        let mut facts = Facts::default();
        let stage = facts.words.plain.of(&"decision".to_owned());
        let currency = facts.words.plain.of(&"EUR".to_owned());
        let moment = Moment { stage, lens: "tech", name: "payment_declined".into(), friction: true };
        let moment = facts.words.moments.of(&moment);
        for (declined, bought, times) in groups {
            for _ in 0..*times {
                let moments = if *declined { vec![(moment, 2)] } else { Vec::new() };
                facts.put(Fact {
                    row: facts.all.len() as i64,
                    known: true,
                    bought: *bought,
                    paid: bought.then_some(5_000),
                    currency,
                    dwell: Box::new([(stage, 1_000)]),
                    moments: moments.into(),
                    ..Fact::default()
                });
            }
        }
        facts
    }

    #[test]
    fn a_friction_that_halves_conversion_is_told_with_what_it_costs() {
        let facts = facts(&[(true, true, 100), (true, false, 300), (false, true, 500), (false, false, 500)]);
        let costs = count(&facts, &Filter::default().choose(&facts.words).unwrap());
        let cost = &costs.frictions[0];
        assert_eq!((cost.name.as_str(), cost.stage.as_str(), cost.times), ("payment_declined", "decision", 800));
        assert_eq!((cost.with.percent, cost.without.percent), (Some(25.0), Some(50.0)));
        let gap = cost.gap.unwrap();
        assert!(gap.points == -25.0 && gap.low < -25.0 && gap.high < -19.0, "{gap:?}");
        // A quarter of 400 would have bought.
        let orders = cost.orders.unwrap();
        assert_eq!(orders.middle, 100.0);
        assert_eq!(costs.order, Some(Worth { value: 50.0, currency: "EUR".into() }));
        assert_eq!(cost.money.unwrap().middle, 5_000.0);
    }

    #[test]
    fn another_outcome_is_of_those_of_whom_it_is_known() {
        let mut facts = facts(&[(true, true, 40), (false, true, 60), (true, false, 100), (false, false, 100)]);
        let csat = facts.words.plain.of(&"csat".to_owned());
        for fact in facts.all.iter_mut().filter(|fact| fact.bought) {
            let score = Some(if fact.moments.is_empty() || fact.row % 4 == 0 { 5 } else { 2 });
            fact.said = Box::new([Said { ask: csat, score, ..Said::default() }]);
        }
        let costs = count_toward(&facts, &Filter::default().choose(&facts.words).unwrap(), Outcome::Csat);
        let cost = &costs.frictions[0];
        assert_eq!((cost.met.n, cost.met.of), (140, 300));
        assert_eq!((cost.with.n, cost.with.of, cost.without.n, cost.without.of), (10, 40, 60, 60));
        assert!(cost.gap.unwrap().high < 0.0);
        assert_eq!((cost.orders, cost.money), (None, None), "an answer is no order");
        assert_eq!(count(&facts, &Filter::default().choose(&facts.words).unwrap()).outcome, Outcome::Bought);
    }

    #[test]
    fn what_may_be_chance_costs_nothing() {
        let facts = facts(&[(true, true, 20), (true, false, 22), (false, true, 50), (false, false, 50)]);
        let cost = &count(&facts, &Filter::default().choose(&facts.words).unwrap()).frictions[0];
        assert!(cost.gap.unwrap().high > 0.0);
        assert_eq!((cost.orders, cost.money), (None, None));
        let few = self::facts(&[(true, false, 29), (false, true, 500)]);
        let cost = &count(&few, &Filter::default().choose(&few.words).unwrap()).frictions[0];
        assert_eq!((cost.gap, cost.with.percent, cost.with.n), (None, None, 0));
    }

    #[test]
    fn two_digits_are_enough() {
        for (value, said) in [(0.0, 0.0), (1_249.0, 1_200.0), (47.9, 48.0), (0.567, 0.57)] {
            assert!((two_digits(value) - said).abs() < 1e-9, "{value}");
        }
    }
}
