//! The default questions on a shop's page: switched on with one attribute, in the page's language and in the shop's name.

use anyhow::{Result, ensure};

use crate::Done;
use crate::browser::{self, Browser};
use crate::server::{Server, text};
use crate::site::{Page, Site, tag};

async fn page(browser: &Browser, server: &Server, lang: &str, attributes: &str) -> Result<Site> {
    let attributes = format!("data-consent=\"api\" data-questions=\"default\" {attributes}");
    let page = Page::new(tag(&server.origin, &server.collector(), &attributes))
        .before(&format!("document.documentElement.lang = {lang:?};"));
    let site = Site::start(page).await?;
    browser.open(&site.at("/")).await?;
    browser.until("window.polku?.consent").await?;
    browser.run("polku.consent({ measure: true })").await?;
    Ok(site)
}

/// Asks for a prompt, as often as it takes: before the definitions are there nobody knows it.
async fn ask(browser: &Browser, id: &str, expected: &str) -> Done {
    let expected = serde_json::to_string(expected)?;
    browser
        .until(&format!(
            "(polku.prompt.open({id:?}), document.querySelector('[data-polku-prompt]')?.shadowRoot.querySelector('h2')?.textContent.trim() === {expected})"
        ))
        .await?;
    Ok(())
}

#[test]
fn they_are_asked_in_the_language_of_the_page_and_in_the_shops_name() {
    browser::with(async |browser| {
        let server = Server::start()?;
        for (lang, name, expected) in [
            (
                "fi",
                "data-shop-name=\"Kahvi Kulma\"",
                "Kuinka todennäköisesti suosittelisit Kahvi Kulma -verkkokauppaa ystävällesi tai työkaverillesi?",
            ),
            ("fi-FI", "", "Kuinka todennäköisesti suosittelisit meitä ystävällesi tai työkaverillesi?"),
            (
                "no",
                "data-shop-name=\"Kulma\"",
                "Hvor sannsynlig er det at du vil anbefale Kulma til venner eller familie?",
            ),
            (
                "pl",
                "data-shop-name=\"Kulma\"",
                "How likely is it that you would recommend Kulma to a friend or colleague?",
            ),
        ] {
            let _site = page(browser, &server, lang, name).await?;
            ask(browser, "nps", expected).await.map_err(|why| why.context(lang))?;
        }
        Ok(())
    });
}

#[test]
fn help_leads_where_the_shop_says_it_does() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let _site = page(browser, &server, "en", "data-help-mail=\"help@shop.example\"").await?;
        ask(browser, "help", "Need a hand? Contact customer service or try another payment method.").await?;
        let links = "[...document.querySelector('[data-polku-prompt]').shadowRoot.querySelectorAll('a[href]')].map((link) => link.getAttribute('href')).join(' ')";
        let found = browser.until(links).await?;
        ensure!(text(&found).contains("mailto:help@shop.example"), "{found}");
        Ok(())
    });
}
