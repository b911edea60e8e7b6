//! How a prompt looks in each of its states, and what axe-core says to each: the package's own module, on an empty page.

use serde_json::json;

use crate::Done;
use crate::browser::{self, Browser};
use crate::map_prompts::judge;
use crate::server::Server;

const SHOW: &str = include_str!("../pages/looks.js");
pub(crate) const ROOT: &str = "document.querySelector('[data-polku-prompt]').shadowRoot";

/// A state: its name, the definition in tests/pages/looks.js, and what the shopper did to come there.
const STATES: [(&str, &str, &str); 24] = [
    ("nps", "nps", ""),
    ("nps-chosen", "nps", "pick('9')"),
    ("nps-missing", "nps", "press('send')"),
    ("numbers", "numbers", "pick('4')"),
    ("faces", "faces", ""),
    ("faces-chosen", "faces", "pick('2')"),
    ("stars", "stars", "pick('4')"),
    ("single", "single", "pick('friend')"),
    ("single-other", "single", "pick('other')"),
    ("multi", "multi", "pick('search'); pick('friend')"),
    ("yesno", "yesno", "pick('yes')"),
    ("thumbs", "thumbs", "pick('up')"),
    ("text", "text", ""),
    ("text-masked", "text", "write('Call me: 040 123 4567, or a@example.fi')"),
    ("text-long", "text", "write('It took so long. '.repeat(28))"),
    ("line", "line", ""),
    ("chat", "chat", "pick('2'); press('send')"),
    ("why", "nps", "pick('9'); press('why')"),
    ("help", "help", ""),
    ("contact", "contact", ""),
    ("thanks", "chat", "pick('6'); press('send'); press('skip')"),
    ("low", "chat", "pick('2'); press('send'); press('skip')"),
    ("pill", "nps", "press('fold')"),
    ("offline", "chat", "offline(); pick('6'); press('send'); press('skip')"),
];

pub(crate) async fn start(browser: &Browser, server: &Server) -> Done {
    browser.open(&format!("{}/polku/manifest.json", server.origin)).await?;
    // An empty page of this origin, with the words around a shop's page that axe wants to see.
    browser
        .run("document.open(); document.write('<!doctype html><html lang=en><title>Shop</title><body><main><h1>Kahvi Kulma</h1><p><a href=#>Coffee</a> <input aria-label=Search></main>'); document.close()")
        .await?;
    browser.run(SHOW).await?;
    Ok(())
}

async fn state(browser: &Browser, (name, definition, deeds): (&str, &str, &str), lang: &str) -> Done {
    browser.run(&format!("return looks.show({definition:?}, {lang:?})")).await?;
    browser
        .run(&format!(
            "const root = {ROOT};
            const pick = (value) => root.querySelector(`[value='${{value}}']`).click();
            const press = (what) => root.querySelector(`[data-do=${{what}}]`).click();
            const write = (text) => {{ const area = root.querySelector('textarea'); area.value = text; area.dispatchEvent(new Event('input', {{ bubbles: true, composed: true }})); }};
            const offline = () => Object.defineProperty(navigator, 'onLine', {{ value: false, configurable: true }});
            {deeds};
            return 1"
        ))
        .await?;
    if name == "text-masked" {
        browser.until(&format!("{ROOT}.querySelector('.takes').textContent.length > 10")).await?;
    }
    browser
        .run("delete navigator.onLine; return new Promise((go) => requestAnimationFrame(() => setTimeout(go, 60)))")
        .await?;
    browser.until(&format!("{ROOT}.getAnimations().every(({{ playState }}) => playState === 'finished')")).await?;
    Ok(())
}

/// The window's width and height, and what of the shopper's own settings is emulated.
async fn window(browser: &Browser, (width, height): (u32, u32), features: &[(&str, &str)]) -> Done {
    let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
    browser.cdp("Emulation.setDeviceMetricsOverride", size).await?;
    let features: Vec<_> = features.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
    browser.cdp("Emulation.setEmulatedMedia", json!({ "media": "", "features": features })).await?;
    Ok(())
}

const WIDE: (u32, u32) = (1280, 760);
const PHONE: (u32, u32) = (390, 760);
const SMALL: (u32, u32) = (320, 568);
const DARK: &[(&str, &str)] = &[("prefers-color-scheme", "dark")];
const FORCED: &[(&str, &str)] = &[("forced-colors", "active")];

/// What must hold in each state: nothing beside the window or cut off, targets of 24 by 24 at least (WCAG 2.2, 2.5.8), nothing that scrolls sideways.
const SOUND: &str = "(() => {
    const root = document.querySelector('[data-polku-prompt]').shadowRoot;
    const wrong = [];
    const seen = (one) => one.getClientRects().length && getComputedStyle(one).visibility === 'visible';
    for (const target of root.querySelectorAll('button, .cell, .row, textarea, .one, .own')) {
        if (!seen(target)) continue;
        const { width, height, left, right } = target.getBoundingClientRect();
        const inline = target.closest('.note, .bad');
        if (!inline && (width < 24 || height < 24)) wrong.push(`${target.className} is ${width} by ${height}`);
        if (left < -0.5 || right > innerWidth + 0.5) wrong.push(`${target.className} leaves the window: ${left} to ${right}`);
    }
    for (const box of root.querySelectorAll('.card, .body')) if (seen(box) && box.scrollWidth > box.clientWidth + 1) wrong.push(`${box.className} scrolls sideways`);
    const frame = [...root.querySelectorAll('.card, .pill')].find(seen).getBoundingClientRect();
    if (frame.top < 0 || frame.bottom > innerHeight + 0.5) wrong.push(`the card is cut off: ${frame.top} to ${frame.bottom} of ${innerHeight}`);
    if (document.documentElement.scrollWidth > innerWidth) wrong.push('the page scrolls sideways');
    return wrong;
})()";

fn every_state(name: &str, size: (u32, u32), features: &[(&str, &str)], lang: &str) {
    browser::with(async |browser| {
        let server = Server::start()?;
        window(browser, size, features).await?;
        start(browser, &server).await?;
        for what in STATES {
            state(browser, what, lang).await?;
            browser.shot(&format!("prompt-{name}-{}", what.0)).await?;
            let wrong = browser.value(SOUND).await?;
            assert_eq!(wrong, json!([]), "{name}, {}", what.0);
            judge(browser, "[data-polku-prompt]", &format!("{name}, {}", what.0)).await?;
        }
        Ok(())
    });
}

#[test]
fn wide_and_light() {
    every_state("wide", WIDE, &[], "en");
}

#[test]
fn a_phone_and_dark() {
    every_state("phone-dark", PHONE, DARK, "en");
}

#[test]
fn small_and_light() {
    every_state("small", SMALL, &[], "en");
}

#[test]
fn wide_and_forced_colours() {
    every_state("forced", WIDE, FORCED, "en");
}

#[test]
fn from_right_to_left() {
    every_state("rtl", PHONE, &[], "ar");
}

/// A window of 1280 by 1024, enlarged four times (WCAG 2.2, 1.4.10).
#[test]
fn enlarged_four_times() {
    every_state("enlarged", (320, 256), &[], "en");
}
