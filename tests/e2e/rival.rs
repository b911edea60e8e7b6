//! What an event costs the page, beside what it costs with Countly, the cheapest of the trackers that were measured: 20 events a second,
//! sending included.
//!
//! The pages are visited in turn, so that whatever else this machine does falls on all of them, and one without a tracker tells what the
//! events themselves and the driver cost. Countly comes from npm: `cargo xtask bench --browser` says where it is (`POLKU_COUNTLY`).

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::Done;
use crate::browser::{self, Browser};
use crate::cost::{hundredths, median, tell};
use crate::receiver::{Receiver, Taken};
use crate::server::Server;
use crate::site::{Page, Site, tag};
use crate::wait::until;

/// Events of a visit.
const EVENTS: usize = 100;
/// How long they take at 20 a second, and until what was told is sent: five seconds later at the latest, and what is stored after that.
const VISIT: Duration = Duration::from_millis(50 * EVENTS as u64 + 7_000);
/// Visits to each page.
const RUNS: usize = 7;
/// What an event may cost of what it costs with Countly.
const SHARE: f64 = 0.4;
/// A page is at rest when it computes less than this in a second, in s.
const REST: f64 = 0.005;

/// The pages, and what tells an event there.
const PAGES: [&str; 3] = ["/nobody", "/polku", "/countly"];

/// The shop with its three pages.
async fn shop(server: &Server, rival: &Receiver, countly: &str) -> Result<Site> {
    let site = Site::start(Page::new("")).await?;
    let page = include_str!("../pages/rival.html");
    let polku = format!(
        r#"<script>window.polku = window.polku || function () {{ (polku.q = polku.q || []).push([performance.now(), ...arguments]); }};
        polku("consent", {{ measure: true, remember: true, since: "earlier" }});
        rival.tell = (name, money, item) => polku("track", name, {{ ...money, items: [item] }});</script>{}"#,
        tag(&server.origin, &server.collector(), "")
    );
    // It takes no lists of products: the product's members are the event's.
    let theirs = format!(
        r#"<script src="/countly.js"></script>
        <script>Countly.init({{ app_key: "key", url: "{}", ignore_bots: false }});
        rival.tell = (key, money, item) => Countly.add_event({{ key, count: 1, sum: money.value, segmentation: {{ ...money, ...item }} }});</script>"#,
        rival.origin
    );
    for (path, tag) in PAGES.into_iter().zip(["", &polku, &theirs]) {
        site.file(path, 200, "text/html; charset=utf-8", &page.replace("<!--tag-->", tag));
    }
    site.file("/rival.js", 200, "text/javascript", include_str!("../pages/rival.js"));
    site.file("/countly.js", 200, "text/javascript", countly);
    Ok(site)
}

/// How long the page's main thread has computed, in s: all of its tasks, and the scripts in them.
async fn computed(browser: &Browser) -> Result<[f64; 2]> {
    let told = browser.cdp("Performance.getMetrics", json!({})).await?;
    let metrics = told["metrics"].as_array().context("no metrics")?;
    let metric = |name: &str| {
        let found = metrics.iter().find(|metric| metric["name"] == name);
        found.and_then(|metric| metric["value"].as_f64()).with_context(|| format!("no {name} in {told}"))
    };
    Ok([metric("TaskDuration")?, metric("ScriptDuration")?])
}

/// Waits until a page that has begun has nothing more to do.
async fn rests(browser: &Browser) -> Result<[f64; 2]> {
    let mut before = computed(browser).await?;
    let mut looked = tokio::time::Instant::now();
    until("a page at rest", async || {
        if looked.elapsed() < Duration::from_secs(1) {
            return Ok(None);
        }
        let now = computed(browser).await?;
        let rests = now[0] - before[0] < REST;
        (before, looked) = (now, tokio::time::Instant::now());
        Ok(rests.then_some(now))
    })
    .await
}

/// What a visit costs the main thread for each event, in µs: all of it, and scripts alone.
async fn visit(browser: &Browser, site: &Site, path: &str) -> Result<[f64; 2]> {
    browser.open(&site.at("/empty")).await?;
    browser.run("localStorage.clear(); sessionStorage.clear()").await?;
    browser.open(&site.at(path)).await?;
    if path == "/polku" {
        browser.until("window.polku.journey?.()").await?;
    }
    // Of the thread's own clock: what other programs do meanwhile is no cost.
    browser.cdp("Performance.enable", json!({ "timeDomain": "threadTicks" })).await?;
    let before = rests(browser).await?;
    browser.run(&format!("rival.go({EVENTS})")).await?;
    // A visit of the same length for all: who asks whether it is over would be measured too.
    tokio::time::sleep(VISIT).await;
    let after = computed(browser).await?;
    browser.cdp("Performance.disable", json!({})).await?;
    let told = browser.value("rival.told").await?;
    ensure!(told == EVENTS, "the page is slower than its clock: {told} events were told");
    Ok([0, 1].map(|which| (after[which] - before[which]) * 1e6 / EVENTS as f64))
}

#[test]
#[ignore = "needs Countly from npm, which `cargo xtask bench --browser` and `cargo xtask test --full` bring"]
fn an_event_costs_a_part_of_what_it_costs_with_countly() {
    let countly = std::env::var_os("POLKU_COUNTLY").expect("POLKU_COUNTLY does not name Countly's file");
    let countly = std::fs::read_to_string(countly).expect("Countly's file");
    browser::alone(None, async |browser| {
        let server = Server::start()?;
        let rival = Receiver::start(true).await?;
        let site = shop(&server, &rival, &countly).await?;
        site.file("/empty", 200, "text/html", "<!doctype html><title>Empty</title>");
        let mut costs = [const { Vec::new() }; 3];
        for run in 0..RUNS {
            for (path, costs) in PAGES.into_iter().zip(&mut costs) {
                let cost = visit(browser, &site, path).await?;
                println!("{path} {cost:.0?}");
                // The first visit fills caches.
                if run > 0 {
                    costs.push(cost);
                }
            }
        }
        let count = |name| server.rows(&format!("SELECT 1 FROM events WHERE name = '{name}'")).map(|rows| rows.len());
        let taken = ["view_item", "add_to_cart", "view_cart", "begin_checkout", "add_payment_info"];
        let ours: usize = taken.iter().map(count).sum::<Result<usize>>()?;
        // Each event has its key, in JSON in a form.
        let keys = |request: &Taken| [&request.path, &request.body].map(|text| text.matches("%22key%22%3A").count());
        let theirs: usize = rival.seen().iter().flat_map(keys).sum();
        ensure!((ours, theirs) == (RUNS * EVENTS, RUNS * EVENTS), "{ours} and {theirs} events arrived");
        judge(&costs)
    });
}

/// What is more than on the page that nobody watches.
fn judge([nobody, ours, theirs]: &[Vec<[f64; 2]>; 3]) -> Done {
    let middle = |runs: &[[f64; 2]], which: usize| median(runs.iter().map(|run| run[which]));
    let more = |runs: &[[f64; 2]], which: usize| middle(runs, which) - middle(nobody, which);
    let each = |runs: &[[f64; 2]]| runs.iter().map(|run| run[0].round()).collect::<Vec<_>>();
    let share = more(ours, 0) / more(theirs, 0);
    let told: Value = json!({
        "events": EVENTS, "runs": ours.len(),
        "polku_us": more(ours, 0).round(), "countly_us": more(theirs, 0).round(), "ratio": hundredths(share),
        "scripts": { "polku_us": more(ours, 1).round(), "countly_us": more(theirs, 1).round(), "ratio": hundredths(more(ours, 1) / more(theirs, 1)) },
        "nobody_us": middle(nobody, 0).round(),
        "each": { "nobody": each(nobody), "polku": each(ours), "countly": each(theirs) },
    });
    tell("countly", &told)?;
    ensure!(share <= SHARE, "an event costs {share:.2} of what it costs with Countly, and may cost {SHARE}");
    Ok(())
}
