//! What a text may have in it: `**bold**`, `[words](address)`, and nothing else that a page could take for more than words.

use super::Code;
use crate::words;

/// What is wrong with a text.
pub(super) fn fault(text: &str) -> Option<Code> {
    let bytes = text.as_bytes();
    for (at, pair) in bytes.windows(2).enumerate() {
        match pair {
            // "2 < 3" and "<3" are words; a tag begins with a letter or one of its signs.
            [b'<', b'a'..=b'z' | b'A'..=b'Z' | b'/' | b'!' | b'?'] => return Some(Code::Html),
            [b']', b'('] => {
                let (href, _) = words::cut(words::slice(text, at + 2, bytes.len()), b')');
                if !is_href(href) {
                    return Some(Code::Href);
                }
            }
            _ => {}
        }
    }
    None
}

/// Whether an address may be opened from a prompt: the web by https, a mail, a call, or a page of the shop by its path. Never a script.
pub(super) fn is_href(href: &str) -> bool {
    // What browsers skip or turn round in an address (spaces, controls, backslashes) has no business in one.
    let clean = href.bytes().all(|byte| byte > b' ' && byte != 0x7F && !matches!(byte, b'\\' | b'"' | b'<' | b'>'));
    let rest = ["https://", "mailto:", "tel:", "/"]
        .into_iter()
        .find_map(|start| href.strip_prefix(start).map(|rest| (start, rest)));
    clean
        && match rest {
            Some(("/", rest)) => !rest.starts_with('/'),
            Some((_, rest)) => !rest.is_empty() && !rest.starts_with('/'),
            None => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_ways_lead_out() {
        for href in
            ["https://example.fi/ohje?a=b#c", "mailto:apu@example.fi", "tel:+358401234567", "/ohje", "/", "/a//b"]
        {
            assert!(is_href(href), "{href}");
        }
        for href in [
            "",
            "javascript:alert(1)",
            "JavaScript:alert(1)",
            "data:text/html,x",
            "http://example.fi",
            "//example.fi",
            "/\\example.fi",
            "https://",
            "https:///x",
            "mailto:",
            "ohje",
            "vbscript:x",
            " https://example.fi",
            "https://example.fi\n",
            "java\tscript:x",
            "blob:x",
        ] {
            assert!(!is_href(href), "{href}");
        }
    }

    #[test]
    fn texts_have_bold_and_links_and_no_tags() {
        for text in
            ["Plain", "**bold** and [here](https://example.fi)", "2 < 3, <3, a > b", "[not a link] (really)", "Ä < Ö"]
        {
            assert_eq!(fault(text), None, "{text}");
        }
        for text in ["<b>x</b>", "x<br/>", "</p>", "<!-- x -->", "<img src=x onerror=alert(1)>", "<?php"] {
            assert_eq!(fault(text), Some(Code::Html), "{text}");
        }
        for text in [
            "[x](javascript:alert(1))",
            "[x](data:text/html,hi)",
            "[x]()",
            "[x](//evil.example)",
            "[x](http://a.fi)",
            "[x](https://a.fi",
        ] {
            if text.ends_with(')') {
                assert_eq!(fault(text), Some(Code::Href), "{text}");
            }
        }
    }
}
