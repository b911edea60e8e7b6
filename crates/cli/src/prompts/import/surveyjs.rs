//! Forms of SurveyJS: elements on pages and in panels, each seen when its expression holds.

use serde_json::{Value, json};

use super::Level;
use super::draft::Draft;

pub(super) fn read(survey: &Value, draft: &mut Draft) {
    let title = survey["title"].as_str().or_else(|| survey["title"]["default"].as_str());
    if let Some(title) = title {
        draft.head.insert("name".to_owned(), json!(super::draft::plain(title).0));
    }
    draft.speak(survey["locale"].as_str().unwrap_or_default());
    let mut elements = Vec::new();
    if let Some(pages) = survey["pages"].as_array() {
        for (nth, page) in pages.iter().enumerate() {
            flatten(page, &format!("pages[{nth}]"), &mut elements);
        }
        if pages.len() > 1 {
            draft.say("pages", Level::Lossy, "one question after the other, without pages");
        }
    } else {
        flatten(survey, "", &mut elements);
    }
    elements.truncate(200);
    let mut seen = Vec::new();
    for (path, element) in &elements {
        if element["type"] == json!("panel") {
            draft.say(path, Level::Lossy, "its questions stand alone");
            continue;
        }
        let before = draft.steps.len();
        if let Some(step) = step(element, draft, path) {
            draft.step(element["name"].as_str().unwrap_or("q"), step);
        }
        if draft.steps.len() > before {
            seen.push((path.clone(), element["visibleIf"].as_str().map(str::to_owned)));
        }
    }
    ways(&seen, draft);
    let mut end = json!({});
    draft.put_texts(&mut end, "thanks", &survey["completedHtml"], "completedHtml");
    if end != json!({}) {
        draft.head.insert("end".to_owned(), end);
    }
    for (field, why) in [
        ("triggers", "nothing is computed"),
        ("calculatedValues", "nothing is computed"),
        ("completedHtmlOnCondition", "one end for all; a bad score has words of its own in end.low"),
        ("maxTimeToFinish", "nobody is hurried"),
        ("timeLimit", "nobody is hurried"),
    ] {
        if !survey[field].is_null() {
            draft.say(field, Level::Dropped, why);
        }
    }
}

/// Elements of a page, with those of its panels.
fn flatten(of: &Value, path: &str, elements: &mut Vec<(String, Value)>) {
    for field in ["elements", "questions"] {
        for (nth, element) in of[field].as_array().into_iter().flatten().enumerate() {
            let dot = if path.is_empty() { "" } else { "." };
            let here = format!("{path}{dot}{field}[{nth}]");
            elements.push((here.clone(), element.clone()));
            if element["type"] == json!("panel") {
                flatten(element, &here, elements);
            }
        }
    }
}

fn step(element: &Value, draft: &mut Draft, path: &str) -> Option<Value> {
    let mut step = json!({});
    let title = if element["title"].is_null() { &element["name"] } else { &element["title"] };
    draft.put_texts(&mut step, "text", title, &format!("{path}.title"));
    draft.put_texts(&mut step, "help", &element["description"], &format!("{path}.description"));
    if element["isRequired"] != json!(true) {
        step["optional"] = json!(true);
    }
    if element["requiredIf"].is_string() {
        draft.say(&format!("{path}.requiredIf"), Level::Lossy, "it may always be skipped");
    }
    match element["type"].as_str().unwrap_or_default() {
        "rating" => scale(element, &mut step, draft, path),
        kind @ ("radiogroup" | "dropdown" | "checkbox" | "tagbox") => {
            step["ask"] = json!(if matches!(kind, "checkbox" | "tagbox") { "multi" } else { "single" });
            if !choices(element, &mut step, draft, path) {
                return None;
            }
        }
        "boolean" => {
            step["ask"] = json!("yesno");
            let words = [draft.texts(&element["labelTrue"], path), draft.texts(&element["labelFalse"], path)];
            if let [Some(yes), Some(no)] = words {
                step["choices"] = json!([{ "id": "yes", "text": yes }, { "id": "no", "text": no }]);
            }
        }
        kind @ ("comment" | "text") => {
            step["ask"] = json!("text");
            match element["inputType"].as_str().unwrap_or("text") {
                "text" => {}
                "email" | "tel" | "password" => {
                    draft.say(
                        &format!("{path}.inputType"),
                        Level::Rejected,
                        "personal data; a prompt asks for it in a contact step alone",
                    );
                    return None;
                }
                _ => draft.say(&format!("{path}.inputType"), Level::Lossy, "asked as plain text"),
            }
            if kind == "text" {
                step["rows"] = json!(1);
            }
            if let Some(max) = element["maxLength"].as_u64().filter(|max| *max > 0) {
                step["max"] = json!(max.min(500));
            }
            if element["validators"].as_array().is_some_and(|validators| !validators.is_empty()) {
                draft.say(&format!("{path}.validators"), Level::Dropped, "what is written is not judged");
            }
        }
        "html" => {
            step["ask"] = json!("info");
            step.as_object_mut().map(|step| step.remove("optional"));
            draft.put_texts(&mut step, "text", &element["html"], &format!("{path}.html"));
        }
        _ => {
            draft.say(path, Level::Rejected, "prompts do not ask this");
            return None;
        }
    }
    if step["text"].is_null() {
        draft.say(path, Level::Rejected, "a question without a text");
        return None;
    }
    draft.say(path, Level::Ok, "");
    Some(step)
}

fn scale(element: &Value, step: &mut Value, draft: &mut Draft, path: &str) {
    let low = element["rateMin"].as_i64().unwrap_or(1);
    let values = element["rateValues"].as_array().map(|values| values.len() as i64);
    let count = values.or_else(|| element["rateCount"].as_i64());
    // Where both are given, the count is what is drawn.
    let high = count.map_or_else(|| element["rateMax"].as_i64().unwrap_or(5), |count| low + count - 1);
    match (low, high) {
        (0, 10) => step["ask"] = json!("nps"),
        (1, 2..=10) => {
            step["ask"] = json!("rating");
            step["scale"] = json!(high);
        }
        _ => {
            draft.say(path, Level::Lossy, "asked from 1 upwards");
            step["ask"] = json!("rating");
            step["scale"] = json!((high - low + 1).clamp(2, 10));
        }
    }
    match element["rateType"].as_str().or_else(|| element["rateDisplayMode"].as_str()) {
        Some("stars") => step["look"] = json!("stars"),
        Some("smileys") => step["look"] = json!("faces"),
        _ => {}
    }
    // The older names had a slip of the pen.
    for (field, names) in [
        ("low", ["minRateDescription", "mininumRateDescription"]),
        ("high", ["maxRateDescription", "maximumRateDescription"]),
    ] {
        let given = names.iter().map(|name| &element[*name]).find(|value| !value.is_null());
        draft.put_texts(step, field, given.unwrap_or(&Value::Null), &format!("{path}.{}", names[0]));
    }
}

fn choices(element: &Value, step: &mut Value, draft: &mut Draft, path: &str) -> bool {
    let given = element["choices"].as_array().cloned().unwrap_or_default();
    if element["choicesByUrl"].is_object() {
        draft.say(&format!("{path}.choicesByUrl"), Level::Rejected, "nothing is fetched from elsewhere");
    }
    // "value|text" is another way to write both.
    let label = |choice: &Value| match choice {
        Value::String(text) => json!(text.split_once('|').map_or(text.as_str(), |(_, text)| text)),
        Value::Number(number) => json!(number.to_string()),
        choice if choice["text"].is_null() => {
            json!(choice["value"].as_str().map_or_else(|| choice["value"].to_string(), str::to_owned))
        }
        choice => choice["text"].clone(),
    };
    let labels: Vec<Value> = given.iter().map(label).collect();
    let mut choices = draft.choices(&labels, &format!("{path}.choices"));
    if choices.is_empty() {
        draft.say(path, Level::Rejected, "a question without choices");
        return false;
    }
    let either = |names: [&str; 2]| names.iter().any(|name| element[*name] == json!(true));
    let own = |draft: &mut Draft, field: &str, words: &str| {
        draft.texts(&element[field], path).unwrap_or_else(|| json!({ &draft.fallback: words }))
    };
    if either(["showOtherItem", "hasOther"]) {
        let text = own(draft, "otherText", "Other");
        choices.push(json!({ "id": "other", "other": true, "text": text }));
    }
    if either(["showNoneItem", "hasNone"]) {
        let text = own(draft, "noneText", "None");
        choices.push(json!({ "id": "none", "none": true, "text": text }));
    }
    choices.truncate(30);
    if element["choicesOrder"] == json!("random") {
        step["shuffle"] = json!("all");
    }
    if step["ask"] == json!("multi") {
        for (field, name) in [("min", "minSelectedChoices"), ("max", "maxSelectedChoices")] {
            if let Some(count) = element[name].as_u64().filter(|count| (1..=choices.len() as u64).contains(count)) {
                step[field] = json!(count);
            }
        }
    }
    step["choices"] = json!(choices);
    true
}

/// Each question leads past those that are not seen.
fn ways(seen: &[(String, Option<String>)], draft: &mut Draft) {
    let conditions: Vec<Option<Value>> = seen
        .iter()
        .enumerate()
        .map(|(nth, (path, expression))| {
            let expression = expression.as_ref()?;
            let understood = condition(expression, draft);
            match &understood {
                Some(_) if nth == 0 => {
                    draft.say(&format!("{path}.visibleIf"), Level::Lossy, "the first question is always asked")
                }
                Some(_) => {}
                None => draft.say(
                    &format!("{path}.visibleIf"),
                    Level::Lossy,
                    "an expression that is not understood; the question is always asked",
                ),
            }
            understood
        })
        .collect();
    for from in 0..seen.len() {
        let mut next = Vec::new();
        let mut to = from + 1;
        while let Some(Some(condition)) = conditions.get(to) {
            next.push(json!({ "if": condition, "go": draft.steps[to]["id"] }));
            to += 1;
        }
        if !next.is_empty() {
            next.push(json!({ "go": draft.steps.get(to).map_or(json!("end"), |step| step["id"].clone()) }));
            draft.steps[from]["next"] = json!(next);
        }
    }
}

/// Simple comparisons, joined by "and" or by "or": `{q} = 'x' and {r} > 3`.
fn condition(expression: &str, draft: &Draft) -> Option<Value> {
    for (word, join) in [(" or ", "any"), (" and ", "all")] {
        if expression.contains(word) {
            let parts: Option<Vec<Value>> = expression.split(word).map(|part| condition(part, draft)).collect();
            return Some(json!({ join: parts? }));
        }
    }
    let (name, rest) = expression.trim().strip_prefix('{')?.split_once('}')?;
    let id = draft.id_of(name)?;
    let step = draft.steps.iter().find(|step| step["id"] == json!(id))?;
    let rest = rest.trim();
    match rest {
        "notempty" => return Some(json!({ "answered": id })),
        "empty" => return Some(json!({ "not": { "answered": id } })),
        _ => {}
    }
    let operators = [
        ("<=", "lte"),
        (">=", "gte"),
        ("<>", "ne"),
        ("!=", "ne"),
        ("==", "eq"),
        ("=", "eq"),
        ("<", "lt"),
        (">", "gt"),
        ("contains", "has"),
    ];
    let (operator, given) =
        operators.iter().find_map(|(sign, operator)| Some((*operator, rest.strip_prefix(sign)?.trim())))?;
    let given = given.trim_matches(['\'', '"']);
    let bound = match step["ask"].as_str()? {
        "nps" | "rating" if operator != "has" => json!(given.parse::<i64>().ok()?),
        "yesno" if matches!(operator, "eq" | "ne") => json!(if matches!(given, "true" | "yes") { "yes" } else { "no" }),
        "single" | "multi" if !matches!(operator, "lt" | "lte" | "gt" | "gte") => {
            let wanted = super::draft::slug(given);
            let choices = step["choices"].as_array()?;
            choices
                .iter()
                .find(|choice| choice["id"] == json!(wanted) || choice["text"][&draft.fallback] == json!(given))?["id"]
                .clone()
        }
        "text" if matches!(operator, "eq" | "ne") => json!(given),
        "text" if operator == "has" => return Some(json!({ "matches": [id, format!("*{given}*")] })),
        _ => return None,
    };
    Some(json!({ operator: [id, bound] }))
}
