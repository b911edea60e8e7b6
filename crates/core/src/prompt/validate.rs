//! Reads a definition as a strict colleague would: every mistake with its place, none silently mended.

use super::graph::END;
use super::{Code, Condition, Definition, Kind, MOST_STEPS, Problem, Step, Texts, Value};

const DEEPEST: usize = 8;

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
    fn add(&mut self, code: Code, path: &str) {
        self.problems.push(Problem {
            code,
            path: path.to_owned(),
        });
    }

    fn head(&mut self) {
        let definition = self.definition;
        if definition.v != 1 {
            self.add(Code::Version, "v");
        }
        if !is_id(&definition.id) {
            self.add(Code::Id, "id");
        }
        if !definition.locales.is_empty() && !definition.locales.iter().any(|locale| locale == definition.fallback()) {
            self.add(Code::Locale, "defaultLocale");
        }
        if definition.steps.is_empty() || definition.steps.len() > MOST_STEPS {
            self.add(Code::Steps, "steps");
        } else if definition.first().is_none() {
            self.add(Code::Start, "start");
        }
        if !definition.end.thanks.is_empty() {
            self.text(&definition.end.thanks, "end.thanks");
        }
        if let Some(score) = &definition.score {
            let kind = definition
                .position(&score.step)
                .and_then(|at| definition.steps.get(at))
                .and_then(Step::kind);
            if kind.and_then(Kind::range).is_none() {
                self.add(Code::Score, "score.step");
            }
        }
    }

    fn step(&mut self, at: usize) {
        let definition = self.definition;
        let Some(step) = definition.steps.get(at) else { return };
        let here = indexed("steps", at);
        let field = |name: &str| joined(&here, name);
        if !is_id(&step.id) || step.id == END {
            self.add(Code::Id, &field("id"));
        } else if definition.position(&step.id) != Some(at) {
            self.add(Code::Duplicate, &field("id"));
        }
        if step.kind().is_none() {
            let (code, name) = match step.ask.as_str() {
                "ces" if step.points().is_none() => (Code::Scale, "scale"),
                "ces" => (Code::Anchors, "anchors"),
                "text" => (Code::Max, "max"),
                _ => (Code::Ask, "ask"),
            };
            self.add(code, &field(name));
        }
        self.text(&step.text, &field("text"));
        for (nth, branch) in step.next.iter().enumerate() {
            let way = indexed(&field("next"), nth);
            if definition.target(&branch.go).is_none() {
                self.add(Code::Target, &joined(&way, "go"));
            }
            if let Some(condition) = &branch.when {
                self.condition(condition, &joined(&way, "if"), 0);
            }
        }
    }

    fn text(&mut self, texts: &Texts, path: &str) {
        let fallback = self.definition.fallback();
        if texts.get(fallback).is_none_or(|text| text.trim().is_empty()) {
            self.add(Code::Text, &joined(path, fallback));
        }
    }

    fn condition(&mut self, condition: &Condition, path: &str, depth: usize) {
        if depth > DEEPEST {
            return self.add(Code::Depth, path);
        }
        // What must the named step answer for the condition to make sense?
        let (step, fits): (&str, fn(Kind, &Condition) -> bool) = match condition {
            Condition::Eq(step, _) | Condition::Ne(step, _) | Condition::In(step, _) => (step, comparable),
            Condition::Lt(step, _) | Condition::Lte(step, _) | Condition::Gt(step, _) | Condition::Gte(step, _) => {
                (step, |kind, _| kind.range().is_some())
            }
            Condition::Answered(step) | Condition::Skipped(step) => (step, |kind, _| kind.asks()),
            Condition::All(all) => return self.conditions(all, &joined(path, "all"), depth),
            Condition::Any(any) => return self.conditions(any, &joined(path, "any"), depth),
            Condition::Not(not) => return self.condition(not, &joined(path, "not"), depth + 1),
        };
        match self
            .definition
            .position(step)
            .and_then(|at| self.definition.steps.get(at))
        {
            None => self.add(Code::ConditionStep, path),
            Some(step) if step.kind().is_some_and(|kind| !fits(kind, condition)) => self.add(Code::ConditionKind, path),
            Some(_) => {}
        }
    }

    fn conditions(&mut self, conditions: &[Condition], path: &str, depth: usize) {
        for (nth, condition) in conditions.iter().enumerate() {
            self.condition(condition, &indexed(path, nth), depth + 1);
        }
    }

    fn ways(&mut self) {
        for (at, reached) in self.definition.reachable().into_iter().enumerate() {
            if !reached {
                self.add(Code::Unreachable, &indexed("steps", at));
            } else if self.definition.loops_silently(at) {
                self.add(Code::Cycle, &joined(&indexed("steps", at), "next"));
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

fn indexed(path: &str, nth: usize) -> String {
    let mut path = path.to_owned();
    path.push('[');
    path.push_str(&nth.to_string());
    path.push(']');
    path
}

fn joined(path: &str, name: &str) -> String {
    let mut path = path.to_owned();
    path.push('.');
    path.push_str(name);
    path
}
