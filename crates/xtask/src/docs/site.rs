//! `docs/site.json`: which pages there are, in which of the four kinds, in which order.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

/// A page of the site in one language.
pub(super) struct Page {
    /// `chat-inbox`, `integrations/wordpress`: its file without the language and the ending.
    pub(super) name: String,
    /// `en`, `fi`.
    pub(super) language: String,
    /// What it is called in the list of pages, where its first heading is too long for that.
    pub(super) short: Option<String>,
    /// Which of the site's kinds it is of; nothing: the front page.
    pub(super) kind: Option<usize>,
    /// From the top of the clone: `docs/chat.fi.md`.
    pub(super) source: String,
}

impl Page {
    /// Its address within the site.
    pub(super) fn address(&self) -> String {
        match self.language.as_str() {
            "en" => format!("{}.html", self.name),
            language => format!("{}.{language}.html", self.name),
        }
    }

    /// What leads from it to the site's top.
    pub(super) fn up(&self) -> String {
        "../".repeat(self.name.matches('/').count())
    }
}

/// The site.
pub(super) struct Site {
    pub(super) root: PathBuf,
    /// The names of the kinds, by language: `tutorial` is `kinds[0]`.
    pub(super) kinds: Vec<Value>,
    /// What the template says, by language.
    pub(super) words: Value,
    /// In the order in which they are read, English first.
    pub(super) pages: Vec<Page>,
}

impl Site {
    /// Reads the list. A page that it names has to be there, and it has to name each that is there.
    pub(super) fn read(root: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(root.join("docs/site.json")).context("docs/site.json cannot be read")?;
        let list: Value = serde_json::from_str(&text).context("docs/site.json is not JSON")?;
        let kinds = list["kinds"].as_array().context("docs/site.json: kinds: a list is missing")?.clone();
        let mut site = Self { root: root.to_owned(), kinds, words: list["words"].clone(), pages: Vec::new() };
        for language in list["languages"].as_array().context("docs/site.json: languages: a list is missing")? {
            let language = language.as_str().context("docs/site.json: languages: not a text")?;
            site.add(&list["front"], None, language)?;
            for kind in 0..site.kinds.len() {
                let pages = site.kinds[kind]["pages"].as_array().cloned();
                for page in pages.with_context(|| format!("docs/site.json: kinds[{kind}].pages: a list is missing"))? {
                    site.add(&page, Some(kind), language)?;
                }
            }
        }
        site.names_all()?;
        Ok(site)
    }

    fn add(&mut self, entry: &Value, kind: Option<usize>, language: &str) -> Result<()> {
        let name =
            entry["page"].as_str().with_context(|| format!("docs/site.json: {entry}: page: a name is missing"))?;
        if let Some(folder) = name.strip_suffix("/*") {
            for name in markdown(&self.root.join("docs").join(folder))? {
                self.add_one(&format!("{folder}/{name}"), entry, kind, language);
            }
            return Ok(());
        }
        let found = self.add_one(name, entry, kind, language);
        ensure!(
            found || language != "en" || entry["optional"] == true,
            "docs/site.json names the page {name}, which is not there"
        );
        Ok(())
    }

    /// Whether there is such a page in this language.
    fn add_one(&mut self, name: &str, entry: &Value, kind: Option<usize>, language: &str) -> bool {
        let ending = if language == "en" { "md".to_owned() } else { format!("{language}.md") };
        let source = match entry["file"].as_str() {
            // One that is at home elsewhere is there in English alone.
            Some(file) if language == "en" => file.to_owned(),
            Some(_) => return false,
            None => format!("docs/{name}.{ending}"),
        };
        if !self.root.join(&source).is_file() {
            return false;
        }
        let short = entry["short"][language].as_str().map(str::to_owned);
        self.pages.push(Page { name: name.to_owned(), language: language.to_owned(), short, kind, source });
        true
    }

    fn names_all(&self) -> Result<()> {
        let named: BTreeSet<&str> = self.pages.iter().map(|page| page.source.as_str()).collect();
        for folder in ["docs", "docs/integrations"] {
            for name in markdown_files(&self.root.join(folder))? {
                let source = format!("{folder}/{name}");
                if !named.contains(source.as_str()) {
                    bail!("{source} is in none of the kinds in docs/site.json: name it in the one that it is of");
                }
            }
        }
        Ok(())
    }

    /// The same page in another language, or another page.
    pub(super) fn find(&self, name: &str, language: &str) -> Option<&Page> {
        self.pages.iter().find(|page| page.name == name && page.language == language)
    }

    /// The page that is made of this file.
    pub(super) fn of_source(&self, source: &str) -> Option<&Page> {
        self.pages.iter().find(|page| page.source == source)
    }
}

/// Names of the pages in a folder, in English; none where there is no folder.
fn markdown(folder: &Path) -> Result<Vec<String>> {
    let files = markdown_files(folder)?.into_iter();
    Ok(files
        .filter_map(|name| name.strip_suffix(".md").filter(|name| !name.contains('.')).map(str::to_owned))
        .collect())
}

fn markdown_files(folder: &Path) -> Result<Vec<String>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.ends_with(".md") {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}
