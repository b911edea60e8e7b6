//! What tests ask of a browser beyond WebDriver. Chromium does it by its own protocol, whose methods name it here; Firefox, by a script in its own
//! windows (`firefox.js`), and WebKit do the same by other means as far as they have any. What an engine has none for is [`NotHere`].

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use axum::http::Method;
use serde_json::{Value, json};
use thirtyfour::common::command::FormatRequestData;
use thirtyfour::{RequestData, SessionId};

use crate::browser::Browser;
use crate::driver::SCREEN;
use crate::engine::Engine;
use crate::site;
use crate::wait::until;

/// The engine at hand has no means for something. A test that meets it is skipped there with these words.
#[derive(Debug)]
pub(crate) struct NotHere(pub(crate) String);

impl std::fmt::Display for NotHere {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NotHere {}

impl NotHere {
    /// The one that `why` comes from.
    pub(crate) fn within(why: &anyhow::Error) -> Option<String> {
        why.chain().find_map(|cause| cause.downcast_ref::<Self>()).map(ToString::to_string)
    }

    fn protocol(method: &str) -> anyhow::Error {
        Self(format!("needs Chromium's own protocol: {method}")).into()
    }
}

/// A command that no library knows.
#[derive(Debug)]
struct Own(&'static str, Value);

impl FormatRequestData for Own {
    fn format_request(&self, session: &SessionId) -> RequestData {
        RequestData::new(Method::POST, format!("/session/{session}/{}", self.0)).add_body(self.1.clone())
    }
}

/// Does it in Firefox, by one of its own windows.
const FIREFOX: &str = include_str!("firefox.js");

impl Browser {
    /// A method of Chromium's protocol, or what does the same in another engine.
    pub(crate) async fn cdp(&self, method: &str, what: Value) -> Result<Value> {
        if self.engine == Engine::Chromium {
            return Ok(self.driver.cdp().send_raw(method, what).await?);
        }
        match method {
            "Network.enable" => return Ok(Value::Null),
            "Network.clearBrowserCookies" => self.driver.delete_all_cookies().await?,
            "Network.getCookies" => {
                let all = self.driver.get_all_cookies().await?;
                let told = |name: &str, ends: bool| json!({ "name": name, "session": !ends });
                let all = all.iter().map(|cookie| told(&cookie.name, cookie.expiry.is_some()));
                return Ok(json!({ "cookies": all.collect::<Vec<_>>() }));
            }
            "Input.dispatchMouseEvent" => self.mouse(&what).await?,
            _ if self.engine == Engine::Firefox => self.firefox(method, what).await?,
            "Emulation.setDeviceMetricsOverride" => self.webkit_size(&what).await?,
            "Emulation.setEmulatedMedia" => {
                let nothing = |name: &str| what[name].as_str().is_none_or(str::is_empty);
                let none = what["features"].as_array().is_none_or(Vec::is_empty);
                ensure!(nothing("media") && none, NotHere("WebKit's driver emulates no media".into()));
            }
            _ => return Err(NotHere::protocol(method)),
        }
        Ok(Value::Null)
    }

    async fn mouse(&self, what: &Value) -> Result<()> {
        let number = |name: &str| what[name].as_i64().unwrap_or_default();
        let (x, y) = (number("x"), number("y"));
        match what["type"].as_str() {
            // At once, as a hand is quick: the driver's own moves take a quarter of a second each.
            Some("mouseMoved") => {
                let now = Some(Duration::ZERO);
                Ok(self.driver.action_chain_with_delay(now, now).move_to(x, y).perform().await?)
            }
            Some("mouseWheel") if self.engine == Engine::Firefox => {
                let turn = json!({ "type": "scroll", "x": x, "y": y, "deltaX": number("deltaX"), "deltaY": number("deltaY"), "duration": 0 });
                let wheel = json!({ "actions": [{ "type": "wheel", "id": "wheel", "actions": [turn] }] });
                self.driver.handle().cmd(Own("actions", wheel)).await?;
                Ok(())
            }
            Some("mouseWheel") => Err(NotHere("WebKit's driver turns no wheel".into()).into()),
            _ => Err(NotHere::protocol("Input.dispatchMouseEvent")),
        }
    }

    /// Whatever its bars take.
    async fn webkit_size(&self, what: &Value) -> Result<()> {
        let number = |name: &str| what[name].as_i64().unwrap_or_default();
        let (width, height) = (number("width"), number("height"));
        until("a window of that size", async || {
            let sizes = self.run("return [innerWidth, innerHeight, outerWidth, outerHeight]").await?;
            let size = |at: usize| sizes[at].as_i64().unwrap_or_default();
            if (size(0), size(1)) == (width, height) {
                return Ok(Some(()));
            }
            let (more, higher) = (width + size(2) - size(0), height + size(3) - size(1));
            self.in_the_middle(u32::try_from(more)?, u32::try_from(higher)?).await?;
            Ok(None)
        })
        .await
    }

    /// A window of this size in the middle of WebKit's screen: there is the pointer, and without a window manager the keyboard belongs to the window under it.
    pub(crate) async fn in_the_middle(&self, width: u32, height: u32) -> Result<()> {
        let (x, y) = (SCREEN.0.saturating_sub(width) / 2, SCREEN.1.saturating_sub(height) / 2);
        Ok(self.driver.set_window_rect(x.into(), y.into(), width, height).await?)
    }

    /// Lets scripts run as long as they take: WebKit's driver ends them by a timer of the page's own, which tests find there.
    pub(crate) async fn ends_no_script(&self) -> Result<()> {
        self.driver.handle().cmd(Own("timeouts", json!({ "script": null }))).await?;
        Ok(())
    }

    async fn firefox(&self, method: &str, what: Value) -> Result<()> {
        let context = async |name: &str| self.driver.handle().cmd(Own("moz/context", json!({ "context": name }))).await;
        context("chrome").await?;
        let done = self.driver.execute(FIREFOX, vec![json!(method), what]).await;
        context("content").await?;
        let done = done.with_context(|| method.to_owned())?;
        ensure!(done.json() == true, NotHere::protocol(method));
        Ok(())
    }

    /// Turns the window into a phone's, with a finger.
    pub(crate) async fn become_phone(&self) -> Result<()> {
        let size = json!({ "width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": true });
        self.cdp("Emulation.setDeviceMetricsOverride", size).await?;
        ensure!(self.engine != Engine::WebKit, NotHere("WebKit's driver makes no phone with a finger".into()));
        self.cdp("Emulation.setTouchEmulationEnabled", json!({ "enabled": true, "maxTouchPoints": 5 })).await?;
        Ok(())
    }

    /// A script that runs before any of the page's own, in every page of this window from now on.
    pub(crate) async fn before_each_page(&self, script: &str) -> Result<()> {
        if self.engine != Engine::WebKit {
            self.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": script })).await?;
            return Ok(());
        }
        // The test's servers write it into all their pages, in whatever window.
        ensure!(self.windows().await?.len() == 1, NotHere("WebKit's driver runs no script before a page's own".into()));
        site::begin_with(script);
        Ok(())
    }

    /// An error where a script of the test's has to run before the page's own, and nothing puts it there.
    pub(crate) fn lets_scripts_in(&self, address: &str) -> Result<()> {
        let fine = self.engine != Engine::WebKit || site::begins(address) || address.starts_with("about:");
        ensure!(fine, NotHere("WebKit's driver runs no script before a page's own".into()));
        Ok(())
    }

    /// The process of the browser itself. Only Chromium gives each window one of its own for its pages.
    pub(crate) fn process(&self) -> Result<u32> {
        ensure!(self.engine == Engine::Chromium, NotHere("needs Chromium's processes: one for each window".into()));
        let id = self.driver.capabilities().get("goog:processID").and_then(Value::as_u64);
        Ok(u32::try_from(id.context("the driver does not say which process the browser is")?)?)
    }

    /// Its version, as the driver tells it.
    pub(crate) fn version(&self) -> String {
        let told = self.driver.capabilities().get("browserVersion").and_then(Value::as_str);
        told.unwrap_or("of some version").to_owned()
    }

    /// Polku's messages in the console since it was last asked. WebKit's driver tells nothing of it: there they are those of this page alone, where it is one
    /// that writes them down (`tests/pages/traps.js`).
    pub(crate) async fn messages(&self) -> Result<Vec<String>> {
        let said: Vec<String> = match self.engine {
            Engine::Chromium => self.driver.browser_log().await?.into_iter().map(|entry| entry.message).collect(),
            Engine::Firefox => std::mem::take(&mut *self.printed.lock().unwrap()),
            Engine::WebKit => {
                let said = "const { warnings = [], told = 0 } = window.seen ?? {}; if (warnings.length) seen.told = warnings.length; return warnings.slice(told)";
                serde_json::from_value(self.run(said).await?)?
            }
        };
        // Firefox cancels what a page still loads as it is left, and that page says so to nobody.
        let left = |message: &str| {
            self.engine == Engine::Firefox
                && ["AbortError", "NetworkError when attempting"].iter().any(|error| message.contains(error))
        };
        Ok(said.into_iter().filter(|message| message.contains("polku E") && !left(message)).collect())
    }

    /// It has had nothing to say.
    pub(crate) async fn complains_of_nothing(&self) -> Result<()> {
        let said = self.messages().await?;
        ensure!(said.is_empty(), "in the console: {said:?}");
        Ok(())
    }

    /// What the trace holds since it was last asked. The driver collects it as it goes to another page.
    pub(crate) async fn trace(&self) -> Result<Vec<Value>> {
        ensure!(self.engine == Engine::Chromium, NotHere::protocol("Tracing"));
        let log = self.driver.get_log("performance").await?;
        let events = log.iter().filter_map(|entry| {
            let mut entry: Value = serde_json::from_str(&entry.message).ok()?;
            let message = entry["message"].take();
            (message["method"] == "Tracing.dataCollected").then(|| message["params"].clone())
        });
        Ok(events.collect())
    }
}
