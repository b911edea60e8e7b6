//! A simulated world for real engines: a clock, a shop whose pages open and close, its storage, the network and a collector.
//!
//! It drives each engine by the crate's contract and by nothing else. A world is its seed: the same seed and the same calls
//! give the same bytes. What must hold in every world is asserted as it runs: nothing stored or sent against consent, every
//! batch in the design's shape, no live-lock.

// Each test program uses its own part of the world.
#![allow(dead_code)]

pub(crate) mod collector;
#[path = "../../../../tests/leaves/mod.rs"]
pub(crate) mod leaves;
pub(crate) mod link;
pub(crate) mod rng;

use std::collections::BTreeMap;

use polku_core::{
    Arrival, Code, Config, Effect, Input, Millis, Mode, Outcome, PromptEvent, Sight, Source, Topic, Watched,
};
use serde_json::Value;

use collector::Collector;
use link::{Fate, Link, NONSENSE};
use rng::Rng;

/// When every world begins: a whole hour.
pub(crate) const BEGIN: u64 = 1_795_284_000_000;
pub(crate) const SECOND: u64 = 1_000;
pub(crate) const MINUTE: u64 = 60 * SECOND;

/// A tab of the world's browser.
pub(crate) type Tab = usize;

/// Effects that one input may have: an engine that has more never stops.
const MOST_EFFECTS: usize = 2_000;
/// Wake-ups without time moving.
const MOST_TICKS: u32 = 20;
/// Requests and wake-ups until everything should be quiet.
pub(crate) const MOST_STEPS: u32 = 20_000;

pub(crate) struct World {
    /// The true time, which no shopper's clock need show.
    pub(crate) now: u64,
    pub(crate) rng: Rng,
    pub(crate) link: Link,
    pub(crate) collector: Collector,
    pub(crate) storage: Storage,
    /// What each new document is configured with.
    pub(crate) config: Config,
    /// What the shop's banner knows, and tells each new document.
    pub(crate) decided: Option<bool>,
    /// … and of remembering.
    pub(crate) remember: Option<bool>,
    /// Added to the wall clock of documents that open from now on, in ms.
    pub(crate) skew: i64,
    /// A page that is left for one that slept may hide only after that is shown, as in Chromium.
    pub(crate) overlaps: bool,
    pub(crate) docs: Vec<Doc>,
    tabs: Vec<TabState>,
    under_way: BTreeMap<(u64, u64), UnderWay>,
    sequence: u64,
}

/// The shared part of the browser's storage, and whether it works.
#[derive(Default)]
pub(crate) struct Storage {
    pub(crate) visit: Option<String>,
    /// What is remembered beyond the visit.
    pub(crate) past: Option<String>,
    /// What is unsent: tab, document and slot, in this order.
    pub(crate) shelf: BTreeMap<(Tab, usize, u32), String>,
    /// It can be neither read nor written.
    pub(crate) shut: bool,
    /// It can be read, but takes nothing new.
    pub(crate) full: bool,
}

struct TabState {
    /// The tab's own storage.
    session: Option<String>,
    /// Its documents, the newest last; the current one is the last that is not asleep behind it.
    doc: usize,
    behind: Vec<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Life {
    Awake,
    /// In the back/forward cache.
    Asleep,
    Gone,
}

/// One document, its engine, and what that engine asked for.
pub(crate) struct Doc {
    engine: Watched,
    pub(crate) mode: Mode,
    pub(crate) tab: Tab,
    pub(crate) life: Life,
    /// Every effect, with the true time.
    pub(crate) log: Vec<(u64, Effect)>,
    /// The events that the engine says it captured: journey and event.
    pub(crate) captured: Vec<(String, Value)>,
    path: String,
    skew: i64,
    gpc_wins: bool,
    granted: bool,
    remembers: bool,
    /// The input at hand is a withdrawal, so one erase may leave.
    withdrawing: bool,
    /// Requests without an answer yet.
    waiting: Vec<u32>,
    /// What the slots mean that were told to it: from 2²⁵ on.
    found: Vec<(Tab, usize, u32)>,
}

/// Where the numbers begin that the shell gives to what it finds on a shelf.
const FOUND: u32 = 1 << 25;

enum UnderWay {
    Request { doc: usize, batch: u32, body: String, fate: Fate },
    Answer { doc: usize, batch: u32, answer: Answer },
}

enum Answer {
    Reply(u16, String, Option<u32>),
    None,
}

/// A config as most tests want it.
pub(crate) fn config() -> Config {
    Config { key: "pk_test".into(), lang: "fi".into(), ..Config::default() }
}

/// A grant that is made while the page is open.
pub(crate) fn grant_now() -> Input<'static> {
    decision(Some(true), None, false)
}

pub(crate) fn decision(measure: Option<bool>, feedback: Option<bool>, earlier: bool) -> Input<'static> {
    Input::Consent { measure, remember: None, feedback, earlier, by: "cookiebot", policy: "2026-11" }
}

/// The page of a path, come to from another page of the shop.
pub(crate) fn own_page(path: &str) -> Input<'_> {
    Input::Page { path, referrer: "https://shop.example/", own_host: true, how: Arrival::Load }
}

/// The page of a path, come to by typing its address.
pub(crate) fn direct_page(path: &str) -> Input<'_> {
    Input::Page { path, referrer: "", own_host: false, how: Arrival::Load }
}

impl World {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            now: BEGIN,
            rng: Rng::new(seed),
            link: Link::default(),
            overlaps: true,
            collector: Collector::default(),
            storage: Storage::default(),
            config: config(),
            decided: None,
            remember: None,
            skew: 0,
            docs: Vec::new(),
            tabs: Vec::new(),
            under_way: BTreeMap::new(),
            sequence: 0,
        }
    }

    /// A world with one tab, whose shopper granted `measure` earlier and has just come to the shop's front page.
    pub(crate) fn with_shopper(seed: u64) -> (Self, Tab) {
        let mut world = Self::new(seed);
        world.decided = Some(true);
        let tab = world.open("/");
        (world, tab)
    }

    // What a shopper does.

    /// Opens a tab at `path` by typing its address.
    pub(crate) fn open(&mut self, path: &str) -> Tab {
        let tab = self.blank();
        self.input(tab, direct_page(path));
        self.tell_decision(tab);
        tab
    }

    /// Opens a tab whose page has said nothing yet.
    pub(crate) fn blank(&mut self) -> Tab {
        let tab = self.tabs.len();
        self.tabs.push(TabState { session: None, doc: usize::MAX, behind: Vec::new() });
        self.document(tab, "/");
        tab
    }

    /// Follows a link to `path`. The page before is gone, or sleeps in the back/forward cache.
    pub(crate) fn go(&mut self, tab: Tab, path: &str, sleeps: bool) {
        self.hide(tab);
        let old = self.tabs[tab].doc;
        if sleeps {
            self.docs[old].life = Life::Asleep;
            self.tabs[tab].behind.push(old);
        } else {
            self.docs[old].life = Life::Gone;
        }
        self.arrive(tab, path);
    }

    /// The page is torn away without a word, and the tab comes back at `path`.
    pub(crate) fn crash(&mut self, tab: Tab, path: &str) {
        let old = self.tabs[tab].doc;
        self.docs[old].life = Life::Gone;
        self.arrive(tab, path);
    }

    /// The page is gone, and another one has come that has said nothing yet.
    pub(crate) fn leave(&mut self, tab: Tab) {
        let old = self.tabs[tab].doc;
        self.docs[old].life = Life::Gone;
        self.document(tab, "/");
    }

    /// Says what the shop's banner knows.
    pub(crate) fn decide(&mut self, tab: Tab) {
        self.tell_decision(tab);
    }

    fn arrive(&mut self, tab: Tab, path: &str) {
        self.document(tab, path);
        self.input(tab, own_page(path));
        self.tell_decision(tab);
    }

    /// Goes back to the page that sleeps, if one does.
    pub(crate) fn back(&mut self, tab: Tab) -> bool {
        let Some(behind) = self.tabs[tab].behind.pop() else {
            return false;
        };
        // The page that is left hides before the other is shown, or within this time after it, as in Chromium.
        let late = if self.overlaps { self.rng.next() % 4 * 80 } else { 0 };
        let old = self.tabs[tab].doc;
        if late == 0 {
            self.hide(tab);
            self.docs[old].life = Life::Gone;
        }
        self.tabs[tab].doc = behind;
        self.docs[behind].life = Life::Awake;
        // What was under way when it fell asleep was cut off.
        for batch in std::mem::take(&mut self.docs[behind].waiting) {
            self.deliver(behind, batch, &Answer::None);
        }
        let path = self.docs[behind].path.clone();
        let back =
            Input::Page { path: &path, referrer: "https://shop.example/", own_host: true, how: Arrival::Restored };
        self.input(tab, back);
        self.show(tab);
        if late > 0 {
            self.wait(late);
            self.handle(old, Input::Visibility { hidden: true });
            self.docs[old].life = Life::Gone;
        }
        true
    }

    pub(crate) fn hide(&mut self, tab: Tab) {
        self.input(tab, Input::Visibility { hidden: true });
    }

    pub(crate) fn show(&mut self, tab: Tab) {
        self.input(tab, Input::Visibility { hidden: false });
    }

    pub(crate) fn close(&mut self, tab: Tab) {
        self.hide(tab);
        let doc = self.tabs[tab].doc;
        self.docs[doc].life = Life::Gone;
        self.tabs[tab].session = None;
    }

    pub(crate) fn track(&mut self, tab: Tab, name: &str, data: &str) {
        let data = Some(data).filter(|data| !data.is_empty());
        self.input(tab, Input::Track { name, data, source: Source::Api });
    }

    /// A prompt opens by itself after an order.
    pub(crate) fn ask(&mut self, tab: Tab, id: &str, version: u32) {
        self.input(tab, Input::Open { id, version, trigger: "purchase", sub: "", auto: true });
    }

    pub(crate) fn prompt(&mut self, tab: Tab, event: PromptEvent<'_>) {
        self.input(tab, Input::Prompt(event));
    }

    /// Says what the shop's banner knows.
    fn tell_decision(&mut self, tab: Tab) {
        if let Some(measure) = self.decided {
            let (remember, by, policy) = (self.remember, "cookiebot", "2026-11");
            let measure = Some(measure);
            self.input(tab, Input::Consent { measure, remember, feedback: None, earlier: true, by, policy });
        }
    }

    fn document(&mut self, tab: Tab, path: &str) {
        let doc = self.docs.len();
        self.docs.push(Doc {
            engine: Watched::new(self.config.clone()),
            mode: self.config.mode,
            tab,
            life: Life::Awake,
            log: Vec::new(),
            captured: Vec::new(),
            path: path.to_owned(),
            skew: self.skew,
            gpc_wins: self.config.gpc_wins,
            granted: false,
            remembers: false,
            withdrawing: false,
            waiting: Vec::new(),
            found: Vec::new(),
        });
        self.tabs[tab].doc = doc;
        let entropy = self.rng.bytes();
        self.input(tab, Input::Entropy(entropy));
        self.input(tab, Input::Listen(0b111111));
    }

    // What the shell does.

    /// One input for the current document of `tab`.
    pub(crate) fn input(&mut self, tab: Tab, input: Input<'_>) {
        let doc = self.tabs[tab].doc;
        self.handle(doc, input);
    }

    /// Something that is seen on the current document of `tab`.
    pub(crate) fn see(&mut self, tab: Tab, sight: Sight<'_>) {
        let doc = self.tabs[tab].doc;
        let now = self.clock(doc);
        let it = &mut self.docs[doc];
        it.engine.see(now, sight);
        self.drain(doc);
    }

    /// The contract: one input, then drained, then carried out; what comes back at once is the next input.
    fn handle(&mut self, doc: usize, input: Input<'_>) {
        // As the page's shell does: what other tabs have sent has to be erased, too.
        if matches!(input, Input::Withdraw | Input::Consent { measure: Some(false), .. }) {
            self.handle(doc, Input::Keep);
        }
        let now = self.clock(doc);
        let it = &mut self.docs[doc];
        if let Input::Consent { remember: Some(remember), .. } = input {
            it.remembers = remember;
        }
        match input {
            Input::Consent { measure: Some(measure), .. } => {
                it.withdrawing = it.granted && (!measure || it.gpc_wins);
                it.granted = measure && !it.gpc_wins;
            }
            Input::Withdraw => (it.withdrawing, it.granted, it.remembers) = (true, false, false),
            Input::Page { path, .. } => it.path = path.to_owned(),
            _ => {}
        }
        it.engine.handle(now, input);
        self.drain(doc);
    }

    fn drain(&mut self, doc: usize) {
        let it = &mut self.docs[doc];
        let effects: Vec<Effect> = std::iter::from_fn(|| it.engine.poll()).take(MOST_EFFECTS).collect();
        assert!(effects.len() < MOST_EFFECTS, "the engine does not come to rest");
        for effect in &effects {
            it.log.push((self.now, effect.clone()));
        }
        let mut answers = Vec::new();
        for effect in effects {
            self.carry_out(doc, effect, &mut answers);
        }
        self.docs[doc].withdrawing = false;
        for effect in answers {
            match effect {
                Effect::Entropy => {
                    let entropy = self.rng.bytes();
                    self.handle(doc, Input::Entropy(entropy));
                }
                Effect::Shelve { slot, .. } => self.handle(doc, Input::Unshelved(slot)),
                _ => {
                    let (visit, tab) = self.stored(self.docs[doc].tab);
                    let Effect::Restore { past, shelf } = effect else { continue };
                    let past = self.storage.past.clone().filter(|_| past);
                    let (visit, tab) = (visit.as_deref(), tab.as_deref());
                    // What a page that is left already stores at this word it knows.
                    let found = self.on_shelf(doc);
                    self.handle(doc, Input::Restored { visit, tab, past: past.as_deref() });
                    if shelf {
                        self.tell_shelf(doc, found);
                    }
                }
            }
        }
    }

    fn carry_out(&mut self, doc: usize, effect: Effect, answers: &mut Vec<Effect>) {
        let (granted, strict, withdrawing, tab) = {
            let it = &self.docs[doc];
            (it.granted, it.mode == Mode::Strict, it.withdrawing, it.tab)
        };
        match effect {
            Effect::Entropy => answers.push(effect),
            Effect::Restore { past, .. } => {
                assert!(granted, "storage is read before a grant");
                assert!(!past || self.docs[doc].remembers, "what is remembered is read without consent to that");
                answers.push(effect);
            }
            Effect::May { flags } => {
                assert!(granted || !strict || flags == 0, "prompts are fetched before a grant");
                assert!(granted || flags & 6 == 0, "it is said to be measured before a grant");
            }
            Effect::OpenPrompt { measure, path, .. } => {
                assert!(granted || !strict, "a prompt opens before a grant");
                assert!(path.is_empty() || !granted, "what is joined to the path is given the path");
                assert!(granted || !measure, "answers are joined to a path without a grant");
            }
            Effect::Persist { visit, past, tab: session } => {
                assert!(granted, "something is stored against consent");
                assert!(
                    self.docs[doc].remembers || matches!(&*past, "" | "-"),
                    "something is remembered against consent"
                );
                if !self.storage.shut && !self.storage.full {
                    if !visit.is_empty() {
                        self.storage.visit = Some(visit);
                    }
                    match &*past {
                        "" => {}
                        "-" => self.storage.past = None,
                        _ => self.storage.past = Some(past),
                    }
                    if !session.is_empty() {
                        self.tabs[tab].session = Some(session);
                    }
                }
            }
            Effect::Shelve { slot, text } => {
                assert!(granted || text.is_empty(), "something is stored against consent");
                let key = match slot.checked_sub(FOUND) {
                    Some(found) => self.docs[doc].found[found as usize],
                    None => (tab, doc, slot),
                };
                if text.is_empty() {
                    self.storage.shelf.remove(&key);
                } else if self.storage.shut || self.storage.full {
                    answers.push(Effect::Shelve { slot, text });
                } else {
                    self.storage.shelf.insert(key, text);
                }
            }
            Effect::Erase => {
                self.storage.shelf.clear();
                (self.storage.visit, self.storage.past) = (None, None);
                self.tabs[tab].session = None;
            }
            Effect::Send { batch, body, .. } => {
                let parsed = collector::parse(&body);
                let erase = parsed["events"][0]["name"] == "erase";
                let joined = parsed.get("loss").is_some();
                let allowed = match (erase, joined) {
                    (true, _) => withdrawing,
                    (false, true) => granted,
                    (false, false) => !strict,
                };
                assert!(allowed, "something is sent against consent: {body}");
                self.docs[doc].waiting.push(batch);
                let fate = self.link.fate(&mut self.rng);
                let due = self.now + self.link.delay(&mut self.rng);
                let request = UnderWay::Request { doc, batch, body, fate };
                self.schedule(due, request);
            }
            Effect::Notify { topic: Topic::Touchpoint, detail } => {
                let event: Value = serde_json::from_str(&detail).unwrap();
                let it = &mut self.docs[doc];
                let journey = it.journey_id().unwrap();
                it.captured.push((journey, event));
            }
            _ => {}
        }
    }

    /// What a document of `tab` reads from storage now.
    pub(crate) fn stored(&self, tab: Tab) -> (Option<String>, Option<String>) {
        if self.storage.shut {
            return (None, None);
        }
        (self.storage.visit.clone(), self.tabs[tab].session.clone())
    }

    fn on_shelf(&self, doc: usize) -> Vec<((Tab, usize, u32), String)> {
        let tab = self.docs[doc].tab;
        let shelf = self.storage.shelf.iter().filter(|((of, ..), _)| *of == tab && !self.storage.shut);
        shelf.map(|(key, text)| (*key, text.clone())).collect()
    }

    fn tell_shelf(&mut self, doc: usize, found: Vec<((Tab, usize, u32), String)>) {
        for (key, text) in found {
            let slot = FOUND + self.docs[doc].found.len() as u32;
            self.docs[doc].found.push(key);
            self.handle(doc, Input::Shelf { slot, text: &text, own: true });
        }
        self.handle(doc, Input::Shelf { slot: 0, text: "", own: true });
    }

    /// Changes what is stored for `tab`, as a bug or another program might.
    pub(crate) fn store(&mut self, tab: Tab, visit: Option<&str>, session: Option<&str>) {
        self.storage.visit = visit.map(Into::into);
        self.tabs[tab].session = session.map(Into::into);
    }

    fn clock(&self, doc: usize) -> Millis {
        Millis(self.now.saturating_add_signed(self.docs[doc].skew))
    }

    // Time and network.

    fn schedule(&mut self, due: u64, what: UnderWay) {
        self.sequence += 1;
        self.under_way.insert((due, self.sequence), what);
    }

    /// The next moment at which anything happens by itself.
    fn next(&self) -> Option<u64> {
        let deadlines = self.docs.iter().filter(|doc| doc.life == Life::Awake).filter_map(|doc| {
            let due = doc.engine.deadline()?;
            Some(due.0.saturating_add_signed(-doc.skew).max(self.now))
        });
        let arrivals = self.under_way.keys().next().map(|(due, _)| *due);
        deadlines.chain(arrivals).min()
    }

    /// Lets `ms` pass.
    pub(crate) fn wait(&mut self, ms: u64) {
        let end = self.now + ms;
        self.drive_bounded(end, MOST_STEPS);
        self.now = end;
    }

    /// Lets time pass until nothing is under way and no engine wants to wake up.
    pub(crate) fn settle(&mut self) {
        self.drive_bounded(u64::MAX, MOST_STEPS);
    }

    /// Does what happens by itself until `end`; fails where that takes more than `most` steps, or where an engine wakes up
    /// again and again at the same moment.
    fn drive_bounded(&mut self, end: u64, most: u32) {
        let mut steps = 0;
        let mut ticks = 0;
        while let Some(next) = self.next().filter(|&next| next <= end) {
            ticks = if next > self.now { 0 } else { ticks + 1 };
            self.now = next;
            steps += 1;
            assert!(steps < most, "still busy after {most} steps");
            assert!(ticks < MOST_TICKS + self.under_way.len() as u32 * 2, "time stands still");
            if let Some(entry) = self.under_way.first_entry()
                && entry.key().0 <= next
            {
                ticks = 0;
                let what = entry.remove();
                self.happen(what);
                continue;
            }
            for doc in 0..self.docs.len() {
                let now = self.clock(doc);
                let it = &self.docs[doc];
                if it.life == Life::Awake && it.engine.deadline().is_some_and(|due| due <= now) {
                    self.handle(doc, Input::Tick);
                }
            }
        }
    }

    fn happen(&mut self, what: UnderWay) {
        match what {
            UnderWay::Request { doc, batch, body, fate } => {
                let answer = match fate {
                    Fate::Answered => Answer::Reply(200, self.collector.receive(&body), None),
                    Fate::Doubled => {
                        let answer = self.collector.receive(&body);
                        let _ = self.collector.receive(&body);
                        Answer::Reply(200, answer, None)
                    }
                    Fate::AnswerLost => {
                        let _ = self.collector.receive(&body);
                        Answer::None
                    }
                    Fate::Lost => Answer::None,
                    Fate::Nonsense => Answer::Reply(200, NONSENSE.into(), None),
                    Fate::Status(status, retry_after) => Answer::Reply(status, "busy".into(), retry_after),
                };
                let due = self.now + self.link.delay(&mut self.rng);
                self.schedule(due, UnderWay::Answer { doc, batch, answer });
            }
            UnderWay::Answer { doc, batch, answer } => match self.docs[doc].life {
                Life::Awake => {
                    if let Some(at) = self.docs[doc].waiting.iter().position(|waiting| *waiting == batch) {
                        self.docs[doc].waiting.remove(at);
                        self.deliver(doc, batch, &answer);
                    }
                }
                Life::Asleep | Life::Gone => {}
            },
        }
    }

    fn deliver(&mut self, doc: usize, batch: u32, answer: &Answer) {
        let outcome = match answer {
            Answer::Reply(status, body, retry_after) => {
                Outcome::Reply { status: *status, body, retry_after: *retry_after }
            }
            Answer::None => Outcome::NoAnswer,
        };
        self.handle(doc, Input::Delivered { batch, outcome });
    }

    // What a test asks.

    /// The current document of `tab`.
    pub(crate) fn doc(&self, tab: Tab) -> &Doc {
        &self.docs[self.tabs[tab].doc]
    }

    /// When the current document of `tab` wants to wake up, on the true clock.
    pub(crate) fn deadline(&self, tab: Tab) -> Option<u64> {
        let doc = self.doc(tab);
        Some(doc.engine.deadline()?.0.saturating_add_signed(-doc.skew))
    }

    /// All events that any document says it captured: journey and event.
    pub(crate) fn captured(&self) -> Vec<&(String, Value)> {
        self.docs.iter().flat_map(|doc| &doc.captured).collect()
    }
}

impl Doc {
    /// What the page may know of its journey.
    pub(crate) fn journey(&self) -> Value {
        // The head of a batch: its journey, with the books beside it.
        let Some(head) = self.engine.journey() else { return Value::Null };
        let head: Value = serde_json::from_str(&head).unwrap();
        let mut journey = head["journey"].clone();
        journey["loss"] = head["loss"].clone();
        journey
    }

    pub(crate) fn journey_id(&self) -> Option<String> {
        Some(self.journey()["id"].as_str()?.to_owned())
    }

    /// The effects without their times.
    pub(crate) fn effects(&self) -> impl Iterator<Item = &Effect> {
        self.log.iter().map(|(_, effect)| effect)
    }

    /// Each request's time, body and whether the page was leaving.
    pub(crate) fn sends(&self) -> Vec<(u64, &str, bool)> {
        let sends = self.log.iter().filter_map(|(at, effect)| match effect {
            Effect::Send { body, leaving, .. } => Some((*at, body.as_str(), *leaving)),
            _ => None,
        });
        sends.collect()
    }

    /// What the developer was told: code and field, each once.
    pub(crate) fn fails(&self) -> Vec<(Code, &str)> {
        let mut fails = Vec::new();
        for effect in self.effects() {
            if let Effect::Fail { code, field } = effect
                && !fails.contains(&(*code, field.as_str()))
            {
                fails.push((*code, field.as_str()));
            }
        }
        fails
    }

    /// Of each opened prompt, whether answers are joined to the path.
    pub(crate) fn opened(&self) -> Vec<bool> {
        let opened = self.log.iter().filter_map(|(_, effect)| match effect {
            Effect::OpenPrompt { measure, .. } => Some(*measure),
            _ => None,
        });
        opened.collect()
    }

    /// How often both records were stored.
    pub(crate) fn persists(&self) -> usize {
        self.effects().filter(|effect| matches!(effect, Effect::Persist { .. })).count()
    }
}

/// What the prompt reports of an answer, as the shell hands it on. Leaked: tests are short.
pub(crate) fn answered(
    step: &str,
    rev: u32,
    ask: &str,
    score: Option<u32>,
    text: Option<&str>,
    skipped: bool,
) -> PromptEvent<'static> {
    // Written by hand, in the order of the prompt's own module: what serde_json makes of an object depends on who else uses it.
    let text_of = |text: &str| serde_json::to_string(text).unwrap();
    let mut report = format!(r#"{{"type":"answer","step":{},"rev":{rev},"ask":{}"#, text_of(step), text_of(ask));
    if let Some(score) = score {
        report += &format!(r#","score":{score}"#);
    }
    if let Some(text) = text {
        report += &format!(r#","text":{}"#, text_of(text));
    }
    if skipped {
        report += r#","skipped":true"#;
    }
    report += "}";
    PromptEvent::Answer(Box::leak(report.into_boxed_str()))
}

/// What the prompt reports of its end.
pub(crate) fn ended(reason: &str, partial: bool) -> PromptEvent<'static> {
    let reason = serde_json::to_string(reason).unwrap();
    let report = format!(r#"{{"type":"closed","reason":{reason},"partial":{partial}}}"#);
    PromptEvent::Closed(Box::leak(report.into_boxed_str()))
}
