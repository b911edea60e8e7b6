//! The platforms that npm has, themselves: IAB's API, Klaro, and vanilla-cookieconsent, which a shop connects by its own callbacks.

use std::path::PathBuf;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::{DRIVER, Stage};
use crate::browser::{self, Browser};
use crate::collector::Collector;
use crate::server::Server;
use crate::site::{Page, Site};

/// A script of the folder that `cargo xtask` sets up.
fn script(name: &str) -> Result<String> {
    let folder = std::env::var_os("POLKU_CONSENT").map(PathBuf::from).with_context(|| {
        let why = std::env::var("POLKU_NO_CONSENT");
        why.unwrap_or_else(|_| "POLKU_CONSENT names no folder: run `cargo xtask test`".to_owned())
    })?;
    std::fs::read_to_string(folder.join(name)).with_context(|| format!("{name} cannot be read"))
}

/// A shop with these scripts, in this order.
async fn stage<'a>(browser: &'a Browser, scripts: &[&str]) -> Result<Stage<'a>> {
    let mut page = Page::default();
    for text in scripts {
        // Libraries end in comments and in expressions.
        page = page.before(text).before("\n;\n");
    }
    let site = Site::start(page.before(DRIVER)).await?;
    site.file("/plain", 200, "text/html", "");
    Ok(Stage { browser, collector: Collector::start(&[]).await?, server: Server::start()?, site })
}

/// A platform of the framework around IAB's API. Its window is shown until somebody chooses; a choice is a cookie.
const TCF: &str = r#"
    const strings = (consents, vendors = []) => {
      const purposes = Object.fromEntries([...Array(11)].map((_, at) => [at + 1, { id: at + 1, name: "p", description: "", illustrations: [] }]));
      const list = { gvlSpecificationVersion: 3, vendorListVersion: 1, tcfPolicyVersion: 5, lastUpdated: "2026-01-01T00:00:00Z", purposes,
        specialPurposes: {}, features: {}, specialFeatures: {}, stacks: {}, vendors: {}, dataCategories: {} };
      const model = new iab.TCModel(new iab.GVL(list));
      Object.assign(model, { cmpId: 31, cmpVersion: 1, isServiceSpecific: true, policyVersion: 5, publisherCountryCode: "FI" });
      model.numCustomPurposes = 0;
      if (consents) for (let id = 1; id <= 11; id += 1) model.publisherConsents[consents.includes(id) ? "set" : "unset"](id);
      model.purposeConsents.set(vendors);
      model.publisherLegitimateInterests.set([1, 8]);
      return iab.TCString.encode(model);
    };
    window.cmp = {
      load() {
        const said = document.cookie.match(/tcf=([^;]*)/)?.[1];
        this.api = new iab.CmpApi(31, 1, true);
        if (said) this.api.update(said, false);
        else this.api.update(strings(), true);
      },
      choose(consents, vendors) {
        const text = strings(consents, vendors);
        document.cookie = `tcf=${text};path=/`;
        this.api?.update(text, false);
      },
      grant() { this.choose([1, 2, 7, 8, 9, 10]); },
      deny() { this.choose([]); },
      /** All but measuring. */
      some() { this.choose([1, 2, 10]); },
      withdraw() { this.api.update(document.cookie.match(/tcf=([^;]*)/)[1], true); this.choose([]); },
      /** It asks for vendors alone. */
      vendors() { this.choose(undefined, [1, 2, 7, 8, 9, 10]); },
      /** The law does not apply. */
      elsewhere() { new iab.CmpApi(31, 1, true).update(null, false); },
    };
"#;

const GRANTED: &str = "granted";

async fn walks(stage: &Stage<'_>, by: &str, rows: &[(&[&str], &str, &str)]) -> Result<()> {
    for (steps, measure, since) in rows {
        let mut expect = json!({ "measure": measure });
        if !since.is_empty() {
            expect["since"] = json!(since);
            expect["by"] = json!(by);
        }
        stage.walk("pk_library", steps, "").await.with_context(|| format!("{steps:?}"))?;
        stage.ends(&expect).await.with_context(|| format!("{by} {steps:?}"))?;
    }
    Ok(())
}

#[test]
fn iab_itself() {
    browser::with(async |browser| {
        let stage = stage(browser, &[&script("stub.js")?, &script("tcf.js")?, TCF]).await?;
        let rows: &[(&[&str], &str, &str)] = &[
            (&["tag"], "undecided", ""),
            (&["load", "tag"], "undecided", ""),
            (&["load", "tag", "grant"], GRANTED, "now"),
            (&["load", "tag", "deny"], "denied", "now"),
            (&["load", "tag", "some"], "denied", "now"),
            (&["load", "tag", "grant", "withdraw"], "denied", "now"),
            (&["load", "tag", "vendors"], "undecided", ""),
            (&["load", "tag", "grant", "vendors"], "denied", "now"),
            (&["load", "tag", "deny", "grant"], GRANTED, "now"),
            (&["grant", "load", "tag"], GRANTED, "earlier"),
            (&["deny", "load", "tag"], "denied", "earlier"),
            (&["load", "tag", "grant", "page", "load", "tag"], GRANTED, "earlier"),
            (&["tag", "load"], "undecided", ""),
            (&["tag", "load", "grant"], GRANTED, "now"),
            (&["grant", "tag", "load"], GRANTED, "earlier"),
            (&["elsewhere", "tag"], "undecided", ""),
        ];
        walks(&stage, "tcf", rows).await
    });
}

/// Klaro's own buttons are behind its window; what they call is its manager.
const KLARO: &str = r#"
    let config = { testing: false, noAutoLoad: true, services: [{ name: "shop", purposes: ["functional"], required: true }, { name: "polku", purposes: ["analytics"] }],
      translations: { en: { purposes: { analytics: "Analytics", functional: "Shop" } } }, lang: "en" };
    const manager = () => klaro.getManager(config);
    const record = (polku) => document.cookie = `klaro=${encodeURIComponent(JSON.stringify({ shop: true, polku }))};path=/`;
    let here = false;
    window.cmp = {
      load() { here = true; window.klaroConfig = config; library(); klaro.setup(config); manager(); },
      byDefault() { config.default = true; },
      toggle() { manager().updateConsent("polku", true); },
      choose(on) {
        if (!here) return record(on);
        manager().changeAll(on);
        manager().saveAndApplyConsents(on ? "accept" : "decline");
      },
      grant() { this.choose(true); },
      deny() { this.choose(false); },
      reset() { manager().resetConsents(); },
    };
"#;

#[test]
fn klaro_itself() {
    browser::with(async |browser| {
        // As the script that a page may load late.
        let library = format!(
            "function library() {{ const module = undefined, exports = undefined, define = undefined;\n{}\n}}",
            script("klaro.js")?
        );
        let stage = stage(browser, &[&library, KLARO]).await?;
        let rows: &[(&[&str], &str, &str)] = &[
            (&["tag"], "undecided", ""),
            (&["load", "tag"], "undecided", ""),
            (&["byDefault", "load", "tag"], "undecided", ""),
            (&["load", "tag", "toggle"], "undecided", ""),
            (&["load", "tag", "grant"], GRANTED, "now"),
            (&["load", "tag", "deny"], "denied", "now"),
            (&["byDefault", "load", "tag", "deny"], "denied", "now"),
            (&["load", "tag", "grant", "deny"], "denied", "now"),
            (&["load", "tag", "deny", "grant"], GRANTED, "now"),
            (&["grant", "load", "tag"], GRANTED, "earlier"),
            (&["deny", "load", "tag"], "denied", "earlier"),
            (&["load", "tag", "grant", "page", "load", "tag"], GRANTED, "earlier"),
            (&["tag", "load"], "undecided", ""),
            (&["tag", "load", "grant"], GRANTED, "now"),
            (&["grant", "tag", "load"], GRANTED, "earlier"),
        ];
        walks(&stage, "klaro", rows).await?;
        // A grant that is taken back without a refusal is one, though Klaro tells nobody but its switches.
        stage.walk("pk_library", &["load", "tag", "grant", "reset"], "").await?;
        stage.ends(&json!({ "measure": "denied" })).await
    });
}

/// As docs/consent.md shows it.
const VANILLA: &str = r#"
    const tell = (since) => () => {
      const measure = CookieConsent.acceptedCategory("analytics");
      polku("consent", { measure, remember: measure, since });
    };
    // It keeps silent before programs.
    const settings = { hideFromBots: false, categories: { necessary: { enabled: true, readOnly: true }, analytics: {} }, language: { default: "en", translations: { en: {
        consentModal: { title: "Cookies", description: "-", acceptAllBtn: "Yes", acceptNecessaryBtn: "No" },
        preferencesModal: { title: "Cookies", acceptAllBtn: "Yes", acceptNecessaryBtn: "No", savePreferencesBtn: "Save", sections: [] } } } } };
    let first = false;
    window.cmp = {
      load() {
        return CookieConsent.run({ ...settings,
          onFirstConsent: () => { first = true; tell("now")(); },
          onConsent: () => first || tell("earlier")(),
          onChange: tell("now") });
      },
      grant() { CookieConsent.acceptCategory("all"); },
      deny() { CookieConsent.acceptCategory([]); },
    };
"#;

#[test]
fn vanilla_cookieconsent_by_its_callbacks() {
    browser::with(async |browser| {
        let stub = "window.polku = window.polku || function () { (polku.q = polku.q || []).push([performance.now(), ...arguments]); };";
        let stage = stage(browser, &[stub, &script("cookieconsent.js")?, VANILLA]).await?;
        let rows: &[(&[&str], &str, &str)] = &[
            (&["load", "tag"], "undecided", ""),
            (&["load", "tag", "grant"], GRANTED, "now"),
            (&["load", "tag", "deny"], "denied", "now"),
            (&["load", "tag", "grant", "deny"], "denied", "now"),
            (&["load", "tag", "deny", "grant"], GRANTED, "now"),
            (&["load", "tag", "grant", "page", "load", "tag"], GRANTED, "earlier"),
            (&["load", "tag", "deny", "page", "load", "tag"], "denied", "earlier"),
            (&["load", "tag", "grant", "page", "tag", "load"], GRANTED, "earlier"),
            (&["tag", "load"], "undecided", ""),
            (&["tag", "load", "grant"], GRANTED, "now"),
        ];
        walks(&stage, "api", rows).await?;
        assert_eq!(stage.state().await?["by"], Value::from("api"));
        Ok(())
    });
}
