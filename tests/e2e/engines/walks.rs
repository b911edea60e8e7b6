//! The walks.

use anyhow::{Result, ensure};
use serde_json::json;

use crate::Done;
use crate::browser::Browser;
use crate::server::{Server, count, first, text};
use crate::site::{MEASURED, Page, STUB, Site, tag};
use crate::strict::visit::{Runs, Visit, works};

/// The module as JavaScript, by the tag's own word.
const JS: &str = r#"data-engine="js""#;
/// What a strict shop says of its pages.
const POLICY: &str = "default-src 'none'; script-src 'self' {polku}; style-src 'self'; img-src data:; connect-src 'self' {polku}; base-uri 'none'";
/// What is stored of Polku, by name.
const STORED: &str =
    "[localStorage, sessionStorage].flatMap((one) => Object.keys(one)).filter((key) => key.startsWith('polku'))";

fn plain(page: Page, _: &str) -> Page {
    page
}

/// From the first page to an answer in words, and the shopper's own view: by mouse and keyboard.
pub(super) async fn a_visit_with_all_that_it_loads(browser: &Browser) -> Done {
    Visit::new("", plain).await?.walk(browser, Runs::Wasm, &[]).await
}

pub(super) async fn a_visit_as_javascript(browser: &Browser) -> Done {
    Visit::new(JS, plain).await?.walk(browser, Runs::JavaScript, &[]).await
}

pub(super) async fn a_visit_under_a_strict_policy(browser: &Browser) -> Done {
    let policy = POLICY.replace("{polku};", "{polku} 'wasm-unsafe-eval';");
    Visit::new("", |page, polku| {
        page.policy(
            &policy
                .replacen("connect-src 'self' {polku} 'wasm-unsafe-eval'", "connect-src 'self' {polku}", 1)
                .replace("{polku}", polku),
        )
    })
    .await?
    .walk(browser, Runs::Wasm, &[])
    .await
}

pub(super) async fn a_visit_under_a_policy_without_webassembly(browser: &Browser) -> Done {
    let visit = Visit::new("", |page, polku| page.policy(&POLICY.replace("{polku}", polku))).await?;
    visit.open(browser).await?;
    browser.run("polku.track('view_item'); return polku.flush()").await?;
    visit.server.has("view_item").await?;
    // WebKit compiles the smallest module and refuses the engine's when that has come: it is fetched, and its translation after it.
    let names = "performance.getEntriesByType('resource').map(({ name }) => name.split('/').pop())";
    let fetched = browser
        .value(&format!("{names}.filter((name) => /^js-(core|whole)|wasm$/.test(name)).sort().join(' ')"))
        .await?;
    let fetched: Vec<&str> = text(&fetched).split(' ').collect();
    ensure!(fetched.last().is_some_and(|name| name.starts_with("js-whole-")), "{fetched:?}");
    ensure!(fetched.len() == 1 || fetched.len() == 2 && fetched[0].starts_with("core-"), "{fetched:?}");
    // Each engine says in its own words that it refused the smallest module; nothing else was refused.
    let refused = browser.value("seen.violations").await?;
    let refused: Vec<&str> = refused.as_array().into_iter().flatten().map(text).collect();
    ensure!(refused.iter().all(|one| one.starts_with("script-src")) && refused.len() <= 1, "{refused:?}");
    works(browser).await
}

/// By a link, back by the browser's button, and away again: each event once, in one journey.
pub(super) async fn a_page_that_is_left_and_come_back_to(browser: &Browser) -> Done {
    let visit = Visit::new("", plain).await?;
    visit.open(browser).await?;
    let id = browser.value("polku.journey().id").await?;
    // WebKit gives up what a page still loads as it is left: here it has come.
    browser
        .until("seen.listeners.some(({ type }) => type === 'wheel') && document.querySelector('[data-polku-status]')")
        .await?;
    browser.run("polku.track('view_item'); window.__left = true; location.href = '/next'").await?;
    browser.arrive().await?;
    browser.until("window.polku?.journey?.()").await?;
    visit.server.has("view_item").await?;
    browser.run("polku.track('add_to_cart')").await?;
    browser.back().await?;
    browser.until("location.pathname === '/' && window.polku?.journey?.()").await?;
    browser.run("polku.track('view_cart'); return polku.flush()").await?;
    let events = visit
        .server
        .settles("all of it", |events| count(events, "view_cart") > 0 && count(events, "add_to_cart") > 0)
        .await?;
    for name in ["view_item", "add_to_cart", "view_cart"] {
        assert_eq!(count(&events, name), 1, "{name}");
    }
    assert_eq!(count(&events, "page_view"), 3);
    assert_eq!(browser.value("polku.journey().id").await?, id, "one journey");
    assert_eq!(browser.value("seen.told()").await?, json!([]));
    works(browser).await
}

/// Nothing before a decision, everything after it, and nothing any more once it is taken back.
pub(super) async fn consent_and_its_withdrawal(browser: &Browser) -> Done {
    for more in ["", JS] {
        let server = Server::start()?;
        let site = Site::start(Page::new(tag(&server.origin, &server.collector(), more)).before(STUB)).await?;
        browser.open(&site.at("/")).await?;
        browser.until("window.polku?.version && performance.getEntriesByType('resource').some(({ name }) => /core-/.test(name))").await?;
        browser.run("polku.track('view_item'); return polku.flush()").await?;
        assert_eq!(browser.value(STORED).await?, json!([]), "nothing is stored before a decision");
        assert_eq!(server.count("journeys")?, 0);
        browser.run("polku.consent({ measure: true }); polku.track('view_cart'); return polku.flush()").await?;
        let events = server.has("view_cart").await?;
        assert_eq!(count(&events, "view_item"), 0, "what happened without consent is dropped");
        browser.until(&format!("{STORED}.length")).await?;
        browser.run("polku.withdraw()").await?;
        browser.until(&format!("!{STORED}.length")).await?;
        crate::wait::until("an erased journey", async || Ok((server.count("events")? == 0).then_some(()))).await?;
        browser.run("polku.track('purchase'); return polku.flush()").await?;
        assert_eq!(server.count("events")?, 0);
        assert_eq!(browser.value("seen.told()").await?, json!([]));
        works(browser).await?;
    }
    Ok(())
}

/// By the Navigation API where there is one, by a patched history where not.
pub(super) async fn a_single_page_shop(browser: &Browser) -> Done {
    let visit = Visit::new("", plain).await?;
    visit.open(browser).await?;
    browser.until("seen.listeners.some(({ type }) => type === 'wheel')").await?;
    for step in [
        "history.pushState(null, '', '/p/aamu-1')",
        "history.replaceState({ scroll: 1 }, '')",
        "history.pushState(null, '', '/p/ilta-2')",
        "history.replaceState(null, '', '?color=red')",
        "location.hash = 'reviews'",
        "history.pushState(null, '', '/cart')",
    ] {
        browser.run(step).await?;
    }
    browser.run("return new Promise((go) => { addEventListener('popstate', () => setTimeout(go, 100), { once: true }); history.go(-1); })").await?;
    browser.run("return polku.flush()").await?;
    let events = visit.server.settles("views", |events| count(events, "page_view") >= 5).await?;
    let views: Vec<&str> =
        events.iter().filter(|event| event["name"] == "page_view").map(|event| text(&event["page"])).collect();
    assert_eq!(views, ["/", "/p/:id", "/p/:id", "/cart", "/p/:id"]);
    assert_eq!(browser.value("seen.told()").await?, json!([]));
    Ok(())
}

/// A shop without prompts and its collector, begun with this script before all others.
async fn begun(browser: &Browser, more: &str, before: &str) -> Result<(Server, Site)> {
    let server = Server::start()?;
    let page = Page::new(tag(&server.origin, &server.collector(), more)).before(STUB).before(MEASURED);
    let site = Site::start(page.before(before)).await?;
    browser.open(&site.at("/")).await?;
    browser.until("window.polku?.journey?.()").await?;
    Ok((server, site))
}

/// Every access throws, as where a browser keeps all site data out.
pub(super) async fn storage_that_is_shut(browser: &Browser) -> Done {
    let shut = "for (const name of ['localStorage', 'sessionStorage']) Object.defineProperty(window, name, { get() { throw new DOMException('shut', 'SecurityError'); } });\n";
    for more in ["", JS] {
        let (server, _site) = begun(browser, more, shut).await?;
        browser.run("polku.track('view_item'); return polku.flush()").await?;
        let events = server.has("view_item").await?;
        ensure!(count(&events, "page_view") == 1, "{events:?}");
        let told = browser.value("seen.told()").await?;
        ensure!(told.as_array().is_some_and(|told| told.len() <= 1), "{told}");
        works(browser).await?;
    }
    Ok(())
}

/// What waits for a collector has to fit: the module's memory grows under texts that are on their way in and out, and each event arrives as it was
/// told. As JavaScript a memory that grows is another one, and its sizes can be seen.
pub(super) async fn memory_that_grows(browser: &Browser) -> Done {
    let sizes = "window.sizes = []; window.ArrayBuffer = new Proxy(ArrayBuffer, { construct(of, [size, more]) { if (size > 5e5) sizes.push(size); return new of(size, more); } });\n";
    for more in ["", JS] {
        let (server, _site) = begun(browser, more, sizes).await?;
        let begun = browser.value("sizes.length").await?;
        browser
            .run("const cart = (nth) => ({ value: 20, currency: 'EUR', items: Array.from({ length: 50 }, (_, at) => ({ item_id: `SKU-${nth}-${at}`, item_name: 'Kettle of steel', price: 24.9, quantity: 1 })) });
                  for (let nth = 0; nth < 80; nth++) polku.track('add_to_cart', cart(nth));
                  return polku.flush()")
            .await?;
        let events = server.settles("all carts", |events| count(events, "add_to_cart") == 80).await?;
        let mut seen: Vec<&str> = events
            .iter()
            .filter(|event| event["name"] == "add_to_cart")
            .map(|event| text(&event["data"]["items"][0]["item_id"]))
            .collect();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 80, "each as it was told");
        ensure!(seen.iter().all(|id| id.starts_with("SKU-") && id.ends_with("-0")), "{seen:?}");
        if more == JS {
            let grown = browser.value("sizes").await?;
            let grown = grown.as_array().map_or(0, Vec::len);
            ensure!(grown > begun.as_u64().unwrap_or_default() as usize, "it has not grown: {begun}, {grown}");
        }
        assert_eq!(browser.value("seen.told()").await?, json!([]));
        works(browser).await?;
    }
    Ok(())
}

/// What the shopper sees is what is stored; what is erased there is gone, here and at the collector.
pub(super) async fn the_shoppers_own_view_erases(browser: &Browser) -> Done {
    let visit = Visit::new("", plain).await?;
    visit.open(browser).await?;
    browser.run("polku.track('view_item', { value: 47.9, currency: 'EUR' }); return polku.flush()").await?;
    let events = visit.server.has("view_item").await?;
    assert_eq!(first(&events, "view_item")?["data"]["value"], 48);
    browser.run("polku.privacy.open()").await?;
    browser
        .until("document.querySelector('[data-polku-view]')?.shadowRoot.querySelector('.state')?.dataset.is === 'on'")
        .await?;
    browser.click("[data-polku-view] >>> .card > .acts .d").await?;
    browser.click("[data-polku-view] >>> .sure .d").await?;
    crate::wait::until("an erased journey", async || Ok((visit.server.count("journeys")? == 0).then_some(()))).await?;
    browser.until(&format!("!{STORED}.length")).await?;
    Ok(())
}
