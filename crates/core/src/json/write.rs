//! Writes JSON by hand: no formatting machinery, no floats.

use crate::words;

/// JSON text as it grows. It writes what it is told; the caller knows the shape.
#[derive(Clone, Default)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Writer {
    out: String,
}

impl Writer {
    /// A writer for about `bytes`: natively the room is made at once, on a page it grows.
    #[must_use]
    pub fn sized(bytes: usize) -> Self {
        Self { out: if cfg!(target_arch = "wasm32") { String::new() } else { String::with_capacity(bytes) } }
    }

    /// A writer for an object of about `bytes`, which it has begun.
    #[must_use]
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub fn object(bytes: usize) -> Self {
        let mut out = Self::sized(bytes);
        out.raw("{");
        out
    }

    /// Text as it is: punctuation and values that are JSON already.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub fn raw(&mut self, json: &str) {
        self.out.push_str(json);
    }

    /// One character of `table`, which is ASCII.
    pub fn one_of(&mut self, table: &str, at: usize) {
        self.raw(words::slice(table, at, at + 1));
    }

    /// A whole number.
    #[cfg(target_arch = "wasm32")]
    pub fn number(&mut self, number: u64) {
        if number >= 10 {
            self.number(number / 10);
        }
        self.one_of("0123456789", (number % 10) as usize);
    }

    /// A whole number, in one go: natively a page does not pay for it.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn number(&mut self, mut number: u64) {
        if number < 10 {
            return self.one_of("0123456789", number as usize);
        }
        let mut digits = [0; 20];
        let mut at = digits.len();
        // Two at a time: a division costs more than all the rest.
        while number >= 100 {
            at -= 2;
            let pair = (number % 100) as u8;
            number /= 100;
            digits[at] = b'0' + pair / 10;
            digits[at + 1] = b'0' + pair % 10;
        }
        if number >= 10 {
            at -= 1;
            digits[at] = b'0' + (number % 10) as u8;
            number /= 10;
        }
        at -= 1;
        digits[at] = b'0' + number as u8;
        self.raw(std::str::from_utf8(&digits[at..]).unwrap_or_default());
    }

    /// Whole numbers, a comma before each.
    #[cfg(target_arch = "wasm32")]
    #[inline(never)]
    pub fn numbers(&mut self, numbers: &[u64]) {
        for &number in numbers {
            self.raw(",");
            self.number(number);
        }
    }

    /// Whole numbers, a comma before each. Most tallies are none: natively they are written in one go.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn numbers(&mut self, numbers: &[u64]) {
        const NONE: &str = ",0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0";
        let mut rest = numbers;
        while !rest.is_empty() {
            let none = rest.iter().take(NONE.len() / 2).take_while(|number| **number == 0).count();
            self.raw(&NONE[..none * 2]);
            rest = &rest[none..];
            if let [number, after @ ..] = rest
                && *number > 0
            {
                self.raw(",");
                self.number(*number);
                rest = after;
            }
        }
    }

    /// A string with its quotes. What would need an escape has no place in the names and paths that are written so: it
    /// becomes `_`, and a line feed a space.
    pub fn text(&mut self, text: &str) {
        self.raw("\"");
        let bytes = text.as_bytes();
        let mut done = 0;
        let mut at = 0;
        while at < bytes.len() {
            if bytes[at] < b' ' || matches!(bytes[at], b'"' | b'\\') {
                self.raw(words::slice(text, done, at));
                self.raw(if bytes[at] == b'\n' { " " } else { "_" });
                done = at + 1;
            }
            at += 1;
        }
        self.raw(words::slice(text, done, bytes.len()));
        self.raw("\"");
    }

    /// A string with its quotes and escapes: for what people write, which must arrive as it was.
    pub fn escaped(&mut self, text: &str) {
        self.raw("\"");
        let bytes = text.as_bytes();
        let mut done = 0;
        let mut at = 0;
        while at < bytes.len() {
            let byte = bytes[at];
            if byte < b' ' || matches!(byte, b'"' | b'\\') {
                self.raw(words::slice(text, done, at));
                self.raw("\\u00");
                self.one_of("0123456789abcdef", usize::from(byte >> 4));
                self.one_of("0123456789abcdef", usize::from(byte & 15));
                done = at + 1;
            }
            at += 1;
        }
        self.raw(words::slice(text, done, bytes.len()));
        self.raw("\"");
    }

    /// `"name":`, after a comma where one is due.
    pub fn key(&mut self, name: &str) {
        self.comma();
        self.raw("\"");
        self.raw(name);
        self.raw("\":");
    }

    /// A comma, where something stands before in this object or array.
    pub fn comma(&mut self) {
        if !matches!(self.out.as_bytes().last(), Some(b'{' | b'[' | b':') | None) {
            self.raw(",");
        }
    }

    /// `"name":"text"`.
    pub fn text_member(&mut self, name: &str, text: &str) {
        self.key(name);
        self.text(text);
    }

    /// `"name":"text"`, with escapes.
    pub fn escaped_member(&mut self, name: &str, text: &str) {
        self.key(name);
        self.escaped(text);
    }

    /// `"name":"word"`, for a word that needs no escapes.
    pub fn word_member(&mut self, name: &str, word: &str) {
        self.key(name);
        self.raw("\"");
        self.raw(word);
        self.raw("\"");
    }

    /// `"name":number`.
    pub fn number_member(&mut self, name: &str, number: u64) {
        self.key(name);
        self.number(number);
    }

    /// `"name":true` or `false`.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub fn flag_member(&mut self, name: &str, flag: bool) {
        self.key(name);
        self.raw(if flag { "true" } else { "false" });
    }

    /// What has been written so far.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.out
    }

    /// Cuts the text back to `len` bytes.
    pub fn truncate(&mut self, len: usize) {
        self.out.truncate(len);
    }

    /// Takes the bytes from `start` to `end` out; both lie between two values.
    pub fn remove(&mut self, start: usize, end: usize) {
        self.out.drain(start..end);
    }

    /// What has been written.
    #[must_use]
    pub fn into_string(self) -> String {
        self.out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_whole() {
        for number in [0, 7, 10, 1_795_284_085, u64::MAX] {
            let mut out = Writer::default();
            out.number(number);
            assert_eq!(out.into_string(), number.to_string());
        }
    }

    proptest::proptest! {
        #[test]
        fn what_people_write_arrives_as_it_was(text in ".*") {
            let mut out = Writer::default();
            out.escaped(&text);
            proptest::prop_assert_eq!(serde_json::from_str::<String>(&out.into_string()).unwrap(), text);
        }

        #[test]
        fn any_text_is_valid_json(text in ".*") {
            let mut out = Writer::default();
            out.text(&text);
            let back: String = serde_json::from_str(&out.into_string()).unwrap();
            proptest::prop_assert_eq!(back.chars().count(), text.chars().count());
        }
    }
}
