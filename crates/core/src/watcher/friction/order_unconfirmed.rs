//! A payment was begun, and nothing was heard of it again: no order, no decline, no other step in the shop.
//!
//! | threshold | why |
//! |---|---|
//! | `LATE` 10 min | providers and banks give a payment about this long; who comes back later, and not to the checkout or a confirmation, was left alone with it |
//! | `CONFIRM` 30 s | a page that confirms says so within this, however slow its tag manager |
//! | `SILENT` 28 min | just before the journey is over: until then the shopper may still be at the bank |
//!
//! A payment begins with `add_payment_info`, or with a button that pays and is pressed on a page of the checkout. The page's engine is
//! gone while the shopper is at the provider, so nothing is claimed as a page hides. It is claimed
//! - when a document of the tab still lives (a payment in another app, window or frame) and nothing was heard for `SILENT`; other tabs
//!   are asked first. It is told as of the last sign of life, so that it keeps no journey alive;
//! - when the tab comes back to another page of the shop after `LATE`, and no order, decline or step follows within `CONFIRM`.
//!
//! No false alarm: who comes back sooner, to the page on which the payment began, to one that confirms, or goes on in the shop, has
//! not vanished. A tab
//! that is closed at the provider can tell nothing: for that [`is_under_way`] goes into what leaves last.

use super::marks::{Marks, ORDERS, PAYMENT, PAYMENT_PATH};
use crate::time::Millis;

/// Back after so long is late, in ms.
pub(crate) const LATE: u64 = 10 * 60_000;
/// An order is confirmed within this after the return, in ms.
pub(crate) const CONFIRM: u64 = 30_000;
/// Nothing heard for so long, in ms.
pub(crate) const SILENT: u64 = 28 * 60_000;
/// Other tabs are asked, and answer within this, in ms.
pub(crate) const ASKED: u64 = 60_000;
/// How sure it is after silence, in hundredths,
pub(crate) const SURE: i64 = 60;
/// … and after a late return.
pub(crate) const SURE_LATE: i64 = 50;
/// A payment begins on the page whose path is `path`, with so many orders before it.
pub(crate) fn begin(marks: &mut Marks, path: u64, orders: u64, now: Millis) {
    (marks[PAYMENT], marks[PAYMENT_PATH], marks[ORDERS]) = (now.0, path, orders);
}

/// In the place of the orders: the shopper came back from the payment to the checkout.
pub(crate) const RETURNED: u64 = (1 << 53) - 1;

/// Whether a payment was begun, and neither confirmed nor declined nor given up.
pub(crate) fn was_begun(marks: &Marks) -> bool {
    marks[PAYMENT] != 0
}

/// Whether the shopper is still at it.
pub(crate) fn is_under_way(marks: &Marks) -> bool {
    was_begun(marks) && marks[ORDERS] != RETURNED
}

/// Whether it was begun so long ago that a return is late.
pub(crate) fn is_late(marks: &Marks, now: Millis) -> bool {
    now.since(Millis(marks[PAYMENT])) >= LATE
}
