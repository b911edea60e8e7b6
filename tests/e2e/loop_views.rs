//! The loop closed: goals, changes and beliefs are stated on the page, by keyboard, beside others who do the same; and the set-up says what is missing.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use thirtyfour::Key;

use crate::Done;
use crate::axe::judge;
use crate::browser::{self, Browser};
use crate::map_views::{at, planted, room, scheme, whole, words};
use crate::server::{Server, text};

/// So many days ago.
async fn day(browser: &Browser, ago: i64) -> Result<String> {
    let day = browser.value(&format!("new Date(Date.now() - {ago} * 864e5).toISOString().slice(0, 10)")).await?;
    Ok(text(&day).to_owned())
}

/// What somebody states who is not at this page.
async fn state(server: &Server, revision: u64, statements: &Value) -> Done {
    let put = reqwest::Client::new().put(format!("{}/api/statements", server.origin));
    let put = put.header("content-type", "application/json").header("if-match", format!("\"{revision}\""));
    let answer = put.body(statements.to_string()).send().await?;
    ensure!(answer.status() == 200, "{}", answer.text().await?);
    Ok(())
}

/// A shop that states all kinds of things.
async fn stated(browser: &Browser, server: &Server) -> Done {
    let (old, late, soon) = (day(browser, 25).await?, day(browser, 3).await?, day(browser, -30).await?);
    let since = day(browser, 40).await?;
    let statements = json!({
        "beliefs": [{"stage":"decision","emotion":"satisfied","note":"Kassa on nopea, ja maksutapoja on paljon"},{"stage":"awareness","emotion":"neutral"}],
        "targets": [{"stage":"decision","kpi":"conversion","target":60},{"stage":"decision","kpi":"csat","target":80.5}],
        "changes": [{"on":old,"what":"Kassa yhdelle sivulle, toimituskulut näkyviin jo ostoskorissa","stage":"decision"},{"on":late,"what":"Uusi banneri"}],
        "goals": [
            {"id":"Useampi vie tilauksen loppuun","kpi":"conversion","stage":"decision","from":20,"to":70,"since":since,"by":soon,"owner":"Anna",
             "milestones":[{"on":day(browser, 10).await?,"value":65}]},
            {"id":"Vähemmän turhautumista","kpi":"frustrated","from":60,"to":5,"since":since,"by":soon},
            {"id":"Suositellaan","kpi":"nps","from":-10,"to":40,"since":late,"by":soon},
        ],
    });
    state(server, 0, &statements).await
}

#[test]
fn goals_and_set_up_are_for_everyone_at_every_width() {
    browser::with(async |browser| {
        let server = planted().await?;
        browser.open(&format!("{}/map/", server.origin)).await?;
        stated(browser, &server).await?;
        for (lang, look) in [("en", "light"), ("fi", "dark")] {
            scheme(browser, look).await?;
            for view in ["goals", "setup"] {
                room(browser, 1440, 900).await?;
                at(browser, &server, lang, &format!("#/{view}")).await?;
                let said = words(browser).await?;
                ensure!(!said.contains("undefined") && !said.contains("NaN") && !said.contains('{'), "{said}");
                // A key that has no text would stand there itself.
                let is_key = |word: &str| {
                    let rest = ["setup", "goal", "kpi", "state", "told", "form", "col"]
                        .iter()
                        .find_map(|key| word.strip_prefix(key));
                    rest.and_then(|rest| rest.chars().next()).is_some_and(|next| next == '_' || next.is_uppercase())
                };
                ensure!(!said.split(' ').any(is_key), "{said}");
                browser.run("for (const one of document.querySelectorAll('#view details')) one.open = true").await?;
                judge(browser, "html", 15, &format!("{view} {lang} {look}")).await?;
                browser.run("for (const one of document.querySelectorAll('#view details')) one.open = false").await?;
                whole(browser, 1440, &format!("loop-{view}-{lang}-{look}-1440")).await?;
                for width in [1024, 760, 390, 320] {
                    room(browser, width, 900).await?;
                    browser.until("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))").await?;
                    let wide = browser.value("document.documentElement.scrollWidth <= innerWidth || [...document.querySelectorAll('body *')].filter((one) => one.getBoundingClientRect().right > innerWidth + 1).slice(0, 4).map((one) => one.outerHTML.slice(0, 120)).join()").await?;
                    ensure!(wide == true, "{view} {lang} is wider than {width}: {wide}");
                }
                room(browser, 390, 844).await?;
                judge(browser, "#view", 5, &format!("{view} {lang} {look} on a phone")).await?;
                whole(browser, 390, &format!("loop-{view}-{lang}-{look}-390")).await?;
            }
            // The forms, with something wrong in them.
            at(browser, &server, lang, "#/goals").await?;
            for opener in ["[data-f='add-goal']", "[data-f='edit-stage-decision']", "[data-f='edit-change-0']"] {
                browser.click(opener).await?;
                browser.until("!!document.querySelector('dialog[open] h2')").await?;
                if opener.contains("goal") {
                    browser.click("dialog[open] .add-row").await?;
                    browser.click("dialog[open] [type=submit]").await?;
                    browser.until("document.querySelectorAll('dialog[open] .error:not([hidden])').length >= 5").await?;
                }
                judge(browser, "dialog[open]", 5, &format!("{opener} {lang} {look}")).await?;
                if opener.contains("goal") {
                    browser.shot(&format!("loop-form-{lang}-{look}-390")).await?;
                }
                browser.press(Key::Escape).await?;
                browser.until("!document.querySelector('dialog[open]')").await?;
            }
        }
        browser.complains_of_nothing().await?;
        Ok(())
    });
}

/// Goes on to the next field and fills it in.
async fn fill(browser: &Browser, name: &str, what: &str) -> Done {
    browser.press(Key::Tab).await?;
    let at = browser.value("document.activeElement.name").await?;
    ensure!(at == name, "the keyboard is at {at}, not at {name}");
    browser.press(what).await
}

#[test]
fn a_goal_is_set_by_keyboard_beside_others_who_write() {
    browser::with(async |browser| {
        let server = planted().await?;
        room(browser, 1440, 900).await?;
        at(browser, &server, "en", "#/goals").await?;
        browser.run("document.querySelector('[data-f=add-goal]').focus()").await?;
        browser.press(Key::Enter).await?;
        browser.until("document.activeElement.name === 'id'").await?;
        // Nothing filled in: said beside the fields, and the focus goes to the first of them.
        browser.press(Key::Enter).await?;
        let error = "document.getElementById(document.activeElement.getAttribute('aria-describedby').split(' ').pop()).textContent";
        browser.until("document.activeElement.getAttribute('aria-invalid') === 'true'").await?;
        ensure!(browser.value(error).await? == "Fill this in.");
        browser.press("Checkout").await?;
        fill(browser, "kpi", "").await?;
        // One letter: the next one, if it came late, would begin another word.
        fill(browser, "stage", "D").await?;
        fill(browser, "from", "20").await?;
        fill(browser, "to", "120").await?;
        browser.press(Key::Enter).await?;
        browser.until("document.activeElement.name === 'to'").await?;
        ensure!(browser.value(error).await? == "From 0 to 100.");
        browser.run("document.activeElement.select()").await?;
        browser.press("30,5").await?;
        browser
            .run(&format!("document.querySelector('dialog[open] [name=by]').value = '{}'", day(browser, -60).await?))
            .await?;

        // Meanwhile somebody else notes a change: both stay.
        state(&server, 0, &json!({"changes":[{"on":day(browser, 2).await?,"what":"Theirs"}]})).await?;
        browser.press(Key::Enter).await?;
        browser.until("!document.querySelector('dialog[open]')").await?;
        browser.until("document.querySelector('#view').innerText.includes('Theirs')").await?;
        let now = server.api("/api/statements").await?;
        ensure!(
            now["goals"][0]["to"] == 30.5
                && now["goals"][0]["stage"] == "decision"
                && now["changes"][0]["what"] == "Theirs",
            "{now}"
        );
        browser.until("document.activeElement.dataset.f === 'add-goal'").await?;
        browser.until("document.querySelector('#said').textContent === 'Saved'").await?;

        // Somebody else changes the very same goal: nothing is overwritten, and it is said.
        browser.click("[data-f='edit-goal-0']").await?;
        browser.until("document.querySelector('dialog[open] [name=id]')?.value === 'Checkout'").await?;
        let mut theirs = now.clone();
        theirs["goals"][0]["owner"] = json!("Bo");
        state(&server, 2, &theirs).await?;
        browser.write("dialog[open] [name=owner]", "Anna").await?;
        browser.press(Key::Enter).await?;
        browser
            .until("document.querySelector('dialog[open] .alarm:not([hidden])')?.textContent.includes('Somebody else')")
            .await?;
        ensure!(server.api("/api/statements").await?["goals"][0]["owner"] == "Bo");
        browser.press(Key::Escape).await?;
        browser.until("!document.querySelector('dialog[open]')").await?;
        // Read anew, it can be taken away; that is asked once more.
        browser.until("document.querySelector('#view').innerText.includes('· Bo')").await?;
        browser.click("[data-f='edit-goal-0']").await?;
        browser.click("dialog[open] .remove").await?;
        ensure!(server.api("/api/statements").await?["goals"][0]["owner"] == "Bo", "asked first");
        browser.click("dialog[open] .remove").await?;
        browser.until("!document.querySelector('dialog[open]')").await?;
        ensure!(server.api("/api/statements").await?["goals"] == json!([]));

        // A belief and a target for a stage.
        browser.click("[data-f='edit-stage-decision']").await?;
        browser.run("document.querySelector('dialog[open] [name=emotion]').value = 'satisfied'").await?;
        browser.write("dialog[open] [name='target-conversion']", "60").await?;
        browser.press(Key::Enter).await?;
        browser.until("!document.querySelector('dialog[open]')").await?;
        browser.until("document.querySelector('#c-stated').innerText.includes('60%')").await?;
        let now = server.api("/api/statements").await?;
        ensure!(
            now["targets"] == json!([{"stage":"decision","kpi":"conversion","target":60.0}])
                && now["beliefs"][0]["emotion"] == "satisfied",
            "{now}"
        );
        ensure!(browser.value("document.activeElement.dataset.f").await? == "edit-stage-decision");
        Ok(())
    });
}

#[test]
fn the_set_up_says_what_is_missing_and_what_to_do() {
    browser::with(async |browser| {
        let server = Server::start()?;
        at(browser, &server, "en", "#/setup").await?;
        let said = words(browser).await?;
        ensure!(
            said.contains("Nothing has arrived yet.") && said.contains("data-collector") && said.contains("never"),
            "{said}"
        );
        let since = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs() - 600;
        let batch = json!({"polku":1,"key":"pk_demo","batch":"b","sent":since + 60,
            "journey":{"id":"0000000000000001","leg":"k3v9a","started":since,"consent":{"measure":{"by":"cookiebot","hour":498_690}}},
            "events":[{"seq":1,"at":0,"name":"page_view","stage":"awareness"},{"seq":2,"at":9_000,"name":"purchase","stage":"decision"}]});
        server.post(&batch.to_string()).await?;
        // It follows by itself.
        browser.until("document.querySelector('#view').innerText.includes('cookiebot (1)')").await?;
        let marks = browser.value("Object.fromEntries([...document.querySelectorAll('.check')].map((one) => [one.querySelector('h3').lastChild.textContent, one.className]))").await?;
        ensure!(marks["Last event"] == "check is-good" && marks["Last purchase"] == "check is-good", "{marks}");
        ensure!(
            marks["Orders say for how much"] == "check is-warn" && marks["Pages that may send"] == "check is-warn",
            "{marks}"
        );
        ensure!(marks["Share of undecided"] == "check is-open", "what nobody can know is not made up: {marks}");
        let missing = browser.value("[...document.querySelectorAll('#c-setup-touchpoints tr')].filter((row) => row.querySelector('.never')).map((row) => row.children[0].innerText)").await?;
        let missing = missing.as_array().context("no list")?;
        ensure!(missing.len() == 3 && missing[0] == "Product page", "{missing:?}");
        Ok(())
    });
}

#[test]
fn the_report_is_for_everyone_and_fetches_nothing() {
    browser::with(async |browser| {
        let server = planted().await?;
        browser.open(&format!("{}/map/", server.origin)).await?;
        stated(browser, &server).await?;
        for (lang, look) in [("en", "light"), ("fi", "dark")] {
            let file = server.file().with_file_name(format!("week-{lang}.html"));
            let polku = std::env::var_os("POLKU_BIN").context("POLKU_BIN")?;
            let mut report = std::process::Command::new(polku);
            report.arg("report").arg("--db").arg(server.file()).args(["--weeks", "4", "--verbatims", "--lang", lang]);
            ensure!(report.arg("--out").arg(&file).status()?.success(), "the report was not made");
            scheme(browser, look).await?;
            room(browser, 1440, 900).await?;
            browser.open(&format!("file://{}", file.display())).await?;
            let first = browser.value("document.querySelector('main h2').innerText").await?;
            ensure!(first == if lang == "fi" { "Tavoitteet" } else { "Goals" }, "it opens with {first}");
            judge(browser, "html", 12, &format!("the report {lang} {look}")).await?;
            ensure!(
                browser.value("performance.getEntriesByType('resource').length").await? == 0,
                "it fetches something"
            );
            whole(browser, 1440, &format!("loop-report-{lang}-{look}-1440")).await?;
            for width in [760, 390, 320] {
                room(browser, width, 900).await?;
                let wide = browser.value("document.documentElement.scrollWidth <= innerWidth").await?;
                ensure!(wide == true, "the report {lang} is wider than {width}");
            }
            room(browser, 390, 844).await?;
            judge(browser, "html", 12, &format!("the report {lang} {look} on a phone")).await?;
            whole(browser, 390, &format!("loop-report-{lang}-{look}-390")).await?;
        }
        browser.complains_of_nothing().await?;
        Ok(())
    });
}
