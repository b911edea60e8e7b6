//! The preview of prompts: a definition is written, its problems are listed, and the real prompt shows it in every state.

use anyhow::{Result, ensure};
use serde_json::{Value, json};
use thirtyfour::Key;

use crate::Done;
use crate::axe::judge;
use crate::browser::{self, Browser};
use crate::emulate::NotHere;
use crate::engine::Engine;
use crate::server::{Server, text};

/// A definition with a score, a way for low ones, and words.
fn definition() -> Value {
    json!({
        "v": 1, "id": "walk", "locales": ["en", "fi"], "defaultLocale": "en",
        "steps": [
            { "id": "score", "ask": "nps", "text": { "en": "Would you recommend us?", "fi": "Suosittelisitko meitä?" },
              "next": [{ "if": { "lte": ["score", 6] }, "go": "mend" }, { "go": "why" }] },
            { "id": "mend", "ask": "text", "optional": true, "text": { "en": "What should we mend?", "fi": "Mitä meidän pitäisi korjata?" }, "next": [{ "go": "end" }] },
            { "id": "why", "ask": "text", "optional": true, "text": { "en": "Why is that?", "fi": "Mistä se johtuu?" }, "next": [{ "go": "end" }] }
        ],
        "end": { "thanks": { "en": "Many thanks!", "fi": "Suurkiitos!" } }
    })
}

const INSIDE: &str =
    "document.querySelector('#frame').contentDocument.querySelector('[data-polku-prompt]')?.shadowRoot";

async fn inside(browser: &Browser, expression: &str) -> Result<Value> {
    browser.until(&format!("(() => {{ const root = {INSIDE}; return root && ({expression}); }})()")).await
}

async fn question(browser: &Browser, expected: &str) -> Done {
    let expected = serde_json::to_string(expected)?;
    inside(browser, &format!("root.querySelector('h2')?.textContent.trim() === {expected}")).await?;
    Ok(())
}

/// Writes into the editor at once, as somebody who pastes.
async fn write(browser: &Browser, text: &str) -> Done {
    let text = serde_json::to_string(text)?;
    browser
        .run(&format!(
            "const area = document.querySelector('#text'); area.value = {text}; area.dispatchEvent(new Event('input'))"
        ))
        .await?;
    Ok(())
}

async fn choose(browser: &Browser, what: &str, value: &str) -> Done {
    browser.until(&format!("document.querySelector('#{what} option[value=\"{value}\"]')")).await?;
    browser
        .run(&format!(
            "const select = document.querySelector('#{what}'); select.value = {value:?}; select.dispatchEvent(new Event('change', {{ bubbles: true }}))"
        ))
        .await?;
    Ok(())
}

async fn open(browser: &Browser, server: &Server) -> Done {
    browser.open(&format!("{}/preview/?lang=en", server.origin)).await?;
    browser.until("document.querySelector('#text').value.length > 100").await?;
    Ok(())
}

#[test]
fn every_state_is_shown_and_nothing_is_sent() {
    browser::with(async |browser| {
        let server = Server::start()?;
        open(browser, &server).await?;
        // The demo shop's own first.
        inside(browser, "root.querySelector('h2')?.textContent.includes('Kahvi Kulma')").await?;
        write(browser, &serde_json::to_string_pretty(&definition())?).await?;
        question(browser, "Would you recommend us?").await?;
        browser.shot("preview").await?;
        for (state, expected) in [
            ("step:why", "Why is that?"),
            ("step:mend", "What should we mend?"),
            ("thanks", "Many thanks!"),
            ("low", "Thank you for telling us."),
            ("step:score", "Would you recommend us?"),
            ("offline", "Many thanks!"),
            ("why", "Would you recommend us?"),
        ] {
            choose(browser, "state", state).await?;
            question(browser, expected).await.map_err(|why| why.context(state.to_owned()))?;
            browser.until("document.querySelector('#note').textContent === ''").await?;
        }
        inside(browser, "root.querySelector('[data-do=why]').getAttribute('aria-expanded') === 'true'").await?;
        // The conversation that led to a question is there with it.
        choose(browser, "state", "step:mend").await?;
        question(browser, "What should we mend?").await?;
        inside(browser, "root.querySelector('[role=log]').textContent.includes('Would you recommend us?')").await?;
        // What is told is listed, and the collector has heard of nothing.
        browser.until("document.querySelector('#events').textContent.includes('\"step\":\"score\"')").await?;
        ensure!(server.journeys().await?.is_empty());
        browser.complains_of_nothing().await?;
        Ok(())
    });
}

#[test]
fn languages_themes_widths_and_directions() {
    browser::with(async |browser| {
        let server = Server::start()?;
        open(browser, &server).await?;
        write(browser, &definition().to_string()).await?;
        choose(browser, "lang", "fi").await?;
        question(browser, "Suosittelisitko meitä?").await?;
        // A language that the definition does not have asks in its own.
        choose(browser, "lang", "sv").await?;
        question(browser, "Would you recommend us?").await?;
        let card = |style: &str| format!("getComputedStyle(root.querySelector('[part~=card],.card')).{style}");
        let light = text(&inside(browser, &card("backgroundColor")).await?).to_owned();
        choose(browser, "theme", "dark").await?;
        inside(browser, &format!("{} !== {light:?}", card("backgroundColor"))).await?;
        for width in ["320", "390", "768", "1280"] {
            choose(browser, "width", width).await?;
            question(browser, "Would you recommend us?").await?;
            browser.until(&format!("document.querySelector('#frame').contentWindow.innerWidth >= {width} - 4")).await?;
            inside(
                browser,
                "root.host.ownerDocument.documentElement.scrollWidth <= root.host.ownerDocument.defaultView.innerWidth",
            )
            .await?;
        }
        choose(browser, "dir", "rtl").await?;
        inside(browser, &format!("{} === 'rtl'", card("direction"))).await?;
        question(browser, "Would you recommend us?").await?;
        choose(browser, "dir", "ltr").await?;
        inside(browser, &format!("{} === 'ltr'", card("direction"))).await?;
        browser
            .run("const accent = document.querySelector('#accent'); accent.value = '#aa0055'; accent.dispatchEvent(new Event('change', { bubbles: true }))")
            .await?;
        inside(browser, "getComputedStyle(root.host).getPropertyValue('--polku-accent').trim() === '#aa0055'").await?;
        Ok(())
    });
}

#[test]
fn the_default_questions_follow_the_language_and_the_name() {
    browser::with(async |browser| {
        let server = Server::start()?;
        open(browser, &server).await?;
        question(browser, "How likely is it that you would recommend Kahvi Kulma to a friend or colleague?").await?;
        choose(browser, "example", "questions").await?;
        choose(browser, "which", "11").await?;
        question(browser, "How likely is it that you would recommend us to a friend or colleague?").await?;
        for (lang, shop, expected) in [
            ("fi", "", "Kuinka todennäköisesti suosittelisit meitä ystävällesi tai työkaverillesi?"),
            ("fi", "Kulma", "Kuinka todennäköisesti suosittelisit Kulma-verkkokauppaa ystävällesi tai työkaverillesi?"),
            ("fr", "Kulma", "Quelle est la probabilité que vous recommandiez Kulma à des ami·es ou collègues\u{a0}?"),
        ] {
            browser
                .run(&format!("const name = document.querySelector('#shop-name'); name.value = {shop:?}; name.dispatchEvent(new Event('change', {{ bubbles: true }}))"))
                .await?;
            choose(browser, "lang", lang).await?;
            question(browser, expected).await?;
        }
        Ok(())
    });
}

#[test]
fn what_is_wrong_is_said_with_its_line() {
    browser::with(async |browser| {
        let server = Server::start()?;
        open(browser, &server).await?;
        write(browser, "{\n  \"v\": 1,\n  \"id\" \"x\"\n}").await?;
        ensure!(browser.engine != Engine::WebKit, NotHere("WebKit's JSON.parse does not say where it stopped".into()));
        browser.until("document.querySelector('#problems button')?.textContent.startsWith('Line 3')").await?;
        browser.click("#problems button").await?;
        browser
            .until("document.activeElement.id === 'text' && document.activeElement.value.slice(document.activeElement.selectionStart, document.activeElement.selectionEnd) === '  \"id\" \"x\"'")
            .await?;
        ensure!(browser.value("document.querySelector('#count').textContent").await? == "1 problem");
        // A mistake of the definition's own, in a list, and a warning.
        let mut wrong = definition();
        wrong["steps"][0]["next"][0]["go"] = json!("nowhere");
        wrong["steps"][2]["text"].as_object_mut().unwrap().remove("fi");
        let wrong = serde_json::to_string_pretty(&json!([definition(), wrong]))?;
        write(browser, &wrong).await?;
        let line = wrong.lines().position(|line| line.contains("nowhere")).unwrap() + 1;
        browser
            .until(&format!("[...document.querySelectorAll('#problems button:not(.warning)')].some((one) => one.textContent.startsWith('Line {line} ') && one.textContent.includes('go'))"))
            .await?;
        browser.until("document.querySelector('#problems .warning')").await?;
        judge(browser, ".found", 5, "problems").await?;
        browser.shot("preview-problems").await?;
        // Mended, it is gone.
        write(browser, &definition().to_string()).await?;
        browser.until("!document.querySelector('#problems button')").await?;
        browser.until("document.querySelector('#count').textContent === 'No problems.'").await?;
        question(browser, "Would you recommend us?").await
    });
}

#[test]
fn places_in_a_text() {
    browser::with(async |browser| {
        let server = Server::start()?;
        open(browser, &server).await?;
        let found = browser
            .run(
                r#"const { lineOf, placeOf, places, stopped } = await import('/preview/place.js');
                const text = '{\n  "a": [\n    { "b\\"c": "}]{[,:" },\n    [1,\n2.5e3], null\n  ],\n  "d": {},\n  "e": [ ]\n}';
                const line = (path) => lineOf(text, placeOf(places(text), path));
                let why;
                try { JSON.parse('[1,\n x]') } catch (error) { why = lineOf('[1,\n x]', stopped(error, '[1,\n x]')) }
                return [
                  ['', 'a', 'a[0]', 'a[0].b"c', 'a[1]', 'a[1][1]', 'a[2]', 'd', 'e'].map(line),
                  // Not there: the nearest that is.
                  ['a[9]', 'a[9].x.y', 'd.x', 'e[0].text.fi', 'x', 'a[0].b"c.d'].map(line),
                  [...places('[[1],{"k":[{"z":true}]}]').keys()],
                  why,
                ];"#,
            )
            .await?;
        assert_eq!(found[0], json!([1, 2, 3, 3, 4, 5, 5, 7, 8]));
        assert_eq!(found[1], json!([2, 2, 7, 8, 1, 3]));
        assert_eq!(found[2], json!(["", "[0]", "[0][0]", "[1]", "[1].k", "[1].k[0]", "[1].k[0].z"]));
        assert_eq!(found[3], json!(2));
        Ok(())
    });
}

#[test]
fn it_is_walked_by_keys_and_axe_has_nothing_against_it() {
    browser::with(async |browser| {
        let server = Server::start()?;
        open(browser, &server).await?;
        inside(browser, "!!root.querySelector('h2')").await?;
        for theme in ["light", "dark"] {
            let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": theme }] });
            browser.cdp("Emulation.setEmulatedMedia", media).await?;
            judge(browser, "main", 5, theme).await?;
        }
        // From the top, every control by Tab alone, and out of the editor again.
        browser.run("document.activeElement.blur(); scrollTo(0, 0)").await?;
        let mut reached = Vec::new();
        for _ in 0..40 {
            browser.press(Key::Tab).await?;
            let at = browser.value("document.activeElement.id || document.activeElement.tagName").await?;
            reached.push(text(&at).to_owned());
        }
        for wanted in
            ["file", "save", "example", "text", "state", "lang", "width", "theme", "accent", "dir", "again", "stage"]
        {
            ensure!(reached.iter().any(|at| at == wanted), "{wanted} is not reached: {reached:?}");
        }
        // Typing does not lose the focus when the prompt beside it opens anew.
        browser.run("document.querySelector('#text').focus()").await?;
        write(browser, &definition().to_string()).await?;
        question(browser, "Would you recommend us?").await?;
        ensure!(browser.value("document.activeElement.id").await? == "text");
        browser
            .cdp(
                "Emulation.setDeviceMetricsOverride",
                json!({ "width": 320, "height": 800, "deviceScaleFactor": 1, "mobile": false }),
            )
            .await?;
        ensure!(browser.value("document.documentElement.scrollWidth <= innerWidth").await? == true, "wider than 320");
        Ok(())
    });
}

#[test]
fn the_plurals_are_those_that_the_browser_has() {
    browser::with(async |browser| {
        let server = Server::start()?;
        open(browser, &server).await?;
        let found = browser
            .run(
                "const { files } = await (await fetch('/polku/manifest.json')).json();
                 const wrong = [];
                 let looked = 0;
                 for (const name of Object.keys(files).filter((name) => name.startsWith('text-'))) {
                   const { lang, left } = await (await fetch('/polku/' + name)).json();
                   const rules = new Intl.PluralRules(lang);
                   looked++;
                   for (let n = 0; n <= 500; n++) if (!left[rules.select(n)]) wrong.push([lang, n]);
                 }
                 return [looked, wrong];",
            )
            .await?;
        ensure!(found == json!([9, []]), "{found}");
        Ok(())
    });
}
