//! The default questions, as the build puts them together, and what must be true of them. Whether they can be asked is looked at where the judge is:
//! `crates/core/tests/questions.rs`.

mod speak;

pub(crate) use speak::speak;

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::path::{Path, PathBuf};
    use std::process::{Command, Stdio};

    use serde_json::{Value, json};

    use super::speak::id;
    use super::*;

    fn www() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../www").canonicalize().expect("www")
    }

    fn read(name: &str) -> Value {
        serde_json::from_str(&std::fs::read_to_string(www().join(name)).expect(name)).expect(name)
    }

    fn spoken(lang: &str) -> Value {
        speak(&read("questions.json"), &read(&format!("texts/questions/{lang}.json")), lang).expect(lang)
    }

    /// Runs a module of `www/part/` in node: `input` is what the program finds in `input`, the answer is what `expression` is.
    fn node(import: &str, expression: &str, input: &Value) -> Value {
        let program = format!(
            "{import}\nlet all = ''; for await (const some of process.stdin) all += some;\n\
             const input = JSON.parse(all); console.log(JSON.stringify({expression}));"
        );
        let mut child = Command::new("node")
            .args(["--no-warnings", "--input-type=module", "-e", &program])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("node runs");
        child.stdin.take().expect("a pipe").write_all(input.to_string().as_bytes()).expect("node reads");
        let out = child.wait_with_output().expect("node ends");
        serde_json::from_slice(&out.stdout).expect("JSON")
    }

    #[test]
    fn a_missing_text_and_one_too_many_are_named() {
        let definitions = json!([{"id": "p", "steps": [{"id": "s", "choices": [{"id": "c"}]}]}]);
        let say = |words: Value| speak(&definitions, &words, "fi");
        assert_eq!(
            say(json!({"p.s": "A", "p.s.c": "B"})),
            Ok(json!([{"id": "p", "locales": ["fi"], "defaultLocale": "fi",
                       "steps": [{"id": "s", "text": {"fi": "A"}, "choices": [{"id": "c", "text": {"fi": "B"}}]}]}]))
        );
        assert_eq!(say(json!({"p.s": "A"})), Err("fi: p.s.c is missing".to_owned()));
        assert_eq!(say(json!({"p.s": "A", "p.s.c": "B", "p.x": "C"})), Err("fi: nobody asks for p.x".to_owned()));
    }

    #[test]
    fn names_of_shops_are_written_as_their_language_wants() {
        let finnish = "suosittelisit {{shop}-verkkokauppaa|meitä} ystävällesi";
        let french = "vous {|nous }recommandiez {{shop} |}à des ami·es";
        let cases = [
            (finnish, "Kulma", "fi", "suosittelisit Kulma-verkkokauppaa ystävällesi"),
            (finnish, "Kahvi Kulma", "fi", "suosittelisit Kahvi Kulma -verkkokauppaa ystävällesi"),
            (finnish, "Kahvi\u{a0}Kulma", "fi-FI", "suosittelisit Kahvi\u{a0}Kulma -verkkokauppaa ystävällesi"),
            (finnish, "  Kulma ", "fi", "suosittelisit Kulma-verkkokauppaa ystävällesi"),
            (finnish, "Kulmakauppa", "fi", "suosittelisit meitä ystävällesi"),
            (finnish, "Kulman Kauppa", "fi", "suosittelisit meitä ystävällesi"),
            (finnish, "Kulma.com", "FI", "suosittelisit meitä ystävällesi"),
            (finnish, "Kulma.com Oy", "fi", "suosittelisit Kulma.com Oy -verkkokauppaa ystävällesi"),
            (finnish, "Kauppala", "fi", "suosittelisit Kauppala-verkkokauppaa ystävällesi"),
            (finnish, "", "fi", "suosittelisit meitä ystävällesi"),
            (finnish, "   ", "fi", "suosittelisit meitä ystävällesi"),
            ("recommend {{shop}|us} to", "Kulma.com", "en", "recommend Kulma.com to"),
            ("recommend {{shop}|us} to", "Kulmakauppa", "sv", "recommend Kulmakauppa to"),
            ("recommend {{shop}|us} to", "", "en", "recommend us to"),
            (french, "Kulma", "fr", "vous recommandiez Kulma à des ami·es"),
            (french, "", "fr", "vous nous recommandiez à des ami·es"),
            // A name is a name, whatever it is made of.
            ("{shop}!", "A|B", "en", "A|B!"),
            ("{shop}!", "$& {shop}", "en", "$& {shop}!"),
            ("no place", "Kulma", "en", "no place"),
            ("a {brace} and a | bar", "Kulma", "en", "a {brace} and a | bar"),
            // "fil" is Filipino.
            ("{{shop}|us}", "Kulma.com", "fil", "Kulma.com"),
        ];
        let import = format!("import {{ fillShop }} from 'file://{}';", www().join("part/shop-name.js").display());
        let input: Vec<Value> = cases.iter().map(|(text, shop, lang, _)| json!([text, shop, lang])).collect();
        let said = node(&import, "[...input.map((one) => fillShop(...one)), fillShop('{{shop}|us}')]", &input.into());
        let expected: Vec<&str> = cases.iter().map(|case| case.3).chain(["us"]).collect();
        assert_eq!(said, json!(expected));
    }

    #[test]
    fn every_text_can_be_filled_with_and_without_a_name_and_help() {
        let import = format!("import {{ fillQuestions }} from 'file://{}';", www().join("part/questions.js").display());
        let every = json!([
            {}, { "shopName": "Kahvi Kulma" }, { "helpMail": "a@shop.example" }, { "shopName": "Kulma", "helpChat": "intercom", "helpMail": "a@shop.example" }
        ]);
        for lang in ["fi", "sv", "nb", "da", "et", "en", "de", "fr", "es"] {
            let input = json!({ "text": spoken(lang).to_string(), "every": every });
            let filled = node(&import, "input.every.map((options) => fillQuestions(input.text, options))", &input);
            for (set, options) in filled.as_array().expect("lists").iter().zip(every.as_array().expect("a list")) {
                let list = set.as_array().expect("a list");
                assert_eq!(list.len(), spoken(lang).as_array().map_or(0, Vec::len));
                let texts = texts(set);
                for text in &texts {
                    assert!(!text.contains(['{', '|', '}', '=']), "{lang}: {text}");
                    assert!(!text.contains("  "), "{lang}: {text}");
                }
                let nps = texts.iter().find(|text| text.contains("Kahvi Kulma") || text.contains("Kulma"));
                assert_eq!(nps.is_some(), options["shopName"].is_string(), "{lang}");
                let help = list.iter().find(|one| one["id"] == "help").map(|one| &one["steps"][0]).expect("help");
                let ways = usize::from(options["helpMail"].is_string()) + usize::from(options["helpChat"].is_string());
                assert_eq!(help["actions"].as_array().map_or(0, Vec::len), ways);
                assert_eq!(help["ask"], if ways == 0 { "info" } else { "handoff" });
                if ways > 0 {
                    assert_eq!(help["actions"][ways - 1]["href"], "mailto:a@shop.example");
                    assert!(help["actions"][0]["text"][lang].is_string());
                }
            }
        }
    }

    /// All texts that shoppers read.
    fn texts(value: &Value) -> Vec<String> {
        match value {
            Value::Object(fields) => fields
                .iter()
                .flat_map(|(key, value)| match value.as_object() {
                    Some(words) if key == "text" => {
                        words.values().filter_map(Value::as_str).map(str::to_owned).collect()
                    }
                    _ => texts(value),
                })
                .collect(),
            Value::Array(items) => items.iter().flat_map(texts).collect(),
            _ => Vec::new(),
        }
    }

    #[test]
    fn alternates_share_their_moment_and_are_never_both_asked() {
        let list = read("questions.json");
        let mut groups: std::collections::BTreeMap<String, Vec<(f64, f64, String, Value)>> = Default::default();
        for one in list.as_array().expect("a list") {
            let who = &one["who"];
            let all = who["all"].as_array().cloned().unwrap_or_else(|| vec![who.clone()]);
            for sample in all.iter().map(|who| &who["sample"]).filter(|sample| sample.is_object()) {
                let (from, to) = (sample["from"].as_f64().expect("from"), sample["to"].as_f64().expect("to"));
                assert!((0.0..1.0).contains(&from) && from < to && to <= 1.0);
                let group = sample["group"].as_str().expect("group").to_owned();
                groups.entry(group).or_default().push((from, to, id(one), one["when"].clone()));
            }
        }
        for (group, mut shares) in groups {
            shares.sort_by(|one, other| one.0.total_cmp(&other.0));
            for pair in shares.windows(2) {
                assert!(pair[0].1 <= pair[1].0, "{group}: {} and {} overlap", pair[0].2, pair[1].2);
                assert_eq!(pair[0].3, pair[1].3, "{group}: other moments");
            }
        }
    }

    #[test]
    fn what_has_an_order_keeps_it_and_the_last_choice_stays_last() {
        for one in read("questions.json").as_array().expect("a list") {
            for step in one["steps"].as_array().expect("steps") {
                let choices: Vec<&str> = step["choices"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter_map(|choice| choice["id"].as_str())
                    .collect();
                let ordered = ["yes", "exceeded", "daily"].iter().any(|first| choices.first() == Some(first));
                let shuffled = step["shuffle"] == "exceptLast";
                assert_eq!(shuffled, !choices.is_empty() && !ordered, "{}", id(one));
                let others = step["choices"].as_array().into_iter().flatten().filter(|choice| choice["other"] == true);
                assert!(others.count() <= 1);
                assert!(!choices.contains(&"other") || choices.last() == Some(&"other"));
            }
        }
    }
}
