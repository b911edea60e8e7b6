//! What other systems are given, in a browser: the package from the collector's origin on a shop of another, the pixel in a sandboxed frame, and the tag manager's way
//! of starting. Their own systems are doubles here; tests/integrations/ has the rest.

use anyhow::{Context, ensure};
use serde_json::{Value, json};

use crate::browser;
use crate::engine::Engine;
use crate::server::{Server, count, first};
use crate::site::{MEASURED, Page, STUB, Site, tag};

const PIXEL: &str = include_str!("../../integrations/shopify/pixel.js");

#[test]
fn all_files_may_be_loaded_by_shops_of_other_origins() {
    browser::with(async |browser| {
        let server = Server::start()?;
        // A page that isolates itself lets nothing in that does not say so.
        let site = Site::start(Page::new("")).await?;
        browser.open(&site.at("/")).await?;
        let script = format!(
            "return (async () => {{
                const root = {:?};
                const {{ files }} = await (await fetch(root + 'manifest.json')).json();
                const wrong = [];
                for (const name of Object.keys(files)) {{
                    const answer = await fetch(root + name, {{ mode: 'cors', credentials: 'omit' }});
                    const type = answer.headers.get('content-type') || '';
                    const end = name.split('.').pop();
                    const good = {{ js: 'text/javascript', mjs: 'text/javascript', wasm: 'application/wasm', json: 'application/json', ts: 'text/plain', txt: 'text/plain' }}[end];
                    if (!answer.ok || (good && !type.startsWith(good))) wrong.push([name, answer.status, type]);
                }}
                const timed = performance.getEntriesByType('resource').filter(({{ name }}) => name.startsWith(root));
                return {{ files: Object.keys(files).length, wrong, told: timed.filter(({{ decodedBodySize }}) => decodedBodySize > 0).length }};
            }})()",
            format!("{}/polku/", server.origin)
        );
        let found = browser.run(&script).await?;
        ensure!(found["wrong"] == json!([]) && found["files"].as_u64() > Some(30), "{found}");
        // WebKit tells no page the sizes of files of another origin.
        let told = browser.engine == Engine::WebKit || found["told"].as_u64() > Some(30);
        ensure!(told, "sizes are told to other origins: {found}");
        let answer = reqwest::get(format!("{}/polku/polku.js", server.origin)).await?;
        let says = |name: &str| answer.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        assert_eq!(says("cross-origin-resource-policy").as_deref(), Some("cross-origin"));
        assert_eq!(says("access-control-allow-origin").as_deref(), Some("*"));
        assert_eq!(says("x-content-type-options").as_deref(), Some("nosniff"));
        Ok(())
    });
}

/// What the tag manager's template does, as its sandbox does it: fetch the script, then call by name.
const START: &str = "const script = document.createElement('script'); script.async = true; script.src = arguments0 + '/polku/polku.js';
    script.onload = () => { polku('init', { key: 'pk_gtm', collector: arguments0 + '/v1/batch', mode: 'strict', consent: 'google', consentPurpose: 'analytics_storage' }); };
    document.head.append(script);";

#[test]
fn consent_mode_decides_where_the_tag_manager_starts_it() {
    browser::with(async |browser| {
        let server = Server::start()?;
        // What a banner does by the tag manager: a default that nobody chose, and what the visitor chose.
        let gtag = "window.dataLayer = []; window.gtag = function () { dataLayer.push(arguments); }; gtag('consent', 'default', { analytics_storage: 'granted' });\n";
        let site = Site::start(Page::new("").before(gtag)).await?;
        browser.open(&site.at("/")).await?;
        browser.run(&START.replace("arguments0", &format!("{:?}", server.origin))).await?;
        browser.until("window.polku?.version && performance.getEntriesByType('resource').some(({ name }) => /part-consent-google/.test(name))").await?;
        browser.run("return new Promise((go) => setTimeout(go, 1500))").await?;
        ensure!(browser.value("polku.journey()").await?.is_null(), "a default is nobody's choice");
        browser.run("gtag('consent', 'update', { analytics_storage: 'granted' })").await?;
        browser.until("polku.journey()").await?;
        browser.run("polku('track', 'share', { method: 'mail' }); return polku.flush()").await?;
        let events = server.has("share").await?;
        ensure!(count(&events, "page_view") == 1);
        assert_eq!(server.only().await?.context("a journey")?.0["key"], "pk_gtm");
        browser.run("gtag('consent', 'update', { analytics_storage: 'denied' })").await?;
        browser.until("!polku.journey()").await?;
        Ok(())
    });
}

/// Shopify's sandbox for pixels, as a frame of an opaque origin: what it offers is asked of the page by messages. `{pixel}`: the code.
const FRAME: &str = "<script>
    const asked = new Map(); let last = 0; const events = {}; const decisions = [];
    const ask = (name) => new Promise((done) => { asked.set(++last, done); parent.postMessage({ ask: last, name }, '*'); });
    onmessage = ({ data }) => { if (data.answer) asked.get(data.answer)(data.value); else if (data.event) (events[data.event] || []).forEach((run) => run(data)); };
    const init = { customerPrivacy: { analyticsProcessingAllowed: true } };
    const customerPrivacy = { subscribe: (name, run) => decisions.push(run) };
    const browser = { localStorage: { getItem: ask } };
    const analytics = { subscribe: (name, run) => (events[name] ||= []).push(run) };
    parent.postMessage({ ready: (() => { try { return !!localStorage; } catch { return 'shut'; } })() }, '*');
    {pixel}
    </script>";

#[test]
fn the_pixel_goes_on_with_the_journey_in_a_sandbox_without_the_page() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let page = Page::new(tag(&server.origin, &server.collector(), "")).before(STUB).before(MEASURED);
        let site = Site::start(page).await?;
        browser.open(&site.at("/")).await?;
        browser.until("polku.journey?.()").await?;
        browser.run("polku.track('add_to_cart', { value: 53.8, currency: 'EUR' }); return polku.flush()").await?;
        browser.until("localStorage.getItem('polku:1:visit')").await?;
        let id = browser.value("polku.journey().id").await?;

        // The checkout: a page of the same origin without the theme, and without Polku's tag.
        site.page("/checkouts/c1", Page::new(""));
        browser.open(&site.at("/checkouts/c1")).await?;
        let pixel = PIXEL
            .replace("https://collect.example/v1/batch", &server.collector())
            .replace("\"pk_shop\"", "\"pk_fixture\"");
        ensure!(
            pixel.contains(&server.collector()) && pixel.contains("pk_fixture"),
            "the two values are where the pixel says"
        );
        let frame = FRAME.replace("{pixel}", &pixel);
        let script = format!(
            "window.ready = 0;
            addEventListener('message', ({{ data, source }}) => {{
                if (data.ready) window.ready = data.ready;
                if (data.ask) source.postMessage({{ answer: data.ask, value: localStorage.getItem(data.name) }}, '*');
            }});
            const frame = document.createElement('iframe'); frame.setAttribute('sandbox', 'allow-scripts'); frame.srcdoc = {};
            document.body.append(frame); window.frame = frame;",
            json!(frame)
        );
        browser.run(&script).await?;
        browser.until("window.ready").await?;
        assert_eq!(browser.value("window.ready").await?, "shut", "the frame has no storage of its own");
        let checkout = json!({ "currencyCode": "EUR", "totalPrice": { "amount": 53.8 }, "email": "anna@shop.example", "order": { "id": "2001" },
            "lineItems": [{ "title": "Aamu", "quantity": 2, "variant": { "sku": "AAMU-250", "price": { "amount": 23.95 } } }] });
        for event in ["checkout_started", "payment_info_submitted", "checkout_completed"] {
            let message = json!({ "event": event, "data": { "checkout": checkout } });
            browser.run(&format!("frame.contentWindow.postMessage({message}, '*')")).await?;
        }
        let events = server.has("purchase").await?;
        let (journey, _) = server.only().await?.context("one journey, of the theme and of the checkout")?;
        assert_eq!(journey["id"], id);
        for name in ["add_to_cart", "begin_checkout", "add_payment_info", "purchase"] {
            assert_eq!(count(&events, name), 1, "{name}");
        }
        let bought = first(&events, "purchase")?;
        assert_eq!(bought["data"]["value"], 54);
        assert_eq!((&bought["stage"], &bought["page"]), (&json!("decision"), &json!("/thank-you")));
        let all = Value::from(events.clone()).to_string();
        ensure!(!all.contains("anna") && !all.contains("2001"), "{all}");

        // Who withdraws on the shop's pages is not followed into the checkout.
        browser.run("localStorage.removeItem('polku:1:visit')").await?;
        let message = json!({ "event": "checkout_completed", "data": { "checkout": checkout } });
        browser
            .run(&format!(
                "frame.contentWindow.postMessage({message}, '*'); return new Promise((go) => setTimeout(go, 1000))"
            ))
            .await?;
        assert_eq!(count(&server.has("purchase").await?, "purchase"), 1);
        Ok(())
    });
}
