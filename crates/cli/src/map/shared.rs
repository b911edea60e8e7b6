//! What of an answer may go to somebody outside: no word of a shopper, and no number that stands for fewer than ten.
//!
//! It works on the finished answer, whichever it is, and takes out what it does not know to be harmless: a view that is added later is
//! rather too empty than too open.

use serde_json::{Map, Value};

/// The smallest number of shoppers that is shown.
const LEAST: u64 = 10;

/// What shoppers wrote, and what names one of them.
const PERSONAL: [&str; 8] = ["words", "text", "verbatims", "journey", "id", "cursor", "key", "leg"];
/// Whole numbers that count nobody and tell nobody's.
const HARMLESS: [&str; 5] = ["min_n", "scale", "version", "rev", "until"];
/// Whole numbers that count nobody, and follow from those that do.
const DERIVED: [&str; 2] = ["score", "dwell_median_ms"];
/// Counts that others are parts of.
const WHOLES: [&str; 4] = ["journeys", "entered", "shown", "n"];
/// Parts whose rest is a group of its own: who did not buy, was not satisfied, did not come back.
const PARTS: [&str; 6] = ["purchases", "with_friction", "returned", "good", "engaged", "completed"];
/// Parts that make a whole together: of three, one that is hidden follows from the others.
const TOGETHER: [&str; 3] = ["promoters", "passives", "detractors"];
/// Shares that follow from one part alone, and stay where that stays.
const SHARES: [(&str, &str); 3] = [("conversion", "purchases"), ("response", "engaged"), ("completion", "completed")];
/// What a row of a list counts.
const ROWS: [&str; 3] = ["journeys", "n", "count"];

/// The answer without all that.
pub fn redact(value: Value) -> Value {
    match value {
        Value::Object(members) => Value::Object(object(members)),
        Value::Array(items) => Value::Array(items.into_iter().filter(|item| !is_small_row(item)).map(redact).collect()),
        other => other,
    }
}

fn object(mut members: Map<String, Value>) -> Map<String, Value> {
    members.retain(|name, _| !PERSONAL.contains(&name.as_str()));
    let whole = WHOLES.iter().find_map(|name| members.get(*name)?.as_u64());
    let mut hidden: Vec<String> = members
        .iter()
        .filter(|(name, value)| {
            let count =
                value.as_u64().filter(|_| !HARMLESS.contains(&name.as_str()) && !DERIVED.contains(&name.as_str()));
            let rest = whole
                .filter(|_| PARTS.contains(&name.as_str()))
                .zip(count)
                .and_then(|(whole, part)| whole.checked_sub(part));
            count.is_some_and(is_small) || rest.is_some_and(is_small)
        })
        .map(|(name, _)| name.clone())
        .collect();
    if TOGETHER.iter().any(|part| hidden.iter().any(|name| name == part)) {
        hidden.extend(TOGETHER.map(str::to_owned));
    }
    let is_hidden = |name: &str| hidden.iter().any(|known| known == name);
    let few = members.get("counts").is_some_and(has_small);
    // A net score is the difference of two shares, from which neither follows.
    let is_net = members.contains_key("promoters");
    let follows = |name: &str, value: &Value| {
        let kept = SHARES.iter().any(|(share, part)| *share == name && !is_hidden(part))
            || is_net && name == "score" && !is_hidden("n");
        let derived = value.is_f64() || DERIVED.contains(&name);
        derived && !kept && !hidden.is_empty() || few && matches!(name, "mean" | "margin") && !is_net
    };
    let numbers =
        |value: &Value| value.as_array().is_some_and(|items| !items.is_empty() && items.iter().all(Value::is_number));
    let gone: Vec<String> = members
        .iter()
        .filter(|(name, value)| {
            is_hidden(name) || follows(name, value) || numbers(value) && (!hidden.is_empty() || has_small(value))
        })
        .map(|(name, _)| name.clone())
        .collect();
    members
        .into_iter()
        .map(|(name, value)| if gone.contains(&name) { (name, Value::Null) } else { (name, redact(value)) })
        .collect()
}

/// A row of a list that counts too few: an object, or a pair of a name and a number.
fn is_small_row(row: &Value) -> bool {
    let count = match row {
        Value::Object(members) => ROWS.iter().find_map(|name| members.get(*name)?.as_u64()),
        Value::Array(pair) => {
            pair.last().filter(|_| pair.first().is_some_and(Value::is_string)).and_then(Value::as_u64)
        }
        _ => None,
    };
    count.is_some_and(is_small)
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
            "voice":{"n":40,"choices":[{"prompt":"p","step":"s","n":30,"top":[["price",20],["other",3]]}],
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
        let other = json!({"paths":[{"from":"a","to":"b","count":3},{"from":"a","to":"c","count":30}],"anything":9,"deep":{"er":[{"else":4}]}});
        assert_eq!(
            redact(other),
            json!({"paths":[{"from":"a","to":"c","count":30}],"anything":null,"deep":{"er":[{"else":null}]}})
        );
    }
}
