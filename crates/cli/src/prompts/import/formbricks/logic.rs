//! Where answers lead in Formbricks.

use serde_json::{Value, json};

use super::super::draft::{Draft, is_set};
use super::super::report::Level;
use super::{Part, Parts};

/// Conditions are nested no deeper than ours may be.
const DEEPEST: usize = 7;

/// The ways on from a step.
pub(super) fn read(of: &Value, step: usize, parts: &Parts<'_>, draft: &mut Draft, path: &str) {
    let own = draft.names[step].clone();
    let mut next = Vec::new();
    for (nth, rule) in of["logic"].as_array().into_iter().flatten().enumerate() {
        let here = format!("{path}.logic[{nth}]");
        let mut to = None;
        // Older ones have a condition on their own question, and where it leads.
        let flat = rule["condition"].is_string();
        if flat {
            to = Some(&rule["destination"]);
        }
        for (at, action) in rule["actions"].as_array().into_iter().flatten().enumerate() {
            match action["objective"].as_str().unwrap_or_default() {
                "jumpToQuestion" | "jumpToBlock" => to = Some(&action["target"]),
                "requireAnswer" => draft.say(
                    &format!("{here}.actions[{at}]"),
                    Level::Dropped,
                    "no question becomes one that must be answered",
                ),
                _ => draft.say(&format!("{here}.actions[{at}]"), Level::Dropped, "nothing is computed"),
            }
        }
        let Some(to) = to else { continue };
        let said = if flat { older(rule, &own, draft) } else { condition(&rule["conditions"], draft, 0) };
        match said {
            Some(condition) => {
                let go = target(to, parts, draft, &here);
                next.push(json!({ "if": condition, "go": go }));
            }
            None => draft.say(&here, Level::Dropped, "a condition that cannot be said here"),
        }
    }
    if is_set(&of["logicFallback"]) {
        let go = target(&of["logicFallback"], parts, draft, &format!("{path}.logicFallback"));
        next.push(json!({ "go": go }));
    }
    if !next.is_empty() {
        draft.steps[step]["next"] = json!(next);
    }
}

/// The step that a way leads to: the question's, the first one of a block, or what comes after one that no prompt asks.
fn target(to: &Value, parts: &Parts<'_>, draft: &mut Draft, path: &str) -> Value {
    let name = to.as_str().unwrap_or_default();
    let block = parts.doors.iter().find(|(id, _)| id.as_str() == Some(name)).map(|(_, first)| *first);
    let part = block.or_else(|| parts.all.iter().position(|part| part.json["id"].as_str() == Some(name)));
    let Some(part) = part else {
        if !parts.endings.contains(&name) {
            draft.say(path, Level::Lossy, "it leads to a question that is not there; now to the end");
        }
        return json!("end");
    };
    if parts.all.get(part).is_some_and(|part| part.step.is_none()) {
        draft.say(path, Level::Lossy, "it leads to a question that no prompt asks; now to the one after it");
    }
    let step = parts.all[part..].iter().find_map(|part: &Part<'_>| part.step);
    step.map_or(json!("end"), |step| draft.steps[step]["id"].clone())
}

/// The older spelling of conditions.
fn older(rule: &Value, own: &str, draft: &Draft) -> Option<Value> {
    let operator = match rule["condition"].as_str()? {
        "submitted" => "isSubmitted",
        "skipped" => "isSkipped",
        "equals" => "equals",
        "notEquals" => "doesNotEqual",
        "lessThan" => "isLessThan",
        "lessEqual" => "isLessThanOrEqual",
        "greaterThan" => "isGreaterThan",
        "greaterEqual" => "isGreaterThanOrEqual",
        "includesAll" => "includesAllOf",
        "includesOne" => "includesOneOf",
        "accepted" => "isAccepted",
        _ => return None,
    };
    condition(
        &json!({ "leftOperand": { "value": own }, "operator": operator, "rightOperand": { "value": rule["value"] } }),
        draft,
        0,
    )
}

fn condition(given: &Value, draft: &Draft, depth: usize) -> Option<Value> {
    if depth > DEEPEST {
        return None;
    }
    if let Some(inner) = given["conditions"].as_array() {
        let all: Vec<Value> = inner.iter().map(|one| condition(one, draft, depth + 1)).collect::<Option<_>>()?;
        return Some(if given["connector"] == json!("or") { json!({ "any": all }) } else { json!({ "all": all }) });
    }
    // "question" is how an element was called before.
    let (left, right) = (&given["leftOperand"], &given["rightOperand"]);
    let known = matches!(left["type"].as_str(), None | Some("question" | "element"));
    let fixed = matches!(right["type"].as_str(), None | Some("static"));
    let step = draft.named(left["value"].as_str().filter(|_| known && fixed)?)?;
    Compared { step, value: &right["value"], fallback: &draft.fallback }.said(given["operator"].as_str()?)
}

/// An answer, and what it is held against.
struct Compared<'a> {
    step: &'a Value,
    value: &'a Value,
    fallback: &'a str,
}

impl Compared<'_> {
    fn said(&self, operator: &str) -> Option<Value> {
        let id = self.step["id"].clone();
        let ask = self.step["ask"].as_str()?;
        if matches!(ask, "info" | "handoff") {
            return None;
        }
        let words = ask == "text";
        let answered = || json!({ "answered": id });
        let not = |inner: Value| json!({ "not": inner });
        let both = |inner: Value| json!({ "all": [answered(), not(inner)] });
        let matches = |pattern: String| json!({ "matches": [id, pattern] });
        Some(match operator {
            "isSubmitted" | "isSet" | "isNotEmpty" | "isCompletelySubmitted" => answered(),
            "isAccepted" if self.step["choices"].is_array() => answered(),
            "isSkipped" => json!({ "skipped": id }),
            "isNotSet" | "isEmpty" => not(answered()),
            "equals" => json!({ "eq": [id, self.one(self.single()?)?] }),
            "doesNotEqual" => json!({ "ne": [id, self.one(self.single()?)?] }),
            "isLessThan" => json!({ "lt": [id, self.number()?] }),
            "isLessThanOrEqual" => json!({ "lte": [id, self.number()?] }),
            "isGreaterThan" => json!({ "gt": [id, self.number()?] }),
            "isGreaterThanOrEqual" => json!({ "gte": [id, self.number()?] }),
            "equalsOneOf" | "isAnyOf" if ask == "multi" => json!({ "hasAny": [id, self.many()?] }),
            "equalsOneOf" | "isAnyOf" => json!({ "in": [id, self.many()?] }),
            "includesOneOf" => json!({ "hasAny": [id, self.chosen()?] }),
            "includesAllOf" => self.every()?,
            "doesNotIncludeAllOf" => both(json!({ "hasAny": [id, self.chosen()?] })),
            "doesNotIncludeOneOf" => both(self.every()?),
            "contains" if words => matches(format!("*{}*", self.literal()?)),
            "doesNotContain" if words => both(matches(format!("*{}*", self.literal()?))),
            "startsWith" if words => matches(format!("{}*", self.literal()?)),
            "doesNotStartWith" if words => both(matches(format!("{}*", self.literal()?))),
            "endsWith" if words => matches(format!("*{}", self.literal()?)),
            "doesNotEndWith" if words => both(matches(format!("*{}", self.literal()?))),
            _ => return None,
        })
    }

    /// The one value, also of a list of one.
    fn single(&self) -> Option<&Value> {
        match self.value {
            Value::Array(list) => list.first().filter(|_| list.len() == 1),
            value => Some(value),
        }
    }

    /// A value as an answer of ours.
    fn one(&self, value: &Value) -> Option<Value> {
        if let Some(choices) = self.step["choices"].as_array() {
            let called = |choice: &&Value| {
                !value.is_null() && (choice["was"] == *value || choice["text"][self.fallback] == *value)
            };
            return choices.iter().find(called).map(|choice| choice["id"].clone());
        }
        if self.step["ask"] == json!("text") {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            return is_words(&text).then(|| json!(text));
        }
        whole(value).map(|number| json!(number))
    }

    fn many(&self) -> Option<Vec<Value>> {
        let list = self.value.as_array().filter(|list| !list.is_empty())?;
        list.iter().map(|value| self.one(value)).collect()
    }

    /// … of choices.
    fn chosen(&self) -> Option<Vec<Value>> {
        self.many().filter(|_| self.step["choices"].is_array())
    }

    fn every(&self) -> Option<Value> {
        let id = &self.step["id"];
        Some(
            json!({ "all": self.chosen()?.into_iter().map(|choice| json!({ "has": [id, choice] })).collect::<Vec<_>>() }),
        )
    }

    fn number(&self) -> Option<i64> {
        whole(self.value).filter(|_| matches!(self.step["ask"].as_str(), Some("nps" | "csat" | "ces" | "rating")))
    }

    /// Words that are no pattern.
    fn literal(&self) -> Option<&str> {
        self.value.as_str().filter(|text| is_words(text) && !text.contains(['*', '|']))
    }
}

/// Whether it is words and nothing that should not be repeated.
fn is_words(text: &str) -> bool {
    !text.is_empty() && text.len() <= 500 && super::super::plain::plain(text).text == text
}

fn whole(value: &Value) -> Option<i64> {
    let number = value.as_i64().or_else(|| value.as_str()?.trim().parse().ok())?;
    (-1_000..=1_000).contains(&number).then_some(number)
}
