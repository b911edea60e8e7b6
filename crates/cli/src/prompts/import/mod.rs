//! Surveys of other tools as definitions of ours, with a report of what became of each part. Pure: bytes in, JSON out, the same for the same; the
//! fuzz target holds it as it stands here.

mod address;
mod choices;
mod colour;
mod draft;
mod event;
mod formbricks;
#[doc(hidden)]
pub mod fuzz;
mod mend;
mod plain;
mod posthog;
mod report;
mod surveyjs;
#[cfg(test)]
mod tests;
mod words;
mod wrapping;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use draft::Draft;
use plain::numbered;
use report::{Entry, Level};
use wrapping::{Survey, levels, surveys};

/// The tools whose surveys are understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    /// Formbricks: questions or blocks with headlines.
    Formbricks,
    /// PostHog: questions with an appearance.
    Posthog,
    /// SurveyJS: pages of elements.
    Surveyjs,
}

/// A larger file is no survey, in bytes: the specification's limit.
const LARGEST: usize = 256 * 1024;
/// A deeper one is not either,
const DEEPEST: usize = 16;
/// … nor is one with more questions.
const MOST_QUESTIONS: usize = 200;

/// `{"definition", "report"}` of one survey; `{"definitions": [{"definition", "report"}, …]}` of several.
///
/// # Errors
/// Where the bytes hold no survey of which anything can be asked: why, in a line.
pub fn import(bytes: &[u8], from: Option<From>) -> Result<Value, String> {
    if bytes.len() > LARGEST {
        return Err("it is larger than 256 KB".to_owned());
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    // Before it is read: a reader that goes down with each bracket has a depth of its own, at which it speaks of something else.
    if levels(bytes) > DEEPEST {
        return Err("it is nested more than 16 deep".to_owned());
    }
    let json: Value = serde_json::from_slice(bytes).map_err(|why| format!("it is no JSON: {why}"))?;
    let mut done: Vec<(Value, Vec<Entry>)> = Vec::new();
    let mut skipped = Vec::new();
    let mut ids = Ids::default();
    for survey in surveys(&json) {
        match one(&survey, from) {
            Ok((mut definition, report)) => {
                definition["id"] = json!(ids.own(definition["id"].as_str().unwrap_or_default()));
                done.push((definition, report));
            }
            Err(entries) => skipped.extend(entries),
        }
    }
    if done.is_empty() {
        return Err(reason(&skipped));
    }
    // Members that are no surveys have no report of their own: the first one has them.
    done[0].1.extend(skipped);
    let mut all = done.into_iter().map(|(definition, report)| json!({ "definition": definition, "report": report }));
    Ok(if all.len() > 1 { json!({ "definitions": all.collect::<Vec<_>>() }) } else { all.next().unwrap_or_default() })
}

/// Why there is nothing, in a line: the gravest thing that was said last, which is what everything failed of.
fn reason(skipped: &[Entry]) -> String {
    match skipped.iter().rfind(|entry| entry.level == Level::Rejected) {
        None => "it holds no survey".to_owned(),
        Some(entry) if entry.path.is_empty() => entry.why.clone(),
        Some(entry) => format!("{}: {}", entry.path, entry.why),
    }
}

/// The ids of the definitions so far, and how many wanted each: a file can hold thousands of one name.
#[derive(Default)]
struct Ids {
    taken: BTreeSet<String>,
    wanted: BTreeMap<String, usize>,
}

impl Ids {
    /// An id that no other has.
    fn own(&mut self, id: &str) -> String {
        let nth = self.wanted.entry(id.to_owned()).or_default();
        loop {
            *nth += 1;
            let own = if *nth == 1 { id.to_owned() } else { numbered(id, *nth) };
            if self.taken.insert(own.clone()) {
                return own;
            }
        }
    }
}

/// The definition of one survey.
fn one(survey: &Survey<'_>, from: Option<From>) -> Result<(Value, Vec<Entry>), Vec<Entry>> {
    let rejected = |why: &str| Entry { path: survey.path.clone(), level: Level::Rejected, why: why.to_owned() };
    let Some(tool) = from.or_else(|| detected(survey.json)).filter(|_| survey.json.is_object()) else {
        return Err(vec![rejected("no survey of Formbricks, PostHog or SurveyJS")]);
    };
    let mut draft = Draft::new(survey.path.clone());
    let count = match tool {
        From::Formbricks => formbricks::read(survey.json, survey.actions, &mut draft),
        From::Posthog => posthog::read(survey.json, &mut draft),
        From::Surveyjs => surveyjs::read(survey.json, &mut draft),
    };
    if count > MOST_QUESTIONS {
        return Err(vec![rejected("it has more than 200 questions")]);
    }
    let (definition, mut report) = draft.finished();
    match definition {
        Ok(definition) => Ok((definition, report)),
        Err(why) => {
            let before = report.iter().find(|entry| entry.level == Level::Rejected);
            let why = before.map_or_else(|| why.clone(), |entry| format!("{why} ({}: {})", entry.path, entry.why));
            report.push(rejected(&why));
            Err(report)
        }
    }
}

/// Which tool a survey is of.
fn detected(survey: &Value) -> Option<From> {
    let questions = || survey["questions"].as_array().into_iter().flatten();
    let any = |field: &str| questions().any(|one| !one[field].is_null());
    if survey["blocks"].as_array().is_some_and(|blocks| !blocks.is_empty()) || any("headline") {
        Some(From::Formbricks)
    } else if any("question") {
        Some(From::Posthog)
    } else if ["pages", "elements"].iter().any(|field| survey[*field].is_array()) || any("name") {
        Some(From::Surveyjs)
    } else {
        None
    }
}
