//! When a prompt opens, in a browser: what looks at the page, what keeps prompts shut and says why, and what is kept of it.

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use crate::Done;
use crate::browser::{self, Browser};
use crate::server::{Server, text};
use crate::site::{MEASURED, Page, REMEMBERED, STUB, Site, tag};
use crate::walk::CARD;

/// The stub, and a shop that listens to what becomes of its prompts.
const LISTENS: &str = "window.told = [];
    polku('on', 'prompt', (event) => told.push(event));\n";
/// The clock of each page goes ahead by what the test has set.
const CLOCK: &str = "{ const now = Date.now.bind(Date); const ahead = +localStorage.getItem('kk_ahead'); Date.now = () => now() + ahead; }";
const DAY: u64 = 86_400_000;

/// A definition with one question, which this opens; programs may see it.
fn prompt(id: &str, more: Value) -> Value {
    let mut definition = json!({
        "v": 1, "id": id, "locales": ["en"], "defaultLocale": "en", "quiet": { "automation": false }, "start": "q",
        "steps": [
            { "id": "q", "ask": "nps", "text": { "en": format!("Question of {id}?") }, "next": [{ "go": "why" }] },
            { "id": "why", "ask": "text", "optional": true, "text": { "en": "Why?" }, "next": [{ "go": "end" }] }
        ],
        "end": { "thanks": { "en": "Thank you!" } }
    });
    for (name, value) in more.as_object().into_iter().flatten() {
        definition[name] = value.clone();
    }
    definition
}

/// A shop with these prompts, whose every page decides with `consent` and runs `script` before the tag.
async fn shop(server: &Server, consent: &str, more: &str, prompts: &Value, script: &str) -> Result<Site> {
    let tag = tag(&server.origin, &server.collector(), &format!("data-prompts=\"/asked.json\" {more}"));
    let page = Page::new(tag).before(STUB).before(LISTENS).before(consent).before(script);
    let site = Site::start(page.clone()).await?;
    for path in ["/thanks", "/cart", "/checkout"] {
        site.page(path, page.clone());
    }
    site.page("/plain", Page::default());
    site.file("/asked.json", 200, "application/json", &prompts.to_string());
    Ok(site)
}

/// Opens a page and waits until prompts are looked after.
async fn open(browser: &Browser, site: &Site, path: &str) -> Done {
    browser.open(&site.at(path)).await?;
    browser.until("document.querySelector('[data-polku-status]')").await?;
    Ok(())
}

/// Opens a page that the visit reaches after its first ten seconds.
async fn open_late(browser: &Browser, site: &Site, path: &str) -> Done {
    open(browser, site, "/").await?;
    browser.until("polku.journey()").await?;
    ahead(browser, 15_000).await?;
    open(browser, site, path).await
}

/// Lets so many ms pass before the next page.
async fn ahead(browser: &Browser, ms: u64) -> Done {
    browser.run(&format!("localStorage.setItem('kk_ahead', +localStorage.getItem('kk_ahead') + {ms})")).await?;
    Ok(())
}

/// Whether a prompt is there now.
async fn is_open(browser: &Browser) -> Result<bool> {
    Ok(browser.value("!!document.querySelector('[data-polku-prompt]')").await? == true)
}

/// Waits until the page was told that `id` stays shut, and why; and it does.
async fn stays(browser: &Browser, id: &str, reason: &str) -> Done {
    browser
        .until(&format!(
            "told.some((one) => one.prompt === '{id}' && one.event === 'suppressed' && one.reason === '{reason}')"
        ))
        .await?;
    ensure!(!is_open(browser).await?, "{id} is open in spite of {reason}");
    Ok(())
}

/// Waits until `id` has opened; gives back what opened it.
async fn opens(browser: &Browser, id: &str) -> Result<String> {
    let event = format!("told.find((one) => one.prompt === '{id}' && one.event === 'opened')");
    let event = browser.until(&event).await?;
    browser.find(CARD).await?;
    Ok(text(&event["trigger"]).to_owned())
}

/// The card's element, in the page's own words.
const FOUND: &str = "document.querySelector('[data-polku-prompt]')";

const BUY: &str = "polku.track('purchase', { value: 20, currency: 'EUR' })";

/// Prompts of a shop that asks after an order, and of nothing else.
fn after_an_order() -> Value {
    json!([prompt("order", json!({ "when": { "on": "purchase" } }))])
}

/// Opens the order page, where something was bought.
async fn buy(browser: &Browser, site: &Site) -> Done {
    open(browser, site, "/thanks").await?;
    browser.run(BUY).await?;
    Ok(())
}

#[test]
fn it_opens_on_the_order_page_at_once() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let prompts = json!([prompt("order", json!({ "when": { "on": "order_confirmed" } }))]);
        let site = shop(&server, MEASURED, "", &prompts, "").await?;
        buy(browser, &site).await?;
        assert_eq!(opens(browser, "order").await?, "purchase");
        browser.until("told.some((one) => one.event === 'shown')").await?;
        assert_eq!(browser.value("told.filter(({ event }) => event === 'suppressed')").await?, json!([]));
        let events = server.has("prompt_shown").await?;
        let shown = crate::server::first(&events, "prompt_shown")?;
        assert_eq!((text(&shown["data"]["prompt"]), text(&shown["data"]["trigger"])), ("order", "purchase"));
        Ok(())
    });
}

/// A prompt that this opens, late enough in the visit and on a page where nothing else is in its way.
async fn late(browser: &Browser, when: Value, script: &str) -> Result<(Server, Site)> {
    let server = Server::start()?;
    let prompts = json!([prompt("late", json!({ "when": when }))]);
    let site = shop(&server, MEASURED, "", &prompts, &format!("{CLOCK}{script}")).await?;
    open_late(browser, &site, "/cart").await?;
    Ok((server, site))
}

#[test]
fn it_opens_when_nothing_was_done_for_long() {
    browser::with(async |browser| {
        let _shop = late(browser, json!({ "on": "inactivity", "seconds": 6 }), "").await?;
        browser.until("performance.now() > 3000").await?;
        browser.point("h1").await?;
        browser.until("performance.now() > 7500").await?;
        ensure!(!is_open(browser).await?, "the pointer has moved");
        assert_eq!(opens(browser, "late").await?, "inactivity");
        Ok(())
    });
}

#[test]
fn it_opens_far_enough_down_the_page() {
    browser::with(async |browser| {
        let tall = "addEventListener('DOMContentLoaded', () => { document.body.style.height = '4000px'; });";
        let _shop = late(browser, json!({ "on": "scroll", "percent": 60 }), tall).await?;
        browser.run("scrollTo(0, 300)").await?;
        let since = browser.value("performance.now()").await?.as_f64().unwrap_or_default();
        browser.until(&format!("performance.now() > {since} + 1500")).await?;
        ensure!(!is_open(browser).await?, "it is not far enough");
        browser.run("scrollTo(0, 4000)").await?;
        assert_eq!(opens(browser, "late").await?, "scroll");
        Ok(())
    });
}

#[test]
fn a_page_that_fits_its_window_has_no_depth() {
    browser::with(async |browser| {
        let _shop = late(browser, json!({ "on": "scroll", "percent": 10 }), "").await?;
        browser.run("document.dispatchEvent(new Event('scroll'))").await?;
        browser.until("performance.now() > 4000").await?;
        ensure!(!is_open(browser).await?);
        Ok(())
    });
}

#[test]
fn it_opens_when_something_was_in_view() {
    browser::with(async |browser| {
        let below = "addEventListener('DOMContentLoaded', () => { document.querySelector('#next').style.cssText = 'position:absolute;top:3000px'; });";
        let _shop = late(browser, json!({ "on": "visible", "selector": "a[id=\"next\"]" }), below).await?;
        browser.until("performance.now() > 3000").await?;
        ensure!(!is_open(browser).await?, "it is below the window");
        browser.run("document.querySelector('#next').scrollIntoView()").await?;
        assert_eq!(opens(browser, "late").await?, "visible");
        Ok(())
    });
}

/// The mouse at a height, as the browser tells of it.
async fn mouse(browser: &Browser, y: i32) -> Done {
    let at = json!({ "type": "mouseMoved", "x": 300, "y": y, "pointerType": "mouse" });
    browser.cdp("Input.dispatchMouseEvent", at).await?;
    Ok(())
}

#[test]
fn it_opens_when_the_pointer_leaves_at_the_top() {
    browser::with(async |browser| {
        let _shop = late(browser, json!({ "on": "exit_intent" }), "").await?;
        mouse(browser, 200).await?;
        // Five seconds on the page are needed.
        browser.until("performance.now() > 6000").await?;
        for y in [200, 120, 40, 4] {
            mouse(browser, y).await?;
        }
        // Headless windows have no outside; the root hears of it as it does where there is one.
        browser
            .run("document.documentElement.dispatchEvent(new PointerEvent('pointerleave', { clientX: 300, clientY: -6, pointerType: 'mouse' }))")
            .await?;
        assert_eq!(opens(browser, "late").await?, "exit_intent");
        Ok(())
    });
}

#[test]
fn it_does_not_open_when_the_pointer_leaves_at_the_side() {
    browser::with(async |browser| {
        let _shop = late(browser, json!({ "on": "exit_intent" }), "").await?;
        browser.until("performance.now() > 6000").await?;
        for y in [200, 120, 40] {
            mouse(browser, y).await?;
        }
        browser
            .run("document.documentElement.dispatchEvent(new PointerEvent('pointerleave', { clientX: -6, clientY: 40, pointerType: 'mouse' }))")
            .await?;
        browser.until("performance.now() > 8000").await?;
        ensure!(!is_open(browser).await?);
        Ok(())
    });
}

#[test]
fn the_first_ten_seconds_are_quiet() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let prompts = json!([prompt("early", json!({ "when": { "on": "view_item" } }))]);
        let site = shop(&server, MEASURED, "", &prompts, "").await?;
        open(browser, &site, "/").await?;
        browser.run("polku.track('view_item')").await?;
        stays(browser, "early", "early").await?;
        assert_eq!(opens(browser, "early").await?, "view_item");
        ensure!(browser.value("performance.now()").await?.as_f64() > Some(9_000.0), "ten seconds are over");
        Ok(())
    });
}

#[test]
fn it_waits_while_a_dialog_of_the_shop_is_open() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let prompts = after_an_order();
        for dialog in [
            "<dialog id=mine>Newsletter</dialog>",
            "<div id=mine role=dialog>Sizes</div>",
            "<div id=mine aria-modal=true>Menu</div>",
            "<div id=mine class=cookie-bar>We use cookies</div>",
        ] {
            let make = format!(
                "addEventListener('DOMContentLoaded', () => {{ document.body.insertAdjacentHTML('beforeend', '{dialog}');
                    if (mine.show) mine.show(); if (mine.className) mine.style.cssText = 'position:fixed;bottom:0'; }});"
            );
            let site = shop(&server, MEASURED, "", &prompts, &make).await?;
            buy(browser, &site).await?;
            stays(browser, "order", "dialog").await?;
            browser.run("mine.remove()").await?;
            opens(browser, "order").await?;
        }
        Ok(())
    });
}

#[test]
fn a_dialog_that_is_closed_keeps_nothing_shut() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let prompts = after_an_order();
        let make = "addEventListener('DOMContentLoaded', () => document.body.insertAdjacentHTML('beforeend',
            '<dialog>Newsletter</dialog><div role=dialog hidden>Sizes</div><p class=cookie-recipes>Cookies</p>'));";
        let site = shop(&server, MEASURED, "", &prompts, make).await?;
        buy(browser, &site).await?;
        opens(browser, "order").await?;
        Ok(())
    });
}

#[test]
fn it_waits_while_a_field_of_the_shop_is_written_into() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let prompts = after_an_order();
        let site = shop(&server, MEASURED, "", &prompts, "").await?;
        // The focus alone keeps it shut …
        open(browser, &site, "/thanks").await?;
        browser.click("#name").await?;
        browser.run(BUY).await?;
        stays(browser, "order", "typing").await?;
        browser.run("document.querySelector('#name').blur()").await?;
        opens(browser, "order").await?;
        ensure!(browser.value("document.activeElement === document.body").await? == true, "the focus is not taken");
        // … and so does what was written and not sent.
        let site = shop(&server, MEASURED, "", &prompts, "").await?;
        open(browser, &site, "/thanks").await?;
        browser.write("#name", "An").await?;
        browser.run("document.querySelector('#name').blur()").await?;
        browser.run(BUY).await?;
        stays(browser, "order", "typing").await?;
        let since = browser.value("performance.now()").await?.as_f64().unwrap_or_default();
        browser.until(&format!("performance.now() > {since} + 4500")).await?;
        ensure!(!is_open(browser).await?, "it is still not sent");
        browser.run("document.querySelector('#name').closest('p').remove()").await?;
        opens(browser, "order").await?;
        Ok(())
    });
}

#[test]
fn where_a_payment_is_made_it_is_quiet_but_for_help() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let prompts = json!([
            prompt("survey", json!({ "when": { "on": "add_to_wishlist" } })),
            prompt("help", json!({ "kind": "help", "when": { "on": "trouble" } })),
        ]);
        let card = "addEventListener('DOMContentLoaded', () => document.body.insertAdjacentHTML('beforeend', '<input autocomplete=\"cc-number\">'));";
        let site = shop(&server, MEASURED, "", &prompts, &format!("{CLOCK}{card}")).await?;
        open_late(browser, &site, "/checkout").await?;
        browser.run("polku.track('add_to_wishlist')").await?;
        stays(browser, "survey", "checkout").await?;
        browser.click("[autocomplete]").await?;
        browser.run("polku.error('payment_declined', { code: 'declined' })").await?;
        assert_eq!(opens(browser, "help").await?, "trouble");
        assert_eq!(browser.value("told.find(({ event }) => event === 'opened').first").await?, "pill");
        ensure!(
            browser.value("document.activeElement.matches('[autocomplete]')").await? == true,
            "the focus is not taken"
        );
        ensure!(browser.value("told.some((one) => one.prompt === 'survey' && one.reason === 'help')").await? == true);
        Ok(())
    });
}

#[test]
fn on_a_phone_it_begins_as_a_pill_but_on_the_order_page() {
    browser::with(async |browser| {
        browser.become_phone().await?;
        let server = Server::start()?;
        let prompts = json!([
            prompt("late", json!({ "when": { "on": "view_item" } })),
            prompt("order", json!({ "when": { "on": "purchase" } })),
        ]);
        let site = shop(&server, MEASURED, "", &prompts, CLOCK).await?;
        open_late(browser, &site, "/cart").await?;
        browser.run("polku.track('view_item')").await?;
        let first = "told.find(({ event }) => event === 'opened')?.first";
        assert_eq!(browser.until(first).await?, "pill");
        let site = shop(&server, MEASURED, "", &prompts, CLOCK).await?;
        buy(browser, &site).await?;
        assert_eq!(browser.until(first).await?, "card");
        Ok(())
    });
}

#[test]
fn programs_are_not_asked_unless_the_shop_says_so() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let prompts = json!([prompt("order", json!({ "when": { "on": "purchase" }, "quiet": {} }))]);
        let site = shop(&server, MEASURED, "", &prompts, "").await?;
        buy(browser, &site).await?;
        stays(browser, "order", "automation").await
    });
}

/// What the browser keeps, but for the test's own.
const KEPT: &str = "JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])";

#[test]
fn it_does_not_come_again_for_fourteen_days() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let prompts = json!([
            prompt("order", json!({ "when": { "on": "purchase" } })),
            prompt("care", json!({ "when": { "on": "order_status_view" } })),
        ]);
        let site = shop(&server, REMEMBERED, "", &prompts, CLOCK).await?;
        buy(browser, &site).await?;
        opens(browser, "order").await?;
        browser.until("told.some(({ event }) => event === 'shown')").await?;
        browser.run("polku.prompt.close()").await?;
        browser.until("told.some(({ event }) => event === 'closed') && localStorage.getItem('polku:1:asked')").await?;
        ahead(browser, 13 * DAY).await?;
        open(browser, &site, "/").await?;
        ahead(browser, 15_000).await?;
        open(browser, &site, "/cart").await?;
        browser.run("polku.track('order_status_view')").await?;
        stays(browser, "care", "budget").await?;
        browser.run("polku.track('purchase', { transaction_id: 'again' })").await?;
        stays(browser, "order", "dismissed").await?;
        ahead(browser, 2 * DAY).await?;
        open(browser, &site, "/").await?;
        ahead(browser, 15_000).await?;
        open(browser, &site, "/cart").await?;
        browser.run("polku.track('order_status_view')").await?;
        opens(browser, "care").await?;
        // The withdrawal takes it along.
        browser.run("polku.withdraw()").await?;
        browser.until("![...Object.keys(localStorage), ...Object.keys(sessionStorage)].some((key) => key.startsWith('polku:'))").await?;
        browser.until("!document.querySelector('[data-polku-prompt]')").await?;
        Ok(())
    });
}

#[test]
fn without_remember_nothing_is_kept_beyond_the_visit() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let prompts = after_an_order();
        let site = shop(&server, MEASURED, "", &prompts, CLOCK).await?;
        buy(browser, &site).await?;
        opens(browser, "order").await?;
        browser.until("told.some(({ event }) => event === 'shown')").await?;
        ensure!(
            browser.value("!localStorage.getItem('polku:1:asked') && !!sessionStorage.getItem('polku:1:ask')").await?
                == true
        );
        // Once a visit, on whatever page …
        open(browser, &site, "/cart").await?;
        browser.run("polku.track('purchase', { transaction_id: 'again' })").await?;
        stays(browser, "order", "session").await?;
        // … and in whatever tab.
        let one = browser.window().await?;
        let other = browser.open_window(&site.at("/cart")).await?;
        browser.until("document.querySelector('[data-polku-status]')").await?;
        browser.run("polku.track('purchase', { transaction_id: 'and again' })").await?;
        stays(browser, "order", "session").await?;
        browser.close(&other).await?;
        browser.to(&one).await
    });
}

#[test]
fn the_steps_of_the_visit_go_along_where_the_shopper_ticks_that() {
    browser::with(async |browser| {
        let prompts = json!([prompt("order", json!({ "when": { "on": "purchase" } }))]);
        for (consent, offered) in [("", true), ("polku('consent', { measure: false });\n", false)] {
            let server = Server::start()?;
            let site = shop(&server, consent, r#"data-mode="feedback""#, &prompts, "").await?;
            open(browser, &site, "/thanks").await?;
            browser.run("polku.track('view_item', { items: [{ item_id: 'SKU-1' }] })").await?;
            browser.run(BUY).await?;
            opens(browser, "order").await?;
            browser.click(&format!("{CARD} [value='9']")).await?;
            browser.click(&format!("{CARD} [data-do=why]")).await?;
            let box_is = async |expression: &str| browser.value(&format!("{FOUND}.shadowRoot.{expression}")).await;
            let tick = "querySelector('[data-along]')";
            assert_eq!(box_is(&format!("{tick}.checkVisibility()")).await?, offered);
            assert_eq!(box_is(&format!("{tick}.checked")).await?, false);
            let shown = "JSON.parse(querySelector('pre').textContent).path ?? 0";
            let shown = shown.replace("querySelector", &format!("{FOUND}.shadowRoot.querySelector"));
            assert_eq!(browser.value(&shown).await?, 0);
            if offered {
                browser.run(&format!("{FOUND}.shadowRoot.{tick}.focus()")).await?;
                browser.press(" ").await?;
                assert_eq!(browser.value(&shown).await?, json!(["page_view", "view_item", "purchase"]));
                assert_eq!(box_is("activeElement.dataset.along").await?, "", "the focus stays where it is");
                browser.shot("prompt-steps").await?;
            }
            browser.click(&format!("{CARD} [data-do=send]")).await?;
            browser.until("told.some(({ event }) => event === 'answered')").await?;
            browser.run("return polku.flush()").await?;
            let answers = server.has("prompt_answer").await?;
            let path = &answers.last().context("an answer")?["data"]["path"];
            assert_eq!(*path, if offered { json!(["page_view", "view_item", "purchase"]) } else { Value::Null });
            browser.run("document.cookie = 'polku_quiet=; path=/; max-age=0'").await?;
        }
        Ok(())
    });
}

#[test]
fn a_link_of_a_mail_opens_it_with_nothing_stored() {
    browser::with(async |browser| {
        browser.before_each_page(include_str!("../pages/access.js")).await?;
        let server = Server::start()?;
        let prompts = json!([prompt("delivery", json!({})), prompt("order", json!({ "when": { "on": "purchase" } }))]);
        let site = shop(&server, "", r#"data-mode="feedback""#, &prompts, "").await?;
        open(browser, &site, "/?polku_prompt=delivery&polku_touch=mail").await?;
        assert_eq!(opens(browser, "delivery").await?, "link");
        browser.until("told.some(({ event }) => event === 'shown')").await?;
        assert_eq!(browser.value(KEPT).await?, "[{},{},\"\"]");
        let access = browser
            .value("access.filter((one) => /torage|indexedDB|caches|window.name|cookie set/i.test(one))")
            .await?;
        assert_eq!(access, json!([]));
        assert_eq!(browser.value("told.map(({ event }) => event)").await?, json!(["opened", "shown"]));
        // Nothing but an answer leaves, and the link's words do not.
        browser.run("polku.prompt.close()").await?;
        browser.until("told.some(({ event }) => event === 'closed')").await?;
        assert_eq!(server.count("events")?, 0);
        // Who loads the page again has seen it; an unknown one is dropped.
        browser.reload().await?;
        browser.until("document.querySelector('[data-polku-status]')").await?;
        browser.run("polku.prompt.open('order')").await?;
        opens(browser, "order").await?;
        ensure!(browser.value("told.every((one) => one.prompt === 'order')").await? == true);
        browser.run("document.cookie = 'polku_quiet=; path=/; max-age=0'").await?;
        open(browser, &site, "/?polku_prompt=%3Cscript%3E").await?;
        browser.run("polku.prompt.open('order')").await?;
        opens(browser, "order").await?;
        ensure!(browser.value("told.every((one) => one.prompt === 'order')").await? == true);
        Ok(())
    });
}

#[test]
fn a_link_opens_nothing_before_measure_in_strict_mode() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let prompts = json!([prompt("delivery", json!({}))]);
        let site = shop(&server, "", "", &prompts, "").await?;
        browser.open(&site.at("/?polku_prompt=delivery")).await?;
        browser.until("polku.version && performance.now() > 3000").await?;
        ensure!(
            browser.value("!seen.requests.some((url) => /asked.json|\\/ask-|part-prompts/.test(url))").await? == true,
            "prompts were fetched"
        );
        ensure!(browser.value("!document.querySelector('[data-polku-status],[data-polku-prompt]')").await? == true);
        browser.run("polku.consent({ measure: true })").await?;
        assert_eq!(opens(browser, "delivery").await?, "link");
        browser.run("return polku.flush()").await?;
        let events = server.has("prompt_shown").await?;
        ensure!(!json!(events).to_string().contains("polku_prompt"), "the link's words left: {events:?}");
        ensure!(browser.value("seen.requests.every((url) => !url.includes('polku_prompt'))").await? == true);
        Ok(())
    });
}

#[test]
fn the_shops_own_button_opens_it() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let button = "[data-polku-id=buy]";
        let prompts = json!([
            prompt("voice", json!({ "ui": { "launcher": button } })),
            prompt("late", json!({ "when": { "on": "view_item" } })),
        ]);
        let site = shop(&server, MEASURED, "", &prompts, CLOCK).await?;
        open_late(browser, &site, "/cart").await?;
        let expanded = format!("document.querySelector('{button}').getAttribute('aria-expanded')");
        browser.until(&format!("{expanded} === 'false'")).await?;
        browser.click("#inside").await?;
        assert_eq!(opens(browser, "voice").await?, "launcher");
        browser.until(&format!("{expanded} === 'true'")).await?;
        // Who has opened one is not asked by another on that page.
        browser.run("polku.prompt.close()").await?;
        browser.until(&format!("{expanded} === 'false' && !document.querySelector('[data-polku-prompt]')")).await?;
        browser.run("polku.track('view_item')").await?;
        stays(browser, "late", "launcher").await?;
        browser.run("polku.destroy()").await?;
        ensure!(browser.value(&format!("{expanded} === null")).await? == true, "the button is as it was");
        Ok(())
    });
}

#[test]
fn what_looks_at_the_page_for_prompts_leaves_it() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let any = json!({ "any": [{ "on": "exit_intent" }, { "on": "inactivity", "seconds": 60 }, { "on": "scroll", "percent": 90 }, { "on": "visible", "selector": "h1" }] });
        let prompts = json!([prompt("any", json!({ "when": any, "ui": { "launcher": "#dead" } }))]);
        let site = shop(&server, MEASURED, "", &prompts, "window.before = seen.listening();").await?;
        open(browser, &site, "/").await?;
        browser.until("seen.listening().some((one) => one === 'HTML pointerleave')").await?;
        browser.run("polku.destroy()").await?;
        assert_eq!(browser.value("seen.listening()").await?, browser.value("before").await?);
        Ok(())
    });
}

#[test]
fn what_cannot_open_is_told_to_the_developer() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let prompts = json!([prompt("order", json!({ "when": { "on": "full_moon" } })), { "v": 1 }]);
        let site = shop(&server, MEASURED, "", &prompts, "").await?;
        open(browser, &site, "/").await?;
        // On a developer's own host what is wrong with definitions is said in full.
        browser.until("seen.told().some((one) => one.includes('E241 order when.on'))").await?;
        browser.until("seen.told().some((one) => one.includes('E220 data-prompts'))").await?;
        Ok(())
    });
}

#[test]
fn it_goes_on_where_it_was_on_the_next_page() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let prompts = after_an_order();
        let site = shop(&server, MEASURED, "", &prompts, "").await?;
        buy(browser, &site).await?;
        opens(browser, "order").await?;
        browser.until("told.some(({ event }) => event === 'shown')").await?;
        browser.click(&format!("{CARD} [value='3']")).await?;
        browser.click(&format!("{CARD} [data-do=send]")).await?;
        browser.write(&format!("{CARD} textarea"), "Call 040 123 4567").await?;
        browser.until("told.some(({ event }) => event === 'answered')").await?;
        // What was being written is kept as it would leave.
        open(browser, &site, "/next").await?;
        browser.find(CARD).await?;
        let stands = format!(
            "(({{ shadowRoot: root }}) => [root.querySelector('h2').textContent, root.querySelector('textarea').value, root.querySelector('.log').textContent])({})",
            FOUND
        );
        assert_eq!(browser.value(&stands).await?, json!(["Why?", "Call [phone]", "Question of order?You: 3 / 10"]));
        assert_eq!(browser.value("document.querySelector('[data-polku-status]').textContent").await?, "");
        // It is seen again, and is no news: neither announced to the page nor counted, and the focus stays.
        let since = browser.value("performance.now()").await?.as_f64().unwrap_or_default();
        browser.until(&format!("performance.now() > {since} + 1500")).await?;
        assert_eq!(browser.value("told").await?, json!([]));
        ensure!(browser.value("document.activeElement === document.body").await? == true, "the focus is not taken");
        browser.click(&format!("{CARD} [data-do=send]")).await?;
        browser
            .until("told.some(({ event }) => event === 'closed') && !sessionStorage.getItem('polku:1:prompt')")
            .await?;
        browser.run("return polku.flush()").await?;
        let events = server.has("prompt_closed").await?;
        assert_eq!(crate::server::count(&events, "prompt_shown"), 1);
        assert_eq!(crate::server::count(&events, "prompt_answer"), 2);
        let sub = &crate::server::first(&events, "prompt_shown")?["data"]["sub"];
        for name in ["prompt_answer", "prompt_closed"] {
            assert_eq!(&crate::server::first(&events, name)?["data"]["sub"], sub);
        }
        Ok(())
    });
}

#[test]
fn what_is_kept_of_prompts_is_what_the_table_says() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let prompts = after_an_order();
        for (consent, states) in [(MEASURED, &["measure"][..]), (REMEMBERED, &["measure", "remember"][..])] {
            let site = shop(&server, consent, "", &prompts, "").await?;
            buy(browser, &site).await?;
            opens(browser, "order").await?;
            browser.until("told.some(({ event }) => event === 'shown')").await?;
            open(browser, &site, "/next").await?;
            for area in ["localStorage", "sessionStorage"] {
                let keys = browser.value(&format!("Object.keys({area})")).await?;
                let keys: Vec<&str> = keys.as_array().into_iter().flatten().map(text).collect();
                for key in &keys {
                    ensure!(crate::leaves_table::may_be_stored(area, key, states), "{key} in {area} with {states:?}");
                }
                let mine = if area == "localStorage" {
                    states.contains(&"remember").then_some("polku:1:asked")
                } else {
                    Some("polku:1:ask")
                };
                ensure!(mine.is_none_or(|mine| keys.contains(&mine)), "{mine:?} is not in {area}: {keys:?}");
            }
        }
        Ok(())
    });
}

#[test]
fn our_own_launcher_is_a_pill_that_nobody_is_told_of() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let say = json!({ "ui": { "launcher": true, "launcherText": { "en": "Say something" } } });
        let prompts = json!([prompt("say", say)]);
        let site = shop(&server, MEASURED, "", &prompts, "").await?;
        open(browser, &site, "/").await?;
        let pill = "[data-polku-prompt] >>> .pill [data-do=open]";
        // A driver reads nothing off it before it has faded in.
        browser.find(pill).await?;
        browser
            .until(&format!("{FOUND}.shadowRoot.getAnimations().every(({{ playState }}) => playState === 'finished')"))
            .await?;
        assert_eq!(browser.find(pill).await?.text().await?, "Say something");
        let since = browser.value("performance.now()").await?.as_f64().unwrap_or_default();
        browser.until(&format!("performance.now() > {since} + 1500")).await?;
        assert_eq!(browser.value("told").await?, json!([]), "a button is not a prompt that was shown");
        assert_eq!(browser.value("document.querySelector('[data-polku-status]').textContent").await?, "");
        browser.click(pill).await?;
        assert_eq!(browser.value(&format!("{FOUND}.shadowRoot.activeElement.id")).await?, "q");
        browser.click(&format!("{CARD} [value='9']")).await?;
        browser.click(&format!("{CARD} [data-do=send]")).await?;
        browser.until("told.some(({ event }) => event === 'answered')").await?;
        browser.run("return polku.flush()").await?;
        let events = server.has("prompt_answer").await?;
        assert_eq!(text(&crate::server::first(&events, "prompt_shown")?["data"]["trigger"]), "launcher");
        Ok(())
    });
}

#[test]
fn a_place_of_the_shops_own_takes_it_in() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let when = json!({ "when": { "on": "purchase" }, "ui": { "layout": "inline", "inline": "#place" } });
        let prompts = json!([prompt("order", when)]);
        let place = "addEventListener('DOMContentLoaded', () => document.body.append(Object.assign(document.createElement('section'), { id: 'place' })));";
        let site = shop(&server, MEASURED, "", &prompts, place).await?;
        buy(browser, &site).await?;
        opens(browser, "order").await?;
        let place = format!(
            "[{FOUND}.parentElement.localName, getComputedStyle({FOUND}).position, {FOUND}.matches(':popover-open')]"
        );
        assert_eq!(browser.value(&place).await?, json!(["section", "static", false]));
        Ok(())
    });
}

#[test]
fn what_was_answered_can_be_forgotten() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let prompts = after_an_order();
        let site = shop(&server, MEASURED, "", &prompts, "").await?;
        buy(browser, &site).await?;
        opens(browser, "order").await?;
        let why = format!("{CARD} [data-do=why]");
        let forget = format!("{CARD} [data-do=forget]");
        browser.click(&why).await?;
        assert_eq!(
            browser.value(&format!("!!{FOUND}.shadowRoot.querySelector('[data-do=forget]')")).await?,
            false,
            "nothing was sent"
        );
        browser.click(&format!("{CARD} [value='9']")).await?;
        browser.click(&format!("{CARD} [data-do=send]")).await?;
        browser.until("told.some(({ event }) => event === 'answered')").await?;
        browser.until(&format!("{FOUND}.shadowRoot.querySelector('textarea')")).await?;
        browser.click(&forget).await?;
        browser.until("told.some(({ event }) => event === 'forgotten')").await?;
        browser.run("return polku.flush()").await?;
        let events = server.has("prompt_answer").await?;
        let answers: Vec<_> =
            events.iter().filter(|event| event["name"] == "prompt_answer").map(|event| &event["data"]).collect();
        let newest = answers
            .iter()
            .max_by_key(|data| data["rev"].as_u64())
            .map(|data| (&data["step"], &data["rev"], &data["skipped"]));
        assert_eq!(newest, Some((&json!("q"), &json!(2), &json!(true))), "{answers:?}");
        Ok(())
    });
}
