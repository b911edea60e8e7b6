//! A flow as one line of text, and back: so that it goes on where it was on the next page. The line says what the shopper did, and whoever does it
//! again stands where they stood: nothing else has to be written down, nor believed.

use super::{Answer, Definition, Flow, Tree};
use crate::json::Writer;

/// A line that is longer is not kept: somebody plays.
const LONGEST: usize = 32 * 1024;

impl Flow {
    /// The flow as one line, from which [`Flow::resume`] makes the same one.
    #[must_use]
    pub fn keep(&self) -> String {
        let mut json = Writer::default();
        json.raw("[");
        json.escaped(self.definition.id());
        json.comma();
        json.number(self.definition.version() as u64);
        json.raw(self.done.as_str());
        json.raw("]");
        if json.as_str().len() > LONGEST { String::new() } else { json.into_string() }
    }

    /// The flow that was kept. It begins anew where `kept` is damaged, or is of another prompt or another version of it.
    #[must_use]
    pub fn resume(definition: Definition, kept: &Tree) -> Self {
        let mut flow = Self::new(definition);
        if flow.again(kept).is_none() {
            flow.restart();
        }
        flow
    }

    fn again(&mut self, kept: &Tree) -> Option<()> {
        let [id, version, deeds @ ..] = kept.list() else { return None };
        if id.text() != self.definition.id() || version.number() != Some(self.definition.version()) {
            return None;
        }
        for deed in deeds {
            let step = self.current()?.0.id().to_owned();
            let answer = match deed {
                Tree::Null if self.back() => continue,
                Tree::Number(score) => Answer::Score(u8::try_from(*score).ok()?),
                Tree::Text(text) => Answer::Text(text.clone()),
                Tree::List(list) => match list.as_slice() {
                    [ids, words] => Answer::Choice { ids: ids.text().to_owned(), words: words.text().to_owned() },
                    _ => return None,
                },
                Tree::Bool(_) => Answer::Skipped,
                _ => return None,
            };
            self.answer(&step, answer).ok()?;
        }
        Some(())
    }

    /// Remembers what was done: a number is a score, `true` a skip, a list what was chosen and the words beside it, `null` a step back.
    pub(super) fn remember(&mut self, deed: Option<&Answer>) {
        let json = &mut self.done;
        json.raw(",");
        match deed {
            Some(Answer::Score(score)) => json.number(u64::from(*score)),
            Some(Answer::Text(text)) => json.escaped(text),
            Some(Answer::Choice { ids, words }) => {
                json.raw("[");
                json.escaped(ids);
                json.comma();
                json.escaped(words);
                json.raw("]");
            }
            Some(Answer::Skipped) => json.raw("true"),
            None => json.raw("null"),
        }
    }
}
