//! Which shops may write here, and from which pages.
//!
//! A key stands in the shop's pages for everybody to read, and a program can name any origin it likes: both keep strangers' shops
//! apart from the owner's, and neither is a secret.

use axum::http::{HeaderMap, header};
use std::collections::BTreeSet;

/// The keys and the origins that are taken. An empty list takes all.
#[derive(Debug, Clone, Default)]
pub struct Allowed {
    keys: BTreeSet<String>,
    origins: BTreeSet<String>,
}

impl Allowed {
    /// Of the lists that the shop has written.
    pub fn new(keys: &[String], origins: &[String]) -> Self {
        Self { keys: keys.iter().cloned().collect(), origins: origins.iter().cloned().collect() }
    }

    /// Whether a batch of this key is taken.
    pub fn takes_key(&self, key: &str) -> bool {
        self.keys.is_empty() || self.keys.contains(key)
    }

    /// Whether all origins are taken.
    pub fn any_origin(&self) -> bool {
        self.origins.is_empty()
    }

    /// The origins that are taken, in order; none: every page's.
    pub fn origins(&self) -> Vec<String> {
        let mut origins: Vec<String> = self.origins.iter().cloned().collect();
        origins.sort_unstable();
        origins
    }

    /// Whether a request with these headers is taken. One without an origin does not come from a page, and has no other page's rights to lend.
    pub fn takes_origin(&self, headers: &HeaderMap) -> bool {
        self.any_origin() || headers.get_all(header::ORIGIN).iter().all(|origin| self.names(origin.as_bytes()))
    }

    /// Browsers write an origin in small letters; what somebody types may have others, and [`origin`] has made them small.
    fn names(&self, origin: &[u8]) -> bool {
        std::str::from_utf8(origin).is_ok_and(|origin| self.origins.contains(origin))
    }
}

/// Reads a shop's key from the settings.
///
/// # Errors
/// When no tag could have it.
pub fn key(text: &str) -> Result<String, String> {
    if super::batch::is_key(text) { Ok(text.to_owned()) } else { Err("1 to 64 letters, digits, - or _".to_owned()) }
}

/// Reads an origin from the settings, as browsers write it: scheme, host and, where it is not the usual one, the port.
///
/// # Errors
/// When it is none.
pub fn origin(text: &str) -> Result<String, String> {
    let origin = text.trim_end_matches('/').to_ascii_lowercase();
    let host = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://")).unwrap_or_default();
    let good = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b':' | b'[' | b']');
    if host.is_empty() || !host.bytes().all(good) {
        return Err("an origin is like https://shop.example, without a path".to_owned());
    }
    let usual = if origin.starts_with("https:") { ":443" } else { ":80" };
    Ok(origin.strip_suffix(usual).unwrap_or(&origin).to_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn an_origin_is_read_as_browsers_write_it() {
        for (text, read) in [
            ("https://shop.example", "https://shop.example"),
            ("HTTPS://Shop.Example/", "https://shop.example"),
            ("https://shop.example:443", "https://shop.example"),
            ("http://127.0.0.1:8600", "http://127.0.0.1:8600"),
            ("http://[::1]:80", "http://[::1]"),
        ] {
            assert_eq!(origin(text).unwrap(), read);
        }
        for bad in [
            "",
            "shop.example",
            "*",
            "null",
            "ftp://shop.example",
            "https://",
            "https://shop.example/path",
            "https://*.example",
        ] {
            assert!(origin(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_empty_list_takes_all_and_another_only_its_own() {
        let from = |origin: &'static str| HeaderMap::from_iter([(header::ORIGIN, HeaderValue::from_static(origin))]);
        let all = Allowed::default();
        assert!(all.takes_key("pk_x") && all.takes_origin(&from("null")));
        let own = Allowed::new(&["pk_x".into()], &["https://shop.example".into()]);
        assert!(own.takes_key("pk_x") && !own.takes_key("pk_xy") && !own.takes_key("PK_X"));
        assert!(own.takes_origin(&from("https://shop.example")) && own.takes_origin(&HeaderMap::new()));
        for other in
            ["null", "https://shop.example.evil", "http://shop.example", "https://shop.example, https://evil.example"]
        {
            assert!(!own.takes_origin(&from(other)), "{other}");
        }
        let mut two = from("https://shop.example");
        two.append(header::ORIGIN, HeaderValue::from_static("https://evil.example"));
        assert!(!own.takes_origin(&two));
    }
}
