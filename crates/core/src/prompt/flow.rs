//! One shopper's way through a prompt: the current step, the answers, Back and Skip. No panics, whatever is clicked.

use crate::json::Writer;

use super::answer::is_among;
use super::graph::Places;
use super::{Answer, Ask, Definition, Kind, Refused, Step, condition};

/// A path this long is a shopper going in circles: the flow ends and thanks.
const LONGEST_PATH: usize = 200;

/// One answer as it leaves: of several with the same step the highest `rev` counts.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Record {
    /// The step's place in the definition.
    pub step: usize,
    /// Counts from 1 with every answer to this step.
    pub rev: u32,
    /// What was answered.
    pub answer: Answer,
}

/// The state machine. It always stands on a step of the definition, or at the end.
#[derive(Clone)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Flow {
    pub(super) definition: Definition,
    /// The steps that were passed to come here, oldest first.
    path: Vec<usize>,
    at: Option<usize>,
    /// What counts now, by place of the step.
    answers: Vec<Option<Answer>>,
    revs: Vec<u32>,
    /// What the shopper did, a comma before each: see [`Flow::keep`].
    pub(super) done: Writer,
}

impl Flow {
    /// Starts at the definition's first step.
    #[must_use]
    pub fn new(definition: Definition) -> Self {
        let mut flow = Self {
            definition,
            path: Vec::new(),
            at: None,
            answers: Vec::new(),
            revs: Vec::new(),
            done: Writer::default(),
        };
        flow.restart();
        flow
    }

    /// Begins anew.
    pub(super) fn restart(&mut self) {
        self.path.clear();
        self.answers.clear();
        self.revs.clear();
        for _ in 0..self.definition.len() {
            self.answers.push(None);
            self.revs.push(0);
        }
        self.done.truncate(0);
        self.at = self.definition.first().and_then(|first| self.passing(first));
    }

    /// What is asked, as the shop wrote it.
    #[must_use]
    pub fn definition(&self) -> &Definition {
        &self.definition
    }

    /// The step to show with what it asks; `None` at the end.
    #[must_use]
    pub fn current(&self) -> Option<(Step<'_>, Kind)> {
        let step = self.definition.step(self.at?)?;
        Some((step, step.kind()?))
    }

    /// What was answered to a step and still counts.
    #[must_use]
    pub fn answer_to(&self, step: &str) -> Option<&Answer> {
        self.answers.get(self.definition.position(step)?)?.as_ref()
    }

    /// The record that an answer to the current step would leave; `None` where it would leave none.
    #[must_use]
    pub fn preview(&self, answer: Answer) -> Option<Record> {
        let (step, kind) = self.current()?;
        let answer = answer.fitting(step, kind).ok().filter(|answer| *answer != Answer::Skipped)?;
        let rev = self.revs.get(self.at?)?.saturating_add(1);
        Some(Record { step: self.at?, rev, answer })
    }

    /// Takes an answer to the current step and moves on. An answer that says nothing is a skip. A message takes any answer and keeps none.
    ///
    /// What must leave comes back: this answer, then one `Skipped` for each earlier answer that the new one took off the path.
    ///
    /// # Errors
    /// When the answer is not taken; nothing has changed then.
    pub fn answer(&mut self, step: &str, answer: Answer) -> Result<Vec<Record>, Refused> {
        let (Some(at), Some((current, kind))) = (self.at, self.current()) else {
            return Err(Refused::Stale);
        };
        if current.id() != step {
            return Err(Refused::Stale);
        }
        let mut records = Vec::new();
        if kind.asks() {
            let answer = answer.fitting(current, kind)?;
            self.remember(Some(&answer));
            self.record(at, Some(answer), &mut records);
        } else {
            self.remember(Some(&Answer::Skipped));
        }
        Ok(self.leave(at, records))
    }

    /// Skips the current step.
    ///
    /// # Errors
    /// When it is not the current step, or must be answered.
    pub fn skip(&mut self, step: &str) -> Result<Vec<Record>, Refused> {
        self.answer(step, Answer::Skipped)
    }

    /// Goes to the step before; answers stay. False on the first step and at the end, where there is no way back.
    pub fn back(&mut self) -> bool {
        if self.at.is_none() {
            return false;
        }
        let Some(before) = self.path.pop() else { return false };
        self.at = Some(before);
        self.remember(None);
        true
    }

    /// Whether there is a step to go back to.
    #[must_use]
    pub fn can_go_back(&self) -> bool {
        self.at.is_some() && !self.path.is_empty()
    }

    /// Whether the end is reached.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.at.is_none()
    }

    /// Whether anything that counts was answered, skips aside.
    #[must_use]
    pub fn has_answers(&self) -> bool {
        self.answers.iter().flatten().any(|answer| *answer != Answer::Skipped)
    }

    /// The steps that were passed to come here, each with its answer, oldest first. A message has no answer.
    pub fn passed(&self) -> impl Iterator<Item = (Step<'_>, Option<&Answer>)> {
        self.path.iter().filter_map(|at| {
            let step = self.definition.step(*at)?;
            Some((step, self.answers.get(*at)?.as_ref()))
        })
    }

    /// Which question this is, from 1, and how many there are where that is certain.
    #[must_use]
    pub fn progress(&self) -> (usize, Option<usize>) {
        let before = self.passed().filter(|(step, _)| step.kind().is_some_and(Kind::asks)).count();
        (before + 1, self.at.and_then(|at| self.definition.left(at)).map(|left| before + left))
    }

    /// Whether the score is a bad one, where cheerful words would be out of place; without a named score, the first that was given.
    #[must_use]
    pub fn is_low(&self) -> bool {
        let score = self.definition.score();
        for (at, answer) in self.answers.iter().enumerate() {
            if let (Some(step), Some(answer)) = (self.definition.step(at), answer)
                && (score.is_empty() || score == step.id())
                && let Some(low) = is_low(step, answer)
            {
                return low;
            }
        }
        false
    }

    fn leave(&mut self, at: usize, mut records: Vec<Record>) -> Vec<Record> {
        self.path.push(at);
        self.at = self.after(at).filter(|_| self.path.len() < LONGEST_PATH);
        let counts = self.ahead();
        for ghost in 0..self.answers.len() {
            let answered = self.answers.get(ghost).is_some_and(Option::is_some);
            if answered && !counts.has(ghost) {
                self.record(ghost, None, &mut records);
            }
        }
        records
    }

    fn record(&mut self, at: usize, answer: Option<Answer>, records: &mut Vec<Record>) {
        let (Some(rev), Some(kept)) = (self.revs.get_mut(at), self.answers.get_mut(at)) else { return };
        *rev = rev.saturating_add(1);
        records.push(Record { step: at, rev: *rev, answer: answer.clone().unwrap_or(Answer::Skipped) });
        *kept = answer;
    }

    /// Where the answers lead from a step: a chosen choice's own way, else to the first branch that holds, else to the step below. `None` is the end.
    fn after(&self, at: usize) -> Option<usize> {
        let answer = |step: &str| self.answer_to(step);
        self.chosen_way(at)
            .or_else(|| {
                for branch in self.definition.branches(at) {
                    let when = branch.get("if");
                    if when.is_null() || condition::holds(when, &answer) {
                        return self.definition.target(branch.get("go").text());
                    }
                }
                Some(at + 1)
            })
            .and_then(|to| self.passing(to))
    }

    /// The step at `at`, or the next one after conversations that cannot be opened and lead nowhere else. Messages never go in circles.
    fn passing(&self, at: usize) -> Option<usize> {
        let step = self.definition.step(at)?;
        let nothing =
            step.known() == Some(Ask::Chat) && !self.definition.may_chat() && step.0.get("actions").list().is_empty();
        if nothing { self.after(at) } else { Some(at) }
    }

    /// Where the first of what was chosen leads by itself.
    fn chosen_way(&self, at: usize) -> Option<usize> {
        let Some(Some(Answer::Choice { ids, .. })) = self.answers.get(at) else { return None };
        let choices = self.definition.step(at)?.choices();
        choices.iter().filter(|choice| is_among(choice.id, ids)).find_map(|choice| self.definition.target(choice.go()))
    }

    /// The steps whose answers count: those passed, and those that the answers given earlier (before Back) still lead to.
    fn ahead(&self) -> Places {
        let mut counts = Places::default();
        for passed in &self.path {
            counts.put(*passed);
        }
        let mut next = self.at;
        while let Some(at) = next.filter(|at| !counts.has(*at)) {
            counts.put(at);
            let silent = self.definition.kind(at) == Some(Kind::Message);
            if !silent && self.answers.get(at).is_none_or(Option::is_none) {
                break;
            }
            next = self.after(at);
        }
        counts
    }
}

/// Whether an answer is a bad score; `None` where it is no score at all.
fn is_low(step: Step<'_>, answer: &Answer) -> Option<bool> {
    match answer {
        Answer::Score(score) => {
            // Of NPS the detractors, else the lower half: 2 of 5, 3 of 7.
            let (Kind::Scale { low, high }, score) = (step.kind()?, *score) else { return None };
            Some(if low == 0 { score <= 6 } else { score <= high / 2 })
        }
        Answer::Choice { ids, .. } if step.known() == Some(Ask::Thumbs) => Some(is_among("down", ids)),
        _ => None,
    }
}
