//! What keeps a prompt from tiring the shopper: days, and where the shop may set its own.

use super::read::number_or;
use super::rule::member;

/// Between any two prompts, whichever they are, counted from when one was shown, also to somebody who took no notice.
pub(super) const BETWEEN: u64 = 14;
/// After a prompt was dismissed,
pub(super) const DISMISSED: u64 = 30;
/// … and after it was dismissed twice.
pub(super) const DISMISSED_TWICE: u64 = 90;
/// "Not now" and "don't ask again" are different buttons.
pub(super) const SNOOZE: u64 = 7;
pub(super) const NEVER: u64 = 365;
/// What recurs does so no sooner.
pub(super) const RECURS: u64 = 90;
/// A prompt is shown so often, where nobody answers.
pub(super) const SHOWS: u64 = 2;

/// The shop's own limit, else `other`; in the older spelling limits of one prompt are in `perPrompt`.
#[cfg_attr(target_arch = "wasm32", inline(never))]
pub(super) fn of(head: &str, key: &str, other: u64) -> u64 {
    let limits = member(head, "limits");
    number_or(limits, key, number_or(member(limits, "perPrompt"), key, other))
}

/// More days than anybody waits.
pub(super) const FOREVER: u64 = 1_000_000;

/// The hour that is so many days after another one.
pub(super) fn after(hour: u64, days: u64) -> u64 {
    hour.saturating_add(days.min(FOREVER) * 24)
}
