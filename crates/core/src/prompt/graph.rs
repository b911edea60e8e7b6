//! The steps as a graph: which step can follow which, whatever is answered. The end is the place after the last step.

use super::step::Step;
use super::{Definition, Kind, Tree};

/// The word for the end in `go`.
pub(super) const END: &str = "end";

/// Some places of a definition, a bit for each: there are [`MOST_STEPS`](super::MOST_STEPS) and the end at most.
#[derive(Clone, Copy, Default)]
pub(super) struct Places(u64);

impl Places {
    pub(super) fn put(&mut self, at: usize) {
        self.0 |= 1_u64.wrapping_shl(at as u32);
    }

    pub(super) fn has(self, at: usize) -> bool {
        self.0.wrapping_shr(at as u32) & 1 == 1
    }
}

impl Definition {
    /// Where a `go` leads.
    pub(super) fn target(&self, go: &str) -> Option<usize> {
        if go == END { Some(self.len()) } else { self.position(go) }
    }

    /// Every place that can follow a step: by a choice's own way, else by the branches; below one that is always taken they are dead.
    pub(super) fn followers(&self, at: usize) -> Places {
        let mut all = Places::default();
        if let Some(step) = self.step(at) {
            let choices = step.choices();
            let mut own = 0;
            for choice in &choices {
                if let Some(to) = self.target(choice.go()) {
                    all.put(to);
                    own += 1;
                }
            }
            // Where every choice has a way of its own and one must be chosen, nothing else is left.
            if own > 0 && own == choices.len() && !step.is_optional() {
                return all;
            }
        }
        for branch in self.branches(at) {
            if let Some(to) = self.target(branch.get("go").text()) {
                all.put(to);
            }
            if branch.get("if").is_null() {
                return all;
            }
        }
        all.put(at + 1);
        all
    }

    /// `next` of a step.
    pub(super) fn branches(&self, at: usize) -> &[Tree] {
        self.step(at).map_or(&[], |step| step.0.get("next").list())
    }

    /// Which places can follow the places in `open`, going on from those that `pass`.
    pub(super) fn reach(&self, mut open: Places, pass: fn(Step<'_>) -> bool) -> Places {
        let mut seen = Places::default();
        while let Some(at) = (0..=self.len()).find(|at| open.has(*at) && !seen.has(*at)) {
            seen.put(at);
            if self.step(at).is_some_and(pass) {
                open.0 |= self.followers(at).0;
            }
        }
        seen
    }

    /// How many questions are left from a step on, itself included, where every way to the end has equally many.
    pub(super) fn left(&self, at: usize) -> Option<usize> {
        // The longest and the shortest way from each place, settled from the end towards the start; what has not settled after
        // as many rounds as there are steps goes in circles.
        let mut ways = vec![(0, 0); self.len() + 1];
        for round in 0..=self.len() {
            let mut settled = true;
            for from in (0..self.len()).rev() {
                let own = usize::from(self.kind(from).is_some_and(Kind::asks));
                let (mut short, mut long) = (usize::MAX, 0);
                let next = self.followers(from);
                for to in (0..=self.len()).filter(|to| next.has(*to)) {
                    let (shortest, longest) = ways.get(to).copied().unwrap_or_default();
                    short = short.min(shortest + own);
                    long = long.max(longest + own);
                }
                if let Some(way) = ways.get_mut(from)
                    && *way != (short, long)
                {
                    *way = (short, long);
                    settled = false;
                }
            }
            if settled {
                break;
            }
            if round == self.len() {
                return None;
            }
        }
        ways.get(at).filter(|(short, long)| short == long).map(|(short, _)| *short)
    }
}
