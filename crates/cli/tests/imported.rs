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
