//! Subresource integrity: the tag names what the loader must be.

use anyhow::{Context, Result, ensure};
use serde_json::json;

use super::visit::works;
use crate::browser;
use crate::server::{Server, text};
use crate::site::{MEASURED, Page, STUB, Site};

/// The tag with the loader of this version, whose bytes it names; and the rest of the package by the same manifest, for an import map.
async fn strict_tag(server: &Server, more: &str) -> Result<(String, String)> {
    let manifest = server.api("/polku/manifest.json").await?;
    let name = format!("polku-{}.js", text(&manifest["version"]));
    let files = manifest["files"].as_object().context("a manifest without files")?;
    let integrity = text(&files[&name]["integrity"]);
    ensure!(integrity.starts_with("sha"), "{name} has no integrity: {integrity}");
    let (origin, collector) = (&server.origin, server.collector());
    let tag = format!(
        r#"<script async src="{origin}/polku/{name}" integrity="{integrity}" crossorigin="anonymous" data-key="pk_fixture" data-collector="{collector}" {more}></script>"#
    );
    let all: serde_json::Map<_, _> = files
        .iter()
        .filter(|(name, _)| name.ends_with(".js"))
        .map(|(name, file)| (format!("{origin}/polku/{name}"), file["integrity"].clone()))
        .collect();
    Ok((tag, json!({ "integrity": all }).to_string()))
}

#[test]
fn a_tag_that_names_the_loaders_bytes_loads_it() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let (tag, _) = strict_tag(&server, "").await?;
        let site = Site::start(Page::new(tag).before(STUB).before(MEASURED)).await?;
        browser.open(&site.at("/")).await?;
        browser.until("window.polku?.journey?.()").await?;
        browser.run("polku.track('view_item'); return polku.flush()").await?;
        server.has("view_item").await?;
        works(browser).await
    });
}

#[test]
fn a_loader_that_is_another_one_is_not_run() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let (tag, _) = strict_tag(&server, "").await?;
        let (before, after) = tag.split_once("integrity=\"sha").context("no integrity")?;
        let (_, after) = after.split_once('"').context("no integrity")?;
        let other = format!(r#"{before}integrity="sha384-{}"{after}"#, "A".repeat(64));
        let site = Site::start(Page::new(other).before(STUB).before(MEASURED)).await?;
        browser.open(&site.at("/")).await?;
        browser.run("polku('track', 'view_item')").await?;
        browser.until("document.readyState === 'complete'").await?;
        ensure!(browser.value("polku.version === undefined").await? == true, "the stub alone is there");
        // The browser says so at the tag: an error event of that element, which the shop sees, and nothing else.
        assert_eq!(server.count("journeys")?, 0);
        browser.follow("#next").await
    });
}

/// `Integrity-Policy` lets no script in whose bytes nobody has named; an import map names those that Polku imports.
#[test]
fn an_integrity_policy_is_kept_with_an_import_map() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let (tag, map) = strict_tag(&server, "").await?;
        let own = format!("<script>{STUB}{MEASURED}</script>");
        let page = Page::new(format!(r#"<script type="importmap">{map}</script>{own}{tag}"#));
        let site = Site::start(page.header("integrity-policy", "blocked-destinations=(script)")).await?;
        browser.open(&site.at("/")).await?;
        browser.until("window.polku?.journey?.()").await?;
        ensure!(
            browser.value("typeof seen").await? == "undefined",
            "the fixture's own script bears no integrity: the policy is in force"
        );
        browser.run("polku.track('view_item'); return polku.flush()").await?;
        server.has("view_item").await?;
        Ok(())
    });
}
