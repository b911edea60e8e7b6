//! What the shop has changed: the days before beside the days after. A comparison, no experiment: whatever else happened on that day happened too.

use super::facts::filter::{DAY, date, day_of};
use super::facts::{ById, Chosen, Facts, Id};
use super::kpi::{Kpi, Measured, Tally};
use super::scores::MIN_N;
use super::share::Gap;
use crate::statements::{Change, Statements};
use serde::Serialize;

/// Days on each side where nothing is said, at least, and at most: whole weeks, since weekends are not like other days.
pub const DAYS: i64 = 28;
const WEEK: i64 = 7;
/// … at most.
pub const MOST_DAYS: i64 = 182;

/// What is measured, those of answers where there are any.
const MEASURED: [Kpi; 6] = [Kpi::Conversion, Kpi::Frustrated, Kpi::Friction, Kpi::Nps, Kpi::Csat, Kpi::Ces];

/// All changes.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct BeforeAfter {
    /// Below this many there are counts and no comparison.
    pub min_n: u64,
    /// The day that is taken for today; it is not over, and counts on no side.
    pub today: String,
    /// So many days on each side at most.
    pub days: i64,
    /// Each change, the newest first.
    pub changes: Vec<Compared>,
}

/// One change.
#[derive(Debug, PartialEq, Serialize, schemars::JsonSchema)]
#[schemars(rename = "ComparedChange")]
pub struct Compared {
    /// What was stated.
    #[serde(flatten)]
    pub change: Change,
    /// Days on each side, whole weeks; 0 where there is not one.
    pub days: i64,
    /// Why there are no more days, where there are fewer than asked for.
    pub short: Option<Short>,
    /// The first day before that counts. The last one is the day before the change.
    pub since: Option<String>,
    /// The last day after that counts.
    pub until: Option<String>,
    /// What was measured on both sides: at the change's stage where it names one, else over all of the path.
    pub measures: Vec<Measures>,
}

/// Why there are fewer days than were asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Short {
    /// It was changed too lately.
    TooSoon,
    /// Another change lies so near.
    AnotherChange,
}

/// One number before and after.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Measures {
    /// What is measured.
    pub kpi: Kpi,
    /// Before.
    pub before: Measured,
    /// After.
    pub after: Measured,
    /// How far after lies from before; none where one of them is of too few.
    pub gap: Option<Gap>,
    /// What that comes to.
    pub told: Told,
}

/// What a comparison comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Told {
    /// It is better, and that is unlikely to be chance.
    Better,
    /// It is worse, likewise.
    Worse,
    /// The interval holds nothing at all: it cannot be told.
    CannotBeTold,
    /// One side is of too few.
    TooFew,
}

/// Compares over the journeys that were chosen, as on the day that begins at the Unix second `today`, with at most `days` on each side.
pub fn count(facts: &Facts, chosen: &Chosen, stated: &Statements, today: i64, days: i64) -> BeforeAfter {
    let mut counting: Vec<Counting<'_>> =
        windows(&stated.changes, today, days).into_iter().map(|window| Counting::new(facts, window)).collect();
    // No day is after two changes, nor before two, unless these are of one day.
    let mut sides: ById<i64, Vec<(usize, Side)>> = ById::default();
    for (at, one) in counting.iter().enumerate() {
        let Window { on, days, .. } = one.window;
        for day in 0..days {
            sides.entry(on / DAY + day).or_default().push((at, Side::After));
            sides.entry(on / DAY - 1 - day).or_default().push((at, Side::Before));
        }
    }
    for fact in facts.all.iter().filter(|fact| chosen.takes(fact)) {
        for (at, side) in sides.get(&fact.started.div_euclid(DAY)).into_iter().flatten() {
            if let Some(one) = counting.get_mut(*at) {
                let tallies = if *side == Side::Before { &mut one.before } else { &mut one.after };
                tallies.iter_mut().for_each(|tally| tally.add(facts, fact));
            }
        }
    }
    let changes = counting.into_iter().rev().map(Counting::compared).collect();
    BeforeAfter { min_n: MIN_N, today: day_of(today), days, changes }
}

/// Each KPI over some journeys beside the same over others, at one stage or over all of the path. What nobody answered on either side is left out.
pub fn measure(facts: &Facts, before: &Chosen, after: &Chosen, kpis: &[Kpi], stage: Option<Id>) -> Vec<Measures> {
    let tallies = || -> Vec<Tally> { kpis.iter().map(|kpi| Tally::new(facts, *kpi, stage)).collect() };
    let (mut then, mut now) = (tallies(), tallies());
    for fact in &facts.all {
        for (chosen, tallies) in [(before, &mut then), (after, &mut now)] {
            if chosen.takes(fact) {
                tallies.iter_mut().for_each(|tally| tally.add(facts, fact));
            }
        }
    }
    let pairs = kpis.iter().zip(then.iter().zip(&now)).map(|(kpi, (then, now))| compare(*kpi, then, now));
    pairs.filter(|one| one.before.n + one.after.n > 0).collect()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Before,
    After,
}

/// The days of a change.
#[derive(Debug, Clone, Copy)]
struct Window<'a> {
    change: &'a Change,
    on: i64,
    days: i64,
    short: Option<Short>,
}

/// The days of each change, the oldest change first: as many on both sides, whole weeks, none of them of another change, none to come.
fn windows(changes: &[Change], today: i64, most: i64) -> Vec<Window<'_>> {
    let mut dated: Vec<(i64, &Change)> =
        changes.iter().filter_map(|change| Some((date(&change.on)?, change))).collect();
    dated.sort_by_key(|(on, _)| *on);
    let other = |on: i64, next: bool| {
        let others = dated.iter().map(|(at, _)| *at);
        let near = if next { others.filter(|at| *at > on).min() } else { others.filter(|at| *at < on).max() };
        near.map(|at| (at - on).abs() / DAY)
    };
    dated
        .iter()
        .map(|(on, change)| {
            let gone = ((today - on) / DAY).max(0);
            let near = other(*on, true).into_iter().chain(other(*on, false)).min().unwrap_or(i64::MAX);
            let days = most.min(gone).min(near) / WEEK * WEEK;
            let short =
                (days < most / WEEK * WEEK).then_some(if gone <= near { Short::TooSoon } else { Short::AnotherChange });
            Window { change, on: *on, days, short }
        })
        .collect()
}

struct Counting<'a> {
    window: Window<'a>,
    before: Vec<Tally>,
    after: Vec<Tally>,
}

impl<'a> Counting<'a> {
    fn new(facts: &Facts, window: Window<'a>) -> Self {
        let stage = window.change.stage.as_ref().map(|stage| facts.words.plain.find(stage).unwrap_or(u16::MAX));
        let tallies = || MEASURED.iter().map(|kpi| Tally::new(facts, *kpi, stage)).collect();
        Self { window, before: tallies(), after: tallies() }
    }

    fn compared(self) -> Compared {
        let Window { change, on, days, short } = self.window;
        let measures = MEASURED.into_iter().zip(self.before.iter().zip(&self.after));
        Compared {
            change: change.clone(),
            days,
            short,
            since: (days > 0).then(|| day_of(on - days * DAY)),
            until: (days > 0).then(|| day_of(on + (days - 1) * DAY)),
            measures: measures
                .map(|(kpi, (before, after))| compare(kpi, before, after))
                .filter(|one| days > 0 && (one.before.n + one.after.n > 0 || one.kpi == Kpi::Conversion))
                .collect(),
        }
    }
}

fn compare(kpi: Kpi, before: &Tally, after: &Tally) -> Measures {
    let gap = after.since(before);
    let told = match gap {
        None => Told::TooFew,
        Some(gap) if gap.low <= 0.0 && gap.high >= 0.0 => Told::CannotBeTold,
        Some(gap) if (gap.low > 0.0) == kpi.high_is_good() => Told::Better,
        Some(_) => Told::Worse,
    };
    Measures { kpi, before: before.measured(), after: after.measured(), gap, told }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::facts::{Fact, Feeling, Filter};
    use super::*;

    fn change(on: &str) -> Change {
        Change { on: on.into(), what: on.into(), stage: None }
    }

    #[test]
    fn days_are_whole_weeks_of_nothing_else() {
        let today = date("2026-11-22").unwrap();
        let of = |changes: &[&str], most| {
            let changes: Vec<Change> = changes.iter().map(|on| change(on)).collect();
            windows(&changes, today, most).into_iter().map(|window| (window.days, window.short)).collect::<Vec<_>>()
        };
        assert_eq!(of(&["2026-10-01"], 28), [(28, None)]);
        assert_eq!(of(&["2026-10-01"], 30), [(28, None)], "whole weeks");
        // 20 days are over.
        assert_eq!(of(&["2026-11-02"], 28), [(14, Some(Short::TooSoon))]);
        assert_eq!(of(&["2026-11-20"], 28), [(0, Some(Short::TooSoon))]);
        assert_eq!(of(&["2026-12-24"], 28), [(0, Some(Short::TooSoon))], "it is still to come");
        // Ten days lie between: neither looks beyond the other.
        assert_eq!(
            of(&["2026-10-01", "2026-10-11"], 28),
            [(7, Some(Short::AnotherChange)), (7, Some(Short::AnotherChange))]
        );
        assert_eq!(of(&["2026-10-01", "2026-10-01"], 28), [(28, None), (28, None)], "two of one day are one");
    }

    /// 28 days before and after, so many journeys a day, of which these bought and were frustrated.
    fn shop(a_day: usize, before: (usize, usize), after: (usize, usize)) -> BeforeAfter {
        let mut facts = Facts::default();
        let stage = facts.words.plain.of(&"decision".to_owned());
        let on = date("2026-10-01").unwrap();
        for day in -40..40 {
            let (bought, frustrated) = if day < 0 { before } else { after };
            for n in 0..a_day {
                let felt =
                    if n < frustrated { Box::new([(stage, Feeling::Frustrated)]) as Box<[_]> } else { Box::default() };
                facts.put(Fact {
                    row: facts.all.len() as i64,
                    started: on + day * DAY + 3_600,
                    known: true,
                    bought: n < bought,
                    dwell: Box::new([(stage, 1)]),
                    felt,
                    ..Fact::default()
                });
            }
        }
        let stated = Statements { changes: vec![change("2026-10-01")], ..Statements::default() };
        let chosen = Filter::default().choose(&facts.words).unwrap();
        count(&facts, &chosen, &stated, date("2026-11-22").unwrap(), DAYS)
    }

    #[test]
    fn what_became_better_or_worse_is_told_and_chance_is_not() {
        let told = |shop: BeforeAfter| {
            let change = &shop.changes[0];
            assert_eq!(
                (change.days, change.since.as_deref(), change.until.as_deref()),
                (28, Some("2026-09-03"), Some("2026-10-28"))
            );
            change.measures.iter().map(|one| (one.kpi, one.told)).collect::<Vec<_>>()
        };
        // 280 on each side: 20 % bought, then 40 %; 40 % were frustrated, then 50 %.
        assert_eq!(
            told(shop(10, (2, 4), (4, 5))),
            [(Kpi::Conversion, Told::Better), (Kpi::Frustrated, Told::Worse), (Kpi::Friction, Told::CannotBeTold)]
        );
        assert_eq!(
            told(shop(10, (4, 5), (2, 4))),
            [(Kpi::Conversion, Told::Worse), (Kpi::Frustrated, Told::Better), (Kpi::Friction, Told::CannotBeTold)]
        );
        let same = shop(10, (3, 3), (3, 3));
        assert_eq!(same.changes[0].measures[0].told, Told::CannotBeTold);
        assert_eq!(same.changes[0].measures[0].before.n, 280, "28 days, and not one more");
        // 28 on each side are too few.
        let few = shop(1, (0, 0), (1, 0));
        let bought = &few.changes[0].measures[0];
        assert_eq!((bought.told, bought.gap, bought.after.n, bought.after.value), (Told::TooFew, None, 28, None));
    }
}
