//! A stage of a journey: a place in its framework.

/// A stage, by its place in its [`Framework`](crate::Framework)'s order. The constants are those of `five-stages`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Stage(pub(crate) u8);

// They read as the variants of the enum that they would be if there were one framework.
#[allow(non_upper_case_globals)]
impl Stage {
    /// The shopper learns that the shop is there.
    pub const Awareness: Self = Self(0);
    /// The shopper looks and compares.
    pub const Consideration: Self = Self(1);
    /// The shopper is buying.
    pub const Decision: Self = Self(2);
    /// The shopper has bought, and is cared for.
    pub const Retention: Self = Self(3);
    /// The shopper tells others.
    pub const Advocacy: Self = Self(4);

    /// A framework has at most so many stages: which were met is kept in the bits of a byte.
    pub(crate) const MOST: usize = 8;

    /// Its place, from 0.
    #[must_use]
    pub fn place(self) -> usize {
        usize::from(self.0)
    }
}
