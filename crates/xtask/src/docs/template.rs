//! A page around its content. What it says lies in `docs/site.json`, by language.

use super::read::Content;
use super::site::{Page, Site};

/// Scripts and styles of the site's own files alone, and no request to anybody.
const POLICY: &str =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'";

/// The whole page.
pub(super) fn page(site: &Site, page: &Page, content: &Content, source: Option<&str>) -> String {
    let word = |name: &str| escaped(site.words[&page.language][name].as_str().unwrap_or_default());
    let up = page.up();
    let (language, title) = (&page.language, escaped(&content.title));
    let front = site.find("index", language).map_or_else(|| "index.html".to_owned(), Page::address);
    let name = match page.kind {
        None => word("title"),
        Some(_) => format!("{title} · {}", word("title")),
    };
    format!(
        r##"<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{name}</title>
<link rel="stylesheet" href="{up}page.css">
<script defer src="{up}minisearch.js"></script>
<script defer src="{up}page.js"></script>
</head>
<body>
<a class="skip" href="#content">{skip}</a>
<header>
<a class="home" href="{up}{front}">{home}</a>
<search>
<label for="search">{search}</label>
<input id="search" type="search" placeholder="{search}" autocomplete="off" spellcheck="false" data-index="{up}search.{language}.js" data-up="{up}" data-none="{none}" data-some="{some}" aria-describedby="found">
<p id="found" role="status"></p>
<ol id="results" hidden></ol>
</search>
{languages}</header>
<div class="columns">
<nav class="pages" aria-label="{pages}">
<details id="pages"><summary>{pages}</summary>
{list}</details>
</nav>
<main id="content" tabindex="-1">
{html}<footer>
{around}<p class="edit">{edit} {path}</p>
</footer>
</main>
{contents}</div>
</body>
</html>
"##,
        skip = word("skip"),
        home = word("title"),
        search = word("search"),
        none = word("none"),
        some = word("some"),
        pages = word("pages"),
        languages = languages(site, page),
        list = list(site, page),
        html = sources(&content.html, source),
        around = around(site, page),
        edit = word("edit"),
        path = linked(&page.source, source),
        contents = contents(content, &word("contents")),
    )
}

/// The page in the other languages; where it is not there, their front pages.
fn languages(site: &Site, page: &Page) -> String {
    let Some(all) = site.words.as_object() else { return String::new() };
    let links = all.iter().filter_map(|(language, words)| {
        let name = words["language"].as_str()?;
        if *language == page.language {
            return Some(format!("<li><span aria-current=\"true\">{name}</span></li>"));
        }
        let there = site.find(&page.name, language).or_else(|| site.find("index", language))?;
        let address = format!("{}{}", page.up(), there.address());
        Some(format!("<li><a href=\"{address}\" lang=\"{language}\" hreflang=\"{language}\">{name}</a></li>"))
    });
    format!("<ul class=\"languages\">{}</ul>\n", links.collect::<String>())
}

/// All pages of the language by their kinds; those that it lacks in English.
fn list(site: &Site, here: &Page) -> String {
    let mut out = String::new();
    for (number, kind) in site.kinds.iter().enumerate() {
        let mut items = String::new();
        for page in of_kind(site, number, &here.language) {
            let current = if page.source == here.source { " aria-current=\"page\"" } else { "" };
            let foreign = if page.language == here.language {
                String::new()
            } else {
                format!(" lang=\"{0}\" hreflang=\"{0}\"", page.language)
            };
            let name = escaped(&called(site, page));
            let language = &page.language;
            let hint = if foreign.is_empty() { String::new() } else { format!(" <small>{language}</small>") };
            items.push_str(&format!(
                "<li><a href=\"{}{}\"{current}{foreign}>{name}{hint}</a></li>\n",
                here.up(),
                page.address()
            ));
        }
        if !items.is_empty() {
            let name = escaped(kind["name"][&here.language].as_str().unwrap_or_default());
            out.push_str(&format!("<h2>{name}</h2>\n<ul>\n{items}</ul>\n"));
        }
    }
    out
}

/// The pages of a kind in the order of `docs/site.json`, each in this language or else in English.
fn of_kind<'a>(site: &'a Site, kind: usize, language: &'a str) -> impl Iterator<Item = &'a Page> {
    let english = site.pages.iter().filter(move |page| page.kind == Some(kind) && page.language == "en");
    english.map(move |page| site.find(&page.name, language).unwrap_or(page))
}

fn called(site: &Site, page: &Page) -> String {
    page.short.clone().unwrap_or_else(|| {
        let text = std::fs::read_to_string(site.root.join(&page.source)).unwrap_or_default();
        text.lines().next().unwrap_or_default().trim_start_matches("# ").replace('`', "")
    })
}

/// The page before and the page after, in the order of the list.
fn around(site: &Site, here: &Page) -> String {
    let order: Vec<&Page> =
        (0..site.kinds.len()).flat_map(|kind| of_kind(site, kind, &here.language).collect::<Vec<_>>()).collect();
    let at = order.iter().position(|page| page.source == here.source);
    let word = |name: &str| site.words[&here.language][name].as_str().unwrap_or_default().to_owned();
    let link = |page: Option<&&Page>, relation: &str| {
        page.map_or_else(String::new, |page| {
            let (up, address) = (here.up(), page.address());
            let name = escaped(&called(site, page));
            format!(
                "<a rel=\"{relation}\" href=\"{up}{address}\"><span>{}</span> {name}</a>\n",
                escaped(&word(relation))
            )
        })
    };
    let before = at.and_then(|at| at.checked_sub(1)).and_then(|at| order.get(at));
    let after = order.get(at.map_or(0, |at| at + 1));
    let word = escaped(&word("around"));
    format!("<nav class=\"around\" aria-label=\"{word}\">\n{}{}</nav>\n", link(before, "prev"), link(after, "next"))
}

/// What is on this page; nothing where that is seen at once.
fn contents(content: &Content, name: &str) -> String {
    let headings: Vec<_> = content.headings.iter().filter(|heading| heading.level == 2).collect();
    if headings.len() < 3 {
        return String::new();
    }
    let items: String = headings
        .iter()
        .map(|heading| format!("<li><a href=\"#{}\">{}</a></li>\n", heading.id, escaped(&heading.text)))
        .collect();
    format!("<nav class=\"contents\" aria-label=\"{name}\">\n<h2>{name}</h2>\n<ul>\n{items}</ul>\n</nav>\n")
}

/// Links to files of the sources: to where these can be read, or as what they say alone.
fn sources(html: &str, source: Option<&str>) -> String {
    const BEGIN: &str = "<a href=\"source:";
    let mut parts = html.split(BEGIN);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (Some((path, _)), Some((_, rest))) = (part.split_once('"'), part.split_once('>')) else { continue };
        match (source, rest.split_once("</a>")) {
            (Some(source), _) => out.push_str(&format!("<a href=\"{source}/{path}\">{rest}")),
            (None, Some((text, rest))) => {
                out.push_str(&format!("<span class=\"source\" title=\"{path}\">{text}</span>{rest}"));
            }
            (None, None) => out.push_str(rest),
        }
    }
    out
}

fn linked(path: &str, source: Option<&str>) -> String {
    match source {
        Some(source) => format!("<a href=\"{source}/{path}\"><code>{path}</code></a>"),
        None => format!("<code>{path}</code>"),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_the_sources_are_links_only_where_these_can_be_read() {
        let html = r#"See <a href="source:www/polku.d.ts">the types</a>."#;
        assert_eq!(
            sources(html, Some("https://code.example/polku")),
            r#"See <a href="https://code.example/polku/www/polku.d.ts">the types</a>."#
        );
        assert_eq!(sources(html, None), r#"See <span class="source" title="www/polku.d.ts">the types</span>."#);
    }
}
