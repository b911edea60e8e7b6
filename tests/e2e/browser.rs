//! One browser session per test: fresh, headless, alone with its cookies.

use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::{Value, json};
use thirtyfour::prelude::*;
use thirtyfour::{Capabilities, TypingData};

use crate::emulate::NotHere;
use crate::engine::Engine;
use crate::wait::until;
use crate::{driver, site};

/// A window or a tab.
pub(crate) type Window = WindowHandle;

/// A browser, as a shopper uses it. What it does beyond WebDriver stands in `emulate.rs`.
pub(crate) struct Browser {
    pub(crate) driver: WebDriver,
    pub(crate) engine: Engine,
    /// What the browser has printed.
    pub(crate) printed: driver::Printed,
}

/// How long a browser may take to start: ten times what it takes on a busy machine.
const STARTS: Duration = Duration::from_secs(30);
/// So many more drivers are tried.
const AGAIN: u32 = 2;

/// Runs a test with a browser of its own. Whatever becomes of the test, the browser ends with it.
pub(crate) fn with(test: impl AsyncFnOnce(&Browser) -> Result<()>) {
    run(asked(), 1, json!({}), test);
}

/// Runs it in `engine`, where that is here; else says that it is skipped, and why.
pub(crate) fn within(engine: Engine, test: impl AsyncFnOnce(&Browser) -> Result<()>) {
    match engine.programs() {
        Err(why) if engine != Engine::Chromium => eprintln!("skipped: {why:#}"),
        _ => run(engine, 1, json!({}), test),
    }
}

fn asked() -> Engine {
    Engine::asked().unwrap_or_else(|why| panic!("{why:#}"))
}

/// … that is the only one meanwhile: what is measured is not what others do. With `trace` categories it writes down what takes
/// its time, which [`Browser::trace`] gives.
pub(crate) fn alone(trace: Option<&str>, test: impl AsyncFnOnce(&Browser) -> Result<()>) {
    let logs = trace.map_or(
        json!({}),
        |categories| json!({ "enableNetwork": false, "enablePage": false, "traceCategories": categories }),
    );
    run(asked(), driver::ROOMS, logs, test);
}

fn run(engine: Engine, rooms: u32, trace: Value, test: impl AsyncFnOnce(&Browser) -> Result<()>) {
    site::forget();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let _room = driver::room(rooms).await.unwrap();
        let mut driver = driver::of(engine).unwrap_or_else(|why| panic!("{why:#}"));
        let mut started = Browser::start(engine, &driver, trace.clone()).await;
        for _ in 0..AGAIN {
            if started.is_ok() || engine == Engine::Chromium {
                break;
            }
            // These drivers now and then wait in vain for a browser: once more, with another one.
            driver = driver::of(engine).unwrap_or_else(|why| panic!("{why:#}"));
            started = Browser::start(engine, &driver, trace.clone()).await;
        }
        let browser = started.unwrap_or_else(|why| panic!("{why:#}"));
        // For `cargo xtask engines`, which counts what a browser was opened for.
        println!("browser: {engine:?} {}", browser.version());
        let ended = Caught(Box::pin(test(&browser))).await;
        let not_here = match &ended {
            Ok(Err(why)) if engine != Engine::Chromium => NotHere::within(why),
            _ => None,
        };
        if !matches!(ended, Ok(Ok(()))) && not_here.is_none() {
            browser.show_what_there_is().await;
        }
        let quit = browser.driver.quit().await;
        match ended {
            // However far it has come: it has not passed, and whoever counts sees this line.
            _ if let Some(why) = not_here => println!("skipped: {why}"),
            Ok(Ok(())) => quit.unwrap(),
            Ok(Err(why)) => panic!("{why:?}"),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    });
}

/// A future whose panic is a value: the browser must be closed before the test ends.
struct Caught<F>(std::pin::Pin<Box<F>>);

impl<F: Future> Future for Caught<F> {
    type Output = std::thread::Result<F::Output>;

    fn poll(mut self: std::pin::Pin<&mut Self>, context: &mut std::task::Context<'_>) -> std::task::Poll<Self::Output> {
        match std::panic::catch_unwind(AssertUnwindSafe(|| self.0.as_mut().poll(context))) {
            Ok(poll) => poll.map(Ok),
            Err(panic) => std::task::Poll::Ready(Err(panic)),
        }
    }
}

impl Browser {
    async fn start(engine: Engine, driver: &driver::Driver, trace: Value) -> Result<Self> {
        let mut capabilities = engine.capabilities(&driver.browser);
        if trace["traceCategories"].is_string() {
            capabilities["goog:chromeOptions"]["perfLoggingPrefs"] = trace;
            capabilities["goog:loggingPrefs"]["performance"] = json!("ALL");
        }
        let capabilities = capabilities.as_object().cloned().unwrap_or_default();
        let starts = WebDriver::new(&driver.address, Capabilities::from(capabilities));
        let started = tokio::time::timeout(STARTS, starts).await;
        let session = started.map_err(anyhow::Error::from).and_then(|started| Ok(started?));
        let session = session.with_context(|| format!("{engine:?} cannot be started"))?;
        let browser = Self { driver: session, engine, printed: driver.printed.clone() };
        if engine == Engine::WebKit {
            // The others are started in this size.
            browser.in_the_middle(1280, 900).await?;
            browser.ends_no_script().await?;
        }
        Ok(browser)
    }

    /// Opens an address and waits for the page's `load`.
    pub(crate) async fn open(&self, address: &str) -> Result<()> {
        self.lets_scripts_in(address)?;
        self.driver.goto(address).await.with_context(|| address.to_owned())
    }

    pub(crate) async fn reload(&self) -> Result<()> {
        Ok(self.driver.refresh().await?)
    }

    pub(crate) async fn back(&self) -> Result<()> {
        Ok(self.driver.back().await?)
    }

    pub(crate) async fn address(&self) -> Result<String> {
        Ok(self.driver.current_url().await?.to_string())
    }

    /// The value of an expression.
    pub(crate) async fn value(&self, expression: &str) -> Result<Value> {
        self.run(&format!("return ({expression});")).await
    }

    /// The value that a script returns; a promise is waited for.
    pub(crate) async fn run(&self, script: &str) -> Result<Value> {
        // Only Chromium's driver makes an asynchronous function of it.
        let waits = self.engine != Engine::Chromium && script.contains("await ");
        let whole = if waits { format!("return (async () => {{ {script}\n }})()") } else { script.to_owned() };
        let returned = self.driver.execute(whole, Vec::new()).await.with_context(|| script.to_owned())?;
        Ok(returned.json().clone())
    }

    /// Waits until an expression is truthy; gives back its value.
    pub(crate) async fn until(&self, expression: &str) -> Result<Value> {
        until(expression, async || {
            let value = self.value(expression).await?;
            let empty = matches!(&value, Value::Null | Value::Bool(false)) || value == json!(0) || value == json!("");
            Ok((!empty).then_some(value))
        })
        .await
    }

    /// Waits for the element that `selector` finds; `>>>` steps into a shadow root.
    pub(crate) async fn find(&self, selector: &str) -> Result<WebElement> {
        let steps: Vec<Value> = selector.split(">>>").map(|step| json!(step.trim())).collect();
        let script = "let found; for (const step of arguments[0]) { found = (found ? found.shadowRoot : document)
            ?.querySelector(step); if (!found) return null; } return found;";
        until(selector, async || {
            let found = self.driver.execute(script, vec![json!(steps)]).await?;
            Ok(if found.json().is_null() { None } else { Some(found.element()?) })
        })
        .await
    }

    /// Waits until the element is shown, then clicks on it.
    pub(crate) async fn click(&self, selector: &str) -> Result<()> {
        let mut last = None;
        until(selector, async || {
            // The page may draw anew between the look and the click.
            last = self.try_to_click(selector).await.err();
            Ok(last.is_none().then_some(()))
        })
        .await
        .with_context(|| format!("clicking: {last:?}"))
    }

    async fn try_to_click(&self, selector: &str) -> Result<()> {
        let found = self.find(selector).await?;
        // As people do: not at the window's edge, where a banner may lie over it.
        let middle = "arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' })";
        self.driver.execute(middle, vec![found.to_json()?]).await?;
        Ok(found.click().await?)
    }

    /// Clicks on something that leads to another page, and waits until that page has loaded.
    pub(crate) async fn follow(&self, selector: &str) -> Result<()> {
        self.run("window.__left = true").await?;
        self.click(selector).await?;
        self.arrive().await
    }

    /// Goes to an address of the page's by a link of its own: a script of the driver's that goes there says in Firefox not where it comes from.
    pub(crate) async fn go(&self, address: &str) -> Result<()> {
        let link = "const link = document.createElement('a'); link.href = arguments[0]; document.body.append(link); link.click();";
        self.driver.execute(link, vec![json!(address)]).await?;
        Ok(())
    }

    /// Waits for the page after one that was marked with `__left`.
    pub(crate) async fn arrive(&self) -> Result<()> {
        until("the next page", async || {
            // While a page goes and another comes there may be nobody to ask.
            let there = self.value("!window.__left && document.readyState === 'complete'").await;
            Ok(there.is_ok_and(|there| there == true).then_some(()))
        })
        .await
    }

    /// Steps into the first frame of the page; nothing but opening a page leads out.
    pub(crate) async fn enter_frame(&self) -> Result<()> {
        Ok(self.driver.enter_frame(0).await?)
    }

    /// Types into the element.
    pub(crate) async fn write(&self, selector: &str, keys: impl Into<TypingData>) -> Result<()> {
        Ok(self.find(selector).await?.send_keys(keys).await?)
    }

    /// Presses keys wherever the focus is.
    pub(crate) async fn press(&self, keys: impl Into<TypingData>) -> Result<()> {
        Ok(self.driver.action_chain().send_keys(keys).perform().await?)
    }

    /// … while the shift key is held.
    pub(crate) async fn press_with_shift(&self, keys: impl Into<TypingData>) -> Result<()> {
        let shift = Key::Shift;
        Ok(self.driver.action_chain().key_down(shift.clone()).send_keys(keys).key_up(shift).perform().await?)
    }

    /// Moves the mouse to the middle of the element.
    pub(crate) async fn point(&self, selector: &str) -> Result<()> {
        let found = self.find(selector).await?;
        Ok(self.driver.action_chain().move_to_element_center(&found).perform().await?)
    }

    /// Clicks at one place as often, as fast as the driver can. Button down, button up and click are tasks of their own, as by a hand: a driver's own click is
    /// one in Firefox, and leaves no pointer where it was.
    pub(crate) async fn hammer(&self, selector: &str, times: usize) -> Result<()> {
        let found = self.find(selector).await?;
        let quick = Duration::from_millis(20);
        let mut actions = self.driver.action_chain_with_delay(Some(quick), Some(quick)).move_to_element_center(&found);
        for _ in 0..times {
            actions = actions.click();
        }
        Ok(actions.perform().await?)
    }

    /// Opens an address in a tab beside this one, and goes there. WebKit's driver brings no tab to the front, so there it is a window.
    pub(crate) async fn open_beside(&self, address: &str) -> Result<()> {
        if self.engine == Engine::WebKit {
            return self.open_window(address).await.map(drop);
        }
        let tab = self.driver.new_tab().await?;
        self.driver.switch_to_window(tab).await?;
        self.open(address).await
    }

    /// Goes to the tab that was opened as the `nth`, from 0.
    pub(crate) async fn tab(&self, nth: usize) -> Result<()> {
        let tabs = self.driver.windows().await?;
        let tab = tabs.get(nth).context("no such tab")?;
        Ok(self.driver.switch_to_window(tab.clone()).await?)
    }

    /// The window that it looks at.
    pub(crate) async fn window(&self) -> Result<Window> {
        Ok(self.driver.window().await?)
    }

    /// All windows and tabs.
    pub(crate) async fn windows(&self) -> Result<Vec<Window>> {
        Ok(self.driver.windows().await?)
    }

    /// Opens an address in a window of its own, which is seen beside the others, and looks at it.
    pub(crate) async fn open_window(&self, address: &str) -> Result<Window> {
        let window = self.driver.new_window().await?;
        self.to(&window).await?;
        self.open(address).await?;
        Ok(window)
    }

    /// Looks at this window.
    pub(crate) async fn to(&self, window: &Window) -> Result<()> {
        Ok(self.driver.switch_to_window(window.clone()).await?)
    }

    /// Closes this window, and looks at the first of those that are left.
    pub(crate) async fn close(&self, window: &Window) -> Result<()> {
        self.to(window).await?;
        self.close_tab().await
    }

    /// Closes this tab and goes back to the first one.
    pub(crate) async fn close_tab(&self) -> Result<()> {
        self.driver.close_window().await?;
        self.tab(0).await
    }

    /// Takes a picture where `POLKU_SHOTS` names a folder for it.
    pub(crate) async fn shot(&self, name: &str) -> Result<()> {
        let Some(folder) = std::env::var_os("POLKU_SHOTS").map(PathBuf::from) else {
            return Ok(());
        };
        std::fs::create_dir_all(&folder)?;
        Ok(self.driver.screenshot(&folder.join(name).with_extension("png")).await?)
    }

    /// A picture of the window, PNG.
    pub(crate) async fn picture(&self) -> Result<Vec<u8>> {
        Ok(self.driver.screenshot_as_png().await?)
    }

    async fn show_what_there_is(&self) {
        let address = self.address().await.unwrap_or_default();
        eprintln!("the browser is at {address}; its console:");
        if self.engine == Engine::Chromium {
            for entry in self.driver.browser_log().await.unwrap_or_default() {
                eprintln!("  {} {}", entry.level, entry.message);
            }
        }
        let polku = |line: &&String| line.contains("polku");
        self.printed.lock().unwrap().iter().filter(polku).for_each(|line| eprintln!("  {line}"));
        let _ = self.shot("failed").await;
    }
}
