//! The browser engines that tests run in: Chromium, which every test needs, and Firefox and WebKit, where they are there.
//!
//! `POLKU_BROWSER=firefox` (or `webkit`) runs every test in that browser, as `cargo xtask engines` does; what cannot be done there is skipped with the
//! reason (`emulate.rs`). The walks of `engines/` run in each of the three.

use std::path::PathBuf;

use anyhow::{Context, Result};
use serde_json::{Value, json};

/// A browser engine.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Engine {
    Chromium,
    Firefox,
    WebKit,
}

/// A browser and what drives it.
pub(crate) struct Programs {
    pub(crate) browser: PathBuf,
    pub(crate) driver: PathBuf,
}

/// What Chromium is started with.
const ARGUMENTS: [&str; 13] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--window-size=1280,900",
    "--lang=en",
    // No other machine can be reached, by no mistake.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
];

/// Where Debian keeps WebKitGTK's small browser, which is not on the PATH.
const MINI_BROWSERS: [&str; 2] = ["webkit2gtk-4.1/MiniBrowser", "webkitgtk-6.0/MiniBrowser"];

impl Engine {
    /// The one that `POLKU_BROWSER` names; Chromium without it.
    pub(crate) fn asked() -> Result<Self> {
        match std::env::var("POLKU_BROWSER").unwrap_or_default().as_str() {
            "" | "chromium" => Ok(Self::Chromium),
            "firefox" => Ok(Self::Firefox),
            "webkit" => Ok(Self::WebKit),
            other => anyhow::bail!("POLKU_BROWSER is `{other}`: chromium, firefox and webkit are known"),
        }
    }

    /// Where it and its driver are.
    pub(crate) fn programs(self) -> Result<Programs> {
        let (browser, driver, packages) = match self {
            Self::Chromium => (
                find("CHROME", &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]),
                find("CHROMEDRIVER", &["chromedriver", "chromium.chromedriver"]),
                "chromium and chromium-driver",
            ),
            Self::Firefox => (
                find("FIREFOX", &["firefox-esr", "firefox"]),
                find("GECKODRIVER", &["geckodriver"]),
                "firefox-esr, and geckodriver of crates.io",
            ),
            Self::WebKit => (
                find("MINIBROWSER", &["MiniBrowser"]).or_else(|why| mini_browser().ok_or(why)),
                find("WEBKITWEBDRIVER", &["WebKitWebDriver"]),
                "webkit2gtk-driver and xvfb",
            ),
        };
        let both = || anyhow::Ok(Programs { browser: browser?, driver: driver? });
        both().with_context(|| format!("{self:?} needs Debian's {packages}"))
    }

    /// What a session with `browser` is asked for.
    pub(crate) fn capabilities(self, browser: &std::path::Path) -> Value {
        let mut asked = match self {
            Self::Chromium => json!({
                "browserName": "chrome",
                "goog:chromeOptions": { "binary": browser, "args": ARGUMENTS },
                "goog:loggingPrefs": { "browser": "ALL" },
            }),
            Self::Firefox => json!({
                "browserName": "firefox",
                "moz:firefoxOptions": { "binary": browser, "args": ["-headless", "-width", "1280", "-height", "900"], "prefs": {
                    // As for Chromium: whoever is not on this machine is asked at a port where nobody is.
                    "network.proxy.type": 1,
                    "network.proxy.http": "127.0.0.1", "network.proxy.http_port": 9,
                    "network.proxy.ssl": "127.0.0.1", "network.proxy.ssl_port": 9,
                    "network.proxy.no_proxies_on": "127.0.0.1,localhost",
                    "network.captive-portal-service.enabled": false,
                    "network.connectivity-service.enabled": false,
                    "dom.security.trusted_types.enabled": true,
                    "intl.accept_languages": "en",
                    // Its driver tells nothing of the console: it is read from what the browser prints.
                    "devtools.console.stdout.content": true,
                    // A file of JSON is one to tests that run in it, and no page of the browser's own.
                    "devtools.jsonview.enabled": false,
                    // As shoppers have it: its driver lets files fetch files.
                    "security.fileuri.strict_origin_policy": true,
                    // Without a network there is none to this machine either.
                    "network.disable-localhost-when-offline": true,
                } },
            }),
            Self::WebKit => json!({
                "browserName": "MiniBrowser",
                "webkitgtk:browserOptions": { "binary": browser, "args": ["--automation", "--javascript-can-open-windows-automatically=true"] },
                "proxy": { "proxyType": "manual", "httpProxy": "127.0.0.1:9", "sslProxy": "127.0.0.1:9", "noProxy": ["127.0.0.1", "localhost"] },
            }),
        };
        asked["timeouts"] = json!({ "script": 15_000, "pageLoad": 15_000, "implicit": 0 });
        asked
    }
}

/// The program that `variable` names, else the first of `names` on the PATH.
pub(crate) fn find(variable: &str, names: &[&str]) -> Result<PathBuf> {
    if let Some(named) = std::env::var_os(variable).map(PathBuf::from) {
        anyhow::ensure!(named.is_file(), "{variable} names {}, which is not there", named.display());
        return Ok(named);
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    names
        .iter()
        .flat_map(|name| std::env::split_paths(&path).map(move |folder| folder.join(name)))
        .find(|program| program.is_file())
        .with_context(|| format!("{} is not here: install it, or name it in {variable}", names[0]))
}

fn mini_browser() -> Option<PathBuf> {
    let libraries = std::fs::read_dir("/usr/lib").ok()?.flatten().map(|entry| entry.path());
    libraries.flat_map(|folder| MINI_BROWSERS.map(|name| folder.join(name))).find(|program| program.is_file())
}
