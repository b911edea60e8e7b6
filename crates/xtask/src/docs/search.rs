//! What the search looks through: a file for each language, which a page fetches when somebody begins to type. It is a script, because pages that were
//! opened from a folder may fetch nothing else.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::read::Content;
use super::site::Site;

/// The files, by language.
pub(super) fn indexes(site: &Site, pages: &[Content]) -> BTreeMap<String, String> {
    let mut found: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for (page, content) in site.pages.iter().zip(pages) {
        let list = found.entry(page.language.clone()).or_default();
        for passage in &content.passages {
            let text = passage.text.split_whitespace().collect::<Vec<_>>().join(" ");
            let anchor = if passage.id.is_empty() { String::new() } else { format!("#{}", passage.id) };
            list.push(json!({
                "id": format!("{}{anchor}", page.address()),
                "title": content.title,
                "heading": passage.heading,
                "text": text,
            }));
        }
    }
    found.into_iter().map(|(language, list)| (language, format!("polkuSearch({});\n", Value::from(list)))).collect()
}
