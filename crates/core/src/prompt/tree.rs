//! A definition as it crosses from JSON: any value at all, read once. One type instead of a derive for every struct: each
//! derived `Deserialize` is another 2 kB in the module, and says "invalid type" without saying where.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::{Code, Problem};

/// A JSON value.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub enum Tree {
    /// `null`, or nothing.
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number; a definition has no use for others.
    Number(i32),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Self>),
    /// An object, in the order of its text.
    Map(Vec<(String, Self)>),
    /// What a definition has no use for: a number with a fraction, or too large.
    Odd,
}

impl Tree {
    /// A field of an object; `Null` where there is none.
    pub(super) fn get(&self, key: &str) -> &Self {
        self.fields().iter().find(|(name, _)| name == key).map_or(&Self::Null, |(_, value)| value)
    }

    /// Whether it is nothing.
    pub(super) fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The text that it is, else the empty one.
    pub(super) fn text(&self) -> &str {
        if let Self::Text(text) = self { text } else { "" }
    }

    /// The number that it is.
    pub(super) fn number(&self) -> Option<i32> {
        if let Self::Number(number) = self { Some(*number) } else { None }
    }

    /// The list that it is, else the empty one.
    pub(super) fn list(&self) -> &[Self] {
        if let Self::List(list) = self { list } else { &[] }
    }

    /// The fields of the object that it is, else none.
    pub(super) fn fields(&self) -> &[(String, Self)] {
        if let Self::Map(fields) = self { fields } else { &[] }
    }
}

/// Where in the JSON we are: written out only when something is wrong there.
#[derive(Clone, Copy)]
pub(super) enum Path<'a> {
    Root,
    Field(&'a Self, &'a str),
    Item(&'a Self, usize),
}

impl Path<'_> {
    /// The problem `code` at this place.
    pub(super) fn problem(&self, code: Code) -> Problem {
        let mut path = String::new();
        self.write(&mut path);
        Problem { code, path }
    }

    fn write(&self, path: &mut String) {
        match self {
            Self::Root => {}
            Self::Field(parent, name) => {
                parent.write(path);
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(name);
            }
            Self::Item(parent, nth) => {
                parent.write(path);
                path.push('[');
                path.push_str(&nth.to_string());
                path.push(']');
            }
        }
    }
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
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
                Ok(i32::try_from(value).map_or(Tree::Odd, Tree::Number))
            }

            fn visit_u64<E: Error>(self, value: u64) -> Result<Tree, E> {
                Ok(i32::try_from(value).map_or(Tree::Odd, Tree::Number))
            }

            fn visit_f64<E: Error>(self, _: f64) -> Result<Tree, E> {
                Ok(Tree::Odd)
            }

            fn visit_str<E: Error>(self, value: &str) -> Result<Tree, E> {
                Ok(Tree::Text(value.to_owned()))
            }

            fn visit_string<E: Error>(self, value: String) -> Result<Tree, E> {
                Ok(Tree::Text(value))
            }

            fn visit_byte_buf<E: Error>(self, _: Vec<u8>) -> Result<Tree, E> {
                Ok(Tree::Odd)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Tree, A::Error> {
                let mut list = Vec::new();
                while let Some(item) = items.next_element()? {
                    list.push(item);
                }
                Ok(Tree::List(list))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Tree, A::Error> {
                let mut fields = Vec::new();
                // The key as a tree, too: one kind of reading is all that the module carries.
                while let Some((key, value)) = entries.next_entry::<Tree, Tree>()? {
                    if let Tree::Text(key) = key {
                        fields.push((key, value));
                    }
                }
                Ok(Tree::Map(fields))
            }
        }
        deserializer.deserialize_any(Any)
    }
}
