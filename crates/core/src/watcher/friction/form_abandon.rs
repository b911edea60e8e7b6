//! Form abandoned: something was typed, nothing was submitted, and the shopper is gone. It tells the last field, never what was in it.
//!
//! | threshold | why |
//! |---|---|
//! | `IDLE` 20 min | longer than it takes to fetch a card or a code from elsewhere, and shorter than a journey's idleness, so that its end is not awaited |
//! | `PRESSED` 10 s | a button that was pressed after the last entry, and then the page was left: it submitted, by whatever script |
//!
//! Its confidence is `CONFIDENCE` 0.5, as one field alone may be anything, and `FIELD` 0.1 more for each further one up to five.
//!
//! When a form is left: another page is looked at; or the document goes for good (it is told twice that it hides, as it is by
//! `pagehide` and by becoming hidden, where another tab hides it once); or nothing happens in it for long, seen or hidden, or until
//! the journey ends. A look at another tab is none of these. A look at another page of the shop is: whether the shopper comes back to
//! the form cannot be awaited by a document that goes, which is one reason why it is never quite sure.
//!
//! No false alarm: searches, amounts and choices (`TOOLS`) are used, not filled in; what is only chosen begins no form; and whatever
//! the shop tells as achieved has ended it.

use crate::list;
use crate::time::Millis;
use crate::words::List;

/// Nothing in the form for this long, in ms.
const IDLE: u64 = 20 * 60_000;
/// A button was pressed this long before the page was left, in ms.
const PRESSED: u64 = 10_000;
/// How sure it is with one field, in hundredths, and how much surer with each further one.
const CONFIDENCE: i64 = 50;
const FIELD: i64 = 10;

/// How the names of fields begin that are used, not filled in: searches, amounts, choices of a list or a product. `q` and `s` are
/// whole names.
const TOOLS: List = list![
    "search", "query", "keyw", "term", "haku", "such", "sok", "sök", "sort", "filter", "qty", "quant", "size", "colo",
    "varia",
];

/// The form that is being filled in; a page has one at a time.
#[derive(Default)]
pub(crate) struct FormAbandon {
    /// The last field that was typed into.
    pub(crate) field: String,
    /// How many fields, one after the other.
    fields: u32,
    /// Something is in it that was not submitted.
    pub(crate) open: bool,
    /// The last entry that was typed.
    pub(crate) at: Millis,
    pressed: Millis,
}

impl FormAbandon {
    /// Something was typed (`typed`) or chosen in `field`.
    pub(crate) fn edit(&mut self, now: Millis, field: &str, typed: bool) {
        // What is only chosen (a radio button, an option) begins no form: lists and products are full of them.
        if field.len() > 1 && (typed || self.fields > 0) && !TOOLS.begins(field) {
            if self.field != field {
                self.fields += 1;
                self.field.clear();
                self.field.push_str(field);
            }
            self.open = true;
            if typed {
                self.at = now;
            }
        }
    }

    /// A field was turned down: what was submitted is not.
    pub(crate) fn refused(&mut self) {
        self.open = self.fields > 0;
    }

    /// A control that is no link was pressed.
    pub(crate) fn press(&mut self, now: Millis) {
        self.pressed = now;
    }

    /// It is abandoned where it is left at `now`: how sure that is, or nothing where it came to where it was to come.
    pub(crate) fn left(&mut self, now: Millis) -> Option<i64> {
        let sent = self.pressed >= self.at && now.since(self.pressed) <= PRESSED;
        let open = std::mem::take(&mut self.open) && !sent;
        open.then(|| CONFIDENCE + FIELD * i64::from(self.fields.min(5) - 1))
    }

    /// When it counts as abandoned, in a journey whose idleness ends at `end`.
    pub(crate) fn due(&self, end: Millis) -> Millis {
        if self.open { self.at.plus(IDLE).min(end) } else { Millis(u64::MAX) }
    }
}
