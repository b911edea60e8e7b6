//! Delivery under faults, in a real browser with the real collector: whatever goes wrong, each event is in the database exactly
//! once, and the books say so. Where that cannot be, the test says why, and what must be declared.
//!
//! `measured.md` of the design has the same table for others' trackers: 100 events in a burst, or at 20 a second, then the fault.

mod answers;
mod away;
mod consent;
mod crash;
mod gate;
mod leave;
mod memory;
mod rate;
mod room;
mod tabs;

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::Done;
use crate::browser::Browser;
use crate::server::Server;
use crate::site::{MEASURED, Page, REMEMBERED, STUB, Site, tag};
use crate::wait::{until, within};
use gate::Gate;

/// So many events each time.
const EVENTS: usize = 100;
/// After a collector has recovered: a pause after failures in a row is 30 s, and a second retry may be due after it.
const RECOVERY: Duration = Duration::from_secs(75);

/// What a page tells: `burst` all at once, `steady` 20 a second. Each product is looked at once, so that it names its event.
/// `var`, since Firefox's driver runs scripts beside the page's own and finds only what belongs to its window.
const SHOPPING: &str = r#"
var look = (id) => polku("track", "view_item", { items: [{ item_id: id, item_name: "Kettle", item_category: "Kitchen", price: 24.9, quantity: 1 }], value: 24.9, currency: "EUR" });
var burst = (label, number) => { for (let at = 0; at < number; at += 1) look(`${label}-${at}`); };
var steady = (label, number) => new Promise((done) => {
  let at = 0;
  const timer = setInterval(() => { look(`${label}-${at}`); if ((at += 1) === number) { clearInterval(timer); done(); } }, 50);
});
window.failed = [];
polku("on", "error", ({ code, field }) => failed.push(`${code} ${field}`));
"#;

/// How 100 events come about.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Pace {
    Burst,
    Steady,
}

const BOTH: [Pace; 2] = [Pace::Burst, Pace::Steady];

impl Pace {
    /// A call that tells them, each with `label`.
    fn tell(self, label: &str) -> String {
        match self {
            Self::Burst => format!("burst('{label}', {EVENTS})"),
            Self::Steady => format!("steady('{label}', {EVENTS})"),
        }
    }
}

/// A shop, the collector, and the gate between them.
struct Shop {
    server: Server,
    gate: Gate,
    site: Site,
}

impl Shop {
    /// Whose pages `/` and `/next` decide with `consent`; `/plain` is without Polku.
    async fn open(consent: &str) -> Result<Self> {
        let server = Server::start()?;
        let gate = Gate::before(&server.origin).await?;
        let page = Page::new(tag(&server.origin, &gate.collector(), ""));
        let site = Site::start(page.before(STUB).before(consent).before(SHOPPING)).await?;
        site.page("/plain", Page::default());
        Ok(Self { server, gate, site })
    }

    /// Opens a page and waits until its journey goes on.
    async fn visit(&self, browser: &Browser, path: &str) -> Done {
        browser.open(&self.site.at(path)).await?;
        starts(browser).await
    }

    /// How often each event with this label is in the database.
    fn found(&self, label: &str) -> Result<BTreeMap<String, usize>> {
        let rows =
            self.server.rows("SELECT json_extract(data, '$.items[0].item_id') FROM events WHERE name = 'view_item'")?;
        let mut found = BTreeMap::new();
        for mark in rows.concat().into_iter().filter(|mark| mark.split('-').next() == Some(label)) {
            *found.entry(mark).or_default() += 1;
        }
        Ok(found)
    }

    /// Waits until all events with this label are in the database, each once.
    async fn arrive(&self, label: &str) -> Done {
        self.arrive_within(RECOVERY, label, EVENTS).await
    }

    async fn arrive_within(&self, limit: Duration, label: &str, number: usize) -> Done {
        let all = within(limit, "all events", async || {
            let found = self.found(label)?;
            Ok((found.len() == number).then_some(found))
        });
        let found = match all.await {
            Ok(found) => found,
            Err(why) => return Err(why.context(format!("{} of {number} {label} arrived", self.found(label)?.len()))),
        };
        let more: Vec<_> = found.iter().filter(|(_, times)| **times > 1).collect();
        ensure!(more.is_empty(), "more than once: {more:?}");
        Ok(())
    }

    /// What each leg has in the database: how many events, and its last number.
    fn legs(&self) -> Result<Vec<(String, usize, usize)>> {
        let rows =
            self.server.rows("SELECT leg, count(*), max(seq) FROM events GROUP BY journey, leg ORDER BY min(rowid)")?;
        rows.into_iter().map(|row| Ok((row[0].clone(), row[1].parse()?, row[2].parse()?))).collect()
    }

    /// Waits until no leg has a gap.
    async fn whole(&self) -> Done {
        let whole = until("legs without a gap", async || {
            Ok(self.legs()?.iter().all(|(_, count, last)| count == last).then_some(()))
        });
        whole.await.with_context(|| format!("{:?}", self.legs()))
    }

    /// The books of every batch that was sent add up, and nothing was dropped but for reasons in `may`.
    fn add_up(&self, may: &[&str]) -> Done {
        let batches = self.gate.batches()?;
        ensure!(!batches.is_empty(), "nothing was sent");
        for batch in &batches {
            let loss = &batch["loss"];
            ensure!(captured(loss) == number(&loss["sent"]) + number(&loss["queued"]) + dropped(loss), "{loss}");
            let reasons: Vec<&String> = loss["dropped"].as_object().context("no drops")?.keys().collect();
            ensure!(reasons.iter().all(|reason| may.contains(&reason.as_str())), "{loss}");
        }
        Ok(())
    }

    /// One tab is left with everything delivered: what it captured is what there is, no more and no less, by its last batch and by the page.
    async fn balanced(&self, browser: &Browser) -> Done {
        let loss = rests(browser).await?;
        self.whole().await?;
        self.add_up(&[])?;
        let stored = self.server.count("events")? as u64;
        assert_eq!(loss, json!({ "captured": stored, "sent": stored, "queued": 0, "dropped": {} }));
        let last = self.gate.batches()?.iter().map(|batch| captured(&batch["loss"])).max();
        assert_eq!(last, Some(stored), "the last batch tells of all");
        Ok(())
    }

    /// The same where no page is left that could be asked.
    async fn left_balanced(&self) -> Done {
        self.whole().await?;
        self.add_up(&[])?;
        let last = self.gate.batches()?.iter().map(|batch| captured(&batch["loss"])).max();
        assert_eq!(last, Some(self.server.count("events")? as u64), "the last batch tells of all");
        Ok(())
    }

    /// Waits until so many batches have come to the gate.
    async fn knocked(&self, times: usize) -> Done {
        until("batches at the gate", async || Ok((self.gate.came().len() >= times).then_some(()))).await
    }
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or_default()
}

fn captured(loss: &Value) -> u64 {
    number(&loss["captured"])
}

fn dropped(loss: &Value) -> u64 {
    loss["dropped"].as_object().into_iter().flatten().map(|(_, events)| number(events)).sum()
}

/// Waits until this page's journey goes on.
async fn starts(browser: &Browser) -> Done {
    browser.until("window.polku?.journey?.()").await?;
    Ok(())
}

/// Waits until other pages of this visit can know of it.
async fn is_known(browser: &Browser) -> Done {
    browser.until("localStorage.getItem('polku:1:visit')").await?;
    Ok(())
}

/// Waits until nothing of the page is unsent; gives back its books.
async fn rests(browser: &Browser) -> Result<Value> {
    within(RECOVERY, "nothing is queued", async || {
        browser.run("return polku.flush()").await?;
        let loss = browser.value("polku.journey().loss").await?;
        Ok((loss["queued"] == 0).then_some(loss))
    })
    .await
}

/// Tells 100 events.
async fn tell(browser: &Browser, pace: Pace, label: &str) -> Done {
    browser.run(&format!("return {}", pace.tell(label))).await?;
    Ok(())
}

/// Tells 100 events and runs `then` in the very task of the last one, which may take the page away.
async fn tell_and(browser: &Browser, pace: Pace, label: &str, then: &str) -> Done {
    browser.run(&format!("window.__left = true; (async () => {{ await {}; {then}; }})()", pace.tell(label))).await?;
    Ok(())
}

/// All that Polku has left in the browser for this origin, by name.
const TRACES: &str = "return (async () => [
    ...Object.keys(localStorage), ...Object.keys(sessionStorage), ...document.cookie.split('; '), window.name,
    ...await caches.keys(), ...(await indexedDB.databases()).map((database) => database.name),
    ...(await navigator.serviceWorker.getRegistrations()).map((worker) => worker.scope),
    ...await Array.fromAsync((await navigator.storage?.getDirectory?.())?.keys() ?? []),
].filter(Boolean))()";
