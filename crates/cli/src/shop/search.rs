//! Finding products by words.

use super::{
    catalog::{Catalog, ProductView},
    lang::Lang,
};

/// Longer searches are cut: nobody types them.
const MAX_CHARS: usize = 80;

/// What a visitor typed, trimmed and cut.
pub(super) fn tidy(query: &str) -> String {
    query.trim().chars().take(MAX_CHARS).collect()
}

/// The products that contain every word of `query`; names first.
pub(super) fn find(catalog: &Catalog, query: &str, lang: Lang) -> Vec<ProductView> {
    let query = fold(query);
    let words: Vec<&str> = query.split_whitespace().collect();
    if words.is_empty() {
        return Vec::new();
    }
    let has_all = |text: &str| words.iter().all(|word| text.contains(word));
    let views = catalog.views(lang, |_| true).into_iter().map(|view| {
        let name = fold(&format!("{} {}", view.name, view.category));
        let all = format!("{name} {}", fold(&format!("{} {} {}", view.line, view.text, view.unit)));
        (name, all, view)
    });
    let (mut first, rest): (Vec<_>, Vec<_>) =
        views.filter(|(_, all, _)| has_all(all)).partition(|(name, _, _)| has_all(name));
    first.extend(rest);
    first.into_iter().map(|(_, _, view)| view).collect()
}

/// Lower case, and Finnish letters by their base letters, since many keyboards lack them.
fn fold(text: &str) -> String {
    text.to_lowercase()
        .chars()
        .map(|c| match c {
            'ä' | 'å' | 'à' | 'á' => 'a',
            'ö' | 'ó' => 'o',
            'é' | 'è' => 'e',
            c if c.is_alphanumeric() => c,
            _ => ' ',
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shop::catalog::catalog;

    fn slugs(query: &str, lang: Lang) -> Vec<String> {
        find(catalog(), query, lang).into_iter().map(|view| view.slug).collect()
    }

    #[test]
    fn finds_with_and_without_finnish_letters() {
        assert_eq!(slugs("käsimylly", Lang::Fi), ["kivi"]);
        assert_eq!(slugs("KASIMYLLY", Lang::Fi), ["kivi"]);
    }

    #[test]
    fn names_come_first() {
        assert_eq!(slugs("kettle", Lang::En).first().map(String::as_str), Some("virta"));
    }

    #[test]
    fn every_word_must_match() {
        assert!(slugs("kettle submarine", Lang::En).is_empty());
        assert!(slugs("   ", Lang::En).is_empty());
    }
}
