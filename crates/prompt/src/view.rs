//! What is to be seen now, as plain data: the question with its field, the conversation before it, or the thanks after it.

use polku_core::json::Writer;
use polku_core::prompt::{Answer, Ask, Definition, Kind, Step, Tree};
use polku_core::words::{parts, slice};

use crate::event::{list, truth};
use crate::session::Session;

/// The view as JSON. Words of the widget's own are named, not written: the hands have them in the shopper's language.
pub(crate) fn write(session: &Session) -> String {
    let flow = &session.flow;
    let definition = flow.definition();
    let mut view = View { definition, lang: &session.lang, json: Writer::default() };
    view.json.raw("{");
    view.json.escaped_member("lang", view.lang);
    let Some((step, kind)) = flow.current() else {
        for (name, field) in [("thanks", "thanks"), ("after", "after"), ("lowText", "low"), ("afterLow", "afterLow")] {
            view.json.escaped_member(name, definition.end(field, view.lang));
        }
        truth(&mut view.json, "low", flow.is_low());
        truth(&mut view.json, "answered", flow.has_answers());
        view.copy(definition.ui(), "nautoCloseMs");
        view.json.raw("}");
        return view.json.into_string();
    };
    let ui = definition.ui();
    let (nth, of) = flow.progress();
    // No number where the shop wants none.
    let counted = ui.get("progress").text() != "none";
    view.json.number_member("nth", if counted { nth as u64 } else { 0 });
    if let Some(of) = of.filter(|_| counted) {
        view.json.number_member("of", of as u64);
    }
    truth(&mut view.json, "back", flow.can_go_back());
    truth(&mut view.json, "skip", step.is_optional() && (kind.asks() || step.known() == Some(Ask::Contact)));
    // One question is a card: there is no conversation to keep.
    let chat = definition.len() > 1 && ui.get("style").text() != "card";
    view.json.word_member("style", if chat { "chat" } else { "card" });
    truth(&mut view.json, "note", !ui.get("privacyNote").is_false());
    view.copy(step.tree(), "tid task Stext shelp");
    view.field(step, kind, &session.sub);
    if !step.keep().is_empty() {
        view.json.word_member("keep", step.keep());
    }
    view.said(step, flow.answer_to(step.id()), false);
    view.json.key("turns");
    view.json.raw("[");
    for (step, answer) in flow.passed() {
        view.json.comma();
        view.json.raw("{");
        view.copy(step.tree(), "task Stext");
        view.scale(step);
        view.said(step, answer, true);
        view.json.raw("}");
    }
    view.json.raw("]}");
    view.json.into_string()
}

struct View<'a> {
    definition: &'a Definition,
    lang: &'a str,
    json: Writer,
}

impl View<'_> {
    /// Copies what the shop gave of `fields`, each after the letter for what it holds: `t` a word or address, `n` a number, `b` a truth, `s` a text
    /// by language, `S` one that is written also where there is none.
    fn copy(&mut self, tree: &Tree, fields: &str) {
        for field in parts(fields, b' ') {
            let name = slice(field, 1, field.len());
            let value = tree.get(name);
            let letter = field.as_bytes().first();
            let text = match letter {
                Some(b's' | b'S') => self.definition.in_language(value, self.lang),
                _ => value.text(),
            };
            match value {
                Tree::Number(number) => self.json.number_member(name, *number as u64),
                Tree::Bool(true) => truth(&mut self.json, name, true),
                _ if text.is_empty() && letter != Some(&b'S') => {}
                _ => self.json.escaped_member(name, text),
            }
        }
    }

    /// What the step is answered with: points and the words at their ends, or choices, or text, or nothing.
    fn field(&mut self, step: Step<'_>, kind: Kind, sub: &str) {
        let tree = step.tree();
        self.scale(step);
        match kind {
            Kind::Scale { .. } => {
                self.copy(tree, "tlook");
                let ends = ["low", "high"].map(|end| self.definition.in_language(tree.get(end), self.lang));
                if ends != ["", ""] {
                    list(&mut self.json, "ends", ends.into_iter());
                }
            }
            Kind::Choice { least, most } => {
                self.json.key("choices");
                self.json.raw("[");
                for choice in step.shown(sub) {
                    self.json.comma();
                    self.json.raw("{");
                    self.json.word_member("id", choice.id);
                    self.copy(choice.tree, "Stext bother bnone");
                    self.json.raw("}");
                }
                self.json.raw("]");
                if step.known() == Some(Ask::Multi) {
                    truth(&mut self.json, "many", true);
                    self.json.number_member("min", u64::from(least));
                    self.json.number_member("most", u64::from(most));
                }
            }
            Kind::Text { max } => {
                self.json.number_member("max", u64::from(max));
                self.copy(tree, "nrows");
            }
            Kind::Message => match step.known() {
                Some(ask @ (Ask::Handoff | Ask::Chat)) => {
                    if ask == Ask::Chat && self.definition.may_chat() {
                        truth(&mut self.json, "chat", true);
                    }
                    let actions = tree.get("actions").list();
                    if !actions.is_empty() {
                        self.json.key("actions");
                        self.json.raw("[");
                        for action in actions {
                            self.json.comma();
                            self.json.raw("{");
                            self.copy(action, "tid Stext thref tadapter tlauncher tevent snote");
                            self.json.raw("}");
                        }
                        self.json.raw("]");
                    }
                }
                Some(Ask::Contact) => truth(&mut self.json, "contact", true),
                _ => {}
            },
        }
    }

    fn scale(&mut self, step: Step<'_>) {
        if let Some(Kind::Scale { low, high }) = step.kind() {
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
            // What is not kept cannot be written on.
            Some(Answer::Text(_)) if !told && !step.keep().is_empty() => {}
            Some(Answer::Text(text)) => self.json.escaped_member("said", text),
            Some(Answer::Choice { ids, words }) => {
                let own = step.tree().get("choices").is_null();
                list(
                    &mut self.json,
                    "chosen",
                    parts(ids, b',').map(|id| match step.choice(id) {
                        Some(choice) if told && !own => self.definition.in_language(choice.tree.get("text"), self.lang),
                        _ => id,
                    }),
                );
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
}
