//! Pages as shops have them: loaded, routed within a document, opened where nobody looks, left and come back to; how far they are
//! read; what is searched for, whom the shopper turns to, and by which door the journey came in.

use anyhow::{Result, ensure};
use serde_json::{Value, json};

use crate::Done;
use crate::browser::{self, Browser};
use crate::server::{Server, count, first, text, touchpoints};
use crate::site::{MEASURED, Page, STUB, Site, tag};

/// The stub, with another history before it where the Navigation API is to be gone.
const LISTENS: &str = "window.views = () => heard.filter(({ name }) => name === 'page_view').map(({ page }) => page);
    window.heard = [];
    polku('on', 'touchpoint', (event) => heard.push(event));\n";
/// As in browsers that have none.
const NO_NAVIGATION: &str =
    "delete window.navigation; Object.defineProperty(window, 'navigation', { value: undefined });\n";
/// What is put into the page's body once it is there.
const BODY: &str =
    "addEventListener('DOMContentLoaded', () => document.body.insertAdjacentHTML('beforeend', window.body));\n";

fn page(server: &Server) -> Page {
    Page::new(tag(&server.origin, &server.collector(), "")).before(STUB).before(LISTENS)
}

/// A shop whose shoppers have accepted, with `script` before the tag, opened at `path`; what watches it is at work.
async fn open(browser: &Browser, script: &str, path: &str) -> Result<(Server, Site)> {
    let server = Server::start()?;
    let site = Site::start(page(&server).before(MEASURED).before(script)).await?;
    browser.open(&site.at(path)).await?;
    watched(browser).await?;
    Ok((server, site))
}

/// Waits until the parts that watch the page have come.
async fn watched(browser: &Browser) -> Done {
    browser.until("window.polku?.journey?.() && seen.listeners.some(({ type }) => type === 'wheel')").await?;
    Ok(())
}

/// All events, after all that waits was sent.
async fn sent(browser: &Browser, server: &Server, name: &str) -> Result<Vec<Value>> {
    browser.run("return polku.flush()").await?;
    server.has(name).await
}

/// The templates of the views that the page heard of.
async fn views(browser: &Browser) -> Result<Value> {
    browser.value("views()").await
}

async fn a_single_page_shop(browser: &Browser, before: &str) -> Done {
    let (_server, _site) = open(browser, before, "/").await?;
    let step = async |script: &str, pages: Value| -> Done {
        browser.run(script).await?;
        browser.until(&format!("views().length >= {}", pages.as_array().map_or(0, Vec::len))).await?;
        // What would be a view too many is told at once, so it would be there.
        assert_eq!(views(browser).await?, pages, "{script}");
        Ok(())
    };
    step("history.pushState(null, '', '/p/aamu-1')", json!(["/", "/p/:id"])).await?;
    // Another product has the same template, and is another page.
    step("history.pushState(null, '', '/p/ilta-2')", json!(["/", "/p/:id", "/p/:id"])).await?;
    let same = json!(["/", "/p/:id", "/p/:id"]);
    step("history.replaceState({ scroll: 1 }, '')", same.clone()).await?;
    step("history.replaceState(null, '', '?color=red')", same.clone()).await?;
    step("history.pushState(null, '', '?color=blue')", same.clone()).await?;
    step("location.hash = 'reviews'", same.clone()).await?;
    // The shop's own call for the page that the address told already.
    step("polku.page()", same).await?;
    step("history.replaceState(null, '', '/cart')", json!(["/", "/p/:id", "/p/:id", "/cart"])).await?;
    step(
        "history.pushState(null, '', '/checkout'); polku.page('/checkout')",
        json!(["/", "/p/:id", "/p/:id", "/cart", "/checkout"]),
    )
    .await?;
    browser.run("history.back()").await?;
    browser.until("views().length === 6").await?;
    assert_eq!(browser.value("views().at(-1)").await?, "/cart");
    step(
        "location.hash = '#/help/delivery?x=1'",
        json!(["/", "/p/:id", "/p/:id", "/cart", "/checkout", "/cart", "/cart/help/delivery"]),
    )
    .await?;
    // What the address alone tells waits for better sources.
    browser.until("heard.some(({ name }) => name === 'help_view')").await?;
    assert_eq!(browser.value("seen.errors").await?, json!([]));
    Ok(())
}

#[test]
fn pages_of_a_document_that_stays_are_views() {
    browser::with(async |browser| a_single_page_shop(browser, "").await);
}

#[test]
fn pages_of_a_document_that_stays_are_views_without_the_navigation_api() {
    browser::with(async |browser| {
        a_single_page_shop(browser, NO_NAVIGATION).await?;
        // The shop's history is its own again, and a wrapper that others wrapped does nothing more.
        let views = "window.before = views().length; polku.destroy();
            return Promise.resolve().then(() => { history.pushState(null, '', '/after'); });";
        browser.run(views).await?;
        ensure!(
            browser.value("/native code/.test(history.pushState) && /native code/.test(history.replaceState)").await?
                == true
        );
        ensure!(browser.value("views().length === before").await? == true);
        Ok(())
    });
}

#[test]
fn a_history_that_cannot_be_wrapped_is_left_alone() {
    browser::with(async |browser| {
        let before = format!("{NO_NAVIGATION} Object.freeze(history);");
        let (_server, _site) = open(browser, &before, "/").await?;
        browser.run("history.pushState(null, '', '/cart')").await?;
        assert_eq!(browser.value("seen.told().length + seen.errors.length").await?, 0);
        browser.run("polku.page()").await?;
        browser.until("views().length === 2").await?;
        Ok(())
    });
}

#[test]
fn a_reload_is_a_view_and_no_arrival() {
    browser::with(async |browser| {
        let (server, _site) = open(browser, "", "/?utm_campaign=syksy").await?;
        browser.run("return polku.flush()").await?;
        browser.reload().await?;
        watched(browser).await?;
        let events = server.settles("two views", |events| count(events, "page_view") == 2);
        browser.run("return polku.flush()").await?;
        let events = events.await?;
        let doors: Vec<&Value> =
            events.iter().filter(|event| event["name"] == "page_view").map(|event| &event["data"]).collect();
        assert_eq!(doors, [&json!({ "campaign": "syksy", "door": "other" }), &json!({})]);
        Ok(())
    });
}

/// A page that cannot be seen until `show()` is called, as the browser says of a tab in the background.
const HIDDEN: &str = "let hidden = true;
    Object.defineProperty(document, 'hidden', { get: () => hidden, configurable: true });
    const { getEntriesByType } = performance;
    performance.getEntriesByType = (type) => type === 'paint' && hidden ? [] : getEntriesByType.call(performance, type);
    window.show = () => { hidden = false; document.dispatchEvent(new Event('visibilitychange', { bubbles: true })); };\n";

#[test]
fn a_page_in_the_background_is_a_view_when_it_is_seen() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let site = Site::start(page(&server).before(MEASURED).before(HIDDEN)).await?;
        browser.open(&site.at("/")).await?;
        // The page has been idle for long: a module that was to come would have been asked for.
        browser.run("return new Promise((done) => (window.requestIdleCallback ?? setTimeout)(() => setTimeout(done, 1500)))").await?;
        ensure!(browser.value("seen.requests.length === 0 && !polku.journey()").await? == true, "nothing is loaded");
        browser.run("show()").await?;
        watched(browser).await?;
        let events = sent(browser, &server, "page_view").await?;
        assert_eq!(count(&events, "page_view"), 1);
        assert_eq!(first(&events, "page_view")?["at"], 0, "the journey begins when the page is seen");
        Ok(())
    });
}

#[test]
fn an_order_in_the_background_does_not_wait() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let script = "polku('track', 'purchase', { transaction_id: 'A-1', value: 20 });";
        let site = Site::start(page(&server).before(MEASURED).before(HIDDEN).before(script)).await?;
        browser.open(&site.at("/")).await?;
        let events = server.has("purchase").await?;
        assert_eq!(count(&events, "page_view"), 1);
        Ok(())
    });
}

#[test]
fn a_prerendered_page_is_a_view_when_it_is_activated() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let rules = "const rules = document.createElement('script');
            rules.type = 'speculationrules';
            rules.textContent = JSON.stringify({ prerender: [{ urls: ['/next'], eagerness: 'immediate' }] });
            addEventListener('DOMContentLoaded', () => location.pathname === '/' && document.head.append(rules));
            window.began = document.prerendering;";
        let site = Site::start(page(&server).before(MEASURED).before(rules)).await?;
        browser.open(&site.at("/")).await?;
        watched(browser).await?;
        browser.run("return new Promise((done) => setTimeout(done, 1500))").await?;
        browser.run("return polku.flush()").await?;
        let events = server.has("page_view").await?;
        assert_eq!(count(&events, "page_view"), 1, "a page that nobody saw is no view");
        browser.follow("#next").await?;
        watched(browser).await?;
        // Where the browser prerenders nothing (it need not), this is an ordinary page.
        eprintln!("prerendered: {}", browser.value("began === true").await?);
        let events = sent(browser, &server, "page_view").await?;
        assert_eq!(count(&events, "page_view"), 2);
        Ok(())
    });
}

/// A page to scroll.
const LONG: &str = "window.body = '<div style=\"height:4000px\">Much to read</div>';\n";

#[test]
fn layout_is_not_read_as_the_page_scrolls() {
    browser::with(async |browser| {
        let traps = "window.reads = 0; let scrolling = false;
            addEventListener('scroll', () => { scrolling = true; queueMicrotask(() => { scrolling = false; }); }, true);
            for (const [object, name] of [[Element.prototype, 'scrollHeight'], [window, 'scrollY'], [window, 'innerHeight']]) {
              const { get } = Object.getOwnPropertyDescriptor(object, name);
              Object.defineProperty(object, name, { configurable: true, get() { reads += scrolling ? 1000 : 1; return get.call(this); } });
            }";
        let (_server, _site) = open(browser, &format!("{BODY}{LONG}{traps}"), "/").await?;
        browser.until("reads > 0").await?;
        browser.run("window.before = reads; scrollTo(0, 2000)").await?;
        browser.until("reads > before").await?;
        ensure!(browser.value("reads < 1000").await? == true, "layout was read in a scroll handler");
        Ok(())
    });
}

/// Writes down what the module is told (`told`: kind, number, text, in the order of `www/core/protocol.js`), and can move its clock on.
const SPY: &str = "window.told = [];
    let ahead = 0;
    const { now } = performance;
    performance.now = () => now.call(performance) + ahead;
    window.skip = (ms) => { ahead += ms; };
    const { instantiate } = WebAssembly;
    WebAssembly.instantiate = async (...args) => {
      const { exports } = (await instantiate(...args)).instance;
      const memory = Object.values(exports).find((one) => one instanceof WebAssembly.Memory);
      const spied = Object.fromEntries(Object.entries(exports).map(([name, one]) => [name, typeof one !== 'function' ? one : (...args) => {
        // Only the input has six parameters: kind, clock, time, number, text and its length.
        const [kind, clock, , number, from, length] = args;
        if (args.length === 6 && clock > 1e12) {
          told.push([kind, number, new TextDecoder().decode(new Uint8Array(memory.buffer, from >>> 0, length))]);
        }
        return one(...args);
      }]));
      return { instance: { exports: spied } };
    };
    window.engaged = () => told.filter(([kind]) => kind === 49).map(([, ms]) => ms);
    window.hide = (is) => {
      Object.defineProperty(document, 'hidden', { get: () => is, configurable: true });
      document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
    };\n";

/// The pointer moves, as a shopper moves it.
async fn mouse(browser: &Browser, x: u32, wheel: i32) -> Done {
    let kind = if wheel == 0 { "mouseMoved" } else { "mouseWheel" };
    let event = json!({ "type": kind, "x": x, "y": 300, "deltaX": 0, "deltaY": wheel });
    browser.cdp("Input.dispatchMouseEvent", event).await?;
    Ok(())
}

#[test]
fn reading_is_told_before_the_page_is_left() {
    browser::with(async |browser| {
        let (_server, _site) = open(browser, &format!("{SPY}{BODY}{LONG}"), "/").await?;
        mouse(browser, 50, 0).await?;
        mouse(browser, 60, 1500).await?;
        browser.until("scrollY > 1400 && told.some(([kind, y]) => kind === 34 && y > 1400)").await?;
        let depth =
            browser.value("Math.round((scrollY + innerHeight) / document.documentElement.scrollHeight * 100)").await?;
        let places = browser.value("told.filter(([kind]) => kind === 34).map(([, y]) => y)").await?;
        let places: Vec<u64> = places.as_array().into_iter().flatten().filter_map(Value::as_u64).collect();
        ensure!(places.windows(2).all(|two| two[0].abs_diff(two[1]) >= 100), "{places:?}");
        browser.run("history.pushState(null, '', '/x7'); hide(true)").await?;
        let last = browser.value("told.filter(([kind]) => [0, 13, 49].includes(kind)).slice(-4)").await?;
        let kinds: Vec<u64> = last.as_array().into_iter().flatten().filter_map(|one| one[0].as_u64()).collect();
        ensure!(kinds.windows(2).any(|two| two == [49, 0]), "told before the next page: {last}");
        let engaged = last.as_array().into_iter().flatten().find(|one| one[0] == 49).cloned().unwrap_or_default();
        assert_eq!(engaged[2].as_str().and_then(|text| text.parse().ok()), depth.as_u64(), "how far: {last}");
        Ok(())
    });
}

#[test]
fn only_what_is_looked_at_counts_as_reading() {
    browser::with(async |browser| {
        let (_server, _site) = open(browser, &format!("{SPY}{BODY}{LONG}"), "/").await?;
        let total = async || -> Result<u64> {
            let all = browser.value("engaged()").await?;
            Ok(all.as_array().into_iter().flatten().filter_map(Value::as_u64).sum())
        };
        // Nobody moves for a minute: coming is a sign of life for five seconds.
        browser.run("skip(60000); history.pushState(null, '', '/x1')").await?;
        let still = total().await?;
        ensure!((1_000..=5_000).contains(&still), "{still}");
        // Out of sight for a minute, and again on the page for a moment.
        browser
            .run("window.told.length = 0; hide(true); skip(60000); hide(false); history.pushState(null, '', '/x2')")
            .await?;
        let away = total().await?;
        ensure!(away < 2_000, "{away}");
        // Reading: a sign of life every four seconds is told before the page ends.
        browser.run("told.length = 0").await?;
        for x in 0..6 {
            mouse(browser, 100 + x, 0).await?;
            browser.run("skip(4000)").await?;
        }
        browser.until("engaged().length").await?;
        let told = total().await?;
        ensure!((15_000..25_000).contains(&told), "{told}");
        // Told as the page is hidden, before the module hears of that.
        browser.run("told.length = 0; skip(1000); hide(true)").await?;
        let kinds = browser.value("told.map(([kind]) => kind).filter((kind) => kind === 13 || kind === 49)").await?;
        assert_eq!(kinds, json!([49, 13]));
        Ok(())
    });
}

#[test]
fn what_scrolls_by_itself_is_no_reading() {
    browser::with(async |browser| {
        let carousel = "window.body = '<div id=carousel style=\"height:50px;overflow:auto\"><div style=\"height:900px\"></div></div>';";
        let (_server, _site) = open(browser, &format!("{SPY}{BODY}{carousel}"), "/").await?;
        browser.run("skip(6000); window.moved = 0; carousel.addEventListener('scroll', () => window.moved++); history.pushState(null, '', '/x1')").await?;
        browser.run("told.length = 0; skip(6000); carousel.scrollTop = 300").await?;
        browser.until("moved").await?;
        browser.run("skip(4000); carousel.scrollTop = 600").await?;
        browser.until("moved > 1").await?;
        browser.run("history.pushState(null, '', '/x2')").await?;
        let told =
            browser.value("[engaged().length, engaged()[0] <= 5000, told.some(([kind]) => kind === 34)]").await?;
        assert_eq!(told, json!([1, true, false]));
        Ok(())
    });
}

#[test]
fn a_search_is_read_from_the_address() {
    browser::with(async |browser| {
        let script = format!("{BODY} window.body = '<div data-polku-search-results=\"12\"></div>';");
        let server = Server::start()?;
        let site = Site::start(page(&server).before(MEASURED)).await?;
        site.page("/haku", page(&server).before(MEASURED).before(&script));
        browser.open(&site.at("/haku?q=%20suodatin%20k%C3%A4si%20")).await?;
        let events = sent(browser, &server, "search").await?;
        assert_eq!(first(&events, "search")?["data"], json!({ "search_term": "suodatin käsi", "results": 12 }));
        assert_eq!(first(&events, "search")?["stage"], "consideration");
        // Another page of the same results, and a term that is none, are no searches; what names a person leaves as its kind.
        browser.go("/haku?q=suodatin+k%C3%A4si&page=2").await?;
        browser.until("location.search.includes('page=2')").await?;
        watched(browser).await?;
        browser.go("/haku?q=+").await?;
        browser.until("location.search.includes('+')").await?;
        watched(browser).await?;
        browser.go("/haku?q=anna%40example.fi").await?;
        let two = |events: &[Value]| count(events, "search") == 2;
        browser.until("location.search.includes('anna')").await?;
        watched(browser).await?;
        browser.run("return polku.flush()").await?;
        let events = server.settles("two searches", two).await?;
        let last =
            events.iter().rfind(|event| event["name"] == "search").map(|event| event["data"]["search_term"].clone());
        assert_eq!(last, Some(json!("[email]")));
        Ok(())
    });
}

#[test]
fn a_search_within_a_document_waits_for_its_results() {
    browser::with(async |browser| {
        let (server, _site) = open(browser, "", "/").await?;
        // A short name on a page that is none of results means something else.
        browser.run("history.pushState(null, '', '/c/coffee?s=price&k=2&q=4')").await?;
        browser
            .run("history.pushState(null, '', '/search?query=kahvi'); document.body.insertAdjacentHTML('beforeend', '<p data-polku-search-results=0></p>')")
            .await?;
        browser.until("heard.some(({ name }) => name === 'search')").await?;
        browser.run("history.pushState(null, '', '/search?query=kahvi&page=2'); history.pushState(null, '', '/search?query=tee')").await?;
        browser.until("heard.filter(({ name }) => name === 'search').length === 2").await?;
        let events = sent(browser, &server, "search").await?;
        let found: Vec<&Value> =
            events.iter().filter(|event| event["name"] == "search").map(|event| &event["data"]).collect();
        assert_eq!(
            found,
            [&json!({ "search_term": "kahvi", "results": 0 }), &json!({ "search_term": "tee", "results": 0 })]
        );
        Ok(())
    });
}

#[test]
fn links_that_call_mail_or_chat_are_attempts() {
    browser::with(async |browser| {
        let links = "window.body = ['tel:+35895550142', 'mailto:kulma@example.fi', 'https://wa.me/358401234567', '/contact', 'https://example.fi/tel:1']
            .map((href, at) => `<a class=way id=way${at} href=\"${href}\"><b>Link</b></a>`).join(' ')
            + '<form id=search><input><button>Go</button></form><form id=write><textarea></textarea><button>Go</button></form>';
            addEventListener('click', (event) => event.target.closest('.way') && event.preventDefault());
            addEventListener('submit', (event) => event.preventDefault());";
        let (server, _site) = open(browser, &format!("{BODY}{links}"), "/").await?;
        browser.run("for (let at = 0; at < 5; at++) document.querySelector(`#way${at} b`).click()").await?;
        browser
            .run("document.querySelector('#write button').click(); history.pushState(null, '', '/fi/yhteystiedot')")
            .await?;
        browser
            .run("document.querySelector('#search button').click(); document.querySelector('#write button').click()")
            .await?;
        let events = sent(browser, &server, "contact_attempt").await?;
        let kinds: Vec<&str> = events
            .iter()
            .filter(|event| event["name"] == "contact_attempt")
            .map(|event| text(&event["data"]["kind"]))
            .collect();
        assert_eq!(kinds, ["phone", "mail", "chat", "form"]);
        let all = json!(events).to_string();
        ensure!(!all.contains("358") && !all.contains("kulma"), "{all}");
        Ok(())
    });
}

/// Goes to `address` from a page of another site.
async fn come_from(browser: &Browser, referrer: &str, address: &str) -> Done {
    let go = json!({ "url": address, "referrer": referrer, "referrerPolicy": "unsafeUrl" });
    browser.cdp("Page.navigate", go).await?;
    browser.until("document.referrer && window.polku?.journey").await?;
    Ok(())
}

#[test]
fn each_door_has_its_word() {
    for (referrer, path, door) in [
        (
            "https://www.google.fi/search?q=anna",
            "/?gclid=Cj0K&utm_source=google&utm_medium=cpc",
            json!({ "click": "google_ads", "source": "google", "medium": "cpc", "door": "search" }),
        ),
        ("https://chatgpt.com/c/123", "/", json!({ "door": "ai" })),
        ("https://hintaopas.fi/product.php?p=1", "/", json!({ "door": "comparison" })),
        ("", "/?utm_medium=email&utm_campaign=anna%40example.fi", json!({ "medium": "email", "door": "mail" })),
        ("", "/", json!({ "door": "direct" })),
    ] {
        browser::with(async |browser| {
            let server = Server::start()?;
            let site = Site::start(page(&server).before(MEASURED)).await?;
            if referrer.is_empty() {
                browser.open(&site.at(path)).await?;
            } else {
                come_from(browser, referrer, &site.at(path)).await?;
            }
            watched(browser).await?;
            let events = sent(browser, &server, "page_view").await?;
            assert_eq!(first(&events, "page_view")?["data"], door);
            let all = json!(events).to_string();
            ensure!(!all.contains("Cj0K") && !all.contains("anna"), "{all}");
            Ok(())
        });
    }
}

#[test]
fn a_door_waits_for_consent_on_its_page_and_not_beyond() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let site = Site::start(page(&server)).await?;
        come_from(browser, "https://www.bing.com/", &site.at("/?msclkid=1")).await?;
        browser.run("polku.consent({ measure: true })").await?;
        watched(browser).await?;
        let events = sent(browser, &server, "page_view").await?;
        assert_eq!(first(&events, "page_view")?["data"], json!({ "click": "microsoft_ads", "door": "search" }));
        assert_eq!(count(&events, "page_view"), 1, "no second view");
        browser.run("polku.withdraw()").await?;

        for policy in [
            "",
            "const meta = document.createElement('meta'); meta.name = 'referrer'; meta.content = 'no-referrer'; document.head.append(meta);",
        ] {
            let server = Server::start()?;
            let site = Site::start(page(&server).before(policy)).await?;
            come_from(browser, "https://www.bing.com/", &site.at("/?msclkid=1")).await?;
            browser.follow("#next").await?;
            browser.until("window.polku?.journey").await?;
            browser.run("polku.consent({ measure: true })").await?;
            watched(browser).await?;
            let events = sent(browser, &server, "page_view").await?;
            assert_eq!(first(&events, "page_view")?["data"], json!({ "door": "unknown" }), "{policy}");
        }
        Ok(())
    });
}

#[test]
fn a_link_on_a_receipt_tells_where_it_was_found() {
    browser::with(async |browser| {
        let (server, site) = open(browser, "", "/?polku_touch=store_visit&polku_stage=retention").await?;
        let events = sent(browser, &server, "offsite_touchpoint").await?;
        let touch = first(&events, "offsite_touchpoint")?;
        assert_eq!(
            (&touch["data"], text(&touch["stage"])),
            (&json!({ "kind": "store_visit", "by": "link" }), "retention")
        );
        browser.until("document.documentElement.dataset.polkuStage === 'retention'").await?;
        // The staff's own link: nothing more of this tab is captured.
        let before = events;
        browser.open(&site.at("/next?polku_ignore=1")).await?;
        browser.until("window.polku?.journey?.()").await?;
        browser.run("polku.track('add_to_cart'); return polku.flush()").await?;
        browser.follow("#next").await?;
        browser.until("window.polku?.journey?.()").await?;
        browser.run("polku.track('purchase', { value: 20 }); return polku.flush()").await?;
        let (_, after) = server.only().await?.expect("it was there");
        assert_eq!(touchpoints(&after), touchpoints(&before));
        Ok(())
    });
}
