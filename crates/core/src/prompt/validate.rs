//! Everything that is wrong with a definition, each mistake with its place, none silently mended.

use super::check::{Check, Judge};
use super::path::Path;
use super::{Code, Definition, Problem, Tree, nearest, opening, unread};

/// Everything that is wrong with a definition, or with a list of them: mistakes and warnings; empty when there is nothing.
#[must_use]
pub fn problems(tree: &Tree) -> Vec<Problem> {
    let mut list = Problems::default();
    match tree {
        Tree::List(all) => {
            for (nth, one) in all.iter().enumerate() {
                let here = Path::Item(&Path::Root, nth);
                list.prefix = here.written();
                one_of(one, &mut list);
                let id = one.get("id");
                let twin = all.iter().position(|other| other.get("id") == id) != Some(nth) && !id.is_null();
                list.unless(!twin, Code::Twins, &Path::Field(&Path::Root, "id"));
            }
        }
        one => one_of(one, &mut list),
    }
    list.found
}

fn one_of(tree: &Tree, list: &mut Problems) {
    if !matches!(tree, Tree::Map(_)) {
        return list.wrong(Code::Large, &Path::Root);
    }
    let before = list.found.len();
    let definition = Definition(tree.clone());
    let mut check = Check { definition: &definition, judge: list };
    check.parts();
    // Where the ways lead only means something once each of them leads somewhere.
    if check.judge.found.len() == before {
        check.ways();
    }
    for at in 0..definition.len() {
        if let Some(step) = definition.step(at)
            && step.known().is_none()
        {
            list.hint(
                before,
                &Path::Field(&Path::Item(&Path::Field(&Path::Root, "steps"), at), "ask"),
                nearest::word(step.ask(), super::step::ASKS),
            );
        }
    }
    opening::check(&definition, list);
    unread::check(&definition, list);
}

/// What was found.
#[derive(Default)]
pub(super) struct Problems {
    found: Vec<Problem>,
    /// Of a list of definitions, which one: `[1]`.
    prefix: String,
}

impl Problems {
    /// A mistake with a guess at what was meant.
    pub(super) fn guessed(&mut self, code: Code, path: &Path<'_>, meant: Option<&str>) {
        self.wrong(code, path);
        if let (Some(problem), Some(meant)) = (self.found.last_mut(), meant) {
            problem.hint = Some(["Did you mean \"", meant, "\"?"].concat());
        }
    }

    /// A guess at what was meant, for the mistake at a place.
    fn hint(&mut self, from: usize, path: &Path<'_>, meant: Option<&str>) {
        let path = self.place(path);
        let Some(meant) = meant else { return };
        for problem in self.found.iter_mut().skip(from).filter(|problem| problem.path == path) {
            problem.hint = Some(["Did you mean \"", meant, "\"?"].concat());
        }
    }

    fn place(&self, path: &Path<'_>) -> String {
        let path = path.written();
        let dot = if self.prefix.is_empty() || path.is_empty() { "" } else { "." };
        [&self.prefix, dot, &path].concat()
    }
}

impl Judge for Problems {
    fn wrong(&mut self, code: Code, path: &Path<'_>) {
        let path = self.place(path);
        self.found.push(Problem { code, path, hint: None });
    }
}
