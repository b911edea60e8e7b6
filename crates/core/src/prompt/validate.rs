//! Everything that is wrong with a definition, each mistake with its place, none silently mended.

use super::check::{Judge, check};
use super::path::Path;
use super::{Code, Definition, Problem, Tree};

/// Everything that is wrong with a definition, in the order of its text; empty when nothing is.
#[must_use]
pub fn problems(tree: &Tree) -> Vec<Problem> {
    let mut list = List(Vec::new());
    check(&Definition(tree.clone()), &mut list);
    list.0
}

struct List(Vec<Problem>);

impl Judge for List {
    fn wrong(&mut self, code: Code, path: &Path<'_>) {
        self.0.push(Problem { code, path: path.written(), hint: None });
    }
}
