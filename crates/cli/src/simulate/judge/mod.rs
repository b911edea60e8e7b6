//! What is true of each event, and what is wrong. It hears facts from the browser and the collector, and asks the engine nothing.
//!
//! For each event that was captured it knows by which page and when, whether it was stored by the collector (once, and as it was captured),
//! whether the engine declared it dropped (and whether that can be so), and how its page ended. What is neither stored nor dropped for a
//! reason that holds is lost.

mod batch;
mod collector;
mod end;
mod totals;

use std::collections::BTreeMap;

use batch::{Batch, Dropped, EventHead, JourneyHead, Loss};
pub(crate) use collector::Verdict;
pub(crate) use end::Back;
use serde_json::value::RawValue;
pub(crate) use totals::Totals;

use super::clock::Clocks;
use super::storage::Storage;

/// A visit ends after this much idleness, in ms (DESIGN §2).
const IDLE: u64 = 30 * 60_000;
/// … and at the latest after this long, in ms.
const LONGEST: u64 = 24 * 3_600_000;
/// What is remembered waits for the next visit so long, in ms.
const REMEMBERED: u64 = 48 * 3_600_000;
/// A browser tells its other pages within this time that storage has changed, in ms.
pub(crate) const GRACE: u64 = 30;

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Wrong {
    /// An event was neither stored by the collector nor dropped for a reason that holds.
    Lost,
    /// Something was stored twice, or otherwise than it was captured.
    Duplicated,
    /// Something was read, stored or sent that DESIGN §3 forbids.
    AgainstConsent,
    /// Time goes backwards.
    OutOfOrder,
    /// `loss` does not add up, or a batch that was sent again is another one.
    Books,
    /// The engine trapped, or did not come to rest.
    Trap,
}

/// One thing that is wrong.
#[derive(Debug, Clone)]
pub(crate) struct Finding {
    pub(crate) wrong: Wrong,
    /// True time since the journey began, in ms.
    pub(crate) at: u64,
    pub(crate) says: String,
}

/// A leg, by its place among those that the judge knows.
pub(crate) type LegId = usize;

/// How a page ended.
#[derive(Debug, Clone, Copy)]
struct Death {
    at: u64,
    /// … without the time that the machine slept.
    page: u64,
    /// It could say nothing.
    torn: bool,
}

/// What a page was told of the shopper's decision, and how it ended.
#[derive(Debug, Default)]
struct Page {
    tab: usize,
    feedback: bool,
    granted: bool,
    denied: bool,
    remember: bool,
    /// When it was told of the grant.
    since: u64,
    /// How far the wall clock was set ahead as it was opened.
    set: i64,
    /// It knows what is stored, and captures: before that what stores and sends has to come.
    begun: bool,
    /// It has looked into storage since it was told of the grant.
    looked: bool,
    /// The shopper has withdrawn on another page since, and nobody could tell this one.
    unheard: bool,
    /// It is left, and about to hide.
    leaving: bool,
    /// It went into the cache while storage failed.
    slept_full: bool,
    /// The input at hand is a withdrawal: one erase may leave.
    withdrawing: bool,
    /// Erases that left.
    erases: u32,
    death: Option<Death>,
    /// What it declared as too much, where that was said earlier: while nobody had decided, a page holds what it is told.
    cut: u64,
    /// What was reported without consent, which a grant may let in.
    waiting: Vec<u64>,
    /// Legs that it found in storage too late,
    stale: Vec<LegId>,
    /// … and in time: it has those in memory, and may send them, also where it finds another tab's copy later.
    fresh: Vec<LegId>,
}

#[derive(Debug)]
struct Leg {
    journey: usize,
    id: String,
    page: usize,
    events: Vec<Event>,
}

#[derive(Debug)]
struct Journey {
    id: String,
    start: u64,
    /// The last moment of contact,
    last: u64,
    /// … and the last event, which may be the summary of how it ended.
    newest: u64,
    sent: bool,
    erased: bool,
}

#[derive(Debug)]
struct Event {
    seq: u64,
    /// As it was captured, to the byte.
    text: String,
    at: u64,
    when: u64,
    page_time: u64,
    stored: bool,
    /// Something about it was found wrong already.
    wrong: bool,
    /// The collector has rejected it, refused a batch with it, or found one too big.
    turned: u8,
    /// The engine says that it dropped it, and why.
    dropped: Option<&'static str>,
    remember: bool,
    /// What became of it at a second collector, which cannot tell if something comes twice.
    second: Second,
}

/// An event at a collector that stores all that comes.
#[derive(Debug, Default)]
struct Second {
    stored: u32,
    dropped: Option<&'static str>,
    turned: u8,
}

const REJECTED: u8 = 1;
const REFUSED: u8 = 2;
const TOO_BIG: u8 = 4;

/// A touchpoint that the shop reported, or an answer, by its number.
#[derive(Debug)]
struct Said {
    serial: u64,
    page: usize,
    at: u64,
    page_time: u64,
    state: State,
    captured: bool,
    /// It was too much, and the engine says so.
    cut: bool,
    /// The engine says that it dropped an answer that leaves alone.
    dropped: Option<&'static str>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// With consent: it is to be captured.
    Granted,
    /// It waits for a decision, in memory.
    Waiting,
    /// Nobody may ever know of it.
    Forbidden,
    /// An answer of somebody who gave no consent: it leaves alone.
    Alone { stored: bool },
}

/// Reasons for which the engine may drop an event, as it says them.
const REASONS: [&str; 9] =
    ["full", "rejected", "refused", "damaged", "rate", "too_big", "expired", "unsure", "page_lost"];

/// Hears what happens, and judges.
#[derive(Debug, Default)]
pub(crate) struct Judge {
    /// Storage is shut: then no page learns of what others have done.
    pub(crate) deaf: bool,
    /// The shop's banner tells every page what was decided on one.
    pub(crate) banner: bool,
    pub(crate) findings: Vec<Finding>,
    /// Two pages of a journey have drawn the same leg.
    pub(crate) collided: bool,
    pages: Vec<Page>,
    journeys: Vec<Journey>,
    legs: Vec<Leg>,
    said: Vec<Said>,
    /// When the shopper withdrew,
    withdrawn: Vec<u64>,
    /// … how long the machine had been awake the last time,
    withdrawn_awake: u64,
    /// … and when measuring was allowed last, on any page.
    regranted: Option<u64>,
    /// When a page was told that no more is to be remembered.
    forgotten: Vec<u64>,
    /// Each batch that arrived, by journey, leg and id, and a hash of its bytes.
    batches: BTreeMap<(String, String, String), u64>,
    /// Each batch that was sent to the second collector: its journey, id and time, its leg and events.
    plain: Vec<(String, String, u64, LegId, Vec<u64>)>,
    /// The shop has one.
    pub(crate) has_second: bool,
    /// The newest `at` that each tab's page captured of a journey, and which page, while pages end as they should: tab, journey.
    newest: BTreeMap<(usize, usize), (u64, usize)>,
}

/// How the number of a touchpoint is written in its data: ids that Polku makes have no capitals.
pub(crate) const SERIAL: &str = "ZQ-";

/// The number in an event's text.
pub(crate) fn serial(text: &str) -> Option<u64> {
    let (_, rest) = text.split_once(SERIAL)?;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    rest[..digits].parse().ok()
}

impl Judge {
    pub(crate) fn find(&mut self, wrong: Wrong, at: u64, says: String) {
        self.findings.push(Finding { wrong, at, says });
    }

    // Pages and decisions.

    /// A page was opened in a tab; gives back its number.
    pub(crate) fn opened(&mut self, tab: usize, feedback: bool, clocks: &Clocks) -> usize {
        self.pages.push(Page { tab, feedback, set: clocks.set(), ..Page::default() });
        self.pages.len() - 1
    }

    /// A page is told what the shopper decided, at `when`. `earlier`: that counts as before the page was loaded.
    pub(crate) fn decided(
        &mut self,
        page: usize,
        measure: Option<bool>,
        remember: Option<bool>,
        (earlier, when): (bool, u64),
        clocks: &Clocks,
    ) {
        let now = clocks.now;
        let it = &mut self.pages[page];
        if it.remember && remember == Some(false) {
            self.forgotten.push(now);
        }
        it.remember = remember.unwrap_or(it.remember);
        match measure {
            Some(true) if !it.granted => {
                (it.granted, it.erases, it.since, it.looked) = (true, 0, now, false);
                it.unheard = false;
                // What was seen before counts only where the decision had been made by then.
                // Somebody who has set the clock back since makes a visit that another tab begins now older than this page, so that it seems to
                // have been made by then: nobody can tell, and it may be captured or not.
                let state = match (it.denied, earlier) {
                    (false, true) => State::Granted,
                    (false, false) if clocks.set() < it.set => State::Waiting,
                    _ => State::Forbidden,
                };
                self.settle(page, state, when);
            }
            Some(false) => {
                it.withdrawing = it.granted;
                (it.granted, it.denied, it.remember, it.unheard) = (false, true, false, false);
                self.settle(page, State::Forbidden, u64::MAX);
            }
            _ => {}
        }
    }

    /// The shopper withdraws, and tells this page.
    pub(crate) fn withdraws(&mut self, page: usize) {
        let it = &mut self.pages[page];
        it.withdrawing = true;
        (it.granted, it.denied, it.remember, it.unheard) = (false, true, false, false);
        self.settle(page, State::Forbidden, u64::MAX);
    }

    /// A page learns that another one has withdrawn. That one tells the collector, where it knew of the same visit.
    pub(crate) fn hears_of_withdrawal(&mut self, page: usize, told: bool) {
        self.withdraws(page);
        self.pages[page].withdrawing = !told;
    }

    /// What waits on a page, and was said before this moment, waits no longer. What was said after a decision in another tab, and before this
    /// page was told of it, may be captured or not.
    fn settle(&mut self, page: usize, state: State, before: u64) {
        for serial in std::mem::take(&mut self.pages[page].waiting) {
            if let Some(said) = self.said.iter_mut().rfind(|said| said.serial == serial && said.at < before) {
                said.state = state;
            }
        }
    }

    /// What the page was told has been dealt with.
    pub(crate) fn rests(&mut self, page: usize) {
        self.pages[page].withdrawing = false;
    }

    /// The shopper withdraws: from now on every other page has [`GRACE`] to learn of it.
    pub(crate) fn withdraws_now(&mut self, clocks: &Clocks, storage: &Storage) {
        let at = clocks.now;
        self.withdrawn.push(at);
        self.withdrawn_awake = clocks.awake();
        // Pages hear of each other by what is stored, and by the shop's banner. One that was told of a grant just now, and has not looked into
        // storage yet, or found it full ever since, has nothing there that could be taken away, and without a banner nobody knows of it: for all
        // that anybody can tell it was told of the grant after the withdrawal.
        for page in self.pages.iter_mut().filter(|page| !self.banner && page.granted) {
            if !page.looked || storage.is_full_since(page.since, at) {
                (page.since, page.unheard) = (at, true);
            }
        }
    }

    /// Measuring is allowed, on some page.
    pub(crate) fn grants_now(&mut self, at: u64) {
        self.regranted = Some(at);
    }

    /// A page has had [`GRACE`] to learn of the last withdrawal: while the machine sleeps no page hears of anything.
    fn could_know(&self, clocks: &Clocks) -> bool {
        clocks.awake() > self.withdrawn_awake + GRACE
    }

    /// The shopper has withdrawn, and every page that lives could know: nothing may be left on the device.
    pub(crate) fn has_withdrawn(&mut self, clocks: &Clocks, left: &[String]) {
        let at = clocks.now;
        // What ended meanwhile, and could not know, may have stored something once more.
        // So may one that nobody could tell.
        let raced =
            |page: &Page| page.unheard || page.granted && page.death.is_some_and(|death| death.at + GRACE >= at);
        if !left.is_empty() && !self.pages.iter().any(raced) {
            self.find(
                Wrong::AgainstConsent,
                at,
                format!("after the withdrawal this is still stored: {}", left.join(" ")),
            );
        }
        // Whoever has set the clock makes the device believe that a visit is over, and then nobody knows its name any more.
        let known = if clocks.is_true() && !self.deaf { self.journeys.len() } else { 0 };
        for journey in 0..known {
            let Journey { sent, erased, last, .. } = self.journeys[journey];
            if sent && !erased && at.saturating_sub(last) < IDLE && self.is_alive(journey) {
                let id = self.journeys[journey].id.clone();
                self.find(Wrong::AgainstConsent, at, format!("journey {id} was sent and withdrawn, and no erase left"));
            }
        }
    }

    /// Some page that lives is in it, so that Polku knows it. One that has begun another one since does not; nor one that is left, and hears of
    /// nothing before it hides: what it could read then is gone; nor one that nobody can tell.
    fn is_alive(&self, journey: usize) -> bool {
        let knows = |page: &Page| page.death.is_none() && !page.leaving && !page.unheard;
        self.pages
            .iter()
            .enumerate()
            .filter(|(_, page)| knows(page))
            .any(|(page, _)| self.legs.iter().rfind(|leg| leg.page == page).is_some_and(|leg| leg.journey == journey))
    }

    /// A page is left, and will hide a little later.
    pub(crate) fn leaves(&mut self, page: usize) {
        self.pages[page].leaving = true;
    }

    /// A page ended.
    pub(crate) fn died(&mut self, page: usize, clocks: &Clocks, storage: &Storage, torn: bool) {
        let it = &mut self.pages[page];
        if it.death.is_none() {
            it.death = Some(Death { at: clocks.now, page: clocks.awake(), torn });
            it.slept_full |= storage.fails(clocks.now, clocks.now);
            // The next page cannot know how far this one got.
            if torn || storage.fails(clocks.now, clocks.now) {
                let tab = it.tab;
                self.newest.retain(|(of, _), _| *of != tab);
            }
        }
    }

    /// A page knows what is stored.
    pub(crate) fn begins(&mut self, page: usize) {
        let it = &mut self.pages[page];
        it.begun = true;
        it.looked = true;
    }

    /// A page that ended in the back/forward cache comes back.
    pub(crate) fn woke(&mut self, page: usize) {
        self.pages[page].death = None;
    }

    // What the shop reports.

    /// The shop reports a touchpoint on a page, or the shopper answers with the path joined.
    pub(crate) fn said(&mut self, page: usize, serial: u64, clocks: &Clocks) {
        let it = &self.pages[page];
        // Nobody may have told the page that the shopper has withdrawn on another one.
        let withdrawn = self.withdrawn.last().filter(|at| **at > it.since);
        // One that slept through that, and through a new grant, may do what the shopper allows by now.
        let allowed = withdrawn.is_some_and(|at| self.regranted.is_some_and(|granted| granted >= *at));
        let state = match (it.granted, it.denied) {
            (true, _) if withdrawn.is_some() && !allowed && self.could_know(clocks) => State::Forbidden,
            (true, _) if withdrawn.is_some() => State::Waiting,
            (true, _) => State::Granted,
            (_, true) => State::Forbidden,
            _ => {
                self.pages[page].waiting.push(serial);
                State::Waiting
            }
        };
        self.say(page, serial, clocks, state);
    }

    /// The shopper answers, and what is answered leaves alone.
    pub(crate) fn said_alone(&mut self, page: usize, serial: u64, clocks: &Clocks) {
        let state = State::Alone { stored: false };
        self.say(page, serial, clocks, state);
    }

    fn say(&mut self, page: usize, serial: u64, clocks: &Clocks, state: State) {
        let (at, page_time) = (clocks.now, clocks.awake());
        self.said.push(Said { serial, page, at, page_time, state, captured: false, cut: false, dropped: None });
    }

    // What the engine captures and drops.

    /// The leg with these ids, which this page captures.
    pub(crate) fn leg(&mut self, page: usize, journey: &str, leg: &str, now: u64) -> LegId {
        if let Some(known) = self.find_leg(journey, leg) {
            if self.legs[known].page != page {
                self.collided = true;
                self.find(Wrong::Duplicated, now, format!("two pages capture in leg {journey} {leg}"));
            }
            return known;
        }
        let journey = match self.journeys.iter().position(|known| known.id == journey) {
            Some(known) => known,
            None => {
                let id = journey.to_owned();
                self.journeys.push(Journey { id, start: now, last: now, newest: now, sent: false, erased: false });
                self.journeys.len() - 1
            }
        };
        self.legs.push(Leg { journey, id: leg.to_owned(), page, events: Vec::new() });
        self.legs.len() - 1
    }

    fn find_leg(&self, journey: &str, leg: &str) -> Option<LegId> {
        // The newest are asked for most.
        self.legs.iter().rposition(|known| known.id == leg && self.journeys[known.journey].id == journey)
    }

    /// An event was captured in a leg.
    pub(crate) fn captured(&mut self, leg: LegId, text: String, clocks: &Clocks) {
        let now = clocks.now;
        let Ok(EventHead { seq, at, name }) = serde_json::from_str(&text) else {
            return self.find(Wrong::Trap, now, format!("what was captured is no event: {text}"));
        };
        // It is no moment of contact, and keeps no visit alive.
        let summary = name == "journey_summary";
        let Leg { page, journey, .. } = self.legs[leg];
        if !self.pages[page].granted {
            self.find(Wrong::AgainstConsent, now, format!("captured without consent: {text}"));
        }
        if let Some(serial) = serial(&text)
            && let Some(said) = self.said.iter_mut().rfind(|said| said.serial == serial)
        {
            let wrong = match said.state {
                State::Forbidden | State::Alone { .. } => {
                    Some((Wrong::AgainstConsent, "captured, though it was said without consent"))
                }
                _ if said.captured => Some((Wrong::Duplicated, "captured twice")),
                _ => None,
            };
            said.captured = true;
            if let Some((wrong, says)) = wrong {
                self.find(wrong, now, format!("{says}: {text}"));
            }
        }
        let start = self.journeys[journey].start;
        // One that is left hides without having heard of anything; what it reads then tells of a withdrawal, unless the shopper has agreed anew.
        let unheard = self.pages[page].unheard
            || self.pages[page].leaving && self.regranted.is_some_and(|at| self.withdrawn.last() <= Some(&at));
        if !self.deaf && !unheard && self.withdrawn.last().is_some_and(|at| *at > start) && self.could_know(clocks) {
            let id = &self.journeys[journey].id;
            let says = format!("journey {id} goes on after it was withdrawn: {text}");
            self.find(Wrong::AgainstConsent, now, says);
        }
        self.journeys[journey].newest = now;
        if !summary {
            // What is told late (an order that nothing has confirmed for half an hour) was the contact then, as far as the clocks say.
            let then = if clocks.is_true() && clocks.awake() == now { start + at + 100 } else { now };
            let last = &mut self.journeys[journey].last;
            *last = then.min(now).max(*last);
        }
        let before = self.newest.insert((self.pages[page].tab, journey), (at, page));
        if let Some((before, earlier)) = before
            && self.legs[leg].events.is_empty()
            && before > at
            // One that is left may hide only after this one is seen, and tell how far it got then: until then it has not been before.
            && (earlier == page || self.pages[earlier].death.is_some())
        {
            self.find(Wrong::OutOfOrder, now, format!("the page before was at {before}: {text}"));
        }
        self.legs[leg].events.push(Event {
            seq,
            text,
            at,
            when: now,
            page_time: clocks.awake(),
            stored: false,
            wrong: false,
            turned: 0,
            dropped: None,
            remember: self.pages[page].remember,
            second: Second::default(),
        });
    }

    /// The engine says why it dropped an event, or a batch, or some that it cannot name.
    pub(crate) fn dropped(&mut self, page: usize, leg: Option<LegId>, detail: &str, now: u64) {
        let Ok(Dropped { why, collector, events, what }) = serde_json::from_str(detail) else {
            return self.find(Wrong::Trap, now, format!("what is said of a drop cannot be read: {detail}"));
        };
        let Some(why) = REASONS.into_iter().find(|known| *known == why) else {
            return self.find(Wrong::Trap, now, format!("dropped for a reason that nobody knows: {detail}"));
        };
        if collector > 0 {
            return self.dropped_second(leg, why, what.map_or("", RawValue::get));
        }
        let Some(what) = what.map(RawValue::get) else {
            // Nothing was made of what was too much; else what a page lost is named by the judge itself.
            if why == "rate" {
                self.cut_short(page, events, now);
            }
            return;
        };
        if let Ok(batch) = Batch::read(what) {
            if batch.loss.is_none() {
                return self.drop_alone(&batch, why);
            }
            let leg = self.find_leg(batch.journey.id, batch.journey.leg);
            for seq in batch.seqs() {
                let event = leg.and_then(|leg| self.legs[leg].event(seq));
                // Of a batch that was taken only what was rejected is dropped.
                if let Some(event) = event.filter(|event| why != "rejected" || event.turned & REJECTED != 0) {
                    event.dropped = event.dropped.or(Some(why));
                }
            }
        } else if let Ok(EventHead { seq, .. }) = serde_json::from_str(what) {
            if let Some(event) = leg.and_then(|leg| self.legs[leg].event(seq)) {
                event.dropped = event.dropped.or(Some(why));
            }
        } else {
            self.find(Wrong::Trap, now, format!("what was dropped is neither event nor batch: {detail}"));
        }
    }

    /// The page told too much: the newest of what was said just now was not captured.
    fn cut_short(&mut self, page: usize, events: u64, now: u64) {
        let said = self.said.iter_mut().rev().filter(|said| said.page == page && said.at == now && !said.captured);
        let mut left = events;
        for said in said.take(events as usize) {
            said.cut = true;
            left -= 1;
        }
        self.pages[page].cut += left;
    }

    /// An answer that was to leave alone is dropped.
    fn drop_alone(&mut self, batch: &Batch<'_>, why: &'static str) {
        for raw in &batch.events {
            let said = serial(raw.get()).and_then(|it| self.said.iter_mut().rfind(|said| said.serial == it));
            if let Some(said) = said {
                said.dropped = Some(why);
            }
        }
    }

    // What is stored, read and sent.

    /// A page looks into storage.
    pub(crate) fn reads(&mut self, page: usize, beyond: bool, now: u64) {
        let it = &self.pages[page];
        if !it.granted {
            self.find(Wrong::AgainstConsent, now, "storage is read without consent".to_owned());
        } else if beyond && !it.remember {
            self.find(Wrong::AgainstConsent, now, "what is remembered is read without consent to that".to_owned());
        }
    }

    /// A page finds a text in storage.
    pub(crate) fn finds(&mut self, page: usize, text: &str, clocks: &Clocks) {
        // Whoever sets the clock makes the device believe what is not true.
        if !clocks.is_true() {
            return;
        }
        for (leg, Leg { journey, id, page: owner, .. }) in self.legs.iter().enumerate() {
            let Journey { start, newest, .. } = self.journeys[*journey];
            let idle = clocks.now - newest;
            // What was kept for its visit alone is so whatever is decided later.
            let beyond = self.pages[page].remember && self.pages[*owner].remember;
            let over = if beyond { idle > REMEMBERED } else { idle > IDLE || clocks.now - start > LONGEST };
            let it = &mut self.pages[page];
            if *owner != page && !it.stale.contains(&leg) && !it.fresh.contains(&leg) && text.contains(id.as_str()) {
                if over { &mut it.stale } else { &mut it.fresh }.push(leg);
            }
        }
    }

    /// A page keeps a text under a key.
    pub(crate) fn stores(&mut self, page: usize, key: &str, beyond: bool, now: u64) {
        let it = &self.pages[page];
        if !it.granted {
            self.find(Wrong::AgainstConsent, now, format!("{key} is stored without consent"));
        } else if beyond && !it.remember {
            self.find(Wrong::AgainstConsent, now, format!("{key} is stored without consent to remember"));
        }
    }

    /// A page sends a body.
    pub(crate) fn sends(&mut self, page: usize, lane: u8, body: &str, now: u64) {
        let Ok(batch) = Batch::read(body) else {
            return self.find(Wrong::Trap, now, format!("what is sent is no batch: {body}"));
        };
        if lane > 0
            && let Some(leg) = self.find_leg(batch.journey.id, batch.journey.leg)
        {
            let JourneyHead { id, .. } = batch.journey;
            self.plain.push((id.to_owned(), batch.batch.to_owned(), batch.sent, leg, batch.seqs()));
        }
        let first = batch.events.first().and_then(|raw| serde_json::from_str::<EventHead<'_>>(raw.get()).ok());
        let mut wrong = None;
        if first.as_ref().is_some_and(|event| event.name == "erase" && lane > 0) {
            wrong = Some("an erase is sent to a collector that erases nothing");
        } else if first.is_some_and(|event| event.name == "erase") {
            let it = &mut self.pages[page];
            it.erases += 1;
            if !it.withdrawing {
                wrong = Some("an erase is sent without a withdrawal");
            } else if it.erases > 1 {
                wrong = Some("a second erase is sent");
            } else if batch.events.len() > 1 || batch.loss.is_some() || batch.journey.device.is_some() {
                wrong = Some("an erase tells more than itself");
            }
            for journey in &mut self.journeys {
                journey.erased |= body.contains(&journey.id);
            }
        } else if batch.loss.is_none() {
            let JourneyHead { id, stage, device, .. } = batch.journey;
            let serials: Vec<_> = batch.events.iter().map(|raw| serial(raw.get())).collect();
            let withdrawn = self.withdrawn.last().copied();
            let fits = |serial: &Option<u64>| {
                let said = self.said.iter().rfind(|said| Some(said.serial) == *serial);
                said.is_some_and(|said| {
                    matches!(said.state, State::Alone { .. }) && withdrawn.is_none_or(|at| at <= said.at)
                })
            };
            if !self.pages[page].feedback || !serials.iter().all(fits) {
                wrong = Some("something is sent without consent that is no answer");
            } else if batch.sent % 3600 != 0 || stage.is_some() || device.is_some() || batch.events.len() != 1 {
                wrong = Some("an answer without consent tells more than itself");
            } else if self.journeys.iter().any(|journey| journey.id == id) {
                wrong = Some("an answer without consent bears the id of a journey");
            }
        } else if !self.pages[page].granted {
            wrong = Some("something is sent without consent");
        } else if let Some(leg) = self.find_leg(batch.journey.id, batch.journey.leg) {
            let journey = self.legs[leg].journey;
            self.journeys[journey].sent = true;
            if self.pages[page].stale.contains(&leg) {
                wrong = Some("something is sent that was to be deleted unread");
            }
        }
        if let Some(wrong) = wrong {
            self.find(Wrong::AgainstConsent, now, format!("{wrong}: {body}"));
        }
    }

    /// What must hold of a batch as a whole.
    fn check(&mut self, batch: &Batch<'_>, body: &str, now: u64) {
        if let Some(Loss { captured, sent, queued, dropped }) = &batch.loss
            && *captured != sent + queued + dropped.values().sum::<u64>()
        {
            let head = body.split_once("\"events\"").map_or(body, |(head, _)| head);
            self.find(Wrong::Books, now, format!("captured is not sent + queued + dropped: {head}"));
        }
        let hash = body
            .bytes()
            .fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3));
        if *self.batches.entry(batch.name()).or_insert(hash) != hash {
            self.find(Wrong::Books, now, format!("a batch of the same name is another one: {body}"));
        }
    }
}

impl Leg {
    fn event(&mut self, seq: u64) -> Option<&mut Event> {
        let at = self.events.binary_search_by_key(&seq, |event| event.seq).ok()?;
        self.events.get_mut(at)
    }
}
