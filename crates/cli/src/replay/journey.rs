//! One scripted journey: a browser with one tab, a shop of whole pages, time that passes by itself, and an engine in each document.

use super::collector::Collector;
use super::line::{Consent, Fault, Line, Page, Step, address};
use polku_core::{Arrival, Config, Effect, Input, Millis, Name, Observation, Outcome, Pointer, Sight, Source, Watched};

/// When every journey begins: a whole hour, so that the same script gives the same bytes in any year.
const BEGIN: u64 = 1_795_284_000_000;
/// Time goes on for so long after the last line, in ms: a journey ends by 30 idle minutes, and what it then says leaves.
const AFTER: u64 = 31 * 60_000;
/// The shop, where no address names one.
const SHOP: &str = "shop.example";
/// Wake-ups and answers at one moment, at most: an engine that has more never comes to rest.
const MOST: u32 = 10_000;

/// A scripted journey that is under way.
#[derive(Debug)]
pub struct Journey {
    config: Config,
    dice: Dice,
    now: u64,
    /// The host of the shop.
    shop: String,
    /// What the shopper decided.
    measure: bool,
    feedback: Option<bool>,
    document: Option<Document>,
    remember: Option<bool>,
    /// What the browser has stored for the visit, beyond it, and for the tab.
    visit: Option<String>,
    past: Option<String>,
    tab: Option<String>,
    collector: Collector,
}

/// The page that is open, and its engine.
struct Document {
    engine: Watched,
    /// Its whole address.
    url: String,
    referrer: String,
    /// It cannot be seen.
    hidden: bool,
    /// It is about to go for good: what is sent now is answered to nobody.
    leaves: bool,
}

impl std::fmt::Debug for Document {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Document").field("url", &self.url).finish_non_exhaustive()
    }
}

impl Journey {
    /// The journey with this number among those of a seed. With `events`, [`Self::take_events`] gives back what is sent.
    #[must_use]
    pub fn new(config: &Config, seed: u64, number: u64, events: bool) -> Self {
        Self {
            config: config.clone(),
            dice: Dice::new(seed, number),
            now: BEGIN,
            shop: SHOP.to_owned(),
            measure: true,
            feedback: None,
            document: None,
            remember: None,
            visit: None,
            past: None,
            tab: None,
            collector: Collector::new(&config.framework, events),
        }
    }

    /// The next line.
    ///
    /// # Errors
    /// When it cannot be understood; then nothing has happened.
    pub fn line(&mut self, text: &str) -> Result<(), Fault> {
        let Line { t, step } = Line::parse(text)?;
        if BEGIN + t < self.now {
            return Err(Fault(format!(
                "\"t\" goes back from {} to {t}; order the lines by time, and put a blank line between journeys",
                self.now - BEGIN
            )));
        }
        self.pass(BEGIN + t);
        match step {
            Step::Page(page) => self.page(&page),
            Step::Consent(consent) => self.decide(&consent),
            step => {
                if self.document.is_none() {
                    self.open("/", String::new(), false, Arrival::Load);
                }
                self.happen(step);
            }
        }
        Ok(())
    }

    /// Lets time run on after the last line until the journey has ended; then the page is closed.
    pub fn end(&mut self) {
        self.pass(self.now + AFTER);
        self.leave();
    }

    /// The journey's summary: an object, as JSON.
    #[must_use]
    pub fn summary(&self) -> String {
        self.collector.summary.json()
    }

    /// The events that have been sent since this was last asked: JSON, a line each.
    pub fn take_events(&mut self) -> String {
        self.collector.events.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// Whether an event of this name has been sent.
    #[must_use]
    pub fn has(&self, name: Name) -> bool {
        self.collector.has(name)
    }

    fn happen(&mut self, step: Step<'_>) {
        match step {
            Step::Pointer(it) => {
                // As wide as what a page tells.
                let whole = |length: f64| i32::from(length.round() as u16);
                self.see(Sight::Pointer(Pointer {
                    x: whole(it.x),
                    y: whole(it.y),
                    target: &it.target,
                    role: &it.role,
                    label: &it.label,
                    interactive: it.interactive,
                }));
            }
            Step::Observed { what, target, number } => {
                self.see(Sight::Observed(Observation { what, target: &target, number }));
            }
            Step::Visibility { hidden } => {
                // Browsers tell changes alone.
                if let Some(document) = &mut self.document
                    && std::mem::replace(&mut document.hidden, hidden) != hidden
                {
                    self.input(Input::Visibility { hidden });
                }
            }
            Step::Track { name, data } => self.input(Input::Track { name, data, source: Source::Api }),
            Step::Variant(it) => self.input(Input::Variant { name: &it.name, value: &it.value }),
            Step::Page(_) | Step::Consent(_) => {}
        }
    }

    /// Another page is loaded, as in a shop of whole pages: the one before is hidden and gone, with its engine; what it stored is
    /// all that the next one knows.
    fn page(&mut self, page: &Page<'_>) {
        let (host, path) = address(&page.url);
        if let Some(host) = host {
            host.clone_into(&mut self.shop);
        }
        let referrer = match (&page.referrer, &self.document) {
            (Some(referrer), _) if referrer.is_empty() => String::new(),
            (Some(referrer), _) => self.whole(referrer),
            (None, Some(before)) if page.reload => before.referrer.clone(),
            // A link on the page before.
            (None, Some(before)) => before.url.clone(),
            (None, None) => String::new(),
        };
        let own_host = address(&referrer).0 == Some(self.shop.as_str());
        self.leave();
        self.open(&path, referrer, own_host, if page.reload { Arrival::Reload } else { Arrival::Load });
    }

    /// The page is hidden, and gone.
    fn leave(&mut self) {
        if let Some(document) = &mut self.document {
            document.leaves = true;
            // As browsers tell it: `pagehide`, then, where it was in sight until now, that it is hidden.
            let tells = if document.hidden { 1 } else { 2 };
            for _ in 0..tells {
                self.input(Input::Visibility { hidden: true });
            }
            self.document = None;
        }
    }

    /// An address with its host.
    fn whole(&self, url: &str) -> String {
        match address(url) {
            (Some(_), _) => url.to_owned(),
            (None, path) => format!("https://{}{path}", self.shop),
        }
    }

    fn open(&mut self, path: &str, referrer: String, own_host: bool, how: Arrival) {
        self.document = Some(Document {
            engine: Watched::new(self.config.clone()),
            url: self.whole(path),
            referrer: referrer.clone(),
            hidden: false,
            leaves: false,
        });
        let entropy = self.dice.bytes();
        self.input(Input::Entropy(entropy));
        self.input(Input::Page { path, referrer: &referrer, own_host, how });
        let (measure, feedback) = (Some(self.measure), self.feedback);
        let remember = self.remember;
        self.input(Input::Consent { measure, remember, feedback, earlier: true, by: "api", policy: "" });
    }

    /// The shopper decides: on the page that is open, or before there is one.
    fn decide(&mut self, &Consent { measure, remember, feedback }: &Consent) {
        self.measure = measure.unwrap_or(self.measure);
        self.remember = remember.or(self.remember);
        self.feedback = feedback.or(self.feedback);
        if self.document.is_some() {
            self.input(Input::Consent { measure, remember, feedback, earlier: false, by: "api", policy: "" });
        }
    }

    /// Lets time pass until `end`, and the engine wake up when it wants to.
    fn pass(&mut self, end: u64) {
        let mut ticks = 0;
        while let Some(Document { engine, .. }) = &self.document
            && let Some(Millis(due)) = engine.deadline()
            && due <= end
        {
            ticks = if due > self.now { 0 } else { ticks + 1 };
            assert!(ticks < MOST, "the engine does not come to rest");
            self.now = self.now.max(due);
            self.input(Input::Tick);
        }
        self.now = end;
    }

    /// The engine's contract: one input, then its effects, one by one; what these bring back at once is the next input.
    fn input(&mut self, input: Input<'_>) {
        if let Some(Document { engine, .. }) = &mut self.document {
            engine.handle(Millis(self.now), input);
            self.drain();
        }
    }

    /// Something is seen on the page.
    fn see(&mut self, sight: Sight<'_>) {
        if let Some(Document { engine, .. }) = &mut self.document {
            engine.see(Millis(self.now), sight);
            self.drain();
        }
    }

    fn drain(&mut self) {
        let Some(Document { engine, leaves, .. }) = &mut self.document else { return };
        let now = Millis(self.now);
        let mut answers = Vec::new();
        for _ in 0..MOST {
            match engine.poll() {
                Some(Effect::Entropy) => engine.handle(now, Input::Entropy(self.dice.bytes())),
                Some(Effect::Restore { past, shelf }) => {
                    let past = self.past.as_deref().filter(|_| past);
                    let (visit, tab) = (self.visit.as_deref(), self.tab.as_deref());
                    engine.handle(now, Input::Restored { visit, tab, past });
                    // Nothing is ever unsent here.
                    if shelf {
                        engine.handle(now, Input::Shelf { slot: 0, text: "", own: true });
                    }
                }
                Some(Effect::Persist { visit, past, tab }) => {
                    if !visit.is_empty() {
                        self.visit = Some(visit);
                    }
                    if !past.is_empty() {
                        self.past = Some(past).filter(|past| past != "-");
                    }
                    if !tab.is_empty() {
                        self.tab = Some(tab);
                    }
                }
                Some(Effect::Erase) => (self.visit, self.past, self.tab) = (None, None, None),
                Some(Effect::Send { batch, body, .. }) => answers.push((batch, self.collector.take(&body))),
                Some(_) => {}
                None => {
                    let Some((batch, body)) = answers.pop().filter(|_| !*leaves) else { return };
                    let outcome = Outcome::Reply { status: 200, body: &body, retry_after: None };
                    engine.handle(now, Input::Delivered { batch, outcome });
                }
            }
        }
        panic!("the engine does not come to rest");
    }
}

/// Where ids and jitter come from: splitmix64, so that a seed and a number are all that a journey needs.
#[derive(Debug)]
struct Dice(u64);

impl Dice {
    fn new(seed: u64, number: u64) -> Self {
        // Two steps apart for neighbours, or they would throw the same numbers one after the other.
        let mut dice = Self(seed);
        let mixed = dice.next();
        Self(mixed ^ Self(number).next())
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn bytes(&mut self) -> [u8; 32] {
        std::array::from_fn(|_| (self.next() >> 56) as u8)
    }
}
