//! The sums.

use std::collections::BTreeMap;

/// The sums over what was judged.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Totals {
    pub(crate) journeys: u64,
    pub(crate) captured: u64,
    pub(crate) delivered: u64,
    pub(crate) dropped: BTreeMap<&'static str, u64>,
    pub(crate) lost: u64,
    pub(crate) duplicated: u64,
    pub(crate) against_consent: u64,
    pub(crate) out_of_order: u64,
    pub(crate) books: u64,
    pub(crate) traps: u64,
    /// What was captured with consent to `remember`,
    pub(crate) remembered: u64,
    /// … and of that, delivered.
    pub(crate) remembered_delivered: u64,
    /// Why what was `page_lost` was.
    pub(crate) causes: BTreeMap<&'static str, u64>,
}

impl Totals {
    pub(crate) fn add(&mut self, other: &Self) {
        self.journeys += other.journeys;
        self.captured += other.captured;
        self.delivered += other.delivered;
        self.lost += other.lost;
        self.duplicated += other.duplicated;
        self.against_consent += other.against_consent;
        self.out_of_order += other.out_of_order;
        self.books += other.books;
        self.traps += other.traps;
        self.remembered += other.remembered;
        self.remembered_delivered += other.remembered_delivered;
        for (why, count) in &other.dropped {
            *self.dropped.entry(why).or_default() += count;
        }
        for (why, count) in &other.causes {
            *self.causes.entry(why).or_default() += count;
        }
    }
}
