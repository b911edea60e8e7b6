//! Consent: what a decision changes.

use super::{Engine, Restoring};
use crate::batch;
use crate::config::Mode;
use crate::consent::{Consent, Grant};
use crate::effect::Effect;
use crate::journey::Tally;
use crate::json::Writer;
use crate::name::Name;
use crate::time::Millis;

impl Engine {
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
        match measure {
            Some(true) if !self.config.gpc_wins => {
                let grant = Consent::Granted(Grant::new(self.now, by, policy));
                // A grant that is repeated changes nothing, and keeps the hour of the first.
                if !matches!(self.consent, Consent::Granted(_)) {
                    // What happened between a refusal and a grant is never sent, whatever the source says of the time.
                    let earlier = earlier && self.consent == Consent::Undecided;
                    self.consent = grant;
                    self.restoring = Some(if earlier { Restoring::Earlier } else { Restoring::Now });
                    self.effects.push(Effect::Restore);
                }
            }
            Some(_) => match self.consent {
                Consent::Granted(_) => self.withdraw(),
                Consent::Undecided | Consent::Denied => {
                    self.consent = Consent::Denied;
                    self.held.clear();
                }
            },
            None => {}
        }
        self.want_prompts();
    }

    /// The queue, what is stored and every identifier go; one `erase` leaves, if there is anything to erase at the collector.
    pub(super) fn withdraw(&mut self) {
        let erase = self
            .journey
            .take()
            .filter(|journey| journey.tally(Tally::SentAny) > 0)
            .map(|mut journey| {
                let mut out = Writer::default();
                let number = self.batch_number();
                batch::open_unjoined(&mut out, &self.config, number, self.now, &journey.id, &journey.leg);
                journey.seq += 1;
                out.raw("{");
                out.number_member("seq", journey.seq);
                out.word_member("name", Name::Erase.as_str());
                out.key("data");
                out.raw("{\"journeys\":[\"");
                out.raw(&journey.id);
                out.raw("\"]}}");
                batch::close(&mut out);
                out.into_string()
            });
        self.consent = Consent::Denied;
        self.restoring = None;
        self.held.clear();
        self.orders.clear();
        self.queue.clear();
        self.sealed.clear();
        self.visit = Default::default();
        self.rage = Default::default();
        self.timers.clear();
        self.pending = None;
        if self.open.take().is_some() {
            self.effects.push(Effect::ClosePrompt);
        }
        // What was decided to be done before this moment is not done any more.
        self.effects.retain(|effect| {
            !matches!(
                effect,
                Effect::Send { .. } | Effect::Persist { .. } | Effect::Restore | Effect::Notify { .. }
            )
        });
        self.effects.push(Effect::Erase);
        if let Some(body) = erase {
            self.handles += 1;
            self.effects.push(Effect::Send {
                batch: self.handles,
                body,
                leaving: true,
            });
        }
    }

    /// Whether a prompt may be shown at all now.
    pub(super) fn may_ask(&self) -> bool {
        !self.unasked && (self.journey.is_some() || self.config.mode == Mode::Feedback)
    }

    /// The moment at which the visit began, or this document's first sight of the shopper where there is no visit.
    pub(super) fn visit_start(&self) -> Millis {
        self.journey.as_ref().map_or(self.page.since, |journey| journey.start)
    }
}
