//! Error shown: a message appears after something that the shopper did.

use super::Watch;
use crate::list;
use crate::name::Name;
use crate::time::Millis;
use crate::words::{self, List};

/// A message answers what the shopper did within this before it, in ms: a slow request lies between; what comes later comes by itself.
const AFTER: u64 = 5_000;
/// It is told after this long, in ms: a message of success often comes before the shop tells of the success itself.
const WAIT: u64 = 1_500;
/// … or after it, by this much at most, in ms.
const ACHIEVED: u64 = 3_000;
/// Roles that say what is going on, or nothing of weight. A region without an id is named by its tag and role.
const CALM: List = list!["status", "log", "timer", "marquee"];
/// A message alone can be a good one.
const CONFIDENCE: i64 = 50;
/// A request or a script failed, or a field was turned down, just before.
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
