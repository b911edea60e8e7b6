//! What the inbox reads and writes.

use super::entry::{self, Entry};
use super::post;
use rusqlite::{Connection, OptionalExtension as _, Row};
use serde::Serialize;
use serde_json::value::RawValue;

/// Conversations in the list: more than a person can look through.
const LISTED: u32 = 300;
/// Entries of a thread in one answer.
const THREAD: u32 = 5_001;
/// Characters of the last entry in the list.
const TEASER: usize = 140;
/// First answers that the expected wait is made of, and how old they may be, in seconds: a day.
const WAITS: i64 = 20;
const DAY: i64 = 24 * 60 * 60;

/// A person's answer.
#[derive(Clone, Debug)]
pub struct Said {
    /// Drawn by the inbox for this answer, so that it is stored once.
    pub token: String,
    /// Who says it.
    pub name: Option<String>,
    /// What is said.
    pub text: String,
}

/// A conversation in the list.
#[derive(Clone, Debug, Serialize)]
pub struct Summary {
    /// The inbox's number of it.
    pub id: i64,
    /// The shop's key.
    pub key: String,
    /// Language of the shopper's page.
    pub lang: Option<String>,
    /// The page where the last message was written.
    pub page: Option<String>,
    /// When it began.
    pub begun: i64,
    /// When something was last said.
    pub touched: i64,
    /// The last entry.
    pub last: i64,
    /// Entries of the shopper that the inbox has not shown yet.
    pub unread: i64,
    /// Since when the shopper waits for somebody to take it up.
    pub waiting: Option<i64>,
    /// Who has taken it up.
    pub person: Option<String>,
    /// It is ended.
    pub ended: bool,
    /// A path came along.
    pub journey: bool,
    /// The shopper's page is listening.
    pub here: bool,
    /// Who said the last thing, and how it begins.
    pub teaser: Option<(String, String)>,
}

/// One conversation.
#[derive(Debug, Serialize)]
pub struct Thread {
    /// As in the list.
    #[serde(flatten)]
    pub summary: Summary,
    /// The path that came along.
    pub path: Option<Box<RawValue>>,
    /// What was said.
    pub entries: Vec<Entry>,
}

const COLUMNS: &str = "id, key, lang, page, begun, touched, last,
    (SELECT count(*) FROM entries WHERE conversation = id AND seq > seen AND by = 'shopper'),
    waiting, person, ended, journey IS NOT NULL,
    (SELECT by FROM entries WHERE conversation = id AND text IS NOT NULL ORDER BY seq DESC LIMIT 1),
    (SELECT text FROM entries WHERE conversation = id AND text IS NOT NULL ORDER BY seq DESC LIMIT 1)";

fn read(row: &Row<'_>) -> rusqlite::Result<Summary> {
    let by: Option<String> = row.get(12)?;
    let text: Option<String> = row.get(13)?;
    Ok(Summary {
        id: row.get(0)?,
        key: row.get(1)?,
        lang: row.get(2)?,
        page: row.get(3)?,
        begun: row.get(4)?,
        touched: row.get(5)?,
        last: row.get(6)?,
        unread: row.get(7)?,
        waiting: row.get(8)?,
        person: row.get(9)?,
        ended: row.get(10)?,
        journey: row.get(11)?,
        here: false,
        teaser: by.zip(text.map(|text| text.chars().take(TEASER).collect())),
    })
}

/// Those who wait first, the longest first; then those that are under way, the newest first; the ended ones last.
pub(super) fn list(connection: &Connection) -> rusqlite::Result<Vec<Summary>> {
    connection
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM conversations
             ORDER BY waiting IS NULL, waiting, CASE WHEN waiting IS NOT NULL THEN id END, ended, touched DESC, id DESC LIMIT ?1"
        ))?
        .query_map([LISTED], read)?
        .collect()
}

pub(super) fn thread(connection: &Connection, id: i64, seq: i64) -> rusqlite::Result<Option<Thread>> {
    let found = connection
        .prepare_cached(&format!("SELECT {COLUMNS}, journey FROM conversations WHERE id = ?1"))?
        .query_row([id], |row| Ok((read(row)?, row.get::<_, Option<String>>(14)?)))
        .optional()?;
    let Some((summary, journey)) = found else { return Ok(None) };
    let path = journey.and_then(|journey| RawValue::from_string(journey).ok());
    Ok(Some(Thread { summary, path, entries: entry::after(connection, id, seq, THREAD)? }))
}

/// Stores an answer, and takes the conversation up; `None` when it is erased.
pub(super) fn say(connection: &Connection, id: i64, said: &Said, now: i64) -> rusqlite::Result<Option<Entry>> {
    let Some(standing) = post::standing(connection, id)? else { return Ok(None) };
    if let Some(known) = entry::of_token(connection, id, &said.token)? {
        return Ok(Some(known));
    }
    let entry = Entry {
        seq: standing.last + 1,
        at: now,
        by: "person".into(),
        n: None,
        name: said.name.clone(),
        text: Some(said.text.clone()),
        what: None,
    };
    entry::add(connection, id, &entry, Some(&said.token))?;
    connection
        .prepare_cached(
            "INSERT INTO waits (at, seconds) SELECT ?2, max(?2 - waiting, 0) FROM conversations WHERE id = ?1 AND waiting IS NOT NULL",
        )?
        .execute((id, now))?;
    // Somebody without a name has taken it up as well. What was said before is seen: whoever answers has read it.
    connection
        .prepare_cached("UPDATE conversations SET waiting = NULL, ended = 0, person = coalesce(?2, person, ''), seen = ?3 WHERE id = ?1")?
        .execute((id, &said.name, entry.seq))?;
    Ok(Some(entry))
}

/// Never backwards: two people may look at the same conversation.
pub(super) fn seen(connection: &Connection, id: i64, seq: i64) -> rusqlite::Result<bool> {
    connection
        .prepare_cached("UPDATE conversations SET seen = min(?2, last) WHERE id = ?1 AND seen < min(?2, last)")?
        .execute((id, seq))
        .map(|changed| changed == 1)
}

pub(super) fn line(connection: &Connection) -> rusqlite::Result<Vec<i64>> {
    connection
        .prepare_cached("SELECT id FROM conversations WHERE waiting IS NOT NULL ORDER BY waiting, id")?
        .query_map([], |row| row.get(0))?
        .collect()
}

pub(super) fn wait(connection: &Connection) -> rusqlite::Result<Option<i64>> {
    let mut last: Vec<i64> = connection
        .prepare_cached("SELECT seconds FROM waits WHERE at > ?1 ORDER BY rowid DESC LIMIT ?2")?
        .query_map((super::now() - DAY, WAITS), |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    last.sort_unstable();
    Ok(last.get(last.len() / 2).copied())
}
