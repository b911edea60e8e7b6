//! What became of each part of a survey.

use serde::Serialize;

/// How much of a part is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Level {
    /// It is there, and means the same.
    Ok,
    /// It is there, and means a little less.
    Lossy,
    /// It is not there; the rest works without it.
    Dropped,
    /// It has no place in a prompt, or is not understood.
    Rejected,
}

/// One line of the report. Of the survey it names places alone, and never repeats what stands there: nobody knows what that is.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Entry {
    pub(super) path: String,
    pub(super) level: Level,
    pub(super) why: String,
}

/// A path below another one.
pub(super) fn below(base: &str, path: &str) -> String {
    let dot = if base.is_empty() || path.is_empty() || path.starts_with('[') { "" } else { "." };
    format!("{base}{dot}{path}")
}

/// A name of the survey's own in a path: as it is, where it is a plain one.
pub(super) fn plainly(name: &str) -> &str {
    let plain = (1..=40).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    if plain { name } else { "*" }
}
