//! What may leave and what may be stored, as `table.json` beside this file says: the one list by which every test with a batch in its hands judges
//! it, and from which the pages for privacy notices are made. A member that is not in it has no business in a batch.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use serde::Deserialize;
use serde_json::{Map, Value};

/// In English and in Finnish.
#[derive(Deserialize)]
pub(crate) struct Said {
    pub(crate) en: String,
    pub(crate) fi: String,
}

/// Members of a batch that leave for the same reason.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sent {
    /// What they are members of.
    pub(crate) of: String,
    pub(crate) members: Vec<String>,
    /// The states in which they may leave: `measure`, `remember`, `answer` (one that its shopper sent without `measure`), `erase`.
    pub(crate) when: Vec<String>,
    pub(crate) holds: Said,
    pub(crate) why: Said,
}

/// A place on the shopper's device.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Stored {
    /// `cookie`, `localStorage` or `sessionStorage`.
    #[serde(rename = "where")]
    pub(crate) place: String,
    /// The key; one with a colon at its end is the beginning of keys.
    pub(crate) key: String,
    /// The states in which it may be there: `measure`, `remember`, `quiet`.
    pub(crate) when: Vec<String>,
    pub(crate) until: Said,
    pub(crate) holds: Said,
    pub(crate) why: Said,
}

/// The table.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Table {
    pub(crate) sent: Vec<Sent>,
    pub(crate) stored: Vec<Stored>,
}

/// The table, read once.
pub(crate) fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| serde_json::from_str(include_str!("table.json")).expect("tests/leaves/table.json"))
}

type States = BTreeMap<(String, String), BTreeSet<String>>;

fn rows() -> &'static States {
    static ROWS: OnceLock<States> = OnceLock::new();
    ROWS.get_or_init(|| {
        let mut rows = States::new();
        for row in &table().sent {
            for member in &row.members {
                let states = rows.entry((row.of.clone(), member.clone())).or_default();
                states.extend(row.when.iter().cloned());
            }
        }
        rows
    })
}

/// What of `batch` the table does not know, or not in this state: a sentence for each. Nothing where all is in it.
pub(crate) fn strangers(batch: &Value) -> Vec<String> {
    let events = batch["events"].as_array().map(Vec::as_slice).unwrap_or_default();
    let first = events.first().map(|event| &event["name"]);
    let states: &[&str] = match first {
        Some(name) if name == "erase" => &["erase"],
        _ if batch.get("loss").is_some() => &["measure", "remember"],
        _ => &["answer"],
    };
    let mut found = Vec::new();
    let mut look = |of: &str, holder: &Value, within: &[&str]| {
        for member in holder.as_object().into_iter().flat_map(Map::keys) {
            let known = rows().get(&(of.to_owned(), member.clone()));
            if !within.contains(&member.as_str())
                && known.is_none_or(|may| !states.iter().any(|state| may.contains(*state)))
            {
                found.push(format!("{member} of {of} may not leave with {}: {holder}", states[0]));
            }
        }
    };
    look("batch", batch, &["journey", "loss", "events"]);
    look("journey", &batch["journey"], &["consent"]);
    for decision in batch["journey"]["consent"].as_object().into_iter().flat_map(Map::values) {
        look("consent", decision, &[]);
    }
    look("loss", &batch["loss"], &[]);
    for event in events {
        look("event", event, &["data"]);
        let (name, data) = (event["name"].as_str().unwrap_or_default(), &event["data"]);
        let own = rows().keys().any(|(of, _)| of == name);
        look(
            if own {
                name
            } else if data.get("confidence").is_some() {
                "friction"
            } else {
                "touchpoint"
            },
            data,
            &[],
        );
        for item in data["items"].as_array().into_iter().flatten() {
            look("item", item, &[]);
        }
    }
    found
}

/// Whether `key` may be at `place` where these states hold.
pub(crate) fn may_be_stored(place: &str, key: &str, states: &[&str]) -> bool {
    table().stored.iter().any(|row| {
        let same = row.key == key || row.key.ends_with(':') && key.starts_with(&row.key);
        row.place == place && same && row.when.iter().any(|state| states.contains(&state.as_str()))
    })
}
