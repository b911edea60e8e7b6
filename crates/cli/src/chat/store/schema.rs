//! The tables of conversations, and their history. A released migration is never edited; a change is a new one at the end.

use crate::store::file;
use rusqlite::{Connection, TransactionBehavior};
use std::path::Path;

const MIGRATIONS: &[&str] = &["
    -- What the command has to remember of itself: the inbox's key.
    CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

    -- `name` is what the shopper's page drew, the only key to the conversation on that side; the inbox knows it by `id`, which is never used twice.
    -- Times are Unix seconds. `waiting` is since when the shopper waits for somebody to take it up; `person` who has.
    CREATE TABLE conversations (
        id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, key TEXT NOT NULL,
        lang TEXT, page TEXT, journey TEXT,
        begun INTEGER NOT NULL, touched INTEGER NOT NULL, last INTEGER NOT NULL, seen INTEGER NOT NULL,
        waiting INTEGER, person TEXT, ended INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX conversations_waiting ON conversations (waiting) WHERE waiting IS NOT NULL;
    CREATE INDEX conversations_touched ON conversations (touched);

    -- One ordered list for each conversation. `n` is the number of a shopper's message, `token` what the inbox drew for one of its own: each is stored once.
    CREATE TABLE entries (
        conversation INTEGER NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL, by TEXT NOT NULL,
        n INTEGER, token TEXT, name TEXT, text TEXT, what TEXT,
        PRIMARY KEY (conversation, seq)
    ) STRICT, WITHOUT ROWID;
    CREATE UNIQUE INDEX entries_n ON entries (conversation, n) WHERE n IS NOT NULL;
    CREATE UNIQUE INDEX entries_token ON entries (conversation, token) WHERE token IS NOT NULL;

    -- Names of conversations that were erased or are over, so that a page which still knows one is told. Nothing else of them.
    CREATE TABLE erased (name TEXT PRIMARY KEY, until INTEGER NOT NULL) STRICT, WITHOUT ROWID;

    -- How long the last shoppers waited for the first answer, in seconds.
    CREATE TABLE waits (at INTEGER NOT NULL, seconds INTEGER NOT NULL) STRICT;
"];

/// Opens the file and brings its tables to the newest version; `None` when they are newer than this program.
pub(super) fn open(path: &Path) -> rusqlite::Result<Option<Connection>> {
    let mut connection = file::open(path)?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let version: u32 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let mut newest = 0;
    for (number, migration) in (1..).zip(MIGRATIONS) {
        if number > version {
            transaction.execute_batch(migration)?;
            transaction.pragma_update(None, "user_version", number)?;
        }
        newest = number;
    }
    if version > newest {
        return Ok(None);
    }
    transaction.commit()?;
    Ok(Some(connection))
}
