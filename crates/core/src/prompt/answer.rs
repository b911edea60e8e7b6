//! What a shopper says to a step.

use super::{Kind, LONGEST_TEXT, Step};
use crate::words::{parts, place};

/// What the shopper said to one step.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub enum Answer {
    /// A point of a scale.
    Score(u8),
    /// Words; scrubbed by the caller before they come here.
    Text(String),
    /// What was chosen.
    Choice {
        /// By id, in the order of the definition, with commas between them.
        ids: String,
        /// What was written beside `other`; scrubbed like any text. Empty where nothing was.
        words: String,
    },
    /// Nothing, on purpose. Also what replaces an answer that is no longer on the path.
    Skipped,
}

/// Why an answer was not taken; the flow has not moved.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub enum Refused {
    /// It answers a step that is not the current one: a late click.
    Stale,
    /// The step needs an answer and got none.
    Empty,
    /// The answer does not fit the step: a score off the scale, a text too long, a choice that is not there, the wrong kind.
    Unfit,
}

impl Answer {
    /// Whether it says nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Score(_) => false,
            Self::Text(text) => text.trim_ascii().is_empty(),
            Self::Choice { ids, .. } => ids.is_empty(),
            Self::Skipped => true,
        }
    }

    /// The answer as the step takes it.
    ///
    /// # Errors
    /// When it says nothing and the step must be answered, or when it does not fit.
    pub(super) fn fitting(self, step: Step<'_>, kind: Kind) -> Result<Self, Refused> {
        if self.is_empty() {
            return if step.is_optional() { Ok(Self::Skipped) } else { Err(Refused::Empty) };
        }
        match (kind, self) {
            (Kind::Scale { low, high }, Self::Score(score)) if (low..=high).contains(&score) => Ok(Self::Score(score)),
            (Kind::Text { max }, Self::Text(text)) if length(&text) <= usize::from(max) => Ok(Self::Text(text)),
            (Kind::Choice { least, most }, Self::Choice { ids, words })
                if length(&words) <= usize::from(LONGEST_TEXT) =>
            {
                chosen(step, &ids, words, (least.into(), most.into())).ok_or(Refused::Unfit)
            }
            _ => Err(Refused::Unfit),
        }
    }
}

fn chosen(step: Step<'_>, wanted: &str, words: String, (least, most): (usize, usize)) -> Option<Answer> {
    let (mut ids, mut count, mut other, mut alone) = (String::new(), 0, false, false);
    for choice in step.choices() {
        if is_among(choice.id, wanted) {
            if count > 0 {
                ids.push(',');
            }
            ids.push_str(choice.id);
            count += 1;
            other |= choice.is_other();
            alone |= choice.is_none();
        }
    }
    let known = parts(wanted, b',').all(|id| is_among(id, &ids));
    let fits = if alone { count == 1 } else { least <= count && count <= most };
    (known && fits).then(|| Answer::Choice { ids, words: if other { words } else { String::new() } })
}

/// Whether an id is among some with commas between them.
#[must_use]
pub fn is_among(id: &str, ids: &str) -> bool {
    place(ids, b',', id).is_some()
}

/// Characters of a text. By hand: the standard count is made for long texts, and longer itself.
#[must_use]
pub fn length(text: &str) -> usize {
    text.bytes().filter(|byte| byte & 0b1100_0000 != 0b1000_0000).count()
}
