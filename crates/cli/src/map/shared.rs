//! What of an answer may go to somebody outside: no word of a shopper, and no number that stands for fewer than ten.
//!
//! It works on the finished answer, whichever it is, and takes out what it does not know to be harmless: a view that is added later is
//! rather too empty than too open. A number that is taken out must not follow from those that stay: that is what [`complement`] sees to,
//! and what it adds is taken out in another pass, until nothing is left to add.

mod complement;

use serde_json::{Map, Value};
use std::collections::HashSet;

/// The smallest number of shoppers that is shown.
const LEAST: u64 = 10;

/// What shoppers wrote, and what names one of them.
const PERSONAL: [&str; 10] =
    ["words", "text", "verbatims", "journey", "id", "cursor", "key", "leg", "example", "examples"];
/// Whole numbers that count nobody and tell nobody's.
const HARMLESS: [&str; 7] = ["min_n", "scale", "version", "rev", "until", "step", "days"];
/// Whole numbers that count nobody, and follow from those that do.
const DERIVED: [&str; 5] = ["score", "dwell_median_ms", "quarter", "median", "three_quarters"];
/// Parts of a count beside them, whose rest is a group of its own: who did not buy, was not satisfied, did not come back.
const PARTS: [(&str, &str); 10] = [
    ("purchases", "journeys"),
    ("with_friction", "journeys"),
    ("answers_without_path", "answers"),
    ("returned", "entered"),
    ("good", "n"),
    ("engaged", "shown"),
    ("completed", "shown"),
    ("completed", "engaged"),
    ("n", "of"),
    ("measured", "books"),
];
/// Parts that make a whole together: of three, one that is hidden follows from the others.
const TOGETHER: [&[&str]; 3] = [
    &["promoters", "passives", "detractors"],
    &["frustrated", "confused", "neutral", "satisfied"],
    &["exceeded", "met", "short"],
];
/// Shares that follow from one part alone, and stay where that stays.
const SHARES: [(&str, &str); 3] = [("conversion", "purchases"), ("response", "engaged"), ("completion", "completed")];
/// What a row of a list counts: a member of its own, or one of the shares in it.
const ROWS: [&str; 7] = ["journeys", "n", "count", "seen", "share", "met", "rate"];
/// What stands for the difference of two shares in the same row, and is told only beside both.
const BETWEEN: [&str; 4] = ["gap", "orders", "money", "paid"];
/// Rows that keep their name where they may not tell their number: what happened is not whom it happened to.
const NAMED: [&str; 5] = ["did", "saw", "felt", "tech", "friction"];

/// Pointers (RFC 6901, names as they are) to numbers that have to go although they are large enough.
type Marks = HashSet<String>;

/// The answer without all that.
pub fn redact(value: Value) -> Value {
    let mut marks = complement::chain(&value);
    loop {
        let shown = pass(&value, "", "", None, &marks);
        let more = complement::of(&value, &shown);
        let known = marks.len();
        marks.extend(more);
        if marks.len() == known {
            return strip(shown);
        }
    }
}

/// One pass. A row that goes leaves `null` in its place, so that places stay what they are. `whole`: the count that rows are parts of.
fn pass(value: &Value, at: &str, name: &str, whole: Option<u64>, marks: &Marks) -> Value {
    match value {
        Value::Object(members) => Value::Object(object(members, at, name, whole, marks)),
        Value::Array(rows) if is_numbers(rows) => Value::Array(rows.clone()),
        Value::Array(rows) => Value::Array(
            rows.iter()
                .enumerate()
                .map(|(nth, row)| {
                    let here = format!("{at}/{nth}");
                    if goes(row, &here, name, marks) { Value::Null } else { pass(row, &here, name, whole, marks) }
                })
                .collect(),
        ),
        other => other.clone(),
    }
}

fn object(members: &Map<String, Value>, at: &str, name: &str, whole: Option<u64>, marks: &Marks) -> Map<String, Value> {
    let whole = count_of(members, "entered").or(whole);
    let count = |name: &str| count_of(members, name);
    let of_stage = whole.filter(|_| NAMED.contains(&name));
    let mut hidden: HashSet<&str> = members
        .iter()
        .filter(|(name, value)| {
            let counts = !HARMLESS.contains(&name.as_str()) && !DERIVED.contains(&name.as_str());
            value.as_u64().is_some_and(|n| counts && is_small(n)) || marks.contains(&format!("{at}/{name}"))
        })
        .map(|(name, _)| name.as_str())
        .collect();
    for (part, of) in PARTS {
        let rest = count(of).zip(count(part)).and_then(|(of, part)| of.checked_sub(part));
        if rest.is_some_and(is_small) || count(part).is_some() && hidden.contains(of) {
            hidden.insert(part);
        }
    }
    if of_stage.zip(count("journeys")).and_then(|(of, part)| of.checked_sub(part)).is_some_and(is_small) {
        hidden.insert("journeys");
    }
    for together in TOGETHER {
        let few =
            together.iter().any(|name| hidden.contains(name)) || hidden.contains("n") && !members.contains_key("of");
        hidden.extend(together.iter().filter(|name| few && count(name).is_some()));
    }
    // Whoever may not know how many came in may know nothing of them, but what was said.
    if hidden.contains("entered") {
        return members
            .iter()
            .filter(|(name, _)| !personal(name))
            .map(|(name, value)| blank(name, value, at, marks))
            .collect();
    }
    if hidden.contains("journeys") && count("count").is_some() {
        hidden.insert("count");
    }
    let few = members.get("counts").is_some_and(has_small);
    // A net score is the difference of two shares, from which neither follows.
    let is_net = members.contains_key("promoters") || members.contains_key("neutral");
    let unsure = members.contains_key("value") && measured_of_few(members);
    let follows = |name: &str, value: &Value| {
        let kept = SHARES.iter().any(|(share, part)| *share == name && !hidden.contains(part))
            || is_net && matches!(name, "score" | "balance") && !hidden.contains("n");
        let derived = value.is_f64() || DERIVED.contains(&name);
        derived && !kept && !hidden.is_empty() && name != "target"
            || few && matches!(name, "mean" | "margin") && !is_net
            || unsure && matches!(name, "value" | "low" | "high")
    };
    let mut shown: Map<String, Value> = members
        .iter()
        .filter(|(name, _)| !personal(name))
        .map(|(name, value)| {
            let numbers = value.as_array().is_some_and(|items| is_numbers(items));
            let here = format!("{at}/{name}");
            let gone = hidden.contains(name.as_str())
                || follows(name, value)
                || numbers && (!hidden.is_empty() || has_small(value) || marks.contains(&here));
            (name.clone(), if gone { Value::Null } else { pass(value, &here, name, whole, marks) })
        })
        .collect();
    apart(members, &mut shown);
    shown
}

/// Shares of one row that stand beside each other: where one of them is not told, neither is what lies between them.
fn apart(members: &Map<String, Value>, shown: &mut Map<String, Value>) {
    let is_hidden = |shown: &Map<String, Value>, name: &str| {
        members.get(name).is_some_and(|share| share["of"].is_u64()) && !shown[name]["n"].is_u64()
    };
    let both = ["with", "without"];
    if both.iter().any(|name| is_hidden(shown, name)) {
        for name in both {
            let Value::Object(share) = nothing(&members[name]) else { continue };
            let of = members[name]["of"].clone();
            shown.insert(name.to_owned(), share.into_iter().chain([("of".to_owned(), of)]).collect());
        }
    }
    if members.keys().any(|name| is_hidden(shown, name)) {
        for name in BETWEEN {
            if let Some(value) = shown.get_mut(name) {
                *value = if value.is_object() && name == "paid" { nothing(value) } else { Value::Null };
            }
        }
    }
}

/// A value without its numbers.
fn nothing(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            Value::Object(members.iter().map(|(name, value)| (name.clone(), nothing(value))).collect())
        }
        Value::Array(_) => Value::Array(Vec::new()),
        Value::Number(_) => Value::Null,
        other => other.clone(),
    }
}

/// A member of a stage of which it is not told how many came in.
fn blank(name: &str, value: &Value, at: &str, marks: &Marks) -> (String, Value) {
    let value = match name {
        "voice" => pass(value, &format!("{at}/{name}"), name, None, marks),
        "lenses" => match value {
            Value::Object(lenses) => {
                Value::Object(lenses.keys().map(|lens| (lens.clone(), Value::Array(vec![]))).collect())
            }
            _ => Value::Null,
        },
        _ => nothing(value),
    };
    (name.to_owned(), value)
}

/// A KPI that is a share of which one side is too few: the share and the count together tell them.
fn measured_of_few(members: &Map<String, Value>) -> bool {
    let (Some(n), Some(value)) =
        (members.get("n").and_then(Value::as_u64), members.get("value").and_then(Value::as_f64))
    else {
        return false;
    };
    let part = (n as f64 * value / 100.0).round();
    (0.0..=n as f64).contains(&part) && (is_small(part as u64) || is_small(n - part as u64))
}

fn count_of(members: &Map<String, Value>, name: &str) -> Option<u64> {
    members.get(name).and_then(Value::as_u64)
}

fn personal(name: &str) -> bool {
    PERSONAL.contains(&name)
}

/// Whether a row of a list counts too few: an object, or a pair of a name and a number.
fn goes(row: &Value, at: &str, name: &str, marks: &Marks) -> bool {
    match row {
        Value::Object(members) => main(members).is_some_and(|(member, count, of)| {
            let rest = of.and_then(|of| of.checked_sub(count));
            let marked = marks.contains(&format!("{at}/{member}"));
            is_small(count) || (marked || rest.is_some_and(is_small)) && !NAMED.contains(&name)
        }),
        Value::Array(pair) => {
            let named = pair.first().is_some_and(Value::is_string);
            pair.last().filter(|_| named).and_then(Value::as_u64).is_some_and(is_small)
                || marks.contains(&format!("{at}/1"))
        }
        _ => false,
    }
}

/// What a row counts: the member's pointer, the number, and of how many where it says so.
fn main(members: &Map<String, Value>) -> Option<(String, u64, Option<u64>)> {
    ROWS.iter().find_map(|name| match members.get(*name)? {
        Value::Object(share) => Some((format!("{name}/n"), share.get("n")?.as_u64()?, share.get("of")?.as_u64())),
        count => Some(((*name).to_owned(), count.as_u64()?, None)),
    })
}

/// Rows that went go for good.
fn strip(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            Value::Object(members.into_iter().map(|(name, value)| (name, strip(value))).collect())
        }
        Value::Array(rows) => Value::Array(rows.into_iter().filter(|row| !row.is_null()).map(strip).collect()),
        other => other,
    }
}

fn is_numbers(items: &[Value]) -> bool {
    !items.is_empty() && items.iter().all(Value::is_number)
}

fn has_small(counts: &Value) -> bool {
    counts.as_array().is_some_and(|counts| counts.iter().filter_map(Value::as_u64).any(is_small))
}

fn is_small(count: u64) -> bool {
    (1..LEAST).contains(&count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn words_and_small_numbers_go_and_the_rest_stays() {
        let stage = json!({"stage":"decision","entered":100,"share":0.5,"returned":20,"dwell_median_ms":7,
            "lenses":{"did":[{"name":"add_to_cart","journeys":90,"share":0.9},{"name":"purchase","journeys":9,"share":0.09}]},
            "friction":[{"name":"rage_click","lens":"felt","journeys":10,"share":0.1,"count":11}],
            "voice":{"n":40,"choices":[{"prompt":"p","step":"s","n":30,"top":[["price",20],["other",6],["looking",4]]}],
                "words":[{"journey":"0000000000000001","text":"secret","score":9,"ask":"nps"}]}});
        assert_eq!(
            redact(stage),
            json!({"stage":"decision","entered":100,"share":0.5,"returned":20,"dwell_median_ms":7,
            "lenses":{"did":[{"name":"add_to_cart","journeys":90,"share":0.9}]},
            "friction":[{"name":"rage_click","lens":"felt","journeys":10,"share":0.1,"count":11}],
            "voice":{"n":40,"choices":[{"prompt":"p","step":"s","n":30,"top":[["price",20]]}]}})
        );
    }

    #[test]
    fn what_a_hidden_number_follows_from_goes_with_it() {
        let few = json!({"journeys":100,"purchases":5,"conversion":0.05,"with_friction":95,"answers":50,"answers_without_path":3,"min_n":30});
        assert_eq!(
            redact(few),
            json!({"journeys":100,"purchases":null,"conversion":null,"with_friction":null,"answers":50,"answers_without_path":null,"min_n":30})
        );
        let enough = json!({"journeys":100,"purchases":50,"conversion":0.5,"answers_without_path":3});
        assert_eq!(redact(enough), json!({"journeys":100,"purchases":50,"conversion":0.5,"answers_without_path":null}));
        let none = json!({"stage":"advocacy","entered":4,"share":0.04,"returned":0,"dwell_median_ms":1234});
        assert_eq!(
            redact(none),
            json!({"stage":"advocacy","entered":null,"share":null,"returned":null,"dwell_median_ms":null})
        );
    }

    #[test]
    fn scores_stay_where_no_group_is_small() {
        let nps = |promoters: u64, passives: u64, detractors: u64, counts: Value| json!({"n":promoters + passives + detractors,"promoters":promoters,"passives":passives,"detractors":detractors,"counts":counts,"score":25,"margin":9.1});
        assert_eq!(redact(nps(40, 20, 20, json!([20, 0, 60]))), nps(40, 20, 20, json!([20, 0, 60])));
        assert_eq!(redact(nps(40, 20, 20, json!([5, 15, 60]))), nps(40, 20, 20, Value::Null));
        assert_eq!(
            redact(nps(40, 20, 5, json!([5, 0, 60]))),
            json!({"n":65,"promoters":null,"passives":null,"detractors":null,"counts":null,"score":25,"margin":null})
        );
        let csat =
            json!({"n":40,"good":35,"counts":[5,35],"score":87.5,"low":73.9,"high":94.5,"mean":4.2,"margin":0.3});
        assert_eq!(
            redact(csat),
            json!({"n":40,"good":null,"counts":null,"score":null,"low":null,"high":null,"mean":null,"margin":null})
        );
        let csat =
            json!({"n":40,"good":30,"counts":[5,5,30],"score":75.0,"low":59.8,"high":85.8,"mean":4.2,"margin":0.3});
        assert_eq!(
            redact(csat),
            json!({"n":40,"good":30,"counts":null,"score":75.0,"low":59.8,"high":85.8,"mean":null,"margin":null})
        );
    }

    #[test]
    fn an_answer_that_is_not_known_loses_its_small_numbers_too() {
        let other = json!({"paths":[{"from":"a","to":"b","count":3},{"from":"a","to":"d","count":9},{"from":"a","to":"c","count":30}],"anything":9,"deep":{"er":[{"else":4}]}});
        assert_eq!(
            redact(other),
            json!({"paths":[{"from":"a","to":"c","count":30}],"anything":null,"deep":{"er":[{"else":null}]}})
        );
    }

    #[test]
    fn what_is_hidden_does_not_follow_from_what_stays() {
        // One week of three: all less the others.
        let weeks = json!({"weeks":[{"from":"a","n":40},{"from":"b","n":9},{"from":"c","n":51}]});
        assert_eq!(redact(weeks), json!({"weeks":[{"from":"c","n":51}]}));
        // Two that are ten together may be anything.
        let enough = json!({"weeks":[{"from":"a","n":40},{"from":"b","n":9},{"from":"c","n":5}]});
        assert_eq!(redact(enough), json!({"weeks":[{"from":"a","n":40}]}));
        // A group that is nearly all tells of the others.
        let groups = |few: u64| json!({"all":{"share":{"n":100,"of":100}},"groups":[{"name":"mail","share":{"n":100 - few,"of":100}},{"name":"ad","share":{"n":few,"of":100}}]});
        assert_eq!(redact(groups(9))["groups"], json!([]));
        assert_eq!(redact(groups(10)), groups(10));
        // What flows in less what flows out.
        let flow = |step: u64, from: &str, to: &str, n: u64| json!({"step":step,"from":from,"to":to,"journeys":n});
        let flows = json!({"flows":[flow(0, "a", "b", 60), flow(0, "a", "left", 40), flow(1, "b", "bought", 55), flow(1, "b", "left", 5)]});
        let told = redact(json!({"bought":{"n":55,"of":100},"flows":flows["flows"]}));
        assert_eq!((&told["flows"], &told["bought"]), (&json!([]), &json!({"n":null,"of":100})));
    }

    #[test]
    fn few_between_two_stages_are_not_told() {
        let stage = |name: &str, entered: u64| {
            json!({"stage":name,"entered":entered,"share":0.5,"returned":0,
            "lenses":{"did":[{"name":"view_item","journeys":entered,"share":1.0}]},"friction":[],"voice":{"n":20}})
        };
        let map = redact(
            json!({"totals":{"journeys":100},"stages":[stage("awareness", 95), stage("consideration", 90), stage("decision", 84), stage("retention", 0)]}),
        );
        let entered: Vec<&Value> =
            map["stages"].as_array().into_iter().flatten().map(|stage| &stage["entered"]).collect();
        assert_eq!(entered, [&Value::Null, &json!(90), &Value::Null, &json!(0)], "5 never came, 6 went no further");
        let hidden = &map["stages"][0];
        assert_eq!(
            (&hidden["share"], &hidden["lenses"]["did"], &hidden["voice"]["n"]),
            (&Value::Null, &json!([]), &json!(20))
        );
        // Of those at a stage nearly all saw something: who did not is a few.
        let all =
            redact(json!({"totals":{"journeys":100},"stages":[{"stage":"awareness","entered":100,"lenses":{"did":[
            {"name":"page_view","journeys":97,"share":0.97},{"name":"search","journeys":50,"share":0.5}]}}]}));
        assert_eq!(all["stages"][0]["lenses"]["did"][0], json!({"name":"page_view","journeys":null,"share":null}));
        assert_eq!(all["stages"][0]["lenses"]["did"][1]["journeys"], 50);
    }

    #[test]
    fn a_number_that_is_hidden_is_hidden_wherever_it_stands() {
        let share = |n: u64, of: u64| json!({"n":n,"of":of,"percent":50.0,"low":40.0,"high":60.0});
        let none = |of: u64| json!({"n":null,"of":of,"percent":null,"low":null,"high":null});
        // Of 60 at the stage 40 met it; 35 of them bought, so 5 did not. Those who did not meet it would tell, beside another friction's row.
        let row = json!({"name":"x","met":share(40, 60),"with":share(35, 40),"without":share(10, 20),"gap":{"points":37.5,"low":20.0,"high":50.0},"orders":null});
        let told = &redact(json!({"frictions":[row]}))["frictions"][0];
        assert_eq!((&told["with"], &told["without"], &told["gap"]), (&none(40), &none(20), &Value::Null));
        assert_eq!(told["met"]["n"], 40);
        // What was paid is as many orders as were bought.
        let group = json!({"bought":share(35, 40),"paid":{"n":35,"quarter":1000,"median":2000,"three_quarters":3000},"gap":{"points":1.0,"low":0.5,"high":1.5}});
        let told = redact(json!({"all":group}));
        assert_eq!(
            (&told["all"]["paid"]["n"], &told["all"]["paid"]["median"], &told["all"]["gap"]),
            (&Value::Null, &Value::Null, &Value::Null)
        );
        assert_eq!((&told["all"]["bought"]["n"], &told["all"]["bought"]["of"]), (&Value::Null, &json!(40)));
        // 2 of 40 bought: the share says it as well as the number.
        let kpi = json!({"kpi":"conversion","measured":{"n":40,"value":5.0,"low":1.4,"high":16.5},"target":50.0});
        assert_eq!(
            redact(kpi),
            json!({"kpi":"conversion","measured":{"n":40,"value":null,"low":null,"high":null},"target":50.0})
        );
        let mood =
            json!({"n":60,"frustrated":4,"confused":10,"neutral":26,"satisfied":20,"balance":10.0,"margin":17.0});
        let told = redact(mood);
        assert_eq!(
            (&told["n"], &told["satisfied"], &told["balance"], &told["margin"]),
            (&json!(60), &Value::Null, &json!(10.0), &Value::Null)
        );
    }
}
