//! Several collectors at once, of all formats, on other origins than the page's: with CORS and without.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::Done;
use crate::browser::{self, Browser};
use crate::collector::Collector;
use crate::formats::{FORMATS, encode_all};
use crate::receiver::{Receiver, Taken};
use crate::server::Server;
use crate::site::{Page, Site, tag};
use crate::strict::visit::Runs;
use crate::wait::until;

/// A shopper who has accepted, and what is told of the visit.
const VISIT: &str = r#"
window.polku = window.polku || function () { (polku.q = polku.q || []).push([performance.now(), ...arguments]); };
window.failed = [];
polku("on", "error", ({ code, field }) => failed.push(`${code} ${field}`));
polku("consent", { measure: true, since: "earlier" });
var kettle = { item_id: "A1", item_name: "Kettle", item_category: "kitchen", price: 19.9, quantity: 2 };
polku("track", "view_item", { items: [kettle], value: 39.8, currency: "EUR" });
polku("track", "purchase", { transaction_id: "T1", items: [kettle], value: 39.8, currency: "EUR", payment_type: "card" });
"#;

/// One collector of a format.
struct Lane {
    format: &'static str,
    settings: &'static [&'static str],
    simple: bool,
    receiver: Receiver,
}

/// A receiver for each format that `wanted` lets through.
async fn lanes(cors: bool, wanted: impl Fn(&str, bool) -> bool) -> Result<Vec<Lane>> {
    let mut lanes = Vec::new();
    for &(format, settings, simple) in FORMATS {
        if wanted(format, simple) {
            lanes.push(Lane { format, settings, simple, receiver: Receiver::start(cors).await? });
        }
    }
    Ok(lanes)
}

/// A shop whose native collector is `own`, and that lists the others, each with `more`; what else stands in its tag is `options`.
async fn shop(polku: &str, own: &Collector, lanes: &[Lane], more: &Value, options: &str) -> Result<Site> {
    let entry = |lane: &Lane| {
        let set: serde_json::Map<String, Value> = lane
            .settings
            .iter()
            .filter_map(|setting| setting.split_once('='))
            .map(|(name, value)| (name.to_owned(), json!(value)))
            .collect();
        let mut entry = json!({"url":format!("{}/", lane.receiver.origin),"format":lane.format,"set":set});
        for (name, value) in more.as_object().into_iter().flatten() {
            entry[name] = value.clone();
        }
        entry
    };
    let site = Site::start(Page::default()).await?;
    let list = Value::from(lanes.iter().map(entry).collect::<Vec<_>>());
    site.file("/collectors.json", 200, "application/json", &list.to_string());
    let tag = tag(polku, &own.address, &format!(r#"data-collectors="/collectors.json" {options}"#));
    site.page("/", Page::new(tag).before(VISIT));
    Ok(site)
}

/// The ids of the events that the native collector has got.
fn ids(own: &Collector) -> Result<Vec<String>> {
    let mut ids = Vec::new();
    for request in encode_all("ndjson", &[], &own.bodies().join("\n"))? {
        for line in request["body"].as_str().context("no body")?.lines() {
            let event: Value = serde_json::from_str(line)?;
            ids.push(event["event_id"].as_str().context("no id")?.to_owned());
        }
    }
    Ok(ids)
}

/// What was posted, and whether anything came along that tells who the shopper is.
fn posts(lane: &Lane) -> Vec<Taken> {
    lane.receiver.seen().into_iter().filter(|taken| taken.method == "POST").collect()
}

/// By what each event is known in a body of this format.
fn marks(format: &str, own: &Collector) -> Result<Vec<String>> {
    Ok(match format {
        // These have no place for an id.
        "matomo" => vec!["ec_id=".to_owned(), "e_a=view_item&".to_owned()],
        "plausible" => vec![r#""name":"purchase""#.to_owned(), r#""name":"view_item""#.to_owned()],
        _ => ids(own)?,
    })
}

/// Waits until a lane's receiver has got what the native one has; each of it once.
async fn once(lane: &Lane, own: &Collector) -> Result<Vec<Taken>> {
    let marks = marks(lane.format, own)?;
    let with = |posts: &[Taken], mark: &String| posts.iter().filter(|post| post.body.contains(mark)).count();
    let posts = until(&format!("all events as {}", lane.format), async || {
        let posts = posts(lane);
        Ok(marks.iter().all(|mark| with(&posts, mark) > 0).then_some(posts))
    })
    .await?;
    for mark in &marks {
        assert_eq!(with(&posts, mark), 1, "{}: {mark} in {posts:#?}", lane.format);
    }
    Ok(posts)
}

/// A shop with these lanes, visited: each of them gets every event once. Nothing failed.
async fn all_arrive(browser: &Browser, lanes: &[Lane], more: &Value, options: &str) -> Result<Vec<Vec<Taken>>> {
    let server = Server::start()?;
    let own = Collector::start(&[]).await?;
    let site = shop(&server.origin, &own, lanes, more, options).await?;
    visit(browser, &site, &own).await?;
    let mut posts = Vec::new();
    for lane in lanes {
        posts.push(once(lane, &own).await?);
    }
    assert_eq!(browser.value("failed").await?, json!([]));
    Ok(posts)
}

/// Opens the shop and waits until the native collector has got the order.
async fn visit(browser: &Browser, site: &Site, own: &Collector) -> Done {
    browser.open(&site.at("/")).await?;
    own.has("purchase").await?;
    own.has("view_item").await
}

#[test]
fn with_cors_every_format_gets_every_event_once() {
    browser::with(async |browser| -> Done {
        let lanes = lanes(true, |_, _| true).await?;
        let all = all_arrive(browser, &lanes, &json!({}), "").await?;
        for (lane, posts) in lanes.iter().zip(all) {
            let format = lane.format;
            ensure!(posts.iter().all(|post| !post.tells), "{format}: cookies or the page's address went along");
            let asked = lane.receiver.seen().iter().any(|taken| taken.method == "OPTIONS");
            assert_eq!(asked, !lane.simple, "{format}: asking first");
        }
        Ok(())
    });
}

/// On a page that runs no WebAssembly.
#[test]
fn as_javascript_every_format_gets_every_event_once() {
    browser::with(async |browser| -> Done {
        let lanes = lanes(true, |_, _| true).await?;
        all_arrive(browser, &lanes, &json!({}), r#"data-engine="js""#).await?;
        Runs::JavaScript.is(browser).await
    });
}

#[test]
fn without_cors_an_opaque_collector_gets_every_event_once() {
    browser::with(async |browser| -> Done {
        let lanes = lanes(false, |_, simple| simple).await?;
        all_arrive(browser, &lanes, &json!({"response":"opaque"}), "").await?;
        Ok(())
    });
}

#[test]
fn an_opaque_collector_of_a_format_that_asks_first_is_a_mistake() {
    browser::with(async |browser| -> Done {
        let server = Server::start()?;
        let own = Collector::start(&[]).await?;
        let lanes = lanes(false, |_, simple| !simple).await?;
        let site = shop(&server.origin, &own, &lanes, &json!({"response":"opaque"}), "").await?;
        visit(browser, &site, &own).await?;
        let failed = browser.value("failed").await?;
        // Each is named, and the others go on.
        for (at, lane) in lanes.iter().enumerate() {
            let named = format!("E124 data-collectors[{at}].response");
            ensure!(failed.as_array().is_some_and(|all| all.contains(&json!(named))), "{named}: {failed}");
            assert_eq!(lane.receiver.seen(), [], "{}", lane.format);
        }
        Ok(())
    });
}

#[test]
fn what_a_collector_could_not_tell_apart_is_not_sent_again() {
    browser::with(async |browser| -> Done {
        let server = Server::start()?;
        let own = Collector::start(&[]).await?;
        // Both store it, and the page hears of an error: only one of them knows an event again.
        let lanes = lanes(false, |format, _| ["posthog", "matomo"].contains(&format)).await?;
        let site = shop(&server.origin, &own, &lanes, &json!({}), "").await?;
        visit(browser, &site, &own).await?;
        let of = |format: &str| lanes.iter().find(|lane| lane.format == format).context("no lane");
        let (knows, forgets) = (of("posthog")?, of("matomo")?);
        let known = marks(knows.format, &own)?;
        until("posthog being tried again", async || {
            let posts = posts(knows);
            let times = |id: &String| posts.iter().filter(|post| post.body.contains(id)).count();
            Ok(known.iter().all(|id| times(id) > 1).then_some(()))
        })
        .await?;
        once(forgets, &own).await?;
        Ok(())
    });
}
