//! The definition's checks, the flow by example, and both under random definitions and random shoppers.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::tree::MOST_BYTES;
use super::{Answer, Code, Definition, Flow, Kind, Level, Problem, Record, Refused, Tree};

fn tree(json: Value) -> Tree {
    Tree::read(&json.to_string()).unwrap()
}

/// What was kept, as it comes back: nothing where it is damaged.
fn line(kept: &str) -> Tree {
    Tree::read(kept).unwrap_or(Tree::Null)
}

/// A tree as a page hands it over: `flat` of www/prompt.js.
fn flat(json: &Value) -> String {
    fn parts(json: &Value, out: &mut Vec<String>) {
        match json {
            Value::Array(list) => {
                out.push("[".to_owned());
                list.iter().for_each(|one| parts(one, out));
                out.push("]".to_owned());
            }
            Value::Object(fields) => {
                out.push("{".to_owned());
                for (key, value) in fields {
                    out.push(format!("s{key}"));
                    parts(value, out);
                }
                out.push("]".to_owned());
            }
            Value::String(text) => out.push(format!("s{text}")),
            Value::Bool(truth) => out.push(format!("b{truth}")),
            Value::Null => out.push("onull".to_owned()),
            number => out.push(format!("n{number}")),
        }
    }
    let mut all = Vec::new();
    parts(json, &mut all);
    all.join("\u{1f}")
}

#[test]
fn what_a_page_hands_over_is_what_json_says() {
    for text in [
        r#"{"a":[1,-2,"","x y",true,false,null,[],{}],"":{"]":"]","{":[["s"]]},"n":2147483647}"#,
        "[]",
        "{}",
        "\"only words\"",
        "7",
        &["[".repeat(40), "]".repeat(40)].concat(),
    ] {
        let json: Value = serde_json::from_str(text).unwrap();
        // Both in the order that the writer here gives the keys.
        assert_eq!(Tree::flat(&flat(&json)), Tree::read(&json.to_string()), "{text}");
    }
    let deeper = serde_json::from_str(&("[".repeat(42) + &"]".repeat(42))).unwrap();
    assert_eq!(Tree::flat(&flat(&deeper)), None, "too deep");
    // What is cut off, or goes on, is nothing.
    let whole = flat(&json!({"a": [1, {"b": "c"}]}));
    for end in 1..whole.len() - 1 {
        assert_eq!(Tree::flat(&whole[..end]), None, "{end}");
    }
    assert_eq!(Tree::flat(""), None);
    assert_eq!(Tree::flat(&(whole + "\u{1f}n1")), None);
    assert_eq!(Tree::flat(&("s".to_owned() + &"x".repeat(MOST_BYTES))), None, "too large");
}

fn problems(json: Value) -> Vec<String> {
    let found = super::problems(&tree(json));
    found
        .iter()
        .filter(|problem| problem.code.level() == Level::Error)
        .map(|problem| problem.short().trim().to_owned())
        .collect()
}

fn flow(json: Value) -> Flow {
    Flow::new(Definition::new(tree(json)).unwrap())
}

/// The demo shop's question.
fn order_nps() -> Value {
    let all: Vec<Value> = serde_json::from_str(include_str!("../../../../www/shop/prompts.json")).unwrap();
    all.into_iter().next().unwrap()
}

fn with(mut json: Value, path: &str, value: Value) -> Value {
    *json.pointer_mut(path).unwrap() = value;
    json
}

fn small() -> Value {
    json!({"v": 1, "id": "small", "locales": ["en", "fi"], "defaultLocale": "en", "start": "a", "steps": [
        {"id": "a", "ask": "ces", "scale": 5, "anchors": "agree", "text": {"en": "A?", "fi": "A-fi?"},
         "next": [{"if": {"lt": ["a", 3]}, "go": "b"}, {"go": "end"}]},
        {"id": "b", "ask": "text", "optional": true, "max": 10, "text": {"en": "B?"}, "next": [{"go": "end"}]}
    ], "end": {"thanks": {"en": "Thanks"}}, "score": {"metric": "ces", "step": "a"}})
}

#[test]
fn the_demo_has_no_mistakes() {
    assert_eq!(problems(order_nps()), [""; 0]);
    assert_eq!(problems(small()), [""; 0]);
}

#[test]
fn every_mistake_is_named_with_its_place() {
    let cases = [
        (json!(7), "E244"),
        (with(small(), "/steps", json!("none")), "E200 steps"),
        (with(small(), "/steps/0/next/0/if", json!({"lt": ["a"]})), "E200 steps[0].next[0].if"),
        (with(small(), "/steps/0/next/0/if", json!({"like": ["a", 1]})), "E200 steps[0].next[0].if"),
        (with(small(), "/v", json!(2)), "E201 v"),
        (with(small(), "/id", json!("Small One")), "E202 id"),
        (with(small(), "/steps/1/id", json!("end")), "E202 steps[1].id"),
        (with(small(), "/steps/1/id", json!("a")), "E203 steps[1].id"),
        (with(small(), "/steps", json!([])), "E204 steps"),
        (with(small(), "/start", json!("c")), "E205 start"),
        (with(small(), "/steps/1/ask", json!("matrix")), "E206 steps[1].ask"),
        (with(small(), "/steps/0/next/0/go", json!("c")), "E207 steps[0].next[0].go"),
        (with(small(), "/steps/0/next", json!([{"go": "end"}])), "E208 steps[1]"),
        (with(small(), "/steps/1/text", json!({"fi": "B?"})), "E210 steps[1].text.en"),
        (with(small(), "/end/thanks", json!({"en": " "})), "E210 end.thanks.en"),
        (with(small(), "/steps/0/scale", json!(9)), "E211 steps[0].scale"),
        (with(small(), "/steps/0/anchors", json!("love")), "E212 steps[0].anchors"),
        (with(small(), "/steps/1/max", json!(501)), "E213 steps[1].max"),
        (with(small(), "/steps/0/next/0/if", json!({"answered": "c"})), "E214 steps[0].next[0].if"),
        (with(small(), "/steps/0/next/0/if", json!({"lt": ["b", 3]})), "E215 steps[0].next[0].if"),
        (with(small(), "/steps/0/next/0/if", json!({"any": [{"eq": ["a", "x"]}]})), "E215 steps[0].next[0].if.any[0]"),
        (with(small(), "/defaultLocale", json!("sv")), "E217 defaultLocale"),
        (with(small(), "/score/step", json!("b")), "E218 score.step"),
    ];
    for (json, expected) in cases {
        let found = problems(json.clone());
        assert!(found.iter().any(|problem| problem == expected), "{expected} not in {found:?} for {json}");
    }
}

/// `tests/prompts` says which mistakes are found where.
#[test]
fn the_judging_definitions_are_judged() {
    let home = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/prompts");
    let read = |path: String| std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let found = |path: String| {
        let tree = Tree::read(&read(path)).unwrap();
        let mut found: Vec<String> =
            super::problems(&tree).iter().map(Problem::short).map(|short| short.trim().to_owned()).collect();
        found.sort();
        found
    };
    let files = |folder: &str| {
        let mut files: Vec<String> = std::fs::read_dir(format!("{home}/{folder}"))
            .unwrap()
            .map(|file| file.unwrap().file_name().into_string().unwrap().trim_end_matches(".json").to_owned())
            .collect();
        files.sort();
        files
    };
    let expected: std::collections::BTreeMap<String, Vec<String>> =
        serde_json::from_str(&read(format!("{home}/expected.json"))).unwrap();
    assert!(files("bad").iter().eq(expected.keys()), "expected.json names the files of bad/");
    let mut wrong = Vec::new();
    for (file, mut expected) in expected {
        expected.sort();
        let found = found(format!("{home}/bad/{file}.json"));
        if found != expected {
            wrong.push(format!("{file}: {expected:?} expected, {found:?} found"));
        }
    }
    for file in files("good") {
        let found = found(format!("{home}/good/{file}.json"));
        if !found.is_empty() {
            wrong.push(format!("good/{file}: {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn conditions_too_deep_are_refused() {
    let deep = (0..20).fold(json!({"answered": "a"}), |inner, _| json!({"not": inner}));
    let found = problems(with(small(), "/steps/0/next/0/if", deep));
    assert!(found.iter().any(|problem| problem.starts_with("E216 steps[0].next[0].if.not.not")), "{found:?}");
}

#[test]
fn messages_that_lead_to_each_other_are_refused() {
    let info = |id: &str, go: &str| json!({"id": id, "ask": "info", "text": {"en": "Hm."}, "next": [{"go": go}]});
    let json = with(small(), "/steps", json!([info("a", "b"), info("b", "a")]));
    let mut json = with(json, "/score", Value::Null);
    assert_eq!(problems(json.clone()), ["E209 steps[0].next", "E209 steps[1].next"]);
    json["steps"][1] = json!({"id": "b", "ask": "csat", "text": {"en": "B?"}, "next": [{"go": "a"}]});
    assert_eq!(problems(json), [""; 0], "a question in between is enough");
}

#[test]
fn every_code_has_words_and_a_number_of_its_own() {
    for pair in Code::ALL.windows(2) {
        assert!(pair[0].number() < pair[1].number());
    }
    let page: Value = serde_json::from_str(include_str!("../../../../www/errors.json")).unwrap();
    for code in Code::ALL {
        let (sentence, fix) = code.words();
        // A page and the command say the same.
        let told = &page[code.number().to_string()];
        assert_eq!((&told["says"], &told["fix"]), (&json!(sentence), &json!(fix)), "{code:?} in www/errors.json");
        assert!(sentence.ends_with('.') && fix.ends_with('.'), "{code:?}");
    }
}

#[test]
fn the_follow_up_depends_on_the_score() {
    for (score, expected) in [(0, "mend"), (6, "mend"), (7, "better"), (8, "better"), (9, "reason"), (10, "reason")] {
        let mut flow = flow(order_nps());
        assert_eq!(flow.progress(), (1, Some(2)));
        let records = flow.answer("nps", Answer::Score(score)).unwrap();
        assert_eq!(records, [Record { step: 0, rev: 1, answer: Answer::Score(score) }]);
        assert_eq!(flow.current().map(|(step, _)| step.id()), Some(expected));
        assert_eq!(flow.progress(), (2, Some(2)));
        assert_eq!(flow.is_low(), score <= 6);
        flow.skip(expected).unwrap();
        assert!(flow.is_complete() && flow.has_answers());
        assert!(!flow.back(), "what is over is over");
    }
}

#[test]
fn what_does_not_fit_is_refused_and_moves_nothing() {
    let mut flow = flow(small());
    assert_eq!(flow.answer("b", Answer::Score(1)), Err(Refused::Stale));
    assert_eq!(flow.answer("a", Answer::Score(0)), Err(Refused::Unfit));
    assert_eq!(flow.answer("a", Answer::Score(6)), Err(Refused::Unfit));
    assert_eq!(flow.answer("a", Answer::Text("good".into())), Err(Refused::Unfit));
    assert_eq!(flow.skip("a"), Err(Refused::Empty));
    flow.answer("a", Answer::Score(1)).unwrap();
    assert_eq!(flow.answer("a", Answer::Score(1)), Err(Refused::Stale), "a late second click");
    assert_eq!(flow.answer("b", Answer::Text("ääääääääääx".into())), Err(Refused::Unfit));
    let records = flow.answer("b", Answer::Text(" \n".into())).unwrap();
    assert_eq!(records.first().map(|record| &record.answer), Some(&Answer::Skipped));
}

#[test]
fn an_answer_that_leaves_the_path_is_taken_back() {
    let mut flow = flow(small());
    flow.answer("a", Answer::Score(1)).unwrap();
    flow.answer("b", Answer::Text("slow".into())).unwrap();
    assert!(flow.is_complete());

    let mut flow = self::flow(with(small(), "/steps/1/next", json!([{"go": "c"}])).tap(|json| {
        json["steps"].as_array_mut().unwrap().push(json!({"id": "c", "ask": "csat", "text": {"en": "C?"}}));
        json["steps"][0]["next"] = json!([{"if": {"lt": ["a", 3]}, "go": "b"}, {"go": "c"}]);
    }));
    flow.answer("a", Answer::Score(1)).unwrap();
    flow.answer("b", Answer::Text("slow".into())).unwrap();
    assert!(flow.back() && flow.back() && !flow.back());
    // The same way again keeps what lies ahead …
    let records = flow.answer("a", Answer::Score(2)).unwrap();
    assert_eq!(records.iter().map(|record| (record.step, record.rev)).collect::<Vec<_>>(), [(0, 2)]);
    assert_eq!(flow.answer_to("b"), Some(&Answer::Text("slow".into())));
    // … another way does not.
    flow.back();
    let records = flow.answer("a", Answer::Score(5)).unwrap();
    assert_eq!(
        records.iter().map(|record| (record.step, record.rev, &record.answer)).collect::<Vec<_>>(),
        [(0, 3, &Answer::Score(5)), (1, 2, &Answer::Skipped)]
    );
    assert_eq!(flow.answer_to("b"), None);
    assert_eq!(flow.current().map(|(step, kind)| (step.id(), kind)), Some(("c", Kind::Scale { low: 1, high: 5 })));
}

#[test]
fn conditions_are_about_answers() {
    let holds = |condition: Value, answer: Option<Answer>| {
        super::condition::holds(&tree(condition), &|step| answer.as_ref().filter(|_| step == "q"))
    };
    let six = || Some(Answer::Score(6));
    assert!(holds(json!({"eq": ["q", 6]}), six()) && !holds(json!({"ne": ["q", 6]}), six()));
    assert!(holds(json!({"lte": ["q", 6]}), six()) && !holds(json!({"lt": ["q", 6]}), six()));
    assert!(holds(json!({"gte": ["q", 6]}), six()) && !holds(json!({"gt": ["q", 6]}), six()));
    assert!(holds(json!({"in": ["q", [1, 6]]}), six()) && !holds(json!({"in": ["q", []]}), six()));
    assert!(holds(json!({"answered": "q"}), six()) && !holds(json!({"skipped": "q"}), six()));
    assert!(holds(json!({"skipped": "q"}), Some(Answer::Skipped)));
    for none in [None, Some(Answer::Skipped)] {
        assert!(!holds(json!({"ne": ["q", 6]}), none.clone()) && !holds(json!({"lt": ["q", 99]}), none.clone()));
        assert!(holds(json!({"not": {"answered": "q"}}), none));
    }
    assert!(holds(json!({"all": []}), None) && !holds(json!({"any": []}), None));
    assert!(holds(json!({"eq": ["q", "yes"]}), Some(Answer::Text("yes".into()))));
}

#[test]
fn the_language_is_the_pages_own_where_there_is_one() {
    let definition = Definition::new(tree(small())).unwrap();
    let step = |at| definition.step(at).unwrap();
    assert_eq!(definition.in_language(step(0).tree().get("text"), "fi"), "A-fi?");
    assert_eq!(definition.in_language(step(1).tree().get("text"), "fi"), "B?", "missing in Finnish");
    assert_eq!(definition.end("thanks", "fi"), "Thanks");
}

#[test]
fn going_in_circles_ends() {
    let json = with(small(), "/steps/0/next", json!([{"if": {"lt": ["a", 5]}, "go": "a"}, {"go": "b"}]));
    let mut flow = flow(json);
    assert_eq!(flow.progress(), (1, None), "nobody knows how long");
    let mut answers = 0;
    while flow.answer("a", Answer::Score(1)).is_ok() {
        answers += 1;
        assert!(answers < 1000);
    }
    assert!(flow.is_complete());
}

trait Tap: Sized {
    fn tap(self, change: impl FnOnce(&mut Self)) -> Self;
}

impl Tap for Value {
    fn tap(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }
}

// Random worlds.

const IDS: [&str; 7] = ["a", "b", "c", "d", "e", "end", "nowhere"];

fn id() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(&IDS[..6])
}

fn condition() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        (id(), -1..12).prop_map(|(step, bound)| json!({"lte": [step, bound]})),
        (id(), -1..12).prop_map(|(step, bound)| json!({"gt": [step, bound]})),
        (id(), -1..12).prop_map(|(step, bound)| json!({"ne": [step, bound]})),
        (id(), proptest::collection::vec(0..11, 0..3)).prop_map(|(step, bounds)| json!({"in": [step, bounds]})),
        (id(), proptest::sample::select(&["x", "y", "up", "yes"][..]))
            .prop_map(|(step, choice)| json!({"has": [step, choice]})),
        (id(), proptest::sample::select(&["x", "z", "none"][..]))
            .prop_map(|(step, choice)| json!({"eq": [step, choice]})),
        id().prop_map(|step| json!({"matches": [step, "*a*|b*"]})),
        id().prop_map(|step| json!({"answered": step})),
        id().prop_map(|step| json!({"skipped": step})),
    ];
    leaf.prop_recursive(3, 8, 3, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..3).prop_map(|all| json!({"all": all})),
            proptest::collection::vec(inner.clone(), 0..3).prop_map(|any| json!({"any": any})),
            inner.prop_map(|not| json!({"not": not})),
        ]
    })
}

fn branch() -> impl Strategy<Value = Value> {
    (proptest::option::weighted(0.8, condition()), id()).prop_map(|(when, go)| json!({"if": when, "go": go}))
}

const ASKED: &[&str] = &[
    "nps",
    "csat",
    "ces",
    "rating",
    "thumbs",
    "yesno",
    "single",
    "multi",
    "text",
    "discovery",
    "info",
    "handoff",
    "contact",
];

/// A step of any kind, with what its kind needs.
fn step() -> impl Strategy<Value = Value> {
    let ways = (proptest::option::of(id()), proptest::option::of(id()));
    (proptest::sample::select(ASKED), any::<bool>(), proptest::collection::vec(branch(), 0..3), ways, any::<bool>()).prop_map(
        |(ask, optional, next, (one, other), shuffled)| {
            let mut step = json!({"ask": ask, "optional": optional, "text": {"en": "?"}, "next": next});
            match ask {
                "single" | "multi" | "discovery" => {
                    step["choices"] = json!([
                        {"id": "x", "text": {"en": "X"}, "go": one}, {"id": "y", "text": {"en": "Y"}, "go": other},
                        {"id": "z", "text": {"en": "Z"}, "other": true}, {"id": "none", "text": {"en": "-"}, "none": true}]);
                    step["shuffle"] = json!(if shuffled { "all" } else { "exceptLast" });
                }
                "handoff" => step["actions"] = json!([{"id": "mail", "href": "mailto:a@example.fi"}]),
                "rating" => step["scale"] = json!(10),
                _ => {}
            }
            step
        },
    )
}

fn definition() -> impl Strategy<Value = Value> {
    proptest::collection::vec(step(), 1..6).prop_map(|mut steps| {
        for (step, id) in steps.iter_mut().zip(IDS) {
            step["id"] = json!(id);
        }
        mended(json!({"v": 1, "id": "random", "contact": true, "steps": steps}))
    })
}

/// Without the branches that are wrong, which are most where conditions are random, and with the unreachable steps after the others.
fn mended(mut json: Value) -> Value {
    for problem in super::problems(&tree(json.clone())).iter().rev() {
        let numbers: Vec<usize> = problem.path.split(['[', ']']).filter_map(|part| part.parse().ok()).collect();
        if let ([step, branch, ..], true) = (numbers.as_slice(), problem.path.contains(".next["))
            && let Some(branch) = json["steps"][*step]["next"].get_mut(*branch)
        {
            *branch = json!({"if": {"answered": "a"}, "go": "end"});
        }
    }
    for problem in super::problems(&tree(json.clone())) {
        if problem.code == Code::Unreachable {
            json["steps"].as_array_mut().unwrap().iter_mut().for_each(|step| step["next"] = json!([]));
        }
    }
    json
}

/// One of the definitions without mistakes, with some changed: fields gone, renamed, put elsewhere, given another value.
fn mutated() -> impl Strategy<Value = Value> {
    let good: Vec<Value> = [
        include_str!("../../../../tests/prompts/good/every-kind.json"),
        include_str!("../../../../tests/prompts/good/checkout-ces.json"),
        include_str!("../../../../tests/prompts/good/conditions.json"),
        include_str!("../../../../tests/prompts/good/low-score.json"),
        include_str!("../../../../tests/prompts/good/opening.json"),
    ]
    .map(|text| serde_json::from_str(text).unwrap())
    .into();
    let value = prop_oneof![
        json_like(),
        proptest::sample::select(
            &[
                "end",
                "a",
                "c",
                "up",
                "yes",
                "<b>x</b>",
                "[x](javascript:1)",
                "stars",
                "en",
                "fi",
                "nps",
                "text",
                "info",
                ""
            ][..]
        )
        .prop_map(Value::from),
        (-2..600_i64).prop_map(Value::from),
    ];
    (proptest::sample::select(good), proptest::collection::vec((any::<u16>(), any::<u16>(), 0..5, value), 0..4))
        .prop_map(|(mut json, changes)| {
            for (here, there, how, value) in changes {
                change(&mut json, here.into(), there.into(), how, value);
            }
            json
        })
}

fn change(json: &mut Value, here: usize, there: usize, how: i32, value: Value) {
    let mut places = Vec::new();
    places_of(json, String::new(), &mut places);
    let (here, there) = (&places[here % places.len()], &places[there % places.len()]);
    let found = json.pointer(there).cloned().unwrap_or_default();
    let Some((parent, key)) = here.rsplit_once('/') else { return };
    match (json.pointer_mut(parent), how) {
        (Some(Value::Object(fields)), 0) => drop(fields.remove(key)),
        (Some(Value::Array(list)), 0) => drop(list.remove(key.parse().unwrap())),
        (Some(Value::Object(fields)), 1) => {
            let value = fields.remove(key).unwrap_or_default();
            fields.insert(format!("{key}s"), value);
        }
        (Some(Value::Array(list)), 1) => list.push(value),
        (Some(_), 2) => *json.pointer_mut(here).unwrap() = found,
        _ => *json.pointer_mut(here).unwrap() = value,
    }
}

fn places_of(json: &Value, path: String, places: &mut Vec<String>) {
    match json {
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(nth, inner)| places_of(inner, format!("{path}/{nth}"), places));
        }
        Value::Object(fields) => fields.iter().for_each(|(key, inner)| {
            places_of(inner, format!("{path}/{}", key.replace('~', "~0").replace('/', "~1")), places);
        }),
        _ => {}
    }
    places.push(path);
}

/// Whether a problem keeps a definition from being run. What opens a prompt is read by others, and a field that is not known by nobody.
fn stops(problem: &Problem) -> bool {
    let opening = ["when.", "who.", "limits.", "quiet."].iter().any(|part| problem.path.starts_with(part))
        || matches!(problem.code, Code::Who | Code::Trigger | Code::Selector | Code::Hours | Code::Unknown);
    problem.code.level() == Level::Error && !opening
}

#[derive(Clone, Debug)]
enum Deed {
    Answer(Answer),
    /// A click on a step that was left.
    Late(&'static str),
    Skip,
    Back,
    /// The page is left, and the next one goes on.
    Leave,
}

fn deed() -> impl Strategy<Value = Deed> {
    let ids = proptest::sample::subsequence(&["x", "y", "z", "none", "up", "no", "yes", "down", "nothing"][..], 0..4);
    prop_oneof![
        5 => (0_u8..12).prop_map(|score| Deed::Answer(Answer::Score(score))),
        2 => "[a-zä\n\" ]{0,12}".prop_map(|text| Deed::Answer(Answer::Text(text))),
        6 => (ids, "[a-z]{0,4}").prop_map(|(ids, words)| {
            Deed::Answer(Answer::Choice { ids: ids.join(","), words })
        }),
        2 => id().prop_map(Deed::Late),
        2 => Just(Deed::Skip),
        2 => Just(Deed::Back),
        2 => Just(Deed::Leave),
    ]
}

fn json_like() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[a-z]{0,4}".prop_map(Value::from),
    ];
    let key = proptest::sample::select(
        &["v", "id", "steps", "next", "if", "go", "ask", "text", "en", "all", "not", "lte"][..],
    );
    leaf.prop_recursive(6, 40, 5, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            proptest::collection::vec((key.clone(), inner), 0..5)
                .prop_map(|fields| fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()),
        ]
    })
}

proptest! {
    #[test]
    fn nothing_that_is_json_panics(json in json_like()) {
        let _ = Definition::new(tree(json));
    }

    #[test]
    fn a_walk_stays_on_known_steps_and_only_its_path_counts(
        json in definition(),
        deeds in proptest::collection::vec(deed(), 0..40),
    ) {
        let Some(definition) = Definition::new(tree(json)) else { return Ok(()) };
        let mut flow = Flow::new(definition);
        let mut left = std::collections::BTreeMap::<String, (u32, Answer)>::new();
        for deed in deeds {
            let before = flow.current().map(|(step, _)| step.id().to_owned());
            prop_assert_eq!(before.is_none(), flow.is_complete());
            let step = before.clone().unwrap_or_default();
            let taken = match deed {
                Deed::Answer(answer) => flow.answer(&step, answer),
                Deed::Skip => flow.skip(&step),
                Deed::Late(other) if step == other => continue,
                Deed::Late(other) => {
                    prop_assert_eq!(flow.answer(other, Answer::Score(3)), Err(Refused::Stale));
                    continue;
                }
                Deed::Leave => {
                    let kept = flow.keep();
                    prop_assert!(!kept.contains('\n'), "one line");
                    let resumed = Flow::resume(flow.definition().clone(), &line(&kept));
                    prop_assert_eq!(format!("{resumed:?}"), format!("{flow:?}"));
                    flow = resumed;
                    continue;
                }
                Deed::Back => {
                    let could = flow.can_go_back();
                    prop_assert_eq!(flow.back(), could);
                    continue;
                }
            };
            match taken {
                Err(_) => prop_assert_eq!(flow.current().map(|(step, _)| step.id().to_owned()), before),
                Ok(records) => {
                    for Record { step, rev, answer } in records {
                        let step = flow.definition().step(step).unwrap().id().to_owned();
                        let known = left.get(&step).map_or(0, |(rev, _)| *rev);
                        prop_assert_eq!(rev, known + 1, "revs count without gaps");
                        left.insert(step, (rev, answer));
                    }
                }
            }
            let (nth, of) = flow.progress();
            prop_assert!(of.is_none_or(|of| flow.is_complete() || nth <= of + 1));
        }
        // What a collector that keeps the highest rev has is what the flow says counts.
        for (step, (_, answer)) in &left {
            prop_assert_eq!(flow.answer_to(step).unwrap_or(&Answer::Skipped), answer);
        }
        if flow.is_complete() {
            let path: Vec<_> = flow.passed().map(|(step, _)| step.id().to_owned()).collect();
            for (step, (_, answer)) in &left {
                prop_assert!(*answer == Answer::Skipped || path.contains(step), "{} is a ghost", step);
            }
        }
    }

    #[test]
    fn the_prompt_and_the_check_are_of_one_mind(json in prop_oneof![mutated(), definition()]) {
        let tree = tree(json);
        let stopping: Vec<String> = super::problems(&tree).iter().filter(|problem| stops(problem)).map(Problem::short).collect();
        prop_assert_eq!(Definition::new(tree).is_some(), stopping.is_empty(), "{:?}", stopping);
    }

    #[test]
    fn whatever_was_kept_a_flow_begins_or_goes_on(json in definition(), deeds in proptest::collection::vec(deed(), 0..6), at in any::<usize>(), sign in any::<char>()) {
        let Some(definition) = Definition::new(tree(json)) else { return Ok(()) };
        let mut flow = Flow::new(definition.clone());
        for deed in deeds {
            if let (Deed::Answer(answer), Some(step)) = (deed, flow.current().map(|(step, _)| step.id().to_owned())) {
                let _ = flow.answer(&step, answer);
            }
        }
        // Damaged in one place.
        let mut kept: Vec<char> = flow.keep().chars().collect();
        let place = at % kept.len();
        kept[place] = sign;
        let resumed = Flow::resume(definition.clone(), &line(&kept.iter().collect::<String>()));
        prop_assert!(resumed.is_complete() || resumed.current().is_some());
        prop_assert_eq!(format!("{:?}", Flow::resume(definition.clone(), &line(&resumed.keep()))), format!("{resumed:?}"));
        for text in ["", "[", "[]", "[1]", "{}", "null"] {
            prop_assert_eq!(Flow::resume(definition.clone(), &line(text)).keep(), Flow::new(definition.clone()).keep());
        }
    }

    #[test]
    fn every_order_of_choices_holds_them_all_and_stays(sub in "[a-z0-9]{1,8}", json in step()) {
        let step = tree(json.tap(|json| json["id"] = json!("a")));
        let step = super::Step(&step);
        let ids = |choices: Vec<super::Choice<'_>>| choices.iter().map(|choice| choice.id.to_owned()).collect::<Vec<_>>();
        let shown = ids(step.shown(&sub));
        prop_assert_eq!(&shown, &ids(step.shown(&sub)));
        prop_assert!(shown.len() < 4 || shown[2..] == ["z", "none"], "{:?}", shown);
        let sorted = |mut ids: Vec<String>| { ids.sort(); ids };
        prop_assert_eq!(sorted(shown), sorted(ids(step.choices())));
    }

    #[test]
    fn what_is_certain_about_the_length_comes_true(json in definition(), scores in proptest::collection::vec(1_u8..6, 60)) {
        let Some(definition) = Definition::new(tree(json)) else { return Ok(()) };
        let mut flow = Flow::new(definition);
        let (_, Some(certain)) = flow.progress() else { return Ok(()) };
        for score in scores {
            let Some((step, kind)) = flow.current() else { break };
            let step = step.id().to_owned();
            let answer = match kind {
                Kind::Scale { .. } => Answer::Score(score),
                Kind::Choice { .. } => {
                    let choices = flow.current().unwrap().0.choices();
                    Answer::Choice { ids: choices[usize::from(score) % choices.len()].id.to_owned(), words: String::new() }
                }
                _ => Answer::Text("words".into()),
            };
            flow.answer(&step, answer).unwrap();
        }
        prop_assert!(flow.is_complete());
        let asked = flow.passed().filter(|(step, _)| step.kind().is_some_and(Kind::asks)).count();
        prop_assert_eq!(asked, certain);
    }
}
