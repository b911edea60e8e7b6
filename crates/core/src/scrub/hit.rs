//! What was found, in one number: on a page two would be handed over by way of memory, in every function again.

use super::Kind;

/// A kind, and where it ends; or nothing.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Hit(usize);

/// Kinds are fewer.
const KINDS: usize = 32;

impl Hit {
    pub(super) const NONE: Self = Self(0);

    /// Nothing where the end is 0.
    pub(super) fn new(kind: Kind, end: usize) -> Self {
        Self(if end == 0 { 0 } else { end * KINDS + kind as usize })
    }

    pub(super) fn end(self) -> usize {
        self.0 / KINDS
    }

    /// The kind's number.
    pub(super) fn kind(self) -> usize {
        self.0 % KINDS
    }

    pub(super) fn is_none(self) -> bool {
        self.0 == 0
    }
}
