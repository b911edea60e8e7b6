//! Conditions on the page's address. The other tools hold the whole address against something, ours its path alone.

use serde_json::{Value, json};

use super::plain::hostile;

/// How an address is held against a text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Exact,
    Contains,
    Begins,
    Ends,
    /// A regular expression.
    Pattern,
}

/// A condition of ours.
pub(super) struct Said {
    /// `None` where it holds for every page.
    pub(super) condition: Option<Value>,
    /// What it does not look at any more.
    pub(super) lost: Option<&'static str>,
}

const HOST: &str = "only the path is looked at, not the host";
const FRAGMENT: &str = "what follows # is not looked at";
const CASE: &str = "capitals make a difference";

/// The condition that says the same.
///
/// # Errors
/// Why it cannot be said.
pub(super) fn condition(way: Way, value: &str, folded: bool) -> Result<Said, &'static str> {
    let value = value.trim();
    if hostile(value) || value.is_empty() || value.chars().any(char::is_control) || value.len() > 500 {
        return Err("no address that a page could have");
    }
    let glob = if way == Way::Pattern { glob(value)? } else { value.to_owned() };
    let (path, host) = path(&glob, way);
    let (path, fragment) = path.split_once('#').map_or((path, false), |(path, _)| (path, true));
    let capitals = folded && path.bytes().any(|byte| byte.is_ascii_uppercase());
    let losses = [(host, HOST), (fragment, FRAGMENT), (capitals, CASE)];
    let lost = losses.into_iter().find(|(lost, _)| *lost).map(|(_, why)| why);
    let star = path.contains('*');
    if way == Way::Pattern
        && path.contains('.')
        && !host
        && glob.matches('.').count() > 0
        && value.contains('.')
        && !escaped(value)
    {
        return Err("no regular expressions; say it with exact, prefix, glob or contains in who");
    }
    let condition = match way {
        _ if path.is_empty() && way == Way::Exact => Some(json!({ "exact": "/" })),
        _ if path.is_empty() || path.bytes().all(|byte| byte == b'*') => None,
        Way::Ends if star => return Err("a star has a meaning of its own"),
        Way::Pattern if star => Some(json!({ "glob": path })),
        Way::Exact | Way::Pattern => Some(json!({ "exact": path })),
        Way::Contains => Some(json!({ "contains": path })),
        Way::Begins => Some(json!({ "prefix": path })),
        Way::Ends => Some(json!({ "glob": format!("*{path}") })),
    };
    Ok(Said { condition: condition.map(|url| json!({ "url": url })), lost })
}

/// Whether every dot of a pattern outside `.*` is a dot.
fn escaped(pattern: &str) -> bool {
    let pattern = pattern.replace("\\.", "").replace(".*", "").replace(".+", "");
    !pattern.contains('.')
}

/// The path of an address, and whether there was a host before it.
fn path(address: &str, way: Way) -> (&str, bool) {
    for scheme in ["https://", "http://", "//"] {
        if let Some(rest) = address.strip_prefix(scheme) {
            return (rest.find('/').map_or("", |at| &rest[at..]), true);
        }
    }
    // "shop.example/cart", and the host alone.
    let (first, slash) = address.split_once('/').map_or((address, false), |(first, _)| (first, true));
    let named = first.contains('.')
        && !first.starts_with('.')
        && first.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b':'));
    let file = first.rsplit('.').next().is_some_and(|end| matches!(end, "html" | "htm" | "php" | "aspx" | "jsp"));
    if matches!(way, Way::Contains | Way::Begins | Way::Exact) && named && !file && (slash || way != Way::Contains) {
        return (&address[first.len()..], true);
    }
    (address, false)
}

/// A regular expression as a pattern with stars, where it is no more than that.
fn glob(pattern: &str) -> Result<String, &'static str> {
    const NOT: &str = "no regular expressions; say it with exact, prefix, glob or contains in who";
    let pattern = pattern.replacen("https?:", "https:", 1);
    let (body, begins) = pattern.strip_prefix('^').map_or((pattern.as_str(), false), |body| (body, true));
    let (body, ends) = match body.strip_suffix('$') {
        Some(body) if !body.ends_with('\\') => (body, true),
        _ => (body, false),
    };
    let mut glob = String::from(if begins { "" } else { "*" });
    let mut signs = body.chars().peekable();
    while let Some(sign) = signs.next() {
        match sign {
            '.' if signs.next_if(|next| matches!(next, '*' | '+')).is_some() => {
                // As few as possible are as many as needed.
                signs.next_if_eq(&'?');
                glob.push('*');
            }
            '\\' => match signs.next() {
                Some(sign @ ('.' | '/' | '-' | '_' | '?' | '&' | '=' | '+' | '$' | '#')) => glob.push(sign),
                _ => return Err(NOT),
            },
            '*' | '+' | '?' | '(' | ')' | '[' | ']' | '{' | '}' | '|' | '^' | '$' => return Err(NOT),
            // A sign that is repeated is more than itself.
            _ if signs.peek().is_some_and(|next| matches!(next, '*' | '+' | '?' | '{')) => return Err(NOT),
            _ => glob.push(sign),
        }
    }
    if !ends {
        glob.push('*');
    }
    while glob.contains("**") {
        glob = glob.replace("**", "*");
    }
    // A host that is a pattern is one all the same.
    Ok(glob
        .strip_prefix('*')
        .filter(|rest| rest.starts_with("http://") || rest.starts_with("https://"))
        .map_or(glob.clone(), str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(way: Way, value: &str) -> Option<Value> {
        condition(way, value, false).ok()?.condition.map(|url| url["url"].clone())
    }

    #[test]
    fn patterns_are_said_with_stars_or_not_at_all() {
        for (pattern, url) in [
            ("^/c/.*", json!({ "glob": "/c/*" })),
            ("/c/", json!({ "glob": "*/c/*" })),
            ("^/cart$", json!({ "exact": "/cart" })),
            ("^https?://shop\\.example/c/.+$", json!({ "glob": "/c/*" })),
            ("https://shop.example/c$", json!({ "exact": "/c" })),
            ("/a\\.html$", json!({ "glob": "*/a.html" })),
        ] {
            assert_eq!(said(Way::Pattern, pattern), Some(url), "{pattern}");
        }
        for pattern in ["/(a|b)", "/[0-9]+", "/a?b", "/ab*", "^/a.b$", "\\d", "/a{2}", "(?i)/x", "^a^b"] {
            assert!(condition(Way::Pattern, pattern, false).is_err(), "{pattern}");
        }
        for every in [".*", "^.*$", "https://shop.example.*"] {
            assert!(condition(Way::Pattern, every, false).is_ok_and(|said| said.condition.is_none()), "{every}");
        }
    }

    #[test]
    fn hosts_are_left_out() {
        assert_eq!(said(Way::Contains, "shop.example/cart"), Some(json!({ "contains": "/cart" })));
        assert_eq!(said(Way::Contains, "cart.html"), Some(json!({ "contains": "cart.html" })));
        assert_eq!(said(Way::Exact, "https://shop.example"), Some(json!({ "exact": "/" })));
        assert_eq!(said(Way::Begins, "https://shop.example/a#b"), Some(json!({ "prefix": "/a" })));
        assert_eq!(said(Way::Ends, "/b"), Some(json!({ "glob": "*/b" })));
        assert!(condition(Way::Contains, "javascript:alert(1)", false).is_err());
    }
}
