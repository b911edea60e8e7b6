//! The module that watches the page, when it comes late, or not at all, or goes before the page does.

use anyhow::{Context, Result, ensure};
use serde_json::{Map, Value, json};

use crate::Done;
use crate::browser::{self, Browser};
use crate::proxy::Proxy;
use crate::server::{Server, count, first, names, text, touchpoints};
use crate::site::{MEASURED, Page, STUB, Site, tag};
use crate::wait::until;

const LISTENS: &str = "window.heard = [];
    polku('on', 'error', (error) => heard.push(error));\n";
/// The watcher's wasm stays on its way until `arrive()` is called; `held` says that it was asked for.
const HOLD: &str = "{
    const { fetch } = window;
    const waiting = [];
    window.held = () => waiting.length;
    window.fetch = (...from) => /\\/watch-\\w+\\.wasm$/.test(from[0])
      ? new Promise((go) => waiting.push(() => go(fetch(...from)))) : fetch(...from);
    window.arrive = () => { for (const go of waiting.splice(0)) go(); };
  }\n";
/// As in browsers that have no Navigation API: the history's functions are patched.
const NO_NAVIGATION: &str =
    "delete window.navigation; Object.defineProperty(window, 'navigation', { value: undefined });\n";
/// `trap(nth)` lets every call into the `nth` module that the page has loaded end in a trap from then on.
const TRAP: &str = "{
    const { instantiate } = WebAssembly;
    let loaded = 0, trapped;
    window.trap = (nth) => { trapped = nth; };
    WebAssembly.instantiate = async (...from) => {
      const { exports } = (await instantiate(...from)).instance;
      const nth = ++loaded;
      const run = (one) => (...args) => {
        if (trapped === nth) throw new WebAssembly.RuntimeError('unreachable');
        return one(...args);
      };
      return { instance: { exports: Object.fromEntries(Object.entries(exports).map(([name, one]) =>
        [name, typeof one === 'function' ? run(one) : one])) } };
    };
  }\n";
/// What an item of a shop is called here: all that means something in what is stored, told or written.
const ITEM: &str = r#"Aamu ~ \"dark\" ^ %7E; a|b, ö"#;

fn page(server: &Server, script: &str) -> Page {
    Page::new(tag(&server.origin, &server.collector(), "")).before(STUB).before(LISTENS).before(MEASURED).before(script)
}

/// Opens a page that is not watched yet, though its watcher is on its way.
async fn unwatched(browser: &Browser, address: &str) -> Done {
    browser.open(address).await?;
    browser.until("window.polku?.journey?.() && held()").await?;
    Ok(())
}

/// Waits until the page is watched.
async fn watched(browser: &Browser) -> Done {
    browser.until("window.polku?.journey?.() && seen.listeners.some(({ type }) => type === 'wheel')").await?;
    Ok(())
}

/// No script of the page failed, and nothing was said to the developer.
async fn quiet(browser: &Browser) -> Done {
    assert_eq!(browser.value("[...seen.errors, ...seen.told()]").await?, json!([]));
    Ok(())
}

/// Waits until all that this tab has captured is at the server, leg by leg in the order in which they began, and as it should be.
async fn all(browser: &Browser, server: &Server, what: &str, good: impl Fn(&[Value]) -> bool) -> Result<Vec<Value>> {
    let mut events = Vec::new();
    let found = until(what, async || {
        let loss = browser.run("return window.polku?.flush?.().then(() => polku.journey()?.loss)").await?;
        events = server.only().await?.map(|(_, events)| events).unwrap_or_default();
        let sent = loss["queued"] == 0 && loss["captured"].as_u64() <= Some(events.len() as u64);
        Ok((sent && good(&events)).then_some(()))
    })
    .await;
    found.with_context(|| format!("the database has {:?}", names(&events)))?;
    let mut began = std::collections::BTreeMap::new();
    for event in &events {
        let at = event["at"].as_u64();
        let first = began.entry(text(&event["leg"]).to_owned()).or_insert(at);
        *first = at.min(*first);
    }
    // Those that began at the same tenth of a second stay in the order of their arrival.
    events.sort_by_key(|event| began.get(text(&event["leg"])).copied());
    Ok(events)
}

/// Waits for a summary after so many events `name` of the only journey; gives back the newest one's data, and the events before it.
async fn summary(browser: &Browser, server: &Server, name: &str, number: usize) -> Result<(Value, Vec<Value>)> {
    let last = |events: &[Value]| {
        let at = events.iter().rposition(|event| event["name"] == "journey_summary");
        at.filter(|&at| count(&events[..at], name) == number)
    };
    let mut events = all(browser, server, "a summary", |events| last(events).is_some()).await?;
    let place = last(&events).context("it was there")?;
    let told = events.swap_remove(place)["data"].take();
    events.truncate(place);
    Ok((told, events))
}

/// A summary says what the events before it say: what was touched, which stages were entered, and how long it took.
fn agrees(told: &Value, events: &[Value]) -> Done {
    let own = ["stage_enter", "journey_summary", "page_engagement", "web_vitals"];
    let mut touched = Map::new();
    for event in events.iter().filter(|event| own.iter().all(|name| event["name"] != *name)) {
        let number = touched.entry(text(&event["stage"])).or_insert(json!(0));
        *number = json!(number.as_u64().unwrap_or(0) + 1);
    }
    let stages = told["stages"].as_object().context("stages")?;
    let counted: Map<String, Value> = stages
        .iter()
        .filter(|(_, stage)| stage["touchpoints"] != 0)
        .map(|(name, stage)| (name.clone(), stage["touchpoints"].clone()))
        .collect();
    assert_eq!(counted, touched, "{told:#} after {events:#?}");

    let member = |list: &Value, names: [&str; 3]| json!(names.map(|name| list[name].clone()));
    let entered: Vec<Value> = events
        .iter()
        .filter(|event| event["name"] == "stage_enter")
        .map(|event| json!([event["stage"], event["at"], event["data"]["rule"]]))
        .collect();
    let path: Vec<&Value> = told["path"].as_array().into_iter().flatten().collect();
    let walked: Vec<Value> = path.iter().map(|step| member(step, ["stage", "at", "rule"])).collect();
    assert_eq!(walked, entered, "{told:#}");

    // The journey is as long as its newest moment is old, along the path as well as in the stages together.
    let moments = events.iter().filter(|event| event["name"] != "journey_summary");
    let end = moments.filter_map(|event| event["at"].as_u64()).max().unwrap_or_default();
    let sum = |steps: &mut dyn Iterator<Item = &Value>| steps.filter_map(|step| step["dwell"].as_u64()).sum::<u64>();
    let (along, within) = (sum(&mut path.into_iter()), sum(&mut stages.values()));
    assert_eq!(along, within, "{told:#}");
    ensure!(along.abs_diff(end) <= 200, "{along} ms of {end}: {told:#}");
    Ok(())
}

#[test]
fn what_a_page_without_its_watcher_did_counts_on_the_next_one_once() {
    // The watcher of the second page comes, or that of the third.
    for late in [false, true] {
        browser::with(async |browser| {
            let server = Server::start()?;
            let site = Site::start(page(&server, "")).await?;
            site.page("/~shop/p/1", page(&server, HOLD));
            site.page("/~shop/cart", page(&server, if late { HOLD } else { "" }));
            unwatched(browser, &site.at("/~shop/p/1?size=~'250'")).await?;
            let touch = format!(
                "const items = [{{ item_id: \"A~'1'\", item_name: \"{ITEM}\", price: 11.9 }}];
                 polku.track('view_item', {{ currency: 'EUR', value: 11.9, items }});
                 polku.track('add_to_cart', {{ currency: 'EUR', value: 11.9, items }});
                 polku.track('purchase', {{ transaction_id: 'KULMA-7712', currency: 'EUR', value: 24, items }});"
            );
            browser.run(&touch).await?;
            // So much later the page is left.
            browser.run("window.from = performance.now()").await?;
            browser.until("performance.now() - from > 1200").await?;
            browser.run("polku.track('share')").await?;
            quiet(browser).await?;
            assert_eq!(browser.value("held()").await?, 1, "it never came");

            if late {
                unwatched(browser, &site.at("/~shop/cart")).await?;
            } else {
                browser.open(&site.at("/~shop/cart")).await?;
                watched(browser).await?;
            }
            let stored = browser.value("JSON.stringify([{ ...localStorage }, { ...sessionStorage }])").await?;
            ensure!(!text(&stored).contains("KULMA"), "an order's number is stored: {stored}");
            browser.run("polku.track('view_cart'); polku.track('begin_checkout')").await?;
            quiet(browser).await?;

            browser.open(&site.at("/next")).await?;
            watched(browser).await?;
            quiet(browser).await?;
            if late {
                browser.open(&site.at("/")).await?;
                watched(browser).await?;
            }
            let (told, events) = summary(browser, &server, "begin_checkout", 1).await?;
            for name in ["view_item", "add_to_cart", "purchase", "share", "view_cart", "begin_checkout"] {
                assert_eq!(count(&events, name), 1, "{name}: {:?}", touchpoints(&events));
            }
            let name = &first(&events, "view_item")?["data"]["items"][0]["item_name"];
            assert_eq!(name, "Aamu ~ \"dark\" ^ %7E; a|b, ö");
            assert_eq!(events.iter().filter(|event| event["name"] == "page_view").count(), if late { 3 } else { 2 });
            assert_eq!((&told["converted"], &told["value"]), (&json!(true), &json!(24)));
            agrees(&told, &events)?;

            // Once: what was left is not told again to the page after.
            browser.run("polku.track('share')").await?;
            browser.open(&site.at("/?last")).await?;
            let (told, events) = summary(browser, &server, "share", 2).await?;
            assert_eq!(told["value"], 24);
            agrees(&told, &events)
        });
    }
}

#[test]
fn a_watcher_that_comes_late_knows_what_happened_before() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let site = Site::start(page(&server, HOLD)).await?;
        unwatched(browser, &site.at("/")).await?;
        browser.run("polku.track('view_item'); polku.track('add_to_cart')").await?;
        // Out of sight and back again, which leaves the same to the next page as well.
        browser
            .run(
                "for (const is of [true, false]) {
                   Object.defineProperty(document, 'hidden', { get: () => is, configurable: true });
                   document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
                 }
                 arrive()",
            )
            .await?;
        watched(browser).await?;
        browser.run("polku.track('view_cart')").await?;
        quiet(browser).await?;
        browser.open(&site.at("/next")).await?;
        let (told, events) = summary(browser, &server, "view_cart", 1).await?;
        agrees(&told, &events)
    });
}

/// The journey that there was is withdrawn, and another one begins on the same page with a search.
async fn begin_anew(browser: &Browser, server: &Server, between: &str) -> Done {
    let old = text(&browser.value("polku.journey().id").await?).to_owned();
    browser
        .run("polku.track('view_item'); polku.track('purchase', { value: 20, currency: 'EUR' }); return polku.flush()")
        .await?;
    server.has("purchase").await?;
    browser
        .run(&format!(
            "polku.withdraw(); {between} polku.consent({{ measure: true }}); polku.track('search', {{ search_term: 'kahvi' }})"
        ))
        .await?;
    browser.until(&format!("polku.journey() && polku.journey().id !== '{old}'")).await?;
    until("the old journey is gone", async || {
        Ok(server.journeys().await?.iter().all(|journey| journey["id"] != old.as_str()).then_some(()))
    })
    .await
}

#[test]
fn a_journey_that_was_withdrawn_is_nothing_to_a_watcher_that_comes_then() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let site = Site::start(page(&server, HOLD)).await?;
        site.page("/next", page(&server, ""));
        unwatched(browser, &site.at("/")).await?;
        let old = text(&browser.value("polku.journey().id").await?).to_owned();
        browser.run("polku.track('view_item'); polku.track('purchase', { value: 20, currency: 'EUR' }); return polku.flush()").await?;
        server.has("purchase").await?;
        browser.run("polku.withdraw()").await?;
        until("nothing is left", async || Ok((server.count("journeys")? == 0).then_some(()))).await?;
        browser.run("polku.consent({ measure: true }); polku.track('search', { search_term: 'kahvi' })").await?;
        browser.until(&format!("polku.journey() && polku.journey().id !== '{old}'")).await?;
        browser.run("arrive()").await?;
        watched(browser).await?;
        browser.hammer("#dead", 5).await?;
        server.has("rage_click").await?;
        quiet(browser).await?;
        browser.open(&site.at("/next")).await?;
        let (told, events) = summary(browser, &server, "rage_click", 1).await?;
        assert_eq!((&told["converted"], told.get("value")), (&json!(false), None), "{told:#}");
        agrees(&told, &events)?;
        assert_eq!((count(&events, "view_item"), count(&events, "search")), (0, 1));
        Ok(())
    });
}

#[test]
fn a_page_is_watched_again_after_a_new_grant() {
    for between in ["", "await new Promise((done) => setTimeout(done, 100));"] {
        browser::with(async |browser| {
            let server = Server::start()?;
            let site = Site::start(page(&server, "")).await?;
            browser.open(&site.at("/")).await?;
            watched(browser).await?;
            begin_anew(browser, &server, between).await?;
            watched(browser).await?;
            browser.hammer("#dead", 5).await?;
            server.has("rage_click").await?;
            quiet(browser).await?;
            browser.open(&site.at("/next")).await?;
            let (told, events) = summary(browser, &server, "rage_click", 1).await?;
            assert_eq!((&told["converted"], told.get("value")), (&json!(false), None), "{told:#}");
            assert_eq!(["view_item", "search"].map(|name| count(&events, name)), [0, 1]);
            agrees(&told, &events)
        });
    }
}

#[test]
fn a_watcher_that_cannot_be_loaded_takes_nothing_with_it() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let loader = reqwest::get(format!("{}/polku/polku.js", server.origin)).await?.text().await?;
        let core = loader.split('"').find(|word| word.starts_with("core-") && word.ends_with(".js"));
        let core = core.context("the loader names the main module")?;
        let core = reqwest::get(format!("{}/polku/{core}", server.origin)).await?.text().await?;
        let module = core.split('"').find(|word| word.starts_with("watch-") && word.ends_with(".js"));
        let module = module.context("the main module names it")?.to_owned();
        let glue = reqwest::get(format!("{}/polku/{module}", server.origin)).await?.text().await?;
        let wasm = glue.split('"').find(|word| word.starts_with("watch-") && word.ends_with(".wasm"));
        let wasm = wasm.context("its module names it")?.to_owned();
        for gone in [module, wasm] {
            let server = Server::start()?;
            let proxy = Proxy::without(&server.origin, &format!("/polku/{gone}")).await?;
            let tag = tag(&proxy.origin, &server.collector(), "");
            let site = Site::start(Page::new(tag).before(STUB).before(LISTENS).before(MEASURED)).await?;
            browser.open(&site.at("/")).await?;
            browser.until("heard.length").await?;
            browser.run("polku.track('view_item'); polku.page('/cart'); polku.track('add_to_cart')").await?;
            browser.hammer("#dead", 5).await?;
            browser.run("polku.track('purchase', { value: 20 }); return polku.flush()").await?;
            let events = server.has("purchase").await?;
            let shops: Vec<&str> = touchpoints(&events).into_iter().filter(|name| *name != "stage_enter").collect();
            assert_eq!(shops, ["page_view", "view_item", "page_view", "add_to_cart", "purchase"], "{gone}");
            let told = browser.value("seen.told()").await?;
            let one = text(&told[0]);
            ensure!(told.as_array().map(Vec::len) == Some(1) && one.starts_with("polku E225 watch: "), "{told}");
            assert_eq!(browser.value("heard.map(({ code }) => code)").await?, json!(["E225"]));
            assert_eq!(browser.value("seen.errors").await?, json!([]), "errors on the shop's page");
            browser.run("polku.track('share')").await?;
            browser.follow("#next").await?;
            let events = server.has("share").await?;
            assert_eq!(count(&events, "purchase"), 1);
        }
        Ok(())
    });
}

#[test]
fn a_friction_has_the_time_at_which_it_happened() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let script = "polku('on', 'friction', ({ name }) => (window.friction = [name, performance.now()]));
            window.clicks = [];
            addEventListener('click', () => clicks.push(performance.now()), true);";
        let site = Site::start(page(&server, script)).await?;
        browser.open(&site.at("/")).await?;
        watched(browser).await?;
        browser.run("return polku.flush()").await?;
        // Somebody reads, and nothing happens in the journey.
        browser.run("window.from = performance.now()").await?;
        browser.until("performance.now() - from > 3000").await?;
        browser.hammer("#dead", 5).await?;
        browser.until("window.friction").await?;
        let [clicked, told] = ["clicks[0]", "friction[1]"].map(|place| async move { browser.value(place).await });
        let (clicked, told) = (clicked.await?.as_f64().unwrap_or(-1.0), told.await?.as_f64().unwrap_or(-1.0));
        browser.run("return polku.flush()").await?;
        let events = server.has("rage_click").await?;
        let at = |name: &str| -> Result<f64> { Ok(first(&events, name)?["at"].as_f64().unwrap_or(-1.0)) };
        let (viewed, raged) = (at("page_view")?, at("rage_click")?);
        ensure!(raged - viewed >= 3000.0, "{viewed} → {raged}");
        // In steps of 100, from a view that began with the page.
        ensure!(raged + 101.0 >= clicked && raged <= told + 101.0, "clicked at {clicked}, told at {told}: {raged}");
        Ok(())
    });
}

/// What of Polku hangs on the page that watches it: listeners that were not there before, but for those of the main module, which waits
/// for a data layer and hears whether the page is seen, and of what waits for consent platforms; and the history's functions.
const WATCHING: &str =
    "[seen.listening().filter((one) => !before.includes(one) && !/ (load|visibilitychange|page(show|hide)|.*(consent|cookie|onetrust|uc_ui|cmplz).*)$/i.test(one)),
    [history.pushState, history.replaceState].every((one) => /native code/.test(one))]";

/// A page with a patched history that is watched.
async fn patched(browser: &Browser) -> Result<(Server, Site)> {
    let server = Server::start()?;
    let script = format!("{NO_NAVIGATION}{TRAP}window.before = seen.listening();");
    let site = Site::start(page(&server, &script)).await?;
    browser.open(&site.at("/")).await?;
    watched(browser).await?;
    let there = browser.value(WATCHING).await?;
    ensure!(there[0].to_string().contains("#document click") && there[1] == false, "it watches: {there}");
    Ok((server, site))
}

/// The page is as it was, and its shopper may click and go on.
async fn unpatched(browser: &Browser) -> Done {
    browser.until(&format!("({WATCHING})[1]")).await?;
    // What stores and sends listens on: it is no watcher.
    let there = browser.value(WATCHING).await?;
    let watchers: Vec<_> = there[0]
        .as_array()
        .context("no list")?
        .iter()
        .filter(|one| *one != "window online" && *one != "window storage")
        .collect();
    ensure!(watchers.is_empty() && there[1] == true, "{there}");
    browser.run("document.querySelector('#dead').click(); history.pushState(null, '', '/x')").await?;
    assert_eq!(browser.value("[location.pathname, seen.errors]").await?, json!(["/x", []]));
    Ok(())
}

#[test]
fn an_end_takes_the_watcher_off_the_page() {
    browser::with(async |browser| {
        for end in ["polku.destroy()", "polku.withdraw()"] {
            let _shop = patched(browser).await?;
            browser.run(end).await?;
            unpatched(browser).await?;
            quiet(browser).await?;
        }
        Ok(())
    });
}

#[test]
fn a_trap_takes_the_watcher_off_the_page() {
    browser::with(async |browser| {
        let (server, _site) = patched(browser).await?;
        browser.run("return polku.flush()").await?;
        browser.run("trap(1); polku.track('view_item')").await?;
        unpatched(browser).await?;
        browser.until("heard.length").await?;
        assert_eq!(browser.value("heard.map(({ code }) => code)").await?, json!(["E900"]));
        assert_eq!(browser.value("[polku.journey(), seen.told().length]").await?, json!([null, 1]));
        assert_eq!(count(&server.has("page_view").await?, "view_item"), 0);
        Ok(())
    });
}

#[test]
fn a_trap_of_the_watcher_takes_it_off_the_page() {
    browser::with(async |browser| {
        let (server, _site) = patched(browser).await?;
        browser.run("trap(2); document.querySelector('#dead').click()").await?;
        browser.until("heard.length").await?;
        assert_eq!(browser.value("heard.map(({ code }) => code)").await?, json!(["E905"]));
        // What the shop reports goes on.
        browser.run("polku.track('view_item'); return polku.flush()").await?;
        server.has("view_item").await?;
        assert_eq!(browser.value("seen.told().length").await?, 1);
        unpatched(browser).await
    });
}

#[test]
fn a_page_that_is_left_sums_up_once() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let site = Site::start(page(&server, "")).await?;
        browser.open(&site.at("/")).await?;
        watched(browser).await?;
        // Long enough that there is an engagement to tell as the page goes.
        browser.run("window.from = performance.now()").await?;
        browser.until("performance.now() - from > 400").await?;
        browser.run("polku.track('share')").await?;
        browser.follow("#next").await?;
        let events = all(browser, &server, "a summary", |events| count(events, "journey_summary") > 0).await?;
        assert_eq!(count(&events, "journey_summary"), 1, "{:?}", names(&events));
        // What the browser measured is told before it.
        let place = |name: &str| events.iter().position(|event| event["name"] == name || event["data"]["name"] == name);
        ensure!(place("LCP") < place("journey_summary"), "{:?}", names(&events));
        Ok(())
    });
}
