//! Forms of SurveyJS: elements on pages and in panels, each seen when its expression holds.

mod ending;
mod expression;
mod question;
mod rating;
mod ways;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::draft::{Draft, is_set};
use super::report::{Level, below};

/// An element where it stands.
struct Element<'a> {
    path: String,
    json: &'a Value,
    /// What must hold for it to be seen: its own condition, and those of the panels and the page around it.
    seen: Vec<(String, &'a str)>,
}

/// The points of each scale as the form counts them: ours count from 1, or from 0. Nothing where there were too many.
type Scales = BTreeMap<String, Vec<i64>>;

/// Reads a form; gives back how many elements it has.
pub(super) fn read(survey: &Value, draft: &mut Draft) -> usize {
    draft.piped = true;
    if !draft.speak(survey["locale"].as_str().unwrap_or_default()) && is_set(&survey["locale"]) {
        draft.say("locale", Level::Dropped, "no language that is understood");
    }
    let title = &survey["title"];
    let titles = [&title["default"], &title[&draft.fallback], title];
    draft.name(titles.into_iter().find_map(Value::as_str).unwrap_or_default());
    let mut elements = Vec::new();
    let pages = survey["pages"].as_array().map_or(&[][..], Vec::as_slice);
    for (nth, page) in pages.iter().enumerate() {
        let path = format!("pages[{nth}]");
        if !page.is_object() {
            draft.say(&path, Level::Rejected, "no page");
            continue;
        }
        draft.all(page, &path, &["maxTimeToFinish", "timeLimit"], Level::Rejected, "nobody is hurried");
        if let Some(seen) = seen(page, &path, &[], draft) {
            flatten(page, &path, &seen, &mut elements, draft);
        }
    }
    flatten(survey, "", &[], &mut elements, draft);
    if elements.len() > super::MOST_QUESTIONS {
        return elements.len();
    }
    if pages.len() > 1 {
        draft.say("pages", Level::Lossy, "one question after the other, without pages");
    }
    let longest = survey["maxTextLength"].as_u64().filter(|most| *most > 0);
    let mut scales = Scales::new();
    let mut conditions = Vec::new();
    for element in &elements {
        if let Some((step, points)) = question::read(element.json, longest, draft, &element.path) {
            draft.step(element.json["name"].as_str().unwrap_or_default(), &element.path, step);
            if let (Some(points), Some(step)) = (points, draft.steps.last()) {
                scales.insert(step["id"].as_str().unwrap_or_default().to_owned(), points);
            }
            conditions.push(element.seen.as_slice());
        }
    }
    ways::read(&conditions, &scales, draft);
    ending::read(survey, &scales, draft);
    left(survey, draft);
    elements.len()
}

/// What must hold for something to be seen, with what must hold around it; `None` where it never is.
fn seen<'a>(
    of: &'a Value,
    path: &str,
    around: &[(String, &'a str)],
    draft: &mut Draft,
) -> Option<Vec<(String, &'a str)>> {
    if of["visible"] == json!(false) {
        draft.say(path, Level::Dropped, "it is never seen");
        return None;
    }
    let mut seen = around.to_vec();
    if let Some(expression) = of["visibleIf"].as_str().filter(|expression| !expression.trim().is_empty()) {
        seen.push((below(path, "visibleIf"), expression));
    }
    Some(seen)
}

/// Elements of a page, with those of its panels.
fn flatten<'a>(
    of: &'a Value,
    path: &str,
    around: &[(String, &'a str)],
    elements: &mut Vec<Element<'a>>,
    draft: &mut Draft,
) {
    for field in ["elements", "questions"] {
        for (nth, json) in of[field].as_array().into_iter().flatten().enumerate() {
            let here = below(path, &format!("{field}[{nth}]"));
            if !json.is_object() {
                draft.say(&here, Level::Rejected, "no question");
                continue;
            }
            let Some(seen) = seen(json, &here, around, draft) else { continue };
            if json["type"] == json!("panel") {
                draft.say(&here, Level::Lossy, "its questions stand alone");
                flatten(json, &here, &seen, elements, draft);
            } else {
                elements.push(Element { path: here, json, seen });
            }
        }
    }
}

/// What a prompt has no place for.
fn left(survey: &Value, draft: &mut Draft) {
    for (fields, level, why) in [
        (&["triggers"][..], Level::Rejected, "nothing is set or computed by an answer; next says where it leads"),
        (
            &["maxTimeToFinish", "maxTimeToFinishPage", "timeLimit", "timeLimitPerPage", "showTimer"],
            Level::Rejected,
            "nobody is hurried",
        ),
        (&["navigateToUrl", "navigateToUrlOnCondition"], Level::Rejected, "a prompt leads nobody away"),
        (&["calculatedValues"], Level::Dropped, "nothing is computed"),
        (&["completedBeforeHtml"], Level::Dropped, "who has answered is not asked again"),
        (&["description"], Level::Dropped, "a prompt begins with its first question"),
        (&["logo"], Level::Dropped, "there are no pictures in a prompt"),
    ] {
        draft.all(survey, "", fields, level, why);
    }
    if survey["showTimerPanel"].as_str().is_some_and(|panel| panel != "none") {
        draft.say("showTimerPanel", Level::Rejected, "nobody is hurried");
    }
}
