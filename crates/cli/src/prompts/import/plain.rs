//! Words alone: texts of other tools without HTML, entities, signs that nobody sees, and whatever could be taken for a script.

/// A text, and what had to go from it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Plain {
    pub(super) text: String,
    /// There was HTML.
    pub(super) html: bool,
    /// There was something that could have run.
    pub(super) hostile: bool,
}

/// What is taken away can leave something of the same kind behind, from both its sides; nobody writes it in so many layers.
const LAYERS: usize = 8;

/// What has no words in it for anybody.
const HIDDEN: &[&str] = &["script", "style", "iframe", "object", "noscript", "template"];

pub(super) fn plain(text: &str) -> Plain {
    let mut plain = Plain { text: spaced(text), ..Plain::default() };
    for _ in 0..LAYERS {
        let (stripped, html) = untagged(&decoded(&plain.text));
        let (safe, hostile) = defused(&spaced(&stripped));
        plain.html |= html;
        plain.hostile |= hostile;
        let safe = marked(&safe);
        let done = safe == plain.text;
        plain.text = safe;
        if done {
            break;
        }
    }
    plain.text = spaced(&apart(&plain.text));
    // What is taken out must not bring together what then could run: this is asked of what is left, after everything else.
    if hostile(&plain.text) {
        plain = Plain { text: String::new(), hostile: true, ..plain };
    }
    plain
}

/// What would be a link of ours stays what it was: words. Half a pair of stars goes.
fn marked(text: &str) -> String {
    let text = text.replace("](", "] (");
    let half = text.matches("**").count() % 2 == 1;
    spaced(&if half { text.replace("**", "") } else { text })
}

/// Whether a text, however it is shown or followed, could be more than one.
pub(super) fn hostile(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    let tag = text.as_bytes().windows(2).any(|pair| matches!(pair, [b'<', b'a'..=b'z' | b'/' | b'!' | b'?']));
    tag || text.split(' ').any(|word| harm(word) != Harm::None) || handler(&text, 0).is_some()
}

/// One space between words, and no signs that are not seen or that turn others round.
fn spaced(text: &str) -> String {
    let seen = |sign: char| {
        let unseen = sign.is_control()
            || matches!(sign, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' | '\u{AD}');
        match sign {
            '\t' | '\n' | '\r' => Some(' '),
            _ => (!unseen).then_some(sign),
        }
    };
    let text: String = text.chars().filter_map(seen).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Entities as the signs that they stand for.
fn decoded(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        let entity = &rest[at + 1..];
        let end = entity.bytes().take(10).position(|byte| byte == b';');
        let sign = end.and_then(|end| sign(&entity[..end]));
        match (sign, end) {
            (Some(sign), Some(end)) => {
                out.push(sign);
                rest = &entity[end + 1..];
            }
            _ => {
                out.push('&');
                rest = entity;
            }
        }
    }
    out.push_str(rest);
    out
}

/// The sign that an entity names.
fn sign(entity: &str) -> Option<char> {
    if let Some(number) = entity.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok(),
            None => number.parse().ok(),
        };
        return code.map(|code| char::from_u32(code).filter(|sign| *sign != '\0').unwrap_or(' '));
    }
    const NAMED: &[(&str, char)] = &[
        ("amp", '&'),
        ("lt", '<'),
        ("gt", '>'),
        ("quot", '"'),
        ("apos", '\''),
        ("nbsp", ' '),
        ("colon", ':'),
        ("Tab", ' '),
        ("NewLine", ' '),
        ("lpar", '('),
        ("rpar", ')'),
        ("equals", '='),
        ("auml", 'ä'),
        ("Auml", 'Ä'),
        ("ouml", 'ö'),
        ("Ouml", 'Ö'),
        ("aring", 'å'),
        ("Aring", 'Å'),
        ("uuml", 'ü'),
        ("Uuml", 'Ü'),
        ("szlig", 'ß'),
        ("oslash", 'ø'),
        ("Oslash", 'Ø'),
        ("aelig", 'æ'),
        ("AElig", 'Æ'),
        ("otilde", 'õ'),
        ("Otilde", 'Õ'),
        ("eacute", 'é'),
        ("Eacute", 'É'),
        ("egrave", 'è'),
        ("agrave", 'à'),
        ("ccedil", 'ç'),
        ("ntilde", 'ñ'),
        ("iexcl", '¡'),
        ("iquest", '¿'),
        ("euro", '€'),
        ("pound", '£'),
        ("ndash", '–'),
        ("mdash", '—'),
        ("hellip", '…'),
        ("lsquo", '‘'),
        ("rsquo", '’'),
        ("ldquo", '“'),
        ("rdquo", '”'),
        ("laquo", '«'),
        ("raquo", '»'),
        ("copy", '©'),
        ("reg", '®'),
        ("trade", '™'),
        ("deg", '°'),
        ("middot", '·'),
        ("bull", '•'),
        ("times", '×'),
    ];
    NAMED.iter().find(|(name, _)| *name == entity).map(|(_, sign)| *sign)
}

/// A space after what the check would take for an entity.
fn apart(text: &str) -> String {
    let mut out = String::new();
    for (nth, part) in text.split('&').enumerate() {
        if nth > 0 {
            out.push('&');
            if part.bytes().take(11).any(|byte| byte == b';') {
                out.push(' ');
            }
        }
        out.push_str(part);
    }
    out
}

/// A text without tags; whether there were some.
fn untagged(text: &str) -> (String, bool) {
    // As long as the text itself: only ASCII changes.
    let lower = text.to_ascii_lowercase();
    let (mut out, mut tags, mut at) = (String::new(), false, 0);
    let mut closing = true;
    let attribute = text.rfind('=').unwrap_or_default();
    while let Some(begin) = text[at..].find('<').map(|found| at + found) {
        out.push_str(&text[at..begin]);
        let name = &lower[begin + 1..];
        if !name.starts_with(|sign: char| sign.is_ascii_alphabetic() || matches!(sign, '/' | '!' | '?')) {
            out.push('<');
            at = begin + 1;
            continue;
        }
        tags = true;
        out.push(' ');
        let close = if closing { name.find('>').map(|end| begin + 1 + end + 1) } else { None };
        closing = close.is_some();
        let hidden = HIDDEN.iter().find(|hidden| name.starts_with(**hidden));
        at = match (hidden, close) {
            // What a script or a style says is not said to anybody, to its end.
            (Some(hidden), Some(open)) => {
                let end = lower[open..].find(&format!("</{hidden}")).map(|end| open + end);
                let end = end.and_then(|from| lower[from..].find('>').map(|end| from + end + 1));
                end.unwrap_or(text.len())
            }
            (Some(_), None) => text.len(),
            (None, Some(close)) => close,
            // It has no end: what has attributes was a tag, else the sign goes and the words stay.
            (None, None) if attribute > begin => text.len(),
            (None, None) => begin + 1,
        };
    }
    out.push_str(&text[at..]);
    (out, tags)
}

/// What harm a word could do.
#[derive(PartialEq, Eq)]
enum Harm {
    None,
    /// It names a language and has a colon after it.
    Colon,
    All,
}

/// A word in small letters.
fn harm(word: &str) -> Harm {
    let data = word.find("data:").is_some_and(|at| {
        let before = word[..at].bytes().next_back().is_some_and(|byte| byte.is_ascii_alphanumeric());
        !before && word[at..].contains(['/', ',', ';'])
    });
    if data || ["srcdoc=", "expression(", "url("].iter().any(|sign| word.contains(sign)) {
        return Harm::All;
    }
    match word.find("script:") {
        Some(at) if at + "script:".len() < word.len() => Harm::All,
        Some(_) => Harm::Colon,
        None => Harm::None,
    }
}

/// A text without words that are scripts, and without handlers of events; whether there were some.
fn defused(text: &str) -> (String, bool) {
    let mut cut = false;
    let mut words: Vec<&str> = Vec::new();
    for word in text.split(' ') {
        match harm(&word.to_ascii_lowercase()) {
            Harm::None => words.push(word),
            Harm::Colon => {
                cut = true;
                words.push(word.trim_end_matches(':'));
            }
            Harm::All => cut = true,
        }
    }
    let rest = words.join(" ");
    let lower = rest.to_ascii_lowercase();
    let (mut out, mut at) = (String::new(), 0);
    while let Some((from, to)) = handler(&lower, at) {
        cut = true;
        out.push_str(&rest[at..from]);
        out.push(' ');
        at = to;
    }
    out.push_str(&rest[at..]);
    (out, cut)
}

/// Where the first handler of an event stands in a text of small letters, from a place on, with what it does: `onclick="…"`. "online =" is none.
fn handler(text: &str, mut at: usize) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    while let Some(found) = text[at..].find("on").map(|found| at + found) {
        at = found + 2;
        if found > 0 && bytes[found - 1].is_ascii_alphanumeric() {
            continue;
        }
        let letters = bytes[at..].iter().take_while(|byte| byte.is_ascii_lowercase()).count();
        let name = &text[at..at + letters];
        let mut end = at + letters;
        end += bytes[end..].iter().take_while(|byte| **byte == b' ').count();
        if letters < 3 || name == "line" || bytes.get(end) != Some(&b'=') {
            continue;
        }
        end += bytes[end..].iter().take_while(|byte| matches!(byte, b'=' | b' ')).count();
        let ends = match bytes.get(end) {
            Some(quote @ (b'"' | b'\'')) => {
                end += 1;
                bytes[end..].iter().position(|byte| byte == quote).map(|at| at + 1)
            }
            _ => bytes[end..].iter().position(|byte| *byte == b' '),
        };
        return Some((found, ends.map_or(text.len(), |ends| end + ends)));
    }
    None
}

/// A name for events of any text: small letters, digits and hyphens, 40 at most.
pub(super) fn slug(text: &str) -> String {
    let mut slug = String::new();
    for sign in text.chars() {
        let sign = match sign.to_lowercase().next().unwrap_or(sign) {
            'ä' | 'å' | 'á' | 'à' | 'â' => 'a',
            'ö' | 'ø' | 'õ' | 'ó' => 'o',
            'é' | 'è' | 'ê' => 'e',
            'ü' | 'ú' => 'u',
            sign if sign.is_ascii_alphanumeric() => sign,
            _ => '-',
        };
        if sign != '-' || !(slug.is_empty() || slug.ends_with('-')) {
            slug.push(sign);
        }
        if slug.len() >= 40 {
            break;
        }
    }
    slug.trim_matches('-').to_owned()
}

/// A name like `wanted` that is not taken yet.
pub(super) fn free(wanted: &str, taken: impl Fn(&str) -> bool) -> String {
    let mut name = wanted.to_owned();
    let mut nth = 2;
    while taken(&name) {
        name = numbered(wanted, nth);
        nth += 1;
    }
    name
}

/// A name with a number after it, no longer than names may be. Names are ASCII.
pub(super) fn numbered(name: &str, nth: usize) -> String {
    format!("{}-{nth}", name[..name.len().min(33)].trim_end_matches('-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_become_plain() {
        for (text, words) in [
            ("<p class=\"x\">How\u{200B} <b>likely</b>&nbsp;?</p>", "How likely ?"),
            ("a<script>alert(1)</script>b 2 < 3", "a b 2 < 3"),
            ("see [x](javascript:1)", "see"),
            ("see [x](https://a.fi)", "see [x] (https://a.fi)"),
            ("<img src=x onerror=alert(1)", ""),
            ("<script>ä</scriptäää", ""),
            ("Thanks<script>alert(1)", "Thanks"),
            ("if a <b then", "if a b then"),
            ("&lt;script&gt;x&lt;/script&gt;&auml;&#228;&#xE4;", "äää"),
            ("&amp;lt;img src=x&amp;gt;y", "y"),
            ("java\u{200b}script:alert(1) x", "x"),
            ("Do you write JavaScript: yes or no?", "Do you write JavaScript yes or no?"),
            ("We shop online = at home; data: none", "We shop online = at home; data: none"),
            ("x onerror = \"alert(1)\" y", "x y"),
            ("5 **stars", "5 stars"),
            ("**Bold**", "**Bold**"),
            ("onfo**us=alert(1) x", "x"),
            ("java**script:alert(1) x", "x"),
            ("R&D; &what; x", "R& D; & what; x"),
        ] {
            assert_eq!(plain(text).text, words, "{text}");
        }
        assert!(plain("<b>x</b>").html && !plain("<3 x").html && plain("onclick=x").hostile);
    }

    #[test]
    fn long_texts_of_opened_tags_take_no_time() {
        for piece in ["<script", "<x", "<", "&", "onx", "onclick=", "<a>", "javascript:x ", "&amp;"] {
            let _ = plain(&piece.repeat(20_000));
        }
    }

    #[test]
    fn names_are_plain_and_free() {
        assert_eq!(
            (slug("Kuinka tyytyväinen?"), slug("  "), slug("ÄÖ 1/2")),
            ("kuinka-tyytyvainen".to_owned(), String::new(), "ao-1-2".to_owned())
        );
        assert_eq!(free("x", |name| ["x", "x-2"].contains(&name)), "x-3");
        assert!(free(&"x".repeat(40), |name| name.len() == 40).len() <= 40);
    }
}
