//! OTLP: a log record for each event, by OTLP's JSON mapping. Whole numbers are texts, and there is no empty value.

use super::copy;
use super::source::Event;
use super::template::{Scene, identity, quoted};
use super::{text, uuid};
use crate::json::{self, Scan, Writer};
use crate::list;
use crate::words::List;

/// Amounts and shares: doubles also where they happen to be whole, so that a column keeps its type.
const DOUBLES: List = list!["value", "price", "tax", "shipping", "discount", "confidence"];

/// Writes the event's record.
pub(super) fn write(out: &mut Writer, scene: &Scene<'_>, event: &Event<'_>) {
    let batch = scene.batch;
    let prefix = text::escaped(scene.format.setting("prefix", "").unwrap_or_default());
    // The one event of these pages that OpenTelemetry has a name for.
    let vital = event.name == "web_vitals";
    let own = |name: &str| [prefix.as_str(), ".", name].concat();
    out.raw("{");
    for (name, ms) in [("timeUnixNano", event.time), ("observedTimeUnixNano", scene.sent)] {
        out.key(name);
        out.raw("\"");
        out.number(ms);
        out.raw("000000\"");
    }
    out.number_member("severityNumber", 9);
    out.word_member("eventName", &if vital { "browser.web_vital".to_owned() } else { own(event.name) });
    out.key("attributes");
    out.raw("[");
    let stage = if event.stage.is_empty() { batch.stage } else { event.stage };
    let id = uuid::v5(&identity(batch, event.seq));
    for (name, value) in [
        ("session.id", batch.id),
        (&own("event_id"), &id),
        (&own("leg"), batch.leg),
        (&own("lens"), event.lens),
        (&own("stage"), stage),
        (&own("device"), batch.device),
        (&own("client"), event.client),
        // The path has its numbers and names taken out: a template is what it is.
        ("url.template", event.page),
        ("browser.language", batch.lang),
    ] {
        if !value.is_empty() {
            attribute(out, name, &mut |out| {
                out.key("stringValue");
                quoted(out, &text::whole(value));
            });
        }
    }
    attribute(out, &own("seq"), &mut |out| {
        out.key("intValue");
        out.raw("\"");
        out.number(event.seq);
        out.raw("\"");
    });
    if !batch.device.is_empty() {
        attribute(out, "browser.mobile", &mut |out| out.flag_member("boolValue", batch.device == "mobile"));
    }
    if vital {
        attribute(out, "browser.web_vital.id", &mut |out| out.word_member("stringValue", &id));
    }
    let weight = [own("weight"), batch.weight.to_owned()];
    if super::template::number(batch.weight).is_some() {
        attribute(out, &weight[0], &mut |out| value(out, &mut Scan::new(&weight[1]), false));
    }
    let mut scan = Scan::new(event.data);
    let mut first = true;
    if scan.expect(b'{').is_some() {
        while scan.another(b'}', &mut first) == Some(true) {
            let Some((key, raw)) = scan.key().zip(scan.value()) else { break };
            let name = match key {
                // The convention's own attributes, and its names for metrics.
                "name" if vital => {
                    let lower = raw.to_ascii_lowercase();
                    attribute(out, "browser.web_vital.name", &mut |out| value(out, &mut Scan::new(&lower), false));
                    continue;
                }
                // Each is told once: all of it is new.
                "value" if vital => {
                    for name in ["browser.web_vital.value", "browser.web_vital.delta"] {
                        attribute(out, name, &mut |out| value(out, &mut Scan::new(raw), true));
                    }
                    continue;
                }
                "rating" if vital => "browser.web_vital.rating".to_owned(),
                // What has the name of an attribute of every event keeps out of its way.
                "event_id" | "leg" | "lens" | "stage" | "device" | "client" | "seq" | "weight" => {
                    own(&["data.", key].concat())
                }
                _ => own(key),
            };
            let start = out.as_str().len();
            let mut any = false;
            attribute(out, &text::whole(&name), &mut |out| {
                let before = out.as_str().len();
                value(out, &mut Scan::new(raw), DOUBLES.place(key).is_some());
                any = out.as_str().len() > before;
            });
            if !any {
                out.truncate(start);
            }
        }
    }
    out.raw("]}");
}

/// `{"key":…,"value":{…}}`, what is in the value written by `fill`.
fn attribute(out: &mut Writer, name: &str, fill: &mut dyn FnMut(&mut Writer)) {
    out.comma();
    out.raw("{");
    out.word_member("key", name);
    out.key("value");
    out.raw("{");
    fill(out);
    out.raw("}}");
}

/// The member of an `AnyValue` that holds what `scan` comes to; nothing for `null`.
fn value(out: &mut Writer, scan: &mut Scan<'_>, double: bool) {
    let mut first = true;
    match scan.next() {
        b'"' => {
            let raw = scan.value().unwrap_or("\"\"");
            out.key("stringValue");
            quoted(out, &text::whole(json::inside(raw).unwrap_or_default()));
        }
        b'[' => {
            out.raw("\"arrayValue\":{\"values\":[");
            scan.expect(b'[');
            while scan.another(b']', &mut first) == Some(true) {
                let start = out.as_str().len();
                out.comma();
                out.raw("{");
                let before = out.as_str().len();
                value(out, scan, double);
                let any = out.as_str().len() > before;
                out.raw("}");
                if !any {
                    out.truncate(start);
                }
            }
            out.raw("]}");
        }
        b'{' => {
            out.raw("\"kvlistValue\":{\"values\":[");
            scan.expect(b'{');
            while scan.another(b'}', &mut first) == Some(true) {
                let Some(key) = scan.key() else { return };
                let start = out.as_str().len();
                let mut any = false;
                attribute(out, &text::whole(key), &mut |out| {
                    let before = out.as_str().len();
                    value(out, scan, DOUBLES.place(key).is_some());
                    any = out.as_str().len() > before;
                });
                if !any {
                    out.truncate(start);
                }
            }
            out.raw("]}");
        }
        b't' | b'f' => {
            let raw = scan.value().unwrap_or_default();
            out.flag_member("boolValue", raw == "true");
        }
        b'n' => drop(scan.value()),
        _ => {
            let raw = scan.value().unwrap_or_default();
            // Within 64 bits for sure; what is longer is one for a double.
            let whole = raw.len() < 19 && raw.bytes().all(|byte| byte == b'-' || byte.is_ascii_digit());
            if whole && !double {
                out.word_member("intValue", raw);
            } else if copy::copied(raw).is_some() {
                out.key("doubleValue");
                out.raw(raw);
            }
        }
    }
}
