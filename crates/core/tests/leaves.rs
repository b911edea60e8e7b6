//! What may leave and why: the table that all tests judge batches by is neither short nor stale, and its pages say what it says. With `BLESS`
//! set they are written anew.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

mod world;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use world::leaves::{Said, strangers, table};
use world::{SECOND, World};

/// All members of `of`.
fn members(of: &str) -> BTreeSet<String> {
    table().sent.iter().filter(|row| row.of == of).flat_map(|row| row.members.clone()).collect()
}

/// An object with a value for every member that anybody ever called something.
fn everything() -> Value {
    let numbers = ["value", "tax", "shipping", "price", "discount", "quantity", "index", "results", "count"];
    let item: Map<String, Value> = members("item")
        .into_iter()
        .chain(members("touchpoint").into_iter().filter(|name| name != "items"))
        .chain(["location_id", "affiliation", "coupon", "user_id", "email"].map(str::to_owned))
        .map(|name| (name.clone(), if numbers.contains(&name.as_str()) { json!(3) } else { json!("a") }))
        .collect();
    let mut all = item.clone();
    all.insert("items".into(), json!([item]));
    for name in ["transaction_id", "customer", "session_id", "client_id", "name", "phone", "text", "score"] {
        all.insert(name.into(), json!("a"));
    }
    Value::Object(all)
}

#[test]
fn a_touchpoint_tells_what_the_table_says_and_no_less() {
    let (mut world, tab) = World::with_shopper(1);
    world.track(tab, "view_item", &everything().to_string());
    world.wait(20 * SECOND);
    let events = world.collector.named("view_item");
    let keys = |holder: &Value| holder.as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>();
    assert_eq!(keys(&events[0]["data"]), members("touchpoint"));
    assert_eq!(keys(&events[0]["data"]["items"][0]), members("item"));
}

#[test]
fn a_member_that_is_not_in_the_table_is_found_wherever_it_is() {
    let (mut world, tab) = World::with_shopper(1);
    world.track(tab, "view_item", r#"{"items":[{"item_id":"A"}]}"#);
    world.wait(20 * SECOND);
    let batches = world.collector.batches();
    let good = batches.iter().find(|batch| batch["events"].to_string().contains("item_id")).unwrap();
    assert_eq!(strangers(good), [""; 0]);
    let at = good["events"].as_array().unwrap().iter().position(|event| event["name"] == "view_item").unwrap();
    let event = format!("/events/{at}");
    let places = [
        "",
        "/journey",
        "/journey/consent/measure",
        "/loss",
        &event,
        &format!("{event}/data"),
        &format!("{event}/data/items/0"),
    ];
    for place in places {
        let mut bad = good.clone();
        bad.pointer_mut(place).unwrap()["fingerprint"] = json!(1);
        let found = strangers(&bad);
        assert!(found.len() == 1 && found[0].starts_with("fingerprint of "), "{place}: {found:?}");
    }
    // What may leave with consent may not leave without.
    let mut alone = good.clone();
    alone.as_object_mut().unwrap().remove("loss");
    assert!(strangers(&alone).iter().any(|found| found.starts_with("device of journey may not leave with answer")));
}

/// How the pages call things.
struct Words {
    lang: fn(&Said) -> &str,
    title: &'static str,
    intro: &'static str,
    sent: &'static str,
    stored: &'static str,
    sent_head: &'static str,
    stored_head: &'static str,
    states: [(&'static str, &'static str); 9],
    places: [(&'static str, &'static str); 3],
}

const EN: Words = Words {
    lang: |said| &said.en,
    title: "What leaves the shopper's browser, what is stored in it, and why",
    intro: "This page is made from `tests/leaves/table.json`, by which the tests judge every batch that they see: a field that is not listed here \
            does not pass them. Take from it what your privacy notice needs. What else an HTTP request tells (the IP address, the browser's name) \
            reaches whoever runs the collector: see [privacy.md](privacy.md).",
    sent: "What leaves",
    stored: "What is stored on the device",
    sent_head: "| part | fields | with | what it holds | why |",
    stored_head: "| where | key | with | what it holds | why | until |",
    states: [
        ("measure", "consent to `measure`"),
        ("remember", "consent to `remember`"),
        ("answer", "an answer that the shopper sends, without consent to `measure`"),
        ("erase", "a withdrawal"),
        ("quiet", "\"not now\" in the mode `feedback`"),
        ("debug", "`?polku_debug=1` in the address"),
        ("chat", "a conversation in which the shopper has sent something"),
        ("chat ticked", "… and has ticked that the steps of the visit go along"),
        ("chat remembered", "… and consent to `remember`"),
    ],
    places: [("cookie", "cookie"), ("localStorage", "local storage"), ("sessionStorage", "session storage")],
};

const FI: Words = Words {
    lang: |said| &said.fi,
    title: "Mitä asiakkaan selaimesta lähtee, mitä siihen tallentuu ja miksi",
    intro: "Tämä sivu on tehty tiedostosta `tests/leaves/table.json`, jota vasten testit tarkistavat jokaisen näkemänsä erän: kenttä, jota ei ole \
            luettelossa, ei läpäise niitä. Poimi tästä se, mitä tietosuojaselosteesi tarvitsee. Muu HTTP-pyynnön mukana kulkeva tieto (IP-osoite, \
            selaimen nimi) päätyy kerääjän ylläpitäjälle: katso [privacy.fi.md](privacy.fi.md).",
    sent: "Mitä lähtee",
    stored: "Mitä laitteelle tallentuu",
    sent_head: "| osa | kentät | milloin | mitä se sisältää | miksi |",
    stored_head: "| missä | avain | milloin | mitä se sisältää | miksi | mihin asti |",
    states: [
        ("measure", "suostumus: `measure`"),
        ("remember", "suostumus: `remember`"),
        ("answer", "vastaus, jonka asiakas lähettää ilman `measure`-suostumusta"),
        ("erase", "suostumuksen peruminen"),
        ("quiet", "\"ei nyt\" tilassa `feedback`"),
        ("debug", "osoitteessa on `?polku_debug=1`"),
        ("chat", "keskustelu, jossa asiakas on lähettänyt viestin"),
        ("chat ticked", "… kun asiakas on valinnut, että käynnin vaiheet lähtevät mukaan"),
        ("chat remembered", "… ja suostumus: `remember`"),
    ],
    places: [("cookie", "eväste"), ("localStorage", "local storage"), ("sessionStorage", "session storage")],
};

fn page(words: &Words) -> String {
    let named = |list: &[(&'static str, &'static str)], of: &str| {
        list.iter().find(|(name, _)| *name == of).unwrap_or_else(|| panic!("{of} has no name")).1
    };
    let states = |when: &[String]| when.iter().map(|state| named(&words.states, state)).collect::<Vec<_>>().join("; ");
    let code = |names: &[String]| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let mut out = format!(
        "# {}\n\n{}\n\n## {}\n\n{}\n|---|---|---|---|---|\n",
        words.title, words.intro, words.sent, words.sent_head
    );
    for row in &table().sent {
        let (holds, why) = ((words.lang)(&row.holds), (words.lang)(&row.why));
        let _ = writeln!(out, "| `{}` | {} | {} | {holds} | {why} |", row.of, code(&row.members), states(&row.when));
    }
    let _ = write!(out, "\n## {}\n\n{}\n|---|---|---|---|---|---|\n", words.stored, words.stored_head);
    for row in &table().stored {
        let [holds, why, until] = [&row.holds, &row.why, &row.until].map(|said| (words.lang)(said));
        let key = if row.key.ends_with(':') { format!("`{}`…", row.key) } else { format!("`{}`", row.key) };
        let place = named(&words.places, &row.place);
        let _ = writeln!(out, "| {place} | {key} | {} | {holds} | {why} | {until} |", states(&row.when));
    }
    out
}

#[test]
fn the_pages_say_what_the_table_says() {
    for (file, words) in [("what-leaves.md", &EN), ("what-leaves.fi.md", &FI)] {
        let path = format!("{}/../../docs/{file}", env!("CARGO_MANIFEST_DIR"));
        let made = page(words);
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(&path, &made).unwrap();
        }
        assert!(
            std::fs::read_to_string(&path).unwrap_or_default() == made,
            "docs/{file} is not what the table says: run this with BLESS=1"
        );
    }
}
