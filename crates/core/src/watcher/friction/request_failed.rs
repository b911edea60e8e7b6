//! Request failed: no answer, an answer that is an error, or one that took far too long.
//!
//! | threshold | why |
//! |---|---|
//! | `WAIT` 1 s | failures of one path are one; and in this time a request that was cut off shows that the page was being left, or that the next one was asked for in its place |
//! | `BLOCKED` 15 ms | what has no answer so soon never left the device: something in the browser blocks it |
//! | `SLOW` 8 s | attention is lost after ten seconds, and this is not all there is to wait for |
//! | `HELD` 1 min | what takes longer is kept open on purpose |
//! | `ASKED` 1 s | somebody waits for what began this soon after a deed or the page's beginning; chats and the like begin when all else is done |
//!
//! Its confidence is `BROKEN` 0.9 where the server broke down, `REFUSED` 0.6 where it did not want the request or gave no answer, and
//! `LATE` 0.5 where it was slow.
//!
//! No false alarm: what is cut off as pages are left, 401 (`NOBODY`), files that are missing, and slow requests that nobody waits for
//! are none.

use super::Watch;
use crate::name::Name;
use crate::place::page_template;
use crate::time::Millis;
use crate::words;

/// Failures of one path are gathered this long, in ms.
const WAIT: u64 = 1_000;
/// A request without an answer that took no longer than this never left the device, in ms.
const BLOCKED: u64 = 15;
/// A request that somebody waits for is very slow from here on, in ms.
const SLOW: u64 = 8_000;
/// … and from here on it is none of these, in ms.
const HELD: u64 = 60_000;
/// Somebody waits for it when it began this soon after something that the shopper did, or after the page began, in ms.
const ASKED: u64 = 1_000;
/// "Who is signed in?" is answered so where nobody is.
const NOBODY: u32 = 401;
/// How sure each is, in hundredths.
const BROKEN: i64 = 90;
const REFUSED: i64 = 60;
const LATE: i64 = 50;

impl Watch {
    /// A request to `path` ended with `status` after `ms`; the page has been looked at since `since`.
    pub(crate) fn request(&mut self, now: Millis, path: &str, status: u32, ms: u64, since: Millis) {
        let confidence = match status {
            // Begun on the page before, or out of sight: cut off, as pages are left.
            0 if self.hidden || ms <= BLOCKED || ms > now.since(since) => return,
            500.. => BROKEN,
            NOBODY => return,
            // A file that is missing (a picture, a map of a script) is no call of the shop's.
            400.. if path.bytes().any(|byte| byte == b'.') => return,
            0 | 400.. => REFUSED,
            _ => {
                // The one before it was given up for it, as searches do with each sign.
                self.found.drop(now, Name::RequestFailed, WAIT);
                if !(SLOW..HELD).contains(&ms) || now.since(self.acted.max(since)) > ms + ASKED {
                    return;
                }
                LATE
            }
        };
        self.failed = now;
        // Of this shop its path, of others the host before it.
        let (mut place, path) = (words::cut(path, b'/').0.to_owned(), words::cut(path, b'/').1);
        place.push_str(&page_template(path));
        self.found.note(now, Name::RequestFailed, &place, WAIT, confidence, status > 0);
    }
}
