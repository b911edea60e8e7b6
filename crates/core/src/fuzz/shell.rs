//! A browser's shell in little: it drives an engine by the crate's contract, keeps what it is told to keep, and holds what the engine
//! does against what must hold whatever happens.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::input::{Arrival, Input, Outcome, Source};
use crate::time::Millis;
use crate::watched::Watched;
use crate::{Config, Effect, Sight};

/// When everything begins: a whole hour.
pub(super) const BEGIN: Millis = Millis(1_795_284_000_000);
/// Effects of one input, and wake-ups at one moment, at most: an engine that has more never stops.
const MOST_EFFECTS: usize = 20_000;
const MOST_TICKS: usize = 200;
/// Wake-ups while somebody waits, at most.
const MOST_WAKES: usize = 20_000;
/// A batch is never longer than this, in bytes, but for one that holds a single event: 64 KiB leave with a page.
const LONGEST: usize = 56_000;

/// A request that waits for its answer.
pub(super) struct Flight {
    pub(super) batch: u32,
    pub(super) lane: u8,
    pub(super) body: String,
}

/// What outlives a page.
#[derive(Default)]
pub(super) struct Store {
    pub(super) visit: Option<String>,
    pub(super) past: Option<String>,
    pub(super) tab: Option<String>,
    /// By document and slot.
    pub(super) shelf: BTreeMap<(u32, u32), String>,
}

pub(super) struct Shell {
    pub(super) config: Config,
    pub(super) engine: Watched,
    pub(super) now: Millis,
    pub(super) store: Store,
    pub(super) flights: Vec<Flight>,
    /// Storage takes nothing.
    pub(super) full: bool,
    /// Storage is not read until somebody asks for the answer.
    pub(super) slow: bool,
    /// What was asked of storage meanwhile.
    pub(super) unread: Vec<(bool, bool)>,
    /// What batches hold is ours: nothing that is stored was written by others.
    pub(super) ours: bool,
    /// `measure` is granted, as far as a shell can know.
    pub(super) granted: bool,
    document: u32,
    /// How often randomness was drawn: no id comes twice.
    draws: u64,
    /// The places of what was found on shelves.
    found: Vec<(u32, u32)>,
    /// Each event that was ever sent, by identity: it never changes.
    events: BTreeMap<(String, String, u64), Value>,
    /// … and each batch, by lane, journey, leg and number.
    batches: BTreeMap<(u8, String, String, String), String>,
}

/// The slots that a shell gives to what it finds begin here.
const FOUND: u32 = 1 << 25;

impl Shell {
    pub(super) fn new(config: Config) -> Self {
        let mut shell = Self {
            engine: Watched::new(config.clone()),
            config,
            now: BEGIN,
            store: Store::default(),
            flights: Vec::new(),
            full: false,
            slow: false,
            unread: Vec::new(),
            ours: true,
            granted: false,
            document: 0,
            draws: 0,
            found: Vec::new(),
            events: BTreeMap::new(),
            batches: BTreeMap::new(),
        };
        shell.begin();
        shell
    }

    /// Another document of the same tab.
    pub(super) fn reload(&mut self) {
        self.engine = Watched::new(self.config.clone());
        self.flights.clear();
        self.unread.clear();
        self.found.clear();
        self.granted = false;
        self.begin();
    }

    fn begin(&mut self) {
        self.document += 1;
        let fresh = self.draw();
        self.input(Input::Entropy(fresh));
    }

    /// Fresh bytes, the same each time that all is done again.
    pub(super) fn draw(&mut self) -> [u8; 32] {
        self.draws += 1;
        std::array::from_fn(|at| {
            // The last steps of splitmix64.
            let z = (self.draws << 5 | at as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            let z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            ((z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB) >> 56) as u8
        })
    }

    pub(super) fn page(&mut self, path: &str) {
        self.input(Input::Page { path, referrer: "https://search.example/", own_host: false, how: Arrival::Load });
    }

    pub(super) fn grant(&mut self, remember: bool) {
        self.granted = !self.config.gpc_wins;
        self.input(Input::Consent {
            measure: Some(true),
            remember: Some(remember),
            feedback: None,
            earlier: true,
            by: "api",
            policy: "",
        });
    }

    pub(super) fn track(&mut self, name: &str, data: &str) {
        self.input(Input::Track { name, data: (!data.is_empty()).then_some(data), source: Source::Api });
    }

    pub(super) fn input(&mut self, input: Input<'_>) {
        self.engine.handle(self.now, input);
        self.drain();
    }

    pub(super) fn see(&mut self, sight: Sight<'_>) {
        self.engine.see(self.now, sight);
        self.drain();
    }

    /// Time passes, and what becomes due is done.
    pub(super) fn wait(&mut self, ms: u64) {
        let end = self.now.plus(ms);
        let (mut wakes, mut still) = (0, 0);
        while let Some(due) = self.engine.deadline().filter(|due| *due <= end) {
            still = if due > self.now { 0 } else { still + 1 };
            wakes += 1;
            assert!(still < MOST_TICKS && wakes < MOST_WAKES, "time stands still");
            self.now = self.now.max(due);
            self.input(Input::Tick);
        }
        self.now = end;
    }

    /// Storage answers what it was asked last.
    pub(super) fn answer_storage(&mut self) {
        let Some((past, shelf)) = self.unread.pop() else { return };
        let store = &self.store;
        let (visit, tab) = (store.visit.clone(), store.tab.clone());
        let past = store.past.clone().filter(|_| past);
        self.input(Input::Restored { visit: visit.as_deref(), tab: tab.as_deref(), past: past.as_deref() });
        if shelf {
            // What this document has put there it knows.
            let known: Vec<_> = self.store.shelf.keys().filter(|place| place.0 != self.document).copied().collect();
            for place in known {
                if !self.found.contains(&place) {
                    self.tell_shelf(place, true);
                }
            }
            self.input(Input::Shelf { slot: 0, text: "", own: true });
        }
    }

    /// Something lies on a shelf.
    pub(super) fn tell_shelf(&mut self, place: (u32, u32), own: bool) {
        let Some(text) = self.store.shelf.get(&place).cloned() else { return };
        self.found.push(place);
        let slot = FOUND + self.found.len() as u32 - 1;
        self.input(Input::Shelf { slot, text: &text, own });
    }

    /// The collector answers the request at `place`.
    pub(super) fn deliver(&mut self, place: usize, outcome: Outcome<'_>) {
        if place < self.flights.len() {
            let batch = self.flights.remove(place).batch;
            self.input(Input::Delivered { batch, outcome });
        }
    }

    /// What a collector of ours says to `body`.
    pub(super) fn reply(body: &str) -> (u16, String) {
        match serde_json::from_str::<Value>(body) {
            Ok(batch) => {
                let events = batch["events"].as_array().map_or(0, Vec::len);
                (200, format!(r#"{{"accepted":{events},"duplicate":0,"rejected":[]}}"#))
            }
            Err(_) => (400, r#"{"error":"no JSON"}"#.to_owned()),
        }
    }

    /// From now on everything works: time passes until nothing is under way.
    pub(super) fn settle(&mut self) {
        (self.full, self.slow) = (false, false);
        for _ in 0..1_000 {
            while !self.unread.is_empty() {
                self.answer_storage();
            }
            while !self.flights.is_empty() {
                let (status, body) = Self::reply(&self.flights[0].body);
                self.deliver(0, Outcome::Reply { status, body: &body, retry_after: None });
            }
            let Some(due) = self.engine.deadline() else { return };
            self.wait(due.since(self.now));
        }
        panic!("it never comes to rest");
    }

    /// The books of the first lane, as the page may know them: captured, sent, queued.
    pub(super) fn books(&self) -> Option<[u64; 3]> {
        let head = serde_json::from_str::<Value>(&self.engine.journey()?);
        let head = if self.ours { head.expect("the head of a batch is JSON") } else { head.ok()? };
        Some(["captured", "sent", "queued"].map(|book| head["loss"][book].as_u64().unwrap_or_default()))
    }

    fn drain(&mut self) {
        let mut effects = 0;
        while let Some(effect) = self.engine.poll() {
            effects += 1;
            assert!(effects < MOST_EFFECTS, "one input has no end of effects");
            self.carry_out(effect);
        }
        if !self.slow {
            self.answer_storage();
        }
    }

    fn carry_out(&mut self, effect: Effect) {
        match effect {
            Effect::Entropy => {
                let fresh = self.draw();
                self.engine.handle(self.now, Input::Entropy(fresh));
            }
            Effect::Restore { past, shelf } => {
                assert!(self.granted, "storage is read without consent");
                self.unread.push((past, shelf));
            }
            Effect::Send { batch, lane, body, .. } => self.sent(batch, lane, body),
            Effect::Persist { visit, past, tab } => {
                assert!(self.granted, "something is stored without consent");
                if !self.full {
                    if !visit.is_empty() {
                        self.store.visit = Some(visit);
                    }
                    if !past.is_empty() {
                        self.store.past = (past != "-").then_some(past);
                    }
                    if !tab.is_empty() {
                        assert!(!self.ours || !tab.contains('\n'), "a record is one line");
                        self.store.tab = Some(tab);
                    }
                }
            }
            Effect::Shelve { slot, text } => {
                let found = slot.checked_sub(FOUND).map(|at| self.found.get(at as usize).copied());
                let place = found.map_or((self.document, slot), |place| place.expect("nobody found that"));
                if text.is_empty() {
                    self.store.shelf.remove(&place);
                } else {
                    assert!(self.granted, "something is shelved without consent");
                    if self.full {
                        self.engine.handle(self.now, Input::Unshelved(slot));
                    } else {
                        self.store.shelf.insert(place, text);
                    }
                }
            }
            Effect::Erase => {
                self.granted = false;
                self.store = Store::default();
                self.flights.clear();
                self.unread.clear();
            }
            Effect::Notify { detail, .. } => {
                assert!(!self.ours || serde_json::from_str::<Value>(&detail).is_ok(), "pages are told JSON: {detail}");
            }
            _ => {}
        }
    }

    fn sent(&mut self, batch: u32, lane: u8, body: String) {
        assert!(usize::from(lane) < self.config.lanes.len().max(1), "there is no lane {lane}");
        if self.ours {
            self.check(lane, &body);
        }
        self.flights.push(Flight { batch, lane, body });
    }

    /// What holds of every batch that was never in somebody else's hands.
    fn check(&mut self, lane: u8, body: &str) {
        let batch: Value = serde_json::from_str(body).unwrap_or_else(|why| panic!("{why}: {body}"));
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let (journey, leg) = (text(&batch["journey"]["id"]), text(&batch["journey"]["leg"]));
        assert_eq!((batch["polku"].as_u64(), journey.len(), leg.len()), (Some(1), 16, 5), "{body}");
        let events = batch["events"].as_array().expect("events");
        assert!(matches!(events.len(), 1..=100), "{} events", events.len());
        assert!(events.len() == 1 || body.len() <= LONGEST, "{} bytes", body.len());
        if let Some(loss) = batch.get("loss") {
            assert!(self.granted, "a journey leaves without consent");
            let number = |name: &str| loss[name].as_u64().expect("a number");
            let dropped: u64 = loss["dropped"].as_object().expect("reasons").values().filter_map(Value::as_u64).sum();
            assert_eq!(number("captured"), number("sent") + number("queued") + dropped, "the books: {loss}");
        }
        let number = text(&batch["batch"]);
        let same = self.batches.entry((lane, journey.clone(), leg.clone(), number)).or_insert_with(|| body.to_owned());
        assert_eq!(same, body, "a batch that is sent again is the same to the byte");
        let mut newest = 0;
        for event in events {
            let seq = event["seq"].as_u64().expect("a number");
            assert!(seq > newest, "the order of events: {body}");
            newest = seq;
            if event["name"] != "erase" {
                let same = self.events.entry((journey.clone(), leg.clone(), seq)).or_insert_with(|| event.clone());
                assert_eq!(same, event, "an event never changes");
            }
        }
    }
}
