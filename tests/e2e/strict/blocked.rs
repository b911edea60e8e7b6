//! Shoppers with a blocker: requests are cancelled before they leave. That is accepted in silence.

use anyhow::ensure;
use serde_json::{Value, json};

use super::visit::{Visit, works};
use crate::Done;
use crate::browser::{self, Browser};
use crate::site::Page;

async fn blocks(browser: &Browser, addresses: &[&str]) -> Done {
    browser.cdp("Network.enable", json!({})).await?;
    let blocked: Vec<String> = addresses.iter().map(|part| format!("*{part}*")).collect();
    browser.cdp("Network.setBlockedURLs", json!({ "urls": blocked })).await?;
    Ok(())
}

async fn told(browser: &Browser) -> anyhow::Result<Vec<Value>> {
    Ok(browser.value("seen.told()").await?.as_array().cloned().unwrap_or_default())
}

#[test]
fn a_blocked_collector_is_accepted_in_silence() {
    browser::with(async |browser| {
        let visit = Visit::new("", |page: Page, _| page).await?;
        blocks(browser, &["/v1/batch"]).await?;
        visit.open(browser).await?;
        // A busy visit: something every quarter of a second for ten.
        browser
            .run("return new Promise((go) => { let left = 40; const timer = setInterval(() => { polku.track('view_item', { items: [{ item_id: 'SKU-' + left }] }); if (!--left) { clearInterval(timer); go(1); } }, 250); })")
            .await?;
        let asked = browser.value("seen.requests.filter((url) => url.includes('/v1/batch')).length").await?;
        ensure!(asked.as_u64() >= Some(1), "nothing was tried");
        ensure!(asked.as_u64() <= Some(6), "{asked} requests in ten seconds: a storm");
        ensure!(told(browser).await?.len() <= 1, "{:?}", told(browser).await?);
        // A flush that cannot succeed ends nevertheless.
        let flushed = browser.run("return polku.flush()").await?;
        ensure!(flushed["queued"].as_u64() > Some(0), "{flushed}");
        assert_eq!(visit.server.count("journeys")?, 0);
        works(browser).await?;
        browser.until("window.polku?.journey?.()").await?;
        ensure!(told(browser).await?.len() <= 1, "{:?}", told(browser).await?);
        // Without the blocker what waited arrives: nothing is lost that can be kept.
        blocks(browser, &[]).await?;
        browser.run("return polku.flush()").await?;
        visit.server.has("view_item").await?;
        Ok(())
    });
}

#[test]
fn blocked_files_leave_the_page_as_it_is() {
    for file in
        ["/polku/polku.js", "/polku/core-", "/polku/watch-", "/polku/part-deliver-", "/polku/prompt-", "errors-"]
    {
        browser::with(async |browser| {
            let visit = Visit::new("", |page: Page, _| page).await?;
            blocks(browser, &[file]).await?;
            browser.open(&visit.site.at("/")).await?;
            browser.until("document.readyState === 'complete'").await?;
            browser.run("polku('track', 'view_item'); polku('track', 'purchase', { transaction_id: 'A-1', value: 20 }); const since = performance.now(); return new Promise((go) => setTimeout(go, 1500))").await?;
            ensure!(told(browser).await?.len() <= 1, "{file}: {:?}", told(browser).await?);
            if file.ends_with("polku.js") {
                // The browser tells the page that its tag was blocked: that is no error of a script.
                return browser.follow("#next").await;
            }
            works(browser).await
        });
    }
}
