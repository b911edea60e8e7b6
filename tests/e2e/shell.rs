//! The shell and the loader on pages of a shop of one's own, on another origin than Polku's.

use anyhow::{Result, ensure};
use serde_json::{Value, json};
use thirtyfour::Key;

use crate::Done;
use crate::browser::{self, Browser};
use crate::emulate::NotHere;
use crate::engine::Engine;
use crate::server::{self, Server, count, first, text};
use crate::site::{MEASURED, Page, STUB, Site, tag};
use crate::walk::{CARD, Prompt};

/// The documented stub.
/// A page with Polku on it and the stub before it.
fn page(server: &Server, more: &str) -> Page {
    Page::new(tag(&server.origin, &server.collector(), more)).before(STUB)
}

/// A shop whose shoppers have accepted, with `script` before the tag, and the page open.
async fn open(browser: &Browser, script: &str) -> Result<(Server, Site)> {
    let server = Server::start()?;
    let site = Site::start(page(&server, "").before(MEASURED).before(script)).await?;
    browser.open(&site.at("/")).await?;
    browser.until("window.polku?.journey?.()").await?;
    Ok((server, site))
}

/// Sends all that waits.
async fn flush(browser: &Browser) -> Result<Value> {
    browser.run("return polku.flush()").await
}

/// The page itself works: no script of it failed, and its link leads on.
async fn works(browser: &Browser) -> Done {
    assert_eq!(browser.value("seen.errors").await?, json!([]), "errors on the shop's page");
    browser.follow("#next").await?;
    ensure!(browser.address().await?.ends_with("/next"));
    Ok(())
}

/// Polku's messages to the developer.
async fn told(browser: &Browser) -> Result<Vec<String>> {
    let told = browser.value("seen.told()").await?;
    Ok(told.as_array().into_iter().flatten().map(|message| text(message).to_owned()).collect())
}

/// What a shop reported, and Polku's page view, without the stages.
fn touchpoints(events: &[Value]) -> Vec<&str> {
    server::touchpoints(events).into_iter().filter(|name| *name != "stage_enter").collect()
}

#[test]
fn destroy_takes_everything_off_the_page() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let before = "window.before = seen.listening(); window.dataLayer = [];";
        let site =
            Site::start(page(&server, r#"data-prompts="/prompts.json""#).before(MEASURED).before(before)).await?;
        browser.open(&site.at("/")).await?;
        browser.until("polku.journey?.()").await?;
        browser.until("document.querySelector('[data-polku-status]')").await?;
        browser.run("polku.track('view_item'); polku.on('touchpoint', () => {}); window.push = dataLayer.push").await?;
        ensure!(browser.value("seen.listening().length > before.length").await? == true, "it listens");
        browser.run("polku.destroy()").await?;
        browser.until("!seen.waiting().length").await?;
        // What waited has left, as if the page had.
        server.has("view_item").await?;
        ensure!(
            browser.value("dataLayer.push === window.Array.prototype.push").await? == true,
            "the data layer is the shop's again"
        );
        ensure!(browser.value("!document.querySelector('[data-polku-status], [data-polku-prompt]')").await? == true);
        // Afterwards every call does nothing, and nothing throws.
        let events = server.count("events")?;
        browser
            .run("polku.track('view_cart'); polku('track', 'search'); polku.consent({ measure: true }); polku.page()")
            .await?;
        browser
            .run("document.querySelector('#dead').click(); dispatchEvent(new PageTransitionEvent('pagehide'))")
            .await?;
        assert_eq!(flush(browser).await?, json!({ "sent": 0, "queued": 0 }));
        assert_eq!(browser.value("polku.journey()").await?, Value::Null);
        assert_eq!(server.count("events")?, events);
        ensure!(told(browser).await?.is_empty());
        Ok(())
    });
}

#[test]
fn destroy_takes_every_listener_off_the_page() {
    browser::with(async |browser| {
        let (_server, _site) = open(browser, "window.before = seen.listening(); window.dataLayer = [];").await?;
        browser.run("polku.destroy()").await?;
        assert_eq!(browser.value("seen.listening()").await?, browser.value("before").await?);
        Ok(())
    });
}

#[test]
fn destroy_takes_the_stage_off_the_page() {
    browser::with(async |browser| {
        let (_server, _site) = open(browser, "").await?;
        browser.until("document.documentElement.dataset.polkuStage").await?;
        browser.run("polku.destroy()").await?;
        assert_eq!(browser.value("document.documentElement.dataset.polkuStage ?? null").await?, Value::Null);
        Ok(())
    });
}

/// A page whose loader comes late, with calls before it, before its module, and after. Gives back the events.
async fn open_late(browser: &Browser) -> Result<(Server, Site, Vec<Value>)> {
    let server = Server::start()?;
    let (origin, collector) = (&server.origin, server.collector());
    let script = format!(
        "polku('consent', {{ measure: true, since: 'earlier' }});
        const times = window.times = [];
        const call = (name) => {{ times.push(performance.now()); polku('track', name); }};
        call('view_item');
        setTimeout(() => call('add_to_cart'), 300);
        setTimeout(() => {{
          const script = document.createElement('script');
          script.src = '{origin}/polku/polku.js';
          Object.assign(script.dataset, {{ key: 'pk_fixture', collector: '{collector}' }});
          // The loader is there, the module is not yet.
          script.onload = () => {{ call('view_cart'); polku.track('begin_checkout'); }};
          document.head.append(script);
        }}, 600);"
    );
    let site = Site::start(Page::new("").before(STUB).before(&script)).await?;
    browser.open(&site.at("/")).await?;
    browser.until("polku.journey?.()").await?;
    flush(browser).await?;
    let events = server.has("begin_checkout").await?;
    Ok((server, site, events))
}

#[test]
fn calls_before_loading_keep_their_order() {
    browser::with(async |browser| {
        let (_server, _site, events) = open_late(browser).await?;
        assert_eq!(touchpoints(&events), ["page_view", "view_item", "add_to_cart", "view_cart", "begin_checkout"]);
        works(browser).await
    });
}

#[test]
fn calls_before_loading_keep_their_times() {
    browser::with(async |browser| {
        let (_server, _site, events) = open_late(browser).await?;
        let times = browser.value("times").await?;
        for (nth, name) in ["view_item", "add_to_cart", "view_cart"].into_iter().enumerate() {
            let called = times[nth].as_f64().unwrap_or(-1.0);
            let at = first(&events, name)?["at"].as_f64().unwrap_or(-1.0);
            // In steps of 100 since the page began, and each clock rounds for itself.
            ensure!((at - called).abs() <= 101.0, "{name}: called at {called}, sent with {at}");
        }
        Ok(())
    });
}

#[test]
fn a_tag_that_is_included_twice_counts_once() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let one = tag(&server.origin, &server.collector(), "");
        let other = one.replace("pk_fixture", "pk_other");
        let site = Site::start(Page::new(format!("{one}{one}{other}")).before(STUB).before(MEASURED)).await?;
        browser.open(&site.at("/")).await?;
        browser.until("polku.journey?.()").await?;
        browser.run("polku.track('view_item')").await?;
        flush(browser).await?;
        let events = server.has("view_item").await?;
        assert_eq!(touchpoints(&events), ["page_view", "view_item"]);
        ensure!(told(browser).await?.is_empty());
        works(browser).await
    });
}

#[test]
fn a_call_by_name_is_the_call() {
    browser::with(async |browser| {
        let (server, _site) = open(browser, "").await?;
        browser
            .run("polku('track', 'view_item', { value: 47.9, currency: 'EUR' }); polku.track('view_cart', { value: 47.9, currency: 'EUR' });
                  polku('page', '/cart?coupon=anna#x'); polku.page('/p/aamu');")
            .await?;
        flush(browser).await?;
        let events = server.has("view_cart").await?;
        let one = first(&events, "view_item")?;
        assert_eq!(one["data"], json!({ "value": 48, "currency": "EUR" }));
        assert_eq!(one["data"], first(&events, "view_cart")?["data"]);
        let pages: Vec<&str> =
            events.iter().filter(|event| event["name"] == "page_view").map(|event| text(&event["page"])).collect();
        assert_eq!(pages, ["/", "/cart", "/p/:id"]);
        browser.run("polku('trakc', 'view_item'); polku('trakc'); polku.track('add_to_card', {}); polku.track('add_to_card')").await?;
        browser.until("seen.told().length === 2").await?;
        let told = told(browser).await?;
        ensure!(told[0].contains("E903 trakc") || told[1].contains("E903 trakc"), "{told:?}");
        ensure!(told[0].contains("E120 add_to_card") || told[1].contains("E120 add_to_card"), "{told:?}");
        works(browser).await
    });
}

#[test]
fn listeners_may_do_anything() {
    browser::with(async |browser| {
        let script = "window.heard = []; window.stages = [];
            polku('on', 'touchpoint', () => { throw Error('a listener of the shop'); });
            polku('on', 'touchpoint', ({ name }) => {
              heard.push(name);
              if (name === 'view_item') {
                polku.track('add_to_cart');
                document.querySelector('#dead').click();
                dispatchEvent(new Event('visibilitychange'));
              }
              if (name === 'begin_checkout') polku.destroy();
            });
            polku('on', 'stage', (stage) => stages.push(stage));";
        let (server, _site) = open(browser, script).await?;
        browser.run("window.off = polku.on('touchpoint', () => heard.push('other')); off(); off();").await?;
        browser.run("polku.track('view_item')").await?;
        browser.until("heard.includes('add_to_cart')").await?;
        browser.run("polku.track('begin_checkout')").await?;
        let events = server.has("begin_checkout").await?;
        // What the shop's own listener throws is an error of its page; it is told when it is ripe, at the end at the latest.
        let shops: Vec<&str> = touchpoints(&events).into_iter().filter(|name| *name != "js_error").collect();
        assert_eq!(shops, ["page_view", "view_item", "add_to_cart", "begin_checkout"]);
        assert_eq!(count(&events, "js_error"), 1);
        ensure!(browser.value("heard.includes('page_view') && !heard.includes('other')").await? == true);
        let stages = browser.value("stages").await?;
        let entered: Vec<&str> = stages.as_array().into_iter().flatten().map(|stage| text(&stage["stage"])).collect();
        assert_eq!(entered, ["awareness", "consideration", "decision"]);
        assert_eq!(
            stages[1],
            json!({ "from": "awareness", "rule": "view_item", "visit": 1, "stage": "consideration" })
        );
        // The shop sees its own error as it would anywhere else, and nobody else's.
        let errors = browser.value("[...new Set(seen.errors)]").await?;
        let said = if browser.engine == Engine::Chromium { "Uncaught Error: " } else { "Error: " };
        assert_eq!(errors, json!([format!("{said}a listener of the shop")]));
        ensure!(told(browser).await?.is_empty());
        Ok(())
    });
}

#[test]
fn storage_may_be_full_or_shut() {
    browser::with(async |browser| {
        let full = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };";
        let shut = "Storage.prototype.setItem = Storage.prototype.getItem = Storage.prototype.removeItem = () => { throw new DOMException('shut', 'SecurityError'); };";
        let gone = "for (const name of ['localStorage', 'sessionStorage'])
            Object.defineProperty(window, name, { get() { throw new DOMException('gone', 'SecurityError'); } });";
        for script in [full, shut, gone] {
            let (server, _site) = open(browser, script).await?;
            browser
                .run(
                    "polku.track('view_item'); dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))",
                )
                .await?;
            server.has("view_item").await?;
            browser.run("polku.withdraw()").await?;
            crate::wait::until("it is erased", async || Ok((server.count("journeys")? == 0).then_some(()))).await?;
            let said = told(browser).await?;
            ensure!(said.len() == 1 && said[0].starts_with("polku E402 storage"), "once: {said:?}");
            works(browser).await?;
        }
        Ok(())
    });
}

#[test]
fn fetch_may_throw_or_never_answer() {
    browser::with(async |browser| {
        let throws = "const real = window.fetch;
            window.fetch = (url, ...rest) => { if (String(url).includes('/v1/')) throw new TypeError('a blocker'); return real(url, ...rest); };
            window.mend = () => { window.fetch = real; };";
        let (server, _site) = open(browser, throws).await?;
        browser.run("polku.track('purchase', { value: 20 })").await?;
        browser.until("seen.told().length").await?;
        let said = told(browser).await?;
        ensure!(said.len() == 1 && said[0].starts_with("polku E301 data-collector"), "{said:?}");
        browser.run("mend()").await?;
        let events = server.has("purchase").await?;
        assert_eq!(touchpoints(&events), ["page_view", "purchase"]);
        works(browser).await?;

        let never = "const real = window.fetch;
            window.fetch = (url, ...rest) => String(url).includes('/v1/') ? new Promise(() => {}) : real(url, ...rest);";
        let (_server, _site) = open(browser, never).await?;
        browser.run("polku.track('purchase', { value: 20 }); polku.flush(); polku.flush();").await?;
        let books = "(({ captured, queued }) => captured > 1 && captured === queued)(polku.journey().loss)";
        ensure!(browser.value(books).await? == true, "{}", browser.value("polku.journey()").await?);
        ensure!(told(browser).await?.is_empty());
        works(browser).await
    });
}

#[test]
fn a_fetch_that_always_throws_breaks_nothing() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let throws = "window.fetch = () => { throw new TypeError('a blocker'); };";
        let site = Site::start(page(&server, "").before(MEASURED).before(throws)).await?;
        browser.open(&site.at("/")).await?;
        browser.until("seen.told().length").await?;
        let said = told(browser).await?;
        ensure!(said.len() == 1 && said[0].starts_with("polku E901"), "{said:?}");
        browser.run("polku.track('view_item')").await?;
        assert_eq!(flush(browser).await?, json!({ "sent": 0, "queued": 0 }));
        works(browser).await
    });
}

#[test]
fn data_that_is_no_json_is_left_out() {
    browser::with(async |browser| {
        let (server, _site) = open(browser, "").await?;
        browser
            .run("const circle = { value: 20 }; circle.circle = circle; polku.track('view_item', circle);
                  polku.track('view_cart', { value: 20, get items() { throw Error('a trap'); } });
                  polku.track('add_to_cart', 'twenty'); polku.track('begin_checkout', () => {}); polku.track('search', 20n);
                  polku.track(Symbol('view')); polku.track(null); polku.track();")
            .await?;
        flush(browser).await?;
        let events = server.has("begin_checkout").await?;
        assert_eq!(
            touchpoints(&events),
            ["page_view", "view_item", "view_cart", "add_to_cart", "begin_checkout", "search"]
        );
        assert_eq!(first(&events, "view_item")?["data"], json!({}), "the touchpoint was kept without it");
        ensure!(told(browser).await?.iter().all(|message| message.contains("E121") || message.contains("E120")));
        works(browser).await
    });
}

#[test]
fn the_data_layer_is_read_in_both_spellings() {
    browser::with(async |browser| {
        let script = "window.dataLayer = [{ ecommerce: null }, { event: 'view_item', ecommerce: { currency: 'EUR', value: 11.9, items: [{ item_id: 'A' }] } }];
            window.gtag = function () { dataLayer.push(arguments); };
            gtag('js', new Date()); gtag('event', 'search', { search_term: 'mug', results: 3 });
            dataLayer.push('text', null, 7, { event: 'gtm.js' }, { event: 'shop_own_event', secret: 1 });
            window.pushed = [];
            const push = dataLayer.push;
            dataLayer.push = function (...entries) {
              pushed.push([this === dataLayer, entries.length]);
              if (entries[0] === 'throw') throw Error('of the shop');
              return push.apply(this, entries);
            };";
        let (server, _site) = open(browser, script).await?;
        let returned = browser
            .run("const before = dataLayer.length;
                  const length = dataLayer.push({ event: 'add_to_cart', ecommerce: { value: 20 } }, { event: 'view_cart', ecommerce: { value: 20 } });
                  gtag('event', 'begin_checkout', { value: 20, currency: 'EUR' });
                  let thrown; try { dataLayer.push('throw'); } catch (error) { thrown = error.message; }
                  dataLayer.push({ event: 'purchase', ecommerce: { transaction_id: 'A-77', value: 123.4, get currency() { throw Error('a trap'); } } });
                  dataLayer.push({ event: 'purchase', ecommerce: { transaction_id: 'A-78', value: 1249, currency: 'EUR' } });
                  gtag('event', 'purchase', { transaction_id: 'A-78', value: 1249, currency: 'EUR' });
                  return [length - before, dataLayer.length - before, thrown, pushed];")
            .await?;
        assert_eq!(
            returned,
            json!([2, 6, "of the shop", [[true, 2], [true, 1], [true, 1], [true, 1], [true, 1], [true, 1]]])
        );
        flush(browser).await?;
        let events =
            server.settles("the order", |events| events.iter().any(|event| event["data"]["value"] == 1200)).await?;
        let seen: Vec<&str> = touchpoints(&events).into_iter().filter(|name| *name != "purchase").collect();
        assert_eq!(seen, ["page_view", "view_item", "search", "add_to_cart", "view_cart", "begin_checkout"]);
        assert_eq!(
            first(&events, "view_item")?["data"],
            json!({ "currency": "EUR", "value": 12, "items": [{ "item_id": "A" }] })
        );
        assert_eq!(first(&events, "search")?["data"], json!({ "search_term": "mug", "results": 3 }));
        assert_eq!(events.iter().filter(|event| event["data"]["value"] == 1200).count(), 1, "one order, told twice");
        ensure!(!format!("{events:?}").contains("A-78"));
        works(browser).await
    });
}

#[test]
fn rage_is_told_from_patience() {
    browser::with(async |browser| {
        let (server, _site) =
            open(browser, "polku('on', 'friction', (event) => (window.friction ||= []).push(event.data));").await?;
        browser.hammer("#dead", 5).await?;
        browser.hammer("#inside", 4).await?;
        browser.hammer("#more", 8).await?;
        browser.hammer("#name", 6).await?;
        browser.click("h1").await?;
        browser.until("window.friction?.length === 2").await?;
        flush(browser).await?;
        let events = server.has("rage_click").await?;
        let rage: Vec<&Value> =
            events.iter().filter(|event| event["name"] == "rage_click").map(|event| &event["data"]).collect();
        assert_eq!(
            rage,
            [
                &json!({ "count": 5, "confidence": 0.7, "target": "button#dead" }),
                &json!({ "count": 4, "confidence": 0.6, "target": "buy" }),
            ]
        );
        assert_eq!(json!(rage), browser.value("friction").await?);
        works(browser).await
    });
}

#[test]
fn a_page_from_the_cache_is_a_leg_of_its_own() {
    browser::with(async |browser| {
        let (server, _site) = open(browser, "").await?;
        browser.run("polku.track('view_item')").await?;
        let event = |name: &str| format!("dispatchEvent(new PageTransitionEvent('{name}', {{ persisted: true }}))");
        browser.run(&event("pagehide")).await?;
        browser.run(&event("pageshow")).await?;
        browser.run("polku.track('view_cart')").await?;
        flush(browser).await?;
        let events = server.has("view_cart").await?;
        assert_eq!(touchpoints(&events), ["page_view", "view_item", "page_view", "view_cart"]);
        let legs: Vec<&str> = events.iter().map(|event| text(&event["leg"])).collect();
        let mut legs_once = legs.clone();
        legs_once.dedup();
        assert_eq!(legs_once.len(), 2, "{legs:?}");
        assert_eq!(server.count("journeys")?, 1);
        works(browser).await
    });
}

/// Looks at a product, follows the link to the cart, and comes back.
async fn there_and_back(browser: &Browser) -> Done {
    browser.run("polku.track('view_item')").await?;
    browser.follow("#next").await?;
    browser.until("polku.journey?.()").await?;
    browser.run("polku.track('view_cart')").await?;
    browser.back().await?;
    browser.until("document.readyState === 'complete' && polku.journey?.()").await?;
    Ok(())
}

#[test]
fn the_way_back_through_the_cache_loses_and_repeats_nothing() {
    browser::with(async |browser| {
        let (server, site) = open(browser, "").await?;
        there_and_back(browser).await?;
        assert_eq!(browser.address().await?, site.at("/"));
        // Whether the browser had kept the page or loads it anew: one journey, three views, each thing once.
        browser.run("polku.track('add_to_cart')").await?;
        flush(browser).await?;
        let events = server.has("add_to_cart").await?;
        assert_eq!(
            touchpoints(&events),
            ["page_view", "view_item", "page_view", "view_cart", "page_view", "add_to_cart"]
        );
        Ok(())
    });
}

#[test]
fn a_page_from_the_cache_goes_on_with_the_books_of_the_others() {
    browser::with(async |browser| {
        let script = "addEventListener('pageshow', (event) => { window.restored = event.persisted; });";
        let (server, _site) = open(browser, script).await?;
        there_and_back(browser).await?;
        browser.run("polku.track('add_to_cart')").await?;
        flush(browser).await?;
        let events = server.has("add_to_cart").await?;
        let journey = browser.value("polku.journey()").await?;
        let kept = browser.value("restored").await? == true;
        ensure!(
            kept || browser.engine != Engine::Firefox,
            NotHere("Firefox keeps no page in the back/forward cache while it is driven".into())
        );
        ensure!(kept, "the browser did not keep the page");
        assert_eq!(journey["loss"]["captured"], events.len(), "{journey}");
        Ok(())
    });
}

#[test]
fn a_page_that_is_left_at_once_loses_nothing() {
    browser::with(async |browser| {
        let (server, _site) = open(browser, "").await?;
        flush(browser).await?;
        browser.run("window.__left = true; polku.track('add_to_cart', { value: 20 }); location.href = '/next'").await?;
        browser.arrive().await?;
        browser.until("polku.journey?.()?.stage === 'decision'").await?;
        flush(browser).await?;
        let events = server.settles("both pages", |events| count(events, "page_view") == 2).await?;
        assert_eq!(touchpoints(&events), ["page_view", "add_to_cart", "page_view"]);

        // A tab that is hidden may never be seen again: it sends in the same moment.
        let requests = "seen.requests.filter((url) => url.includes('/v1/')).length";
        let sent = browser
            .run(&format!(
                "const before = {requests};
                polku.track('view_cart');
                Object.defineProperty(document, 'hidden', {{ value: true, configurable: true }});
                document.dispatchEvent(new Event('visibilitychange'));
                return {requests} - before;"
            ))
            .await?;
        assert_eq!(sent, json!(1));
        server.has("view_cart").await?;
        Ok(())
    });
}

#[test]
fn two_tabs_are_one_journey_and_one_order_is_one() {
    browser::with(async |browser| {
        let (server, site) = open(browser, "").await?;
        let record = "localStorage.getItem('polku:1:visit')";
        browser.until(record).await?;
        browser
            .run(&format!("window.old = {record}; polku.track('purchase', {{ transaction_id: 'A-1', value: 20 }})"))
            .await?;
        flush(browser).await?;
        browser.until(&format!("{record} !== old")).await?;
        browser.open_beside(&site.at("/next")).await?;
        browser.until("polku.journey?.()").await?;
        browser.run("polku.track('purchase', { transaction_id: 'A-1', value: 20 }); polku.track('share')").await?;
        flush(browser).await?;
        let events = server.has("share").await?;
        assert_eq!(count(&events, "purchase"), 1);
        assert_eq!(count(&events, "page_view"), 2);
        browser.close_tab().await
    });
}

#[test]
fn the_page_knows_its_stage() {
    browser::with(async |browser| {
        let (server, _site) = open(browser, "").await?;
        browser.until("document.documentElement.dataset.polkuStage === 'awareness'").await?;
        browser.run("polku.track('add_to_cart')").await?;
        browser.until("document.documentElement.dataset.polkuStage === 'decision'").await?;
        let journey = browser.value("polku.journey()").await?;
        let flushed = flush(browser).await?;
        let events = server.has("add_to_cart").await?;
        assert_eq!(flushed, json!({ "sent": events.len(), "queued": 0 }));
        let (stored, _) = server.only().await?.expect("a journey");
        assert_eq!(journey["id"], stored["id"]);
        assert_eq!(journey["started"], stored["started"]);
        assert_eq!(journey["stage"], "decision");
        Ok(())
    });
}

#[test]
fn the_journey_is_what_its_type_says() {
    browser::with(async |browser| {
        let (_server, _site) = open(browser, "").await?;
        browser.run("polku.track('add_to_cart')").await?;
        let journey = browser.value("polku.journey()").await?;
        let mut members: Vec<_> = journey.as_object().into_iter().flatten().map(|(name, _)| name.as_str()).collect();
        members.sort_unstable();
        assert_eq!(members, ["consent", "device", "id", "lang", "leg", "loss", "stage", "started"]);
        assert_eq!(journey["stage"], "decision");
        // Two touchpoints with the stages that they enter, and what the browser has measured by now.
        let [captured, sent, queued] =
            ["captured", "sent", "queued"].map(|of| journey["loss"][of].as_u64().unwrap_or(0));
        ensure!(captured >= 4 && captured == sent + queued, "{journey}");
        Ok(())
    });
}

#[test]
fn the_next_page_knows_its_stage_too() {
    browser::with(async |browser| {
        let (_server, _site) = open(browser, "").await?;
        browser.run("polku.track('add_to_cart')").await?;
        browser.follow("#next").await?;
        browser.until("polku.journey?.()?.stage === 'decision'").await?;
        assert_eq!(browser.value("document.documentElement.dataset.polkuStage ?? null").await?, "decision");
        Ok(())
    });
}

#[test]
fn a_page_that_removes_our_nodes_stays_whole() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let script = "window.removed = 0;
            new MutationObserver(() => document.querySelectorAll('[data-polku-prompt], [data-polku-status]').forEach((node) => { removed++; node.remove(); }))
              .observe(document, { childList: true, subtree: true });";
        let site =
            Site::start(page(&server, r#"data-prompts="/prompts.json""#).before(MEASURED).before(script)).await?;
        browser.open(&site.at("/")).await?;
        browser.until("polku.journey?.() && removed === 1").await?;
        browser.run("polku.track('purchase', { transaction_id: 'A-1', value: 20 })").await?;
        // The region, the region that was mounted again, and the card.
        browser.until("removed >= 3").await?;
        let events = server.has("prompt_closed").await?;
        assert_eq!(text(&first(&events, "prompt_closed")?["data"]["reason"]), "abandoned");
        assert_eq!(count(&events, "prompt_shown"), 0);
        browser.run("polku.track('share')").await?;
        flush(browser).await?;
        server.has("share").await?;
        ensure!(told(browser).await?.len() <= 1, "{:?}", told(browser).await?);
        works(browser).await
    });
}

#[test]
fn a_page_that_breaks_the_language_stays_whole() {
    browser::with(async |browser| {
        let (server, _site) = open(browser, "").await?;
        let broken = browser
            .run("const kept = [JSON.stringify, JSON.parse, Array.prototype.push, Array.prototype.map, Array.prototype.splice, Array.prototype[Symbol.iterator]];
                  const fail = () => { throw Error('broken'); };
                  let thrown = 0;
                  const quietly = (run) => { try { run(); } catch { thrown++; } };
                  JSON.stringify = JSON.parse = fail;
                  Array.prototype.map = Array.prototype.splice = fail;
                  for (const run of [() => polku.track('view_item', { value: 1 }), () => polku('track', 'view_cart'), () => polku.journey(),
                                     () => polku.page(), () => polku.flush(), () => document.querySelector('#dead').click()]) quietly(run);
                  [JSON.stringify, JSON.parse, Array.prototype.push, Array.prototype.map, Array.prototype.splice] = kept;
                  return thrown;")
            .await?;
        assert_eq!(broken, json!(0), "Polku threw at the shop");
        browser.run("polku.track('add_to_cart')").await?;
        flush(browser).await?;
        server.has("add_to_cart").await?;
        let told = told(browser).await?;
        let mut once = told.clone();
        once.dedup();
        assert_eq!(told, once, "each message once");
        works(browser).await
    });
}

#[test]
fn a_strict_policy_is_enough() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let polku = &server.origin;
        let policy = format!(
            "default-src 'none'; script-src 'self' {polku} 'wasm-unsafe-eval'; style-src 'self'; img-src data:; connect-src 'self' {polku}; base-uri 'none'"
        );
        let site =
            Site::start(page(&server, r#"data-prompts="/prompts.json""#).before(MEASURED).policy(&policy)).await?;
        browser.open(&site.at("/")).await?;
        browser.until("polku.journey?.()").await?;
        browser.run("polku.track('purchase', { transaction_id: 'A-1', value: 20 })").await?;
        browser.find(CARD).await?;
        let prompt = Prompt(browser);
        prompt.begins_with_ten().await?;
        browser.press(Key::Escape + "").await?;
        prompt.is_gone().await?;
        flush(browser).await?;
        let events = server.has("prompt_closed").await?;
        assert_eq!(first(&events, "prompt_answer")?["data"]["score"], 10);
        assert_eq!(browser.value("seen.violations").await?, json!([]));
        ensure!(told(browser).await?.is_empty());
        works(browser).await
    });
}
