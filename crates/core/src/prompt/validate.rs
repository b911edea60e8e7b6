//! Reads a definition as a strict colleague would: every mistake with its place, none silently mended.

use super::graph::END;
use super::tree::Path;
use super::{Code, Definition, Kind, MOST_STEPS, Problem, Step, Tree, condition};

/// The fields that are read, each with an example of its shape.
const HEAD: &[(&str, &Tree)] = &[
    ("v", NUMBER),
    ("id", TEXT),
    ("locales", LIST),
    ("defaultLocale", TEXT),
    ("start", TEXT),
    ("steps", LIST),
    ("end", MAP),
    ("score", MAP),
];
const STEP: &[(&str, &Tree)] = &[
    ("id", TEXT),
    ("ask", TEXT),
    ("text", MAP),
    ("scale", NUMBER),
    ("anchors", TEXT),
    ("optional", &Tree::Bool(true)),
    ("max", NUMBER),
    ("next", LIST),
];
const NUMBER: &Tree = &Tree::Number(1);
const TEXT: &Tree = &Tree::Text(String::new());
const LIST: &Tree = &Tree::List(Vec::new());
const MAP: &Tree = &Tree::Map(Vec::new());

/// Everything that is wrong with a definition, in the order of its text; empty when it can be run.
#[must_use]
pub(super) fn validate(definition: &Definition) -> Vec<Problem> {
    let mut check = Check { definition, problems: Vec::new() };
    check.head();
    for at in 0..check.definition.len().min(MOST_STEPS) {
        check.step(at);
    }
    // Where the ways lead only means something once each of them leads somewhere.
    if check.problems.is_empty() {
        check.ways();
    }
    check.problems
}

struct Check<'a> {
    definition: &'a Definition,
    problems: Vec<Problem>,
}

impl Check<'_> {
    fn unless(&mut self, fine: bool, code: Code, path: &Path<'_>) {
        if !fine {
            self.problems.push(path.problem(code));
        }
    }

    fn shape(&mut self, tree: &Tree, fields: &[(&str, &Tree)], path: &Path<'_>) {
        self.unless(same(tree, MAP), Code::Shape, path);
        for (key, example) in fields {
            let value = tree.get(key);
            self.unless(value.is_null() || same(value, example), Code::Shape, &Path::Field(path, key));
        }
    }

    fn head(&mut self) {
        let definition = self.definition;
        let tree = &definition.0;
        let at = |key| Path::Field(&Path::Root, key);
        self.shape(tree, HEAD, &Path::Root);
        self.unless(tree.get("v").number() == Some(1), Code::Version, &at("v"));
        self.unless(is_id(definition.id()), Code::Id, &at("id"));
        let locales = tree.get("locales").list();
        let known = locales.is_empty() || locales.iter().any(|locale| locale.text() == definition.fallback());
        self.unless(known, Code::Locale, &at("defaultLocale"));
        let few = (1..=MOST_STEPS).contains(&definition.len());
        self.unless(few, Code::Steps, &at("steps"));
        self.unless(!few || definition.first().is_some(), Code::Start, &at("start"));
        let thanks = tree.get("end").get("thanks");
        if !thanks.is_null() {
            self.text(thanks, &Path::Field(&at("end"), "thanks"));
        }
        if !tree.get("score").is_null() {
            let scored =
                definition.position(definition.score()).and_then(|at| definition.step(at)).and_then(Step::kind);
            self.unless(scored.and_then(Kind::range).is_some(), Code::Score, &Path::Field(&at("score"), "step"));
        }
    }

    fn step(&mut self, nth: usize) {
        let definition = self.definition;
        let Some(step) = definition.step(nth) else { return };
        let steps = Path::Field(&Path::Root, "steps");
        let here = &Path::Item(&steps, nth);
        let at = |key| Path::Field(here, key);
        self.shape(step.0, STEP, here);
        self.unless(is_id(step.id()) && step.id() != END, Code::Id, &at("id"));
        self.unless(definition.position(step.id()) == Some(nth), Code::Duplicate, &at("id"));
        match step.ask() {
            "ces" => {
                self.unless(step.scale().is_some(), Code::Scale, &at("scale"));
                self.unless(step.anchors().is_some(), Code::Anchors, &at("anchors"));
            }
            "text" => self.unless(step.max().is_some(), Code::Max, &at("max")),
            _ => self.unless(step.kind().is_some(), Code::Ask, &at("ask")),
        }
        self.text(step.0.get("text"), &at("text"));
        let next = at("next");
        for (nth, branch) in definition.branches(nth).iter().enumerate() {
            let way = &Path::Item(&next, nth);
            self.unless(definition.target(branch.get("go").text()).is_some(), Code::Target, &Path::Field(way, "go"));
            let when = branch.get("if");
            if !when.is_null() {
                condition::check(definition, when, &Path::Field(way, "if"), 0, &mut self.problems);
            }
        }
    }

    fn text(&mut self, texts: &Tree, path: &Path<'_>) {
        let fallback = self.definition.fallback();
        let there = !texts.get(fallback).text().trim_ascii().is_empty();
        self.unless(there, Code::Text, &Path::Field(path, fallback));
    }

    fn ways(&mut self) {
        let definition = self.definition;
        let steps = Path::Field(&Path::Root, "steps");
        let reached = definition.reach(definition.first().into_iter().collect(), |_| true);
        for nth in 0..definition.len() {
            let here = &Path::Item(&steps, nth);
            self.unless(reached.get(nth) == Some(&true), Code::Unreachable, here);
            // A message that leads back to itself by messages alone would never end and never ask.
            let silent = |step: Step<'_>| step.kind() == Some(Kind::Info);
            let again = definition.step(nth).is_some_and(silent)
                && definition.reach(definition.followers(nth), silent).get(nth) == Some(&true);
            self.unless(!again, Code::Cycle, &Path::Field(here, "next"));
        }
    }
}

fn same(one: &Tree, other: &Tree) -> bool {
    std::mem::discriminant(one) == std::mem::discriminant(other)
}

fn is_id(id: &str) -> bool {
    (1..=40).contains(&id.len()) && id.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
}
