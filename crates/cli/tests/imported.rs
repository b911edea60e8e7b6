//! `polku import` as a program, held against files that were written from the issue before it was: `tests/import/`; and what the map
//! makes of what it brings.
#![allow(clippy::unwrap_used, missing_docs)]

#[allow(dead_code)]
mod common;

use common::{Ran, Server, batch, event, id};
use serde_json::{Value, json};
use std::path::Path;

const TRAPS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/import");

fn ran(args: &[&str]) -> Ran {
    common::run(args, "")
}

fn said(ran: &Ran) -> String {
    format!("{}{}", ran.out, ran.err)
}

/// A database without anything, as the server makes it.
fn database(dir: &Path) -> String {
    let file = dir.join("polku.sqlite").display().to_string();
    let mut server = Server::start();
    server.stop();
    std::fs::copy(server.dir().join("polku.sqlite"), &file).unwrap();
    file
}

fn rows(db: &str, what: &str) -> Vec<Value> {
    let exported = ran(&["export", "--db", db, "--what", what]);
    assert_eq!(exported.code, 0, "{}", exported.err);
    exported.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The members of a row by which a trap says it.
fn short(what: &str, row: &Value) -> Value {
    let members: &[&str] = match what {
        "touchpoints" => &["day", "kind", "stage", "sentiment", "count"],
        "tickets" => &["day", "channel", "theme", "count"],
        "orders" => &["day", "orders", "value", "currency"],
        _ => &["from", "to", "door", "campaign", "cost", "currency"],
    };
    let said = |member: &&str| match &row[*member] {
        Value::Null if *member != "theme" => json!(""),
        value => value.clone(),
    };
    members.iter().map(said).collect()
}

/// The same, with what differs by feeling alone put together.
fn all(db: &str, what: &str) -> Vec<Value> {
    let mut all: Vec<Value> = Vec::new();
    for row in rows(db, what) {
        let row = short(what, &row);
        let last = row.as_array().unwrap().len() - 1;
        let same = |other: &&mut Value| what == "tickets" && (0..last).all(|at| other[at] == row[at]);
        match all.iter_mut().find(same) {
            Some(other) => other[last] = json!(other[last].as_i64().unwrap() + row[last].as_i64().unwrap()),
            None => all.push(row),
        }
    }
    sorted(all)
}

fn sorted(mut rows: Vec<Value>) -> Vec<Value> {
    rows.sort_by_key(Value::to_string);
    rows
}

/// The lines and columns of what was complained about.
fn complaints(err: &str) -> Vec<(u64, String, String)> {
    let lines = err.lines().filter_map(|line| {
        let (_, rest) = line.split_once(".csv line ")?;
        let (number, rest) = rest.split_once([',', ':'])?;
        let column =
            rest.strip_prefix(" column \"").and_then(|rest| rest.split_once('"')).map_or("", |(column, _)| column);
        Some((number.parse().ok()?, column.to_owned(), rest.to_owned()))
    });
    lines.collect()
}

#[test]
fn the_traps_hold() {
    let dir = tempfile::tempdir().unwrap();
    let empty = database(dir.path());
    let traps: Vec<Value> =
        serde_json::from_str(&std::fs::read_to_string(format!("{TRAPS}/traps.json")).unwrap()).unwrap();
    assert!(traps.len() > 50);
    let mut wrong = Vec::new();
    for trap in &traps {
        let (file, what) = (trap["file"].as_str().unwrap(), trap["what"].as_str().unwrap());
        let db = dir.path().join(format!("{file}.sqlite")).display().to_string();
        std::fs::copy(&empty, &db).unwrap();
        let path = format!("{TRAPS}/{file}");
        let mut args = vec!["import", what, &path, "--db", &db, "--key", "pk_shop"];
        args.extend(trap["args"].as_array().into_iter().flatten().map(|arg| arg.as_str().unwrap()));
        let first = ran(&args);
        let mut bad =
            |why: String| wrong.push(format!("{file}: {why}\n     {}", said(&first).replace('\n', "\n     ")));
        if json!(first.code) != trap["code"] {
            bad(format!("ended with {}", first.code));
        }
        let (stored, expected) = (all(&db, what), sorted(trap["stored"].as_array().unwrap().clone()));
        if stored != expected {
            bad(format!("is  {stored:?}\n     not {expected:?}"));
        }
        let told = complaints(&first.err);
        let expected = trap["wrong"].as_array().cloned().unwrap_or_default();
        let fits = |(line, column, why): &(u64, String, String)| {
            expected.iter().any(|it| it[0] == *line && it[1] == *column && why.contains(it[2].as_str().unwrap()))
        };
        if told.len() != expected.len() || !told.iter().all(fits) {
            bad(format!("complains about {told:?}\n     not {expected:?}"));
        }
        for word in trap["says"].as_array().into_iter().flatten() {
            if !said(&first).contains(word.as_str().unwrap()) {
                bad(format!("does not say {word}"));
            }
        }
        let bytes = std::fs::read(&db).unwrap();
        for word in trap["never"].as_array().into_iter().flatten().map(|word| word.as_str().unwrap()) {
            let found = bytes.windows(word.len()).any(|part| part.eq_ignore_ascii_case(word.as_bytes()));
            if found || said(&first).to_lowercase().contains(&word.to_lowercase()) {
                bad(format!("{word} is there"));
            }
        }
        // The same file again changes nothing.
        let again = ran(&args);
        if all(&db, what) != stored
            || again.code != first.code
            || again.out.contains(" new") && first.code < 2 && stored != Vec::<Value>::new()
        {
            bad(format!("the second time:\n     {}", said(&again)));
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

/// Days since 1970.
fn today() -> i64 {
    let seconds = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    i64::try_from(seconds / 86_400).unwrap()
}

/// A day so many days ago, as 2026-12-24.
fn ago(days: i64) -> String {
    // Civil from days, Howard Hinnant's algorithm: the tests do not read days by the code that they judge.
    let z = today() - days + 719_468;
    let (era, doe) = (z.div_euclid(146_097), z.rem_euclid(146_097));
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let (day, month) = (doy - (153 * mp + 2) / 5 + 1, if mp < 10 { mp + 3 } else { mp - 9 });
    format!("{}-{month:02}-{day:02}", yoe + era * 400 + i64::from(month <= 2))
}

/// Days on which the planted shop is measured: twenty, up to yesterday.
const DAYS: std::ops::RangeInclusive<i64> = 1..=20;

/// A journey of a shop, so many days ago, by a door.
fn journey(n: i64, key: &str, days: i64, door: &str, bought: Option<&str>) -> String {
    let with = |mut event: Value, data: Value| {
        event["data"] = data;
        event
    };
    let campaign = if door == "mail" { json!({"door":door,"campaign":"Autumn"}) } else { json!({"door":door}) };
    let mut events = vec![with(event(1, 0, "page_view", "awareness"), campaign)];
    if let Some(order) = bought {
        events.push(with(event(2, 40_000, "purchase", "decision"), json!({"value":30,"currency":"EUR"})));
        if !order.is_empty() {
            let summary = json!({"tab":"t","rev":1,"order":order});
            events.push(with(event(3, 50_000, "journey_summary", "decision"), summary));
        }
    }
    let started = (today() - days) * 86_400 + 43_200;
    let mut batch: Value = serde_json::from_str(&batch(&id(n), "aaaaa", &events)).unwrap();
    batch["key"] = json!(key);
    batch["sent"] = json!(started + 60);
    batch["journey"]["started"] = json!(started);
    batch.to_string()
}

/// Each day five journeys: two first orders by mail, a later one directly, and two that buy nothing.
fn planted(server: &Server, key: &str) {
    let mut n = i64::from(key.as_bytes()[3]) * 1_000;
    for day in DAYS {
        for (door, bought) in
            [("mail", Some("first")), ("mail", Some("first")), ("direct", Some("")), ("mail", None), ("search", None)]
        {
            n += 1;
            server.send(&journey(n, key, day, door, bought));
        }
    }
}

/// Writes a file and imports it.
fn import(server: &Server, what: &str, text: &str, args: &[&str]) -> Ran {
    let file = server.dir().join(format!("{what}.csv")).display().to_string();
    std::fs::write(&file, text).unwrap();
    let db = server.dir().join("polku.sqlite").display().to_string();
    ran(&[&["import", what, &file, "--db", &db], args].concat())
}

fn stored(server: &Server, what: &str) -> Vec<Value> {
    rows(&server.dir().join("polku.sqlite").display().to_string(), what)
}

fn each_day(head: &str, line: impl Fn(&str) -> String) -> String {
    DAYS.fold(format!("{head}\n"), |all, day| all + &line(&ago(day)) + "\n")
}

fn books(server: &Server, args: &[&str]) -> Ran {
    import(server, "orders", &each_day("day,orders,value,currency", |day| format!("{day},6,300.00,EUR")), args)
}

fn tickets(server: &Server, args: &[&str]) -> Ran {
    let line = |day: &str| format!("{day},phone,The delivery was late again,en,3");
    import(server, "tickets", &each_day("day,channel,text,lang,count", line), args)
}

#[test]
fn what_is_imported_stands_beside_what_was_measured() {
    let server = Server::start();
    let empty = server.get("/api/service").json();
    assert_eq!((&empty["imported"], &empty["coverage"]["all"]["days"]), (&json!([]), &json!(0)));
    planted(&server, "pk_test");
    // Without books an order is a measured one, and that is said.
    assert_eq!(tickets(&server, &[]).code, 0);
    let service = server.get("/api/service").json();
    assert_eq!((&service["contacts"]["orders"], &service["contacts"]["all"]["of"]), (&json!("measured"), &json!(60)));
    assert_eq!(service["contacts"]["all"]["per_hundred"], 100.0);

    assert_eq!(books(&server, &[]).code, 0);
    let costs = format!(
        "from,to,door,campaign,cost,currency\n{from},{to},mail,,400,EUR\n{from},{to},,AUTUMN,200,EUR\n{from},{to},search,,90,EUR\n{from},{to},ai,,5,EUR\n",
        from = ago(20),
        to = ago(1)
    );
    assert_eq!(import(&server, "costs", &costs, &[]).code, 0);
    let calls = each_day("day,kind,stage,count,sentiment", |day| {
        format!("{day},call,decision,2,negative\n{day},store visit,,1,")
    });
    assert_eq!(import(&server, "touchpoints", &calls, &[]).code, 0);

    let service = server.get("/api/service").json();
    let days: Vec<_> =
        service["imported"].as_array().unwrap().iter().map(|one| (one["what"].clone(), one["n"].clone())).collect();
    assert_eq!(
        days,
        [("touchpoints", 60), ("tickets", 60), ("orders", 120), ("costs", 4)].map(|(what, n)| (json!(what), json!(n)))
    );
    assert_eq!((&service["imported"][0]["since"], &service["imported"][0]["until"]), (&json!(ago(20)), &json!(ago(1))));
    let contacts = &service["contacts"];
    assert_eq!(
        (&contacts["orders"], &contacts["all"]["n"], &contacts["all"]["of"]),
        (&json!("books"), &json!(60), &json!(120))
    );
    assert_eq!(contacts["all"]["per_hundred"], 50.0);
    let of = |member: &str| {
        contacts["weeks"].as_array().unwrap().iter().map(|week| week["rate"][member].as_u64().unwrap()).sum::<u64>()
    };
    assert_eq!((of("n"), of("of")), (60, 120));
    let ways: Vec<_> = contacts["ways"]
        .as_array()
        .unwrap()
        .iter()
        .map(|way| (way["what"].clone(), way["name"].clone(), way["rate"]["n"].clone()))
        .collect();
    assert_eq!(
        ways,
        [(json!("tickets"), json!("call"), json!(60)), (json!("touchpoints"), json!("call"), json!(40))],
        "a visit is no call for help"
    );
    assert_eq!((&service["themes"][0]["theme"], &service["themes"][0]["n"]), (&json!("delivery"), &json!(60)));

    let off_site = &service["touchpoints"];
    assert_eq!(
        (&off_site[0]["stage"], &off_site[0]["kinds"][0]),
        (&json!("decision"), &json!({"kind":"call","n":40,"emotions":{"frustrated":40}}))
    );
    assert_eq!(
        (&off_site[1]["stage"], &off_site[1]["kinds"][0]),
        (&json!(""), &json!({"kind":"store_visit","n":20,"emotions":{}}))
    );

    let coverage = &service["coverage"];
    assert_eq!(
        (&coverage["all"]["books"], &coverage["all"]["measured"], &coverage["all"]["share"]["percent"]),
        (&json!(120), &json!(60), &json!(50.0))
    );
    assert_eq!(coverage["money"], json!([{"currency":"EUR","books":600_000,"measured":180_000}]));

    let costs = service["costs"].as_array().unwrap();
    let row = |at: usize| {
        (
            costs[at]["door"].clone(),
            costs[at]["campaign"].clone(),
            costs[at]["orders"].clone(),
            costs[at]["first_orders"].clone(),
            costs[at]["per_order"]["value"].clone(),
        )
    };
    assert_eq!(row(0), (json!("mail"), json!(""), json!(40), json!(40), json!(1_000)));
    assert_eq!(row(1), (json!(""), json!("AUTUMN"), json!(40), json!(40), json!(500)), "capitals are of no account");
    assert_eq!(
        row(2),
        (json!("search"), json!(""), json!(0), json!(0), Value::Null),
        "nobody bought: nothing is told of an order"
    );
    assert_eq!((&costs[0]["coverage"]["share"]["percent"], &costs[0]["value"]), (&json!(50.0), &json!(120_000)));
    assert!(
        costs[0]["per_order"]["low"].as_i64().unwrap() < 800 && costs[0]["per_order"]["high"].as_i64().unwrap() > 1_300
    );

    // A part of the days: costs that reach beyond them are not spread.
    let part = server.get(&format!("/api/service?since={}&until={}", ago(10), ago(6))).json();
    assert_eq!(
        (&part["costs"], &part["costs_cut"], &part["contacts"]["all"]["of"]),
        (&json!([]), &json!(4), &json!(30))
    );
    assert_eq!((&part["coverage"]["all"]["measured"], &part["themes"][0]["n"]), (&json!(15), &json!(15)));
    assert_eq!(server.get("/api/service?key=pk_other").json()["imported"], json!([]));
}

#[test]
fn few_have_counts_alone_and_more_than_the_books_is_said() {
    let server = Server::start();
    planted(&server, "pk_test");
    let day = ago(3);
    import(&server, "orders", &format!("day,orders,value,currency\n{day},2,60,EUR\n"), &[]);
    import(&server, "tickets", &format!("day,text,lang\n{day},delivery was late,en\n"), &[]);
    import(&server, "costs", &format!("day,door,cost,currency\n{day},mail,10,EUR\n"), &[]);
    let service = server.get("/api/service").json();
    assert_eq!(service["contacts"]["all"], json!({"n":1,"of":2,"per_hundred":null,"low":null,"high":null}));
    assert_eq!(service["coverage"]["all"], json!({"days":1,"books":2,"measured":3,"share":null}));
    assert_eq!((&service["costs"][0]["orders"], &service["costs"][0]["per_order"]), (&json!(2), &Value::Null));
}

#[test]
fn what_was_not_imported_has_no_door_and_what_is_wrong_is_said() {
    let server = Server::start();
    for (query, words) in [
        ("door=mail", "no door"),
        ("device=mobile", "no door"),
        ("since=yesterday", "\"since\" must be a day"),
        ("key=a&key=b", "key"),
    ] {
        let answer = server.get(&format!("/api/service?{query}"));
        assert_eq!(answer.status, 400, "{query}: {}", answer.body);
        assert!(answer.json()["error"].as_str().unwrap().contains(words), "{query}: {}", answer.body);
    }
    assert_eq!(server.request("POST", "/api/service", &[("content-type", "text/plain")], "{}").status, 405);
}

#[test]
fn a_reader_of_one_shop_sees_nothing_of_the_others() {
    let server = Server::start_with(&[
        "--identity-header",
        "x-user",
        "--reader",
        "anna@shop.example=pk_anna",
        "--reader",
        "bo@shop.example=*",
    ]);
    for key in ["pk_anna", "pk_other"] {
        planted(&server, key);
        assert_eq!(books(&server, &["--key", key]).code, 0);
        assert_eq!(tickets(&server, &["--key", key, "--keep-texts"]).code, 0);
    }
    let of = |user: &str, query: &str| {
        server.request("GET", &format!("/api/service{query}"), &[("x-user", user)], "").json()
    };
    let (anna, bo) = (of("anna@shop.example", ""), of("bo@shop.example", ""));
    assert_eq!((&anna["coverage"]["all"]["books"], &anna["coverage"]["all"]["measured"]), (&json!(120), &json!(60)));
    assert_eq!((&bo["coverage"]["all"]["books"], &bo["coverage"]["all"]["measured"]), (&json!(240), &json!(120)));
    assert_eq!((anna["words"].as_array().unwrap().len(), bo["words"].as_array().unwrap().len()), (20, 40));
    assert_eq!(of("anna@shop.example", "?key=pk_other")["imported"], json!([]));
    // Whose a file is has to be said where there are several shops.
    let unsaid = books(&server, &[]);
    assert_eq!(unsaid.code, 2, "{}", said(&unsaid));
    assert!(
        unsaid.err.contains("--key") && unsaid.err.contains("pk_anna") && unsaid.err.contains("pk_other"),
        "{}",
        unsaid.err
    );
}

#[test]
fn what_is_told_again_takes_the_place_of_what_was_told() {
    let server = Server::start();
    planted(&server, "pk_test");
    let (a, b) = (ago(5), ago(4));
    let both = format!("day,orders,value,currency\n{a},1,10,EUR\n{b},2,20,EUR\n");
    let says = |ran: &Ran, words: &str| assert!(ran.code == 0 && ran.out.contains(words), "{words}: {}", said(ran));
    says(&import(&server, "orders", &both, &["--dry-run"]), "nothing was stored");
    assert_eq!(stored(&server, "orders").len(), 0);
    says(&import(&server, "orders", &both, &[]), "2 days new");
    says(&import(&server, "orders", &both, &[]), "2 days as before");
    says(&import(&server, "orders", &format!("day,orders,value,currency\n{b},3,30,EUR\n"), &[]), "1 day replaced");
    let orders = |server: &Server| {
        stored(server, "orders").iter().map(|row| row["orders"].as_i64().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(orders(&server), [1, 3]);
    // Another source tells of other orders.
    says(
        &import(&server, "orders", &format!("day,orders,value,currency\n{b},7,70,EUR\n"), &["--source", "marketplace"]),
        "1 day new",
    );
    assert_eq!(
        (orders(&server), server.get("/api/service").json()["coverage"]["all"]["books"].clone()),
        (vec![1, 3, 7], json!(11))
    );
    // What is not told any more goes with --replace alone; what lies outside of it is refused.
    let only = format!("day,orders,value,currency\n{a},5,50,EUR\n");
    says(&import(&server, "orders", &only, &["--replace", &format!("{a}..{b}")]), "1 day removed");
    assert_eq!(orders(&server), [5, 7]);
    let outside = import(
        &server,
        "orders",
        &format!("day,orders,value,currency\n{},1,1,EUR\n", ago(9)),
        &["--replace", &format!("{a}..{b}")],
    );
    assert!(
        outside.code == 1 && outside.err.contains("line 2, column \"day\"") && outside.err.contains("--replace"),
        "{}",
        said(&outside)
    );
    assert_eq!(orders(&server), [7], "nothing of these days was told");
    // Costs of days that are paid for already.
    says(
        &import(&server, "costs", &format!("from,to,door,cost,currency\n{},{b},mail,10,EUR\n", ago(9)), &[]),
        "1 cost new",
    );
    let over = import(&server, "costs", &format!("from,to,door,cost,currency\n{a},{},mail,10,EUR\n", ago(2)), &[]);
    assert!(
        over.code == 1 && over.err.contains("line 2, column \"from\"") && over.err.contains(&ago(9)),
        "{}",
        said(&over)
    );
    assert_eq!(stored(&server, "costs").len(), 1);
    let db = server.dir().join("polku.sqlite").display().to_string();
    let erased = ran(&["erase", "--db", &db, "--imported", "orders", "--days", &format!("{b}..{b}")]);
    assert!(erased.code == 0 && erased.out.contains("1 row erased"), "{}", said(&erased));
    assert_eq!((orders(&server), stored(&server, "costs").len()), (vec![], 1));
}

#[test]
fn words_are_kept_where_the_shop_says_so_and_as_long_as_journeys() {
    let mut server = Server::start_with(&["--retention", "30"]);
    planted(&server, "pk_test");
    let lines = format!(
        "day,text,lang\n{},The delivery was late; write to anna@shop.example,en\n{},=1+1 the delivery was late,en\n{},an old delivery was late,en\n",
        ago(2),
        ago(3),
        ago(40)
    );
    let let_go = import(&server, "tickets", &lines, &[]);
    assert_eq!((let_go.code, stored(&server, "ticket-texts").len(), stored(&server, "tickets").len()), (0, 0, 6));
    let kept = import(&server, "tickets", &lines, &["--keep-texts"]);
    assert!(
        kept.out.contains("words of 2 tickets kept for 30 days") && kept.out.contains("of 1 ticket are older"),
        "{}",
        said(&kept)
    );
    let texts = stored(&server, "ticket-texts");
    assert_eq!(
        texts.iter().map(|row| row["text"].as_str().unwrap()).collect::<Vec<_>>(),
        ["=1+1 the delivery was late", "The delivery was late; write to [email]"]
    );
    let db = server.dir().join("polku.sqlite").display().to_string();
    let csv = ran(&["export", "--db", &db, "--what", "ticket-texts", "--format", "csv"]).out;
    assert!(csv.contains(",'=1+1 the"), "{csv}");
    let words = server.get("/api/service").json()["words"].clone();
    assert_eq!(
        (&words[0]["text"], &words[0]["day"], &words[0]["themes"]),
        (&json!("The delivery was late; write to [email]"), &json!(ago(2)), &json!(["delivery"]))
    );
    // The shop keeps things for a shorter time from now on.
    server.stop();
    let elsewhere = tempfile::tempdir().unwrap();
    let copy = elsewhere.path().join("copy.sqlite").display().to_string();
    std::fs::copy(server.dir().join("polku.sqlite"), &copy).unwrap();
    let holds = |file: &str| std::fs::read(file).unwrap().windows(8).any(|part| part == b"write to");
    assert!(holds(&copy));
    let mut other = Server::start_with(&["--retention", "1", "--db", &copy]);
    assert_eq!(other.get("/api/service").json()["words"], json!([]), "they are two and three days old");
    assert_eq!(rows(&copy, "tickets").len(), 6, "counts say nothing of a person");
    other.stop();
    assert!(!holds(&copy), "they are in the file no more");
    // Whoever imports without keeping lets them go.
    let again = import(&server, "tickets", &lines, &[]);
    assert_eq!((again.code, stored(&server, "ticket-texts").len()), (0, 0));
}

#[test]
fn a_page_that_is_open_hears_of_it() {
    let server = Server::start();
    planted(&server, "pk_test");
    let mut messages = server.watch();
    let first = messages.next();
    books(&server, &[]);
    assert_ne!(messages.next(), first);
}

#[test]
fn commands_that_cannot_be_meant_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let db = database(dir.path());
    let file = format!("{TRAPS}/orders-plain.csv");
    for (args, words) in [
        (vec!["import", "orders", &file, "--db", "/nowhere/polku.sqlite"], "there is no such file"),
        (vec!["import", "orders", "/nowhere/orders.csv", "--db", &db], "cannot read"),
        (vec!["import", "orders", &file, "--db", &db], "--key"),
        (vec!["import", "orders", &file, "--db", &db, "--replace", "2025-11-03"], "2026-12-01..2026-12-24"),
        (vec!["import", "orders", &file, "--db", &db, "--currency", "euro"], "three letters"),
        (vec!["import", "orders", &file, "--db", &db, "--column", "day"], "day=Datum"),
        (vec!["import", "orders", &file, "--db", &db, "--keep-texts"], "--keep-texts"),
        (vec!["import", "visits", &file], "visits"),
        (vec!["import", "orders", &file, "--db", &db, "--key", "a b"], "key"),
    ] {
        let ran = ran(&args);
        assert!(ran.code == 1 || ran.code == 2, "{args:?}: {}", ran.code);
        assert!(ran.err.contains(words), "{args:?}: {} does not say {words}", ran.err);
    }
    let none = std::fs::read(format!("{TRAPS}/orders-plain.csv")).unwrap();
    let piped = common::run(&["import", "orders", "-", "--db", &db, "--key", "pk_shop"], none);
    assert_eq!((piped.code, rows(&db, "orders").len()), (0, 2), "{}", said(&piped));
}

#[test]
fn a_shared_view_has_neither_money_nor_few() {
    let server = Server::start();
    planted(&server, "pk_test");
    assert_eq!(tickets(&server, &[]).code, 0);
    assert_eq!(books(&server, &[]).code, 0);
    let costs = format!("from,to,door,campaign,cost,currency\n{},{},mail,,400,EUR\n", ago(20), ago(1));
    assert_eq!(import(&server, "costs", &costs, &[]).code, 0);
    let calls = format!(
        "day,kind,stage,count,sentiment\n{0},call,decision,9,negative\n{0},email,decision,30,\n{0},chat,decision,40,negative\n{0},chat,decision,8,positive\n{0},letter,decision,12,neutral\n",
        ago(3)
    );
    assert_eq!(import(&server, "touchpoints", &calls, &[]).code, 0);
    let asked = server.request("POST", "/api/share", &[("content-type", "application/json")], r#"{"view":"service"}"#);
    let link = asked.json()["link"].as_str().unwrap_or_else(|| panic!("{}", asked.body)).to_owned();
    let shared = server.get(&format!("/api/service?share={}", link.strip_prefix("/share/").unwrap()));
    assert_eq!(shared.status, 200, "{}", shared.body);
    let service = shared.json();
    assert_eq!((&service["costs"], &service["coverage"]["money"]), (&json!([]), &json!([])));
    assert_eq!((&service["words"], &service["contacts"]["weeks"]), (&Value::Null, &json!([])));
    // What there is enough of stays.
    assert_eq!(
        (&service["contacts"]["all"]["n"], &service["contacts"]["all"]["per_hundred"]),
        (&json!(60), &json!(50.0))
    );
    assert_eq!(
        (&service["coverage"]["all"]["measured"], &service["coverage"]["all"]["days"]),
        (&json!(60), &json!(20))
    );
    assert_eq!(service["themes"][0]["n"], 60);
    // Nine calls are few, and with them goes what they would follow from: of all touchpoints the number is told.
    let kinds = service["touchpoints"][0]["kinds"].as_array().unwrap();
    let called = |kind: &str| kinds.iter().find(|one| one["kind"] == kind);
    assert!(called("call").is_none() && called("letter").is_none(), "{kinds:?}");
    let chats = called("chat").unwrap();
    assert_eq!((&chats["n"], &chats["emotions"]["frustrated"]), (&json!(48), &Value::Null), "8 of 48 were satisfied");
    assert!(!service["contacts"]["ways"].to_string().contains("\"n\":9"), "{}", service["contacts"]["ways"]);
}
