//! Stores what pages post. A message is stored once for each number, whoever sends it and however often.

use super::entry::{self, Entry};
use super::{Found, Standing, retention};
use polku_core::desk::Body;
use rusqlite::{Connection, OptionalExtension as _, Row};

/// Entries of one conversation. A talk has some dozens; beyond this somebody fills the disk.
const MOST_ENTRIES: i64 = 5_000;

/// What became of a post.
#[derive(Clone, Debug, PartialEq)]
pub enum Posted {
    /// It is stored.
    Taken {
        /// The inbox's number of the conversation.
        id: i64,
        /// The entries of the messages in the post.
        entries: Vec<Entry>,
        /// The last entry of the conversation.
        last: i64,
        /// Something was new.
        changed: bool,
    },
    /// The conversation is erased now, as it asked for.
    Forgotten {
        /// The inbox's number of it, where there was one.
        id: Option<i64>,
    },
    /// It had been erased, or is over since long.
    Erased,
    /// There is none of this name, and the post begins none.
    Unknown,
    /// It is as long as a conversation may be.
    Full,
}

fn read(row: &Row<'_>) -> rusqlite::Result<Standing> {
    Ok(Standing {
        id: row.get(0)?,
        person: row.get(1)?,
        waiting: row.get::<_, Option<i64>>(2)?.is_some(),
        ended: row.get(3)?,
        last: row.get(4)?,
    })
}

/// How the conversation of this number stands.
pub(super) fn standing(connection: &Connection, id: i64) -> rusqlite::Result<Option<Standing>> {
    connection
        .prepare_cached("SELECT id, person, waiting, ended, last FROM conversations WHERE id = ?1")?
        .query_row([id], read)
        .optional()
}

/// The conversation of this name.
pub(super) fn find(connection: &Connection, name: &str) -> rusqlite::Result<Found> {
    let here = connection
        .prepare_cached("SELECT id, person, waiting, ended, last FROM conversations WHERE name = ?1")?
        .query_row([name], read)
        .optional()?;
    match here {
        Some(standing) => Ok(Found::Here(standing)),
        None if retention::is_erased(connection, name)? => Ok(Found::Erased),
        None => Ok(Found::Unknown),
    }
}

/// Stores a post.
pub(super) fn post(connection: &Connection, name: &str, body: &Body, now: i64) -> rusqlite::Result<Posted> {
    let found = find(connection, name)?;
    if found == Found::Erased {
        return Ok(Posted::Erased);
    }
    if body.forget {
        let id = if let Found::Here(standing) = &found { Some(standing.id) } else { None };
        // One that never was has a tombstone as well: its first message may still be on the way.
        retention::erase(connection, id, name, now)?;
        return Ok(Posted::Forgotten { id });
    }
    let (id, mut last, mut ended) = match found {
        Found::Here(standing) => (standing.id, standing.last, standing.ended),
        _ if body.say.is_empty() => return Ok(Posted::Unknown),
        _ => (begin(connection, name, body, now)?, 0, false),
    };
    if last + i64::try_from(body.say.len()).unwrap_or(i64::MAX) > MOST_ENTRIES {
        return Ok(Posted::Full);
    }
    let mut entries = Vec::with_capacity(body.say.len());
    let mut changed = false;
    for message in &body.say {
        if let Some(known) = entry::of_number(connection, id, message.n)? {
            entries.push(known);
            continue;
        }
        last += 1;
        changed = true;
        let new = Entry {
            seq: last,
            at: now,
            by: "shopper".into(),
            n: Some(message.n),
            name: None,
            text: Some(message.text.clone()),
            what: None,
        };
        entry::add(connection, id, &new, None)?;
        entries.push(new);
        if ended {
            // Whoever answers it now takes it up anew.
            connection
                .prepare_cached("UPDATE conversations SET ended = 0, person = NULL, waiting = ?2 WHERE id = ?1")?
                .execute((id, now))?;
            ended = false;
        }
    }
    describe(connection, id, body)?;
    changed |= body.journey.is_some();
    if body.end && !ended {
        let entry = end(connection, id, now)?;
        last += 1;
        changed = true;
        entries.extend(entry);
    }
    Ok(Posted::Taken { id, entries, last, changed })
}

fn begin(connection: &Connection, name: &str, body: &Body, now: i64) -> rusqlite::Result<i64> {
    connection
        .prepare_cached(
            "INSERT INTO conversations (name, key, begun, touched, last, seen, waiting, ended) VALUES (?1, ?2, ?3, ?3, 0, 0, ?3, 0)",
        )?
        .execute((name, &body.key, now))?;
    Ok(connection.last_insert_rowid())
}

/// Where the shopper is now; and the path, once it was sent along.
fn describe(connection: &Connection, id: i64, body: &Body) -> rusqlite::Result<()> {
    let journey = body.journey.as_ref().and_then(|journey| serde_json::to_string(journey).ok());
    connection
        .prepare_cached(
            "UPDATE conversations SET lang = coalesce(?2, lang), page = coalesce(?3, page), journey = coalesce(?4, journey) WHERE id = ?1",
        )?
        .execute((id, &body.lang, &body.page, journey))
        .map(|_| ())
}

/// Ends a conversation, unless it is; gives the entry that says so.
pub(super) fn end(connection: &Connection, id: i64, now: i64) -> rusqlite::Result<Option<Entry>> {
    let Some(standing) = standing(connection, id)?.filter(|standing| !standing.ended) else { return Ok(None) };
    let entry = Entry {
        seq: standing.last + 1,
        at: now,
        by: "house".into(),
        n: None,
        name: None,
        text: None,
        what: Some("ended".into()),
    };
    entry::add(connection, id, &entry, None)?;
    connection
        .prepare_cached("UPDATE conversations SET ended = 1, waiting = NULL, person = NULL WHERE id = ?1")?
        .execute([id])?;
    Ok(Some(entry))
}
