//! The shopper's decision about `measure`, and what it means for what is observed.

use crate::json::Writer;
use crate::time::Millis;

/// Where the decision about `measure` stands.
#[derive(Clone, PartialEq, Eq, Default)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub(crate) enum Consent {
    /// Nobody has decided: observe in memory, queue nothing.
    #[default]
    Undecided,
    /// Refused or withdrawn: observe nothing.
    Denied,
    /// Granted: the journey may be stored for its visit, and may leave.
    Granted(Grant),
}

/// The evidence of a grant, which every batch carries.
#[derive(Clone, PartialEq, Eq, Default)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub(crate) struct Grant {
    /// Which source reported it.
    pub(crate) by: String,
    /// When, in whole hours since the Unix epoch.
    pub(crate) hour: u64,
    /// The version of the shop's policy, where the shop names one.
    pub(crate) policy: String,
}

impl Grant {
    /// A grant reported by `by` at `now` under the policy `policy` (cut at 20 characters).
    pub(crate) fn new(now: Millis, by: &str, policy: &str) -> Self {
        let policy = policy
            .chars()
            .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_'))
            .take(20)
            .collect();
        Self {
            by: by.to_owned(),
            hour: now.0 / 3_600_000,
            policy,
        }
    }

    /// Writes `"consent":{"measure":{…}}`.
    pub(crate) fn write(&self, out: &mut Writer) {
        out.key("consent");
        out.raw("{\"measure\":{");
        out.word_member("by", &self.by);
        out.number_member("hour", self.hour);
        if !self.policy.is_empty() {
            out.word_member("policy", &self.policy);
        }
        out.raw("}}");
    }
}
