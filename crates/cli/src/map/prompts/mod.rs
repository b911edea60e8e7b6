//! What became of each prompt: who saw it, who took part, and what they answered, per version and question, in all languages together.
//!
//! A run of a prompt (a `sub`) is folded from its events, whatever their order, and however often each of them came; then runs are counted.

mod count;
#[cfg(test)]
mod tests;

pub use count::{Choice, Prompt, Prompts, Rating, Score, Step};

use super::answers::{self, Answer};
use super::scores::MIN_N;
use crate::store::Event;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The word for runs that belong to no stage: answers without consent to measure.
pub const NO_STAGE: &str = "none";

/// One shopper with one prompt.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Run {
    prompt: String,
    version: i64,
    /// Where it was shown.
    stage: Option<String>,
    /// How the journey began.
    door: Option<String>,
    /// What the shopper came to do, where they were asked and said so.
    purpose: Option<String>,
    shown: bool,
    reason: Option<String>,
    /// What was said last to each question.
    replies: Vec<Reply>,
}

#[derive(Debug, Clone, Default, PartialEq)]
struct Reply {
    step: String,
    ask: String,
    scale: Option<i64>,
    /// None where it was skipped.
    answer: Option<Answer>,
}

/// The default question of what a shopper came to do: its prompt and its step.
const PURPOSE: &str = "purpose";

/// What is counted: all, or those of a stage, a door, a purpose.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Stage in which the prompt was shown; [`NO_STAGE`] where there is none.
    pub stage: Option<String>,
    /// Door by which the journey began.
    pub door: Option<String>,
    /// What the shopper came to do, as told in the journey.
    pub purpose: Option<String>,
}

/// The runs of a journey, to be counted for whichever stage and door are asked for. That something was written is kept, and not what.
pub fn runs(events: &[Event]) -> Box<[Run]> {
    let mut all = Vec::new();
    let door = door(events);
    let mut runs: BTreeMap<(String, String), Vec<&Event>> = BTreeMap::new();
    for event in events.iter().filter(|event| event.name.starts_with("prompt_")) {
        let prompt = answers::text(event, "prompt");
        if !prompt.is_empty() {
            runs.entry((prompt, answers::sub(event))).or_default().push(event);
        }
    }
    let latest = answers::latest(events);
    let purpose = latest
        .iter()
        .filter_map(|event| answers::answer(event))
        .filter(|answer| answer.prompt == PURPOSE && answer.step == PURPOSE)
        .find_map(|answer| answer.choice?.into_iter().next());
    for ((prompt, sub), mut events) in runs {
        // The same order whoever came first.
        events.sort_by_key(|event| (event.at, &event.leg, event.seq));
        let named = |name: &'static str| events.iter().filter(move |event| event.name == name).copied();
        let replies: Vec<Reply> = latest
            .iter()
            .filter(|event| answers::sub(event) == sub && answers::text(event, "prompt") == prompt)
            .map(|event| Reply {
                step: answers::text(event, "step"),
                ask: answers::kind(event).0,
                scale: answers::kind(event).1,
                answer: answers::answer(event)
                    .map(|answer| Answer { text: answer.text.map(|_| String::new()), ..answer }),
            })
            .collect();
        let shown = named("prompt_shown").next();
        let versions = events.iter().filter_map(|event| event.data.get("version").and_then(Value::as_i64));
        all.push(Run {
            version: versions.max().unwrap_or(1),
            stage: shown.or_else(|| named("prompt_answer").next()).and_then(|event| event.stage.clone()),
            door: door.clone(),
            purpose: purpose.clone(),
            shown: shown.is_some(),
            reason: ended(named("prompt_closed").map(|event| answers::text(event, "reason"))),
            replies,
            prompt,
        });
    }
    all.into()
}

/// Counts runs.
pub fn count<'a>(runs: impl Iterator<Item = &'a Run>, filter: &Filter) -> Prompts {
    let mut stages = BTreeSet::new();
    let mut doors = BTreeSet::new();
    let mut purposes = BTreeSet::new();
    let mut counting = count::Counting::default();
    for run in runs {
        let stage = run.stage.as_deref().unwrap_or(NO_STAGE);
        stages.insert(stage);
        doors.extend(run.door.as_deref());
        purposes.extend(run.purpose.as_deref());
        let wanted = |asked: &Option<String>, is: Option<&str>| asked.is_none() || asked.as_deref() == is;
        if wanted(&filter.stage, Some(stage))
            && wanted(&filter.door, run.door.as_deref())
            && wanted(&filter.purpose, run.purpose.as_deref())
        {
            counting.add(run);
        }
    }
    let owned = |words: BTreeSet<&str>| words.into_iter().map(str::to_owned).collect();
    Prompts {
        min_n: MIN_N,
        stages: owned(stages),
        doors: owned(doors),
        purposes: owned(purposes),
        prompts: counting.finish(),
    }
}

impl Run {
    /// Took part: answered, or skipped at least one question.
    fn engaged(&self) -> bool {
        !self.replies.is_empty() || self.completed()
    }

    fn completed(&self) -> bool {
        self.reason.as_deref() == Some("completed")
    }
}

/// How a run ended. Whoever comes back to one that was put away may end it again: the better end counts.
fn ended(reasons: impl Iterator<Item = String>) -> Option<String> {
    const BEST_FIRST: [&str; 5] = ["completed", "dismissed", "snoozed", "abandoned", "expired"];
    reasons.min_by_key(|reason| BEST_FIRST.iter().position(|known| known == reason).unwrap_or(BEST_FIRST.len()))
}

/// The door of the first page that knows it, or the summary's.
fn door(events: &[Event]) -> Option<String> {
    let said = |name: &str| {
        let doors = events.iter().filter(|event| event.name == name).filter_map(|event| {
            let door = answers::text(event, "door");
            (!door.is_empty() && door != "unknown").then_some(((event.at, &event.leg, event.seq), door))
        });
        doors.min().map(|(_, door)| door)
    };
    said("page_view").or_else(|| said("journey_summary"))
}
