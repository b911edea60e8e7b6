//! Writes one batch, inside a transaction that the writer holds.

use super::erase;
use crate::collector::batch::{Batch, Event, Journey, Loss, Touch};
use crate::collector::reply::{Rejected, Reply};
use rusqlite::{Connection, OptionalExtension as _, params};

/// What a batch did.
#[derive(Debug, Default)]
pub(super) struct Done {
    pub(super) reply: Reply,
    /// Whether a reader can see a difference.
    pub(super) changed: bool,
    /// Whether something was deleted for good.
    pub(super) erased: bool,
}

/// The number of all that changes in one transaction, by which whoever follows sees it: drawn where something does.
#[derive(Debug, Default)]
pub(super) struct Revision(Option<i64>);

impl Revision {
    fn draw(&mut self, connection: &Connection) -> rusqlite::Result<i64> {
        if let Some(number) = self.0 {
            return Ok(number);
        }
        let next = "UPDATE revision SET n = n + 1 RETURNING n";
        let number = connection.prepare_cached(next)?.query_row([], |row| row.get(0))?;
        self.0 = Some(number);
        Ok(number)
    }
}

/// Stores the events of a batch, in their order.
pub(super) fn ingest(
    connection: &Connection,
    batch: &Batch,
    hour: i64,
    revision: &mut Revision,
) -> rusqlite::Result<Done> {
    let Batch { key, sent, ttl_days, journey, loss, events } = batch;
    let mut done = Done::default();
    let mut gone = erase::is_erased(connection, key, &journey.id)?;
    // The journey appears with its first good event: a batch of nothing but refusals leaves no trace.
    let mut known = false;
    let mut stored = false;
    for event in events {
        match event {
            Err(rejected) => done.reply.rejected.push(rejected.clone()),
            Ok(Event::Erase { journeys, .. }) => {
                let mut news = false;
                for id in journeys {
                    news |= erase::erase(connection, key, id, hour)?;
                }
                if journeys.contains(&journey.id) {
                    gone = true;
                    known = false;
                }
                if news {
                    done.reply.accepted += 1;
                } else {
                    done.reply.duplicate += 1;
                }
                done.erased |= news;
                done.changed |= news;
            }
            Ok(Event::Touch(touch)) if gone => {
                done.reply.rejected.push(Rejected { seq: Some(touch.seq), why: "erased" });
            }
            Ok(Event::Touch(touch)) => {
                known = true;
                if insert_event(connection, key, &journey.id, &journey.leg, touch, hour)? {
                    done.reply.accepted += 1;
                    stored = true;
                } else {
                    done.reply.duplicate += 1;
                }
            }
        }
    }
    if known {
        done.changed |= stored;
        if stored || is_news(connection, key, *sent, journey, *ttl_days)? {
            upsert_journey(connection, key, *sent, *ttl_days, journey, hour, revision.draw(connection)?)?;
            done.changed = true;
        }
        if let Some(loss) = loss {
            upsert_loss(connection, key, &journey.id, &journey.leg, sent.unwrap_or(0), loss)?;
        }
    }
    Ok(done)
}

/// Whether a batch of nothing new tells of its journey what was not known.
fn is_news(
    connection: &Connection,
    key: &str,
    sent: Option<i64>,
    journey: &Journey,
    ttl_days: i64,
) -> rusqlite::Result<bool> {
    connection
        .prepare_cached(
            "SELECT 1 FROM journeys WHERE key = ?1 AND id = ?2 AND coalesce(sent <= ?3, sent IS NULL)
               AND (stage, device, lang, consent, sent, expires_hour)
                   IS NOT (coalesce(?4, stage), coalesce(?5, device), coalesce(?6, lang), coalesce(?7, consent), ?3, first_hour + ?8 * 24)",
        )?
        .query_row(params![key, journey.id, sent, journey.stage, journey.device, journey.lang, journey.consent, ttl_days], |_| Ok(()))
        .optional()
        .map(|row| row.is_some())
}

/// Batches arrive in any order, so what changes over a journey is taken from the one that was sent last.
fn upsert_journey(
    connection: &Connection,
    key: &str,
    sent: Option<i64>,
    ttl_days: i64,
    journey: &Journey,
    hour: i64,
    changed: i64,
) -> rusqlite::Result<()> {
    let started = journey.started.unwrap_or(hour * 3600);
    let written = connection
        .prepare_cached(
            "INSERT INTO journeys (key, id, started, first_hour, expires_hour, sent, stage, device, lang, consent, changed)
             VALUES (?1, ?2, ?3, ?4, ?4 + ?5 * 24, ?6, ?7, ?8, ?9, ?10, ?11)
             ON CONFLICT (key, id) DO UPDATE SET changed = ?11, sent = ?6, stage = coalesce(?7, stage), device = coalesce(?8, device),
                lang = coalesce(?9, lang), consent = coalesce(?10, consent), expires_hour = first_hour + ?5 * 24
             WHERE coalesce(sent <= ?6, sent IS NULL)",
        )?
        .execute(params![
            key,
            journey.id,
            started,
            hour,
            ttl_days,
            sent,
            journey.stage,
            journey.device,
            journey.lang,
            journey.consent,
            changed
        ])?;
    if written == 0 {
        // A later batch was here before: the journey has more events, and stands where it stood.
        connection.prepare_cached("UPDATE journeys SET changed = ?3 WHERE key = ?1 AND id = ?2")?.execute((
            key,
            &journey.id,
            changed,
        ))?;
    }
    Ok(())
}

/// `false` when an event with this identity is there already.
fn insert_event(
    connection: &Connection,
    key: &str,
    journey: &str,
    leg: &str,
    touch: &Touch,
    hour: i64,
) -> rusqlite::Result<bool> {
    connection
        .prepare_cached(
            "INSERT INTO events (key, journey, leg, seq, at, name, lens, stage, page, data, received_hour)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
             ON CONFLICT (key, journey, leg, seq) DO NOTHING",
        )?
        .execute(params![
            key,
            journey,
            leg,
            touch.seq,
            touch.at,
            touch.name,
            touch.lens,
            touch.stage,
            touch.page,
            touch.data,
            hour
        ])
        .map(|inserted| inserted == 1)
}

fn upsert_loss(
    connection: &Connection,
    key: &str,
    journey: &str,
    leg: &str,
    batch_sent: i64,
    loss: &Loss,
) -> rusqlite::Result<()> {
    // Two batches of one second: the larger count is the later one, since the counts only grow.
    connection
        .prepare_cached(
            "INSERT INTO legs (key, journey, leg, batch_sent, captured, sent, queued, dropped)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
             ON CONFLICT (key, journey, leg) DO UPDATE SET batch_sent = excluded.batch_sent,
                captured = excluded.captured, sent = excluded.sent, queued = excluded.queued, dropped = excluded.dropped
             WHERE (excluded.batch_sent, excluded.captured, excluded.sent) >= (batch_sent, captured, sent)",
        )?
        .execute(params![key, journey, leg, batch_sent, loss.captured, loss.sent, loss.queued, loss.dropped])
        .map(|_| ())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::schema;
    use super::*;
    use serde_json::json;

    /// A batch of one event, with what the tests look at.
    fn batch(seq: i64, sent: i64, stage: &str, captured: i64) -> Batch {
        let batch = json!({"polku":1,"key":"k","batch":"b","sent":sent,
            "journey":{"id":"0000000000000001","leg":"aaaaa","started":60,"stage":stage,"device":"mobile"},
            "loss":{"captured":captured,"sent":0,"queued":captured,"dropped":{}},
            "events":[{"seq":seq,"at":0,"name":"page_view"}]});
        Batch::parse(batch.to_string().as_bytes()).unwrap()
    }

    #[test]
    fn the_batch_that_was_sent_last_wins_in_whatever_order_they_come() {
        let dir = tempfile::tempdir().unwrap();
        let mut connection = schema::open(&dir.path().join("a.sqlite")).unwrap();
        schema::migrate(&mut connection).unwrap();
        let take = |batch: Batch| ingest(&connection, &batch, 1000, &mut Revision::default());
        assert!(take(batch(2, 200, "decision", 9)).unwrap().changed);
        assert!(take(batch(1, 100, "awareness", 4)).unwrap().changed);
        let (stage, captured): (String, i64) = connection
            .query_row("SELECT stage, captured FROM journeys, legs", [], |row| Ok((row.get(0)?, row.get(1)?)))
            .unwrap();
        assert_eq!((stage.as_str(), captured), ("decision", 9));
        let again = take(batch(2, 200, "decision", 9)).unwrap();
        assert_eq!((again.reply.duplicate, again.changed), (1, false));
        // Sent again later, it says nothing new but where the journey stands.
        assert!(take(batch(2, 300, "retention", 9)).unwrap().changed);
        let (stage, changed): (String, i64) = connection
            .query_row("SELECT stage, changed FROM journeys", [], |row| Ok((row.get(0)?, row.get(1)?)))
            .unwrap();
        assert_eq!((stage.as_str(), changed), ("retention", 4));
        // Sent again with fewer days, it is kept for fewer.
        let mut shorter = batch(2, 300, "retention", 9);
        shorter.ttl_days = 30;
        assert!(take(shorter).unwrap().changed);
        let days: i64 = connection
            .query_row("SELECT (expires_hour - first_hour) / 24 FROM journeys", [], |row| row.get(0))
            .unwrap();
        assert_eq!(days, 30);
        // A batch without a time comes before all that have one.
        let mut timeless = batch(3, 0, "advocacy", 9);
        timeless.sent = None;
        assert!(take(timeless).unwrap().changed);
        let stage: String = connection.query_row("SELECT stage FROM journeys", [], |row| row.get(0)).unwrap();
        assert_eq!(stage, "retention");
    }

    #[test]
    fn the_first_event_of_an_identity_stays() {
        let dir = tempfile::tempdir().unwrap();
        let mut connection = schema::open(&dir.path().join("a.sqlite")).unwrap();
        schema::migrate(&mut connection).unwrap();
        let take = |batch: Batch| ingest(&connection, &batch, 1000, &mut Revision::default());
        take(batch(1, 100, "awareness", 1)).unwrap();
        let mut other = batch(1, 100, "awareness", 1);
        if let Some(Ok(Event::Touch(touch))) = other.events.first_mut() {
            touch.name = "purchase".into();
        }
        assert_eq!(take(other).unwrap().reply.duplicate, 1);
        let name: String = connection.query_row("SELECT name FROM events", [], |row| row.get(0)).unwrap();
        assert_eq!(name, "page_view");
    }
}
