//! `polku replay` as a program: what goes in, what comes out, and how it ends.
#![allow(clippy::unwrap_used)]

#[allow(dead_code)]
mod common;

use common::{Ran, run, start};
use serde_json::Value;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout};

impl Ran {
    /// The names of the events that were printed, less the stages' and the summaries.
    fn touchpoints(&self) -> Vec<String> {
        let names = self.objects().into_iter().filter_map(|event| Some(event["name"].as_str()?.to_owned()));
        names.filter(|name| name != "stage_enter" && name != "journey_summary").collect()
    }
}

fn replay(args: &[&str], lines: impl AsRef<[u8]>) -> Ran {
    run(&[&["replay"], args].concat(), lines)
}

/// A journey's lines, from name and data, a second between them.
fn script(steps: &[(&str, &str)]) -> String {
    let line = |(at, (name, data)): (usize, &(&str, &str))| {
        let data = if data.is_empty() { "{}" } else { data };
        format!("{{\"t\":{},\"name\":\"{name}\",\"data\":{data}}}\n", at * 1_000)
    };
    steps.iter().enumerate().map(line).collect()
}

const LOOKS: &[(&str, &str)] = &[("page", r#"{"url":"/p/kettle"}"#), ("view_item", "")];
const BUYS: &[(&str, &str)] = &[
    ("page", r#"{"url":"/p/kettle"}"#),
    ("add_to_cart", ""),
    ("page", r#"{"url":"/checkout"}"#),
    ("begin_checkout", ""),
    ("page", r#"{"url":"/thanks"}"#),
    ("purchase", r#"{"transaction_id":"K-1","value":20,"currency":"EUR"}"#),
];

#[test]
fn each_journey_gets_one_object_in_order() {
    let input = [script(LOOKS), script(BUYS), script(LOOKS)].join("\n");
    let ran = replay(&[], input);
    let said: Vec<_> =
        ran.objects().iter().map(|it| (it["converted"] == true, it["furthest"].as_str().unwrap().to_owned())).collect();
    let looked = (false, "consideration".to_owned());
    assert_eq!(said, [looked.clone(), (true, "decision".to_owned()), looked]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
}

#[test]
fn blank_lines_part_journeys_and_are_none() {
    assert_eq!(replay(&[], "").out, "");
    assert_eq!(replay(&[], "\n\n  \n").out, "");
    let plain = replay(&[], [script(LOOKS), script(BUYS)].join("\n"));
    // Many of them, spaces in them, the line ends and the mark of Windows, and no line end at the end.
    let odd = format!("\u{FEFF}\n\n{}\n \t\n\n{}", script(LOOKS), script(BUYS)).replace('\n', "\r\n");
    let odd = replay(&[], odd.trim_end());
    assert_eq!((odd.code, &odd.out), (0, &plain.out));
    assert_eq!(plain.objects().len(), 2);
}

#[test]
fn a_bad_line_is_told_and_the_rest_goes_on() {
    let good = script(BUYS);
    let mut lines: Vec<&str> = good.lines().collect();
    lines.insert(1, r#"{"t":0,"name":"teleport"}"#);
    lines.insert(3, r#"{"t":1500,"name":"field","data":{"name":"email","event":"typed"}}"#);
    lines.insert(4, "no JSON");
    lines.insert(5, r#"{"t":7,"name":"scroll","data":{"y":1}}"#);
    let mut bytes = lines.join("\n").into_bytes();
    bytes.extend(b"\n{\"t\":9000,\"name\":\"\xff\"}\n");
    bytes.extend(format!("{{\"t\":9000,\"name\":\"{}\"}}\n", "x".repeat(1 << 20)).bytes());
    bytes.extend(format!("\n{}", script(LOOKS)).bytes());
    let ran = replay(&[], bytes);
    assert_eq!(ran.code, 1);
    let mut told = ran.err.lines();
    for (number, fix) in [
        (2, "write an observation (page, pointer,"),
        (4, "write {\"name\":\"email\",\"event\":\"focus|blur|invalid|input|change|submit\"}"),
        (5, "write {\"t\":ms,\"name\":\"…\",\"data\":{…}}"),
        (6, "order the lines by time"),
        (11, "write the file in UTF-8"),
        (12, "write one observation a line"),
    ] {
        let line = told.next().unwrap();
        assert!(line.starts_with(&format!("polku: line {number}: ")) && line.contains(fix), "{line}");
        assert!(line.len() < 400, "a sentence, not the whole line: {} bytes", line.len());
    }
    assert_eq!(told.next(), Some("polku: 6 lines were not understood and left out"));
    assert_eq!(told.next(), None);
    // As if they had never stood there.
    assert_eq!(ran.out, replay(&[], [good, script(LOOKS)].join("\n")).out);
}

#[test]
fn a_journey_of_bad_lines_alone_keeps_its_place() {
    let ran = replay(&[], format!("?\n\n{}", script(BUYS)));
    assert_eq!((ran.code, ran.objects().len()), (1, 2));
    assert_eq!((&ran.objects()[0]["converted"], &ran.objects()[1]["converted"]), (&false.into(), &true.into()));
}

#[test]
fn the_same_input_and_seed_give_the_same_bytes() {
    let input: String = (0..20).map(|at| script(if at % 3 == 0 { BUYS } else { LOOKS }) + "\n").collect();
    let run = |seed: &str| replay(&["--events", "--seed", seed], &input).out;
    assert_eq!(run("7"), run("7"));
    assert!(run("7").lines().count() > 100);
}

#[test]
fn every_journey_of_every_seed_has_an_id_of_its_own() {
    // An id is only ever told as its journey is erased.
    let no = ("consent", r#"{"measure":false}"#);
    let erased = script(&[BUYS[0], BUYS[1], BUYS[2], no]) + "\n";
    let ids = |seed: &str| -> Vec<String> {
        let ran = replay(&["--events", "--seed", seed], erased.repeat(3));
        let ids = ran.objects().into_iter().filter(|event| event["name"] == "erase");
        ids.map(|event| event["data"]["journeys"][0].as_str().unwrap().to_owned()).collect()
    };
    let mut all = [ids("0"), ids("1"), ids("18446744073709551615")].concat();
    assert_eq!(ids("1"), all[3..6]);
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 9);
}

#[test]
fn what_a_page_stored_is_all_that_the_next_one_knows() {
    let order = r#"{"transaction_id":"K-1","value":20,"currency":"EUR"}"#;
    let ran = replay(
        &["--events"],
        script(&[
            ("page", r#"{"url":"/p/kettle","referrer":"https://www.google.com/"}"#),
            ("add_to_cart", ""),
            ("page", r#"{"url":"/p/pan"}"#),
            ("view_item", ""),
            ("page", r#"{"url":"/cart"}"#),
            ("login", ""),
            ("view_cart", ""),
            ("page", r#"{"url":"/thanks","referrer":"https://services.paytrail.com/"}"#),
            ("purchase", order),
            ("page", r#"{"url":"/thanks","reload":true}"#),
            ("purchase", order),
        ]),
    );
    let events = ran.objects();
    let of = |name: &str| events.iter().filter(|event| event["name"] == name).collect::<Vec<_>>();
    assert_eq!(of("purchase").len(), 1, "an order counts once, though the page was another one");
    let doors: Vec<_> = of("page_view").iter().map(|event| event["data"].get("door").is_some()).collect();
    assert_eq!(doors, [true, false, false, false, false], "one journey, one door");
    // The second entry is one only to who remembers the first; a login with a cart is no return of a customer.
    let entered: Vec<_> = of("stage_enter")
        .iter()
        .map(|event| (event["stage"].as_str().unwrap(), event["data"]["visit"].as_u64().unwrap()))
        .collect();
    assert!(entered.starts_with(&[("awareness", 1), ("decision", 1), ("consideration", 1), ("decision", 2)]));
    assert!(!entered.iter().any(|(stage, _)| *stage == "retention"), "{entered:?}");
    // Every page is a leg of its own: its events count from one. What was sent at hide and again is printed once.
    assert_eq!(of("page_view").iter().filter(|event| event["seq"].as_u64().unwrap() <= 3).count(), 5);
    assert_eq!(ran.touchpoints().len(), 5 + 5);
    let times: Vec<_> = events.iter().filter_map(|event| event["at"].as_u64()).collect();
    assert!(times.is_sorted() && times.last() >= Some(&8_000), "{times:?}");
}

#[test]
fn time_goes_on_between_the_lines_and_after_the_last() {
    let click = r#"{"x":10,"y":10,"target":"button#buy","role":"button","interactive":true}"#;
    let mut lines = script(LOOKS);
    for at in 0..6 {
        lines += &format!("{{\"t\":{},\"name\":\"pointer\",\"data\":{click}}}\n", 2_000 + at * 150);
    }
    let friction = |ran: &Ran| ran.objects()[0]["stages"]["consideration"]["friction"]["rage_click"].clone();
    assert_eq!(friction(&replay(&[], &lines)), 1, "the burst ends by a timer that fires after the last line");
    // The same where the next line comes later: the burst is told before it, on the page that it happened on.
    lines += "{\"t\":600000,\"name\":\"page\",\"data\":{\"url\":\"/help\"}}\n";
    let ran = replay(&["--events"], &lines);
    let rage = ran.objects().into_iter().find(|event| event["name"] == "rage_click").unwrap();
    assert_eq!(rage["page"], "/p/:id");
    assert!(rage["at"].as_u64() < Some(60_000), "{rage}");
}

#[test]
fn without_consent_nothing_is_known() {
    let no = ("consent", r#"{"measure":false}"#);
    let refused = |lines: String| {
        let ran = replay(&["--events"], lines);
        assert_eq!((ran.code, ran.objects().len()), (0, 1), "{}", ran.out);
        assert_eq!(ran.objects()[0]["converted"], false);
    };
    refused(script(&[no, BUYS[0], BUYS[1], BUYS[2], BUYS[5]]));
    // Right after the first page; it holds on the pages after that.
    refused(script(&[BUYS[0], no, BUYS[1], BUYS[2], BUYS[5]]).replacen("\"t\":1000", "\"t\":0", 1));
}

#[test]
fn a_grant_counts_from_its_moment() {
    let yes = ("consent", r#"{"measure":true,"remember":true}"#);
    let click = ("pointer", r#"{"x":1,"y":1,"target":"p","role":"p"}"#);
    let no = ("consent", r#"{"measure":false}"#);
    let ran = replay(&["--events"], script(&[no, BUYS[0], BUYS[1], click, yes, LOOKS[1], BUYS[4], BUYS[5]]));
    assert_eq!(ran.touchpoints(), ["page_view", "view_item", "page_view", "purchase"]);
    // A grant that nobody needed changes nothing.
    let again = replay(&["--events"], script(&[BUYS[0], yes, LOOKS[1]]));
    assert_eq!(again.touchpoints(), ["page_view", "view_item"]);
}

#[test]
fn a_withdrawal_takes_everything_back() {
    let no = ("consent", r#"{"measure":false}"#);
    let ran = replay(&["--events"], script(&[BUYS[0], BUYS[1], BUYS[2], no, BUYS[4], BUYS[5]]));
    let names = ran.touchpoints();
    assert_eq!(names.last().map(String::as_str), Some("erase"), "{names:?}");
    let last = ran.objects().pop().unwrap();
    assert_eq!((&last["converted"], last["stages"].as_object().map(|it| it.len())), (&false.into(), Some(0)));
}

#[test]
fn a_program_that_waits_gets_each_answer_at_once_and_memory_stays() {
    let mut child = start(&["replay"]);
    let (mut stdin, stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let mut stdout = BufReader::new(stdout);
    let ask = |stdin: &mut ChildStdin, stdout: &mut BufReader<ChildStdout>, times: usize| {
        let lines = script(BUYS) + "\n";
        for _ in 0..times {
            stdin.write_all(lines.as_bytes()).unwrap();
            let mut line = String::new();
            stdout.read_line(&mut line).unwrap();
            assert!(line.contains("\"converted\":true"), "{line}");
        }
    };
    // In kB; nothing where the system does not tell.
    let most = |child: &Child| -> u64 {
        let Ok(status) = std::fs::read_to_string(format!("/proc/{}/status", child.id())) else { return 0 };
        let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
        line.split_ascii_whitespace().nth(1).unwrap().parse().unwrap()
    };
    ask(&mut stdin, &mut stdout, 100);
    let before = most(&child);
    ask(&mut stdin, &mut stdout, 1_000);
    // 1,000 journeys of 1 kB each would show.
    assert!(most(&child) <= before + 500, "from {before} to {} kB", most(&child));
    drop(stdin);
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_reader_that_has_seen_enough_ends_it_in_peace() {
    let mut child = start(&["replay", "--events"]);
    let mut stdin = child.stdin.take().unwrap();
    drop(child.stdout.take());
    let lines = (script(BUYS) + "\n").repeat(500);
    let _ = stdin.write_all(lines.as_bytes());
    drop(stdin);
    let done = child.wait_with_output().unwrap();
    assert_eq!((done.status.code(), String::from_utf8(done.stderr).unwrap().as_str()), (Some(0), ""));
}

#[test]
fn wrong_arguments_are_told() {
    assert_eq!(replay(&["--speed", "2"], "").code, 2);
    assert_eq!(replay(&["--seed", "-1"], "").code, 2);
    let ran = replay(&["--framework", "no/such/file.json"], script(LOOKS));
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert!(ran.err.contains("no/such/file.json") && ran.err.contains("name a JSON file"), "{}", ran.err);
}

#[test]
fn a_shops_own_framework_gives_the_stages() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("own.json");
    let own = r#"{"v": 1, "id": "own", "stages": ["find", "buy", "after-care"], "targets": {"buy": ["value"]}, "rules": [
        {"on": "page_view", "when": "landing", "enter": "find"},
        {"on": "add_to_cart", "enter": "buy"},
        {"on": "help_view", "when": "bought", "enter": "after-care"}
    ]}"#;
    std::fs::write(&file, own).unwrap();
    let path = file.to_str().unwrap();
    let cares = [script(BUYS), "{\"t\":9000,\"name\":\"help_view\"}\n".to_owned()].concat();
    let ran = replay(&["--framework", path], [script(LOOKS), cares.clone()].join("\n"));
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let stages = |told: &Value| told["stages"].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let [looked, cared] = &ran.objects()[..] else { panic!("two journeys: {}", ran.out) };
    for told in [looked, cared] {
        assert_eq!((&told["framework"], &told["targets"]), (&"own".into(), &serde_json::json!({"buy": ["value"]})));
    }
    assert_eq!((stages(looked), &looked["furthest"]), (vec!["find".to_owned()], &"find".into()));
    assert_eq!((stages(cared).len(), &cared["furthest"]), (3, &"after-care".into()), "{cared}");
    assert_eq!(cared["stages"]["buy"]["conversion"], true, "{cared}");
    // Two visits of one shopper, told as one: the one that came further first.
    let later = "{\"t\":7200000,\"name\":\"page\",\"data\":{\"url\":\"/\",\"referrer\":\"https://www.google.com/\"}}\n";
    let ran = replay(&["--framework", path], cares + later);
    let told = &ran.objects()[0];
    assert_eq!((&told["journeys"], &told["furthest"]), (&2.into(), &"after-care".into()), "{told}");
    assert_eq!(told["targets"], serde_json::json!({"buy": ["value"]}));
    // One that is wrong replays nothing.
    std::fs::write(&file, own.replace("\"bought\"", "\"boght\"")).unwrap();
    let ran = replay(&["--framework", path], script(LOOKS));
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    let says = format!("polku: the framework {path} cannot be used: rules[2].when is \"boght\"; use landing, bought,");
    assert!(ran.err.starts_with(&says) && ran.err.lines().count() == 1, "{}", ran.err);
}

#[test]
fn the_built_in_frameworks_are_had_by_their_names() {
    let steps = [
        ("page", r#"{"url":"/"}"#),
        ("search", ""),
        ("view_item", ""),
        ("view_cart", ""),
        ("purchase", r#"{"transaction_id":"K-1","value":20,"currency":"EUR"}"#),
        ("contact_attempt", ""),
        ("return_start", ""),
    ];
    let ran = replay(&["--events", "--framework", "six-elements"], script(&steps));
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let (told, events) = (ran.objects().pop().unwrap(), ran.objects());
    let entered = events.iter().filter(|event| event["name"] == "stage_enter").map(|event| event["stage"].as_str());
    let six = ["accessibility", "findability", "choice", "purchase", "onboarding", "aftercare"];
    assert_eq!(entered.collect::<Vec<_>>(), six.map(Some));
    assert_eq!((&told["framework"], &told["furthest"]), (&"six-elements".into(), &"aftercare".into()));
    assert!(six.iter().all(|stage| told["stages"][stage]["touchpoints"] == 1 || *stage == "purchase"), "{told}");
    let five = replay(&["--framework", "five-stages"], script(&steps));
    assert_eq!((five.code, five.out), (0, replay(&[], script(&steps)).out));
}

#[test]
fn the_help_names_all_that_a_line_may_say() {
    let help = replay(&["--help"], "");
    assert_eq!(help.code, 0);
    for word in ["page", "visibility", "consent", "add_to_cart", "payment_declined", "--events", "--framework"] {
        assert!(help.out.contains(word), "{word}");
    }
    // The example in it can be pasted.
    let example = help.out.lines().rev().find(|line| line.contains("printf")).unwrap();
    let lines: Vec<&str> = example.split('\'').filter(|part| part.starts_with('{')).collect();
    let ran = replay(&["--events"], lines.join("\n"));
    assert_eq!((ran.code, ran.touchpoints()), (0, vec!["page_view".to_owned(), "add_to_cart".to_owned()]));
}
