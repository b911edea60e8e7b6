//! The debug panel: it shows what happens with whose word it is, why nothing opened, what was decided and sent; and what is captured and sent is the
//! same with it and without it.

use anyhow::{Result, ensure};
use serde_json::{Value, json};
use thirtyfour::Key;

use crate::Done;
use crate::axe::judge;
use crate::browser::{self, Browser};
use crate::engine::Engine;
use crate::server::{Server, count, first};
use crate::site::{MEASURED, Page, STUB, Site, tag};

/// The policy of a careful shop.
const STRICT: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' {polku}; style-src 'self'; connect-src 'self' {polku}; img-src data:; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'";
/// The panel's shadow root.
const ROOT: &str = "document.querySelector('[data-polku-debug]')?.shadowRoot";
/// What opens by itself after a purchase, and what waits for another page.
const PROMPTS: &str = r#"[{"v":1,"id":"after","locales":["en"],"when":{"any":[{"on":"add_to_cart"}]},"who":{"stage":["advocacy"]},"steps":[{"id":"a","ask":"thumbs","text":{"en":"Well?"}}]},
{"v":1,"id":"later","locales":["en"],"when":{"any":[{"on":"share"}]},"steps":[{"id":"a","ask":"thumbs","text":{"en":"Well?"}}]}]"#;

async fn shop(server: &Server, before: &str, more: &str) -> Result<Site> {
    let page = Page::new(tag(&server.origin, &server.collector(), more))
        .before(STUB)
        .before(before)
        .policy(&STRICT.replace("{polku}", &server.origin));
    let site = Site::start(page).await?;
    site.file("/p.json", 200, "application/json", PROMPTS);
    Ok(site)
}

/// Waits until the panel's open view holds all of these words.
async fn says(browser: &Browser, words: &[&str]) -> Done {
    for word in words {
        browser.until(&format!("{ROOT}?.querySelector('[role=tabpanel]')?.textContent.includes({word:?})")).await?;
    }
    Ok(())
}

async fn show(browser: &Browser, view: &str) -> Done {
    browser.click(&format!("[data-polku-debug] >>> [data-view={view}]")).await
}

/// The rows of the open view that hold `word`, their cells apart.
async fn rows(browser: &Browser, word: &str) -> Result<Vec<Vec<String>>> {
    let script = format!(
        "return [...{ROOT}.querySelectorAll('tbody tr')].map((row) => [...row.cells].map((cell) => cell.textContent)).filter((row) => row.some((cell) => cell.includes({word:?})))"
    );
    Ok(serde_json::from_value(browser.run(&script).await?)?)
}

#[test]
fn the_panel_shows_events_with_their_source_and_what_became_of_them() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let site = shop(&server, MEASURED, "data-prompts=\"/p.json\"").await?;
        browser.open(&site.at("/?polku_debug=1")).await?;
        browser.until("polku.journey?.()").await?;
        // The same cart by two sources: one event, of which the API is trusted more; and one that the layer alone tells.
        browser
            .run(
                "window.dataLayer = window.dataLayer || []; document.body.click();
                dataLayer.push({ event: 'view_item', ecommerce: { items: [{ item_id: 'A' }] } });
                polku.track('add_to_cart', { items: [{ item_id: 'A' }] });
                dataLayer.push({ event: 'add_to_cart', ecommerce: { items: [{ item_id: 'A' }] } });
                dispatchEvent(new Event('load'));",
            )
            .await?;
        says(browser, &["page_view", "add_to_cart", "view_item", "stage_enter"]).await?;
        browser.until(&format!("[...{ROOT}.querySelectorAll('tbody tr')].some((row) => /add_to_cart/.test(row.textContent) && /decision/.test(row.textContent) && /JS API/.test(row.textContent))")).await?;
        let item = rows(browser, "view_item").await?;
        ensure!(item.iter().any(|row| row[4] == "data layer" && row[2] == "did"), "{item:?}");
        let entered = rows(browser, "stage_enter").await?;
        ensure!(entered.iter().any(|row| row[4] == "rule of the framework"), "{entered:?}");
        ensure!(rows(browser, "page_view").await?[0][4] == "loaded");

        browser.shot("debug-events").await?;

        show(browser, "journey").await?;
        says(browser, &["decision", "consideration", "add_to_cart"]).await?;
        // A prompt that was triggered, and is not for this shopper.
        show(browser, "prompts").await?;
        says(browser, &["/p.json", "after", "kept shut", "later", "not triggered here", "share"]).await?;
        let shut = rows(browser, "after").await?;
        ensure!(shut.iter().any(|row| row[1].contains("add_to_cart") && row[1].contains(':')), "why: {shut:?}");
        show(browser, "consent").await?;
        says(browser, &["granted", "decided before this page", "api"]).await?;
        browser.run("return polku.flush()").await?;
        show(browser, "delivery").await?;
        says(browser, &["200", "accepted", "add_to_cart"]).await?;
        let sent = rows(browser, "pk_fixture").await?;
        ensure!(sent.iter().any(|row| row[6].contains("\"polku\":1")), "{sent:?}");
        browser.shot("debug-delivery").await?;
        show(browser, "cost").await?;
        // WebKit tells no page the sizes of files of another origin.
        let size = if browser.engine == Engine::WebKit { "core-" } else { "kB" };
        says(browser, &["polku.js", "core-", size, " ms in "]).await?;
        assert_eq!(browser.value("seen.errors").await?, json!([]));
        browser.complains_of_nothing().await?;
        Ok(())
    });
}

#[test]
fn it_stays_as_the_tab_goes_on_until_it_is_ended() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let site = shop(&server, "", "").await?;
        browser.open(&site.at("/?polku_debug=1")).await?;
        says(browser, &["loaded"]).await?;
        // Nobody has decided: what happened is held, and says so.
        browser.run("polku.track('add_to_cart', {})").await?;
        says(browser, &["held in memory"]).await?;
        browser.follow("#next").await?;
        says(browser, &["add_to_cart", "/next"]).await?;
        // It is asked for in the address, and storage holds nothing but the panel's own.
        ensure!(
            browser
                .value(
                    "location.search === '?polku_debug=1' && Object.keys({...localStorage, ...sessionStorage}).join()"
                )
                .await?
                == "polku:debug"
        );
        browser.click("[data-polku-debug] >>> [data-do=end]").await?;
        browser.until("!document.querySelector('[data-polku-debug]')").await?;
        browser.follow("#next").await?;
        browser.until("performance.getEntriesByType('resource').some(({ name }) => /core-.*wasm/.test(name))").await?;
        ensure!(
            browser
                .value("!document.querySelector('[data-polku-debug]') && location.search === '' && window.name === '' && !sessionStorage.length")
                .await?
                == true
        );
        ensure!(
            browser.value("!performance.getEntriesByType('resource').some(({ name }) => /debug/.test(name))").await?
                == true
        );
        Ok(())
    });
}

/// A visit with clicks, in the panel where there is one; what the collector has of it.
async fn visited(browser: &Browser, query: &str) -> Result<Vec<Value>> {
    let server = Server::start()?;
    let site = shop(&server, MEASURED, "").await?;
    browser.open(&site.at(&format!("/{query}"))).await?;
    browser.until("polku.journey?.() && seen.listeners.some(({ type }) => type === 'wheel')").await?;
    if !query.is_empty() {
        says(browser, &["page_view"]).await?;
        // What would be a rage click on the page.
        browser.hammer("[data-polku-debug] >>> h2", 8).await?;
        ensure!(browser.value("window.heard").await? == 0, "the page hears of what is done in the panel");
    }
    browser.run("polku.track('add_to_cart', { value: 47.9, currency: 'EUR' })").await?;
    browser.hammer("#dead", 8).await?;
    browser.run("return polku.flush()").await?;
    let events =
        server.settles("what was done", |events| count(events, "rage_click") > 0 && count(events, "add_to_cart") > 0);
    let mut events = events.await?;
    events
        .retain(|event| !matches!(event["name"].as_str(), Some("web_vitals" | "page_engagement" | "journey_summary")));
    for event in &mut events {
        for key in ["at", "journey", "leg", "received", "batch", "seq"] {
            if let Some(event) = event.as_object_mut() {
                event.remove(key);
            }
        }
    }
    Ok(events)
}

#[test]
fn what_is_captured_and_sent_is_the_same_without_it() {
    browser::with(async |browser| {
        browser.before_each_page("window.heard = 0; addEventListener('DOMContentLoaded', () => document.addEventListener('click', ({ target }) => target.matches?.('[data-polku-debug]') && window.heard++, true));").await?;
        let with = visited(browser, "?polku_debug=1").await?;
        browser.run("sessionStorage.clear(); localStorage.clear()").await?;
        let without = visited(browser, "").await?;
        let names = |events: &[Value]| {
            let mut all: Vec<String> =
                events.iter().map(|event| format!("{} {} {}", event["name"], event["stage"], event["page"])).collect();
            all.sort();
            all
        };
        assert_eq!(names(&with), names(&without));
        assert_eq!(first(&with, "add_to_cart")?["data"], first(&without, "add_to_cart")?["data"]);
        Ok(())
    });
}

#[test]
fn a_recording_gives_the_same_effects_again() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let site = shop(&server, MEASURED, "").await?;
        browser.open(&site.at("/?polku_debug=1")).await?;
        browser.until("polku.journey?.()").await?;
        browser.run("polku.track('view_item', { items: [{ item_id: 'A' }] }); polku.error('payment_declined'); return polku.flush()").await?;
        show(browser, "delivery").await?;
        says(browser, &["200", "payment_declined"]).await?;
        browser.run("Object.defineProperty(navigator, 'clipboard', { value: { writeText: async (text) => { window.copied = text; } } })").await?;
        browser.click("[data-polku-debug] >>> [data-do=copy]").await?;
        let copied = browser.until("window.copied").await?;
        let report: Value = serde_json::from_str(copied.as_str().unwrap_or_default())?;
        ensure!(report["replay"]["inputs"].as_array().is_some_and(|inputs| inputs.len() > 5), "{report:#}");
        ensure!(report["journey"]["id"].is_string() && report["options"]["key"] == "pk_fixture");
        // On a page without Polku, by the modules that were recorded.
        let files = browser.value("performance.getEntriesByType('resource').map(({ name }) => name).filter((name) => /(core-.*(js|wasm)|part-debug-.*js)$/.test(name))").await?;
        let file = |what: &str| {
            files
                .as_array()
                .and_then(|all| {
                    all.iter().find(|name| {
                        name.as_str()
                            .is_some_and(|name| name.contains(what) && (what != "core-" || name.ends_with(".js")))
                    })
                })
                .cloned()
        };
        let (core, debug) = (file("core-"), file("part-debug-"));
        let wasm = files
            .as_array()
            .and_then(|all| all.iter().find(|name| name.as_str().is_some_and(|name| name.ends_with(".wasm"))))
            .cloned();
        let plain = Site::start(Page::new("")).await?;
        browser.open(&plain.at("/")).await?;
        // As docs/debug.md says it.
        let script = format!(
            "return (async () => {{ const {{ replay }} = await import({}); const core = await import({}); const {{ differs, effects }} = await replay(core, fetch({}), {}); return [differs, effects.length]; }})()",
            json!(debug),
            json!(core),
            json!(wasm),
            report["replay"]
        );
        let outcome = browser.run(&script).await?;
        ensure!(outcome[0] == -1 && outcome[1].as_u64() > Some(5), "{outcome} {:#}", report["replay"]);
        Ok(())
    });
}

#[test]
fn it_is_used_by_keyboard_and_read_aloud_in_finnish_too() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let finnish = "addEventListener('DOMContentLoaded', () => (document.documentElement.lang = 'fi'));\n";
        let site = shop(&server, &format!("{MEASURED}{finnish}"), "").await?;
        browser.open(&site.at("/?polku_debug=1")).await?;
        says(browser, &["page_view", "ladattu"]).await?;
        for view in ["events", "journey", "prompts", "consent", "delivery", "cost"] {
            show(browser, view).await?;
            judge(browser, "[data-polku-debug]", 3, view).await?;
        }
        // The last tab has the focus now: arrows go round, and the panel follows.
        browser.press(Key::Right + "").await?;
        let active = |what: &str| format!("{ROOT}.activeElement?.matches({what:?})");
        ensure!(browser.value(&active("[data-view=events][aria-selected=true]")).await? == true);
        browser.press(Key::Tab + "").await?;
        ensure!(browser.value(&active("[role=tabpanel]")).await? == true, "what can be scrolled is reached");
        browser.press(Key::Escape + "").await?;
        ensure!(browser.value(&active(".pill")).await? == true, "Escape makes it small, and keeps the focus");
        judge(browser, "[data-polku-debug]", 1, "small").await?;
        browser.press(Key::Enter + "").await?;
        browser.until(&format!("!{ROOT}.querySelector('.panel').hidden")).await?;
        Ok(())
    });
}

#[test]
fn it_is_there_where_polku_does_not_start() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let site = shop(&server, "", "data-mode=\"loud\"").await?;
        browser.open(&site.at("/?polku_debug=1")).await?;
        says(browser, &["E104", "data-mode"]).await?;
        show(browser, "journey").await?;
        says(browser, &["has not started"]).await?;
        Ok(())
    });
}
