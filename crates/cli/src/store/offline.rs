//! The database without a server, or beside one: for the commands that read it whole, that bring something, and that forget.

use super::clickhouse::{self, Address};
use super::imported::{self, Brought, Imported, Shape, Sheet, Wanted, Whose};
use super::{Event, JourneyRecord, Scope, erase, hour_now, query, readers, reason, retention, schema, stated};
use crate::failure::Failure;
use crate::statements::Statements;
use clap::Args;
use rusqlite::{Connection, TransactionBehavior};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Where journeys are.
#[derive(Debug, Clone, Args)]
pub struct Place {
    /// Database file.
    #[arg(long, value_name = "FILE", default_value = "polku.sqlite")]
    pub db: PathBuf,
    /// ClickHouse server that keeps the journeys, like http://user:password@host:8123/database.
    #[arg(long, value_name = "URL", value_parser = Address::parse, env = "POLKU_CLICKHOUSE", hide_env_values = true)]
    pub clickhouse: Option<Address>,
}

/// Reads the journeys that began in this time, the oldest first, as they are at one moment, until `step` has had enough. Those of
/// ClickHouse come in the order of key and id.
///
/// # Errors
/// When there is no such database, or it cannot be read.
pub fn read(
    place: &Place,
    scope: &Scope,
    began: Range<i64>,
    mut step: impl FnMut(JourneyRecord, Vec<Event>) -> bool,
) -> Result<(), Failure> {
    if let Some(address) = &place.clickhouse {
        return clickhouse::read(address, scope, &began, step);
    }
    let file = place.db.as_path();
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

/// Reads the rows of something imported that lie wholly in these days, as they are at one moment.
///
/// # Errors
/// When there is no such database, or it cannot be read.
pub fn read_imported(
    file: &Path,
    shape: &'static Shape,
    scope: &Scope,
    days: (i64, i64),
) -> Result<Vec<Imported>, Failure> {
    let connection = there(file).and_then(|()| readers::open(file).map_err(|why| failed(file, &why)))?;
    is_current(file, &connection)?;
    let wanted = Wanted { shape, days, newest: None };
    imported::read(&connection, wanted, scope, None).map_err(|why| failed(file, &why))
}

/// What is to be imported, and how.
#[derive(Debug)]
pub struct Import<'a> {
    /// The shop's key; where there is none, the only one of the database.
    pub key: Option<&'a str>,
    /// What the shop calls where it comes from: what one source tells does not replace what another told.
    pub source: &'a str,
    /// The rows.
    pub sheet: &'a Sheet,
    /// What stands beside them, for the same days.
    pub beside: Option<&'a Sheet>,
    /// Days of which nothing else is to remain.
    pub replace: Option<(i64, i64)>,
    /// Take everything back at the end, or where a row was refused.
    pub dry: bool,
    /// Take everything back where a row was refused.
    pub strict: bool,
}

/// What became of an import.
#[derive(Debug)]
pub struct Done {
    /// The key under which it is stored.
    pub key: String,
    /// Nothing else of this key is in the database.
    pub unheard: bool,
    /// What became of the rows.
    pub brought: Brought,
    /// Words that are kept of those that came beside, and those that are too old.
    pub kept: usize,
    /// Days for which words are kept.
    pub days: i64,
}

/// Imports. A server that runs on the same file tells its readers within some seconds.
///
/// # Errors
/// When there is no such database, it cannot be written, or does not say whose the rows are.
pub fn import(file: &Path, import: &Import<'_>) -> Result<Done, Failure> {
    there(file)?;
    let mut connection = schema::open(file).map_err(|why| failed(file, &why))?;
    is_current(file, &connection)?;
    let keys = imported::keys(&connection, MANY).map_err(|why| failed(file, &why))?;
    let key = match (import.key, keys.as_slice()) {
        (Some(key), _) => key.to_owned(),
        (None, [key]) => key.clone(),
        (None, []) => return Err(Failure::Shop("nothing is in the database yet; name the shop with --key".to_owned())),
        (None, several) => {
            let more = if several.len() == MANY { ", …" } else { "" };
            let why = format!("the database is of several shops; say which with --key: {}{more}", several.join(", "));
            return Err(Failure::Shop(why));
        }
    };
    let unheard = !keys.contains(&key) && keys.len() < MANY;
    let done = bring(&mut connection, &key, import).map_err(|why| failed(file, &why))?;
    // Words may have gone, and nobody is waited for who reads.
    retention::forget(&connection);
    Ok(Done { key, unheard, ..done })
}

/// Keys that a sentence names.
const MANY: usize = 8;

fn bring(connection: &mut Connection, key: &str, import: &Import<'_>) -> rusqlite::Result<Done> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let whose = Whose { key, source: import.source };
    let brought = imported::bring(&transaction, whose, import.sheet, import.replace)?;
    let days = retention::days(&transaction)?;
    let mut kept = 0;
    if let Some(beside) = import.beside {
        imported::bring_beside(&transaction, whose, import.sheet, beside, import.replace)?;
        imported::shorten(&transaction, days)?;
        imported::purge(&transaction, hour_now())?;
        // Those whose last hour has not come: as `purge` sees it.
        kept = beside.rows() - beside.before(hour_now().div_euclid(24) - days + 1);
    }
    if !(import.dry || import.strict && !brought.taken.is_empty()) {
        transaction.commit()?;
    }
    Ok(Done { key: String::new(), unheard: false, brought, kept, days })
}

/// Deletes what was imported, of one shop or of all; answers how many rows went.
///
/// # Errors
/// When there is no such database, or it cannot be written.
pub fn erase_imported(
    file: &Path,
    shapes: &[&'static Shape],
    key: Option<&str>,
    days: (i64, i64),
) -> Result<usize, Failure> {
    there(file)?;
    let connection = schema::open(file).map_err(|why| failed(file, &why))?;
    is_current(file, &connection)?;
    let gone = imported::erase(&connection, shapes, key, days).map_err(|why| failed(file, &why))?;
    empty_log(file, &connection);
    Ok(gone)
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
pub fn forget(place: &Place, key: Option<&str>, ids: &[String]) -> Result<Vec<Erased>, Failure> {
    if let Some(address) = &place.clickhouse {
        return clickhouse::forget(address, key, ids);
    }
    let file = place.db.as_path();
    there(file)?;
    let mut connection = schema::open(file).map_err(|why| failed(file, &why))?;
    is_current(file, &connection)?;
    let erased = forget_all(&mut connection, key, ids).map_err(|why| failed(file, &why))?;
    empty_log(file, &connection);
    Ok(erased)
}

/// What is deleted stands in the log until that is emptied. A server that runs may be reading; it empties the log itself when it stops.
fn empty_log(file: &Path, connection: &Connection) {
    let tries = 10;
    if !(0..tries).any(|_| retention::forget(connection) || pause()) {
        eprintln!(
            "polku: a server is reading: what was named is gone, and the last of it leaves {}-wal with its next changes",
            file.display()
        );
    }
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
