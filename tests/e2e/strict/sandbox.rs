//! Frames without an origin: what they may not touch throws.

use anyhow::ensure;
use serde_json::json;

use super::visit::{Runs, Visit};
use crate::Done;
use crate::browser::{self, Browser};
use crate::server::{count, first};
use crate::site::Page;

/// A page that holds the shop in a frame.
async fn framed(browser: &Browser, visit: &Visit, allowed: &str) -> Done {
    let frame = format!(r#"<iframe sandbox="{allowed}" src="/next" width="1000" height="700"></iframe>"#);
    visit.site.page("/frame", Page::default().body(&frame));
    browser.open(&visit.site.at("/frame")).await?;
    browser.enter_frame().await
}

#[test]
fn a_sandboxed_frame_is_measured_without_storage() {
    for (more, runs) in [("", Runs::Wasm), (r#"data-engine="js""#, Runs::JavaScript)] {
        browser::with(async |browser| {
            let visit = Visit::new(more, |page, _| page).await?;
            framed(browser, &visit, "allow-scripts").await?;
            browser.until("window.polku?.journey?.()").await?;
            ensure!(browser.value("origin").await? == "null", "it has no origin");
            browser.until("seen.listeners.some(({ type }) => type === 'wheel')").await?;
            browser.hammer("#dead", 6).await?;
            browser.run("polku.track('view_item'); history.pushState(null, '', '#a'); return polku.flush()").await?;
            let events = visit.server.settles("what happened", |events| count(events, "view_item") > 0).await?;
            assert_eq!(first(&events, "page_view")?["page"], "/next");
            runs.is(browser).await?;
            assert_eq!(browser.value("seen.errors").await?, json!([]), "errors on the shop's page");
            let told = browser.value("seen.told().map((one) => one.slice(0, 10))").await?;
            assert_eq!(told, json!(["polku E402"]), "that there is no storage, and nothing else");
            // What is taken back is taken back here as well.
            browser.run("polku.withdraw()").await?;
            visit.server.settles("nothing any more", |events| events.is_empty()).await?;
            Ok(())
        });
    }
}

#[test]
fn a_frame_without_scripts_is_left_alone() {
    browser::with(async |browser| {
        let visit = Visit::new("", |page, _| page).await?;
        framed(browser, &visit, "").await?;
        browser.find("#next").await?;
        assert_eq!(visit.server.count("journeys")?, 0);
        Ok(())
    });
}
