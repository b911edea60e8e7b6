//! The shopper's own view: what it shows is what is stored and what the collector got, what it erases is gone, and who has not
//! agreed is left alone by it.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use thirtyfour::Key;

use crate::Done;
use crate::axe::judge;
use crate::browser::{self, Browser};
use crate::proxy::Proxy;
use crate::receiver::Receiver;
use crate::server::{Server, text};
use crate::site::{Page, REMEMBERED, STUB, Site, tag};
use crate::wait::until;
use crate::walk::{Prompt, Shopper};

/// Puts the element on the page, in this language.
fn element(lang: &str) -> String {
    format!(
        "addEventListener('DOMContentLoaded', () => {{ document.documentElement.lang = '{lang}'; const host = document.createElement('div');
        host.setAttribute('data-polku-privacy', ''); document.body.append(host); }});\n"
    )
}
/// The policy of a careful shop.
const STRICT: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' {polku}; style-src 'self'; connect-src 'self' {polku}; img-src data:; base-uri 'none'; form-action 'none'";
const LANGUAGES: [&str; 9] = ["fi", "sv", "nb", "da", "et", "en", "de", "fr", "es"];
/// The view's shadow root.
const ROOT: &str = "document.querySelector('[data-polku-view]').shadowRoot";
/// What is stored of Polku, by name.
const STORED: &str = "Object.fromEntries([localStorage, sessionStorage].flatMap((one) => Object.entries(one)).filter(([key]) => key.startsWith('polku:')))";

/// A shop with the element on each page, whose shoppers have accepted where `before` says so.
async fn shop(server: &Server, before: &str, more: &str) -> Result<Site> {
    let page = Page::new(tag(&server.origin, &server.collector(), more)).before(STUB).before(before);
    let site = Site::start(page.clone().before(&element("en"))).await?;
    site.page("/next", page);
    Ok(site)
}

/// Opens a page of it and waits until the view is drawn.
async fn open(browser: &Browser, site: &Site, path: &str) -> Done {
    browser.open(&site.at(path)).await?;
    drawn(browser).await
}

async fn drawn(browser: &Browser) -> Done {
    browser
        .until("document.querySelector('[data-polku-view]')?.shadowRoot.querySelector('.state')?.dataset.is")
        .await?;
    Ok(())
}

/// What `expression` gives, where `root` is the view's shadow root.
async fn inside(browser: &Browser, expression: &str) -> Result<Value> {
    browser.value(&format!("((root) => {expression})({ROOT})")).await
}

async fn inside_until(browser: &Browser, expression: &str) -> Result<Value> {
    browser.until(&format!("((root) => {expression})({ROOT})")).await
}

/// What the view says of the visit: `on`, `left` or `none`.
async fn state(browser: &Browser) -> Result<String> {
    Ok(text(&inside(browser, "root.querySelector('.state').dataset.is").await?).to_owned())
}

async fn says(browser: &Browser) -> Result<String> {
    Ok(text(&inside(browser, "[...root.querySelectorAll('.say')].map((say) => say.textContent).join('')").await?)
        .to_owned())
}

async fn press(browser: &Browser, selector: &str) -> Done {
    browser.click(&format!("[data-polku-view] >>> {selector}")).await
}

async fn export(browser: &Browser) -> Result<Value> {
    browser.run("return polku.privacy.export()").await
}

/// Every batch has been answered, and what was sent is stored.
async fn settled(browser: &Browser) -> Done {
    browser.run("return polku.flush()").await?;
    let kept = "JSON.parse(sessionStorage.getItem('polku:1:sent'))?.slice(1).every(([, , status]) => status === 200)";
    browser.until(kept).await?;
    Ok(())
}

/// A shopper who has accepted, put something into the cart and gone to the demo shop's privacy page, where all is told and drawn.
async fn with_a_cart<'a>(browser: &'a Browser, server: &Server) -> Result<Shopper<'a>> {
    let shopper = Shopper::new(browser, &server.origin, "en");
    shopper.open("/p/aamu").await?;
    shopper.accept().await?;
    browser.until("polku.journey()").await?;
    shopper.add_to_cart().await?;
    settled(browser).await?;
    shopper.open("/privacy").await?;
    drawn(browser).await?;
    settled(browser).await?;
    Ok(shopper)
}

/// An event's data; the database has an empty object where there is none.
fn data(event: &Value) -> Value {
    event.get("data").cloned().unwrap_or_else(|| json!({}))
}

#[test]
fn what_is_shown_is_what_is_stored_and_what_arrived() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let proxy = Proxy::before(&server.origin).await?;
        let page =
            Page::new(tag(&proxy.origin, &format!("{}/v1/batch", proxy.origin), "")).before(STUB).before(REMEMBERED);
        let site = Site::start(page.clone()).await?;
        site.page("/privacy", page.before(&element("en")));
        browser.open(&site.at("/")).await?;
        browser.until("polku.journey?.()").await?;
        browser.run("polku.track('view_item', { value: 47.9, currency: 'EUR' }); return polku.flush()").await?;
        browser.follow("#next").await?;
        browser.until("polku.journey?.()").await?;
        browser.run("polku.track('search', { search_term: 'kahvi', results: 3 }); return polku.flush()").await?;
        open(browser, &site, "/privacy").await?;
        settled(browser).await?;

        // Every batch that arrived, whichever page of the tab has sent it, is shown, to the letter; nothing else is.
        let known = export(browser).await?;
        let sent: Vec<Value> =
            known["sent"].as_array().context("sent")?.iter().rev().map(|sent| sent["batch"].clone()).collect();
        let mut arrived = proxy.batches();
        arrived.dedup();
        for batch in &sent {
            ensure!(arrived.contains(batch), "never arrived: {batch:#}");
        }
        for batch in &arrived {
            ensure!(sent.contains(batch), "not shown: {batch:#}");
        }
        ensure!(sent.len() > 2, "of three pages: {}", sent.len());
        // … and the database has the same events.
        let (journey, events) = server.only().await?.context("a journey")?;
        assert_eq!(journey["id"], known["journey"]["id"]);
        let mut told: Vec<Value> = sent
            .iter()
            .flat_map(|batch| {
                let leg = batch["journey"]["leg"].clone();
                batch["events"]
                    .as_array()
                    .cloned()
                    .unwrap_or_default()
                    .into_iter()
                    .map(move |event| json!([leg, event["seq"], event["name"], data(&event)]))
            })
            .collect();
        told.dedup();
        let mut held: Vec<Value> =
            events.iter().map(|event| json!([event["leg"], event["seq"], event["name"], data(event)])).collect();
        let order = |one: &Value| one.to_string();
        told.sort_by_key(order);
        told.dedup();
        held.sort_by_key(order);
        assert_eq!(told, held);

        // What the lines unfold to is the same JSON.
        let lines = "[...root.querySelector('#sent').closest('section').querySelectorAll('details')]";
        inside_until(browser, &format!("{lines}.length === {}", sent.len())).await?;
        inside(browser, &format!("{lines}.forEach((line) => {{ line.open = true; }})")).await?;
        inside_until(browser, "[...root.querySelector('#sent').closest('section').querySelectorAll('pre')].every((pre) => pre.textContent)").await?;
        let shown = inside(browser, "[...root.querySelector('#sent').closest('section').querySelectorAll('pre')].map((pre) => JSON.parse(pre.textContent))").await?;
        assert_eq!(shown, json!(sent.iter().rev().collect::<Vec<_>>()));
        // The number of the visit, and everything that is stored.
        ensure!(
            inside(browser, "root.querySelector('dl').textContent")
                .await?
                .as_str()
                .is_some_and(|all| all.contains(text(&journey["id"])))
        );
        inside_until(browser, "root.querySelector('#stored').closest('section').querySelector('details')").await?;
        let stored = browser.value(STORED).await?;
        let same = "Object.fromEntries([...root.querySelector('#stored').closest('section').querySelectorAll('details')].map((line) => [line.querySelector('code').textContent, line.querySelector('pre').textContent]))";
        let shown = inside(browser, same).await?;
        assert_eq!(
            shown.as_object().map(|all| all.keys().collect::<Vec<_>>()),
            stored.as_object().map(|all| all.keys().collect::<Vec<_>>())
        );
        assert_eq!(shown["polku:1:visit"].as_str().map(|visit| visit.contains(text(&journey["id"]))), Some(true));
        assert_eq!(known["remembered"]["visits"], 1);
        assert_eq!(known["allowed"], json!({ "measure": true, "remember": true, "feedback": true }));
        assert_eq!(
            known["collectors"],
            json!([{ "host": proxy.origin.trim_start_matches("http://"), "erases": true }])
        );
        Ok(())
    });
}

#[test]
fn what_waits_is_shown_until_it_leaves() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let shut = "const real = fetch; window.fetch = (url, ...rest) => String(url).includes('/v1/') && !window.mended ? Promise.reject(new TypeError('offline')) : real(url, ...rest);\n";
        let site = shop(&server, &format!("{REMEMBERED}{shut}"), "").await?;
        open(browser, &site, "/").await?;
        browser.until("polku.journey()").await?;
        browser.run("polku.track('view_item', { value: 5, currency: 'EUR' })").await?;
        let line = "[...root.querySelector('#waits').closest('section').querySelectorAll('summary')].map((line) => line.textContent).join()";
        inside_until(browser, line).await?;
        browser.until("polku.privacy.export().then(({ waiting }) => waiting.some(({ batch }) => batch.events.some(({ name }) => name === 'view_item')))").await?;
        ensure!(
            export(browser).await?["sent"].as_array().is_some_and(|sent| sent.iter().all(|one| one["status"] != 200))
        );
        browser.run("window.mended = true; dispatchEvent(new Event('online')); return polku.flush()").await?;
        server.has("view_item").await?;
        inside_until(
            browser,
            "root.querySelector('#sent').closest('section').querySelector('summary')?.textContent.includes('received')",
        )
        .await?;
        inside_until(browser, "!root.querySelector('#waits').closest('section').querySelector('details')").await?;
        Ok(())
    });
}

#[test]
fn the_erase_button_empties_browser_and_collector() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let shopper = with_a_cart(browser, &server).await?;
        let (journey, _) = server.only().await?.context("a journey")?;
        ensure!(server.count("events")? > 3 && shopper.traces().await? != json!([]));

        // Nothing happens before the question is answered, and the focus is where it was.
        press(browser, ".card > .acts .d").await?;
        inside_until(browser, "root.querySelector('.sure').open").await?;
        judge(browser, "[data-polku-view]", 10, "the question").await?;
        press(browser, ".sure .t").await?;
        inside_until(browser, "!root.querySelector('.sure').open").await?;
        assert_eq!(inside(browser, "root.activeElement.textContent").await?, "Erase everything");
        assert_eq!(server.count("journeys")?, 1);

        press(browser, ".card > .acts .d").await?;
        press(browser, ".sure .d").await?;
        inside_until(
            browser,
            "[...root.querySelectorAll('.say')].some((say) => say.textContent.startsWith('Erased.'))",
        )
        .await?;
        let host = server.origin.trim_start_matches("http://").to_owned();
        assert_eq!(
            says(browser).await?,
            format!("Erased. Nothing of the widget is left in this browser.\nErased at {host}.")
        );
        assert_eq!((server.count("journeys")?, server.count("events")?, server.count("legs")?), (0, 0, 0));
        assert_eq!(server.rows("SELECT id FROM erased")?, [[text(&journey["id"]).to_owned()]]);
        assert_eq!(shopper.traces().await?, json!([]));
        assert_eq!(state(browser).await?, "none");
        let known = export(browser).await?;
        assert_eq!((&known["sent"], &known["waiting"], &known["journey"]), (&json!([]), &json!([]), &Value::Null));
        judge(browser, "[data-polku-view]", 10, "erased").await?;
        // The shop has heard of it: the next page is not measured either.
        shopper.open("/").await?;
        browser.run("return polku.flush()").await?;
        assert_eq!(browser.value("polku.journey()").await?, Value::Null);
        assert_eq!((server.count("journeys")?, shopper.traces().await?), (0, json!([])));
        Ok(())
    });
}

#[test]
fn a_collector_that_cannot_erase_is_named() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let other = Receiver::start(true).await?;
        let list = json!([{ "url": server.collector() }, { "url": other.origin, "format": "plausible", "set": { "domain": "shop.example" } }, { "format": "datalayer" }]);
        let site = shop(&server, REMEMBERED, "data-collectors=/collectors.json").await?;
        site.file("/collectors.json", 200, "application/json", &list.to_string());
        let page = Page::new(format!(
            r#"<script async src="{}/polku/polku.js" data-key="pk_fixture" data-collectors="/collectors.json"></script>"#,
            server.origin
        ));
        site.page("/", page.before(STUB).before(REMEMBERED).before(&element("en")));
        open(browser, &site, "/").await?;
        browser.run("polku.track('view_item'); return polku.flush()").await?;
        let (journey, _) = server.only().await?.context("a journey")?;
        let named = other.origin.trim_start_matches("http://").to_owned();
        let known = export(browser).await?;
        let hosts: Vec<&str> =
            known["collectors"].as_array().into_iter().flatten().map(|one| text(&one["host"])).collect();
        assert_eq!(hosts, [server.origin.trim_start_matches("http://"), &named, ""]);
        // What left for another collector is shown as it left.
        let body: Value = serde_json::from_str(&other.taken().first().context("it got something")?.body)?;
        ensure!(
            known["sent"]
                .as_array()
                .is_some_and(|sent| sent.iter().any(|one| one["to"] == json!(named) && one["batch"] == body)),
            "{known:#}"
        );
        press(browser, ".card > .acts .d").await?;
        press(browser, ".sure .d").await?;
        inside_until(
            browser,
            "[...root.querySelectorAll('.say')].some((say) => say.textContent.startsWith('Erased.'))",
        )
        .await?;
        let said = says(browser).await?;
        let asked =
            format!("{named} cannot erase by itself. Ask the shop, and give this code: {}.", text(&journey["id"]));
        ensure!(said.contains(&asked) && said.contains("Erased at 127.0.0.1"), "{said}");
        assert_eq!(server.count("journeys")?, 0);
        Ok(())
    });
}

#[test]
fn who_has_not_agreed_is_left_alone() {
    browser::with(async |browser| {
        let reads = "window.reads = []; for (const name of ['getItem', 'setItem', 'removeItem', 'key']) { const real = Storage.prototype[name];
            Storage.prototype[name] = function (...args) { reads.push([name, ...args]); return real.apply(this, args); }; }
            for (const name of ['localStorage', 'sessionStorage']) { const { get } = Object.getOwnPropertyDescriptor(window, name);
            Object.defineProperty(window, name, { configurable: true, get() { reads.push([name]); return get.call(this); } }); }\n";
        let server = Server::start()?;
        for before in ["", "polku('consent', { measure: false, since: 'earlier' });\n"] {
            let site = shop(&server, &format!("{reads}{before}"), "").await?;
            open(browser, &site, "/").await?;
            browser.run("return polku.flush()").await?;
            assert_eq!(state(browser).await?, "none");
            // A refusal looks whether an earlier page has left something; the view itself looks at nothing.
            let reads = if before.is_empty() { browser.value("reads").await? } else { json!([]) };
            assert_eq!(reads, json!([]));
            let requests = browser.value("seen.requests.filter((url) => !url.includes('/polku/'))").await?;
            assert_eq!(requests, json!([]));
            judge(browser, "[data-polku-view]", 10, "not agreed").await?;
            // Then the shopper wants to know.
            press(browser, ".state .t").await?;
            inside_until(
                browser,
                "root.querySelector('.state').textContent.includes('there is nothing of the widget')",
            )
            .await?;
            let wrote = browser.value("reads.filter(([name]) => name === 'setItem')").await?;
            assert_eq!(wrote, json!([]));
            assert_eq!(
                browser
                    .value("[Object.keys({ ...localStorage }), Object.keys({ ...sessionStorage }), document.cookie]")
                    .await?,
                json!([[], [], ""])
            );
            assert_eq!(browser.value("seen.requests.filter((url) => !url.includes('/polku/'))").await?, json!([]));
            ensure!(browser.value("seen.told()").await? == json!([]));
        }
        assert_eq!(server.count("journeys")?, 0);
        Ok(())
    });
}

#[test]
fn an_answer_without_consent_is_shown_and_never_stored() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let shopper = Shopper::new(browser, &server.origin, "en");
        shopper.open("/").await?;
        browser.follow("[data-test=feedback-switch]").await?;
        shopper.refuse().await?;
        shopper.buy().await?;
        let prompt = Prompt(browser);
        prompt.opens().await?;
        prompt.begins_with_ten().await?;
        until("the answer", async || Ok((server.count("events")? == 1).then_some(()))).await?;
        let known = export(browser).await?;
        assert_eq!(known["sent"].as_array().map(Vec::len), Some(1), "{known:#}");
        assert_eq!(known["sent"][0]["batch"]["events"][0]["name"], "prompt_answer");
        // Also after a grant on the same page it stays where it was: in memory.
        browser.run("polku.consent({ measure: true }); polku.track('view_cart')").await?;
        browser.until("polku.journey()").await?;
        settled(browser).await?;
        let kept = browser.value("sessionStorage.getItem('polku:1:sent')").await?;
        ensure!(text(&kept).contains("view_cart") && !text(&kept).contains("prompt_answer"), "{kept}");
        Ok(())
    });
}

#[test]
fn the_link_in_a_prompt_opens_it() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let site = Site::start(
            Page::new(tag(&server.origin, &server.collector(), "data-prompts=/prompts.json"))
                .before(STUB)
                .before(REMEMBERED),
        )
        .await?;
        browser.open(&site.at("/")).await?;
        browser.until("polku.journey?.()").await?;
        browser.run("polku.track('purchase', { value: 20, currency: 'EUR' })").await?;
        let prompt = Prompt(browser);
        prompt.opens().await?;
        prompt.enter().await?;
        prompt.tab_to("[data-do=why]").await?;
        browser.press(Key::Enter + "").await?;
        prompt.tab_to("[data-do=known]").await?;
        browser.press(Key::Enter + "").await?;
        drawn(browser).await?;
        inside_until(browser, "root.querySelector('.open').open").await?;
        judge(browser, "[data-polku-view]", 10, "the dialog").await?;
        browser.shot("dialog").await?;
        // Escape closes it alone, and the focus is back where it came from.
        browser.press(Key::Escape + "").await?;
        browser.until("!document.querySelector('[data-polku-view]')").await?;
        let back = "document.querySelector('[data-polku-prompt]')?.shadowRoot.activeElement?.dataset.do";
        assert_eq!(browser.until(back).await?, "known");
        Ok(())
    });
}

#[test]
fn what_is_downloaded_is_what_export_gives() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let site = shop(&server, REMEMBERED, "").await?;
        open(browser, &site, "/").await?;
        settled(browser).await?;
        browser
            .run("window.files = []; const real = URL.createObjectURL; URL.createObjectURL = (blob) => { files.push(blob); return real.call(URL, blob); };
                addEventListener('click', (event) => { const link = event.composedPath()[0]; if (link.download) { window.named = link.download; event.preventDefault(); } }, true);
                HTMLAnchorElement.prototype.click = function () { window.named = this.download; };")
            .await?;
        press(browser, ".card > .acts .t").await?;
        browser.until("window.files.length && window.named").await?;
        let file = browser.run("return Promise.all([files[0].text(), polku.privacy.export()])").await?;
        let mut downloaded: Value = serde_json::from_str(text(&file[0]))?;
        let mut known = file[1].clone();
        (downloaded["made"], known["made"]) = (Value::Null, Value::Null);
        assert_eq!(downloaded, known);
        assert_eq!(browser.value("named").await?, "polku-127.0.0.1.json");
        ensure!(known["journey"]["id"].is_string() && known["stored"]["sessionStorage"]["polku:1:sent"].is_string());
        Ok(())
    });
}

#[test]
fn the_switches_decide() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let kept = "window.decided = []; document.addEventListener('polku-consent', (event) => { decided.push(event.detail); if (window.keeps) event.preventDefault(); });\n";
        let site = shop(&server, kept, "").await?;
        open(browser, &site, "/").await?;
        assert_eq!(state(browser).await?, "none");
        assert_eq!(
            inside(browser, "[root.querySelector('#measure').checked, root.querySelector('#remember').disabled]")
                .await?,
            json!([false, true])
        );
        // On, by keyboard; a shop that keeps no decision of its own is told on in the view.
        inside(browser, "root.querySelector('#measure').focus()").await?;
        browser.press(" ").await?;
        browser.until("polku.journey()").await?;
        inside_until(browser, "root.querySelector('.state').dataset.is === 'on'").await?;
        ensure!(says(browser).await?.ends_with("cookie settings decide again."), "{}", says(browser).await?);
        assert_eq!(inside(browser, "root.activeElement.id").await?, "measure", "the focus stays");
        assert_eq!(browser.value("decided").await?, json!([{ "measure": true }]));
        browser.run("window.keeps = true").await?;
        press(browser, "#remember").await?;
        browser.until("localStorage.getItem('polku:1:past')").await?;
        inside_until(browser, "root.querySelector('#remember').checked").await?;
        assert_eq!(says(browser).await?, "On: Remember me on later visits.");
        press(browser, "#remember").await?;
        browser.until("!localStorage.getItem('polku:1:past')").await?;
        assert_eq!(says(browser).await?, "Off: Remember me on later visits.");
        press(browser, "#feedback").await?;
        assert_eq!(export(browser).await?["allowed"]["feedback"], false);
        browser.run("return polku.flush()").await?;
        ensure!(server.count("events")? > 0);
        // Off: as if it were withdrawn.
        press(browser, "#measure").await?;
        inside_until(
            browser,
            "[...root.querySelectorAll('.say')].some((say) => say.textContent.startsWith('Erased.'))",
        )
        .await?;
        assert_eq!((server.count("journeys")?, server.count("erased")?), (0, 1));
        assert_eq!(browser.value(STORED).await?, json!({}));
        assert_eq!(browser.value("polku.journey()").await?, Value::Null);
        assert_eq!(
            browser.value("decided.slice(1)").await?,
            json!([{ "remember": true }, { "remember": false }, { "feedback": false }, { "measure": false }])
        );
        Ok(())
    });
}

#[test]
fn a_shops_own_decision_is_seen_at_once() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let shopper = Shopper::new(browser, &server.origin, "fi");
        shopper.open("/privacy").await?;
        drawn(browser).await?;
        assert_eq!(state(browser).await?, "none");
        shopper.accept().await?;
        inside_until(
            browser,
            "root.querySelector('.state').dataset.is === 'on' && root.querySelector('#measure').checked",
        )
        .await?;
        shopper.cookie_settings().await?;
        shopper.refuse().await?;
        inside_until(
            browser,
            "root.querySelector('.state').dataset.is === 'none' && !root.querySelector('#measure').checked",
        )
        .await?;
        Ok(())
    });
}

#[test]
fn all_languages_say_the_same_things() {
    let folder =
        std::path::PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("www/texts/privacy");
    let read = |lang: &str| -> serde_json::Map<String, Value> {
        serde_json::from_str(&std::fs::read_to_string(folder.join(lang).with_extension("json")).expect(lang))
            .expect(lang)
    };
    let english = read("en");
    let places = |value: &Value| {
        let mut places: Vec<String> =
            text(value).split('{').skip(1).map(|rest| rest.chars().take(2).collect()).collect();
        places.sort();
        places
    };
    for lang in LANGUAGES {
        let words = read(lang);
        assert_eq!(words["lang"], lang);
        assert_eq!(words.keys().collect::<Vec<_>>(), english.keys().collect::<Vec<_>>(), "{lang}");
        for (key, value) in &words {
            assert!(!text(value).trim().is_empty(), "{lang} {key}");
            assert_eq!(places(value), places(&english[key]), "{lang} {key}");
            // What is sent is not nameless for whoever can put it together.
            let lower = text(value).to_lowercase();
            for word in ["anonym", "nimettöm", "anonüüm", "anónim"] {
                assert!(!lower.contains(word), "{lang} {key}");
            }
        }
    }
}

#[test]
fn it_opens_in_every_language() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let site = Site::start(Page::new("")).await?;
        let mut titles = Vec::new();
        for lang in LANGUAGES.into_iter().chain(["no", "sv-FI", "pl"]) {
            let page = Page::new(tag(&server.origin, &server.collector(), ""))
                .before(STUB)
                .before(REMEMBERED)
                .before(&element(lang));
            site.page("/", page);
            open(browser, &site, "/").await?;
            let [title, spoken] = ["root.querySelector('h2').textContent", "root.querySelector('.card').lang"]
                .map(|one| inside(browser, one));
            titles.push(text(&title.await?).to_owned());
            let expected = match lang {
                "no" => "nb",
                "sv-FI" => "sv",
                "pl" => "en",
                lang => lang,
            };
            assert_eq!(spoken.await?, expected);
            ensure!(
                !text(&inside(browser, "root.querySelector('.card').innerText").await?).contains("undefined"),
                "{lang}"
            );
        }
        let mut different = titles[..9].to_vec();
        different.sort();
        different.dedup();
        assert_eq!(different.len(), 9);
        Ok(())
    });
}

#[test]
fn a_strict_policy_lets_it_work() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let policy = STRICT.replace("{polku}", &server.origin);
        let page = Page::new(tag(&server.origin, &server.collector(), ""))
            .before(STUB)
            .before(REMEMBERED)
            .before(&element("en"))
            .policy(&policy);
        let site = Site::start(page).await?;
        open(browser, &site, "/").await?;
        settled(browser).await?;
        inside_until(browser, "root.querySelector('summary')").await?;
        ensure!(inside(browser, "getComputedStyle(root.querySelector('.card')).borderRadius").await? == "16px");
        press(browser, ".card > .acts .t").await?;
        inside_until(browser, "[...root.querySelectorAll('.say')].map((say) => say.textContent).join('')").await?;
        press(browser, ".card > .acts .d").await?;
        press(browser, ".sure .d").await?;
        inside_until(
            browser,
            "[...root.querySelectorAll('.say')].some((say) => say.textContent.startsWith('Erased.'))",
        )
        .await?;
        assert_eq!(server.count("journeys")?, 0);
        assert_eq!(browser.value("seen.violations").await?, json!([]));
        ensure!(browser.value("seen.told()").await? == json!([]));
        Ok(())
    });
}

#[test]
fn a_page_that_has_it_does_not_shift() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let shifts = "window.shifts = []; new PerformanceObserver((list) => shifts.push(...list.getEntries().map(({ value }) => value))).observe({ type: 'layout-shift', buffered: true });";
        browser.before_each_page(shifts).await?;
        let shopper = Shopper::new(browser, &server.origin, "en");
        shopper.open("/privacy").await?;
        drawn(browser).await?;
        browser.run("return new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)))").await?;
        assert_eq!(browser.value("shifts").await?, json!([]));
        Ok(())
    });
}

#[test]
fn it_leaves_the_page_as_it_found_it() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let site = shop(
            &server,
            &format!("{REMEMBERED}window.before = seen.listening(); window.names = Object.keys(window);\n"),
            "",
        )
        .await?;
        open(browser, &site, "/").await?;
        settled(browser).await?;
        browser.run("polku.privacy.open()").await?;
        browser.until("document.querySelector('[data-polku-open]')?.shadowRoot.querySelector('.open[open]')").await?;
        browser.run("polku.privacy.open()").await?;
        assert_eq!(browser.value("document.querySelectorAll('[data-polku-open]').length").await?, 1, "it is open once");
        browser.run("polku.destroy()").await?;
        browser.until("!document.querySelector('[data-polku-open]')").await?;
        assert_eq!(
            browser.value("document.querySelector('[data-polku-privacy]').shadowRoot.childElementCount").await?,
            0
        );
        // What was drawn is gone, with what listened to it.
        let listening = "seen.listeners.filter(({ target, type }) => (target === window || target.isConnected) && type !== 'DOMContentLoaded').map(({ type }) => type)";
        assert_eq!(browser.value(listening).await?, browser.value("before").await?);
        let new = "Object.keys(window).filter((name) => ![...names, 'polku', 'before', 'names'].includes(name) && !/^ret_/.test(name))";
        assert_eq!(browser.value(new).await?, json!([]));
        // Afterwards it still says what there is, and nothing hangs or throws.
        assert_eq!(export(browser).await?["measured"], false);
        assert_eq!(
            browser.run("return polku.privacy.erase()").await?,
            json!({ "erased": [], "cannot": [], "missed": [] })
        );
        assert_eq!(browser.value(STORED).await?, json!({}));
        Ok(())
    });
}

#[test]
fn a_page_without_its_module_can_still_be_looked_at() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let wasm = server.api("/polku/manifest.json").await?;
        let name = wasm["files"]
            .as_object()
            .and_then(|all| all.keys().find(|name| name.starts_with("core-") && name.ends_with(".wasm")))
            .context("a module")?;
        let proxy = Proxy::without(&server.origin, &format!("/polku/{name}")).await?;
        let page = Page::new(tag(&proxy.origin, &server.collector(), ""))
            .before(STUB)
            .before("polku('privacy.open');\n")
            .before("localStorage.setItem('polku:1:visit', 'left');\n");
        let site = Site::start(page).await?;
        browser.open(&site.at("/")).await?;
        drawn(browser).await?;
        assert_eq!(state(browser).await?, "left", "the shopper has asked, so that it was looked for");
        press(browser, ".card > .acts .d").await?;
        press(browser, ".sure .d").await?;
        inside_until(
            browser,
            "[...root.querySelectorAll('.say')].some((say) => say.textContent.startsWith('Erased.'))",
        )
        .await?;
        assert_eq!(browser.value(STORED).await?, json!({}));
        Ok(())
    });
}

/// A walk by keyboard alone, and axe's judgement in each look.
#[test]
fn it_is_for_everybody() {
    browser::with(async |browser| {
        let server = Server::start()?;
        with_a_cart(browser, &server).await?;
        inside_until(browser, "root.querySelector('#sent').closest('section').querySelector('details')").await?;
        let look = async |name: &str| -> Done {
            judge(browser, "[data-polku-view]", 10, name).await?;
            browser.run("document.querySelector('[data-polku-view]').scrollIntoView()").await?;
            browser.shot(&format!("view-{name}")).await?;
            let wide = "document.documentElement.scrollWidth <= innerWidth";
            let out = "[...document.querySelectorAll('body *')].filter((one) => one.getBoundingClientRect().right > innerWidth + 1).slice(0, 4).map((one) => one.outerHTML.slice(0, 120)).concat(innerWidth)";
            ensure!(browser.value(wide).await? == true, "{name}: wider than the window: {}", browser.value(out).await?);
            Ok(())
        };
        look("desktop").await?;
        // From the heading to the last button.
        browser.run(&format!("{ROOT}.querySelector('h2').focus()")).await?;
        let mut walked = Vec::new();
        for _ in 0..40 {
            browser.press(Key::Tab + "").await?;
            let at = browser.value("((one) => one && (one.id || one.localName + ':' + one.className))(document.activeElement.shadowRoot?.activeElement)").await?;
            if at.is_null() {
                break;
            }
            walked.push(text(&at).to_owned());
        }
        for stop in ["measure", "remember", "feedback", "summary:", "button:t", "button:d"] {
            ensure!(walked.iter().any(|at| at == stop), "the Tab key does not lead to {stop}: {walked:?}");
        }
        assert_eq!(walked.last().map(String::as_str), Some("button:d"));
        // A line opens by key.
        inside(browser, "root.querySelector('#sent').closest('section').querySelector('summary').focus()").await?;
        browser.press(Key::Enter + "").await?;
        inside_until(browser, "root.querySelector('#sent').closest('section').querySelector('pre').textContent")
            .await?;
        look("open").await?;
        if std::env::var_os("POLKU_SHOTS").is_some() {
            let tall = json!({ "width": 1280, "height": 2600, "deviceScaleFactor": 1, "mobile": false });
            browser.cdp("Emulation.setDeviceMetricsOverride", tall).await?;
            look("whole").await?;
            browser.cdp("Emulation.clearDeviceMetricsOverride", json!({})).await?;
        }
        // The question by key, and away with it.
        inside(browser, "root.querySelector('.card > .acts .d').focus()").await?;
        browser.press(Key::Enter + "").await?;
        inside_until(browser, "root.querySelector('.sure').open && root.activeElement.textContent === 'Cancel'")
            .await?;
        browser.shot("view-sure").await?;
        browser.press(Key::Escape + "").await?;
        inside_until(browser, "!root.querySelector('.sure').open").await?;

        let emulate =
            async |features: Value| browser.cdp("Emulation.setEmulatedMedia", json!({ "features": features })).await;
        emulate(json!([{ "name": "prefers-color-scheme", "value": "dark" }])).await?;
        look("dark").await?;
        emulate(json!([{ "name": "forced-colors", "value": "active" }])).await?;
        look("forced").await?;
        emulate(json!([{ "name": "prefers-reduced-motion", "value": "reduce" }])).await?;
        assert_eq!(inside(browser, "getComputedStyle(root.querySelector('#measure')).transitionDuration").await?, "0s");
        emulate(json!([])).await?;
        for (width, name) in [(390, "phone"), (320, "narrow")] {
            let size = json!({ "width": width, "height": 844, "deviceScaleFactor": 2, "mobile": true });
            browser.cdp("Emulation.setDeviceMetricsOverride", size).await?;
            look(name).await?;
            let out = "[...root.querySelectorAll('*')].filter((one) => one.checkVisibility() && one.getBoundingClientRect().right > innerWidth + 1).map((one) => one.outerHTML.slice(0, 80))";
            assert_eq!(inside(browser, out).await?, json!([]));
        }
        Ok(())
    });
}
