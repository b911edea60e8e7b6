//! The map itself: its filter, its curve and targets, what stands behind a cell, the gap, the switch of outcomes; and what somebody sees who came by
//! a link.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::Done;
use crate::axe::judge;
use crate::browser::{self, Browser};
use crate::map_views::{at, planted, planted_in, room, scheme, whole, words};
use crate::server::{Server, text};

const PASSWORD: &str = "nobody-guesses-this-one";

async fn map(browser: &Browser, server: &Server, lang: &str, query: &str) -> Done {
    browser.open("about:blank").await?;
    browser.open(&format!("{}/map/?lang={lang}#/map{query}", server.origin)).await?;
    drawn(browser).await
}

async fn drawn(browser: &Browser) -> Done {
    browser.until("document.querySelector('#content').checkVisibility() && !!document.querySelector('#map :is(table, .cards)')").await?;
    Ok(())
}

/// What the shop states, from its own page.
async fn state(browser: &Browser, statements: &Value) -> Result<Value> {
    browser.run(&format!("return fetch('/api/statements', {{ method: 'PUT', headers: {{ 'content-type': 'application/json', 'if-match': '\"0\"' }}, body: {:?} }}).then((answer) => answer.status)", statements.to_string())).await
}

fn statements() -> Value {
    json!({"beliefs":[{"stage":"consideration","emotion":"satisfied"},{"stage":"decision","emotion":"satisfied","note":"fast checkout"}],
        "targets":[{"stage":"decision","kpi":"conversion","target":90},{"stage":"consideration","kpi":"csat","target":50},{"stage":"decision","kpi":"frustrated","target":5}]})
}

#[test]
fn the_map_is_narrowed_down_stands_beside_targets_and_opens() {
    browser::with(async |browser| {
        let server = planted().await?;
        room(browser, 1440, 900).await?;
        map(browser, &server, "en", "").await?;
        ensure!(state(browser, &statements()).await? == 200);
        let journeys = "document.querySelector('#totals strong').innerText";
        browser.until("document.querySelectorAll('#map .verdict').length >= 3").await?;
        let verdicts = browser
            .value("[...document.querySelectorAll('#map .map .verdict')].map((one) => one.innerText).join(' | ')")
            .await?;
        ensure!(
            text(&verdicts).contains("Behind · target 90%") && text(&verdicts).contains("On target · target 50%"),
            "{verdicts}"
        );
        // The decision is where it hurts: the lowest point of the curve, in red.
        let points = browser.value("[...document.querySelectorAll('.mood-curve g')].map((one) => [one.querySelector('title').textContent, one.querySelector('.dot').classList.contains('bad'), Number(one.querySelector('.dot').getAttribute('cy'))])").await?;
        let lowest = points
            .as_array()
            .context("points")?
            .iter()
            .max_by(|a, b| a[2].as_f64().unwrap_or_default().total_cmp(&b[2].as_f64().unwrap_or_default()))
            .context("a point")?;
        ensure!(text(&lowest[0]).starts_with("Decision") && lowest[1] == true, "{points}");
        // By the bar, into the address, to the list as well.
        browser.run("const door = document.querySelector('#bar select[name=door]'); door.focus(); door.value = 'mail'; door.dispatchEvent(new Event('change'))").await?;
        browser.until(&format!("{journeys} === '128'")).await?;
        ensure!(browser.address().await?.ends_with("#/map?door=mail"), "{}", browser.address().await?);
        ensure!(browser.value("document.activeElement.name").await? == "door", "the keys stay where they were");
        ensure!(server.api("/api/map?door=mail").await?["totals"]["journeys"] == 128);
        browser.until("document.querySelectorAll('#list .journey').length === 50").await?;
        browser.click("#more").await?;
        browser.until("document.querySelectorAll('#list .journey').length === 100").await?;
        // A cell leads to what is behind it, and back with the filter.
        browser.click("#map a[data-f=cell-decision-tech]").await?;
        browser.until("document.querySelector('#view h2')?.innerText === 'Decision: Technology'").await?;
        let said = words(browser).await?;
        ensure!(said.contains("Payment declined") && said.contains("Form error"), "{said}");
        browser.click("#view .examples a").await?;
        browser.until("document.querySelectorAll('#view .events tbody tr').length > 0").await?;
        browser.back().await?;
        browser.until("document.querySelector('#view .back a')").await?;
        browser.click("#view .back a").await?;
        browser.until(&format!("document.querySelector('#content').checkVisibility() && {journeys} === '128'")).await?;
        // Somebody else opens the link; nothing is like that: said, with a way out.
        map(browser, &server, "fi", "?variant=button%3Dgreen").await?;
        ensure!(browser.value(journeys).await? == "320");
        browser.open("about:blank").await?;
        browser.open(&format!("{}/map/?lang=en#/map?door=pigeon", server.origin)).await?;
        browser.until("document.querySelector('#map .nothing')").await?;
        browser.click("#map .nothing a").await?;
        browser.until(&format!("{journeys} === '640'")).await?;
        Ok(())
    });
}

#[test]
fn the_map_is_for_everyone_at_every_width() {
    browser::with(async |browser| {
        let server = planted().await?;
        for (lang, look) in [("en", "light"), ("fi", "dark")] {
            scheme(browser, look).await?;
            room(browser, 1440, 900).await?;
            map(browser, &server, lang, "").await?;
            if lang == "en" {
                ensure!(state(browser, &statements()).await? == 200);
                browser.until("document.querySelectorAll('#map .verdict').length >= 3").await?;
            }
            judge(browser, "html", 15, &format!("the map {lang} {look}")).await?;
            whole(browser, 1440, &format!("map-whole-{lang}-{look}-1440")).await?;
            for width in [1440, 1024, 760, 390, 320] {
                room(browser, width, 900).await?;
                browser
                    .until(
                        "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))",
                    )
                    .await?;
                let wide = browser.value("document.documentElement.scrollWidth <= innerWidth || [...document.querySelectorAll('body *')].filter((one) => one.getBoundingClientRect().right > innerWidth + 1).slice(0, 4).map((one) => one.outerHTML.slice(0, 120)).join()").await?;
                ensure!(wide == true, "{lang} is wider than {width}: {wide}");
            }
            room(browser, 390, 844).await?;
            browser.until("!!document.querySelector('#map .cards')").await?;
            judge(browser, "#content", 5, &format!("the map {lang} {look} on a phone")).await?;
            whole(browser, 390, &format!("map-whole-{lang}-{look}-390")).await?;
        }
        Ok(())
    });
}

#[test]
fn what_is_believed_stands_beside_what_was() {
    browser::with(async |browser| {
        let server = planted().await?;
        room(browser, 1440, 900).await?;
        at(browser, &server, "en", "#/gap").await?;
        ensure!(words(browser).await?.contains("You have not said what you believe"));
        ensure!(
            browser.value("document.querySelector('#view .nothing a').getAttribute('href')").await? == "#/goals",
            "it leads to where that is stated"
        );
        ensure!(state(browser, &statements()).await? == 200);
        browser.until("!!document.querySelector('#c-believed')").await?;
        let row = browser.value("[...document.querySelectorAll('#c-believed tbody tr')].at(-1).innerText.replace(/[\\s\\u00a0]+/g, ' ')").await?;
        ensure!(text(&row).starts_with("Decision Satisfied fast checkout"), "{row}");
        let truth = server.api("/api/gap").await?;
        let said = truth["stages"][2]["said_so"]["percent"].as_f64().context("said")?;
        ensure!(said < 50.0 && text(&row).contains(&format!("{}%", said.round())), "{row} {said}");
        // Who came by mail got what was promised, the others did not.
        ensure!(browser.value("!!document.querySelector('#c-promise-door .dot.good') && !!document.querySelector('#c-promise-door .gap-better')").await? == true);
        ensure!(words(browser).await?.contains("Friend or family"));
        // The outcome is switched, and stands in the address.
        at(browser, &server, "en", "#/friction").await?;
        browser.click("#view a[data-f=outcome-csat]").await?;
        browser
            .until("document.querySelector('#view [data-f=outcome-csat]')?.getAttribute('aria-current') === 'true'")
            .await?;
        ensure!(browser.address().await?.ends_with("#/friction?outcome=csat"));
        let said = words(browser).await?;
        ensure!(
            said.contains("Satisfied with it")
                && !said.contains("Orders lost")
                && said.contains("Whoever did not answer is not counted"),
            "{said}"
        );
        at(browser, &server, "fi", "#/compare?by=door&outcome=return").await?;
        let said = words(browser).await?;
        ensure!(said.contains("Tuli uudelleen") && said.contains("katsoo taaksepäin"), "{said}");
        Ok(())
    });
}

#[test]
fn a_link_shows_one_view_to_somebody_outside() {
    browser::with(async |browser| {
        let server = planted_in(Server::start_set(&[("POLKU_PASSWORD", PASSWORD)])?).await?;
        room(browser, 1440, 900).await?;
        browser.open(&format!("{}/login", server.origin)).await?;
        browser.write("input[type=password]", PASSWORD).await?;
        browser.press("\u{e007}").await?;
        browser.until("!!document.querySelector('#map table')").await?;
        ensure!(browser.value("document.querySelector('#logout').checkVisibility()").await? == true);
        ensure!(state(browser, &statements()).await? == 200);
        let mut links = Vec::new();
        for (view, button) in [
            ("#/map", "share-map"),
            ("#/paths?door=search", "share-paths"),
            ("#/gap", "share-gap"),
            ("#/compare?by=door", "share-compare"),
            ("#/voice", "share-voice"),
            ("#/friction", "share-friction"),
            ("#/products", "share-products"),
            ("#/map?", "share-prompts"),
        ] {
            browser.run(&format!("location.hash = '{view}'")).await?;
            browser.until(&format!("document.querySelector('[data-f={button}]')?.checkVisibility() === true")).await?;
            browser.click(&format!("[data-f={button}]")).await?;
            browser.until("document.querySelector('#sharing').open").await?;
            if links.is_empty() {
                judge(browser, "#sharing", 3, "the dialog").await?;
            }
            browser.click("#sharing [type=submit]").await?;
            browser.until("document.querySelector('#sharing .made input')?.value.includes('/share/')").await?;
            links.push((
                view,
                text(&browser.value("document.querySelector('#sharing .made input').value").await?).to_owned(),
            ));
            browser.run("document.querySelector('#sharing').close()").await?;
        }
        browser.cdp("Network.clearBrowserCookies", json!({})).await?;
        for (view, link) in links {
            browser.open("about:blank").await?;
            browser.open(&link).await?;
            let there = match view {
                "#/map" => "!!document.querySelector('#map table')",
                "#/map?" => "!!document.querySelector('#prompts .asked')?.checkVisibility()",
                _ => "!!document.querySelector('#view .chart')",
            };
            browser.until(there).await?;
            ensure!(text(&browser.value("document.querySelector('#notice').innerText").await?).contains('.'), "{view}");
            let shown = "['#journeys', '#prompts', '.filterbar', '#views a', '.tools > a', '.share-view', '.behind', '#alarm'].filter((one) => document.querySelector(one)?.checkVisibility())";
            let shown = browser.value(shown).await?;
            let asked = if view == "#/map?" { json!(["#prompts"]) } else { json!([]) };
            ensure!(shown == asked, "{view} shows {shown}");
            ensure!(
                !text(&browser.value("document.body.innerText").await?).contains("Maksu ei mennyt"),
                "{view} tells a shopper's words"
            );
            judge(browser, "html", 5, &format!("{view}, shared")).await?;
            whole(
                browser,
                1440,
                &format!("map-shared-{}-1440", view.trim_start_matches("#/").split('?').next().unwrap_or_default()),
            )
            .await?;
        }
        Ok(())
    });
}
