//! Script error: grouped by what failed and where.

use super::Watch;
use crate::list;
use crate::name::Name;
use crate::time::Millis;
use crate::words::{self, List};

/// Errors at one place are gathered this long, in ms.
const WAIT: u64 = 1_000;
/// An error this soon after something that the shopper did kept that from working, in ms.
const AFTER: u64 = 2_000;
/// An error that nobody may have noticed, and one after which something did not work.
const QUIET: i64 = 50;
const FELT: i64 = 80;

/// Words of noise: other sites' scripts of which nothing is known, a warning that browsers report as an error, requests that were given
/// up on purpose, and a script that the browser hides, as the shopper's own.
const NOISE: List = list!["Script", "ResizeObserver", "AbortError", "webkit-masked-url"];

impl Watch {
    /// A script failed: its kind and, after a space, its place.
    pub(crate) fn error(&mut self, now: Millis, error: &str) {
        let (kind, place) = words::cut(error, b' ');
        let (scheme, _) = words::cut(place, b':');
        // What the shopper has added to the browser is not the shop's.
        let foreign = NOISE.place(kind).is_some() || NOISE.place(scheme).is_some() || scheme.ends_with("-extension");
        let felt = now.since(self.acted) <= AFTER;
        // Without a place there is nothing to mend; only what it kept from working may be the shop's.
        if !foreign && (felt || !place.is_empty()) {
            self.failed = now;
            self.found.note(now, Name::JsError, error, WAIT, if felt { FELT } else { QUIET }, true);
        }
    }
}
