//! What is stored to be sent is stored with consent, and goes with it.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::gate::Fault;
use super::{EVENTS, MEASURED, Pace, REMEMBERED, STUB, Shop, TRACES, is_known, number, starts, tell, tell_and};
use crate::Done;
use crate::browser::{self, Browser};
use crate::site::{Page, tag};
use crate::wait::until;

/// Long enough for whatever would still be sent or stored, in ms: the longest first retry and what is written late are within it.
const QUIET: u64 = 3_000;

/// A key under which something unsent is stored.
const SHELVED: &str = "Object.keys({ ...localStorage }).some((key) => key.startsWith('polku:1:q:'))";

/// Nothing is in the browser, now or a while after the page has been left, and nothing more comes to the gate.
async fn leaves_nothing(browser: &Browser, shop: &Shop, what: &str) -> Done {
    until(&format!("{what}: nothing is stored"), async || Ok((browser.run(TRACES).await? == json!([])).then_some(())))
        .await?;
    let before = shop.gate.came().len();
    browser.open(&shop.site.at("/plain")).await?;
    browser.until(&format!("performance.now() > {QUIET}")).await?;
    assert_eq!(browser.run(TRACES).await?, json!([]), "{what}: it came back");
    assert_eq!(shop.gate.came().len(), before, "{what}: something was sent");
    Ok(())
}

#[test]
fn without_consent_nothing_is_left_on_the_device() {
    browser::with(async |browser| {
        for consent in [
            "",
            "polku('consent', { measure: false, since: 'earlier' });\n",
            "polku('consent', { remember: true, since: 'earlier' });\n",
        ] {
            let shop = Shop::open(consent).await?;
            browser.open(&shop.site.at("/")).await?;
            browser.run("return polku.flush()").await?;
            tell(browser, Pace::Burst, "A").await?;
            browser.run("return polku.flush()").await?;
            leaves_nothing(browser, &shop, consent).await?;
            ensure!(shop.gate.came().is_empty(), "{consent}");
        }
        Ok(())
    });
}

#[test]
fn withdrawal_takes_what_could_not_be_sent() {
    for (consent, end) in [
        (MEASURED, "polku.withdraw()"),
        (REMEMBERED, "polku.withdraw()"),
        (REMEMBERED, "polku.consent({ measure: false })"),
    ] {
        browser::with(async |browser| {
            let shop = Shop::open(consent).await?;
            shop.gate.fails(Fault::Status(500));
            shop.visit(browser, "/").await?;
            tell(browser, Pace::Burst, "A").await?;
            browser.until(SHELVED).await?;
            shop.knocked(1).await?;
            let id = browser.value("polku.journey().id").await?;
            let before = shop.gate.came().len();
            browser.run(end).await?;
            let erase = until("what erases", async || Ok(shop.gate.came().get(before).cloned())).await?;
            leaves_nothing(browser, &shop, end).await?;
            assert_eq!(shop.gate.came().len(), before + 1, "one request");
            let erase: Value = serde_json::from_str(&erase.body)?;
            assert_eq!(erase["events"].as_array().map(Vec::len), Some(1), "{erase}");
            assert_eq!(erase["events"][0]["name"], "erase");
            assert_eq!(erase["events"][0]["data"], json!({ "journeys": [id] }));
            assert_eq!(shop.server.count("events")?, 0);
            Ok(())
        });
    }
}

/// The shop reloads its page after the shopper has thought better of it, as many consent platforms do.
#[test]
fn a_refusal_on_a_later_page_takes_what_could_not_be_sent() {
    browser::with(async |browser| {
        let shop = Shop::open(REMEMBERED).await?;
        shop.gate.fails(Fault::Status(500));
        shop.visit(browser, "/").await?;
        is_known(browser).await?;
        tell_and(browser, Pace::Burst, "A", "location.href = '/plain'").await?;
        browser.arrive().await?;
        assert_eq!(browser.value(SHELVED).await?, true, "there is something that can go");
        shop.gate.heals();
        let page = Page::new(tag(&shop.server.origin, &shop.gate.collector(), ""));
        let refused = "polku('consent', { measure: false, since: 'earlier' });\n";
        shop.site.page("/next", page.before(STUB).before(refused));
        browser.open(&shop.site.at("/next")).await?;
        leaves_nothing(browser, &shop, "a refusal").await?;
        assert_eq!(shop.server.count("events")?, 0);
        Ok(())
    });
}

/// The other tab has unsent events of its own, stored and in memory.
#[test]
fn withdrawal_in_one_tab_takes_what_another_could_not_send() {
    browser::with(async |browser| {
        let shop = Shop::open(REMEMBERED).await?;
        shop.gate.fails(Fault::Status(500));
        let one = browser.open_window(&shop.site.at("/")).await?;
        starts(browser).await?;
        is_known(browser).await?;
        tell(browser, Pace::Burst, "A").await?;
        let two = browser.open_window(&shop.site.at("/next")).await?;
        starts(browser).await?;
        tell(browser, Pace::Burst, "B").await?;
        browser.until(SHELVED).await?;
        browser.to(&one).await?;
        browser.run("polku.withdraw()").await?;
        until("nothing is stored", async || Ok((browser.run(TRACES).await? == json!([])).then_some(()))).await?;
        browser.to(&two).await?;
        // Until it has heard of that it may try again what it has.
        browser.until("!polku.journey()").await?;
        shop.gate.heals();
        browser.run("polku.track('add_to_cart'); polku.flush()").await?;
        leaves_nothing(browser, &shop, "the other tab").await?;
        for came in shop.gate.came().iter().filter(|came| came.passed) {
            let batch: Value = serde_json::from_str(&came.body)?;
            assert_eq!(batch["events"][0]["name"], "erase", "{}", came.body);
        }
        assert_eq!(shop.server.count("events")?, 0);
        Ok(())
    });
}

/// A page that thinks that it is so much later.
pub(super) fn later(shift: Duration) -> String {
    format!("{{ const now = Date.now; Date.now = () => now() + {}; }}", shift.as_millis())
}

const HOUR: Duration = Duration::from_secs(3_600);

/// A tab is closed with unsent events, and somebody comes again so much later; says whether they were sent then.
async fn comes_again(browser: &Browser, consent: &str, shift: Duration) -> Result<bool> {
    let shop = Shop::open(consent).await?;
    browser.open(&shop.site.at("/plain")).await?;
    let home = browser.window().await?;
    shop.gate.fails(Fault::Status(500));
    let window = browser.open_window(&shop.site.at("/")).await?;
    starts(browser).await?;
    let id = browser.value("polku.journey().id").await?;
    tell(browser, Pace::Burst, "A").await?;
    browser.close(&window).await?;
    browser.to(&home).await?;
    // What another process has stored may take a moment to be there in this one.
    browser.until(SHELVED).await.context("there is something that can be sent")?;
    shop.gate.heals();
    let page = Page::new(tag(&shop.server.origin, &shop.gate.collector(), ""));
    shop.site.page("/next", page.before(STUB).before(&later(shift)).before(consent));
    shop.visit(browser, "/next").await?;
    ensure!(browser.value("polku.journey().id").await? != id, "another visit");
    super::rests(browser).await?;
    until("nothing is stored that is unsent", async || Ok((browser.value(SHELVED).await? == false).then_some(())))
        .await?;
    let loss = super::rests(browser).await?;
    shop.whole().await?;
    let found = shop.found("A")?;
    if found.is_empty() {
        // What was too old is declared.
        shop.add_up(&["expired"])?;
        ensure!(number(&loss["dropped"]["expired"]) >= EVENTS as u64, "{loss}");
        return Ok(false);
    }
    shop.add_up(&[])?;
    ensure!(found.len() == EVENTS && found.values().all(|times| *times == 1), "{found:?}");
    Ok(true)
}

#[test]
fn with_measure_alone_what_is_unsent_goes_with_the_visit() {
    browser::with(async |browser| {
        assert!(!comes_again(browser, MEASURED, HOUR * 31 / 60).await?);
        Ok(())
    });
}

#[test]
fn with_remember_what_is_unsent_is_kept_for_two_days() {
    browser::with(async |browser| {
        assert!(comes_again(browser, REMEMBERED, HOUR * 47).await?);
        assert!(!comes_again(browser, REMEMBERED, HOUR * 49).await?);
        Ok(())
    });
}

/// … and the consent to `measure` alone, which came later, does not send what `remember` had kept.
#[test]
fn without_remember_what_is_unsent_is_no_longer_kept() {
    browser::with(async |browser| {
        let shop = Shop::open(REMEMBERED).await?;
        shop.gate.fails(Fault::Status(500));
        shop.visit(browser, "/").await?;
        tell_and(browser, Pace::Burst, "A", "location.href = '/plain'").await?;
        browser.arrive().await?;
        assert_eq!(browser.value(SHELVED).await?, true);
        browser.run("localStorage.removeItem('polku:1:visit'); sessionStorage.clear()").await?;
        shop.gate.heals();
        let page = Page::new(tag(&shop.server.origin, &shop.gate.collector(), ""));
        let refused = "polku('consent', { measure: true, remember: false, since: 'earlier' });\n";
        shop.site.page("/next", page.before(STUB).before(&later(HOUR)).before(refused));
        shop.visit(browser, "/next").await?;
        super::rests(browser).await?;
        until("nothing is stored that is unsent", async || Ok((browser.value(SHELVED).await? == false).then_some(())))
            .await?;
        ensure!(shop.found("A")?.is_empty());
        Ok(())
    });
}
