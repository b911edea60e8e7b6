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

/// Words that noise begins with: other sites' scripts of which nothing is known, a warning that browsers report as an error, and
/// requests that were given up on purpose.
const NOISE: List = list!["Script", "ResizeObserver", "AbortError"];

impl Watch {
    /// A script failed.
    pub(crate) fn error(&mut self, now: Millis, error: &str) {
        let mut noise = false;
        words::split(error, b' ', &mut |word| {
            let (first, _) = words::cut(word, b':');
            // What the shopper has added to the browser is not the shop's.
            noise |= NOISE.place(first).is_some() || first.ends_with("-extension");
        });
        if !noise {
            let felt = self.acted.0 > 0 && now.since(self.acted) <= AFTER;
            self.failed = now;
            self.found.note(now, Name::JsError, error, WAIT, if felt { FELT } else { QUIET }, true);
        }
    }
}
