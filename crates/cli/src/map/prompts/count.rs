//! Counts runs: shown, engaged, completed; and each question's answers by its kind.

use super::super::answers::Answer;
use super::super::scores::{MIN_N, Nps, Scale, interval, mean};
use super::{Reply, Run};
use serde::Serialize;
use std::collections::BTreeMap;

/// All prompts.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Prompts {
    /// Below this many there is no score and no rate.
    pub min_n: u64,
    /// Stages in which something was asked: what can be asked for.
    pub stages: Vec<String>,
    /// Doors of the journeys in which something was asked.
    pub doors: Vec<String>,
    /// What shoppers who were asked something came to do, as they told.
    pub purposes: Vec<String>,
    /// By id and version.
    pub prompts: Vec<Prompt>,
}

/// One version of a prompt.
#[derive(Debug, Clone, Default, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Prompt {
    /// Its id.
    pub prompt: String,
    /// Its version.
    pub version: i64,
    /// Runs that were seen: at least half of it for a second.
    pub shown: u64,
    /// Of these, in how many something was answered or skipped.
    pub engaged: u64,
    /// Of these, how many came to the end.
    pub completed: u64,
    /// Runs of which nobody tells whether they were seen: answers without consent to measure. In no rate.
    pub alone: u64,
    /// `engaged` of `shown`, per cent; none below the least number.
    pub response: Option<f64>,
    /// `completed` of `engaged`.
    pub completion: Option<f64>,
    /// How the seen ones ended.
    pub ended: BTreeMap<String, u64>,
    /// Its questions, the most answered first.
    pub steps: Vec<Step>,
}

/// One question.
#[derive(Debug, Clone, Default, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Step {
    /// Its id.
    pub step: String,
    /// Its kind.
    pub ask: String,
    /// Answers. Skips are none.
    pub n: u64,
    /// How often it was skipped.
    pub skipped: u64,
    /// How many of the answers hold words.
    pub words: u64,
    /// The score, of questions that have one.
    pub score: Option<Score>,
    /// What was picked, the most frequent first.
    pub choices: Vec<Choice>,
}

/// What was picked.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Choice {
    /// Its id.
    pub choice: String,
    /// How many picked it.
    pub n: u64,
    /// Of those who answered, per cent, with its 95 % interval; none below the least number.
    pub share: Option<(f64, f64, f64)>,
}

/// A score by its kind.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
#[serde(tag = "metric", rename_all = "lowercase")]
pub enum Score {
    /// Would recommend.
    Nps(Nps),
    /// Satisfied.
    Csat(Scale<5>),
    /// Easy, 1 to 7.
    Ces(Scale<7>),
    /// Easy, 1 to 5.
    Ces5(Scale<5>),
    /// Any other scale.
    Rating(Rating),
}

/// A scale of the shop's own: nobody said what is good on it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Rating {
    /// Answers.
    pub n: u64,
    /// Points of the scale, as far as they are known: at least the highest answer.
    pub scale: i64,
    /// How often each answer was given.
    pub counts: BTreeMap<i64, u64>,
    /// Mean; none below the least number.
    pub mean: Option<f64>,
    /// Half of its 95 % interval.
    pub margin: Option<f64>,
}

/// The longest scale.
const LONGEST: i64 = 10;

/// Prompts while they are counted.
#[derive(Debug, Default)]
pub(super) struct Counting(BTreeMap<(String, i64), (Prompt, BTreeMap<Key, Counted>)>);

/// A question, and how often each choice was picked.
type Counted = (Step, BTreeMap<String, u64>);

/// A question is another one where its kind or its scale is another.
type Key = (String, String, bool);

impl Counting {
    pub(super) fn add(&mut self, run: &Run) {
        let (prompt, steps) = self.0.entry((run.prompt.clone(), run.version)).or_default();
        if run.shown {
            prompt.shown += 1;
            prompt.engaged += u64::from(run.engaged());
            prompt.completed += u64::from(run.completed());
            if let Some(reason) = &run.reason {
                *prompt.ended.entry(reason.clone()).or_default() += 1;
            }
        } else if run.engaged() {
            prompt.alone += 1;
        }
        for Reply { step, ask, scale, answer } in &run.replies {
            let key = (step.clone(), ask.clone(), ask == "ces" && *scale == Some(5));
            let (counted, picked) = steps.entry(key).or_default();
            match answer {
                None => counted.skipped += 1,
                Some(answer) => counted.add(answer, picked),
            }
        }
    }

    pub(super) fn finish(self) -> Vec<Prompt> {
        let prompts = self.0.into_iter().map(|((id, version), (mut prompt, steps))| {
            (prompt.prompt, prompt.version) = (id, version);
            prompt.response = rate(prompt.engaged, prompt.shown);
            prompt.completion = rate(prompt.completed, prompt.engaged);
            prompt.steps = steps
                .into_iter()
                .map(|((step, ask, _), (counted, picked))| {
                    let mut choices: Vec<Choice> = picked
                        .into_iter()
                        .map(|(choice, n)| Choice { share: share(n, counted.n), choice, n })
                        .collect();
                    choices.sort_by_key(|choice| std::cmp::Reverse(choice.n));
                    Step { step, ask, choices, ..counted }
                })
                .collect();
            prompt.steps.sort_by_key(|step| std::cmp::Reverse(step.n + step.skipped));
            prompt
        });
        prompts.collect()
    }
}

impl Step {
    fn add(&mut self, answer: &Answer, picked: &mut BTreeMap<String, u64>) {
        if let Some(score) = answer.score
            && !self.score(answer, score)
        {
            return; // off its scale: no answer at all
        }
        self.n += 1;
        self.words += u64::from(answer.text.is_some());
        let mut all: Vec<&String> = answer.choice.iter().flatten().collect();
        all.sort();
        all.dedup(); // picked twice is picked once
        for choice in all {
            *picked.entry(choice.clone()).or_default() += 1;
        }
    }

    /// Counts a score; `false` where it is not on the scale.
    fn score(&mut self, answer: &Answer, value: i64) -> bool {
        let score = self.score.get_or_insert_with(|| Score::of(answer));
        let before = score.n();
        match score {
            Score::Nps(nps) => nps.add(value),
            Score::Csat(scale) | Score::Ces5(scale) => scale.add(value),
            Score::Ces(scale) => scale.add(value),
            Score::Rating(rating) => rating.add(value, answer.scale),
        }
        score.n() > before
    }
}

impl Score {
    fn of(answer: &Answer) -> Self {
        match (answer.ask.as_str(), answer.scale) {
            ("nps", _) => Self::Nps(Nps::default()),
            ("csat", _) => Self::Csat(Scale::default()),
            ("ces", Some(5)) => Self::Ces5(Scale::default()),
            ("ces", _) => Self::Ces(Scale::default()),
            _ => Self::Rating(Rating::default()),
        }
    }

    fn n(&self) -> u64 {
        match self {
            Self::Nps(nps) => nps.n,
            Self::Csat(scale) | Self::Ces5(scale) => scale.n,
            Self::Ces(scale) => scale.n,
            Self::Rating(rating) => rating.n,
        }
    }
}

impl Rating {
    fn add(&mut self, value: i64, scale: Option<i64>) {
        let points = scale.unwrap_or(LONGEST).min(LONGEST);
        if !(1..=points).contains(&value) {
            return;
        }
        self.n += 1;
        self.scale = self.scale.max(scale.unwrap_or(value).min(LONGEST));
        *self.counts.entry(value).or_default() += 1;
        if self.n >= MIN_N {
            let (mean, margin) = mean(self.counts.iter().map(|(value, n)| (*value, *n)));
            (self.mean, self.margin) = (Some(mean), Some(margin));
        }
    }
}

/// Per cent, where there are enough.
fn rate(part: u64, whole: u64) -> Option<f64> {
    (whole >= MIN_N).then(|| super::super::scores::round(part as f64 / whole as f64 * 100.0))
}

fn share(part: u64, whole: u64) -> Option<(f64, f64, f64)> {
    rate(part, whole).map(|share| {
        let (low, high) = interval(part, whole);
        (share, low, high)
    })
}
