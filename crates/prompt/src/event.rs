//! What leaves the prompt, as the objects of the seam "Main module ↔ prompt".

use polku_core::json::Writer;
use polku_core::prompt::{Answer, Ask, Definition, Kind, Record};
use polku_core::words::parts;

/// One answer: as an event, or as the data that the shopper reads. `felt` is what its words are about, as members of it.
pub(crate) fn answer(json: &mut Writer, definition: &Definition, event: bool, sub: &str, record: &Record, felt: &str) {
    let Some(step) = definition.step(record.step) else { return };
    json.raw("{");
    if event {
        json.word_member("type", "answer");
    } else {
        json.word_member("prompt", definition.id());
    }
    json.escaped_member("sub", sub);
    json.word_member("step", step.id());
    json.number_member("rev", u64::from(record.rev));
    json.word_member("ask", step.ask());
    let keep = step.keep();
    let mut worded = true;
    match &record.answer {
        Answer::Score(score) => {
            json.number_member("score", u64::from(*score));
            // Of what has the same points always, its name tells them.
            if let (Some(Kind::Scale { high, .. }), Some(Ask::Ces | Ask::Rating)) = (step.kind(), step.known()) {
                json.number_member("scale", u64::from(high));
            }
        }
        Answer::Text(text) => {
            // Else it stands for words that are not here.
            if keep.is_empty() {
                json.escaped_member("text", text);
            }
        }
        Answer::Choice { ids, words } => {
            list(json, "choice", parts(ids, b','));
            if !words.is_empty() {
                json.escaped_member("text", words);
            }
        }
        Answer::Skipped => {
            worded = false;
            truth(json, "skipped", true);
        }
    }
    if worded && !felt.is_empty() && keep != "none" {
        json.comma();
        json.raw(felt);
    }
    json.raw("}");
}

/// A touchpoint outside the shop that was told of.
pub(crate) fn offsite(json: &mut Writer, sub: &str, kind: &str, feeling: &str) {
    json.comma();
    json.raw("{");
    json.word_member("type", "offsite");
    json.escaped_member("sub", sub);
    json.word_member("kind", kind);
    if !feeling.is_empty() {
        json.word_member("feeling", feeling);
    }
    json.raw("}");
}

/// The prompt is over; `partial` when some of its questions were answered but not all.
pub(crate) fn closed(json: &mut Writer, sub: &str, reason: &str, partial: bool) {
    json.raw("{");
    json.word_member("type", "closed");
    json.escaped_member("sub", sub);
    json.word_member("reason", reason);
    truth(json, "partial", partial);
    json.raw("}");
}

/// A reason that the seam knows; dismissed where it is none.
pub(crate) fn reason(named: &str) -> &'static str {
    const KNOWN: [&str; 5] = ["dismissed", "completed", "snoozed", "abandoned", "expired"];
    KNOWN.into_iter().find(|known| *known == named).unwrap_or(KNOWN[0])
}

/// `"name":true`.
#[cfg_attr(target_arch = "wasm32", inline(never))]
pub(crate) fn truth(json: &mut Writer, name: &str, value: bool) {
    json.key(name);
    json.raw(if value { "true" } else { "false" });
}

/// `"name":["one","two"]`.
pub(crate) fn list<'a>(json: &mut Writer, name: &str, texts: impl Iterator<Item = &'a str>) {
    json.key(name);
    json.raw("[");
    for text in texts {
        json.comma();
        json.escaped(text);
    }
    json.raw("]");
}
