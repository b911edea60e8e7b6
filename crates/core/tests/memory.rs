//! What the engine holds goes when it is sent: a page may be open for days.
//!
//! The allocator counts for the whole program, so this file has one test alone.

use std::alloc::System;

use cap::Cap;
use polku_core::{Arrival, Config, Effect, Engine, Input, Millis, Outcome, Source};

#[global_allocator]
static ALLOCATOR: Cap<System> = Cap::new(System, usize::MAX);

/// So many events wait at most; more are told, so that the queue is full.
const FULL: u64 = 500;
/// How often the queue is filled and emptied.
const ROUNDS: usize = 8;
/// What may stay, in bytes: room in lists that were long once. A queue that is full holds a hundred kilobytes.
const KEPT: usize = 16 * 1024;
/// After the third full queue nothing more stays but for this, in bytes: a longer number here and there, and a list that found its length later.
const MORE: usize = 1_024;

/// A page: its engine, and the requests that wait for an answer.
struct Page {
    engine: Engine,
    now: Millis,
    waiting: Vec<u32>,
    /// The collector cannot be reached.
    down: bool,
}

impl Page {
    fn input(&mut self, input: Input<'_>) {
        self.engine.handle(self.now, input);
        while let Some(effect) = self.engine.poll() {
            match effect {
                Effect::Entropy => self.engine.handle(self.now, Input::Entropy([7; 32])),
                Effect::Restore { .. } => {
                    self.engine.handle(self.now, Input::Restored { visit: None, tab: None, past: None });
                    self.engine.handle(self.now, Input::Shelf { slot: 0, text: "", own: true });
                }
                Effect::Send { batch, .. } => self.waiting.push(batch),
                _ => {}
            }
        }
        while let Some(batch) = self.waiting.pop() {
            let outcome =
                if self.down { Outcome::NoAnswer } else { Outcome::Reply { status: 200, body: "", retry_after: None } };
            self.input(Input::Delivered { batch, outcome });
        }
    }

    fn wait(&mut self, ms: u64) {
        let end = self.now.plus(ms);
        while let Some(due) = self.engine.deadline().filter(|due| *due <= end) {
            self.now = self.now.max(due);
            self.input(Input::Tick);
        }
        self.now = end;
    }

    /// How many events wait, by the books.
    fn queued(&self) -> u64 {
        let head: serde_json::Value =
            serde_json::from_str(&self.engine.journey().expect("a journey")).expect("the head of a batch");
        head["loss"]["queued"].as_u64().expect("a number")
    }

    /// Everything is delivered, and nothing is due any more.
    fn rest(&mut self) {
        self.down = false;
        self.input(Input::Online);
        self.wait(600_000);
        assert_eq!((self.queued(), self.engine.deadline()), (0, None));
    }
}

#[test]
fn live_bytes_return_after_a_flush() {
    let config = Config { key: "pk".to_owned(), ..Config::default() };
    let mut page =
        Page { engine: Engine::new(config), now: Millis(1_795_284_000_000), waiting: Vec::new(), down: false };
    page.input(Input::Entropy([7; 32]));
    page.input(Input::Page { path: "/", referrer: "", own_host: false, how: Arrival::Load });
    page.input(Input::consent(true));
    page.rest();
    let before = ALLOCATOR.allocated();
    let mut after = Vec::new();
    for round in 0..ROUNDS {
        page.down = true;
        // Three names, a fifth of a second after each other: nothing is kept back as too much.
        for event in 0..FULL + 100 {
            let name = ["add_to_cart", "view_cart", "remove_from_cart"][event as usize % 3];
            let data = r#"{"value":47.9,"currency":"EUR","items":[{"item_id":"SKU-1","item_name":"Dark roast","quantity":2}]}"#;
            page.input(Input::Track { name, data: Some(data), source: Source::Api });
            page.wait(200);
        }
        let full = ALLOCATOR.allocated();
        assert_eq!(page.queued(), FULL, "round {round}: the queue is full");
        assert!(full > before + 80_000, "round {round}: {full} bytes cannot hold what waits, with {before} before");
        page.rest();
        after.push(ALLOCATOR.allocated());
    }
    println!("before {before}, after each full queue {after:?}");
    assert!(after.iter().all(|bytes| *bytes <= before + KEPT), "{before} bytes before, then {after:?}");
    assert!(after[3..].iter().all(|bytes| *bytes <= after[2] + MORE), "it grows on: {after:?}");
}
