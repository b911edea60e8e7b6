//! The map: all journeys that were chosen, counted into stages and lenses.

use super::facts::{ById, Chosen, Fact, Facts, Id, NONE, Said};
use super::kpi::{Kpi, Measured};
use super::mood::Mood;
use super::scores::{Asked, MIN_N, Scores};
use super::share::Share;
use super::standing::{self, Standing};
use super::touchpoints::{self, LENSES, STAGES};
use crate::statements::Target;
use serde::Serialize;
use std::collections::BTreeMap;

/// Touchpoints per cell. More would be a list, not a map.
const TOP: usize = 6;
/// Latest words that a stage keeps.
const WORDS: usize = 5;

/// The whole map.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Map {
    /// Below this many answers there is no score.
    pub min_n: u64,
    /// Over all stages.
    pub totals: Totals,
    /// The five stages, then any other that was seen.
    pub stages: Vec<Stage>,
    /// Answers that belong to no stage: given without consent to measure.
    pub elsewhere: Voice,
}

/// Numbers over all stages.
#[derive(Debug, Default, Serialize, schemars::JsonSchema)]
pub struct Totals {
    /// Journeys with a path.
    pub journeys: u64,
    /// Of these, how many bought.
    pub purchases: u64,
    /// Share that bought; none without journeys.
    pub conversion: Option<f64>,
    /// Journeys in which something got in the way.
    pub with_friction: u64,
    /// Answers to single questions.
    pub answers: u64,
    /// Of these, how many came without a path.
    pub answers_without_path: u64,
    /// Events.
    pub events: u64,
    /// Scores over all answers.
    pub scores: Scores,
}

/// One column.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Stage {
    /// Its name.
    pub stage: String,
    /// Journeys that entered it.
    pub entered: u64,
    /// Of all journeys.
    pub share: Option<f64>,
    /// How many journeys came back to it.
    pub returned: u64,
    /// Median time in it.
    pub dwell_median_ms: Option<i64>,
    /// Its numbers: of those that entered it, how many bought, here or elsewhere; and whatever the shop has a target for.
    pub kpis: Vec<Standing>,
    /// How it felt.
    pub mood: Mood,
    /// Touchpoints per lens, the most frequent first.
    pub lenses: BTreeMap<&'static str, Vec<Touchpoint>>,
    /// What got in the way.
    pub friction: Vec<Friction>,
    /// What shoppers said.
    pub voice: Voice,
}

/// How many journeys had a touchpoint.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Touchpoint {
    /// Its name.
    pub name: String,
    /// Journeys that had it in this stage.
    pub journeys: u64,
    /// Of those that entered the stage.
    pub share: f64,
}

/// How many journeys something got in the way of.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Friction {
    /// Its name.
    pub name: String,
    /// The lens it was seen through.
    pub lens: &'static str,
    /// Journeys.
    pub journeys: u64,
    /// Of those that entered the stage.
    pub share: f64,
    /// Times.
    pub count: u64,
}

/// Answers of one place.
#[derive(Debug, Default, Serialize, schemars::JsonSchema)]
#[schemars(rename = "StageAnswers")]
pub struct Voice {
    /// Answers.
    pub n: u64,
    /// Scores.
    pub scores: Scores,
    /// What was picked, per question.
    pub choices: Vec<Choices>,
    /// The latest words, the newest first.
    pub words: Vec<Words>,
}

/// What was picked at one question.
#[derive(Debug, Serialize, schemars::JsonSchema)]
#[schemars(rename = "StageChoices")]
pub struct Choices {
    /// Prompt.
    pub prompt: String,
    /// Step.
    pub step: String,
    /// Shoppers who answered.
    pub n: u64,
    /// Each choice with how many picked it, the most frequent first.
    pub top: Vec<(String, u64)>,
}

/// Words of a shopper, with the score that they explain.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
#[schemars(rename = "StageWords")]
pub struct Words {
    /// Id of the journey.
    pub journey: String,
    /// What was written.
    pub text: String,
    /// The score of the same run of the prompt.
    pub score: Option<i64>,
    /// Kind of that question.
    pub ask: Option<String>,
}

#[derive(Default)]
struct AtStage {
    entered: u64,
    returned: u64,
    bought: u64,
    dwell: Vec<i64>,
    mood: Mood,
}

#[derive(Default)]
struct Heard<'a> {
    n: u64,
    scores: Scores,
    choices: ById<(Id, Id), (u64, ById<Id, u64>)>,
    /// The newest, in no order; their number is held down by [`Heard::prune`].
    words: Vec<(&'a Fact, usize)>,
}

/// Counts the journeys that were chosen, and lays what the shop wants beside them.
pub fn count(facts: &Facts, chosen: &Chosen, targets: &[Target]) -> Map {
    let mut wanted = standing::tallies(facts, targets);
    let find = |word: &str| facts.words.plain.find(&word.to_owned());
    let asks = ["nps", "csat", "ces"].map(|ask| (find(ask), ask));
    let mut totals = Totals::default();
    let mut stages: ById<Id, AtStage> = ById::default();
    let mut heard: ById<Id, Heard<'_>> = ById::default();
    let mut moments: Vec<(u64, u64)> = Vec::new();
    for fact in facts.all.iter().filter(|fact| chosen.takes(fact)) {
        wanted.iter_mut().for_each(|(_, tally, _)| tally.add(facts, fact));
        totals.events += u64::from(fact.events);
        totals.answers += fact.said.len() as u64;
        for (nth, said) in fact.said.iter().enumerate() {
            let asked =
                asks.iter().find(|(id, _)| *id == Some(said.ask)).and_then(|(_, ask)| Asked::of(ask, said.scale));
            heard.entry(said.stage).or_default().add(fact, nth, said, asked);
        }
        if !fact.known {
            totals.answers_without_path += fact.said.len() as u64;
            continue;
        }
        totals.journeys += 1;
        totals.purchases += u64::from(fact.bought);
        totals.with_friction += u64::from(fact.hindered);
        for (stage, dwell) in &fact.dwell {
            let at = stages.entry(*stage).or_default();
            at.entered += 1;
            at.returned += u64::from(fact.path.iter().filter(|visited| *visited == stage).count() > 1);
            at.bought += u64::from(fact.bought);
            at.dwell.push(*dwell);
        }
        for (stage, felt) in &fact.felt {
            stages.entry(*stage).or_default().mood.add(*felt);
        }
        for (moment, times) in &fact.moments {
            let moment = usize::from(*moment);
            if moments.len() <= moment {
                moments.resize(moment + 1, (0, 0));
            }
            moments[moment].0 += 1;
            moments[moment].1 += u64::from(*times);
        }
    }
    let mut heard: ById<Id, Voice> =
        heard.into_iter().map(|(stage, heard)| (stage, heard.finish(facts, &mut totals.scores))).collect();
    totals.scores.reckon();
    totals.conversion = ratio(totals.purchases, totals.journeys);
    let elsewhere = heard.remove(&NONE).unwrap_or_default();
    let mut seen: ById<Id, Vec<Seen>> = ById::default();
    for (id, (journeys, times)) in moments.into_iter().enumerate().filter(|(_, (journeys, _))| *journeys > 0) {
        let id = Id::try_from(id).unwrap_or(NONE);
        seen.entry(facts.words.moments.word(id).stage).or_default().push((id, journeys, times));
    }
    let mut stages = in_order(facts, stages.keys().chain(seen.keys()).chain(heard.keys()).copied().collect())
        .into_iter()
        .map(|(stage, name)| {
            let id = stage.unwrap_or(NONE);
            let at = stages.remove(&id).unwrap_or_default();
            let seen = seen.remove(&id).unwrap_or_default();
            at.finish(facts, name, totals.journeys, seen, heard.remove(&id).unwrap_or_default())
        })
        .collect::<Vec<_>>();
    for (name, tally, target) in wanted {
        let Some(stage) = stages.iter_mut().find(|stage| stage.stage == name) else { continue };
        let standing = Standing::new(tally.kpi(), tally.measured(), Some(target));
        match stage.kpis.iter_mut().find(|known| known.kpi == standing.kpi) {
            Some(known) => *known = standing,
            None => stage.kpis.push(standing),
        }
    }
    Map { min_n: MIN_N, totals, stages, elsewhere }
}

/// What happened: a moment, in how many journeys, how often.
type Seen = (Id, u64, u64);

/// The five stages, then any other.
fn in_order(facts: &Facts, mut ids: Vec<Id>) -> Vec<(Option<Id>, String)> {
    let word = |id: Id| facts.words.plain.word(id).clone();
    ids.sort_unstable();
    ids.dedup();
    let usual = STAGES.map(|stage| (facts.words.plain.find(&stage.to_owned()), stage.to_owned()));
    let mut others: Vec<_> = ids
        .into_iter()
        .filter(|id| usual.iter().all(|(known, _)| *known != Some(*id)))
        .map(|id| (Some(id), word(id)))
        .collect();
    others.sort_by(|a, b| a.1.cmp(&b.1));
    usual.into_iter().chain(others).collect()
}

impl AtStage {
    fn finish(mut self, facts: &Facts, stage: String, journeys: u64, seen: Vec<Seen>, voice: Voice) -> Stage {
        let entered = self.entered;
        let mut lenses: BTreeMap<&'static str, Vec<Touchpoint>> =
            LENSES.into_iter().map(|lens| (lens, vec![])).collect();
        let mut friction = Vec::new();
        for (moment, journeys, count) in seen {
            let moment = facts.words.moments.word(moment);
            let (name, lens) = (moment.name.clone(), moment.lens);
            let share = ratio(journeys, entered).unwrap_or(0.0);
            if moment.friction {
                friction.push(Friction { name, lens, journeys, share, count });
            } else {
                lenses.entry(lens).or_default().push(Touchpoint { name, journeys, share });
            }
        }
        for cell in lenses.values_mut() {
            cell.sort_by(|a, b| by_weight(&a.name, a.journeys).cmp(&by_weight(&b.name, b.journeys)));
            cell.truncate(TOP);
        }
        friction.sort_by(|a, b| {
            (b.journeys, b.count).cmp(&(a.journeys, a.count)).then((a.lens, &a.name).cmp(&(b.lens, &b.name)))
        });
        let bought = Share::new(self.bought, entered);
        let bought = Measured { n: entered, value: bought.percent, low: bought.low, high: bought.high };
        Stage {
            stage,
            entered,
            share: ratio(entered, journeys),
            returned: self.returned,
            dwell_median_ms: median(&mut self.dwell),
            kpis: vec![Standing::new(Kpi::Conversion, bought, None)],
            mood: self.mood.reckoned(),
            lenses,
            friction,
            voice,
        }
    }
}

/// Order of touchpoints: the most frequent first. A page view says least, so it comes last however often it happens.
pub(super) fn by_weight(name: &str, journeys: u64) -> (bool, std::cmp::Reverse<u64>, usize, &str) {
    (name == "page_view", std::cmp::Reverse(journeys), touchpoints::usual_place(name), name)
}

impl<'a> Heard<'a> {
    fn add(&mut self, fact: &'a Fact, nth: usize, said: &Said, asked: Option<Asked>) {
        self.n += 1;
        if let (Some(asked), Some(score)) = (asked, said.score) {
            self.scores.tally(asked, score);
        }
        if !said.choice.is_empty() {
            let (n, picked) = self.choices.entry((said.prompt, said.step)).or_default();
            *n += 1;
            said.choice.iter().for_each(|choice| *picked.entry(*choice).or_default() += 1);
        }
        if !said.text.is_empty() {
            self.words.push((fact, nth));
            if self.words.len() >= 64 * WORDS {
                self.prune();
            }
        }
    }

    fn prune(&mut self) {
        self.words.sort_unstable_by(|(a, n), (b, m)| (b.started, &b.id, m).cmp(&(a.started, &a.id, n)));
        self.words.truncate(WORDS);
    }

    fn finish(mut self, facts: &Facts, all: &mut Scores) -> Voice {
        let word = |id: Id| facts.words.plain.word(id).clone();
        all.join(&self.scores);
        self.scores.reckon();
        self.prune();
        let words = self.words.iter().filter_map(|(fact, nth)| {
            let said = fact.said.get(*nth)?;
            let scored = fact.said.iter().find(|other| other.run == said.run && other.score.is_some());
            Some(Words {
                journey: fact.id.to_string(),
                text: said.text.to_string(),
                score: scored.and_then(|other| other.score),
                ask: scored.map(|other| word(other.ask)),
            })
        });
        let words = words.collect();
        let mut choices: Vec<Choices> = self
            .choices
            .into_iter()
            .map(|((prompt, step), (n, picked))| {
                let mut top: Vec<(String, u64)> = picked.into_iter().map(|(choice, n)| (word(choice), n)).collect();
                top.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
                top.truncate(TOP);
                Choices { prompt: word(prompt), step: word(step), n, top }
            })
            .collect();
        choices.sort_by(|a, b| (&a.prompt, &a.step).cmp(&(&b.prompt, &b.step)));
        Voice { n: self.n, scores: self.scores, choices, words }
    }
}

fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// The middle one; of an even number the mean of the two in the middle.
fn median(values: &mut [i64]) -> Option<i64> {
    let middle = values.len() / 2;
    if values.is_empty() {
        return None;
    }
    let odd = values.len() % 2 == 1;
    let (below, upper, _) = values.select_nth_unstable(middle);
    match below.iter().max() {
        Some(lower) if !odd => Some(lower + (*upper - lower) / 2),
        _ => Some(*upper),
    }
}

#[cfg(test)]
#[path = "view_tests.rs"]
mod tests;
