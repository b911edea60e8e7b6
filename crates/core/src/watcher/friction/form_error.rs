//! Form error: fields that a form turned down, all of one attempt as one; and the same field again.

use super::Watch;
use crate::name::Name;
use crate::time::Millis;

/// Fields that fail within this after the first belong to one attempt, in ms: browsers tell them in one go, scripts in a few.
const ATTEMPT: u64 = 500;
/// The shopper did something this short a time before, in ms: forms that scripts check as they load are nobody's trouble. A check by
/// the server takes a second or two.
const ASKED: u64 = 5_000;
/// A field that was turned down once: anybody's slip. It grows with each further time.
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
