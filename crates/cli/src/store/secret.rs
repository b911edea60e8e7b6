//! The key that the server signs with: drawn once, kept in the database.

use crate::access::sign::random;
use rusqlite::{Connection, OptionalExtension as _};

const NAME: &str = "signing key";

/// The key of this database; drawn where there is none yet.
pub(super) fn of(connection: &Connection) -> rusqlite::Result<[u8; 32]> {
    let drawn = random().map_err(|why| rusqlite::Error::ToSqlConversionFailure(why.into()))?;
    connection.execute("INSERT INTO own (name, value) VALUES (?1, ?2) ON CONFLICT DO NOTHING", (NAME, drawn))?;
    let kept = connection.query_row("SELECT value FROM own WHERE name = ?1", [NAME], |row| row.get(0)).optional()?;
    Ok(kept.unwrap_or(drawn))
}
