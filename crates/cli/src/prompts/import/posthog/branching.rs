//! Where answers lead in PostHog: to a question by its index, to the end, or to the next one.

use serde_json::{Value, json};

use super::super::draft::Draft;
use super::super::report::{Level, below, plainly};

/// The ways on from the question `nth`, which is the step at `place`.
pub(super) fn read(
    question: &Value,
    place: usize,
    nth: usize,
    places: &[Option<usize>],
    draft: &mut Draft,
    path: &str,
) {
    let branching = &question["branching"];
    match branching["type"].as_str() {
        None | Some("next_question") => {}
        Some("end") => draft.steps[place]["next"] = json!([{ "go": "end" }]),
        Some("specific_question") => {
            let go = target(&branching["index"], nth, places, draft, &below(path, "index"));
            draft.steps[place]["next"] = json!([{ "go": go }]);
        }
        Some("response_based") => answers(branching, place, nth, places, draft, path),
        Some(_) => draft.say(path, Level::Dropped, "no such way on"),
    }
}

/// The step of the first question from one on that has one.
fn from(at: usize, places: &[Option<usize>], draft: &Draft) -> Value {
    places.iter().skip(at).flatten().next().map_or(json!("end"), |place| draft.steps[*place]["id"].clone())
}

fn target(to: &Value, nth: usize, places: &[Option<usize>], draft: &mut Draft, path: &str) -> Value {
    if to.as_str() == Some("end") {
        return json!("end");
    }
    let Some(index) = to.as_u64() else { return from(nth + 1, places, draft) };
    let index = usize::try_from(index).unwrap_or(usize::MAX);
    match places.get(index) {
        None => draft.say(path, Level::Lossy, "there is no such question; now it leads to the end"),
        Some(None) => {
            draft.say(path, Level::Lossy, "it leads to a question that no prompt asks; now to the one after it")
        }
        Some(Some(_)) => {}
    }
    from(index, places, draft)
}

fn answers(branching: &Value, place: usize, nth: usize, places: &[Option<usize>], draft: &mut Draft, path: &str) {
    let step = draft.steps[place].clone();
    let (id, ask) = (&step["id"], step["ask"].as_str().unwrap_or_default());
    if matches!(ask, "text" | "multi" | "handoff") {
        return draft.say(
            path,
            Level::Dropped,
            "there only one choice or a score leads on; what follows is the next question",
        );
    }
    // Of five the middle is three, of seven four.
    let middle = step["scale"].as_u64().unwrap_or(5).div_ceil(2);
    let mut next = Vec::new();
    let mut values: Vec<(&String, &Value)> = branching["responseValues"].as_object().into_iter().flatten().collect();
    values.sort_by_key(|(key, _)| (key.parse::<usize>().unwrap_or(usize::MAX), key.as_str()));
    for (key, value) in values {
        let here = format!("{path}.responseValues.{}", plainly(key));
        let condition = match (ask, key.as_str()) {
            ("nps", "detractors") => json!({ "lte": [id, 6] }),
            ("nps", "passives") => json!({ "in": [id, [7, 8]] }),
            ("nps", "promoters") => json!({ "gte": [id, 9] }),
            ("thumbs", "positive") => json!({ "eq": [id, "up"] }),
            ("thumbs", "negative") => json!({ "eq": [id, "down"] }),
            ("rating", "negative") => json!({ "lt": [id, middle] }),
            ("rating", "neutral") => json!({ "eq": [id, middle] }),
            ("rating", "positive") => json!({ "gt": [id, middle] }),
            ("single", index) => {
                let index = index.parse::<u64>().ok();
                let chosen = step["choices"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .find(|choice| choice["was"].as_u64() == index && index.is_some());
                match chosen {
                    Some(choice) => json!({ "has": [id, choice["id"]] }),
                    None => {
                        draft.say(&here, Level::Dropped, "no such choice");
                        continue;
                    }
                }
            }
            _ => {
                draft.say(&here, Level::Dropped, "no such bucket; the page of theirs does not read it either");
                continue;
            }
        };
        let go = target(value, nth, places, draft, &here);
        next.push(json!({ "if": condition, "go": go }));
    }
    next.push(json!({ "go": from(nth + 1, places, draft) }));
    draft.steps[place]["next"] = json!(next);
}
