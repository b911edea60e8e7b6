//! Colours belong to the shop's style sheet; the report says what to write there.

use serde_json::Value;

use super::Level;
use super::draft::Draft;

/// Says what becomes of a colour, or of another value of a style; `name` is the property of ours, empty where there is none.
pub(super) fn say(draft: &mut Draft, value: &Value, path: &str, name: &str, dark: bool) {
    if value.is_null() {
        return;
    }
    let written = value.as_str().filter(|text| !name.is_empty() && is_colour(text));
    let why = match written {
        Some(colour) => {
            let when = if dark { ", for dark pages" } else { "" };
            format!("colours are of the shop's style sheet: write {name}: {colour} there{when}")
        }
        None => "looks are of the shop's style sheet; docs/prompts.md lists the properties".to_owned(),
    };
    draft.say(path, Level::Dropped, &why);
}

/// Whether it is a colour and nothing else: the report repeats it.
fn is_colour(text: &str) -> bool {
    let inside = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || b" ,.%/-".contains(&byte));
    if let Some(hex) = text.strip_prefix('#') {
        return matches!(hex.len(), 3 | 4 | 6 | 8) && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
    }
    if let Some((name, rest)) = text.split_once('(') {
        return text.len() <= 40
            && ["rgb", "rgba", "hsl", "hsla"].contains(&name)
            && rest.strip_suffix(')').is_some_and(inside);
    }
    (3..=24).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphabetic())
}
