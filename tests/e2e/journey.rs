//! The journey as a whole, in a browser: frameworks, what the shop tries out, and the summary that leaves as the page is hidden.

use anyhow::{Result, ensure};
use serde_json::{Value, json};

use crate::browser::{self, Browser};
use crate::server::Server;
use crate::site::{Page, Site, tag};

const GRANTED: &str =
    "(window.polku = window.polku || function () { (polku.q = polku.q || []).push([performance.now(), ...arguments]) })
    ('consent', { measure: true, since: 'earlier' });
    window.told = []; console.warn = (text) => told.push(text);";

const OWN: &str = r#"{"v":1,"id":"own","stages":["find","buy"],"rules":[{"on":"page_view","when":"landing","enter":"find"},
    {"on":"view_item","enter":"buy"}],"targets":{"buy":["value"]}}"#;

async fn open(browser: &Browser, more: &str) -> Result<(Server, Site)> {
    let server = Server::start()?;
    let tag = tag(&server.origin, &server.collector(), more);
    let site = Site::start(Page::new(tag).before(GRANTED)).await?;
    site.file("/own.json", 200, "application/json", OWN);
    site.file("/wrong.json", 200, "application/json", &OWN.replace("view_item", "view_itm"));
    browser.open(&site.at("/")).await?;
    Ok((server, site))
}

async fn stage_is(browser: &Browser, stage: &str) -> Result<()> {
    browser.until(&format!("document.documentElement.dataset.polkuStage === '{stage}'")).await?;
    Ok(())
}

#[test]
fn six_elements_are_there_before_the_first_view() {
    browser::with(async |browser| {
        let (server, _site) = open(browser, r#"data-framework="six-elements""#).await?;
        stage_is(browser, "accessibility").await?;
        browser.run("polku.track('view_cart'); polku.flush()").await?;
        let events = server.has("view_cart").await?;
        ensure!(events.iter().all(|event| event["stage"] != "awareness"), "{events:?}");
        stage_is(browser, "purchase").await
    });
}

#[test]
fn a_shops_own_framework_variants_and_the_summary_arrive() {
    browser::with(async |browser| {
        let (server, site) = open(browser, r#"data-framework="/own.json""#).await?;
        stage_is(browser, "find").await?;
        browser.run("polku.variant('buy-button', 'green'); polku.track('view_item')").await?;
        stage_is(browser, "buy").await?;
        browser.open(&site.at("/?next")).await?;
        let events = server.has("journey_summary").await?;
        let told: &Value = &events.iter().find(|event| event["name"] == "journey_summary").expect("one")["data"];
        assert_eq!(told["variant"], json!({"buy-button": "green"}));
        assert_eq!((&told["framework"], &told["targets"]), (&json!("own"), &json!({"buy": ["value"]})));
        assert_eq!(told["furthest"], "buy");
        Ok(())
    });
}

#[test]
fn a_wrong_framework_is_named_with_its_place_and_nothing_starts() {
    browser::with(async |browser| {
        let (_server, _site) = open(browser, r#"data-framework="/wrong.json""#).await?;
        browser.until("told.length").await?;
        let told = browser.value("told[0]").await?;
        let told = told.as_str().unwrap_or_default();
        ensure!(told.starts_with("polku E111 data-framework rules[1].on: "), "{told}");
        assert_eq!(browser.value("polku.journey()").await?, Value::Null);
        Ok(())
    });
}
