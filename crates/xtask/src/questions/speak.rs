//! The default questions: definitions without words (`www/questions.json`) and the words of each language (`www/texts/questions/`), put
//! together when the package is built, so that a page fetches one file in its own language and puts nothing together.
//!
//! A word's key is its place: `prompt.step`, `prompt.step.choice`.

use std::collections::BTreeSet;

use serde_json::{Value, json};

/// The definitions in one language.
///
/// # Errors
/// The key of a text that is missing, or that nobody asks for.
pub(crate) fn speak(definitions: &Value, words: &Value, lang: &str) -> Result<Value, String> {
    let mut list = definitions.clone();
    let mut said = BTreeSet::new();
    let mut say = |to: &mut Value, key: String| -> Result<(), String> {
        let text = words.get(&key).and_then(Value::as_str).ok_or_else(|| format!("{lang}: {key} is missing"))?;
        to["text"] = json!({ lang: text });
        said.insert(key);
        Ok(())
    };
    for definition in items(&mut list) {
        let prompt = id(definition);
        definition["locales"] = json!([lang]);
        definition["defaultLocale"] = json!(lang);
        for step in items(&mut definition["steps"]) {
            let key = format!("{prompt}.{}", id(step));
            say(step, key.clone())?;
            for field in ["choices", "actions"] {
                for choice in step.get_mut(field).map(items).into_iter().flatten() {
                    let key = format!("{key}.{}", id(choice));
                    say(choice, key)?;
                }
            }
        }
    }
    let spare = words.as_object().into_iter().flatten().map(|(key, _)| key).find(|key| !said.contains(*key));
    spare.map_or(Ok(list), |key| Err(format!("{lang}: nobody asks for {key}")))
}

fn items(list: &mut Value) -> impl Iterator<Item = &mut Value> {
    list.as_array_mut().into_iter().flatten()
}

/// Its `id`, empty without one.
pub(crate) fn id(of: &Value) -> String {
    of["id"].as_str().unwrap_or_default().to_owned()
}
