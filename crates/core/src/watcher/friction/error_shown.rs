//! Error shown: a message appears after something that the shopper did.
//!
//! | threshold | why |
//! |---|---|
//! | `AFTER` 5 s | a slow request lies between the deed and its message; what comes later comes by itself |
//! | `WAIT` 1.5 s | a message of success often comes before the shop tells of the success itself |
//! | `ACHIEVED` 3 s | … or after it, by this much at most |
//!
//! Its confidence is `CONFIDENCE` 0.5, for a message alone can be a good one; `FAILED` 0.8 where a request or a script failed, or a
//! field was turned down, just before it.
//!
//! No false alarm: regions that say what is going on (`CALM`) and messages that nobody's deed brought are none, and neither is one
//! before or after which the shop tells of something achieved.

use super::Watch;
use crate::list;
use crate::name::Name;
use crate::time::Millis;
use crate::words::{self, List};

/// A message answers what the shopper did within this before it, in ms.
const AFTER: u64 = 5_000;
/// It is told after this long, in ms, unless the shop tells of a success.
const WAIT: u64 = 1_500;
/// … or has told of one so shortly before, in ms.
const ACHIEVED: u64 = 3_000;
/// Roles that say what is going on, or nothing of weight. A region without an id is named by its tag and role.
const CALM: List = list!["status", "log", "timer", "marquee"];
/// How sure it is, in hundredths,
const CONFIDENCE: i64 = 50;
/// … and where something failed just before.
const FAILED: i64 = 80;

impl Watch {
    /// A message region got text.
    pub(crate) fn alert(&mut self, now: Millis, region: &str) {
        let calm = CALM.place(words::cut(region, b' ').1).is_some();
        if !calm && now.since(self.acted) <= AFTER && now.since(self.achieved) > ACHIEVED {
            let confidence = if self.failed >= self.acted { FAILED } else { CONFIDENCE };
            self.found.note(now, Name::ErrorShown, region, WAIT, confidence, true);
        }
    }
}
