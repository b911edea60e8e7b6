//! Addresses of pages: what names a page stays, what names a person or a visit goes.
//!
//! Parameters are kept by an allow-list, segments of the path by what they look like. An address is taken apart by hand and put together
//! again from its own bytes, so that what is clean comes out as it went in, malformed or not.

use super::keys::is_random;
use super::{Kind, ROUNDS, scrub};
use crate::list;
use crate::words::{List, cut, slice};

/// What stands for a value that goes.
const GONE: &str = "…";
/// … and for a segment of the path, as in the templates of pages.
const SEGMENT: &str = ":id";

/// Parameters that say what a page shows; `utm_…` and `filter[…]` beside them.
const ALLOWED: List = list!["page", "sort", "q", "size", "color", "colour", "variant", "lang", "currency", "cat",];

/// Parameters that hold another address.
const NESTED: List = list![
    "next",
    "url",
    "redirect",
    "redirect_url",
    "redirect_uri",
    "redirect_to",
    "return",
    "return_to",
    "return_url",
    "returnurl",
    "returnto",
    "continue",
    "goto",
    "target",
    "back",
    "backurl",
    "dest",
    "destination",
    "to",
    "u",
    "ref",
    "referrer",
    "referer",
    "link",
    "from",
    "callback",
    "r",
    "forward",
];

/// Segments behind which one goes, whatever it is.
const PERSONS: List = list![
    "orders",
    "users",
    "user",
    "u",
    "customers",
    "customer",
    "members",
    "member",
    "tilaukset",
    "kayttajat",
    "asiakkaat",
    "bestallningar",
    "anvandare",
    "kunder",
    "ordrer",
    "brukere",
    "brugere",
    "tellimused",
    "kasutajad",
    "kliendid",
    "bestellungen",
    "benutzer",
    "kunden",
    "commandes",
    "utilisateurs",
    "clients",
    "pedidos",
    "usuarios",
    "clientes",
    "bestellingen",
    "gebruikers",
    "klanten",
];

/// … and behind which all that follows goes.
const SECRETS: List = list![
    "reset",
    "activate",
    "unsubscribe",
    "magic",
    "invite",
    "reset-password",
    "password-reset",
    "magic-link",
    "magiclink",
    "invites",
    "invitation",
    "invitations",
    "verify",
    "confirm",
    "cn",
];

/// Words behind which long numbers go, by how they begin.
const ORDERS: List = list![
    "order", "tilau", "bestal", "beställ", "bestell", "bestill", "ordre", "tellimu", "command", "pedido", "invoice",
    "lasku", "faktura", "rechnung", "facture", "factura", "factuur", "arve", "receipt", "kuitti", "kvitt", "track",
    "seuranta", "parcel", "shipment", "ticket", "return", "palautu", "retur", "retour", "checkout", "customer",
    "asiakas", "kund", "klant", "klient", "client", "account",
];

/// Digits behind such a word, at least.
const LONG: usize = 5;
/// A segment that mixes classes is no name from here on, in bytes.
const MIXED: usize = 20;
/// … and a hexadecimal one.
const HEX: usize = 16;
/// How often a value is decoded, and how deep an address may lie in another.
const DEEP: usize = 3;
/// The longest name of an unknown parameter that stays, in bytes.
const NAME: usize = 24;

/// `url` without what tells who somebody is, and without what marks one visit: user names, unknown parameters, click ids, identifiers in the path. Scrubbing
/// the result changes nothing more.
#[must_use]
pub fn scrub_url(url: &str) -> String {
    let mut out = within(url, 0);
    // What went can leave beside it what is read otherwise now, once or twice.
    for _ in 0..ROUNDS {
        let next = within(&out, 0);
        if next == out {
            break;
        }
        out = next;
    }
    out
}

fn within(url: &str, depth: usize) -> String {
    let mut out = String::with_capacity(url.len());
    let (address, fragment) = cut(url, b'#');
    let (place, query) = cut(address, b'?');
    let path = origin(place, &mut out);
    let Some(path) = path else {
        // `mailto:`, `tel:`: all of it is somebody's.
        out.push_str(GONE);
        return out;
    };
    segments(path, &mut out, depth);
    if address.len() > place.len() {
        out.push('?');
        pairs(query, b'&', &mut out, depth);
    }
    if url.len() > address.len() {
        hash(fragment, &mut out, depth);
    }
    out
}

/// Writes scheme and host, without the user before it; gives back the path. Nothing where there is neither.
fn origin<'a>(place: &'a str, out: &mut String) -> Option<&'a str> {
    let (scheme, behind) = cut(place, b':');
    let named = scheme.len() < place.len()
        && scheme.as_bytes().first().is_some_and(u8::is_ascii_alphabetic)
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    let mut rest = place;
    let slashed = |byte: u8| matches!(byte, b'/' | b'\\');
    if named {
        // A host and its port look like a scheme, but digits follow. What follows `http:` is an address even without slashes.
        let port = behind.as_bytes().first().is_some_and(u8::is_ascii_digit) && scheme.contains('.')
            || scheme.eq_ignore_ascii_case("localhost");
        if !port {
            let web = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
            if !behind.as_bytes().first().is_some_and(|byte| slashed(*byte)) && !web {
                out.push_str(scheme);
                out.push(':');
                return None;
            }
            out.push_str(scheme);
            out.push(':');
            rest = behind;
        }
    }
    let slashes = rest.bytes().take_while(|byte| slashed(*byte)).count();
    if slashes >= 2 || rest.len() < place.len() {
        let end = rest.bytes().skip(slashes).take_while(|byte| !slashed(*byte)).count() + slashes;
        let host = slice(rest, slashes, end);
        // What stands before the last @ is a user, and perhaps a password.
        let from = host.rfind('@').map_or(0, |at| at + 1);
        out.push_str(slice(rest, 0, slashes));
        out.push_str(slice(host, from, host.len()));
        rest = slice(rest, end, rest.len());
    }
    Some(rest)
}

/// Writes the path, a segment at a time.
fn segments(path: &str, out: &mut String, depth: usize) {
    let mut rest = path;
    let mut before = String::new();
    let (mut secret, mut assets) = (false, false);
    loop {
        let (segment, next) = cut(rest, b'/');
        let (name, matrix) = cut(segment, b';');
        let plain = decoded(name).map(|plain| plain.to_lowercase());
        match plain {
            // Encoded more than three times, somebody hides something.
            None => out.push_str(SEGMENT),
            Some(plain) => {
                let gone = !name.is_empty()
                    && (secret || PERSONS.place(&before).is_some() || is_private(name, &before, assets, depth));
                out.push_str(if gone { SEGMENT } else { name });
                secret |= SECRETS.place(&plain).is_some() && (plain != "cn" || before == "checkouts");
                assets |= plain == "assets";
                if !name.is_empty() {
                    before = plain;
                }
            }
        }
        if segment.len() > name.len() {
            out.push(';');
            pairs(matrix, b';', out, depth);
        }
        if rest.len() == segment.len() {
            break;
        }
        out.push('/');
        rest = next;
    }
}

/// Whether a segment names one person, order or visit.
fn is_private(name: &str, before: &str, assets: bool, depth: usize) -> bool {
    let Some(plain) = decoded(name) else { return true };
    let bytes = plain.as_bytes();
    // A path or an address in one segment.
    if bytes.iter().any(|byte| matches!(byte, b'/' | b'\\' | b'?' | b'#' | b'&'))
        && (depth >= DEEP || within(&plain, depth + 1) != plain)
    {
        return true;
    }
    let digits = bytes.iter().filter(|byte| byte.is_ascii_digit()).count();
    let own = ORDERS.begins(&plain.to_lowercase());
    if digits >= LONG && (ORDERS.begins(before) || own) {
        return true;
    }
    let has = |class: fn(&u8) -> bool| bytes.iter().any(class);
    if bytes.len() >= MIXED && digits > 0 && has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase) {
        return true;
    }
    // Machines' ids, also as a part of a name: `session-0a1b…`.
    if !assets {
        let mut run = 0;
        let (mut letters, mut numbers) = (false, false);
        for byte in bytes.iter().chain(b"/") {
            if byte.is_ascii_hexdigit() {
                run += 1;
                letters |= byte.is_ascii_alphabetic();
                numbers |= byte.is_ascii_digit();
            } else {
                if run >= HEX && letters && numbers {
                    return true;
                }
                (run, letters, numbers) = (0, false, false);
            }
        }
        if bytes.len() >= MIXED && is_random(bytes) {
            return true;
        }
    }
    has(|byte| *byte == b'@') && !bytes.starts_with(b"@")
        || scrub(&plain).found.iter().any(|found| !(assets && found.kind == Kind::ApiKey))
}

/// Writes parameters with `sign` between them.
fn pairs(query: &str, sign: u8, out: &mut String, depth: usize) {
    let mut rest = query;
    loop {
        let (pair, next) = cut(rest, sign);
        one(pair, out, depth);
        if rest.len() == pair.len() {
            break;
        }
        out.push(char::from(sign));
        rest = next;
    }
}

/// Writes one parameter.
fn one(pair: &str, out: &mut String, depth: usize) {
    let (name, value) = cut(pair, b'=');
    let plain = decoded(name).unwrap_or_default();
    let valued = pair.len() > name.len();
    let small = plain.to_lowercase();
    let named = matches!(plain.len(), 1..=NAME)
        && plain.bytes().all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'_' | b'[' | b']' | b'-'));
    let filter = small.starts_with("filter[") && small.ends_with(']') && scrub(&small).found.is_empty();
    let allowed = ALLOWED.place(&small).is_some()
        || small.strip_prefix("utm_").is_some_and(|rest| {
            rest.len() <= NAME && rest.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
        })
        || filter;
    if pair.is_empty() {
        return;
    }
    let nested = NESTED.place(&small).is_some();
    out.push_str(if named || allowed || nested { name } else { GONE });
    if !valued {
        return;
    }
    out.push('=');
    if value.is_empty() {
        return;
    }
    let Some(plain) = decoded(value) else {
        out.push_str(GONE);
        return;
    };
    if allowed {
        // A plus is one, or a space.
        let with = scrub(&plain);
        let without = scrub(&with.text.replace('+', " "));
        if with.found.is_empty() && without.found.is_empty() && !is_link(&plain) && !is_token(&plain) {
            out.push_str(value);
        } else if is_link(&plain) || is_token(&plain) {
            out.push_str(GONE);
        } else {
            encode(&without.text, out);
        }
    } else if is_link(&plain) && (nested || named) && depth < DEEP {
        let kept = within(&plain, depth + 1);
        if kept == plain {
            out.push_str(value);
        } else if !is_link(&kept) {
            // It only looked like an address: what is left of it would be read otherwise the next time.
            out.push_str(GONE);
        } else {
            encode(&kept, out);
        }
    } else {
        out.push_str(GONE);
    }
}

/// Whether a value is an address itself.
fn is_link(value: &str) -> bool {
    value.starts_with('/') || value.contains("://")
}

/// Whether a value of an allowed parameter is none: an id that a machine made.
fn is_token(value: &str) -> bool {
    let bytes = value.as_bytes();
    let has = |class: fn(&u8) -> bool| bytes.iter().any(class);
    bytes.len() >= MIXED
        && !bytes.contains(&b' ')
        && has(u8::is_ascii_digit)
        && has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_lowercase)
        && is_random(bytes)
}

/// Writes what is behind the `#`: the name of a place in the page, or a path and parameters of an application.
fn hash(fragment: &str, out: &mut String, depth: usize) {
    let mut bytes = fragment.bytes();
    let name = bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic()) && fragment.len() <= 31;
    let name = name && bytes.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    if fragment.is_empty() || name && !is_private(fragment, "", false, depth) {
        out.push('#');
        out.push_str(fragment);
    } else if depth < DEEP {
        let mark = usize::from(fragment.starts_with('!'));
        let route = slice(fragment, mark, fragment.len());
        if route.starts_with('/') {
            out.push('#');
            out.push_str(slice(fragment, 0, mark));
            out.push_str(&within(route, depth + 1));
        }
    }
}

/// What is written with `%` and two digits, also where that was done up to three times; nothing where it was done more often.
fn decoded(text: &str) -> Option<String> {
    let mut plain = text.to_owned();
    for _ in 0..=DEEP {
        let next = once(&plain);
        if next == plain {
            return Some(plain);
        }
        plain = next;
    }
    None
}

fn once(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let digit = |at: usize| bytes.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match (byte, digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push((high * 16 + low) as u8);
                at += 3;
            }
            _ => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Writes a text as a value of a parameter; a space not as a plus, which could be read as one of a phone number.
fn encode(text: &str, out: &mut String) {
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z'
            | b'A'..=b'Z'
            | b'0'..=b'9'
            | b'-'
            | b'_'
            | b'.'
            | b'~'
            | b'['
            | b']'
            | b'/'
            | b':'
            | b','
            | b'?'
            | b'=' => out.push(char::from(byte)),
            _ => {
                out.push('%');
                for half in [byte >> 4, byte & 15] {
                    out.push(char::from(b"0123456789ABCDEF"[usize::from(half)]));
                }
            }
        }
    }
}
