//! Consent: what a decision changes.

use super::{Engine, Restoring};
use crate::batch;
use crate::config::Mode;
use crate::consent::{Consent, evidence};
use crate::effect::Effect;
use crate::journey::Tally;
use crate::json::Writer;
use crate::name::Name;
use crate::past::Past;
use crate::timer::TimerTable;

impl Engine {
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn decide(
        &mut self,
        measure: Option<bool>,
        feedback: Option<bool>,
        earlier: bool,
        by: &str,
        policy: &str,
    ) {
        if let Some(asked) = feedback {
            self.unasked = !asked;
        }
        let granted = self.consent == Consent::Granted;
        match measure {
            // A grant that is repeated changes nothing, and keeps the hour of the first.
            Some(true) if granted => {}
            Some(true) if !self.config.gpc_wins => {
                // What happened between a refusal and a grant is never sent, whatever the source says of the time.
                let earlier = earlier && self.consent == Consent::Undecided;
                self.consent = Consent::Granted;
                self.evidence = evidence(self.now, by, policy);
                self.before = self.held.len();
                self.look(if earlier { Restoring::Earlier } else { Restoring::Now });
            }
            Some(_) if granted => self.withdraw(),
            Some(_) => {
                // The shopper may have agreed on another page: what that left goes.
                self.effect(Effect::Erase);
                self.consent = Consent::Denied;
                self.held.clear();
            }
            None => {}
        }
    }

    /// The queue, what is stored and every identifier go; one `erase` leaves for each collector that was sent something, by any tab, and can
    /// erase it.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn withdraw(&mut self) {
        let mut out = Writer::default();
        let journey = &self.journey;
        batch::open_unjoined(&mut out, &self.config, self.batches + 1, self.now, &journey.id, &journey.leg);
        out.raw("{");
        out.number_member("seq", journey.seq + 1);
        out.word_member("name", Name::Erase.as_str());
        out.raw(",\"data\":{\"journeys\":[\"");
        out.raw(&journey.id);
        if !self.other.is_empty() {
            out.raw("\",\"");
            out.raw(&self.other);
        }
        out.raw("\"]}}");
        out.raw(batch::CLOSE);
        let (known, sent) = (journey.is_on(), journey.tally(Tally::SentAny));
        self.forget();
        for at in 0..self.lanes.len() {
            if known && self.lanes[at].rules.erases && sent & (1 << at) != 0 {
                self.handles += 1;
                let body = out.as_str().to_owned();
                self.effect(Effect::Send { batch: self.handles, lane: at as u8, body, leaving: true });
            }
        }
    }

    /// Everything that is known goes, here and in storage.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn forget(&mut self) {
        let journey = &mut self.journey;
        // Without an id there is no journey. What was asked is not asked again on this page.
        journey.id.clear();
        journey.orders.clear();
        journey.memory.clear();
        journey.stage = None;
        self.consent = Consent::Denied;
        self.restoring = None;
        self.stored = false;
        self.other.clear();
        self.shelf_comes = false;
        self.done.clear();
        self.held.clear();
        self.watched = false;
        (self.remembers, self.past, self.past_is_new) = (false, Past::NEW, false);
        self.reports.clear();
        for lane in &mut self.lanes {
            lane.clear(true);
        }
        self.timers = TimerTable::NEW;
        // What was decided to be done before this moment is not done any more.
        while let Some(effect) = self.effects.pop() {
            effect.end();
        }
        // First it is known that nothing may be kept of it: what is open closes after that.
        self.tell_may();
        if self.open.take().is_some() {
            self.effect(Effect::ClosePrompt);
        }
        self.effect(Effect::Erase);
    }

    /// Whether a prompt may be shown at all now.
    pub(super) fn may_ask(&self) -> bool {
        !self.unasked && !self.is_staff() && (self.journey.is_on() || self.config.mode == Mode::Feedback)
    }
}
