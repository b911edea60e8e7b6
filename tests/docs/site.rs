//! The documentation site in a browser, opened from its folder: no server, no network. Every page is narrow enough for a phone, axe finds nothing, the search
//! works with keys, the languages lead to each other, and the page's policy was never broken.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use serde_json::json;
use thirtyfour::Key;

use crate::Done;
use crate::axe::judge;
use crate::browser::{self, Browser};

/// Where `cargo xtask docs` has put it.
fn folder() -> Result<PathBuf> {
    let named = std::env::var_os("POLKU_DOCS").map(PathBuf::from);
    let folder =
        named.context("POLKU_DOCS does not name the site: run `cargo xtask test`, or `cargo xtask docs` and set it")?;
    ensure!(folder.join("index.html").is_file(), "{} holds no site", folder.display());
    Ok(folder)
}

fn address(page: &str) -> Result<String> {
    Ok(format!("file://{}", folder()?.join(page).display()))
}

fn pages(folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            pages(&path, found)?;
        } else if path.extension().is_some_and(|ending| ending == "html") {
            found.push(path);
        }
    }
    Ok(())
}

async fn sized(browser: &Browser, width: u32) -> Done {
    let size = json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false });
    browser.cdp("Emulation.setDeviceMetricsOverride", size).await.map(drop)
}

async fn coloured(browser: &Browser, scheme: &str) -> Done {
    let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
    browser.cdp("Emulation.setEmulatedMedia", features).await.map(drop)
}

/// A page of the site tells of every breach of its policy.
const BREACHES: &str = "window.__breaches = []; document.addEventListener('securitypolicyviolation', (event) => __breaches.push(`${event.violatedDirective} ${event.blockedURI}`));
    addEventListener('error', (event) => __breaches.push(event.message || 'a file did not load'), true);";

#[test]
fn every_page_fits_a_phone_and_keeps_its_policy() {
    browser::with(async |browser| {
        browser.before_each_page(BREACHES).await?;
        sized(browser, 390).await?;
        let mut all = Vec::new();
        pages(&folder()?, &mut all)?;
        ensure!(all.len() > 40, "only {} pages are there", all.len());
        let mut wrong = Vec::new();
        for page in all {
            browser.open(&format!("file://{}", page.display())).await?;
            let said = browser
                .value(
                    "[document.documentElement.scrollWidth <= innerWidth, __breaches, document.querySelectorAll('main h1').length, document.querySelectorAll('meta[http-equiv=Content-Security-Policy]').length,
                      getComputedStyle(document.body).margin, document.scripts.length]",
                )
                .await?;
            // Its style and its two scripts are there, or the rest says nothing.
            if said != json!([true, [], 1, 1, "0px", 2]) {
                wrong.push(format!("{}: {said}", page.display()));
            }
        }
        ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
        Ok(())
    });
}

#[test]
fn axe_has_nothing_against_it() {
    browser::with(async |browser| {
        for (page, width, scheme) in [
            ("index.html", 1440, "light"),
            ("tutorial.fi.html", 390, "dark"),
            ("tutorial.html", 1440, "dark"),
            ("attributes.html", 390, "light"),
            ("collector-api.html", 1440, "light"),
            ("privacy.fi.html", 768, "dark"),
            ("cli.html", 1440, "dark"),
        ] {
            sized(browser, width).await?;
            coloured(browser, scheme).await?;
            browser.open(&address(page)?).await?;
            judge(browser, "html", 15, &format!("{page}, {width} px, {scheme}")).await?;
            browser.shot(&format!("docs-{page}-{width}-{scheme}")).await?;
        }
        // With what was found, too.
        browser.write("#search", "consent").await?;
        browser.until("document.querySelectorAll('#results a').length").await?;
        judge(browser, "header", 5, "what was found").await
    });
}

#[test]
fn the_search_works_from_a_folder_and_with_keys() {
    browser::with(async |browser| {
        browser.before_each_page(BREACHES).await?;
        browser.open(&address("index.html")?).await?;
        browser.press("/").await?;
        browser.until("document.activeElement.id === 'search'").await?;
        // As somebody writes who does not know the word quite.
        browser.press("concent platf").await?;
        let found =
            browser.until("[...document.querySelectorAll('#results a')].map((link) => link.href).join(' ')").await?;
        ensure!(found.as_str().is_some_and(|links| links.contains("consent.html")), "{found}");
        let first = browser.value("document.querySelector('#results a').href").await?;
        browser.press(Key::Down + "").await?;
        browser.until("document.activeElement === document.querySelector('#results a')").await?;
        browser.run("window.__left = true").await?;
        browser.press(Key::Enter + "").await?;
        browser.arrive().await?;
        ensure!(browser.address().await?.as_str() == first, "{first}");

        browser.open(&address("index.fi.html")?).await?;
        browser.write("#search", "suostum").await?;
        let found =
            browser.until("[...document.querySelectorAll('#results a')].map((link) => link.href).join(' ')").await?;
        ensure!(found.as_str().is_some_and(|links| links.contains("howto-embed.fi.html")), "{found}");
        browser.press(Key::Escape + "").await?;
        browser.until("document.querySelector('#results').hidden").await?;
        browser.write("#search", "xyzzyqwv").await?;
        browser.until("document.querySelector('#found').textContent === 'Ei osumia'").await?;
        ensure!(browser.value("__breaches").await? == json!([]));
        Ok(())
    });
}

#[test]
fn languages_and_pages_lead_to_each_other() {
    browser::with(async |browser| {
        browser.open(&address("tutorial.html")?).await?;
        browser.follow(".languages a[lang=fi]").await?;
        ensure!(
            browser.value("document.documentElement.lang + document.querySelector('h1').textContent").await?
                == "fiKymmenessä minuutissa kartalle"
        );
        browser.follow("a[rel=next]").await?;
        ensure!(browser.value("document.querySelector('h1').textContent").await? == "Polku kaupan sivuille");
        browser.follow("a[rel=prev]").await?;
        // By keys: the first stop leads past all that is the same on each page.
        browser.press(Key::Tab + "").await?;
        browser.press(Key::Enter + "").await?;
        browser.until("location.hash === '#content'").await?;
        // A page that is not there in Finnish is offered in English, and says so to whoever reads it out.
        let foreign = browser.value("document.querySelector('nav.pages a[href=\"cli.html\"]').lang").await?;
        ensure!(foreign == "en", "{foreign}");
        Ok(())
    });
}

#[test]
fn a_printed_page_is_its_text_alone() {
    browser::with(async |browser| {
        browser.open(&address("tutorial.html")?).await?;
        browser.cdp("Emulation.setEmulatedMedia", json!({ "media": "print" })).await?;
        ensure!(
            browser
                .value("[...document.querySelectorAll('header, nav')].some((part) => part.checkVisibility())")
                .await?
                == false
        );
        ensure!(browser.value("document.querySelector('main pre').checkVisibility()").await? == true);
        Ok(())
    });
}
