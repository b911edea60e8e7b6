//! The engine: it owns all state, and each of its rooms has the part of [`handle`](Engine::handle) that its name says.

mod ask;
mod capture;
mod decide;
mod deliver;
mod keep;
mod remember;
mod shelf;
mod tell;
mod trial;
mod trust;

use crate::batch;
use crate::config::Config;
use crate::consent::Consent;
use crate::effect::{Effect, Topic};
use crate::error::Code;
use crate::framework::Framework;
use crate::input::Input;
use crate::journey::Journey;
use crate::json::Writer;
use crate::lane::{Lane, Rules};
use crate::past::Past;
use crate::rate::Rate;
use crate::rng::Entropy;
use crate::time::Millis;
use crate::timer::{Timer, TimerTable};

use ask::Open;
use capture::{Held, Page};
use trust::Report;

/// One shopper in one document. See the [crate's contract](crate) for how it is driven.
pub struct Engine {
    config: Config,
    framework: Framework,
    consent: Consent,
    /// The evidence of the grant, as batches carry it,
    evidence: String,
    /// … and how much was held when this document was told of it.
    before: usize,
    /// What is beyond the visit may be remembered.
    remembers: bool,
    past: Past,
    /// It is to be stored.
    past_is_new: bool,
    /// The shopper does not want to be asked.
    unasked: bool,
    entropy: Entropy,
    timers: TimerTable,
    effects: Vec<Effect>,
    /// The newest moment that was seen: time does not run backwards here.
    now: Millis,
    /// The first one.
    began: Millis,
    /// How far the shell's clock lies behind the visit's, in ms: another document's clock may have been ahead.
    skew: u64,
    hidden: bool,
    /// One bit for each [`Topic`] that somebody listens to.
    listens: u8,

    page: Page,
    journey: Journey,
    /// The visit's record was there when storage was read last.
    stored: bool,
    /// … and was of this visit, that another tab has begun.
    other: String,
    /// Storage is being read; why decides whether this document's memory or the record counts.
    restoring: Option<Restoring>,
    /// What was observed before the journey could take it.
    // Boxed from the first to the last: see `record`.
    #[allow(clippy::vec_box)]
    held: Vec<Box<Held>>,
    /// Hashes of the order numbers that this document counted.
    orders: Vec<u64>,
    /// What this view's sources have reported.
    reports: Vec<Report>,
    /// The watcher is told what happens.
    watched: bool,
    /// How far the journey went on since it was told, in steps of 100 ms.
    dwell: u64,

    /// One for each collector.
    lanes: Vec<Lane>,
    /// What may not wait does, all the same, before this moment.
    urged: Millis,
    handles: u32,
    /// Slots of the shelf whose batches are no longer needed.
    done: Vec<u32>,
    batches: u64,
    rate: Rate,
    /// What is on this tab's shelf is being told.
    shelf_comes: bool,
    /// … and some of it could not be read.
    shelf_damaged: bool,
    /// The books are those that an earlier page of this tab began.
    inherited: bool,
    /// Somebody waits for [`Topic::Flushed`].
    flushing: bool,

    /// What was told of prompts last: [`Effect::May`].
    may: u8,
    /// Without a journey: an order was placed on this page.
    ordered: bool,
    open: Option<Open>,
}

/// Why storage is being read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Restoring {
    /// Consent was granted; what this document observed before counts.
    Earlier,
    /// Consent was granted just now; only this page counts.
    Now,
    /// The page came back from the back/forward cache: other pages of this tab may have gone on.
    Cache,
    /// The journey seems to be over; another tab may know better.
    Idle,
    /// What other tabs have added to the visit is taken in, and the sum is stored.
    Merge,
}

impl Default for Engine {
    fn default() -> Self {
        Self::NEW
    }
}

impl Engine {
    /// Before it knows its shop. A constant is copied in one go, where code that fills in each field costs every page half a kilobyte.
    pub const NEW: Self = Self {
        config: Config::NEW,
        framework: Framework::NEW,
        consent: Consent::Undecided,
        evidence: String::new(),
        before: 0,
        remembers: false,
        past: Past::NEW,
        past_is_new: false,
        unasked: false,
        entropy: Entropy::NEW,
        timers: TimerTable::NEW,
        effects: Vec::new(),
        now: Millis(0),
        began: Millis(0),
        skew: 0,
        hidden: false,
        listens: 0,
        page: Page::NEW,
        journey: Journey::NEW,
        stored: false,
        other: String::new(),
        restoring: None,
        held: Vec::new(),
        orders: Vec::new(),
        reports: Vec::new(),
        watched: false,
        dwell: 0,
        lanes: Vec::new(),
        urged: Millis(0),
        handles: 0,
        done: Vec::new(),
        batches: 0,
        rate: Rate::NEW,
        shelf_comes: false,
        shelf_damaged: false,
        inherited: false,
        flushing: false,
        may: 0,
        ordered: false,
        open: None,
    };

    /// An engine for one document of the shop that `config` describes.
    #[must_use]
    #[cfg(not(target_arch = "wasm32"))]
    pub fn new(config: Config) -> Self {
        let mut engine = Self::NEW;
        engine.configure(config);
        engine
    }

    /// Tells a new engine what shop it works for.
    pub fn configure(&mut self, config: Config) {
        self.framework.read(&config.framework);
        for rules in &config.lanes {
            self.lanes.push(Lane::new(rules, self.lanes.len()));
        }
        if self.lanes.is_empty() {
            self.lanes.push(Lane::new(&Rules::default(), 0));
        }
        // There is nothing in the old one that would have to be let go.
        std::mem::forget(std::mem::replace(&mut self.config, config));
    }

    /// Takes one input that happened at `now`. Then drain [`poll`](Self::poll) and read [`deadline`](Self::deadline).
    ///
    /// A moment before the newest one counts as that one.
    pub fn handle(&mut self, now: Millis, input: Input<'_>) {
        self.begin_at(now);
        self.take(input);
        self.end();
    }

    /// The first of the three steps of [`handle`](Self::handle).
    pub fn begin_at(&mut self, now: Millis) {
        if self.began.0 == 0 {
            self.began = now;
        }
        self.now = self.now.max(now.plus(self.skew));
    }

    /// The second one. The browser's shell knows which input it has: what is chosen there need not be chosen here again, so that a page
    /// pays for one choice alone.
    #[cfg_attr(target_arch = "wasm32", inline(always))]
    pub fn take(&mut self, input: Input<'_>) {
        match input {
            Input::Entropy(fresh) => self.entropy.refill(fresh),
            Input::Consent { measure, remember, feedback, earlier, by, policy } => {
                self.may_remember(remember);
                self.decide(measure, feedback, earlier, by, policy);
            }
            Input::Withdraw => self.withdraw(),
            Input::Withdrawn => self.forget(),
            Input::Restored { visit, tab, past } => {
                self.recall(past);
                self.restore(visit, tab);
            }
            Input::Shelf { slot, text, own } => self.found_on_shelf(slot, text, own),
            Input::Unshelved(slot) => self.unshelved(slot),
            Input::Online => self.online(),
            Input::Page { path, referrer, own_host, how } => self.page(path, referrer, own_host, how),
            Input::Track { name, data, source } => self.track(name, data, source),
            Input::Found { name, at, page, data } => self.found(name, at, page, data),
            Input::Memory(word) => word.clone_into(&mut self.journey.memory),
            Input::Keep => self.keep(),
            Input::Variant { name, value } => self.variant(name, value),
            Input::Settle => {
                self.recount_all();
                // Other tabs may have gone on with the journey.
                self.happened("", "", self.journey.stage);
            }
            Input::Visibility { hidden } => self.visibility(hidden),
            Input::Open { id, version, trigger, sub, auto } => self.open(id, version, trigger, sub, auto),
            Input::Prompt(event) => self.prompt(event),
            Input::Delivered { batch, outcome } => self.delivered(batch, outcome),
            Input::Listen(topics) => self.listens = topics,
            Input::Flush => {
                self.recount_all();
                self.flushing = true;
                for lane in &mut self.lanes {
                    lane.due = true;
                }
            }
            // What is due soon comes with it: a page that wakes up twice pays twice.
            Input::Tick => self.timers.hasten(self.now),
        }
    }

    /// The third one.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub fn end(&mut self) {
        self.tick();
        self.tell_may();
        if self.entropy.is_low() {
            self.effect(Effect::Entropy);
        }
    }

    /// The next thing to do; `None` when there is no more.
    pub fn poll(&mut self) -> Option<Effect> {
        (!self.effects.is_empty()).then(|| self.effects.remove(0))
    }

    /// When [`Input::Tick`] is due at the latest, on the shell's clock.
    #[must_use]
    pub fn deadline(&self) -> Option<Millis> {
        let due = self.due();
        (due.0 < Millis::NEVER.0 - self.skew).then_some(due)
    }

    /// The same; never is [`Millis::NEVER`], less what this document's clock lies behind.
    #[must_use]
    pub fn due(&self) -> Millis {
        let mut next = self.timers.next();
        for lane in &self.lanes {
            next = next.min(lane.flush).min(lane.retry);
        }
        Millis(next.0.saturating_sub(self.skew))
    }

    /// What the page may know of its journey: the head of a batch, as it would leave now. `None` before `measure`.
    #[must_use]
    pub fn journey(&self) -> Option<String> {
        let mut out = Writer::default();
        self.open_batch(0, &mut out).then(|| {
            out.raw(batch::CLOSE);
            out.into_string()
        })
    }

    /// Does what has become due.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    fn tick(&mut self) {
        let now = self.now;
        if self.timers.expired(Timer::Report, now) {
            self.recount_all();
        }
        for lane in &mut self.lanes {
            if lane.flush <= now {
                (lane.flush, lane.due) = (Millis::NEVER, true);
            }
            if lane.retry <= now {
                lane.retry = Millis::NEVER;
            }
        }
        if self.timers.expired(Timer::Wake, now) {
            self.effect(Effect::Restore { past: self.remembers, shelf: true });
        }
        self.pump();
        if self.timers.expired(Timer::Shelf, now) {
            self.shelve_all();
        }
        if self.timers.expired(Timer::Persist, now) {
            self.keep();
        }
    }

    #[cfg_attr(target_arch = "wasm32", inline(never))]
    fn visibility(&mut self, hidden: bool) {
        self.hidden = hidden;
        if hidden {
            // A page that slept does not know yet whether what it has may still be sent.
            if self.restoring != Some(Restoring::Cache) {
                self.leave();
            }
            self.shelve_all();
            self.keep();
            // Left again already: what it met has to be kept now.
            if self.timers.is_set(Timer::Wake) {
                self.timers.set(Timer::Wake, self.now);
            }
        }
    }

    #[cfg_attr(target_arch = "wasm32", inline(never))]
    fn effect(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    fn notify(&mut self, topic: Topic, detail: String) {
        self.effect(Effect::Notify { topic, detail });
    }

    fn listens(&self, topic: Topic) -> bool {
        self.listens & (1 << topic as u8) != 0
    }

    /// Tells the developer about `code`.
    fn fail(&mut self, code: Code, field: &str) {
        self.effect(Effect::Fail { code, field: field.to_owned() });
    }
}
