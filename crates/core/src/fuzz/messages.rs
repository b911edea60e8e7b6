//! What pages post to a conversation: whatever comes, it is refused in a short sentence, or what is kept of it is in order, within the limits, and harmless to show.
//!
//! The bytes are taken as a whole body; then as the text of a message in a good body, as the name of a step in its journey, and as a name to be shown.

use serde_json::{Map, Value, json};

use crate::desk::{Body, MAX_NUMBER, MAX_TEXT, Refused, clean, is_conversation, one_line};

/// Reads any body and any text.
pub fn messages(data: &[u8]) {
    judge(&Body::parse(data));
    let text = String::from_utf8_lossy(data);
    let _ = is_conversation(&text);
    let cleaned = clean(&text);
    harmless(&cleaned);
    assert_eq!(clean(&cleaned), cleaned, "cleaned twice it is another");
    assert!(cleaned.chars().count() <= text.chars().count(), "cleaning makes it longer");
    let line = one_line(&text, 40);
    assert!(!line.contains('\n') && line.chars().count() <= 40, "{line:?}");
    assert_eq!(one_line(&line, 40), line, "a name that is no name");
    let body = json!({"polku_chat":1,"key":"pk","page":text,"say":[{"n":1,"text":text},{"n":2,"text":"x"}],
        "journey":{"stage":text,"path":[{"stage":text,"rule":text,"at":1}],"touchpoints":[text,"page_view"],"friction":{text.clone():1}}});
    let read = Body::parse(body.to_string().as_bytes());
    judge(&read);
    match read {
        Ok(body) => assert_eq!(body.say[0].text, cleaned, "it is another text"),
        Err(refused) => {
            let long = text.chars().count() > 500;
            assert!(refused.too_long || long || cleaned.is_empty(), "a good body: {refused:?}");
        }
    }
}

fn judge(read: &Result<Body, Refused>) {
    let body = match read {
        Ok(body) => body,
        Err(Refused { field, error, .. }) => {
            assert!(error.len() < 120 && error.is_ascii(), "it says too much: {error}");
            assert!(field.len() < 40 && field.is_ascii(), "it names too much: {field}");
            return;
        }
    };
    assert!(body.say.is_sorted_by(|one, next| one.n < next.n), "out of order: {:?}", body.say);
    for message in &body.say {
        assert!((1..=MAX_NUMBER).contains(&message.n));
        assert!((1..=MAX_TEXT).contains(&message.text.chars().count()));
        harmless(&message.text);
    }
    if let Some(page) = &body.page {
        harmless(page);
        assert!(!page.contains('\n'));
    }
    if let Some(journey) = &body.journey {
        members(journey, &["stage", "path", "touchpoints", "friction"]);
        for step in journey.get("path").and_then(Value::as_array).into_iter().flatten() {
            members(step.as_object().expect("an object"), &["stage", "at", "dwell", "rule"]);
        }
        strings(&Value::Object(journey.clone()));
    }
    // What was read once is read again as the same.
    let say: Vec<_> = body.say.iter().map(|message| json!({"n": message.n, "text": message.text})).collect();
    let again = json!({"polku_chat":1,"key":body.key,"lang":body.lang,"page":body.page,"say":say,"journey":body.journey,"end":body.end,"forget":body.forget});
    let again = again.to_string();
    // Escapes may make it longer than a body may be.
    if let Err(Refused { too_long: true, field, .. }) = Body::parse(again.as_bytes()) {
        assert_eq!(field, "");
    } else {
        assert_eq!(Body::parse(again.as_bytes()).as_ref(), Ok(body), "{again}");
    }
}

fn members(object: &Map<String, Value>, known: &[&str]) {
    for name in object.keys() {
        assert!(known.contains(&name.as_str()), "{name} is kept");
    }
}

fn strings(value: &Value) {
    match value {
        Value::String(text) => harmless(text),
        Value::Array(list) => list.iter().for_each(strings),
        Value::Object(members) => members.iter().for_each(|(name, value)| {
            harmless(name);
            strings(value);
        }),
        _ => {}
    }
}

fn harmless(text: &str) {
    for letter in text.chars() {
        assert!(!letter.is_control() || matches!(letter, '\n' | '\t'), "{letter:?} in {text:?}");
        assert!(
            !matches!(letter, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}'),
            "{letter:?} in {text:?}"
        );
    }
}
