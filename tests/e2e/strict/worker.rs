//! Pages with a service worker, through which everything goes that they fetch: also what Polku loads and sends.

use anyhow::ensure;
use serde_json::json;

use super::visit::{Runs, Visit, works};
use crate::Done;
use crate::browser::{self, Browser};
use crate::server::count;

/// It takes the page over at once.
const AT_ONCE: &str = "addEventListener('install', () => skipWaiting());
addEventListener('activate', (event) => event.waitUntil(clients.claim()));\n";
/// The cache first, for whatever is asked for; what was fetched is kept.
const CACHE_FIRST: &str = "addEventListener('fetch', (event) => event.respondWith((async () => {
  const cache = await caches.open('shop');
  const kept = await cache.match(event.request);
  if (kept) return kept;
  const answer = await fetch(event.request);
  if (event.request.method === 'GET') cache.put(event.request, answer.clone());
  return answer;
})()));";
/// It fails wherever a request leaves the shop.
const BREAKS: &str = "addEventListener('fetch', (event) => {
  if (BROKEN(event.request)) event.respondWith(Promise.reject(new Error('a worker that fails')));
});";
/// It gives the shop's page for whatever is asked for, as some single-page shops do.
const SAME_FOR_ALL: &str = "addEventListener('fetch', (event) => {
  if (BROKEN(event.request)) event.respondWith(new Response('<!doctype html><title>Shop</title>', { headers: { 'content-type': 'text/html' } }));
});";

/// A shop whose pages are under a worker with this script. `more`: attributes of the tag.
async fn under(browser: &Browser, worker: &str, more: &str) -> anyhow::Result<Visit> {
    let visit = Visit::new(more, |page, _| page).await?;
    visit.site.file("/worker.js", 200, "text/javascript", &format!("{AT_ONCE}{worker}"));
    visit.site.page("/plain", crate::site::Page::default());
    browser.open(&visit.site.at("/plain")).await?;
    browser
        .run("navigator.serviceWorker.register('/worker.js'); return new Promise((go) => { navigator.serviceWorker.oncontrollerchange = () => go(1); })")
        .await?;
    Ok(visit)
}

/// Which requests fail: by an expression of `url`.
fn broken(worker: &str, expression: &str) -> String {
    worker.replace("BROKEN(event.request)", &format!("((url) => {expression})(event.request.url)"))
}

#[test]
fn a_worker_that_asks_its_cache_first_changes_nothing() {
    for (more, runs) in [("", Runs::Wasm), (r#"data-engine="js""#, Runs::JavaScript)] {
        browser::with(async |browser| {
            let visit = under(browser, CACHE_FIRST, more).await?;
            visit.walk(browser, runs, &[]).await?;
            // Once more, now from the cache.
            visit.open(browser).await?;
            browser.run("polku.track('view_cart'); return polku.flush()").await?;
            let events = visit.server.has("view_cart").await?;
            assert_eq!(count(&events, "view_cart"), 1);
            ensure!(browser.value("navigator.serviceWorker.controller !== null").await? == true);
            Ok(())
        });
    }
}

/// The page goes on; what waits is kept, and sent once the worker lets it pass.
#[test]
fn a_worker_that_fails_at_the_collector_loses_nothing() {
    for worker in [BREAKS, SAME_FOR_ALL] {
        browser::with(async |browser| {
            let visit = under(browser, &broken(worker, "url.endsWith('/v1/batch')"), "").await?;
            visit.open(browser).await?;
            browser.run("polku.track('view_item'); polku.flush()").await?;
            quiet_after_requests(browser).await?;
            assert_eq!(visit.server.count("journeys")?, 0);
            // The worker's next version is a better one.
            visit.site.file("/worker.js", 200, "text/javascript", AT_ONCE);
            browser
                .run("const there = new Promise((go) => { navigator.serviceWorker.oncontrollerchange = go; });
                      return navigator.serviceWorker.getRegistration().then((one) => one.update()).then(() => there).then(() => 1)")
                .await?;
            works(browser).await?;
            visit.server.has("view_item").await?;
            Ok(())
        });
    }
}

/// A request was tried; nobody was thrown at, and the developer was told once at most.
async fn quiet_after_requests(browser: &Browser) -> Done {
    browser.until("seen.requests.some((url) => url.endsWith('/v1/batch'))").await?;
    let since = browser.value("performance.now()").await?.as_f64().unwrap_or_default();
    browser.until(&format!("performance.now() > {since} + 3000")).await?;
    assert_eq!(browser.value("seen.errors").await?, json!([]), "errors on the shop's page");
    let told = browser.value("seen.told()").await?;
    ensure!(told.as_array().is_some_and(|told| told.len() <= 1), "{told}");
    let requests = browser.value("seen.requests.filter((url) => url.endsWith('/v1/batch')).length").await?;
    ensure!(requests.as_u64() <= Some(4), "{requests} requests in three seconds");
    Ok(())
}

#[test]
fn a_worker_that_breaks_the_package_leaves_the_page_and_one_message() {
    for worker in [BREAKS, SAME_FOR_ALL] {
        browser::with(async |browser| {
            let visit = under(browser, &broken(worker, "/\\/(js-)?core-/.test(url)"), "").await?;
            browser.open(&visit.site.at("/")).await?;
            browser.until("seen.told().length").await?;
            browser.run("polku.track('purchase'); polku.page(); return polku.flush()").await?;
            let told = browser.value("seen.told()").await?;
            ensure!(
                told.as_array().is_some_and(|told| told.len() == 1) && told.to_string().contains("polku E901"),
                "{told}"
            );
            works(browser).await
        });
    }
}
