//! The steps as a graph: which step can follow which, whatever is answered.

use super::{Definition, Step};

/// The word for the end in `go`.
pub(super) const END: &str = "end";

impl Definition {
    /// Where one `go` leads: `None` for an unknown id, `Some(None)` for the end.
    pub(super) fn target(&self, go: &str) -> Option<Option<usize>> {
        if go == END {
            Some(None)
        } else {
            self.position(go).map(Some)
        }
    }

    /// The step below, where no branch is taken.
    pub(super) fn below(&self, at: usize) -> Option<usize> {
        Some(at + 1).filter(|next| *next < self.steps.len())
    }

    /// Every place that can follow a step; `None` in the list is the end. Branches below one that is always taken are dead.
    pub(super) fn followers(&self, at: usize) -> Vec<Option<usize>> {
        let next: &[_] = self.steps.get(at).map_or(&[], |step| &step.next);
        let certain = next.iter().position(|branch| branch.when.is_none());
        let live = certain.map_or(next, |last| next.get(..=last).unwrap_or(next));
        let mut all: Vec<_> = live.iter().filter_map(|branch| self.target(&branch.go)).collect();
        if certain.is_none() {
            all.push(self.below(at));
        }
        all
    }

    /// Which steps some answer leads to.
    pub(super) fn reachable(&self) -> Vec<bool> {
        let mut seen = vec![false; self.steps.len()];
        let mut open: Vec<usize> = self.first().into_iter().collect();
        while let Some(at) = open.pop() {
            if let Some(mark) = seen.get_mut(at)
                && !*mark
            {
                *mark = true;
                open.extend(self.followers(at).into_iter().flatten());
            }
        }
        seen
    }

    /// Whether the flow can come back to this message by messages alone: it would never end and never ask.
    pub(super) fn loops_silently(&self, at: usize) -> bool {
        let silent = |at: usize| self.steps.get(at).is_some_and(|step| step.ask == "info");
        let mut seen = vec![false; self.steps.len()];
        let mut open = vec![at];
        while let Some(from) = open.pop() {
            if !silent(from) {
                continue;
            }
            for to in self.followers(from).into_iter().flatten() {
                if to == at {
                    return true;
                }
                if let Some(mark) = seen.get_mut(to)
                    && !*mark
                {
                    *mark = true;
                    open.push(to);
                }
            }
        }
        false
    }

    /// How many questions are left from a step on, itself included, where every way to the end has equally many.
    pub(super) fn left(&self, at: usize) -> Option<usize> {
        self.left_from(at, &mut vec![Left::Unknown; self.steps.len()])
    }

    fn left_from(&self, at: usize, memo: &mut [Left]) -> Option<usize> {
        let slot = memo.get_mut(at)?;
        match *slot {
            Left::Known(left) => return left,
            Left::Busy => return None, // a cycle: nobody knows how long
            Left::Unknown => *slot = Left::Busy,
        }
        let own = usize::from(self.steps.get(at).and_then(Step::kind).is_some_and(super::Kind::asks));
        let mut lengths = self
            .followers(at)
            .into_iter()
            .map(|to| to.map_or(Some(0), |to| self.left_from(to, memo)));
        let first = lengths.next().flatten();
        let left = if lengths.all(|length| length == first) {
            first.map(|rest| rest + own)
        } else {
            None
        };
        if let Some(slot) = memo.get_mut(at) {
            *slot = Left::Known(left);
        }
        left
    }
}

#[derive(Clone, Copy)]
enum Left {
    Unknown,
    Busy,
    Known(Option<usize>),
}
