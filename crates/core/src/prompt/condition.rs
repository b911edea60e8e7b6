//! Conditions over answers: what decides between the branches of a step.
//!
//! Written `{"lte": ["q1", 6]}`, `{"has": ["why", "price"]}`, `{"answered": "q1"}`, `{"all": […]}`. A comparison is about an
//! answer: over a step that was skipped or not reached it is false, `ne` included.

use super::check::Judge;
use super::glob::matches;
use super::path::Path;
use super::step::Step;
use super::{Answer, Code, Definition, Kind, Tree};

/// Deeper than this nobody can follow.
const DEEPEST: usize = 8;

/// Whether a condition holds, given what was answered.
pub(super) fn holds<'a>(condition: &Tree, answer: &dyn Fn(&str) -> Option<&'a Answer>) -> bool {
    let [(operator, operand)] = condition.fields() else {
        return false;
    };
    match operator.as_str() {
        "all" => return operand.list().iter().all(|inner| holds(inner, answer)),
        "any" => return operand.list().iter().any(|inner| holds(inner, answer)),
        "not" => return !holds(operand, answer),
        "skipped" => return answer(operand.text()) == Some(&Answer::Skipped),
        "answered" => return answer(operand.text()).is_some_and(|given| *given != Answer::Skipped),
        _ => {}
    }
    let [step, bound] = operand.list() else { return false };
    let Some(given) = answer(step.text()).filter(|given| **given != Answer::Skipped) else {
        return false;
    };
    match (operator.as_str(), bound, given) {
        ("eq", ..) => is(bound, given),
        ("ne", ..) => !is(bound, given),
        ("in", ..) => bound.list().iter().any(|value| is(value, given)),
        ("has", ..) => has(bound, given),
        ("hasAny", ..) => bound.list().iter().any(|value| has(value, given)),
        ("matches", Tree::Text(pattern), Answer::Text(words) | Answer::Choice { words, .. }) => matches(pattern, words),
        (operator, Tree::Number(bound), Answer::Score(score)) => {
            let score = i32::from(*score);
            match operator {
                "lt" => score < *bound,
                "lte" => score <= *bound,
                "gt" => score > *bound,
                "gte" => score >= *bound,
                _ => false,
            }
        }
        _ => false,
    }
}

fn is(value: &Tree, given: &Answer) -> bool {
    match (value, given) {
        (Tree::Number(number), Answer::Score(score)) => *number == i32::from(*score),
        (Tree::Text(text), Answer::Text(given)) => text == given,
        (_, Answer::Choice { ids, .. }) => ids.len() == 1 && has(value, given),
        _ => false,
    }
}

fn has(value: &Tree, given: &Answer) -> bool {
    matches!((value, given), (Tree::Text(id), Answer::Choice { ids, .. }) if ids.contains(id))
}

/// Tells the judge what is wrong with a condition.
pub(super) fn check<J: Judge>(judge: &mut J, definition: &Definition, condition: &Tree, path: &Path<'_>, depth: usize) {
    let code = 'wrong: {
        if depth > DEEPEST {
            break 'wrong Code::Depth;
        }
        let [(operator, operand)] = condition.fields() else {
            break 'wrong Code::Shape;
        };
        let path = &Path::Field(path, operator);
        // The step that is asked about, and what its answer is compared with.
        let (step, bounds) = match (operator.as_str(), operand) {
            ("all" | "any", Tree::List(list)) => {
                for (nth, inner) in list.iter().enumerate() {
                    check(judge, definition, inner, &Path::Item(path, nth), depth + 1);
                }
                return;
            }
            ("not", inner) => return check(judge, definition, inner, path, depth + 1),
            ("answered" | "skipped", step) => (step, &[][..]),
            (operator, Tree::List(pair)) => match (operator, pair.as_slice()) {
                ("in" | "hasAny", [step, Tree::List(values)]) => (step, values.as_slice()),
                ("eq" | "ne" | "lt" | "lte" | "gt" | "gte" | "has" | "matches", [step, _]) => {
                    (step, pair.get(1..).unwrap_or_default())
                }
                _ => break 'wrong Code::Shape,
            },
            _ => break 'wrong Code::Shape,
        };
        let Some(step) = definition.position(step.text()).and_then(|at| definition.step(at)) else {
            break 'wrong Code::ConditionStep;
        };
        let Some(kind) = step.kind() else { return }; // said at the step itself
        let mut known = true;
        let mut fits = kind.asks();
        for bound in bounds {
            fits &= comparable(step, kind, operator, bound, &mut known);
        }
        if !fits {
            break 'wrong Code::ConditionKind;
        }
        if known {
            return;
        }
        Code::ConditionChoice
    };
    judge.wrong(code, path);
}

/// Whether an operator can hold an answer to the step against `bound`; `known` turns false where that is no choice of the step.
fn comparable(step: Step<'_>, kind: Kind, operator: &str, bound: &Tree, known: &mut bool) -> bool {
    let Tree::Text(text) = bound else {
        return matches!((bound, kind), (Tree::Number(_), Kind::Scale { .. }))
            && !matches!(operator, "has" | "hasAny" | "matches");
    };
    match (operator, kind) {
        ("matches", Kind::Text { .. }) => true,
        ("matches", _) => step.choices().into_iter().any(super::step::Choice::is_other),
        ("eq" | "ne" | "in", Kind::Text { .. }) => true,
        ("eq" | "ne" | "in" | "has" | "hasAny", Kind::Choice { .. }) => {
            *known &= step.choice(text).is_some();
            true
        }
        _ => false,
    }
}
