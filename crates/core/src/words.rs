//! Small steps over text, byte by byte. The standard library's searches are general, and every page would pay for that.

/// `text` before and after the first `sign`, an ASCII character; all of it and nothing where there is none.
#[must_use]
pub fn cut(text: &str, sign: u8) -> (&str, &str) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] == sign {
            return (slice(text, 0, at), slice(text, at + 1, bytes.len()));
        }
        at += 1;
    }
    (text, "")
}

/// What stands in `text` from one byte to another; nothing where a character would be cut. One way to cut text: each further one (to the end,
/// from the start, …) comes with code of its own.
#[must_use]
#[cfg_attr(target_arch = "wasm32", inline(never))]
pub fn slice(text: &str, from: usize, to: usize) -> &str {
    text.get(from..to).unwrap_or_default()
}

/// The parts of `text` between the `sign`s; of an empty text none.
#[must_use]
pub fn parts(text: &str, sign: u8) -> Parts<'_> {
    Parts { rest: text, sign }
}

/// See [`parts`].
pub struct Parts<'a> {
    rest: &'a str,
    sign: u8,
}

impl<'a> Iterator for Parts<'a> {
    type Item = &'a str;

    #[cfg_attr(target_arch = "wasm32", inline(never))]
    fn next(&mut self) -> Option<&'a str> {
        if self.rest.is_empty() {
            return None;
        }
        let (part, rest) = cut(self.rest, self.sign);
        self.rest = rest;
        Some(part)
    }
}

/// Which of the parts of `text` between the `sign`s `word` is.
#[must_use]
#[cfg_attr(target_arch = "wasm32", inline(never))]
pub fn place(text: &str, sign: u8, word: &str) -> Option<usize> {
    parts(text, sign).position(|part| part == word)
}

/// Calls `each` with the parts of `text` between the `sign`s.
pub fn split<'a>(mut text: &'a str, sign: u8, each: &mut dyn FnMut(&'a str)) {
    while !text.is_empty() {
        let (part, rest) = cut(text, sign);
        each(part);
        text = rest;
    }
}

/// The whole number that `text` writes with digits alone.
#[must_use]
pub fn number(text: &str) -> Option<u64> {
    let mut number: u64 = 0;
    for byte in text.bytes() {
        let digit = u64::from(byte.wrapping_sub(b'0'));
        // A product that is checked would bring 128 bits to the page.
        if digit > 9 || number > (u64::MAX - digit) / 10 {
            return None;
        }
        number = number * 10 + digit;
    }
    (!text.is_empty()).then_some(number)
}

/// The whole numbers of a text with commas between them, less a dash or nothing at its beginning; 0 for what is none.
#[must_use]
#[cfg_attr(target_arch = "wasm32", inline(never))]
pub fn numbers(text: &str) -> Vec<u64> {
    let mut numbers = Vec::new();
    for word in parts(text, b',') {
        if !matches!(word, "" | "-") {
            numbers.push(number(word).unwrap_or_default());
        }
    }
    numbers
}

/// Whether `text` is a short word that needs no escape anywhere: letters, digits, `_`, `-` and `.`, 40 at most.
#[must_use]
#[cfg_attr(target_arch = "wasm32", inline(never))]
pub fn is_plain(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    matches!(text.len(), 1..=40) && text.bytes().all(plain)
}

/// Puts `text` into the place of that member of `texts` with the same first `key` bytes, else behind them all. Says whether there
/// was room: there are `most` at most.
#[cfg_attr(target_arch = "wasm32", inline(never))]
pub(crate) fn put(texts: &mut Vec<String>, text: String, key: usize, most: usize) -> bool {
    match texts.iter().position(|known| known.as_bytes().get(..key) == text.as_bytes().get(..key)) {
        Some(at) => texts[at] = text,
        None if texts.len() < most => texts.push(text),
        None => return false,
    }
    true
}

/// Which column of a packed list `place` is in: `ends` says where each but the last one ends.
#[must_use]
pub(crate) fn column(ends: &[u8], place: usize) -> usize {
    ends.iter().filter(|end| usize::from(**end) <= place).count()
}

/// A closed list of words, packed: a table of references would cost every page eight bytes for each.
pub struct List {
    /// The words, without anything between them.
    pub text: &'static str,
    /// How long each is, in bytes.
    pub lens: &'static [u8],
}

/// `list!["one", "two"]`: a [`List`], packed by the compiler.
#[macro_export]
macro_rules! list {
    ($($word:literal),* $(,)?) => {
        $crate::words::List { text: concat!($($word),*), lens: &[$($word.len() as u8),*] }
    };
}

impl List {
    /// Where `word` is in the list.
    #[must_use]
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub fn place(&self, word: &str) -> Option<usize> {
        let mut from = 0;
        self.lens.iter().position(|&len| {
            let start = from;
            from += usize::from(len);
            word.len() == usize::from(len) && self.text.as_bytes().get(start..from) == Some(word.as_bytes())
        })
    }

    /// Whether `text` begins with a word of the list.
    #[must_use]
    pub fn begins(&self, text: &str) -> bool {
        let mut from = 0;
        self.lens.iter().any(|&len| {
            let start = from;
            from += usize::from(len);
            self.text.as_bytes().get(start..from) == text.as_bytes().get(..usize::from(len))
        })
    }

    /// The word at `place`; nothing beyond the end.
    #[must_use]
    pub fn at(&self, place: usize) -> &'static str {
        let mut from = 0;
        for &len in self.lens.get(..place).unwrap_or_default() {
            from += usize::from(len);
        }
        let len = self.lens.get(place).copied().unwrap_or_default();
        slice(self.text, from, from + usize::from(len))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_cut_at_signs() {
        assert_eq!(cut("a b c", b' '), ("a", "b c"));
        assert_eq!(cut("abc", b' '), ("abc", ""));
        let mut parts = Vec::new();
        split("/ä//b", b'/', &mut |part| parts.push(part));
        assert_eq!(parts, ["", "ä", "", "b"]);
    }

    #[test]
    fn words_of_a_list_are_found_whole() {
        const LIST: List = list!["ab", "c", "aé"];
        let list = LIST;
        assert_eq!([list.place("ab"), list.place("c"), list.place("aé")], [Some(0), Some(1), Some(2)]);
        assert_eq!([list.place("a"), list.place("bc"), list.place("")], [None; 3]);
        assert_eq!([list.at(0), list.at(2), list.at(3)], ["ab", "aé", ""]);
    }

    #[test]
    fn numbers_are_digits_alone() {
        assert_eq!(number("18446744073709551615"), Some(u64::MAX));
        for text in ["", "-1", "+1", "1.0", "18446744073709551616", "1 ", "٣"] {
            assert_eq!(number(text), None, "{text}");
        }
    }
}
