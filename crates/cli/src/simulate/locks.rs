//! Web Locks, as far as the shell uses them: exclusive ones, held by pages.

use std::collections::BTreeMap;

use super::browser::PageId;

/// The locks of one browser.
#[derive(Debug, Default)]
pub(crate) struct Locks {
    held: BTreeMap<String, PageId>,
    /// Who waits for which, the oldest first.
    waiting: Vec<(String, PageId)>,
}

impl Locks {
    /// Holds a lock, now or when it is free.
    pub(crate) fn request(&mut self, name: &str, page: PageId) {
        if self.is_free(name) {
            self.held.insert(name.to_owned(), page);
        } else {
            self.waiting.push((name.to_owned(), page));
        }
    }

    /// Nobody holds or wants it.
    pub(crate) fn is_free(&self, name: &str) -> bool {
        !self.held.contains_key(name) && !self.waiting.iter().any(|(wanted, _)| wanted == name)
    }

    /// This page holds it.
    pub(crate) fn holds(&self, name: &str, page: PageId) -> bool {
        self.held.get(name) == Some(&page)
    }

    /// A page lets go of what it holds, and with `all` of what it waits for.
    pub(crate) fn free(&mut self, page: PageId, all: bool) {
        if all {
            self.waiting.retain(|(_, waits)| *waits != page);
        }
        let names: Vec<_> =
            self.held.iter().filter(|(_, holder)| **holder == page).map(|(name, _)| name.clone()).collect();
        for name in names {
            self.held.remove(&name);
            if let Some(next) = self.waiting.iter().position(|(wanted, _)| *wanted == name) {
                let (name, page) = self.waiting.remove(next);
                self.held.insert(name, page);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_waits_is_next() {
        let mut locks = Locks::default();
        locks.request("a", 1);
        locks.request("a", 2);
        locks.request("b", 1);
        assert!(!locks.is_free("a") && !locks.is_free("b") && locks.is_free("c"));
        assert!(locks.holds("a", 1) && !locks.holds("a", 2));
        locks.free(1, true);
        assert!(locks.holds("a", 2));
        assert!(!locks.is_free("a") && locks.is_free("b"));
        locks.free(2, false);
        assert!(locks.is_free("a"));
    }
}
