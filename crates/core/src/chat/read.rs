//! Small steps over what a server says, which is believed in nothing but its shape.

use crate::data::find;
use crate::json::{Scan, inside};
use crate::words::number;

/// Calls `each` with the elements of the list `raw`, as far as it is one.
pub(super) fn each<'a>(raw: &'a str, each: &mut dyn FnMut(&'a str)) -> Option<()> {
    let mut scan = Scan::new(raw);
    scan.expect(b'[')?;
    let mut first = true;
    while scan.another(b']', &mut first)? {
        each(scan.value()?);
    }
    Some(())
}

/// The whole number of a member; 0 where there is none, or one that is too large.
pub(super) fn whole(raw: &str, key: &str) -> u32 {
    find(raw, key).and_then(number).and_then(|number| u32::try_from(number).ok()).unwrap_or_default()
}

/// The inside of a member's text; nothing where there is none.
pub(super) fn text<'a>(raw: &'a str, key: &str) -> &'a str {
    find(raw, key).and_then(inside).unwrap_or_default()
}

/// Whether a member is true.
pub(super) fn is(raw: &str, key: &str) -> bool {
    find(raw, key) == Some("true")
}

/// The whole of `raw` is one object: what comes from a server that is cut off in the middle is none.
pub(super) fn is_object(raw: &str) -> bool {
    let mut scan = Scan::new(raw);
    scan.next() == b'{' && scan.value().is_some() && scan.end().is_some()
}
