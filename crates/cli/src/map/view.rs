//! The map: all journeys folded into stages and lenses.

use super::answers::Answer;
use super::journey::Journey;
use super::scores::{MIN_N, Scores};
use super::touchpoints::{self, LENSES, Role, STAGES};
use crate::store::Event;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

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

/// Folds journeys into a map. They must come oldest first.
#[derive(Debug, Default)]
pub struct Folding {
    totals: Totals,
    stages: BTreeMap<String, StageFolding>,
    elsewhere: VoiceFolding,
}

#[derive(Debug, Default)]
struct StageFolding {
    entered: u64,
    returned: u64,
    dwell: Vec<i64>,
    touchpoints: BTreeMap<(&'static str, String), u64>,
    friction: BTreeMap<(&'static str, String), (u64, u64)>,
    voice: VoiceFolding,
}

#[derive(Debug, Default)]
struct VoiceFolding {
    n: u64,
    scores: Scores,
    choices: BTreeMap<(String, String), (u64, BTreeMap<String, u64>)>,
    words: VecDeque<Words>,
}

impl Folding {
    /// Adds a journey.
    pub fn add(&mut self, journey: &Journey, events: &[Event]) {
        self.totals.events += events.len() as u64;
        for answer in &journey.answers {
            self.totals.answers += 1;
            self.totals.scores.add(answer);
            let voice = match &answer.stage {
                Some(stage) => &mut self.stages.entry(stage.clone()).or_default().voice,
                None => &mut self.elsewhere,
            };
            voice.add(&journey.id, answer, &journey.answers);
        }
        if !journey.path_known {
            self.totals.answers_without_path += journey.answers.len() as u64;
            return;
        }
        self.totals.journeys += 1;
        self.totals.purchases += u64::from(journey.purchase);
        self.totals.with_friction += u64::from(!journey.friction.is_empty());
        for (stage, dwell) in &journey.dwell {
            let folding = self.stages.entry(stage.clone()).or_default();
            folding.entered += 1;
            folding.returned += u64::from(journey.stages.iter().filter(|visited| *visited == stage).count() > 1);
            folding.dwell.push(*dwell);
        }
        self.add_moments(events);
    }

    fn add_moments(&mut self, events: &[Event]) {
        let mut seen = BTreeSet::new();
        for event in events {
            let (Some(stage), role) = (&event.stage, touchpoints::role(&event.name)) else {
                continue;
            };
            let Some(lens) = LENSES.into_iter().find(|lens| *lens == touchpoints::lens(event)) else {
                continue;
            };
            if !matches!(role, Role::Touchpoint | Role::Friction) {
                continue;
            }
            let name = touchpoints::label(event);
            let first = seen.insert((stage, lens, name.clone()));
            let folding = self.stages.entry(stage.clone()).or_default();
            if role == Role::Friction {
                let (journeys, count) = folding.friction.entry((lens, name)).or_default();
                *journeys += u64::from(first);
                *count += 1;
            } else if first {
                *folding.touchpoints.entry((lens, name)).or_default() += 1;
            }
        }
    }

    /// The map of what was added.
    pub fn finish(mut self) -> Map {
        let journeys = self.totals.journeys;
        self.totals.conversion = ratio(self.totals.purchases, journeys);
        let mut stages: Vec<Stage> = STAGES
            .into_iter()
            .map(|stage| self.stages.remove(stage).unwrap_or_default().finish(stage.to_owned(), journeys))
            .collect();
        stages.extend(self.stages.into_iter().map(|(stage, folding)| folding.finish(stage, journeys)));
        Map { min_n: MIN_N, totals: self.totals, stages, elsewhere: self.elsewhere.finish() }
    }
}

impl StageFolding {
    fn finish(mut self, stage: String, journeys: u64) -> Stage {
        let entered = self.entered;
        let mut lenses: BTreeMap<&'static str, Vec<Touchpoint>> =
            LENSES.into_iter().map(|lens| (lens, vec![])).collect();
        for ((lens, name), journeys) in self.touchpoints {
            let share = ratio(journeys, entered).unwrap_or(0.0);
            lenses.entry(lens).or_default().push(Touchpoint { name, journeys, share });
        }
        for cell in lenses.values_mut() {
            // A page view says least, so it comes last however often it happens.
            cell.sort_by_key(|touchpoint| {
                let place = touchpoints::usual_place(&touchpoint.name);
                (touchpoint.name == "page_view", std::cmp::Reverse(touchpoint.journeys), place)
            });
            cell.truncate(TOP);
        }
        let mut friction: Vec<Friction> = self
            .friction
            .into_iter()
            .map(|((lens, name), (journeys, count))| {
                let share = ratio(journeys, entered).unwrap_or(0.0);
                Friction { name, lens, journeys, share, count }
            })
            .collect();
        friction.sort_by_key(|friction| std::cmp::Reverse((friction.journeys, friction.count)));
        Stage {
            stage,
            entered,
            share: ratio(entered, journeys),
            returned: self.returned,
            dwell_median_ms: median(&mut self.dwell),
            lenses,
            friction,
            voice: self.voice.finish(),
        }
    }
}

impl VoiceFolding {
    fn add(&mut self, journey: &str, answer: &Answer, all: &[Answer]) {
        self.n += 1;
        self.scores.add(answer);
        if let Some(picked) = &answer.choice {
            let (n, counts) = self.choices.entry((answer.prompt.clone(), answer.step.clone())).or_default();
            *n += 1;
            for choice in picked {
                *counts.entry(choice.clone()).or_default() += 1;
            }
        }
        if let Some(text) = &answer.text {
            let scored = all.iter().find(|other| other.sub == answer.sub && other.score.is_some());
            self.words.push_front(Words {
                journey: journey.to_owned(),
                text: text.clone(),
                score: scored.and_then(|other| other.score),
                ask: scored.map(|other| other.ask.clone()),
            });
            self.words.truncate(WORDS);
        }
    }

    fn finish(self) -> Voice {
        let choices = self.choices.into_iter().map(|((prompt, step), (n, counts))| {
            let mut top: Vec<(String, u64)> = counts.into_iter().collect();
            top.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
            top.truncate(TOP);
            Choices { prompt, step, n, top }
        });
        Voice { n: self.n, scores: self.scores, choices: choices.collect(), words: self.words.into() }
    }
}

fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// The middle one; of an even number the mean of the two in the middle.
fn median(values: &mut [i64]) -> Option<i64> {
    values.sort_unstable();
    let middle = values.len() / 2;
    let upper = *values.get(middle)?;
    if values.len() % 2 == 1 {
        return Some(upper);
    }
    let lower = *values.get(middle.checked_sub(1)?)?;
    Some(lower + (upper - lower) / 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_none_one_two_three() {
        assert_eq!(median(&mut []), None);
        assert_eq!(median(&mut [7]), Some(7));
        assert_eq!(median(&mut [9, 1]), Some(5));
        assert_eq!(median(&mut [9, 1, 2]), Some(2));
    }

    #[test]
    fn an_empty_map_has_five_stages_and_no_numbers() {
        let map = Folding::default().finish();
        assert_eq!(map.stages.len(), 5);
        assert_eq!(map.totals.conversion, None);
        assert!(map.stages.iter().all(|stage| stage.entered == 0 && stage.share.is_none()));
    }
}
