//! Words for what other tools say by themselves, in the languages of the widget.

use serde_json::{Map, Value, json};

/// Under this name, which is no language's, texts that the draft keeps of what the survey's languages are.
pub(super) const OWN: &str = "(own)";

/// "Other", and "none of these".
const WORDS: &[(&str, &str, &str)] = &[
    ("en", "Other", "None"),
    ("fi", "Muu", "Ei mikään näistä"),
    ("sv", "Annat", "Inget av dessa"),
    ("nb", "Annet", "Ingen av disse"),
    ("da", "Andet", "Ingen af disse"),
    ("et", "Muu", "Mitte ükski neist"),
    ("de", "Anderes", "Nichts davon"),
    ("fr", "Autre", "Aucun de ceux-ci"),
    ("es", "Otro", "Ninguno de estos"),
];

/// "Other" in every language; the draft keeps those that the survey has.
pub(super) fn other() -> Value {
    all(|(_, other, _)| other)
}

/// "None" likewise.
pub(super) fn none() -> Value {
    all(|(_, _, none)| none)
}

fn all(word: impl Fn(&(&'static str, &'static str, &'static str)) -> &'static str) -> Value {
    let words: Map<_, _> = WORDS.iter().map(|words| (words.0.to_owned(), json!(word(words)))).collect();
    json!({ OWN: words })
}
