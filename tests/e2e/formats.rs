//! Requests of other formats across origins, in a browser: with CORS at the receiver, and without.

use std::io::Write as _;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::Done;
use crate::browser::{self, Browser};
use crate::clickhouse::ClickHouse;
use crate::collector::Collector;
use crate::receiver::{Receiver, Taken};
use crate::site::{Page, Site};

const BATCH: &str = include_str!("../../crates/cli/tests/golden/batch.json");
const ORIGIN: &str = "origin=https://shop.example";

/// Formats with what they need, and whether a browser sends their requests without asking first.
pub(crate) const FORMATS: &[(&str, &[&str], bool)] = &[
    ("ndjson", &[], true),
    ("json", &[], true),
    ("segment", &["key=WK"], true),
    ("posthog", &["key=WK"], true),
    ("clickhouse", &["table=events"], true),
    ("matomo", &["idsite=1", ORIGIN], true),
    ("plausible", &["domain=shop.example"], true),
    ("umami", &["website=5b1f0c7e-1111-4222-8333-444455556666", ORIGIN], true),
    ("cloudevents", &[ORIGIN, "prefix=com.example.shop"], false),
    ("otlp", &["service=shop-web", "prefix=com.example.shop"], false),
    ("snowplow", &["key=shop", ORIGIN], false),
    ("elasticsearch", &["index=events"], false),
    ("kafka-rest", &["topic=events"], false),
    ("loki", &["app=shop-web"], false),
];

/// The request that the batch becomes.
fn encode(format: &str, settings: &[&str]) -> Result<Value> {
    let requests = encode_all(format, settings, BATCH.trim_end())?;
    ensure!(requests.len() == 1, "{format}: {} requests", requests.len());
    Ok(requests[0].clone())
}

/// The requests that batches become, a line each.
pub(crate) fn encode_all(format: &str, settings: &[&str], batches: &str) -> Result<Vec<Value>> {
    let polku = std::env::var_os("POLKU_BIN").context("POLKU_BIN does not name the command: run `cargo xtask test`")?;
    let mut command = Command::new(polku);
    command.args(["encode", "--format", format]).stdin(Stdio::piped()).stdout(Stdio::piped());
    for setting in settings {
        command.args(["--set", setting]);
    }
    let mut child = command.spawn()?;
    let mut stdin = child.stdin.take().context("no input")?;
    let text = format!("{batches}\n");
    // In a thread of its own: both sides would wait for the other once the pipes are full.
    let feed = std::thread::spawn(move || stdin.write_all(text.as_bytes()));
    let done = child.wait_with_output()?;
    ensure!(done.status.success() && feed.join().is_ok_and(|fed| fed.is_ok()), "{format}: {}", done.status);
    let lines = String::from_utf8(done.stdout)?;
    Ok(lines.lines().map(serde_json::from_str).collect::<Result<_, _>>()?)
}

/// Sends it as the widget does, in this mode; gives back type, status and body of the answer, or why there is none.
async fn fetch(browser: &Browser, origin: &str, request: &Value, mode: &str) -> Result<Value> {
    let address = format!("{origin}{}", request["path"].as_str().context("no path")?);
    let options = json!({"method":request["method"],"headers":request["headers"],"body":request["body"],"mode":mode,
        "credentials":"omit","referrerPolicy":"no-referrer","cache":"no-store"});
    let script = format!(
        "return fetch({}, {{ ...{options}, signal: AbortSignal.timeout(10000) }}).then(
            async (answer) => [answer.type, answer.status, await answer.text()], (error) => error.name);",
        json!(address)
    );
    browser.run(&script).await
}

/// What the receiver has to have got for it.
fn whole(request: &Value) -> Taken {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    Taken {
        method: "POST".to_owned(),
        path: text(&request["path"]),
        kind: text(&request["headers"]["content-type"]),
        body: text(&request["body"]),
        tells: false,
    }
}

fn methods(taken: &[Taken]) -> Vec<&str> {
    taken.iter().map(|taken| taken.method.as_str()).collect()
}

#[test]
fn with_cors_every_format_arrives_and_is_answered() {
    browser::with(async |browser| -> Done {
        let receiver = Receiver::start(true).await?;
        let site = Site::start(Page::default()).await?;
        browser.open(&site.at("/")).await?;
        for (format, settings, simple) in FORMATS {
            let request = encode(format, settings)?;
            let answer = fetch(browser, &receiver.origin, &request, "cors").await?;
            let status = answer[1].as_u64().unwrap_or_default();
            ensure!(answer[0] == "cors" && (200..300).contains(&status), "{format}: {answer}");
            let taken = receiver.taken();
            let asked: &[&str] = if *simple { &["POST"] } else { &["OPTIONS", "POST"] };
            assert_eq!(methods(&taken), asked, "{format}");
            assert_eq!(taken.last(), Some(&whole(&request)), "{format}");
        }
        Ok(())
    });
}

#[test]
fn without_cors_only_what_needs_no_asking_arrives() {
    browser::with(async |browser| -> Done {
        let receiver = Receiver::start(false).await?;
        let site = Site::start(Page::default()).await?;
        browser.open(&site.at("/")).await?;
        for (format, settings, simple) in FORMATS {
            let request = encode(format, settings)?;
            // Where the answer is to be read there is an error, delivered or not: that is why such a receiver has to be called opaque.
            let answer = fetch(browser, &receiver.origin, &request, "cors").await?;
            assert_eq!(answer, "TypeError", "{format}");
            let taken = receiver.taken();
            if *simple {
                assert_eq!(taken, [whole(&request)], "{format}");
                let answer = fetch(browser, &receiver.origin, &request, "no-cors").await?;
                assert_eq!(answer, json!(["opaque", 0, ""]), "{format}");
                assert_eq!(receiver.taken(), [whole(&request)], "{format}");
            } else {
                assert_eq!(methods(&taken), ["OPTIONS"], "{format}");
            }
        }
        // An opaque answer still tells that somebody was there.
        let request = encode("ndjson", &[])?;
        let nobody = format!("http://{}", Collector::nobody().await?);
        assert_eq!(fetch(browser, &nobody, &request, "no-cors").await?, "TypeError");
        Ok(())
    });
}

#[test]
fn clickhouse_lets_a_page_read_its_answer_where_the_query_asks_for_it() {
    browser::with(async |browser| -> Done {
        let server = ClickHouse::start().await?;
        server.query("CREATE TABLE events (event_id String, name String) ENGINE = Memory").await?;
        let site = Site::start(Page::default()).await?;
        browser.open(&site.at("/")).await?;
        let request = encode("clickhouse", &["table=events"])?;
        assert_eq!(fetch(browser, &server.origin, &request, "cors").await?, json!(["cors", 200, ""]));
        assert_eq!(server.query("SELECT name FROM events").await?, "add_to_cart\n");

        // Without, the row is stored and the page is told of an error: a collector that must be called opaque.
        let mut silent = request.clone();
        let path = request["path"].as_str().context("no path")?.replace("&add_http_cors_header=1", "");
        ensure!(request["path"] != path, "nothing asks for CORS in {path}");
        silent["path"] = json!(path);
        assert_eq!(fetch(browser, &server.origin, &silent, "cors").await?, "TypeError");
        assert_eq!(fetch(browser, &server.origin, &silent, "no-cors").await?, json!(["opaque", 0, ""]));
        assert_eq!(server.query("SELECT count() FROM events").await?, "3\n");
        Ok(())
    });
}
