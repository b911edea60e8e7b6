//! Conditions over answers: what decides between the branches of a step.
//!
//! Written `{"lte": ["q1", 6]}`, `{"in": ["q1", [1, 2]]}`, `{"answered": "q1"}`, `{"all": […]}`. A comparison is about an
//! answer: over a step that was skipped or not reached it is false, `ne` included.

use super::tree::Path;
use super::{Answer, Code, Definition, Kind, Problem, Tree};

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
        _ => false,
    }
}

/// Adds what is wrong with a condition.
pub(super) fn check(
    definition: &Definition,
    condition: &Tree,
    path: &Path<'_>,
    depth: usize,
    problems: &mut Vec<Problem>,
) {
    let code = 'wrong: {
        if depth > DEEPEST {
            break 'wrong Code::Depth;
        }
        let [(operator, operand)] = condition.fields() else {
            break 'wrong Code::Shape;
        };
        let path = &Path::Field(path, operator);
        // The step that is asked about, what it is compared with, and whether only numbers can be.
        let (step, bounds, ordered) = match (operator.as_str(), operand) {
            ("all" | "any", Tree::List(list)) => {
                for (nth, inner) in list.iter().enumerate() {
                    check(definition, inner, &Path::Item(path, nth), depth + 1, problems);
                }
                return;
            }
            ("not", inner) => return check(definition, inner, path, depth + 1, problems),
            ("answered" | "skipped", step) => (step, &[][..], false),
            (operator, Tree::List(pair)) => match (operator, pair.as_slice()) {
                ("in", [step, Tree::List(values)]) => (step, values.as_slice(), false),
                ("eq" | "ne", [step, _]) => (step, pair.get(1..).unwrap_or_default(), false),
                ("lt" | "lte" | "gt" | "gte", [step, _]) => (step, pair.get(1..).unwrap_or_default(), true),
                _ => break 'wrong Code::Shape,
            },
            _ => break 'wrong Code::Shape,
        };
        let Some(step) = definition.position(step.text()).and_then(|at| definition.step(at)) else {
            break 'wrong Code::ConditionStep;
        };
        let Some(kind) = step.kind() else { return }; // said at the step itself
        let fits = |bound: &Tree| match bound {
            Tree::Number(_) => kind.range().is_some(),
            Tree::Text(_) => matches!(kind, Kind::Text { .. }) && !ordered,
            _ => false,
        };
        if kind.asks() && bounds.iter().all(fits) {
            return;
        }
        Code::ConditionKind
    };
    problems.push(path.problem(code));
}
