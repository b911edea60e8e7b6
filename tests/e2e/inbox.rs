//! The inbox page: a person answers several shoppers at once. The shoppers are requests of the protocol; a shopper's page meets it in `chat.rs`.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use thirtyfour::Key;

use crate::Done;
use crate::axe::judge;
use crate::browser::{self, Browser};
use crate::engine::Engine;
use crate::server::{INBOX_KEY, Server, text};
use crate::wait::until;

/// A shopper who speaks the protocol.
struct Shopper<'a> {
    server: &'a Server,
    http: reqwest::Client,
    name: String,
    n: std::cell::Cell<i64>,
}

impl<'a> Shopper<'a> {
    fn new(server: &'a Server, number: usize) -> Self {
        Self { server, http: reqwest::Client::new(), name: format!("{number:026}"), n: std::cell::Cell::new(0) }
    }

    fn address(&self) -> String {
        format!("{}/v1/chat/{}", self.server.origin, self.name)
    }

    async fn post(&self, more: Value) -> Result<Value> {
        let mut body = json!({"polku_chat":1,"key":"pk_demo","lang":"fi","page":"/p/:id"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let answer =
            self.http.post(self.address()).header("content-type", "text/plain").body(body.to_string()).send().await?;
        let (status, body) = (answer.status(), answer.text().await?);
        ensure!(status == 200, "{status}: {body}");
        Ok(serde_json::from_str(&body)?)
    }

    async fn say(&self, what: &str) -> Done {
        self.n.set(self.n.get() + 1);
        self.post(json!({"say":[{"n":self.n.get(),"text":what}]})).await?;
        Ok(())
    }

    /// All that was said, as `by: text`.
    async fn heard(&self) -> Result<Vec<String>> {
        let answer = self.http.get(format!("{}/poll?after=0", self.address())).send().await?.text().await?;
        let answer: Value = serde_json::from_str(&answer)?;
        let entries = answer["entries"].as_array().with_context(|| answer.to_string())?;
        for (at, entry) in entries.iter().enumerate() {
            ensure!(entry["seq"] == at + 1, "a gap: {answer}");
        }
        Ok(entries
            .iter()
            .map(|entry| {
                format!(
                    "{}: {}",
                    text(&entry["by"]),
                    text(&entry[if entry["what"].is_string() { "what" } else { "text" }])
                )
            })
            .collect())
    }

    async fn hears(&self, last: &str) -> Result<Vec<String>> {
        until(
            last,
            async || Ok(Some(self.heard().await?).filter(|heard| heard.last().is_some_and(|said| said == last))),
        )
        .await
    }
}

async fn open(browser: &Browser, server: &Server, lang: &str) -> Done {
    browser.open(&format!("{}/inbox/?lang={lang}#key={INBOX_KEY}", server.origin)).await?;
    browser.until("document.querySelector('#live').classList.contains('live') && document.querySelector('#live').innerText === ({ en: 'Live', fi: 'Ajan tasalla' })[document.documentElement.lang]").await?;
    Ok(())
}

async fn choose(browser: &Browser, id: i64) -> Done {
    browser.click(&format!("[data-talk='{id}']")).await?;
    browser.until(&format!("document.querySelector('#log').shown === {id} && document.querySelector('#log').children.length && document.activeElement === document.querySelector('#text')")).await?;
    Ok(())
}

async fn size(browser: &Browser, width: u32, height: u32) -> Done {
    let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
    browser.cdp("Emulation.setDeviceMetricsOverride", size).await?;
    ensure!(
        browser.value("document.documentElement.scrollWidth <= innerWidth").await? == true,
        "it is wider than {width}"
    );
    // Its parts scroll, the page does not; but in a window that is low.
    ensure!(
        browser.value("innerHeight < 480 || document.documentElement.scrollHeight <= innerHeight").await? == true,
        "it is higher than {height}"
    );
    Ok(())
}

#[test]
fn a_person_answers_several_shoppers_at_once() {
    browser::with(async |browser| {
        let server = Server::start()?;
        open(browser, &server, "en").await?;
        browser.until("document.querySelector('#nobody h2')?.innerText === 'Nobody waits'").await?;
        judge(browser, "body", 5, "the empty inbox").await?;
        browser.shot("inbox-empty").await?;

        let shoppers: Vec<_> = (1..=4).map(|number| Shopper::new(&server, number)).collect();
        shoppers[0].say("Hei! Onko tätä varastossa koossa 38?").await?;
        shoppers[1].say("My parcel has not come. Order 10482.").await?;
        shoppers[1].say("It should have been here on Monday.").await?;
        shoppers[2].post(json!({"say":[{"n":1,"text":"Kan jag byta storlek?"}],
            "journey":{"stage":"decision","path":[{"stage":"awareness","at":0,"dwell":42000,"rule":"landing"},{"stage":"consideration","at":42000,"dwell":185_000,"rule":"view_item"},
                {"stage":"decision","at":227_000,"dwell":9000,"rule":"add_to_cart"}],
                "touchpoints":["page_view","view_item_list","view_item","view_item","view_item","add_to_cart"],"friction":{"dead_click":2,"form_error":1}}})).await?;
        shoppers[3].say("Guten Tag").await?;
        // Those who wait stand in the order in which they came.
        browser.until("[...document.querySelectorAll('.one strong')].map((one) => one.innerText).join() === 'Shopper 1,Shopper 2,Shopper 3,Shopper 4'").await?;
        browser.until("document.title === '(4) Inbox · Polku'").await?;
        ensure!(browser.value("document.querySelector('[data-talk=\"2\"] .count > span').innerText").await? == "2");
        judge(browser, "body", 5, "the list").await?;

        // The first: a draft, then another shopper, then back: the draft is there.
        browser.write("#me", "Maija").await?;
        choose(browser, 1).await?;
        browser.press("On, koossa 38").await?;
        choose(browser, 2).await?;
        ensure!(browser.value("document.querySelector('#text').value").await? == "");
        browser.press("I am sorry. I will look for it.").await?;
        browser.press(Key::Enter + "").await?;
        shoppers[1].hears("person: I am sorry. I will look for it.").await?;
        choose(browser, 1).await?;
        ensure!(browser.value("document.querySelector('#text').value").await? == "On, koossa 38");
        browser.press_with_shift(Key::Enter + "").await?;
        browser.press("kolme kappaletta.").await?;
        browser.press(Key::Enter + "").await?;
        shoppers[0].hears("person: On, koossa 38\nkolme kappaletta.").await?;
        browser.until("document.querySelector('[data-talk=\"1\"] .chip').innerText === 'with Maija'").await?;
        // Who wrote it, and each once.
        browser.until("[...document.querySelectorAll('#log .said')].length === 2 && document.querySelector('#log .ours .by bdi').innerText === 'Maija'").await?;

        // The third came with its steps.
        choose(browser, 3).await?;
        browser.click("#steps").await?;
        browser.until("document.querySelector('#path .steps').innerText.includes('Decision')").await?;
        ensure!(
            browser
                .value("document.querySelector('#path .points').innerText")
                .await?
                .as_str()
                .is_some_and(|points| points.contains("× 3"))
        );
        judge(browser, "body", 5, "a conversation with its steps").await?;
        browser.shot("inbox-steps").await?;

        // What comes meanwhile is told of in the list and in the title, and is there at once where it is looked at.
        shoppers[0].say("Kiitos! Entä koko 39?").await?;
        browser
            .until("document.title === '(3) Inbox · Polku' && document.querySelector('[data-talk=\"1\"] .count')")
            .await?;
        choose(browser, 1).await?;
        browser.until("document.querySelector('#log').lastElementChild.innerText.includes('Entä koko 39?')").await?;
        browser.until("!document.querySelector('[data-talk=\"1\"] .count')").await?;
        judge(browser, "body", 5, "a conversation").await?;
        browser.shot("inbox-talk").await?;
        for (scheme, shot) in [("dark", "inbox-talk-dark"), ("light", "inbox-talk-light")] {
            let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
            browser.cdp("Emulation.setEmulatedMedia", media).await?;
            judge(browser, "body", 5, shot).await?;
            browser.shot(shot).await?;
        }

        // The end, and what is said after it.
        browser.click("#end").await?;
        shoppers[0].hears("house: ended").await?;
        browser.until("document.querySelector('#log .house') && document.querySelector('#end').hidden").await?;
        judge(browser, "body", 5, "an ended conversation").await?;
        browser.shot("inbox-ended").await?;
        shoppers[0].say("Vielä yksi asia").await?;
        browser
            .until("document.querySelector('[data-talk=\"1\"] .chip.waits') && !document.querySelector('#end').hidden")
            .await?;

        // Erased: asked first, then gone for both.
        browser.click("#erase").await?;
        browser.until("document.querySelector('#sure').open").await?;
        judge(browser, "#sure", 5, "the question before it is erased").await?;
        browser.shot("inbox-erase").await?;
        browser.click("#sure [value=no]").await?;
        ensure!(shoppers[0].heard().await?.len() == 5);
        browser.click("#erase").await?;
        browser.click("#sure [value=yes]").await?;
        browser.until("!document.querySelector('[data-talk=\"1\"]') && document.querySelector('#talk').hidden").await?;
        let gone = reqwest::get(format!("{}/poll", shoppers[0].address())).await?;
        ensure!(gone.status() == 410);
        // … and by the shopper, while it is looked at.
        choose(browser, 4).await?;
        shoppers[3].post(json!({"forget":true})).await?;
        browser
            .until("document.querySelector('#alarm').checkVisibility() && document.querySelector('#talk').hidden")
            .await?;
        Ok(())
    });
}

#[test]
fn what_is_hostile_is_shown_as_what_it_is() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let shopper = Shopper::new(&server, 1);
        let markup = "<img src=x onerror=\"window.__owned=1\"><script>window.__owned=1</script><a href=\"javascript:window.__owned=1\">x</a>";
        let texts = [
            markup.to_owned(),
            "Pay \u{202E}001 ruo\u{202C} \u{2066}now\u{2069} {name} {text}".to_owned(),
            "שלום (10482) שלום\u{200F}".to_owned(),
            format!("{}{}", "Z̸̡̢̧̛̛̭̘̤̟͓".repeat(40), "algo"),
            "W".repeat(4000),
            "line\n".repeat(60),
        ];
        for text in &texts {
            shopper.say(text).await?;
        }
        let journey = json!({"stage":"<b>x</b>","path":[{"stage":"<img src=x onerror=window.__owned=1>","at":0}],"touchpoints":["<script>window.__owned=1</script>"],"friction":{"<i>":1}});
        shopper.post(json!({"page":"/\u{202E}<b>","journey":journey})).await?;
        open(browser, &server, "en").await?;
        choose(browser, 1).await?;
        browser.click("#steps").await?;
        browser
            .until("document.querySelectorAll('#log .said').length === 6 && document.querySelector('#path .steps')")
            .await?;
        ensure!(browser.value("document.querySelector('#log .words').innerText").await? == markup);
        let second = browser.value("document.querySelectorAll('#log .words')[1].textContent").await?;
        ensure!(second == "Pay 001 ruo now {name} {text}", "{second}");
        for made in ["img", "script", "a", "b", "i"] {
            let found = format!("document.querySelector('main {made}') === null");
            ensure!(browser.value(&found).await? == true, "a <{made}> was made");
        }
        // Each in a direction of its own, which ends with it, and none beyond its bubble or its column.
        ensure!(
            browser.value("getComputedStyle(document.querySelectorAll('#log .words bdi')[2]).direction").await?
                == "rtl"
        );
        ensure!(browser.value("[...document.querySelectorAll('#log .words')].every((words) => ['isolate', 'plaintext'].includes(getComputedStyle(words).unicodeBidi) && getComputedStyle(words).overflow === 'hidden')").await? == true);
        let log = "const log = document.querySelector('#log');";
        ensure!(browser.run(&format!("{log} return [...log.querySelectorAll('.words')].every((words) => words.getBoundingClientRect().right <= log.getBoundingClientRect().right)")).await? == true);
        ensure!(browser.run(&format!("{log} return log.scrollWidth <= log.clientWidth")).await? == true);
        judge(browser, "body", 5, "hostile messages").await?;
        for (width, height) in [(320, 640), (1280, 900)] {
            size(browser, width, height).await?;
        }
        browser.run("document.querySelector('#steps').click(); document.querySelector('#log').scrollTop = 0").await?;
        browser.shot("inbox-hostile").await?;
        // What a person is called is a text as well, at the shopper's side and here.
        browser.write("#me", "<b>\u{202E}Maija").await?;
        browser.write("#text", "<i>hei</i>").await?;
        browser.press(Key::Enter + "").await?;
        shopper.hears("person: <i>hei</i>").await?;
        browser.until("document.querySelector('#log .ours .by bdi')?.innerText === '<b>Maija'").await?;
        ensure!(browser.value("window.__owned").await? == Value::Null, "something ran");
        Ok(())
    });
}

#[test]
fn it_is_walked_by_keys_and_fits_small_windows() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let shoppers: Vec<_> = (1..=20).map(|number| Shopper::new(&server, number)).collect();
        for (number, shopper) in (1..).zip(&shoppers) {
            shopper.say(&format!("Kysymys {number}: milloin tilaus {number}0482 saapuu?")).await?;
        }
        open(browser, &server, "fi").await?;
        browser
            .until("document.querySelectorAll('.one').length === 20 && document.title === '(20) Keskustelut · Polku'")
            .await?;
        // The skip link, then the list: down, and in.
        browser.press(Key::Tab + "").await?;
        ensure!(browser.value("document.activeElement.className").await? == "skip");
        browser.run("document.querySelector('#me').focus()").await?;
        browser.press(Key::Tab + "").await?;
        if browser.engine == Engine::Firefox {
            // There what scrolls can be gone to, too.
            browser.press(Key::Tab + "").await?;
        }
        for _ in 0..2 {
            browser.press(Key::Down + "").await?;
        }
        ensure!(browser.value("document.activeElement.dataset.talk").await? == "3");
        browser.press(Key::Enter + "").await?;
        browser
            .until("document.activeElement === document.querySelector('#text') && document.querySelector('#log .said')")
            .await?;
        browser.press("Huomenna.").await?;
        browser.press(Key::Enter + "").await?;
        shoppers[2].hears("person: Huomenna.").await?;
        // Answered, it stands behind those who wait; the focus is still on the answer.
        browser
            .until("[...document.querySelectorAll('.one')].findIndex((one) => one.dataset.talk === '3') === 19")
            .await?;
        ensure!(browser.value("document.activeElement.id").await? == "text");
        browser.press(Key::Escape + "").await?;
        ensure!(browser.value("document.activeElement.dataset.talk").await? == "3");
        // Drawn anew it keeps the focus.
        shoppers[4].say("Hei?").await?;
        browser.until("document.querySelector('[data-talk=\"5\"] .count > span').innerText === '2'").await?;
        ensure!(browser.value("document.activeElement.dataset.talk").await? == "3");
        browser.press(Key::Home + "").await?;
        ensure!(browser.value("document.activeElement.dataset.talk").await? == "1");
        size(browser, 1280, 900).await?;
        judge(browser, "body", 5, "twenty conversations").await?;
        browser.shot("inbox-twenty-fi").await?;

        // A saved reply: saved, and put where the cursor is.
        choose(browser, 6).await?;
        browser.press("Tarkistan asian heti.").await?;
        browser.click("#saved summary").await?;
        browser.click("#saved .add").await?;
        judge(browser, "body", 5, "saved replies").await?;
        browser.shot("inbox-saved-fi").await?;
        browser.press(Key::Escape + "").await?;
        ensure!(browser.value("document.querySelector('#saved').open").await? == false);
        browser.run("document.querySelector('#text').value = ''").await?;
        browser.click("#saved summary").await?;
        browser.click("#saved .reply").await?;
        ensure!(browser.value("document.querySelector('#text').value").await? == "Tarkistan asian heti.");
        browser.press(Key::Enter + "").await?;
        shoppers[5].hears("person: Tarkistan asian heti.").await?;

        // On a phone one thing at a time, and a way back to where one was.
        size(browser, 320, 640).await?;
        judge(browser, "body", 5, "a conversation at 320 px").await?;
        browser.shot("inbox-320-talk").await?;
        ensure!(browser.value("document.querySelector('.side').checkVisibility()").await? == false);
        browser.click("#back").await?;
        browser.until("document.activeElement?.dataset.talk === '6'").await?;
        size(browser, 320, 640).await?;
        judge(browser, "body", 5, "the list at 320 px").await?;
        browser.shot("inbox-320-list").await?;
        browser.click("[data-talk='7']").await?;
        browser.until("document.activeElement === document.querySelector('#h-thread')").await?;
        // Everything that can be pressed is large enough (WCAG 2.2, 2.5.8).
        let small = browser.run("return [...document.querySelectorAll('button, a, input, textarea, summary')].filter((one) => one.checkVisibility() && !one.closest('.skip') && one.getBoundingClientRect().height < 24).map((one) => one.outerHTML)").await?;
        ensure!(small == json!([]), "{small}");
        // 1280 × 1024 enlarged four times.
        size(browser, 320, 256).await?;
        browser.run("document.querySelector('#text').scrollIntoView()").await?;
        ensure!(browser.value("document.querySelector('#text').getBoundingClientRect().height > 40").await? == true);
        browser.shot("inbox-400-percent").await?;
        size(browser, 1280, 900).await
    });
}

#[test]
fn without_its_key_it_shows_nothing_and_without_the_server_it_waits() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let shopper = Shopper::new(&server, 1);
        shopper.say("hello").await?;
        browser.open(&format!("{}/inbox/?lang=en", server.origin)).await?;
        browser.until("document.activeElement === document.querySelector('#key')").await?;
        ensure!(browser.value("document.querySelector('#desk').checkVisibility()").await? == false);
        judge(browser, "body", 5, "the door").await?;
        browser.shot("inbox-door").await?;
        browser.press("not-the-key-at-all").await?;
        browser.press(Key::Enter + "").await?;
        browser.until("document.querySelector('#key-wrong')").await?;
        judge(browser, "body", 5, "the door with a wrong key").await?;
        browser.press(INBOX_KEY).await?;
        browser.press(Key::Enter + "").await?;
        browser.until("document.querySelector('[data-talk=\"1\"]')").await?;
        ensure!(browser.value("location.href").await?.as_str().is_some_and(|address| !address.contains("key")));
        browser.reload().await?;
        browser.until("document.querySelector('[data-talk=\"1\"]')").await?;
        choose(browser, 1).await?;

        // The connection goes: it is said, what is written is not lost, and comes once.
        let cut = json!({ "offline": true, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
        browser.cdp("Network.enable", json!({})).await?;
        browser.cdp("Network.emulateNetworkConditions", cut).await?;
        browser.press("are you there?").await?;
        browser.press(Key::Enter + "").await?;
        browser.until("document.querySelector('#log .failed')").await?;
        judge(browser, "body", 5, "an answer that was not sent").await?;
        browser.shot("inbox-not-sent").await?;
        let back = json!({ "offline": false, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
        browser.cdp("Network.emulateNetworkConditions", back).await?;
        browser.click("#log .failed button").await?;
        shopper.hears("person: are you there?").await?;
        browser
            .until("document.querySelectorAll('#log .said').length === 2 && !document.querySelector('#log .note')")
            .await?;
        shopper.say("yes").await?;
        browser.until("document.querySelector('#log').lastElementChild.innerText.includes('yes')").await?;

        // Locked: nothing of what was read is left on the page, nor in the tab.
        browser.click("#lock").await?;
        browser.until("document.querySelector('#key')").await?;
        ensure!(
            browser.value("document.body.textContent.includes('hello') || sessionStorage.length > 0").await? == false
        );
        browser.reload().await?;
        browser.until("document.querySelector('#key')").await?;
        Ok(())
    });
}
