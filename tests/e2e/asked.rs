//! What a prompt owes whoever is asked: a way out that is as easy as the way in, word of what goes where, and a text that is nowhere before it
//! is sent.

use anyhow::{Result, ensure};
use serde_json::{Value, json};

use crate::Done;
use crate::browser::{self, Browser};
use crate::house::House;
use crate::walk::Prompt;

/// The card's root.
const ROOT: &str = "document.querySelector('[data-polku-prompt]').shadowRoot";

/// What is in the card, by an expression of its root `card`.
async fn card(browser: &Browser, expression: &str) -> Result<Value> {
    browser.run(&format!("const card = {ROOT}; return {expression}")).await
}

/// A shopper who has not decided, in the mode feedback, at the thanks page, where the prompt has opened.
async fn asked(browser: &Browser, house: &House) -> Done {
    let shopper = house.shopper(browser);
    shopper.open("/").await?;
    browser.follow("[data-test=feedback-switch]").await?;
    shopper.refuse().await?;
    shopper.buy().await?;
    Prompt(browser).opens().await
}

#[test]
fn refusing_is_as_easy_as_answering() {
    browser::with(async |browser| {
        let house = House::open().await?;
        for out in ["[data-do=later]", "[data-do=close]", "Escape"] {
            asked(browser, &house).await?;
            let prompt = Prompt(browser);
            prompt.enter().await?;
            if out == "Escape" {
                browser.press(thirtyfour::Key::Escape + "").await?;
            } else {
                // One action, reached by the same keys, and no smaller than what sends (WCAG 2.5.8: 24 px).
                if out == "[data-do=close]" {
                    // It stands before the question.
                    browser.press_with_shift(thirtyfour::Key::Tab + "").await?;
                    assert_eq!(card(browser, "card.activeElement?.dataset.do").await?, "close");
                } else {
                    prompt.tab_to(out).await?;
                }
                let size = async |what: &str| -> Result<(f64, f64)> {
                    let it = card(browser, &format!("(({{ width, height }}) => [width, height])(card.querySelector('{what}').getBoundingClientRect())")).await?;
                    Ok((it[0].as_f64().unwrap_or_default(), it[1].as_f64().unwrap_or_default()))
                };
                let (way_out, send) = (size(out).await?, size("[data-do=send]").await?);
                ensure!(way_out.0 >= 24.0 && way_out.1 >= 24.0, "{out}: {way_out:?}");
                ensure!(way_out.1 >= send.1 * 0.8, "{out} is {way_out:?}, what sends is {send:?}");
                browser.press(thirtyfour::Key::Enter + "").await?;
            }
            prompt.is_gone().await?;
            // Not again on this page, whatever happens on it.
            browser.run("polku.track('purchase', { transaction_id: 'again' }); return polku.flush()").await?;
            let since = browser.value("performance.now()").await?.as_f64().unwrap_or_default();
            browser.until(&format!("performance.now() > {since} + 2500")).await?;
            ensure!(browser.value("!document.querySelector('[data-polku-prompt]')").await? == true, "after {out}");
            browser.run("document.cookie = 'polku_quiet=; path=/; max-age=0'; document.cookie = 'kk_mode=; path=/; max-age=0'; document.cookie = 'kk_consent=; path=/; max-age=0'").await?;
        }
        ensure!(house.batches().is_empty());
        Ok(())
    });
}

#[test]
fn before_send_the_card_says_what_goes_where() {
    browser::with(async |browser| {
        let house = House::open().await?;
        asked(browser, &house).await?;
        let prompt = Prompt(browser);
        prompt.enter().await?;
        let question = prompt.question().await?;
        prompt.tab_to("input[type=radio]").await?;
        browser.press(thirtyfour::Key::End + "").await?;
        prompt.tab_to("[data-do=why]").await?;
        browser.press(thirtyfour::Key::Enter + "").await?;
        let why =
            card(browser, "[...card.querySelectorAll('#why p, .note p')].map((one) => one.textContent).join('\\n')")
                .await?;
        let why = why.as_str().unwrap_or_default();
        let host = house.proxy.origin.trim_start_matches("http://").split(':').next().unwrap_or_default();
        for said in ["No name or e-mail is attached", "learns what works", "Only this answer is sent", host] {
            ensure!(why.contains(said), "{said} is not in {why}");
        }
        ensure!(!why.to_lowercase().contains("anonym"), "{why}");
        // What is shown is what leaves.
        let shown = card(browser, "JSON.parse(card.querySelector('#why pre').textContent)").await?;
        card(browser, "card.querySelector('[data-do=send]').click()").await?;
        prompt.question_after(&question).await?;
        crate::wait::until("the answer", async || Ok((house.server.count("events")? == 1).then_some(()))).await?;
        let batches = house.batches();
        let sent = &batches[0]["events"][0]["data"];
        for (name, value) in shown.as_object().into_iter().flatten() {
            ensure!(
                sent.get(name) == Some(value) || batches[0].to_string().contains(&value.to_string()),
                "{name}: {value} is not in {sent}"
            );
        }
        ensure!(sent["score"] == 10 && shown["score"] == 10, "{shown}");
        // The text field warns before anything is written.
        let hint = card(browser, "card.querySelector('textarea').closest('.step').textContent").await?;
        ensure!(hint.as_str().is_some_and(|hint| hint.contains("don’t write names")), "{hint}");
        Ok(())
    });
}

/// Everywhere a text could be: attributes, other texts, storage, cookies, the address, what the console was told.
const EVERYWHERE: &str = "
    const found = [];
    const look = (root) => {
        for (const element of root.querySelectorAll('*')) {
            for (const { name, value } of element.attributes) found.push(['attribute ' + name, value]);
            if (element.shadowRoot) look(element.shadowRoot);
            if (!element.children.length) found.push([element.tagName, element.textContent]);
        }
    };
    look(document);
    for (const area of [localStorage, sessionStorage]) for (const key of Object.keys(area)) found.push([key, area.getItem(key)]);
    found.push(['cookie', document.cookie], ['address', location.href], ['title', document.title], ['name', window.name]);
    for (const one of window.said) found.push(['console', one]);
    return found.filter(([, text]) => text.includes(arguments[0])).map(([place]) => place);";

#[test]
fn what_is_written_is_nowhere_but_in_its_field() {
    browser::with(async |browser| {
        let house = House::open().await?;
        browser
            .before_each_page(
                "window.said = []; for (const how of ['log', 'info', 'warn', 'error', 'debug']) {
                    const run = console[how];
                    console[how] = (...args) => { said.push(args.map(String).join(' ')); run.apply(console, args); };
                }",
            )
            .await?;
        asked(browser, &house).await?;
        let prompt = Prompt(browser);
        let question = prompt.begins_with_ten().await?;
        let secret = "anna.exempel@example.com";
        prompt.tab_to("textarea").await?;
        browser.press(format!("Write to {secret} please")).await?;
        let places = async || browser.run(&EVERYWHERE.replace("arguments[0]", &format!("{secret:?}"))).await;
        assert_eq!(places().await?, json!([]), "while it is written it is a value of its field alone");
        // What would leave is shown without it.
        prompt.tab_to("[data-do=why]").await?;
        browser.press(thirtyfour::Key::Enter + "").await?;
        let shown = card(browser, "card.querySelector('#why pre').textContent").await?;
        ensure!(shown.as_str().is_some_and(|shown| shown.contains("[email]") && !shown.contains(secret)), "{shown}");
        assert_eq!(places().await?, json!([]));
        card(browser, "card.querySelector('[data-do=send]').click()").await?;
        prompt.question_after(&question).await?;
        crate::wait::until("both answers", async || Ok((house.server.count("events")? == 2).then_some(()))).await?;
        assert_eq!(places().await?, json!([]), "it is gone with its field");
        for seen in house.proxy.seen() {
            ensure!(!seen.body.contains("anna.exempel") && !seen.path.contains("anna.exempel"), "{}", seen.path);
        }
        Ok(())
    });
}
