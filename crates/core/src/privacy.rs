//! The short rule for text that every page's module can afford: no e-mail address and no long number leaves.
//!
//! The prompt's module carries the full scrubber; this one is for search terms, property values and error kinds.

/// Seven digits: the shortest run that can be a phone number or an identifier, and longer than prices, years and sizes.
const LONG_NUMBER: usize = 7;

/// `text` without e-mail addresses and long numbers: `[email]` and `[number]` stand in their places.
///
/// A number may hold single spaces, dashes, dots, slashes, brackets or a leading plus between its digits.
#[must_use]
pub fn scrub_short(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| !c.is_ascii_whitespace()) {
        let (space, word) = rest.split_at(at);
        out.push_str(space);
        if let Some(end) = number_end(word) {
            out.push_str("[number]");
            rest = &word[end..];
            continue;
        }
        let end = word.find(|c: char| c.is_ascii_whitespace()).unwrap_or(word.len());
        push_word(&mut out, &word[..end]);
        rest = &word[end..];
    }
    out.push_str(rest);
    out
}

/// Whether [`scrub_short`] would change `bytes`: the quick look that lets ordinary values pass untouched.
pub(crate) fn is_clean(bytes: &[u8]) -> bool {
    let mut digits = 0;
    for &byte in bytes {
        match byte {
            b'@' => return false,
            b'0'..=b'9' => digits += 1,
            _ => {}
        }
    }
    digits < LONG_NUMBER
}

/// One word: an address is masked between its edges of punctuation, a long number inside it too.
fn push_word(out: &mut String, word: &str) {
    let inside = word.trim_matches(|c: char| c.is_ascii_punctuation());
    if let Some((local, domain)) = inside.split_once('@')
        && !local.is_empty()
        && domain.contains('.')
        && let Some(start) = word.find(inside)
    {
        out.push_str(&word[..start]);
        out.push_str("[email]");
        out.push_str(&word[start + inside.len()..]);
        return;
    }
    let mut rest = word;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, number) = rest.split_at(at);
        out.push_str(before);
        let end = match number_end(number) {
            Some(end) => {
                out.push_str("[number]");
                end.min(number.len())
            }
            None => {
                let end = number.find(|c: char| !c.is_ascii_digit()).unwrap_or(number.len());
                out.push_str(&number[..end]);
                end
            }
        };
        rest = &number[end..];
    }
    out.push_str(rest);
}

/// Where the long number at the start of `text` ends, if there is one.
fn number_end(text: &str) -> Option<usize> {
    let mut digits = 0;
    let mut end = 0;
    let mut gap = 0;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'0'..=b'9' => {
                digits += 1;
                end = at + 1;
                gap = 0;
            }
            b'+' | b'(' if digits == 0 && at < 2 => {}
            b' ' | b'-' | b'.' | b'/' | b'(' | b')' if digits > 0 && gap < 2 => gap += 1,
            _ => break,
        }
    }
    (digits >= LONG_NUMBER).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_long_numbers_go() {
        for (text, clean) in [
            ("write to anna.virtanen@example.fi, please", "write to [email], please"),
            ("(anna@example.com)", "([email])"),
            ("call +358 40 123 4567 today", "call [number] today"),
            ("card 4111 1111 1111 1111", "card [number]"),
            ("id 131052-3082", "id [number]"),
            ("see x12345678y", "see x[number]y"),
        ] {
            assert_eq!(scrub_short(text), clean);
        }
    }

    #[test]
    fn prices_sizes_and_words_stay() {
        for text in [
            "",
            " ",
            "47,90 € for 2 x 250 g",
            "size 42 @ home",
            "ääkköset 2026",
            "  two  spaces ",
            "100 % good",
        ] {
            assert_eq!(scrub_short(text), text);
        }
    }

    #[test]
    fn scrubbing_twice_changes_nothing_more() {
        let once = scrub_short("a@b.fi 12345678 c@d.se+3580000000");
        assert_eq!(scrub_short(&once), once);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_survived_and_a_clean_look_means_unchanged(text in ".*") {
            let scrubbed = scrub_short(&text);
            if is_clean(text.as_bytes()) {
                proptest::prop_assert_eq!(&scrubbed, &text);
            }
            proptest::prop_assert_eq!(scrub_short(&scrubbed), scrubbed);
        }
    }
}
