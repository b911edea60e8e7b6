//! What ingest is held against: the same rows, written into the same tables by statements alone. Nobody is answered, nothing is asked for first.

use super::{reason, schema};
use crate::collector::batch::{Batch, Event};
use crate::failure::Failure;
use rusqlite::{Connection, params};
use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// Batches in one transaction: as many as the collector would write together at best.
const GROUP: usize = 128;

/// A database that is only written.
pub(crate) struct Plain {
    file: PathBuf,
    connection: Connection,
    /// Journeys and legs that have a row.
    known: HashSet<String>,
}

impl Plain {
    /// A new database with the collector's tables.
    pub(crate) fn open(file: &Path) -> Result<Self, Failure> {
        let failed = |why: rusqlite::Error| Failure::Database(file.to_path_buf(), reason(&why));
        let mut connection = schema::open(file).map_err(failed)?;
        schema::migrate(&mut connection).map_err(failed)?;
        Ok(Self { file: file.to_path_buf(), connection, known: HashSet::new() })
    }

    /// Inserts the rows of these batches.
    pub(crate) fn insert(&mut self, batches: &[Batch]) -> Result<(), Failure> {
        self.write(batches).map_err(|why| Failure::Database(self.file.clone(), reason(&why)))
    }

    fn write(&mut self, batches: &[Batch]) -> rusqlite::Result<()> {
        for group in batches.chunks(GROUP) {
            let transaction = self.connection.transaction()?;
            let mut journeys = transaction.prepare_cached(
                "INSERT INTO journeys (key, id, started, first_hour, expires_hour, sent, stage, device, lang, consent) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            )?;
            let mut events = transaction.prepare_cached(
                "INSERT INTO events (key, journey, leg, seq, at, name, lens, stage, page, data, received_hour) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            )?;
            let mut legs = transaction.prepare_cached(
                "INSERT INTO legs (key, journey, leg, batch_sent, captured, sent, queued, dropped) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?;
            for Batch { key, sent, ttl_days, journey, loss, events: touches } in group {
                let hour = sent.unwrap_or_default() / 3_600;
                if self.known.insert(journey.id.clone()) {
                    journeys.execute(params![
                        key,
                        journey.id,
                        journey.started.unwrap_or_default(),
                        hour,
                        hour + ttl_days * 24,
                        sent,
                        journey.stage,
                        journey.device,
                        journey.lang,
                        journey.consent
                    ])?;
                }
                for touch in touches.iter().flatten() {
                    let Event::Touch(touch) = touch else { continue };
                    events.execute(params![
                        key,
                        journey.id,
                        journey.leg,
                        touch.seq,
                        touch.at,
                        touch.name,
                        touch.lens,
                        touch.stage,
                        touch.page,
                        touch.data,
                        hour
                    ])?;
                }
                if let Some(loss) = loss.as_ref().filter(|_| self.known.insert(journey.id.clone() + &journey.leg)) {
                    legs.execute(params![
                        key,
                        journey.id,
                        journey.leg,
                        sent.unwrap_or_default(),
                        loss.captured,
                        loss.sent,
                        loss.queued,
                        loss.dropped
                    ])?;
                }
            }
            drop((journeys, events, legs));
            transaction.commit()?;
        }
        Ok(())
    }
}
