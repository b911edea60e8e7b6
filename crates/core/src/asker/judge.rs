//! Whether a prompt may open now: the first reason against it, those that hold longest first.

use super::memory::{self, ANSWERED, LAST, NEVER, SHOWS, UNTIL, VERSION_OF, WHY};
use super::story::START;
use super::who::Holds;
use super::{Asker, BUSY, SETTLE, busy, limits, may};
use crate::time::Millis;

/// Why a prompt stays shut.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
#[repr(u8)]
pub enum Reason {
    /// Nobody may be asked.
    Consent,
    /// Without `measure` it opens by itself only on the order page.
    Mode,
    /// Without `measure`: the shopper said "not now".
    Quiet,
    /// A program drives the browser.
    Automation,
    /// The shopper has used the launcher on this page.
    Launcher,
    /// One prompt a page.
    Page,
    /// One that opens by itself a visit.
    Session,
    /// "Don't ask again".
    Never,
    /// It was answered.
    Answered,
    /// "Not now".
    Snoozed,
    /// It was dismissed.
    Dismissed,
    /// It was shown often enough.
    Max,
    /// Another one was shown lately.
    Budget,
    /// It is not for this shopper, page or moment.
    Who,
    /// It is for a sample, and this shopper is not in it.
    Sample,
    /// Help comes first.
    Help,
    /// The shopper wants to save data.
    SaveData,
    /// The visit has just begun.
    Early,
    /// An address is filled in, or paid.
    Checkout,
    /// Something is being written.
    Typing,
    /// Another dialog is open.
    Dialog,
    /// What calls it off has happened.
    Cancelled,
}

impl Reason {
    /// As the page is told.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        const WORDS: crate::words::List = crate::list![
            "consent",
            "mode",
            "quiet",
            "automation",
            "launcher",
            "page",
            "session",
            "never",
            "answered",
            "snoozed",
            "dismissed",
            "max",
            "budget",
            "who",
            "sample",
            "help",
            "save_data",
            "early",
            "checkout",
            "typing",
            "dialog",
            "cancelled",
        ];
        WORDS.at(self as usize)
    }
}

/// Why not, and when it is looked again where that can change.
pub(super) type Verdict = Result<(), (Reason, Option<Millis>)>;

impl Asker {
    /// Whether prompt `at` may open by itself now, as far as that is known without looking at the page.
    pub(super) fn judge(&self, at: usize) -> Verdict {
        let rule = &self.rules[at];
        let (measure, ordered) = (self.is(may::MEASURE), self.page.ordered.is_some());
        // Another tab may have asked in this visit; of help only this tab knows.
        let session = self.visit.is_asked(rule.help) || self.is(may::ASKED) && !rule.help;
        for (holds, reason) in [
            (!self.is(may::ASK), Reason::Consent),
            (!measure && !ordered, Reason::Mode),
            (!measure && self.scene.quiet, Reason::Quiet),
            (self.scene.automation && !rule.automation, Reason::Automation),
            (self.page.launched, Reason::Launcher),
            (self.page.asked, Reason::Page),
            (session, Reason::Session),
        ] {
            if holds {
                return Err((reason, None));
            }
        }
        if let Some(reason) = self.tired(at).or_else(|| self.unfit(at)) {
            return Err((reason, None));
        }
        if rule.help {
            return Ok(());
        }
        if self.rules.iter().any(|other| other.help && other.pending.is_some()) {
            return Err((Reason::Help, None));
        }
        if self.scene.saves_data {
            return Err((Reason::SaveData, None));
        }
        if !ordered {
            let began = if measure { Millis(self.story.numbers[START]) } else { self.began };
            let settled = began.plus(SETTLE);
            if self.now < settled {
                return Err((Reason::Early, Some(settled)));
            }
            if self.page.paying {
                return Err((Reason::Checkout, Some(self.now.plus(BUSY))));
            }
        }
        Ok(())
    }

    /// Whether the page is busy: then it is looked again soon.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn disturbs(&self, at: usize, with: u8) -> Verdict {
        let reason = if self.rules[at].help {
            return Ok(());
        } else if with & busy::PAYMENT != 0 && self.page.ordered.is_none() {
            Reason::Checkout
        } else if with & busy::TYPING != 0 {
            Reason::Typing
        } else if with & busy::DIALOG != 0 || with & busy::BANNER != 0 && self.is(may::MEASURE) {
            // Who may be asked without `measure` is often somebody who takes no notice of the banner.
            Reason::Dialog
        } else {
            return Ok(());
        };
        Err((reason, Some(self.now.plus(BUSY))))
    }

    /// What was asked before.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    fn tired(&self, at: usize) -> Option<Reason> {
        let rule = &self.rules[at];
        let hour = memory::hour(self.now);
        let none = [0; 6];
        let asked = self.past.of(rule).unwrap_or(&none);
        let own = |key, other| limits::of(&rule.head, key, other);
        if hour < asked[UNTIL] {
            return Some([Reason::Dismissed, Reason::Snoozed, Reason::Never][asked[WHY].min(2) as usize]);
        }
        if hour < self.past.numbers[NEVER] && !rule.help {
            return Some(Reason::Never);
        }
        if asked[ANSWERED] > 0 && asked[VERSION_OF] == rule.version {
            let days = match own("recurringDays", limits::FOREVER) {
                limits::FOREVER.. => own("afterAnswer", limits::FOREVER),
                days => days.max(limits::RECURS),
            };
            if hour < limits::after(asked[ANSWERED], days) {
                return Some(Reason::Answered);
            }
        }
        if asked[SHOWS] >= own("max", limits::SHOWS) {
            return Some(Reason::Max);
        }
        let between =
            !rule.help && self.past.numbers[LAST] > 0 && hour < limits::after(self.past.numbers[LAST], limits::BETWEEN);
        between.then_some(Reason::Budget)
    }

    /// Whom it is not for.
    pub(super) fn unfit(&self, at: usize) -> Option<Reason> {
        let rule = &self.rules[at];
        let who = super::rule::member(&rule.head, "who");
        if who.is_empty() || self.who(who, &rule.id, true) == Holds::Yes {
            return None;
        }
        Some(if self.who(who, &rule.id, false) == Holds::Yes { Reason::Sample } else { Reason::Who })
    }
}
