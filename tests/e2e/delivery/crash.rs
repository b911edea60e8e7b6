//! A page whose process is killed.

use std::collections::BTreeMap;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::gate::Fault;
use super::{EVENTS, MEASURED, Pace, REMEMBERED, Shop, rests, starts, tell};
use crate::browser::{self, Browser};
use crate::wait::until;

/// What the processor may take from what was told last: an event is stored within 250 ms, five at 20 a second, and to kill takes a moment.
const YOUNG: usize = 10;

/// By which the page's process is known, and by which the others know that it is gone: it has a worker, and holds a lock.
const MARKED: &str = "window.worker = new Worker(URL.createObjectURL(new Blob(['onmessage = () => postMessage(1)'])));
    navigator.locks.request('alive', () => new Promise(() => {}));
    return new Promise((done) => { worker.onmessage = done; worker.postMessage(1); })";
const ALIVE: &str = "return navigator.locks.query().then(({ held }) => held.some(({ name }) => name === 'alive'))";

/// The processes of this browser that have a worker.
fn working(browser: &Browser) -> Result<Vec<u32>> {
    let mut parents = BTreeMap::new();
    let mut working = Vec::new();
    for entry in std::fs::read_dir("/proc")? {
        let Some(id) = entry?.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
        // One that ends meanwhile is none of them.
        let Ok(status) = std::fs::read_to_string(format!("/proc/{id}/status")) else { continue };
        let parent = status.lines().find_map(|line| line.strip_prefix("PPid:")?.trim().parse::<u32>().ok());
        parents.insert(id, parent.unwrap_or_default());
        let Ok(threads) = std::fs::read_dir(format!("/proc/{id}/task")) else { continue };
        let mut names = threads.flatten().filter_map(|thread| std::fs::read_to_string(thread.path().join("comm")).ok());
        if names.any(|name| name.starts_with("DedicatedWorker")) {
            working.push(id);
        }
    }
    let own = browser.process()?;
    let is_own = |id: u32| std::iter::successors(Some(id), |id| parents.get(id).copied()).any(|id| id == own);
    working.retain(|id| is_own(*id));
    Ok(working)
}

/// Opens the shop in another window, does `first` there, and kills it.
async fn die_after(browser: &Browser, shop: &Shop, first: impl AsyncFnOnce() -> Result<()>) -> Result<()> {
    // The driver ends with the page that it looks at.
    browser.open(&shop.site.at("/plain")).await?;
    let safe = browser.window().await?;
    browser.open_window(&shop.site.at("/")).await?;
    starts(browser).await?;
    browser.run(MARKED).await?;
    let pages = working(browser)?;
    ensure!(pages.len() == 1, "it has a process of its own: {pages:?}");
    first().await?;
    browser.to(&safe).await?;
    ensure!(Command::new("kill").args(["-KILL", &pages[0].to_string()]).status()?.success());
    until("the page's end", async || Ok((browser.run(ALIVE).await? == false).then_some(()))).await
}

#[test]
fn a_page_that_is_killed_leaves_its_events_to_the_next() {
    for (pace, consent) in [(Pace::Burst, REMEMBERED), (Pace::Steady, REMEMBERED), (Pace::Burst, MEASURED)] {
        browser::with(async |browser| {
            let shop = Shop::open(consent).await?;
            shop.gate.fails(Fault::Status(500));
            die_after(browser, &shop, async || {
                tell(browser, pace, "A").await?;
                // What is promised.
                browser.run("return new Promise((done) => setTimeout(done, 250))").await?;
                Ok(())
            })
            .await?;
            ensure!(shop.found("A")?.is_empty(), "nothing can have arrived");
            shop.gate.heals();
            shop.visit(browser, "/next").await?;
            shop.arrive("A").await?;
            rests(browser).await?;
            shop.whole().await?;
            shop.add_up(&[])
        });
    }
}

/// Killed in the very moment, a page loses no more than the last of it.
#[test]
fn a_page_that_is_killed_at_once_loses_a_moment_at_most() {
    browser::with(async |browser| {
        let shop = Shop::open(REMEMBERED).await?;
        shop.gate.fails(Fault::Status(500));
        die_after(browser, &shop, async || tell(browser, Pace::Steady, "A").await).await?;
        shop.gate.heals();
        shop.visit(browser, "/next").await?;
        let least = EVENTS - YOUNG;
        until("all but the youngest", async || Ok((shop.found("A")?.len() >= least).then_some(())))
            .await
            .with_context(|| format!("{} arrived", shop.found("A").map_or(0, |found| found.len())))?;
        rests(browser).await?;
        shop.whole().await?;
        let found = shop.found("A")?;
        let first: Vec<String> = (0..found.len()).map(|at| format!("A-{at}")).collect();
        ensure!(first.iter().all(|mark| found.get(mark) == Some(&1)), "the first ones, each once: {found:?}");
        shop.add_up(&["page_lost"])
    });
}
