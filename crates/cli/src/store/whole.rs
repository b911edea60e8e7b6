//! Reads all journeys for the facts of the map, as fast as the machine can: in parts, by several connections.

use super::query::{self, WithEvents};
use super::readers::Readers;
use crate::fan;
use rusqlite::Connection;

/// Rows of journeys in one part.
const PART: i64 = 1_024;

/// Folds all journeys, in the order of their rows; gives back the revision from which on somebody has to look again.
///
/// Each connection sees the database as it is when it begins, so that a part may know more than the revision says: that is read again, and the same comes of it.
pub(super) fn read<T>(
    readers: &Readers,
    connection: &Connection,
    start: T,
    mut step: impl FnMut(&mut T, super::JourneyRecord, Vec<super::Event>),
) -> rusqlite::Result<(T, i64)> {
    let revision = connection.query_row("SELECT n FROM revision", [], |row| row.get(0))?;
    let (first, last): (i64, i64) =
        connection.query_row("SELECT coalesce(min(rowid), 0), coalesce(max(rowid), -1) FROM journeys", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    let parts = u64::try_from((last - first + PART) / PART).unwrap_or_default();
    let hand = || {
        let mut own: Option<Connection> = None;
        move |part: u64| -> rusqlite::Result<Vec<WithEvents>> {
            let connection = match own.take() {
                Some(connection) => connection,
                None => readers.take()?,
            };
            let from = first + i64::try_from(part).unwrap_or_default() * PART;
            let read = query::part(&connection, from..from + PART);
            own = Some(connection);
            read
        }
    };
    let mut total = start;
    fan::out(parts, hand, |read| {
        for part in read {
            for (journey, events) in part? {
                step(&mut total, journey, events);
            }
        }
        Ok::<(), rusqlite::Error>(())
    })?;
    Ok((total, revision))
}
