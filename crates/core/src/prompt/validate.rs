//! Everything that is wrong with a definition, each mistake with its place, none silently mended.

use super::check::{Check, Judge};
use super::path::Path;
use super::{Code, Definition, Problem, Tree};

/// Everything that is wrong with a definition, in the order of its text; empty when nothing is.
#[must_use]
pub fn problems(tree: &Tree) -> Vec<Problem> {
    let definition = Definition(tree.clone());
    let mut list = List(Vec::new());
    let mut check = Check { definition: &definition, judge: &mut list };
    check.parts();
    // Where the ways lead only means something once each of them leads somewhere.
    if check.judge.0.is_empty() {
        check.ways();
    }
    list.0
}

struct List(Vec<Problem>);

impl Judge for List {
    fn wrong(&mut self, code: Code, path: &Path<'_>) {
        self.0.push(Problem { code, path: path.written(), hint: None });
    }
}
