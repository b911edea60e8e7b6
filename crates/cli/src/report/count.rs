//! What the report says, in numbers: the very counts of the map's views, over its days and over as many before.

use crate::map::before_after::{self, BeforeAfter, Measures};
use crate::map::cost::{self, Costs};
use crate::map::facts::filter::{DAY, date};
use crate::map::facts::{Chosen, Facts, Filter, Id};
use crate::map::goals::{self, Goals};
use crate::map::kpi::Kpi;
use crate::map::touchpoints::STAGES;
use crate::map::voice::{self, Voice};
use crate::statements::{Belief, Statements, Target};
use std::collections::HashMap;

/// Measured over all of the path, and at each stage.
const WHOLE: [Kpi; 7] =
    [Kpi::Conversion, Kpi::Frustrated, Kpi::Friction, Kpi::Nps, Kpi::Csat, Kpi::Ces, Kpi::ReturnWithin90Days];
const AT_STAGES: [Kpi; 7] =
    [Kpi::Reached, Kpi::Conversion, Kpi::Frustrated, Kpi::Friction, Kpi::Nps, Kpi::Csat, Kpi::Ces];
/// A change is told while its days after are still being counted, and for a week more.
const TOLD: i64 = before_after::DAYS + 7;

/// The days of the report, in Unix seconds; `to` is the day after.
#[derive(Debug, Clone, Copy)]
pub(super) struct Period {
    pub(super) from: i64,
    pub(super) to: i64,
}

impl Period {
    /// As many days before.
    pub(super) fn before(self) -> Self {
        Self { from: self.from - (self.to - self.from), to: self.from }
    }
}

/// All of it.
pub(super) struct Counted {
    pub(super) period: Period,
    pub(super) goals: Goals,
    pub(super) changes: BeforeAfter,
    pub(super) whole: Vec<Measures>,
    pub(super) stages: Vec<StageCounted>,
    pub(super) costs: Costs,
    pub(super) voice: Voice,
    pub(super) voice_before: Voice,
    pub(super) verbatims: bool,
}

/// One stage.
pub(super) struct StageCounted {
    pub(super) stage: String,
    pub(super) measures: Vec<Measures>,
    /// What happened there, with the number of journeys, the most frequent first.
    pub(super) top: Vec<(String, u64)>,
    pub(super) belief: Option<Belief>,
    pub(super) targets: Vec<Target>,
}

/// The first second that has to be read: what goals and changes look back to, and the days before.
pub(super) fn reaches(stated: &Statements, period: Period) -> i64 {
    let goals = stated.goals.iter().filter_map(|goal| goal.since.as_deref().and_then(date));
    let changes = stated.changes.iter().filter_map(|change| date(&change.on));
    let changes = changes.filter(|on| *on >= period.to - TOLD * DAY).map(|on| on - before_after::DAYS * DAY);
    let now = period.to - goals::DAYS * DAY;
    goals.map(|since| since - goals::DAYS * DAY).chain(changes).chain([period.before().from, now]).min().unwrap_or(now)
}

/// Counts.
pub(super) fn count(facts: &Facts, stated: &Statements, period: Period, verbatims: bool) -> Counted {
    let all = Filter::default().choose(&facts.words).unwrap_or_else(|_| unreachable!("an empty filter has no mistake"));
    let (now, before) = (within(&all, period), within(&all, period.before()));
    let lately: Vec<_> = stated
        .changes
        .iter()
        .filter(|change| date(&change.on).is_some_and(|on| on >= period.to - TOLD * DAY && on < period.to))
        .cloned()
        .collect();
    // All changes bound each other's days; those that are told are picked from what came of it.
    let mut changes = before_after::count(facts, &all, stated, period.to, before_after::DAYS);
    changes.changes.retain(|one| lately.contains(&one.change));
    Counted {
        period,
        // Yesterday is the last day that is over.
        goals: goals::count(facts, &all, stated, period.to - DAY),
        changes,
        whole: before_after::measure(facts, &before, &now, &WHOLE, None),
        stages: stages(facts, stated, &before, &now),
        costs: cost::count(facts, &now),
        voice: voice::count(facts, &now),
        voice_before: voice::count(facts, &before),
        verbatims,
    }
}

fn within(all: &Chosen, period: Period) -> Chosen {
    all.between(period.from, period.to)
}

fn stages(facts: &Facts, stated: &Statements, before: &Chosen, now: &Chosen) -> Vec<StageCounted> {
    let mut met: HashMap<Id, u64> = HashMap::new();
    let mut top: HashMap<Id, HashMap<Id, u64>> = HashMap::new();
    for fact in facts.all.iter().filter(|fact| fact.known && now.takes(fact)) {
        fact.dwell.iter().for_each(|(stage, _)| *met.entry(*stage).or_default() += 1);
        for (id, _) in &fact.moments {
            let moment = facts.words.moments.word(*id);
            if !moment.friction {
                *top.entry(moment.stage).or_default().entry(*id).or_default() += 1;
            }
        }
    }
    let word = |id: Id| facts.words.plain.word(id).clone();
    let mut others: Vec<String> =
        met.keys().map(|id| word(*id)).filter(|name| !STAGES.contains(&name.as_str())).collect();
    others.sort_unstable();
    let own = !others.is_empty() && !met.keys().any(|id| STAGES.contains(&word(*id).as_str()));
    let usual = STAGES.into_iter().filter(|_| !own).map(str::to_owned);
    usual
        .chain(others)
        .map(|stage| {
            let id = facts.words.plain.find(&stage).unwrap_or(u16::MAX);
            let mut here: Vec<(String, u64)> = top
                .remove(&id)
                .unwrap_or_default()
                .into_iter()
                .map(|(id, n)| (facts.words.moments.word(id).name.clone(), n))
                .collect();
            here.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
            here.dedup_by(|a, b| a.0 == b.0);
            here.truncate(3);
            StageCounted {
                measures: before_after::measure(facts, before, now, &AT_STAGES, Some(id)),
                top: here,
                belief: stated.beliefs.iter().find(|belief| belief.stage == stage).cloned(),
                targets: stated.targets.iter().filter(|target| target.stage == stage).cloned().collect(),
                stage,
            }
        })
        .collect()
}
