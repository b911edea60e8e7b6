//! The shopper's decision about `measure`, and what it means for what is observed.

use crate::json::Writer;
use crate::time::Millis;

/// Where the decision about `measure` stands.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub(crate) enum Consent {
    /// Nobody has decided: observe in memory, queue nothing.
    #[default]
    Undecided,
    /// Refused or withdrawn: observe nothing.
    Denied,
    /// Granted: the journey may be stored for its visit, and may leave.
    Granted,
}

/// The evidence of a grant, as every batch carries it: which source reported it, in which hour since the Unix epoch, and under which version of the
/// shop's policy, where the shop names one (20 characters at most).
pub(crate) fn evidence(now: Millis, by: &str, policy: &str) -> String {
    let mut out = Writer::default();
    out.raw("{\"measure\":{");
    out.word_member("by", by);
    out.number_member("hour", now.0 / 3_600_000);
    if !policy.is_empty() {
        out.text_member("policy", policy.get(0..20).unwrap_or(policy));
    }
    out.raw("}}");
    out.into_string()
}
