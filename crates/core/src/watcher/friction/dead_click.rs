//! Dead click: a click on a control that nothing answers. The windows are those of PostHog, on the times of the events themselves.
//!
//! | threshold | why |
//! |---|---|
//! | `ANSWER` 2.5 s | so long the page may take to change or to end a request; what comes later is not felt as an answer |
//! | `QUICK` 300 ms | a scroll, a focus or an entry: PostHog gives them 100 ms, our observers gather scrolls for as long again, and later ones are the shopper's own doing |
//! | `WAIT` 2.75 s | it is told after `ANSWER` and a tenth, for timers that are late |
//! | `AWAKE` 1 s | a click this soon after the page came into sight is the one that brought it there |
//!
//! Its confidence is `CONFIDENCE` 0.6: some controls work where nobody can see (a copy, a print), so it is never quite sure.
//!
//! No false alarm: controls whose answer no page can see, or that need none (`SILENT`), and those that are clicked fast in the
//! ordinary way ([`is_calm`]) are left out; and a page that is left within the time tells of none, for that was the answer.

use super::Watch;
use super::rage_click::is_calm;
use crate::input::{Pointer, What};
use crate::list;
use crate::name::Name;
use crate::time::Millis;
use crate::words::List;

/// A change of the page, or the end of a request, answers a click within this, in ms.
const ANSWER: u64 = 2_500;
/// A scroll, a focus or an entry answers within this, in ms.
const QUICK: u64 = 300;
/// Then it is told, in ms.
const WAIT: u64 = 2_750;
/// Clicks this soon after the page came into sight are none, in ms.
const AWAKE: u64 = 1_000;
/// How sure it is, in hundredths.
const CONFIDENCE: i64 = 60;

/// What answers where no page can see it (links open tabs and downloads, pickers are the browser's own), or need not answer (what
/// is chosen already).
const SILENT: List = list!["a", "link", "option", "radio", "checkbox", "file", "date", "color", "label", "iframe"];

impl Watch {
    /// A click.
    pub(crate) fn clicked(&mut self, now: Millis, pointer: Pointer<'_>) {
        if pointer.interactive {
            let link = SILENT.place(pointer.role);
            self.acted = now;
            if link.is_none_or(|place| place > 1) {
                self.form.press(now);
            }
            if link.is_none() && !is_calm(pointer) && now.since(self.shown) >= AWAKE {
                self.found.note(now, Name::DeadClick, pointer.target, WAIT, CONFIDENCE, false);
            }
        }
    }

    /// What was observed may be an answer to the clicks before.
    pub(crate) fn answered(&mut self, now: Millis, what: What) {
        let within = match what {
            What::Mutation | What::Alert | What::Request | What::Invalid | What::Action => ANSWER,
            What::Scroll | What::Focus | What::Edit | What::Change | What::Submit => QUICK,
            _ => return,
        };
        self.found.drop(now, Name::DeadClick, within);
    }
}
