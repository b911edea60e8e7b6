//! A shop's own preset: what can be written in it, and what is said of what cannot.
#![allow(clippy::unwrap_used)]

mod cases;

use polku_core::Code;
use polku_core::format::{Format, NAMES};
use serde_json::{Value, json};

const BATCH: &str = include_str!("formats/batches/commerce.json");

fn own() -> Value {
    json!({
        "v": 1, "path": "/in", "headers": {"content-type": "text/plain"},
        "settings": {"token": {"also": "key2 key3", "default": "none"}},
        "choose": {"shape": {"long": {}, "short": {"event": {"n": "{name:own}"}}}},
        "names": {"add_to_cart": "Added"}, "keys": {"currency": "cur", "items": "lines", "items.item_id": "sku"},
        "lift": ["view_item"], "without": ["purchase"],
        "event": {"n": "{name}", "t": "{time:ms}", "...": "{data}"}, "only": {"view_item": {"seen": "{data}"}},
        "body": {"token": "{token}", "list": ["{events}"]},
    })
}

fn set(settings: &[(&str, &str)]) -> Vec<(String, String)> {
    settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// The first request's body.
fn body(preset: &Value, settings: &[(&str, &str)]) -> Value {
    let format = Format::new(&preset.to_string(), &set(settings)).unwrap_or_else(|why| panic!("{why}"));
    serde_json::from_str(&format.encode(BATCH, 0).unwrap()[0].body).unwrap()
}

/// The first event of [`BATCH`] in `template`.
fn shown(template: Value) -> Value {
    let preset = json!({"v": 1, "path": "/", "event": template, "body": ["{events}"]});
    body(&preset, &[("origin", "https://shop.example/")])[0].clone()
}

#[test]
fn templates_write_what_they_are_told() {
    for (template, wanted) in [
        (json!("{time:rfc3339}"), json!("2026-11-21T18:00:01.200Z")),
        (json!("{time:s}"), json!(1_795_284_001)),
        (json!("{time:ms}"), json!(1_795_284_001_200_u64)),
        (json!("{time:us:text}"), json!("1795284001200000")),
        (json!("{time:ns:text}"), json!("1795284001200000000")),
        (json!("{sent:ms}"), json!(1_795_284_085_000_u64)),
        (json!("at {time:s}, {{not {name:own}"), json!("at 1795284001, {not view_item")),
        (json!("{id:own}"), json!("9xk2m4t0c7qe3fzb.k3v9a.1")),
        (json!("{session}"), json!("9xk2m4t0c7qe3fzb")),
        (json!("{session:uuid}"), json!("4675fc00-9357-5a28-afd0-fbf5cf580066")),
        (json!("{seq:text}"), json!("1")),
        (json!(["{seq}", "{client}", "{lens}", null, true, 1.50]), json!([1, "did", null, true, 1.5])),
        (json!("{origin}"), json!("https://shop.example")),
        (json!("{origin:host}"), json!("shop.example")),
        (json!("{url}"), json!("https://shop.example/p/:id")),
        (json!("{yes}"), json!(true)),
        (json!("{data.value}"), json!(19.9)),
        (json!("{data.value:number:text}"), json!("19.9")),
        (json!("{data.currency:word}"), json!("EUR")),
        (json!("{data.currency:text}"), json!("EUR")),
        (json!({"a": "{data.currency:number}", "b": "{data.absent}", "c": 1}), json!({"c": 1})),
        (
            json!({"a": "{name@view_item}", "b": "{name@!view_item|purchase}", "c": "{no@purchase|view_item}"}),
            json!({"a": "view_item", "c": false}),
        ),
        (json!("{data.currency} {data.value}"), json!("EUR 19.9")),
        (json!({"a": "x{data.items}", "b": 1}), json!({"b": 1})),
        (json!({"{first}": ["{client}", "{lang}", "{lens}"]}), json!("fi")),
        (json!({"money": {"{all}": {"a": "{data.value}", "b": "{data.tax}"}}, "x": 1}), json!({"x": 1})),
        (json!({"{all}": {"a": "{data.value}", "b": "{seq}"}}), json!({"a": 19.9, "b": 1})),
        (json!({"{text}": {"a": "{seq}", "q": "\"\\"}}), json!("{\"a\":1,\"q\":\"\\\"\\\\\"}")),
        (json!({"value": 1, "...": "{data:scalars}"}), json!({"value": 1, "currency": "EUR"})),
        (
            json!({"...": "{data:strings}"})["..."].clone(),
            json!({"currency": "EUR", "value": "19.9", "items": "[{\"item_id\":\"A1\",\"item_name\":\"Shoe\",\"item_brand\":\"Kuura\",\"item_category\":\"shoes\",\"item_variant\":\"red\",\"price\":19.9,\"quantity\":2,\"index\":3}]"}),
        ),
    ] {
        let got = shown(template.clone());
        assert_eq!(got, wanted, "{template}");
    }
}

#[test]
fn settings_are_never_pasted() {
    let preset = json!({"v": 1, "path": "/a/{key}?b=1{&token}", "headers": {"x-token": "{token}"}, "settings": {"token": {}},
        "event": {"{key}": "no place in a name", "k": "{key}"}, "body": {"key": "{key} {key}", "list": ["{events}"]}});
    let format = Format::new(&preset.to_string(), &set(&[("key", "a\"},{\"b/ä"), ("token", "1&2=3")])).unwrap();
    let request = &format.encode(BATCH, 0).unwrap()[0];
    assert_eq!(request.path, "/a/a%22%7D%2C%7B%22b%2F%C3%A4?b=1&token=1%262%3D3");
    let body: Value = serde_json::from_str(&request.body).unwrap();
    assert_eq!(body["key"], "a\"},{\"b/ä a\"},{\"b/ä");
    assert_eq!(body["list"][0]["k"], "a\"},{\"b/ä");
}

#[test]
fn an_own_preset_renames_lifts_leaves_out_and_chooses() {
    let body = body(&own(), &[("key3", "T")]);
    assert_eq!(
        body,
        json!({"token": "T", "list": [
            {"seen": {"cur": "EUR", "value": 19.9, "sku": "A1", "item_name": "Shoe", "item_brand": "Kuura", "item_category": "shoes", "item_variant": "red",
                "price": 19.9, "quantity": 2, "index": 3}},
            {"n": "Added", "t": 1_795_284_061_300_u64, "cur": "EUR", "value": 39.8, "lines": [{"sku": "A1", "item_name": "Shoe", "item_brand": "Kuura",
                "item_category": "shoes", "item_variant": "red", "price": 19.9, "quantity": 2, "index": 3}]},
        ]})
    );
    assert_eq!(self::body(&own(), &[("shape", "short")])["list"][1], json!({"n": "add_to_cart"}));
}

#[test]
fn what_is_wrong_with_a_preset_is_named_with_what_to_write_instead() {
    let with = |pointer: &str, value: Value| {
        let mut preset = own();
        let (outer, member) = pointer.rsplit_once('/').unwrap();
        preset.pointer_mut(outer).unwrap()[member] = value;
        preset
    };
    for (pointer, value, field, fix) in [
        ("/v", json!(2), "v", "write \"v\": 1"),
        ("/evnt", json!({}), "evnt", "no such member; write one of v, name,"),
        ("/event", json!({"a": {"b": ["{tiem:ms}"]}}), "event.a.b[0] {tiem:ms}", "is no place; write events, sent,"),
        ("/event", json!({"a": "{time}"}), "event.a {time}", "rfc3339, s, ms, us or ns"),
        ("/event", json!({"a": "{seq:hex}"}), "event.a {seq:hex}", "leave out what follows the colon"),
        ("/event", json!({"a": "{id@boght}"}), "event.a {boght}", "is no event's name"),
        ("/event", json!({"a": "x{data}"}), "event.a {data}", "let it stand alone"),
        ("/event", json!({"...": "{seq}"}), "event {seq}", "write {data}"),
        ("/event", json!({"a": "{origin:port}"}), "event.a {origin:port}", ":host"),
        ("/only", json!({"view_item": {"a": "{x}"}}), "only.view_item.a {x}", "is no place"),
        ("/only", json!({"view_itm": {}}), "only.view_itm", "no event has this name"),
        ("/only", json!([]), "only", "write an object"),
        ("/body", json!({"a": "{seq}", "b": ["{events}"]}), "body.a {seq}", "cannot stand around the events"),
        ("/body", json!({"a": "{events}"}), "body.a", "put {events} into a list"),
        ("/body", json!({"a": []}), "body", "has no place for the events"),
        ("/path", json!("/a b"), "path", "write it encoded"),
        ("/headers", json!({"a b": "c"}), "headers.a b", "the name of a header"),
        ("/keys", json!({"a": 1}), "keys.a", "null to leave the member out"),
        ("/code", json!("otlp"), "event", "code says how an event looks"),
        ("/names", json!({"add_to_card": "x"}), "names.add_to_card", "no event has this name"),
        ("/names", json!({"add_to_cart": 1}), "names.add_to_cart", "write a text"),
        ("/lift", json!("view_item"), "lift", "write a list"),
        ("/without", json!(["x"]), "without.x", "no event has this name"),
        ("/most", json!({"events": 0}), "most.events", "from 1 to 100"),
        ("/most", json!({"weeks": 1}), "most.weeks", "events, bytes or hours"),
        ("/dedupe", json!("yes"), "dedupe", "none, weak or strong"),
        ("/opaque", json!(1), "opaque", "true or false"),
        ("/reads", json!("all"), "reads", "status, otlp"),
        ("/code", json!("ga4"), "code", "otlp, matomo or snowplow"),
        ("/path", json!("in"), "path", "from / on"),
        ("/path", json!("/{nokey}"), "path {nokey}", "declare it in settings"),
        ("/headers", json!({"x": "{nokey}"}), "headers.x {nokey}", "declare it in settings"),
        ("/headers", json!({"x": 1}), "headers.x", "write a text"),
        ("/settings", json!({"token": {"type": "x"}}), "settings.token.type", "also, default, need or check"),
        ("/settings", json!({"token": {"need": true}}), "token", "it is missing"),
        ("/choose", json!({"shape": {"long": {"body2": 1}}}), "choose.shape.long.body2", "no such member"),
        ("/choose", json!([]), "choose", "write an object"),
    ] {
        let preset = with(pointer, value);
        let problem = Format::new(&preset.to_string(), &[]).err().unwrap_or_else(|| panic!("{preset} is taken"));
        assert_eq!(problem.field, field, "{problem}");
        assert!(problem.fix.contains(fix), "{problem}");
        let setting = fix == "it is missing";
        assert_eq!(problem.code, if setting { Code::BadSetting } else { Code::BadPreset }, "{problem}");
    }
    for (missing, field) in [("event", "event"), ("body", "body"), ("path", "path"), ("v", "v")] {
        let mut preset = own();
        preset.as_object_mut().unwrap().remove(missing);
        assert_eq!(Format::new(&preset.to_string(), &[]).unwrap_err().field, field);
    }
    for text in ["{", "[1]", "{\"v\": 1,}", "{\"v\": 01}"] {
        let problem = Format::new(text, &[]).unwrap_err();
        assert!(problem.field == "preset" && problem.fix.contains("check its commas"), "{text}: {problem}");
    }
    assert_eq!(Format::new("posthoc", &[]).unwrap_err().code, Code::UnknownFormat);
}

#[test]
fn what_is_wrong_with_a_setting_is_named_with_what_to_write_instead() {
    for (format, settings, field, fix) in [
        ("posthog", &[("api", "x")][..], "api", "it has key, origin, path, erase, header.<name>"),
        ("segment", &[("vendor", "mixpanel")], "vendor", "segment, rudderstack, jitsu"),
        ("matomo", &[("idsite", "one")], "idsite", "a whole number"),
        ("umami", &[("website", "shop")], "website", "a UUID"),
        ("plausible", &[], "domain", "it is missing"),
        ("clickhouse", &[("table", "x; DROP TABLE y")], "table", "letters, digits"),
        ("json", &[("origin", "shop.example")], "origin", "https://shop.example"),
        ("json", &[("origin", "https://shop.example/fi/")], "origin", "https://shop.example"),
        ("json", &[("path", "in")], "path", "begin it with /"),
        ("json", &[("erase", "maybe")], "erase", "yes or no"),
        ("json", &[("key", "")], "key", "one line"),
        ("json", &[("header.x", "a\nb")], "header.x", "one line"),
        ("kafka-rest", &[("api", "v3")], "cluster", "a part of the address"),
    ] {
        let problem = Format::new(format, &set(settings)).err().unwrap_or_else(|| panic!("{format} {settings:?}"));
        assert_eq!(problem.field, field, "{problem}");
        assert!(problem.fix.contains(fix), "{problem}");
        assert_eq!(problem.code, Code::BadSetting);
    }
    // The batch's key stands in for the setting, and has to fit it.
    let problem = Format::new("matomo", &[]).unwrap().encode(BATCH, 0).unwrap_err();
    assert_eq!((problem.field.as_str(), problem.code), ("idsite", Code::BadSetting));
}

#[test]
fn what_is_wrong_with_a_batch_is_named_with_what_to_write_instead() {
    let good: Value = serde_json::from_str(BATCH).unwrap();
    let format = Format::new("ndjson", &[]).unwrap();
    for (pointer, value, field, fix) in [
        ("/polku", json!(2), "polku", "write 1"),
        ("/key", json!("pk demo"), "key", "1 to 64 letters"),
        ("/key", json!(1), "key", "write a text"),
        ("/sent", json!("now"), "sent", "a whole number"),
        ("/sent", json!(1.5), "sent", "a whole number"),
        ("/journey", json!([]), "journey", "an object with"),
        ("/journey/id", json!("short"), "journey.id", "16 small letters and digits"),
        ("/journey/leg", json!("K3V9A"), "journey.leg", "5 small letters and digits"),
        ("/journey/started", json!(-1), "journey.started", "a whole number"),
        ("/journey/lang", json!("f i"), "journey.lang", "letters, digits"),
        ("/events", json!({}), "events", "list the events"),
        ("/events/1", json!(7), "events[1]", "write an event"),
        ("/events/1/seq", json!(0), "events[1].seq", "from 1"),
        ("/events/1/name", json!("Add To Cart"), "events[1].name", "small letters"),
        ("/events/1/at", json!("1"), "events[1].at", "a whole number"),
        ("/events/1/stage", json!("de\"ci"), "events[1].stage", "letters, digits"),
        ("/events/2/data", json!([]), "events[2].data", "a JSON object"),
    ] {
        let mut batch = good.clone();
        *batch.pointer_mut(pointer).unwrap() = value;
        let problem = format.encode(&batch.to_string(), 0).unwrap_err();
        assert_eq!((problem.field.as_str(), problem.code), (field, Code::Unwritable), "{problem}");
        assert!(problem.fix.contains(fix), "{problem}");
    }
    for text in [
        "",
        "[]",
        "{",
        "{}",
        "null",
        &BATCH[..BATCH.len() / 2],
        &(BATCH.trim_end().to_owned() + "{}"),
        &BATCH.replace("19.9", "19."),
    ] {
        assert!(format.encode(text, 0).is_err(), "{text}");
    }
    let mut timeless = good.clone();
    timeless.as_object_mut().unwrap().remove("sent");
    timeless["journey"].as_object_mut().unwrap().remove("started");
    assert_eq!(format.encode(&timeless.to_string(), 0).unwrap_err().field, "sent");
}

#[test]
fn what_is_sent_late_says_when() {
    let format = Format::new("posthog", &[]).unwrap();
    let sent = |now| -> Value { serde_json::from_str(&format.encode(BATCH, now).unwrap()[0].body).unwrap() };
    assert_eq!(sent(0)["sent_at"], "2026-11-21T18:01:25.000Z");
    assert_eq!(sent(1_795_284_085_000 + 7_200_000)["sent_at"], "2026-11-21T20:01:25.000Z");
    assert_eq!(sent(1_000)["sent_at"], "2026-11-21T18:01:25.000Z", "a clock that was set back");
    assert_eq!(sent(1_795_999_999_000)["batch"], sent(0)["batch"], "events stay what they are");
}

#[test]
fn every_preset_is_one() {
    for name in NAMES {
        let file = std::path::Path::new(&std::env::var_os("CARGO_MANIFEST_DIR").unwrap())
            .join(format!("src/format/presets/{name}.json"));
        let preset: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
        assert_eq!(preset["name"], *name);
    }
}

mod any {
    use super::cases::cases;
    use super::*;
    use proptest::prelude::*;

    fn json_text() -> impl Strategy<Value = String> {
        let leaf = prop_oneof![
            Just("null".to_owned()),
            any::<bool>().prop_map(|it| it.to_string()),
            any::<i64>().prop_map(|it| it.to_string()),
            (0_u32..1000, 0_u32..100).prop_map(|(whole, part)| format!("{whole}.{part}")),
            any::<String>().prop_map(|text| serde_json::to_string(&text).unwrap()),
            "\\\\u[dD][89a-fA-F][0-9a-f]{2}".prop_map(|escape| format!("\"{escape}\"")),
        ];
        leaf.prop_recursive(3, 24, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(|list| format!("[{}]", list.join(","))),
                prop::collection::btree_map("[a-z_ .\"$]{0,6}", inner, 0..4).prop_map(|map| {
                    let members =
                        map.iter().map(|(key, value)| format!("{}:{value}", serde_json::to_string(key).unwrap()));
                    format!("{{{}}}", members.collect::<Vec<_>>().join(","))
                }),
            ]
        })
    }

    fn settings(name: &str) -> Vec<(String, String)> {
        set(match name {
            "matomo" => &[("idsite", "1")],
            "umami" => &[("website", "5b1f0c7e-1111-4222-8333-444455556666")],
            "plausible" => &[("domain", "shop.example")],
            _ => &[],
        })
    }

    proptest! {
        #![proptest_config(cases(96))]

        #[test]
        fn any_data_becomes_json_that_every_reader_takes(
            data in prop::collection::btree_map("(value|items|currency|name|score|target|[a-z]{1,5})", json_text(), 0..5),
            name in prop::sample::select(vec!["page_view", "purchase", "view_item", "search", "web_vitals", "prompt_answer", "view_promotion", "refund", "erase"]),
            page in any::<String>(),
        ) {
            let members: Vec<String> = data.iter().map(|(key, value)| format!("\"{key}\":{value}")).collect();
            let batch = format!(
                r#"{{"polku":1,"key":"k","sent":9,"journey":{{"id":"0123456789abcdef","leg":"00000"}},"events":[{{"seq":1,"name":"{name}","page":{},"data":{{{}}}}}]}}"#,
                serde_json::to_string(&page).unwrap(), members.join(",")
            );
            for format in NAMES {
                let requests = Format::new(format, &settings(format)).unwrap().encode(&batch, 0).unwrap();
                for request in requests.iter().filter(|_| *format != "polku") {
                    for value in serde_json::Deserializer::from_str(&request.body).into_iter::<Value>() {
                        prop_assert!(value.is_ok(), "{format}: {}", request.body);
                    }
                }
            }
        }

        #[test]
        fn any_text_is_survived(text in "[\\[\\]{}\",:a-z0-9.\\\\ ]{0,60}", body in any::<String>(), status in 0_u16..700) {
            for format in NAMES {
                let format = Format::new(format, &settings(format)).unwrap();
                let _ = format.encode(&text, 0);
                for body in [&text, &body] {
                    let reply = polku_core::format::Reply { status, headers: body, body };
                    let verdict = format.read(&reply, &[1, 2]);
                    if verdict.status == 200 && !matches!(verdict.body.as_str(), "?") && !format.limits().erases {
                        let read: Value = serde_json::from_str(&verdict.body).unwrap();
                        let count = |name: &str| read[name].as_u64().unwrap();
                        prop_assert!(count("accepted") + count("duplicate") + read["rejected"].as_array().unwrap().len() as u64 == 2, "{}", verdict.body);
                    }
                }
            }
            let _ = Format::new(&format!("{{\"v\":1,\"path\":\"/\",\"body\":[\"{{events}}\"],\"event\":{text}}}"), &[]);
            let _ = Format::new(&text, &[]);
        }
    }
}

/// The JSON texts of `docs/formats.md`.
fn documented() -> Vec<Value> {
    let file = std::path::Path::new(&std::env::var_os("CARGO_MANIFEST_DIR").unwrap()).join("../../docs/formats.md");
    let text = std::fs::read_to_string(file).unwrap();
    let texts = text.split("```json\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    texts.map(|text| serde_json::from_str(text).unwrap_or_else(|why| panic!("{why}: {text}"))).collect()
}

#[test]
fn what_the_documentation_shows_works() {
    let documented = documented();
    let preset = documented.iter().find(|value| value["v"] == 1).unwrap();
    let body = body(preset, &[("key", "K")]);
    assert_eq!(body["token"], "K");
    assert_eq!(body["list"][1]["what"], "Cart");
    assert_eq!(body["list"][1]["products"][0]["sku"], "A1");
    assert_eq!((&body["list"][2]["total"], &body["list"][2]["tax"]), (&json!(39.8), &Value::Null));
    let collectors = documented.iter().find_map(Value::as_array).unwrap();
    for collector in collectors {
        let format = collector["format"].as_str().unwrap_or("polku");
        let text = |(name, value): (&String, &Value)| (name.clone(), value.as_str().unwrap().to_owned());
        let settings: Vec<_> = collector["set"].as_object().into_iter().flatten().map(text).collect();
        Format::new(format, &settings).unwrap_or_else(|why| panic!("{collector}: {why}"));
    }
}

#[test]
fn the_documentation_tells_what_each_format_is() {
    let file = std::path::Path::new(&std::env::var_os("CARGO_MANIFEST_DIR").unwrap()).join("../../docs/formats.md");
    let text = std::fs::read_to_string(file).unwrap();
    for name in NAMES {
        let settings = match *name {
            "plausible" => set(&[("domain", "shop.example")]),
            _ => Vec::new(),
        };
        let limits = Format::new(name, &settings).unwrap().limits();
        let row =
            text.lines().find(|line| line.starts_with(&format!("| `{name}` |"))).unwrap_or_else(|| panic!("{name}"));
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        assert_eq!(cells[3].ends_with("asks first"), limits.preflight, "{row}");
        assert_eq!(cells[4].starts_with("yes"), limits.dedupe == polku_core::format::Dedupe::Strong, "{row}");
        assert_eq!(cells[5], if limits.erases { "yes" } else { "no" }, "{row}");
    }
}
