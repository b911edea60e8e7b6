//! A conversation between a shopper's page and the inbox page, over a line that breaks and pages that change; and ways to other people's chats.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use thirtyfour::Key;

use crate::Done;
use crate::axe::judge;
use crate::browser::{self, Browser};
use crate::looks::{DARK, FORCED, RINGS, SMALL, SOUND, WIDE, window};
use crate::proxy::{Proxy, Wire};
use crate::server::{INBOX_KEY, Server, text};
use crate::site::{MEASURED, Page, REMEMBERED, STUB, Site, tag};
use crate::strict::visit::Runs;
use crate::wait::until;

/// The card's inside.
const ROOT: &str = "document.querySelector('[data-polku-prompt]').shadowRoot";
const AREA: &str = "[data-polku-prompt] >>> .compose textarea";
/// What stands in the shopper's card, one line each.
const SAID: &str = "[...document.querySelector('[data-polku-prompt]').shadowRoot.querySelectorAll('.talk > *')].map((one) => (one.matches('.own') ? 'me: ' : one.matches('.turn') ? 'them: ' : 'house: ') + (one.querySelector('.a, .q') || one).textContent)";

fn help() -> Value {
    json!({
        "v": 1, "id": "help", "kind": "help", "locales": ["en"], "defaultLocale": "en", "quiet": { "automation": false },
        "ui": { "launcher": true, "launcherText": { "en": "Chat with us" }, "privacyUrl": "/privacy" },
        "steps": [{ "id": "talk", "ask": "chat", "text": { "en": "How can we help?" } }]
    })
}

/// A shop with these prompts, whose every page decides with `consent`, and with the chat at `chat`.
async fn shop(server: &Server, consent: &str, chat: &str, more: &str, prompts: &Value) -> Result<Site> {
    let chat = if chat.is_empty() { String::new() } else { format!("data-chat=\"{chat}\"") };
    let tag = tag(&server.origin, &server.collector(), &format!("data-prompts=\"/chat.json\" {chat} {more}"));
    let page = Page::new(tag)
        .before(STUB)
        .before("window.wrong = []; polku('on', 'error', (error) => wrong.push(error.code + ' ' + error.field));\n")
        .before(consent);
    let site = Site::start(page.clone()).await?;
    site.page("/p/tent-12", page);
    site.file("/chat.json", 200, "application/json", &prompts.to_string());
    Ok(site)
}

async fn open(browser: &Browser, site: &Site, path: &str) -> Done {
    browser.open(&site.at(path)).await?;
    browser.until("document.querySelector('[data-polku-status]')").await?;
    Ok(())
}

/// Opens the conversation by its pill.
async fn begin(browser: &Browser, site: &Site) -> Done {
    open(browser, site, "/").await?;
    browser.click("[data-polku-prompt] >>> .open").await?;
    browser.find(AREA).await?;
    Ok(())
}

async fn say(browser: &Browser, what: &str) -> Done {
    browser.write(AREA, what).await?;
    browser.write(AREA, Key::Enter + "").await
}

/// Waits until the shopper reads this.
async fn reads(browser: &Browser, lines: &[&str]) -> Done {
    let mut last = Value::Null;
    let same = until(&lines.join(" | "), async || {
        last = browser.value(&format!("document.querySelector('[data-polku-prompt]')?.shadowRoot && {SAID}")).await?;
        Ok((last == json!(lines)).then_some(()))
    })
    .await;
    same.with_context(|| format!("there stands {last}"))
}

/// Waits until every message has arrived.
async fn arrived(browser: &Browser) -> Done {
    browser.until(&format!("!{ROOT}.querySelector('.talk .wait') && {ROOT}.querySelector('.talk .own')")).await?;
    Ok(())
}

#[test]
fn nothing_is_lost_nothing_comes_twice_and_the_order_is_kept() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let wire = Wire::to(&server.origin).await?;
        let site = shop(&server, MEASURED, &format!("{}/v1/chat", wire.origin), "", &json!([help()])).await?;
        begin(browser, &site).await?;
        let shopper = browser.window().await?;
        say(browser, "Hi! Is the tent in stock?").await?;
        say(browser, "The green one.").await?;
        reads(browser, &["me: Hi! Is the tent in stock?", "me: The green one."]).await?;
        arrived(browser).await?;

        let inbox = browser.open_window(&format!("{}/inbox/?lang=en#key={INBOX_KEY}", server.origin)).await?;
        browser.write("#me", "Maija").await?;
        browser.click("[data-talk='1']").await?;
        browser.until("document.querySelector('#log').innerText.includes('The green one.') && document.activeElement === document.querySelector('#text')").await?;
        browser.press("Yes, three of them.").await?;
        browser.press(Key::Enter + "").await?;
        browser.to(&shopper).await?;
        reads(browser, &["me: Hi! Is the tent in stock?", "me: The green one.", "them: Yes, three of them."]).await?;
        browser.until(&format!("{ROOT}.querySelector('.stand').textContent === 'Maija is answering.'")).await?;

        // The line is cut: both go on writing.
        wire.cut(true);
        say(browser, "And what does it weigh?").await?;
        browser.until(&format!("{ROOT}.querySelector('.talk .wait .how').textContent === 'Not sent yet'")).await?;
        browser.until(&format!("{ROOT}.querySelector('.stand').textContent.startsWith('No connection')")).await?;
        browser.to(&inbox).await?;
        browser.write("#text", "Anything else?").await?;
        browser.write("#text", Key::Enter + "").await?;
        browser.until("document.querySelector('#log').innerText.includes('Anything else?')").await?;
        // The shopper goes to another page while it is cut, and says one thing more.
        browser.to(&shopper).await?;
        browser.open(&site.at("/p/tent-12")).await?;
        browser.find(AREA).await?;
        reads(browser, &["me: And what does it weigh?"]).await?;
        say(browser, "I mean with the poles.").await?;
        wire.cut(false);
        let all = [
            "me: Hi! Is the tent in stock?",
            "me: The green one.",
            "them: Yes, three of them.",
            "them: Anything else?",
            "me: And what does it weigh?",
            "me: I mean with the poles.",
        ];
        reads(browser, &all).await?;
        arrived(browser).await?;

        // Answers get lost: what is sent again is not there twice.
        wire.swallow(true);
        say(browser, "Hello?").await?;
        browser.to(&inbox).await?;
        browser.until("document.querySelector('#log').innerText.includes('Hello?')").await?;
        browser.write("#text", "2.4 kg with the poles.").await?;
        browser.write("#text", Key::Enter + "").await?;
        browser.to(&shopper).await?;
        browser.until(&format!("{ROOT}.querySelector('.talk .wait')")).await?;
        wire.swallow(false);
        let mut all = all.to_vec();
        all.extend(["me: Hello?", "them: 2.4 kg with the poles."]);
        reads(browser, &all).await?;
        arrived(browser).await?;
        // A page further all of it stands there again, in the same order.
        open(browser, &site, "/next").await?;
        reads(browser, &all).await?;
        let there = stored(&server, browser).await?;
        let theirs: Vec<String> =
            all.iter().map(|line| line.replace("me: ", "shopper: ").replace("them: ", "person: ")).collect();
        assert_eq!(there, theirs);
        assert_eq!(browser.value("wrong").await?, json!([]));
        Ok(())
    });
}

/// What the server has, under the name that the shopper's page keeps.
async fn stored(server: &Server, browser: &Browser) -> Result<Vec<String>> {
    let name = browser.value("JSON.parse(JSON.parse(sessionStorage['polku:1:chat']).line).c").await?;
    let got = server.api(&format!("/v1/chat/{}/poll?after=0", text(&name))).await?;
    let entries = got["entries"].as_array().with_context(|| got.to_string())?;
    for (at, entry) in entries.iter().enumerate() {
        ensure!(entry["seq"] == at + 1, "a gap: {got}");
    }
    Ok(entries.iter().map(|entry| format!("{}: {}", text(&entry["by"]), text(&entry["text"]))).collect())
}

#[test]
fn where_streams_do_not_come_through_answers_are_polled() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let proxy = Proxy::before(&server.origin).await?;
        let site = shop(&server, MEASURED, &format!("{}/v1/chat", proxy.origin), "", &json!([help()])).await?;
        browser.before_each_page("{ const real = fetch; window.fetch = (...what) => /[/]stream/.test(what[0]) ? Promise.reject(new TypeError('cut')) : real(...what); }").await?;
        begin(browser, &site).await?;
        say(browser, "Hi!").await?;
        arrived(browser).await?;
        let name = browser.value("JSON.parse(JSON.parse(sessionStorage['polku:1:chat']).line).c").await?;
        let path = format!("/v1/chat/{}", text(&name));
        until("a poll", async || {
            Ok(proxy.seen().iter().any(|seen| seen.path.starts_with(&format!("{path}/poll?after=1"))).then_some(()))
        })
        .await?;
        answer(browser, &server, "Hello by poll").await?;
        reads(browser, &["me: Hi!", "them: Hello by poll"]).await?;
        for seen in proxy.seen() {
            ensure!(!seen.cookies && !seen.referrer, "{seen:?}");
            ensure!(!seen.path.contains(&format!("={}", text(&name))), "{seen:?}");
        }
        Ok(())
    });
}

/// Somebody answers the first conversation in the inbox; then it is looked at the shopper's page again.
async fn answer(browser: &Browser, server: &Server, what: &str) -> Done {
    let shopper = browser.window().await?;
    let inbox = browser.open_window(&format!("{}/inbox/?lang=en#key={INBOX_KEY}", server.origin)).await?;
    browser.click("[data-talk='1']").await?;
    browser.until("document.querySelector('#log').children.length && !document.querySelector('#talk').hidden").await?;
    browser.write("#text", what).await?;
    browser.write("#text", Key::Enter + "").await?;
    browser.until("document.querySelector('#log .ours[data-seq]')").await?;
    browser.close(&inbox).await?;
    browser.to(&shopper).await
}

/// On a page that runs no WebAssembly.
#[test]
fn as_javascript_both_talk() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let chat = format!("{}/v1/chat", server.origin);
        let site = shop(&server, MEASURED, &chat, r#"data-engine="js""#, &json!([help()])).await?;
        begin(browser, &site).await?;
        say(browser, "Hi! Is the tent in stock?").await?;
        arrived(browser).await?;
        answer(browser, &server, "Yes, three of them.").await?;
        let all = ["me: Hi! Is the tent in stock?", "them: Yes, three of them."];
        reads(browser, &all).await?;
        open(browser, &site, "/next").await?;
        reads(browser, &all).await?;
        assert_eq!(browser.value("wrong").await?, json!([]));
        Runs::JavaScript.is(browser).await
    });
}

#[test]
fn hostile_messages_are_text() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let site = shop(&server, MEASURED, &format!("{}/v1/chat", server.origin), "", &json!([help()])).await?;
        begin(browser, &site).await?;
        let hostile = "<img src=x onerror=window.hacked=1><script>hacked=1</script>&amp; \u{202e}fdp.exe";
        let long = "x".repeat(1 << 20);
        browser
            .run(&format!(
                "const area = {ROOT}.querySelector('.compose textarea'); const send = () => {ROOT}.querySelector('[data-do=say]').click();
                area.value = {}; send(); area.value = {long:?}; send()",
                json!(hostile)
            ))
            .await?;
        arrived(browser).await?;
        answer(browser, &server, "<b onclick=hacked=1>No</b> \u{2066}\u{202e}").await?;
        browser.until(&format!("{SAID}.length === 3")).await?;
        let said = browser.value(SAID).await?;
        assert_eq!(said[0], "me: <img src=x onerror=window.hacked=1><script>hacked=1</script>&amp; fdp.exe");
        assert_eq!(text(&said[1]).len(), "me: ".len() + 4_000);
        assert_eq!(text(&said[2]).trim_end(), "them: <b onclick=hacked=1>No</b>");
        assert_eq!(
            browser
                .value(&format!("{ROOT}.querySelectorAll('.talk img, .talk script, .talk b[onclick]').length"))
                .await?,
            0
        );
        assert_eq!(browser.value("!!window.hacked").await?, false);
        assert_eq!(browser.value(SOUND).await?, json!([]));
        let there = stored(&server, browser).await?;
        assert_eq!(there.len(), 3);
        Ok(())
    });
}

#[test]
fn nothing_is_kept_before_the_first_message_and_nothing_once_it_is_erased() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let site = shop(&server, REMEMBERED, &format!("{}/v1/chat", server.origin), "", &json!([help()])).await?;
        begin(browser, &site).await?;
        browser.write(AREA, "Only a draft").await?;
        let kept = "['sessionStorage', 'localStorage'].map((where) => !!window[where].getItem('polku:1:chat'))";
        assert_eq!(browser.value(kept).await?, json!([false, false]));
        browser.write(AREA, Key::Enter + "").await?;
        arrived(browser).await?;
        assert_eq!(browser.value(kept).await?, json!([true, true]));
        // Another visit: a new tab knows the conversation, and opens it when it is asked to.
        let shopper = browser.window().await?;
        let other = browser.open_window(&site.at("/")).await?;
        browser.click("[data-polku-prompt] >>> .open").await?;
        reads(browser, &["me: Only a draft"]).await?;
        browser.close(&other).await?;
        browser.to(&shopper).await?;
        let name = browser.value("JSON.parse(JSON.parse(sessionStorage['polku:1:chat']).line).c").await?;
        browser.click("[data-polku-prompt] >>> [data-do=forget]").await?;
        browser.click("[data-polku-prompt] >>> [data-do=yes]").await?;
        browser.until(&format!("{ROOT}.querySelector('.over p')?.textContent.includes('has been erased')")).await?;
        assert_eq!(browser.value(kept).await?, json!([false, false]));
        assert_eq!(browser.value(SAID).await?, json!([]));
        let gone = reqwest::get(format!("{}/v1/chat/{}/poll?after=0", server.origin, text(&name))).await?;
        assert_eq!(gone.status(), 410);
        // Another one can begin.
        browser.click("[data-polku-prompt] >>> [data-do=anew]").await?;
        say(browser, "Hello again").await?;
        reads(browser, &["me: Hello again"]).await?;
        arrived(browser).await?;
        // A withdrawal takes it away.
        browser.run("polku.withdraw()").await?;
        browser.until(&format!("!({kept}).some(Boolean)")).await?;
        Ok(())
    });
}

#[test]
fn who_is_not_measured_may_talk_and_go_on_over_pages() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let refused = "polku('consent', { measure: false });\n";
        let site =
            shop(&server, refused, &format!("{}/v1/chat", server.origin), "data-mode=\"feedback\"", &json!([help()]))
                .await?;
        begin(browser, &site).await?;
        ensure!(
            browser.value(&format!("{ROOT}.querySelector('.attach').hidden")).await? == true,
            "nothing is known that could go along"
        );
        say(browser, "Hi!").await?;
        arrived(browser).await?;
        open(browser, &site, "/next").await?;
        reads(browser, &["me: Hi!"]).await?;
        let keys =
            "[...Object.keys(localStorage), ...Object.keys(sessionStorage)].filter((key) => key.startsWith('polku'))";
        assert_eq!(browser.value(keys).await?, json!(["polku:1:chat"]));
        // Folded it stays folded; closed it waits for its pill.
        browser.click("[data-polku-prompt] >>> .fold").await?;
        open(browser, &site, "/").await?;
        answer(browser, &server, "Hello!").await?;
        browser.until(&format!("{ROOT}.querySelector('.pill .open').textContent === '1 new message'")).await?;
        browser.until("document.querySelector('[data-polku-status]').textContent === '1 new message'").await?;
        browser.click("[data-polku-prompt] >>> .open").await?;
        reads(browser, &["me: Hi!", "them: Hello!"]).await?;
        browser.click("[data-polku-prompt] >>> .card [data-do=close]").await?;
        open(browser, &site, "/next").await?;
        browser.click("[data-polku-prompt] >>> .open").await?;
        reads(browser, &["me: Hi!", "them: Hello!"]).await?;
        assert_eq!(server.count("events")?, 0);
        Ok(())
    });
}

#[test]
fn the_steps_of_the_visit_go_along_when_they_are_ticked() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let proxy = Proxy::before(&server.origin).await?;
        let site = shop(&server, MEASURED, &format!("{}/v1/chat", proxy.origin), "", &json!([help()])).await?;
        open(browser, &site, "/").await?;
        browser.run("polku.track('view_item'); polku.track('add_to_cart', { value: 20, currency: 'EUR' })").await?;
        begin(browser, &site).await?;
        ensure!(browser.value(&format!("{ROOT}.querySelector('.attach input').checked")).await? == false);
        say(browser, "Without").await?;
        arrived(browser).await?;
        let posts = || {
            proxy
                .seen()
                .into_iter()
                .filter(|seen| seen.method == "POST")
                .map(|seen| serde_json::from_str(&seen.body).unwrap())
                .collect::<Vec<Value>>()
        };
        ensure!(posts().iter().all(|post| post.get("journey").is_none()), "{:?}", posts());
        browser.click("[data-polku-prompt] >>> [data-do=forget]").await?;
        browser.click("[data-polku-prompt] >>> [data-do=yes]").await?;
        browser.click("[data-polku-prompt] >>> [data-do=anew]").await?;
        browser.click("[data-polku-prompt] >>> .attach input").await?;
        let shown = browser
            .until(&format!(
                "!{ROOT}.querySelector('.attach pre').hidden && {ROOT}.querySelector('.attach pre').textContent"
            ))
            .await?;
        say(browser, "With").await?;
        arrived(browser).await?;
        let last = posts().pop().context("nothing was posted")?;
        assert_eq!(last["journey"], serde_json::from_str::<Value>(text(&shown))?, "what was shown is what leaves");
        assert_eq!(last["journey"]["stage"], "decision");
        assert_eq!(last["journey"]["touchpoints"], json!(["page_view", "view_item", "add_to_cart", "page_view"]));
        Ok(())
    });
}

#[test]
fn without_an_endpoint_there_are_other_ways_or_the_step_is_passed() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let mut other = help();
        other["id"] = json!("other");
        other["ui"] = json!({});
        other["steps"] = json!([
            { "id": "talk", "ask": "chat", "text": { "en": "Chat" } },
            { "id": "hand", "ask": "handoff", "text": { "en": "Other ways" }, "actions": [{ "id": "ours", "adapter": "polku", "text": { "en": "Chat" } }, { "id": "mail", "href": "mailto:a@example.fi", "text": { "en": "Mail" } }] }
        ]);
        let mut ways = help();
        ways["ui"] = json!({});
        ways["steps"][0]["actions"] =
            json!([{ "id": "mail", "href": "mailto:a@example.fi", "text": { "en": "Mail" } }]);
        let site = shop(&server, MEASURED, "http://shop.example/chat", "", &json!([other, ways])).await?;
        open(browser, &site, "/").await?;
        browser.run("polku.prompt.open('other')").await?;
        browser.until(&format!("document.querySelector('[data-polku-prompt]') && {ROOT}.querySelector('#q').textContent === 'Other ways'")).await?;
        assert_eq!(browser.value(&format!("[...{ROOT}.querySelectorAll('.go')].filter((one) => one.checkVisibility()).map((one) => one.textContent)")).await?, json!(["Mail"]));
        assert_eq!(
            browser.value(&format!("!!{ROOT}.querySelector('[data-do=back]')")).await?,
            false,
            "there was nothing before it"
        );
        browser.click("[data-polku-prompt] >>> .card [data-do=close]").await?;
        browser.run("polku.prompt.open('help')").await?;
        browser.until(&format!("document.querySelector('[data-polku-prompt]') && {ROOT}.querySelector('#q').textContent === 'How can we help?' && {ROOT}.querySelector('a.go')")).await?;
        let wrong = browser.value("wrong").await?;
        assert_eq!(wrong, json!(["E247 other data-chat", "E247 help data-chat"]));
        Ok(())
    });
}

/// What other chats hear, and the definition that opens them.
fn ways(action: Value) -> Value {
    let mut prompt = help();
    prompt["ui"] = json!({});
    prompt["steps"] = json!([
        { "id": "thumb", "ask": "thumbs", "text": { "en": "Did you find it?" } },
        { "id": "why", "ask": "text", "text": { "en": "What was missing?" } },
        { "id": "hand", "ask": "handoff", "text": { "en": "Ask us" }, "actions": [action] }
    ]);
    prompt
}

#[test]
fn other_chats_open_on_a_press_and_get_the_answers_when_that_is_ticked() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let doubles = "window.heard = [];
            const log = (name) => (...args) => heard.push([name, ...args]);
            window.$chatwoot = { toggle: log('chatwoot'), setCustomAttributes: log('attributes') };
            window.Intercom = log('intercom');
            window.zE = log('zendesk');
            window.LiveAgent = { showForm: log('liveagent') };
            addEventListener('polku-handoff', ({ detail }) => heard.push(['event', detail]));
            addEventListener('DOMContentLoaded', () => { const button = document.createElement('button'); button.id = 'giosg'; button.textContent = 'Giosg'; button.onclick = log('giosg'); button.onclick = () => heard.push(['giosg']); document.body.append(button); });\n";
        let told = "Did you find it? Not good\nWhat was missing? Blue ones";
        let cases = [
            (
                json!({ "adapter": "chatwoot" }),
                json!([["chatwoot", "open"]]),
                json!([["attributes", { "answers": told }], ["chatwoot", "open"]]),
            ),
            (
                json!({ "adapter": "intercom" }),
                json!([["intercom", "show"]]),
                json!([["intercom", "showNewMessage", told]]),
            ),
            (json!({ "adapter": "zendesk" }), json!([["zendesk", "messenger", "open"]]), Value::Null),
            (json!({ "adapter": "liveagent" }), json!([["liveagent"]]), Value::Null),
            (json!({ "launcher": "#giosg" }), json!([["giosg"]]), Value::Null),
            (
                json!({ "event": "help-me" }),
                json!([["event", { "action": "way", "event": "help-me" }]]),
                json!([["event", { "action": "way", "event": "help-me", "answers": told }]]),
            ),
        ];
        let mut prompts = Vec::new();
        for (nth, (action, ..)) in cases.iter().enumerate() {
            let mut action = action.clone();
            action["id"] = json!("way");
            action["text"] = json!({ "en": "This way" });
            let mut prompt = ways(action);
            prompt["id"] = json!(format!("way-{nth}"));
            prompts.push(prompt);
        }
        let tag = tag(&server.origin, &server.collector(), "data-prompts=\"/chat.json\"");
        let site = Site::start(Page::new(tag).before(STUB).before(doubles).before(MEASURED)).await?;
        site.file("/chat.json", 200, "application/json", &json!(prompts).to_string());
        browser.before_each_page("sessionStorage.removeItem('polku:1:prompt')").await?;
        for (nth, (action, plain, ticked)) in cases.into_iter().enumerate() {
            for (tick, heard) in [(false, plain), (true, ticked)] {
                open(browser, &site, "/").await?;
                browser.run(&format!("polku.prompt.open('way-{nth}')")).await?;
                browser.click("[data-polku-prompt] >>> .row.down").await?;
                browser.click("[data-polku-prompt] >>> [data-do=send]").await?;
                browser.write("[data-polku-prompt] >>> textarea", "Blue ones").await?;
                browser.click("[data-polku-prompt] >>> [data-do=send]").await?;
                browser.find("[data-polku-prompt] >>> .go").await?;
                assert_eq!(browser.value("heard").await?, json!([]), "nothing opens by itself");
                let can = browser.value(&format!("!!{ROOT}.querySelector('[name=along]')")).await?;
                assert_eq!(can, !heard.is_null() && (tick || can == true), "{action}");
                if heard.is_null() {
                    continue;
                }
                if tick {
                    browser.click("[data-polku-prompt] >>> label:has([name=along])").await?;
                }
                browser.click("[data-polku-prompt] >>> .go").await?;
                browser.until("heard.length").await?;
                assert_eq!(browser.value("heard").await?, heard, "{action}");
                // The corner is the other chat's: our card is a pill, and in the other corner.
                let left = browser.value(&format!("(() => {{ const {{ left, right }} = {ROOT}.querySelector('.pill').getBoundingClientRect(); return right > 0 && left < innerWidth / 2; }})()")).await?;
                assert_eq!(left, action.get("event").is_none(), "{action}");
            }
        }
        Ok(())
    });
}

#[test]
fn a_chat_that_does_not_come_leaves_its_link() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let mut prompts = Vec::new();
        for (nth, action) in
            [json!({ "adapter": "intercom" }), json!({ "launcher": "#nowhere" }), json!({ "adapter": "liveagent" })]
                .into_iter()
                .enumerate()
        {
            let mut prompt = ways(action);
            let step = &mut prompt["steps"][2];
            step["actions"][0]["id"] = json!("way");
            step["actions"][0]["href"] = json!("/next");
            step["actions"][0]["text"] = json!({ "en": "This way" });
            prompt["steps"] = json!([step]);
            prompt["id"] = json!(format!("way-{nth}"));
            prompts.push(prompt);
        }
        let tag = tag(&server.origin, &server.collector(), "data-prompts=\"/chat.json\"");
        let site = Site::start(Page::new(tag).before(STUB).before("window.LiveAgent = {};").before(MEASURED)).await?;
        site.file("/chat.json", 200, "application/json", &json!(prompts).to_string());
        browser.before_each_page("sessionStorage.removeItem('polku:1:prompt')").await?;
        for nth in 0..prompts.len() {
            open(browser, &site, "/").await?;
            browser.run(&format!("polku.prompt.open('way-{nth}')")).await?;
            browser.follow("[data-polku-prompt] >>> .go").await?;
            ensure!(browser.address().await?.ends_with("/next"));
        }
        Ok(())
    });
}

#[test]
fn a_handoff_opens_our_own_conversation_and_comes_back_to_it() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let prompt = ways(json!({ "id": "ours", "adapter": "polku", "text": { "en": "Chat with us" } }));
        let site = shop(&server, MEASURED, &format!("{}/v1/chat", server.origin), "", &json!([prompt])).await?;
        open(browser, &site, "/").await?;
        browser.run("polku.prompt.open('help')").await?;
        browser.click("[data-polku-prompt] >>> .row.down").await?;
        browser.click("[data-polku-prompt] >>> [data-do=send]").await?;
        browser.write("[data-polku-prompt] >>> textarea", "Blue ones").await?;
        browser.click("[data-polku-prompt] >>> [data-do=send]").await?;
        browser.click("[data-polku-prompt] >>> label:has([name=along])").await?;
        browser.click("[data-polku-prompt] >>> .go").await?;
        browser.find(AREA).await?;
        // What goes along the shopper reads, and may change.
        assert_eq!(
            browser.value(&format!("{ROOT}.querySelector('.compose textarea').value")).await?,
            "Did you find it? Not good\nWhat was missing? Blue ones"
        );
        browser.click("[data-polku-prompt] >>> [data-do=say]").await?;
        arrived(browser).await?;
        // On the next page it is open where it was, in its prompt.
        open(browser, &site, "/next").await?;
        reads(browser, &["me: Did you find it? Not good\nWhat was missing? Blue ones"]).await?;
        browser.click("[data-polku-prompt] >>> [data-do=back]").await?;
        browser.find("[data-polku-prompt] >>> .go").await?;
        Ok(())
    });
}

/// A shop whose chat is a double in the page itself, and the card with it open.
async fn with_double(browser: &Browser, prompt: Value, more: &str, script: &str) -> Result<(Server, Site)> {
    let server = Server::start()?;
    let page = Page::new(tag(
        &server.origin,
        &server.collector(),
        &format!("data-prompts=\"/chat.json\" data-chat=\"/double\" {more}"),
    ));
    let page = page.before(STUB).before(include_str!("../pages/chat-double.js")).before(script);
    let site = Site::start(page).await?;
    site.file("/chat.json", 200, "application/json", &json!([prompt]).to_string());
    begin(browser, &site).await?;
    Ok((server, site))
}

/// A state of the card: its name, and what has happened.
const STATES: [(&str, &str); 14] = [
    ("new", ""),
    ("closed", "double.state = { polku_chat: 1, open: false, opens: Date.UTC(2027, 0, 4, 7) / 1000 }"),
    ("waiting", "say('Hi! Is the green tent in stock?'); wait(() => double.send('state', { open: true, place: 3 }))"),
    (
        "talk",
        "say('Hi! Is the green tent in stock?'); say('And what does it weigh?'); wait(() => { double.send('state', { open: true, with: 'Maija' }); them('Hello! Yes, three of them. With the poles it weighs 2.4 kg.'); them('Shall I put one aside for you?'); })",
    ),
    (
        "long",
        "say('A'.repeat(90) + ' ' + 'It is about my order. '.repeat(12)); wait(() => them('https://example.fi/' + 'path/'.repeat(20) + '\\n\\n' + 'Let me see. '.repeat(20)))",
    ),
    ("two-ways", "say('שלום, יש לכם (green) אוהל?'); wait(() => them('كم السعر؟ 12 €'))"),
    ("typing", "say('Hi!'); wait(() => { them('Hello!'); double.send('typing', { by: 'person' }); })"),
    ("attached", "tick()"),
    ("lost", "say('Hi!'); wait(() => { them('Hello!'); double.down = true; double.cut(); say('Are you there?'); })"),
    ("refused", "say('Hi!'); wait(() => { double.status = 400; say('What is this?'); })"),
    ("ended", "say('Hi!'); wait(() => { them('Hello!'); double.put({ by: 'house', what: 'ended' }); })"),
    ("sure", "say('Hi!'); wait(() => { them('Hello!'); press('forget'); })"),
    ("forgotten", "say('Hi!'); wait(() => { press('forget'); press('yes'); })"),
    ("off", "double.status = 404"),
];

/// What has to be seen in a state before it is looked at.
const SEEN: [(&str, &str); 14] = [
    ("new", "stand.textContent.includes('2 minutes')"),
    ("closed", "stand.textContent.includes('We are back')"),
    ("waiting", "stand.textContent.includes('line: 3')"),
    ("talk", "talk.children.length === 4 && stand.textContent.includes('Maija')"),
    ("long", "talk.children.length === 2"),
    ("two-ways", "talk.children.length === 2"),
    ("typing", "!root.querySelector('.typing').hidden"),
    ("attached", "root.querySelector('.attach pre').textContent.includes('awareness')"),
    ("lost", "talk.querySelector('.wait') && stand.textContent.includes('No connection')"),
    ("refused", "root.querySelector('.over [data-do=retry]')"),
    ("ended", "root.querySelector('.over [data-do=again]')"),
    ("sure", "root.querySelector('#sure')"),
    ("forgotten", "root.querySelector('.over [data-do=anew]')"),
    ("off", "stand.textContent.includes('cannot be opened') && !root.querySelector('.ways').hidden"),
];

fn every_state(name: &str, size: (u32, u32), features: &[(&str, &str)], dir: &str) {
    browser::with(async |browser| {
        window(browser, size, features).await?;
        let mut prompt = help();
        prompt["steps"][0]["actions"] = json!([{ "id": "mail", "href": "mailto:help@example.fi", "text": { "en": "Write an e-mail" } }, { "id": "call", "href": "tel:+358401234567", "text": { "en": "Call us" }, "hours": { "from": "09:00", "to": "17:00" } }]);
        let script = format!("{MEASURED}document.documentElement.dir = '{dir}';\n");
        browser
            .before_each_page("for (const key of ['polku:1:chat', 'polku:1:prompt']) sessionStorage.removeItem(key)")
            .await?;
        let (_server, site) = with_double(browser, prompt, "", &script).await?;
        for ((state, deeds), (_, seen)) in STATES.into_iter().zip(SEEN) {
            open(browser, &site, "/").await?;
            let at_once = deeds.starts_with("double.");
            if at_once {
                browser.run(deeds).await?;
            }
            browser.click("[data-polku-prompt] >>> .open").await?;
            browser.find("[data-polku-prompt] >>> .stand").await?;
            let deeds = if at_once { "" } else { deeds };
            browser
                .run(&format!(
                    "const root = {ROOT};
                    const press = (what) => root.querySelector(`[data-do=${{what}}]`).click();
                    const area = root.querySelector('.compose textarea');
                    const say = (text) => {{ area.value = text; press('say'); }};
                    const them = (text) => double.put({{ by: 'person', name: 'Maija', text }});
                    const tick = () => root.querySelector('.attach input').click();
                    const wait = (then) => {{ const timer = setInterval(() => {{ if (double.streams.size && !root.querySelector('.talk [data-n]')) {{ clearInterval(timer); then(); }} }}, 20); }};
                    {deeds}"
                ))
                .await?;
            browser
                .until(&format!("(() => {{ const root = document.querySelector('[data-polku-prompt]')?.shadowRoot; const [stand, talk] = ['.stand', '.talk'].map((one) => root?.querySelector(one)); return !!(stand && talk && ({seen})); }})()"))
                .await
                .with_context(|| format!("{name}, {state}"))?;
            browser.run("return new Promise((go) => setTimeout(go, 350))").await?;
            browser.shot(&format!("chat-{name}-{state}")).await?;
            assert_eq!(browser.value(SOUND).await?, json!([]), "{name}, {state}");
            judge(browser, "[data-polku-prompt]", 5, &format!("{name}, {state}")).await?;
            assert_eq!(browser.value(RINGS).await?, json!([]), "{name}, {state}");
        }
        Ok(())
    });
}

#[test]
fn every_state_is_sound_wide_and_light() {
    every_state("wide", WIDE, &[], "ltr");
}

#[test]
fn every_state_is_sound_in_the_dark() {
    every_state("dark", WIDE, DARK, "ltr");
}

#[test]
fn every_state_is_sound_at_320_pixels() {
    every_state("small", SMALL, &[], "ltr");
}

#[test]
fn every_state_is_sound_from_right_to_left() {
    every_state("rtl", WIDE, &[], "rtl");
}

#[test]
fn every_state_is_sound_in_forced_colours() {
    every_state("forced", WIDE, FORCED, "ltr");
}
