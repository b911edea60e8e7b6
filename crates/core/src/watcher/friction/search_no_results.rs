//! A search that gave nothing.
//!
//! | threshold | why |
//! |---|---|
//! | `WAIT` 2 s | a shop that reports its empty searches itself does so with the search: then its own report is the one that counts |
//!
//! No false alarm: only a count of results that the shop gives is believed, and only 0; unknown is not none. The same page shown
//! again (reload, back) is not searched again.

use super::marks::{Marks, RESULTS};

/// The shop's own report is waited for this long, in ms.
pub(crate) const WAIT: u64 = 2_000;
/// How sure it is, in hundredths: the shop has counted.
pub(crate) const SURE: i64 = 100;

/// Whether the last search gave nothing.
pub(crate) fn is(marks: &Marks) -> bool {
    marks[RESULTS] == 1
}
