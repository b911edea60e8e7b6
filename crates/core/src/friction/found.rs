//! Frictions that were found and are not told yet: each waits a moment, in which it is answered, repeated, or grows sure.

use crate::name::Name;
use crate::rng::hash;
use crate::time::Millis;

/// Different targets of one friction on one page, at most: a page on which more than these fail is told by the first ones, and a
/// broken loop must not fill the queue.
const TARGETS: usize = 5;

/// One friction at one place of the page.
pub(crate) struct Found {
    pub(crate) name: Name,
    /// The hash of its target: tells it from others after it was told.
    key: u64,
    pub(crate) target: String,
    pub(crate) count: u32,
    /// In hundredths.
    pub(crate) confidence: i64,
    /// When it was noted, the last time.
    pub(crate) at: Millis,
    /// When it is told; of what was told: until when the same is not told again.
    due: Millis,
    told: bool,
    /// It holds even if the page is left now.
    sure: bool,
}

/// What was found on this page, in order.
#[derive(Default)]
pub(crate) struct Founds(Vec<Found>);

impl Founds {
    /// `name` happened at `target`: it is told `wait` ms after its first time, unless it is dropped before.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(crate) fn note(&mut self, now: Millis, name: Name, target: &str, wait: u64, confidence: i64, sure: bool) {
        // What was told long enough ago may be told again.
        self.0.retain(|found| !found.told || found.due > now);
        let key = hash(0, target);
        let mut targets = 0;
        for found in &mut self.0 {
            if found.name == name {
                if found.key == key {
                    found.count += 1;
                    found.at = now;
                    found.confidence = confidence.max(found.confidence);
                    return;
                }
                targets += 1;
            }
        }
        if targets < TARGETS {
            let due = now.plus(wait);
            let target = target.to_owned();
            self.0.push(Found { name, key, target, count: 1, confidence, at: now, due, told: false, sure });
        }
    }

    /// What waits to be told under `name`.
    pub(crate) fn waiting(&mut self, name: Name) -> Option<&mut Found> {
        self.0.iter_mut().find(|found| found.name == name && !found.told)
    }

    /// What waits under `name` and was noted `within` ms is not told: it was answered.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(crate) fn drop(&mut self, now: Millis, name: Name, within: u64) {
        self.0.retain(|found| found.name != name || found.told || now.since(found.at) > within);
    }

    /// The page goes out of sight: what is sure is told now, the rest never.
    pub(crate) fn settle(&mut self) {
        self.0.retain(|found| found.told || found.sure);
        for found in &mut self.0 {
            if !found.told {
                found.due = Millis(0);
            }
        }
    }

    /// The next that is to be told by `now`: its name, count, confidence, target, and when it happened.
    pub(crate) fn ripe(&mut self, now: Millis) -> Option<(Name, u32, i64, String, Millis)> {
        let found = self.0.iter_mut().find(|found| !found.told && found.due <= now)?;
        found.told = true;
        found.due = now.plus(match found.name {
            // A message that comes back after half a minute is another one; a shorter while is one and the same that is drawn again.
            Name::ErrorShown => 30_000,
            // A form can fail as often as it is tried.
            Name::FormError => 0,
            // Once on a page says it all.
            _ => u64::MAX,
        });
        Some((found.name, found.count, found.confidence, std::mem::take(&mut found.target), found.at))
    }

    /// When the next one is told.
    pub(crate) fn due(&self) -> Option<Millis> {
        self.0.iter().filter(|found| !found.told).map(|found| found.due).min()
    }
}
