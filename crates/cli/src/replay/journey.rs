//! One scripted journey: lines in, what the engine makes of them out.

use super::browser::Browser;
use super::collector::Collector;
use super::line::{Fault, Line, Step};
use polku_core::{Arrival, Config, Name};

/// When every journey begins: a whole hour, so that the same script gives the same bytes in any year.
const BEGIN: u64 = 1_795_284_000_000;
/// Time goes on for so long after the last line, in ms: a journey ends by 30 idle minutes, and what it then says leaves.
const AFTER: u64 = 31 * 60_000;

/// A scripted journey that is under way.
#[derive(Debug)]
pub struct Journey {
    browser: Browser<Collector>,
}

impl Journey {
    /// The journey with this number among those of a seed. With `events`, [`Self::take_events`] gives back what is sent.
    #[must_use]
    pub fn new(config: &Config, seed: u64, number: u64, events: bool) -> Self {
        let collector = Collector::new(&config.framework, events);
        Self { browser: Browser::new(config.clone(), (seed, number), BEGIN, collector) }
    }

    /// The next line.
    ///
    /// # Errors
    /// When it cannot be understood; then nothing has happened.
    pub fn line(&mut self, text: &str) -> Result<(), Fault> {
        let Line { t, step } = Line::parse(text)?;
        let now = self.browser.now();
        if BEGIN + t < now {
            return Err(Fault(format!(
                "\"t\" goes back from {} to {t}; order the lines by time, and put a blank line between journeys",
                now - BEGIN
            )));
        }
        self.browser.pass(BEGIN + t);
        match step {
            Step::Page(page) => self.browser.page(&page),
            Step::Consent(consent) => self.browser.decide(&consent),
            step => {
                if !self.browser.is_open() {
                    self.browser.open("/", String::new(), false, Arrival::Load);
                }
                self.browser.happen(step);
            }
        }
        Ok(())
    }

    /// Lets time run on after the last line until the journey has ended; then the page is closed.
    pub fn end(&mut self) {
        self.browser.pass(self.browser.now() + AFTER);
        self.browser.leave();
    }

    /// The journey's summary: an object, as JSON.
    #[must_use]
    pub fn summary(&self) -> String {
        self.browser.receiver.summary.json()
    }

    /// The events that have been sent since this was last asked: JSON, a line each.
    pub fn take_events(&mut self) -> String {
        self.browser.receiver.events.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// Whether an event of this name has been sent.
    #[must_use]
    pub fn has(&self, name: Name) -> bool {
        self.browser.receiver.has(name)
    }
}
