//! The view on what was imported: what it says of planted truths, for everyone, at every width, and in files.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Result, ensure};
use serde_json::{Value, json};

use crate::Done;
use crate::axe::judge;
use crate::browser::{self, Browser};
use crate::map_views::{at, room, scheme, whole, words};
use crate::server::{Server, text};

const DAY: u64 = 86_400;
/// Days on which the shop is measured.
const DAYS: u64 = 56;

/// Each day five orders are measured, three of them by mail, two of these from new customers, and two journeys buy nothing.
fn batch(day: u64, nth: u64, today: u64) -> String {
    let door = ["mail", "mail", "mail", "search", "direct", "search", "social"][nth as usize];
    let campaign = if door == "mail" { json!({"door":door,"campaign":"autumn"}) } else { json!({"door":door}) };
    let mut events =
        vec![json!({"seq":1,"at":0,"name":"page_view","lens":"did","stage":"awareness","page":"/","data":campaign})];
    if nth < 5 {
        events.push(json!({"seq":2,"at":60_000,"name":"purchase","lens":"did","stage":"decision","page":"/","data":{"value":40,"currency":"EUR"}}));
        events.push(json!({"seq":3,"at":70_000,"name":"journey_summary","lens":"felt","stage":"decision","page":"/",
            "data":{"tab":"t","rev":1,"order": if nth < 2 { "first" } else { "second" }}}));
    }
    let started = (today - day) * DAY + 36_000;
    json!({"polku":1,"key":"pk_demo","batch":"b","sent":started + 500,"ttl_days":395,
        "journey":{"id":format!("{:016}", day * 10 + nth),"leg":"k3v9a","started":started,"device":"mobile","lang":"fi"},"events":events})
    .to_string()
}

/// As the days are written: 2026-12-24.
async fn days(browser: &Browser, today: u64) -> Result<Vec<String>> {
    let first = today - DAYS;
    let told = browser
        .value(&format!(
            "[...Array({DAYS}).keys()].map((n) => new Date(({first} + n) * 86400000).toISOString().slice(0, 10))"
        ))
        .await?;
    Ok(serde_json::from_value(told)?)
}

/// What service is asked, in four languages.
const TICKETS: [(&str, &str, &str); 6] = [
    ("phone", "fi", "Toimitus kesti aivan liian kauan, olen todella pettynyt."),
    ("email", "fi", "Pakettini ei ole tullut, milloin se toimitetaan?"),
    ("email", "en", "How do I return these shoes? They are too small."),
    ("chat", "sv", "Jag vill returnera varan och få pengarna tillbaka."),
    ("email", "de", "Die Zahlung mit Kreditkarte wurde abgelehnt, das ist ärgerlich."),
    ("chat", "en", "Thank you, the delivery was quick and your service is great!"),
];

async fn planted(browser: &Browser) -> Result<Server> {
    let server = Server::start()?;
    let today = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs() / DAY;
    for (day, nth) in (1..=DAYS).flat_map(|day| (0..7).map(move |nth| (day, nth))) {
        server.post(&batch(day, nth, today)).await?;
    }
    let days = days(browser, today).await?;
    let (first, middle, last) = (&days[0], &days[27], &days[55]);
    let all = |head: &str, line: &dyn Fn(usize, &str) -> String| {
        let lines = days.iter().enumerate().map(|(nth, day)| line(nth, day) + "\n");
        lines.fold(format!("{head}\n"), |all, line| all + line.as_str())
    };
    server.import(
        "orders",
        &all("Päivä;Tilaukset;Myynti", &|nth, day| format!("{day};{};{},00 €", 8 + nth % 3, 320 + nth)),
        &[],
    )?;
    // In the second half twice as many write.
    let tickets = all("day,channel,lang,text", &|nth, day| {
        let of = |at: usize| TICKETS[at % TICKETS.len()];
        let line = |(channel, lang, words): (&str, &str, &str)| format!("{day},{channel},{lang},\"{words}\"");
        if nth < 28 { line(of(nth)) } else { [line(of(nth)), line(of(nth * 7 + 1))].join("\n") }
    });
    server.import("tickets", &tickets, &["--keep-texts"])?;
    let calls = all("Päivä;Laji;Vaihe;Määrä;Tunne", &|nth, day| {
        format!(
            "{day};Puhelu;Osto;{};turhautunut\n{day};Myymäläkäynti;Tietoisuus;{};\n{day};Messut;Harkinta;{};tyytyväinen",
            nth % 3,
            4 + nth % 5,
            nth % 2
        )
    });
    server.import("touchpoints", &calls, &[])?;
    let costs = format!(
        "from,to,door,campaign,cost,currency\n{first},{last},mail,,560,EUR\n{first},{middle},search,,900,EUR\n{first},{last},,autumn,168,EUR\n{first},{first},social,,50,EUR\n"
    );
    server.import("costs", &costs, &[])?;
    Ok(server)
}

#[test]
fn what_was_imported_is_told_and_said_to_be() {
    browser::with(async |browser| {
        let server = planted(browser).await?;
        room(browser, 1440, 900).await?;
        at(browser, &server, "en", "#/service").await?;
        let said = words(browser).await?;
        for part in [
            "Contacts per 100 orders",
            "What tickets are about",
            "Delivery",
            "Decision: Call",
            "Visit to a store",
            "280 measured, 503 in the books",
            "What an order costs",
            "Pakettini ei ole tullut",
            "belongs to no single journey",
        ] {
            ensure!(said.contains(part), "{part}: {said}");
        }
        // Each chart says where its numbers are from.
        let unsaid = browser.value("[...document.querySelectorAll('#view .chart')].filter((one) => !one.querySelector('.note .tag')).map((one) => one.id)").await?;
        ensure!(unsaid == json!([]), "{unsaid}");
        // 560 € by 168 orders, 112 of them first.
        let mail = browser.value("[...document.querySelectorAll('#c-costs tbody tr')].find((row) => row.innerText.startsWith('E-mail')).innerText.replace(/[\\s\\u00a0\\u202f]+/g, ' ')").await?;
        for part in ["€560", "168", "€3.33", "112", "€5"] {
            ensure!(text(&mail).contains(part), "{part}: {mail}");
        }
        // What is imported while it is looked at appears by itself.
        server.import("touchpoints", "day,kind,count\n2026-01-05,letter,77\n", &["--source", "post"])?;
        browser.until("document.querySelector('#c-off-site').innerText.includes('77')").await?;
        // A filter that the view has no use for is neither shown nor sent.
        at(browser, &server, "en", "#/service?door=mail").await?;
        let shown =
            browser.value("[...document.querySelectorAll('.filterbar select')].map((one) => one.name).join()").await?;
        ensure!(shown == "period", "{shown}");
        at(browser, &server, "en", "#/service?since=2020-01-01&until=2020-02-01").await?;
        ensure!(words(browser).await?.contains("Nothing imported of these days"));
        browser.complains_of_nothing().await?;
        Ok(())
    });
}

#[test]
fn the_service_view_is_for_everyone_at_every_width() {
    browser::with(async |browser| {
        let server = planted(browser).await?;
        let frame = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))";
        for (lang, look) in [("en", "light"), ("fi", "dark")] {
            scheme(browser, look).await?;
            room(browser, 1440, 900).await?;
            at(browser, &server, lang, "#/service").await?;
            browser.run("for (const one of document.querySelectorAll('#view details')) one.open = true").await?;
            judge(browser, "html", 15, &format!("service {lang} {look}")).await?;
            browser.run("for (const one of document.querySelectorAll('#view details')) one.open = false").await?;
            whole(browser, 1440, &format!("map-service-{lang}-{look}-1440")).await?;
            for width in [1440, 1024, 760, 390, 320] {
                room(browser, width, 900).await?;
                browser.until(frame).await?;
                fits(browser, &format!("service {lang} at {width}")).await?;
            }
            room(browser, 390, 844).await?;
            browser.until(frame).await?;
            judge(browser, "#view", 5, &format!("service {lang} {look} on a phone")).await?;
            whole(browser, 390, &format!("map-service-{lang}-{look}-390")).await?;
        }
        // Each button and each table that lies closed is reached by the keys alone, and opened.
        room(browser, 1440, 900).await?;
        at(browser, &server, "en", "#/service").await?;
        browser.run("document.querySelector('#view summary[data-f=contacts-numbers]').focus()").await?;
        browser.press("\u{e007}").await?;
        ensure!(browser.value("document.querySelector('#c-contacts details').open").await? == true);
        Ok(())
    });
}

#[test]
fn the_service_view_tells_who_has_nothing_what_to_do() {
    browser::with(async |browser| {
        let server = Server::start()?;
        for (lang, look, width) in [("en", "light", 1440), ("fi", "dark", 390)] {
            scheme(browser, look).await?;
            room(browser, width, 844).await?;
            at(browser, &server, lang, "#/service").await?;
            crate::wait::until("what to do", async || {
                Ok(words(browser).await?.contains("polku import tickets tickets.csv").then_some(()))
            })
            .await?;
            judge(browser, "html", 10, &format!("service without anything {lang}")).await?;
            fits(browser, lang).await?;
            whole(browser, width, &format!("map-service-empty-{lang}-{look}-{width}")).await?;
        }
        Ok(())
    });
}

#[test]
fn what_was_imported_is_saved_as_files() {
    browser::with(async |browser| {
        let server = planted(browser).await?;
        room(browser, 1440, 900).await?;
        at(browser, &server, "en", "#/service").await?;
        browser.run("window.files = []; URL.createObjectURL = (blob) => { files.push(blob); return '#'; }; HTMLAnchorElement.prototype.click = function () { files.at(-1).as = this.download; };").await?;
        let charts = ["contacts", "ways", "ticket-themes", "off-site", "coverage", "costs"];
        for chart in charts {
            for kind in ["svg", "png", "csv"] {
                browser.click(&format!("[data-f={chart}-{kind}]")).await?;
            }
        }
        browser.until(&format!("window.files.length === {}", 3 * charts.len())).await?;
        let table: Value = browser.run("return files.find((one) => one.as === 'polku-costs.csv').text()").await?;
        ensure!(text(&table).contains("\r\nmail,,pk_demo,") && text(&table).contains(",560,168,3.33,"), "{table}");
        let drawn = browser.run("return files.find((one) => one.as === 'polku-coverage.svg').text()").await?;
        ensure!(text(&drawn).contains("<circle") && !text(&drawn).contains("var("), "{drawn}");
        Ok(())
    });
}

/// Nothing is wider than the page.
async fn fits(browser: &Browser, what: &str) -> Done {
    let wide = browser.value("document.documentElement.scrollWidth <= innerWidth || [...document.querySelectorAll('body *')].filter((one) => one.getBoundingClientRect().right > innerWidth + 1).slice(0, 4).map((one) => one.outerHTML.slice(0, 120)).join()").await?;
    ensure!(wide == true, "{what} is wider than the page: {wide}");
    Ok(())
}
