//! What a shopper does in the demo shop, in the words of the shop's `data-test` attributes.

use anyhow::{Result, ensure};
use serde_json::Value;
use thirtyfour::Key;

use crate::browser::Browser;

/// The prompt's card, inside its shadow root.
pub(crate) const CARD: &str = "[data-polku-prompt] >>> .card";

/// Everything that Polku could leave in the browser; `kk_` is the shop's own.
const TRACES: &str = "return (async () => [
    ...Object.keys(localStorage), ...Object.keys(sessionStorage), ...document.cookie.split('; '), window.name,
    ...await caches.keys(), ...(await indexedDB.databases()).map((database) => database.name),
].filter((trace) => trace && !trace.startsWith('kk_')))()";

/// A shopper in the demo shop.
pub(crate) struct Shopper<'a> {
    pub(crate) browser: &'a Browser,
    /// The shop's address in the shopper's language.
    root: String,
}

fn named(test: &str) -> String {
    format!("[data-test={test}]")
}

impl<'a> Shopper<'a> {
    pub(crate) fn new(browser: &'a Browser, origin: &str, lang: &str) -> Self {
        Self { browser, root: format!("{origin}/shop/{lang}") }
    }

    /// Opens a page of the shop by its path.
    pub(crate) async fn open(&self, path: &str) -> Result<()> {
        self.browser.open(&format!("{}{path}", self.root)).await
    }

    pub(crate) async fn accept(&self) -> Result<()> {
        self.browser.click(&named("consent-accept")).await
    }

    pub(crate) async fn refuse(&self) -> Result<()> {
        self.browser.click(&named("consent-deny")).await
    }

    /// Opens the banner again from the footer.
    pub(crate) async fn cookie_settings(&self) -> Result<()> {
        self.browser.click(&named("consent-settings")).await
    }

    /// Follows a product's card.
    pub(crate) async fn choose(&self, sku: &str) -> Result<()> {
        self.browser.follow(&format!("[data-test=product-card][data-sku={sku}] a")).await
    }

    /// Puts the product of this page into the cart.
    pub(crate) async fn add_to_cart(&self) -> Result<()> {
        self.browser.click(&named("add-to-cart")).await?;
        self.browser.until("document.querySelector('[data-test=cart-count]').textContent !== '0'").await?;
        Ok(())
    }

    pub(crate) async fn to_cart(&self) -> Result<()> {
        self.browser.follow(&named("cart-link")).await
    }

    pub(crate) async fn to_checkout(&self) -> Result<()> {
        self.browser.follow(&named("checkout-link")).await
    }

    /// Fills the form, all but the card.
    pub(crate) async fn fill(&self) -> Result<()> {
        let form = [
            ("email", "anna.virtanen@example.fi"),
            ("name", "Anna Virtanen"),
            ("street", "Testikatu 5 A 12"),
            ("postcode", "00510"),
            ("city", "Helsinki"),
        ];
        for (field, text) in form {
            self.browser.write(&named(&format!("field-{field}")), text).await?;
        }
        Ok(())
    }

    /// Pays in vain: something in the form is wrong.
    pub(crate) async fn pay_with_a_wrong_form(&self) -> Result<()> {
        self.browser.click(&named("pay")).await?;
        self.browser.until("document.querySelector('[data-test=error-email]').textContent").await?;
        Ok(())
    }

    /// Pays with the card that the bank declines.
    pub(crate) async fn pay_declined(&self) -> Result<()> {
        self.browser.click(&named("use-card-declined")).await?;
        self.browser.click(&named("pay")).await?;
        self.browser.find(&named("payment-error")).await?;
        Ok(())
    }

    /// Pays, and arrives at the thanks page.
    pub(crate) async fn pay(&self) -> Result<()> {
        self.browser.click(&named("use-card-ok")).await?;
        self.browser.follow(&named("pay")).await?;
        ensure!(self.browser.address().await?.contains("/thanks?order="));
        Ok(())
    }

    /// The number on the thanks page.
    pub(crate) async fn order(&self) -> Result<String> {
        let number = self.browser.until("document.querySelector('[data-test=order-number]').textContent").await?;
        Ok(number.as_str().unwrap_or_default().to_owned())
    }

    /// From nothing to the thanks page, the straight way.
    pub(crate) async fn buy(&self) -> Result<()> {
        self.open("/p/aamu").await?;
        self.add_to_cart().await?;
        self.open("/checkout").await?;
        self.fill().await?;
        self.pay().await
    }

    /// The names of what Polku has left in the browser.
    pub(crate) async fn traces(&self) -> Result<Value> {
        self.browser.run(TRACES).await
    }
}

/// The prompt, from the keyboard.
pub(crate) struct Prompt<'a>(pub(crate) &'a Browser);

impl Prompt<'_> {
    /// Waits until the card is there.
    pub(crate) async fn opens(&self) -> Result<()> {
        self.0.find(CARD).await?;
        Ok(())
    }

    /// Waits until the card is gone.
    pub(crate) async fn is_gone(&self) -> Result<()> {
        self.0.until("!document.querySelector('[data-polku-prompt]')").await?;
        Ok(())
    }

    /// The question that is asked now.
    pub(crate) async fn question(&self) -> Result<String> {
        let heading = "document.querySelector('[data-polku-prompt]')?.shadowRoot.querySelector('h2')?.textContent";
        Ok(self.0.until(heading).await?.as_str().unwrap_or_default().to_owned())
    }

    /// Waits for a question other than `before`.
    pub(crate) async fn question_after(&self, before: &str) -> Result<String> {
        crate::wait::until("another question", async || {
            Ok(Some(self.question().await?).filter(|question| question != before))
        })
        .await
    }

    /// Goes to the card, as the status message says.
    pub(crate) async fn enter(&self) -> Result<()> {
        self.0.press(Key::F8 + "").await?;
        self.0.until("document.activeElement.matches('[data-polku-prompt]')").await?;
        Ok(())
    }

    /// Goes to the card and gives ten at its first question; the one that follows.
    pub(crate) async fn begins_with_ten(&self) -> Result<String> {
        self.enter().await?;
        let question = self.question().await?;
        self.give_ten().await?;
        self.question_after(&question).await
    }

    /// Tabs until the focus is on `selector`.
    pub(crate) async fn tab_to(&self, selector: &str) -> Result<()> {
        let there = format!("!!document.activeElement.shadowRoot?.activeElement?.matches('{selector}')");
        for _ in 0..12 {
            if self.0.value(&there).await? == true {
                return Ok(());
            }
            self.0.press(Key::Tab + "").await?;
        }
        anyhow::bail!("the Tab key does not lead to {selector}")
    }

    /// Chooses the best score of all, and sends it.
    pub(crate) async fn give_ten(&self) -> Result<()> {
        self.tab_to("input[type=radio]").await?;
        self.0.press(Key::End + "").await?;
        self.tab_to("[data-do=send]").await?;
        self.0.press(Key::Enter + "").await
    }

    /// Writes a text, and sends it.
    pub(crate) async fn say(&self, text: &str) -> Result<()> {
        self.tab_to("textarea").await?;
        self.0.press(text).await?;
        self.tab_to("[data-do=send]").await?;
        self.0.press(Key::Enter + "").await
    }
}
