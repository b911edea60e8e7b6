//! When PostHog opens a survey, for whom, and how often.

use serde_json::{Value, json};

use super::super::address::{Way, condition};
use super::super::draft::{Draft, is_set};
use super::super::event::touchpoint;
use super::super::report::Level;

pub(super) fn read(survey: &Value, draft: &mut Draft) {
    schedule(survey, draft);
    opens(survey, draft);
    whom(&survey["conditions"], draft);
    left(survey, draft);
}

fn schedule(survey: &Value, draft: &mut Draft) {
    let iterations = survey["iteration_count"].as_u64().filter(|count| *count > 0);
    let every = survey["iteration_frequency_days"].as_u64().filter(|days| *days > 0);
    match survey["schedule"].as_str() {
        Some("once") => draft.put("limits", "max", json!(1)),
        Some("always") => {
            draft.put("limits", "max", json!(100));
            draft.put("limits", "afterAnswer", json!(0));
            draft.say("schedule", Level::Lossy, "the days between any two prompts remain");
        }
        _ if iterations.is_some() || every.is_some() => {
            if let Some(count) = iterations {
                draft.put("limits", "max", json!(count.min(100)));
            }
            draft.put("limits", "recurringDays", json!(every.unwrap_or(90).clamp(90, 395)));
            let why = "counted from each shopper's own answer, 90 to 395 days; how often, by what was shown";
            draft.say("iteration_frequency_days", Level::Lossy, why);
        }
        _ => {}
    }
    let wait = &survey["conditions"]["seenSurveyWaitPeriodInDays"];
    if let Some(days) = wait.as_f64().filter(|days| *days >= 1.0) {
        if days > 395.0 {
            draft.say(
                "conditions.seenSurveyWaitPeriodInDays",
                Level::Lossy,
                "395 days at most: nobody is remembered longer",
            );
        }
        draft.put("limits", "cooldownDays", json!(days.min(395.0) as u64));
    }
}

fn opens(survey: &Value, draft: &mut Draft) {
    let conditions = &survey["conditions"];
    let mut any = Vec::new();
    let mut waits = false;
    let events = &conditions["events"];
    for (nth, event) in events["values"].as_array().into_iter().flatten().enumerate() {
        waits = true;
        any.extend(of_event(event, draft, &format!("conditions.events.values[{nth}]")));
    }
    if events["repeatedActivation"] == json!(true) {
        draft.put("limits", "max", json!(100));
        draft.say("conditions.events.repeatedActivation", Level::Lossy, "the days between any two prompts remain");
    }
    if is_set(&conditions["actions"]["values"]) {
        waits = true;
        draft.say(
            "conditions.actions",
            Level::Dropped,
            "which touchpoints these actions are, only the shop knows: write them in when",
        );
    }
    if is_set(&conditions["selector"]) {
        waits = true;
        match Draft::selector(&conditions["selector"]) {
            Some(selector) => {
                any.push(json!({ "on": "visible", "selector": selector }));
                draft.say("conditions.selector", Level::Lossy, "it must be seen, not only be there");
            }
            None => draft.say("conditions.selector", Level::Rejected, "no selector of a thing on the page"),
        }
    }
    let by_itself = matches!(survey["type"].as_str(), None | Some("popover"));
    // What waits for nothing opens with the page.
    if by_itself && !waits {
        any.push(json!({ "on": "page_views", "count": 1 }));
    }
    let mut cancel = Vec::new();
    for (nth, event) in conditions["cancelEvents"]["values"].as_array().into_iter().flatten().enumerate() {
        cancel.extend(of_event(event, draft, &format!("conditions.cancelEvents.values[{nth}]")));
    }
    let delay = survey["appearance"]["surveyPopupDelaySeconds"].as_f64().filter(|delay| *delay > 0.0);
    if !any.is_empty() && !by_itself {
        draft.say("conditions", Level::Dropped, "it opens by hand alone");
    }
    if any.is_empty() || !by_itself {
        if delay.is_some() && by_itself {
            draft.say(
                "appearance.surveyPopupDelaySeconds",
                Level::Dropped,
                "nothing opens it after which it could wait",
            );
        }
        return;
    }
    draft.put("when", "any", json!(any));
    if let Some(delay) = delay {
        if delay > 600.0 {
            draft.say("appearance.surveyPopupDelaySeconds", Level::Lossy, "ten minutes at most");
        }
        draft.put("when", "delayMs", json!((delay.min(600.0) * 1000.0) as u64));
    }
    if !cancel.is_empty() {
        draft.put("when", "cancelOn", json!(cancel));
    }
}

fn of_event(event: &Value, draft: &mut Draft, path: &str) -> Option<Value> {
    let Some(name) = event["name"].as_str().and_then(touchpoint) else {
        draft.say(path, Level::Dropped, "which touchpoint this event is, only the shop knows: write it in when");
        return None;
    };
    draft.all(
        event,
        path,
        &["propertyFilters"],
        Level::Dropped,
        "a trigger is a name, and nothing is asked of what came with it",
    );
    Some(json!({ "on": name }))
}

fn whom(conditions: &Value, draft: &mut Draft) {
    let (way, not, folded) = match conditions["urlMatchType"].as_str() {
        Some("exact") => (Way::Exact, false, false),
        Some("is_not") => (Way::Exact, true, false),
        Some("not_icontains") => (Way::Contains, true, true),
        Some("regex") => (Way::Pattern, false, false),
        Some("not_regex") => (Way::Pattern, true, false),
        _ => (Way::Contains, false, true),
    };
    if let Some(url) = conditions["url"].as_str().filter(|url| !url.is_empty()) {
        match condition(way, url, folded) {
            Ok(said) => {
                if let Some(why) = said.lost {
                    draft.say("conditions.url", Level::Lossy, why);
                }
                draft.who.extend(said.condition.map(|url| if not { json!({ "not": url }) } else { url }));
            }
            Err(why) => draft.say("conditions.url", Level::Rejected, why),
        }
    }
    let mut devices = Vec::new();
    for (nth, device) in conditions["deviceTypes"].as_array().into_iter().flatten().enumerate() {
        let device = device.as_str().unwrap_or_default().to_lowercase();
        if matches!(device.as_str(), "desktop" | "mobile" | "tablet") {
            devices.push(device);
        } else {
            draft.say(
                &format!("conditions.deviceTypes[{nth}]"),
                Level::Dropped,
                "desktop, tablet and mobile are told apart",
            );
        }
    }
    if devices.is_empty() {
        return;
    }
    match conditions["deviceTypesMatchType"].as_str() {
        Some("is_not" | "not_icontains") => draft.who.push(json!({ "not": { "device": devices } })),
        Some("regex" | "not_regex") => {
            draft.say("conditions.deviceTypesMatchType", Level::Rejected, "no regular expressions")
        }
        _ => draft.who.push(json!({ "device": devices })),
    }
}

/// What a prompt has no place for.
fn left(survey: &Value, draft: &mut Draft) {
    match survey["type"].as_str() {
        Some("api") => {
            draft.say("type", Level::Rejected, "polku.prompt.open(id) opens it; what draws it is the widget alone")
        }
        Some("external_survey") => {
            draft.say("type", Level::Rejected, "there is no page of its own: polku.prompt.open(id) opens it")
        }
        _ => {}
    }
    let flags = "there are no feature flags and no cohorts; polku.variant and {\"variant\"} tell trials apart";
    draft.all(
        survey,
        "",
        &["linked_flag_key", "targeting_flag_key", "targeting_flag_filters", "linked_flag_id"],
        Level::Rejected,
        flags,
    );
    draft.all(&survey["conditions"], "conditions", &["linkedFlagVariant"], Level::Rejected, flags);
    if survey["feature_flag_keys"].as_array().into_iter().flatten().any(|flag| is_set(&flag["value"])) {
        draft.say("feature_flag_keys", Level::Rejected, flags);
    }
    let counted = "nobody counts answers on the page: take the prompt out when there are enough";
    draft.all(
        survey,
        "",
        &["responses_limit", "response_sampling_limit", "response_sampling_interval"],
        Level::Dropped,
        counted,
    );
    draft.all(survey, "", &["end_date"], Level::Dropped, "a prompt ends when it is taken out");
    draft.all(survey, "", &["enable_iframe_embedding"], Level::Dropped, "there is no page of its own");
    if survey["enable_partial_responses"] == json!(false) {
        draft.say("enable_partial_responses", Level::Lossy, "each answer leaves with its Send");
    }
}
