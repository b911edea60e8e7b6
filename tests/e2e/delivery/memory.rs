//! A queue that was full and is empty again leaves nothing: the modules' memory, which can only grow, stops growing.

use anyhow::{Context, ensure};
use serde_json::Value;

use super::gate::Fault;
use super::{REMEMBERED, SHOPPING, STUB, Shop, number, rests, starts};
use crate::browser;
use crate::site::{Page, tag};
use crate::wait::until;

/// How often the queue is full.
const ROUNDS: usize = 8;
/// After the third of them nothing grows any more.
const GROWS: usize = 3;
/// What each tells: more than a queue holds, and less than what is too much.
const EVENTS: usize = 480;
/// All that is known of memory from the outside is each module's `memory`; and a clock that a test can put forward lets it tell another
/// burst without the wait of half a minute that keeps it from being too much.
const HANDLES: &str = "window.memories = [];
for (const name of ['instantiate', 'instantiateStreaming']) {
  const made = WebAssembly[name];
  WebAssembly[name] = async (...all) => {
    const done = await made(...all);
    const { exports } = done.instance || done;
    memories.push(...Object.values(exports).filter((one) => one instanceof WebAssembly.Memory));
    return done;
  };
}
window.later = 0;
for (const clock of [performance, Date]) {
  const now = clock.now.bind(clock);
  clock.now = () => now() + later;
}
const NAMES = ['view_item', 'add_to_cart', 'remove_from_cart', 'view_cart'];
var round = (number) => { for (let at = 0; at < number; at += 1) polku('track', NAMES[at % NAMES.length], { items: [{ item_id: `B-${at}`, item_name: 'Kettle', item_category: 'Kitchen', price: 24.9, quantity: 1 }], value: 24.9, currency: 'EUR' }); };\n";

#[test]
fn memory_stops_growing_after_the_third_full_queue() {
    browser::with(async |browser| {
        let shop = Shop::open(REMEMBERED).await?;
        let page = Page::new(tag(&shop.server.origin, &shop.gate.collector(), ""));
        shop.site.page("/full", page.before(STUB).before(HANDLES).before(REMEMBERED).before(SHOPPING));
        shop.visit(browser, "/full").await?;
        starts(browser).await?;
        rests(browser).await?;
        let mut grown = Vec::new();
        for round in 0..ROUNDS {
            shop.gate.fails(Fault::Status(500));
            let full = format!("window.later += 60_000; round({EVENTS}); return polku.journey().loss");
            let loss = browser.run(&full).await?;
            let before = number(&loss["dropped"]["full"]);
            ensure!(before > 0 && loss["dropped"]["rate"].is_null(), "round {round}: the queue is not full: {loss}");
            shop.gate.heals();
            // The next try may be due in half a minute.
            until("an empty queue", async || {
                browser.run("window.later += 10_000; dispatchEvent(new Event('online')); return polku.flush()").await?;
                let loss = browser.value("polku.journey().loss").await?;
                Ok((loss["queued"] == 0).then_some(()))
            })
            .await?;
            let bytes = browser.value("memories.map(({ buffer }) => buffer.byteLength)").await?;
            let bytes = bytes.as_array().context("no memories")?.iter().filter_map(Value::as_u64).sum::<u64>();
            ensure!(bytes > 0, "no module's memory was seen");
            grown.push(bytes);
        }
        println!("bytes of memory after each full queue: {grown:?}");
        let after = grown[GROWS - 1];
        ensure!(grown[GROWS..].iter().all(|bytes| *bytes == after), "it goes on growing: {grown:?}");
        Ok(())
    });
}
