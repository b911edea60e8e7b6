//! What the newest journeys tell of how a shop is set up. Nothing is stored for it.

use super::Scope;
use super::query::WITHIN;
use rusqlite::Connection;
use serde_json::Value;
use std::collections::BTreeMap;

/// So many journeys are looked at, the newest.
const LOOKED_AT: u32 = 5_000;

/// What they tell.
#[derive(Debug, Default, PartialEq)]
pub struct Signs {
    /// Journeys that were looked at.
    pub of: u64,
    /// Who reported the consent to `measure`, with how many journeys.
    pub reporters: BTreeMap<String, u64>,
    /// Journeys without consent: answers that were sent alone.
    pub alone: u64,
    /// When the newest event happened, Unix seconds, as the shopper's own clock was set right by the batch that brought it.
    pub last: Option<i64>,
}

/// Looks at the journeys of these shops, or of one of them.
pub(super) fn read(connection: &Connection, scope: &Scope) -> rusqlite::Result<Signs> {
    let mut signs = Signs::default();
    let mut statement = connection.prepare_cached(&format!(
        "SELECT consent FROM journeys WHERE {WITHIN} ORDER BY started DESC, rowid DESC LIMIT ?2"
    ))?;
    let mut rows = statement.query((scope.json(), LOOKED_AT))?;
    while let Some(row) = rows.next()? {
        let consent: Option<String> = row.get(0)?;
        signs.of += 1;
        let consent: Option<Value> = consent.and_then(|text| serde_json::from_str(&text).ok());
        match consent.as_ref().and_then(|consent| consent.get("measure")) {
            None => signs.alone += 1,
            Some(measure) => {
                let by = measure.get("by").and_then(Value::as_str).unwrap_or_default();
                *signs.reporters.entry(by.to_owned()).or_default() += 1;
            }
        }
    }
    // The newest event is of a journey that changed last, or (where old ones arrive late) of one that began last.
    for order in ["changed", "started"] {
        let mut statement = connection.prepare_cached(&format!(
            "SELECT started, (SELECT max(at) FROM events WHERE events.key = journeys.key AND journey = id) FROM journeys
             WHERE {WITHIN} ORDER BY {order} DESC LIMIT 20"
        ))?;
        let mut rows = statement.query([scope.json()])?;
        while let Some(row) = rows.next()? {
            let (started, at): (i64, Option<i64>) = (row.get(0)?, row.get(1)?);
            signs.last = signs.last.max(Some(started + at.unwrap_or_default() / 1000));
        }
    }
    Ok(signs)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::{ingest, schema};
    use super::*;
    use crate::collector::batch::Batch;
    use serde_json::json;

    #[test]
    fn reporters_are_counted_and_the_newest_event_is_the_last() {
        let dir = tempfile::tempdir().unwrap();
        let mut connection = schema::open(&dir.path().join("a.sqlite")).unwrap();
        schema::migrate(&mut connection).unwrap();
        let store = |id: i64, key: &str, consent: Value, started: i64, at: i64| {
            let mut batch = json!({"polku":1,"key":key,"batch":"b","sent":started,
                "journey":{"id":format!("{id:016}"),"leg":"aaaaa","started":started},
                "events":[{"seq":1,"at":at,"name":"page_view"}]});
            if consent.is_object() {
                batch["journey"]["consent"] = consent;
            }
            let batch = Batch::parse(batch.to_string().as_bytes()).unwrap();
            ingest::ingest(&connection, &batch, 1000, &mut ingest::Revision::default()).unwrap();
        };
        let by = |who: &str| json!({"measure":{"by":who,"hour":498_690}});
        store(1, "a", by("cookiebot"), 6_000, 90_000);
        store(2, "a", by("cookiebot"), 1_200, 0);
        store(3, "a", Value::Null, 1_260, 0);
        store(4, "b", by("api"), 90_000, 5_000);
        let signs = read(&connection, &Scope::keys(vec!["a".into()])).unwrap();
        assert_eq!((signs.of, signs.alone, signs.last), (3, 1, Some(6_090)));
        assert_eq!(signs.reporters, [("cookiebot".to_owned(), 2)].into());
        assert_eq!(read(&connection, &Scope::All).unwrap().last, Some(90_005));
        assert_eq!(read(&connection, &Scope::keys(vec!["c".into()])).unwrap(), Signs::default());
    }
}
