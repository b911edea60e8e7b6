//! Collectors and networks that are not there, and come back.

use std::time::Duration;

use anyhow::ensure;
use serde_json::json;

use super::{BOTH, MEASURED, Pace, RECOVERY, REMEMBERED, Shop, tell};
use crate::Done;
use crate::browser::{self, Browser};
use crate::engine::Engine;
use crate::wait::within;

#[test]
fn a_collector_that_comes_back_gets_everything_without_another_page() {
    for pace in BOTH {
        browser::with(async |browser| {
            let mut shop = Shop::open(MEASURED).await?;
            shop.gate.shut();
            shop.visit(browser, "/").await?;
            tell(browser, pace, "A").await?;
            // It was tried in vain, more than once.
            browser.until("failed.length").await?;
            ensure!(shop.gate.came().is_empty(), "the port is closed");
            shop.gate.reopen().await?;
            shop.arrive("A").await?;
            shop.balanced(browser).await?;
            assert_eq!(browser.value("failed").await?, json!(["E301 data-collector"]));
            Ok(())
        });
    }
}

/// The collector goes in the middle of it, with a batch in its hands.
#[test]
fn a_collector_that_goes_in_the_middle_gets_everything_later() {
    browser::with(async |browser| {
        let mut shop = Shop::open(MEASURED).await?;
        shop.visit(browser, "/").await?;
        browser.run("window.told = false; steady('A', 100).then(() => (window.told = true))").await?;
        crate::wait::until("the first of them", async || Ok((!shop.found("A")?.is_empty()).then_some(()))).await?;
        shop.gate.shut();
        browser.until("told").await?;
        shop.gate.reopen().await?;
        shop.arrive("A").await?;
        shop.balanced(browser).await
    });
}

async fn network(browser: &Browser, there: bool) -> Done {
    browser.cdp("Network.enable", json!({})).await?;
    let conditions = json!({ "offline": !there, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
    browser.cdp("Network.emulateNetworkConditions", conditions).await?;
    Ok(())
}

#[test]
fn what_was_told_without_a_network_outlives_a_reload() {
    for (pace, consent) in [(Pace::Burst, MEASURED), (Pace::Steady, MEASURED), (Pace::Burst, REMEMBERED)] {
        browser::with(async |browser| {
            let shop = Shop::open(consent).await?;
            shop.visit(browser, "/").await?;
            network(browser, false).await?;
            tell(browser, pace, "A").await?;
            // The shopper tries whether it works again: there is only the browser's own page. Firefox shows what it has kept of the shop's.
            let kept = browser.engine == Engine::Firefox;
            ensure!(browser.reload().await.is_err() || kept || browser.value("!window.polku").await? == true);
            network(browser, true).await?;
            shop.visit(browser, "/").await?;
            shop.arrive("A").await?;
            shop.balanced(browser).await
        });
    }
}

/// A train in a tunnel: as soon as the browser says that there is a network, what waits goes, whatever the next retry would be.
#[test]
fn what_waits_goes_as_soon_as_there_is_a_network_again() {
    browser::with(async |browser| {
        let shop = Shop::open(MEASURED).await?;
        shop.visit(browser, "/").await?;
        super::rests(browser).await?;
        network(browser, false).await?;
        browser.run("window.before = seen.requests.length").await?;
        tell(browser, Pace::Burst, "A").await?;
        // After five failures in a row the next attempt is half a minute away.
        within(RECOVERY, "five attempts", async || {
            Ok((browser.value("seen.requests.length - before >= 5").await? == true).then_some(()))
        })
        .await?;
        network(browser, true).await?;
        shop.arrive_within(Duration::from_secs(10), "A", super::EVENTS).await?;
        shop.balanced(browser).await
    });
}
