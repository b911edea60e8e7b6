//! What is to be seen now, as plain data: the question with its field, the conversation before it, or the thanks after it.

use polku_core::json::Writer;
use polku_core::prompt::{Anchors, Answer, Kind};

use crate::event::truth;
use crate::session::Session;

/// The view as JSON. Words of the widget's own are named, not written: the hands have them in the shopper's language.
pub(crate) fn write(session: &Session) -> String {
    let (flow, lang) = (&session.flow, session.lang.as_str());
    let definition = flow.definition();
    let mut json = Writer::default();
    json.raw("{");
    json.escaped_member("lang", lang);
    let Some((step, kind)) = flow.current() else {
        json.escaped_member("thanks", definition.thanks(lang));
        truth(&mut json, "low", flow.is_low());
        truth(&mut json, "answered", flow.has_answers());
        json.raw("}");
        return json.into_string();
    };
    json.word_member("id", step.id());
    json.escaped_member("text", definition.text(step, lang));
    let (nth, of) = flow.progress();
    json.number_member("nth", nth as u64);
    if let Some(of) = of {
        json.number_member("of", of as u64);
    }
    truth(&mut json, "back", flow.can_go_back());
    truth(&mut json, "skip", step.is_optional() && kind.asks());
    field(&mut json, kind);
    said(&mut json, flow.answer_to(step.id()));
    json.key("turns");
    json.raw("[");
    for (step, answer) in flow.passed() {
        json.comma();
        json.raw("{");
        json.escaped_member("text", definition.text(step, lang));
        field(&mut json, step.kind().unwrap_or(Kind::Info));
        said(&mut json, answer);
        json.raw("}");
    }
    json.raw("]}");
    json.into_string()
}

/// What the step is answered with: points and the words at their ends, or text, or nothing.
fn field(json: &mut Writer, kind: Kind) {
    if let Some((low, high)) = kind.range() {
        json.number_member("low", u64::from(low));
        json.number_member("high", u64::from(high));
        let words = match kind {
            Kind::Csat => "csat",
            Kind::Ces { anchors: Anchors::Ease, .. } => "ease",
            Kind::Ces { anchors: Anchors::Agree, .. } => "agree",
            _ => "nps",
        };
        json.word_member("words", words);
    }
    if let Kind::Text { max } = kind {
        json.number_member("max", u64::from(max));
    }
}

/// What was answered before.
fn said(json: &mut Writer, answer: Option<&Answer>) {
    match answer {
        Some(Answer::Score(score)) => json.number_member("score", u64::from(*score)),
        Some(Answer::Text(text)) => json.escaped_member("said", text),
        Some(Answer::Skipped) => truth(json, "skipped", true),
        None => {}
    }
}
