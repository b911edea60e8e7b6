//! Several tabs of one visit: no batch twice, no queue overwritten.

use std::collections::BTreeSet;

use anyhow::{Result, ensure};

use super::gate::Fault;
use super::{MEASURED, Pace, Shop, captured, is_known, rests, starts, tell};
use crate::Done;
use crate::browser::{self, Browser};
use crate::wait::until;

/// A browser without Web Locks.
const LOCKLESS: &str = "Object.defineProperty(Navigator.prototype, 'locks', { get() {}, configurable: true });";

impl Shop {
    /// No batch was handed on to the collector twice, nor any event in two batches.
    fn sent_once(&self) -> Done {
        let mut seen = BTreeSet::new();
        for came in self.gate.came().iter().filter(|came| came.passed) {
            let batch: serde_json::Value = serde_json::from_str(&came.body)?;
            for event in batch["events"].as_array().into_iter().flatten() {
                let name = format!("{}/{}", batch["journey"]["leg"], event["seq"]);
                ensure!(seen.insert(name.clone()), "{name} was sent twice, in batch {}", batch["batch"]);
            }
        }
        Ok(())
    }

    /// The tabs' books together are what there is.
    async fn balanced_together(&self, browser: &Browser, tabs: &[browser::Window]) -> Done {
        // A tab that is no longer looked at sums up what was seen of its page, and may do so after it was asked: then all are asked once more.
        until("as many events as the tabs have told", async || {
            let mut all = 0;
            for tab in tabs {
                browser.to(tab).await?;
                let loss = rests(browser).await?;
                assert_eq!(loss["captured"], loss["sent"], "{loss}");
                all += captured(&loss);
            }
            Ok((all == self.server.count("events")? as u64).then_some(()))
        })
        .await?;
        self.whole().await?;
        self.add_up(&[])?;
        assert_eq!(self.server.count("journeys")?, 1, "one visit");
        Ok(())
    }
}

/// Opens a window, with Web Locks or without.
async fn window(browser: &Browser, shop: &Shop, path: &str, locks: bool) -> Result<browser::Window> {
    let window = browser.open_window("about:blank").await?;
    if !locks {
        browser.before_each_page(LOCKLESS).await?;
    }
    shop.visit(browser, path).await?;
    assert_eq!(browser.value("!!navigator.locks").await?, locks);
    is_known(browser).await?;
    Ok(window)
}

#[test]
fn two_tabs_send_each_their_own() {
    for locks in [true, false] {
        browser::with(async |browser| {
            let shop = Shop::open(MEASURED).await?;
            shop.gate.fails(Fault::Status(503));
            let one = window(browser, &shop, "/", locks).await?;
            browser.run(&format!("void {}", Pace::Steady.tell("A"))).await?;
            let two = window(browser, &shop, "/next", locks).await?;
            tell(browser, Pace::Burst, "B").await?;
            browser.run("polku.flush()").await?;
            shop.knocked(2).await?;
            shop.gate.heals();
            shop.arrive("A").await?;
            shop.arrive("B").await?;
            shop.balanced_together(browser, &[one, two]).await?;
            shop.sent_once()
        });
    }
}

/// Tabs that reload while others are there find their own again.
#[test]
fn a_tab_that_goes_on_takes_nothing_from_the_other() {
    browser::with(async |browser| {
        let shop = Shop::open(MEASURED).await?;
        shop.gate.fails(Fault::Status(503));
        let one = window(browser, &shop, "/", true).await?;
        tell(browser, Pace::Burst, "A").await?;
        let two = window(browser, &shop, "/", true).await?;
        tell(browser, Pace::Burst, "B").await?;
        for tab in [&one, &two] {
            browser.to(tab).await?;
            browser.run("window.__left = true; location.href = '/next'").await?;
            browser.arrive().await?;
            starts(browser).await?;
        }
        shop.gate.heals();
        shop.arrive("A").await?;
        shop.arrive("B").await?;
        shop.balanced_together(browser, &[one, two]).await
    });
}

/// What a browser does when a tab is duplicated: what the tab has stored for itself is there twice.
#[test]
fn a_copied_tab_sends_nothing_of_the_first() {
    for locks in [true, false] {
        browser::with(async |browser| {
            let shop = Shop::open(MEASURED).await?;
            shop.gate.fails(Fault::Status(503));
            let one = window(browser, &shop, "/", locks).await?;
            tell(browser, Pace::Burst, "A").await?;
            browser.until("sessionStorage.getItem('polku:1:tab')").await?;
            let known = browser.windows().await?;
            browser.run("open('about:blank', '_blank')").await?;
            let two = until("the copy", async || {
                Ok(browser.windows().await?.into_iter().find(|window| !known.contains(window)))
            })
            .await?;
            browser.to(&two).await?;
            if !locks {
                browser.before_each_page(LOCKLESS).await?;
            }
            shop.visit(browser, "/next").await?;
            tell(browser, Pace::Burst, "B").await?;
            shop.gate.heals();
            shop.arrive("A").await?;
            shop.arrive("B").await?;
            if locks {
                shop.balanced_together(browser, &[one, two]).await?;
                shop.sent_once()?;
            }
            Ok(())
        });
    }
}

/// Two tabs begin at once and find what a third has left: one of them sends it.
#[test]
fn what_a_closed_tab_has_left_is_sent_by_one() {
    browser::with(async |browser| {
        let shop = Shop::open(MEASURED).await?;
        browser.open(&shop.site.at("/plain")).await?;
        let home = browser.window().await?;
        shop.gate.fails(Fault::Status(503));
        let gone = window(browser, &shop, "/", true).await?;
        tell(browser, Pace::Burst, "A").await?;
        browser.close(&gone).await?;
        browser.to(&home).await?;
        let before = shop.gate.came().len();
        shop.gate.heals();
        browser.run("for (const at of [1, 2, 3]) open(`/next?${at}`, '_blank', 'noopener')").await?;
        shop.arrive("A").await?;
        ensure!(shop.gate.came().len() > before);
        for tab in browser.windows().await? {
            if tab != home {
                browser.to(&tab).await?;
                starts(browser).await?;
                rests(browser).await?;
            }
        }
        shop.whole().await?;
        shop.add_up(&[])?;
        shop.sent_once()
    });
}
