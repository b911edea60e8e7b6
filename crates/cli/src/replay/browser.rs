//! A browser with one tab, a shop of whole pages, time that passes by itself, and an engine in each document.

use super::line::{Consent, Page, Step, address};
use crate::simulate::dice::Dice;
use polku_core::{Arrival, Config, Effect, Input, Millis, Observation, Outcome, Pointer, Sight, Source, Watched};

/// The shop, where no address names one.
const SHOP: &str = "shop.example";
/// Wake-ups and answers at one moment, at most: an engine that has more never comes to rest.
const MOST: u32 = 10_000;

/// Who is sent batches.
pub(crate) trait Receiver {
    /// Takes a batch; gives back the body of its answer.
    fn take(&mut self, body: &str) -> String;
}

/// A browser.
#[derive(Debug)]
pub(crate) struct Browser<R> {
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
    /// Who is sent batches.
    pub(crate) receiver: R,
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

impl<R: Receiver> Browser<R> {
    /// A browser of the journey with this seed and number, at a moment in Unix ms.
    pub(crate) fn new(config: Config, (seed, number): (u64, u64), now: u64, receiver: R) -> Self {
        Self {
            config,
            dice: Dice::new(seed, number),
            now,
            shop: SHOP.to_owned(),
            measure: true,
            feedback: None,
            document: None,
            remember: None,
            visit: None,
            past: None,
            tab: None,
            receiver,
        }
    }

    /// Unix ms.
    pub(crate) fn now(&self) -> u64 {
        self.now
    }

    /// There is a page.
    pub(crate) fn is_open(&self) -> bool {
        self.document.is_some()
    }

    /// The tab is closed; what outlives it stays.
    pub(crate) fn close(&mut self) {
        self.leave();
        self.tab = None;
    }

    /// Something happens on the page.
    pub(crate) fn happen(&mut self, step: Step<'_>) {
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
    pub(crate) fn page(&mut self, page: &Page<'_>) {
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
    pub(crate) fn leave(&mut self) {
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

    /// A page is loaded.
    pub(crate) fn open(&mut self, path: &str, referrer: String, own_host: bool, how: Arrival) {
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
    pub(crate) fn decide(&mut self, &Consent { measure, remember, feedback }: &Consent) {
        self.measure = measure.unwrap_or(self.measure);
        self.remember = remember.or(self.remember);
        self.feedback = feedback.or(self.feedback);
        if self.document.is_some() {
            self.input(Input::Consent { measure, remember, feedback, earlier: false, by: "api", policy: "" });
        }
    }

    /// Lets time pass until `end`, and the engine wake up when it wants to.
    pub(crate) fn pass(&mut self, end: u64) {
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
    pub(crate) fn input(&mut self, input: Input<'_>) {
        if let Some(Document { engine, .. }) = &mut self.document {
            engine.handle(Millis(self.now), input);
            self.drain();
        }
    }

    /// Something is seen on the page.
    pub(crate) fn see(&mut self, sight: Sight<'_>) {
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
                Some(Effect::Send { batch, body, .. }) => answers.push((batch, self.receiver.take(&body))),
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
