//! Reads what a page posts to a conversation. Strict about what it knows, silent about what it does not: unknown members belong to newer pages.
//! Refusals name the member and never repeat what was in it.

use serde_json::{Map, Value};

use super::{MAX_BODY, MAX_NUMBER, MAX_TEXT, clean, journey};

/// What a page has to say.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Body {
    /// The shop's key.
    pub key: String,
    /// Language of the page.
    pub lang: Option<String>,
    /// Template of the page's path.
    pub page: Option<String>,
    /// Messages by their numbers, each number once.
    pub say: Vec<Message>,
    /// The path, where the shopper chose to send it along.
    pub journey: Option<Map<String, Value>>,
    /// The shopper ends the conversation.
    pub end: bool,
    /// The shopper wants all of it erased.
    pub forget: bool,
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its number in the conversation, from 1: its identity.
    pub n: i64,
    /// What it says, [cleaned](clean).
    pub text: String,
}

/// Why a body is not taken. Sending it again is of no use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// It is too long, rather than wrong.
    pub too_long: bool,
    /// The member, like `say[0].text`; empty for the body itself.
    pub field: String,
    /// What it must be, as a sentence.
    pub error: String,
}

impl Refused {
    fn member(field: impl Into<String>, want: &str) -> Self {
        let field = field.into();
        let error = if field.is_empty() { want.to_owned() } else { format!("\"{field}\" must be {want}") };
        Self { too_long: false, field, error }
    }

    fn long(field: impl Into<String>, error: &str) -> Self {
        Self { too_long: true, field: field.into(), error: error.to_owned() }
    }
}

impl Body {
    /// Reads a body.
    ///
    /// # Errors
    /// When it cannot be understood, or is too long: then nothing of it may be stored.
    pub fn parse(bytes: &[u8]) -> Result<Self, Refused> {
        if bytes.len() > MAX_BODY {
            return Err(Refused::long("", "the body is longer than 65536 bytes; send the messages in parts"));
        }
        let Ok(text) = std::str::from_utf8(bytes) else {
            return Err(Refused::member("", "the body is no UTF-8"));
        };
        let Ok(Value::Object(body)) = serde_json::from_str(text) else {
            return Err(Refused::member("", "the body is not a JSON object"));
        };
        if body.get("polku_chat").and_then(Value::as_i64) != Some(1) {
            return Err(Refused::member("polku_chat", "1, the version of the protocol"));
        }
        Ok(Self {
            key: text_of(&body, "key", "1 to 64 letters, digits, - or _", is_key)?
                .ok_or_else(|| Refused::member("key", "1 to 64 letters, digits, - or _"))?,
            lang: text_of(&body, "lang", "a language tag like fi or en-GB", is_lang)?,
            page: text_of(&body, "page", "a path of at most 500 characters", |page| page.chars().count() <= 500)?
                .map(|page| super::one_line(&page, 500)),
            say: say(body.get("say"))?,
            journey: match body.get("journey") {
                None | Some(Value::Null) => None,
                Some(Value::Object(given)) => {
                    let known = journey::known(given);
                    Some(known.ok_or_else(|| Refused::member("journey", "a path as docs/chat-protocol.md has it"))?)
                }
                Some(_) => return Err(Refused::member("journey", "an object")),
            },
            end: flag(&body, "end")?,
            forget: flag(&body, "forget")?,
        })
    }
}

fn say(say: Option<&Value>) -> Result<Vec<Message>, Refused> {
    let list = match say {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Array(list)) => list,
        Some(_) => return Err(Refused::member("say", "an array of messages")),
    };
    let mut messages = Vec::with_capacity(list.len());
    for (at, message) in list.iter().enumerate() {
        let n = message.get("n").and_then(Value::as_i64).filter(|n| (1..=MAX_NUMBER).contains(n));
        let Some(n) = n else {
            return Err(Refused::member(format!("say[{at}].n"), "an integer from 1 to 10000"));
        };
        let field = || format!("say[{at}].text");
        let Some(text) = message.get("text").and_then(Value::as_str) else {
            return Err(Refused::member(field(), "a text"));
        };
        // As it was sent: what is cut out of it must not make room for more.
        if text.chars().count() > MAX_TEXT {
            return Err(Refused::long(field(), "the message is longer than 4000 characters"));
        }
        let text = clean(text);
        if text.is_empty() {
            return Err(Refused::member(field(), "a text that is not empty"));
        }
        messages.push(Message { n, text });
    }
    // The shopper's own order; of a number that comes twice the first stays.
    messages.sort_by_key(|message| message.n);
    messages.dedup_by_key(|message| message.n);
    Ok(messages)
}

fn text_of(
    body: &Map<String, Value>,
    member: &str,
    want: &str,
    good: impl Fn(&str) -> bool,
) -> Result<Option<String>, Refused> {
    match body.get(member) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if good(text) => Ok(Some(text.clone())),
        Some(_) => Err(Refused::member(member, want)),
    }
}

fn flag(body: &Map<String, Value>, member: &str) -> Result<bool, Refused> {
    match body.get(member) {
        None | Some(Value::Null) => Ok(false),
        Some(Value::Bool(flag)) => Ok(*flag),
        Some(_) => Err(Refused::member(member, "true or false")),
    }
}

/// Whether this can be the name of a conversation: 26 characters, as 130 bits in base 32 take.
pub fn is_conversation(name: &str) -> bool {
    name.len() == 26 && name.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase())
}

/// Whether this can be a shop's key.
pub fn is_key(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

fn is_lang(text: &str) -> bool {
    (1..=35).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn parse(value: &Value) -> Result<Body, Refused> {
        Body::parse(value.to_string().as_bytes())
    }

    fn good() -> Value {
        json!({"polku_chat":1,"key":"pk_demo","lang":"fi","page":"/p/:id","say":[{"n":1,"text":" Hei "}],
            "journey":{"stage":"decision","path":[{"stage":"awareness","at":0,"dwell":1200,"rule":"landing"}],
                "touchpoints":["page_view","view_item"],"friction":{"dead_click":2}}})
    }

    #[test]
    fn the_body_of_the_protocol_is_read() {
        let body = parse(&good()).unwrap();
        assert_eq!(body.say, [Message { n: 1, text: "Hei".into() }]);
        assert_eq!(Value::Object(body.journey.unwrap()), good()["journey"]);
        assert_eq!((body.lang.as_deref(), body.page.as_deref()), (Some("fi"), Some("/p/:id")));
        assert!(!body.end && !body.forget);
    }

    #[test]
    fn unknown_members_are_ignored_and_never_kept() {
        let mut value = good();
        value["mood"] = json!(4);
        value["say"][0]["html"] = json!("<b>");
        value["journey"]["email"] = json!("a@example.fi");
        value["journey"]["path"][0]["who"] = json!("Maija");
        assert_eq!(parse(&value).unwrap(), parse(&good()).unwrap());
    }

    #[test]
    fn messages_stand_in_the_order_of_their_numbers_each_once() {
        let mut value = good();
        value["say"] = json!([{"n":3,"text":"c"},{"n":1,"text":"a"},{"n":3,"text":"d"}]);
        let say = parse(&value).unwrap().say;
        assert_eq!(say, [Message { n: 1, text: "a".into() }, Message { n: 3, text: "c".into() }]);
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (pointer, wrong, field) in [
            ("/polku_chat", json!(2), "polku_chat"),
            ("/key", json!("pk demo"), "key"),
            ("/key", Value::Null, "key"),
            ("/lang", json!("fi_FI "), "lang"),
            ("/page", json!("x".repeat(501)), "page"),
            ("/say", json!({}), "say"),
            ("/say/0", json!("Hei"), "say[0].n"),
            ("/say/0/n", json!(0), "say[0].n"),
            ("/say/0/n", json!(1.5), "say[0].n"),
            ("/say/0/n", json!(10_001), "say[0].n"),
            ("/say/0/text", json!(7), "say[0].text"),
            ("/say/0/text", json!("\u{202E}\u{0} \n"), "say[0].text"),
            ("/journey", json!([]), "journey"),
            ("/journey/path", json!({}), "journey"),
            ("/journey/path/0/at", json!("x"), "journey"),
            ("/journey/touchpoints/0", json!({}), "journey"),
            ("/journey/friction", json!({"a":-1}), "journey"),
        ] {
            let mut value = good();
            *value.pointer_mut(pointer).unwrap() = wrong;
            let refused = parse(&value).unwrap_err();
            assert_eq!((refused.field.as_str(), refused.too_long), (field, false), "{pointer}: {}", refused.error);
        }
        for bytes in [&b"{"[..], b"[]", b"", b"\xff\xfe{}", b"{\"say\":\"\xc3\x28\"}", br#"{"say":"\ud800"}"#] {
            assert_eq!(Body::parse(bytes).unwrap_err().field, "");
        }
        let deep = format!("{{\"polku_chat\":1,\"x\":{}1{}}}", "[".repeat(20_000), "]".repeat(20_000));
        assert_eq!(Body::parse(deep.as_bytes()).unwrap_err().field, "", "too deep to be read");
    }

    #[test]
    fn what_is_too_long_is_told_apart() {
        let mut value = good();
        value["say"][0]["text"] = json!("ä".repeat(MAX_TEXT));
        assert_eq!(parse(&value).unwrap().say[0].text.chars().count(), MAX_TEXT);
        value["say"][0]["text"] = json!("ä".repeat(MAX_TEXT + 1));
        let refused = parse(&value).unwrap_err();
        assert_eq!((refused.field.as_str(), refused.too_long), ("say[0].text", true));
        assert!(Body::parse(&vec![b' '; MAX_BODY + 1]).unwrap_err().too_long);
    }

    #[test]
    fn names_are_of_one_length() {
        assert!(is_conversation("0123456789abcdefghijklmnop"));
        for bad in [
            "",
            "0123456789abcdefghijklmno",
            "0123456789abcdefghijklmnopq",
            "0123456789ABCDEFGHIJKLMNOP",
            "../../../../../../../../../",
        ] {
            assert!(!is_conversation(bad), "{bad}");
        }
    }
}
