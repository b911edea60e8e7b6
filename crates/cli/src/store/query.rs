//! Reads journeys and their events, in the order in which things happened.

use super::Scope;
use rusqlite::{Connection, Row, Rows};
use serde_json::{Map, Value};
use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// What is stored about a journey itself.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct JourneyRecord {
    /// Where the next page of the list starts.
    pub cursor: Cursor,
    /// The shop's key.
    pub key: String,
    /// Its id.
    pub id: String,
    /// Unix seconds.
    pub started: i64,
    /// The stage when the newest batch was cut.
    pub stage: Option<String>,
    /// Device class.
    pub device: Option<String>,
    /// Language of the page.
    pub lang: Option<String>,
    /// Who reported the consent to `measure` (`""`: somebody without a name); none where none came along.
    pub reporter: Option<String>,
}

/// A place in the list of journeys: its time, and its row where several share the minute.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cursor {
    /// Unix seconds.
    pub started: i64,
    /// Row of the journey.
    pub row: i64,
}

/// Where a journey is found: by its row in the one database, by its name in the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Its row.
    pub row: i64,
    /// The shop's key.
    pub key: String,
    /// Its id.
    pub id: String,
}

/// One stored event.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Event {
    /// The life of an engine in a document.
    pub leg: String,
    /// Number in the leg.
    pub seq: i64,
    /// Milliseconds since the journey started.
    pub at: Option<i64>,
    /// Name of the touchpoint.
    pub name: String,
    /// Lens.
    pub lens: Option<String>,
    /// Stage it happened in.
    pub stage: Option<String>,
    /// Path template.
    pub page: Option<String>,
    /// The rest.
    pub data: Map<String, Value>,
}

/// A journey with its events.
pub(super) type WithEvents = (JourneyRecord, Vec<Event>);

const COLUMNS: &str = "started, rowid, key, id, stage, device, lang, consent";
/// Journeys of these keys, a JSON array; of all where it is NULL.
pub(super) const WITHIN: &str = "(?1 IS NULL OR key IN (SELECT value FROM json_each(?1)))";

/// The newest journeys after a place in the list.
pub(super) fn latest(
    connection: &Connection,
    scope: &Scope,
    limit: u32,
    after: Option<Cursor>,
) -> rusqlite::Result<Vec<WithEvents>> {
    let after = after.unwrap_or(Cursor { started: i64::MAX, row: i64::MAX });
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM journeys WHERE (started, rowid) < (?2, ?3) AND {WITHIN} ORDER BY started DESC, rowid DESC LIMIT ?4"
    ))?;
    with_events(connection, statement.query((scope.json(), after.started, after.row, limit))?)
}

/// These journeys, in this order.
pub(super) fn of_places(connection: &Connection, scope: &Scope, places: &[Place]) -> rusqlite::Result<Vec<WithEvents>> {
    let mut statement =
        connection.prepare_cached(&format!("SELECT {COLUMNS} FROM journeys WHERE rowid = ?2 AND {WITHIN}"))?;
    let mut journeys = Vec::new();
    for place in places {
        journeys.extend(with_events(connection, statement.query((scope.json(), place.row))?)?);
    }
    Ok(journeys)
}

/// The journeys with this id.
pub(super) fn by_id(connection: &Connection, scope: &Scope, id: &str) -> rusqlite::Result<Vec<WithEvents>> {
    let mut statement = connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM journeys WHERE id = ?2 AND {WITHIN} ORDER BY key"))?;
    with_events(connection, statement.query((scope.json(), id))?)
}

/// The journeys that began in this time, the oldest first, one in memory at a time, until `step` answers `false`.
pub(super) fn each(
    connection: &Connection,
    scope: &Scope,
    began: Range<i64>,
    step: &mut impl FnMut(JourneyRecord, Vec<Event>) -> bool,
) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM journeys WHERE started >= ?2 AND started < ?3 AND {WITHIN} ORDER BY started, rowid"
    ))?;
    let mut rows = statement.query((scope.json(), began.start, began.end))?;
    while let Some(row) = rows.next()? {
        let journey = journey_of(row)?;
        let events = events_of(connection, &journey)?;
        if !step(journey, events) {
            break;
        }
    }
    Ok(())
}

/// The journeys that changed after a revision, the oldest first, one in memory at a time; gives back the newest revision.
pub(super) fn changed<T>(
    connection: &Connection,
    start: T,
    after: i64,
    mut step: impl FnMut(&mut T, JourneyRecord, Vec<Event>),
) -> rusqlite::Result<(T, i64)> {
    let (mut total, mut newest) = (start, after);
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS}, changed FROM journeys WHERE changed > ?1 ORDER BY started, rowid"
    ))?;
    let mut rows = statement.query([after])?;
    while let Some(row) = rows.next()? {
        newest = newest.max(row.get(8)?);
        let journey = journey_of(row)?;
        let events = events_for_facts(connection, &journey)?;
        step(&mut total, journey, events);
    }
    Ok((total, newest))
}

/// The journeys of these rows, with what facts are made of.
pub(super) fn part(connection: &Connection, rows: Range<i64>) -> rusqlite::Result<Vec<WithEvents>> {
    let mut statement = connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM journeys WHERE rowid >= ?1 AND rowid < ?2 ORDER BY rowid"))?;
    let mut rows = statement.query((rows.start, rows.end))?;
    let mut journeys = Vec::new();
    while let Some(row) = rows.next()? {
        let journey = journey_of(row)?;
        let events = events_for_facts(connection, &journey)?;
        journeys.push((journey, events));
    }
    Ok(journeys)
}

/// How many journeys there are.
pub(super) fn count(connection: &Connection) -> rusqlite::Result<usize> {
    let count: i64 = connection.prepare_cached("SELECT count(*) FROM journeys")?.query_row([], |row| row.get(0))?;
    Ok(usize::try_from(count).unwrap_or_default())
}

/// The rows of all journeys.
pub(super) fn rows(connection: &Connection) -> rusqlite::Result<HashSet<i64>> {
    connection.prepare_cached("SELECT rowid FROM journeys")?.query_map([], |row| row.get(0))?.collect()
}

fn with_events(connection: &Connection, mut rows: Rows<'_>) -> rusqlite::Result<Vec<WithEvents>> {
    let mut journeys = Vec::new();
    while let Some(row) = rows.next()? {
        let journey = journey_of(row)?;
        let events = events_of(connection, &journey)?;
        journeys.push((journey, events));
    }
    Ok(journeys)
}

fn journey_of(row: &Row<'_>) -> rusqlite::Result<JourneyRecord> {
    let started = row.get(0)?;
    let consent: Option<String> = row.get(7)?;
    Ok(JourneyRecord {
        cursor: Cursor { started, row: row.get(1)? },
        key: row.get(2)?,
        id: row.get(3)?,
        started,
        stage: row.get(4)?,
        device: row.get(5)?,
        lang: row.get(6)?,
        reporter: consent.as_deref().and_then(reporter),
    })
}

/// Who reported the consent to `measure`, in what a batch says of consent.
pub(super) fn reporter(consent: &str) -> Option<String> {
    let consent: Value = serde_json::from_str(consent).ok()?;
    let by = consent.get("measure")?.get("by").and_then(Value::as_str);
    Some(by.unwrap_or_default().to_owned())
}

fn events_of(connection: &Connection, journey: &JourneyRecord) -> rusqlite::Result<Vec<Event>> {
    let mut statement = connection.prepare_cached(
        "SELECT leg, seq, at, name, lens, stage, page, data FROM events WHERE key = ?1 AND journey = ?2 \
         ORDER BY rowid",
    )?;
    let mut events = statement
        .query_map((&journey.key, &journey.id), |row| {
            let data: Option<String> = row.get(7)?;
            Ok(Event {
                leg: row.get(0)?,
                seq: row.get(1)?,
                at: row.get(2)?,
                name: row.get(3)?,
                lens: row.get(4)?,
                stage: row.get(5)?,
                page: row.get(6)?,
                data: data.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default(),
            })
        })?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    in_order(&mut events);
    Ok(events)
}

/// Events of which no fact is made but that they were there.
const COUNTED: [&str; 3] = ["web_vitals", "page_engagement", "stage_enter"];

/// What a summary begins with.
#[derive(serde::Deserialize)]
struct Head {
    #[serde(default)]
    tab: String,
    #[serde(default)]
    rev: i64,
}

/// The events of a journey without what no fact is made of: half of all that is stored, and most of the time that a million journeys take. Pages are left out, and the data
/// of what is only counted; of summaries that a later one of their tab replaces there are `tab` and `rev`.
fn events_for_facts(connection: &Connection, journey: &JourneyRecord) -> rusqlite::Result<Vec<Event>> {
    let mut statement = connection.prepare_cached(
        "SELECT leg, seq, at, name, lens, stage, data FROM events WHERE key = ?1 AND journey = ?2 ORDER BY rowid",
    )?;
    let mut rows = statement.query((&journey.key, &journey.id))?;
    let mut events = Vec::new();
    let mut summaries: Vec<(usize, Head, String)> = Vec::new();
    while let Some(row) = rows.next()? {
        let name: String = row.get(3)?;
        let data = row.get_ref(6)?.as_str_or_null()?.unwrap_or_default();
        let mut known = Map::new();
        if name == "journey_summary" {
            let head = serde_json::from_str(data).unwrap_or(Head { tab: String::new(), rev: 0 });
            summaries.push((events.len(), head, data.to_owned()));
        } else if !data.is_empty() && !COUNTED.contains(&name.as_str()) {
            known = serde_json::from_str(data).unwrap_or_default();
        }
        events.push(Event {
            leg: row.get(0)?,
            seq: row.get(1)?,
            at: row.get(2)?,
            name,
            lens: row.get(4)?,
            stage: row.get(5)?,
            page: None,
            data: known,
        });
    }
    for (place, head, data) in &summaries {
        let replaced = summaries.iter().any(|(_, other, _)| other.tab == head.tab && other.rev > head.rev);
        events[*place].data = if replaced {
            Map::from_iter([("tab".to_owned(), head.tab.as_str().into()), ("rev".to_owned(), head.rev.into())])
        } else {
            serde_json::from_str(data).unwrap_or_default()
        };
    }
    in_order(&mut events);
    Ok(events)
}

/// Time decides; where two legs share a moment, the leg that began first, then the one that was heard of first (`events` come in
/// the order of their arrival), then the number in it.
pub(super) fn in_order(events: &mut [Event]) {
    let mut legs: HashMap<String, (Option<i64>, usize)> = HashMap::new();
    for (arrival, event) in events.iter().enumerate() {
        let (start, _) = legs.entry(event.leg.clone()).or_insert((event.at, arrival));
        *start = (*start).min(event.at);
    }
    events.sort_by_cached_key(|event| (event.at, legs.get(&event.leg).copied(), event.seq));
}

impl Cursor {
    /// Reads `started.row`, as the list writes it.
    pub fn parse(text: &str) -> Option<Self> {
        let (started, row) = text.split_once('.')?;
        Some(Self { started: started.parse().ok()?, row: row.parse().ok()? })
    }
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.started, self.row)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn order_is_time_then_the_older_leg_then_the_number() {
        let event = |leg: &str, seq, at| Event { leg: leg.into(), seq, at: Some(at), ..Event::default() };
        let mut events = vec![
            event("aaaaa", 1, 500),
            event("bbbbb", 3, 900),
            event("bbbbb", 2, 500),
            event("bbbbb", 1, 0),
            event("aaaaa", 2, 500),
        ];
        in_order(&mut events);
        let order: Vec<_> = events.iter().map(|event| (event.leg.as_str(), event.seq)).collect();
        assert_eq!(order, [("bbbbb", 1), ("bbbbb", 2), ("aaaaa", 1), ("aaaaa", 2), ("bbbbb", 3)]);
    }

    #[test]
    fn legs_that_begin_at_one_moment_stay_as_they_came() {
        let event = |leg: &str, seq| Event { leg: leg.into(), seq, at: Some(0), ..Event::default() };
        let mut events = vec![event("zzzzz", 1), event("zzzzz", 2), event("aaaaa", 1), event("mmmmm", 1)];
        in_order(&mut events);
        let order: Vec<_> = events.iter().map(|event| event.leg.as_str()).collect();
        assert_eq!(order, ["zzzzz", "zzzzz", "aaaaa", "mmmmm"]);
    }

    #[test]
    fn who_reported_consent_is_read() {
        let by = |consent: &str| reporter(consent);
        assert_eq!(by(r#"{"measure":{"by":"api","hour":1}}"#).as_deref(), Some("api"));
        assert_eq!(by(r#"{"measure":{"by":7}}"#).as_deref(), Some(""));
        assert_eq!(by(r#"{"contact":{"by":"api"}}"#), None);
        assert_eq!(by("?"), None);
    }

    #[test]
    fn a_cursor_survives_the_way_through_an_address() {
        let cursor = Cursor { started: 1_795_284_000, row: 42 };
        assert_eq!(Cursor::parse(&cursor.to_string()), Some(cursor));
        for bad in ["", "1", "a.b", "1.", ".1", "1.2.3"] {
            assert_eq!(Cursor::parse(bad), None, "{bad}");
        }
    }
}
