//! What a shopper has decided holds: in the browser, on the wire, in the database.

use anyhow::{Result, ensure};
use serde_json::{Value, json};

use crate::Done;
use crate::browser::{self, Browser};
use crate::house::House;
use crate::server::{count, names, text, touchpoints};
use crate::site::TRAPS;
use crate::wait::until;
use crate::walk::Prompt;

/// Polku sends all that it has, if it has anything; its module is there afterwards.
async fn flushed(browser: &Browser) -> Result<Value> {
    browser.run("return polku.flush()").await
}

#[test]
fn nothing_leaves_before_a_decision() {
    browser::with(async |browser| silent_visit(browser, false).await);
}

#[test]
fn nothing_leaves_after_a_refusal() {
    browser::with(async |browser| silent_visit(browser, true).await);
}

async fn silent_visit(browser: &Browser, refuse: bool) -> Done {
    let house = House::open().await?;
    let shopper = house.shopper(browser);
    browser.before_each_page(TRAPS).await?;
    let quiet = async |at: &str| -> Done {
        assert_eq!(flushed(browser).await?, json!({ "sent": 0, "queued": 0 }), "{at}");
        let requests = browser.value("seen.requests.filter((url) => !/^http.*[/](polku|shop)[/]/.test(url))").await?;
        assert_eq!(requests, json!([]), "{at}");
        assert_eq!(shopper.traces().await?, json!([]), "{at}");
        assert_eq!(browser.value("polku.journey()").await?, Value::Null, "{at}");
        ensure!(browser.value("!document.documentElement.hasAttribute('data-polku-stage')").await? == true, "{at}");
        Ok(())
    };

    shopper.open("/").await?;
    if refuse {
        shopper.refuse().await?;
    }
    quiet("front").await?;
    shopper.choose("SKU-101").await?;
    shopper.add_to_cart().await?;
    browser.hammer("h1", 6).await?;
    quiet("product").await?;
    shopper.to_cart().await?;
    shopper.to_checkout().await?;
    shopper.pay_with_a_wrong_form().await?;
    shopper.fill().await?;
    shopper.pay_declined().await?;
    quiet("checkout").await?;
    shopper.pay().await?;
    // Longer than the prompt would take.
    browser.until("performance.now() > 4000").await?;
    quiet("thanks").await?;
    ensure!(browser.value("!document.querySelector('[data-polku-prompt], [data-polku-status]')").await? == true);
    browser.open("about:blank").await?;

    for request in house.proxy.seen() {
        let own = ["/shop/", "/polku/"].iter().any(|folder| request.path.starts_with(folder));
        ensure!(own && request.method == "GET", "{request:?}");
    }
    assert_eq!((house.server.count("journeys")?, house.server.count("events")?), (0, 0));
    Ok(())
}

#[test]
fn a_consent_given_now_keeps_only_this_page() {
    browser::with(async |browser| {
        let house = House::open().await?;
        let shopper = house.shopper(browser);
        shopper.open("/c/beans").await?;
        flushed(browser).await?;
        shopper.choose("SKU-101").await?;
        flushed(browser).await?;
        shopper.accept().await?;
        browser.until("polku.journey()").await?;
        flushed(browser).await?;

        let events = house.server.has("page_view").await?;
        assert_eq!(touchpoints(&events), ["stage_enter", "page_view"], "the product was looked at before");
        assert_eq!(events[1]["data"], json!({ "door": "unknown" }), "how the visit began is not known");
        assert_eq!(text(&events[1]["page"]), "/shop/en/p/:id");
        // From now on everything counts, also on the next page, which knows the decision from earlier.
        shopper.add_to_cart().await?;
        shopper.to_cart().await?;
        flushed(browser).await?;
        let events = house.server.has("view_cart").await?;
        assert_eq!(
            (count(&events, "page_view"), count(&events, "add_to_cart"), count(&events, "view_item")),
            (2, 1, 0)
        );
        Ok(())
    });
}

#[test]
fn a_consent_on_the_first_page_knows_the_door() {
    browser::with(async |browser| {
        let house = House::open().await?;
        let shopper = house.shopper(browser);
        shopper.open("/").await?;
        shopper.accept().await?;
        browser.until("polku.journey()").await?;
        flushed(browser).await?;
        let events = house.server.has("page_view").await?;
        assert_eq!(touchpoints(&events), ["stage_enter", "page_view"]);
        assert_eq!(events[1]["data"], json!({ "door": "direct" }));
        // What is stored is the visit's record, the tab's, what this tab has sent, for the shopper to see, and (the shop asks for
        // `remember`) what is beyond the visit; nothing else.
        browser.until("sessionStorage.getItem('polku:1:tab') && sessionStorage.getItem('polku:1:sent') && !Object.keys(localStorage).some((key) => key.includes(':q:'))").await?;
        let stored = browser
            .value("[Object.keys(localStorage), Object.keys(sessionStorage)].flat().filter((key) => !key.startsWith('kk_')).sort()")
            .await?;
        assert_eq!(stored, json!(["polku:1:past", "polku:1:sent", "polku:1:tab", "polku:1:visit"]));
        // Batches carry neither cookies nor where they come from.
        let posts: Vec<_> = house.proxy.seen().into_iter().filter(|seen| seen.method == "POST").collect();
        ensure!(!posts.is_empty() && posts.iter().all(|post| !post.cookies && !post.referrer), "{posts:?}");
        Ok(())
    });
}

#[test]
fn a_withdrawal_erases_the_journey() {
    browser::with(async |browser| {
        let house = House::open().await?;
        let shopper = house.shopper(browser);
        shopper.open("/p/aamu").await?;
        shopper.accept().await?;
        browser.until("polku.journey()").await?;
        shopper.add_to_cart().await?;
        flushed(browser).await?;
        let (journey, _) = house.server.only().await?.expect("a journey");
        ensure!(house.server.count("events")? > 2);
        browser.until("localStorage.getItem('polku:1:visit')").await?;

        shopper.cookie_settings().await?;
        shopper.refuse().await?;
        until("the database is empty", async || Ok((house.server.count("journeys")? == 0).then_some(()))).await?;
        assert_eq!((house.server.count("events")?, house.server.count("legs")?), (0, 0));
        assert_eq!(house.server.count("erased")?, 1);
        assert_eq!(shopper.traces().await?, json!([]));
        ensure!(browser.value("!document.documentElement.hasAttribute('data-polku-stage')").await? == true);

        // Nothing afterwards: not on this page, not when it goes, not on the next one.
        let sent = house.batches().len();
        shopper.to_cart().await?;
        flushed(browser).await?;
        shopper.to_checkout().await?;
        flushed(browser).await?;
        browser.open("about:blank").await?;
        let batches = house.batches();
        assert_eq!(batches.len(), sent);
        let erases: Vec<&Value> = batches
            .iter()
            .filter(|batch| batch["events"].as_array().is_some_and(|events| count(events, "erase") > 0))
            .collect();
        assert_eq!(erases.len(), 1);
        assert_eq!(erases[0]["events"].as_array().map(Vec::len), Some(1), "an erase is alone");
        assert_eq!(erases[0]["events"][0]["data"], json!({ "journeys": [journey["id"]] }));
        assert_eq!(erases[0], batches.last().expect("it was sent"));
        assert_eq!(house.server.count("journeys")?, 0);
        Ok(())
    });
}

#[test]
fn feedback_leaves_alone_without_consent() {
    browser::with(async |browser| {
        let house = House::open().await?;
        let shopper = house.shopper(browser);
        shopper.open("/").await?;
        browser.follow("[data-test=feedback-switch]").await?;
        shopper.refuse().await?;
        shopper.buy().await?;
        let prompt = Prompt(browser);
        prompt.opens().await?;
        ensure!(house.batches().is_empty(), "{:?}", house.batches());
        let question = prompt.begins_with_ten().await?;
        prompt.say("Call me: 040 123 4567").await?;
        prompt.question_after(&question).await?;
        until("both answers", async || Ok((house.server.count("events")? == 2).then_some(()))).await?;
        browser.press(thirtyfour::Key::Escape + "").await?;
        prompt.is_gone().await?;
        flushed(browser).await?;
        browser.open("about:blank").await?;

        let batches = house.batches();
        for (nth, batch) in batches.iter().enumerate() {
            let keys = |value: &Value| {
                value.as_object().map(|object| object.keys().cloned().collect::<Vec<_>>()).unwrap_or_default()
            };
            assert_eq!(keys(batch), ["polku", "key", "batch", "sent", "ttl_days", "journey", "events"], "{batch}");
            assert_eq!(keys(&batch["journey"]), ["id", "leg"]);
            assert_eq!(batch["sent"].as_u64().map(|sent| sent % 3600), Some(0), "time to the hour");
            let events = batch["events"].as_array().expect("events");
            assert_eq!(names(events), ["prompt_answer"]);
            assert_eq!(keys(&events[0]), ["seq", "name", "lens", "page", "data"]);
            assert_eq!((text(&events[0]["page"]), &events[0]["seq"]), ("thanks", &json!(nth + 1)));
            assert_eq!(batch["journey"]["id"], batches[0]["journey"]["id"], "one submission");
        }
        assert_eq!(batches.len(), 2);
        assert_eq!(batches[0]["events"][0]["data"]["score"], 10);
        let said = text(&batches[1]["events"][0]["data"]["text"]);
        ensure!(said.starts_with("Call me: [") && !said.contains("4567"), "{said}");
        let (journey, _) = house.server.only().await?.expect("an answer");
        assert_eq!(
            (&journey["path_known"], &journey["device"], &journey["stage"]),
            (&json!(false), &Value::Null, &Value::Null)
        );
        shopper.open("/").await?;
        assert_eq!(shopper.traces().await?, json!([]));
        Ok(())
    });
}

#[test]
fn not_now_is_heard_until_the_browser_is_closed() {
    browser::with(async |browser| {
        let house = House::open().await?;
        let shopper = house.shopper(browser);
        shopper.open("/").await?;
        browser.follow("[data-test=feedback-switch]").await?;
        // Undecided: the banner stays open.
        shopper.buy().await?;
        let prompt = Prompt(browser);
        prompt.opens().await?;
        prompt.enter().await?;
        prompt.tab_to("[data-do=later]").await?;
        browser.press(thirtyfour::Key::Enter + "").await?;
        prompt.is_gone().await?;
        assert_eq!(shopper.traces().await?, json!(["polku_quiet=1"]));
        let cookies = browser.cdp("Network.getCookies", json!({})).await?;
        let quiet =
            cookies["cookies"].as_array().and_then(|all| all.iter().find(|cookie| cookie["name"] == "polku_quiet"));
        assert_eq!(quiet.map(|cookie| &cookie["session"]), Some(&json!(true)), "{cookies}");

        let modules =
            |house: &House| house.proxy.seen().iter().filter(|seen| seen.path.starts_with("/polku/prompt-")).count();
        let before = modules(&house);
        shopper.buy().await?;
        browser.until("performance.now() > 4000").await?;
        ensure!(browser.value("!document.querySelector('[data-polku-prompt]')").await? == true);
        assert_eq!(modules(&house), before, "the prompt's module is not even fetched");
        ensure!(house.batches().is_empty(), "{:?}", house.batches());
        Ok(())
    });
}
