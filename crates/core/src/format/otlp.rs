//! OTLP: a log record for each event, by OTLP's JSON mapping. Whole numbers are texts, and there is no empty value.

use super::copy::{each, number, quoted};
use super::source::Event;
use super::template::{Scene, at, identity};
use super::{text, uuid};
use crate::json::{self, Writer};
use crate::list;
use crate::words::List;

/// Amounts and shares: doubles also where they happen to be whole, so that a column keeps its type.
const DOUBLES: List = list!["value", "price", "tax", "shipping", "discount", "confidence"];
/// What every event has an attribute for: data of these names keeps out of their way.
const TAKEN: List = list!["event_id", "leg", "lens", "stage", "device", "client", "seq", "weight"];

/// Writes the event's record.
pub(super) fn write(out: &mut Writer, scene: &Scene<'_>, event: &Event<'_>) {
    let batch = scene.batch;
    let prefix = text::escaped(scene.format.setting("prefix", "").unwrap_or_default());
    // The one event of these pages that OpenTelemetry has a name for.
    let vital = event.name == "web_vitals";
    out.raw("{");
    for (name, ms) in [("timeUnixNano", event.time), ("observedTimeUnixNano", scene.sent)] {
        out.key(name);
        out.raw("\"");
        out.number(ms);
        out.raw("000000\"");
    }
    out.number_member("severityNumber", 9);
    out.key("eventName");
    quoted(out, &if vital { "browser.web_vital".to_owned() } else { at(&prefix, event.name) });
    out.key("attributes");
    out.raw("[");
    let (mut id, mut seq) = (Writer::default(), Writer::default());
    uuid::v5(&mut id, &identity(batch, event.seq));
    seq.number(event.seq);
    let mobile = match batch.device {
        "" => "",
        "mobile" => "true",
        _ => "false",
    };
    for (name, raw, is_text) in [
        ("session.id", batch.id, true),
        ("event_id", id.as_str(), true),
        ("browser.web_vital.id", if vital { id.as_str() } else { "" }, true),
        ("leg", batch.leg, true),
        ("seq", seq.as_str(), false),
        ("lens", event.lens, true),
        ("stage", event.stage, true),
        ("device", batch.device, true),
        ("client", event.client, true),
        ("weight", number(batch.weight).unwrap_or_default(), false),
        // The path has its numbers and names taken out: a template is what it is.
        ("url.template", event.page, true),
        ("browser.language", batch.lang, true),
        ("browser.mobile", mobile, false),
    ] {
        let own;
        let name = if TAKEN.place(name).is_some() {
            own = at(&prefix, name);
            &own
        } else {
            name
        };
        if is_text && !raw.is_empty() {
            let mut text = Writer::default();
            quoted(&mut text, raw);
            attribute(out, name, text.as_str(), false);
        } else if !raw.is_empty() {
            attribute(out, name, raw, false);
        }
    }
    each(event.data, &mut |key, raw| {
        let double = DOUBLES.place(key).is_some();
        match key {
            // The convention's own attributes, and its names for metrics. Each is told once: all of it is new.
            "name" if vital => {
                let mut lower = raw.to_owned();
                lower.make_ascii_lowercase();
                attribute(out, "browser.web_vital.name", &lower, false);
            }
            "value" if vital => {
                attribute(out, "browser.web_vital.value", raw, true);
                attribute(out, "browser.web_vital.delta", raw, true);
            }
            "rating" if vital => attribute(out, "browser.web_vital.rating", raw, false),
            _ if TAKEN.place(key).is_some() => attribute(out, &at(&at(&prefix, "data"), key), raw, double),
            _ => attribute(out, &at(&prefix, key), raw, double),
        }
    });
    out.raw("]}");
}

/// `{"key":…,"value":{…}}` from a raw JSON value; nothing for `null`.
fn attribute(out: &mut Writer, name: &str, raw: &str, double: bool) {
    if raw != "null" {
        out.comma();
        out.raw("{");
        out.key("key");
        quoted(out, name);
        out.key("value");
        value(out, raw, double);
        out.raw("}");
    }
}

/// An `AnyValue`.
fn value(out: &mut Writer, raw: &str, double: bool) {
    out.raw("{");
    match raw.as_bytes().first() {
        Some(b'"') => {
            out.key("stringValue");
            quoted(out, json::inside(raw).unwrap_or_default());
        }
        Some(open @ (b'[' | b'{')) => {
            out.key(if *open == b'[' { "arrayValue" } else { "kvlistValue" });
            out.raw("{");
            out.key("values");
            out.raw("[");
            each(raw, &mut |key, raw| {
                if *open == b'{' {
                    attribute(out, key, raw, DOUBLES.place(key).is_some());
                } else if raw != "null" {
                    out.comma();
                    value(out, raw, double);
                }
            });
            out.raw("]}");
        }
        Some(b't' | b'f') => {
            out.key("boolValue");
            out.raw(raw);
        }
        // Within 64 bits for sure; what is longer is one for a double.
        _ if !double && raw.len() < 19 && raw.bytes().all(|byte| byte == b'-' || byte.is_ascii_digit()) => {
            out.word_member("intValue", raw);
        }
        _ => {
            out.key("doubleValue");
            out.raw(raw);
        }
    }
    out.raw("}");
}
