//! Dead click: a click on a control that nothing answers. The windows are those of PostHog, on the times of the events themselves.

use super::Watch;
use super::rage_click::is_calm;
use crate::input::{Pointer, What};
use crate::list;
use crate::name::Name;
use crate::time::Millis;
use crate::words::List;

/// A change of the page, or the end of a request, answers a click within this, in ms; what comes later is not felt as its answer.
const ANSWER: u64 = 2_500;
/// A scroll, a focus or an entry answers within this, in ms: PostHog gives them 100, our observers gather scrolls for as long again,
/// and what comes later is the shopper's own doing.
const QUICK: u64 = 300;
/// Then it is told, in ms: the answer's window and a tenth, for timers that are late.
const WAIT: u64 = 2_750;
/// A click this soon after the page came into sight is the one that brought it there, in ms.
const AWAKE: u64 = 1_000;
/// A control without an answer; some work where nobody can see (a copy, a print), so it is never quite sure.
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
