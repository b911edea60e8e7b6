//! Whose journeys somebody may read.

use serde::{Deserialize, Serialize};

/// All shops of the database, or some of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Every key.
    #[default]
    All,
    /// These keys, in order.
    Keys(Vec<String>),
}

impl Scope {
    /// Of these keys, in whichever order they were named.
    pub fn keys(mut keys: Vec<String>) -> Self {
        keys.sort_unstable();
        keys.dedup();
        Self::Keys(keys)
    }

    /// As a question takes it: an array of keys, or nothing for all.
    pub(super) fn json(&self) -> Option<String> {
        match self {
            Self::All => None,
            // A key is letters and digits: it needs no escapes, and an array that could not be written would hold none.
            Self::Keys(keys) => Some(serde_json::to_string(keys).unwrap_or_else(|_| "[]".to_owned())),
        }
    }
}
