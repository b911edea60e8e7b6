//! Script error: grouped by what failed and where.
//!
//! | threshold | why |
//! |---|---|
//! | `WAIT` 1 s | a loop that fails does so in one go, and is one error |
//! | `AFTER` 2 s | an error so soon after something that the shopper did kept that from working |
//!
//! Its confidence is `QUIET` 0.5 where nobody may have noticed, `FELT` 0.8 after something that then did not work.
//!
//! No false alarm: what browsers report without a fault of the shop's (`NOISE`) and what extensions do is passed over; and an error
//! without a place counts only where it was felt, for there is nothing to mend.

use super::Watch;
use crate::list;
use crate::name::Name;
use crate::place::page_template;
use crate::time::Millis;
use crate::words::{self, List};

/// Errors at one place are gathered so long, in ms.
const WAIT: u64 = 1_000;
/// … and are felt so soon after a deed, in ms.
const AFTER: u64 = 2_000;
/// How sure it is, in hundredths.
const QUIET: i64 = 50;
const FELT: i64 = 80;

/// Words of noise: other sites' scripts of which nothing is known, a warning that browsers report as an error, requests that were given
/// up on purpose, and a script that the browser hides, as the shopper's own.
const NOISE: List = list!["Script", "ResizeObserver", "AbortError", "webkit-masked-url"];

/// What the names of script files end in; other addresses are of pages.
const FILES: [&str; 4] = [".js", ".mjs", ".cjs", ".ts"];

impl Watch {
    /// A script failed: its kind and, after a space, its place.
    pub(crate) fn error(&mut self, now: Millis, error: &str) {
        let (kind, place) = words::cut(error, b' ');
        let (scheme, _) = words::cut(place, b':');
        // What the shopper has added to the browser is not the shop's.
        let foreign = NOISE.place(kind).is_some() || NOISE.place(scheme).is_some() || scheme.ends_with("-extension");
        let felt = now.since(self.acted) <= AFTER;
        // Without a place only what it kept from working may be the shop's.
        if !foreign && (felt || !place.is_empty()) {
            self.failed = now;
            let mut target = kind.to_owned();
            place_of(&mut target, place);
            self.found.note(now, Name::JsError, &target, WAIT, if felt { FELT } else { QUIET }, true);
        }
    }
}

/// Writes the place of a script behind its kind: a file as it is, the address of a page, whose own script failed, as a template.
#[allow(clippy::single_char_add_str)]
fn place_of(out: &mut String, place: &str) {
    if !place.is_empty() {
        out.push_str(" ");
    }
    // The line is what comes last, if it is a number.
    let colon = place.bytes().rposition(|byte| byte == b':').filter(|at| words::number(&place[at + 1..]).is_some());
    let (address, line) = place.split_at(colon.unwrap_or(place.len()));
    let (host, path) = words::cut(address, b'/');
    if host.len() == address.len() || FILES.iter().any(|ending| address.ends_with(ending)) {
        out.push_str(place);
    } else {
        out.push_str(host);
        out.push_str(&page_template(path));
        out.push_str(line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_leave_as_templates_and_files_as_they_are() {
        for (place, told) in [
            ("/order/KK-10482:55", " /order/:id:55"),
            ("/order/KK-10482", " /order/:id"),
            ("/order/KK-10482/:55", " /order/:id:55"),
            ("/:7", " /:7"),
            ("/tuote:48213:7", " /:id:7"),
            ("/app.js/KK-10482:7", " /app.js/:id:7"),
            ("shop.example:8080/order/KK-10482:55", " shop.example:8080/order/:id:55"),
            ("/assets/4821/app.js:12", " /assets/4821/app.js:12"),
            ("/app-3f2504e0.mjs", " /app-3f2504e0.mjs"),
            ("cdn.example/a.cjs:1", " cdn.example/a.cjs:1"),
            ("/src/main.ts:9", " /src/main.ts:9"),
            ("blob::5", " blob::5"),
            ("", ""),
        ] {
            let mut out = String::new();
            place_of(&mut out, place);
            assert_eq!(out, told, "{place}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_place_is_survived(place in ".*") {
            place_of(&mut String::new(), &place);
        }
    }
}
