//! How a prompt looks in each of its states, held against pictures that were looked at (`tests/looks/`), and what axe-core says to each: the package's own module, on an empty page.

use serde_json::json;

use crate::Done;
use crate::axe::judge;
use crate::browser::{self, Browser};
use crate::reference;
use crate::server::Server;

const SHOW: &str = include_str!("../pages/looks.js");
pub(crate) const ROOT: &str = "document.querySelector('[data-polku-prompt]').shadowRoot";

/// A state: its name, the definition in tests/pages/looks.js, and what the shopper did to come there.
const STATES: [(&str, &str, &str); 25] = [
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
    ("contact-allowed", "contact", "root.querySelector('[name=ok]').click(); root.querySelector('[name=ok]').focus()"),
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
pub(crate) async fn window(browser: &Browser, (width, height): (u32, u32), features: &[(&str, &str)]) -> Done {
    let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
    browser.cdp("Emulation.setDeviceMetricsOverride", size).await?;
    let features: Vec<_> = features.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
    browser.cdp("Emulation.setEmulatedMedia", json!({ "media": "", "features": features })).await?;
    Ok(())
}

pub(crate) const WIDE: (u32, u32) = (1280, 760);
const PHONE: (u32, u32) = (390, 760);
pub(crate) const SMALL: (u32, u32) = (320, 568);
pub(crate) const DARK: &[(&str, &str)] = &[("prefers-color-scheme", "dark")];
pub(crate) const FORCED: &[(&str, &str)] = &[("forced-colors", "active")];

/// What must hold in each state: nothing beside the window or cut off, targets of 24 by 24 at least (WCAG 2.2, 2.5.8), nothing that scrolls sideways.
pub(crate) const SOUND: &str = "(() => {
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

/// Whatever can be gone to shows it (WCAG 2.2, 2.4.7): a ring around it or around the cell or row that it is in.
pub(crate) const RINGS: &str = "(() => {
    const root = document.querySelector('[data-polku-prompt]').shadowRoot;
    const before = root.activeElement;
    const wrong = [];
    for (const one of root.querySelectorAll('button, a, input, textarea, pre, h2')) {
        if (!one.checkVisibility()) continue;
        one.focus({ preventScroll: true, focusVisible: true });
        if (root.activeElement !== one) continue;
        const rings = [one, one.closest('.cell, .row'), one.nextElementSibling].filter(Boolean).map((at) => getComputedStyle(at));
        if (!rings.some(({ outlineStyle, outlineWidth }) => outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1)) wrong.push(one.outerHTML.slice(0, 80));
    }
    before ? before.focus({ preventScroll: true }) : root.activeElement?.blur();
    return wrong;
})()";

fn every_state(name: &str, size: (u32, u32), features: &[(&str, &str)], lang: &str) {
    browser::with(async |browser| {
        let server = Server::start()?;
        window(browser, size, features).await?;
        start(browser, &server).await?;
        let compared = reference::same_letters(browser).await?;
        for what in STATES {
            state(browser, what, lang).await?;
            browser.shot(&format!("prompt-{name}-{}", what.0)).await?;
            let wrong = browser.value(SOUND).await?;
            assert_eq!(wrong, json!([]), "{name}, {}", what.0);
            if compared {
                reference::compare(browser, name, what.0).await?;
            }
            // To axe a question that was scrolled out of the card is hidden, and does not name its field.
            browser
                .run("document.querySelector('[data-polku-prompt]').shadowRoot.querySelector('.body')?.scrollTo(0, 0)")
                .await?;
            judge(browser, "[data-polku-prompt]", 5, &format!("{name}, {}", what.0)).await?;
            assert_eq!(browser.value(RINGS).await?, json!([]), "{name}, {}", what.0);
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

/// Draws every state, does something to how it is set, and looks whether all of it is still there.
fn every_state_set(name: &str, size: (u32, u32), set: &str) {
    browser::with(async |browser| {
        let server = Server::start()?;
        window(browser, size, &[]).await?;
        start(browser, &server).await?;
        for what in STATES {
            state(browser, what, "en").await?;
            browser.run(set).await?;
            browser.shot(&format!("prompt-{name}-{}", what.0)).await?;
            assert_eq!(browser.value(SOUND).await?, json!([]), "{name}, {}", what.0);
            assert_eq!(browser.value(CLIPPED).await?, json!([]), "{name}, {}", what.0);
        }
        Ok(())
    });
}

/// Words that do not fit into what holds them.
const CLIPPED: &str = "[...document.querySelector('[data-polku-prompt]').shadowRoot.querySelectorAll('button, h2, p, .row, .ends, .turn > *')]
    .filter((one) => one.checkVisibility() && !one.matches('.sr, .x') && one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== 'inline')
    .map((one) => one.outerHTML.slice(0, 80))";

/// WCAG 2.2, 1.4.12: lines, letters and words further apart, as readers' own style sheets set them.
#[test]
fn letters_further_apart() {
    every_state_set(
        "spaced",
        SMALL,
        &format!(
            "const sheet = new CSSStyleSheet();
            sheet.replaceSync('* {{ line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }} p {{ margin-block-end: 2em !important }}');
            {ROOT}.adoptedStyleSheets = [...{ROOT}.adoptedStyleSheets, sheet]"
        ),
    );
}

/// WCAG 2.2, 1.4.4: letters twice as large, in a window that stays as it is.
#[test]
fn letters_twice_as_large() {
    every_state_set("large", WIDE, "document.documentElement.style.fontSize = '200%'");
    every_state_set("large-phone", PHONE, "document.documentElement.style.fontSize = '200%'");
}
