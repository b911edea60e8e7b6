//! What a sender is told.

use serde::Serialize;

/// The answer to a batch: accepted + duplicate + rejected = the events that it held.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub struct Reply {
    /// Events that are now in the database.
    pub accepted: u64,
    /// Events that had been there before; the first one stays.
    pub duplicate: u64,
    /// Events that will never be taken. Sending them again is of no use.
    pub rejected: Vec<Rejected>,
}

/// One event that was not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rejected {
    /// Its number in the leg, where it had a readable one.
    pub seq: Option<i64>,
    /// Why, naming the member.
    pub why: &'static str,
}
