//! Pages that are left: at once, closed, before the module came, with no room for their requests, and to come back.

use std::time::Duration;

use anyhow::ensure;
use serde_json::json;

use super::consent::later;
use super::gate::Fault;
use super::{
    BOTH, EVENTS, MEASURED, Pace, REMEMBERED, SHOPPING, STUB, Shop, TRACES, is_known, rests, starts, tell, tell_and,
};
use crate::Done;
use crate::browser::{self, Browser};
use crate::emulate::NotHere;
use crate::engine::Engine;
use crate::server::text;
use crate::site::{Page, tag};
use crate::wait::until;

#[test]
fn a_page_that_is_left_at_once_loses_nothing() {
    for pace in BOTH {
        browser::with(async |browser| {
            let shop = Shop::open(MEASURED).await?;
            shop.visit(browser, "/").await?;
            tell_and(browser, pace, "A", "location.href = '/next'").await?;
            browser.arrive().await?;
            starts(browser).await?;
            shop.arrive("A").await?;
            shop.balanced(browser).await
        });
    }
}

#[test]
fn a_page_that_is_left_for_good_has_told_everything() {
    browser::with(async |browser| {
        let shop = Shop::open(MEASURED).await?;
        shop.visit(browser, "/").await?;
        tell_and(browser, Pace::Burst, "A", "location.href = '/plain'").await?;
        browser.arrive().await?;
        shop.arrive("A").await?;
        shop.left_balanced().await
    });
}

#[test]
fn a_tab_that_is_closed_at_once_has_told_everything() {
    for pace in BOTH {
        browser::with(async |browser| {
            let shop = Shop::open(MEASURED).await?;
            browser.open(&shop.site.at("/plain")).await?;
            // Only a script's own window may be closed by it, in the task of the last event.
            browser.run("window.other = open('/', '_blank')").await?;
            browser.until("other.polku?.journey?.()").await?;
            let told = pace.tell("A");
            browser.run(&format!("other.eval(`(async () => {{ await {told}; close(); }})()`)")).await?;
            browser.until("other.closed").await?;
            shop.arrive("A").await?;
            shop.left_balanced().await
        });
    }
}

#[test]
fn a_tab_closed_while_the_collector_fails_leaves_it_to_the_next_page_of_the_visit() {
    for pace in BOTH {
        browser::with(async |browser| {
            let shop = Shop::open(MEASURED).await?;
            browser.open(&shop.site.at("/plain")).await?;
            shop.gate.fails(Fault::Status(500));
            let first = browser.open_window(&shop.site.at("/")).await?;
            starts(browser).await?;
            let id = browser.value("polku.journey().id").await?;
            tell(browser, pace, "A").await?;
            browser.close(&first).await?;
            shop.gate.heals();
            shop.visit(browser, "/next").await?;
            shop.arrive("A").await?;
            assert_eq!(browser.value("polku.journey().id").await?, id, "the visit goes on");
            rests(browser).await?;
            shop.whole().await?;
            shop.add_up(&[])?;
            assert_eq!(shop.server.count("journeys")?, 1);
            Ok(())
        });
    }
}

/// The page's module never comes: it is left in the moment in which the loader is there. (The next page has its files from elsewhere.)
#[test]
fn a_page_that_is_left_before_the_module_came_leaves_its_events_to_the_next() {
    browser::with(async |browser| {
        let shop = Shop::open(MEASURED).await?;
        is_told(browser)?;
        shop.gate.holds_the_module();
        let go = r#"onload="location.href = '/next'""#;
        let page = Page::new(tag(&shop.gate.origin(), &shop.gate.collector(), go));
        let at_the_tag = format!("{}; window.__left = true;", Pace::Burst.tell("A"));
        shop.site.page("/", page.before(STUB).before(MEASURED).before(SHOPPING).before(&at_the_tag));
        browser.open(&shop.site.at("/")).await?;
        browser.arrive().await?;
        starts(browser).await?;
        shop.arrive("A").await?;
        shop.balanced(browser).await?;
        let pages = shop
            .server
            .rows("SELECT DISTINCT page FROM events WHERE json_extract(data, '$.items[0].item_id') LIKE 'A-%'")?;
        assert_eq!(pages.concat(), ["/"], "they happened where they happened");
        Ok(())
    });
}

/// … but nothing of the kind without a decision from earlier.
#[test]
fn a_page_that_is_left_before_the_module_came_leaves_nothing_without_consent() {
    browser::with(async |browser| {
        let undecided = "";
        let now = "polku('consent', { measure: true });\n";
        let refused = "polku('consent', { measure: false, since: 'earlier' });\n";
        let taken_back = "polku('consent', { measure: true, since: 'earlier' }); polku('withdraw');\n";
        for consent in [undecided, now, refused, taken_back] {
            let shop = Shop::open("").await?;
            is_told(browser)?;
            shop.gate.holds_the_module();
            let go = r#"onload="location.href = '/plain'""#;
            let page = Page::new(tag(&shop.gate.origin(), &shop.gate.collector(), go));
            let at_the_tag = format!("{}; window.__left = true;", Pace::Burst.tell("A"));
            shop.site.page("/", page.before(STUB).before(SHOPPING).before(&at_the_tag).before(consent));
            browser.open(&shop.site.at("/")).await?;
            browser.arrive().await?;
            assert_eq!(browser.run(TRACES).await?, json!([]), "{consent}");
            ensure!(shop.gate.came().is_empty(), "{consent}");
        }
        Ok(())
    });
}

/// What such a page leaves is the visit's: it goes with the consent to it, and with the visit.
#[test]
fn what_such_a_page_leaves_ends_with_the_consent_and_with_the_visit() {
    browser::with(async |browser| {
        let refused = "polku('consent', { measure: false, since: 'earlier' });\n".to_owned();
        let too_late = later(Duration::from_secs(31 * 60)) + MEASURED;
        for (next, may) in [(refused, false), (too_late, true)] {
            let shop = Shop::open("").await?;
            is_told(browser)?;
            shop.gate.holds_the_module();
            let go = r#"onload="location.href = '/plain'""#;
            let page = Page::new(tag(&shop.gate.origin(), &shop.gate.collector(), go));
            let at_the_tag = format!("{}; window.__left = true;", Pace::Burst.tell("A"));
            shop.site.page("/", page.before(STUB).before(MEASURED).before(SHOPPING).before(&at_the_tag));
            browser.open(&shop.site.at("/")).await?;
            browser.arrive().await?;
            ensure!(browser.run(TRACES).await? != json!([]), "there is something that can go");
            let page = Page::new(tag(&shop.server.origin, &shop.gate.collector(), ""));
            shop.site.page("/next", page.before(STUB).before(&next));
            browser.open(&shop.site.at("/next")).await?;
            browser.run("return polku.flush()").await?;
            if may {
                starts(browser).await?;
                rests(browser).await?;
                shop.whole().await?;
            } else {
                until("nothing is stored", async || Ok((browser.run(TRACES).await? == json!([])).then_some(())))
                    .await?;
                ensure!(shop.gate.came().is_empty(), "{next}");
            }
            ensure!(shop.found("A")?.is_empty(), "{next}");
        }
        Ok(())
    });
}

/// Browsers give a page 64 KiB for all requests that outlive it, and another script of the page may have taken them.
#[test]
fn a_page_that_may_send_nothing_as_it_is_left_leaves_it_to_the_next() {
    browser::with(async |browser| {
        let shop = Shop::open(MEASURED).await?;
        let other = super::Gate::before(&shop.server.origin).await?;
        other.fails(Fault::Silence);
        shop.visit(browser, "/").await?;
        rests(browser).await?;
        let greedy =
            format!("fetch('{}', {{ method: 'POST', body: 'x'.repeat(65500), keepalive: true }})", other.collector());
        browser.run(&format!("{greedy}.catch((error) => (window.refused = error))")).await?;
        until("the other script's request", async || Ok((!other.came().is_empty()).then_some(()))).await?;
        tell_and(browser, Pace::Burst, "A", "location.href = '/next'").await?;
        browser.arrive().await?;
        starts(browser).await?;
        shop.arrive("A").await?;
        shop.balanced(browser).await
    });
}

/// What a page has begun to load may throw it out of the cache when it comes: waits until the last of it is there.
async fn is_at_rest(browser: &Browser) -> Done {
    browser.until("seen.listeners.some(({ type }) => type === 'wheel')").await?;
    Ok(())
}

#[test]
fn a_page_that_comes_back_from_the_cache_has_what_it_could_not_send() {
    browser::with(async |browser| {
        let shop = Shop::open(MEASURED).await?;
        shop.gate.fails(Fault::Status(500));
        shop.visit(browser, "/").await?;
        is_at_rest(browser).await?;
        browser.run("window.kept = true").await?;
        tell_and(browser, Pace::Burst, "A", "location.href = '/plain'").await?;
        browser.arrive().await?;
        ensure!(shop.found("A")?.is_empty(), "nothing can have arrived");
        browser.back().await?;
        is_kept(browser)?;
        browser.until("document.readyState === 'complete' && window.kept && polku.journey?.()").await?;
        tell(browser, Pace::Burst, "B").await?;
        shop.gate.heals();
        shop.arrive("A").await?;
        shop.arrive("B").await?;
        shop.balanced(browser).await
    });
}

/// The page in between has sent what the cached one could not.
#[test]
fn a_page_that_comes_back_from_the_cache_does_not_count_twice_what_another_has_sent() {
    browser::with(async |browser| {
        let shop = Shop::open(MEASURED).await?;
        shop.gate.fails(Fault::Status(500));
        shop.visit(browser, "/").await?;
        is_at_rest(browser).await?;
        browser.run("window.kept = true").await?;
        tell_and(browser, Pace::Burst, "A", "location.href = '/next'").await?;
        browser.arrive().await?;
        starts(browser).await?;
        shop.gate.heals();
        shop.arrive("A").await?;
        rests(browser).await?;
        browser.back().await?;
        is_kept(browser)?;
        browser.until("document.readyState === 'complete' && window.kept && polku.journey?.()").await?;
        tell(browser, Pace::Burst, "B").await?;
        shop.arrive("B").await?;
        shop.balanced(browser).await?;
        let journeys = shop.server.journeys().await?;
        assert_eq!(journeys.len(), 1, "{}", text(&journeys[0]["id"]));
        assert_eq!(shop.found("A")?.len(), EVENTS);
        Ok(())
    });
}

/// Browsers answer in milliseconds, and busy ones do not.
const SLOW_LOCKS: &str = "const request = navigator.locks.request.bind(navigator.locks);
navigator.locks.request = async (...all) => { await new Promise((go) => setTimeout(go, 3000)); return request(...all); };\n";

#[test]
fn a_page_that_is_left_before_its_tabs_lock_came_is_in_the_journey() {
    browser::with(async |browser| {
        let shop = Shop::open(REMEMBERED).await?;
        shop.visit(browser, "/").await?;
        is_known(browser).await?;
        let page = Page::new(tag(&shop.server.origin, &shop.gate.collector(), ""));
        shop.site.page("/slow", page.before(SLOW_LOCKS).before(STUB).before(REMEMBERED).before(SHOPPING));
        browser.open(&shop.site.at("/slow")).await?;
        browser
            .until("performance.getEntriesByType('resource').some(({ name }) => name.includes('part-deliver'))")
            .await?;
        tokio::time::sleep(Duration::from_millis(500)).await;
        assert_eq!(browser.value("polku.journey()").await?, json!(null), "the lock has not come");
        shop.visit(browser, "/next").await?;
        rests(browser).await?;
        until("all views", async || {
            let rows = shop.server.rows("SELECT count(*) FROM events WHERE name = 'page_view'")?;
            Ok((rows[0][0] == "3").then_some(()))
        })
        .await
    });
}

/// Whether the browser keeps pages: Firefox's driver has it load them anew.
fn is_kept(browser: &Browser) -> Done {
    ensure!(
        browser.engine != Engine::Firefox,
        NotHere("Firefox keeps no page in the back/forward cache while it is driven".into())
    );
    Ok(())
}

/// Whether a page hears that it is left before it has loaded: in WebKit it is neither hidden nor shown to have gone.
fn is_told(browser: &Browser) -> Done {
    ensure!(
        browser.engine != Engine::WebKit,
        NotHere("WebKit tells no page that it is left before it has loaded".into())
    );
    Ok(())
}
