//! Detectors of friction: pure state machines, fed with plain observations.

pub(crate) mod back_and_forth;
pub(crate) mod cta_hidden;
mod dead_click;
mod error_shown;
mod form_abandon;
mod form_error;
mod found;
pub(crate) mod hesitation;
mod js_error;
pub(crate) mod marks;
pub(crate) mod no_progress;
pub(crate) mod order_unconfirmed;
pub(crate) mod page_reloaded;
pub(crate) mod payment_declined;
mod rage_click;
mod request_failed;
pub(crate) mod search_no_results;
pub(crate) mod search_repeated;
mod slow_page;

pub(crate) use found::ALL;
pub(crate) use rage_click::RageClick;

use crate::time::Millis;
use form_abandon::FormAbandon;
use found::Founds;

/// What is known of the page that is looked at: the state of the detectors that need no more than it.
#[derive(Default)]
pub(crate) struct Watch {
    pub(crate) found: Founds,
    pub(crate) form: FormAbandon,
    /// The shopper last pressed a control, submitted, or finished an entry.
    pub(crate) acted: Millis,
    /// The shopper last left a field.
    pub(crate) left: Millis,
    /// The shop last told of something that the shopper achieved.
    pub(crate) achieved: Millis,
    /// Something last failed.
    pub(crate) failed: Millis,
    /// The page last came into sight, after it had been out of it.
    pub(crate) shown: Millis,
    pub(crate) hidden: bool,
    /// The page was out of sight before: how long it took to show tells nothing.
    pub(crate) veiled: bool,
    /// It was told that the page is slow.
    pub(crate) slow: bool,
    /// Active time that was not told yet, in ms, and how far the page was seen, in %.
    pub(crate) engaged: u64,
    pub(crate) depth: u64,
}

impl Watch {
    /// The page goes out of sight, or comes back, in a journey whose idleness ends at `end`.
    pub(crate) fn hide(&mut self, now: Millis, hidden: bool, end: Millis) {
        self.hidden = hidden;
        if !hidden {
            // It slept beyond the moment at which its form would have been abandoned: whoever is back at it has not done so.
            self.form.open &= self.form.due(end) > now;
            self.shown = now;
            self.veiled = true;
        }
    }

    /// Another page begins in this document.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(crate) fn turn(&mut self) {
        let hidden = self.hidden;
        *self = Self { hidden, veiled: hidden, ..Self::default() };
    }
}
