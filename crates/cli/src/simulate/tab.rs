//! One document: its engine, and the shell around it. This is the only file of the simulation that knows the engine. What it does with an
//! effect is what `www/core.js`, `www/core/*.js` and `src/driver.rs` do with it, in the same order.

use std::collections::VecDeque;

use polku_core::{
    Arrival, Clock, Config, Effect, Input, Millis, Mode, Observation, Outcome, Pointer, PromptEvent, Rules, Sight,
    Source, Topic, Watched, What,
};
use serde::Deserialize;

use super::browser::{Browser, Event, PageId};
use super::judge::{LegId, SERIAL, Wrong};
use super::network::Answer;
use super::storage::Kept;

/// Keys of storage (`www/core/store.js`).
const ALL: &str = "polku:1:";
const VISIT: &str = "polku:1:visit";
const TAB: &str = "polku:1:tab";
const PAST: &str = "polku:1:past";
const UNSENT: &str = "polku:1:q:";
/// The slots that are given to what is found begin here.
const FOUND: u32 = 1 << 25;

/// What is stored for less than this is left alone, in ms; without locks, for less than that (`www/part/watch/orphans.js`).
const AGE: u64 = 10_000;
const AGE_UNLOCKED: u64 = 600_000;
/// A part of the package is loaded within this time, in ms.
const LOADS: u64 = 800;
/// A promise that the browser keeps at once is kept within this time, in ms.
const PROMPT_PROMISE: u64 = 6;

/// What is listened to: each captured event, and each one that is dropped.
const LISTENS: u8 = 1 << Topic::Touchpoint as u8 | 1 << Topic::Dropped as u8;
/// A second collector: one that cannot tell if something comes twice, and erases nothing.
const PLAIN: Rules = Rules {
    names: u64::MAX,
    events: 50,
    bytes: 40_000,
    hours: 48,
    dedupes: false,
    bisects: true,
    erases: false,
    remember: false,
};
/// The prompt that the simulated shop has configured.
const PROMPT: &str = "order-nps";
/// Effects that one input may have: an engine that has more never comes to rest.
const MOST_EFFECTS: usize = 5_000;
/// Browsers wake a page in a tab that nobody sees once a second,
const HIDDEN: u64 = 1_000;
/// … and where nobody has seen it for five minutes, once a minute (Chromium's "intensive throttling").
const LONG_HIDDEN: u64 = 60_000;
const LONG: u64 = 5 * 60_000;

/// What the simulation needs of an engine: the crate's contract. Tests put one between that does something wrong.
pub(crate) trait Machine {
    fn handle(&mut self, now: Millis, input: Input<'_>);
    fn see(&mut self, now: Millis, sight: Sight<'_>);
    fn poll(&mut self) -> Option<Effect>;
    fn deadline(&self) -> Option<Millis>;
    fn journey(&self) -> Option<String>;
}

impl Machine for Watched {
    fn handle(&mut self, now: Millis, input: Input<'_>) {
        self.handle(now, input);
    }

    fn see(&mut self, now: Millis, sight: Sight<'_>) {
        self.see(now, sight);
    }

    fn poll(&mut self) -> Option<Effect> {
        self.poll()
    }

    fn deadline(&self) -> Option<Millis> {
        self.deadline()
    }

    fn journey(&self) -> Option<String> {
        self.journey()
    }
}

/// Makes the engine of each new document.
pub(crate) type Maker<'a> = &'a dyn Fn(Config) -> Box<dyn Machine>;

/// The engine of the pages.
pub(crate) fn engine(config: Config) -> Box<dyn Machine> {
    Box::new(Watched::new(config))
}

/// How a page came to be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Come {
    /// By its address, typed.
    Typed,
    /// By a link on another site.
    Outside,
    /// By a link on a page of the shop.
    Link,
    Reload,
    Route,
    Cache,
}

/// What the shopper decided, as the page's banner tells it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Decision {
    pub(crate) measure: Option<bool>,
    pub(crate) remember: Option<bool>,
}

/// Something that the shell has begun, and that goes on when the browser answers.
#[derive(Debug, Clone)]
pub(crate) enum Errand {
    /// What stores and sends has come: storage is read.
    Read { past: bool, shelf: bool, nth: u32 },
    /// It knows whether the lock of the tab's name was free.
    Named { name: String, known: String, past: bool, shelf: bool, nth: u32 },
    /// It looks for shelves whose tabs are gone,
    Orphans,
    /// … and may take this tab's, if it got its lock.
    Take(String),
}

/// An open prompt.
#[derive(Debug)]
struct Prompt {
    /// Its answers are joined to the path.
    joined: bool,
}

/// The leg that is captured in, and the number of its newest event.
#[derive(Debug, Clone, Copy)]
struct Current {
    leg: LegId,
    seq: u64,
}

/// One document.
pub(crate) struct Document {
    pub(crate) id: PageId,
    /// Its tab's session storage.
    session: Kept,
    machine: Box<dyn Machine>,
    clock: Clock,
    /// When it was loaded, on the clock of pages.
    born: u64,
    /// The newest moment that the engine was told.
    now: Millis,
    /// When the engine wants to wake up,
    timer: Option<Millis>,
    /// … and when the browser's timer fires, on the clock of pages.
    fires: Option<u64>,
    /// Since when nobody sees it, on the clock of pages.
    hidden: Option<u64>,
    current: Option<Current>,
    gpc: bool,
    effects: VecDeque<Effect>,
    /// Batches that the browser did not take.
    refused: Vec<u32>,
    /// Answers that came while it slept in the back/forward cache.
    missed: Vec<u32>,
    prompt: Option<Prompt>,
    answers: u32,
    path: &'static str,
    /// Its tab's name, once it has one.
    name: Option<String>,
    /// The keys of what was found, by slot.
    found: Vec<String>,
    /// The visit that it is in, as its shell knows.
    visit: Option<String>,
    /// When it began, on the wall clock.
    began: u64,
    /// It is being left.
    gone: bool,
    /// It may be watched, and what watches it has come.
    watched: bool,
    /// What stores and sends is there (`www/part/deliver.js`).
    delivers: bool,
    /// How often storage was to be read, or forgotten.
    asked: u32,
    /// When it looks for shelves again; 0 before it has looked.
    looks: u64,
    /// What could not go on while it slept in the back/forward cache.
    errands: Vec<Errand>,
}

/// The `seq` of an event as it was captured.
#[derive(Deserialize)]
struct Seq {
    seq: u64,
}

impl Document {
    /// A document is loaded, as `start` in `www/core.js` has it.
    pub(crate) fn load(
        browser: &mut Browser,
        make: Maker<'_>,
        (tab, session): (usize, usize),
        (mode, gpc, second): (Mode, bool, bool),
        path: &'static str,
        come: Come,
    ) -> Self {
        let (key, lang) = ("pk_sim".into(), "fi".into());
        let lanes = if second { vec![Rules::default(), PLAIN] } else { Vec::new() };
        let config = Config { key, lang, mode, gpc_wins: gpc, lanes, ..Config::default() };
        let mut it = Self {
            id: browser.judge.opened(tab, mode == Mode::Feedback, &browser.clocks),
            session: Kept::Session(session),
            machine: make(config),
            clock: Clock::default(),
            born: browser.clocks.page(),
            now: Millis(0),
            timer: None,
            fires: None,
            hidden: None,
            current: None,
            gpc,
            effects: VecDeque::new(),
            refused: Vec::new(),
            missed: Vec::new(),
            prompt: None,
            answers: 0,
            path,
            name: None,
            found: Vec::new(),
            visit: None,
            began: browser.clocks.wall(),
            gone: false,
            watched: false,
            delivers: false,
            asked: 0,
            looks: 0,
            errands: Vec::new(),
        };
        let entropy = browser.dice.bytes();
        it.input(browser, Input::Entropy(entropy));
        it.input(browser, Input::Listen(LISTENS));
        it.page(browser, path, come);
        it
    }

    // What the page tells.

    /// A view of the page.
    pub(crate) fn page(&mut self, browser: &mut Browser, path: &'static str, come: Come) {
        self.path = path;
        let (referrer, own_host, how) = match come {
            Come::Typed => ("", false, Arrival::Load),
            Come::Outside => ("https://search.example/", false, Arrival::Load),
            Come::Link => ("https://shop.example/", true, Arrival::Load),
            Come::Reload => ("https://shop.example/", true, Arrival::Reload),
            Come::Route => ("https://shop.example/", true, Arrival::Route),
            Come::Cache => ("https://shop.example/", true, Arrival::Restored),
        };
        self.input(browser, Input::Page { path, referrer, own_host, how });
    }

    /// It comes back from the back/forward cache.
    pub(crate) fn wake(&mut self, browser: &mut Browser) {
        self.gone = false;
        self.hold(browser);
        for errand in std::mem::take(&mut self.errands) {
            browser.plan(browser.clocks.now, Event::Errand(self.id, errand));
        }
        self.page(browser, self.path, Come::Cache);
        self.visibility(browser, false);
        // What was under way when it fell asleep was cut off.
        let mut lost = std::mem::take(&mut self.missed);
        lost.extend(browser.abandon(self.id, true));
        for batch in lost {
            self.delivered(browser, batch, &Answer::None);
        }
    }

    /// An answer came while it slept.
    pub(crate) fn miss(&mut self, batch: u32) {
        self.missed.push(batch);
    }

    pub(crate) fn visibility(&mut self, browser: &mut Browser, hidden: bool) {
        self.hidden = hidden.then(|| self.hidden.unwrap_or(browser.clocks.page()));
        if hidden {
            // Another page may just have withdrawn.
            self.input(browser, Input::Keep);
        }
        self.input(browser, Input::Visibility { hidden });
        if !hidden && self.watched {
            self.look(browser);
        }
    }

    /// It hides for good, or for the back/forward cache: browsers tell `pagehide`, then that it is hidden, where it was in sight until now.
    pub(crate) fn leave(&mut self, browser: &mut Browser) {
        let seen = self.hidden.is_none();
        self.gone = true;
        self.visibility(browser, true);
        browser.locks.free(self.id, false);
        if seen {
            self.visibility(browser, true);
        }
    }

    /// The shopper has decided at `when`.
    pub(crate) fn decide(&mut self, browser: &mut Browser, said: Decision, earlier: bool, when: u64) {
        let Decision { measure, remember } = said;
        // Where the signal wins over grants there are none.
        let counts = measure.map(|measure| measure && !self.gpc);
        // As `www/core.js` does: what other tabs have sent has to be erased, too.
        if measure == Some(false) {
            self.input(browser, Input::Keep);
        }
        browser.judge.decided(self.id, counts, remember, (earlier, when), &browser.clocks);
        browser.note(|| format!("page {} is told measure {measure:?} remember {remember:?}", self.id));
        // Where a decision of an earlier page is known it has come with the module.
        self.delivers |= earlier;
        self.input(browser, Input::Consent { measure, remember, feedback: None, earlier, by: "api", policy: "" });
        browser.judge.rests(self.id);
    }

    pub(crate) fn withdraw(&mut self, browser: &mut Browser) {
        self.input(browser, Input::Keep);
        browser.judge.withdraws(self.id);
        browser.note(|| format!("page {} is told of the withdrawal", self.id));
        self.input(browser, Input::Withdraw);
        browser.judge.rests(self.id);
    }

    pub(crate) fn track(&mut self, browser: &mut Browser, name: &str, serial: u64, items: u64, layer: bool) {
        browser.judge.said(self.id, serial, &browser.clocks);
        let mut data =
            format!(r#"{{"value":47.9,"currency":"EUR","items":[{{"item_id":"{SERIAL}{serial}","quantity":1}}"#);
        for item in 1..items {
            data += &format!(r#",{{"item_id":"SKU-{item}","item_name":"Kettle {item}","price":47.9,"quantity":2}}"#);
        }
        data += "]}";
        let source = if layer { Source::Layer } else { Source::Api };
        self.input(browser, Input::Track { name, data: Some(&data), source });
    }

    /// The shopper looks at the page for `ms`.
    pub(crate) fn linger(&mut self, browser: &mut Browser, ms: u64) {
        let observed = Observation { what: What::Engaged, target: "80", number: ms.min(60_000) as u32 };
        self.see(browser, Sight::Observed(observed));
    }

    /// A click on something that does nothing.
    pub(crate) fn click(&mut self, browser: &mut Browser) {
        let pointer = Pointer { x: 9, y: 9, target: "button", role: "button", label: "", interactive: true };
        self.see(browser, Sight::Pointer(pointer));
    }

    /// The shopper answers the open prompt, or opens one.
    pub(crate) fn answer(&mut self, browser: &mut Browser, serial: u64) {
        if self.prompt.is_none() {
            self.ask(browser);
        }
        let Some(Prompt { joined }) = self.prompt else { return };
        self.input(browser, Input::Prompt(PromptEvent::Shown));
        if joined {
            browser.judge.said(self.id, serial, &browser.clocks);
        } else {
            browser.judge.said_alone(self.id, serial, &browser.clocks);
        }
        self.answers += 1;
        let rev = self.answers;
        let report =
            format!(r#"{{"type":"answer","step":"why","rev":{rev},"ask":"nps","score":9,"text":"{SERIAL}{serial}"}}"#);
        self.input(browser, Input::Prompt(PromptEvent::Answer(&report)));
        let closed = r#"{"type":"closed","reason":"completed","partial":false}"#;
        self.input(browser, Input::Prompt(PromptEvent::Closed(closed)));
        self.prompt = None;
    }

    /// The prompt is to open.
    fn ask(&mut self, browser: &mut Browser) {
        self.input(browser, Input::Open { id: PROMPT, version: 1, trigger: "purchase", sub: "", auto: true });
    }

    pub(crate) fn flush(&mut self, browser: &mut Browser) {
        self.input(browser, Input::Flush);
    }

    /// The browser is online again.
    pub(crate) fn online(&mut self, browser: &mut Browser) {
        self.input(browser, Input::Online);
    }

    /// Another page has deleted the visit's record, and has told the collector of the visit that it knew. Where that is not this page's it tells
    /// of its own.
    pub(crate) fn erased(&mut self, browser: &mut Browser, told: Option<&str>) {
        let known = told == self.visit.as_deref();
        browser.judge.hears_of_withdrawal(self.id, known);
        browser.note(|| format!("page {} sees that the visit is gone", self.id));
        self.input(browser, if known { Input::Withdrawn } else { Input::Withdraw });
        browser.judge.rests(self.id);
    }

    pub(crate) fn delivered(&mut self, browser: &mut Browser, batch: u32, answer: &Answer) {
        let outcome = match answer {
            Answer::Reply { status, body, after } => Outcome::Reply { status: *status, body, retry_after: *after },
            Answer::None => Outcome::NoAnswer,
        };
        self.input(browser, Input::Delivered { batch, outcome });
    }

    // Time.

    /// When the browser wakes it, on the clock of pages.
    pub(crate) fn due(&self) -> Option<u64> {
        let fires = self.fires?;
        Some(match self.hidden {
            Some(since) if fires >= since + LONG => fires.next_multiple_of(LONG_HIDDEN),
            Some(_) => fires.next_multiple_of(HIDDEN),
            None => fires,
        })
    }

    pub(crate) fn tick(&mut self, browser: &mut Browser) {
        (self.timer, self.fires) = (None, None);
        self.input(browser, Input::Tick);
    }

    // The shelf: what `www/core/store.js` and `www/part/watch/orphans.js` do.

    /// What the shell has begun goes on.
    pub(crate) fn errand(&mut self, browser: &mut Browser, errand: Errand) {
        match errand {
            Errand::Read { nth, .. } | Errand::Named { nth, .. } if nth != self.asked => {}
            Errand::Read { past, shelf, .. } => self.read(browser, past, shelf),
            Errand::Named { name, known, past, shelf, .. } => {
                let lock = format!("{UNSENT}{name}");
                let copied = !browser.locks.is_free(&lock);
                self.name = Some(if copied { drawn(browser) } else { name });
                self.hold(browser);
                self.restored(browser, Some(known).filter(|_| !copied), past, shelf);
            }
            // Its timer was set anew meanwhile.
            Errand::Orphans if browser.clocks.now < self.looks => {}
            Errand::Orphans => {
                if self.looks == 0 {
                    self.look_again(browser);
                }
                self.look(browser);
            }
            Errand::Take(tab) => {
                let free = browser.locks.is_free(&format!("{UNSENT}{tab}"));
                if self.watched && (free || !browser.has_locks) {
                    for key in browser.shelf(&format!("{UNSENT}{tab}:")) {
                        self.adopt(browser, key);
                    }
                }
            }
        }
    }

    /// … but not while it sleeps.
    pub(crate) fn postpone(&mut self, errand: Errand) {
        self.errands.push(errand);
    }

    /// Storage is read. The tab's name is the first word of its record; a sign before it says that no page has left the tab since.
    fn read(&mut self, browser: &mut Browser, past: bool, shelf: bool) {
        browser.judge.reads(self.id, past, browser.clocks.now);
        let record = browser.storage.get(self.session, TAB).unwrap_or_default();
        let (open, rest) = match record.strip_prefix('!') {
            Some(rest) => (true, rest),
            None => (false, record.as_str()),
        };
        let stored = rest.split_once(' ').filter(|(name, _)| !name.is_empty());
        let (name, known) =
            stored.map_or((None, None), |(name, known)| (Some(name.to_owned()), Some(known.to_owned())));
        if let Some(name) = &self.name {
            // Of a page that slept: the one that is left may hide only now, and until it does it holds the lock, and has not kept all that it has.
            let all = !shelf || !browser.has_locks || browser.locks.holds(&format!("{UNSENT}{name}"), self.id);
            return self.restored(browser, known.filter(|_| all), past, shelf && all);
        }
        let (name, known) = match (name, known) {
            (Some(name), Some(known)) if browser.has_locks => {
                let (nth, at) = (self.asked, browser.clocks.now + browser.dice.between(0, PROMPT_PROMISE));
                return browser.plan(at, Event::Errand(self.id, Errand::Named { name, known, past, shelf, nth }));
            }
            (Some(name), Some(known)) if !open => {
                // Where there are no locks this alone tells the copy of a tab whose page has just begun.
                browser.storage.set(browser.clocks.now, self.session, TAB, &format!("!{name} {known}"));
                (name, Some(known))
            }
            // Without locks a tab that was torn away looks like the copy of one that goes on.
            _ => (drawn(browser), None),
        };
        self.name = Some(name);
        self.restored(browser, known, past, shelf);
        self.hold(browser);
    }

    fn restored(&mut self, browser: &mut Browser, tab: Option<String>, past: bool, shelf: bool) {
        let visit = browser.storage.get(Kept::Local, VISIT);
        let known = if past { browser.storage.get(Kept::Local, PAST) } else { None };
        browser.note(|| format!("page {} finds {visit:?} {known:?} {tab:?}", self.id));
        // What is only merged may be another tab's.
        if shelf {
            self.visit = visit.as_deref().and_then(visit_of);
        }
        // What a page that is left already stores at this word it knows.
        let name = self.name.clone().unwrap_or_default();
        let found = if shelf { browser.shelf(&format!("{UNSENT}{name}:")) } else { Vec::new() };
        let (visit, tab) = (visit.as_deref(), tab.as_deref().filter(|tab| !tab.is_empty()));
        self.input(browser, Input::Restored { visit, tab, past: Some(known.as_deref().unwrap_or_default()) });
        browser.judge.begins(self.id);
        for key in found {
            self.tell(browser, key, true);
        }
        if shelf {
            self.input(browser, Input::Shelf { slot: 0, text: "", own: true });
        }
    }

    fn tell(&mut self, browser: &mut Browser, key: String, own: bool) {
        let text = browser.storage.get(Kept::Local, &key).unwrap_or_default();
        browser.note(|| format!("page {} finds {key}{}: {text}", self.id, if own { "" } else { ", adopted" }));
        browser.judge.finds(self.id, &text, &browser.clocks);
        let slot = FOUND + self.found.len() as u32;
        self.found.push(key);
        self.input(browser, Input::Shelf { slot, text: &text, own });
    }

    /// Holds the tab's lock while the page lives.
    fn hold(&mut self, browser: &mut Browser) {
        if let Some(name) = &self.name
            && browser.has_locks
        {
            browser.locks.request(&format!("{UNSENT}{name}"), self.id);
        }
    }

    fn key(&self, slot: u32) -> String {
        let name = self.name.as_deref().unwrap_or("undefined");
        format!("{UNSENT}{name}:{}:{slot}", self.began)
    }

    fn shelve(&mut self, browser: &mut Browser, slot: u32, text: &str) {
        let found = slot.checked_sub(FOUND).and_then(|found| self.found.get(found as usize).cloned());
        let key = found.unwrap_or_else(|| self.key(slot));
        if text.is_empty() {
            browser.note(|| format!("page {} removes {key}", self.id));
            browser.storage.remove(Kept::Local, &key);
        } else if !self.keep(browser, Kept::Local, &key, text) {
            self.input(browser, Input::Unshelved(slot));
        }
    }

    /// Looks for shelves whose tabs are gone.
    fn look(&mut self, browser: &mut Browser) {
        if !self.watched {
            return;
        }
        let now = browser.clocks.wall();
        let mut young = false;
        for (tab, newest) in shelves(browser) {
            if Some(&tab) == self.name.as_ref() {
                continue;
            }
            // What lies ahead was stored before somebody set the clock back. Without locks it may be of a tab that goes on.
            let is_young = if browser.has_locks { now.abs_diff(newest) < AGE } else { now < newest + AGE_UNLOCKED };
            young |= is_young;
            if !is_young {
                let late = if browser.has_locks { browser.dice.between(0, PROMPT_PROMISE) } else { 0 };
                browser.plan(browser.clocks.now + late, Event::Errand(self.id, Errand::Take(tab)));
            }
        }
        if young {
            self.look_again(browser);
        }
    }

    /// The timer of that is set once: a later time takes the place of an earlier one.
    fn look_again(&mut self, browser: &mut Browser) {
        self.looks = browser.clocks.now + AGE + 1_000;
        browser.plan(self.looks, Event::Errand(self.id, Errand::Orphans));
    }

    /// Takes what lies under a key of another tab onto this one's shelf.
    fn adopt(&mut self, browser: &mut Browser, key: String) {
        let Some(text) = browser.storage.get(Kept::Local, &key) else { return };
        let mine = self.key(FOUND + self.found.len() as u32);
        if self.keep(browser, Kept::Local, &mine, &text) {
            browser.storage.remove(Kept::Local, &key);
            self.tell(browser, mine, false);
        }
    }

    // The loop.

    fn moment(&mut self, browser: &Browser) -> Millis {
        let at = (browser.clocks.page() - self.born) as f64;
        let now = self.clock.at(browser.clocks.wall() as f64 - at, at);
        self.now = self.now.max(now);
        now
    }

    /// One input; then its effects, one by one.
    fn input(&mut self, browser: &mut Browser, input: Input<'_>) {
        let now = self.moment(browser);
        self.machine.handle(now, input);
        self.run(browser);
    }

    fn see(&mut self, browser: &mut Browser, sight: Sight<'_>) {
        let now = self.moment(browser);
        self.machine.see(now, sight);
        self.run(browser);
    }

    fn run(&mut self, browser: &mut Browser) {
        self.pull(browser);
        while let Some(effect) = self.effects.pop_front() {
            self.carry_out(browser, effect);
        }
        self.arm(browser);
        for batch in std::mem::take(&mut self.refused) {
            self.delivered(browser, batch, &Answer::None);
        }
    }

    /// Takes the effects of one input. What was captured is told to the judge with its identity, which the event itself does not hold: the
    /// journey and leg are those of after the input, but for what came before the numbers began anew.
    fn pull(&mut self, browser: &mut Browser) {
        let (mut captured, mut dropped) = (Vec::new(), Vec::new());
        let mut taken = 0;
        while let Some(effect) = self.machine.poll() {
            taken += 1;
            if taken > MOST_EFFECTS {
                let at = browser.clocks.now;
                browser.judge.find(Wrong::Trap, at, "the engine does not come to rest".to_owned());
                break;
            }
            match effect {
                Effect::Notify { topic: Topic::Touchpoint, detail } => captured.push(detail),
                Effect::Notify { topic: Topic::Dropped, detail } => dropped.push(detail),
                effect => self.effects.push_back(effect),
            }
        }
        if !captured.is_empty() {
            self.captured(browser, captured);
        }
        for detail in dropped {
            browser.note(|| format!("page {} drops {detail}", self.id));
            let leg = self.current.map(|current| current.leg);
            browser.judge.dropped(self.id, leg, &detail, browser.clocks.now);
        }
    }

    fn captured(&mut self, browser: &mut Browser, captured: Vec<String>) {
        let now = browser.clocks.now;
        let head = self.machine.journey();
        let ids = head.as_deref().and_then(|head| Some((member(head, "\"id\":\"")?, member(head, "\"leg\":\"")?)));
        let after = ids.map(|(journey, leg)| browser.judge.leg(self.id, journey, leg, now));
        let mut began = 0;
        let seqs: Vec<u64> =
            captured.iter().map(|text| serde_json::from_str::<Seq>(text).map_or(0, |event| event.seq)).collect();
        if let (Some(after), Some(before)) = (after, self.current)
            && after != before.leg
        {
            // The old leg's numbers go on until they begin anew.
            began = seqs.iter().zip(before.seq + 1..).take_while(|(seq, next)| **seq == *next).count();
            if before.seq == 0 && !seqs[1..].contains(&1) {
                began = 0;
            }
        }
        for (at, text) in captured.into_iter().enumerate() {
            let leg = if at < began {
                self.current.map(|current| current.leg)
            } else {
                after.or(self.current.map(|it| it.leg))
            };
            browser.note(|| format!("page {} captures {text}", self.id));
            if let Some(leg) = leg {
                self.current = Some(Current { leg, seq: seqs[at] });
                browser.judge.captured(leg, text, &browser.clocks);
            } else {
                browser.judge.find(Wrong::AgainstConsent, now, format!("captured without a journey: {text}"));
            }
        }
    }

    fn carry_out(&mut self, browser: &mut Browser, effect: Effect) {
        match effect {
            Effect::Entropy => {
                let entropy = browser.dice.bytes();
                self.input(browser, Input::Entropy(entropy));
            }
            Effect::Restore { past, shelf } if self.delivers => {
                self.asked += 1;
                self.read(browser, past, shelf);
            }
            Effect::Restore { past, shelf } => {
                self.delivers = true;
                self.asked += 1;
                let nth = self.asked;
                let at = browser.clocks.now + browser.dice.skewed(20, LOADS);
                browser.plan(at, Event::Errand(self.id, Errand::Read { past, shelf, nth }));
            }
            Effect::Shelve { slot, text } => self.shelve(browser, slot, &text),
            Effect::Persist { visit, past, tab } => {
                if !visit.is_empty() {
                    self.visit = visit_of(&visit);
                    self.keep(browser, Kept::Local, VISIT, &visit);
                }
                match past.as_str() {
                    "" => {}
                    "-" => browser.storage.remove(Kept::Local, PAST),
                    _ => {
                        self.keep(browser, Kept::Local, PAST, &past);
                    }
                }
                if !tab.is_empty() {
                    let open = if self.gone { "" } else { "!" };
                    let name = self.name.as_deref().unwrap_or("undefined");
                    self.keep(browser, self.session, TAB, &format!("{open}{name} {tab}"));
                }
            }
            Effect::Erase => {
                // Browsers tell of what has changed.
                let was = browser.storage.get(Kept::Local, VISIT);
                for key in browser.shelf(ALL) {
                    browser.storage.remove(Kept::Local, &key);
                }
                browser.storage.remove(self.session, TAB);
                let mine = self.visit.take();
                browser.abandon(self.id, false);
                self.watched = false;
                self.asked += 1;
                browser.note(|| format!("page {} erases", self.id));
                if let Some(visit) = was {
                    let at = browser.clocks.now + browser.dice.between(1, PROMPT_PROMISE);
                    let told = mine.and_then(|_| visit_of(&visit));
                    browser.plan(at, Event::Erased(self.id, told));
                }
            }
            Effect::Watch { .. } if !self.watched => {
                self.watched = true;
                let at = browser.clocks.now + browser.dice.skewed(20, LOADS);
                self.looks = 0;
                browser.plan(at, Event::Errand(self.id, Errand::Orphans));
            }
            Effect::Send { batch, lane, body, leaving } => {
                let taken = browser.send(self.id, (batch, lane), body, leaving);
                self.refused.extend((!taken).then_some(batch));
            }
            Effect::OpenPrompt { measure, .. } => self.prompt = Some(Prompt { joined: measure }),
            Effect::ClosePrompt => self.prompt = None,
            Effect::Fail { code, field } => browser.note(|| format!("page {} fails: {code:?} {field}", self.id)),
            _ => {}
        }
    }

    /// Keeps a text under a key: says whether storage took it.
    fn keep(&self, browser: &mut Browser, kept: Kept, key: &str, text: &str) -> bool {
        let now = browser.clocks.now;
        browser.judge.stores(self.id, key, key == PAST, now);
        let taken = browser.storage.set(now, kept, key, text);
        browser.note(|| format!("page {} keeps {key}{}: {text}", self.id, if taken { "" } else { " in vain" }));
        taken
    }

    /// Sets the browser's timer, if the deadline has moved.
    fn arm(&mut self, browser: &Browser) {
        let due = self.machine.deadline();
        if due != self.timer {
            self.timer = due;
            let wait = |at: Millis| at.since(self.now).min(i32::MAX as u64);
            self.fires = due.map(|at| browser.clocks.page() + wait(at));
        }
    }
}

/// The shelves of all tabs, with when each was written last.
fn shelves(browser: &Browser) -> Vec<(String, u64)> {
    let mut tabs: Vec<(String, u64)> = Vec::new();
    for key in browser.shelf(UNSENT) {
        let mut parts = key[UNSENT.len()..].split(':');
        let tab = parts.next().unwrap_or_default().to_owned();
        let text = browser.storage.get(Kept::Local, &key).unwrap_or_default();
        // When it was stored stands behind the second comma.
        let stored = text.split(',').nth(2).and_then(|at| at.parse().ok()).filter(|at| *at > 0);
        let newest = stored.or_else(|| parts.next()?.parse().ok()).unwrap_or(0);
        match tabs.iter_mut().find(|(known, _)| *known == tab) {
            Some((_, at)) => *at = newest.max(*at),
            None => tabs.push((tab, newest)),
        }
    }
    tabs
}

/// Of a browser without locks: what the keys begin with of shelves that look too young to be taken over.
pub(crate) fn too_young(browser: &Browser) -> Vec<String> {
    let now = browser.clocks.wall();
    let is_young = |newest: u64| now < newest + AGE_UNLOCKED;
    let young = shelves(browser).into_iter().filter(|(_, newest)| !browser.has_locks && is_young(*newest));
    young.map(|(tab, _)| format!("{UNSENT}{tab}:")).collect()
}

/// The visit that a record is of: its second word.
fn visit_of(record: &str) -> Option<String> {
    record.split(' ').nth(1).map(str::to_owned)
}

/// A new name for a tab.
fn drawn(browser: &mut Browser) -> String {
    format!("t{:x}", browser.dice.next() >> 24)
}

/// The text after `key`, up to the next quotation mark.
fn member<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(key)?;
    Some(rest.split_once('"')?.0)
}
