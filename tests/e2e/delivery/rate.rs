//! A page whose script runs away: it is cut, and what was cut is declared.

use anyhow::ensure;
use serde_json::json;

use super::{MEASURED, SHOPPING, STUB, Shop, captured, dropped, number, rests, starts};
use crate::Done;
use crate::browser::{self, Browser};
use crate::site::{Page, tag};

/// What the loop tells.
const CALLS: u64 = 5_000;
/// Of one name, at once.
const NAME: u64 = 200;
/// What a bucket may gain while a loop and its batches take their time: 50 events a second, for ten seconds.
const REFILL: u64 = 500;

/// The loop has told its events: a few are there, the rest is declared.
async fn is_cut(browser: &Browser, shop: &Shop) -> Done {
    // The shop's next event is none of the loop's.
    browser.run("polku.track('purchase', { transaction_id: 'A-1', value: 20, currency: 'EUR' })").await?;
    shop.server.has("purchase").await?;
    let loss = rests(browser).await?;
    shop.add_up(&["rate"])?;
    let found = shop.found("A")?;
    let stored = found.len() as u64;
    ensure!((NAME / 2..=NAME + REFILL).contains(&stored), "{stored} of the loop arrived");
    ensure!(found.values().all(|times| *times == 1));
    assert_eq!(number(&loss["dropped"]["rate"]), CALLS - stored, "{loss}");
    assert_eq!(captured(&loss), shop.server.count("events")? as u64 + dropped(&loss), "{loss}");
    ensure!(shop.gate.came().len() < 20, "it is not sent one by one: {}", shop.gate.came().len());
    assert_eq!(browser.value("seen.errors").await?, json!([]));
    Ok(())
}

#[test]
fn a_loop_that_runs_away_is_cut_and_declared() {
    browser::with(async |browser| {
        let shop = Shop::open(MEASURED).await?;
        shop.visit(browser, "/").await?;
        browser.run(&format!("burst('A', {CALLS})")).await?;
        is_cut(browser, &shop).await
    });
}

/// The same before there is a module that could count.
#[test]
fn a_loop_that_runs_away_before_the_module_came_is_cut_and_declared() {
    browser::with(async |browser| {
        let shop = Shop::open(MEASURED).await?;
        let page = Page::new(tag(&shop.server.origin, &shop.gate.collector(), ""));
        let early = format!("burst('A', {CALLS});");
        shop.site.page("/", page.before(STUB).before(MEASURED).before(SHOPPING).before(&early));
        browser.open(&shop.site.at("/")).await?;
        starts(browser).await?;
        is_cut(browser, &shop).await
    });
}
