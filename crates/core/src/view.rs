//! The view of a page, and which further tidings of a page are the same view told twice.

use crate::input::Arrival;
use crate::rng::hash;
use crate::time::Millis;
use crate::words;

/// A view of the same path within the document is the same one, told twice, in ms: single-page shops say `polku.page()` when they
/// have drawn what the address already told, and on a phone the first drawing takes seconds.
const ECHO: u64 = 5_000;
/// … and a page that the shop names is the one that its address told just before, in ms: a router and the page's own code are less
/// than a drawing apart, two steps of a shopper more.
const NAMED: u64 = 1_000;

/// The view that is looked at.
pub(crate) struct View {
    /// The hash of its path as it is: two products have the same template.
    place: u64,
    /// How it came to be looked at.
    how: Arrival,
    /// When it was first seen.
    pub(crate) since: Millis,
}

impl Default for View {
    fn default() -> Self {
        Self::NEW
    }
}

impl View {
    /// No page was looked at yet.
    pub(crate) const NEW: Self = Self { place: 0, how: Arrival::Load, since: Millis(0) };

    /// `path` is looked at, with its query: whether that is the view that is looked at already. Else it is another one from now on.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(crate) fn echoes(&mut self, path: &str, how: Arrival, now: Millis) -> bool {
        let place = hash(0, words::cut(path, b'?').0);
        let past = now.since(self.since);
        let within = matches!(how, Arrival::Route | Arrival::Named);
        let named = how == Arrival::Named && self.how == Arrival::Route;
        let echo = within && (place == self.place && past < ECHO || named && past < NAMED);
        self.place = place;
        if !echo {
            (self.how, self.since) = (how, now);
        }
        echo
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_that_is_told_twice_is_one() {
        let mut view = View::default();
        let mut echoes = |path, how, at| view.echoes(path, how, Millis(at));
        assert!(!echoes("/p/1", Arrival::Load, 10_000));
        assert!(echoes("/p/1?size=2", Arrival::Route, 14_999));
        assert!(!echoes("/p/1", Arrival::Route, 15_000), "after a while it is another look");
        assert!(!echoes("/p/2", Arrival::Route, 15_100));
        assert!(echoes("/product/two", Arrival::Named, 16_099));
        assert!(!echoes("/product/three", Arrival::Named, 16_100));
        assert!(!echoes("/product/three", Arrival::Load, 16_101), "a document that is loaded is another view");
    }
}
