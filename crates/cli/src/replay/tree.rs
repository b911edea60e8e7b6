//! JSON that keeps its members in their order, and the sum of two such objects.

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap as _, Serializer};
use serde_json::{Number, Value};
use std::fmt;

/// A JSON value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Tree {
    Object(Vec<(String, Self)>),
    Array(Vec<Self>),
    /// All that holds nothing else.
    Leaf(Value),
}

impl Tree {
    /// A member of an object.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        let Self::Object(members) = self else { return None };
        members.iter().find_map(|(known, value)| (known == key).then_some(value))
    }

    /// Its text, where it is one.
    pub(crate) fn text(&self) -> Option<&str> {
        if let Self::Leaf(Value::String(text)) = self { Some(text) } else { None }
    }

    /// Sets a member of an object.
    pub(crate) fn set(&mut self, key: &str, value: Self) {
        let Self::Object(members) = self else { return };
        match members.iter_mut().find(|(known, _)| known == key) {
            Some((_, old)) => *old = value,
            None => members.push((key.to_owned(), value)),
        }
    }

    /// The sum: of numbers, of flags (either), of lists (one after the other), of objects member by member. Of all else the later one.
    pub(crate) fn add(&mut self, other: Self) {
        match (self, other) {
            (Self::Object(members), Self::Object(others)) => {
                for (key, value) in others {
                    match members.iter_mut().find(|(known, _)| *known == key) {
                        Some((_, sum)) => sum.add(value),
                        None => members.push((key, value)),
                    }
                }
            }
            (Self::Array(values), Self::Array(more)) => values.extend(more),
            (Self::Leaf(Value::Bool(sum)), Self::Leaf(Value::Bool(more))) => *sum |= more,
            (Self::Leaf(Value::Number(sum)), Self::Leaf(Value::Number(more))) => *sum = sum_of(sum, &more),
            // Nothing does not hide something.
            (_, Self::Leaf(Value::Null)) => {}
            (old, new) => *old = new,
        }
    }
}

fn sum_of(a: &Number, b: &Number) -> Number {
    match (a.as_u64(), b.as_u64()) {
        (Some(a), Some(b)) => a.saturating_add(b).into(),
        // Amounts, to the cent.
        _ => {
            let sum = a.as_f64().unwrap_or_default() + b.as_f64().unwrap_or_default();
            Number::from_f64((sum * 100.0).round() / 100.0).unwrap_or_else(|| 0.into())
        }
    }
}

impl Serialize for Tree {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Object(members) => {
                let mut map = serializer.serialize_map(Some(members.len()))?;
                for (key, value) in members {
                    map.serialize_entry(key, value)?;
                }
                map.end()
            }
            Self::Array(values) => values.serialize(serializer),
            Self::Leaf(value) => value.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Tree;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("JSON")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Tree, A::Error> {
                let mut object = Tree::Object(Vec::new());
                // Of a member that is written twice the last value counts, as in a browser.
                while let Some((key, value)) = map.next_entry::<String, _>()? {
                    object.set(&key, value);
                }
                Ok(object)
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Tree, A::Error> {
                let mut values = Vec::new();
                while let Some(value) = seq.next_element()? {
                    values.push(value);
                }
                Ok(Tree::Array(values))
            }
            fn visit_bool<E>(self, value: bool) -> Result<Tree, E> {
                Ok(Tree::Leaf(value.into()))
            }
            fn visit_u64<E>(self, value: u64) -> Result<Tree, E> {
                Ok(Tree::Leaf(value.into()))
            }
            fn visit_i64<E>(self, value: i64) -> Result<Tree, E> {
                Ok(Tree::Leaf(value.into()))
            }
            fn visit_f64<E>(self, value: f64) -> Result<Tree, E> {
                Ok(Tree::Leaf(value.into()))
            }
            fn visit_str<E>(self, value: &str) -> Result<Tree, E> {
                Ok(Tree::Leaf(value.into()))
            }
            fn visit_unit<E>(self) -> Result<Tree, E> {
                Ok(Tree::Leaf(Value::Null))
            }
        }
        deserializer.deserialize_any(Any)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_object_keeps_its_order() {
        let text = r#"{"z":1,"a":[null,true,{"b":-2.5,"A":"x\"y"}],"m":{}}"#;
        let tree: Tree = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&tree).unwrap(), text);
        let twice: Tree = serde_json::from_str(r#"{"z":1,"a":2,"z":3}"#).unwrap();
        assert_eq!(serde_json::to_string(&twice).unwrap(), r#"{"z":3,"a":2}"#);
    }

    #[test]
    fn two_objects_are_one() {
        let tree = |text| serde_json::from_str::<Tree>(text).unwrap();
        let mut sum = tree(r#"{"n":1,"v":0.1,"is":true,"list":[1],"in":{"b":1},"word":"old","some":"x"}"#);
        sum.add(tree(r#"{"n":2,"v":0.2,"is":false,"list":[2],"in":{"a":3,"b":4},"word":"new","some":null,"more":7}"#));
        assert_eq!(
            serde_json::to_string(&sum).unwrap(),
            r#"{"n":3,"v":0.3,"is":true,"list":[1,2],"in":{"b":5,"a":3},"word":"new","some":"x","more":7}"#
        );
    }
}
