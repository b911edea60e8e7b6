//! Reads a batch in the native format, version 1. Strict about what it knows, silent about what it does not: unknown
//! keys belong to newer widgets. Messages name the member and never repeat what was in it.

use super::reply::Rejected;
use serde_json::{Map, Value};
use std::fmt;

/// The longest retention a widget may ask for, and the one of a batch that asks for none: 13 months.
pub const MAX_TTL_DAYS: i64 = 395;
/// Journeys that one `erase` event may name; a visit has one, a shopper who comes daily for a year has a few hundred.
const MAX_ERASED: usize = 500;
/// Events of one batch. A widget's batch of 48,000 bytes has a thousand at most.
pub const MAX_EVENTS: usize = 2_000;
/// Integers beyond this are not the same number in JavaScript.
const MAX_INTEGER: i64 = (1 << 53) - 1;

/// A batch that is understood. Its events are judged one by one: a bad one does not spoil the rest.
#[derive(Debug, PartialEq)]
pub struct Batch {
    /// The shop's key.
    pub key: String,
    /// When it was sent, on the journey's own clock.
    pub sent: Option<i64>,
    /// Days after which the journey is deleted.
    pub ttl_days: i64,
    /// The journey that all events belong to.
    pub journey: Journey,
    /// What the widget captured, sent, queued and dropped so far.
    pub loss: Option<Loss>,
    /// The events, good and bad, in their order.
    pub events: Vec<Result<Event, Rejected>>,
}

/// The journey as the batch describes it. An answer without consent has no more than `id`, `leg` and the hour.
#[derive(Debug, Default, PartialEq)]
pub struct Journey {
    /// 16 characters, drawn by the widget.
    pub id: String,
    /// 5 characters: the life of one engine in one document.
    pub leg: String,
    /// Unix seconds, rounded down by the widget.
    pub started: Option<i64>,
    /// The stage when the batch was cut.
    pub stage: Option<String>,
    /// `mobile`, `tablet`, `desktop`.
    pub device: Option<String>,
    /// Language of the page.
    pub lang: Option<String>,
    /// Who reported consent, per purpose, as JSON.
    pub consent: Option<String>,
}

/// Counts of the widget, cumulative per journey.
#[derive(Debug, PartialEq)]
pub struct Loss {
    /// Captured = sent + queued + dropped.
    pub captured: i64,
    /// Handed over.
    pub sent: i64,
    /// Waiting.
    pub queued: i64,
    /// Lost, by reason, as JSON.
    pub dropped: String,
}

/// An event that may be stored, or an order to forget.
#[derive(Debug, PartialEq)]
pub enum Event {
    /// A touchpoint.
    Touch(Touch),
    /// Forget these journeys.
    Erase {
        /// Number in the leg.
        seq: i64,
        /// Ids of the journeys.
        journeys: Vec<String>,
    },
}

/// One touchpoint.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Touch {
    /// Number in the leg, from 1.
    pub seq: i64,
    /// Milliseconds since the journey started.
    pub at: Option<i64>,
    /// Name in snake case.
    pub name: String,
    /// `did`, `saw`, `felt`, `tech`.
    pub lens: Option<String>,
    /// Stage it happened in.
    pub stage: Option<String>,
    /// Path template of the page.
    pub page: Option<String>,
    /// The rest, as JSON text.
    pub data: Option<String>,
}

/// Why a whole batch was refused.
#[derive(Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BatchError {
    /// Not JSON, or not an object.
    NotAnObject,
    /// `polku` is there but is not 1.
    Version,
    /// A member is missing or not what it should be.
    Member(&'static str, &'static str),
}

impl fmt::Display for BatchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAnObject => f.write_str("the body is not a JSON object"),
            Self::Version => f.write_str("this collector reads version 1 of the format: \"polku\" must be 1"),
            Self::Member(name, want) => write!(f, "\"{name}\" must be {want}"),
        }
    }
}

type Member = (&'static str, &'static str);

impl Batch {
    /// Reads a batch.
    ///
    /// # Errors
    /// When the batch as a whole cannot be understood. Bad events are inside, each with its reason.
    pub fn parse(bytes: &[u8]) -> Result<Self, BatchError> {
        let Ok(Value::Object(batch)) = serde_json::from_slice(bytes) else {
            return Err(BatchError::NotAnObject);
        };
        match batch.get("polku") {
            Some(version) if version.as_i64() == Some(1) => (),
            Some(_) => return Err(BatchError::Version),
            None => return Err(BatchError::Member("polku", "1, the version of the format")),
        }
        let key = required(&batch, "key", ("key", "1 to 64 letters, digits, - or _"), is_key)?;
        required(&batch, "batch", ("batch", "a text of 1 to 64 characters"), |id| (1..=64).contains(&id.len()))?;
        let sent = optional_integer(&batch, "sent", ("sent", "Unix seconds, an integer from 0"))?;
        let ttl = optional_integer(&batch, "ttl_days", ("ttl_days", "an integer from 1"))?;
        if ttl == Some(0) {
            return Err(BatchError::Member("ttl_days", "an integer from 1"));
        }
        let journey = match batch.get("journey") {
            Some(Value::Object(journey)) => Journey::parse(journey)?,
            _ => return Err(BatchError::Member("journey", "an object")),
        };
        let loss = match batch.get("loss") {
            None | Some(Value::Null) => None,
            Some(Value::Object(loss)) => Some(Loss::parse(loss)?),
            Some(_) => return Err(BatchError::Member("loss", "an object")),
        };
        let Some(Value::Array(events)) = batch.get("events") else {
            return Err(BatchError::Member("events", "an array"));
        };
        if events.len() > MAX_EVENTS {
            return Err(BatchError::Member("events", "an array of at most 2000; send the rest in another batch"));
        }
        let events = events.iter().map(parse_event).collect();
        Ok(Self { key, sent, ttl_days: ttl.unwrap_or(MAX_TTL_DAYS).min(MAX_TTL_DAYS), journey, loss, events })
    }
}

impl Journey {
    fn parse(journey: &Map<String, Value>) -> Result<Self, BatchError> {
        Ok(Self {
            id: required(journey, "id", ("journey.id", "16 characters of 0-9 and a-z"), is_journey_id)?,
            leg: required(journey, "leg", ("journey.leg", "5 characters of 0-9 and a-z"), |leg| is_base(leg, 5))?,
            started: optional_integer(journey, "started", ("journey.started", "Unix seconds, an integer from 0"))?,
            stage: optional(journey, "stage", ("journey.stage", "a name of at most 40 characters"), is_word)?,
            device: optional(journey, "device", ("journey.device", "a name of at most 40 characters"), is_word)?,
            lang: optional(journey, "lang", ("journey.lang", "a language tag like fi or en-GB"), is_lang)?,
            consent: match journey.get("consent") {
                None | Some(Value::Null) => None,
                Some(Value::Object(consent)) => Some(known_consent(consent)?),
                Some(_) => return Err(BatchError::Member("journey.consent", "an object")),
            },
        })
    }
}

/// Keeps who reported which purpose, when and under which text; nothing else that somebody might put there.
fn known_consent(consent: &Map<String, Value>) -> Result<String, BatchError> {
    let mut known = Map::new();
    for purpose in ["measure", "remember", "feedback"] {
        let Some(decision) = consent.get(purpose) else { continue };
        let Value::Object(decision) = decision else {
            return Err(BatchError::Member("journey.consent", "an object of objects: {\"measure\":{\"by\":…}}"));
        };
        let mut kept = Map::new();
        for member in ["by", "hour", "policy"] {
            match decision.get(member) {
                Some(Value::String(text)) if text.len() <= 64 => kept.insert(member.into(), text.clone().into()),
                Some(Value::Number(number)) => kept.insert(member.into(), number.clone().into()),
                _ => None,
            };
        }
        known.insert(purpose.into(), kept.into());
    }
    Ok(Value::Object(known).to_string())
}

impl Loss {
    fn parse(loss: &Map<String, Value>) -> Result<Self, BatchError> {
        const COUNT: &str = "an integer from 0";
        Ok(Self {
            captured: optional_integer(loss, "captured", ("loss.captured", COUNT))?.unwrap_or(0),
            sent: optional_integer(loss, "sent", ("loss.sent", COUNT))?.unwrap_or(0),
            queued: optional_integer(loss, "queued", ("loss.queued", COUNT))?.unwrap_or(0),
            dropped: match loss.get("dropped") {
                None | Some(Value::Null) => "{}".into(),
                Some(dropped @ Value::Object(reasons)) if reasons.values().all(Value::is_u64) => dropped.to_string(),
                Some(_) => return Err(BatchError::Member("loss.dropped", "an object of counts")),
            },
        })
    }
}

fn parse_event(event: &Value) -> Result<Event, Rejected> {
    let Value::Object(event) = event else {
        return Err(Rejected { seq: None, why: "an event must be an object" });
    };
    let seq = integer(event.get("seq")).filter(|seq| *seq >= 1);
    let no = |why| Rejected { seq, why };
    let Some(number) = seq else {
        return Err(no("\"seq\" must be an integer from 1"));
    };
    let at = match event.get("at") {
        None | Some(Value::Null) => None,
        at => Some(integer(at).ok_or(no("\"at\" must be an integer from 0"))?),
    };
    let text = |member: &str, good: fn(&str) -> bool, why| match event.get(member) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if good(text) => Ok(Some(text.clone())),
        Some(_) => Err(no(why)),
    };
    let name = text("name", is_event_name, "\"name\" must be snake_case of at most 40 characters")?
        .ok_or(no("\"name\" is missing"))?;
    let data = match event.get("data") {
        None | Some(Value::Null) => None,
        Some(data @ Value::Object(_)) => Some(data),
        Some(_) => return Err(no("\"data\" must be an object")),
    };
    if name == "erase" {
        let journeys = data.and_then(erased_journeys).ok_or(no("\"data.journeys\" must be an array of journey ids"))?;
        return Ok(Event::Erase { seq: number, journeys });
    }
    Ok(Event::Touch(Touch {
        seq: number,
        at,
        name,
        lens: text("lens", is_word, "\"lens\" must be a name of at most 40 characters")?,
        stage: text("stage", is_word, "\"stage\" must be a name of at most 40 characters")?,
        page: text("page", |page| page.len() <= 500, "\"page\" must be a text of at most 500 characters")?,
        data: data.map(Value::to_string),
    }))
}

fn erased_journeys(data: &Value) -> Option<Vec<String>> {
    let ids = data.get("journeys")?.as_array().filter(|ids| ids.len() <= MAX_ERASED)?;
    ids.iter().map(|id| id.as_str().filter(|id| is_journey_id(id)).map(str::to_owned)).collect()
}

fn required(
    object: &Map<String, Value>,
    member: &str,
    want: Member,
    good: impl Fn(&str) -> bool,
) -> Result<String, BatchError> {
    optional(object, member, want, good)?.ok_or(BatchError::Member(want.0, want.1))
}

fn optional(
    object: &Map<String, Value>,
    member: &str,
    want: Member,
    good: impl Fn(&str) -> bool,
) -> Result<Option<String>, BatchError> {
    match object.get(member) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if good(text) => Ok(Some(text.clone())),
        Some(_) => Err(BatchError::Member(want.0, want.1)),
    }
}

fn optional_integer(object: &Map<String, Value>, member: &str, want: Member) -> Result<Option<i64>, BatchError> {
    match object.get(member) {
        None | Some(Value::Null) => Ok(None),
        value => integer(value).map(Some).ok_or(BatchError::Member(want.0, want.1)),
    }
}

fn integer(value: Option<&Value>) -> Option<i64> {
    value.and_then(Value::as_i64).filter(|number| (0..=MAX_INTEGER).contains(number))
}

fn is_base(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase())
}

/// Whether this can be the id of a journey.
pub fn is_journey_id(text: &str) -> bool {
    is_base(text, 16)
}

pub(super) fn is_key(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

fn is_lang(text: &str) -> bool {
    (1..=35).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// Names that come from a closed list or from a shop's own framework: a shop may write `post-purchase`.
fn is_word(text: &str) -> bool {
    (1..=40).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_'))
}

fn is_event_name(text: &str) -> bool {
    is_word(text) && text.starts_with(|first: char| first.is_ascii_lowercase()) && !text.contains('-')
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::json;

    fn golden() -> Value {
        json!({"polku":1,"key":"pk_demo","batch":"c4","sent":1795284085,"ttl_days":395,
            "journey":{"id":"9xk2m4t0c7qe3fzb","leg":"k3v9a","started":1795284000,"stage":"decision","device":"mobile",
                "lang":"fi","consent":{"measure":{"by":"cookiebot","hour":498690,"policy":"2026-11"}}},
            "loss":{"captured":41,"sent":30,"queued":11,"dropped":{"full":2}},
            "events":[{"seq":12,"at":84200,"name":"add_to_cart","lens":"did","stage":"decision","page":"/p/:id",
                "data":{"items":[{"item_id":"SKU-1","quantity":1}],"value":48,"currency":"EUR"}}]})
    }

    fn parse(value: &Value) -> Result<Batch, BatchError> {
        Batch::parse(value.to_string().as_bytes())
    }

    #[test]
    fn the_batch_of_the_design_is_read() {
        let batch = parse(&golden()).unwrap();
        assert_eq!((batch.key.as_str(), batch.ttl_days, batch.sent), ("pk_demo", 395, Some(1_795_284_085)));
        assert_eq!(batch.journey.stage.as_deref(), Some("decision"));
        assert_eq!(batch.loss.unwrap().dropped, r#"{"full":2}"#);
        let Ok(Event::Touch(touch)) = &batch.events[0] else { panic!("a touchpoint") };
        assert_eq!((touch.seq, touch.at, touch.name.as_str()), (12, Some(84200), "add_to_cart"));
    }

    #[test]
    fn unknown_keys_are_ignored_everywhere() {
        let mut value = golden();
        value["weight"] = json!(4);
        value["journey"]["mood"] = json!("?");
        value["journey"]["consent"]["measure"]["name"] = json!("Maija");
        value["events"][0]["client"] = json!("ios-safari");
        let batch = parse(&value).unwrap();
        assert!(batch.events[0].is_ok());
        assert!(!batch.journey.consent.unwrap().contains("Maija"));
    }

    #[test]
    fn a_missing_or_wrong_member_is_named() {
        for (pointer, member) in [
            ("/polku", "polku"),
            ("/key", "key"),
            ("/batch", "batch"),
            ("/sent", "sent"),
            ("/ttl_days", "ttl_days"),
            ("/journey", "journey"),
            ("/journey/id", "journey.id"),
            ("/journey/leg", "journey.leg"),
            ("/journey/started", "journey.started"),
            ("/journey/stage", "journey.stage"),
            ("/journey/device", "journey.device"),
            ("/journey/lang", "journey.lang"),
            ("/journey/consent", "journey.consent"),
            ("/loss", "loss"),
            ("/loss/captured", "loss.captured"),
            ("/loss/dropped", "loss.dropped"),
            ("/events", "events"),
        ] {
            let mut value = golden();
            *value.pointer_mut(pointer).unwrap() = json!([1]);
            if pointer == "/events" {
                value["events"] = json!({});
            }
            let sentence = parse(&value).unwrap_err().to_string();
            assert!(sentence.contains(&format!("\"{member}\"")), "{pointer}: {sentence}");
        }
        for member in ["polku", "key", "batch", "journey", "events"] {
            let mut value = golden();
            value.as_object_mut().unwrap().remove(member);
            assert!(parse(&value).unwrap_err().to_string().contains(&format!("\"{member}\"")), "{member}");
        }
        for member in ["id", "leg"] {
            let mut value = golden();
            value["journey"].as_object_mut().unwrap().remove(member);
            assert!(parse(&value).unwrap_err().to_string().contains(&format!("\"journey.{member}\"")), "{member}");
        }
    }

    #[test]
    fn nonsense_is_refused_without_a_panic() {
        for body in [&b""[..], b"[]", b"null", b"{", b"\xff\xfe", b"\"polku\"", &[b'['; 100_000]] {
            assert_eq!(Batch::parse(body), Err(BatchError::NotAnObject));
        }
        let mut value = golden();
        value["polku"] = json!(2);
        assert_eq!(parse(&value), Err(BatchError::Version));
    }

    #[test]
    fn a_bad_event_does_not_spoil_the_batch() {
        let mut value = golden();
        value["events"] = json!([
            {"seq":1,"at":0,"name":"page_view"},
            {"seq":0,"at":0,"name":"page_view"},
            {"seq":2,"at":-1,"name":"page_view"},
            {"seq":3,"at":1.5,"name":"page_view"},
            {"seq":4,"at":0,"name":"PageView"},
            {"seq":5,"at":0,"name":"a".repeat(41)},
            {"seq":6,"at":0},
            {"seq":7,"at":0,"name":"page_view","data":[]},
            {"seq":8,"at":0,"name":"page_view","lens":3},
            {"seq":9,"at":0,"name":"erase","data":{"journeys":["short"]}},
            "text",
            {"seq":10,"name":"prompt_answer"},
        ]);
        let events = parse(&value).unwrap().events;
        let good: Vec<_> = events.iter().map(Result::is_ok).collect();
        assert_eq!(good, [true, false, false, false, false, false, false, false, false, false, false, true]);
        let seqs: Vec<_> = events.iter().filter_map(|event| event.as_ref().err()).map(|bad| bad.seq).collect();
        assert_eq!(seqs[0], None);
        assert_eq!(seqs[1], Some(2));
    }

    #[test]
    fn an_answer_without_consent_needs_no_more_than_ids() {
        let value = json!({"polku":1,"key":"pk_demo","batch":"a1","journey":{"id":"0123456789abcdef","leg":"00000"},
            "events":[{"seq":1,"name":"prompt_answer","page":"/order","data":{"prompt":"nps","score":9}}]});
        let batch = parse(&value).unwrap();
        assert_eq!(batch.ttl_days, MAX_TTL_DAYS);
        assert!(batch.events[0].is_ok());
    }
}
