//! Rows of what was imported.

use super::What;
use super::rows::Row;
use crate::imported::day;
use crate::store::imported::{COSTS, Imported, ORDERS, Shape, TEXTS, TICKETS, TOUCHPOINTS};
use serde_json::{Value, json};

/// Where rows of this kind are; none where they are of journeys.
pub(super) fn shape(what: What) -> Option<&'static Shape> {
    match what {
        What::Touchpoints => Some(&TOUCHPOINTS),
        What::Tickets => Some(&TICKETS),
        What::TicketTexts => Some(&TEXTS),
        What::Orders => Some(&ORDERS),
        What::Costs => Some(&COSTS),
        What::Events | What::Journeys | What::Answers => None,
    }
}

/// The names of the columns: those that `polku import` knows.
pub(super) fn names(what: What) -> &'static [&'static str] {
    match what {
        What::Touchpoints => &["key", "source", "day", "kind", "stage", "sentiment", "count"],
        What::Tickets => &["key", "source", "day", "channel", "theme", "emotion", "count"],
        What::TicketTexts => &["key", "source", "day", "channel", "themes", "emotion", "lang", "text"],
        What::Orders => &["key", "source", "day", "orders", "value", "currency"],
        What::Costs => &["key", "source", "from", "to", "door", "campaign", "cost", "currency"],
        What::Events | What::Journeys | What::Answers => &[],
    }
}

/// A row.
pub(super) fn row(what: What, of: &Imported) -> Row {
    let text = |at: usize| match of.text(at) {
        "" => Value::Null,
        text => json!(text),
    };
    let day = |at: usize| json!(day::name(of.number(at)));
    let money = |at: usize| json!(of.number(at) as f64 / 100.0);
    let values = match what {
        What::Touchpoints => vec![day(1), text(0), text(2), text(3), json!(of.number(4))],
        What::Tickets => vec![day(1), text(0), text(2), text(3), json!(of.number(4))],
        What::TicketTexts => vec![day(1), text(0), text(3), text(4), text(5), text(2)],
        What::Orders => vec![day(1), json!(of.number(2)), money(3), text(0)],
        What::Costs => vec![day(3), day(4), text(0), text(1), money(5), text(2)],
        What::Events | What::Journeys | What::Answers => Vec::new(),
    };
    let source = if of.source.is_empty() { Value::Null } else { json!(of.source) };
    let values = [json!(of.key), source].into_iter().chain(values);
    names(what).iter().copied().zip(values).collect()
}
