//! What is remembered beyond the visit, in a browser: with consent to `remember` alone, gone when that ends, and no order number in it.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::Done;
use crate::browser::{self, Browser};
use crate::server::{Server, count, text};
use crate::site::{MEASURED, Page, REMEMBERED, STUB, Site, tag};
use crate::wait::until;

/// Order numbers of the shop, which look like nothing else.
const FIRST: &str = "KULMA-7712-0815";
const SECOND: &str = "KULMA-7712-0816";
/// All that is stored for this origin, with its escapes and without.
const STORED: &str =
    "(() => { const all = JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]);
    return all + all.replace(/%[0-9A-F]{2}/g, (code) => String.fromCharCode(parseInt(code.slice(1), 16))); })()";
/// What is remembered beyond the visit.
const PAST: &str = "localStorage.getItem('polku:1:past')";

/// A shop whose every page decides with `consent`, and whose page `/plain` is without Polku.
async fn shop(server: &Server, consent: &str, more: &str) -> Result<Site> {
    let tag = tag(&server.origin, &server.collector(), more);
    let site = Site::start(Page::new(tag).before(STUB).before(consent)).await?;
    site.page("/plain", Page::default());
    Ok(site)
}

/// Opens a page and waits until it is watched. Gives back the journey's id.
async fn visit(browser: &Browser, site: &Site, path: &str) -> Result<String> {
    browser.open(&site.at(path)).await?;
    browser.until("window.polku?.journey?.() && seen.listeners.some(({ type }) => type === 'wheel')").await?;
    Ok(text(&browser.value("polku.journey().id").await?).to_owned())
}

async fn order(browser: &Browser, number: &str) -> Done {
    let script = format!(
        "polku.track('purchase', {{ transaction_id: '{number}', value: 20, currency: 'EUR' }}); return polku.flush()"
    );
    browser.run(&script).await?;
    Ok(())
}

/// Leaves the shop for as long as it takes to end the visit.
async fn end_visit(browser: &Browser, site: &Site) -> Done {
    browser.open(&site.at("/plain")).await?;
    let held = browser.value("[localStorage['polku:1:visit'], sessionStorage['polku:1:tab']].every(Boolean)").await?;
    ensure!(held == true, "there is a visit that can be ended");
    names_no_order(browser).await?;
    browser.run("localStorage.removeItem('polku:1:visit'); sessionStorage.removeItem('polku:1:tab')").await?;
    Ok(())
}

async fn names_no_order(browser: &Browser) -> Done {
    let stored = browser.value(STORED).await?;
    ensure!(!text(&stored).contains("KULMA"), "an order's number is stored: {stored}");
    Ok(())
}

/// Waits for a summary of the journey with this number of orders so far; gives back the newest, and all events.
async fn summary(server: &Server, id: &str, orders: usize) -> Result<(Value, Vec<Value>)> {
    let mut events = Vec::new();
    let found = until("the summary", async || {
        if server.journeys().await?.iter().all(|journey| journey["id"] != id) {
            return Ok(None);
        }
        events = server.events(id).await?;
        let last = events.iter().rfind(|event| event["name"] == "journey_summary");
        Ok(last.filter(|_| count(&events, "purchase") == orders).map(|event| event["data"].clone()))
    })
    .await;
    Ok((found.with_context(|| format!("{events:#?}"))?, events))
}

/// What a summary says of the visits before.
fn loyalty(summary: &Value) -> Value {
    json!(["returning", "order", "since_order"].map(|member| summary.get(member)))
}

#[test]
fn another_visit_knows_that_there_was_an_order() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let site = shop(&server, REMEMBERED, "").await?;
        let one = visit(browser, &site, "/").await?;
        order(browser, FIRST).await?;
        browser.until(PAST).await?;
        end_visit(browser, &site).await?;
        let (told, _) = summary(&server, &one, 1).await?;
        assert_eq!(loyalty(&told), json!([false, "first", null]));

        let two = visit(browser, &site, "/").await?;
        ensure!(one != two, "another visit");
        // The confirmation's link, from a mail: the same order, which is no second one.
        order(browser, FIRST).await?;
        browser.open(&site.at("/plain")).await?;
        let (told, _) = summary(&server, &two, 0).await?;
        assert_eq!(loyalty(&told), json!([true, null, "0-14"]));

        // The same visit goes on.
        assert_eq!(visit(browser, &site, "/next").await?, two);
        order(browser, SECOND).await?;
        end_visit(browser, &site).await?;
        let rev = told["rev"].as_u64().unwrap_or(u64::MAX);
        let (told, events) = until("a newer summary", async || {
            let (told, events) = summary(&server, &two, 1).await?;
            Ok((told["rev"].as_u64() > Some(rev)).then_some((told, events)))
        })
        .await?;
        assert_eq!(loyalty(&told), json!([true, "second", "0-14"]));
        assert_eq!(count(&events, "purchase"), 1, "the first order is counted in its own visit");
        ensure!(!json!(events).to_string().contains("KULMA"), "an order's number left: {events:#?}");

        let three = visit(browser, &site, "/").await?;
        order(browser, SECOND).await?;
        order(browser, "KULMA-7712-0817").await?;
        end_visit(browser, &site).await?;
        let (told, _) = summary(&server, &three, 1).await?;
        assert_eq!(loyalty(&told), json!([true, "third_or_later", "0-14"]));
        Ok(())
    });
}

/// Two visits with the same order, of which the second must know nothing of the first.
async fn forgets(browser: &Browser, consent: &str, more: &str) -> Done {
    let server = Server::start()?;
    let site = shop(&server, consent, more).await?;
    for _ in 0..2 {
        let id = visit(browser, &site, "/").await?;
        order(browser, FIRST).await?;
        browser.open(&site.at("/plain")).await?;
        assert_eq!(
            browser
                .value(&format!("[Object.keys(localStorage).filter((key) => !key.includes(':q:')), {PAST}]"))
                .await?,
            json!([["polku:1:visit"], null])
        );
        end_visit(browser, &site).await?;
        let (told, _) = summary(&server, &id, 1).await?;
        assert_eq!(loyalty(&told), json!([null, null, null]));
        assert_eq!(told["converted"], true);
    }
    Ok(())
}

#[test]
fn with_measure_alone_nothing_outlives_the_visit() {
    browser::with(async |browser| forgets(browser, MEASURED, "").await);
}

#[test]
fn a_shop_that_does_not_want_it_remembers_nothing() {
    browser::with(async |browser| forgets(browser, REMEMBERED, r#"data-remember="no""#).await);
}

#[test]
fn what_is_remembered_goes_with_the_consent_to_it() {
    for end in ["polku.consent({ remember: false })", "polku.withdraw()", "polku.consent({ measure: false })"] {
        browser::with(async |browser| {
            let server = Server::start()?;
            let site = shop(&server, REMEMBERED, "").await?;
            visit(browser, &site, "/").await?;
            order(browser, FIRST).await?;
            browser.until(PAST).await?;
            names_no_order(browser).await?;
            // On the page of the order, and on a later one, which has it from storage.
            for path in ["", "/next"] {
                if !path.is_empty() {
                    visit(browser, &site, path).await?;
                    browser.until(PAST).await?;
                }
                browser.run(end).await?;
                browser.until(&format!("!{PAST}")).await?;
                // Nor does it come back as the page goes.
                browser.open(&site.at("/plain")).await?;
                assert_eq!(browser.value(PAST).await?, Value::Null, "{end}");
                names_no_order(browser).await?;
            }
            Ok(())
        });
    }
}

#[test]
fn a_journey_goes_on_when_remembering_ends() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let site = shop(&server, REMEMBERED, "").await?;
        let id = visit(browser, &site, "/").await?;
        order(browser, FIRST).await?;
        browser.until(PAST).await?;
        browser.run("polku.consent({ remember: false })").await?;
        browser.until(&format!("!{PAST}")).await?;
        assert_eq!(browser.value("polku.journey().id").await?, json!(id));
        order(browser, SECOND).await?;
        // Twice in one visit is once, whatever is remembered.
        order(browser, FIRST).await?;
        end_visit(browser, &site).await?;
        let (told, _) = summary(&server, &id, 2).await?;
        assert_eq!(loyalty(&told), json!([null, null, null]));
        assert_eq!(browser.value(PAST).await?, Value::Null);
        Ok(())
    });
}

#[test]
fn a_refusal_on_a_later_page_deletes_what_an_earlier_visit_left() {
    for (consent, more) in [
        ("polku('consent', { measure: true, remember: false, since: 'earlier' });\n", ""),
        (REMEMBERED, r#"data-remember="no""#),
    ] {
        browser::with(async |browser| {
            let server = Server::start()?;
            let site = shop(&server, REMEMBERED, "").await?;
            visit(browser, &site, "/").await?;
            order(browser, FIRST).await?;
            browser.until(PAST).await?;
            end_visit(browser, &site).await?;
            let tag = tag(&server.origin, &server.collector(), more);
            site.page("/next", Page::new(tag).before(STUB).before(consent));
            visit(browser, &site, "/next").await?;
            browser.open(&site.at("/plain")).await?;
            assert_eq!(browser.value(PAST).await?, Value::Null, "{consent}{more}");
            Ok(())
        });
    }
}
