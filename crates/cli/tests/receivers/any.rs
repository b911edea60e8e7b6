//! What holds for every format.

use crate::encode::{Request, encode, run};
use crate::native::{self, Event};
use crate::settings;

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
fn keepalive_can_carry_every_request() {
    // All that a leaving page sends shares 64 KiB; a batch is 48,000 bytes at most, and some formats are wordier.
    let items: Vec<Event> = native::events(&native::all());
    each(|format, requests| {
        let bytes: usize = requests.iter().map(|request| request.body.len()).sum();
        assert!(bytes < items.len() * 1_600, "{format}: {bytes} bytes for {} events", items.len());
    });
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
