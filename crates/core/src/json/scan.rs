//! Walks over JSON text without copying it.

/// A place in JSON text, for those who go into what is nested without reading it twice.
pub(crate) struct Scan<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scan<'a> {
    /// The beginning of `text`.
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// Nothing but space may follow.
    pub(crate) fn end(&mut self) -> Option<()> {
        (self.next() == 0 && self.at == self.text.len()).then_some(())
    }

    /// The key of a member (its quotes off, its escapes kept), and the colon after it.
    pub(crate) fn key(&mut self) -> Option<&'a str> {
        let key = self.string()?;
        self.expect(b':')?;
        key.get(1..key.len() - 1)
    }

    /// The byte that comes next; 0 at the end, which stands nowhere in JSON.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    fn peek(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or_default()
    }

    /// The next byte that is no space.
    pub(crate) fn next(&mut self) -> u8 {
        while matches!(self.peek(), b' ' | b'\t' | b'\n' | b'\r') {
            self.at += 1;
        }
        self.peek()
    }

    pub(crate) fn expect(&mut self, byte: u8) -> Option<()> {
        if self.next() != byte {
            return None;
        }
        self.at += 1;
        Some(())
    }

    /// Whether another member or element follows; steps over the comma or the closing bracket.
    pub(crate) fn another(&mut self, close: u8, first: &mut bool) -> Option<bool> {
        if self.next() == close {
            self.at += 1;
            return Some(false);
        }
        if !std::mem::take(first) {
            self.expect(b',')?;
        }
        Some(true)
    }

    /// A string with its quotes, its escapes checked.
    fn string(&mut self) -> Option<&'a str> {
        self.expect(b'"')?;
        let start = self.at - 1;
        loop {
            // Natively in one go to the next sign that means something.
            #[cfg(not(target_arch = "wasm32"))]
            {
                let rest = self.text.as_bytes().get(self.at..)?;
                self.at += rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f))?;
            }
            let byte = self.peek();
            self.at += 1;
            match byte {
                b'"' => return self.text.get(start..self.at),
                b'\\' => {
                    let hex = match self.peek() {
                        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => 0,
                        b'u' => 4,
                        _ => return None,
                    };
                    self.at += 1;
                    for _ in 0..hex {
                        if !self.peek().is_ascii_hexdigit() {
                            return None;
                        }
                        self.at += 1;
                    }
                }
                0..=0x1f => return None,
                _ => {}
            }
        }
    }

    /// Any value, as its raw text. Of a nested one only the brackets and quotes are followed: it is checked when it is entered.
    pub(crate) fn value(&mut self) -> Option<&'a str> {
        let first = self.next();
        let bytes = self.text.as_bytes();
        let start = self.at;
        let mut at = start;
        match first {
            b'"' => return self.string(),
            b'{' | b'[' => {
                let mut depth: u32 = 0;
                let mut quoted = false;
                loop {
                    match *bytes.get(at)? {
                        b'"' => quoted = !quoted,
                        b'\\' => at += 1,
                        b'{' | b'[' if !quoted => depth += 1,
                        b'}' | b']' if !quoted => depth -= 1,
                        _ => {}
                    }
                    at += 1;
                    if depth == 0 {
                        break;
                    }
                }
            }
            _ => {
                while let Some(b'+' | b'-' | b'.' | b'0'..=b'9' | b'a'..=b'z' | b'E') = bytes.get(at) {
                    at += 1;
                }
            }
        }
        self.at = at;
        let raw = self.text.get(start..at)?;
        let number = |byte: u8| matches!(byte, b'+' | b'-' | b'.' | b'0'..=b'9' | b'e' | b'E');
        let known = match first {
            b'{' | b'[' => true,
            b'-' | b'0'..=b'9' => raw.bytes().all(number),
            _ => matches!(raw, "true" | "false" | "null"),
        };
        known.then_some(raw)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Calls `each` with the key (its quotes off, its escapes kept) and the raw value of each member of the object that `raw` holds.
    ///
    /// Returns `None`, maybe after some calls, where `raw` is not one well-formed object.
    fn members<'a>(raw: &'a str, each: &mut dyn FnMut(&'a str, &'a str)) -> Option<()> {
        let mut scan = Scan::new(raw);
        scan.expect(b'{')?;
        let mut first = true;
        while scan.another(b'}', &mut first)? {
            let key = scan.key()?;
            let value = scan.value()?;
            each(key, value);
        }
        scan.end()
    }

    /// Calls `each` with each raw element of the array that `raw` holds.
    ///
    /// Returns `None`, maybe after some calls, where `raw` is not one well-formed array.
    fn elements<'a>(raw: &'a str, each: &mut dyn FnMut(&'a str)) -> Option<()> {
        let mut scan = Scan::new(raw);
        scan.expect(b'[')?;
        let mut first = true;
        while scan.another(b']', &mut first)? {
            each(scan.value()?);
        }
        scan.end()
    }

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
        for raw in [r#"{"a":"\x"}"#, r#"{"a":"\u00g0"}"#, r#"{"a":1e}"#, r#"{"a":[}"#] {
            assert_eq!(elements(raw, &mut |_| ()), None);
        }
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
