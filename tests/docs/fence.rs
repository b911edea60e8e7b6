//! Blocks of code of the documentation, and who runs each.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use crate::Done;

/// A block of code.
#[derive(Debug)]
pub(super) struct Fence {
    /// `docs/chat.md`.
    pub(super) page: String,
    pub(super) line: usize,
    pub(super) language: String,
    /// What stands behind the language.
    pub(super) words: Vec<String>,
    pub(super) text: String,
}

/// Who runs a block.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Runner {
    /// The tutorial's own test follows it.
    Tutorial,
    /// In Chromium, in a page with the real package: as HTML, as a script of a page with Polku on it, as a module.
    Html,
    Script,
    Module,
    /// The TypeScript compiler, with the package's types.
    Types,
    /// JSON, by what it is (`data.rs`).
    Json,
    /// Lines of commands, in a sandbox; what they print where the page shows it.
    Shell,
    Console,
    Cron,
    /// Its syntax alone: `sh syntax`.
    Syntax,
    /// `polku serve --config FILE --check`.
    Config,
    /// `polku import KIND FILE`: `csv tickets`.
    Import,
    /// systemd's units: sections, settings, and the command that they start.
    Unit,
    Yaml,
    Sql,
    Php,
    /// Not an input: what something prints, or a drawing.
    Output,
    /// Another test, which names the page: `js by=tests/e2e/x.rs`.
    Elsewhere,
    /// What the page itself says was never run: `nginx paper`.
    Paper,
}

impl Fence {
    /// For messages.
    pub(super) fn at(&self) -> String {
        format!("{}:{}", self.page, self.line)
    }

    pub(super) fn has(&self, word: &str) -> bool {
        self.words.iter().any(|said| said == word)
    }

    /// Of `file=index.html` what follows `file`.
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        self.words.iter().find_map(|word| word.strip_prefix(name)?.strip_prefix('='))
    }

    /// Who runs it.
    pub(super) fn runner(&self) -> Result<Runner> {
        if self.page.starts_with("docs/tutorial.") {
            return Ok(Runner::Tutorial);
        }
        if let Some(test) = self.value("by") {
            let says = std::fs::read_to_string(root().join(test)).unwrap_or_default();
            ensure!(says.contains(&self.page), "{}: {test} does not say that it is of {}", self.at(), self.page);
            return Ok(Runner::Elsewhere);
        }
        if self.has("paper") {
            return Ok(Runner::Paper);
        }
        Ok(match self.language.as_str() {
            "html" => Runner::Html,
            "js" if self.text.lines().any(|line| line.starts_with("import ")) => Runner::Module,
            "js" => Runner::Script,
            "ts" | "tsx" | "jsx" => Runner::Types,
            "json" => Runner::Json,
            "sh" if self.has("syntax") => Runner::Syntax,
            "sh" => Runner::Shell,
            "console" => Runner::Console,
            "cron" => Runner::Cron,
            "toml" => Runner::Config,
            "csv" => Runner::Import,
            "ini" => Runner::Unit,
            "yaml" => Runner::Yaml,
            "sql" => Runner::Sql,
            "php" => Runner::Php,
            "text" => Runner::Output,
            other => bail!(
                "{}: nobody runs `{other}`: name its language, write `text` where it is no input, or `paper` where the page says that it was never run",
                self.at()
            ),
        })
    }
}

/// The top of this clone.
pub(super) fn root() -> PathBuf {
    PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default())
}

/// The pages whose code is run: what users read. The map of the code is for those who change it, and its blocks are notation.
pub(super) fn pages() -> Result<Vec<String>> {
    let mut pages = vec!["README.md".to_owned(), "pkg/README.md".to_owned()];
    for folder in ["docs", "docs/integrations"] {
        let path = root().join(folder);
        if !path.is_dir() {
            continue;
        }
        for entry in std::fs::read_dir(&path)? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            if Path::new(&name).extension().is_some_and(|ending| ending == "md") {
                pages.push(format!("{folder}/{name}"));
            }
        }
    }
    pages.sort();
    Ok(pages)
}

/// The blocks of a page.
pub(super) fn of_page(page: &str) -> Result<Vec<Fence>> {
    let text = std::fs::read_to_string(root().join(page)).with_context(|| page.to_owned())?;
    let mut found: Vec<Fence> = Vec::new();
    let mut inside = false;
    for (event, range) in Parser::new_ext(&text, Options::ENABLE_TABLES).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                let info = match kind {
                    CodeBlockKind::Fenced(info) => info.into_string(),
                    CodeBlockKind::Indented => bail!("{page}: a block of code without a fence"),
                };
                let mut words = info.split_whitespace().map(str::to_owned);
                inside = true;
                found.push(Fence {
                    page: page.to_owned(),
                    line: text[..range.start].matches('\n').count() + 1,
                    language: words.next().unwrap_or_default(),
                    words: words.collect(),
                    text: String::new(),
                });
            }
            Event::End(TagEnd::CodeBlock) => inside = false,
            Event::Text(part) if inside => {
                if let Some(fence) = found.last_mut() {
                    fence.text.push_str(&part);
                }
            }
            _ => {}
        }
    }
    Ok(found)
}

/// All blocks that are for this runner.
pub(super) fn of(runner: Runner) -> Result<Vec<Fence>> {
    let mut found = Vec::new();
    for page in pages()? {
        for fence in of_page(&page)? {
            if fence.runner().is_ok_and(|of| of == runner) {
                found.push(fence);
            }
        }
    }
    Ok(found)
}

/// Runs all blocks of a runner, and tells of every one that does not hold.
pub(super) fn each(runner: Runner, run: impl Fn(&Fence) -> Result<()>) -> Done {
    let mut wrong = Vec::new();
    for fence in of(runner)? {
        if let Err(why) = run(&fence) {
            wrong.push(format!("{}: {why:#}", fence.at()));
        }
    }
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

#[test]
fn every_block_of_code_has_somebody_who_runs_it() -> Done {
    let mut nobody = Vec::new();
    let mut count = 0;
    for page in pages()? {
        let says = std::fs::read_to_string(root().join(&page))?;
        for fence in of_page(&page)? {
            count += 1;
            match fence.runner() {
                Err(why) => nobody.push(why.to_string()),
                Ok(Runner::Paper)
                    if !["on paper", "untested", "not tried"].iter().any(|words| says.contains(words)) =>
                {
                    nobody.push(format!("{}: the page does not say that this is on paper", fence.at()));
                }
                Ok(_) => {}
            }
        }
    }
    ensure!(count > 60, "only {count} blocks were found");
    ensure!(nobody.is_empty(), "{}", nobody.join("\n"));
    Ok(())
}

#[test]
fn a_block_that_nobody_runs_is_found() {
    let fence = |language: &str, words: &[&str]| Fence {
        page: "docs/x.md".to_owned(),
        line: 1,
        language: language.to_owned(),
        words: words.iter().map(|word| (*word).to_owned()).collect(),
        text: String::new(),
    };
    assert!(fence("", &[]).runner().is_err());
    assert!(fence("cobol", &[]).runner().is_err());
    assert_eq!(fence("nginx", &["paper"]).runner().unwrap(), Runner::Paper);
    assert_eq!(
        fence("yaml", &["by=tests/docs/fence.rs"]).runner().unwrap(),
        Runner::Elsewhere,
        "this file names docs/x.md"
    );
    assert!(fence("yaml", &["by=tests/docs/nowhere.rs"]).runner().is_err());
    assert_eq!(fence("js", &[]).runner().unwrap(), Runner::Script);
}
