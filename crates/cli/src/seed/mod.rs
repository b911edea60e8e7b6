//! `polku serve --seed-demo N`: an empty database is filled with journeys of simulated shoppers, so that the map can be tried out, and held against what
//! is known to be true ([`truths`]).
//!
//! A shopper is a few decisions drawn by dice ([`shopper`]), played in a browser without a screen ([`crate::replay::browser`]) in which the engine and the
//! watcher of the pages run; what they send is stored as the collector stores it ([`crate::store::bulk`]).

mod doors;
mod sayings;
mod shopper;
mod truths;

use crate::failure::Failure;
use crate::store::bulk;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use shopper::World;
use std::path::Path;
use std::sync::mpsc::sync_channel;
use std::time::Instant;

/// The shop's key, where the settings name none.
const KEY: &str = "pk_demo";
/// Shoppers that a thread makes in one go,
const TOGETHER: u64 = 64;
/// … and how many goes it may be ahead of the database.
const AHEAD: usize = 8;
/// Threads beyond these would wait for the database.
const THREADS: u64 = 4;

/// Fills an empty database with so many journeys.
///
/// # Errors
/// When the database is not empty, or cannot be written.
pub fn fill(file: &Path, journeys: u64, keys: &[String]) -> Result<(), Failure> {
    let began = Instant::now();
    let key = keys.first().map_or(KEY, String::as_str);
    let world = World::new(key, today());
    let threads = std::thread::available_parallelism().map_or(1, |cores| cores.get() as u64).min(THREADS);
    let stored = std::thread::scope(|scope| {
        // Each thread makes every so manieth go, and they are taken in turn: so the order does not hang on who is faster.
        let lines: Vec<_> = (0..threads)
            .map(|first| {
                let (made, line) = sync_channel(AHEAD);
                let world = &world;
                scope.spawn(move || {
                    let mut goes = (first..).step_by(threads as usize);
                    // Until nobody takes any more.
                    goes.all(|go| {
                        let shoppers = go * TOGETHER..(go + 1) * TOGETHER;
                        made.send(shoppers.flat_map(|number| shopper::live(world, number)).collect::<Vec<_>>()).is_ok()
                    });
                });
                line
            })
            .collect();
        let visits = lines.iter().cycle().map_while(|line| line.recv().ok()).flatten();
        bulk::fill(file, visits.take(usize::try_from(journeys).unwrap_or(usize::MAX)))
    })?;
    tracing::info!(
        journeys = stored.journeys,
        events = stored.events,
        seconds = began.elapsed().as_secs(),
        "filled with simulated journeys"
    );
    Ok(())
}

/// When today begins, UTC, in Unix ms.
fn today() -> u64 {
    let now = Timestamp::now().to_zoned(TimeZone::UTC);
    let midnight = now.start_of_day().map_or(0, |day| day.timestamp().as_millisecond());
    u64::try_from(midnight).unwrap_or_default()
}
