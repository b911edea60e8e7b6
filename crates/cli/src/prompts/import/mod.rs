//! `polku prompts import`: surveys of other tools as definitions of ours, with a report of what became of each part. The same input gives the same
//! bytes.

mod draft;
mod formbricks;
mod posthog;
mod surveyjs;

use std::io::{self, Write as _};
use std::path::Path;

use clap::ValueEnum;
use polku_core::prompt::{Code, Level as Grade, Tree, problems};
use serde::Serialize;
use serde_json::{Value, json};

use crate::cli::PromptsImportOptions;
use crate::failure::Failure;
use draft::Draft;

/// The tools whose surveys are understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum From {
    /// Formbricks: questions or blocks with headlines.
    Formbricks,
    /// PostHog: questions with an appearance.
    Posthog,
    /// SurveyJS: pages of elements.
    Surveyjs,
}

/// What became of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Level {
    /// It is there, and means the same.
    Ok,
    /// It is there, and means a little less.
    Lossy,
    /// It is not there; the rest works without it.
    Dropped,
    /// It has no place in a prompt, or is not understood.
    Rejected,
}

/// One line of the report.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Entry {
    path: String,
    level: Level,
    why: String,
}

/// A larger file is no survey, in bytes: the specification's limit.
const LARGEST: usize = 256 * 1024;
/// A deeper one is not either.
const DEEPEST: usize = 16;

/// Runs `polku prompts import`.
///
/// # Errors
/// When the file cannot be read or is no survey that is understood.
pub(super) fn run(options: &PromptsImportOptions) -> Result<(), Failure> {
    let read =
        super::check::read(&options.file).map_err(|why| Failure::Read(options.file.display().to_string(), why))?;
    let imported = import(&read, options.from).map_err(|why| Failure::Import(named(&options.file), why))?;
    let mut out = io::stdout().lock();
    match writeln!(out, "{imported:#}") {
        Err(why) if why.kind() != io::ErrorKind::BrokenPipe => Err(Failure::Stream(why)),
        _ => Ok(()),
    }
}

fn named(file: &Path) -> String {
    file.display().to_string()
}

/// `{definition, report}`; the definition is a list where the file holds several surveys.
fn import(bytes: &[u8], from: Option<From>) -> Result<Value, String> {
    if bytes.len() > LARGEST {
        return Err("it is larger than 256 KB".to_owned());
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let json: Value = serde_json::from_slice(bytes).map_err(|why| format!("it is no JSON: {why}"))?;
    if deeper(&json, DEEPEST) {
        return Err("it is nested more than 16 deep".to_owned());
    }
    let mut surveys = Vec::new();
    unwrapped(&json, String::new(), &mut surveys);
    let mut report = Vec::new();
    let mut definitions = Vec::new();
    for (path, survey) in surveys {
        let Some(kind) = from.or_else(|| detected(survey)) else {
            report.push(Entry {
                path,
                level: Level::Rejected,
                why: "no survey of Formbricks, PostHog or SurveyJS".to_owned(),
            });
            continue;
        };
        let mut draft = Draft::new(path.clone());
        match kind {
            From::Formbricks => formbricks::read(survey, &mut draft),
            From::Posthog => posthog::read(survey, &mut draft),
            From::Surveyjs => surveyjs::read(survey, &mut draft),
        }
        let (mut definition, entries) = draft.finished();
        report.extend(entries);
        if definition["steps"].as_array().is_none_or(Vec::is_empty) {
            report.push(Entry { path, level: Level::Rejected, why: "no question of it can be asked".to_owned() });
            continue;
        }
        let id = definition["id"].clone();
        let same = definitions.iter().filter(|other: &&Value| other["id"] == id).count();
        if same > 0 {
            definition["id"] = json!(draft::slug(&format!("{}-{}", id.as_str().unwrap_or_default(), same + 1)));
        }
        lone(&mut definition, &path, &mut report);
        // Whatever the check still finds, nobody should have to find out on a page.
        for problem in Tree::read(&definition.to_string()).iter().flat_map(problems) {
            if problem.code.level() == Grade::Error {
                let why = format!("the definition has a mistake: {} {}", problem.short(), problem.sentence());
                report.push(Entry { path: format!("definition.{}", problem.path), level: Level::Rejected, why });
            }
        }
        definitions.push(definition);
    }
    match definitions.len() {
        0 => Err(report
            .first()
            .map_or_else(|| "it holds no survey".to_owned(), |entry| format!("{}: {}", entry.path, entry.why))),
        1 => Ok(json!({ "definition": definitions[0], "report": report })),
        _ => Ok(json!({ "definition": definitions, "report": report })),
    }
}

/// Takes out the steps that no answer leads to: there they could be reached by ways that are not here.
fn lone(definition: &mut Value, path: &str, report: &mut Vec<Entry>) {
    loop {
        let found = Tree::read(&definition.to_string()).map(|tree| problems(&tree)).unwrap_or_default();
        let alone = found.iter().find(|problem| problem.code == Code::Unreachable);
        let Some(at) = alone
            .and_then(|problem| problem.path.trim_matches(|sign: char| !sign.is_ascii_digit()).parse::<usize>().ok())
        else {
            return;
        };
        let Some(steps) = definition["steps"].as_array_mut().filter(|steps| at < steps.len()) else { return };
        let step = steps.remove(at);
        let why = format!("no answer leads to the question {}", step["id"]);
        report.push(Entry { path: path.to_owned(), level: Level::Dropped, why });
    }
}

/// Whether something is nested deeper than so many levels.
fn deeper(json: &Value, left: usize) -> bool {
    match json {
        Value::Array(list) => left == 0 || list.iter().any(|inner| deeper(inner, left - 1)),
        Value::Object(fields) => left == 0 || fields.values().any(|inner| deeper(inner, left - 1)),
        _ => false,
    }
}

/// The surveys in a file: as it is, in a list, or in the wrapping in which the tools' APIs answer.
fn unwrapped<'a>(json: &'a Value, path: String, surveys: &mut Vec<(String, &'a Value)>) {
    let within = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    if let Value::Array(list) = json {
        for (nth, inner) in list.iter().enumerate() {
            unwrapped(inner, format!("{path}[{nth}]"), surveys);
        }
        return;
    }
    let own = ["questions", "blocks", "pages", "elements"].iter().any(|field| !json[*field].is_null());
    match ["data", "surveys", "results"].into_iter().find(|field| !own && !json[*field].is_null()) {
        Some(field) => unwrapped(&json[field], within(field), surveys),
        None => surveys.push((path, json)),
    }
}

/// Which tool a survey is of.
fn detected(survey: &Value) -> Option<From> {
    let any =
        |field: &str| survey["questions"].as_array().is_some_and(|list| list.iter().any(|one| !one[field].is_null()));
    if survey["blocks"].is_array() || any("headline") {
        Some(From::Formbricks)
    } else if any("question") {
        Some(From::Posthog)
    } else if ["pages", "elements"].iter().any(|field| survey[*field].is_array()) || any("name") {
        Some(From::Surveyjs)
    } else {
        None
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Every value of every fixture, one after the other, is something else.
    #[test]
    fn no_value_is_relied_upon() {
        let others = [
            json!(null),
            json!(-7),
            json!(1e300),
            json!("ä<é]("),
            json!([]),
            json!({}),
            json!([{"id": "x"}]),
            json!("end"),
            json!({"default": 7}),
        ];
        let mut bad = Vec::new();
        for name in ["formbricks", "formbricks-blocks", "posthog", "surveyjs"] {
            let path = format!("{}/../../tests/prompts/import/{name}.json", env!("CARGO_MANIFEST_DIR"));
            let json: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
            let mut places = Vec::new();
            places_of(&json, String::new(), &mut places);
            for place in places {
                for other in &others {
                    let mut changed = json.clone();
                    *changed.pointer_mut(&place).unwrap() = other.clone();
                    if let Ok(imported) = import(changed.to_string().as_bytes(), None) {
                        let wrong = imported["report"]
                            .as_array()
                            .unwrap()
                            .iter()
                            .find(|entry| entry["path"].as_str().unwrap().starts_with("definition."));
                        if let Some(wrong) = wrong {
                            bad.push(format!("{name}{place} = {other}: {wrong}"));
                        }
                    }
                }
            }
        }
        assert!(bad.is_empty(), "{}", bad.join("\n"));
    }

    fn places_of(json: &Value, path: String, places: &mut Vec<String>) {
        match json {
            Value::Array(list) => {
                list.iter().enumerate().for_each(|(nth, inner)| places_of(inner, format!("{path}/{nth}"), places))
            }
            Value::Object(fields) => {
                fields.iter().for_each(|(key, inner)| places_of(inner, format!("{path}/{key}"), places))
            }
            _ => {}
        }
        places.push(path);
    }

    #[test]
    fn nothing_that_is_json_panics() {
        for text in [
            "{}",
            "[]",
            "7",
            "null",
            "[{}]",
            r#"{"questions":7}"#,
            r#"{"questions":[7,{}]}"#,
            r#"{"pages":[[]]}"#,
            r#"{"blocks":[{"elements":[null]}]}"#,
        ] {
            for from in [None, Some(From::Formbricks), Some(From::Posthog), Some(From::Surveyjs)] {
                assert!(import(text.as_bytes(), from).is_err(), "{text}");
            }
        }
        let deep = "[".repeat(40) + &"]".repeat(40);
        assert!(import(deep.as_bytes(), None).is_err());
    }
}
