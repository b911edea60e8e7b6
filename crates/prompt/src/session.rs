//! One shopper with one prompt: the flow, what it is called, and whether it is over.

use polku_core::json::Writer;
use polku_core::prompt::{Answer, Flow, Kind, Record, length};
use polku_core::scrub::scrub_text;

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
    pub(crate) fn new(flow: Flow, sub: String, lang: String) -> Self {
        Self { flow, lang, sub, over: false }
    }

    /// Takes an answer, or a skip; the events that must leave, as a JSON list.
    pub(crate) fn answer(&mut self, value: &str) -> String {
        let mut json = Writer::default();
        if let Some((step, kind)) = self.flow.current() {
            let step = step.id().to_owned();
            if let Ok(records) = self.flow.answer(&step, understood(kind, value)) {
                json.raw("[");
                for record in &records {
                    json.comma();
                    event::answer(&mut json, "type", "answer", &self.sub, record);
                }
                // Said at once: nobody waits with leaving the page until they have closed a thank-you.
                if self.flow.is_complete() {
                    self.over = true;
                    json.comma();
                    event::closed(&mut json, &self.sub, "completed", false);
                }
                json.raw("]");
            }
        }
        json.into_string()
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
    match kind {
        Kind::Text { max } => {
            let mut text = scrub_text(value.trim_ascii());
            // A mask can be longer than what it hides. What is cut short is looked at once more: it may be another number now.
            while length(&text) > usize::from(max) {
                cut(&mut text, max);
                text = scrub_text(&text);
            }
            Answer::Text(text)
        }
        _ => match value.as_bytes() {
            [point] => Answer::Score(point.wrapping_sub(b'0')),
            b"10" => Answer::Score(10),
            _ => Answer::Skipped,
        },
    }
}

fn cut(text: &mut String, max: u16) {
    while length(text) > usize::from(max) {
        text.pop();
    }
}

#[cfg(test)]
mod tests {
    use polku_core::prompt::{Definition, Tree};
    use serde_json::{Value, json};

    use super::*;
    use crate::view;

    fn session(lang: &str) -> Session {
        let all: Vec<Tree> = serde_json::from_str(include_str!("../../../www/shop/prompts.json")).expect("JSON");
        let demo =
            all.into_iter().next().map(Definition::new).and_then(Result::ok).expect("the demo's definition is right");
        Session::new(Flow::new(demo), "s1".to_owned(), lang.to_owned())
    }

    fn parsed(json: &str) -> Value {
        serde_json::from_str(json).expect(json)
    }

    #[test]
    fn a_walk_as_the_seam_sees_it() {
        let mut session = session("fi");
        let view = parsed(&view::write(&session));
        assert_eq!(
            (&view["id"], &view["nth"], &view["of"], &view["high"]),
            (&json!("nps"), &json!(1), &json!(2), &json!(10))
        );
        assert_eq!((&view["back"], &view["skip"], &view["words"]), (&json!(false), &json!(false), &json!("nps")));
        assert_eq!(session.preview(""), "");
        assert_eq!(session.answer(""), "", "this one must be answered");
        assert_eq!(
            parsed(&session.preview("3")),
            json!({"prompt": "order-nps", "sub": "s1", "step": "nps", "rev": 1, "ask": "nps", "score": 3})
        );
        assert_eq!(
            parsed(&session.answer("3")),
            json!([{"type": "answer", "sub": "s1", "step": "nps", "rev": 1, "ask": "nps", "score": 3}])
        );
        let view = parsed(&view::write(&session));
        assert_eq!((&view["id"], &view["max"], &view["turns"][0]["score"]), (&json!("mend"), &json!(500), &json!(3)));
        assert_eq!(
            parsed(&session.answer(" Soita 040 123 4567 \"heti\" ")),
            json!([
                {"type": "answer", "sub": "s1", "step": "mend", "rev": 1, "ask": "text", "text": "Soita [phone] \"heti\""},
                {"type": "closed", "sub": "s1", "reason": "completed", "partial": false}
            ])
        );
        let view = parsed(&view::write(&session));
        assert_eq!((&view["low"], &view["answered"]), (&json!(true), &json!(true)));
        assert_eq!(session.close("dismissed"), "", "said already");
    }

    #[test]
    fn closing_says_why_and_whether_something_was_answered() {
        assert_eq!(
            parsed(&session("en").close("snoozed")),
            json!({"type": "closed", "sub": "s1", "reason": "snoozed", "partial": false})
        );
        let mut session = session("en");
        session.answer("10");
        let closed = session.close("for no reason");
        assert_eq!(parsed(&closed), json!({"type": "closed", "sub": "s1", "reason": "dismissed", "partial": true}));
        assert_eq!(session.close("snoozed"), "");
    }

    #[test]
    fn a_mask_never_makes_a_text_too_long() {
        let text = "a@example.fi ".repeat(500);
        let Answer::Text(scrubbed) = understood(Kind::Text { max: 500 }, &text) else { panic!("a text") };
        assert_eq!(length(&scrubbed), 500);
    }
}
