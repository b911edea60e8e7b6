//! Form abandoned: something was typed, nothing was submitted, and the shopper is gone. It tells the last field, never what was in it.
//!
//! When a form is left: another page of the shop is looked at and the shopper does not come back to the form's page soon; or the
//! document goes for good (it is told twice that it hides, once by `pagehide` and once as hidden: another tab hides it once); or
//! nothing happens in it for long, seen or hidden, or until the journey ends. A look at another tab is none of these.

use crate::list;
use crate::time::Millis;
use crate::words::{self, List};

/// Who comes back to the form's page within this has only looked something up (terms, delivery times), in ms.
const RETURN: u64 = 3 * 60_000;
/// Nothing in the form for this long, in ms: longer than it takes to fetch a card or a code from elsewhere, and shorter than a journey's
/// idleness, so that its end is not awaited.
const IDLE: u64 = 20 * 60_000;
/// A button that was pressed after the last entry, this long before the page was left, in ms: it submitted, by whatever script.
const PRESSED: u64 = 10_000;
/// One field alone may be anything; each further one makes it surer, up to five.
const CONFIDENCE: i64 = 50;
const FIELD: i64 = 10;

/// Fields that are used, not filled in: searches, amounts, choices of a list or a product.
const TOOLS: List = list![
    "q", "s", "search", "query", "keyword", "term", "haku", "qty", "quantity", "sort", "filter", "size", "color",
    "variant",
];

/// The form that is being filled in; a page has one at a time.
#[derive(Default)]
pub(crate) struct FormAbandon {
    /// The last field that was typed into.
    field: String,
    /// Its page.
    page: String,
    /// How many fields, one after the other.
    fields: u32,
    /// Something is in it that was not submitted.
    open: bool,
    /// The last entry.
    pub(crate) at: Millis,
    pressed: Millis,
    /// When its page was left for another one; 0: it was not.
    left: Millis,
}

impl FormAbandon {
    /// Something was typed (`typed`) or chosen in `field`.
    pub(crate) fn edit(&mut self, now: Millis, field: &str, page: &str, typed: bool) {
        if TOOLS.place(words::cut(field, b'[').0).is_some() {
            return;
        }
        if self.page != page {
            *self = Self { page: page.to_owned(), ..Self::default() };
        }
        // What is only chosen (a radio button, an option) begins no form: lists and products are full of them.
        if typed || self.fields > 0 {
            if self.fields == 0 || self.field != field {
                self.fields += 1;
                field.clone_into(&mut self.field);
            }
            self.open = true;
        }
        if typed {
            self.at = now;
        }
        // Whoever types here is here, or here again.
        self.left.0 = 0;
    }

    /// A field was turned down: what was submitted is not.
    pub(crate) fn refused(&mut self, field: &str) {
        if self.fields > 0 {
            self.open = true;
            field.clone_into(&mut self.field);
        }
    }

    /// A control that is no link was pressed.
    pub(crate) fn press(&mut self, now: Millis) {
        self.pressed = now;
    }

    /// It has come to where it was to come.
    pub(crate) fn close(&mut self) {
        self.open = false;
    }

    /// The page is left for another one of the shop, or for good.
    pub(crate) fn leave(&mut self, now: Millis) {
        if self.pressed >= self.at && now.since(self.pressed) <= PRESSED {
            self.open = false;
        }
        if self.left.0 == 0 {
            self.left = now;
        }
    }

    /// `page` is looked at.
    pub(crate) fn arrive(&mut self, page: &str) {
        if self.page == page {
            self.left.0 = 0;
        }
    }

    /// When it counts as abandoned, in a journey whose idleness ends at `end`.
    pub(crate) fn due(&self, end: Millis) -> Option<Millis> {
        let due = if self.left.0 > 0 { self.left.plus(RETURN) } else { self.at.plus(IDLE) };
        self.open.then_some(due.min(end))
    }

    /// It is abandoned: its last field, its page, when that was, and how sure it is.
    pub(crate) fn end(&mut self) -> Option<(String, String, Millis, i64)> {
        if !self.open {
            return None;
        }
        let Self { field, page, fields, at, .. } = std::mem::take(self);
        Some((field, page, at, CONFIDENCE + FIELD * i64::from(fields.min(5) - 1)))
    }
}
