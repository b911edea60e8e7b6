//! The map's panel of questions: what it says of planted answers, in both languages, for a door alone, and for those who do not see it.

use anyhow::{Result, ensure};
use serde_json::{Value, json};

use crate::axe::judge;
use crate::browser::{self, Browser};
use crate::engine::Engine;
use crate::server::{Server, text};

/// One journey with a prompt: 50 see it, 40 answer (20 promoters, 10 detractors, 10 who take it back), 36 come to the end.
fn batch(n: u32) -> String {
    let of = |more: Value| {
        let mut data = json!({"prompt":"order-nps","version":1,"sub":"s"});
        data.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        data
    };
    let event = |seq: u32, name: &str, data: Value| json!({"seq":seq,"at":1000 * seq,"name":name,"lens":"felt","stage":"decision","page":"/thanks","data":data});
    let mut events = vec![
        json!({"seq":1,"at":0,"name":"page_view","lens":"did","stage":"awareness","page":"/","data":{"door": if n.is_multiple_of(2) { "search" } else { "mail" }}}),
        event(2, "prompt_shown", of(json!({"trigger":"purchase"}))),
    ];
    if n < 40 {
        let said = match n {
            0..20 => json!({"score":10}),
            20..30 => json!({"score":3}),
            _ => json!({"skipped":true}),
        };
        let mut said = said;
        said.as_object_mut().unwrap().extend(json!({"step":"nps","rev":1,"ask":"nps"}).as_object().unwrap().clone());
        events.push(event(3, "prompt_answer", of(said)));
        let choice = if n < 8 { "price" } else { "delivery" };
        events.push(event(4, "prompt_answer", of(json!({"step":"why","rev":1,"ask":"single","choice":[choice]}))));
    }
    let reason = if n < 36 { "completed" } else { "dismissed" };
    events.push(event(5, "prompt_closed", json!({"prompt":"order-nps","sub":"s","reason":reason,"partial":false})));
    json!({"polku":1,"key":"pk_demo","batch":"b","sent":1_795_284_085,"ttl_days":395,
        "journey":{"id":format!("{n:016}"),"leg":"k3v9a","started":1_795_284_000,"device":"mobile","lang":"fi"},"events":events})
    .to_string()
}

async fn panel(browser: &Browser) -> Result<String> {
    Ok(text(&browser.value("document.querySelector('#prompts').innerText.replace(/\\s+/g, ' ')").await?).to_owned())
}

#[test]
fn it_says_what_was_answered() {
    browser::with(async |browser| {
        let server = Server::start()?;
        server.post(&batch(99).replace("prompt_", "x_")).await?;
        browser.open(&format!("{}/map/?lang=en", server.origin)).await?;
        browser.until("document.querySelector('#content').checkVisibility()").await?;
        ensure!(browser.value("document.querySelector('#prompts').hidden").await? == true, "nothing was asked");
        for n in 0..50 {
            server.post(&batch(n)).await?;
        }
        browser.until("document.querySelector('.asked .rates strong')?.innerText === '50'").await?;
        let said = panel(browser).await?;
        for part in [
            "Would recommend, after the order version 1",
            "Took part 80% 40 / 50",
            "To the end 90% 36 / 40",
            "+33 ±34 · n 30",
            "10 skipped",
            "Delivery cost 80% (65–90)",
            "Price elsewhere 20%",
        ] {
            ensure!(said.contains(part), "{part}: {said}");
        }
        judge(browser, "#prompts", 5, "the panel").await?;
        browser.run("document.querySelector('#prompts').scrollIntoView()").await?;
        browser.shot("map-prompts-en").await?;

        // A door alone: too few for rates, and it says so.
        browser.run("const door = document.querySelector('#filters select[name=door]'); door.value = 'search'; door.dispatchEvent(new Event('change'))").await?;
        browser.until("document.querySelector('.asked .rates strong')?.innerText === '25'").await?;
        let said = panel(browser).await?;
        for part in ["Took part 20 / 25", "a score needs 30 answers"] {
            ensure!(said.contains(part), "{part}: {said}");
        }
        ensure!(!said.contains("80%"), "{said}");
        // It stays chosen when something new comes.
        server.post(&batch(50)).await?;
        browser.until("document.querySelector('.asked .rates strong')?.innerText === '26'").await?;
        ensure!(browser.value("document.querySelector('#filters select[name=door]').value").await? == "search");

        browser.click("#langs button[lang=fi]").await?;
        browser.until("document.querySelector('#h-prompts').innerText === 'Kysymykset ja vastaukset'").await?;
        let said = panel(browser).await?;
        for part in [
            // What is chosen in a list is text of the page's in Chromium alone.
            if browser.engine == Engine::Chromium { "Mistä tultiin Kaikki" } else { "Mistä tultiin" },
            "Nähty 26",
            "Osallistui 20 / 26",
            "tunnusluku vaatii 30 vastausta",
            "Toimituskulut",
        ] {
            ensure!(said.contains(part), "{part}: {said}");
        }
        for width in [320, 390, 1280] {
            browser
                .cdp(
                    "Emulation.setDeviceMetricsOverride",
                    json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false }),
                )
                .await?;
            ensure!(
                browser.value("document.documentElement.scrollWidth <= innerWidth").await? == true,
                "wider than {width}"
            );
        }
        browser
            .cdp(
                "Emulation.setEmulatedMedia",
                json!({ "features": [{ "name": "prefers-color-scheme", "value": "dark" }] }),
            )
            .await?;
        judge(browser, "#prompts", 5, "the panel in the dark").await?;
        browser.run("document.querySelector('#prompts').scrollIntoView()").await?;
        browser.shot("map-prompts-fi-dark").await
    });
}
