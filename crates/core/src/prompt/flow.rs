//! One shopper's way through a prompt: the current step, the answers, Back and Skip. No panics, whatever is clicked.

use super::{Definition, Kind, Step, condition};

/// A path this long is a shopper going in circles: the flow ends and thanks.
const LONGEST_PATH: usize = 200;

/// What the shopper said to one step.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub enum Answer {
    /// A point of a scale.
    Score(u8),
    /// Words; scrubbed by the caller before they come here.
    Text(String),
    /// Nothing, on purpose. Also what replaces an answer that is no longer on the path.
    Skipped,
}

impl Answer {
    /// Whether it says nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Score(_) => false,
            Self::Text(text) => text.trim_ascii().is_empty(),
            Self::Skipped => true,
        }
    }
}

/// One answer as it leaves: of several with the same step the highest `rev` counts.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Record {
    /// The step's id.
    pub step: String,
    /// Counts from 1 with every answer to this step.
    pub rev: u32,
    /// What the step asked: `nps`, `text`, ….
    pub ask: String,
    /// What was answered.
    pub answer: Answer,
}

/// Why an answer was not taken; the flow has not moved.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub enum Refused {
    /// It answers a step that is not the current one: a late click.
    Stale,
    /// The step needs an answer and got none.
    Empty,
    /// The answer does not fit the step: a score off the scale, a text too long, the wrong kind.
    Unfit,
}

/// The state machine. It always stands on a step of the definition, or at the end.
#[derive(Clone)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Flow {
    definition: Definition,
    /// The steps that were passed to come here, oldest first.
    path: Vec<usize>,
    at: Option<usize>,
    /// What counts now, by place of the step.
    answers: Vec<Option<Answer>>,
    revs: Vec<u32>,
}

impl Flow {
    /// Starts at the definition's first step.
    #[must_use]
    pub fn new(definition: Definition) -> Self {
        let steps = definition.len();
        let at = definition.first();
        Self { definition, path: Vec::new(), at, answers: vec![None; steps], revs: vec![0; steps] }
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

    /// The `rev` that the next answer to a step would get.
    #[must_use]
    pub fn next_rev(&self, step: &str) -> u32 {
        self.definition.position(step).and_then(|at| self.revs.get(at)).map_or(1, |rev| rev.saturating_add(1))
    }

    /// Takes an answer to the current step and moves on. An empty text is a skip. A message takes any answer and keeps none.
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
        let optional = current.is_optional();
        let answer = match (kind, answer) {
            (Kind::Info, _) => return Ok(self.leave(at, Vec::new())),
            (_, Answer::Skipped) if optional => Answer::Skipped,
            (_, Answer::Skipped) => return Err(Refused::Empty),
            (Kind::Text { .. }, Answer::Text(text)) if text.trim_ascii().is_empty() => {
                return self.answer(step, Answer::Skipped);
            }
            (Kind::Text { max }, Answer::Text(text)) if length(&text) <= usize::from(max) => Answer::Text(text),
            (kind, Answer::Score(score)) if kind.range().is_some_and(|(low, high)| (low..=high).contains(&score)) => {
                Answer::Score(score)
            }
            _ => return Err(Refused::Unfit),
        };
        let mut records = Vec::new();
        self.record(at, Some(answer), &mut records);
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

    /// Whether the score is a bad one; without a named score, the first scale that was answered.
    #[must_use]
    pub fn is_low(&self) -> bool {
        let score = self.definition.score();
        for (at, answer) in self.answers.iter().enumerate() {
            if let (Some(step), Some(Answer::Score(given))) = (self.definition.step(at), answer)
                && (score.is_empty() || score == step.id())
            {
                return step.kind().is_some_and(|kind| kind.is_low(*given));
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
            if answered && !counts.get(ghost).is_some_and(|counts| *counts) {
                self.record(ghost, None, &mut records);
            }
        }
        records
    }

    fn record(&mut self, at: usize, answer: Option<Answer>, records: &mut Vec<Record>) {
        let (Some(rev), Some(kept), Some(step)) =
            (self.revs.get_mut(at), self.answers.get_mut(at), self.definition.step(at))
        else {
            return;
        };
        *rev = rev.saturating_add(1);
        let (step, ask) = (step.id().to_owned(), step.ask().to_owned());
        records.push(Record { step, rev: *rev, ask, answer: answer.clone().unwrap_or(Answer::Skipped) });
        *kept = answer;
    }

    /// Where the answers lead from a step: to the first branch that holds, else to the step below. `None` is the end.
    fn after(&self, at: usize) -> Option<usize> {
        let answer = |step: &str| self.answer_to(step);
        let mut to = Some(at + 1);
        for branch in self.definition.branches(at) {
            let when = branch.get("if");
            if when.is_null() || condition::holds(when, &answer) {
                to = self.definition.target(branch.get("go").text());
                break;
            }
        }
        to.filter(|to| *to < self.definition.len())
    }

    /// The steps whose answers count: those passed, and those that the answers given earlier (before Back) still lead to.
    fn ahead(&self) -> Vec<bool> {
        let mut counts = vec![false; self.answers.len()];
        for passed in &self.path {
            if let Some(mark) = counts.get_mut(*passed) {
                *mark = true;
            }
        }
        let mut next = self.at;
        while let Some(at) = next {
            match counts.get_mut(at) {
                Some(mark) if !*mark => *mark = true,
                _ => break,
            }
            let silent = self.definition.step(at).and_then(Step::kind) == Some(Kind::Info);
            if !silent && self.answers.get(at).is_none_or(Option::is_none) {
                break;
            }
            next = self.after(at);
        }
        counts
    }
}

/// Characters of a text. By hand: the standard count is made for long texts, and longer itself.
#[must_use]
pub fn length(text: &str) -> usize {
    text.bytes().filter(|byte| byte & 0b1100_0000 != 0b1000_0000).count()
}
