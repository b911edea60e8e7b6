//! What the words of several sources come to, and what a shop may choose.

use anyhow::{Result, ensure};
use serde_json::{Value, json};

use super::Stage;
use crate::Done;
use crate::browser;
use crate::site::{Page, Site};

const RESOLVE: &str = include_str!("../../../www/part/consent/resolve.js");

/// A page with nothing but the function.
async fn resolve(browser: &browser::Browser, cases: &str) -> Result<Value> {
    let site = Site::start(Page::default()).await?;
    site.file("/resolve.js", 200, "text/javascript", RESOLVE);
    browser.open(&site.at("/")).await?;
    browser.run(&format!("const {{ resolve }} = await import('/resolve.js'); {cases}")).await
}

#[test]
fn several_words_come_to_one() {
    browser::with(async |browser| {
        let told = resolve(
            browser,
            r#"
            const word = (by, says, earlier) => ({ by, says, earlier });
            const google = (says) => ({ by: "google", says, relay: true });
            const said = ({ says, by, earlier }) => `${says} ${by} ${!!earlier}`;
            return [
              [[], {}],
              [[word("api"), word("klaro", null)], {}],
              [[word("api"), word("klaro", true, true)], {}],
              [[word("api", true), word("klaro", false, true)], {}],
              [[word("api", false), word("klaro", true, true)], {}],
              [[word("didomi", true), word("klaro", true, true)], {}],
              [[word("didomi", "granted"), word("klaro", 1)], {}],
              [[], { signal: "gpc" }],
              [[word("klaro", null)], { signal: "dnt" }],
              [[word("klaro", true)], { signal: "gpc" }],
              [[word("klaro", true)], { signal: "gpc", always: "always" }],
              [[word("klaro", false)], { signal: "gpc" }],
              [[word("klaro", true)], { always: "always" }],
              [[word("api", true), word("klaro", null)], { named: "klaro" }],
              [[word("api", false), word("klaro", true)], { named: "klaro" }],
              [[word("api", true)], { named: "klaro", signal: "gpc" }],
              [[google(true)], {}],
              [[word("api", true), google(true)], {}],
              [[google(true), word("cookiebot", null)], {}],
              [[google(true), word("cookiebot")], {}],
              [[google(true), word("cookiebot", true)], {}],
              [[google(false), word("cookiebot", true)], {}],
            ].map(([words, why]) => said(resolve(words, why)));
            "#,
        )
        .await?;
        let expected = [
            "undefined undefined false",
            "undefined undefined false",
            "true klaro true",
            "false klaro true",
            "false api false",
            "true klaro true",
            "undefined undefined false",
            "false gpc true",
            "false dnt true",
            "true klaro false",
            "false gpc true",
            "false klaro false",
            "true klaro false",
            "undefined undefined false",
            "false api false",
            "false gpc true",
            "true google false",
            "true api false",
            "undefined undefined false",
            "true google false",
            "true cookiebot false",
            "false google false",
        ];
        assert_eq!(told, json!(expected));
        Ok(())
    });
}

/// Everything that three sources, a signal and a shop's choices can be: what must hold of all of it.
#[test]
fn nobody_who_refuses_is_outvoted() {
    browser::with(async |browser| {
        let told = resolve(
            browser,
            r#"
            const wrong = [];
            let count = 0;
            const says = [undefined, null, true, false, "true", 1, {}];
            for (const api of says) for (const a of says) for (const b of says) for (const relay of [false, true])
              for (const signal of [undefined, "gpc"]) for (const always of [undefined, "always"]) for (const named of [false, "a"]) {
                const words = [{ by: "api", says: api }, { by: "a", says: a }, { by: "b", says: b, relay }];
                const before = JSON.stringify(words);
                const { says: found, by } = resolve(words, { signal, always, named });
                count += 1;
                const is = [
                  [api, a, b].includes(false) && found !== false && "a refusal counts",
                  signal && always && found !== false && "strict is strict",
                  signal && found === undefined && "a signal is better than nothing",
                  found === true && ![api, a, b].includes(true) && "nobody has granted",
                  found === true && named && by !== "a" && "another may not",
                  found === true && relay && by === "b" && a !== undefined && "a default was passed on",
                  !(found === undefined || found === true || found === false) && "nonsense",
                  (found === undefined) !== (by === undefined) && "somebody says it",
                  JSON.stringify(words) !== before && "it changes what it is given",
                  !named && !relay && !signal && [api, a, b].includes(true) && ![api, a, b].includes(false) && found !== true && "a grant counts",
                ];
                for (const one of is) if (one) wrong.push(`${one}: ${JSON.stringify({ words, signal, always, named, found, by })}`);
              }
            return [count, wrong.slice(0, 5)];
            "#,
        )
        .await?;
        assert_eq!(told, json!([5488, []]));
        Ok(())
    });
}

async fn is(stage: &Stage<'_>, steps: &[&str], more: &str, expect: Value) -> Done {
    use anyhow::Context;
    let what = format!("{steps:?} with {more}");
    stage.walk("pk_words", steps, more).await.with_context(|| what.clone())?;
    stage.ends(&expect).await.context(what)
}

#[test]
fn only_the_platform_that_the_shop_names_may_grant() {
    browser::with(async |browser| {
        let stage = Stage::set(browser, &["cookiebot", "complianz"]).await?;
        let both = ["cookiebot.undecided", "complianz.undecided", "cookiebot.load", "complianz.load", "tag"];
        let named = r#"data-consent="cookiebot""#;
        let undecided = json!({ "measure": "undecided" });
        is(&stage, &[&both[..], &["complianz.grant"]].concat(), named, undecided.clone()).await?;
        let granted = json!({ "measure": "granted", "by": "cookiebot", "since": "now" });
        is(&stage, &[&both[..], &["cookiebot.grant"]].concat(), named, granted).await?;
        // The shop's own code may take it away, and not give it.
        browser.run("polku.consent({ measure: false })").await?;
        stage.ends(&json!({ "measure": "denied", "by": "api" })).await?;
        is(&stage, &both, named, undecided.clone()).await?;
        browser.run("polku.consent({ measure: true })").await?;
        stage.ends(&undecided).await?;
        // The shop alone: no platform is looked for.
        stage.walk("pk_words", &["cookiebot.grant", "cookiebot.load"], "").await?;
        let tag = r#"data-consent="api""#;
        browser
            .run(&format!("window.heard = [{{}}]; return drive(['tag'], {})", json!(stage.tag("pk_words", tag))))
            .await?;
        browser.run("return polku.flush()").await?;
        let parts = browser
            .value("performance.getEntriesByType('resource').filter(({ name }) => /part-consent/.test(name)).length")
            .await?;
        assert_eq!((parts, browser.value("polku.journey()").await?), (json!(0), Value::Null));
        browser.run("polku.consent({ measure: true })").await?;
        assert_eq!(browser.until("polku.journey()?.consent.measure.by").await?, "api");
        Ok(())
    });
}

#[test]
fn what_the_shop_says_is_one_more_source() {
    browser::with(async |browser| {
        let stage = Stage::set(browser, &["cookiebot"]).await?;
        is(&stage, &["cookiebot.deny", "cookiebot.load", "tag"], "", json!({ "measure": "denied", "by": "cookiebot" }))
            .await?;
        browser.run("polku.consent({ measure: true, since: 'earlier' })").await?;
        stage.ends(&json!({ "measure": "denied", "by": "cookiebot" })).await?;
        // Before its module comes as well.
        browser.reload().await?;
        browser.run("polku('consent', { measure: true, since: 'earlier', policy: 'v2' })").await?;
        let drive = |steps: Value| format!("return drive({steps}, {})", json!(stage.tag("pk_words", "")));
        browser.run(&drive(json!(["deny", "load", "tag"]))).await?;
        stage.ends(&json!({ "measure": "denied", "by": "cookiebot" })).await?;
        // Not even for a moment: what the platform says is waited for.
        browser.run("return polku.flush()").await?;
        assert_eq!(stage.collector.bodies(), Vec::<String>::new());
        // Where the platform has heard nothing, the shop's word is enough; and its policy is the evidence's, whoever grants.
        stage.walk("pk_words", &["undecided", "load", "tag"], "").await?;
        browser.run("polku.consent({ policy: 'v2' }); cmp.grant()").await?;
        stage.ends(&json!({ "measure": "granted", "remember": "granted", "by": "cookiebot" })).await?;
        assert_eq!(browser.value("polku.journey().consent.measure.policy").await?, "v2");
        browser.run("polku.consent({ remember: false })").await?;
        stage.ends(&json!({ "measure": "granted", "remember": "denied" })).await?;
        browser.run("polku.withdraw()").await?;
        stage.ends(&json!({ "measure": "denied", "by": "api", "since": "now" })).await
    });
}

#[test]
fn statistics_are_remembered_unless_the_shop_says_no() {
    browser::with(async |browser| {
        let stage = Stage::set(browser, &["cookiebot"]).await?;
        for (more, kept) in [("", true), (r#"data-remember="no""#, false), (r#"data-remember="yes""#, true)] {
            is(&stage, &["grant", "load", "tag"], more, json!({ "measure": "granted" })).await?;
            browser.run("return polku.flush()").await?;
            browser.until("localStorage.getItem('polku:1:visit') && sessionStorage.getItem('polku:1:tab')").await?;
            assert_eq!(browser.value("'polku:1:past' in localStorage").await?, kept, "{more}");
        }
        Ok(())
    });
}

#[test]
fn a_strict_shop_lets_the_signal_win() {
    browser::with(async |browser| {
        let stage = Stage::set(browser, &["gpc", "cookiebot"]).await?;
        let always = r#"data-gpc="always""#;
        for (signal, by) in [("gpc.deny", "gpc"), ("gpc.deny:dnt", "dnt"), ("gpc.deny:ms", "dnt")] {
            let denied = json!({ "measure": "denied", "by": by, "since": "earlier" });
            is(&stage, &[signal, "cookiebot.grant", "cookiebot.load", "tag"], always, denied.clone()).await?;
            is(
                &stage,
                &[signal, "cookiebot.undecided", "cookiebot.load", "tag", "cookiebot.grant"],
                always,
                denied.clone(),
            )
            .await?;
            is(&stage, &[signal, "tag"], &format!(r#"{always} data-consent="api""#), denied.clone()).await?;
            browser.run("polku.consent({ measure: true, since: 'earlier' })").await?;
            stage.ends(&denied).await?;
        }
        assert_eq!(stage.collector.bodies(), Vec::<String>::new());
        // Who does not object is measured as elsewhere.
        let granted = json!({ "measure": "granted", "by": "cookiebot" });
        is(&stage, &["gpc.grant", "cookiebot.grant", "cookiebot.load", "tag"], always, granted).await
    });
}

/// The ids that platforms let a shop choose.
#[test]
fn another_purpose_may_stand_for_statistics() {
    let cases: [(&str, &str, bool); 14] = [
        ("tcf", "7 9", true),
        ("tcf", "statistics", false),
        ("google", "ad_storage", true),
        ("google", "statistics", false),
        ("cookiebot", "marketing", true),
        ("onetrust", "c0004", true),
        ("usercentrics-v2", "Polku", true),
        ("usercentrics-v3", "Polku", true),
        ("usercentrics-v3", "marketing", true),
        ("didomi", "analytics", true),
        ("klaro", "analytics", true),
        ("cookieyes", "performance", true),
        ("complianz", "marketing", true),
        ("shopify", "marketing", true),
    ];
    for (platform, purpose, there) in cases {
        browser::with(async |browser| {
            let stage = Stage::set(browser, &[platform]).await?;
            let name = platform.split("-v").next().unwrap_or_default();
            let more = format!(r#"data-consent="{name}" data-consent-purpose="{purpose}""#);
            let expect =
                if there { json!({ "measure": "granted", "by": name }) } else { json!({ "measure": "undecided" }) };
            is(&stage, &["undecided", "load", "tag", "grant"], &more, expect).await
        });
    }
}

#[test]
fn a_purpose_that_is_not_there_is_named_once() {
    for platform in ["usercentrics-v2", "usercentrics-v3", "didomi", "klaro", "cookieyes"] {
        browser::with(async |browser| {
            let stage = Stage::set(browser, &[platform]).await?;
            let name = platform.split("-v").next().unwrap_or_default();
            let more = format!(r#"data-consent="{name}" data-consent-purpose="nowhere""#);
            is(&stage, &["grant", "load", "tag"], &more, json!({ "measure": "undecided" })).await?;
            let told = browser.until("seen.told()[0]").await?;
            ensure!(
                told.as_str().is_some_and(|told| told.starts_with(&format!("polku E502 {name} nowhere: "))),
                "{told}"
            );
            Ok(())
        });
    }
}

#[test]
fn a_platform_that_is_named_and_never_comes_is_told_of() {
    browser::with(async |browser| {
        let stage = Stage::set(browser, &["klaro"]).await?;
        // A minute in a second.
        browser.before_each_page("const slow = window.setTimeout; window.setTimeout = (run, wait, ...rest) => slow(run, wait > 200 ? wait / 60 : wait, ...rest);").await?;
        is(&stage, &["never", "load", "tag"], r#"data-consent="klaro""#, json!({ "measure": "undecided" })).await?;
        let told = browser.until("seen.told()[0]").await?;
        ensure!(told.as_str().is_some_and(|told| told.starts_with("polku E503 klaro: ")), "{told}");
        // Nothing is looked for any longer.
        let looking = "!seen.waiting().some((wait) => wait < 60_000)";
        browser.until(looking).await?;
        // Where none is named, none is missed.
        is(&stage, &["never", "load", "tag"], "", json!({ "measure": "undecided" })).await?;
        browser.until(looking).await?;
        assert_eq!(browser.value("seen.told()").await?, json!([]));
        Ok(())
    });
}

#[test]
fn destroy_takes_it_all_off_the_page() {
    for platform in ["tcf", "google", "cookiebot", "klaro", "usercentrics-v3", "shopify", "wp-consent"] {
        browser::with(async |browser| {
            let stage = Stage::set(browser, &[platform]).await?;
            stage.walk("pk_words", &["undecided", "load"], "").await?;
            browser.run("window.before = seen.listening(); window.push = window.dataLayer?.push").await?;
            browser.run(&format!("return drive(['tag'], {})", json!(stage.tag("pk_words", "")))).await?;
            ensure!(browser.value("seen.listening().length > before.length").await? == true, "{platform}: it listens");
            browser.run("polku.destroy()").await?;
            assert_eq!(browser.value("seen.listening()").await?, browser.value("before").await?, "{platform}");
            assert_eq!(browser.value("window.dataLayer?.push === window.push").await?, true, "{platform}");
            // What the shopper does afterwards is nobody's concern.
            let heard = browser.value("heard.length").await?;
            browser.run("return drive(['grant'])").await?;
            browser.until("!seen.waiting().length").await?;
            assert_eq!(browser.value("heard.length").await?, heard, "{platform}");
            assert_eq!(browser.value("seen.errors").await?, json!([]), "{platform}");
            Ok(())
        });
    }
}

/// The banner was there, what asks it was long in coming, and the shopper may have been quicker.
#[test]
fn a_choice_that_may_have_been_made_meanwhile_is_one_of_now() {
    browser::with(async |browser| {
        let stage = Stage::set(browser, &["cookiebot"]).await?;
        stage.walk("pk_slow", &["undecided", "tag"], "").await?;
        // More than a second for any file.
        let slow = json!({ "offline": false, "latency": 1500, "downloadThroughput": -1, "uploadThroughput": -1 });
        browser.cdp("Network.enable", json!({})).await?;
        browser.cdp("Network.setCacheDisabled", json!({ "cacheDisabled": true })).await?;
        browser.cdp("Network.emulateNetworkConditions", slow).await?;
        browser.run("return drive(['load', 'grant'])").await?;
        stage.ends(&json!({ "measure": "granted", "since": "now" })).await
    });
}

/// What this document observed before the grant counts where the choice was made before the document, and only there.
#[test]
fn a_grant_of_an_earlier_visit_keeps_what_the_page_observed() {
    browser::with(async |browser| {
        let stage = Stage::set(browser, &["cookiebot"]).await?;
        let shop = "polku.track('view_item', { value: 20 })";
        // The platform comes late with its record.
        stage.walk("pk_earlier", &["grant", "tag"], "").await?;
        browser.run(&format!("{shop}; cmp.load()")).await?;
        stage.ends(&json!({ "measure": "granted", "since": "earlier" })).await?;
        browser.run("return polku.flush()").await?;
        stage.walk("pk_now", &["undecided", "tag"], "").await?;
        browser.run(shop).await?;
        browser.run("return drive(['load'])").await?;
        browser.until("heard.length && performance.getEntriesByType('resource').some(({ name }) => name.includes('consent-cookiebot'))").await?;
        browser.run("return drive(['grant'])").await?;
        stage.ends(&json!({ "measure": "granted", "since": "now" })).await?;
        browser.run("return polku.flush()").await?;
        // After a refusal neither.
        stage.walk("pk_refused", &["undecided", "load", "tag", "deny"], "").await?;
        browser.run(shop).await?;
        browser.run("return drive(['grant'])").await?;
        stage.ends(&json!({ "measure": "granted", "since": "now" })).await?;
        browser.run("return polku.flush()").await?;
        let names = |key: &str| {
            let found = stage.collector.bodies().into_iter().filter(|body| body.contains(key));
            let batches = found.filter_map(|body| serde_json::from_str::<Value>(&body).ok());
            let names: Vec<String> = batches
                .flat_map(|batch| batch["events"].as_array().cloned().unwrap_or_default())
                .map(|event| event["name"].as_str().unwrap_or_default().to_owned())
                .filter(|name| ["page_view", "view_item"].contains(&name.as_str()))
                .collect();
            names
        };
        assert_eq!(names("pk_earlier"), ["page_view", "view_item"]);
        assert_eq!(names("pk_now"), ["page_view"]);
        assert_eq!(names("pk_refused"), ["page_view"]);
        for body in stage.collector.bodies() {
            let batch: Value = serde_json::from_str(&body)?;
            assert_eq!(batch["journey"]["consent"]["measure"]["by"], "cookiebot", "{body}");
        }
        Ok(())
    });
}

#[test]
fn google_passes_on_what_a_platform_implies() {
    browser::with(async |browser| {
        let stage = Stage::set(browser, &["google", "cookiebot"]).await?;
        let implied = ["cookiebot.byDefault", "cookiebot.load", "google.grant", "google.load", "tag"];
        is(&stage, &implied, "", json!({ "measure": "undecided" })).await?;
        is(&stage, &[&implied[..], &["google.deny"]].concat(), "", json!({ "measure": "denied", "by": "google" }))
            .await?;
        is(
            &stage,
            &[&implied[..], &["cookiebot.grant"]].concat(),
            "",
            json!({ "measure": "granted", "by": "cookiebot" }),
        )
        .await
    });
}
