//! Error shown: a message appears after something that the shopper did.

use super::Watch;
use crate::list;
use crate::name::Name;
use crate::time::Millis;
use crate::words::List;

/// A message answers what the shopper did within this before it, in ms: a slow request lies between; what comes later comes by itself.
const AFTER: u64 = 5_000;
/// It is told after this long, in ms: a message of success often comes before the shop tells of the success itself.
const WAIT: u64 = 1_500;
/// … or after it, by this much at most, in ms.
const ACHIEVED: u64 = 3_000;
/// Roles that say what is going on, or nothing of weight. A region without an id is named by its tag and role.
const CALM: List = list!["status", "log", "timer", "marquee", "progressbar", "tooltip"];
/// A message alone can be a good one.
const CONFIDENCE: i64 = 50;
/// A request or a script failed, or a field was turned down, just before.
const FAILED: i64 = 80;

impl Watch {
    /// A message region got text.
    pub(crate) fn alert(&mut self, now: Millis, region: &str) {
        let (tag, role) = crate::words::cut(region, b' ');
        let calm = CALM.place(role).is_some() || tag == "output";
        let by_itself = self.acted.0 == 0 || now.since(self.acted) > AFTER;
        let good = self.achieved.0 > 0 && now.since(self.achieved) <= ACHIEVED;
        if !(calm || by_itself || good) {
            let failed = self.failed >= self.acted && self.failed.0 > 0;
            self.found.note(now, Name::ErrorShown, region, WAIT, if failed { FAILED } else { CONFIDENCE }, true);
        }
    }
}
