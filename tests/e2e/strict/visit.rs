//! A visit with all that a page loads on a shopper's way: capture, what watches the page, a prompt with words, the shopper's own view, delivery.

use anyhow::{Result, ensure};
use serde_json::{Value, json};
use thirtyfour::Key;

use crate::Done;
use crate::browser::Browser;
use crate::engine::Engine;
use crate::server::{Server, count, first, text};
use crate::site::{MEASURED, Page, STUB, Site, tag};
use crate::walk::{CARD, Prompt};

/// What runs the modules.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Runs {
    Wasm,
    /// Their translation: whether the tag asked for it, or the page's policy left no other way.
    JavaScript,
}

/// A shop, and the collector.
pub(crate) struct Visit {
    pub(crate) server: Server,
    pub(crate) site: Site,
}

impl Visit {
    /// A shop whose shoppers have accepted, with prompts. `more`: further attributes of the tag; `dress` adds to its pages what makes them strict, where
    /// `{polku}` is Polku's origin in a policy.
    pub(crate) async fn new(more: &str, dress: impl Fn(Page, &str) -> Page) -> Result<Self> {
        let server = Server::start()?;
        let more = format!(r#"data-prompts="/prompts.json" {more}"#);
        let page = Page::new(tag(&server.origin, &server.collector(), &more)).before(STUB).before(MEASURED);
        let site = Site::start(dress(page, &server.origin)).await?;
        Ok(Self { server, site })
    }

    /// Opens its first page, and waits until the journey is there.
    pub(crate) async fn open(&self, browser: &Browser) -> Done {
        browser.open(&self.site.at("/")).await?;
        browser.until("window.polku?.journey?.()").await?;
        Ok(())
    }

    /// Everything that a shopper does. The modules are run by what is said, nothing was refused by the page's policy but `refused`, and
    /// nobody was told of anything.
    pub(crate) async fn walk(&self, browser: &Browser, runs: Runs, refused: &[&str]) -> Done {
        self.open(browser).await?;
        // What watches the page is at work.
        browser.until("seen.listeners.some(({ type }) => type === 'wheel')").await?;
        browser.hammer("#dead", 6).await?;
        browser.run("polku.track('view_item', { value: 47.9, currency: 'EUR' }); polku.track('purchase', { transaction_id: 'A-1', value: 20 })").await?;
        browser.find(CARD).await?;
        let prompt = Prompt(browser);
        prompt.begins_with_ten().await?;
        prompt.say("The delivery was fast. Write to anna.virtanen@example.com!").await?;
        browser
            .until("document.querySelector('[data-polku-prompt]')?.shadowRoot.textContent.includes('Thank you!')")
            .await?;
        browser.press(Key::Escape + "").await?;
        prompt.is_gone().await?;
        browser.run("return polku.flush()").await?;
        let events = self
            .server
            .settles("a walk", |events| count(events, "prompt_closed") > 0 && count(events, "rage_click") > 0)
            .await?;
        assert_eq!(first(&events, "view_item")?["data"]["value"], 48, "money in two digits");
        let answers: Vec<&Value> = events.iter().filter(|event| event["name"] == "prompt_answer").collect();
        assert_eq!(answers[0]["data"]["score"], 10);
        let said = &answers[1]["data"];
        assert_eq!(said["text"], "The delivery was fast. Write to [email]!", "scrubbed on the device");
        ensure!(said["themes"].as_array().is_some_and(|themes| !themes.is_empty()), "understood on the device: {said}");
        self.looks_at_what_is_known(browser).await?;
        runs.is(browser).await?;
        // WebKit does not say that it has refused a module.
        let refused = if browser.engine == Engine::WebKit { &[] } else { refused };
        assert_eq!(browser.value("[...new Set(seen.violations)]").await?, json!(refused));
        assert_eq!(browser.value("seen.told()").await?, json!([]));
        works(browser).await
    }

    async fn looks_at_what_is_known(&self, browser: &Browser) -> Done {
        browser.run("polku.privacy.open()").await?;
        let state = browser
            .until("document.querySelector('[data-polku-view]')?.shadowRoot.querySelector('.state')?.dataset.is")
            .await?;
        assert_eq!(text(&state), "on");
        let known = browser.run("return polku.privacy.export()").await?;
        ensure!(known.to_string().contains("prompt_answer"), "{known}");
        browser.press(Key::Escape + "").await?;
        browser.until("!document.querySelector('[data-polku-view]')").await?;
        Ok(())
    }
}

impl Runs {
    /// Whether this and nothing else was fetched for it.
    pub(crate) async fn is(self, browser: &Browser) -> Done {
        let fetched = "performance.getEntriesByType('resource').map(({ name }) => name.split('/').pop())";
        let fetched = browser.value(fetched).await?;
        let names: Vec<&str> = fetched.as_array().into_iter().flatten().map(text).collect();
        let wasm = names.iter().any(|name| name.ends_with(".wasm"));
        let js = names.iter().filter(|name| name.starts_with("js-core-") || name.starts_with("js-whole-")).count();
        // WebKit fetches a module before it refuses it.
        let refused = browser.engine == Engine::WebKit && js == 1;
        ensure!(
            (wasm && !refused, js) == (self == Self::Wasm, usize::from(self == Self::JavaScript)),
            "{self:?}: {names:?}"
        );
        Ok(())
    }
}

/// The page itself works: no script of it failed, and its link leads on.
pub(crate) async fn works(browser: &Browser) -> Done {
    assert_eq!(browser.value("seen.errors").await?, json!([]), "errors on the shop's page");
    browser.follow("#next").await?;
    ensure!(browser.address().await?.ends_with("/next"));
    Ok(())
}
