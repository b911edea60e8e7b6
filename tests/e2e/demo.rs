//! The walk of the demo: from a product to a paid order, an answer, and that journey on the map.

use anyhow::{Result, ensure};
use serde_json::Value;
use thirtyfour::Key;

use crate::Done;
use crate::browser::{self, Browser};
use crate::server::{Server, count, first, names, text};
use crate::walk::{Prompt, Shopper};

#[test]
fn a_journey_on_a_desktop_in_english() {
    browser::with(async |browser| walk(browser, "en", "desktop").await);
}

#[test]
fn a_journey_on_a_phone_in_finnish() {
    browser::with(async |browser| {
        browser.become_phone().await?;
        walk(browser, "fi", "mobile").await
    });
}

#[test]
fn the_map_follows_by_itself() {
    browser::with(async |browser| {
        let server = Server::start()?;
        browser.open(&format!("{}/map/", server.origin)).await?;
        browser.until("document.querySelector('#empty').checkVisibility()").await?;
        let batch = |seq: u32, name: &str, stage: &str| {
            format!(
                r#"{{"polku":1,"key":"pk_demo","batch":"{seq}","sent":1795284085,"ttl_days":395,
                "journey":{{"id":"9xk2m4t0c7qe3fzb","leg":"k3v9a","started":1795284000}},
                "events":[{{"seq":{seq},"at":{seq}000,"name":"{name}","lens":"did","stage":"{stage}","page":"/"}}]}}"#
            )
        };
        server.post(&batch(1, "page_view", "awareness")).await?;
        browser.until("document.querySelectorAll('#list .journey').length === 1").await?;
        let before = browser.value("document.querySelector('#map').innerText").await?;
        server.post(&batch(2, "add_to_cart", "decision")).await?;
        // The same journey, in the same row.
        browser.until(r"/\b2\sevents/.test(document.querySelector('#list .journey').innerText)").await?;
        ensure!(browser.value("document.querySelectorAll('#list .journey').length").await? == 1);
        ensure!(browser.value("document.querySelector('#map').innerText").await? != before);
        Ok(())
    });
}

async fn walk(browser: &Browser, lang: &str, device: &str) -> Done {
    let server = Server::start()?;
    let shopper = Shopper::new(browser, &server.origin, lang);
    let shot = async |name: &str| browser.shot(&format!("{device}-{lang}-{name}")).await;
    // It starts when the page is idle: what a page pushes that is left before has not been seen.
    let seen = async || browser.until("!!window.polku?.journey?.()?.stage").await;

    shopper.open("/").await?;
    shot("1-front").await?;
    shopper.accept().await?;
    seen().await?;
    shopper.open("/c/beans").await?;
    seen().await?;
    shot("2-list").await?;
    shopper.choose("SKU-101").await?;
    seen().await?;
    shot("3-product").await?;
    shopper.add_to_cart().await?;
    shopper.to_cart().await?;
    seen().await?;
    shopper.to_checkout().await?;
    seen().await?;
    shopper.pay_with_a_wrong_form().await?;
    shopper.fill().await?;
    shopper.pay_declined().await?;
    shot("4-declined").await?;
    shopper.pay().await?;
    let order = shopper.order().await?;

    // The prompt opens by itself, and does not take the focus.
    let prompt = Prompt(browser);
    prompt.opens().await?;
    ensure!(browser.value("document.activeElement === document.body").await? == true, "the focus was taken");
    let question = prompt.question().await?;
    let asks = if lang == "fi" { "Kuinka todennäköisesti suosittelisit" } else { "How likely is it" };
    ensure!(question.starts_with(asks), "{question}");
    server.has("prompt_shown").await?;
    shot("5-prompt").await?;
    prompt.enter().await?;
    prompt.give_ten().await?;
    let question = prompt.question_after(&question).await?;
    shot("6-follow-up").await?;
    prompt.say("Quick and kind. Write to anna.virtanen@example.fi!").await?;
    prompt.question_after(&question).await?;
    shot("7-thanks").await?;
    browser.press(Key::Escape + "").await?;
    prompt.is_gone().await?;

    // A reloaded thanks page reports the order again; it is not counted again, and nobody is asked again.
    browser.reload().await?;
    seen().await?;
    browser.run("return polku.flush()").await?;
    browser.follow("[data-test=order-status-link]").await?;
    browser.until("polku.journey()?.stage === 'retention'").await?;
    browser.run("return polku.flush()").await?;
    let loss = browser.value("polku.journey().loss").await?;

    let events = server
        .settles("the last of the events", |events| events.len() as u64 == loss["captured"].as_u64().unwrap_or(0))
        .await?;
    assert_eq!(loss, serde_json::json!({ "captured": events.len(), "sent": events.len(), "queued": 0, "dropped": {} }));
    let (journey, _) = server.only().await?.expect("it was there");
    check_journey(&journey, lang, device);
    check_events(&events)?;
    check_what_left(&server, &order)?;
    check_books(&server, &events)?;
    browser.complains_of_nothing().await?;
    map(browser, &server, device).await
}

fn check_journey(journey: &Value, lang: &str, device: &str) {
    assert_eq!(journey["key"], "pk_demo");
    assert_eq!((text(&journey["lang"]), text(&journey["device"])), (lang, device));
    assert_eq!(journey["purchase"], true);
    assert_eq!(
        journey["stages"],
        serde_json::json!(["awareness", "consideration", "decision", "advocacy", "retention"]),
    );
    let id = text(&journey["id"]);
    assert!(id.len() == 16 && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()), "{id}");
    assert_eq!(journey["started"].as_u64().map(|started| started % 60), Some(0));
}

fn check_events(events: &[Value]) -> Result<()> {
    // Each once: what the shop pushes twice, and what a reload repeats, is one touchpoint.
    for once in [
        "select_item",
        "view_item",
        "add_to_cart",
        "view_cart",
        "begin_checkout",
        "purchase",
        "payment_declined",
        "prompt_shown",
        "prompt_closed",
        "order_status_view",
    ] {
        assert_eq!(count(events, once), 1, "{once} in {:?}", names(events));
    }
    // Two attempts to pay: declined, and paid.
    assert_eq!(count(events, "add_payment_info"), 2);
    // Front, list, product, cart, checkout, thanks twice, order.
    assert_eq!(count(events, "page_view"), 8);
    assert_eq!(first(events, "page_view")?["data"]["door"], "direct");

    let entries: Vec<(&str, &str, &str)> = events
        .iter()
        .filter(|event| event["name"] == "stage_enter")
        .map(|event| (text(&event["data"]["from"]), text(&event["data"]["rule"]), text(&event["stage"])))
        .collect();
    assert_eq!(
        entries,
        [
            ("", "page_view", "awareness"),
            ("awareness", "view_item_list", "consideration"),
            ("consideration", "add_to_cart", "decision"),
            ("decision", "prompt_answer", "advocacy"),
            ("advocacy", "order_status_view", "retention"),
        ]
    );

    // One path over all pages: the steps of the purchase in their order, times that never go back.
    let path: Vec<&str> = names(events)
        .into_iter()
        .filter(|name| {
            [
                "select_item",
                "view_item",
                "add_to_cart",
                "view_cart",
                "begin_checkout",
                "payment_declined",
                "purchase",
                "prompt_shown",
                "prompt_closed",
            ]
            .contains(name)
        })
        .collect();
    assert_eq!(
        path,
        [
            "select_item",
            "view_item",
            "add_to_cart",
            "view_cart",
            "begin_checkout",
            "payment_declined",
            "purchase",
            "prompt_shown",
            "prompt_closed"
        ]
    );
    let times: Vec<u64> = events.iter().filter_map(|event| event["at"].as_u64()).collect();
    assert_eq!(times.len(), events.len());
    assert!(times.is_sorted() && times.iter().all(|at| at % 100 == 0), "{times:?}");

    let purchase = first(events, "purchase")?;
    assert_eq!(purchase["page"].as_str().map(|page| page.ends_with("/thanks")), Some(true));
    // 11.90 and delivery, with two digits.
    assert_eq!(purchase["data"]["currency"], "EUR");
    assert_eq!(purchase["data"]["items"][0]["item_id"], "SKU-101");
    assert_eq!(purchase["data"]["items"][0]["price"], 12);
    let value = purchase["data"]["value"].as_f64().unwrap_or_default();
    assert!(value > 11.9 && value.fract() == 0.0, "{value}");
    assert_eq!(first(events, "payment_declined")?["lens"], "tech");

    let answers: Vec<&Value> =
        events.iter().filter(|event| event["name"] == "prompt_answer").map(|event| &event["data"]).collect();
    assert_eq!(answers.len(), 2);
    assert_eq!((text(&answers[0]["step"]), text(&answers[0]["ask"]), &answers[0]["score"]), ("nps", "nps", &10.into()));
    assert_eq!((text(&answers[1]["step"]), text(&answers[1]["ask"])), ("reason", "text"));
    assert_eq!(answers[1]["text"], "Quick and kind. Write to [email]!");
    assert_eq!(answers[0]["sub"], answers[1]["sub"]);
    let shown = &first(events, "prompt_shown")?["data"];
    assert_eq!((text(&shown["prompt"]), text(&shown["trigger"])), ("order-nps", "purchase"));
    let closed = &first(events, "prompt_closed")?["data"];
    assert_eq!(text(&closed["reason"]), "completed");
    assert_ne!(closed["partial"], true);
    Ok(())
}

/// Nothing in the database tells who the shopper is, or which order it was.
fn check_what_left(server: &Server, order: &str) -> Result<()> {
    let rows = server.rows("SELECT name || ' ' || coalesce(page, '') || ' ' || coalesce(data, '') FROM events")?;
    let all: String = rows.into_iter().flatten().collect::<Vec<_>>().join("\n");
    for never in ["transaction_id", order, "example.fi", "Virtanen", "Testikatu", "00510", "4111", "4000 0000", "?"] {
        assert!(!all.contains(never), "{never} is in the database:\n{all}");
    }
    for row in server.rows("SELECT DISTINCT page FROM events WHERE page LIKE '%/p/%'")? {
        assert!(row[0].ends_with("/p/:id"), "{row:?}");
    }
    let consent = server.rows("SELECT consent FROM journeys")?.concat().concat();
    let consent: Value = serde_json::from_str(&consent)?;
    assert_eq!(consent["measure"]["by"], "api");
    Ok(())
}

/// Each leg numbers its events from 1 without a gap, and each leg's books add up.
fn check_books(server: &Server, events: &[Value]) -> Result<()> {
    for row in server.rows("SELECT leg, count(*), max(seq), min(seq) FROM events GROUP BY leg")? {
        assert_eq!((&row[1], row[3].as_str()), (&row[2], "1"), "leg {row:?}");
    }
    let legs = server.rows("SELECT captured, sent, queued, dropped FROM legs ORDER BY captured")?;
    assert_eq!(legs.len(), count(events, "page_view"), "a leg per document");
    for leg in &legs {
        let [captured, sent, queued] = [&leg[0], &leg[1], &leg[2]].map(|number| number.parse::<u64>().unwrap());
        assert_eq!(captured, sent + queued, "{leg:?}");
        assert_eq!(leg[3], "{}");
    }
    assert_eq!(legs.last().map(|leg| leg[0].clone()), Some(events.len().to_string()));
    Ok(())
}

/// The map shows the journey.
async fn map(browser: &Browser, server: &Server, device: &str) -> Done {
    browser.open(&format!("{}/map/", server.origin)).await?;
    let row = browser.find("#list .journey").await?;
    let told = row.text().await?;
    ensure!(told.contains("Quick and kind. Write to [email]!"), "{told}");
    ensure!(told.contains('✓'), "{told}");
    browser.shot(&format!("{device}-8-map")).await?;
    browser.click("#list .journey .open").await?;
    let table = browser.find("#list .journey .panel table").await?.text().await?;
    browser.shot(&format!("{device}-9-journey")).await?;
    ensure!(!table.is_empty());
    let stages = browser.value("document.querySelector('#map').innerText").await?;
    for stage in ["Awareness", "Consideration", "Decision", "Retention", "Advocacy"] {
        ensure!(text(&stages).to_lowercase().contains(&stage.to_lowercase()), "{stages}");
    }
    ensure!(
        browser.value("document.documentElement.scrollWidth <= innerWidth").await? == true,
        "the map is wider than the window"
    );
    Ok(())
}
