//! The scales of SurveyJS: from a lowest to a highest point by steps, so many of them, or each by its value.

use serde_json::{Value, json};

use super::super::choices::{self, Given};
use super::super::draft::{Draft, is_set};
use super::super::report::{Level, below};
use super::question::value_and_text;

/// A scale goes on for no longer.
const MOST: usize = 10;

/// Makes the step; gives back the points as the form counts them, none where it is a question with choices.
pub(super) fn read(element: &Value, step: &mut Value, draft: &mut Draft, path: &str) -> Option<Vec<i64>> {
    let values = element["rateValues"].as_array().filter(|values| !values.is_empty());
    let points = match values {
        Some(values) => {
            let given: Vec<(Value, Value)> = values.iter().map(value_and_text).collect();
            let numbers: Option<Vec<i64>> = given.iter().map(|(value, _)| whole(value)).collect();
            match numbers {
                Some(numbers) => {
                    ends(&given, step, draft, path);
                    numbers
                }
                None => {
                    worded(given, step, draft, path);
                    return None;
                }
            }
        }
        None => counted(element, draft, path),
    };
    looks(element, step, draft, path);
    let row = points.windows(2).all(|pair| pair[1] == pair[0] + 1);
    match (points.first(), points.len()) {
        (Some(0), 11) if row => step["ask"] = json!("nps"),
        (first, count @ 2..=MOST) => {
            step["ask"] = json!("rating");
            step["scale"] = json!(count);
            if first != Some(&1) || !row {
                draft.say(path, Level::Lossy, "asked from 1 upwards");
            }
        }
        (_, count) => {
            step["ask"] = json!("rating");
            step["scale"] = json!(count.clamp(2, MOST));
            draft.say(path, Level::Lossy, "asked with 2 to 10 points, from 1 upwards");
            return Some(Vec::new());
        }
    }
    Some(points)
}

/// The points of a scale that is given by its ends.
fn counted(element: &Value, draft: &mut Draft, path: &str) -> Vec<i64> {
    let field = |name: &str| whole(&element[name]);
    let by = field("rateStep").filter(|step| *step > 0).unwrap_or(1);
    let length = |count: i64| (count.clamp(1, 100) - 1) * by;
    let (low, high) = match (field("rateMin"), field("rateMax"), field("rateCount")) {
        (Some(low), Some(high), count) => {
            let contrary = count.is_some_and(|count| low + length(count) != high);
            if contrary {
                draft.say(&below(path, "rateCount"), Level::Lossy, "both ends are given: they are what is drawn");
            }
            (low, high)
        }
        // The count is what is drawn.
        (None, Some(high), Some(count)) => (high - length(count), high),
        (low, None, Some(count)) => (low.unwrap_or(1), low.unwrap_or(1) + length(count)),
        (low, high, None) => (low.unwrap_or(1), high.unwrap_or(5)),
    };
    (0..200).map(|nth| low + nth * by).take_while(|point| *point <= high).collect()
}

/// The words of values are those of the ends; between them there are none.
fn ends(given: &[(Value, Value)], step: &mut Value, draft: &mut Draft, path: &str) {
    let worded =
        |text: &Value| text.is_object() || text.as_str().is_some_and(|text| text.trim().parse::<f64>().is_err());
    for (field, end) in [("low", given.first()), ("high", given.last())] {
        if let Some((_, text)) = end.filter(|(_, text)| worded(text)) {
            draft.put_texts(step, field, text, &below(path, "rateValues"));
        }
    }
    if given.len() > 2 && given[1..given.len() - 1].iter().any(|(_, text)| worded(text)) {
        draft.say(&below(path, "rateValues"), Level::Lossy, "words stand at both ends of a scale alone");
    }
}

/// Values that are words are choices.
fn worded(given: Vec<(Value, Value)>, step: &mut Value, draft: &mut Draft, path: &str) {
    let at = |nth| format!("{path}.rateValues[{nth}]");
    let given: Vec<_> =
        given.into_iter().enumerate().map(|(nth, (value, text))| (at(nth), Given::new(text, value))).collect();
    step["ask"] = json!("single");
    step["choices"] = json!(choices::read(&given, draft));
}

fn looks(element: &Value, step: &mut Value, draft: &mut Draft, path: &str) {
    match element["rateType"].as_str().or_else(|| element["rateDisplayMode"].as_str()) {
        Some("stars") => step["look"] = json!("stars"),
        Some("smileys") => step["look"] = json!("faces"),
        _ => {}
    }
    // The older names had slips of the pen.
    for (field, names) in [
        ("low", ["minRateDescription", "mininumRateDescription", "minimumRateDescription"]),
        ("high", ["maxRateDescription", "maximumRateDescription", "maxinumRateDescription"]),
    ] {
        if let Some(name) = names.into_iter().find(|name| is_set(&element[*name])) {
            draft.put_texts(step, field, &element[name], &below(path, name));
        }
    }
}

fn whole(value: &Value) -> Option<i64> {
    let number = value.as_i64().or_else(|| value.as_str()?.trim().parse().ok())?;
    (-1_000..=1_000).contains(&number).then_some(number)
}
