//! Conditions over answers: what decides between the branches of a step.
//!
//! Written `{"lte": ["q1", 6]}`, `{"has": ["why", "price"]}`, `{"answered": "q1"}`, `{"all": […]}`. A comparison is about an
//! answer: over a step that was skipped or not reached it is false, `ne` included.

use super::answer::is_among;
use super::check::Judge;
use super::glob::matches;
use super::path::Path;
use super::step::{Choice, Step};
use super::{Answer, Code, Definition, Kind, Tree};
use crate::words::place;

/// Deeper than this nobody can follow.
const DEEPEST: usize = 8;

/// The operators: those over conditions, those over a step, those over a step and what its answer is held against.
pub(super) const OPERATORS: &str = "all any not answered skipped in hasAny eq ne has matches lt lte gt gte";

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Operator {
    All,
    Any,
    Not,
    Answered,
    Skipped,
    In,
    HasAny,
    Eq,
    Ne,
    Has,
    Matches,
    Lt,
    Lte,
    Gt,
    Gte,
}

impl Operator {
    const ALL: [Self; 15] = [
        Self::All,
        Self::Any,
        Self::Not,
        Self::Answered,
        Self::Skipped,
        Self::In,
        Self::HasAny,
        Self::Eq,
        Self::Ne,
        Self::Has,
        Self::Matches,
        Self::Lt,
        Self::Lte,
        Self::Gt,
        Self::Gte,
    ];

    fn named(word: &str) -> Option<Self> {
        Self::ALL.get(place(OPERATORS, b' ', word)?).copied()
    }
}

/// Whether a condition holds, given what was answered.
pub(super) fn holds<'a>(condition: &Tree, answer: &dyn Fn(&str) -> Option<&'a Answer>) -> bool {
    let [(word, operand)] = condition.fields() else { return false };
    let Some(operator) = Operator::named(word) else { return false };
    match operator {
        Operator::All => return operand.list().iter().all(|inner| holds(inner, answer)),
        Operator::Any => return operand.list().iter().any(|inner| holds(inner, answer)),
        Operator::Not => return !holds(operand, answer),
        _ => {}
    }
    let (step, bound) = match operand.list() {
        [step, bound] => (step, bound),
        _ => (operand, &Tree::Null),
    };
    match answer(step.text()) {
        None => false,
        Some(Answer::Skipped) => operator == Operator::Skipped,
        Some(given) => match operator {
            Operator::Skipped => false,
            Operator::Answered => true,
            Operator::In | Operator::HasAny => bound.list().iter().any(|value| compared(operator, value, given)),
            _ => compared(operator, bound, given),
        },
    }
}

/// Whether an answer stands to `bound` as the operator says.
fn compared(operator: Operator, bound: &Tree, given: &Answer) -> bool {
    let order = match (bound, given) {
        (Tree::Number(bound), Answer::Score(score)) => i32::from(*score).saturating_sub(*bound),
        (Tree::Text(text), Answer::Text(words)) if operator != Operator::Matches => i32::from(text != words),
        (Tree::Text(id), Answer::Choice { ids, .. }) if operator != Operator::Matches => {
            // Beside others it is among what was chosen, and is not what was.
            let fits = if matches!(operator, Operator::Has | Operator::HasAny) { is_among(id, ids) } else { id == ids };
            i32::from(!fits)
        }
        (Tree::Text(pattern), Answer::Text(words) | Answer::Choice { words, .. }) => {
            i32::from(!matches(pattern, words))
        }
        _ => return operator == Operator::Ne,
    };
    match operator {
        Operator::Ne => order != 0,
        Operator::Lt => order < 0,
        Operator::Lte => order <= 0,
        Operator::Gt => order > 0,
        Operator::Gte => order >= 0,
        _ => order == 0,
    }
}

/// Tells the judge what is wrong with a condition.
pub(super) fn check<J: Judge>(judge: &mut J, definition: &Definition, condition: &Tree, path: &Path<'_>, depth: usize) {
    let code = 'wrong: {
        if depth > DEEPEST {
            break 'wrong Code::Depth;
        }
        let [(word, operand)] = condition.fields() else { break 'wrong Code::Shape };
        let Some(operator) = Operator::named(word) else { break 'wrong Code::Shape };
        let path = &Path::Field(path, word);
        // The step that is asked about, and what its answer is compared with.
        let (step, bounds) = match (operator, operand.list()) {
            (Operator::All | Operator::Any, list) => {
                for (nth, inner) in list.iter().enumerate() {
                    check(judge, definition, inner, &Path::Item(path, nth), depth + 1);
                }
                return judge.unless(matches!(operand, Tree::List(_)), Code::Shape, path);
            }
            (Operator::Not, _) => return check(judge, definition, operand, path, depth + 1),
            (Operator::Answered | Operator::Skipped, _) => (operand, &[][..]),
            (Operator::In | Operator::HasAny, [step, Tree::List(values)]) => (step, values.as_slice()),
            (_, [step, bound]) if operator > Operator::HasAny => (step, std::slice::from_ref(bound)),
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
        match (fits, known) {
            (false, _) => Code::ConditionKind,
            (_, false) => Code::ConditionChoice,
            _ => return,
        }
    };
    judge.wrong(code, path);
}

/// Whether an operator can hold an answer to the step against `bound`; `known` turns false where that is no choice of the step.
fn comparable(step: Step<'_>, kind: Kind, operator: Operator, bound: &Tree, known: &mut bool) -> bool {
    match (bound, kind) {
        (Tree::Number(_), Kind::Scale { .. }) => {
            !matches!(operator, Operator::Has | Operator::HasAny | Operator::Matches)
        }
        (Tree::Text(_), Kind::Text { .. }) => {
            matches!(operator, Operator::Eq | Operator::Ne | Operator::In | Operator::Matches)
        }
        (Tree::Text(_), Kind::Choice { .. }) if operator == Operator::Matches => {
            step.choices().into_iter().any(Choice::is_other)
        }
        (Tree::Text(id), Kind::Choice { .. }) => {
            *known &= step.choice(id).is_some();
            operator < Operator::Lt
        }
        _ => false,
    }
}
