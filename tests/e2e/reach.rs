//! A prompt that everybody can use: the checks A1 to A27 of the specification that a browser can make, on the package's own module. Contrast, targets and axe's
//! judgement of each state are in `looks`.

use anyhow::{Result, ensure};
use serde_json::{Value, json};
use thirtyfour::Key;

use crate::Done;
use crate::browser::{self, Browser};
use crate::looks::{ROOT, start};
use crate::server::Server;
use crate::site::{Page, Site, tag};

/// Runs a test on a page of a shop with a heading, a link and a field.
fn on_a_page(test: impl AsyncFnOnce(&Browser) -> Result<()>) {
    browser::with(async |browser| {
        let server = Server::start()?;
        start(browser, &server).await?;
        test(browser).await
    });
}

async fn show(browser: &Browser, name: &str, context: Value) -> Done {
    browser.run(&format!("return looks.show({name:?}, 'en', {context})")).await?;
    Ok(())
}

/// What has the focus: inside of the card its question, button or value, outside of it the element's name.
const FOCUS: &str = "(() => {
    const inner = document.querySelector('[data-polku-prompt]')?.shadowRoot.activeElement;
    const one = inner || document.activeElement;
    return (inner ? 'card ' : 'page ') + (one.dataset.do || one.id || one.value || one.localName);
})()";

async fn focus(browser: &Browser) -> Result<String> {
    Ok(browser.value(FOCUS).await?.as_str().unwrap_or_default().to_owned())
}

async fn inside(browser: &Browser, expression: &str) -> Result<Value> {
    browser.value(&format!("((root) => {expression})({ROOT})")).await
}

/// The names of the events that the prompt has told, and why it closed.
async fn told(browser: &Browser) -> Result<Value> {
    browser.value("looks.events.filter(({ type }) => !['kept', 'shown'].includes(type)).map(({ type, reason, never }) => [type, reason, never].filter(Boolean).join(' '))").await
}

async fn gone(browser: &Browser) -> Done {
    browser.until("!document.querySelector('[data-polku-prompt]')").await?;
    Ok(())
}

/// A1: a dialog that is named by its question, is not modal and holds nobody.
#[test]
fn a_dialog_that_is_not_modal() {
    on_a_page(async |browser| {
        show(browser, "nps", json!({ "user": false })).await?;
        let dialog = "root.querySelector('[role=dialog]')";
        assert_eq!(inside(browser, &format!("{dialog}.hasAttribute('aria-modal')")).await?, false);
        let named =
            inside(browser, &format!("root.getElementById({dialog}.getAttribute('aria-labelledby')).textContent"))
                .await?;
        ensure!(named.as_str().is_some_and(|named| named.contains("recommend Kahvi Kulma")), "{named}");
        // From the page into the card and out of it again, by Tab alone.
        browser.run("document.querySelector('input').focus()").await?;
        let mut way = Vec::new();
        for _ in 0..12 {
            browser.press(Key::Tab).await?;
            way.push(focus(browser).await?);
        }
        ensure!(way.iter().any(|one| one == "card send"), "{way:?}");
        let into = way.iter().position(|one| one.starts_with("card")).unwrap_or_default();
        ensure!(way[into..].iter().any(|one| one.starts_with("page")), "nobody gets out: {way:?}");
        // A6: of eleven points one is a stop. In a window without bars the way begins anew meanwhile.
        let round = way.iter().skip(1).position(|one| *one == way[0]).map_or(way.len(), |again| again + 1);
        let points = way[..round].iter().filter(|one| one.trim_start_matches("card ").parse::<u8>().is_ok());
        ensure!(points.count() == 1, "{way:?}");
        Ok(())
    });
}

/// A2, A3: what opens by itself takes nothing from whoever types, is announced once, and takes that back.
#[test]
fn what_opens_by_itself_takes_nothing() {
    on_a_page(async |browser| {
        browser.run("const status = document.body.appendChild(document.createElement('div')); status.id = 'told'; document.querySelector('input').focus(); scrollTo(0, 0)").await?;
        browser.press("cof").await?;
        browser
            .run("return looks.show('text', 'en', { user: false, status: document.getElementById('told') })")
            .await?;
        browser.press("fee").await?;
        assert_eq!(focus(browser).await?, "page coffee");
        assert_eq!(browser.value("scrollY").await?, 0);
        browser.until("document.getElementById('told').textContent.includes('F8')").await?;
        // F8 typed into the shop's own field is not for us; from elsewhere it leads into the card.
        browser.press(Key::F8).await?;
        assert_eq!(focus(browser).await?, "page coffee");
        browser.run("document.activeElement.blur()").await?;
        browser.press(Key::F8).await?;
        assert_eq!(focus(browser).await?, "card q");
        browser.press(Key::Escape).await?;
        gone(browser).await?;
        assert_eq!(browser.value("document.getElementById('told').textContent").await?, "");
        // What goes on from the page before is not announced anew.
        browser.run("return looks.show('text', 'en', { user: false, resume: ' ', status: document.getElementById('told') })").await?;
        browser.run("return new Promise((go) => setTimeout(go, 400))").await?;
        assert_eq!(browser.value("document.getElementById('told').textContent").await?, "");
        Ok(())
    });
}

/// A4, A5: who asked for it is led in and back; Escape closes from within alone, and throws nothing away that was written.
#[test]
fn in_and_out_again() {
    on_a_page(async |browser| {
        browser.run("document.querySelector('a').focus(); return looks.show('nps', 'en', { opener: document.querySelector('a') })").await?;
        assert_eq!(focus(browser).await?, "card q");
        browser.run("document.querySelector('input').focus()").await?;
        browser.press(Key::Escape).await?;
        assert_eq!(
            inside(browser, "root.querySelector('.card').hidden").await?,
            false,
            "Escape on the page is the page's"
        );
        browser.press(Key::F8).await?;
        browser.run("document.activeElement.blur()").await?;
        browser.press(Key::F8).await?;
        browser.press(Key::Escape).await?;
        gone(browser).await?;
        assert_eq!(focus(browser).await?, "page a");
        assert_eq!(told(browser).await?, json!(["closed dismissed"]));

        show(browser, "text", json!({})).await?;
        browser.press(Key::Tab).await?;
        browser.press("Too slow").await?;
        browser.press(Key::Escape).await?;
        assert_eq!(focus(browser).await?, "card open");
        assert_eq!(inside(browser, "root.querySelector('.open').getAttribute('aria-expanded')").await?, "false");
        browser.press(Key::Enter).await?;
        assert_eq!(inside(browser, "root.querySelector('textarea').value").await?, "Too slow");
        assert_eq!(focus(browser).await?, "card q");
        Ok(())
    });
}

/// A6, A25: arrows, Home, End and a point's own digit choose, and never send.
#[test]
fn a_scale_by_keys() {
    on_a_page(async |browser| {
        show(browser, "nps", json!({})).await?;
        let chosen = async || inside(browser, "root.querySelector(':checked')?.value").await;
        browser.press("7").await?;
        assert_eq!(chosen().await?, Value::Null, "digits are the scale's alone");
        browser.press(Key::Tab).await?;
        browser.press(Key::Space).await?;
        assert_eq!(chosen().await?, "0");
        browser.press(Key::Right).await?;
        assert_eq!(chosen().await?, "1");
        browser.press(Key::End).await?;
        assert_eq!(chosen().await?, "10");
        browser.press(Key::Right).await?;
        assert_eq!(chosen().await?, "0", "it goes round");
        browser.press(Key::Up).await?;
        assert_eq!(chosen().await?, "10", "… and back");
        browser.press("7").await?;
        assert_eq!((chosen().await?, focus(browser).await?), (json!("7"), "card 7".to_owned()));
        browser.press(Key::Home).await?;
        assert_eq!(chosen().await?, "0");
        assert_eq!(told(browser).await?, json!([]), "nothing leaves before Send");
        assert_eq!(inside(browser, "root.querySelector(':checked').getAttribute('aria-label')").await?, "0 / 10");
        assert_eq!(
            inside(browser, "root.getElementById('ends').textContent").await?,
            "0 = Not at all likely, 10 = Extremely likely"
        );
        Ok(())
    });
}

/// A6: from right to left the next point is at the left.
#[test]
fn a_scale_from_right_to_left_by_keys() {
    on_a_page(async |browser| {
        browser.run("return looks.show('nps', 'ar', {})").await?;
        browser.press(Key::Tab + Key::Space).await?;
        for (key, point) in [
            (Key::Left, "1"),
            (Key::Down, "2"),
            (Key::Right, "1"),
            (Key::Up, "0"),
            (Key::Right, "10"),
            (Key::Left, "0"),
        ] {
            browser.press(key.clone()).await?;
            assert_eq!(inside(browser, "root.querySelector(':checked').value").await?, point, "{key:?}");
        }
        Ok(())
    });
}

/// A7, A8: the conversation is a log; Next leads to the new question.
#[test]
fn a_conversation_by_keys() {
    on_a_page(async |browser| {
        show(browser, "chat", json!({})).await?;
        browser.press(Key::Tab).await?;
        browser.press("2").await?;
        browser.press(Key::Tab + Key::Tab + Key::Enter).await?;
        assert_eq!(focus(browser).await?, "card q");
        assert_eq!(inside(browser, "root.querySelector('h2').textContent").await?, "What made it difficult?");
        let log = "root.querySelector('[role=log]')";
        let said = inside(browser, &format!("{log}.textContent")).await?;
        ensure!(said.as_str().is_some_and(|said| said.contains("complete your order?You: 2 / 7")), "{said}");
        browser.press_with_shift(Key::Tab).await?;
        browser.run(&format!("{ROOT}.querySelector('[data-do=back]').focus()")).await?;
        browser.press(Key::Enter).await?;
        assert_eq!(inside(browser, "root.querySelector(':checked').value").await?, "2");
        assert_eq!(inside(browser, &format!("{log}.childElementCount")).await?, 0);
        assert_eq!(focus(browser).await?, "card q");
        Ok(())
    });
}

/// A20: what is missing is said where it is missing.
#[test]
fn what_is_missing_is_said() {
    on_a_page(async |browser| {
        let bad = "[root.querySelector('fieldset, textarea').getAttribute('aria-invalid'), root.getElementById('bad').textContent]";
        for (name, words) in [
            ("nps", "Choose a number first."),
            ("single", "Choose an answer first."),
            ("yesno", "Choose an answer first."),
        ] {
            show(browser, name, json!({})).await?;
            browser.click("[data-polku-prompt] >>> [data-do=send]").await?;
            assert_eq!(inside(browser, bad).await?, json!(["true", words]), "{name}");
            ensure!(
                inside(browser, "root.activeElement.matches('fieldset input')").await? == true,
                "{name}: {}",
                focus(browser).await?
            );
            browser.click("[data-polku-prompt] >>> input").await?;
            assert_eq!(inside(browser, bad).await?, json!(["false", ""]), "{name}");
        }
        show(browser, "multi", json!({})).await?;
        browser
            .run(&format!(
                "for (const one of ['search', 'social', 'friend']) {ROOT}.querySelector(`[value=${{one}}]`).click()"
            ))
            .await?;
        browser.click("[data-polku-prompt] >>> [data-do=send]").await?;
        assert_eq!(inside(browser, bad).await?, json!(["true", "Choose at most 2."]));
        // Nothing at all excludes the others, and they exclude it.
        browser.click("[data-polku-prompt] >>> [value=none]").await?;
        assert_eq!(
            inside(browser, "[...root.querySelectorAll(':checked')].map(({ value }) => value)").await?,
            json!(["none"])
        );
        browser.click("[data-polku-prompt] >>> [value=friend]").await?;
        assert_eq!(
            inside(browser, "[...root.querySelectorAll(':checked')].map(({ value }) => value)").await?,
            json!(["friend"])
        );
        Ok(())
    });
}

/// What cannot be scrubbed does not leave, and is not lost.
#[test]
fn words_wait_for_what_looks_at_them() {
    on_a_page(async |browser| {
        browser
            .run("const get = window.fetch; window.looks.mend = () => { window.fetch = get; }; window.fetch = (what, ...more) => /scrub/.test(what) ? Promise.reject(new TypeError('cut off')) : get(what, ...more)")
            .await?;
        show(browser, "text", json!({})).await?;
        browser.write("[data-polku-prompt] >>> textarea", "Call 040 123 4567").await?;
        browser.click("[data-polku-prompt] >>> [data-do=send]").await?;
        browser.until(&format!("{ROOT}.getElementById('bad').textContent.includes('Could not send')")).await?;
        assert_eq!(inside(browser, "root.querySelector('textarea').value").await?, "Call 040 123 4567");
        assert_eq!(told(browser).await?, json!([]));
        browser.run("looks.mend()").await?;
        browser.click("[data-polku-prompt] >>> .bad button").await?;
        browser.until("looks.events.some(({ type, text }) => type === 'answer' && text === 'Call [phone]')").await?;
        Ok(())
    });
}

/// A10: whatever colours a shop gives, what is read stands out.
#[test]
fn a_theme_that_nobody_could_read() {
    on_a_page(async |browser| {
        for theme in [
            "--polku-accent: #ffe08a; --polku-on-accent: #fff",
            "--polku-text: #ddd; --polku-text-2: #eee",
            "--polku-surface: #333; --polku-border: #343434; --polku-focus: #303030",
        ] {
            browser.run(&format!("document.documentElement.style.cssText = {theme:?}")).await?;
            show(browser, "nps", json!({})).await?;
            let least = inside(
                browser,
                "(() => {
                    const channel = (part) => (part /= 255) <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
                    const light = (colour) => { const [r, g, b] = colour.match(/[\\d.]+/g).map(Number); return 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b); };
                    const apart = (one, other) => { const [a, b] = [light(one), light(other)].sort((x, y) => x - y); return (b + 0.05) / (a + 0.05); };
                    const style = (selector) => getComputedStyle(root.querySelector(selector));
                    const card = style('.card').backgroundColor;
                    return [apart(style('h2').color, card), apart(style('.note p').color, card), apart(style('.p').color, style('.p').backgroundColor), apart(style('.p').backgroundColor, card) * 1.5, apart(style('.cell').borderTopColor, card) * 1.5];
                })()",
            )
            .await?;
            let least = least.as_array().into_iter().flatten().filter_map(Value::as_f64).fold(99.0, f64::min);
            ensure!(least >= 4.49, "{theme}: {least}");
        }
        Ok(())
    });
}

/// A12: what of the page gets the focus is not left under the card.
#[test]
fn the_card_gives_way_to_the_focus() {
    on_a_page(async |browser| {
        browser.run("const low = document.body.appendChild(document.createElement('button')); low.id = 'low'; low.textContent = 'Buy'; low.style.cssText = 'position:fixed;inset:auto 120px 120px auto'").await?;
        show(browser, "single", json!({ "user": false })).await?;
        browser.run("document.querySelector('a').focus()").await?;
        assert_eq!(inside(browser, "root.querySelector('.card').hidden").await?, false);
        browser.run("document.getElementById('low').focus()").await?;
        browser.until(&format!("{ROOT}.querySelector('.card').hidden")).await?;
        assert_eq!(focus(browser).await?, "page low");
        Ok(())
    });
}

/// A19: nothing of the page moves, and nothing of it is written to.
#[test]
fn the_page_stays_where_it_is() {
    on_a_page(async |browser| {
        browser
            .run("looks.shift = 0; new PerformanceObserver((list) => { for (const one of list.getEntries()) if (!one.hadRecentInput) looks.shift += one.value; }).observe({ type: 'layout-shift', buffered: true });
                looks.before = [document.documentElement.outerHTML.split('<body')[0], document.body.getAttribute('style'), JSON.stringify(document.querySelector('main').getBoundingClientRect())]")
            .await?;
        show(browser, "chat", json!({ "user": false })).await?;
        browser.click("[data-polku-prompt] >>> [value='2']").await?;
        browser.click("[data-polku-prompt] >>> [data-do=send]").await?;
        browser.click("[data-polku-prompt] >>> [data-do=skip]").await?;
        browser.until(&format!("{ROOT}.querySelector('.end')")).await?;
        browser.run("return new Promise((go) => setTimeout(go, 400))").await?;
        assert_eq!(browser.value("looks.shift").await?, 0);
        assert_eq!(
            browser.value("[document.documentElement.outerHTML.split('<body')[0], document.body.getAttribute('style'), JSON.stringify(document.querySelector('main').getBoundingClientRect())].join() === looks.before.join()").await?,
            true
        );
        Ok(())
    });
}

/// A26, A27: the shop's shortcuts are not for what is typed here, and its focus trap and ours do not fight.
#[test]
fn the_shop_s_keys_and_traps() {
    on_a_page(async |browser| {
        browser.run("looks.keys = []; document.addEventListener('keydown', ({ key }) => looks.keys.push(key)); document.addEventListener('keydown', (event) => { if (event.key === 'Enter' && event.metaKey) looks.keys.push('meta'); })").await?;
        show(browser, "text", json!({})).await?;
        browser.press(Key::Tab).await?;
        browser.press("sk").await?;
        assert_eq!(browser.value("looks.keys").await?, json!([]));
        // A page that always takes the focus back.
        browser.run("looks.turns = 0; const field = document.querySelector('input'); document.addEventListener('focusin', ({ target }) => { if (looks.turns++ < 500 && target !== field) field.focus(); }); return looks.show('nps')").await?;
        browser.run("return new Promise((go) => setTimeout(go, 300))").await?;
        ensure!(browser.value("looks.turns").await?.as_u64() < Some(10), "the focus goes to and fro");
        Ok(())
    });
}

/// Display bugs of others: a card that only its cross closes, one that a press inside closes, one that goes with its opener, one that lies invisible over the page, one
/// that comes back empty.
#[test]
fn bugs_that_others_had() {
    on_a_page(async |browser| {
        // Pressed anywhere in the cross's 44 by 44; and a press inside of the card closes nothing.
        show(browser, "single", json!({})).await?;
        browser.run(&format!("{ROOT}.querySelector('.card').click(); {ROOT}.querySelector('h2').click()")).await?;
        ensure!(
            browser.value("!!document.querySelector('[data-polku-prompt]')").await? == true,
            "a press inside closed it"
        );
        let cross = inside(browser, "(({ width, height, right, top }) => { const hit = root.elementFromPoint(right - 3, top + 12); return [width, height, hit.dataset.do]; })(root.querySelector('[data-do=close]').getBoundingClientRect())").await?;
        assert_eq!(cross, json!([44, 44, "close"]));
        // The opener goes, the card stays, and closing it leads to no element that is gone.
        browser.run("const opener = document.body.appendChild(document.createElement('button')); opener.focus(); return looks.show('nps', 'en', { opener }).then(() => opener.remove())").await?;
        browser.click("[data-polku-prompt] >>> [data-do=close]").await?;
        gone(browser).await?;
        // Folded, it takes no press but on its pill.
        show(browser, "nps", json!({ "minimised": true })).await?;
        let under = browser.value("(({ left, top }) => document.elementFromPoint(left + 4, Math.max(0, top - 40)).localName)(document.querySelector('[data-polku-prompt]').getBoundingClientRect())").await?;
        ensure!(
            ["html", "body", "main"].contains(&under.as_str().unwrap_or_default()),
            "{under} takes what is pressed"
        );
        // What was kept of another definition begins anew instead of showing nothing.
        show(browser, "nps", json!({ "resume": "9;9;9;nothing of ours" })).await?;
        assert_eq!(inside(browser, "root.querySelectorAll('.cell').length").await?, 11);
        // It can be opened, closed and opened again.
        browser.run("looks.card.close()").await?;
        gone(browser).await?;
        show(browser, "nps", json!({})).await?;
        ensure!(inside(browser, "root.querySelector('h2').textContent.length > 9").await? == true, "it is empty");
        // Not now, and never again, are two ways.
        browser.run("looks.events.length = 0").await?;
        browser.click("[data-polku-prompt] >>> [data-do=later]").await?;
        gone(browser).await?;
        show(browser, "nps", json!({})).await?;
        browser.click("[data-polku-prompt] >>> [data-do=never]").await?;
        gone(browser).await?;
        assert_eq!(told(browser).await?, json!(["closed snoozed", "closed dismissed true"]));
        Ok(())
    });
}

/// A bar that the shop has fixed to the lower edge stays free.
#[test]
fn a_bar_of_the_shop_stays_free() {
    on_a_page(async |browser| {
        browser.run("const bar = document.body.appendChild(document.createElement('nav')); bar.id = 'bar'; bar.textContent = 'Basket'; bar.style.cssText = 'position:fixed;inset:auto 0 0;height:64px;background:#eee'").await?;
        show(browser, "nps", json!({})).await?;
        let [card, bar] = [
            "root.querySelector('.card').getBoundingClientRect().bottom",
            "document.getElementById('bar').getBoundingClientRect().top",
        ]
        .map(str::to_owned);
        ensure!(inside(browser, &format!("{card} <= {bar}")).await? == true, "the card covers the bar");
        Ok(())
    });
}

/// On a machine four times slower, with the files in the cache, a prompt is painted 200 ms after what opens it.
#[test]
fn it_opens_at_once() {
    browser::alone(None, async |browser| {
        let server = Server::start()?;
        let more = r#"data-prompts="/prompts.json" data-consent="api""#;
        let site = Site::start(Page::new(tag(&server.origin, &server.collector(), more))).await?;
        let open = "return new Promise((go) => {
            const began = performance.now();
            polku.prompt.open('order-nps');
            const look = () => document.querySelector('[data-polku-prompt]') ? requestAnimationFrame(() => setTimeout(() => go(performance.now() - began))) : setTimeout(look, 1);
            look();
        })";
        let mut took = Vec::new();
        for round in 0..6 {
            browser.open(&site.at("/")).await?;
            browser.run("polku('consent', { measure: true })").await?;
            // Where the shop's prompts are known there is a place to announce them.
            browser.until("document.querySelector('[data-polku-status]')").await?;
            browser.run("return new Promise((go) => setTimeout(go, 300))").await?;
            browser.cdp("Emulation.setCPUThrottlingRate", json!({ "rate": 4 })).await?;
            let ms = browser.run(open).await?.as_f64().unwrap_or(f64::MAX);
            browser.cdp("Emulation.setCPUThrottlingRate", json!({ "rate": 1 })).await?;
            browser.run("polku.prompt.close()").await?;
            gone(browser).await?;
            // The first fetches, and is not counted.
            if round > 0 {
                took.push(ms);
            }
        }
        took.sort_by(f64::total_cmp);
        eprintln!("from the call to the painted card, in ms: {took:?}");
        ensure!(took[took.len() / 2] <= 200.0, "{took:?}");
        Ok(())
    });
}

/// A14: whoever wants less motion sees none, and no fade that is longer than 80 ms.
#[test]
fn less_motion() {
    on_a_page(async |browser| {
        let features = json!([{ "name": "prefers-reduced-motion", "value": "reduce" }]);
        browser.cdp("Emulation.setEmulatedMedia", json!({ "media": "", "features": features })).await?;
        let moves = format!(
            "{ROOT}.getAnimations().map((one) => [one.effect.getTiming().duration, ...one.effect.getKeyframes().flatMap((frame) => Object.keys(frame))])
                .filter(([ms, ...names]) => ms > 80 || names.some((name) => /translate|scale|rotate|transform|height/.test(name)))"
        );
        show(browser, "chat", json!({})).await?;
        assert_eq!(browser.value(&moves).await?, json!([]));
        browser
            .run(&format!(
                "{ROOT}.querySelector('[value=\"2\"]').click(); {ROOT}.querySelector('[data-do=send]').click()"
            ))
            .await?;
        assert_eq!(browser.value(&moves).await?, json!([]));
        // The same with motion, so that it is known that there is some.
        browser.cdp("Emulation.setEmulatedMedia", json!({ "media": "", "features": [] })).await?;
        browser.run("return looks.show('chat')").await?;
        ensure!(browser.value(&moves).await? != json!([]), "nothing moves at all");
        Ok(())
    });
}

/// A18: a screen keyboard lies over the window's lower part; the sheet climbs above it, and what is sent can be seen.
#[test]
fn above_the_screen_keyboard() {
    on_a_page(async |browser| {
        browser.become_phone().await?;
        show(browser, "text", json!({})).await?;
        browser.run("Object.defineProperty(visualViewport, 'height', { value: innerHeight - 320, configurable: true }); visualViewport.dispatchEvent(new Event('resize'))").await?;
        browser
            .until(&format!(
                "{ROOT}.querySelector('[data-do=send]').getBoundingClientRect().bottom <= innerHeight - 320"
            ))
            .await?;
        // Else phones enlarge the page as the field is entered.
        assert_eq!(
            inside(browser, "parseFloat(getComputedStyle(root.querySelector('textarea')).fontSize) >= 16").await?,
            true
        );
        browser.run("delete visualViewport.height; visualViewport.dispatchEvent(new Event('resize'))").await?;
        browser
            .until(&format!("{ROOT}.querySelector('.card').getBoundingClientRect().bottom > innerHeight - 300"))
            .await?;
        Ok(())
    });
}

/// What assistive technology is given: the role, the name and the properties of each node that is not left out.
async fn tree(browser: &Browser) -> Result<Vec<(String, String, Value)>> {
    browser.cdp("Accessibility.enable", json!({})).await?;
    let tree = browser.cdp("Accessibility.getFullAXTree", json!({})).await?;
    let nodes = tree["nodes"].as_array().cloned().unwrap_or_default();
    let said = |value: &Value| value["value"].as_str().unwrap_or_default().to_owned();
    let seen = nodes.iter().filter(|node| node["ignored"] != true);
    Ok(seen.map(|node| (said(&node["role"]), said(&node["name"]), node["properties"].clone())).collect())
}

fn property<'a>(properties: &'a Value, name: &str) -> &'a Value {
    let found = properties.as_array().and_then(|all| all.iter().find(|one| one["name"] == name));
    found.map_or(&Value::Null, |one| &one["value"]["value"])
}

/// A1, A3, A6, A7 as assistive technology has them: what opened is said by a region that was there before, politely and once; the question names the dialog and its scale.
#[test]
fn what_assistive_technology_is_told() {
    on_a_page(async |browser| {
        browser.run("const status = document.body.appendChild(document.createElement('div')); status.id = 'told'; status.setAttribute('role', 'status')").await?;
        let before = tree(browser).await?;
        ensure!(before.iter().any(|(role, ..)| role == "status"), "the region is there before anything is said");
        browser
            .run("return looks.show('chat', 'en', { user: false, status: document.getElementById('told') })")
            .await?;
        browser.until("document.getElementById('told').textContent").await?;
        let now = tree(browser).await?;
        let find = |role: &str| now.iter().filter(|one| one.0 == role).collect::<Vec<_>>();
        let regions = find("status");
        ensure!(regions.iter().any(|(_, _, how)| property(how, "live") == "polite" && property(how, "atomic") == true));
        let said = now.iter().filter(|(role, name, _)| role == "StaticText" && name.contains("Press F8 to go there"));
        assert_eq!(said.count(), 1, "it is said once");
        let question = "How easy or difficult was it to complete your order?";
        let dialogs = find("dialog");
        assert_eq!(dialogs.iter().map(|one| one.1.as_str()).collect::<Vec<_>>(), [question]);
        assert_eq!(*property(&dialogs[0].2, "modal"), json!(false));
        assert_eq!(find("radiogroup").iter().map(|one| one.1.as_str()).collect::<Vec<_>>(), [question]);
        let points = find("radio");
        assert_eq!(points.len(), 7);
        ensure!(points[1].1.starts_with("2 / 7"), "{:?}", points[1].1);
        ensure!(find("log").iter().any(|(_, name, how)| !name.is_empty() && property(how, "live") == "polite"));
        let nameless = now.iter().filter(|(role, name, _)| role == "button" && name.is_empty());
        assert_eq!(nameless.count(), 0, "a button without a name");
        Ok(())
    });
}

/// A21: nothing goes away while nobody does anything; A23, A24: what a hand could drag has a button, and the ways to help stand where they stood.
#[test]
fn there_is_time() {
    on_a_page(async |browser| {
        // Every timer that is set from now on rings within a moment.
        browser.run("const later = setTimeout; window.setTimeout = (run, ms, ...rest) => later(run, Math.min(ms, 20), ...rest)").await?;
        for name in ["nps", "text", "help"] {
            show(browser, name, json!({})).await?;
            browser.run("return new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(() => (window.requestIdleCallback ?? setTimeout)(go))))").await?;
            assert_eq!(inside(browser, "root.querySelector('.card').checkVisibility()").await?, true, "{name}");
            assert_eq!(inside(browser, "root.querySelector('[data-do=fold]').checkVisibility()").await?, true);
        }
        let order = "[...root.querySelectorAll('.go')].map((one) => one.textContent)";
        let first = inside(browser, order).await?;
        browser.run(&format!("{ROOT}.querySelector('[data-do=fold]').click()")).await?;
        browser.run(&format!("{ROOT}.querySelector('[data-do=open]').click()")).await?;
        assert_eq!(inside(browser, order).await?, first);
        assert_eq!(first.as_array().map(Vec::len), Some(3), "{first}");
        Ok(())
    });
}

/// A22: from the first question to the thanks and away, by keys alone, through every kind of field.
#[test]
fn all_of_it_by_keys() {
    on_a_page(async |browser| {
        let keys: [(&str, &[&str]); 8] = [
            ("nps", &["9"]),
            ("faces", &["4"]),
            ("stars", &["5"]),
            ("single", &[" "]),
            ("multi", &[" "]),
            ("yesno", &[" "]),
            ("text", &["It was slow"]),
            ("line", &["A cup"]),
        ];
        for (name, typed) in keys {
            show(browser, name, json!({ "user": true })).await?;
            assert_eq!(focus(browser).await?, "card q", "{name}");
            browser.press(Key::Tab).await?;
            for keys in typed {
                browser.press(*keys).await?;
            }
            for _ in 0..8 {
                if focus(browser).await? == "card send" {
                    break;
                }
                browser.press(Key::Tab).await?;
            }
            assert_eq!(focus(browser).await?, "card send", "{name}");
            browser.press(Key::Enter).await?;
            browser.until(&format!("{ROOT}.querySelector('.end')")).await?;
            assert_eq!(focus(browser).await?, "card q", "{name}: the thanks are gone to");
            browser.press(Key::Escape).await?;
            gone(browser).await?;
        }
        Ok(())
    });
}
