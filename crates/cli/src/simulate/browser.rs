//! What all pages of one browser share: clocks, storage, locks, the network, and the agenda of what is under way. Whatever passes through it
//! the judge hears of.

use std::collections::BTreeMap;

use super::clock::Clocks;
use super::dice::Dice;
use super::judge::Judge;
use super::locks::Locks;
use super::network::{Answer, Fate, Network};
use super::script::Act;
use super::storage::{Kept, Storage};
use super::tab::Errand;

/// A request without an answer is given up after this long, in ms (`www/core/send.js`).
const TIMEOUT: u64 = 15_000;
/// Requests that outlive their page hold so many bytes in flight, for each page (`www/core/send.js`; browsers allow 64 KiB).
const KEEPALIVE: usize = 60_000;

/// A page, by its number: that of the judge.
pub(crate) type PageId = usize;

/// Something that will happen.
#[derive(Debug)]
pub(crate) enum Event {
    /// A request arrives. `answered`: somebody waits for its answer. `again`: the network has doubled it.
    Arrives { flight: usize, body: String, answered: Option<Fate>, again: bool },
    /// An answer, or the lack of one, reaches the page.
    Answered { flight: usize, answer: Answer },
    /// The shopper or a fault does something that another one has begun.
    Act(Act),
    /// A page that was left hides at last.
    Hides(PageId),
    /// The network is back, as far as this trouble goes.
    Online,
    /// Something that a page's shell has begun goes on.
    Errand(PageId, Errand),
    /// The document of a tab is loaded.
    Loads(usize),
    /// The shop's banner tells every page what it knows.
    Banner,
    /// Every page that is awake has learned of a withdrawal.
    Withdrawn,
    /// A page has deleted the visit's record: browsers tell the other pages, and before that whose visit it knew.
    Erased(PageId, Option<String>),
}

/// A request.
#[derive(Debug)]
struct Flight {
    page: PageId,
    batch: u32,
    /// To which collector.
    lane: u8,
    bytes: usize,
    keepalive: bool,
    sent: u64,
    arrived: bool,
    /// It was cut off on its way.
    gone: bool,
    /// The page waits for its answer no longer.
    done: bool,
    /// The machine slept meanwhile: the answer is lost.
    cut: bool,
}

/// One browser.
#[derive(Debug)]
pub(crate) struct Browser {
    pub(crate) clocks: Clocks,
    pub(crate) storage: Storage,
    pub(crate) network: Network,
    pub(crate) judge: Judge,
    pub(crate) dice: Dice,
    /// It has Web Locks.
    pub(crate) has_locks: bool,
    pub(crate) locks: Locks,
    flights: Vec<Flight>,
    /// By time, then in order.
    agenda: BTreeMap<(u64, u64), Event>,
    order: u64,
    /// Pages that have sent since this was last asked.
    pub(crate) senders: Vec<PageId>,
    /// What has happened, line by line, where somebody wants to know.
    pub(crate) trace: Option<Vec<String>>,
}

impl Browser {
    pub(crate) fn new(clocks: Clocks, storage: Storage, network: Network, dice: Dice, has_locks: bool) -> Self {
        Self {
            clocks,
            storage,
            network,
            judge: Judge::default(),
            dice,
            has_locks,
            locks: Locks::default(),
            flights: Vec::new(),
            agenda: BTreeMap::new(),
            order: 0,
            senders: Vec::new(),
            trace: None,
        }
    }

    pub(crate) fn note(&mut self, says: impl FnOnce() -> String) {
        if let Some(trace) = &mut self.trace {
            trace.push(format!("{:>9} {}", self.clocks.now, says()));
        }
    }

    // The agenda.

    pub(crate) fn plan(&mut self, at: u64, event: Event) {
        self.order += 1;
        self.agenda.insert((at, self.order), event);
    }

    pub(crate) fn next(&self) -> Option<u64> {
        self.agenda.keys().next().map(|(at, _)| *at)
    }

    /// Takes what is due by now.
    pub(crate) fn due(&mut self) -> Option<Event> {
        let entry = self.agenda.first_entry()?;
        (entry.key().0 <= self.clocks.now).then(|| entry.remove())
    }

    /// Nothing of what was planned happens any more, but for requests that are on their way and pages that are about to hide.
    pub(crate) fn forget_plans(&mut self) {
        self.agenda.retain(|_, event| matches!(event, Event::Arrives { .. } | Event::Hides(_)));
    }

    /// The keys of local storage that begin so, in the order in which they were made: numbers in them count as numbers.
    pub(crate) fn shelf(&self, prefix: &str) -> Vec<String> {
        let mut keys = self.storage.keys(Kept::Local, prefix);
        let number = |part: &str| (part.parse::<u64>().unwrap_or(u64::MAX), part.to_owned());
        keys.sort_by_cached_key(|key| key.split(':').map(number).collect::<Vec<_>>());
        keys
    }

    // Requests.

    /// A page sends a batch to a collector. Says whether the browser took the request.
    pub(crate) fn send(&mut self, page: PageId, (batch, lane): (u32, u8), body: String, keepalive: bool) -> bool {
        let now = self.clocks.now;
        self.judge.sends(page, lane, &body, now);
        self.note(|| {
            format!("page {page} sends {batch} to {lane}{}: {body}", if keepalive { " as it leaves" } else { "" })
        });
        self.senders.push(page);
        if keepalive {
            let waiting = self.flights.iter().filter(|it| it.page == page && it.keepalive && !it.done && !it.gone);
            if waiting.map(|it| it.bytes).sum::<usize>() + body.len() > KEEPALIVE {
                return false;
            }
        }
        let flight = self.flights.len();
        let bytes = body.len();
        let (arrived, gone, done, cut) = (false, false, false, false);
        self.flights.push(Flight { page, batch, lane, bytes, keepalive, sent: now, arrived, gone, done, cut });
        if self.network.is_offline(now) {
            self.plan(now + 5, Event::Answered { flight, answer: Answer::None });
            return true;
        }
        let there = now + self.network.delay(now, &mut self.dice);
        let fate = self.network.fate();
        match fate {
            Fate::Lost => self.answer(flight, there, Answer::None),
            Fate::Hung { late } => {
                if late > 0 {
                    self.plan(now + late, Event::Arrives { flight, body, answered: None, again: false });
                }
                self.answer(flight, u64::MAX, Answer::None);
            }
            Fate::Doubled { late } => {
                self.plan(there + late, Event::Arrives { flight, body: body.clone(), answered: None, again: true });
                self.plan(there, Event::Arrives { flight, body, answered: Some(fate), again: false });
            }
            Fate::Fine | Fate::Mute | Fate::Belied(_) => {
                self.plan(there, Event::Arrives { flight, body, answered: Some(fate), again: false });
            }
        }
        true
    }

    /// The page hears of a request at `at`, or gives up before.
    fn answer(&mut self, flight: usize, at: u64, answer: Answer) {
        let patience = self.flights[flight].sent + TIMEOUT;
        let (at, answer) = if at > patience { (patience, Answer::None) } else { (at, answer) };
        self.plan(at, Event::Answered { flight, answer });
    }

    /// A request is where the collector should be.
    pub(crate) fn arrives(&mut self, flight: usize, body: &str, answered: Option<Fate>, again: bool) {
        if self.flights[flight].gone {
            return;
        }
        self.flights[flight].arrived = true;
        let now = self.clocks.now;
        let Flight { page, batch, lane, .. } = self.flights[flight];
        let mut answer = self.network.arrive(body, (lane, again), &mut self.judge, now);
        self.note(|| format!("{batch} of page {page} arrives: {answer:?}"));
        let Some(fate) = answered else { return };
        match (fate, &mut answer) {
            (Fate::Mute, _) => answer = Answer::None,
            // Whoever lies so to one that cannot dedupe asks for what is stored twice.
            (Fate::Belied(code), Answer::Reply { status, body, .. }) if *status == 200 && lane == 0 => {
                *status = code;
                body.clear();
            }
            _ => {}
        }
        let back = now + self.network.delay(now, &mut self.dice);
        self.answer(flight, back, answer);
    }

    /// An answer is back: for which page and batch, where that page still waits for it.
    pub(crate) fn answered(&mut self, flight: usize, answer: Answer) -> Option<(PageId, u32, Answer)> {
        let it = &mut self.flights[flight];
        if std::mem::replace(&mut it.done, true) {
            return None;
        }
        Some((it.page, it.batch, if it.cut { Answer::None } else { answer }))
    }

    /// A page gives up its requests, or ends: what has not arrived by then may never do, unless it was sent to outlive the page. Gives
    /// back the batches without an answer.
    pub(crate) fn abandon(&mut self, page: PageId, ends: bool) -> Vec<u32> {
        let mut waited = Vec::new();
        for at in 0..self.flights.len() {
            let it = &self.flights[at];
            if it.page == page && !it.done {
                let dies = !(it.arrived || ends && it.keepalive) && self.dice.chance(50);
                let it = &mut self.flights[at];
                it.done = true;
                it.gone |= dies;
                waited.push(it.batch);
            }
        }
        waited
    }

    /// The machine sleeps: what was under way is answered to nobody.
    pub(crate) fn cut(&mut self) {
        for flight in &mut self.flights {
            flight.cut |= !flight.done;
        }
    }
}
