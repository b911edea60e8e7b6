//! How many bytes of a batch are one event's, as it is and after gzip.

use std::fmt;
use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use polku_core::{Arrival, Config, Effect, Engine, Input, Outcome, Rules, Source};

use crate::BEGIN;
use crate::shop::Step;

/// Events in a batch.
const EVENTS: usize = 50;
/// A batch of an ordinary way to the payment may have so many bytes an event, as it is
pub(crate) const PLAIN: f64 = 220.0;
/// and after gzip, whatever the products tell of themselves.
const GZIP: f64 = 60.0;
/// What browsers' `CompressionStream` does: zlib's default.
const LEVEL: u32 = 6;

/// Bytes an event: what the shop told, what leaves, and what leaves where the collector reads gzip.
pub(crate) struct Wire {
    told: f64,
    plain: f64,
    gzip: f64,
}

impl Wire {
    /// Of a batch of what `steps` lead to, again and again.
    pub(crate) fn of(steps: &[Step]) -> Self {
        let batch = batch(steps);
        assert_eq!(batch.matches("{\"seq\":").count(), EVENTS, "another batch than was meant: {batch}");
        let mut gzip = GzEncoder::new(Vec::new(), Compression::new(LEVEL));
        gzip.write_all(batch.as_bytes()).expect("memory takes all");
        let gzip = gzip.finish().expect("memory takes all");
        let told: usize = steps.iter().map(|step| if let Step::Track(_, data) = step { data.len() } else { 0 }).sum();
        let each = |bytes: usize| bytes as f64 / EVENTS as f64;
        Self { told: told as f64 / steps.len() as f64, plain: each(batch.len()), gzip: each(gzip.len()) }
    }

    pub(crate) fn json(&self) -> String {
        format!(r#"{{"told":{:.1},"plain":{:.1},"gzip":{:.1}}}"#, self.told, self.plain, self.gzip)
    }

    /// Says so where it is more than it may be.
    pub(crate) fn is_too_long(&self, what: &str, plain: f64) -> bool {
        let long = self.plain > plain || self.gzip > GZIP;
        if long {
            eprintln!("{what}: an event may have {plain} bytes, {GZIP} after gzip, and has {self}");
        }
        long
    }
}

impl fmt::Display for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:>12.1} (told: {:.1}; after gzip: {:.1})", self.plain, self.told, self.gzip)
    }
}

/// The first whole batch of what `steps` lead to, which waits until an earlier one is answered.
fn batch(steps: &[Step]) -> String {
    let lanes = vec![Rules { events: EVENTS, ..Rules::default() }];
    let mut engine = Engine::new(Config { key: "pk_demo".into(), lang: "en".into(), lanes, ..Config::default() });
    let mut sent = Vec::new();
    let mut now = BEGIN;
    // The digits of pi: ids look like ids.
    let entropy = *b"\x31\x41\x59\x26\x53\x58\x97\x93\x23\x84\x62\x64\x33\x83\x27\x95\x02\x88\x41\x97\x16\x93\x99\x37\x51\x05\x82\x09\x74\x94\x45\x92";
    let mut take = |engine: &mut Engine, now, input: Input<'_>| {
        engine.handle(now, input);
        while let Some(effect) = engine.poll() {
            match effect {
                Effect::Restore { .. } => {
                    engine.handle(now, Input::Restored { visit: None, tab: None, past: None });
                    engine.handle(now, Input::Shelf { slot: 0, text: "", own: true });
                }
                Effect::Send { batch, body, .. } => sent.push((batch, body)),
                _ => {}
            }
        }
        sent.len()
    };
    take(&mut engine, now, Input::Entropy(entropy));
    let path = "/en/checkout";
    take(
        &mut engine,
        now,
        Input::Page { path, referrer: "https://search.example/", own_host: false, how: Arrival::Load },
    );
    take(&mut engine, now, Input::consent(true));
    take(&mut engine, now, Input::Track { name: "begin_checkout", data: None, source: Source::Api });
    let first = take(&mut engine, now, Input::Flush);
    assert_eq!(first, 1, "one batch is under way");
    for step in steps.iter().cycle().take(2 * EVENTS) {
        // Minutes of a journey in one go: time moves, but what would become due is not done.
        now = now.plus(3_000);
        if let Step::Track(name, data) = step {
            engine.begin_at(now);
            engine.take(Input::Track { name, data: Some(data), source: Source::Api });
        }
    }
    take(&mut engine, now, Input::Flush);
    let outcome = Outcome::Reply { status: 200, body: "", retry_after: None };
    // The handle of the first batch is the first number that an engine gives.
    take(&mut engine, now, Input::Delivered { batch: 1, outcome });
    sent.swap_remove(1).1
}
