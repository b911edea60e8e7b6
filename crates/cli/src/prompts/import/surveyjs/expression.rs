//! The expressions of SurveyJS, as far as our conditions go: comparisons of one answer with a value, joined by `and`, `or`, `not` and brackets. What
//! has functions or arithmetic in it is not understood.

use serde_json::{Value, json};

use super::super::draft::Draft;
use super::super::plain::plain;
use super::Scales;

/// Brackets are nested no deeper than our conditions may be.
const DEEPEST: usize = 6;
/// A longer expression is none that anybody wrote.
const LONGEST: usize = 4_000;

/// The condition that says the same.
pub(super) fn read(expression: &str, scales: &Scales, draft: &Draft) -> Option<Value> {
    if expression.len() > LONGEST {
        return None;
    }
    let tokens = tokens(expression)?;
    let mut reader = Reader { tokens: &tokens, at: 0, scales, draft };
    let condition = reader.either(0)?;
    (reader.at == tokens.len()).then_some(condition)
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    /// `{name}`
    Answer(String),
    Value(Value),
    /// An operator, a bracket, a comma, a word: in small letters.
    Sign(String),
}

fn tokens(expression: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut rest = expression.trim_start();
    while let Some(sign) = rest.chars().next() {
        let (token, length) = match sign {
            '{' => {
                let (name, _) = rest[1..].split_once('}')?;
                (Token::Answer(name.trim().to_owned()), name.len() + 2)
            }
            '\'' | '"' => {
                let (text, _) = rest[1..].split_once(sign)?;
                (Token::Value(json!(text)), text.len() + 2)
            }
            '(' | ')' | '[' | ']' | ',' => (Token::Sign(sign.to_string()), 1),
            '<' | '>' | '=' | '!' | '&' | '|' => {
                let two = ["<=", ">=", "<>", "==", "!=", "&&", "||"].into_iter().find(|two| rest.starts_with(two));
                let sign = two.unwrap_or(&rest[..1]);
                (Token::Sign(sign.to_owned()), sign.len())
            }
            _ if sign.is_alphanumeric() || matches!(sign, '-' | '_' | '.') => {
                let end = rest.find(|sign: char| !(sign.is_alphanumeric() || matches!(sign, '-' | '_' | '.')));
                let word = &rest[..end.unwrap_or(rest.len())];
                (worded(word), word.len())
            }
            _ => return None,
        };
        tokens.push(token);
        rest = rest[length..].trim_start();
    }
    Some(tokens)
}

fn worded(word: &str) -> Token {
    let small = word.to_lowercase();
    match small.as_str() {
        "true" => Token::Value(json!(true)),
        "false" => Token::Value(json!(false)),
        _ => match word.parse::<i64>() {
            Ok(number) => Token::Value(json!(number)),
            Err(_) => Token::Sign(small),
        },
    }
}

struct Reader<'a> {
    tokens: &'a [Token],
    at: usize,
    scales: &'a Scales,
    draft: &'a Draft,
}

impl Reader<'_> {
    /// Goes on where the next token is one of these signs.
    fn takes(&mut self, signs: &[&str]) -> bool {
        let takes = matches!(self.tokens.get(self.at), Some(Token::Sign(sign)) if signs.contains(&sign.as_str()));
        self.at += usize::from(takes);
        takes
    }

    fn either(&mut self, depth: usize) -> Option<Value> {
        let mut any = vec![self.both(depth)?];
        while self.takes(&["or", "||"]) {
            any.push(self.both(depth)?);
        }
        Some(if any.len() > 1 { json!({ "any": any }) } else { any.pop()? })
    }

    fn both(&mut self, depth: usize) -> Option<Value> {
        let mut all = vec![self.one(depth)?];
        while self.takes(&["and", "&&"]) {
            all.push(self.one(depth)?);
        }
        Some(if all.len() > 1 { json!({ "all": all }) } else { all.pop()? })
    }

    fn one(&mut self, depth: usize) -> Option<Value> {
        if depth > DEEPEST {
            return None;
        }
        if self.takes(&["!", "not", "negate"]) {
            return Some(json!({ "not": self.one(depth + 1)? }));
        }
        if self.takes(&["("]) {
            let inner = self.either(depth + 1)?;
            return self.takes(&[")"]).then_some(inner);
        }
        self.comparison()
    }

    fn comparison(&mut self) -> Option<Value> {
        if let Some(Token::Answer(name)) = self.tokens.get(self.at) {
            self.at += 1;
            let operator = self.operator()?;
            if matches!(operator, "empty" | "notempty") {
                return self.compared(name, operator, &Value::Null);
            }
            let value = self.value()?;
            return self.compared(name, operator, &value);
        }
        // The other way round.
        let value = self.value()?;
        let operator = match self.operator()? {
            "lt" => "gt",
            "lte" => "gte",
            "gt" => "lt",
            "gte" => "lte",
            operator @ ("eq" | "ne") => operator,
            _ => return None,
        };
        let Some(Token::Answer(name)) = self.tokens.get(self.at) else { return None };
        self.at += 1;
        self.compared(name, operator, &value)
    }

    fn operator(&mut self) -> Option<&'static str> {
        let Some(Token::Sign(sign)) = self.tokens.get(self.at) else { return None };
        self.at += 1;
        Some(match sign.as_str() {
            "=" | "==" | "equal" => "eq",
            "<>" | "!=" | "notequal" => "ne",
            "<" | "less" => "lt",
            "<=" | "lessorequal" => "lte",
            ">" | "greater" => "gt",
            ">=" | "greaterorequal" => "gte",
            "contains" | "contain" => "contains",
            "notcontains" | "notcontain" => "notcontains",
            "anyof" => "anyof",
            "noneof" => "noneof",
            "allof" => "allof",
            "empty" => "empty",
            "notempty" => "notempty",
            _ => return None,
        })
    }

    fn value(&mut self) -> Option<Value> {
        if self.takes(&["["]) {
            let mut list = Vec::new();
            while !self.takes(&["]"]) {
                list.push(self.value()?);
                self.takes(&[","]);
            }
            return Some(json!(list));
        }
        let value = match self.tokens.get(self.at)? {
            Token::Value(value) => value.clone(),
            // A word without quotes is a text, unless it is called.
            Token::Sign(word)
                if word.starts_with(char::is_alphabetic)
                    && !matches!(self.tokens.get(self.at + 1), Some(Token::Sign(sign)) if sign == "(") =>
            {
                json!(word)
            }
            _ => return None,
        };
        self.at += 1;
        Some(value)
    }

    /// One answer, held against a value.
    fn compared(&self, name: &str, operator: &str, value: &Value) -> Option<Value> {
        let step = self.draft.named(name)?;
        let id = step["id"].clone();
        let not = |inner: Value| json!({ "not": inner });
        match operator {
            "notempty" => return Some(json!({ "answered": id })),
            "empty" => return Some(not(json!({ "answered": id }))),
            "ne" => return Some(not(self.compared(name, "eq", value)?)),
            "notcontains" => return Some(not(self.compared(name, "contains", value)?)),
            "noneof" => return Some(not(self.compared(name, "anyof", value)?)),
            _ => {}
        }
        let ordered = matches!(operator, "lt" | "lte" | "gt" | "gte");
        match step["ask"].as_str()? {
            "nps" | "rating" => self.scored(step, operator, value),
            "yesno" if operator == "eq" => Some(json!({ "eq": [id, of_yes_or_no(step, value)?] })),
            "single" | "multi" if !ordered => chosen(step, operator, value),
            "text" => {
                let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                let words = !text.is_empty() && plain(&text).text == text && !value.is_array();
                match operator {
                    "eq" if words => Some(json!({ "eq": [id, text] })),
                    "contains" if words && !text.contains(['*', '|']) => {
                        Some(json!({ "matches": [id, format!("*{text}*")] }))
                    }
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// A score, as ours counts its points.
    fn scored(&self, step: &Value, operator: &str, value: &Value) -> Option<Value> {
        let id = step["id"].as_str()?;
        let points = self.scales.get(id).filter(|points| !points.is_empty())?;
        let first = i64::from(step["ask"] != json!("nps"));
        let whole = |value: &Value| value.as_i64().or_else(|| value.as_str()?.trim().parse().ok());
        let place = |value: &Value| {
            let number = whole(value)?;
            points.iter().position(|point| *point == number).map(|at| first + at as i64)
        };
        match operator {
            "eq" => return Some(json!({ "eq": [id, place(value)?] })),
            "anyof" => {
                let places: Vec<i64> = value.as_array()?.iter().map(place).collect::<Option<_>>()?;
                return (!places.is_empty()).then(|| json!({ "in": [id, places] }));
            }
            _ => {}
        }
        if points.windows(2).any(|pair| pair[0] >= pair[1]) {
            return None;
        }
        let number = whole(value)?;
        let less = points.iter().filter(|point| **point < number).count() as i64;
        let not_more = points.iter().filter(|point| **point <= number).count() as i64;
        let bound = match operator {
            "lt" | "gte" => first + less,
            "lte" | "gt" => first + not_more - 1,
            _ => return None,
        };
        Some(json!({ operator: [id, bound] }))
    }
}

fn of_yes_or_no(step: &Value, value: &Value) -> Option<&'static str> {
    let is = |nth: usize| same(&step["called"][nth], value);
    // Whatever the values are called, true and false are known.
    match (is(0) || *value == json!(true), is(1) || *value == json!(false)) {
        (true, false) => Some("yes"),
        (false, true) => Some("no"),
        _ => match value.as_str() {
            Some("true") => Some("yes"),
            Some("false") => Some("no"),
            _ => None,
        },
    }
}

fn chosen(step: &Value, operator: &str, value: &Value) -> Option<Value> {
    let id = &step["id"];
    let several = step["ask"] == json!("multi");
    let list = || match value {
        Value::Array(list) if !list.is_empty() => Some(list.clone()),
        Value::Array(_) => None,
        one => Some(vec![one.clone()]),
    };
    let one = |value: &Value| {
        let choices = step["choices"].as_array()?;
        choices.iter().find(|choice| same(&choice["was"], value)).map(|choice| choice["id"].clone())
    };
    let many = || list()?.iter().map(one).collect::<Option<Vec<Value>>>();
    Some(match operator {
        "eq" => {
            let mut many = many()?;
            json!({ "eq": [id, many.pop().filter(|_| many.is_empty())?] })
        }
        "anyof" if several => json!({ "hasAny": [id, many()?] }),
        "anyof" => json!({ "in": [id, many()?] }),
        "contains" | "allof" => {
            let mut all: Vec<Value> = many()?.into_iter().map(|choice| json!({ "has": [id, choice] })).collect();
            if all.len() == 1 { all.pop()? } else { json!({ "all": all }) }
        }
        _ => return None,
    })
}

/// Whether a value of the form's is the one in an expression: case makes no difference there, nor whether a number is in quotes.
fn same(one: &Value, other: &Value) -> bool {
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.trim().to_lowercase()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        _ => None,
    };
    text(one).is_some_and(|one| Some(one) == text(other))
}
