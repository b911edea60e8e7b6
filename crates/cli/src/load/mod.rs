//! `polku judge --ingest` (`cargo xtask bench --ingest`): what the collector bears. Batches of the engine go over HTTP to a `polku serve` of their own, beside a plain
//! insert of the same rows into a database of the same kind: both by turns, so that a busy machine is busy for both.

mod client;
mod server;

use crate::cli::JudgeOptions;
use crate::collector::batch::{Batch, Event};
use crate::failure::Failure;
use crate::seed;
use crate::store::plain::Plain;
use client::Client;
use serde_json::{Value, json};
use server::Server;
use std::collections::HashSet;
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

/// Events in one round, and rounds: a million in all.
const ROUND: usize = 125_000;
const ROUNDS: usize = 8;
/// How long half of the load is held.
const CALM: Duration = Duration::from_secs(10);
/// The shop's key.
const KEY: &str = "pk_load";

/// Ingest is at least so many times as fast as a plain insert,
const RATIO: f64 = 0.5;
/// … and takes so many events a second.
const RATE: f64 = 5_000.0;
/// 99 of 100 batches are answered within so many ms at half the load.
const P99: f64 = 50.0;
/// Memory after a million events is at most so many times what it is after the first eighth of them.
const GROWTH: f64 = 1.2;

/// Batches of a round, each event once.
struct Round {
    bodies: Vec<String>,
    parsed: Vec<Batch>,
    events: usize,
}

/// Runs it, and judges.
///
/// # Errors
/// When a gate is missed, or something could not be run.
pub fn run(options: &JudgeOptions) -> Result<(), Failure> {
    let found = measure()?;
    let text = if options.json { format!("{found}\n") } else { table(&found) };
    std::io::stdout().write_all(text.as_bytes()).map_err(Failure::Stream)?;
    let missed: Vec<&str> = found["gates"].as_array().into_iter().flatten().filter_map(missed).collect();
    if missed.is_empty() { Ok(()) } else { Err(Failure::Load(missed.join(", "))) }
}

fn missed(gate: &Value) -> Option<&str> {
    if gate["holds"] == true { None } else { gate["what"].as_str() }
}

fn measure() -> Result<Value, Failure> {
    let dir = std::env::temp_dir().join(format!("polku-load-{}", std::process::id()));
    std::fs::create_dir_all(&dir).map_err(Failure::System)?;
    let found = measure_in(&dir);
    let _ = std::fs::remove_dir_all(&dir);
    found
}

fn measure_in(dir: &Path) -> Result<Value, Failure> {
    let mut goes = seed::goes(KEY);
    let mut round = || Round::of(&mut goes);
    let server = Server::start(dir, KEY)?;
    let mut plain = Plain::open(&dir.join("plain.sqlite"))?;
    let (mut ingest, mut inserts, mut ratios, mut memory) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let Round { bodies, parsed, events } = round();
        let began = Instant::now();
        plain.insert(&parsed)?;
        let inserted = events as f64 / began.elapsed().as_secs_f64();
        drop(parsed);
        let client = Client::new(server.address(), &bodies);
        let took = client.all()?;
        ingest.push(events as f64 / took.as_secs_f64());
        inserts.push(inserted);
        ratios.push(ingest[ingest.len() - 1] / inserted);
        memory.push(server.memory());
    }
    let rate = median(&ingest);
    // At half of that, as long as it takes to see the slowest in a hundred.
    let Round { bodies, events, .. } = round();
    let pace = rate / 2.0 * bodies.len() as f64 / events as f64;
    let mut waits = Client::new(server.address(), &bodies).paced(pace, CALM)?;
    waits.sort_unstable();
    let at =
        |part: usize| waits.get((waits.len() * part / 100).min(waits.len() - 1)).map_or(0.0, Duration::as_secs_f64);
    let ms = |wait: f64| (wait * 100_000.0).round() / 100.0;
    let growth = memory[memory.len() - 1] as f64 / memory[0].max(1) as f64;
    let gate = |what: &str, is: f64, limit: f64, most: bool| {
        let is = (is * 100.0).round() / 100.0;
        json!({ "what": what, "is": is, "limit": limit, "holds": if most { is <= limit } else { is >= limit } })
    };
    Ok(json!({
        "cores": std::thread::available_parallelism().map_or(0, std::num::NonZero::get),
        "events": ROUND * ROUNDS,
        "ingest_per_s": ingest.iter().map(|rate| rate.round()).collect::<Vec<_>>(),
        "insert_per_s": inserts.iter().map(|rate| rate.round()).collect::<Vec<_>>(),
        "rss_mib": memory.iter().map(|bytes| bytes >> 20).collect::<Vec<_>>(),
        "half_load": { "batches_per_s": pace.round(), "batches": waits.len(), "p50_ms": ms(at(50)), "p99_ms": ms(at(99)) },
        "gates": [
            gate("ingest beside a plain insert", median(&ratios), RATIO, false),
            gate("events a second", rate, RATE, false),
            gate("p99 at half the load, ms", ms(at(99)), P99, true),
            gate("memory after a million events beside that after the first 125,000", growth, GROWTH, true),
        ],
    }))
}

impl Round {
    fn of(goes: &mut impl Iterator<Item = Vec<Vec<String>>>) -> Self {
        let mut round = Self { bodies: Vec::new(), parsed: Vec::new(), events: 0 };
        let mut seen = HashSet::new();
        for body in goes.flatten().flatten() {
            let Ok(batch) = Batch::parse(body.as_bytes()) else { continue };
            // What a page sends again is no row.
            let mut again = false;
            for event in batch.events.iter().flatten() {
                let Event::Touch(touch) = event else { continue };
                again |= !seen.insert((batch.journey.id.clone(), batch.journey.leg.clone(), touch.seq));
            }
            if again {
                continue;
            }
            round.events += batch.events.len();
            round.bodies.push(body);
            round.parsed.push(batch);
            if round.events >= ROUND {
                break;
            }
        }
        round
    }
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}

fn table(found: &Value) -> String {
    let mut text = format!(
        "ingest over HTTP, events/s, by round: {}\nplain insert, events/s, by round: {}\nmemory of the server, MiB, after each round: {}\n",
        found["ingest_per_s"], found["insert_per_s"], found["rss_mib"]
    );
    let half = &found["half_load"];
    text += &format!(
        "at half the load: {} batches a second, p50 {} ms, p99 {} ms\n",
        half["batches_per_s"], half["p50_ms"], half["p99_ms"]
    );
    for gate in found["gates"].as_array().into_iter().flatten() {
        let how = if gate["holds"] == true { "holds" } else { "MISSED" };
        text += &format!(
            "{:<68}{:>10}  limit {:>7}  {how}\n",
            gate["what"].as_str().unwrap_or_default(),
            gate["is"].to_string(),
            gate["limit"].to_string()
        );
    }
    text
}
