//! Frictions that were found and are not told yet: each waits a moment, in which it is answered, repeated, or grows sure.

use crate::name::Name;
use crate::rng::hash;
use crate::time::Millis;

/// Different targets of one friction on one page, at most: a page on which more than these fail is told by the first ones, and a
/// broken loop must not fill the queue.
const TARGETS: usize = 8;
/// A field that is turned down again is so much surer, in hundredths.
const AGAIN: i64 = 20;
/// A message that comes back after half a minute is another one, in ms; after a shorter while it is the same, drawn again.
const MESSAGE: u64 = 30_000;

/// Whenever it was noted, and however sure it is.
pub(crate) const ALL: u64 = u64::MAX;

/// One friction at one place of the page.
pub(crate) struct Found {
    pub(crate) name: Name,
    /// The hash of its target: tells it from others after it was told.
    key: u64,
    pub(crate) target: String,
    /// How often it happened in this wait.
    count: u32,
    /// Which time it is that this field is turned down.
    times: u32,
    /// In hundredths.
    pub(crate) confidence: i64,
    /// When it was noted, the last time.
    pub(crate) at: Millis,
    /// When it is told; once it rests: until when it is not noted again.
    due: Millis,
    /// It was told or dropped.
    rests: bool,
    /// It holds even if the page is left now.
    sure: bool,
}

impl Found {
    /// What stands as `count`: how often in a row, or in one go.
    pub(crate) fn count(&self) -> u32 {
        self.count.max(self.times)
    }
}

/// What was found on this page, in order.
#[derive(Default)]
pub(crate) struct Founds(Vec<Found>);

impl Founds {
    /// `name` happened at `target`: it is told `wait` ms after its first time, unless it is dropped before.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(crate) fn note(&mut self, now: Millis, name: Name, target: &str, wait: u64, confidence: i64, sure: bool) {
        let key = hash(0, target);
        let due = now.plus(wait);
        let mut targets = 0;
        for found in &mut self.0 {
            if found.name == name {
                // The fields that a form turns down in one go are one friction.
                if found.key == key || name == Name::FormError && !found.rests {
                    if found.rests {
                        if found.due > now {
                            return;
                        }
                        found.rests = false;
                        found.due = due;
                        found.count = 0;
                        if name == Name::FormError {
                            found.times += 1;
                            found.confidence = (found.confidence + AGAIN).min(100);
                        } else {
                            found.confidence = 0;
                        }
                    }
                    found.count += 1;
                    found.at = now;
                    found.confidence = found.confidence.max(confidence);
                    return;
                }
                targets += 1;
            }
        }
        if targets < TARGETS {
            let target = target.to_owned();
            self.0.push(Found { name, key, target, count: 1, times: 1, confidence, at: now, due, rests: false, sure });
        }
    }

    /// What waits under `name` and was noted `within` ms is not told: it was answered.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(crate) fn drop(&mut self, now: Millis, name: Name, within: u64) {
        for found in &mut self.0 {
            if !found.rests && found.name == name && now.since(found.at) <= within && (!found.sure || within == ALL) {
                (found.rests, found.due) = (true, Millis(0));
            }
        }
    }

    /// The page goes out of sight: what is sure is told now, the rest never.
    pub(crate) fn settle(&mut self) {
        for found in &mut self.0 {
            if !found.rests {
                (found.rests, found.due) = (!found.sure, Millis(0));
            }
        }
    }

    /// The next that is to be told by `now`.
    pub(crate) fn ripe(&mut self, now: Millis) -> Option<&Found> {
        let found = self.0.iter_mut().find(|found| !found.rests && found.due <= now)?;
        found.rests = true;
        found.due = now.plus(match found.name {
            Name::ErrorShown => MESSAGE,
            // A form can fail as often as it is tried.
            Name::FormError => 0,
            // Once on a page says it all.
            _ => ALL,
        });
        Some(found)
    }

    /// When the next one is told, if not before `due`.
    pub(crate) fn due(&self, mut due: Millis) -> Millis {
        for found in &self.0 {
            if !found.rests {
                due = due.min(found.due);
            }
        }
        due
    }
}
