//! Who has not decided, has refused, or is said to agree by a default: not a request but for Polku's own files, nothing stored, nothing read
//! but what the platform itself keeps (P01, P02).

use anyhow::ensure;
use serde_json::{Value, json};

use super::Stage;
use crate::browser;
use crate::collector::Answer;
use crate::wait::until;

const STORAGE: &str = include_str!("../../pages/storage-traps.js");

/// Each platform, and what makes it grant by itself.
const ALL: [(&str, &str); 13] = [
    ("tcf", "byDefault"),
    ("google", "byDefault"),
    ("cookiebot", "byDefault"),
    ("onetrust", "byDefault"),
    ("usercentrics-v2", "byDefault"),
    ("usercentrics-v3", "byDefault"),
    ("didomi", "byDefault"),
    ("klaro", "byDefault"),
    ("cookieyes", "byDefault"),
    ("cookie-information", "byDefault"),
    ("complianz", "byDefault"),
    ("wp-consent", "byDefault:optout"),
    ("shopify", "byDefault"),
];

#[test]
fn without_a_choice_nothing_is_stored_and_nothing_leaves() {
    browser::with(async |browser| {
        for (platform, default) in ALL {
            let stage = Stage::set(browser, &[platform]).await?;
            for state in ["undecided", default, "deny"] {
                let what = format!("{platform}, {state}");
                stage.walk("pk_silent", &[state, "load"], "").await?;
                browser.run(&format!("{STORAGE}; window.requests = seen.requests.length")).await?;
                browser.run(&format!("return drive(['tag'], {})", json!(stage.tag("pk_silent", "")))).await?;
                let shop = "polku.track('view_item', { value: 20 }); polku.track('add_to_cart'); polku.page('/cart'); polku.track('purchase', { transaction_id: 'A1', value: 20 });";
                browser.run(&format!("{shop}; polku.journey(); return polku.flush()")).await?;
                // Hidden and seen again, as by another tab; then the page is left.
                browser.run("for (const type of ['visibilitychange', 'pagehide', 'pageshow', 'online']) dispatchEvent(new Event(type)); return polku.flush()").await?;
                // Who refuses has what earlier pages left behind forgotten, which takes a look at it.
                let kept = "stored.filter((one) => !/^(get|remove)Item polku:1:calls$/.test(one))";
                assert_eq!(browser.value(if state == "deny" { kept } else { "stored" }).await?, json!([]), "{what}");
                let requests =
                    browser.value("seen.requests.slice(requests).filter((url) => !url.includes('/polku/'))").await?;
                assert_eq!(requests, json!([]), "{what}");
                let left =
                    "Object.keys({ ...localStorage, ...sessionStorage }).filter((key) => !key.startsWith('double-'))";
                assert_eq!(browser.value(left).await?, json!([]), "{what}");
                assert_eq!(
                    browser
                        .value("[polku.journey(), name, document.documentElement.dataset.polkuStage ?? null]")
                        .await?,
                    json!([null, "", null]),
                    "{what}"
                );
                browser.open(&stage.site.at("/plain")).await?;
            }
            assert_eq!(stage.collector.bodies(), Vec::<String>::new(), "{platform}");
        }
        Ok(())
    });
}

/// The traps see what there is to be seen.
#[test]
fn with_a_choice_the_traps_see_it() {
    browser::with(async |browser| {
        let stage = Stage::set(browser, &["cookiebot"]).await?;
        stage.walk("pk_silent", &["undecided", "load"], "").await?;
        browser.run(STORAGE).await?;
        browser.run(&format!("return drive(['tag'], {})", json!(stage.tag("pk_silent", "")))).await?;
        browser.run("return drive(['grant'])").await?;
        browser.until("polku.journey()").await?;
        browser.run("return polku.flush()").await?;
        browser.until("stored.some((one) => one === 'setItem polku:1:visit')").await?;
        until("a batch", async || Ok((!stage.collector.bodies().is_empty()).then_some(()))).await?;
        let others = browser
            .value("stored.filter((one) => !/^(set|get|remove)Item polku:1:|^cookie CookieConsent=/.test(one))")
            .await?;
        assert_eq!(others, json!([]), "it stores nowhere else");
        Ok(())
    });
}

/// As where a shop tells what its platform tells as well.
#[test]
fn a_withdrawal_that_is_told_again_is_one_erase() {
    browser::with(async |browser| {
        let stage = Stage::set(browser, &["complianz"]).await?;
        for more in [
            "polku.consent({ measure: false })",
            "polku.withdraw()",
            "cmp.deny(); polku.consent({ measure: false }); polku.withdraw()",
        ] {
            stage.walk("pk_twice", &["grant", "load", "tag"], "").await?;
            stage.ends(&json!({ "measure": "granted" })).await?;
            browser.run("polku.track('view_item', { value: 20 }); return polku.flush()").await?;
            until("what there is to erase", async || {
                Ok(stage.collector.bodies().last().filter(|body| body.contains("view_item")).map(drop))
            })
            .await?;
            let before = stage.collector.bodies().len();
            browser.run(&format!("polku.withdraw(); {more}; return drive(['withdraw'])")).await?;
            stage.collector.requests(before + 1).await?;
            browser.run("polku.track('purchase', { value: 20 }); return polku.flush()").await?;
            browser.open(&stage.site.at("/plain")).await?;
            let after = &stage.collector.bodies()[before..];
            ensure!(after.len() == 1 && after[0].contains(r#""name":"erase""#), "{more}: {after:?}");
        }
        Ok(())
    });
}

/// The shopper takes the consent back on the platform's own window: while requests fail and are tried again, while there is no network, with
/// another tab open. One erase leaves, and nothing after it.
#[test]
fn a_withdrawal_on_the_platform_leaves_one_erase() {
    browser::with(async |browser| {
        let stage = Stage::set(browser, &["complianz"]).await?;
        stage.walk("pk_gone", &["grant", "load", "tag"], "").await?;
        stage.ends(&json!({ "measure": "granted", "since": "earlier" })).await?;
        browser.run("polku.track('view_item', { value: 20 }); return polku.flush()").await?;
        until("a batch", async || Ok((!stage.collector.bodies().is_empty()).then_some(()))).await?;
        browser.until("localStorage.getItem('polku:1:visit')").await?;
        // The other tab, with what it cannot send.
        let first = browser.window().await?;
        let second = browser.open_window(&stage.site.at("/")).await?;
        browser.run(&format!("return drive(['load', 'tag'], {})", json!(stage.tag("pk_gone", "")))).await?;
        stage.ends(&json!({ "measure": "granted", "since": "earlier" })).await?;
        browser.run("return polku.flush()").await?;
        stage.collector.becomes(Answer::Status(500));
        browser.run("polku.track('add_to_cart'); polku.flush()").await?;
        browser.to(&first).await?;
        browser.run("polku.track('view_cart'); polku.flush()").await?;
        let before = stage.collector.bodies().len();
        until("requests that fail", async || Ok((stage.collector.bodies().len() > before).then_some(()))).await?;
        // No network as the shopper withdraws.
        let offline =
            |off: bool| json!({ "offline": off, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
        browser.cdp("Network.emulateNetworkConditions", offline(true)).await?;
        browser.run("return drive(['withdraw'])").await?;
        stage.ends(&json!({ "measure": "denied", "since": "now", "by": "complianz" })).await?;
        until("nothing is stored", async || {
            let left = browser
                .value("Object.keys({ ...localStorage, ...sessionStorage }).filter((key) => key.startsWith('polku'))")
                .await?;
            Ok((left == json!([])).then_some(()))
        })
        .await?;
        // What the other tab had under way has come; from here on nothing may.
        let before = stage.collector.bodies().len();
        stage.collector.becomes(Answer::Good);
        browser.cdp("Network.emulateNetworkConditions", offline(false)).await?;
        browser
            .run("dispatchEvent(new Event('online')); polku.track('purchase', { value: 20 }); return polku.flush()")
            .await?;
        browser.to(&second).await?;
        browser
            .run("polku.track('purchase', { value: 20 }); dispatchEvent(new Event('online')); return polku.flush()")
            .await?;
        assert_eq!(browser.value("polku.journey()").await?, Value::Null);
        // Longer than the longest first retry.
        let now = browser.value("performance.now()").await?;
        browser.until(&format!("performance.now() > {now} + 3000")).await?;
        browser.open(&stage.site.at("/plain")).await?;
        browser.to(&first).await?;
        browser.open(&stage.site.at("/plain")).await?;
        let after: Vec<Value> =
            stage.collector.bodies()[before..].iter().filter_map(|body| serde_json::from_str(body).ok()).collect();
        for batch in &after {
            let events = batch["events"].as_array().cloned().unwrap_or_default();
            ensure!(events.len() == 1 && events[0]["name"] == "erase", "{batch}");
        }
        assert_eq!(after.len(), 1, "{after:#?}");
        assert_eq!(
            browser
                .value("Object.keys({ ...localStorage, ...sessionStorage }).filter((key) => key.startsWith('polku'))")
                .await?,
            json!([])
        );
        Ok(())
    });
}
