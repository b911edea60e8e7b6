//! Every source of consent through every change of its state: the table beside the platforms' doubles says what Polku has to know at the end
//! (`tests/pages/consent/README.md`), this drives it.

mod libraries;
mod silent;
mod words;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::Done;
use crate::browser::{self, Browser};
use crate::collector::Collector;
use crate::server::{Server, text};
use crate::site::{Page, Site, tag};
use crate::wait::until;

const TABLE: &str = include_str!("../pages/consent/expected.json");

/// The stub, somebody who listens, and what walks through the steps of a row. Between two of them all that is on its way arrives, and after a
/// platform that comes late Polku has looked again.
const DRIVER: &str = r#"
    window.polku = window.polku || function () { (polku.q = polku.q || []).push([performance.now(), ...arguments]); };
    window.heard = [];
    polku("on", "consent", (state) => heard.push(state));
    const pause = (ms) => new Promise((go) => setTimeout(go, ms));
    window.drive = async (steps, tag) => {
      let ours = false;
      for (const step of steps) {
        if (step === "tag") {
          const script = document.createElement("script");
          const { attributes } = new DOMParser().parseFromString(tag, "text/html").querySelector("script");
          for (const { name, value } of attributes) script.setAttribute(name, value);
          document.head.append(script);
          ours = true;
          while (!heard.length) await pause(10);
        } else {
          const [path, argument] = step.split(":");
          const [call, who] = path.split(".").reverse();
          (who ? cmps[who] : cmp)[call](argument);
        }
        await pause(ours && step.endsWith("load") ? 1100 : 70);
      }
    };
    "#;

macro_rules! doubles {
    ($($name:literal)*) => {
        /// The script that stands for a platform.
        fn double(name: &str) -> &'static str {
            match name {
                $($name => include_str!(concat!("../pages/consent/", $name, ".js")),)*
                _ => panic!("there is no double of {name}"),
            }
        }
    };
}

doubles! {
    "tcf" "google" "gpc" "cookiebot" "onetrust" "usercentrics-v2" "usercentrics-v3" "didomi" "klaro" "cookieyes" "cookie-information" "complianz"
    "wp-consent" "shopify"
}

/// A browser at a shop with these platforms.
pub(crate) struct Stage<'a> {
    browser: &'a Browser,
    collector: Collector,
    server: Server,
    site: Site,
}

impl<'a> Stage<'a> {
    pub(crate) async fn set(browser: &'a Browser, platforms: &[&str]) -> Result<Self> {
        let mut page = Page::default();
        for platform in platforms {
            page = page.before(double(platform));
        }
        let site = Site::start(page.before(DRIVER)).await?;
        site.file("/plain", 200, "text/html", "");
        Ok(Self { browser, collector: Collector::start(&[]).await?, server: Server::start()?, site })
    }

    /// Polku's tag in a shop of this key.
    fn tag(&self, key: &str, more: &str) -> String {
        tag(&self.server.origin, &self.collector.address, more).replace("pk_fixture", key)
    }

    /// Walks through the steps, as somebody whose browser knows nothing yet, in a shop of this key.
    pub(crate) async fn walk(&self, key: &str, steps: &[&str], more: &str) -> Done {
        self.browser.open(&self.site.at("/plain")).await?;
        self.browser.cdp("Network.clearBrowserCookies", json!({})).await?;
        self.browser.run("localStorage.clear(); sessionStorage.clear()").await?;
        let tag = self.tag(key, more);
        for steps in steps.split(|step| *step == "page") {
            self.browser.open(&self.site.at("/")).await?;
            self.browser.run(&format!("return drive({}, {})", json!(steps), json!(tag))).await?;
        }
        Ok(())
    }

    /// What Polku says of the shopper's decision.
    pub(crate) async fn state(&self) -> Result<Value> {
        self.browser.value("heard.at(-1)").await
    }

    /// Waits until that is so, and looks whether the engine does accordingly.
    pub(crate) async fn ends(&self, expect: &Value) -> Done {
        let mut last = Value::Null;
        let is =
            |state: &Value| expect.as_object().is_some_and(|all| all.iter().all(|(key, value)| state[key] == *value));
        let what = expect.to_string();
        let arrived = until(&what, async || {
            last = self.state().await?;
            Ok(is(&last).then_some(()))
        });
        arrived.await.with_context(|| format!("Polku knows {last}"))?;
        if expect["measure"] == "granted" {
            let by = self.browser.until("polku.journey()?.consent.measure.by").await?;
            assert_eq!(by, last["by"], "the evidence");
        } else {
            assert_eq!(self.browser.value("polku.journey()").await?, Value::Null);
        }
        assert_eq!(self.browser.value("seen.errors").await?, json!([]), "something was thrown");
        let told = self.browser.value("seen.told()").await?;
        ensure!(told.as_array().is_some_and(|told| told.len() < 2), "{told}");
        Ok(())
    }
}

/// All rows of a source. Those that fail are told together.
fn rows(source: &Value) {
    browser::with(async |browser| {
        let names: Vec<&str> = match source.as_array() {
            Some(names) => names.iter().map(text).collect(),
            None => vec![text(source)],
        };
        let stage = Stage::set(browser, &names).await?;
        let table: Vec<Value> = serde_json::from_str(TABLE)?;
        let rows: Vec<&Value> = table.iter().filter(|row| row["source"] == *source).collect();
        ensure!(!rows.is_empty(), "the table has no {source}");
        let mut wrong = Vec::new();
        for (nth, row) in rows.iter().enumerate() {
            let steps: Vec<&str> = row["steps"].as_array().context("steps")?.iter().map(text).collect();
            let ended = async {
                stage.walk(&format!("pk_{nth}_"), &steps, "").await?;
                stage.ends(&row["expect"]).await
            };
            if let Err(why) = ended.await {
                wrong.push(format!("{}: {why:#}", row["name"]));
            }
        }
        // What a page sends as it is left has come.
        browser.open(&stage.site.at("/plain")).await?;
        for (nth, row) in rows.iter().enumerate() {
            let granted = row["steps"].to_string().contains("grant");
            if !granted && stage.collector.bodies().iter().any(|body| body.contains(&format!("pk_{nth}_"))) {
                wrong.push(format!("{}: something was sent", row["name"]));
            }
        }
        println!("{source}: {} of {} rows", rows.len() - wrong.len(), rows.len());
        ensure!(wrong.is_empty(), "{source}\n{}", wrong.join("\n"));
        Ok(())
    });
}

#[test]
fn every_row_has_a_test() -> Done {
    let table: Vec<Value> = serde_json::from_str(TABLE)?;
    let tested =
        SINGLE.iter().map(|name| json!(name)).chain([json!(["gpc", "cookiebot"]), json!(["cookiebot", "complianz"])]);
    let tested: Vec<Value> = tested.collect();
    assert_eq!(table.iter().find(|row| !tested.contains(&row["source"])), None);
    Ok(())
}

macro_rules! singles {
    ($($test:ident $name:literal)*) => {
        const SINGLE: &[&str] = &[$($name),*];
        $(#[test]
        fn $test() {
            rows(&json!($name));
        })*
    };
}

singles! {
    tcf "tcf"
    google "google"
    gpc "gpc"
    cookiebot "cookiebot"
    onetrust "onetrust"
    usercentrics_2 "usercentrics-v2"
    usercentrics_3 "usercentrics-v3"
    didomi "didomi"
    klaro "klaro"
    cookieyes "cookieyes"
    cookie_information "cookie-information"
    complianz "complianz"
    wp_consent "wp-consent"
    shopify "shopify"
}

#[test]
fn signals_and_a_platform() {
    rows(&json!(["gpc", "cookiebot"]));
}

#[test]
fn two_platforms() {
    rows(&json!(["cookiebot", "complianz"]));
}
