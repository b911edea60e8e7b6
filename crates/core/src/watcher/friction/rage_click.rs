//! Rage click: again and again at the same place, because nothing happens.
//!
//! | threshold | why |
//! |---|---|
//! | `CLICKS` 4 | PostHog began with three and found steppers and double-double clicks; its own site went to four |
//! | `WINDOW` 1 s | with more between two clicks, the second is another try |
//! | `RADIUS` 30 px | a hand that is not held still; further apart it is another place |
//!
//! Its confidence is 0.6 with four clicks, which may be impatience, and 0.1 more with each further one: eight are not.
//!
//! No false alarm: where fast clicks are the ordinary way, by role (`CALM_ROLES`: text, numbers, media) or by label (`CALM_LABELS`:
//! steppers, carousels), no burst begins.

use crate::input::Pointer;
use crate::list;
use crate::time::Millis;
use crate::words::List;

/// So many clicks make a rage.
const CLICKS: u32 = 4;
/// Two clicks belong together when no more than this lies between them, in ms.
pub(crate) const WINDOW: u64 = 1_000;
/// … and when they lie no further apart than this, `|dx| + |dy|`, in CSS px.
const RADIUS: u32 = 30;

/// Where fast clicks are the ordinary way: text, numbers, media, lists that are paged. Roles, tags and types of `input`.
const CALM_ROLES: List = list![
    "textbox",
    "searchbox",
    "spinbutton",
    "slider",
    "scrollbar",
    "combobox",
    "application",
    "tab",
    "img",
    "textarea",
    "select",
    "video",
    "audio",
    "canvas",
    "text",
    "number",
    "range",
    "search",
    "email",
    "tel",
    "password",
    // Words are chosen by two clicks, lines by three.
    "p",
    "paragraph",
];

/// Labels of buttons that are meant to be pressed again and again, in lower case.
const CALM_LABELS: List = list![
    "+",
    "-",
    "−",
    "–",
    "<",
    ">",
    "‹",
    "›",
    "«",
    "»",
    "←",
    "→",
    "next",
    "previous",
    "prev",
    "more",
    "less",
    "seuraava",
    "edellinen",
    "lisää",
];

/// A burst that has ended.
#[derive(PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub(crate) struct Burst {
    pub(crate) count: u32,
    pub(crate) target: String,
    pub(crate) at: Millis,
}

impl Burst {
    /// How sure it is that this was rage, in hundredths.
    pub(crate) fn confidence(&self) -> i64 {
        i64::from(60 + self.count.saturating_sub(CLICKS) * 10).min(100)
    }
}

/// Watches clicks for bursts.
#[derive(Default)]
pub(crate) struct RageClick {
    burst: Option<Burst>,
    x: i32,
    y: i32,
}

impl RageClick {
    /// A click: whether it belongs to the burst that is under way, and was counted to it.
    pub(crate) fn goes_on(&mut self, now: Millis, pointer: Pointer<'_>) -> bool {
        let near = |from: i32, to: i32| from.saturating_sub(to).unsigned_abs();
        let Some(burst) = &mut self.burst else { return false };
        let apart = near(pointer.x, self.x).saturating_add(near(pointer.y, self.y));
        let goes_on = apart <= RADIUS && now.since(burst.at) <= WINDOW;
        if goes_on {
            burst.count += 1;
            burst.at = now;
        }
        goes_on
    }

    /// A click begins a burst, unless it is where fast clicks are the ordinary way.
    pub(crate) fn begin(&mut self, now: Millis, pointer: Pointer<'_>) {
        if !is_calm(pointer) {
            self.burst = Some(Burst { count: 1, target: pointer.target.to_owned(), at: now });
            (self.x, self.y) = (pointer.x, pointer.y);
        }
    }

    /// The burst is over: no click came in its window, or the page goes.
    pub(crate) fn end(&mut self) -> Option<Burst> {
        self.burst.take().filter(|burst| burst.count >= CLICKS)
    }

    /// When the burst is over unless another click comes.
    pub(crate) fn deadline(&self) -> Option<Millis> {
        self.burst.as_ref().map(|burst| burst.at.plus(WINDOW + 1))
    }
}

/// Whether fast clicks, or clicks without an answer, are the ordinary way here.
pub(crate) fn is_calm(pointer: Pointer<'_>) -> bool {
    CALM_ROLES.place(pointer.role).is_some() || CALM_LABELS.place(pointer.label).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clicks(gaps: &[u64], at: impl Fn(usize) -> (i32, i32), role: &str, label: &str) -> Option<u32> {
        let mut rage = RageClick::default();
        let mut now = Millis(1_000);
        let mut found = None;
        for (i, gap) in gaps.iter().enumerate() {
            now = now.plus(*gap);
            let (x, y) = at(i);
            let pointer = Pointer { x, y, target: "button", role, label, interactive: true };
            if !rage.goes_on(now, pointer) {
                found = found.or(rage.end());
                rage.begin(now, pointer);
            }
        }
        found.or(rage.end()).map(|burst| burst.count)
    }

    #[test]
    fn four_fast_clicks_at_one_place_are_rage() {
        assert_eq!(clicks(&[0, 200, 200, 200], |_| (10, 10), "button", ""), Some(4));
        assert_eq!(clicks(&[0, 1000, 1000, 1000, 1000], |i| (i as i32 * 7, 10), "link", "Buy"), Some(5));
    }

    #[test]
    fn what_looks_alike_is_not() {
        assert_eq!(clicks(&[0, 200, 200], |_| (10, 10), "button", ""), None, "three");
        assert_eq!(clicks(&[0, 200, 1100, 200], |_| (10, 10), "button", ""), None, "two and two");
        assert_eq!(clicks(&[0, 200, 200, 200], |i| (i as i32 * 31, 10), "button", ""), None, "four places");
        assert_eq!(clicks(&[0, 200, 200, 200], |_| (10, 10), "spinbutton", ""), None, "a stepper");
        assert_eq!(clicks(&[0, 200, 200, 200], |_| (10, 10), "button", "next"), None, "a carousel");
        assert_eq!(clicks(&[0, 100, 100, 100], |_| (10, 10), "textbox", ""), None, "choosing text");
    }

    #[test]
    fn confidence_grows_with_the_burst() {
        let burst = |count| Burst { count, target: String::new(), at: Millis(0) };
        assert_eq!(burst(4).confidence(), 60);
        assert_eq!(burst(40).confidence(), 100);
    }
}
