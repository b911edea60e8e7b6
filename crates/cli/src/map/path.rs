//! A journey as a line of stops: what a person would draw of it.

use super::answers;
use super::journey::Money;
use super::touchpoints::{self, Role};
use crate::store::Event;
use serde::Serialize;
use serde_json::Value;

/// Stops of one journey that are sent. Nobody reads more at a glance; all events are one click away.
const MAX_STOPS: usize = 60;

const PAGE_VIEW: &str = "page_view";

/// One stop.
#[derive(Debug, Clone, Default, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Stop {
    /// `touchpoint`, `friction`, `prompt`, `purchase`.
    pub kind: &'static str,
    /// Name of the touchpoint, or id of the prompt.
    pub name: String,
    /// Stage it lies in.
    pub stage: Option<String>,
    /// Lens.
    pub lens: String,
    /// Milliseconds since the journey started.
    pub at: Option<i64>,
    /// How often in a row.
    pub n: u32,
    /// Score of the first scored answer of a prompt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score: Option<i64>,
    /// Kind of that question.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ask: Option<String>,
    /// Whether a prompt got an answer.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub answered: bool,
    /// What was paid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub money: Option<Money>,
    /// Run of the prompt; only for joining.
    #[serde(skip)]
    sub: String,
    /// Document that it happened in; only for telling a page from what is on it.
    #[serde(skip)]
    leg: String,
}

/// The stops of a journey, from its events in order.
pub fn of(events: &[Event]) -> Vec<Stop> {
    let mut stops: Vec<Stop> = Vec::new();
    for event in events {
        match touchpoints::role(&event.name) {
            Role::Bookkeeping => (),
            Role::Prompt => prompt(&mut stops, event),
            Role::Friction => push(&mut stops, stop("friction", event)),
            Role::Touchpoint if event.name == "purchase" => {
                let mut stop = stop("purchase", event);
                stop.money = Money::of(event);
                push(&mut stops, stop);
            }
            Role::Touchpoint => push(&mut stops, stop("touchpoint", event)),
        }
    }
    for answer in answers::of(events) {
        if let Some(stop) = stops.iter_mut().find(|stop| stop.kind == "prompt" && stop.sub == answer.sub) {
            stop.answered = true;
            if stop.score.is_none() && answer.score.is_some() {
                stop.score = answer.score;
                stop.ask = Some(answer.ask);
            }
        }
    }
    stops.truncate(MAX_STOPS);
    stops
}

fn stop(kind: &'static str, event: &Event) -> Stop {
    Stop {
        kind,
        name: touchpoints::label(event),
        stage: event.stage.clone(),
        lens: touchpoints::lens(event).to_owned(),
        at: event.at,
        n: 1,
        leg: event.leg.clone(),
        ..Stop::default()
    }
}

/// One stop per run of a prompt, where it was shown.
fn prompt(stops: &mut Vec<Stop>, event: &Event) {
    let sub = answers::sub(event);
    if stops.iter().any(|stop| stop.kind == "prompt" && stop.sub == sub) {
        return;
    }
    let name = event.data.get("prompt").and_then(Value::as_str).unwrap_or("prompt").to_owned();
    stops.push(Stop { name, sub, ..stop("prompt", event) });
}

/// The same again is the same stop. A page view that says nothing but where the next thing happened is no stop at all,
/// except the first: that is where the shopper came in.
fn push(stops: &mut Vec<Stop>, next: Stop) {
    let came_in = stops.len() == 1;
    if let Some(last) = stops.last_mut() {
        let page_view = last.name == PAGE_VIEW;
        if (last.kind, &last.name, &last.stage) == (next.kind, &next.name, &next.stage) && !(page_view && came_in) {
            last.n += 1;
            return;
        }
        if is_beside(&next, last) {
            return;
        }
        if page_view && next.name != PAGE_VIEW && next.kind != "friction" && !came_in {
            stops.pop();
            return push(stops, next);
        }
    }
    stops.push(next);
}

/// "Goes well with": a list that a product page carries along is not where the shopper went.
fn is_beside(next: &Stop, last: &Stop) -> bool {
    next.name == "view_item_list" && last.name == "view_item" && next.leg == last.leg
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn event(name: &str, stage: &str, data: Value) -> Event {
        Event {
            name: name.into(),
            stage: Some(stage.into()),
            data: data.as_object().cloned().unwrap_or_default(),
            ..Event::default()
        }
    }

    #[test]
    fn a_walk_becomes_the_line_that_a_person_would_draw() {
        let none = json!({});
        let events = [
            event("page_view", "awareness", none.clone()),
            event("stage_enter", "awareness", none.clone()),
            event("page_view", "awareness", none.clone()),
            event("stage_enter", "consideration", none.clone()),
            event("view_item", "consideration", none.clone()),
            event("view_item_list", "consideration", none.clone()),
            event("page_view", "consideration", none.clone()),
            event("view_item", "consideration", none.clone()),
            event("add_to_cart", "decision", none.clone()),
            event("payment_declined", "decision", none.clone()),
            event("page_view", "decision", none.clone()),
            event("purchase", "decision", json!({"value":48,"currency":"EUR"})),
            event("prompt_shown", "decision", json!({"prompt":"nps","sub":"s"})),
            event("prompt_answer", "decision", json!({"prompt":"nps","sub":"s","step":"q1","ask":"nps","score":9})),
            event("prompt_closed", "decision", json!({"prompt":"nps","sub":"s","reason":"completed"})),
        ];
        let line: Vec<_> = of(&events).into_iter().map(|stop| (stop.kind, stop.name, stop.n, stop.score)).collect();
        let line: Vec<_> = line.iter().map(|(kind, name, n, score)| (*kind, name.as_str(), *n, *score)).collect();
        assert_eq!(
            line,
            [
                ("touchpoint", "page_view", 1, None),
                ("touchpoint", "view_item", 2, None),
                ("touchpoint", "add_to_cart", 1, None),
                ("friction", "payment_declined", 1, None),
                ("purchase", "purchase", 1, None),
                ("prompt", "nps", 1, Some(9)),
            ]
        );
    }
}
