//! Form error: fields that a form turned down, all of one attempt as one; and the same field again.
//!
//! | threshold | why |
//! |---|---|
//! | `ATTEMPT` 500 ms | browsers tell the fields of one attempt in one go, scripts in a few |
//! | `ASKED` 5 s | a check by the server takes a second or two after what the shopper did |
//!
//! Its confidence is `CONFIDENCE` 0.6, as one refusal is anybody's slip, and grows with each further time that the field is turned
//! down (`AGAIN` in `found.rs`).
//!
//! No false alarm: forms that scripts check as they load are nobody's trouble, and what is still being typed is not finished.

use super::Watch;
use crate::name::Name;
use crate::time::Millis;

/// Fields that fail within this after the first belong to one attempt, in ms.
const ATTEMPT: u64 = 500;
/// The shopper did something this short a time before, in ms.
const ASKED: u64 = 5_000;
/// How sure it is the first time, in hundredths.
const CONFIDENCE: i64 = 60;

impl Watch {
    /// A field was found invalid.
    pub(crate) fn invalid(&mut self, now: Millis, field: &str) {
        let asked = self.acted.max(self.left);
        // What is still being typed is not finished: scripts that check each sign tell nothing.
        if now.since(asked) <= ASKED && self.form.at <= asked {
            self.failed = now;
            self.form.refused();
            self.found.note(now, Name::FormError, field, ATTEMPT, CONFIDENCE, true);
        }
    }
}
