//! What leaves the prompt, as the plain objects of the seam "Main module ↔ prompt".

use js_sys::{Object, Reflect};
use polku_core::prompt::{Answer, Record};
use wasm_bindgen::JsValue;

/// Why a prompt closed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reason {
    Completed,
    Dismissed,
    Snoozed,
    Abandoned,
    Expired,
}

impl Reason {
    /// The reason with this name; dismissed where there is none.
    pub(crate) fn named(name: &str) -> Self {
        match name {
            "completed" => Self::Completed,
            "snoozed" => Self::Snoozed,
            "abandoned" => Self::Abandoned,
            "expired" => Self::Expired,
            _ => Self::Dismissed,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::Dismissed => "dismissed",
            Self::Snoozed => "snoozed",
            Self::Abandoned => "abandoned",
            Self::Expired => "expired",
        }
    }
}

/// At least half of the card was painted for a second.
pub(crate) fn shown(sub: &str) -> JsValue {
    object(&[("type", "shown".into()), ("sub", sub.into())])
}

/// The prompt is over; `partial` when some of its questions were answered but not all.
pub(crate) fn closed(sub: &str, reason: Reason, partial: bool) -> JsValue {
    object(&[
        ("type", "closed".into()),
        ("sub", sub.into()),
        ("reason", reason.name().into()),
        ("partial", partial.into()),
    ])
}

/// One answer.
pub(crate) fn answer(sub: &str, record: &Record) -> JsValue {
    fields("type", "answer", sub, record)
}

/// The same answer as the shopper may read it before sending: the `data` of its event.
pub(crate) fn data(prompt: &str, sub: &str, record: &Record) -> JsValue {
    fields("prompt", prompt, sub, record)
}

fn fields(first: &str, value: &str, sub: &str, record: &Record) -> JsValue {
    let (key, answer) = match &record.answer {
        Answer::Score(score) => ("score", JsValue::from(*score)),
        Answer::Text(text) => ("text", text.into()),
        Answer::Skipped => ("skipped", true.into()),
    };
    object(&[
        (first, value.into()),
        ("sub", sub.into()),
        ("step", record.step.as_str().into()),
        ("rev", record.rev.into()),
        ("ask", record.ask.as_str().into()),
        (key, answer),
    ])
}

fn object(fields: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (key, value) in fields {
        let _ = Reflect::set(&object, &JsValue::from_str(key), value);
    }
    object.into()
}
