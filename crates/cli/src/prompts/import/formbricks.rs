//! Surveys of Formbricks: questions, or blocks of elements, each with its headline by language and its logic.

use serde_json::{Value, json};

use super::Level;
use super::draft::Draft;

pub(super) fn read(survey: &Value, draft: &mut Draft) {
    if survey["name"].is_string() {
        draft.head.insert("name".to_owned(), survey["name"].clone());
    }
    if let Some(code) = survey["languages"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|one| one["default"] == json!(true))
        .and_then(|one| one["language"]["code"].as_str())
    {
        draft.speak(code);
    }
    let mut parts: Vec<(String, Value, Value)> = Vec::new();
    // Blocks first, as newer surveys have them; the way to a block is the way to its first element.
    let mut doors = Vec::new();
    for (nth, block) in survey["blocks"].as_array().into_iter().flatten().enumerate() {
        let elements = block["elements"].as_array().cloned().unwrap_or_default();
        let last = elements.len().saturating_sub(1);
        for (at, element) in elements.into_iter().enumerate() {
            if at == 0 {
                doors.push((block["id"].clone(), element["id"].clone()));
            }
            let ways = if at == last { block.clone() } else { Value::Null };
            parts.push((format!("blocks[{nth}].elements[{at}]"), element, ways));
        }
    }
    for (nth, question) in survey["questions"].as_array().into_iter().flatten().enumerate() {
        parts.push((format!("questions[{nth}]"), question.clone(), question.clone()));
    }
    parts.truncate(200);
    for (path, part, _) in &parts {
        let name = part["id"].as_str().unwrap_or("q").to_owned();
        if let Some(step) = step(part, draft, path) {
            draft.step(&name, step);
        }
    }
    for (path, part, ways) in &parts {
        if let Some(place) = draft.names.iter().position(|name| Some(name.as_str()) == part["id"].as_str()) {
            logic(ways, place, &doors, draft, path);
        }
    }
    ending(survey, draft);
    opening(survey, draft);
}

fn step(part: &Value, draft: &mut Draft, path: &str) -> Option<Value> {
    let mut step = json!({});
    draft.put_texts(&mut step, "text", &part["headline"], &format!("{path}.headline"));
    let help = if part["subheader"].is_null() { &part["html"] } else { &part["subheader"] };
    draft.put_texts(&mut step, "help", help, &format!("{path}.subheader"));
    if part["required"] == json!(false) {
        step["optional"] = json!(true);
    }
    let kind = part["type"].as_str().unwrap_or_default();
    match kind {
        "openText" => {
            step["ask"] = json!("text");
            match part["inputType"].as_str().unwrap_or("text") {
                "text" => {}
                "email" | "phone" => {
                    draft.say(
                        &format!("{path}.inputType"),
                        Level::Rejected,
                        "personal data; a prompt asks for it in a contact step alone",
                    );
                    return None;
                }
                _ => draft.say(&format!("{path}.inputType"), Level::Lossy, "asked as plain text"),
            }
            if let Some(max) = part["charLimit"]["max"].as_u64() {
                step["max"] = json!(max.clamp(1, 500));
            }
            if part["longAnswer"] == json!(false) {
                step["rows"] = json!(1);
            }
        }
        "multipleChoiceSingle" | "multipleChoiceMulti" => {
            step["ask"] = json!(if kind == "multipleChoiceSingle" { "single" } else { "multi" });
            let given: Vec<&Value> = part["choices"].as_array().into_iter().flatten().collect();
            let labels: Vec<Value> = given.iter().map(|choice| choice["label"].clone()).collect();
            let mut choices = draft.choices(&labels, &format!("{path}.choices"));
            if choices.is_empty() {
                draft.say(path, Level::Rejected, "a question without choices");
                return None;
            }
            // Conditions name choices by the ids of the survey: kept where ours may be so written.
            for (choice, given) in choices.iter_mut().zip(&given) {
                match given["id"].as_str() {
                    Some("other") => choice["other"] = json!(true),
                    Some("none") => choice["none"] = json!(true),
                    _ => {}
                }
                choice["was"] = given["id"].clone();
            }
            step["choices"] = json!(choices);
            if let Some(shuffle) =
                part["shuffleOption"].as_str().filter(|shuffle| matches!(*shuffle, "all" | "exceptLast"))
            {
                step["shuffle"] = json!(shuffle);
            }
            if kind == "multipleChoiceMulti" {
                for (field, name) in [("min", "minSelections"), ("max", "maxSelections")] {
                    if let Some(count) = part["validation"][name].as_u64() {
                        step[field] = json!(count);
                    }
                }
            }
        }
        "nps" | "csat" | "ces" | "rating" => {
            step["ask"] = json!(kind);
            let range = part["range"].as_u64().unwrap_or(5);
            match kind {
                "ces" => step["scale"] = json!(if range == 5 { 5 } else { 7 }),
                "rating" if (2..=10).contains(&range) => step["scale"] = json!(range),
                "rating" => {
                    draft.say(&format!("{path}.range"), Level::Lossy, "asked from 1 to 10");
                    step["scale"] = json!(10);
                }
                _ => {}
            }
            match part["scale"].as_str() {
                Some("smiley") => step["look"] = json!("faces"),
                Some("star") => step["look"] = json!("stars"),
                _ => {}
            }
            draft.put_texts(&mut step, "low", &part["lowerLabel"], &format!("{path}.lowerLabel"));
            draft.put_texts(&mut step, "high", &part["upperLabel"], &format!("{path}.upperLabel"));
        }
        "cta" => match part["buttonUrl"].as_str().filter(|_| part["buttonExternal"] == json!(true)) {
            Some(href) if href.starts_with("https://") => {
                step["ask"] = json!("handoff");
                let mut action = json!({ "id": "link", "href": href });
                draft.put_texts(&mut action, "text", &part["buttonLabel"], &format!("{path}.buttonLabel"));
                step["actions"] = json!([action]);
            }
            Some(_) => {
                draft.say(&format!("{path}.buttonUrl"), Level::Rejected, "only https: is opened");
                return None;
            }
            None => step["ask"] = json!("info"),
        },
        "consent" => {
            step["ask"] = json!("single");
            step["choices"] = json!(draft.choices(&[part["label"].clone()], &format!("{path}.label")));
            draft.say(path, Level::Lossy, "asked as a question with one choice; it is no consent");
        }
        "fileUpload" | "address" | "contactInfo" | "date" | "matrix" | "ranking" | "pictureSelection" | "cal" => {
            draft.say(path, Level::Rejected, "prompts do not ask this");
            return None;
        }
        _ => {
            draft.say(&format!("{path}.type"), Level::Rejected, "no such question here");
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

fn logic(ways: &Value, place: usize, doors: &[(Value, Value)], draft: &mut Draft, path: &str) {
    let target = |name: &Value, draft: &Draft| {
        let name = doors.iter().find(|(block, _)| block == name).map_or(name, |(_, element)| element);
        name.as_str().and_then(|name| draft.id_of(name)).map_or(json!("end"), |id| json!(id))
    };
    let mut next = Vec::new();
    for (nth, rule) in ways["logic"].as_array().into_iter().flatten().enumerate() {
        let here = format!("{path}.logic[{nth}]");
        let mut go = None;
        for action in rule["actions"].as_array().into_iter().flatten() {
            match action["objective"].as_str().unwrap_or_default() {
                "jumpToQuestion" | "jumpToBlock" => go = Some(target(&action["target"], draft)),
                _ => draft.say(&here, Level::Dropped, "nothing is computed, and nothing becomes required"),
            }
        }
        let Some(go) = go else { continue };
        match condition(&rule["conditions"], draft, 0) {
            Some(condition) => next.push(json!({ "if": condition, "go": go })),
            None => draft.say(&here, Level::Dropped, "a condition that cannot be asked here"),
        }
    }
    if !ways["logicFallback"].is_null() {
        next.push(json!({ "go": target(&ways["logicFallback"], draft) }));
    }
    if !next.is_empty() {
        draft.steps[place]["next"] = json!(next);
    }
}

fn condition(condition: &Value, draft: &Draft, depth: usize) -> Option<Value> {
    if depth > 6 {
        return None;
    }
    if let Some(inner) = condition["conditions"].as_array() {
        let all: Option<Vec<Value>> = inner.iter().map(|one| self::condition(one, draft, depth + 1)).collect();
        return Some(if condition["connector"] == json!("or") {
            json!({ "any": all? })
        } else {
            json!({ "all": all? })
        });
    }
    // "question" is how it was called before "element".
    let name = condition["leftOperand"]["value"].as_str()?;
    let id = draft.id_of(name)?;
    let step = draft.steps.iter().find(|step| step["id"] == json!(id))?;
    let choices = step["choices"].as_array();
    let value = &condition["rightOperand"]["value"];
    let number = |value: &Value| value.as_i64().or_else(|| value.as_str()?.parse().ok());
    let one = |value: &Value| match choices {
        Some(choices) => choices
            .iter()
            .find(|choice| choice["was"] == *value || choice["text"][&draft.fallback] == *value)
            .map(|choice| choice["id"].clone()),
        None => number(value)
            .filter(|_| step["ask"] != json!("text"))
            .map(|number| json!(number))
            .or_else(|| value.as_str().map(|text| json!(text))),
    };
    let many = || value.as_array()?.iter().map(one).collect::<Option<Vec<Value>>>();
    Some(match condition["operator"].as_str()? {
        "equals" => json!({ "eq": [id, one(value)?] }),
        "doesNotEqual" => json!({ "ne": [id, one(value)?] }),
        "isLessThan" => json!({ "lt": [id, number(value)?] }),
        "isLessThanOrEqual" => json!({ "lte": [id, number(value)?] }),
        "isGreaterThan" => json!({ "gt": [id, number(value)?] }),
        "isGreaterThanOrEqual" => json!({ "gte": [id, number(value)?] }),
        "equalsOneOf" => json!({ "in": [id, many()?] }),
        "includesOneOf" => json!({ "hasAny": [id, many()?] }),
        "includesAllOf" => {
            json!({ "all": many()?.into_iter().map(|choice| json!({ "has": [id, choice] })).collect::<Vec<_>>() })
        }
        "contains" if choices.is_none() => json!({ "matches": [id, format!("*{}*", value.as_str()?)] }),
        "isSubmitted" => json!({ "answered": id }),
        "isSkipped" => json!({ "skipped": id }),
        _ => return None,
    })
}

fn ending(survey: &Value, draft: &mut Draft) {
    let endings = survey["endings"].as_array().cloned().unwrap_or_default();
    if let Some((nth, ending)) = endings.iter().enumerate().find(|(_, ending)| ending["type"] == json!("endScreen")) {
        let mut end = json!({});
        draft.put_texts(&mut end, "thanks", &ending["headline"], &format!("endings[{nth}].headline"));
        draft.put_texts(&mut end, "after", &ending["subheader"], &format!("endings[{nth}].subheader"));
        if end != json!({}) {
            draft.head.insert("end".to_owned(), end);
        }
    }
    if endings.len() > 1 {
        draft.say("endings", Level::Lossy, "one end for all; a bad score has words of its own in end.low");
    }
    if endings.iter().any(|ending| ending["type"] == json!("redirectToUrl")) {
        draft.say("endings", Level::Rejected, "a prompt leads nobody away");
    }
}

fn opening(survey: &Value, draft: &mut Draft) {
    let mut limits = json!({});
    match survey["displayOption"].as_str() {
        Some("displayOnce") => limits["max"] = json!(1),
        Some("displaySome") => limits["max"] = json!(survey["displayLimit"].as_u64().unwrap_or(1).clamp(1, 100)),
        Some("respondMultiple") => limits["recurringDays"] = json!(90),
        _ => {}
    }
    if let Some(days) = survey["recontactDays"].as_u64() {
        limits["cooldownDays"] = json!(days.min(395));
    }
    if limits != json!({}) {
        draft.head.insert("limits".to_owned(), limits);
    }
    if let Some(share) = survey["displayPercentage"].as_f64().filter(|share| *share > 0.0 && *share < 100.0) {
        draft.head.insert("who".to_owned(), json!({ "sample": share / 100.0 }));
        draft.say("displayPercentage", Level::Ok, "the same shoppers every time, not drawn anew");
    }
    match survey["placement"].as_str() {
        Some("bottomLeft" | "topLeft") => {
            drop(draft.head.insert("ui".to_owned(), json!({ "position": "bottom-start" })))
        }
        Some("center") => draft.say("placement", Level::Lossy, "it stands in a corner"),
        _ => {}
    }
    let mut any = Vec::new();
    for (nth, trigger) in survey["triggers"].as_array().into_iter().flatten().enumerate() {
        let class = if trigger["actionClass"].is_object() { &trigger["actionClass"] } else { trigger };
        let config = &class["noCodeConfig"];
        match config["type"].as_str() {
            Some("exitIntent") => any.push(json!({ "on": "exit_intent" })),
            Some("fiftyPercentScroll") => any.push(json!({ "on": "scroll", "percent": 50 })),
            Some("pageView") => any.push(json!({ "on": "page_view" })),
            Some("pageDwell") => {
                let seconds =
                    config["pageDwell"]["seconds"].as_u64().or_else(|| config["timeInSeconds"].as_u64()).unwrap_or(30);
                any.push(json!({ "on": "time", "seconds": seconds.clamp(1, 3600) }));
            }
            _ => draft.say(
                &format!("triggers[{nth}]"),
                Level::Dropped,
                "which touchpoint this is, only the shop knows: write it in when",
            ),
        }
        if config["urlFilters"].as_array().is_some_and(|filters| !filters.is_empty()) {
            draft.say(&format!("triggers[{nth}]"), Level::Dropped, "addresses belong to who: {\"url\": …}");
        }
    }
    if !any.is_empty() {
        let mut when = json!({ "any": any });
        if let Some(delay) = survey["delay"].as_u64().filter(|delay| *delay > 0) {
            when["delayMs"] = json!((delay * 1000).min(600_000));
        }
        draft.head.insert("when".to_owned(), when);
    }
    if !survey["segment"].is_null() {
        draft.say("segment", Level::Rejected, "there are no known persons to make segments of");
    }
    if survey["variables"].as_array().is_some_and(|variables| !variables.is_empty()) {
        draft.say("variables", Level::Dropped, "nothing is computed");
    }
    for step in &mut draft.steps {
        for choice in step["choices"].as_array_mut().into_iter().flatten() {
            choice.as_object_mut().map(|choice| choice.remove("was"));
        }
        if step["choices"].is_null() {
            step.as_object_mut().map(|step| step.remove("choices"));
        }
    }
}
