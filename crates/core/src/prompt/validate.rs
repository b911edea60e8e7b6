//! Reads a definition as a strict colleague would: every mistake with its place, none silently mended.

use super::graph::END;
use super::tree::Path;
use super::{Code, Condition, Definition, Kind, MOST_STEPS, Problem, Texts, Value};

/// Everything that is wrong with a definition, in the order of its text; empty when it can be run.
#[must_use]
pub fn validate(definition: &Definition) -> Vec<Problem> {
    let mut check = Check {
        definition,
        problems: Vec::new(),
    };
    check.head();
    for at in 0..definition.steps.len().min(MOST_STEPS) {
        check.step(at);
    }
    // Reachability only means something once every way leads somewhere.
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
    fn add(&mut self, code: Code, path: &Path<'_>) {
        self.problems.push(path.problem(code));
    }

    fn head(&mut self) {
        let definition = self.definition;
        let root = &Path::Root;
        if definition.v != 1 {
            self.add(Code::Version, &Path::Field(root, "v"));
        }
        if !is_id(&definition.id) {
            self.add(Code::Id, &Path::Field(root, "id"));
        }
        if !definition.locales.is_empty() && !definition.locales.iter().any(|locale| locale == definition.fallback()) {
            self.add(Code::Locale, &Path::Field(root, "defaultLocale"));
        }
        if definition.steps.is_empty() || definition.steps.len() > MOST_STEPS {
            self.add(Code::Steps, &Path::Field(root, "steps"));
        } else if definition.first().is_none() {
            self.add(Code::Start, &Path::Field(root, "start"));
        }
        if !definition.thanks.is_empty() {
            self.text(&definition.thanks, &Path::Field(&Path::Field(root, "end"), "thanks"));
        }
        if let Some(score) = &definition.score
            && self.kind(score).and_then(Kind::range).is_none()
        {
            self.add(Code::Score, &Path::Field(&Path::Field(root, "score"), "step"));
        }
    }

    fn step(&mut self, at: usize) {
        let definition = self.definition;
        let Some(step) = definition.steps.get(at) else { return };
        let steps = Path::Field(&Path::Root, "steps");
        let here = &Path::Item(&steps, at);
        if !is_id(&step.id) || step.id == END {
            self.add(Code::Id, &Path::Field(here, "id"));
        } else if definition.position(&step.id) != Some(at) {
            self.add(Code::Duplicate, &Path::Field(here, "id"));
        }
        if step.kind().is_none() {
            let (code, name) = match step.ask.as_str() {
                "ces" if step.points().is_none() => (Code::Scale, "scale"),
                "ces" => (Code::Anchors, "anchors"),
                "text" => (Code::Max, "max"),
                _ => (Code::Ask, "ask"),
            };
            self.add(code, &Path::Field(here, name));
        }
        self.text(&step.text, &Path::Field(here, "text"));
        let next = Path::Field(here, "next");
        for (nth, branch) in step.next.iter().enumerate() {
            let way = &Path::Item(&next, nth);
            if definition.target(&branch.go).is_none() {
                self.add(Code::Target, &Path::Field(way, "go"));
            }
            if let Some(condition) = &branch.when {
                self.condition(condition, &Path::Field(way, "if"));
            }
        }
    }

    fn text(&mut self, texts: &Texts, path: &Path<'_>) {
        let fallback = self.definition.fallback();
        if !texts
            .iter()
            .any(|(locale, text)| locale == fallback && !text.trim_ascii().is_empty())
        {
            self.add(Code::Text, &Path::Field(path, fallback));
        }
    }

    fn kind(&self, step: &str) -> Option<Kind> {
        self.definition.steps.get(self.definition.position(step)?)?.kind()
    }

    fn condition(&mut self, condition: &Condition, path: &Path<'_>) {
        // What must the named step answer for the condition to make sense?
        let (step, fits): (&str, fn(Kind, &Condition) -> bool) = match condition {
            Condition::Eq(step, _) | Condition::Ne(step, _) | Condition::In(step, _) => (step, comparable),
            Condition::Lt(step, _) | Condition::Lte(step, _) | Condition::Gt(step, _) | Condition::Gte(step, _) => {
                (step, |kind, _| kind.range().is_some())
            }
            Condition::Answered(step) | Condition::Skipped(step) => (step, |kind, _| kind.asks()),
            Condition::All(all) => return self.conditions(all, &Path::Field(path, "all")),
            Condition::Any(any) => return self.conditions(any, &Path::Field(path, "any")),
            Condition::Not(not) => return self.condition(not, &Path::Field(path, "not")),
        };
        if self.definition.position(step).is_none() {
            self.add(Code::ConditionStep, path);
        } else if self.kind(step).is_some_and(|kind| !fits(kind, condition)) {
            self.add(Code::ConditionKind, path);
        }
    }

    fn conditions(&mut self, conditions: &[Condition], path: &Path<'_>) {
        for (nth, condition) in conditions.iter().enumerate() {
            self.condition(condition, &Path::Item(path, nth));
        }
    }

    fn ways(&mut self) {
        let steps = Path::Field(&Path::Root, "steps");
        for (at, reached) in self.definition.reachable().into_iter().enumerate() {
            let here = &Path::Item(&steps, at);
            if !reached {
                self.add(Code::Unreachable, here);
            } else if self.definition.loops_silently(at) {
                self.add(Code::Cycle, &Path::Field(here, "next"));
            }
        }
    }
}

fn comparable(kind: Kind, condition: &Condition) -> bool {
    let fits = |value: &Value| match value {
        Value::Number(_) => kind.range().is_some(),
        Value::Text(_) => matches!(kind, Kind::Text { .. }),
    };
    match condition {
        Condition::Eq(_, value) | Condition::Ne(_, value) => fits(value),
        Condition::In(_, values) => values.iter().all(fits),
        _ => true,
    }
}

fn is_id(id: &str) -> bool {
    (1..=40).contains(&id.len()) && id.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
}
