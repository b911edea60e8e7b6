//! What is wrong with a line, as one sentence that names it, its column, and what to write instead.

use std::fmt;

/// A complaint about a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wrong {
    /// The line in the file, from 1.
    pub(super) line: u64,
    /// The column as the file calls it; none where the whole line is meant.
    pub(super) column: Option<String>,
    /// What is wrong, and what to do about it.
    pub(super) why: String,
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.column {
            Some(column) => write!(f, "line {}, column \"{column}\": {}", self.line, self.why),
            None => write!(f, "line {}: {}", self.line, self.why),
        }
    }
}

/// As much of a cell as fits into a sentence, in quotes.
pub(super) fn told(cell: &str) -> String {
    format!("\"{}\"", shown(cell))
}

/// As much of a cell as fits into a sentence, and nothing that a terminal obeys. What identifies somebody stays out of logs, as everywhere: a file
/// without a head has a line of data in its place.
pub(super) fn shown(cell: &str) -> String {
    const MOST: usize = 40;
    let clean: String = cell.chars().map(|sign| if sign.is_control() { ' ' } else { sign }).take(MOST).collect();
    let clean = polku_core::scrub::scrub(&clean).text;
    if cell.chars().count() > MOST { clean + "…" } else { clean }
}
