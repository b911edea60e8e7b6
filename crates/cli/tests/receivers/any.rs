//! What holds for every format.

use crate::agree;
use crate::encode::{Request, encode, run};
use crate::native;
use crate::settings;
use crate::strict;
use serde_json::json;

const FORMATS: &[&str] = &[
    "polku",
    "ndjson",
    "json",
    "segment",
    "posthog",
    "cloudevents",
    "clickhouse",
    "otlp",
    "matomo",
    "snowplow",
    "elasticsearch",
    "kafka-rest",
    "loki",
    "plausible",
    "umami",
];

fn each(check: impl Fn(&str, Vec<Request>)) {
    for format in FORMATS {
        check(format, encode(format, settings::of(format), &native::all()));
    }
}

#[test]
fn the_native_format_is_a_copy() {
    let batches = native::all();
    let requests = encode("polku", &[], &batches);
    assert_eq!(requests.len(), batches.len());
    for (request, batch) in requests.iter().zip(&batches) {
        assert_eq!(&request.body, batch);
        request.assert_simple();
    }
}

#[test]
fn batches_are_never_mixed() {
    // What is sent together is kept or refused together: a request holds events of one batch, and each batch makes at least one.
    each(|format, requests| {
        let alone: Vec<Request> = native::all()
            .iter()
            .flat_map(|batch| encode(format, settings::of(format), std::slice::from_ref(batch)))
            .collect();
        assert_eq!(alone, requests, "{format}");
    });
}

#[test]
fn nothing_of_the_consent_record_or_the_books_leaves() {
    // They are for Polku's own collector. What no format asks for would only tell shoppers apart.
    each(|format, requests| {
        for request in requests.iter().filter(|_| format != "polku") {
            for word in ["cookiebot", "498690", "captured", "ttl_days"] {
                assert!(!request.body.contains(word), "{format}: {word} in {}", request.body);
            }
        }
    });
}

#[test]
fn an_answer_without_consent_tells_the_hour_whenever_it_is_sent() {
    // As the widget does it, which knows the time.
    let now = native::SENT_UNJOINED * 1000 + 1_234_567;
    for format in FORMATS {
        let set: Vec<(String, String)> =
            settings::of(format).iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let writer = polku_core::format::Format::new(format, &set).unwrap_or_else(|why| panic!("{format}: {why}"));
        let bodies = |batch: &str, now| -> Vec<String> {
            let requests = writer.encode(batch, now).unwrap_or_else(|why| panic!("{format}: {why}"));
            requests.into_iter().map(|request| request.body).collect()
        };
        assert_eq!(bodies(&native::unjoined(), now), bodies(&native::unjoined(), 0), "{format}");
        // Of a journey the time of sending counts, where the format has a place for it.
        let joined = native::all().swap_remove(0);
        let tells = ["segment", "posthog", "snowplow", "otlp"].contains(format);
        assert_eq!(bodies(&joined, now * 2) != bodies(&joined, 0), tells, "{format}");
    }
}

/// As large as a batch can be: a hundred events.
fn large() -> String {
    let event = |seq: u64| {
        let item = json!({"item_id":format!("SKU-{seq}"),"item_name":"Kettle","item_category":"kitchen","price":20,"quantity":1});
        json!({"seq":seq,"at":seq * 100,"name":"view_item","lens":"did","stage":"consideration","page":"/p/:id",
            "data":{"items":[item],"value":20,"currency":"EUR"}})
    };
    native::batch(native::JOURNEY, "k3v9a", "1", 1_795_284_090, &(1..=100).map(event).collect::<Vec<_>>())
}

#[test]
fn a_large_batch_is_cut_into_what_a_leaving_page_can_send() {
    // All that a leaving page sends shares 64 KiB. Some formats are many times as wordy as the native one.
    for format in FORMATS {
        for request in encode(format, settings::of(format), &[large()]) {
            assert!(request.body.len() <= 48_000, "{format}: {}", request.body.len());
        }
    }
}

#[test]
fn a_batch_that_is_cut_loses_and_doubles_nothing() {
    let batch = [large()];
    let ids: Vec<String> = encode("ndjson", &[], &batch)
        .iter()
        .flat_map(|request| strict::lines(&request.body))
        .map(|event| strict::text(&event, "event_id"))
        .collect();
    agree::unique(ids.iter().map(String::as_str));
    assert_eq!(ids.len(), 100);
    // Matomo and Plausible have no place for an id, and of the native format it is a part.
    for format in FORMATS.iter().filter(|format| !["polku", "matomo", "plausible"].contains(format)) {
        let bodies: String =
            encode(format, settings::of(format), &batch).into_iter().map(|request| request.body).collect();
        let first: Vec<usize> =
            ids.iter().map(|id| bodies.find(id.as_str()).unwrap_or_else(|| panic!("{format} lost {id}"))).collect();
        assert!(first.is_sorted(), "{format}: the oldest first");
        let times = bodies.matches(ids[0].as_str()).count();
        for id in &ids {
            assert_eq!(bodies.matches(id.as_str()).count(), times, "{format}: {id}");
        }
    }
}

#[test]
fn an_unknown_format_is_named_with_the_known_ones() {
    let ran = run(&["--format", "carrier-pigeon"], &native::all());
    assert_ne!(ran.code, 0);
    assert_eq!(ran.out, "");
    assert!(ran.err.contains("carrier-pigeon"), "{}", ran.err);
    for format in FORMATS {
        assert!(ran.err.contains(format), "{format}: {}", ran.err);
    }
}

#[test]
fn a_setting_that_is_missing_is_named() {
    for format in FORMATS {
        // All but one of the settings, each in turn. What has a good default may be left out.
        for (missing, _) in settings::of(format) {
            let pairs: Vec<String> = settings::of(format)
                .iter()
                .filter(|(key, _)| key != missing)
                .map(|(key, value)| format!("{key}={value}"))
                .collect();
            let mut args = vec!["--format", *format];
            pairs.iter().for_each(|pair| args.extend(["--set", pair.as_str()]));
            let ran = run(&args, &native::all());
            if ran.code != 0 {
                assert!(ran.err.contains(missing), "{format} without {missing}: {}", ran.err);
                assert_eq!(ran.out, "", "{format} without {missing}");
            }
        }
        let ran = run(&["--format", format, "--set", "no_such_setting=1"], &native::all());
        assert!(ran.code != 0 && ran.err.contains("no_such_setting"), "{format}: {}", ran.err);
    }
}

#[test]
fn a_line_that_is_no_batch_is_told_by_its_number() {
    let mut lines = native::all();
    lines.insert(1, "{\"polku\":1,".to_owned());
    let good = run(&["--format", "ndjson"], &native::all());
    let ran = run(&["--format", "ndjson"], &lines);
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(ran.err.contains("line 2"), "{}", ran.err);
    assert_eq!(ran.out, good.out, "the other lines are not spoilt");
}
