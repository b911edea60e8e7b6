//! Request failed: no answer, an answer that is an error, or one that took far too long.

use super::Watch;
use crate::name::Name;
use crate::time::Millis;

/// Failures of one path are gathered this long, in ms; in this time a request that was cut off shows that the page was being left.
const WAIT: u64 = 1_000;
/// A request that somebody waits for is very slow from here on, in ms: attention is lost after ten seconds, and this is not all there is
/// to wait for.
const SLOW: u64 = 8_000;
/// … and from here on it is one that is kept open on purpose, in ms.
const HELD: u64 = 60_000;
/// Somebody waits for it when it began this long after something that the shopper did, or after the page began, at most, in ms.
const ASKED: u64 = 2_000;
/// "Who is signed in?" is answered so where nobody is.
const NOBODY: u32 = 401;
/// The server broke down; no answer at all; the server did not want it; it was slow.
const BROKEN: i64 = 90;
const SILENT: i64 = 60;
const REFUSED: i64 = 60;
const LATE: i64 = 50;

impl Watch {
    /// A request to `path` ended with `status` after `ms`; the page has been looked at since `since`.
    pub(crate) fn request(&mut self, now: Millis, path: &str, status: u32, ms: u64, since: Millis) {
        let (confidence, sure) = match status {
            // Begun on the page before, or out of sight: cut off, as pages are left.
            0 if self.hidden || ms > now.since(since) => return,
            0 => (SILENT, false),
            NOBODY => return,
            400..500 => (REFUSED, true),
            500.. => (BROKEN, true),
            _ if (SLOW..HELD).contains(&ms) && now.since(self.acted.max(since)) <= ms + ASKED => (LATE, true),
            _ => return,
        };
        self.failed = now;
        self.found.note(now, Name::RequestFailed, path, WAIT, confidence, sure);
    }
}
