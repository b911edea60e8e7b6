//! What a shop steers by: one number over some journeys, for all of them or at one stage, with what it may be by chance.

use super::facts::{Chosen, NONE};
use super::facts::{Fact, Facts, Feeling, Id};
use super::scores::{Asked, MIN_N, Nps, Scores, round};
use super::share::{Gap, Share};
use serde::{Deserialize, Serialize};

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kpi {
    /// Of the journeys with a path (at a stage: of those that entered it), how many bought, per cent. From `purchase`.
    Conversion,
    /// Would recommend: promoters less detractors, −100 to 100. From answers to questions of the kind `nps`, at the stage in which they were asked.
    Nps,
    /// Satisfied: 4 and 5 of 5, per cent. From answers to `csat`.
    Csat,
    /// Easy: 5 to 7 of 7, per cent. From answers to `ces`.
    Ces,
    /// Easy: 4 and 5 of 5, per cent. From answers to `ces5`, which are no part of `ces`.
    Ces5,
    /// Of the journeys with a path (at a stage: of those that entered it), how many were frustrated there, per cent. From `emotion` of the summaries.
    Frustrated,
    /// Of the same, how many met something there that got in the way, per cent. From the friction events.
    Friction,
    /// Of the journeys with a path, how many entered the stage, per cent. Needs a stage.
    Reached,
    /// Of the orders of which it may be known (`remember`), how many came within 90 days of an order before, per cent. From `order` and
    /// `since_order` of the summaries: journeys are not joined over visits, so this looks back.
    #[serde(rename = "return_within_90_days")]
    ReturnWithin90Days,
}

/// A number with its 95 % interval.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Measured {
    /// Journeys, orders or answers that it is of.
    pub n: u64,
    /// Per cent; of [`Kpi::Nps`] points. None below [`MIN_N`].
    pub value: Option<f64>,
    /// Where the interval begins.
    pub low: Option<f64>,
    /// Where it ends.
    pub high: Option<f64>,
}

/// Counts towards one number, journey by journey.
#[derive(Debug)]
pub struct Tally {
    kpi: Kpi,
    stage: Option<Id>,
    /// The kind of question that counts.
    ask: Option<Id>,
    /// Bands within 90 days.
    recent: Vec<Id>,
    good: u64,
    of: u64,
    scores: Scores,
}

impl Kpi {
    /// From what to what it may be.
    pub fn range(self) -> (f64, f64) {
        if self == Self::Nps { (-100.0, 100.0) } else { (0.0, 100.0) }
    }

    /// Whether more of it is better.
    pub fn high_is_good(self) -> bool {
        !matches!(self, Self::Frustrated | Self::Friction)
    }

    fn ask(self) -> Option<&'static str> {
        match self {
            Self::Nps => Some("nps"),
            Self::Csat => Some("csat"),
            Self::Ces | Self::Ces5 => Some("ces"),
            _ => None,
        }
    }
}

/// Measures it over the journeys that were chosen: over all of them, or at one stage.
pub fn measure(facts: &Facts, chosen: &Chosen, kpi: Kpi, stage: Option<Id>) -> Measured {
    let mut tally = Tally::new(facts, kpi, stage);
    facts.all.iter().filter(|fact| chosen.takes(fact)).for_each(|fact| tally.add(facts, fact));
    tally.measured()
}

impl Tally {
    /// Of nothing yet.
    pub fn new(facts: &Facts, kpi: Kpi, stage: Option<Id>) -> Self {
        let find = |word: &str| facts.words.plain.find(&word.to_owned());
        Self {
            kpi,
            stage,
            ask: kpi.ask().and_then(find),
            recent: ["0-14", "15-30", "31-90"].into_iter().filter_map(find).collect(),
            good: 0,
            of: 0,
            scores: Scores::default(),
        }
    }

    /// What is measured.
    pub fn kpi(&self) -> Kpi {
        self.kpi
    }

    /// Counts a journey.
    pub fn add(&mut self, facts: &Facts, fact: &Fact) {
        if let Some(ask) = self.kpi.ask() {
            let here = |at: Id| self.stage.is_none_or(|stage| stage == at);
            for said in fact.said.iter().filter(|said| Some(said.ask) == self.ask && here(said.stage)) {
                if let (Some(asked), Some(score)) = (Asked::of(ask, said.scale), said.score) {
                    self.scores.tally(asked, score);
                }
            }
        } else if let Some(good) = self.good(facts, fact) {
            self.of += 1;
            self.good += u64::from(good);
        }
    }

    /// Whether a journey counts as a good one; none where it does not count at all.
    fn good(&self, facts: &Facts, fact: &Fact) -> Option<bool> {
        if !fact.known {
            return None;
        }
        let entered = |stage: Id| fact.dwell.iter().any(|(at, _)| *at == stage);
        let here = |at: Id| self.stage.is_none_or(|stage| stage == at);
        if self.kpi == Kpi::Reached {
            return self.stage.map(entered);
        }
        if self.stage.is_some_and(|stage| !entered(stage)) {
            return None;
        }
        match self.kpi {
            Kpi::Conversion => Some(fact.bought),
            Kpi::Frustrated => Some(fact.felt.iter().any(|(stage, felt)| *felt == Feeling::Frustrated && here(*stage))),
            Kpi::Friction => Some(fact.moments.iter().any(|(moment, _)| {
                let moment = facts.words.moments.word(*moment);
                moment.friction && here(moment.stage)
            })),
            Kpi::ReturnWithin90Days => {
                (fact.bought && fact.order != NONE).then(|| self.recent.contains(&fact.since_order))
            }
            Kpi::Reached | Kpi::Nps | Kpi::Csat | Kpi::Ces | Kpi::Ces5 => None,
        }
    }

    /// So many of so many, of what is a share.
    fn parts(&self) -> Option<(u64, u64)> {
        match self.kpi {
            Kpi::Nps => None,
            Kpi::Csat => Some((self.scores.csat.good, self.scores.csat.n)),
            Kpi::Ces => Some((self.scores.ces.good, self.scores.ces.n)),
            Kpi::Ces5 => Some((self.scores.ces5.good, self.scores.ces5.n)),
            _ => Some((self.good, self.of)),
        }
    }

    /// What came of it.
    pub fn measured(&self) -> Measured {
        match self.parts() {
            Some((good, of)) => {
                let share = Share::new(good, of);
                Measured { n: of, value: share.percent, low: share.low, high: share.high }
            }
            None => nps(&self.scores.nps),
        }
    }

    /// How far this lies from an earlier one, in points; none where one of them may not be told.
    pub fn since(&self, before: &Self) -> Option<Gap> {
        if let (Some(now), Some(then)) = (self.parts(), before.parts()) {
            return Gap::between(now, then);
        }
        let ((now, a), (then, b)) = (exact(&self.scores.nps)?, exact(&before.scores.nps)?);
        // Of two independent means the squares of the margins add up.
        let (points, margin) = (now - then, a.hypot(b));
        Some(Gap { points: round(points), low: round(points - margin), high: round(points + margin) })
    }
}

fn nps(nps: &Nps) -> Measured {
    let Some((value, margin)) = exact(nps) else { return Measured { n: nps.n, ..Measured::default() } };
    let (lowest, highest) = Kpi::Nps.range();
    let within = |value: f64| Some(round(value.clamp(lowest, highest)));
    Measured { n: nps.n, value: within(value), low: within(value - margin), high: within(value + margin) }
}

/// Of NPS, the score before it is rounded to a whole number, and half of its interval. All alike have no variance, which is no certainty: then
/// the interval is that of a share of all.
fn exact(nps: &Nps) -> Option<(f64, f64)> {
    let mut nps = nps.clone();
    nps.reckon();
    let margin = nps.margin.filter(|_| nps.n >= MIN_N)?;
    let value = (nps.promoters as f64 - nps.detractors as f64) * 100.0 / nps.n as f64;
    if margin > 0.0 {
        return Some((value, margin));
    }
    let (low, _) = super::scores::wilson(nps.n, nps.n);
    Some((value, (1.0 - low) * 100.0))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::facts::{Filter, Moment, Said};
    use super::*;

    fn id(facts: &mut Facts, word: &str) -> Id {
        facts.words.plain.of(&word.to_owned())
    }

    fn put(facts: &mut Facts, times: usize, fact: impl Fn() -> Fact) {
        for _ in 0..times {
            let row = facts.all.len() as i64;
            facts.put(Fact { row, ..fact() });
        }
    }

    fn all(facts: &Facts, kpi: Kpi, stage: Option<Id>) -> Measured {
        measure(facts, &Filter::default().choose(&facts.words).unwrap(), kpi, stage)
    }

    /// 100 at awareness, of which 60 go on to the decision; of these 30 buy, 15 are frustrated and 20 meet an error. Ten without a path.
    fn shop() -> (Facts, Id, Id) {
        let mut facts = Facts::default();
        let (start, end) = (id(&mut facts, "awareness"), id(&mut facts, "decision"));
        let moment = Moment { stage: end, lens: "tech", name: "js_error".into(), friction: true };
        let error = facts.words.moments.of(&moment);
        put(&mut facts, 40, || Fact { known: true, dwell: Box::new([(start, 1)]), ..Fact::default() });
        let at_end = |bought, felt, met: bool| Fact {
            known: true,
            bought,
            dwell: Box::new([(start, 1), (end, 1)]),
            felt: Box::new([(end, felt)]),
            moments: if met { Box::new([(error, 1)]) } else { Box::default() },
            ..Fact::default()
        };
        put(&mut facts, 30, || at_end(true, Feeling::Satisfied, false));
        put(&mut facts, 15, || at_end(false, Feeling::Frustrated, true));
        put(&mut facts, 5, || at_end(false, Feeling::Neutral, true));
        put(&mut facts, 10, || at_end(false, Feeling::Neutral, false));
        put(&mut facts, 10, Fact::default);
        (facts, start, end)
    }

    #[test]
    fn shares_are_of_those_who_were_there() {
        let (facts, start, end) = shop();
        let told = |kpi, stage| {
            let measured = all(&facts, kpi, stage);
            (measured.n, measured.value)
        };
        assert_eq!(told(Kpi::Conversion, None), (100, Some(30.0)));
        assert_eq!(told(Kpi::Conversion, Some(end)), (60, Some(50.0)));
        assert_eq!(told(Kpi::Frustrated, None), (100, Some(15.0)));
        assert_eq!(told(Kpi::Frustrated, Some(end)), (60, Some(25.0)));
        assert_eq!(told(Kpi::Frustrated, Some(start)), (100, Some(0.0)));
        assert_eq!(told(Kpi::Friction, Some(end)), (60, Some(33.3)));
        assert_eq!(told(Kpi::Reached, Some(end)), (100, Some(60.0)));
        assert_eq!(told(Kpi::Reached, None), (0, None));
        // 30 of 100, Wilson: 21.9 to 39.6.
        let bought = all(&facts, Kpi::Conversion, None);
        assert_eq!((bought.low, bought.high), (Some(21.9), Some(39.6)));
    }

    #[test]
    fn scores_are_those_of_the_stage_in_which_they_were_asked() {
        let (mut facts, _, end) = shop();
        let (ask, csat, ces) = (id(&mut facts, "nps"), id(&mut facts, "csat"), id(&mut facts, "ces"));
        let said = |ask, score, scale, stage| Said { ask, score: Some(score), scale, stage, ..Said::default() };
        put(&mut facts, 30, || Fact {
            said: Box::new([said(ask, 9, None, end), said(csat, 4, None, NONE), said(ces, 3, None, end)]),
            ..Fact::default()
        });
        put(&mut facts, 30, || Fact {
            said: Box::new([said(ask, 2, None, NONE), said(ces, 4, Some(5), end)]),
            ..Fact::default()
        });
        assert_eq!(all(&facts, Kpi::Nps, None).value, Some(0.0));
        assert_eq!((all(&facts, Kpi::Nps, Some(end)).value, all(&facts, Kpi::Nps, Some(end)).n), (Some(100.0), 30));
        // All alike, and yet no certainty.
        assert_eq!(all(&facts, Kpi::Nps, Some(end)).low, Some(88.6));
        assert_eq!((all(&facts, Kpi::Csat, None).value, all(&facts, Kpi::Csat, Some(end)).n), (Some(100.0), 0));
        assert_eq!((all(&facts, Kpi::Ces, None).value, all(&facts, Kpi::Ces5, None).value), (Some(0.0), Some(100.0)));
    }

    #[test]
    fn few_have_a_count_and_no_value() {
        let mut facts = Facts::default();
        put(&mut facts, 29, || Fact { known: true, bought: true, ..Fact::default() });
        assert_eq!(all(&facts, Kpi::Conversion, None), Measured { n: 29, ..Measured::default() });
        put(&mut facts, 1, || Fact { known: true, row: 29, ..Fact::default() });
        assert_eq!(all(&facts, Kpi::Conversion, None).value, Some(96.7));
        assert_eq!(all(&facts, Kpi::Nps, None), Measured::default());
    }

    #[test]
    fn a_return_is_an_order_soon_after_another() {
        let mut facts = Facts::default();
        let (first, second) = (id(&mut facts, "first"), id(&mut facts, "second"));
        let (soon, late) = (id(&mut facts, "31-90"), id(&mut facts, "91-180"));
        let order = |order, since_order| Fact { known: true, bought: true, order, since_order, ..Fact::default() };
        put(&mut facts, 20, || order(first, NONE));
        put(&mut facts, 15, || order(second, soon));
        put(&mut facts, 5, || order(second, late));
        // Nothing may be known of these.
        put(&mut facts, 50, || order(NONE, NONE));
        put(&mut facts, 50, || Fact { bought: false, ..order(second, soon) });
        let measured = all(&facts, Kpi::ReturnWithin90Days, None);
        assert_eq!((measured.n, measured.value), (40, Some(37.5)));
    }

    #[test]
    fn a_difference_has_an_interval_of_its_own() {
        let mut facts = Facts::default();
        let ask = id(&mut facts, "nps");
        let of = |kpi, groups: &[(i64, bool, usize)]| {
            let mut tally = Tally::new(&facts, kpi, None);
            for (score, bought, times) in groups {
                let said = Box::new([Said { ask, score: Some(*score), ..Said::default() }]);
                let fact = Fact { known: true, bought: *bought, said, ..Fact::default() };
                (0..*times).for_each(|_| tally.add(&facts, &fact));
            }
            tally
        };
        let (before, after) = ([(9, true, 48), (2, false, 32)], [(9, true, 56), (2, false, 14)]);
        // Newcombe's own example.
        let gap = of(Kpi::Conversion, &after).since(&of(Kpi::Conversion, &before)).unwrap();
        assert_eq!(gap, Gap { points: 20.0, low: 5.2, high: 33.4 });
        // 60 less 20; margins 18.7 and 21.5, together 28.5.
        let gap = of(Kpi::Nps, &after).since(&of(Kpi::Nps, &before)).unwrap();
        assert_eq!((gap.points, gap.low, gap.high), (40.0, 11.5, 68.5));
        assert!(of(Kpi::Nps, &[(9, true, 29)]).since(&of(Kpi::Nps, &before)).is_none());
    }

    #[test]
    fn names_are_those_of_the_api() {
        let all = [
            Kpi::Conversion,
            Kpi::Nps,
            Kpi::Csat,
            Kpi::Ces,
            Kpi::Ces5,
            Kpi::Frustrated,
            Kpi::Friction,
            Kpi::Reached,
            Kpi::ReturnWithin90Days,
        ];
        let names: Vec<String> = all.iter().map(|kpi| serde_json::to_string(kpi).unwrap()).collect();
        assert_eq!(
            names.join(" "),
            r#""conversion" "nps" "csat" "ces" "ces5" "frustrated" "friction" "reached" "return_within_90_days""#
        );
    }
}
