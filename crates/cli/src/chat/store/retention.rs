//! Erases conversations: on request, and when their days are over.

use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior};

const DAY: i64 = 24 * 60 * 60;
/// A page keeps a conversation's name for 30 days; so long, and longer, it is told that the conversation is gone.
const REMEMBERED: i64 = 60 * DAY;

/// Whether there was a conversation of this name.
pub(super) fn is_erased(connection: &Connection, name: &str) -> rusqlite::Result<bool> {
    connection
        .prepare_cached("SELECT 1 FROM erased WHERE name = ?1")?
        .query_row([name], |_| Ok(()))
        .optional()
        .map(|row| row.is_some())
}

/// Deletes all of a conversation, and leaves its name behind.
pub(super) fn erase(connection: &Connection, id: Option<i64>, name: &str, now: i64) -> rusqlite::Result<()> {
    if let Some(id) = id {
        connection.prepare_cached("DELETE FROM entries WHERE conversation = ?1")?.execute([id])?;
        connection.prepare_cached("DELETE FROM conversations WHERE id = ?1")?.execute([id])?;
    }
    connection
        .prepare_cached("INSERT INTO erased (name, until) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?
        .execute((name, now + REMEMBERED))
        .map(|_| ())
}

/// The same by the inbox's number; `false` when there is none.
pub(super) fn erase_id(connection: &Connection, id: i64, now: i64) -> rusqlite::Result<bool> {
    let name: Option<String> = connection
        .prepare_cached("SELECT name FROM conversations WHERE id = ?1")?
        .query_row([id], |row| row.get(0))
        .optional()?;
    let Some(name) = name else { return Ok(false) };
    erase(connection, Some(id), &name, now)?;
    Ok(true)
}

/// Deletes every conversation in which nothing was said for `days` days, and names that no page knows any longer. Answers how many conversations went.
pub(super) fn purge(connection: &mut Connection, now: i64, days: i64) -> rusqlite::Result<usize> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let over: Vec<(i64, String)> = transaction
        .prepare_cached("SELECT id, name FROM conversations WHERE touched <= ?1")?
        .query_map([now - days * DAY], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    for (id, name) in &over {
        erase(&transaction, Some(*id), name, now)?;
    }
    transaction.execute("DELETE FROM erased WHERE until <= ?1", [now])?;
    transaction.execute("DELETE FROM waits WHERE at <= ?1", [now - DAY])?;
    transaction.commit()?;
    Ok(over.len())
}
