//! What can go wrong: the page works, the developer is told once, and nothing that can be saved is lost.

use anyhow::{Result, ensure};
use serde_json::{Value, json};

use crate::Done;
use crate::browser::{self, Browser};
use crate::collector::{Answer, Collector};
use crate::emulate::NotHere;
use crate::engine::Engine;
use crate::server::{Server, count, text};
use crate::site::{PROMPTS, Page, Site, tag};
use crate::wait::until;

/// The stub, a shop that listens to errors, and a shopper who has accepted.
const SHOP: &str =
    "window.polku = window.polku || function () { (polku.q = polku.q || []).push([performance.now(), ...arguments]); };
    window.heard = [];
    polku('on', 'error', (error) => heard.push(error));
    polku('consent', { measure: true, since: 'earlier' });
    polku('track', 'view_item', { value: 20 });\n";

/// The one message that there must be, and a page that works all the same.
async fn says_once(browser: &Browser, code: &str, field: &str) -> Done {
    browser.until("window.heard.length").await?;
    // Nothing that the shop does makes it say more, or throws.
    browser
        .run("polku.track('purchase', { value: 20 }); polku('page'); polku.on('stage', () => {}); polku.journey(); polku.prompt.open('x');
              document.querySelector('#dead').click(); return polku.flush();")
        .await?;
    let told = browser.value("seen.told()").await?;
    let one = text(&told[0]);
    ensure!(told.as_array().map(Vec::len) == Some(1), "{code} {field}: {told}");
    ensure!(one.starts_with(&format!("polku {code} {field}: ")), "{code} {field}: {one}");
    let heard = browser.value("heard").await?;
    ensure!(heard.as_array().map(Vec::len) == Some(1), "{heard}");
    assert_eq!((text(&heard[0]["code"]), text(&heard[0]["field"])), (code, field));
    let fix = text(&heard[0]["fix"]);
    ensure!(!fix.is_empty() && one.contains(fix), "the message says what to do: {one}");
    assert_eq!(browser.value("seen.errors").await?, json!([]), "errors on the shop's page");
    browser.follow("#next").await
}

/// Opens a page with this tag, and expects one message.
async fn wrong(browser: &Browser, site: &Site, tag: &str, code: &str, field: &str) -> Done {
    site.page("/", Page::new(tag).before(SHOP));
    browser.open(&site.at("/")).await?;
    says_once(browser, code, field).await
}

#[test]
fn a_wrong_attribute_is_named_once() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let good = tag(&server.origin, &server.collector(), "");
        let site = Site::start(Page::default()).await?;
        let with = |more: &str| tag(&server.origin, &server.collector(), more);
        let nowhere = |collector: &str| good.replace(&server.collector(), collector);
        let cases = [
            (good.replace("pk_fixture", ""), "E101", "data-key"),
            (good.replace("pk_fixture", "a key"), "E104", "data-key"),
            (with(r#"data-mode="loud""#), "E104", "data-mode"),
            (with(r#"data-money="all""#), "E104", "data-money"),
            (with(r#"data-framework="/seven-stages.json""#), "E106", "data-framework"),
            (with(r#"data-consent="always""#), "E104", "data-consent"),
            (with(r#"data-format="ga4""#), "E115", "data-format"),
            (good.replace("data-collector", "data-colector"), "E101", "data-collector"),
            (nowhere("http://["), "E105", "data-collector"),
        ];
        for (tag, code, field) in cases {
            wrong(browser, &site, &tag, code, field).await?;
        }
        assert_eq!(server.count("journeys")?, 0, "a guess was made");
        Ok(())
    });
}

#[test]
fn a_tag_without_a_key_is_not_silent() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let site = Site::start(Page::default()).await?;
        let tag = tag(&server.origin, &server.collector(), "").replace("data-key", "data-kye");
        wrong(browser, &site, &tag, "E101", "data-key").await
    });
}

#[test]
fn options_of_init_are_checked_the_same() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let polku = &server.origin;
        let bare = format!(r#"<script async src="{polku}/polku/polku.js"></script>"#);
        let init = format!(
            "polku('init', {{ key: 'pk_fixture', collector: '{}', mode: 'loud', onError: (error) => (window.given ||= []).push(error) }});",
            server.collector()
        );
        let site = Site::start(Page::new(bare.clone()).before(SHOP).before(&init)).await?;
        browser.open(&site.at("/")).await?;
        says_once(browser, "E104", "data-mode").await?;
        browser.open(&site.at("/")).await?;
        browser.until("window.given?.length === 1 && given[0].code === 'E104' && given[0].fix").await?;

        let site = Site::start(Page::new(bare).before(SHOP).before(&init.replace("loud", "strict"))).await?;
        browser.open(&site.at("/")).await?;
        browser.until("polku.journey?.()").await?;
        browser.run("return polku.flush()").await?;
        server.has("view_item").await?;
        Ok(())
    });
}

#[test]
fn prompts_that_cannot_be_read_are_named_once() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let with = |prompts: &str, more: &str| {
            tag(&server.origin, &server.collector(), &format!(r#"data-prompts="{prompts}" {more}"#))
        };
        let site = Site::start(Page::default()).await?;
        site.file("/half.json", 200, "application/json", &PROMPTS[..200]);
        site.file("/broken.json", 500, "application/json", PROMPTS);
        site.file("/nameless.json", 200, "application/json", r#"[{"v":1,"steps":[]}]"#);
        site.file("/moon.json", 200, "application/json", &PROMPTS.replace("\"purchase\"", "\"full_moon\""));
        site.file("/strange.json", 200, "application/json", &PROMPTS.replace("\"any\"", "\"all\""));
        let cases = [
            ("/nowhere.json", "E223", "data-prompts"),
            ("/half.json", "E223", "data-prompts"),
            ("/broken.json", "E223", "data-prompts"),
            ("http://[", "E223", "data-prompts"),
            ("/nameless.json", "E220", "data-prompts"),
            ("/moon.json", "E241", "order-nps when.any[0].on"),
            ("/strange.json", "E221", "order-nps"),
        ];
        for (prompts, code, field) in cases {
            wrong(browser, &site, &with(prompts, ""), code, field).await?;
        }
        // What explains them is there as JavaScript, too.
        wrong(browser, &site, &with("/moon.json", r#"data-engine="js""#), "E241", "order-nps when.any[0].on").await?;
        // Whatever becomes of the prompts, the journey is told.
        assert_eq!(server.journeys().await?.len(), 1);
        Ok(())
    });
}

/// The package's files, by their kind: `core` and `js`, `prompt` and `wasm`.
async fn files(server: &Server) -> Result<Vec<String>> {
    let manifest = server.api("/polku/manifest.json").await?.to_string();
    let words = manifest.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '.'));
    Ok(words
        .filter(|word| word.ends_with(".js") || word.ends_with(".wasm") || word.ends_with(".json"))
        .map(str::to_owned)
        .collect())
}

#[test]
fn a_missing_file_of_the_package_is_named_once() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let all = files(&server).await?;
        let prompts = r#"data-prompts="/prompts.json""#;
        for (missing, code, field) in
            [("core-.js", "E901", "load"), ("core-.wasm", "E901", "load"), ("prompt-.js", "E224", "order-nps")]
        {
            let (start, end) = missing.split_once('.').unwrap_or_default();
            let gone = all.iter().find(|file| file.starts_with(start) && file.ends_with(end));
            let gone = gone.unwrap_or_else(|| panic!("{missing} is not in {all:?}"));
            let proxy = crate::proxy::Proxy::without(&server.origin, &format!("/polku/{gone}")).await?;
            let site = Site::start(Page::default()).await?;
            let tag = tag(&proxy.origin, &server.collector(), prompts);
            site.page("/", Page::new(&tag).before(SHOP).before("polku('track', 'purchase', { value: 20 });"));
            browser.open(&site.at("/")).await?;
            says_once(browser, code, field).await?;
        }
        Ok(())
    });
}

/// A page whose batches go to `collector`.
async fn open(browser: &Browser, collector: &str) -> Result<(Server, Site)> {
    let server = Server::start()?;
    let site = Site::start(Page::new(tag(&server.origin, collector, "")).before(SHOP)).await?;
    browser.open(&site.at("/")).await?;
    browser.until("window.polku?.journey?.()").await?;
    Ok((server, site))
}

/// So many different events are at the collector, each once by its identity, and the page's books agree.
async fn complete(browser: &Browser, collector: &Collector) -> Done {
    let queued = "polku.journey().loss.queued === 0";
    until("all is sent", async || {
        browser.run("polku.flush()").await?;
        Ok((browser.value(queued).await? == true).then_some(()))
    })
    .await?;
    let loss = browser.value("polku.journey().loss").await?;
    let events = collector.events();
    assert_eq!(
        loss,
        json!({ "captured": events.len(), "sent": events.len(), "queued": 0, "dropped": {} }),
        "{events:?}"
    );
    let numbers: Vec<usize> =
        events.iter().filter_map(|event| event.split_once('/')?.1.split_once(' ')?.0.parse().ok()).collect();
    assert_eq!(numbers, (1..=events.len()).collect::<Vec<_>>(), "in order, without a gap: {events:?}");
    Ok(())
}

/// Polku's messages.
async fn told(browser: &Browser) -> Result<Vec<String>> {
    let told = browser.value("seen.told()").await?;
    Ok(told.as_array().into_iter().flatten().map(|message| text(message).to_owned()).collect())
}

#[test]
fn a_collector_that_cannot_be_reached_gets_everything_later() {
    browser::with(async |browser| {
        let place = Collector::nobody().await?;
        let (_server, _site) = open(browser, &format!("http://{place}/v1/batch")).await?;
        browser.until("heard.length").await?;
        browser.run("polku.track('add_to_cart')").await?;
        let said = told(browser).await?;
        ensure!(said.len() == 1 && said[0].starts_with("polku E301 data-collector: "), "{said:?}");
        assert_eq!(
            browser.value("heard.map(({ code, field }) => [code, field])").await?,
            json!([["E301", "data-collector"]])
        );
        let collector = Collector::at(&place, &[]).await?;
        collector.has("add_to_cart").await?;
        complete(browser, &collector).await?;
        assert_eq!(told(browser).await?, said, "one message");
        assert_eq!(browser.value("seen.errors").await?, json!([]));
        Ok(())
    });
}

#[test]
fn what_a_page_could_not_send_the_next_one_sends() {
    browser::with(async |browser| {
        let place = Collector::nobody().await?;
        let (_server, _site) = open(browser, &format!("http://{place}/v1/batch")).await?;
        browser.run("polku.track('purchase', { value: 20, transaction_id: 'A-1' })").await?;
        browser.follow("#next").await?;
        browser.until("window.polku?.journey?.()").await?;
        let collector = Collector::at(&place, &[]).await?;
        collector.has("purchase").await?;
        until("both pages", async || {
            browser.run("polku.flush()").await?;
            let events = collector.events();
            Ok((events.iter().filter(|event| event.ends_with(" page_view")).count() == 2).then_some(()))
        })
        .await?;
        let loss = browser.value("polku.journey().loss").await?;
        assert_eq!(loss["captured"], collector.events().len());
        Ok(())
    });
}

#[test]
fn what_a_page_could_not_send_outlives_the_way_back() {
    browser::with(async |browser| {
        let place = Collector::nobody().await?;
        let (_server, _site) = open(browser, &format!("http://{place}/v1/batch")).await?;
        browser.run("window.kept = true").await?;
        browser.follow("#next").await?;
        browser.until("window.polku?.journey?.()").await?;
        browser.run("polku.track('add_to_cart')").await?;
        browser.back().await?;
        let driven = "Firefox keeps no page in the back/forward cache while it is driven";
        ensure!(browser.engine != Engine::Firefox, NotHere(driven.into()));
        browser.until("document.readyState === 'complete' && window.kept && polku.journey?.()").await?;
        // The cached page stores something of its own.
        browser.run("window.old = sessionStorage.getItem('polku:1:tab'); polku.track('share')").await?;
        browser.until("sessionStorage.getItem('polku:1:tab') !== old").await?;
        let collector = Collector::at(&place, &[]).await?;
        collector.has("share").await?;
        collector.has("add_to_cart").await
    });
}

#[test]
fn a_collector_that_answers_nonsense_gets_the_same_again() {
    browser::with(async |browser| {
        let collector = Collector::start(&[Answer::Page, Answer::Page]).await?;
        let (_server, _site) = open(browser, &collector.address).await?;
        let bodies = collector.requests(3).await?;
        ensure!(bodies[0] == bodies[1] && bodies[1] == bodies[2], "a retried batch is the same to the byte");
        let said = told(browser).await?;
        ensure!(said.len() == 1 && said[0].starts_with("polku E302 data-collector: "), "{said:?}");
        browser.run("polku.track('add_to_cart')").await?;
        complete(browser, &collector).await
    });
}

#[test]
fn a_failure_that_passes_is_not_worth_a_word() {
    browser::with(async |browser| {
        let collector = Collector::start(&[Answer::Status(500)]).await?;
        let (_server, _site) = open(browser, &collector.address).await?;
        let bodies = collector.requests(2).await?;
        assert_eq!(bodies[0], bodies[1]);
        browser.run("polku.track('add_to_cart')").await?;
        complete(browser, &collector).await?;
        ensure!(told(browser).await?.is_empty(), "{:?}", told(browser).await?);
        Ok(())
    });
}

#[test]
fn a_collector_that_asks_for_patience_gets_it() {
    browser::with(async |browser| {
        let collector = Collector::start(&[Answer::Later(429, 2)]).await?;
        let (_server, _site) = open(browser, &collector.address).await?;
        collector.requests(1).await?;
        browser.run("polku.track('purchase', { value: 20 }); polku.track('share')").await?;
        let bodies = collector.requests(2).await?;
        let times = collector.times();
        let waited = times[1] - times[0];
        ensure!(waited >= std::time::Duration::from_secs(2), "it waited {waited:?}");
        assert_eq!(bodies[0], bodies[1]);
        complete(browser, &collector).await?;
        ensure!(told(browser).await?.is_empty());
        Ok(())
    });
}

#[test]
fn a_collector_that_turns_us_away_is_left_alone() {
    browser::with(async |browser| {
        let collector = Collector::always(Answer::Status(404)).await?;
        let (_server, _site) = open(browser, &collector.address).await?;
        browser.until("heard.length").await?;
        browser
            .run("polku.track('purchase', { value: 20 }); dispatchEvent(new PageTransitionEvent('pagehide')); return polku.flush()")
            .await?;
        assert_eq!(collector.bodies().len(), 1);
        let said = told(browser).await?;
        ensure!(said.len() == 1 && said[0].starts_with("polku E304 data-collector: "), "{said:?}");
        assert_eq!(browser.value("seen.errors").await?, json!([]));
        browser.follow("#next").await
    });
}

#[test]
fn a_batch_that_is_refused_is_counted_as_dropped() {
    browser::with(async |browser| {
        let collector = Collector::start(&[Answer::Status(400)]).await?;
        let (_server, _site) = open(browser, &collector.address).await?;
        browser.until("heard.length").await?;
        let said = told(browser).await?;
        ensure!(said.len() == 1 && said[0].starts_with("polku E303 data-collector: "), "{said:?}");
        let dropped = serde_json::from_str::<Value>(&collector.bodies()[0])?["events"].as_array().map_or(0, Vec::len);
        browser.run("polku.track('purchase', { value: 20 }); return polku.flush()").await?;
        let loss = browser.value("polku.journey().loss").await?;
        assert_eq!(loss["dropped"], json!({ "refused": dropped }));
        assert_eq!(loss["captured"].as_u64(), Some(dropped as u64 + loss["sent"].as_u64().unwrap_or(0)));
        collector.has("purchase").await
    });
}

#[test]
fn a_slow_collector_and_a_fast_shopper_meet_in_the_end() {
    browser::with(async |browser| {
        // The first answer comes when the page is long gone.
        let collector = Collector::start(&[Answer::Slow(std::time::Duration::from_secs(1))]).await?;
        let (_server, _site) = open(browser, &collector.address).await?;
        collector.requests(1).await?;
        browser.run("polku.track('add_to_cart')").await?;
        browser.follow("#next").await?;
        browser.until("window.polku?.journey?.()").await?;
        collector.has("add_to_cart").await?;
        until("the second page", async || {
            browser.run("polku.flush()").await?;
            Ok((browser.value("polku.journey().loss.queued").await? == 0).then_some(()))
        })
        .await?;
        let events = collector.events();
        for (name, times) in [("view_item", 2), ("add_to_cart", 1), ("page_view", 2)] {
            let found = events.iter().filter(|event| event.ends_with(&format!(" {name}"))).count();
            assert_eq!(found, times, "{name} in {events:?}");
        }
        Ok(())
    });
}

#[test]
fn a_server_that_was_away_has_each_event_once() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let proxy = crate::proxy::Proxy::before(&server.origin).await?;
        // The answers of the first batches are lost on the way back: the server has the events, the page does not know.
        proxy.lose_answers(2);
        let site =
            Site::start(Page::new(tag(&server.origin, &format!("{}/v1/batch", proxy.origin), "")).before(SHOP)).await?;
        browser.open(&site.at("/")).await?;
        browser.until("window.polku?.journey?.()").await?;
        until("three batches", async || Ok((proxy.batches().len() >= 3).then_some(()))).await?;
        browser.run("polku.track('add_to_cart'); return polku.flush()").await?;
        let events = server.has("add_to_cart").await?;
        for name in ["page_view", "view_item", "add_to_cart"] {
            assert_eq!(count(&events, name), 1, "{name}");
        }
        let loss = browser.value("polku.journey().loss").await?;
        assert_eq!(loss, json!({ "captured": events.len(), "sent": events.len(), "queued": 0, "dropped": {} }));
        Ok(())
    });
}
