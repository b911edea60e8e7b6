//! How the technology performed: vitals, script errors and requests, as a real browser tells them.

use anyhow::{Result, ensure};
use serde_json::{Value, json};

use crate::browser::{self, Browser};
use crate::emulate::NotHere;
use crate::engine::Engine;
use crate::server::{Server, text};
use crate::site::{Page, Site, tag};

const GRANTED: &str =
    "window.polku = window.polku || function () { (polku.q = polku.q || []).push([performance.now(), ...arguments]); };
    polku('consent', { measure: true, since: 'earlier' });\n";

/// A shop whose shoppers have accepted, with `script` before the tag, the page open and watched.
async fn open(browser: &Browser, script: &str) -> Result<(Server, Site)> {
    let server = Server::start()?;
    let page = Page::new(tag(&server.origin, &server.collector(), "")).before(GRANTED).before(script);
    let site = Site::start(page).await?;
    browser.open(&site.at("/")).await?;
    browser.until("performance.getEntriesByType('resource').some(({ name }) => name.includes('watch-'))").await?;
    browser.until("window.polku?.journey?.()").await?;
    Ok((server, site))
}

/// The browser tells its pages `what`, as `expression` asks.
async fn tells(browser: &Browser, expression: &str, what: &str) -> Result<()> {
    let there = browser.engine == Engine::Chromium || browser.value(expression).await? == true;
    ensure!(there, NotHere(format!("{:?} tells no page {what}", browser.engine)));
    Ok(())
}

/// The data of all events of one name.
fn told<'a>(events: &'a [Value], name: &str) -> Vec<&'a Value> {
    events.iter().filter(|event| event["name"] == name).map(|event| &event["data"]).collect()
}

fn vital<'a>(events: &'a [Value], name: &str) -> &'a Value {
    told(events, "web_vitals").into_iter().find(|data| data["name"] == name).unwrap_or(&Value::Null)
}

#[test]
fn the_vitals_name_what_they_are_about() {
    browser::with(async |browser| {
        ensure!(
            browser.engine == Engine::Chromium,
            NotHere("needs what only Chromium measures: shifts and long frames".into())
        );
        let script = "addEventListener('DOMContentLoaded', () => {
            document.querySelector('[data-polku-id=buy]').addEventListener('click', () => {
                const end = performance.now() + 220;
                while (performance.now() < end);
            });
            setTimeout(() => {
                const banner = document.createElement('div');
                banner.style.height = '300px';
                document.body.prepend(banner);
                window.shifted = true;
            }, 700);
        });";
        let (server, _site) = open(browser, script).await?;
        browser.until("window.shifted").await?;
        // The entry of a shift comes with the next frame.
        browser.run("return new Promise((done) => requestAnimationFrame(() => setTimeout(done, 100)))").await?;
        browser.click("[data-polku-id=buy]").await?;
        browser.run("return new Promise((done) => requestAnimationFrame(() => setTimeout(done, 300)))").await?;
        browser.follow("#next").await?;
        let events = server.settles("INP", |events| vital(events, "INP") != &Value::Null).await?;
        for name in ["TTFB", "FCP", "LCP", "CLS", "INP", "LoAF"] {
            let vital = vital(&events, name);
            assert!(vital["value"].is_number(), "{name}: {vital}");
            assert!(["good", "needs-improvement", "poor"].contains(&text(&vital["rating"])), "{name}: {vital}");
        }
        let inp = vital(&events, "INP");
        assert_eq!(inp["target"], "buy", "{inp}");
        assert_eq!(inp["rating"], "needs-improvement", "{inp}");
        let frame = vital(&events, "LoAF");
        assert!(text(&frame["target"]).ends_with(".before.js"), "{frame}");
        let cls = vital(&events, "CLS");
        assert!(cls["value"].as_f64().unwrap() > 0.05, "{cls}");
        assert_eq!(vital(&events, "LCP")["rating"], "good", "a page on the loopback");
        assert!(told(&events, "slow_page").is_empty(), "nothing here is poor");
        Ok(())
    });
}

#[test]
fn a_slow_reaction_makes_a_slow_page() {
    browser::with(async |browser| {
        let script = "addEventListener('DOMContentLoaded', () => {
            document.querySelector('[data-polku-id=buy]').addEventListener('click', () => {
                const end = performance.now() + 800;
                while (performance.now() < end);
            });
        });";
        let (server, _site) = open(browser, script).await?;
        tells(browser, "PerformanceObserver.supportedEntryTypes.includes('event')", "how long a reaction took").await?;
        browser.click("[data-polku-id=buy]").await?;
        browser.run("return new Promise((done) => requestAnimationFrame(() => setTimeout(done, 300)))").await?;
        browser.follow("#next").await?;
        let events = server.settles("slow_page", |events| !told(events, "slow_page").is_empty()).await?;
        assert_eq!(told(&events, "slow_page").len(), 1, "once for a page");
        assert_eq!(vital(&events, "INP")["rating"], "poor");
        Ok(())
    });
}

#[test]
fn errors_tell_kind_and_place_and_nothing_else() {
    browser::with(async |browser| {
        let script = "window.fail = () => setTimeout(() => { null.anna_example_fi; });
            window.reject = () => { Promise.reject(new RangeError('anna@example.fi')); };
            window.noise = () => {
                dispatchEvent(new ErrorEvent('error', { message: 'Script error.' }));
                dispatchEvent(new ErrorEvent('error', { message: 'ResizeObserver loop completed with undelivered notifications.', filename: location.href }));
                dispatchEvent(new ErrorEvent('error', { message: 'Uncaught x', filename: 'chrome-extension://abcdef/x.js', lineno: 3 }));
            };";
        let (server, _site) = open(browser, script).await?;
        browser
            .run("noise(); fail(); fail(); fail(); reject(); return new Promise((done) => setTimeout(done, 100))")
            .await?;
        browser.follow("#next").await?;
        let events = server
            .settles("both errors", |events| {
                let errors = told(events, "js_error");
                ["TypeError", "RangeError"]
                    .iter()
                    .all(|kind| errors.iter().any(|data| text(&data["target"]).starts_with(kind)))
            })
            .await?;
        let errors = told(&events, "js_error");
        let kinds: Vec<&str> = errors.iter().map(|data| text(&data["target"])).collect();
        assert!(kinds.iter().all(|kind| kind.contains(".before.js:")), "{kinds:?}");
        assert_eq!(kinds.iter().filter(|kind| kind.starts_with("TypeError")).count(), 1, "grouped: {kinds:?}");
        let all = json!(events).to_string();
        assert!(!all.contains("anna"), "{all}");
        Ok(())
    });
}

#[test]
fn failed_requests_are_told_by_their_path() {
    browser::with(async |browser| {
        let (server, site) = open(browser, "").await?;
        site.file("/api/stock/12345", 500, "application/json", "{}");
        site.file("/api/cart", 200, "application/json", "{}");
        tells(browser, "'responseStatus' in PerformanceResourceTiming.prototype", "a request's status").await?;
        browser
            .run("return Promise.all([fetch('/api/stock/12345?user=anna'), fetch('/api/cart')]).then(() => new Promise((done) => setTimeout(done, 200)))")
            .await?;
        browser.follow("#next").await?;
        let events = server.settles("the failure", |events| !told(events, "request_failed").is_empty()).await?;
        let failed: Vec<&Value> = told(&events, "request_failed").into_iter().map(|data| &data["target"]).collect();
        assert_eq!(failed, [&json!("/api/stock/:id")]);
        Ok(())
    });
}
