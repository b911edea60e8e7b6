//! JSON, times and ids, read as strictly as any receiver does.

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::collections::BTreeMap;
use std::fmt;

/// Reads one JSON text. A member that stands there twice is an error: receivers disagree on which one counts.
pub(crate) fn json(text: &str) -> Value {
    let Strict(value) = serde_json::from_str(text).unwrap_or_else(|why| panic!("{why}: {text}"));
    value
}

/// Reads lines of JSON: each ends with a line feed, and none is empty.
pub(crate) fn lines(text: &str) -> Vec<Value> {
    assert!(text.ends_with('\n'), "the last line is not ended: {text:?}");
    text.split_terminator('\n').map(json).collect()
}

struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Reader).map(Self)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("no number"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Strict(value)) = from.next_element()? {
            list.push(value);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some((key, Strict(value))) = from.next_entry::<String, _>()? {
            if map.contains_key(&key) {
                return Err(de::Error::custom(format!("`{key}` stands there twice")));
            }
            map.insert(key, value);
        }
        Ok(Value::Object(map))
    }
}

/// The text of a member.
#[track_caller]
pub(crate) fn text(value: &Value, member: &str) -> String {
    value[member].as_str().unwrap_or_else(|| panic!("`{member}` is no text: {value}")).to_owned()
}

/// The members of an object are these, `?` behind those that may be left out.
#[track_caller]
pub(crate) fn members(value: &Value, allowed: &[&str]) {
    let object = value.as_object().unwrap_or_else(|| panic!("no object: {value}"));
    let bare: Vec<&str> = allowed.iter().map(|name| name.trim_end_matches('?')).collect();
    for key in object.keys() {
        assert!(bare.contains(&key.as_str()), "`{key}` does not belong into {value}");
    }
    for name in allowed.iter().filter(|name| !name.ends_with('?')) {
        assert!(object.contains_key(*name), "`{name}` is missing in {value}");
    }
}

/// Unix milliseconds of `2026-01-01T00:00:00.123Z`; nothing else is let through.
#[track_caller]
pub(crate) fn rfc3339(text: &str) -> u64 {
    let shape: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    assert_eq!(shape, "0000-00-00T00:00:00.000Z", "no RFC 3339 in UTC with milliseconds: {text}");
    let number = |from: usize, to: usize| text[from..to].parse::<u64>().unwrap();
    let (year, month, day) = (number(0, 4), number(5, 7), number(8, 10));
    let (hour, minute, second) = (number(11, 13), number(14, 16), number(17, 19));
    let leap = |year: u64| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let lengths = [31, if leap(year) { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    assert!((1..=12).contains(&month) && (1..=lengths[month as usize - 1]).contains(&day), "no day: {text}");
    assert!(hour < 24 && minute < 60 && second < 60, "no time of day: {text}");
    let years: u64 = (1970..year).map(|year| if leap(year) { 366 } else { 365 }).sum();
    let days = years + lengths[..month as usize - 1].iter().sum::<u64>() + day - 1;
    (((days * 24 + hour) * 60 + minute) * 60 + second) * 1000 + number(20, 23)
}

/// Unix milliseconds of nanoseconds in decimal digits.
#[track_caller]
pub(crate) fn nanoseconds(text: &str) -> u64 {
    let ms = text.strip_suffix("000000").filter(|ms| ms.bytes().all(|byte| byte.is_ascii_digit()));
    ms.and_then(|ms| ms.parse().ok()).unwrap_or_else(|| panic!("no nanoseconds of whole milliseconds: {text}"))
}

/// In the canonical form of RFC 9562, with a version and a variant.
pub(crate) fn is_uuid(text: &str) -> bool {
    let shape: String = text.chars().map(|c| if "0123456789abcdef".contains(c) { 'x' } else { c }).collect();
    shape == "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"
        && (b'1'..=b'8').contains(&text.as_bytes()[14])
        && b"89ab".contains(&text.as_bytes()[19])
}

#[track_caller]
pub(crate) fn assert_uuid(text: &str) {
    assert!(is_uuid(text), "no UUID: {text}");
}

/// The pairs of a query, decoded as forms are. One that stands there twice is an error.
#[track_caller]
pub(crate) fn query(text: &str) -> BTreeMap<String, String> {
    // Whatever a URL may not hold would be mended in silence.
    let fine = |byte: u8| byte.is_ascii_graphic() && !b"\"<>\\^`{|}#".contains(&byte);
    assert!(text.bytes().all(fine), "not escaped: {text}");
    let mut pairs = BTreeMap::new();
    for (key, value) in form_urlencoded::parse(text.as_bytes()) {
        assert!(!value.contains('\u{fffd}'), "{key} is no UTF-8: {text}");
        assert!(pairs.insert(key.clone().into_owned(), value.into_owned()).is_none(), "{key} twice: {text}");
    }
    pairs
}

#[test]
fn what_is_not_strict_is_refused() {
    assert_eq!(rfc3339("2026-01-01T00:00:00.123Z"), 1_767_225_600_123);
    assert_eq!(rfc3339("2024-02-29T23:59:59.000Z"), 1_709_251_199_000);
    assert_eq!(nanoseconds("1767225600123000000"), 1_767_225_600_123);
    assert!(is_uuid("0f8fad5b-d9cb-469f-a165-70867728950e"));
    assert!(!is_uuid("0f8fad5b-d9cb-069f-a165-70867728950e") && !is_uuid("0F8FAD5B-D9CB-469F-A165-70867728950E"));
    let refused = |text: &'static str| std::panic::catch_unwind(|| json(text)).is_err();
    assert!(
        refused("{\"a\":1,\"b\":{\"c\":1,\"c\":1}}") && refused("[1,]") && !refused("{\"a\":[1,null,true,\"x\",0.5]}")
    );
    for text in ["2026-01-01T00:00:00Z", "2026-02-29T00:00:00.000Z", "2026-01-01T00:00:00.123+00:00"] {
        assert!(std::panic::catch_unwind(|| rfc3339(text)).is_err(), "{text}");
    }
    assert_eq!(query("a=1+2%26&b=%C3%A4")["a"], "1 2&");
}
