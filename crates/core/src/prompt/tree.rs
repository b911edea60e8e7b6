//! A definition as it crosses from JSON: any value at all, read once. One type instead of a struct for every part: each of those is code that the
//! module pays for, and says "invalid" without saying where.

use crate::json::{Scan, inside};
use crate::words;

/// A longer text than this is no definition: the specification's limit.
pub const MOST_BYTES: usize = 256 * 1024;

/// Deeper than this no definition goes: conditions may be nested eight deep, each with a list around it, below `steps[0].next[0].if`.
const DEEPEST: usize = 40;

/// What stands between the parts of a flat tree, U+001F: in no text that anybody writes.
const APART: u8 = 0x1F;

/// A JSON value.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub enum Tree {
    /// `null`, or nothing.
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number; a definition has little use for others.
    Number(i32),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Self>),
    /// An object, in the order of its text.
    Map(Vec<(String, Self)>),
    /// A number with a fraction, or too large, in millionths: only samples are such. On a page, where nobody asks, 0.
    Odd(i64),
}

impl Tree {
    /// Reads JSON text; `None` where it is none, too long or too deep.
    #[must_use]
    pub fn read(json: &str) -> Option<Self> {
        if json.len() > MOST_BYTES {
            return None;
        }
        let mut scan = Scan::new(json);
        let tree = Self::next(&mut scan, 0)?;
        scan.end()?;
        Some(tree)
    }

    /// Reads what a page hands over: its parts with [`APART`] between them, each with a letter for what it is. `s` is a text, `n` a number, `b` a truth, and `[` or
    /// `{` go until the `]` that is theirs; an object's keys look like texts. Anything else is nothing. The browser has read the JSON already: to write it anew only to
    /// read it here cost the prompt's module more than all of its view.
    ///
    /// `None` where it is too large, too deep or cut off.
    #[must_use]
    pub fn flat(text: &str) -> Option<Self> {
        if text.len() > MOST_BYTES {
            return None;
        }
        let mut rest = words::parts(text, APART);
        let tree = Self::part(rest.next()?, &mut rest, 0)?;
        rest.next().is_none().then_some(tree)
    }

    fn part(part: &str, rest: &mut words::Parts<'_>, depth: usize) -> Option<Self> {
        if depth > DEEPEST {
            return None;
        }
        let inside = words::slice(part, 1, part.len());
        let is_map = match part.as_bytes().first() {
            Some(b's') => return Some(Self::Text(inside.to_owned())),
            Some(b'n') => return Some(Self::numeric(inside)),
            Some(b'b') => return Some(Self::Bool(inside == "true")),
            Some(b'[') => false,
            Some(b'{') => true,
            _ => return Some(Self::Null),
        };
        let (mut list, mut fields) = (Vec::new(), Vec::new());
        loop {
            let mut one = rest.next()?;
            if one == "]" {
                return Some(if is_map { Self::Map(fields) } else { Self::List(list) });
            }
            let key = words::slice(one, 1, one.len());
            if is_map {
                one = rest.next()?;
            }
            let value = Self::part(one, rest, depth + 1)?;
            if is_map {
                fields.push((key.to_owned(), value));
            } else {
                list.push(value);
            }
        }
    }

    fn next(scan: &mut Scan<'_>, depth: usize) -> Option<Self> {
        if depth > DEEPEST {
            return None;
        }
        let mut first = true;
        Some(match scan.next() {
            b'[' => {
                scan.expect(b'[')?;
                let mut list = Vec::new();
                while scan.another(b']', &mut first)? {
                    list.push(Self::next(scan, depth + 1)?);
                }
                Self::List(list)
            }
            b'{' => {
                scan.expect(b'{')?;
                let mut fields: Vec<(String, Self)> = Vec::new();
                while scan.another(b'}', &mut first)? {
                    let key = unescaped(scan.key()?);
                    let value = Self::next(scan, depth + 1)?;
                    // Of two with one name the later counts, as in browsers; what comes from one has no two.
                    #[cfg(not(target_arch = "wasm32"))]
                    fields.retain(|(known, _)| *known != key);
                    fields.push((key, value));
                }
                Self::Map(fields)
            }
            _ => Self::plain(scan.value()?),
        })
    }

    fn plain(raw: &str) -> Self {
        match raw {
            "null" => Self::Null,
            "true" => Self::Bool(true),
            "false" => Self::Bool(false),
            _ => match inside(raw) {
                Some(text) => Self::Text(unescaped(text)),
                None => Self::numeric(raw),
            },
        }
    }

    fn numeric(raw: &str) -> Self {
        let (less, digits) = match raw.as_bytes().first() {
            Some(b'-') => (true, words::slice(raw, 1, raw.len())),
            _ => (false, raw),
        };
        match words::number(digits) {
            Some(number) if number <= i32::MAX as u64 => {
                Self::Number(if less { -(number as i32) } else { number as i32 })
            }
            #[cfg(not(target_arch = "wasm32"))]
            _ => Self::fraction(raw.parse().unwrap_or(f64::MAX)),
            #[cfg(target_arch = "wasm32")]
            _ => Self::Odd(0),
        }
    }

    /// Whole where it is whole, as JavaScript has it: `7.0` is `7`.
    #[cfg(any(feature = "check", not(target_arch = "wasm32")))]
    fn fraction(number: f64) -> Self {
        match number as i32 {
            whole if f64::from(whole) == number => Self::Number(whole),
            _ => Self::Odd((number * 1e6) as i64),
        }
    }

    /// A field of an object; `Null` where there is none.
    #[must_use]
    pub fn get(&self, key: &str) -> &Self {
        self.fields().iter().find(|(name, _)| name == key).map_or(&Self::Null, |(_, value)| value)
    }

    /// Whether it is nothing.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Whether it is `true`.
    #[must_use]
    pub fn is_true(&self) -> bool {
        matches!(self, Self::Bool(true))
    }

    /// Whether it is `false`.
    #[must_use]
    pub fn is_false(&self) -> bool {
        matches!(self, Self::Bool(false))
    }

    /// The text that it is, else the empty one.
    #[must_use]
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub fn text(&self) -> &str {
        if let Self::Text(text) = self { text } else { "" }
    }

    /// The number that it is.
    #[must_use]
    pub fn number(&self) -> Option<i32> {
        if let Self::Number(number) = self { Some(*number) } else { None }
    }

    /// The list that it is, else the empty one.
    #[must_use]
    pub fn list(&self) -> &[Self] {
        if let Self::List(list) = self { list } else { &[] }
    }

    /// The fields of the object that it is, else none.
    #[must_use]
    pub fn fields(&self) -> &[(String, Self)] {
        if let Self::Map(fields) = self { fields } else { &[] }
    }
}

/// What the inside of a JSON text says.
#[cfg(not(target_arch = "wasm32"))]
fn unescaped(inside: &str) -> String {
    crate::json::plain(inside)
}

/// What the inside of a JSON text says that a browser has written: it writes characters as they are, and escapes of halves of them only where there
/// is no other half.
#[cfg(target_arch = "wasm32")]
#[inline(never)]
fn unescaped(inside: &str) -> String {
    let mut out = String::new();
    let mut rest = inside;
    loop {
        let (before, after) = words::cut(rest, b'\\');
        out.push_str(before);
        let Some(&sign) = after.as_bytes().first() else { return out };
        let (code, len) = match sign {
            b'n' => (10, 1),
            b'r' => (13, 1),
            b't' => (9, 1),
            b'b' => (8, 1),
            b'f' => (12, 1),
            b'u' => {
                let digits = words::slice(after, 1, 5).bytes();
                (digits.fold(0, |code, digit| code << 4 | u32::from(digit & 15) + u32::from(digit >> 6) * 9), 5)
            }
            sign => (u32::from(sign), 1),
        };
        out.push(char::from_u32(code).unwrap_or('\u{FFFD}'));
        rest = words::slice(after, len, after.len());
    }
}

/// As serde brings it: where the check gets it from JavaScript, and the command from a file.
#[cfg(feature = "check")]
mod crossing {
    use std::fmt;

    use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

    use super::{DEEPEST, Tree};

    impl<'de> Deserialize<'de> for Tree {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            deserializer.deserialize_any(Any(0))
        }
    }

    /// Any value, so deep within others.
    struct Any(usize);

    impl<'de> DeserializeSeed<'de> for Any {
        type Value = Tree;

        fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Tree, D::Error> {
            if self.0 > DEEPEST { Err(D::Error::custom("too deep")) } else { deserializer.deserialize_any(self) }
        }
    }

    impl<'de> Visitor<'de> for Any {
        type Value = Tree;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("JSON")
        }

        fn visit_unit<E: Error>(self) -> Result<Tree, E> {
            Ok(Tree::Null)
        }

        fn visit_bool<E: Error>(self, value: bool) -> Result<Tree, E> {
            Ok(Tree::Bool(value))
        }

        fn visit_i64<E: Error>(self, value: i64) -> Result<Tree, E> {
            Ok(Tree::fraction(value as f64))
        }

        fn visit_u64<E: Error>(self, value: u64) -> Result<Tree, E> {
            Ok(Tree::fraction(value as f64))
        }

        fn visit_f64<E: Error>(self, value: f64) -> Result<Tree, E> {
            Ok(Tree::fraction(value))
        }

        fn visit_str<E: Error>(self, value: &str) -> Result<Tree, E> {
            Ok(Tree::Text(value.to_owned()))
        }

        fn visit_string<E: Error>(self, value: String) -> Result<Tree, E> {
            Ok(Tree::Text(value))
        }

        fn visit_byte_buf<E: Error>(self, _: Vec<u8>) -> Result<Tree, E> {
            Ok(Tree::Odd(0))
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Tree, A::Error> {
            let mut list = Vec::new();
            while let Some(item) = items.next_element_seed(Self(self.0 + 1))? {
                list.push(item);
            }
            Ok(Tree::List(list))
        }

        fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Tree, A::Error> {
            let mut fields = Vec::new();
            // The key as a tree, too: one kind of reading is all that the module carries.
            while let Some((key, value)) = entries.next_entry_seed(Self(self.0 + 1), Self(self.0 + 1))? {
                if let Tree::Text(key) = key {
                    fields.push((key, value));
                }
            }
            Ok(Tree::Map(fields))
        }
    }
}
