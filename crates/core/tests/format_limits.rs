//! What a format asks of the engine: batches within its limits become one request each, and none that a leaving page could not send.
#![allow(clippy::unwrap_used)]

use polku_core::format::{Dedupe, Format, Limits, NAMES};

/// Browsers let a leaving page send 64 KiB, which the page's other scripts share.
const MOST: usize = 60_000;

fn format(name: &str) -> Format {
    let set = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let mut settings = vec![set("origin", "https://www.a-shop-with-a-long-name.example")];
    match name {
        "matomo" => settings.push(set("idsite", "1")),
        "umami" => settings.push(set("website", "5b1f0c7e-1111-4222-8333-444455556666")),
        "plausible" => settings.push(set("domain", "a-shop-with-a-long-name.example")),
        _ => {}
    }
    Format::new(name, &settings).unwrap()
}

/// A batch of as many events as fit, made from `event` and their numbers.
fn batch(limits: &Limits, event: impl Fn(u32) -> String) -> String {
    let mut text = String::from(
        r#"{"polku":1,"key":"pk_0123456789abcdef","batch":"12","sent":1795284085,"ttl_days":395,"journey":{"id":"9xk2m4t0c7qe3fzb","leg":"k3v9a","started":1795284000,"stage":"consideration","device":"desktop","lang":"fi","consent":{"measure":{"by":"cookiebot","hour":498690,"policy":"2026-11"}}},"loss":{"captured":441,"sent":430,"queued":11,"dropped":{}},"events":["#,
    );
    for seq in 1..=limits.events {
        let event = event(seq);
        if text.len() + event.len() + 3 > limits.bytes as usize {
            assert!(seq > 1, "not even one event fits");
            break;
        }
        if seq > 1 {
            text.push(',');
        }
        text += &event;
    }
    text + "]}"
}

fn head(seq: u32, name: &str) -> String {
    format!(
        r#"{{"seq":{},"at":{},"name":"{name}","lens":"did","stage":"consideration","page":"/fi/tuotteet/kahvinkeittimet/:id""#,
        seq + 90_000,
        seq * 100 + 80_000_000
    )
}

/// A name, and the events of it.
type Kind = (&'static str, Box<dyn Fn(u32) -> String>);

/// From the smallest to the largest that the engine lets through.
fn events() -> Vec<Kind> {
    let item = |at: u32| {
        format!(
            r#"{{"item_id":"SKU-10{at}","item_name":"Kahvinkeitin \"Mylly {at}\"","item_brand":"Löyly","item_category":"Keittiö/Kahvi","item_variant":"musta","price":129,"quantity":1,"index":{at}}}"#
        )
    };
    let items = move |count| (0..count).map(item).collect::<Vec<_>>().join(",");
    vec![
        ("page_view", Box::new(|seq| head(seq, "page_view") + "}")),
        (
            "web_vitals",
            Box::new(|seq| {
                head(seq, "web_vitals")
                    + r##","client":"desktop-firefox","data":{"name":"LCP","value":2500,"rating":"good","target":"img#hero"}}"##
            }),
        ),
        (
            "rage_click",
            Box::new(|seq| {
                head(seq, "rage_click")
                    + r#","client":"android-chrome","data":{"count":5,"confidence":0.7,"target":"button#buy"}}"#
            }),
        ),
        (
            "add_to_cart",
            Box::new(move |seq| {
                format!(
                    r#"{},"data":{{"currency":"EUR","value":130,"items":[{}]}}}}"#,
                    head(seq, "add_to_cart"),
                    items(1)
                )
            }),
        ),
        (
            "view_item_list",
            Box::new(move |seq| {
                format!(
                    r#"{},"data":{{"item_list_name":"Kahvinkeittimet","currency":"EUR","items":[{}]}}}}"#,
                    head(seq, "view_item_list"),
                    items(24)
                )
            }),
        ),
        (
            "prompt_answer",
            Box::new(|seq| {
                let text = r#"\"Hyvä\"\n\\o/ ääöö 😀 "#.repeat(18);
                format!(
                    r#"{},"data":{{"prompt":"order-nps","version":2,"sub":"tkrp8","step":"why","rev":1,"ask":"text","text":"{text}"}}}}"#,
                    head(seq, "prompt_answer")
                )
            }),
        ),
        (
            "journey_summary",
            Box::new(|seq| {
                let path =
                    vec![r#"{"stage":"consideration","at":84200,"dwell":4200,"rule":"view_item_list"}"#; 24].join(",");
                format!(
                    r#"{},"data":{{"tab":"847h6","rev":2,"path":[{path}],"stages":{{}},"scores":[],"converted":false,"door":"other"}}}}"#,
                    head(seq, "journey_summary")
                )
            }),
        ),
    ]
}

#[test]
fn a_batch_within_the_limits_is_one_request_that_a_leaving_page_can_send() {
    let mut wrong = Vec::new();
    for name in NAMES {
        let format = format(name);
        let limits = format.limits();
        for (kind, event) in events() {
            let batch = batch(&limits, event);
            let requests = format.encode(&batch, 0).unwrap();
            let sizes: Vec<usize> = requests.iter().map(|request| request.body.len()).collect();
            if std::env::var_os("POLKU_SIZES").is_some() {
                let events = requests.first().map_or(0, |request| request.seqs.len());
                println!("{name:14} {kind:16} {events:3} events {:6} bytes become {sizes:?}", batch.len());
            }
            if sizes.len() > 1 || sizes.iter().any(|size| *size > MOST) {
                wrong.push(format!("{name}: {} bytes of {kind} become {sizes:?}", batch.len()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_too_long_becomes_several_requests_with_each_event_once() {
    for name in NAMES.iter().filter(|name| **name != "polku") {
        let (kind, event) = events().swap_remove(4);
        let all = Limits { events: 100, bytes: 480_000, ..format(name).limits() };
        let requests = format(name).encode(&batch(&all, event), 0).unwrap();
        assert!(requests.len() > 1, "{name} {kind}");
        for request in &requests {
            let one = request.seqs.len() == 1;
            assert!(request.body.len() <= MOST || one, "{name}: {} bytes", request.body.len());
        }
        let seqs: Vec<u64> = requests.iter().flat_map(|request| request.seqs.clone()).collect();
        assert_eq!(seqs, (90_001..=90_100).collect::<Vec<u64>>(), "{name}");
    }
}

#[test]
fn only_collectors_that_know_an_event_again_get_it_twice() {
    let strong = ["polku", "segment", "posthog", "cloudevents", "snowplow", "elasticsearch"];
    for name in NAMES {
        assert_eq!(format(name).limits().dedupe == Dedupe::Strong, strong.contains(name), "{name}");
    }
}

#[test]
fn plain_text_needs_no_asking_and_only_what_needs_none_may_be_opaque() {
    let asked = ["cloudevents", "otlp", "snowplow", "elasticsearch", "kafka-rest", "loki"];
    for name in NAMES {
        let limits = format(name).limits();
        assert_eq!(limits.preflight, asked.contains(name), "{name}");
        assert!(!(limits.preflight && limits.opaque), "{name}");
    }
    let header = vec![("header.authorization".to_owned(), "Bearer x".to_owned())];
    assert!(Format::new("json", &header).unwrap().limits().preflight);
    assert!(Format::new("ndjson", &header).is_err(), "an answer that cannot be read, and a header that is asked about");
}

#[test]
fn only_what_can_act_on_it_gets_an_order_to_erase() {
    let erases = ["polku", "ndjson", "json", "cloudevents", "kafka-rest"];
    for name in NAMES {
        assert_eq!(format(name).limits().erases, erases.contains(name), "{name}");
    }
    let set = |value: &str| vec![("erase".to_owned(), value.to_owned())];
    assert!(Format::new("clickhouse", &set("yes")).unwrap().limits().erases);
    assert!(!Format::new("json", &set("no")).unwrap().limits().erases);
}
