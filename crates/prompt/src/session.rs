//! One shopper with one prompt: the flow, what it is called, and whether it is over.

use polku_core::json::Writer;
use polku_core::privacy::scrub_short;
use polku_core::prompt::{Answer, Flow, Kind, Record};

use crate::event;

/// One prompt, from opening until it is forgotten.
pub(crate) struct Session {
    pub(crate) flow: Flow,
    /// The language of the questions.
    pub(crate) lang: String,
    /// Submission id.
    sub: String,
    /// `closed` has left: nothing else does.
    over: bool,
}

impl Session {
    /// Starts at the first step.
    pub(crate) fn new(flow: Flow, sub: String, lang: &str) -> Self {
        let lang = flow.definition().locale(lang).to_owned();
        Self { flow, lang, sub, over: false }
    }

    /// Takes an answer, or a skip; the events that must leave, as a JSON list.
    pub(crate) fn answer(&mut self, value: Option<&str>) -> String {
        let Some((step, kind)) = self.flow.current() else { return String::new() };
        let step = step.id().to_owned();
        let answer = value.map_or(Answer::Skipped, |value| understood(kind, value));
        let Ok(records) = self.flow.answer(&step, answer) else { return String::new() };
        let mut json = Writer::default();
        json.raw("[");
        for record in &records {
            json.comma();
            event::answer(&mut json, "type", "answer", &self.sub, record);
        }
        // Said at once: nobody waits with leaving the page until they have closed a thank-you.
        if self.flow.is_complete() && !self.over {
            self.over = true;
            json.comma();
            event::closed(&mut json, &self.sub, "completed", false);
        }
        json.raw("]");
        json.into_string()
    }

    /// Goes to the step before.
    pub(crate) fn back(&mut self) {
        self.flow.back();
    }

    /// The `data` of the answer's event, as the shopper may read it before sending.
    pub(crate) fn preview(&self, value: &str) -> String {
        let mut json = Writer::default();
        if let Some((step, kind)) = self.flow.current() {
            let answer = understood(kind, value);
            if !answer.is_empty() {
                let rev = self.flow.next_rev(step.id());
                let record = Record { step: step.id().to_owned(), rev, ask: step.ask().to_owned(), answer };
                event::answer(&mut json, "prompt", self.flow.definition().id(), &self.sub, &record);
            }
        }
        json.into_string()
    }

    /// Ends it, once.
    pub(crate) fn close(&mut self, reason: &str) -> String {
        let mut json = Writer::default();
        if !self.over {
            self.over = true;
            let partial = self.flow.has_answers() && !self.flow.is_complete();
            event::closed(&mut json, &self.sub, event::reason(reason), partial);
        }
        json.into_string()
    }
}

/// What a field's value means to the step; text is scrubbed here, and nothing else of it leaves.
fn understood(kind: Kind, value: &str) -> Answer {
    let Kind::Text { max } = kind else {
        return value.parse().map_or(Answer::Skipped, Answer::Score);
    };
    let mut text = scrub_short(value.trim_ascii());
    // A mask can be longer than what it hides.
    if let Some((end, _)) = text.char_indices().nth(usize::from(max)) {
        text.truncate(end);
    }
    Answer::Text(text)
}
