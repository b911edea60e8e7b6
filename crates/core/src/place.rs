//! Where something happened: paths as templates, elements by names that tell nothing about the shopper.

use crate::json::Writer;
use crate::list;
use crate::words::{self, List};

/// Path segments after which a segment names one thing of many.
const COLLECTIONS: List = list![
    "p",
    "product",
    "products",
    "item",
    "items",
    "tuote",
    "tuotteet",
    "produkt",
    "produkter",
    "dp",
    "order",
    "orders",
    "tilaus",
    "user",
];

/// A segment longer than this is no name of a section any more, in bytes.
const LONG_SEGMENT: usize = 40;

/// The template of a URL's path: `/p/espresso-77` becomes `/p/:id`. Query and fragment never stay.
///
/// A segment is an identifier when it follows the name of a collection, is a number, holds three digits (dates, slugs with ids) or
/// an `@`, mixes digits with capitals (article numbers), is hexadecimal (ids that machines make), or is very long. Languages
/// (`fi`, `en-gb`) are none.
#[must_use]
pub fn page_template(path: &str) -> String {
    let (path, _) = words::cut(path, b'#');
    let (path, _) = words::cut(path, b'?');
    let mut out = Writer::sized(path.len());
    let mut before = "";
    for segment in words::parts(path, b'/') {
        if !segment.is_empty() {
            out.raw("/");
            out.raw(if COLLECTIONS.place(before).is_some() || is_identifier(segment) { ":id" } else { segment });
            before = segment;
        }
    }
    if out.as_str().is_empty() {
        out.raw("/");
    }
    out.into_string()
}

/// Hexadecimal from here on is no word any more, in digits: `decade` and `facade` are six.
const HEX: usize = 8;

fn is_identifier(segment: &str) -> bool {
    let (mut digits, mut hex, mut capitals) = (0, 0, 0);
    for byte in segment.bytes() {
        match byte {
            b'0'..=b'9' => digits += 1,
            b'a'..=b'f' => hex += 1,
            b'A'..=b'Z' => capitals += 1,
            b'@' | b'%' | b'=' | b';' => return true,
            _ => {}
        }
    }
    let bytes = segment.len();
    digits >= 3
        || bytes > LONG_SEGMENT
        || digits > 0 && (capitals > 0 || digits == bytes || bytes >= HEX && digits + hex == bytes)
}

/// Names of pages that tell their kind and nothing else.
const KINDS: List = list!["thanks", "thank-you", "kiitos", "order", "cart", "checkout"];

/// The kind of page that a template is of, for answers without `measure`: its last segment that is a known one.
pub(crate) fn page_type(template: &str) -> &str {
    let mut kind = "page";
    for segment in words::parts(template, b'/') {
        if KINDS.place(segment).is_some() {
            kind = segment;
        }
    }
    kind
}

/// A name for an element: the shop's own `data-polku-id`, else its tag with an id that no framework made up, else its tag and role.
#[must_use]
// A text of one sign and not a sign: the code that pushes a sign would come to the page for it.
#[allow(clippy::single_char_add_str)]
pub fn target_name(polku_id: &str, tag: &str, id: &str, role: &str) -> String {
    let mut out = String::new();
    if !polku_id.is_empty() && polku_id.len() <= 40 {
        out.push_str(polku_id);
    } else {
        out.push_str(tag);
        let generated = is_identifier(id) || id.bytes().any(|byte| byte == b':');
        if !id.is_empty() && !generated {
            out.push_str("#");
            out.push_str(id);
        } else if !role.is_empty() && role != tag {
            out.push_str(" ");
            out.push_str(role);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lose_their_identifiers() {
        for (path, template) in [
            ("/", "/"),
            ("", "/"),
            ("/p/espresso-77", "/p/:id"),
            ("/en/p/dripper?color=red#x", "/en/p/:id"),
            ("/c/coffee", "/c/coffee"),
            ("/order/KK-10482/status", "/order/:id/status"),
            ("/account/anna@example.com/", "/account/:id"),
            ("/a/anna%40example.com", "/a/:id"),
            ("/blog/2026/hello", "/blog/:id/hello"),
            ("/fi/kassa", "/fi/kassa"),
            ("/en-gb/c/4k-tv", "/en-gb/c/4k-tv"),
            ("/c/coffee/2", "/c/coffee/:id"),
            ("/uutiset/2026/11/22/joulu", "/uutiset/:id/:id/:id/joulu"),
            ("/kengat/juoksu-48213", "/kengat/:id"),
            ("/x/3f2504e0-4f89-11d3-9a0c-0305e82c3301", "/x/:id"),
            ("/x/a1badcafe", "/x/:id"),
            ("/c/facade/decade1", "/c/facade/decade1"),
            ("/x/AB-12", "/x/:id"),
            ("/x/dQw4w9WgXcQ", "/x/:id"),
            ("/shop/Kahvi", "/shop/Kahvi"),
        ] {
            assert_eq!(page_template(path), template, "{path}");
        }
    }

    #[test]
    fn the_type_of_a_page_is_its_last_telling_segment() {
        assert_eq!(page_type("/shop/en/thanks"), "thanks");
        assert_eq!(page_type("/p/:id"), "page");
        assert_eq!(page_type("/"), "page");
    }

    #[test]
    fn elements_are_named_by_what_the_shop_calls_them() {
        assert_eq!(target_name("pay", "button", "x", ""), "pay");
        assert_eq!(target_name("", "button", "buy", ""), "button#buy");
        assert_eq!(target_name("", "button", "radix-1234", "button"), "button");
        assert_eq!(target_name("", "div", ":r1:", "button"), "div button");
    }
}
