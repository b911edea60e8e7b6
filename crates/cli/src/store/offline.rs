//! The database without a server, or beside one: for the commands that read it whole, and that forget.

use super::{Event, JourneyRecord, Scope, erase, hour_now, query, readers, reason, retention, schema, stated};
use crate::failure::Failure;
use crate::statements::Statements;
use rusqlite::{Connection, TransactionBehavior};
use std::ops::Range;
use std::path::Path;
use std::time::Duration;

/// Reads the journeys that began in this time, the oldest first, as they are at one moment, until `step` has had enough.
///
/// # Errors
/// When there is no such database, or it cannot be read.
pub fn read(
    file: &Path,
    scope: &Scope,
    began: Range<i64>,
    mut step: impl FnMut(JourneyRecord, Vec<Event>) -> bool,
) -> Result<(), Failure> {
    let connection = there(file).and_then(|()| readers::open(file).map_err(|why| failed(file, &why)))?;
    is_current(file, &connection)?;
    let view = connection.unchecked_transaction().map_err(|why| failed(file, &why))?;
    query::each(&view, scope, began, &mut step).map_err(|why| failed(file, &why))
}

/// What the shop of a key states; of an empty key, what holds for all shops.
///
/// # Errors
/// When there is no such database, or it cannot be read.
pub fn statements(file: &Path, key: &str) -> Result<Statements, Failure> {
    let connection = there(file).and_then(|()| readers::open(file).map_err(|why| failed(file, &why)))?;
    is_current(file, &connection)?;
    stated::read(&connection, key).map(|stated| stated.statements).map_err(|why| failed(file, &why))
}

/// What became of a journey that was to be forgotten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Erased {
    /// It is gone.
    Gone,
    /// It is not there; where a key was named, nothing of it will be taken any more.
    NotThere,
}

/// Forgets journeys, of all keys or of one, and what the file still holds of them.
///
/// # Errors
/// When there is no such database, or it cannot be written.
pub fn forget(file: &Path, key: Option<&str>, ids: &[String]) -> Result<Vec<Erased>, Failure> {
    there(file)?;
    let mut connection = schema::open(file).map_err(|why| failed(file, &why))?;
    is_current(file, &connection)?;
    let erased = forget_all(&mut connection, key, ids).map_err(|why| failed(file, &why))?;
    // A server that runs may be reading; it empties the log itself when it stops.
    let tries = 10;
    if !(0..tries).any(|_| retention::forget(&connection) || pause()) {
        eprintln!(
            "polku: a server is reading: the journeys are gone, and the last of them leaves {}-wal with its next changes",
            file.display()
        );
    }
    Ok(erased)
}

fn pause() -> bool {
    std::thread::sleep(Duration::from_millis(200));
    false
}

fn forget_all(connection: &mut Connection, key: Option<&str>, ids: &[String]) -> rusqlite::Result<Vec<Erased>> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut all = Vec::new();
    for id in ids {
        let keys: Vec<String> = transaction
            .prepare_cached("SELECT key FROM journeys WHERE id = ?1 AND (?2 IS NULL OR key = ?2)")?
            .query_map((id, key), |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        for key in keys.iter().map(String::as_str).chain(key) {
            erase::erase(&transaction, key, id, hour_now())?;
        }
        all.push(if keys.is_empty() { Erased::NotThere } else { Erased::Gone });
    }
    transaction.commit()?;
    Ok(all)
}

/// SQLite would make a new file of a name that was mistyped.
fn there(file: &Path) -> Result<(), Failure> {
    if file.is_file() { Ok(()) } else { Err(Failure::Database(file.to_path_buf(), "there is no such file".to_owned())) }
}

fn is_current(file: &Path, connection: &Connection) -> Result<(), Failure> {
    match schema::age(connection).map_err(|why| failed(file, &why))? {
        std::cmp::Ordering::Equal => Ok(()),
        std::cmp::Ordering::Greater => Err(Failure::DatabaseNewer(file.to_path_buf())),
        std::cmp::Ordering::Less => Err(Failure::Database(
            file.to_path_buf(),
            "its tables are of an older polku, or not ours; polku serve updates them".to_owned(),
        )),
    }
}

fn failed(file: &Path, why: &rusqlite::Error) -> Failure {
    Failure::Database(file.to_path_buf(), reason(why))
}
