//! The shopper's own view: what it shows is what is stored and what the collector got; what it erases is gone.

use anyhow::{Result, ensure};
use serde_json::{Value, json};

use crate::browser::{self, Browser};
use crate::server::{Server, text};
use crate::walk::Shopper;

/// The view's element on a page.
const VIEW: &str = "[data-polku-privacy]";

/// What the view has at `selector`, as a list of texts.
async fn texts(browser: &Browser, selector: &str) -> Result<Vec<String>> {
    let script = format!(
        "[...(document.querySelector('[data-polku-view]')?.shadowRoot?.querySelectorAll('{selector}') ?? [])].filter((one) => one.checkVisibility()).map((one) => one.textContent)"
    );
    let found = browser.value(&script).await?;
    Ok(found.as_array().into_iter().flatten().map(|one| text(one).to_owned()).collect())
}

#[test]
fn a_measured_visit_is_shown() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let shopper = Shopper::new(browser, &server.origin, "en");
        shopper.open("/p/aamu").await?;
        shopper.accept().await?;
        browser.until("polku.journey?.()").await?;
        shopper.add_to_cart().await?;
        browser.run("return polku.flush()").await?;
        shopper.open("/privacy").await?;
        browser.find(&format!("{VIEW} >>> .card")).await?;
        browser.until("document.querySelector('[data-polku-privacy]').shadowRoot.querySelector('#sent').parentNode.querySelector('details')").await?;
        println!("{:#}", browser.run("return polku.privacy.export()").await?);
        browser.run("document.querySelector('[data-polku-privacy]').scrollIntoView()").await?;
        browser.shot("view").await?;
        println!("{:?}", texts(browser, "h3").await?);
        println!("{:?}", texts(browser, "summary").await?);
        println!("{}", browser.run("return polku.privacy.erase()").await?);
        ensure!(server.count("journeys")? == 0);
        assert_eq!(shopper.traces().await?, json!([]));
        let _ = Value::Null;
        Ok(())
    });
}
