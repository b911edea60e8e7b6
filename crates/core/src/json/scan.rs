//! Walks over JSON text without copying it.

/// Nesting beyond this is refused, so that hostile text cannot exhaust the stack.
const DEPTH: u32 = 16;

/// Calls `each` with the key (its quotes off, its escapes kept) and the raw value of each member of the object that `raw` holds.
///
/// Returns `None`, maybe after some calls, where `raw` is not one well-formed object.
pub fn members<'a>(raw: &'a str, each: &mut dyn FnMut(&'a str, &'a str)) -> Option<()> {
    let mut scan = Scan { text: raw, at: 0 };
    scan.open(b'{')?;
    let mut first = true;
    while scan.another(b'}', &mut first)? {
        let key = scan.string()?;
        scan.expect(b':')?;
        let value = scan.value(DEPTH)?;
        each(key.get(1..key.len() - 1)?, value);
    }
    scan.end()
}

/// Calls `each` with each raw element of the array that `raw` holds.
///
/// Returns `None`, maybe after some calls, where `raw` is not one well-formed array.
pub fn elements<'a>(raw: &'a str, each: &mut dyn FnMut(&'a str)) -> Option<()> {
    let mut scan = Scan { text: raw, at: 0 };
    scan.open(b'[')?;
    let mut first = true;
    while scan.another(b']', &mut first)? {
        each(scan.value(DEPTH)?);
    }
    scan.end()
}

struct Scan<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scan<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        self.space();
        if self.peek()? != byte {
            return None;
        }
        self.at += 1;
        Some(())
    }

    fn open(&mut self, byte: u8) -> Option<()> {
        self.expect(byte)?;
        self.space();
        Some(())
    }

    /// Whether another member or element follows; steps over the comma or the closing bracket.
    fn another(&mut self, close: u8, first: &mut bool) -> Option<bool> {
        self.space();
        if self.peek()? == close {
            self.at += 1;
            return Some(false);
        }
        if !std::mem::take(first) {
            self.expect(b',')?;
        }
        self.space();
        Some(true)
    }

    fn end(&mut self) -> Option<()> {
        self.space();
        self.peek().is_none().then_some(())
    }

    /// A string with its quotes.
    fn string(&mut self) -> Option<&'a str> {
        let start = self.at;
        self.expect(b'"')?;
        let bytes = self.text.as_bytes();
        loop {
            match *bytes.get(self.at)? {
                b'"' => break,
                b'\\' => self.at += 2,
                0..=0x1f => return None,
                _ => self.at += 1,
            }
        }
        self.at += 1;
        self.text.get(start..self.at)
    }

    /// Any value, as its raw text.
    fn value(&mut self, depth: u32) -> Option<&'a str> {
        self.space();
        let start = self.at;
        match self.peek()? {
            b'"' => return self.string(),
            b'{' | b'[' => self.nested(depth.checked_sub(1)?)?,
            _ => {
                while matches!(self.peek(), Some(b'+' | b'-' | b'.' | b'0'..=b'9' | b'a'..=b'z' | b'E')) {
                    self.at += 1;
                }
                let word = self.text.get(start..self.at)?;
                let number = matches!(word.as_bytes(), [b'0'..=b'9', ..] | [b'-', b'0'..=b'9', ..])
                    && word.bytes().all(|byte| matches!(byte, b'+' | b'-' | b'.' | b'0'..=b'9' | b'e' | b'E'));
                if !number && !matches!(word, "true" | "false" | "null") {
                    return None;
                }
            }
        }
        self.text.get(start..self.at)
    }

    fn nested(&mut self, depth: u32) -> Option<()> {
        let object = self.peek()? == b'{';
        let close = if object { b'}' } else { b']' };
        self.at += 1;
        let mut first = true;
        while self.another(close, &mut first)? {
            if object {
                self.string()?;
                self.expect(b':')?;
            }
            self.value(depth)?;
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(raw: &str) -> Option<Vec<(String, String)>> {
        let mut found = Vec::new();
        members(raw, &mut |key, value| found.push((key.to_owned(), value.to_owned())))?;
        Some(found)
    }

    #[test]
    fn members_come_raw_and_in_order() {
        let found = keys(r#" { "a" : 1.5 , "b":[{"x":"]}"}], "c":"q\"\\", "d":null,"e":{} } "#).unwrap();
        let values: Vec<&str> = found.iter().map(|(_, value)| value.as_str()).collect();
        assert_eq!(values, ["1.5", r#"[{"x":"]}"}]"#, r#""q\"\\""#, "null", "{}"]);
        assert_eq!(keys("{}"), Some(vec![]));
    }

    #[test]
    fn what_is_malformed_is_refused() {
        for raw in [
            "",
            "{",
            "{]",
            "[]",
            "{\"a\"}",
            "{\"a\":}",
            "{\"a\":1,}",
            "{,}",
            "{\"a\":1}x",
            "{\"a\":tru}",
            "{\"a\":\"\n\"}",
            "{\"a\":\"\\",
            "{\"a\":01x}",
        ] {
            assert_eq!(keys(raw), None, "{raw}");
        }
        let deep = "[".repeat(100_000);
        assert_eq!(elements(&deep, &mut |_| ()), None);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_survived(raw in ".*") {
            let _ = members(&raw, &mut |_, _| ());
            let _ = elements(&raw, &mut |_| ());
        }

        #[test]
        fn what_a_json_library_writes_is_read(value in json_value()) {
            let raw = value.to_string();
            if let serde_json::Value::Object(object) = &value {
                let mut found = 0;
                let whole = members(&raw, &mut |key, value| {
                    found += 1;
                    let key: String = serde_json::from_str(&format!("\"{key}\"")).unwrap();
                    assert_eq!(object[&key].to_string(), value);
                });
                proptest::prop_assert!(whole.is_some());
                proptest::prop_assert_eq!(found, object.len());
            }
        }
    }

    fn json_value() -> impl proptest::strategy::Strategy<Value = serde_json::Value> {
        use proptest::prelude::*;
        let leaf = prop_oneof![
            Just(serde_json::Value::Null),
            any::<bool>().prop_map(Into::into),
            any::<i64>().prop_map(Into::into),
            (-1e9..1e9).prop_map(|n: f64| n.into()),
            ".*".prop_map(Into::into),
        ];
        let value = leaf.prop_recursive(4, 32, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
                prop::collection::btree_map(".*", inner, 0..6)
                    .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
            ]
        });
        prop::collection::btree_map(".*", value, 0..6)
            .prop_map(|map| serde_json::Value::Object(map.into_iter().collect()))
    }
}
