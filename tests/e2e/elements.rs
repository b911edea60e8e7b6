//! `<polku-prompt>` and `<polku-launcher>`, in a browser.

use anyhow::{Result, ensure};
use serde_json::{Value, json};

use crate::Done;
use crate::browser::{self, Browser};
use crate::server::{Server, text};
use crate::site::{MEASURED, Page, STUB, Site, tag};

/// Puts elements into the page as it is parsed; `html` is the shop's own.
fn placed(html: &str) -> String {
    format!(
        "addEventListener('DOMContentLoaded', () => {{
            const box = document.createElement('section');
            box.innerHTML = {html:?};
            document.body.append(box);
        }});\n"
    )
}

fn prompt(id: &str, more: &Value) -> Value {
    let mut definition = json!({
        "v": 1, "id": id, "locales": ["en"], "defaultLocale": "en", "quiet": { "automation": false },
        "steps": [{ "id": "q", "ask": "csat", "text": { "en": format!("Question of {id}?") } }]
    });
    for (name, value) in more.as_object().into_iter().flatten() {
        definition[name] = value.clone();
    }
    definition
}

/// A shop under a policy that allows no inline script or style, with two prompts.
async fn shop(server: &Server, browser: &Browser, before: &str) -> Result<Site> {
    let tag = tag(&server.origin, &server.collector(), "data-prompts=\"/elements.json\" data-consent=\"api\"");
    let policy = format!(
        "default-src 'none'; script-src 'self' {0} 'wasm-unsafe-eval'; connect-src 'self' {0}; style-src 'self'; img-src data:; base-uri 'none'",
        server.origin
    );
    let page = Page::new(tag).before(STUB).before(before).policy(&policy);
    let site = Site::start(page).await?;
    let bought =
        prompt("bought", &json!({ "when": { "on": "purchase" }, "ui": { "launcherText": { "en": "Say something" } } }));
    site.file("/elements.json", 200, "application/json", &json!([prompt("placed", &json!({})), bought]).to_string());
    browser.open(&site.at("/")).await?;
    Ok(site)
}

const AGREE: &str = "polku.consent({ measure: true })";
/// The card where it is placed.
const PLACED: &str = "document.querySelector('polku-prompt > [data-polku-inline]')";
const LAUNCHER: &str = "document.querySelector('polku-launcher')";
/// What is pressed of it.
const BUTTON: &str = "document.querySelector('polku-launcher').shadowRoot.querySelector('button')";

/// Nobody has complained, and the policy has stopped nothing.
async fn in_peace(browser: &Browser) -> Done {
    assert_eq!(browser.value("[seen.errors, seen.warnings, seen.violations]").await?, json!([[], [], []]));
    Ok(())
}

#[test]
fn a_prompt_stands_in_its_place_as_soon_as_it_may() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let _shop =
            shop(&server, browser, &placed("<input id='mine'><polku-prompt prompt='placed' open></polku-prompt>"))
                .await?;
        browser.click("#mine").await?;
        browser.until("performance.now() > 3000").await?;
        assert_eq!(
            browser.value("document.querySelector('polku-prompt').childElementCount").await?,
            0,
            "nobody has agreed"
        );
        browser.run(AGREE).await?;
        browser.until(PLACED).await?;
        assert_eq!(browser.value("document.activeElement.id").await?, "mine", "the focus stays where it was");
        let events = server.has("prompt_shown").await?;
        let shown = crate::server::first(&events, "prompt_shown")?;
        assert_eq!((text(&shown["data"]["prompt"]), text(&shown["data"]["trigger"])), ("placed", "api"));
        crate::axe::judge(browser, "polku-prompt", 5, "placed").await?;
        // Where the element goes, it goes along; another opens nothing by itself.
        browser.run("document.querySelector('polku-prompt').remove()").await?;
        server.has("prompt_closed").await?;
        in_peace(browser).await
    });
}

#[test]
fn without_open_it_is_where_the_prompt_opens() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let before = format!("{MEASURED}{}", placed("<polku-prompt prompt='bought'></polku-prompt>"));
        let _shop = shop(&server, browser, &before).await?;
        browser.until("document.querySelector('[data-polku-status]')").await?;
        browser.until("performance.now() > 3000").await?;
        assert_eq!(browser.value(PLACED).await?, Value::Null, "nothing was bought");
        browser.run("polku.track('purchase', { value: 20, currency: 'EUR' })").await?;
        browser.until(PLACED).await?;
        in_peace(browser).await
    });
}

#[test]
fn a_launcher_is_a_button_while_it_may_open_something() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let _shop = shop(&server, browser, &placed("<polku-launcher prompt='bought'></polku-launcher>")).await?;
        browser.until("performance.now() > 2500").await?;
        ensure!(
            browser.value(&format!("!({LAUNCHER}).offsetWidth")).await? == true,
            "nobody has agreed, and it says something"
        );
        browser.run(AGREE).await?;
        browser.until(&format!("({LAUNCHER}).offsetWidth > 20")).await?;
        assert_eq!(browser.value(&format!("({BUTTON}).innerText || ({BUTTON}).textContent")).await?, "Say something");
        assert_eq!(browser.value(&format!("({BUTTON}).getAttribute('aria-expanded')")).await?, "false");
        crate::axe::judge(browser, "polku-launcher", 1, "launcher").await?;
        browser.click("polku-launcher").await?;
        browser.until(&format!("({BUTTON}).getAttribute('aria-expanded') === 'true'")).await?;
        browser.until("document.activeElement.matches('[data-polku-prompt]')").await?;
        browser.press("\u{e00c}").await?;
        browser.until(&format!("({BUTTON}).getAttribute('aria-expanded') === 'false'")).await?;
        assert_eq!(
            browser.value(&format!("document.activeElement === {LAUNCHER}")).await?,
            true,
            "the focus is back where it came from"
        );
        browser.run("polku.withdraw()").await?;
        browser.until(&format!("({LAUNCHER}).hidden")).await?;
        in_peace(browser).await
    });
}

#[test]
fn both_work_in_the_shadow_root_of_another_element_and_with_a_button_of_its_own() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let host = format!(
            "addEventListener('DOMContentLoaded', async () => {{
                await import('{}/polku/elements.mjs');
                const host = document.createElement('shop-help');
                const root = (window.inner = host.attachShadow({{ mode: 'open' }}));
                root.innerHTML = `<polku-prompt prompt='placed' open></polku-prompt>
                    <polku-launcher prompt='bought'><button id='own'>Our button</button></polku-launcher>`;
                document.body.append(host);
            }});\n",
            server.origin
        );
        let _shop = shop(&server, browser, &format!("{MEASURED}{host}")).await?;
        browser.until("inner.querySelector('polku-prompt > [data-polku-inline]')").await?;
        browser.until("!inner.querySelector('polku-launcher').hidden").await?;
        assert_eq!(
            browser.value("inner.querySelector('polku-launcher').shadowRoot.querySelector('button')").await?,
            Value::Null
        );
        // One at a time: what is there goes first.
        browser.run("inner.querySelector('polku-prompt').remove()").await?;
        server.has("prompt_closed").await?;
        browser.run("inner.querySelector('#own').click()").await?;
        browser.until("inner.querySelector('#own').getAttribute('aria-expanded') === 'true'").await?;
        browser.find("[data-polku-prompt]").await?;
        in_peace(browser).await
    });
}

#[test]
fn who_names_no_prompt_of_the_shop_is_told() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let before = format!("{MEASURED}{}", placed("<polku-prompt prompt='plaecd' open></polku-prompt>"));
        let _shop = shop(&server, browser, &before).await?;
        browser.until("seen.warnings.some((line) => line.startsWith('polku E248 polku-prompt plaecd'))").await?;
        assert_eq!(browser.value("document.querySelector('polku-prompt').childElementCount").await?, 0);
        Ok(())
    });
}
