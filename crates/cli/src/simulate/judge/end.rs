//! The end: what has become of each event, and whether that can be so.

use super::super::clock::Clocks;
use super::super::storage::Storage;
use super::{
    Event, GRACE, IDLE, Journey, Judge, LONGEST, Leg, REFUSED, REJECTED, REMEMBERED, SERIAL, Said, State, TOO_BIG,
    Totals, Wrong,
};

/// A visit that the last page came back to may have so little time left that nothing of it can be expected, in ms: a shelf is adopted ten
/// seconds after it was written.
const BRIEF: u64 = 60_000;
/// The queue takes so many events; it cannot have been full where not even this many were captured.
const FULL: usize = 300;
/// So many events of one name within a short time are no runaway loop.
const CALM: usize = 200;
/// What a page captured it has stored after this long, in ms, while the machine does not sleep (the issue: "within 250 ms of capture").
const SOON: u64 = 250;

/// The shopper came back in the end.
#[derive(Debug)]
pub(crate) struct Back {
    /// When.
    pub(crate) at: u64,
    /// What is remembered could be found then.
    pub(crate) remembers: bool,
    /// What the keys begin with of shelves that looked too young to the end.
    pub(crate) young: Vec<String>,
}

impl Judge {
    /// Judges what has become of everything. `back`: the shopper came back to a world where all is well.
    pub(crate) fn close(&mut self, storage: &Storage, clocks: &Clocks, back: Option<&Back>) -> Totals {
        let mut totals = Totals { journeys: 1, ..Totals::default() };
        let mut lost = Vec::new();
        for leg in &self.legs {
            let mut at = 0;
            for event in &leg.events {
                totals.captured += 1;
                totals.remembered += u64::from(event.remember);
                if event.at < at {
                    lost.push((
                        Wrong::OutOfOrder,
                        event.when,
                        format!("earlier than the event before: {}", event.text),
                    ));
                }
                at = event.at;
                if self.has_second
                    && event.second.stored == 0
                    && let Err(says) = self.fate(leg, event, true, storage, clocks, back)
                {
                    let says = format!("{says} (second collector): {} {}", leg.id, event.text);
                    lost.push((Wrong::Lost, event.when, says));
                }
                if event.stored {
                    totals.delivered += 1;
                    totals.remembered_delivered += u64::from(event.remember);
                    continue;
                }
                if event.wrong {
                    // Found already, as what it is.
                    *totals.dropped.entry("wrong").or_default() += 1;
                    continue;
                }
                match self.fate(leg, event, false, storage, clocks, back) {
                    Ok((why, cause)) => {
                        *totals.dropped.entry(why).or_default() += 1;
                        if !cause.is_empty() {
                            *totals.causes.entry(cause).or_default() += 1;
                        }
                    }
                    Err(says) => lost.push((Wrong::Lost, event.when, format!("{says}: {} {}", leg.id, event.text))),
                }
            }
        }
        let mut cut: Vec<u64> = self.pages.iter().map(|page| page.cut).collect();
        for said in &self.said {
            match said.state {
                State::Granted if !said.captured && !said.cut && cut[said.page] > 0 && self.is_much(said) => {
                    cut[said.page] -= 1;
                    totals.captured += 1;
                    totals.remembered += u64::from(self.pages[said.page].remember);
                    *totals.dropped.entry("rate").or_default() += 1;
                }
                State::Alone { stored } => {
                    totals.captured += 1;
                    if stored {
                        totals.delivered += 1;
                    } else {
                        let why = said.dropped.unwrap_or("page_lost");
                        *totals.dropped.entry(why).or_default() += 1;
                        if why == "page_lost" {
                            *totals.causes.entry("without consent").or_default() += 1;
                        }
                    }
                }
                State::Granted if said.cut && self.is_much(said) => {
                    totals.captured += 1;
                    totals.remembered += u64::from(self.pages[said.page].remember);
                    *totals.dropped.entry("rate").or_default() += 1;
                }
                State::Granted if !said.captured => {
                    let death = self.pages[said.page].death;
                    let quick = death.is_some_and(|death| death.page.saturating_sub(said.page_time) <= SOON);
                    if !self.pages[said.page].begun {
                        totals.captured += 1;
                        *totals.dropped.entry("page_lost").or_default() += 1;
                        *totals.causes.entry("not begun").or_default() += 1;
                    } else if !quick && !self.withdrawn.iter().any(|at| *at >= said.at) {
                        totals.captured += 1;
                        let says = format!("said with consent and never captured: {SERIAL}{}", said.serial);
                        lost.push((Wrong::Lost, said.at, says));
                    }
                }
                _ => {}
            }
        }
        for (wrong, at, says) in lost {
            self.find(wrong, at, says);
        }
        for finding in &self.findings {
            match finding.wrong {
                Wrong::Lost => totals.lost += 1,
                Wrong::Duplicated => totals.duplicated += 1,
                Wrong::AgainstConsent => totals.against_consent += 1,
                Wrong::OutOfOrder => totals.out_of_order += 1,
                Wrong::Books => totals.books += 1,
                Wrong::Trap => totals.traps += 1,
            }
        }
        totals
    }

    /// Why an event that was not stored by the collector may be gone: the reason, and of `page_lost` its cause. Else what is said of it.
    fn fate(
        &self,
        leg: &Leg,
        event: &Event,
        second: bool,
        storage: &Storage,
        clocks: &Clocks,
        back: Option<&Back>,
    ) -> Result<(&'static str, &'static str), String> {
        if self.withdrawn.iter().any(|at| at + GRACE >= event.when) {
            return Ok(("withdrawn", ""));
        }
        let over = self.over(leg, event, clocks, back);
        let failed = self.failed(leg, event, storage);
        let (dropped, turned) =
            if second { (event.second.dropped, event.second.turned) } else { (event.dropped, event.turned) };
        // Of what is under way to a collector that cannot dedupe only the head is kept.
        let kept = if second { &self.journeys[leg.journey].id } else { &event.text };
        let Some(why) = dropped else {
            return match (failed, over) {
                (Some(cause), _) => Ok(("page_lost", cause)),
                (None, Some("expired")) => Ok(("expired", "")),
                (None, Some(cause)) => Ok(("page_lost", cause)),
                _ if back.is_none() && event.remember && storage.holds("", &event.text) => Ok(("kept", "")),
                // Without locks nobody knows which tabs are open, so that a shelf is left alone for ten minutes. Where the clock was set back it looked
                // younger than that for as long as the shopper stayed, and the next visit finds it.
                _ if back.is_some_and(|back| back.young.iter().any(|shelf| storage.holds(shelf, kept))) => {
                    Ok(("kept", ""))
                }
                _ => Err("neither stored nor dropped".to_owned()),
            };
        };
        let holds = match why {
            "full" => self.captured_of(leg.journey) >= FULL,
            "rejected" => turned & REJECTED != 0,
            "refused" => turned & REFUSED != 0,
            "too_big" => turned & TOO_BIG != 0,
            "unsure" => second,
            "expired" => over.is_some(),
            "page_lost" => failed.is_some() || over.is_some(),
            // Nobody damaged anything, and this collector knows what it has.
            _ => false,
        };
        if holds {
            let cause = if why == "page_lost" { failed.or(over).unwrap_or_default() } else { "" };
            Ok((why, cause))
        } else {
            Err(format!("dropped as {why}, which is not so"))
        }
    }

    /// The page has said so much by then that it may have been a runaway loop.
    fn is_much(&self, said: &Said) -> bool {
        self.said.iter().filter(|other| other.page == said.page && other.at <= said.at).count() >= CALM
    }

    fn captured_of(&self, journey: usize) -> usize {
        self.legs.iter().filter(|leg| leg.journey == journey).map(|leg| leg.events.len()).sum()
    }

    /// Why an event may not have been stored on the device.
    fn failed(&self, leg: &Leg, event: &Event, storage: &Storage) -> Option<&'static str> {
        // What it had in memory as it fell asleep belongs to a visit that storage did not take: the pages behind it began another one, and so
        // does it when it wakes. What is kept for its visit alone is kept no longer then.
        let other = |other: &Leg| other.page == leg.page && other.journey != leg.journey;
        if !event.remember && self.pages[leg.page].slept_full && self.legs.iter().any(other) {
            return Some("storage failed");
        }
        let death = self.pages[leg.page].death?;
        if death.torn && death.page.saturating_sub(event.page_time) <= SOON {
            return Some("at once");
        }
        // A page that leaves as it should stores what it has then; one that is torn away may not have had another chance.
        let from = if death.torn { event.when } else { death.at };
        storage.fails(from, death.at).then_some("storage failed")
    }

    /// Why what was stored on the device may not have been sent: nobody came for it while it might be.
    fn over(&self, leg: &Leg, event: &Event, clocks: &Clocks, back: Option<&Back>) -> Option<&'static str> {
        let Journey { start, last, .. } = self.journeys[leg.journey];
        let Some(&Back { at, remembers, .. }) = back else { return (!event.remember).then_some("visit over") };
        // Whoever has set the clock makes the device believe what is not true.
        let unsure = !clocks.is_true();
        // Where that was taken back meanwhile it was kept for its visit alone from then on, whatever was decided later.
        let remembers = remembers && !self.forgotten.iter().any(|at| *at >= event.when);
        if event.remember && remembers {
            return (at.saturating_sub(event.when) + clocks.swing() >= REMEMBERED).then_some("expired");
        }
        let soon = at + BRIEF - last < IDLE && at + BRIEF - start < LONGEST;
        (!soon || unsure).then_some("visit over")
    }
}
