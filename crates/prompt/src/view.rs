//! What is to be seen now, as plain data: the question with its field, the conversation before it, or the thanks after it.

use polku_core::json::Writer;
use polku_core::prompt::{Answer, Choice, Kind, Step};

use crate::event::{list, truth};
use crate::session::Session;

/// The view as JSON. Words of the widget's own are named, not written: the hands have them in the shopper's language.
pub(crate) fn write(session: &Session) -> String {
    let (flow, lang) = (&session.flow, session.lang.as_str());
    let definition = flow.definition();
    let mut view = View { session, json: Writer::default() };
    view.json.raw("{");
    view.json.escaped_member("lang", lang);
    let Some((step, kind)) = flow.current() else {
        for (name, field) in [("thanks", "thanks"), ("after", "after"), ("lowText", "low"), ("afterLow", "afterLow")] {
            view.json.escaped_member(name, definition.end(field, lang));
        }
        truth(&mut view.json, "low", flow.is_low());
        truth(&mut view.json, "answered", flow.has_answers());
        view.number("autoCloseMs", definition.ui("autoCloseMs"));
        view.json.raw("}");
        return view.json.into_string();
    };
    view.json.word_member("id", step.id());
    view.json.word_member("ask", step.ask());
    view.json.escaped_member("text", definition.text(step.tree(), "text", lang));
    view.text("help", step.tree(), "help");
    let (nth, of) = flow.progress();
    // No number where the shop wants none.
    let counted = definition.ui("progress").text() != "none";
    view.json.number_member("nth", if counted { nth as u64 } else { 0 });
    if let Some(of) = of.filter(|_| counted) {
        view.json.number_member("of", of as u64);
    }
    truth(&mut view.json, "back", flow.can_go_back());
    truth(&mut view.json, "skip", step.is_optional() && (kind.asks() || step.ask() == "contact"));
    // One question is a card: there is no conversation to keep.
    let chat = definition.len() > 1 && definition.ui("style").text() != "card";
    view.json.word_member("style", if chat { "chat" } else { "card" });
    truth(&mut view.json, "note", !definition.ui("privacyNote").is_false());
    view.field(step, kind);
    view.said(step, flow.answer_to(step.id()), false);
    view.json.key("turns");
    view.json.raw("[");
    for (step, answer) in flow.passed() {
        view.json.comma();
        view.json.raw("{");
        view.json.word_member("ask", step.ask());
        view.json.escaped_member("text", definition.text(step.tree(), "text", lang));
        view.scale(step, step.kind().unwrap_or(Kind::Message));
        view.said(step, answer, true);
        view.json.raw("}");
    }
    view.json.raw("]}");
    view.json.into_string()
}

struct View<'a> {
    session: &'a Session,
    json: Writer,
}

impl View<'_> {
    /// What the step is answered with: points and the words at their ends, or choices, or text, or nothing.
    fn field(&mut self, step: Step<'_>, kind: Kind) {
        self.scale(step, kind);
        match kind {
            Kind::Scale { .. } => {
                let look = step.tree().get("look").text();
                if !look.is_empty() {
                    self.json.word_member("look", look);
                }
                let ends = ["low", "high"].map(|end| self.in_language(step, end).to_owned());
                if ends.iter().any(|end| !end.is_empty()) {
                    list(&mut self.json, "ends", ends.iter().map(String::as_str));
                }
            }
            Kind::Choice { least, most } => {
                self.json.key("choices");
                self.json.raw("[");
                for choice in step.shown(&self.session.sub) {
                    self.json.comma();
                    self.choice(choice);
                }
                self.json.raw("]");
                if step.ask() == "multi" {
                    truth(&mut self.json, "many", true);
                    self.json.number_member("min", u64::from(least));
                    self.json.number_member("most", u64::from(most));
                }
            }
            Kind::Text { max } => {
                self.json.number_member("max", u64::from(max));
                self.number("rows", step.tree().get("rows"));
            }
            Kind::Message if step.ask() == "handoff" => {
                self.json.key("actions");
                self.json.raw("[");
                for action in step.tree().get("actions").list() {
                    self.json.comma();
                    self.json.raw("{");
                    self.json.word_member("id", action.get("id").text());
                    self.json.escaped_member(
                        "text",
                        self.session.flow.definition().text(action, "text", &self.session.lang),
                    );
                    for way in ["href", "adapter", "event"] {
                        let value = action.get(way).text();
                        if !value.is_empty() {
                            self.json.escaped_member(way, value);
                        }
                    }
                    self.text("note", action, "note");
                    self.json.raw("}");
                }
                self.json.raw("]");
            }
            Kind::Message => {
                if step.ask() == "contact" {
                    truth(&mut self.json, "contact", true);
                }
            }
        }
    }

    fn choice(&mut self, choice: Choice<'_>) {
        self.json.raw("{");
        self.json.word_member("id", choice.id);
        self.json.escaped_member("text", self.session.flow.definition().text(choice.tree, "text", &self.session.lang));
        if choice.is_other() {
            truth(&mut self.json, "other", true);
        }
        if choice.is_none() {
            truth(&mut self.json, "none", true);
        }
        self.json.raw("}");
    }

    fn scale(&mut self, step: Step<'_>, kind: Kind) {
        if let Kind::Scale { low, high } = kind {
            self.json.number_member("low", u64::from(low));
            self.json.number_member("high", u64::from(high));
            self.json.word_member("words", step.words());
        }
    }

    /// What was answered before. What was chosen is named by its id where it can be chosen anew, and in words where it is told;
    /// there `own` says that the words are the widget's.
    fn said(&mut self, step: Step<'_>, answer: Option<&Answer>, told: bool) {
        match answer {
            Some(Answer::Score(score)) => self.json.number_member("score", u64::from(*score)),
            Some(Answer::Text(text)) => self.json.escaped_member("said", text),
            Some(Answer::Choice { ids, words }) => {
                let definition = self.session.flow.definition();
                let own = step.tree().get("choices").list().is_empty();
                let text = |id: &'_ String| match step.choice(id) {
                    Some(choice) if told && !own => definition.text(choice.tree, "text", &self.session.lang).to_owned(),
                    _ => id.clone(),
                };
                let texts: Vec<String> = ids.iter().map(text).collect();
                list(&mut self.json, "chosen", texts.iter().map(String::as_str));
                if told && own {
                    truth(&mut self.json, "own", true);
                }
                if !words.is_empty() {
                    self.json.escaped_member("said", words);
                }
            }
            Some(Answer::Skipped) => truth(&mut self.json, "skipped", true),
            None => {}
        }
    }

    fn in_language<'a>(&'a self, step: Step<'a>, field: &str) -> &'a str {
        self.session.flow.definition().text(step.tree(), field, &self.session.lang)
    }

    /// A text, where there is one.
    fn text(&mut self, name: &str, of: &polku_core::prompt::Tree, field: &str) {
        let text = self.session.flow.definition().text(of, field, &self.session.lang);
        if !text.is_empty() {
            self.json.escaped_member(name, text);
        }
    }

    /// A number that the shop gave.
    fn number(&mut self, name: &str, tree: &polku_core::prompt::Tree) {
        if let Some(number) = tree.number() {
            self.json.number_member(name, number.max(0) as u64);
        }
    }
}
