//! One value of a row, as each format writes it.

use super::rows::Row;
use serde::ser::{Serialize, SerializeMap as _, Serializer};
use serde_json::Value;
use std::borrow::Cow;

/// What spreadsheets take for the beginning of a formula, in the widths of East Asia too.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// A row as a JSON object, its members in their order.
pub(super) fn object(row: &Row) -> impl Serialize + '_ {
    struct Object<'a>(&'a Row);
    impl Serialize for Object<'_> {
        fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
            let mut object = to.serialize_map(Some(self.0.len()))?;
            for (name, value) in self.0 {
                object.serialize_entry(name, value)?;
            }
            object.end()
        }
    }
    Object(row)
}

/// A value as a cell. Shoppers write texts, and a page may say anything: none of it must run in the spreadsheet of whoever opens the file.
pub(super) fn csv(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::String(text) => harmless(text).into_owned(),
        Value::Array(_) | Value::Object(_) => harmless(&value.to_string()).into_owned(),
    }
}

/// A text that is read as a text. Tabs and breaks at its beginning hide what stands behind them.
fn harmless(text: &str) -> Cow<'_, str> {
    let first =
        text.trim_start_matches(|c: char| c.is_whitespace() || c.is_control() || c == '\u{feff}').chars().next();
    let hidden = text.starts_with(['\t', '\r', '\n']);
    if hidden || first.is_some_and(|first| FORMULA.contains(&first)) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_text_is_no_formula() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r\n=1", " =1", "\u{a0}=1", "＝1", "\u{feff}=1", "\tx"] {
            assert_eq!(csv(&json!(text)), format!("'{text}"), "{text:?}");
        }
        for text in ["", "hyvä", "a=1", "1-2", " plain", "'=1"] {
            assert_eq!(csv(&json!(text)), text);
        }
        assert_eq!(
            (csv(&json!(-5)), csv(&json!(true)), csv(&Value::Null)),
            ("-5".into(), "true".into(), String::new())
        );
        assert_eq!(csv(&json!({"a":["=1"]})), r#"{"a":["=1"]}"#, "it begins with a brace");
    }
}
