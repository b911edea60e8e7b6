//! One shopper with one prompt: the flow, what it is called, and whether it is over.

use polku_core::json::Writer;
use polku_core::prompt::{Answer, Definition, Flow, Kind, Tree};
use polku_core::words;

use crate::event;

/// One prompt, from opening until it is forgotten.
pub(crate) struct Session {
    pub(crate) flow: Flow,
    /// The language of the questions.
    pub(crate) lang: String,
    /// Submission id.
    pub(crate) sub: String,
    /// `closed` has left: nothing else does.
    over: bool,
}

impl Session {
    /// Starts where `kept` says, else at the first step.
    pub(crate) fn new(definition: Definition, sub: String, lang: String, kept: &Tree) -> Self {
        let flow = Flow::resume(definition, kept);
        // Who came to the end has said so.
        let over = flow.is_complete();
        Self { flow, lang, sub, over }
    }

    /// Takes an answer, or a skip; the events that must leave, as a JSON list.
    pub(crate) fn answer(&mut self, value: &str, words: &str, felt: &str) -> String {
        let mut json = Writer::default();
        if let Some((step, kind)) = self.flow.current() {
            let keep = step.keep().is_empty();
            let step = step.id().to_owned();
            let before = self.flow.answer_to(&step).cloned();
            if let Ok(records) = self.flow.answer(&step, understood(kind, value, words, keep)) {
                json.raw("[");
                for record in &records {
                    json.comma();
                    event::answer(&mut json, self.flow.definition(), true, &self.sub, record, felt);
                }
                if before.as_ref() != self.flow.answer_to(&step) {
                    self.offsite(&step, &mut json);
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

    /// What the answer to a step tells of the path outside the shop: where they heard of it, how they thought of it before, and why.
    fn offsite(&self, step: &str, json: &mut Writer) {
        let definition = self.flow.definition();
        let Some(step) = definition.position(step).and_then(|at| definition.step(at)) else { return };
        let Some(Answer::Choice { ids, .. }) = self.flow.answer_to(step.id()) else { return };
        match step.offsite() {
            "" => {}
            "impression" => {
                let feeling = feeling(ids);
                if !feeling.is_empty() {
                    event::offsite(json, &self.sub, "impression", feeling);
                }
            }
            told => {
                // Why they thought so comes with what they thought.
                let thought = (0..definition.len())
                    .filter_map(|at| definition.step(at))
                    .find(|step| told == "source" && step.offsite() == "impression")
                    .and_then(|step| self.flow.answer_to(step.id()));
                let felt = if let Some(Answer::Choice { ids, .. }) = thought { feeling(ids) } else { "" };
                for kind in words::parts(ids, b',') {
                    event::offsite(json, &self.sub, kind, felt);
                }
            }
        }
    }

    /// The `data` of the answer's event, as the shopper may read it before sending.
    pub(crate) fn preview(&self, value: &str, words: &str, felt: &str) -> String {
        let mut json = Writer::default();
        if let Some((step, kind)) = self.flow.current()
            && let Some(record) = self.flow.preview(understood(kind, value, words, step.keep().is_empty()))
        {
            event::answer(&mut json, self.flow.definition(), false, &self.sub, &record, felt);
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

/// `good`, `neutral` or `bad`, where one of them was chosen.
fn feeling(ids: &str) -> &str {
    if matches!(ids, "good" | "neutral" | "bad") { ids } else { "" }
}

/// What stands for words that were written and are not kept.
const WRITTEN: &str = "…";

/// What a field's value means to the step. Words come scrubbed and cut; where they are not kept they go no further than this.
fn understood(kind: Kind, value: &str, words: &str, keep: bool) -> Answer {
    let (value, words) = (value.trim_ascii(), words.trim_ascii());
    match kind {
        Kind::Text { .. } => Answer::Text(if keep || value.is_empty() { value } else { WRITTEN }.to_owned()),
        Kind::Choice { .. } => {
            Answer::Choice { ids: value.to_owned(), words: if keep { words } else { "" }.to_owned() }
        }
        _ => match words::number(value) {
            Some(point) => Answer::Score(u8::try_from(point).unwrap_or(u8::MAX)),
            None => Answer::Skipped,
        },
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::view;

    fn session(lang: &str) -> Session {
        let all: Value = serde_json::from_str(include_str!("../../../www/shop/prompts.json")).expect("JSON");
        opened(&all[0], lang, "")
    }

    fn opened(definition: &Value, lang: &str, kept: &str) -> Session {
        let tree = Tree::read(&definition.to_string()).expect("a tree");
        let definition = Definition::new(tree).expect("a definition without mistakes");
        Session::new(definition, "s1".to_owned(), lang.to_owned(), &Tree::read(kept).unwrap_or(Tree::Null))
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
        assert_eq!(session.preview("", "", ""), "");
        assert_eq!(session.answer("", "", ""), "", "this one must be answered");
        assert_eq!(
            parsed(&session.preview("3", "", "")),
            json!({"prompt": "order-nps", "sub": "s1", "step": "nps", "rev": 1, "ask": "nps", "score": 3})
        );
        assert_eq!(
            parsed(&session.answer("3", "", "")),
            json!([{"type": "answer", "sub": "s1", "step": "nps", "rev": 1, "ask": "nps", "score": 3}])
        );
        let view = parsed(&view::write(&session));
        assert_eq!((&view["id"], &view["max"], &view["turns"][0]["score"]), (&json!("mend"), &json!(500), &json!(3)));
        assert_eq!(
            parsed(&session.answer(" Soita \"heti\" ", "", "")),
            json!([
                {"type": "answer", "sub": "s1", "step": "mend", "rev": 1, "ask": "text", "text": "Soita \"heti\""},
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
        session.answer("10", "", "");
        let closed = session.close("for no reason");
        assert_eq!(parsed(&closed), json!({"type": "closed", "sub": "s1", "reason": "dismissed", "partial": true}));
        assert_eq!(session.close("snoozed"), "");
    }

    /// Every kind of question, one after the other.
    fn every_kind() -> Value {
        json!({"v": 1, "id": "all", "contact": true, "steps": [
            {"id": "thumb", "ask": "thumbs", "text": {"en": "Good?"}},
            {"id": "rate", "ask": "rating", "scale": 3, "look": "stars", "low": {"en": "Poor"}, "high": {"en": "Great"}, "text": {"en": "How?"}},
            {"id": "before", "ask": "single", "offsite": "impression", "text": {"en": "What did you think of us?"}, "choices": [
                {"id": "good", "text": {"en": "Good"}}, {"id": "bad", "text": {"en": "Bad"}}, {"id": "unknown", "text": {"en": "Did not know you"}}]},
            {"id": "why", "ask": "discovery", "offsite": "source", "text": {"en": "Why?"}, "choices": [
                {"id": "friend", "text": {"en": "A friend"}}, {"id": "ad", "text": {"en": "An ad"}}, {"id": "press", "text": {"en": "Press"}},
                {"id": "other", "other": true, "text": {"en": "Other"}}]},
            {"id": "several", "ask": "multi", "optional": true, "max": 2, "text": {"en": "Which?"}, "choices": [
                {"id": "a", "text": {"en": "A"}}, {"id": "b", "text": {"en": "B"}}, {"id": "c", "text": {"en": "C"}}, {"id": "no", "none": true, "text": {"en": "None"}}]},
            {"id": "hand", "ask": "handoff", "actions": [{"id": "mail", "href": "mailto:a@example.fi"}, {"id": "chat", "adapter": "chatwoot", "note": {"en": "9 to 17"}}]},
            {"id": "reach", "ask": "contact", "text": {"en": "Shall we answer?"}}
        ]})
    }

    #[test]
    fn every_kind_is_seen_and_answered() {
        let definition = every_kind();
        let mut session = opened(&definition, "en", "");
        // What was kept gives the same view at every step.
        let seen = |session: &Session| {
            let view = view::write(session);
            assert_eq!(view::write(&opened(&definition, "en", &session.flow.keep())), view);
            parsed(&view)
        };
        let view = seen(&session);
        assert_eq!(view["choices"], json!([{"id": "up", "text": ""}, {"id": "down", "text": ""}]));
        assert_eq!((&view["style"], &view["note"]), (&json!("chat"), &json!(true)));
        assert_eq!(session.answer("sideways", "", ""), "");
        assert_eq!(
            parsed(&session.answer("up", "not asked for", "")),
            json!([{"type": "answer", "sub": "s1", "step": "thumb", "rev": 1, "ask": "thumbs", "choice": ["up"]}])
        );
        let view = seen(&session);
        assert_eq!(
            (&view["low"], &view["high"], &view["words"], &view["look"]),
            (&json!(1), &json!(3), &json!("rating"), &json!("stars"))
        );
        assert_eq!(
            (&view["ends"], &view["turns"]),
            (&json!(["Poor", "Great"]), &json!([{"ask": "thumbs", "text": "Good?", "chosen": ["up"], "own": true}]))
        );
        session.answer("2", "", "");
        assert_eq!(
            parsed(&session.answer("good", "", ""))[1],
            json!({"type": "offsite", "sub": "s1", "kind": "impression", "feeling": "good"})
        );
        let view = seen(&session);
        assert_eq!(view["choices"].as_array().map(Vec::len), Some(4));
        assert_eq!(view["choices"][3], json!({"id": "other", "text": "Other", "other": true}));
        let events = parsed(&session.answer("other", " my brother ", ""));
        assert_eq!(
            (&events[0]["choice"], &events[0]["text"], &events[1]),
            (
                &json!(["other"]),
                &json!("my brother"),
                &json!({"type": "offsite", "sub": "s1", "kind": "other", "feeling": "good"})
            )
        );
        let view = seen(&session);
        assert_eq!(
            (&view["many"], &view["min"], &view["most"], &view["skip"]),
            (&json!(true), &json!(1), &json!(2), &json!(true))
        );
        assert_eq!((session.answer("a,no", "", ""), session.answer("a,b,c", "", "")), (String::new(), String::new()));
        assert_eq!(parsed(&session.preview("b,a", "", ""))["choice"], json!(["a", "b"]));
        assert_eq!(parsed(&session.answer("b,a", "", ""))[0]["choice"], json!(["a", "b"]));
        let view = seen(&session);
        assert_eq!(view["actions"][1], json!({"id": "chat", "text": "", "adapter": "chatwoot", "note": "9 to 17"}));
        assert_eq!(session.answer("", "", ""), "[]", "a message is passed");
        let view = seen(&session);
        assert_eq!((&view["contact"], &view["skip"]), (&json!(true), &json!(true)));
        assert_eq!(session.preview("me@example.fi", "", ""), "", "an address is in no answer");
        let events = session.answer("me@example.fi", "", "");
        assert!(!events.contains("me@example.fi") && !session.flow.keep().contains("me@example.fi"));
        assert_eq!(seen(&session)["answered"], json!(true));
    }

    /// Words, and `other` with words, of which `keep` is kept.
    fn asked(keep: &str) -> Session {
        let mut definition = json!({"v": 1, "id": "words", "steps": [
            {"id": "say", "ask": "text", "optional": true, "text": {"en": "What?"}},
            {"id": "why", "ask": "single", "text": {"en": "Why?"}, "choices": [
                {"id": "price", "text": {"en": "Price"}}, {"id": "else", "text": {"en": "Else"}, "other": true}]}
        ]});
        if !keep.is_empty() {
            for step in definition["steps"].as_array_mut().expect("steps") {
                step["keep"] = json!(keep);
            }
        }
        opened(&definition, "en", "")
    }

    const FELT: &str = r#""themes":["delivery"],"emotion":"frustrated""#;

    #[test]
    fn words_leave_with_what_they_are_about() {
        for keep in ["", "both"] {
            let mut session = asked(keep);
            assert_eq!(parsed(&session.preview("Too late", "", FELT))["themes"], json!(["delivery"]));
            assert_eq!(
                parsed(&session.answer("Too late", "", FELT))[0],
                json!({"type": "answer", "sub": "s1", "step": "say", "rev": 1, "ask": "text", "text": "Too late",
                    "themes": ["delivery"], "emotion": "frustrated"})
            );
            let other = parsed(&session.answer("else", "It came late", FELT));
            assert_eq!((&other[0]["text"], &other[0]["emotion"]), (&json!("It came late"), &json!("frustrated")));
        }
        // In a language without stems there is nothing to add.
        assert_eq!(parsed(&asked("").answer("Too late", "", ""))[0].get("themes"), None);
        // Nor to a skip.
        assert_eq!(parsed(&asked("").answer("", "", FELT))[0].get("themes"), None);
    }

    #[test]
    fn of_words_that_are_not_kept_nothing_is_left() {
        for (keep, themes) in [("themes", Some(&json!(["delivery"]))), ("none", None)] {
            let mut session = asked(keep);
            assert_eq!(parsed(&view::write(&session))["keep"], json!(keep));
            let preview = session.preview("Secret words", "", FELT);
            let mut all = session.answer("Secret words", "", FELT);
            let event = &parsed(&all)[0];
            assert_eq!((event.get("text"), event.get("themes")), (None, themes), "{keep}");
            assert_eq!(event.get("emotion").is_some(), themes.is_some());
            assert_eq!(event.get("skipped"), None, "something was written");
            all += &session.flow.keep();
            let view = view::write(&session);
            assert_eq!(parsed(&view)["turns"][0]["said"], json!(WRITTEN));
            all += &view;
            session.flow.back();
            let back = view::write(&session);
            assert_eq!(parsed(&back).get("said"), None, "nothing to write on");
            all += &back;
            session.answer("Secret words", "", FELT);
            all += &session.answer("else", "Secret words", FELT);
            all += &session.flow.keep();
            assert!(!(all + &preview).contains("Secret"), "{keep}");
        }
    }

    #[test]
    fn what_was_kept_of_another_version_begins_anew() {
        let definition = every_kind();
        let mut session = opened(&definition, "en", "");
        session.answer("up", "", "");
        let kept = session.flow.keep();
        assert_eq!(parsed(&view::write(&opened(&definition, "en", &kept)))["id"], json!("rate"));
        let mut newer = definition.clone();
        newer["version"] = json!(2);
        for (definition, kept) in
            [(&newer, kept.as_str()), (&definition, &kept[1..]), (&definition, "{}"), (&definition, "[[[")]
        {
            assert_eq!(parsed(&view::write(&opened(definition, "en", kept)))["id"], json!("thumb"), "{kept}");
        }
    }
}
