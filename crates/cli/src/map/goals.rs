//! Goals: what each has come to, what it was to have come to by now, and which of the two is ahead.

use super::facts::filter::{DAY, date, day_of};
use super::facts::{Chosen, Facts};
use super::kpi::{Measured, Tally};
use super::scores::{MIN_N, round};
use crate::statements::{Goal, Statements};
use serde::Serialize;

/// "Now" is so many days, today included: whole weeks, since weekends are not like other days.
pub const DAYS: i64 = 28;
/// Of the line of a goal so many points at most, the newest.
const MOST_POINTS: i64 = 60;

/// All goals.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Goals {
    /// Below this many there are counts and no value.
    pub min_n: u64,
    /// The day that is taken for today.
    pub today: String,
    /// What is measured "now" is of so many days, `today` the last of them.
    pub days: i64,
    /// Each goal, in the order in which they were stated.
    pub goals: Vec<Stand>,
}

/// How a goal stands.
#[derive(Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Stand {
    /// What was stated.
    #[serde(flatten)]
    pub goal: Goal,
    /// What it is now.
    pub now: Measured,
    /// What it was to be today, one decimal: on the line through `from`, the milestones and `to`.
    pub expected: f64,
    /// Where it stands.
    pub state: State,
    /// The interval leaves no doubt of that. Else it may be chance.
    pub sure: bool,
    /// From `since` on, for spans of as many days as "now", the oldest first; the last one is "now".
    pub line: Vec<Point>,
}

/// Where a goal stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It is what it was to be by now, or better.
    OnTrack,
    /// It is worse.
    Behind,
    /// It is what it was to come to, or better.
    Reached,
    /// Too little is known.
    TooFew,
}

/// What was measured over some days.
#[derive(Debug, PartialEq, Serialize, schemars::JsonSchema)]
#[schemars(rename = "GoalPoint")]
pub struct Point {
    /// The last of them.
    pub on: String,
    /// What was measured.
    pub measured: Measured,
    /// What was expected on that day.
    pub expected: f64,
}

/// Measures the goals over the journeys that were chosen, as on the day that begins at the Unix second `today`.
pub fn count(facts: &Facts, chosen: &Chosen, stated: &Statements, today: i64) -> Goals {
    let end = today + DAY;
    let mut measuring: Vec<Measuring<'_>> =
        stated.goals.iter().map(|goal| Measuring::new(facts, goal, today, end)).collect();
    let oldest = measuring.iter().map(|one| one.spans.len() as i64).max().unwrap_or_default();
    let chosen = chosen.between(end - oldest * DAYS * DAY, end);
    for fact in facts.all.iter().filter(|fact| chosen.takes(fact)) {
        let ago = (end - 1 - fact.started) / (DAYS * DAY);
        for one in &mut measuring {
            if let Some(tally) = usize::try_from(ago).ok().and_then(|ago| one.spans.get_mut(ago)) {
                tally.add(facts, fact);
            }
        }
    }
    Goals {
        min_n: MIN_N,
        today: day_of(today),
        days: DAYS,
        goals: measuring.into_iter().map(|one| one.stand(today)).collect(),
    }
}

/// A goal with its counts: span 0 is "now", each further one the days before.
struct Measuring<'a> {
    goal: &'a Goal,
    spans: Vec<Tally>,
}

impl<'a> Measuring<'a> {
    fn new(facts: &Facts, goal: &'a Goal, today: i64, end: i64) -> Self {
        // A stage that no journey has seen is entered by none.
        let stage = goal.stage.as_ref().map(|stage| facts.words.plain.find(stage).unwrap_or(u16::MAX));
        let since = goal.since.as_deref().and_then(date).unwrap_or(today).min(today);
        // Spans that began before the goal say nothing of it, but for "now".
        let spans = ((end - since) / (DAYS * DAY)).clamp(1, MOST_POINTS);
        Self { goal, spans: (0..spans).map(|_| Tally::new(facts, goal.kpi, stage)).collect() }
    }

    fn stand(self, today: i64) -> Stand {
        let goal = self.goal;
        let points = self.spans.iter().zip(0..).map(|(tally, ago)| {
            let day = today - ago * DAYS * DAY;
            Point { on: day_of(day), measured: tally.measured(), expected: round(expected(goal, day)) }
        });
        let mut line: Vec<Point> = points.collect();
        line.reverse();
        let now = line.last().map(|point| point.measured).unwrap_or_default();
        let expected = expected(goal, today);
        let (state, sure) = judge(goal, now, expected);
        Stand { goal: goal.clone(), now, expected: round(expected), state, sure, line }
    }
}

/// What a goal was to have come to on a day: from stated value to stated value in a straight line.
pub fn expected(goal: &Goal, day: i64) -> f64 {
    let stops = [(goal.since.as_deref(), goal.from)]
        .into_iter()
        .chain(goal.milestones.iter().map(|milestone| (Some(milestone.on.as_str()), milestone.value)))
        .chain([(Some(goal.by.as_str()), goal.to)]);
    let mut last: Option<(i64, f64)> = None;
    for (at, value) in stops.filter_map(|(on, value)| Some((on.and_then(date)?, value))) {
        match last {
            _ if day == at => return value,
            None if day < at => return value,
            Some((from, before)) if day < at => {
                return before + (value - before) * (day - from) as f64 / (at - from) as f64;
            }
            _ => last = Some((at, value)),
        }
    }
    goal.to
}

fn judge(goal: &Goal, now: Measured, expected: f64) -> (State, bool) {
    let (Some(value), Some(low), Some(high)) = (now.value, now.low, now.high) else { return (State::TooFew, false) };
    let rises = goal.to > goal.from;
    // Whether the whole interval lies on the good side of a mark, or on the other.
    let clear = |mark: f64, good: bool| if rises == good { low >= mark } else { high <= mark };
    let at = |mark: f64| if rises { value >= mark } else { value <= mark };
    if at(goal.to) {
        (State::Reached, clear(goal.to, true))
    } else if at(expected) {
        (State::OnTrack, clear(expected, true))
    } else {
        (State::Behind, clear(expected, false))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::facts::{Fact, Filter};
    use super::super::kpi::Kpi;
    use super::*;
    use crate::statements::Milestone;

    fn goal(from: f64, to: f64) -> Goal {
        Goal {
            id: "buy".into(),
            kpi: Kpi::Conversion,
            stage: None,
            from,
            to,
            since: Some("2026-10-01".into()),
            by: "2026-12-10".into(),
            milestones: Vec::new(),
            owner: None,
        }
    }

    #[test]
    fn what_is_expected_lies_on_the_line_through_the_milestones() {
        let straight = goal(20.0, 90.0);
        let on = |goal: &Goal, day: &str| expected(goal, date(day).unwrap());
        // 70 days, a point a day.
        for (day, value) in [
            ("2026-09-01", 20.0),
            ("2026-10-01", 20.0),
            ("2026-10-11", 30.0),
            ("2026-12-10", 90.0),
            ("2027-01-01", 90.0),
        ] {
            assert_eq!(on(&straight, day), value, "{day}");
        }
        let milestones = vec![Milestone { on: "2026-10-11".into(), value: 60.0 }];
        let bent = Goal { milestones, ..straight };
        for (day, value) in [("2026-10-06", 40.0), ("2026-10-11", 60.0), ("2026-11-10", 75.0)] {
            assert_eq!(on(&bent, day), value, "{day}");
        }
        assert_eq!(on(&goal(30.0, 10.0), "2026-11-05"), 20.0, "downwards too");
    }

    fn measured(bought: usize, of: usize, goal: Goal) -> Stand {
        let mut facts = Facts::default();
        let today = date("2026-11-05").unwrap();
        for row in 0..of {
            let started = today + DAY / 2;
            facts.put(Fact { row: row as i64, known: true, bought: row < bought, started, ..Fact::default() });
        }
        // From before the 28 days.
        facts.put(Fact { row: -1, known: true, bought: true, started: today - 30 * DAY, ..Fact::default() });
        let stated = Statements { goals: vec![goal], ..Statements::default() };
        count(&facts, &Filter::default().choose(&facts.words).unwrap(), &stated, today).goals.remove(0)
    }

    #[test]
    fn a_goal_is_on_track_behind_or_reached_and_says_whether_it_is_sure() {
        // Half of the time is over: 20 of 10 to 30 is expected.
        let up = || goal(10.0, 30.0);
        for (bought, of, state, sure) in [
            (400, 1_000, State::Reached, true),
            (305, 1_000, State::Reached, false),
            (250, 1_000, State::OnTrack, true),
            (210, 1_000, State::OnTrack, false),
            (190, 1_000, State::Behind, false),
            (120, 1_000, State::Behind, true),
            (20, 29, State::TooFew, false),
        ] {
            let stand = measured(bought, of, up());
            assert_eq!(
                (stand.expected, stand.now.n, stand.state, stand.sure),
                (20.0, of as u64, state, sure),
                "{bought}"
            );
        }
        let down = |bought| measured(bought, 1_000, goal(30.0, 10.0));
        assert_eq!((down(250).state, down(250).sure), (State::Behind, true));
        assert_eq!((down(150).state, down(150).sure), (State::OnTrack, true));
        assert_eq!((down(50).state, down(50).sure), (State::Reached, true));
    }

    #[test]
    fn the_line_begins_with_the_goal_and_ends_now() {
        let stand = measured(250, 1_000, goal(10.0, 30.0));
        let days: Vec<_> = stand.line.iter().map(|point| (point.on.as_str(), point.measured.n)).collect();
        // 36 days since: one whole span.
        assert_eq!(days, [("2026-11-05", 1_000)]);
        let older = Goal { since: Some("2026-09-10".into()), ..goal(10.0, 30.0) };
        let stand = measured(250, 1_000, older);
        let days: Vec<_> = stand.line.iter().map(|point| (point.on.as_str(), point.measured.n)).collect();
        assert_eq!(days, [("2026-10-08", 1), ("2026-11-05", 1_000)]);
    }
}
