//! What the shop states, one document for each key.

use crate::statements::{Stated, Statements};
use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior};

/// The document of a key; an empty one of revision 0 where nothing was ever stated.
pub(super) fn read(connection: &Connection, key: &str) -> rusqlite::Result<Stated> {
    let row: Option<(i64, String)> = connection
        .prepare_cached("SELECT revision, document FROM statements WHERE key = ?1")?
        .query_row([key], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((revision, document)) = row else { return Ok(Stated::default()) };
    // It was checked before it was written; what a newer polku wrote in it comes with newer tables.
    let statements = serde_json::from_str(&document)
        .map_err(|why| rusqlite::Error::FromSqlConversionFailure(1, rusqlite::types::Type::Text, Box::new(why)))?;
    Ok(Stated { revision, statements })
}

/// Writes it in the place of a revision; gives back the new one, or the one that is there in its place.
pub(super) fn write(
    connection: &mut Connection,
    key: &str,
    known: i64,
    statements: &Statements,
) -> rusqlite::Result<Result<i64, i64>> {
    let document =
        serde_json::to_string(statements).map_err(|why| rusqlite::Error::ToSqlConversionFailure(Box::new(why)))?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let there: Option<i64> = transaction
        .prepare_cached("SELECT revision FROM statements WHERE key = ?1")?
        .query_row([key], |row| row.get(0))
        .optional()?;
    let there = there.unwrap_or_default();
    if there != known {
        return Ok(Err(there));
    }
    transaction
        .prepare_cached(
            "INSERT INTO statements (key, revision, document) VALUES (?1, ?2, ?3)
             ON CONFLICT (key) DO UPDATE SET revision = excluded.revision, document = excluded.document",
        )?
        .execute((key, there + 1, document))?;
    transaction.commit()?;
    Ok(Ok(there + 1))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::schema;
    use super::*;
    use crate::statements::Change;

    #[test]
    fn a_revision_is_replaced_once() {
        let dir = tempfile::tempdir().unwrap();
        let mut connection = schema::open(&dir.path().join("a.sqlite")).unwrap();
        schema::migrate(&mut connection).unwrap();
        assert_eq!(read(&connection, "").unwrap(), Stated::default());
        let change = Change { on: "2026-11-02".into(), what: "New checkout".into(), stage: None };
        let statements = Statements { changes: vec![change], ..Statements::default() };
        assert_eq!(write(&mut connection, "a", 0, &statements).unwrap(), Ok(1));
        assert_eq!(write(&mut connection, "a", 0, &Statements::default()).unwrap(), Err(1));
        assert_eq!(read(&connection, "a").unwrap(), Stated { revision: 1, statements });
        assert_eq!(read(&connection, "").unwrap(), Stated::default());
    }
}
