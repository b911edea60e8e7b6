//! The views beside the map: what they say of planted truths, in both languages and themes, by keyboard, in links, and in files.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::Done;
use crate::axe::judge;
use crate::browser::{self, Browser};
use crate::emulate::NotHere;
use crate::engine::Engine;
use crate::server::{Server, text};

/// Journeys that are planted.
const MANY: u64 = 640;
const DAY: u64 = 86_400;

/// Numbers that look drawn and are the same each time (SplitMix64, Steele et al. 2014).
fn drawn(n: u64, what: u64) -> u64 {
    let mut x = (n * 64 + what).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (x ^ (x >> 31)) % 100
}

/// Planted: a declined payment halves how many buy; who comes by mail buys far more often; who is asked in the decision is dissatisfied.
fn batch(n: u64, today: u64) -> String {
    let door = ["mail", "search", "search", "social", "direct"][(n % 5) as usize];
    let device = if drawn(n, 1) < 60 { "mobile" } else { "desktop" };
    let lang = ["fi", "fi", "sv", "en"][(n % 4) as usize];
    let mut events: Vec<Value> = Vec::new();
    let mut add = |at: u64, name: &str, lens: &str, stage: &str, data: Value| {
        let seq = events.len() + 1;
        events
            .push(json!({"seq":seq,"at":at * 1000,"name":name,"lens":lens,"stage":stage,"page":"/p/:id","data":data}));
    };
    let (item, category) =
        [("Nupukivi mug", "Mugs"), ("Tuohi rug", "Rugs"), ("=Kaarna lamp", "Lamps")][(drawn(n, 2) % 3) as usize];
    let items = json!({"items":[{"item_id":item,"item_category":category}]});
    add(
        0,
        "page_view",
        "did",
        "awareness",
        json!({"door":door,"variant":{"button": if n.is_multiple_of(2) { "green" } else { "blue" }}}),
    );
    let says = |ask: &str, sub: &str, score: u64| json!({"prompt":sub,"version":1,"sub":sub,"step":ask,"rev":1,"ask":ask,"score":score});
    if drawn(n, 3) < 84 {
        add(20, "view_item_list", "did", "consideration", json!({}));
        add(40, "view_item", "did", "consideration", items.clone());
        if drawn(n, 4) < 22 {
            add(44, "search_no_results", "tech", "consideration", json!({}));
        }
        if drawn(n, 5) < 24 {
            add(
                50,
                "prompt_answer",
                "felt",
                "consideration",
                says("csat", "found", if drawn(n, 6) < 86 { 5 } else { 2 }),
            );
        }
    }
    let decides = drawn(n, 3) < 60;
    if decides {
        add(90, "add_to_cart", "did", "decision", items.clone());
        if drawn(n, 7) < 25 {
            add(120, "view_item", "did", "consideration", items.clone());
            add(150, "view_cart", "did", "decision", json!({}));
        }
        add(180, "begin_checkout", "did", "decision", json!({}));
        let declined = drawn(n, 8) < 38;
        if declined {
            add(200, "payment_declined", "tech", "decision", json!({}));
        }
        if drawn(n, 9) < 12 {
            add(210, "form_error", "tech", "decision", json!({"field":"postcode"}));
        }
        let chance = if door == "mail" { 88 } else { 56 };
        let chance = if declined { chance / 2 } else { chance };
        if drawn(n, 10) < 40 {
            add(
                220,
                "prompt_answer",
                "felt",
                "decision",
                says("csat", "checkout", if drawn(n, 11) < 32 { 4 } else { 2 }),
            );
            if drawn(n, 12) < 40 {
                let (said, themes, emotion) = [
                    ("Maksu ei mennyt läpi, vaikka kortilla on rahaa.", json!(["payment"]), "frustrated"),
                    ("Toimituskulut tulivat näkyviin vasta kassalla.", json!(["delivery", "price"]), "frustrated"),
                    (
                        "I could not tell how large the rug is.",
                        json!(["product_information", "size_and_fit"]),
                        "confused",
                    ),
                    ("Bra sortiment och snabbt.", json!(["service"]), "satisfied"),
                ][(drawn(n, 13) % 4) as usize]
                    .clone();
                add(
                    230,
                    "prompt_answer",
                    "felt",
                    "decision",
                    json!({"prompt":"checkout","version":1,"sub":"checkout","step":"why","rev":1,"ask":"text","text":said,"themes":themes,"emotion":emotion}),
                );
            }
        }
        if drawn(n, 14) < chance {
            let mut paid = items.clone();
            paid.as_object_mut()
                .unwrap()
                .extend([("value".to_owned(), json!(30 + drawn(n, 15))), ("currency".to_owned(), json!("EUR"))]);
            add(240 + 5 * drawn(n, 20), "purchase", "did", "decision", paid);
            if drawn(n, 16) < 60 {
                add(760, "order_status_view", "did", "retention", json!({}));
                add(
                    770,
                    "prompt_answer",
                    "felt",
                    "retention",
                    says("nps", "thanks", [10, 9, 9, 8, 7, 4][(drawn(n, 17) % 6) as usize]),
                );
                let heard = ["friend", "search", "social"][(drawn(n, 18) % 3) as usize];
                add(
                    780,
                    "prompt_answer",
                    "felt",
                    "retention",
                    json!({"prompt":"hear","version":1,"sub":"hear","step":"hear","rev":1,"ask":"discovery","choice":[heard]}),
                );
                // Who came by mail got what was promised.
                let kept = if door == "mail" || drawn(n, 21) < 40 { "met" } else { "short" };
                add(
                    790,
                    "prompt_answer",
                    "felt",
                    "retention",
                    json!({"prompt":"delivery-expected","version":1,"sub":"kept","step":"expected","rev":1,"ask":"single","choice":[kept]}),
                );
            }
        }
    }
    let summary = json!({"tab":"t","rev":1,"order": if drawn(n, 19) < 70 { "first" } else { "second" },
        "stages":{"decision":{"emotion": if decides && drawn(n, 8) < 38 { "frustrated" } else { "neutral" }}}});
    let last = events.last().and_then(|event| event["stage"].as_str()).unwrap_or_default().to_owned();
    events.push(json!({"seq":events.len() + 1,"at":900_000,"name":"journey_summary","lens":"felt","stage":last,"page":"/p/:id","data":summary}));
    let started = today - (n % 50) * DAY;
    json!({"polku":1,"key":"pk_demo","batch":"b","sent":started + 500,"ttl_days":395,
        "journey":{"id":format!("{n:016}"),"leg":"k3v9a","started":started,"device":device,"lang":lang},"events":events})
    .to_string()
}

pub(crate) async fn planted() -> Result<Server> {
    planted_in(Server::start()?).await
}

pub(crate) async fn planted_in(server: Server) -> Result<Server> {
    let today = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    for n in 0..MANY {
        server.post(&batch(n, today)).await?;
    }
    Ok(server)
}

/// Goes to a view and waits until it stands there.
pub(crate) async fn at(browser: &Browser, server: &Server, lang: &str, view: &str) -> Done {
    browser.open(&format!("{}/map/?lang={lang}{view}", server.origin)).await?;
    settled(browser).await
}

pub(crate) async fn settled(browser: &Browser) -> Done {
    browser.until("document.body.matches('.told') && document.querySelector('#view h2') && !document.querySelector('#view').hasAttribute('aria-busy') && !document.querySelector('#view').hidden && document.querySelector('#view').innerText.trim()").await?;
    Ok(())
}

pub(crate) async fn words(browser: &Browser) -> Result<String> {
    Ok(text(&browser.value("document.querySelector('#view').innerText.replace(/[\\s\\u00a0\\u202f]+/g, ' ')").await?)
        .to_owned())
}

pub(crate) async fn room(browser: &Browser, width: u32, height: u32) -> Done {
    let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
    browser.cdp("Emulation.setDeviceMetricsOverride", size).await?;
    Ok(())
}

pub(crate) async fn scheme(browser: &Browser, scheme: &str) -> Done {
    browser
        .cdp("Emulation.setEmulatedMedia", json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] }))
        .await?;
    Ok(())
}

/// A picture of the whole page, not of the window alone.
pub(crate) async fn whole(browser: &Browser, width: u32, name: &str) -> Done {
    if std::env::var_os("POLKU_SHOTS").is_none() {
        return Ok(());
    }
    let height = browser.value("document.documentElement.scrollHeight").await?.as_u64().unwrap_or(900);
    room(browser, width, u32::try_from(height.clamp(600, 6000))?).await?;
    browser.shot(name).await?;
    room(browser, width, 900).await
}

const ADDRESSES: [(&str, &str); 10] = [
    ("paths", "#/paths"),
    ("friction", "#/friction"),
    ("voice", "#/voice"),
    ("gap", "#/gap"),
    ("cell", "#/cell?stage=decision&lens=tech"),
    ("voices", "#/cell?stage=decision&lens=voice"),
    ("score", "#/friction?outcome=csat"),
    ("compare", "#/compare"),
    ("trial", "#/compare?by=variant"),
    ("products", "#/products"),
];

#[test]
fn each_view_says_what_was_planted() {
    browser::with(async |browser| {
        let server = planted().await?;
        room(browser, 1440, 900).await?;

        at(browser, &server, "en", "#/friction").await?;
        let said = words(browser).await?;
        ensure!(said.contains("A comparison, no experiment."), "{said}");
        let first = browser.value("[...document.querySelectorAll('#view tbody tr')[0].children].map((cell) => cell.innerText.replace(/\\s+/g, ' '))").await?;
        ensure!(text(&first[0]).starts_with("Payment declined") && text(&first[1]).contains("Decision"), "{first}");
        ensure!(text(&first[5]).contains('−') || text(&first[5]).contains('-'), "{first}");
        ensure!(
            text(&first[6]).contains('–') && text(&first[7]).starts_with('€') && text(&first[7]).contains('–'),
            "{first}"
        );
        let truth = &server.api("/api/friction").await?["frictions"][0];
        let (with, without) = (
            truth["with"]["percent"].as_f64().context("with")?,
            truth["without"]["percent"].as_f64().context("without")?,
        );
        ensure!(truth["name"] == "payment_declined" && (0.35..0.65).contains(&(with / without)), "{truth}");

        at(browser, &server, "en", "#/compare").await?;
        let mail = browser.value("[...document.querySelectorAll('#view tbody tr')].find((row) => row.innerText.startsWith('E-mail')).innerText.replace(/\\s+/g, ' ')").await?;
        ensure!(text(&mail).contains('+') && text(&mail).contains("points"), "{mail}");
        ensure!(browser.value("!!document.querySelector('#view .gap-better')").await? == true);
        // A trial that changes nothing is said to.
        at(browser, &server, "en", "#/compare?by=variant").await?;
        let said = words(browser).await?;
        ensure!(said.contains("button: green") && said.contains("may be chance"), "{said}");

        at(browser, &server, "en", "#/voice").await?;
        let stages = browser.value("[...document.querySelectorAll('#c-stages-csat svg g')].map((row) => [row.textContent, !!row.querySelector('.dot.bad')])").await?;
        let stage = |name: &str| {
            stages
                .as_array()
                .into_iter()
                .flatten()
                .find(|row| text(&row[0]).contains(name))
                .cloned()
                .unwrap_or_default()
        };
        ensure!(stage("Decision")[1] == true && stage("Consideration")[1] == false, "{stages}");
        let said = words(browser).await?;
        for part in [
            "Maksu ei mennyt läpi",
            "Payment",
            "Friend or family",
            "Awareness → Consideration → Decision".split(" → ").next().unwrap_or(""),
        ] {
            ensure!(said.contains(part), "{part}: {said}");
        }
        ensure!(browser.value("document.querySelector('.verbatims .way').children.length > 1").await? == true);

        at(browser, &server, "en", "#/products").await?;
        let said = words(browser).await?;
        for part in ["Mugs", "Tuohi rug", "=Kaarna lamp"] {
            ensure!(said.contains(part), "{part}: {said}");
        }

        // The picture and its table say the same, and the flow adds up: what goes into a step comes out of it.
        at(browser, &server, "en", "#/paths").await?;
        let flows = server.api("/api/paths").await?["flows"].as_array().context("flows")?.clone();
        let rows = browser.value("document.querySelectorAll('#c-flows tbody tr').length").await?;
        ensure!(
            rows == flows.len()
                && browser.value("document.querySelectorAll('#c-flows .flow').length").await? == flows.len(),
            "{rows}"
        );
        ensure!(
            flows.iter().filter(|flow| flow["step"] == 0).filter_map(|flow| flow["journeys"].as_u64()).sum::<u64>()
                == MANY
        );
        ensure!(
            flows.iter().any(|flow| flow["from"] == "decision" && flow["to"] == "consideration"),
            "there are loops"
        );
        browser.complains_of_nothing().await?;
        Ok(())
    });
}

#[test]
fn every_view_is_for_everyone_at_every_width() {
    browser::with(async |browser| {
        let server = planted().await?;
        for (lang, look) in [("en", "light"), ("fi", "dark")] {
            scheme(browser, look).await?;
            room(browser, 1440, 900).await?;
            browser.open(&format!("{}/map/?lang={lang}#/map", server.origin)).await?;
            browser
                .until("document.querySelector('#content').checkVisibility() && !!document.querySelector('#map table')")
                .await?;
            judge(browser, "html", 15, &format!("the map {lang} {look}")).await?;
            at(browser, &server, lang, &format!("#/journey?id={:016}", 7)).await?;
            judge(browser, "html", 15, &format!("a journey {lang} {look}")).await?;
            whole(browser, 1440, &format!("map-journey-{lang}-{look}-1440")).await?;
            for (name, address) in ADDRESSES {
                room(browser, 1440, 900).await?;
                at(browser, &server, lang, address).await?;
                browser.run("for (const one of document.querySelectorAll('#view details')) one.open = true").await?;
                judge(browser, "html", 15, &format!("{name} {lang} {look}")).await?;
                browser.run("for (const one of document.querySelectorAll('#view details')) one.open = false").await?;
                whole(browser, 1440, &format!("map-{name}-{lang}-{look}-1440")).await?;
                for width in [1440, 1024, 760, 390, 320] {
                    room(browser, width, 900).await?;
                    browser.until("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))").await?;
                    let wide = browser.value("document.documentElement.scrollWidth <= innerWidth || [...document.querySelectorAll('body *')].filter((one) => one.getBoundingClientRect().right > innerWidth + 1).slice(0, 4).map((one) => one.outerHTML.slice(0, 120)).join()").await?;
                    ensure!(wide == true, "{name} {lang} is wider than {width}: {wide}");
                }
                room(browser, 390, 844).await?;
                browser
                    .until(
                        "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))",
                    )
                    .await?;
                judge(browser, "#view", 5, &format!("{name} {lang} {look} on a phone")).await?;
                whole(browser, 390, &format!("map-{name}-{lang}-{look}-390")).await?;
            }
        }
        Ok(())
    });
}

#[test]
fn a_link_restores_a_view_and_the_way_back_works() {
    browser::with(async |browser| {
        let server = planted().await?;
        at(browser, &server, "en", "#/paths").await?;
        let count = "document.querySelector('#view .tile strong').innerText";
        ensure!(browser.value(count).await? == "640");
        // By the bar: the door goes into the address, and the numbers are those of the API.
        browser.run("const door = document.querySelector('#view select[name=door]'); door.focus(); door.value = 'mail'; door.dispatchEvent(new Event('change'))").await?;
        browser.until(&format!("{count} === '128'")).await?;
        ensure!(browser.address().await?.ends_with("#/paths?door=mail"), "{}", browser.address().await?);
        ensure!(browser.value("document.activeElement.name").await? == "door", "the keys stay where they were");
        ensure!(server.api("/api/paths?door=mail").await?["bought"]["of"] == 128);
        // The tabs keep it.
        browser.click("#views a[href^='#/compare']").await?;
        browser.until("document.querySelector('#view h2').innerText === 'Compare'").await?;
        ensure!(browser.address().await?.ends_with("#/compare?door=mail"));
        ensure!(
            browser.value("document.querySelector('#view select[name=bought]')").await?.is_null(),
            "conversion of those who bought is always all"
        );
        browser.back().await?;
        browser
            .until(&format!("document.querySelector('#view h2').innerText === 'Paths' && {count} === '128'"))
            .await?;
        ensure!(
            browser.engine != Engine::WebKit,
            NotHere("WebKit's way back leaves out what came about by no press, and its driver presses no list".into())
        );
        browser.back().await?;
        browser.until(&format!("{count} === '640'")).await?;
        ensure!(browser.value("document.querySelector('#view select[name=door]').value").await? == "");
        // Somebody else opens the link.
        at(browser, &server, "fi", "#/paths?door=mail&device=mobile&bought=yes").await?;
        let expected = server.api("/api/paths?door=mail&device=mobile&bought=yes").await?["bought"]["of"].to_string();
        ensure!(browser.value(count).await? == expected.as_str());
        ensure!(browser.value("['door', 'device', 'bought'].map((name) => document.querySelector(`#view select[name=${name}]`).value).join()").await? == "mail,mobile,yes");
        ensure!(browser.value("document.title").await? == "Polut · Asiakaspolku · Polku");
        // Nothing is like that: said, with a way out.
        at(browser, &server, "en", "#/paths?door=carrier-pigeon").await?;
        ensure!(words(browser).await?.contains("No journey is like that"));
        browser.click("#view .nothing a").await?;
        browser.until(&format!("document.querySelector('#view .tile') && {count} === '640'")).await?;
        // An example leads to a journey.
        browser.click("#c-typical tbody a").await?;
        browser.until("document.querySelector('#view h2').innerText === 'A journey' && document.querySelectorAll('#view .events tbody tr').length > 0").await?;
        // The map is still there.
        browser.click("#views a[href^='#/map']").await?;
        browser
            .until("document.querySelector('#content').checkVisibility() && document.querySelector('#view').hidden")
            .await?;
        // What arrives is seen, and what is open stays open.
        at(browser, &server, "en", "#/paths").await?;
        browser.run("document.querySelector('#c-flows details').open = true").await?;
        server.post(&batch(MANY, SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs())).await?;
        browser.until(&format!("{count} === '641'")).await?;
        ensure!(browser.value("document.querySelector('#c-flows details').open").await? == true);
        Ok(())
    });
}

#[test]
fn the_flow_is_walked_by_keys() {
    browser::with(async |browser| {
        let server = planted().await?;
        room(browser, 1440, 900).await?;
        at(browser, &server, "en", "#/paths").await?;
        // By Tab alone from the top to the flow: one stop, whatever many nodes there are.
        let mut stops = 0;
        while browser.value("!document.activeElement.closest?.('.sankey')").await? == true {
            browser.press("\u{e004}").await?;
            stops += 1;
            ensure!(stops < 40, "the flow cannot be reached");
        }
        let here = "document.activeElement.getAttribute('aria-label')";
        ensure!(
            text(&browser.value(here).await?).starts_with("Step 1. Awareness: 640 journeys"),
            "{}",
            browser.value(here).await?
        );
        browser.press("\u{e014}").await?;
        ensure!(
            text(&browser.value(here).await?).starts_with("Step 2. Consideration:"),
            "{}",
            browser.value(here).await?
        );
        ensure!(browser.value("document.querySelectorAll('.sankey .flow.lit').length > 1").await? == true);
        ensure!(text(&browser.value("document.querySelector('.readout').innerText").await?).contains("Consideration"));
        browser.press("\u{e015}").await?;
        ensure!(text(&browser.value(here).await?).starts_with("Step 2. Left:"), "{}", browser.value(here).await?);
        browser.press("\u{e012}").await?;
        ensure!(text(&browser.value(here).await?).starts_with("Step 1. Awareness"));
        ensure!(browser.value("document.querySelectorAll('.sankey [tabindex=\"0\"]').length").await? == 1);
        browser.press("\u{e004}").await?;
        ensure!(browser.value("!document.activeElement.closest('.sankey')").await? == true, "it lets the keys go");
        // Past all that stands on top, without losing the view.
        browser.run("document.querySelector('#skip').focus()").await?;
        browser.press("\u{e007}").await?;
        ensure!(browser.value("document.activeElement.id + location.hash").await? == "main#/paths");
        Ok(())
    });
}

#[test]
fn charts_and_their_data_are_saved_as_files() {
    browser::with(async |browser| {
        let server = planted().await?;
        room(browser, 1440, 900).await?;
        at(browser, &server, "en", "#/products").await?;
        // What would become a file, instead of the disk.
        let taken = "window.files = []; URL.createObjectURL = (blob) => { files.push(blob); return '#'; }; HTMLAnchorElement.prototype.click = function () { files.at(-1).as = this.download; };";
        browser.run(taken).await?;
        for kind in ["svg", "png", "csv"] {
            browser.click(&format!("[data-f=items-{kind}]")).await?;
        }
        browser.until("window.files.length === 3").await?;
        ensure!(
            browser.value("files.map((one) => one.as).sort().join()").await?
                == "polku-items.csv,polku-items.png,polku-items.svg"
        );
        let of = |kind: &str| format!("files.find((one) => one.as.endsWith('{kind}'))");
        let table = browser.run(&format!("return {}.text()", of("csv"))).await?;
        // Excel runs what begins with `=`.
        ensure!(text(&table).contains("\r\n'=Kaarna lamp,") && text(&table).contains("\r\nTuohi rug,"), "{table}");
        let svg = browser.run(&format!("return {}.text()", of("svg"))).await?;
        let drawn = browser.run(&format!("const file = new DOMParser().parseFromString({svg}, 'image/svg+xml'); return [file.querySelector('parsererror') === null, file.querySelectorAll('circle').length, file.documentElement.outerHTML.includes('var(')]")).await?;
        ensure!(drawn == json!([true, 6, false]), "{drawn}");
        ensure!(text(&svg).contains("Tuohi rug") && text(&svg).contains("rgb("), "{svg}");
        let png = browser
            .run(&format!("return createImageBitmap({}).then((it) => [it.width, it.height])", of("png")))
            .await?;
        ensure!(png[0].as_u64() > Some(1000) && png[1].as_u64() > Some(200), "{png}");
        Ok(())
    });
}

#[test]
fn few_are_counted_and_none_are_said_to_be_none() {
    browser::with(async |browser| {
        let server = Server::start()?;
        for (view, said) in [
            ("paths", "No paths yet"),
            ("friction", "Nothing has got in the way"),
            ("voice", "Nobody has said anything yet"),
            ("compare", "Nothing to compare yet"),
            ("products", "No products yet"),
            ("service", "Nothing has been imported yet"),
        ] {
            at(browser, &server, "en", &format!("#/{view}")).await?;
            let words = words(browser).await?;
            ensure!(words.contains(said), "{view}: {words}");
            judge(browser, "html", 10, &format!("{view}, empty")).await?;
        }
        let today = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
        for n in 0..25 {
            server.post(&batch(n, today)).await?;
        }
        for (name, address) in ADDRESSES {
            at(browser, &server, "en", address).await?;
            let numbers = browser.value("[...document.querySelectorAll('#view :is(tbody, .tiles, .plot text:not(.tick), .plot title)')].map((one) => one.textContent).join(' ')").await?;
            ensure!(
                text(&numbers).len() > 5 && !text(&numbers).contains('%'),
                "{name} tells a share of few: {numbers}"
            );
            ensure!(browser.value("document.querySelectorAll('#view .dot').length").await? == 0, "{name}");
        }
        Ok(())
    });
}

#[test]
fn nothing_jumps() {
    browser::with(async |browser| {
        let server = planted().await?;
        browser
            .before_each_page(
                "window.jumped = 0; window.moved = []; new PerformanceObserver((list) => { for (const one of list.getEntries()) { jumped += one.value;
                moved.push(...one.sources.map(({ node, previousRect: a, currentRect: b }) => `${node?.nodeName}.${node?.className} ${a.y}+${a.height} to ${b.y}+${b.height}`)); } })
                .observe({ type: 'layout-shift', buffered: true });",
            )
            .await?;
        for width in [1440, 390] {
            // A page that is made narrower is another matter.
            browser.open("about:blank").await?;
            room(browser, width, 900).await?;
            for (name, address) in ADDRESSES {
                at(browser, &server, "en", address).await?;
                browser.run("for (const chart of document.querySelectorAll('#view .chart')) chart.scrollIntoView(); scrollTo(0, 0)").await?;
                browser
                    .until(
                        "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))",
                    )
                    .await?;
                let jumped = browser.value("jumped").await?.as_f64().context("jumped")?;
                // What the design allows a page that Polku is on; its own page has to be no worse.
                ensure!(jumped <= 0.02, "{name} at {width}: {jumped} {}", browser.value("moved").await?);
            }
        }
        Ok(())
    });
}

#[test]
fn it_is_printed_without_what_paper_cannot_do() {
    browser::with(async |browser| {
        let server = planted().await?;
        room(browser, 1000, 900).await?;
        at(browser, &server, "fi", "#/paths").await?;
        browser.run("dispatchEvent(new Event('beforeprint'))").await?;
        let media =
            |media: &str| json!({ "media": media, "features": [{ "name": "prefers-color-scheme", "value": "dark" }] });
        browser.cdp("Emulation.setEmulatedMedia", media("print")).await?;
        let shown = "[...document.querySelectorAll('.files, .views, .tools, .readout')].filter((one) => one.checkVisibility()).length";
        ensure!(browser.value(shown).await? == 0);
        ensure!(
            browser.value("document.querySelector('#c-flows tbody').checkVisibility()").await? == true,
            "the numbers go with the picture"
        );
        ensure!(
            browser.value("getComputedStyle(document.querySelector('.chart')).backgroundColor").await?
                == "rgb(255, 255, 255)",
            "paper is white, also at night"
        );
        whole(browser, 1000, "map-paths-fi-print").await?;
        browser.cdp("Emulation.setEmulatedMedia", media("")).await?;
        browser.run("dispatchEvent(new Event('afterprint'))").await?;
        ensure!(browser.value("document.querySelector('#c-flows details').open").await? == false);
        ensure!(browser.value(shown).await?.as_u64() > Some(3));
        Ok(())
    });
}
