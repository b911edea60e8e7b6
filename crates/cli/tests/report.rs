//! `polku report`, beside a running server: the week as one file.
#![allow(clippy::unwrap_used, missing_docs)]

#[allow(dead_code)]
mod common;

use common::{Server, batch, event, id, run};
use serde_json::{Value, json};

const SECRET: &str = "xyzzy-plugh-frotz <b>";
/// 2026-11-23, a Monday: the report is of the week before it.
const TODAY: i64 = 1_795_392_000;

/// Two weeks, forty journeys a day: a fifth bought in the first, two fifths in the second. Half met a declined payment; of these none bought.
fn planted() -> Server {
    let server = Server::start();
    for day in 1..=14 {
        for n in 0..40 {
            let bought = n % 10 < if day > 7 { 2 } else { 4 };
            let mut events = vec![event(1, 0, "page_view", "awareness"), event(2, 9_000, "begin_checkout", "decision")];
            if n % 10 > 4 {
                let mut declined = event(3, 12_000, "payment_declined", "decision");
                declined["lens"] = json!("tech");
                events.push(declined);
            }
            if bought {
                let mut purchase = event(4, 20_000, "purchase", "decision");
                purchase["data"] = json!({"value":50,"currency":"EUR"});
                events.push(purchase);
            }
            events.push(json!({"seq":5,"at":30_000,"name":"prompt_answer","lens":"felt","stage":"decision",
                "data":{"prompt":"p","sub":"s","step":"why","rev":1,"ask":"text","text":SECRET,"themes":["delivery"],"emotion":"frustrated"}}));
            let mut sent: Value = serde_json::from_str(&batch(&id(day * 100 + n), "aaaaa", &events)).unwrap();
            let started = TODAY - day * 86_400 + n * 60;
            sent["sent"] = json!(started + 60);
            sent["journey"]["started"] = json!(started);
            sent["key"] = json!(if n < 30 { "pk_a" } else { "pk_b" });
            server.send(&sent.to_string());
        }
    }
    let stated = json!({
        "beliefs": [{"stage":"decision","emotion":"satisfied"}],
        "targets": [{"stage":"decision","kpi":"conversion","target":60}],
        "changes": [{"on":"2026-11-16","what":"New checkout <script>"},{"on":"2026-06-01","what":"Long ago"}],
        "goals": [{"id":"More orders","kpi":"conversion","from":10,"to":90,"since":"2026-10-01","by":"2026-12-31","owner":"Anna"}]
    });
    let headers = [("content-type", "application/json"), ("if-match", "\"0\"")];
    assert_eq!(server.request("PUT", "/api/statements", &headers, &stated.to_string()).status, 200);
    server
}

fn report(server: &Server, more: &[&str]) -> String {
    let file = server.dir().join("polku.sqlite");
    let args = [&["report", "--db", file.to_str().unwrap(), "--on", "2026-11-23"], more].concat();
    let ran = run(&args, "");
    assert_eq!(ran.code, 0, "{}", ran.err);
    ran.out
}

#[test]
fn the_week_is_told_beside_the_week_before_while_the_server_runs() {
    let server = planted();
    let told = report(&server, &[]);
    let places: Vec<usize> =
        ["More orders", "New checkout", "id=\"all\"", "id=\"map\"", "id=\"friction\"", "id=\"voice\""]
            .map(|part| told.find(part).unwrap_or_else(|| panic!("no {part}")))
            .into();
    assert!(places.is_sorted(), "it opens with the goals: {places:?}");
    assert!(told.contains("16 Nov 2026 to 22 Nov 2026, compared with 9 Nov 2026 to 15 Nov 2026"));
    // 112 of 280 this week, 56 of 280 before.
    assert!(told.contains("<td>20% (15.7% to 25.1%)</td><td>40% (34.4% to 45.8%)</td>"), "{told}");
    assert!(told.contains("class=\"is-better\"") && told.contains("+20 points"), "the change helped");
    // 30 of 100 in the last four weeks; on 22 November 52 of 91 days are gone.
    assert!(
        told.contains(r#"<span class="state behind">Behind</span>"#)
            && told.contains("30% now")
            && told.contains("55.7% expected"),
        "{told}"
    );
    assert!(told.contains("You believe: satisfied.") && told.contains("Target Bought: 60%, measured 40%"));
    assert!(told.contains("Payment declined") && told.contains("€") && told.contains("orders"));
    assert!(told.contains("<th scope=\"row\">Delivery</th><td>280</td><td>280</td>"));
    assert!(!told.contains("Long ago"), "changes of the week, and not of last summer");
    // Nothing of what shoppers wrote, and nothing that is markup in what the shop did.
    assert!(!told.contains("xyzzy") && !told.contains("<script") && told.contains("New checkout &lt;script&gt;"));
    let more = report(&server, &["--verbatims"]);
    assert!(more.contains("xyzzy-plugh-frotz &lt;b&gt;"), "asked for, they are there");
    assert!(server.get("/healthz").status == 200 && server.get("/api/map").status == 200, "the server goes on");
}

#[test]
fn the_file_needs_nothing_else() {
    let server = planted();
    for lang in ["en", "fi"] {
        let out = server.dir().join("week.html");
        assert_eq!(report(&server, &["--lang", lang, "--verbatims", "--out", out.to_str().unwrap()]), "");
        let told = std::fs::read_to_string(out).unwrap();
        assert!(told.starts_with("<!doctype html>") && told.contains(&format!("<html lang=\"{lang}\">")));
        for word in ["http://", "https://", "src=", "href=", "<link", "@import", "url(", "<script", " style="] {
            assert!(!told.contains(word), "{lang}: {word}");
        }
        assert!(told.contains("default-src 'none'"), "no browser fetches anything for it");
        let body = told.split("</style>").nth(1).unwrap();
        assert!(!body.contains('{') && !body.contains('}') && !body.contains("NaN") && !body.contains("inf"), "{lang}");
    }
    let finnish = report(&server, &["--lang", "fi"]);
    assert!(
        finnish.contains("16.11.2026–22.11.2026") && finnish.contains("40\u{a0}% (34,4\u{a0}%…45,8\u{a0}%)"),
        "{finnish}"
    );
}

#[test]
fn days_and_shops_are_chosen_and_few_are_counted() {
    let server = planted();
    let weeks = report(&server, &["--weeks", "2"]);
    assert!(
        weeks.contains("9 Nov 2026 to 22 Nov 2026") && weeks.contains("560 journeys with a path; 0 in the days before"),
        "{weeks}"
    );
    let few = report(&server, &["--since", "2026-11-22", "--key", "pk_b"]);
    // Ten journeys of that shop on that day, which states nothing itself.
    assert!(
        few.contains("10 journeys with a path; 10 in the days before")
            && few.contains("<td>n = 10</td><td>n = 10</td>"),
        "{few}"
    );
    assert!(few.contains("Shop: pk_b") && few.contains("No goals are stated") && !few.contains("More orders"));
    assert!(few.contains("Too few") && !few.contains("class=\"is-better\""));

    let file = server.dir().join("polku.sqlite");
    let file = file.to_str().unwrap();
    for (args, words) in [
        (vec!["--db", file, "--since", "2999-01-01"], "--since must be a day before today"),
        (vec!["--db", file, "--since", "soon"], "write a day like 2026-11-01"),
        (vec!["--db", file, "--weeks", "0"], "0"),
        (vec!["--db", file, "--weeks", "2", "--since", "2026-11-01"], "cannot be used with"),
        (vec!["--db", "nowhere.sqlite"], "there is no such file"),
        (vec!["--db", file, "--out", "no/such/folder/week.html"], "cannot write no/such/folder/week.html"),
    ] {
        let ran = run(&[vec!["report"], args.clone()].concat(), "");
        assert!(ran.code != 0 && ran.out.is_empty(), "{args:?}");
        assert!(ran.err.contains(words), "{args:?}: {}", ran.err);
    }
}
