//! How many touchpoints a second one core takes through the whole engine: from the shop's call to a batch that is answered;
//! and how long one takes with what the watcher makes of it.
//!
//! And how many bytes of a batch are one event's.
//!
//! `cargo bench -p polku-core --bench engine -- [--json] [--no-gate]`. Ends with 1 below `GATE` touchpoints a second, and where events
//! are longer than `wire` allows.
// A benchmark is the one place that must read a clock.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

mod shop;
mod wire;

use std::hint::black_box;
use std::process::ExitCode;
use std::time::Instant;

use shop::{Step, list, products, visit};
use wire::Wire;

use polku_core::{Arrival, Config, Effect, Engine, Input, Millis, Outcome, Pointer, Sight, Source, Watched};

/// What the engine must reach, in touchpoints a second: a million of the first slice, less what it now does with each for the journey
/// (doors, rules, word for the watcher, what is remembered), and a third for delivery: here each touchpoint is stored within 200 ms
/// as a part of the batch that it would make, and each batch on a shelf of its own until its fate is.
const GATE: f64 = 600_000.0;
/// Rounds; their median counts, so that a busy moment of the machine does not.
const ROUNDS: usize = 11;
/// Visits in a round.
const VISITS: usize = 4_000;
/// Clicks in a round.
const CLICKS: usize = 400_000;
/// A whole hour.
const BEGIN: Millis = Millis(1_795_284_000_000);
/// A shopper looks at a page this long, in ms.
const LOOK: u64 = 6_000;
/// What a page tells follows this soon, in ms.
const SOON: u64 = 200;

/// What came out of the engines.
#[derive(Default)]
struct Told {
    batches: u64,
    bytes: u64,
    events: u64,
    stored: u64,
}

/// What is driven by the contract: the engine alone, or with its watcher, as on a page that is measured.
trait Machine {
    fn new(config: Config) -> Self;
    fn handle(&mut self, now: Millis, input: Input<'_>);
    fn poll(&mut self) -> Option<Effect>;
    fn deadline(&self) -> Option<Millis>;
}

macro_rules! machine {
    ($machine:ty) => {
        impl Machine for $machine {
            fn new(config: Config) -> Self {
                Self::new(config)
            }
            fn handle(&mut self, now: Millis, input: Input<'_>) {
                self.handle(now, input);
            }
            fn poll(&mut self) -> Option<Effect> {
                self.poll()
            }
            fn deadline(&self) -> Option<Millis> {
                self.deadline()
            }
        }
    };
}
machine!(Engine);
machine!(Watched);

/// A machine with its shell: it does as the contract says, and every request is answered at once.
struct Shopper<M> {
    engine: M,
    now: Millis,
    count: bool,
}

impl<M: Machine> Shopper<M> {
    fn new(number: usize, count: bool, told: &mut Told) -> Self {
        let config = Config { key: "pk_bench".into(), lang: "en".into(), ..Config::default() };
        let mut shopper = Self { engine: M::new(config), now: BEGIN, count };
        shopper.input(Input::Entropy(std::array::from_fn(|i| (number >> (i % 4 * 8)) as u8 ^ i as u8)), told);
        shopper
    }

    /// Time passes, and what is due is done.
    fn wait(&mut self, ms: u64, told: &mut Told) {
        let then = self.now.plus(ms);
        while let Some(due) = self.engine.deadline().filter(|&due| due <= then) {
            self.now = self.now.max(due);
            self.input(Input::Tick, told);
        }
        self.now = then;
    }

    fn input(&mut self, input: Input<'_>, told: &mut Told) {
        self.engine.handle(self.now, input);
        self.drain(told);
    }

    fn drain(&mut self, told: &mut Told) {
        while let Some(effect) = self.engine.poll() {
            match effect {
                Effect::Restore { .. } => {
                    self.engine.handle(self.now, Input::Restored { visit: None, tab: None, past: None });
                    self.engine.handle(self.now, Input::Shelf { slot: 0, text: "", own: true });
                }
                Effect::Send { batch, body, .. } => {
                    told.batches += 1;
                    told.bytes += body.len() as u64;
                    if self.count {
                        told.events += body.matches("{\"seq\":").count() as u64;
                    }
                    let outcome = Outcome::Reply {
                        status: 200,
                        body: r#"{"accepted":20,"duplicate":0,"rejected":[]}"#,
                        retry_after: None,
                    };
                    self.engine.handle(self.now, Input::Delivered { batch, outcome });
                }
                Effect::Persist { visit, tab, .. } => told.stored += (visit.len() + tab.len()) as u64,
                Effect::Entropy => self.engine.handle(self.now, Input::Entropy([7; 32])),
                other => drop(black_box(other)),
            }
        }
    }
}

/// `VISITS` shoppers do `steps`.
fn walk<M: Machine>(steps: &[Step], count: bool) -> Told {
    let mut told = Told::default();
    for number in 0..VISITS {
        let told = &mut told;
        let mut shopper = Shopper::<M>::new(number, count, told);
        shopper.input(Input::consent(true), told);
        for step in steps {
            match step {
                Step::Page(path) => {
                    shopper.wait(LOOK, told);
                    let page =
                        Input::Page { path, referrer: "https://shop.example/", own_host: true, how: Arrival::Load };
                    shopper.input(page, told);
                }
                Step::Track(name, data) => {
                    shopper.wait(SOON, told);
                    shopper.input(Input::Track { name, data: Some(data), source: Source::Api }, told);
                }
            }
        }
        shopper.input(Input::Visibility { hidden: true }, told);
    }
    told
}

/// One shopper clicks `CLICKS` times: here and there, and every hundredth time in rage.
fn click() -> Told {
    let mut told = Told::default();
    let mut shopper = Shopper::<Watched>::new(1, false, &mut told);
    shopper.input(Input::consent(true), &mut told);
    for number in 0..CLICKS {
        shopper.wait(if number % 100 < 5 { 150 } else { 900 }, &mut told);
        let pointer = Pointer {
            x: if number % 100 < 5 { 40 } else { (number * 37 % 1200) as i32 },
            y: 300,
            target: "button#add",
            role: "button",
            label: "Add to cart",
            interactive: true,
        };
        shopper.engine.see(shopper.now, Sight::Pointer(pointer));
        shopper.drain(&mut told);
    }
    told
}

/// How long this thread has computed, in ns: on Linux without the time in which other programs had the core.
fn clock(start: Instant) -> f64 {
    std::fs::read_to_string("/proc/thread-self/schedstat")
        .ok()
        .and_then(|stat| stat.split(' ').next()?.parse().ok())
        .unwrap_or(start.elapsed().as_nanos() as f64)
}

/// The median of how long `run` took, in ns.
fn median<T>(mut run: impl FnMut() -> T) -> f64 {
    let start = Instant::now();
    let mut times: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let before = clock(start);
            black_box(run());
            clock(start) - before
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[ROUNDS / 2]
}

fn main() -> ExitCode {
    let has = |flag: &str| std::env::args().any(|arg| arg == flag);
    let steps = visit();
    let touchpoints = (steps.len() * VISITS) as f64;
    let told = walk::<Engine>(&steps, true);
    let ns = median(|| walk::<Engine>(black_box(&steps), false)) / touchpoints;
    let watched_ns = median(|| walk::<Watched>(black_box(&steps), false)) / touchpoints;
    let per_second = 1e9 / ns;
    let click_ns = median(click) / CLICKS as f64;
    let clicks_per_second = 1e9 / click_ns;
    let bytes_per_event = told.bytes as f64 / told.events as f64;
    let wires = [
        ("the way to the payment", Wire::of(&shop::checkout()), wire::PLAIN),
        ("each with a product", Wire::of(&shop::cart()), f64::INFINITY),
        ("all of GA4's parameters", Wire::of(&shop::full_cart()), f64::INFINITY),
    ];

    if has("--json") {
        println!(
            concat!(
                r#"{{"touchpoints_per_second":{:.0},"ns_per_touchpoint":{:.1},"ns_per_watched_touchpoint":{:.1},"bytes_per_event":{:.1},"batches":{},"#,
                r#""clicks_per_second":{:.0},"ns_per_click":{:.1},"wire":{},"wire_product":{},"wire_full":{}}}"#
            ),
            per_second,
            ns,
            watched_ns,
            bytes_per_event,
            told.batches,
            clicks_per_second,
            click_ns,
            wires[0].1.json(),
            wires[1].1.json(),
            wires[2].1.json()
        );
    } else {
        let input: usize = steps.iter().map(|step| if let Step::Track(_, data) = step { data.len() } else { 0 }).sum();
        println!("engine, one core, median of {ROUNDS} rounds of {VISITS} visits");
        println!("  touchpoints per second  {per_second:>12.0}");
        println!("  ns per touchpoint       {ns:>12.1}");
        println!("  ns with the watcher     {watched_ns:>12.1}");
        println!("  bytes in per touchpoint {:>12.1}", input as f64 / steps.len() as f64);
        println!("  bytes out per event     {bytes_per_event:>12.1}");
        println!("  events                  {:>12}", told.events);
        println!("  batches                 {:>12}", told.batches);
        for (what, data) in
            [("without data", None), ("with one product", Some(products(1))), ("with eight", Some(list()))]
        {
            let steps: Vec<Step> = (0..steps.len())
                .map(|_| match &data {
                    Some(data) => Step::Track("view_item", data.clone()),
                    None => Step::Page("/en/p/espresso-77"),
                })
                .collect();
            let ns = median(|| walk::<Engine>(black_box(&steps), false)) / touchpoints;
            println!("  ns {what:<20} {ns:>12.1}");
        }
        println!("  clicks per second       {clicks_per_second:>12.0}");
        println!("  ns per click            {click_ns:>12.1}");
        println!("bytes of an event in a batch of 50");
        for (what, wire, _) in &wires {
            println!("  {what:<24}{wire}");
        }
    }
    let slow = per_second < GATE;
    if slow {
        eprintln!("the engine must take {GATE:.0} touchpoints a second, and took {per_second:.0}");
    }
    // All of them are said, not only the first.
    let long = wires.iter().filter(|(what, wire, most)| wire.is_too_long(what, *most)).count() > 0;
    if (slow || long) && !has("--no-gate") { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
