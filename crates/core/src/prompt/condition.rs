//! Conditions over answers: what decides between the branches of a step.

use super::Answer;

/// A condition, written `{"lte": ["q1", 6]}`, `{"answered": "q1"}`, `{"all": […]}`.
///
/// A comparison is about an answer: over a step that was skipped or not reached it is false, `ne` included.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub enum Condition {
    /// The answer is this.
    Eq(String, Value),
    /// There is an answer, and it is not this.
    Ne(String, Value),
    /// The answer is one of these.
    In(String, Vec<Value>),
    /// The score is below.
    Lt(String, i32),
    /// The score is at most.
    Lte(String, i32),
    /// The score is above.
    Gt(String, i32),
    /// The score is at least.
    Gte(String, i32),
    /// The step has an answer.
    Answered(String),
    /// The shopper skipped the step.
    Skipped(String),
    /// Every one holds; true when empty.
    All(Vec<Self>),
    /// At least one holds; false when empty.
    Any(Vec<Self>),
    /// It does not hold.
    Not(Box<Self>),
}

/// What an answer is compared with.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub enum Value {
    /// A score.
    Number(i32),
    /// A text.
    Text(String),
}

impl Condition {
    /// Whether it holds, given what was answered.
    pub fn holds<'a>(&self, answer: &dyn Fn(&str) -> Option<&'a Answer>) -> bool {
        let score = |step: &str| match answer(step) {
            Some(Answer::Score(score)) => Some(i32::from(*score)),
            _ => None,
        };
        match self {
            Self::Eq(step, value) => answer(step).is_some_and(|given| value.is(given)),
            Self::Ne(step, value) => answer(step).is_some_and(|given| *given != Answer::Skipped && !value.is(given)),
            Self::In(step, values) => answer(step).is_some_and(|given| values.iter().any(|value| value.is(given))),
            Self::Lt(step, than) => score(step).is_some_and(|score| score < *than),
            Self::Lte(step, than) => score(step).is_some_and(|score| score <= *than),
            Self::Gt(step, than) => score(step).is_some_and(|score| score > *than),
            Self::Gte(step, than) => score(step).is_some_and(|score| score >= *than),
            Self::Answered(step) => answer(step).is_some_and(|given| *given != Answer::Skipped),
            Self::Skipped(step) => answer(step) == Some(&Answer::Skipped),
            Self::All(all) => all.iter().all(|condition| condition.holds(answer)),
            Self::Any(any) => any.iter().any(|condition| condition.holds(answer)),
            Self::Not(not) => !not.holds(answer),
        }
    }
}

impl Value {
    fn is(&self, answer: &Answer) -> bool {
        match (self, answer) {
            (Self::Number(number), Answer::Score(score)) => *number == i32::from(*score),
            (Self::Text(text), Answer::Text(given)) => text == given,
            _ => false,
        }
    }
}
