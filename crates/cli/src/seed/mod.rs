//! `polku serve --seed-demo N`: an empty database is filled with journeys of simulated shoppers, so that the map can be tried out, and held against what
//! is known to be true ([`truths`]).
//!
//! A shopper is a few decisions drawn by dice ([`shopper`]), played in a browser without a screen ([`crate::replay::browser`]) in which the engine and the
//! watcher of the pages run; what they send is stored as the collector stores it ([`crate::store::bulk`]).

mod doors;
mod sayings;
mod shopper;
mod truths;

use crate::collector::batch::Batch;
use crate::failure::Failure;
use crate::fan;
use crate::store::Address;
use crate::store::bulk::{self, Visit};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use shopper::World;
use std::path::Path;
use std::time::Instant;

/// The shop's key, where the settings name none.
const KEY: &str = "pk_demo";
/// Shoppers that a thread makes in one go.
const TOGETHER: u64 = 64;

/// Fills an empty database with so many journeys: ClickHouse, where it is named, with what it keeps for so many days.
///
/// # Errors
/// When the database is not empty, or cannot be written.
pub fn fill(file: &Path, remote: Option<(&Address, i64)>, journeys: u64, keys: &[String]) -> Result<(), Failure> {
    let began = Instant::now();
    let key = keys.first().map_or(KEY, String::as_str);
    let world = World::new(key, today());
    let makes = || |go: u64| visits(&world, go).iter().map(|sent| arrived(sent)).collect::<Vec<_>>();
    let stored = fan::out(u64::MAX / TOGETHER, makes, |made| {
        bulk::fill(file, remote, made.flatten().take(usize::try_from(journeys).unwrap_or(usize::MAX)))
    })?;
    tracing::info!(
        journeys = stored.journeys,
        events = stored.events,
        seconds = began.elapsed().as_secs(),
        "filled with simulated journeys"
    );
    Ok(())
}

/// The visits of so many shoppers of a shop, a go of them at a time: the batches of each visit, as they are sent.
pub(crate) fn goes(key: &str) -> impl Iterator<Item = Vec<Vec<String>>> {
    let world = World::new(key, today());
    (0..).map(move |go| visits(&world, go))
}

fn visits(world: &World, go: u64) -> Vec<Vec<String>> {
    (go * TOGETHER..(go + 1) * TOGETHER).flat_map(|number| shopper::live(world, number)).collect()
}

/// What the collector makes of a visit, and the hour at which it was sent.
fn arrived(sent: &[String]) -> Visit {
    // What the engine writes is a batch; if it were none, the collector would refuse it as well.
    let batches = sent.iter().filter_map(|body| Batch::parse(body.as_bytes()).ok());
    batches.map(|batch| (batch.sent.unwrap_or_default() / 3_600, batch)).map(|(hour, batch)| (batch, hour)).collect()
}

/// When today begins, UTC, in Unix ms.
fn today() -> u64 {
    let now = Timestamp::now().to_zoned(TimeZone::UTC);
    let midnight = now.start_of_day().map_or(0, |day| day.timestamp().as_millisecond());
    u64::try_from(midnight).unwrap_or_default()
}
