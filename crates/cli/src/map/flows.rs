//! Where shoppers go: from stage to stage, in loops, out, and to a purchase.

use super::facts::{ById, Chosen, Facts, Id};
use super::scores::MIN_N;
use super::share::{Share, Spread};
use serde::Serialize;
use std::collections::HashMap;

/// Steps of a path that are drawn; what comes after is [`Flow::LATER`]. Nobody follows more with the eye.
const STEPS: usize = 7;
/// Paths that are listed.
const TOP: usize = 12;

/// Where shoppers go.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Paths {
    /// Below this many there are counts alone.
    pub min_n: u64,
    /// How many of the journeys bought.
    pub bought: Share,
    /// From step to step.
    pub flows: Vec<Flow>,
    /// Each stage: how many entered, came back to it, and left from it.
    pub stages: Vec<StageTraffic>,
    /// The most frequent paths.
    pub typical: Vec<Way>,
    /// The paths on which the most shoppers who had put something into the cart left.
    pub losing: Vec<Way>,
    /// Milliseconds from the start of a visit to its first purchase.
    pub to_purchase: Spread,
    /// First and repeated orders, as far as they may be known.
    pub orders: Vec<(String, u64)>,
}

/// So many went from one stage to the next.
#[derive(Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Flow {
    /// Which step of the journey it is, from 0.
    pub step: usize,
    /// From.
    pub from: String,
    /// To: a stage, or how it ended.
    pub to: String,
    /// How many.
    pub journeys: u64,
}

impl Flow {
    /// The end of a journey in which something was bought.
    pub const BOUGHT: &'static str = "bought";
    /// The end of one in which nothing was.
    pub const LEFT: &'static str = "left";
    /// The journey goes on, further than is drawn.
    pub const LATER: &'static str = "later";
}

/// What happens at a stage.
#[derive(Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct StageTraffic {
    /// Stage.
    pub stage: String,
    /// Journeys that entered it.
    pub entered: u64,
    /// Of these, how many came back to it.
    pub returned: Share,
    /// Of these, how many ended there without an order.
    pub left: Share,
}

/// A path that many took.
#[derive(Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Way {
    /// Its stages.
    pub path: Vec<String>,
    /// Of all journeys, how many took it.
    pub share: Share,
    /// Of these, how many bought.
    pub bought: Share,
    /// A journey that took it, to look at.
    pub example: String,
}

#[derive(Default)]
struct Counted<'a> {
    journeys: u64,
    bought: u64,
    /// When it began, and its id.
    example: (i64, &'a str),
}

/// Counts the journeys that were chosen.
pub fn count(facts: &Facts, chosen: &Chosen) -> Paths {
    let mut ways: ById<&[Id], Counted<'_>> = ById::default();
    let mut orders: ById<Id, u64> = ById::default();
    let (mut all, mut bought, mut times) = (0, 0, Vec::new());
    let decision = facts.words.plain.find(&"decision".to_owned());
    for fact in facts.all.iter().filter(|fact| fact.known && chosen.takes(fact)) {
        all += 1;
        times.extend(fact.bought_at);
        if fact.bought {
            bought += 1;
            *orders.entry(fact.order).or_default() += 1;
        }
        let way = ways.entry(&fact.path).or_default();
        way.journeys += 1;
        way.bought += u64::from(fact.bought);
        // The latest, so that it does not hang on the order in which they were read.
        way.example = way.example.max((fact.started, &fact.id));
    }
    // A million journeys take some thousand paths: what follows from the path is counted once for each.
    let mut flows: Flows = ById::default();
    let mut stages: ById<Id, (u64, u64, u64)> = ById::default();
    for (path, counted) in &ways {
        let lost = counted.journeys - counted.bought;
        steps(&mut flows, path, counted.bought, true);
        steps(&mut flows, path, lost, false);
        for (nth, stage) in path.iter().enumerate() {
            let traffic = stages.entry(*stage).or_default();
            match path[..nth].iter().filter(|before| *before == stage).count() {
                0 => traffic.0 += counted.journeys,
                1 => traffic.1 += counted.journeys,
                _ => {}
            }
        }
        if let Some(last) = path.last() {
            stages.entry(*last).or_default().2 += lost;
        }
    }
    let word = |id: Id| facts.words.plain.word(id).clone();
    let way = |(path, counted): &(&[Id], Counted<'_>)| Way {
        path: path.iter().map(|stage| word(*stage)).collect(),
        share: Share::new(counted.journeys, all),
        bought: Share::new(counted.bought, counted.journeys),
        example: counted.example.1.to_owned(),
    };
    let mut ways: Vec<(&[Id], Counted<'_>)> = ways.into_iter().filter(|(path, _)| !path.is_empty()).collect();
    let words = |path: &[Id]| path.iter().map(|stage| word(*stage)).collect::<Vec<_>>();
    ways.sort_by(|a, b| b.1.journeys.cmp(&a.1.journeys).then_with(|| words(a.0).cmp(&words(b.0))));
    let typical = ways.iter().take(TOP).map(way).collect();
    let lost = |counted: &Counted| counted.journeys - counted.bought;
    ways.retain(|(path, counted)| lost(counted) > 0 && decision.is_some_and(|stage| path.contains(&stage)));
    ways.sort_by(|a, b| lost(&b.1).cmp(&lost(&a.1)).then_with(|| words(a.0).cmp(&words(b.0))));
    let losing = ways.iter().take(TOP).map(way).collect();

    Paths {
        min_n: MIN_N,
        bought: Share::new(bought, all),
        flows: drawn(flows, word),
        stages: traffic(stages, word),
        typical,
        losing,
        to_purchase: Spread::of(times),
        orders: {
            let mut orders: Vec<(String, u64)> = orders.into_iter().map(|(order, n)| (word(order), n)).collect();
            orders.sort();
            orders
        },
    }
}

/// Step, from, to, bought: so many.
type Flows = ById<(usize, Id, Option<Id>, bool), u64>;

/// Counts the steps of so many journeys that took one path, all of which bought or none.
fn steps(flows: &mut Flows, path: &[Id], journeys: u64, bought: bool) {
    if journeys == 0 {
        return;
    }
    for (step, stage) in path.iter().enumerate().take(STEPS) {
        // Where it ends nothing follows; where it goes on out of sight, that is told of the last step.
        let next = if step + 1 == STEPS { None } else { path.get(step + 1).copied() };
        let later = step + 1 == STEPS && path.len() > STEPS;
        *flows.entry((step, *stage, next, !later && bought)).or_default() += journeys;
        if later {
            *flows.entry((STEPS, *stage, None, false)).or_default() += journeys;
        }
    }
}

fn drawn(flows: Flows, word: impl Fn(Id) -> String) -> Vec<Flow> {
    let mut summed: HashMap<(usize, Id, String), u64> = HashMap::new();
    // The last step of a path that goes on was counted as an end; it is none.
    let later: ById<Id, u64> =
        flows.iter().filter(|((step, ..), _)| *step == STEPS).map(|((_, stage, ..), n)| (*stage, *n)).collect();
    for ((step, from, next, bought), n) in flows.into_iter().filter(|((step, ..), _)| *step < STEPS) {
        let to = match next {
            Some(stage) => word(stage),
            None if bought => Flow::BOUGHT.to_owned(),
            None => Flow::LEFT.to_owned(),
        };
        *summed.entry((step, from, to)).or_default() += n;
    }
    for (stage, n) in later {
        if let Some(left) = summed.get_mut(&(STEPS - 1, stage, Flow::LEFT.to_owned())) {
            *left -= n;
        }
        summed.insert((STEPS - 1, stage, Flow::LATER.to_owned()), n);
    }
    let mut flows: Vec<Flow> = summed
        .into_iter()
        .filter(|(_, journeys)| *journeys > 0)
        .map(|((step, from, to), journeys)| Flow { step, from: word(from), to, journeys })
        .collect();
    flows.sort_by(|a, b| (a.step, &a.from, &a.to).cmp(&(b.step, &b.from, &b.to)));
    flows
}

fn traffic(stages: ById<Id, (u64, u64, u64)>, word: impl Fn(Id) -> String) -> Vec<StageTraffic> {
    let mut traffic: Vec<StageTraffic> = stages
        .into_iter()
        .map(|(stage, (entered, returned, left))| StageTraffic {
            stage: word(stage),
            entered,
            returned: Share::new(returned, entered),
            left: Share::new(left, entered),
        })
        .collect();
    let place = |stage: &str| super::touchpoints::STAGES.iter().position(|known| *known == stage).unwrap_or(usize::MAX);
    traffic.sort_by(|a, b| (place(&a.stage), &a.stage).cmp(&(place(&b.stage), &b.stage)));
    traffic
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::facts::{Fact, Filter};
    use super::*;

    fn facts(ways: &[(&[&str], bool, usize)]) -> Facts {
        let mut facts = Facts::default();
        for (path, bought, times) in ways {
            for _ in 0..*times {
                let path = path.iter().map(|stage| facts.words.plain.of(&(*stage).to_owned())).collect();
                let row = facts.all.len() as i64;
                facts.put(Fact { row, known: true, bought: *bought, path, ..Fact::default() });
            }
        }
        facts
    }

    #[test]
    fn flows_add_up_and_loops_are_seen() {
        let facts = facts(&[
            (&["awareness", "consideration", "decision"], true, 40),
            (&["awareness", "consideration", "decision", "consideration"], false, 35),
            (&["awareness"], false, 100),
        ]);
        let paths = count(&facts, &Filter::default().choose(&facts.words).unwrap());
        assert_eq!((paths.bought.n, paths.bought.of, paths.bought.percent), (40, 175, Some(22.9)));
        let flow = |step: usize, from: &str, to: &str| {
            paths
                .flows
                .iter()
                .find(|flow| (flow.step, flow.from.as_str(), flow.to.as_str()) == (step, from, to))
                .map(|flow| flow.journeys)
        };
        assert_eq!(flow(0, "awareness", "left"), Some(100));
        assert_eq!(flow(0, "awareness", "consideration"), Some(75));
        assert_eq!(flow(2, "decision", "bought"), Some(40));
        assert_eq!(flow(2, "decision", "consideration"), Some(35));
        assert_eq!(flow(3, "consideration", "left"), Some(35));
        let consideration = paths.stages.iter().find(|stage| stage.stage == "consideration").unwrap();
        assert_eq!((consideration.entered, consideration.returned.n, consideration.left.n), (75, 35, 35));
        assert_eq!(paths.typical[0].path, ["awareness"]);
        assert_eq!((paths.losing.len(), paths.losing[0].share.n, paths.losing[0].bought.n), (1, 35, 0));
    }

    #[test]
    fn what_goes_on_out_of_sight_is_neither_left_nor_bought() {
        let facts = facts(&[
            (&["a", "b", "a", "b", "a", "b", "a", "b", "a"], true, 3),
            (&["a", "b", "a", "b", "a", "b", "a"], false, 2),
        ]);
        let paths = count(&facts, &Filter::default().choose(&facts.words).unwrap());
        let ends: Vec<_> = paths
            .flows
            .iter()
            .filter(|flow| flow.step == STEPS - 1)
            .map(|flow| (flow.to.as_str(), flow.journeys))
            .collect();
        assert_eq!(ends, [("later", 3), ("left", 2)]);
    }
}
