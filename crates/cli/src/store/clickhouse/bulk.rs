//! Fills tables that hold no journeys: the rows that the writer would insert, in insertions of a size that ClickHouse likes when nobody waits for an answer.

use super::client::{Address, Client, Trouble};
use super::rows::Insert;
use super::write::{Loss, bury, expires, line};
use super::{current, failed};
use crate::collector::batch::{Batch, Event};
use crate::failure::Failure;
use crate::store::bulk::{Stored, Visit};

/// Bytes of rows in one insertion: some ten thousand rows.
const TOGETHER: usize = 16 << 20;
/// Microseconds of an hour.
const HOUR: i64 = 3_600_000_000;

/// Stores visits in tables without journeys, of which none is kept for more than `days`.
///
/// # Errors
/// When there are some, the tables are of a newer version, or cannot be written.
pub(in crate::store) fn fill(
    address: &Address,
    days: i64,
    visits: impl Iterator<Item = Visit>,
) -> Result<Stored, Failure> {
    let client = current(address)?;
    let there = client.all("SELECT uniqExact(key, journey) FROM polku_events").map_err(|why| failed(address, why))?;
    if let Some((there @ 1..,)) = there.first() {
        return Err(Failure::NotEmpty(address.to_string(), *there));
    }
    store(&client, days, visits).map_err(|why| failed(address, why))
}

fn store(client: &Client, days: i64, visits: impl Iterator<Item = Visit>) -> Result<Stored, Trouble> {
    let mut stored = Stored::default();
    let (mut rows, mut losses) = (String::new(), String::new());
    for visit in visits {
        stored.journeys += 1;
        for (batch, hour) in visit {
            stored.events += append(&batch, hour, days, stored.events, &mut rows, &mut losses);
            erase(client, &batch)?;
        }
        if rows.len() > TOGETHER {
            client.insert("polku_events", std::mem::take(&mut rows))?;
            client.insert("polku_losses", std::mem::take(&mut losses))?;
        }
    }
    client.insert("polku_events", rows)?;
    client.insert("polku_losses", losses)?;
    Ok(stored)
}

/// Writes down the rows of a batch; how many events they are.
fn append(batch: &Batch, hour: i64, days: i64, before: u64, rows: &mut String, losses: &mut String) -> u64 {
    let expires = expires(hour, batch.ttl_days, days);
    let mut events = 0;
    for touch in batch.events.iter().filter_map(|event| match event {
        Ok(Event::Touch(touch)) => Some(touch),
        _ => None,
    }) {
        events += 1;
        // The hour of the visit, and a number that counts up.
        let arrived = hour * HOUR + i64::try_from(before + events).unwrap_or(i64::MAX);
        let row = Insert::new(&batch.key, &batch.journey, touch, batch.sent, hour);
        line(rows, &Insert { arrived, expires, ..row });
    }
    if let (1.., Some(loss)) = (events, &batch.loss) {
        line(losses, &Loss::new(batch, loss, expires));
    }
    events
}

/// Forgets the journeys that a batch says are to be forgotten.
fn erase(client: &Client, batch: &Batch) -> Result<(), Trouble> {
    for event in &batch.events {
        if let Ok(Event::Erase { journeys, .. }) = event {
            bury(client, journeys.iter().map(|id| (batch.key.as_str(), id.as_str())))?;
        }
    }
    Ok(())
}
