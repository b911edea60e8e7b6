//! What a browser keeps for the shop, and what keeps it from doing so. It looks at the names of keys alone, never into the texts.

use std::collections::BTreeMap;

/// One area: local storage, which the tabs share, or the session storage of one tab.
#[derive(Debug, Clone, Default)]
pub(crate) struct Area(BTreeMap<String, String>);

impl Area {
    pub(crate) fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    /// `setItem`: says whether there was room. An area that is full takes what is no longer than what was there.
    fn set(&mut self, key: &str, value: &str, full: bool) -> bool {
        let fits = !full || self.0.get(key).is_some_and(|old| old.len() >= value.len());
        if fits {
            self.0.insert(key.to_owned(), value.to_owned());
        }
        fits
    }

    pub(crate) fn remove(&mut self, key: &str) {
        self.0.remove(key);
    }

    /// The keys that begin with `prefix`, in order.
    pub(crate) fn keys<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = &'a str> {
        let from = (std::ops::Bound::Included(prefix), std::ops::Bound::Unbounded);
        self.0.range::<str, _>(from).map(|(key, _)| key.as_str()).take_while(move |key| key.starts_with(prefix))
    }
}

/// Which area.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kept {
    /// Local storage.
    Local,
    /// The session storage of the tab with this number.
    Session(usize),
}

/// The storage of one browser.
#[derive(Debug, Default)]
pub(crate) struct Storage {
    local: Area,
    sessions: Vec<Area>,
    /// The shopper's browser lets no site store anything: every call throws.
    shut: bool,
    /// When local storage was full: from, until.
    full: Vec<(u64, u64)>,
    /// … and session storage.
    session_full: Vec<(u64, u64)>,
}

fn within(times: &[(u64, u64)], from: u64, until: u64) -> bool {
    times.iter().any(|(start, end)| *start <= until && from < *end)
}

impl Storage {
    pub(crate) fn new(shut: bool) -> Self {
        Self { shut, ..Self::default() }
    }

    /// The session storage of another tab: empty, or a copy.
    pub(crate) fn session(&mut self, of: Option<usize>) -> usize {
        let area = of.map(|of| self.sessions[of].clone()).unwrap_or_default();
        self.sessions.push(area);
        self.sessions.len() - 1
    }

    /// Local storage is full from `now` on, for `ms`.
    pub(crate) fn fill(&mut self, now: u64, ms: u64) {
        self.full.push((now, now + ms));
    }

    /// … and session storage.
    pub(crate) fn fill_sessions(&mut self, now: u64, ms: u64) {
        self.session_full.push((now, now + ms));
    }

    /// There is room again.
    pub(crate) fn empty(&mut self, now: u64) {
        for (_, end) in self.full.iter_mut().chain(&mut self.session_full) {
            *end = (*end).min(now);
        }
    }

    /// What the shop's own origin keeps takes nothing new at some moment between these two.
    pub(crate) fn fails(&self, from: u64, until: u64) -> bool {
        self.shut || within(&self.full, from, until)
    }

    /// Local storage took nothing new from the one moment to the other.
    pub(crate) fn is_full_since(&self, from: u64, until: u64) -> bool {
        self.shut || self.full.iter().any(|(start, end)| *start <= from && until < *end)
    }

    fn area(&self, kept: Kept) -> &Area {
        match kept {
            Kept::Local => &self.local,
            Kept::Session(tab) => &self.sessions[tab],
        }
    }

    fn area_mut(&mut self, kept: Kept) -> &mut Area {
        match kept {
            Kept::Local => &mut self.local,
            Kept::Session(tab) => &mut self.sessions[tab],
        }
    }

    pub(crate) fn get(&self, kept: Kept, key: &str) -> Option<String> {
        if self.shut { None } else { self.area(kept).get(key).map(str::to_owned) }
    }

    /// Says whether it was taken.
    pub(crate) fn set(&mut self, now: u64, kept: Kept, key: &str, value: &str) -> bool {
        let full = match kept {
            Kept::Local => within(&self.full, now, now),
            Kept::Session(_) => within(&self.session_full, now, now),
        };
        !self.shut && self.area_mut(kept).set(key, value, full)
    }

    pub(crate) fn remove(&mut self, kept: Kept, key: &str) {
        if !self.shut {
            self.area_mut(kept).remove(key);
        }
    }

    /// The keys that begin with `prefix`, in order.
    pub(crate) fn keys(&self, kept: Kept, prefix: &str) -> Vec<String> {
        if self.shut { Vec::new() } else { self.area(kept).keys(prefix).map(str::to_owned).collect() }
    }

    /// Some text in local storage contains this one, under a key that begins with `prefix`.
    pub(crate) fn holds(&self, prefix: &str, text: &str) -> bool {
        self.local.0.iter().any(|(key, kept)| key.starts_with(prefix) && kept.contains(text))
    }

    /// What of ours is kept in local storage and in these tabs: the keys.
    pub(crate) fn left(&self, tabs: impl Iterator<Item = usize>) -> Vec<String> {
        let mut left = self.keys(Kept::Local, "polku");
        for tab in tabs {
            left.extend(self.keys(Kept::Session(tab), "polku"));
        }
        left
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_area_takes_what_is_no_longer_than_before() {
        let mut storage = Storage::new(false);
        let tab = Kept::Session(storage.session(None));
        assert!(storage.set(0, Kept::Local, "a", "four"));
        storage.fill(10, 10);
        assert!(!storage.set(10, Kept::Local, "b", "x"));
        assert!(!storage.set(10, Kept::Local, "a", "longer"));
        assert!(storage.set(10, Kept::Local, "a", "less"));
        assert!(storage.set(10, tab, "a", "longer"), "the other area has room");
        assert!(storage.set(20, Kept::Local, "b", "x"));
        assert!(storage.fails(0, 10) && storage.fails(19, 30) && !storage.fails(20, 30) && !storage.fails(0, 9));
    }

    #[test]
    fn a_copied_tab_has_a_copy() {
        let mut storage = Storage::new(false);
        let first = storage.session(None);
        storage.set(0, Kept::Session(first), "polku:1:tab", "x");
        let copy = storage.session(Some(first));
        storage.remove(Kept::Session(first), "polku:1:tab");
        assert_eq!(storage.get(Kept::Session(copy), "polku:1:tab").as_deref(), Some("x"));
        assert_eq!(storage.left([first, copy].into_iter()), ["polku:1:tab"]);
    }

    #[test]
    fn a_shut_one_holds_nothing() {
        let mut storage = Storage::new(true);
        assert!(!storage.set(0, Kept::Local, "polku", "x"));
        assert_eq!(storage.get(Kept::Local, "polku"), None);
        assert!(storage.fails(5, 5));
    }
}
