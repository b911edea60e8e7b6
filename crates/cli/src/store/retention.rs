//! Deletes journeys, and words of tickets, whose days are over.

use super::{erase, imported, schema};
use crate::collector::batch::MAX_TTL_DAYS;
use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior};
use std::time::Duration;

/// Deletes every journey, every tombstone and all words of tickets that have expired at this hour. Answers how much went but for tombstones.
pub(super) fn purge(connection: &mut Connection, hour: i64) -> rusqlite::Result<usize> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let expired: Vec<(String, String)> = transaction
        .prepare_cached("SELECT key, id FROM journeys WHERE expires_hour <= ?1")?
        .query_map([hour], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    for (key, id) in &expired {
        erase::delete(&transaction, key, id)?;
    }
    transaction.execute("DELETE FROM erased WHERE expires_hour <= ?1", [hour])?;
    let words = imported::purge(&transaction, hour)?;
    transaction.commit()?;
    Ok(expired.len() + words)
}

/// Lets no journey stay for more than `days` days from its first batch on, and no words of a ticket for more from their day on: the shop may
/// have chosen fewer than it had. Commands that write beside the server find the number in the database.
pub(super) fn shorten(connection: &Connection, days: i64) -> rusqlite::Result<()> {
    connection.execute(
        "UPDATE journeys SET expires_hour = first_hour + ?1 WHERE expires_hour > first_hour + ?1",
        [days * 24],
    )?;
    connection.execute(
        "INSERT INTO own (name, value) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = excluded.value",
        (DAYS, days.to_string().into_bytes()),
    )?;
    imported::shorten(connection, days)
}

/// How many days the shop keeps things for.
pub(super) fn days(connection: &Connection) -> rusqlite::Result<i64> {
    let told: Option<Vec<u8>> =
        connection.query_row("SELECT value FROM own WHERE name = ?1", [DAYS], |row| row.get(0)).optional()?;
    let told = told.and_then(|bytes| String::from_utf8(bytes).ok()?.parse().ok());
    Ok(told.unwrap_or(MAX_TTL_DAYS))
}

/// Under which name that stands.
const DAYS: &str = "retention";

/// Empties the write-ahead log, where deleted rows would otherwise stay readable until it is next reused. `false` when a
/// reader is in the way: it is not waited for, since all senders would wait as well.
pub(crate) fn forget(connection: &Connection) -> bool {
    let _ = connection.busy_timeout(Duration::ZERO);
    let done = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0));
    let _ = connection.busy_timeout(schema::PATIENCE);
    done == Ok(0)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::{ingest, schema};
    use super::*;
    use crate::collector::batch::Batch;

    #[test]
    fn a_journey_goes_when_its_days_are_over_and_so_does_a_tombstone() {
        let dir = tempfile::tempdir().unwrap();
        let mut connection = schema::open(&dir.path().join("a.sqlite")).unwrap();
        schema::migrate(&mut connection).unwrap();
        let store = |id: &str, days: u32, name: &str, data: &str| {
            let text = format!(
                r#"{{"polku":1,"key":"k","batch":"b","ttl_days":{days},"journey":{{"id":"{id}","leg":"aaaaa"}},
                    "events":[{{"seq":1,"name":"{name}","data":{data}}}]}}"#
            );
            let batch = Batch::parse(text.as_bytes()).unwrap();
            ingest::ingest(&connection, &batch, 1000, &mut ingest::Revision::default()).unwrap().reply.accepted
        };
        assert_eq!(store("0000000000000001", 1, "page_view", "{}"), 1);
        assert_eq!(store("0000000000000002", 30, "page_view", "{}"), 1);
        assert_eq!(store("0000000000000003", 30, "erase", r#"{"journeys":["0000000000000004"]}"#), 1);
        let rows = |connection: &Connection, table: &str| -> i64 {
            connection.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
        };
        shorten(&connection, 20).unwrap();
        let expires = |id: &str| -> i64 {
            connection.query_row("SELECT expires_hour FROM journeys WHERE id = ?1", [id], |row| row.get(0)).unwrap()
        };
        assert_eq!((expires("0000000000000001"), expires("0000000000000002")), (1024, 1000 + 20 * 24));
        assert_eq!(purge(&mut connection, 1023).unwrap(), 0);
        assert_eq!(purge(&mut connection, 1024).unwrap(), 1);
        assert_eq!(
            (rows(&connection, "journeys"), rows(&connection, "events"), rows(&connection, "erased")),
            (1, 1, 1)
        );
        assert_eq!(purge(&mut connection, 1000 + 400 * 24).unwrap(), 1);
        assert_eq!((rows(&connection, "events"), rows(&connection, "erased")), (0, 0));
    }
}
