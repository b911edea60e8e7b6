//! What has to go beside what was taken out, because that would follow from it: in a list whose rows make a whole, one row that is missing is the
//! whole less the others; of two stages of which nearly everybody entered both, the few who did not are their difference.

use super::{DERIVED, HARMLESS, LEAST, Marks, is_numbers, is_small};
use serde_json::Value;
use std::collections::BTreeMap;

/// Lists whose rows do not make a whole: a journey is in several of them.
const OVERLAPPING: [&str; 10] =
    ["did", "saw", "felt", "tech", "friction", "frictions", "items", "categories", "category", "kpis"];
/// Members of rows that do not add up over the rows either: journeys enter several stages.
const ENTERED: [&str; 4] = ["entered", "returned", "kpis", "mood"];

/// Stages of which too few separate the numbers that entered: of each such pair the smaller number goes.
pub(super) fn chain(value: &Value) -> Marks {
    let all = [&value["totals"]["journeys"], &value["bought"]["of"]].into_iter().find_map(Value::as_u64);
    let mut entered: Vec<(u64, usize)> = value["stages"]
        .as_array()
        .into_iter()
        .flatten()
        .enumerate()
        .filter_map(|(nth, stage)| Some((stage["entered"].as_u64()?, nth)))
        .collect();
    entered.sort_unstable_by(|a, b| b.cmp(a));
    let mut last = all.unwrap_or(u64::MAX);
    let mut marks = Marks::new();
    for (count, nth) in entered {
        if is_small(last.abs_diff(count)) {
            marks.insert(format!("/stages/{nth}/entered"));
        } else {
            last = count;
        }
    }
    marks
}

/// What follows from what is shown.
pub(super) fn of(value: &Value, shown: &Value) -> Marks {
    let mut marks = Marks::new();
    walk(value, shown, "", "", &mut marks);
    // The same path may stand in both lists, and what is left out of one is told by the other.
    let lists = ["typical", "losing"];
    let missing = |list: &str| shown[list].as_array().is_some_and(|rows| rows.iter().any(Value::is_null));
    if lists.iter().any(|list| missing(list)) {
        let rows = value["losing"].as_array().map_or(0, Vec::len);
        marks.extend((0..rows).map(|nth| format!("/losing/{nth}/share/n")));
    }
    // Where all who bought, or all who left, went one way, the whole tells it.
    for end in ["bought", "left"] {
        let rows = value["flows"].as_array().into_iter().flatten().enumerate();
        let ways: Vec<usize> = rows.filter(|(_, flow)| flow["to"] == end).map(|(nth, _)| nth).collect();
        if let [only] = ways[..]
            && shown["flows"][only].is_null()
        {
            marks.insert("/bought/n".to_owned());
        }
    }
    marks
}

fn walk(value: &Value, shown: &Value, at: &str, name: &str, marks: &mut Marks) {
    match value {
        Value::Object(members) => {
            same(value, shown, at, marks);
            for (name, value) in members {
                walk(value, &shown[name], &format!("{at}/{name}"), name, marks);
            }
        }
        Value::Array(rows) if !is_numbers(rows) && !shown.is_null() => {
            if !OVERLAPPING.contains(&name) {
                for group in groups(name, rows) {
                    columns(rows, shown, &group, at, marks);
                }
            }
            for (nth, row) in rows.iter().enumerate() {
                walk(row, &shown[nth], &format!("{at}/{nth}"), name, marks);
            }
        }
        _ => (),
    }
}

/// Rows that make a whole together. Of flows: what leaves a step's stage is what came into it; over all steps it is what the stage's own row says; and
/// all ends of a kind are all who bought, or all who left.
fn groups(name: &str, rows: &[Value]) -> Vec<Vec<usize>> {
    if name != "flows" {
        return vec![(0..rows.len()).collect()];
    }
    let by = |members: &[&str]| {
        let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (nth, row) in rows.iter().enumerate() {
            let key: String = members.iter().map(|member| format!("{} ", row[*member])).collect();
            groups.entry(key).or_default().push(nth);
        }
        groups.into_values()
    };
    let all: [&[&str]; 4] = [&["step", "from"], &["step", "to"], &["from", "to"], &["to"]];
    all.into_iter().flat_map(by).collect()
}

/// Where a column of a list lacks numbers, at least two of them have to be lacking, and ten shoppers.
fn columns(rows: &[Value], shown: &Value, group: &[usize], at: &str, marks: &mut Marks) {
    let mut columns: BTreeMap<String, Vec<(usize, u64)>> = BTreeMap::new();
    let mut arrays: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for nth in group {
        leaves(&rows[*nth], "", &mut |path, value| match value {
            Value::Array(_) => arrays.entry(path.to_owned()).or_default().push(*nth),
            value => columns.entry(path.to_owned()).or_default().extend(value.as_u64().map(|n| (*nth, n))),
        });
    }
    let is_shown = |nth: usize, path: &str| shown[nth].pointer(path).is_some_and(|value| !value.is_null());
    for (path, cells) in columns {
        let (there, gone): (Vec<_>, Vec<_>) =
            cells.into_iter().filter(|(_, n)| *n > 0).partition(|(nth, _)| is_shown(*nth, &path));
        let lacking: u64 = gone.iter().map(|(_, n)| n).sum();
        if !gone.is_empty() && (gone.len() < 2 || lacking < LEAST) {
            let least = there.into_iter().min_by_key(|(nth, n)| (*n, *nth));
            marks.extend(least.map(|(nth, _)| format!("{at}/{nth}{path}")));
        }
    }
    for (path, holders) in arrays {
        if holders.iter().any(|nth| !is_shown(*nth, &path)) {
            marks.extend(holders.into_iter().map(|nth| format!("{at}/{nth}{path}")));
        }
    }
}

/// The numbers of a row that add up over the rows, and its lists of numbers.
fn leaves(row: &Value, at: &str, tell: &mut impl FnMut(&str, &Value)) {
    match row {
        Value::Object(members) => {
            for (name, value) in members {
                let name = name.as_str();
                if !(ENTERED.contains(&name) || HARMLESS.contains(&name) || DERIVED.contains(&name) || name == "of") {
                    leaves(value, &format!("{at}/{name}"), tell);
                }
            }
        }
        Value::Array(items) if is_numbers(items) => tell(at, row),
        // A pair of a name and a number.
        Value::Array(items) if at.is_empty() && items.len() == 2 => tell("/1", &items[1]),
        value if value.is_u64() => tell(at, value),
        _ => (),
    }
}

/// The same number twice in an object is the same shoppers: those who met something, and those of whom a share is told. Where one of them is hidden
/// the other one goes, too.
fn same(value: &Value, shown: &Value, at: &str, marks: &mut Marks) {
    let Value::Object(members) = value else { return };
    if shown.is_null() {
        return;
    }
    let mut counts: Vec<(String, u64, bool)> = Vec::new();
    let mut add = |path: String, value: &Value| {
        if let Some(n) = value.as_u64().filter(|n| *n > 0) {
            let is_there = shown.pointer(&path).is_some_and(|value| !value.is_null());
            counts.push((path, n, is_there));
        }
    };
    for (name, value) in members.iter().filter(|(name, _)| !HARMLESS.contains(&name.as_str())) {
        match value {
            Value::Object(share) => {
                for part in ["n", "of"] {
                    share.get(part).into_iter().for_each(|value| add(format!("/{name}/{part}"), value));
                }
            }
            value if !DERIVED.contains(&name.as_str()) => add(format!("/{name}"), value),
            _ => (),
        }
    }
    for (path, n, is_there) in &counts {
        if *is_there && counts.iter().any(|(_, other, is_there)| other == n && !is_there) {
            marks.insert(format!("{at}{path}"));
        }
    }
}
