//! What each row holds.

use super::What;
use crate::map::journey::Journey;
use crate::store::{Event, JourneyRecord};
use serde_json::{Value, json};

/// Names and values, in their order.
pub(super) type Row = Vec<(&'static str, Value)>;

const EVENTS: [&str; 11] = ["key", "journey", "started", "leg", "seq", "at", "name", "lens", "stage", "page", "data"];
const JOURNEYS: [&str; 14] = [
    "key", "journey", "started", "device", "lang", "stage", "stages", "events", "purchase", "value", "currency",
    "friction", "answers", "last_at",
];
const ANSWERS: [&str; 12] =
    ["key", "journey", "started", "at", "stage", "prompt", "step", "ask", "scale", "score", "choice", "text"];

/// The names of the columns.
pub(super) fn names(what: What) -> &'static [&'static str] {
    match what {
        What::Events => &EVENTS,
        What::Journeys => &JOURNEYS,
        What::Answers => &ANSWERS,
        other => super::imported::names(other),
    }
}

/// The rows of a journey.
pub(super) fn of(what: What, record: JourneyRecord, events: Vec<Event>, mut row: impl FnMut(Row)) {
    let (key, id, started) = (json!(record.key), json!(record.id), json!(record.started));
    let mut add = |values: Vec<Value>| row(names(what).iter().copied().zip(values).collect());
    match what {
        What::Events => {
            for event in events {
                let Event { leg, seq, at, name, lens, stage, page, data } = event;
                let data = if data.is_empty() { Value::Null } else { Value::Object(data) };
                let event = json!([leg, seq, at, name, lens, stage, page, data]);
                add([key.clone(), id.clone(), started.clone()].into_iter().chain(members(event)).collect());
            }
        }
        What::Journeys => {
            let journey = Journey::fold(record, &events);
            let friction = if journey.friction.is_empty() { Value::Null } else { json!(journey.friction) };
            let of = json!([
                journey.device,
                journey.lang,
                journey.stage,
                journey.stages.join(" > "),
                journey.events,
                journey.purchase,
                journey.value,
                journey.currency,
                friction,
                journey.answers.len(),
                journey.last_at
            ]);
            add([key, id, started].into_iter().chain(members(of)).collect());
        }
        What::Answers => {
            for answer in Journey::fold(record, &events).answers {
                let choice = answer.choice.map(|picked| picked.join("; "));
                let of = json!([
                    answer.at,
                    answer.stage,
                    answer.prompt,
                    answer.step,
                    answer.ask,
                    answer.scale,
                    answer.score,
                    choice,
                    answer.text
                ]);
                add([key.clone(), id.clone(), started.clone()].into_iter().chain(members(of)).collect());
            }
        }
        // These are of no journey.
        What::Touchpoints | What::Tickets | What::TicketTexts | What::Orders | What::Costs => {}
    }
}

fn members(list: Value) -> Vec<Value> {
    match list {
        Value::Array(items) => items,
        other => vec![other],
    }
}
