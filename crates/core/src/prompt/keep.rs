//! A flow as one line of text, and back: so that it goes on where it was on the next page.

use super::flow::LONGEST_PATH;
use super::graph::END;
use super::{Answer, Definition, Flow, Tree};
use crate::json::Writer;

impl Flow {
    /// The flow as one line, from which [`Flow::resume`] makes the same one.
    #[must_use]
    pub fn keep(&self) -> String {
        let mut json = Writer::default();
        json.raw("{");
        json.word_member("id", self.definition.id());
        json.number_member("version", self.definition.version() as u64);
        json.word_member("at", self.current().map_or(END, |(step, _)| step.id()));
        json.key("path");
        json.raw("[");
        for (step, _) in self.passed() {
            json.comma();
            json.escaped(step.id());
        }
        json.raw("]");
        json.key("answers");
        json.raw("[");
        for at in 0..self.definition.len() {
            let (Some(step), Some(rev), Some(answer)) =
                (self.definition.step(at), self.revs.get(at), self.answers.get(at))
            else {
                continue;
            };
            if *rev > 0 {
                json.comma();
                json.raw("[");
                json.escaped(step.id());
                json.comma();
                json.number(u64::from(*rev));
                json.comma();
                write(&mut json, answer.as_ref());
                json.raw("]");
            }
        }
        json.raw("]}");
        json.into_string()
    }

    /// The flow that was kept. It begins anew where `kept` is damaged, or is of another prompt or another version of it.
    #[must_use]
    pub fn resume(definition: Definition, kept: &str) -> Self {
        let mut flow = Self::new(definition);
        let fresh = flow.clone();
        if flow.recall(kept).is_some() { flow } else { fresh }
    }

    fn recall(&mut self, kept: &str) -> Option<()> {
        let kept = Tree::read(kept)?;
        let same = kept.get("id").text() == self.definition.id()
            && kept.get("version").number() == Some(self.definition.version());
        if !same || kept.get("path").list().len() > LONGEST_PATH {
            return None;
        }
        for step in kept.get("path").list() {
            self.path.push(self.definition.position(step.text())?);
        }
        self.at = Some(self.definition.target(kept.get("at").text())?).filter(|at| *at < self.definition.len());
        for said in kept.get("answers").list() {
            let [step, Tree::Number(rev), answer] = said.list() else { return None };
            let at = self.definition.position(step.text())?;
            let step = self.definition.step(at)?;
            // An answer that the step would not take was not given to it.
            let answer = match read(answer)? {
                Some(answer) => Some(answer.fitting(step, step.kind()?).ok()?),
                None => None,
            };
            *self.answers.get_mut(at)? = answer;
            *self.revs.get_mut(at)? = u32::try_from(*rev).ok()?;
        }
        Some(())
    }
}

/// A number is a score, `true` a skip, a list what was chosen with the words beside it at its end, `null` an answer that no longer counts.
fn write(json: &mut Writer, answer: Option<&Answer>) {
    match answer {
        Some(Answer::Score(score)) => json.number(u64::from(*score)),
        Some(Answer::Text(text)) => json.escaped(text),
        Some(Answer::Choice { ids, words }) => {
            json.raw("[");
            for id in ids {
                json.escaped(id);
                json.raw(",");
            }
            json.escaped(words);
            json.raw("]");
        }
        Some(Answer::Skipped) => json.raw("true"),
        None => json.raw("null"),
    }
}

fn read(answer: &Tree) -> Option<Option<Answer>> {
    Some(Some(match answer {
        Tree::Number(score) => Answer::Score(u8::try_from(*score).ok()?),
        Tree::Text(text) => Answer::Text(text.clone()),
        Tree::List(list) => {
            let (words, ids) = list.split_last()?;
            Answer::Choice { ids: ids.iter().map(|id| id.text().to_owned()).collect(), words: words.text().to_owned() }
        }
        Tree::Bool(true) => Answer::Skipped,
        Tree::Null => return Some(None),
        _ => return None,
    }))
}
