//! The answers of collectors: whatever comes back, nothing is lost without being declared, and the engine comes to rest.
//!
//! The first line holds the rules of the collectors, with spaces between them. Each line after it is an answer to the oldest request
//! that waits: `status retry-after touchpoints wait body`, where a status of 0 is no answer; before it the shopper does so many things,
//! then waits so many ms. The body also goes to the reader of each format.

use super::shell::Shell;
use super::{line, number, word};
use crate::input::{Input, Outcome};
use crate::{Config, Rules, words};

/// Answers that are read, at most.
const MOST: usize = 60;

/// Gives any answers to an engine with any collectors.
pub fn answers(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (rules, mut rest) = line(&text);
    let mut config = Config { key: "pk".to_owned(), ..Config::default() };
    words::split(rules, b' ', &mut |rules| {
        if config.lanes.len() < 4 {
            config.lanes.push(Rules::read(rules));
        }
    });
    let mut shell = Shell::new(config);
    shell.page("/");
    shell.grant(true);
    // What a collector that cannot tell has got, or may have got: it never gets that again.
    let mut given: Vec<(u8, String)> = Vec::new();
    for _ in 0..MOST {
        if rest.is_empty() {
            break;
        }
        let (answer, others) = line(rest);
        rest = others;
        let (status, answer) = word(answer);
        let (retry, answer) = word(answer);
        let (events, answer) = word(answer);
        let (wait, body) = word(answer);
        let status = number(status) as u16;
        let retry_after = retry.parse().ok();
        for event in 0..number(events).min(150) {
            let data = ["", r#"{"value":12.5,"currency":"EUR"}"#][event as usize % 2];
            shell.track(["view_item", "add_to_cart", "purchase"][event as usize % 3], data);
        }
        shell.wait(number(wait).min(3_600_000));
        for flight in &shell.flights {
            let dedupes = shell.config.lanes.get(usize::from(flight.lane)).is_none_or(|rules| rules.dedupes);
            let again = given.iter().any(|(lane, body)| (*lane, body) == (flight.lane, &flight.body));
            assert!(dedupes || !again, "sent again, and nobody knows whether it had come: {}", flight.body);
        }
        #[cfg(feature = "format")]
        formats::read(status, body);
        if let Some(flight) = shell.flights.first() {
            if status == 0 {
                given.push((flight.lane, flight.body.clone()));
            }
            let outcome = if status == 0 { Outcome::NoAnswer } else { Outcome::Reply { status, body, retry_after } };
            shell.deliver(0, outcome);
        }
        if let Some([captured, sent, queued]) = shell.books() {
            assert!(sent + queued <= captured, "sent {sent}, queued {queued} of {captured}");
        }
    }
    shell.input(Input::Online);
    shell.settle();
}

/// What the readers of formats make of an answer.
#[cfg(feature = "format")]
mod formats {
    use std::sync::OnceLock;

    use serde_json::Value;

    use crate::batch;
    use crate::format::{Format, NAMES, Reply};

    fn all() -> &'static [Format] {
        static FORMATS: OnceLock<Vec<Format>> = OnceLock::new();
        FORMATS.get_or_init(|| {
            let one = |name: &&str| {
                let domain = [("domain".to_owned(), "shop.example".to_owned())];
                let set = if *name == "plausible" { &domain[..] } else { &[] };
                Format::new(name, set).expect("a preset of ours")
            };
            NAMES.iter().map(one).collect()
        })
    }

    pub(super) fn read(status: u16, body: &str) {
        let seqs = [3, 4, 9];
        for format in all() {
            for headers in ["", "x-umami-blocked: 1\nX-Plausible-Dropped: 1\n"] {
                let verdict = format.read(&Reply { status, headers, body }, &seqs);
                if verdict.status != 200 || verdict.body == "?" || verdict.body == body {
                    continue;
                }
                let told: Value =
                    serde_json::from_str(&verdict.body).unwrap_or_else(|why| panic!("{why}: {verdict:?}"));
                let rejected = told["rejected"].as_array().expect("a list");
                assert!(rejected.len() <= seqs.len(), "{verdict:?}");
                assert_eq!(batch::rejected(&verdict.body), Some(rejected.len() as u64), "{verdict:?}");
                let sum = told["accepted"].as_u64().expect("a number") + rejected.len() as u64;
                assert!(sum <= seqs.len() as u64, "{verdict:?}");
            }
        }
    }
}
