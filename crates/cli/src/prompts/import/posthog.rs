//! Surveys of PostHog: questions one after the other, branches by index or by bucket.

use serde_json::{Map, Value, json};

use super::Level;
use super::draft::Draft;

pub(super) fn read(survey: &Value, draft: &mut Draft) {
    draft.head.insert("name".to_owned(), survey["name"].clone());
    if !survey["name"].is_string() {
        draft.head.remove("name");
    }
    let questions = survey["questions"].as_array().cloned().unwrap_or_default();
    // Where each question has gone: some have no step.
    let mut places: Vec<Option<usize>> = Vec::new();
    for (nth, question) in questions.iter().enumerate().take(200) {
        let path = format!("questions[{nth}]");
        let before = draft.steps.len();
        if let Some(step) = step(question, draft, &path) {
            let name = question["id"].as_str().map_or_else(|| format!("q{}", nth + 1), str::to_owned);
            draft.step(&name, step);
        }
        places.push((draft.steps.len() > before).then_some(before));
    }
    for (nth, question) in questions.iter().enumerate().take(200) {
        if let Some(Some(place)) = places.get(nth) {
            branches(question, *place, nth, &places, draft, &format!("questions[{nth}].branching"));
        }
    }
    appearance(&survey["appearance"], draft);
    conditions(survey, draft);
}

fn step(question: &Value, draft: &mut Draft, path: &str) -> Option<Value> {
    let mut step = json!({});
    let translated = with_translations(question, "question", draft);
    draft.put_texts(&mut step, "text", &translated, &format!("{path}.question"));
    draft.put_texts(&mut step, "help", &question["description"], &format!("{path}.description"));
    if question["optional"] == json!(true) {
        step["optional"] = json!(true);
    }
    let ends = |step: &mut Value, draft: &mut Draft| {
        draft.put_texts(step, "low", &question["lowerBoundLabel"], &format!("{path}.lowerBoundLabel"));
        draft.put_texts(step, "high", &question["upperBoundLabel"], &format!("{path}.upperBoundLabel"));
    };
    match question["type"].as_str().unwrap_or_default() {
        "open" => step["ask"] = json!("text"),
        kind @ ("single_choice" | "multiple_choice") => {
            step["ask"] = json!(if kind == "single_choice" { "single" } else { "multi" });
            let labels = question["choices"].as_array().cloned().unwrap_or_default();
            let mut choices = draft.choices(&labels, &format!("{path}.choices"));
            if question["hasOpenChoice"] == json!(true)
                && let Some(last) = choices.last_mut()
            {
                last["other"] = json!(true);
            }
            if choices.is_empty() {
                draft.say(path, Level::Rejected, "a question without choices");
                return None;
            }
            step["choices"] = json!(choices);
            if question["shuffleOptions"] == json!(true) {
                step["shuffle"] = json!("all");
            }
        }
        "rating" => {
            let scale = question["scale"].as_i64().unwrap_or(5);
            // Ten is counted from nought there; of two, one is the good one.
            match scale {
                10 => step["ask"] = json!("nps"),
                2 => step["ask"] = json!("thumbs"),
                3 | 5 | 7 => {
                    step["ask"] = json!("rating");
                    step["scale"] = json!(scale);
                    if question["display"] == json!("emoji") {
                        step["look"] = json!("faces");
                    }
                }
                _ => {
                    draft.say(&format!("{path}.scale"), Level::Rejected, "no such scale");
                    return None;
                }
            }
            if scale != 2 {
                ends(&mut step, draft);
            }
        }
        "link" => {
            let href = question["link"].as_str().unwrap_or_default();
            if !href.starts_with("https://") && !href.starts_with("mailto:") {
                draft.say(&format!("{path}.link"), Level::Rejected, "only https: and mailto: are opened");
                return None;
            }
            step["ask"] = json!("handoff");
            let mut action = json!({ "id": "link", "href": href });
            draft.put_texts(&mut action, "text", &question["buttonText"], &format!("{path}.buttonText"));
            step["actions"] = json!([action]);
        }
        _ => {
            draft.say(&format!("{path}.type"), Level::Rejected, "no such question here");
            return None;
        }
    }
    if step["text"].is_null() && step["ask"] != json!("handoff") {
        draft.say(path, Level::Rejected, "a question without a text");
        return None;
    }
    draft.say(path, Level::Ok, "");
    Some(step)
}

/// A text with its translations beside it.
fn with_translations(question: &Value, field: &str, draft: &Draft) -> Value {
    let mut texts = Map::new();
    if question[field].is_string() {
        texts.insert(draft.fallback.clone(), question[field].clone());
    }
    for (lang, fields) in question["translations"].as_object().into_iter().flatten() {
        if fields[field].is_string() {
            texts.insert(lang.clone(), fields[field].clone());
        }
    }
    Value::Object(texts)
}

fn branches(question: &Value, place: usize, nth: usize, places: &[Option<usize>], draft: &mut Draft, path: &str) {
    let branching = &question["branching"];
    // The next question that has a step, from one on.
    let from = |at: usize, draft: &Draft| {
        places.iter().skip(at).flatten().next().map_or(json!("end"), |place| draft.steps[*place]["id"].clone())
    };
    let go = |value: &Value, draft: &Draft| match (value.as_u64(), value.as_str()) {
        (Some(index), _) => from(index as usize, draft),
        (_, Some("end")) => json!("end"),
        _ => from(nth + 1, draft),
    };
    match branching["type"].as_str().unwrap_or("next_question") {
        "next_question" => {}
        "end" => draft.steps[place]["next"] = json!([{ "go": "end" }]),
        "specific_question" => draft.steps[place]["next"] = json!([{ "go": go(&branching["index"], draft) }]),
        "response_based" => {
            let id = draft.steps[place]["id"].clone();
            let ask = draft.steps[place]["ask"].as_str().unwrap_or_default().to_owned();
            let scale = question["scale"].as_u64().unwrap_or(5);
            let mut next = Vec::new();
            for (key, value) in branching["responseValues"].as_object().into_iter().flatten() {
                let to = go(value, draft);
                let condition = match (ask.as_str(), key.as_str()) {
                    ("nps", "detractors") => json!({ "lte": [id, 6] }),
                    ("nps", "passives") => json!({ "in": [id, [7, 8]] }),
                    ("nps", "promoters") => json!({ "gte": [id, 9] }),
                    ("thumbs", "positive") => json!({ "eq": [id, "up"] }),
                    ("thumbs", "negative") => json!({ "eq": [id, "down"] }),
                    ("rating", "negative") => json!({ "lt": [id, scale.div_ceil(2)] }),
                    ("rating", "neutral") => json!({ "eq": [id, scale.div_ceil(2)] }),
                    ("rating", "positive") => json!({ "gt": [id, scale.div_ceil(2)] }),
                    ("single" | "multi", index) => {
                        let choice =
                            index.parse::<usize>().ok().map(|at| draft.steps[place]["choices"][at]["id"].clone());
                        match choice.filter(|id| !id.is_null()) {
                            Some(choice) => json!({ "has": [id, choice] }),
                            None => {
                                draft.say(&format!("{path}.responseValues.{key}"), Level::Dropped, "no such choice");
                                continue;
                            }
                        }
                    }
                    _ => {
                        draft.say(
                            &format!("{path}.responseValues.{key}"),
                            Level::Dropped,
                            "no such bucket; PostHog does not read it either",
                        );
                        continue;
                    }
                };
                next.push(json!({ "if": condition, "go": to }));
            }
            next.push(json!({ "go": from(nth + 1, draft) }));
            draft.steps[place]["next"] = json!(next);
        }
        _ => draft.say(path, Level::Dropped, "no such branching"),
    }
}

fn appearance(appearance: &Value, draft: &mut Draft) {
    let mut end = json!({});
    draft.put_texts(&mut end, "thanks", &appearance["thankYouMessageHeader"], "appearance.thankYouMessageHeader");
    draft.put_texts(
        &mut end,
        "after",
        &appearance["thankYouMessageDescription"],
        "appearance.thankYouMessageDescription",
    );
    if end != json!({}) {
        draft.head.insert("end".to_owned(), end);
    }
    match appearance["position"].as_str() {
        Some("left") => drop(draft.head.insert("ui".to_owned(), json!({ "position": "bottom-start" }))),
        None | Some("right") => {}
        Some(_) => draft.say("appearance.position", Level::Lossy, "it stands in a corner"),
    }
    if let Some(delay) = appearance["surveyPopupDelaySeconds"].as_f64().filter(|delay| (0.0..=600.0).contains(delay)) {
        draft.head.insert("when".to_owned(), json!({ "delayMs": (delay * 1000.0) as u64 }));
    }
    for (field, why) in [("whiteLabel", "there is no label"), ("shuffleQuestions", "questions keep their order")] {
        if appearance[field] == json!(true) {
            draft.say(&format!("appearance.{field}"), Level::Dropped, why);
        }
    }
    let colours = appearance.as_object().into_iter().flatten().filter(|(name, _)| name.ends_with("Color")).count();
    if colours > 0 {
        draft.say(
            "appearance",
            Level::Dropped,
            "colours are the shop's style sheet's business: --polku-accent and the others",
        );
    }
}

fn conditions(survey: &Value, draft: &mut Draft) {
    let conditions = &survey["conditions"];
    let mut who = Vec::new();
    if let Some(url) = conditions["url"].as_str().filter(|url| !url.is_empty()) {
        match conditions["urlMatchType"].as_str().unwrap_or("icontains") {
            "exact" => who.push(json!({ "url": { "exact": url } })),
            "icontains" => who.push(json!({ "url": { "contains": url } })),
            "not_icontains" => who.push(json!({ "not": { "url": { "contains": url } } })),
            "is_not" => who.push(json!({ "not": { "url": { "exact": url } } })),
            _ => draft.say(
                "conditions.urlMatchType",
                Level::Rejected,
                "no regular expressions; write exact, prefix, glob or contains in who",
            ),
        }
    }
    let devices: Vec<String> = conditions["deviceTypes"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|device| device.as_str().map(str::to_lowercase))
        .filter(|device| matches!(device.as_str(), "desktop" | "mobile" | "tablet"))
        .collect();
    if !devices.is_empty() {
        who.push(json!({ "device": devices }));
    }
    if let Some(selector) = conditions["selector"].as_str().filter(|selector| !selector.is_empty()) {
        let delay = draft.head.get("when").map_or(Value::Null, |when| when["delayMs"].clone());
        let mut when = json!({ "any": [{ "on": "visible", "selector": selector }] });
        if !delay.is_null() {
            when["delayMs"] = delay;
        }
        draft.head.insert("when".to_owned(), when);
        draft.say("conditions.selector", Level::Lossy, "it must be seen, not only be there");
    }
    if let Some(days) = conditions["seenSurveyWaitPeriodInDays"].as_u64() {
        draft.head.insert("limits".to_owned(), json!({ "cooldownDays": days.min(395) }));
    }
    if who.len() > 1 {
        draft.head.insert("who".to_owned(), json!({ "all": who }));
    } else if let Some(one) = who.pop() {
        draft.head.insert("who".to_owned(), one);
    }
    if conditions["events"]["values"].as_array().is_some_and(|events| !events.is_empty()) {
        draft.say(
            "conditions.events",
            Level::Dropped,
            "which touchpoints these events are, only the shop knows: write them in when",
        );
    }
    for field in ["linked_flag_key", "targeting_flag_key", "internal_targeting_flag_key"] {
        if survey[field].is_string() {
            draft.say(
                field,
                Level::Dropped,
                "there are no feature flags; polku.variant and {\"variant\"} tell trials apart",
            );
        }
    }
    if matches!(survey["type"].as_str(), Some("api" | "external_survey")) {
        draft.say("type", Level::Dropped, "opens by polku.prompt.open(id)");
    }
}
