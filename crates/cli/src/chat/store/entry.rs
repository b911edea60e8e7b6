//! What was said, in order.

use rusqlite::{Connection, OptionalExtension as _, Row};
use serde::Serialize;

/// One entry of a conversation, as it is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// Its place in the conversation, from 1 and without gaps.
    pub seq: i64,
    /// Unix seconds.
    pub at: i64,
    /// `shopper`, `person`, `bot` or `house`.
    pub by: String,
    /// The number of a shopper's message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub n: Option<i64>,
    /// Who answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// What the house did: `ended`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub what: Option<String>,
}

const COLUMNS: &str = "seq, at, by, n, name, text, what";

fn read(row: &Row<'_>) -> rusqlite::Result<Entry> {
    Ok(Entry {
        seq: row.get(0)?,
        at: row.get(1)?,
        by: row.get(2)?,
        n: row.get(3)?,
        name: row.get(4)?,
        text: row.get(5)?,
        what: row.get(6)?,
    })
}

/// The entries after this one, at most `most`.
pub(super) fn after(connection: &Connection, id: i64, seq: i64, most: u32) -> rusqlite::Result<Vec<Entry>> {
    connection
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM entries WHERE conversation = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3"
        ))?
        .query_map((id, seq, most), read)?
        .collect()
}

/// The entry of a shopper's message.
pub(super) fn of_number(connection: &Connection, id: i64, n: i64) -> rusqlite::Result<Option<Entry>> {
    connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM entries WHERE conversation = ?1 AND n = ?2"))?
        .query_row((id, n), read)
        .optional()
}

/// The entry that the inbox sent with this token.
pub(super) fn of_token(connection: &Connection, id: i64, token: &str) -> rusqlite::Result<Option<Entry>> {
    connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM entries WHERE conversation = ?1 AND token = ?2"))?
        .query_row((id, token), read)
        .optional()
}

/// Writes an entry at its place.
pub(super) fn add(connection: &Connection, id: i64, entry: &Entry, token: Option<&str>) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO entries (conversation, seq, at, by, n, token, name, text, what)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute((id, entry.seq, entry.at, &entry.by, entry.n, token, &entry.name, &entry.text, &entry.what))?;
    connection
        .prepare_cached("UPDATE conversations SET last = ?2, touched = max(touched, ?3) WHERE id = ?1")?
        .execute((id, entry.seq, entry.at))
        .map(|_| ())
}
