//! Storage that is full or shut: nothing is lost while the page lives, and it is said once.

use anyhow::ensure;
use serde_json::json;

use super::gate::Fault;
use super::{
    MEASURED, Pace, REMEMBERED, SHOPPING, STUB, Shop, captured, dropped, is_known, number, rests, starts, tell,
    tell_and,
};
use crate::browser;
use crate::site::{Page, tag};

/// The page fills a storage up to the last character.
const FILL: &str = "var fill = (storage) => {
  for (let size = 1 << 22, at = 0; size >= 1; ) {
    try { storage.setItem(`shop:${(at += 1)}`, 'x'.repeat(size)); } catch { size >>= 1; }
  }
};\n";
const SHUT: &str = "for (const name of ['localStorage', 'sessionStorage']) Object.defineProperty(window, name, { get() { throw new DOMException('shut', 'SecurityError'); } });\n";

async fn shop(before: &str) -> anyhow::Result<Shop> {
    let shop = Shop::open(REMEMBERED).await?;
    let page = Page::new(tag(&shop.server.origin, &shop.gate.collector(), "")).before(FILL).before(before);
    let page = page.before(STUB).before(REMEMBERED).before(SHOPPING);
    shop.site.page("/next", page.clone());
    shop.site.page("/", page);
    Ok(shop)
}

#[test]
fn storage_that_is_full_loses_nothing_while_the_page_lives() {
    browser::with(async |browser| {
        for before in ["fill(localStorage);", "fill(localStorage); fill(sessionStorage);"] {
            let shop = shop(before).await?;
            shop.gate.fails_times(2, Fault::Status(500));
            shop.visit(browser, "/").await?;
            tell(browser, Pace::Burst, "A").await?;
            shop.arrive("A").await?;
            shop.balanced(browser).await?;
            let said = "failed.filter((error) => error.startsWith('E4')).length";
            assert_eq!(browser.value(said).await?, json!(1), "{before} {}", browser.value("failed").await?);
            assert_eq!(browser.value("seen.errors").await?, json!([]), "errors on the shop's page");
        }
        Ok(())
    });
}

#[test]
fn storage_that_is_shut_loses_nothing_while_the_page_lives() {
    browser::with(async |browser| {
        let shop = shop(SHUT).await?;
        shop.gate.fails_times(2, Fault::Status(500));
        shop.visit(browser, "/").await?;
        tell(browser, Pace::Burst, "A").await?;
        shop.arrive("A").await?;
        shop.balanced(browser).await?;
        assert_eq!(browser.value("seen.errors").await?, json!([]), "errors on the shop's page");
        Ok(())
    });
}

/// Storage that can be read no more says nothing of the visit, which nobody has withdrawn: WebKit shuts it before a window that a script closes says that it is left.
#[test]
fn storage_that_is_shut_in_the_middle_is_no_withdrawal() {
    browser::with(async |browser| {
        let shop = Shop::open(REMEMBERED).await?;
        shop.visit(browser, "/").await?;
        rests(browser).await?;
        is_known(browser).await?;
        let id = browser.value("polku.journey().id").await?;
        browser.run(SHUT).await?;
        tell(browser, Pace::Burst, "A").await?;
        // It looks at what is stored as soon as nobody looks at the page.
        let hidden = |is| {
            format!(
                "Object.defineProperty(document, 'hidden', {{ value: {is}, configurable: true }}); document.dispatchEvent(new Event('visibilitychange'))"
            )
        };
        browser.run(&hidden(true)).await?;
        assert_eq!(browser.value("polku.journey()?.id").await?, id);
        shop.arrive("A").await?;
        browser.run(&hidden(false)).await?;
        shop.balanced(browser).await?;
        assert_eq!(shop.server.count("journeys")?, 1);
        Ok(())
    });
}

/// A case in which events may be lost: the collector fails, nothing can be stored, and the page is left. The next page says how many.
#[test]
fn what_could_be_neither_sent_nor_stored_is_declared() {
    browser::with(async |browser| {
        let shop = shop("").await?;
        shop.visit(browser, "/").await?;
        rests(browser).await?;
        is_known(browser).await?;
        browser.run("fill(localStorage)").await?;
        shop.gate.fails(Fault::Status(500));
        tell_and(browser, Pace::Burst, "A", "location.href = '/next'").await?;
        browser.arrive().await?;
        starts(browser).await?;
        browser.run("localStorage.clear()").await?;
        shop.gate.heals();
        let loss = rests(browser).await?;
        shop.add_up(&["page_lost"])?;
        let stored = shop.server.count("events")? as u64;
        assert_eq!(captured(&loss), stored + dropped(&loss), "{loss}");
        let lost = super::EVENTS - shop.found("A")?.len();
        ensure!(number(&loss["dropped"]["page_lost"]) >= lost as u64, "{lost} are lost: {loss}");
        Ok(())
    });
}

/// The other one: there is no next page that could know.
#[test]
fn what_a_closed_tab_could_neither_send_nor_store_is_lost_and_nothing_else() {
    browser::with(async |browser| {
        let shop = Shop::open(MEASURED).await?;
        let page = Page::new(tag(&shop.server.origin, &shop.gate.collector(), "")).before(SHUT);
        shop.site.page("/", page.before(STUB).before(MEASURED).before(SHOPPING));
        browser.open(&shop.site.at("/plain")).await?;
        let home = browser.window().await?;
        shop.gate.fails(Fault::Status(500));
        let window = browser.open_window(&shop.site.at("/")).await?;
        starts(browser).await?;
        tell(browser, Pace::Burst, "A").await?;
        browser.close(&window).await?;
        browser.to(&home).await?;
        shop.gate.heals();
        shop.visit(browser, "/next").await?;
        tell(browser, Pace::Burst, "B").await?;
        shop.arrive("B").await?;
        rests(browser).await?;
        shop.whole().await?;
        shop.add_up(&[])?;
        ensure!(shop.found("A")?.is_empty(), "nowhere could they come from");
        Ok(())
    });
}

/// A page that cannot store still sends what it has as it is left.
#[test]
fn a_page_that_cannot_store_loses_nothing_as_it_is_left() {
    browser::with(async |browser| {
        let shop = shop("fill(localStorage);").await?;
        shop.visit(browser, "/").await?;
        tell_and(browser, Pace::Burst, "A", "location.href = '/plain'").await?;
        browser.arrive().await?;
        shop.arrive("A").await?;
        shop.left_balanced().await
    });
}
