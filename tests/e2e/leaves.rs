//! What is read, stored and sent in each state of consent, held against `tests/leaves/table.json`, over whole visits to the demo shop.

use anyhow::{Result, ensure};
use serde_json::Value;

use crate::Done;
use crate::browser::{self, Browser};
use crate::house::House;
use crate::leaves_table::{may_be_stored, strangers};
use crate::walk::{Prompt, Shopper};

/// Tells what Polku's own code reads and writes.
const ACCESS: &str = include_str!("../pages/access.js");
/// The shop's tag says `data-remember="no"`.
const FORGETFUL: &str = "new MutationObserver(() => {
    for (const tag of document.querySelectorAll('script[data-key]')) tag.dataset.remember = 'no';
}).observe(document, { childList: true, subtree: true });";
/// What Polku may look at beyond storage, and why.
const LOOKS: [&str; 9] = [
    // The device's class: coarse pointer or not.
    "matchMedia (pointer:coarse)",
    // Who saves data is not asked.
    "navigator.connection get",
    "matchMedia (prefers-reduced-data:reduce)",
    // Robots are no shoppers.
    "navigator.webdriver get",
    // Signals of the shopper, which are to be heard.
    "navigator.globalPrivacyControl get",
    "navigator.doNotTrack get",
    // No property of the device: whoever holds the tab's name.
    "navigator.locks get",
    // … whether there is a network at all.
    "navigator.onLine get",
    // … to wait with what may wait.
    "navigator.scheduling get",
];

/// Looks at what lies on the device and at what Polku did on this page: nothing is there, and nothing was done, that the table does not know
/// where these states hold.
async fn look(browser: &Browser, house: &House, states: &[&str], at: &str) -> Done {
    let stored = browser
        .run(
            "return { localStorage: Object.keys(localStorage), sessionStorage: Object.keys(sessionStorage),
                cookie: document.cookie.split('; ').filter(Boolean).map((one) => one.split('=')[0]), name: window.name,
                access: [...new Set(window.access)] }",
        )
        .await?;
    let words = |of: &str| stored[of].as_array().into_iter().flatten().filter_map(Value::as_str).collect::<Vec<_>>();
    for place in ["localStorage", "sessionStorage", "cookie"] {
        for key in words(place).into_iter().filter(|key| !key.starts_with("kk_")) {
            ensure!(may_be_stored(place, key, states), "{at}: {key} in {place} with {states:?}");
        }
    }
    ensure!(stored["name"] == "", "{at}: window.name");
    for access in words("access") {
        let mut parts = access.splitn(3, ' ');
        let (what, how, key) =
            (parts.next().unwrap_or_default(), parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let fine = match what {
            // Who refuses is looked for what an earlier grant has left: its keys, and not what they hold.
            "localStorage" | "sessionStorage" if how == "get" => !states.is_empty(),
            "localStorage" | "sessionStorage" if how == "removeItem" => {
                key.starts_with("polku:1:") && !states.is_empty()
            }
            "localStorage" | "sessionStorage" => may_be_stored(what, key, states),
            "cookie" => states.contains(&"quiet"),
            "request" => how == house.proxy.origin,
            "typed" => ["in our own prompt", "outside of fields"].iter().any(|place| access.ends_with(place)),
            _ => LOOKS.contains(&access),
        };
        ensure!(fine, "{at}: Polku did \"{access}\" with {states:?}");
    }
    Ok(())
}

/// A whole visit, looked at on every page, with `decide` on the first.
async fn visit(browser: &Browser, house: &House, states: &[&str], decide: impl AsyncFn(&Shopper<'_>) -> Done) -> Done {
    browser.before_each_page(ACCESS).await?;
    let shopper = house.shopper(browser);
    let seen = async |at: &str| -> Done {
        browser.run("return polku.flush()").await?;
        look(browser, house, states, at).await
    };
    shopper.open("/").await?;
    decide(&shopper).await?;
    seen("front").await?;
    shopper.choose("SKU-101").await?;
    shopper.add_to_cart().await?;
    browser.hammer("h1", 6).await?;
    seen("product").await?;
    shopper.to_cart().await?;
    seen("cart").await?;
    shopper.to_checkout().await?;
    shopper.pay_with_a_wrong_form().await?;
    shopper.fill().await?;
    shopper.pay_declined().await?;
    seen("checkout").await?;
    shopper.pay().await?;
    seen("thanks").await
}

fn check_sent(house: &House) -> Result<usize> {
    let batches = house.batches();
    for batch in &batches {
        let found = strangers(batch);
        ensure!(found.is_empty(), "{found:?}");
    }
    Ok(batches.len())
}

/// The words of the checkout's form: they are typed in every visit above, and must be nowhere in what left.
fn typed(house: &House) -> Done {
    for body in house.proxy.seen().iter().filter(|seen| seen.path.starts_with("/v1/")).map(|seen| &seen.body) {
        for word in ["Anna", "anna.", "@example", "Testikatu", "00510", "Helsinki"] {
            ensure!(!body.contains(word), "{word} left: {body}");
        }
    }
    Ok(())
}

#[test]
fn without_a_decision_nothing_is_read_stored_or_sent() {
    browser::with(async |browser| {
        let house = House::open().await?;
        visit(browser, &house, &[], async |_| Ok(())).await?;
        ensure!(check_sent(&house)? == 0 && house.server.count("events")? == 0);
        Ok(())
    });
}

#[test]
fn after_a_refusal_nothing_is_read_stored_or_sent() {
    browser::with(async |browser| {
        let house = House::open().await?;
        visit(browser, &house, &["refused"], async |shopper| shopper.refuse().await).await?;
        ensure!(check_sent(&house)? == 0 && house.server.count("events")? == 0);
        Ok(())
    });
}

#[test]
fn with_measure_alone_what_the_table_says_is_stored_and_sent() {
    browser::with(async |browser| {
        let house = House::open().await?;
        browser.before_each_page(FORGETFUL).await?;
        visit(browser, &house, &["measure"], async |shopper| {
            shopper.accept().await?;
            browser.until("localStorage.getItem('polku:1:visit')").await?;
            Ok(())
        })
        .await?;
        ensure!(check_sent(&house)? > 3);
        typed(&house)
    });
}

#[test]
fn with_remember_what_the_table_says_is_stored_and_sent() {
    browser::with(async |browser| {
        let house = House::open().await?;
        visit(browser, &house, &["measure", "remember"], async |shopper| {
            shopper.accept().await?;
            browser.until("localStorage.getItem('polku:1:past')").await?;
            Ok(())
        })
        .await?;
        ensure!(check_sent(&house)? > 3);
        // The prompt on the page of thanks: what is typed there is read, and what is shown leaves.
        let prompt = Prompt(browser);
        prompt.opens().await?;
        prompt.begins_with_ten().await?;
        look(browser, &house, &["measure", "remember"], "prompt").await?;
        browser.open("about:blank").await?;
        check_sent(&house)?;
        typed(&house)
    });
}

#[test]
fn in_the_mode_feedback_only_what_the_table_says_of_an_answer_leaves() {
    browser::with(async |browser| {
        let house = House::open().await?;
        visit(browser, &house, &["quiet"], async |shopper| {
            browser.follow("[data-test=feedback-switch]").await?;
            shopper.refuse().await
        })
        .await?;
        ensure!(check_sent(&house)? == 0);
        let prompt = Prompt(browser);
        prompt.opens().await?;
        prompt.begins_with_ten().await?;
        crate::wait::until("the answer", async || Ok((house.server.count("events")? == 1).then_some(()))).await?;
        look(browser, &house, &["quiet"], "prompt").await?;
        ensure!(check_sent(&house)? == 1);
        typed(&house)
    });
}
