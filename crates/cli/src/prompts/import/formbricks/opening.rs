//! When Formbricks opens a survey, for whom, and how often.

use serde_json::{Value, json};

use super::super::address::{Way, condition};
use super::super::colour;
use super::super::draft::{Draft, is_set};
use super::super::event::touchpoint;
use super::super::report::Level;

pub(super) fn read(survey: &Value, actions: &Value, draft: &mut Draft) {
    limits(survey, draft);
    triggers(survey, actions, draft);
    sample(survey, draft);
    place(survey, draft);
    styling(&survey["styling"], draft);
}

fn limits(survey: &Value, draft: &mut Draft) {
    let days = survey["recontactDays"].as_u64();
    if days.is_some_and(|days| days > 395) {
        draft.say("recontactDays", Level::Lossy, "395 days at most: nobody is remembered longer");
    }
    let days = days.map(|days| days.min(395));
    match survey["displayOption"].as_str() {
        Some("displayOnce") => draft.put("limits", "max", json!(1)),
        Some("displayMultiple") => draft.put("limits", "max", json!(100)),
        Some("displaySome") => {
            draft.put("limits", "max", json!(survey["displayLimit"].as_u64().unwrap_or(1).clamp(1, 100)))
        }
        Some("respondMultiple") => {
            draft.put("limits", "max", json!(100));
            draft.put("limits", "afterAnswer", json!(days.unwrap_or(0)));
        }
        _ => {}
    }
    if let Some(days) = days {
        draft.put("limits", "cooldownDays", json!(days));
    }
}

fn sample(survey: &Value, draft: &mut Draft) {
    let Some(share) = survey["displayPercentage"].as_f64() else { return };
    if share > 0.0 && share < 100.0 {
        // In millionths, which is how finely shoppers are told apart.
        let share = (share * 10_000.0).round().max(1.0) / 1_000_000.0;
        draft.who.push(json!({ "sample": share }));
        draft.say("displayPercentage", Level::Ok, "the same shoppers every time, not drawn anew");
    } else if share != 100.0 {
        draft.say("displayPercentage", Level::Dropped, "no share of the shoppers");
    }
}

fn place(survey: &Value, draft: &mut Draft) {
    for part in ["projectOverwrites", "workspaceOverwrites"] {
        let of = &survey[part];
        draft.all(
            of,
            part,
            &["darkOverlay", "overlay", "clickOutsideClose"],
            Level::Dropped,
            "the page below stays as it is",
        );
        for (field, name) in [("brandColor", "--polku-accent"), ("highlightBorderColor", "--polku-focus")] {
            colour::say(draft, &of[field], &format!("{part}.{field}"), name, false);
        }
    }
    let places = [
        ("placement", &survey["placement"]),
        ("projectOverwrites.placement", &survey["projectOverwrites"]["placement"]),
        ("workspaceOverwrites.placement", &survey["workspaceOverwrites"]["placement"]),
    ];
    let Some((path, place)) = places.into_iter().find_map(|(path, place)| Some((path, place.as_str()?))) else {
        return;
    };
    if matches!(place, "bottomLeft" | "topLeft") {
        draft.put("ui", "position", json!("bottom-start"));
    }
    if !matches!(place, "bottomLeft" | "bottomRight") {
        draft.say(path, Level::Lossy, "it stands in a corner at the bottom");
    }
}

fn styling(styling: &Value, draft: &mut Draft) {
    let names = [
        ("brandColor", "--polku-accent"),
        ("questionColor", "--polku-text"),
        ("inputColor", "--polku-surface-2"),
        ("inputBorderColor", "--polku-border"),
        ("cardBackgroundColor", "--polku-surface"),
        ("cardBorderColor", "--polku-hairline"),
        ("highlightBorderColor", "--polku-focus"),
        ("cardShadowColor", ""),
    ];
    for (field, name) in names {
        for (shade, dark) in [("light", false), ("dark", true)] {
            colour::say(draft, &styling[field][shade], &format!("styling.{field}.{shade}"), name, dark);
        }
    }
    for field in ["roundness", "cardArrangement", "background", "hideProgressBar", "logo"] {
        if is_set(&styling[field]) {
            colour::say(draft, &styling[field], &format!("styling.{field}"), "", false);
        }
    }
}

/// The addresses of a trigger: conditions, all of which must hold or one.
type Addresses = (bool, Vec<Value>);

fn triggers(survey: &Value, actions: &Value, draft: &mut Draft) {
    let (mut any, mut launchers) = (Vec::new(), Vec::new());
    let mut places: Vec<(String, Addresses)> = Vec::new();
    for (nth, trigger) in survey["triggers"].as_array().into_iter().flatten().enumerate() {
        let path = format!("triggers[{nth}]");
        let class = class(trigger, actions);
        let config = &class["noCodeConfig"];
        let seconds =
            || config["timeInSeconds"].as_u64().or_else(|| config["pageDwell"]["seconds"].as_u64()).unwrap_or(30);
        let opens = match config["type"].as_str() {
            Some("exitIntent") => Ok(json!({ "on": "exit_intent" })),
            Some("fiftyPercentScroll") => Ok(json!({ "on": "scroll", "percent": 50 })),
            Some("pageView") => Ok(json!({ "on": "page_view" })),
            Some("pageDwell") => Ok(json!({ "on": "time", "seconds": seconds().clamp(1, 3600) })),
            Some("click") => Err("a click opens a prompt where ui.launcher names what is clicked by a selector"),
            _ => by_name(trigger, class).ok_or("which touchpoint this is, only the shop knows: write it in when"),
        };
        match (opens, Draft::selector(&config["elementSelector"]["cssSelector"])) {
            (Ok(opens), _) => any.push(opens),
            (Err(_), Some(selector)) if config["type"] == json!("click") => launchers.push(selector.to_owned()),
            (Err(why), _) => {
                draft.say(&path, Level::Dropped, why);
                continue;
            }
        }
        places.push((path.clone(), addresses(config, draft, &path)));
    }
    if !launchers.is_empty() {
        draft.put("ui", "launcher", json!(launchers.join(", ")));
    }
    whereabouts(places, draft);
    delay(survey, any, draft);
}

/// The action of a trigger: in it, beside the surveys by its name, or the trigger itself.
fn class<'a>(trigger: &'a Value, actions: &'a Value) -> &'a Value {
    let class = if trigger["actionClass"].is_object() { &trigger["actionClass"] } else { trigger };
    if class["noCodeConfig"].is_object() || class["type"].is_string() {
        return class;
    }
    let same = |field: &str, other: &Value| is_set(&class[field]) && class[field] == other[field];
    let known = actions.as_array().into_iter().flatten().find(|other| same("id", other) || same("name", other));
    known.unwrap_or(class)
}

/// Triggers that say by their name what they are.
fn by_name(trigger: &Value, class: &Value) -> Option<Value> {
    match trigger.as_str() {
        Some("Exit Intent (Desktop)") => return Some(json!({ "on": "exit_intent" })),
        Some("50% Scroll") => return Some(json!({ "on": "scroll", "percent": 50 })),
        Some("New Session") => return Some(json!({ "on": "page_views", "count": 1 })),
        _ => {}
    }
    let name = trigger.as_str().or_else(|| class["key"].as_str()).or_else(|| class["name"].as_str())?;
    touchpoint(name).map(|name| json!({ "on": name }))
}

fn addresses(config: &Value, draft: &mut Draft, path: &str) -> Addresses {
    let all = config["urlFiltersConnector"] == json!("and");
    let (mut conditions, mut everywhere) = (Vec::new(), false);
    for (nth, filter) in config["urlFilters"].as_array().into_iter().flatten().enumerate() {
        let here = format!("{path}.urlFilters[{nth}]");
        let (way, not) = match filter["rule"].as_str() {
            Some("exactMatch") => (Way::Exact, false),
            Some("contains") => (Way::Contains, false),
            Some("startsWith") => (Way::Begins, false),
            Some("endsWith") => (Way::Ends, false),
            Some("notMatch") => (Way::Exact, true),
            Some("notContains") => (Way::Contains, true),
            Some("matchesRegex") => (Way::Pattern, false),
            _ => {
                draft.say(&here, Level::Dropped, "no such rule");
                continue;
            }
        };
        match condition(way, filter["value"].as_str().unwrap_or_default(), false) {
            Ok(said) => {
                if let Some(why) = said.lost {
                    draft.say(&format!("{here}.value"), Level::Lossy, why);
                }
                match said.condition {
                    Some(url) if not => conditions.push(json!({ "not": url })),
                    Some(url) => conditions.push(url),
                    None => everywhere = true,
                }
            }
            Err(why) => draft.say(&here, Level::Dropped, why),
        }
    }
    // One of several that holds everywhere makes the others idle.
    if everywhere && !all {
        conditions.clear();
    }
    (all, conditions)
}

/// Ours asks where of the whole prompt, not of each trigger.
fn whereabouts(mut places: Vec<(String, Addresses)>, draft: &mut Draft) {
    if places.iter().any(|(_, (_, conditions))| conditions.is_empty()) {
        for (path, (_, conditions)) in places {
            if !conditions.is_empty() {
                let why = "another trigger is for every page, and ours are for the same: say it in who";
                draft.say(&format!("{path}.urlFilters"), Level::Dropped, why);
            }
        }
        return;
    }
    places.dedup_by(|(_, one), (_, other)| one == other);
    let alone = |(all, mut conditions): Addresses| match (all, conditions.len()) {
        (_, 1) => conditions.remove(0),
        (true, _) => json!({ "all": conditions }),
        (false, _) => json!({ "any": conditions }),
    };
    match places.len() {
        0 => {}
        1 => match places.remove(0).1 {
            (true, conditions) => draft.who.extend(conditions),
            one => draft.who.push(alone(one)),
        },
        _ => {
            draft.say("triggers", Level::Lossy, "each had addresses of its own; now each is for the addresses of all");
            let any: Vec<Value> = places.into_iter().map(|(_, one)| alone(one)).collect();
            draft.who.push(json!({ "any": any }));
        }
    }
}

fn delay(survey: &Value, any: Vec<Value>, draft: &mut Draft) {
    let delay = survey["delay"].as_u64().filter(|delay| *delay > 0);
    if any.is_empty() {
        if delay.is_some() {
            draft.say("delay", Level::Dropped, "nothing opens it after which it could wait");
        }
        return;
    }
    draft.put("when", "any", json!(any));
    if let Some(delay) = delay {
        if delay > 600 {
            draft.say("delay", Level::Lossy, "ten minutes at most");
        }
        draft.put("when", "delayMs", json!(delay.min(600) * 1000));
    }
}
