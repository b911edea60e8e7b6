//! `cargo xtask size`

use std::collections::BTreeMap;
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::Usage;
use crate::features;
use crate::house::House;
use crate::manifest::role;
use crate::package;
use crate::run::Run;

/// Brotli bytes for what every page loads: loader, glue and module. The design's budget with everything.
const EVERY_PAGE_BUDGET: u64 = 26_000;
/// Brotli bytes for what is fetched to open a prompt: issue 9. Looks that are drawn, ways to a human being and a shop's own colours are parts that come where a definition has
/// them. What decides when one opens (`asking`) and what a question for words
/// needs (`words`) come on top, and have no budget that they keep yet: the design's is for all three.
const PROMPT_BUDGET: u64 = 28_000;
/// Brotli bytes for what is fetched when a conversation opens, on top of the prompt. 12,000 was the aim: the module alone takes 9,200, the card's looks and
/// hands the rest.
const CONVERSATION_BUDGET: u64 = 15_600;
/// Brotli bytes for what finds and asks consent platforms, with the largest of the platforms' parts: a page has one as a rule. A tenth of what every
/// page loads.
const CONSENT_BUDGET: u64 = 2_600;

/// Brotli bytes for what understands words, with the stems of one language: issue 7.
const THEMES_BUDGET: u64 = 12_000;

/// Brotli bytes for a page and its prompt where modules are JavaScript: issue 9.
const TRANSLATED_BUDGET: u64 = 60_000;

/// Bytes of one file, or of several together.
#[derive(Clone, Debug, Default, PartialEq)]
struct Size {
    name: String,
    raw: u64,
    gzip: u64,
    brotli: u64,
}

/// The package's sizes.
struct Sizes {
    every_page: Size,
    /// The same, what stores and sends, and what watches the page: loaded once `measure` is granted.
    measured_page: Size,
    prompt: Size,
    /// What decides when a prompt opens: loaded where a shop has prompts and may show them.
    asking: Size,
    /// What takes personal details out of words: loaded with a question for them.
    words: Size,
    /// What a conversation needs; its texts are not counted.
    conversation: Size,
    /// What understands words, with the stems of one language, the largest: loaded with a question for them.
    themes: Size,
    /// What finds and asks consent platforms: loaded unless `data-consent="api"`.
    consent: Size,
    /// A page without WebAssembly, with an open prompt: loader, core and what opens a prompt, as JavaScript.
    translated: Size,
    files: Vec<Size>,
}

/// Builds, measures, prints. Fails when over a budget.
pub(super) fn run(house: &House, args: &[String]) -> Result<ExitCode> {
    let json = match args {
        [] => false,
        [arg] if arg == "--json" => true,
        [arg] if arg == "--features" => return features(house),
        _ => return Err(Usage(format!("unknown arguments `{}`", args.join(" "))).into()),
    };
    package::build(house)?;
    let sizes = Sizes::of(measured(house)?);
    print!("{}", if json { sizes.json() } else { sizes.table() });
    let over = sizes.budgets().iter().any(|(size, budget)| size.brotli > *budget);
    if over {
        eprintln!("the package is over its budget");
    }
    Ok(if over { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Writes what each feature costs.
fn features(house: &House) -> Result<ExitCode> {
    package::build(house)?;
    features::write(house, &features::page(house, &brotli(house)?)?)?;
    eprintln!("{} is written", features::PAGE);
    Ok(ExitCode::SUCCESS)
}

/// What of the page about features is not true any more. The package is built.
pub(super) fn stale(house: &House) -> Result<Vec<String>> {
    features::stale(house, &features::page(house, &brotli(house)?)?)
}

/// What every page, a measured page and a prompt weigh, in brotli bytes. The package is built.
pub(super) fn rows(house: &House) -> Result<[u64; 3]> {
    let sizes = Sizes::of(measured(house)?);
    Ok([&sizes.every_page, &sizes.measured_page, &sizes.prompt].map(|size| size.brotli))
}

fn brotli(house: &House) -> Result<BTreeMap<String, u64>> {
    Ok(measured(house)?.into_iter().map(|file| (file.name, file.brotli)).collect())
}

fn measured(house: &House) -> Result<Vec<Size>> {
    let pkg = house.pkg();
    let manifest: Value = serde_json::from_str(&std::fs::read_to_string(pkg.join("manifest.json"))?)?;
    let names = manifest["files"].as_object().context("pkg/manifest.json names no files")?.keys();
    // Licences and types are never sent to a shopper.
    let names = names.filter(|name| !matches!(role(name).as_str(), "other" | "types"));
    let script = house.root.join("crates/xtask/js/compress.mjs");
    let out = Run::new("node").arg(script).args(names.map(|name| pkg.join(name))).stdout()?;
    let rows: Value = serde_json::from_str(&out).context("the sizes are not JSON")?;
    let rows = rows.as_array().context("the sizes are no list")?;
    let number = |row: &Value, name: &str| row[name].as_u64().with_context(|| format!("a size has no {name}"));
    rows.iter()
        .map(|row| {
            Ok(Size {
                name: row["name"].as_str().unwrap_or_default().to_owned(),
                raw: number(row, "raw")?,
                gzip: number(row, "gzip")?,
                brotli: number(row, "brotli")?,
            })
        })
        .collect::<Result<Vec<_>>>()
        .and_then(|sizes| {
            ensure!(!sizes.is_empty(), "the package is empty");
            Ok(sizes)
        })
}

impl Sizes {
    fn of(files: Vec<Size>) -> Self {
        let with =
            |roles: &[&str]| files.iter().filter(|file| roles.contains(&role(&file.name).as_str())).collect::<Vec<_>>();
        let part = |name: &str| files.iter().filter(|file| file.name.starts_with(name)).collect::<Vec<_>>();
        let mut prompt = with(&["prompt.js", "prompt.wasm"]);
        prompt.extend(part("part-prompts-"));
        // Their names begin alike: the platform's stands before the hash.
        let (platforms, mut consent): (Vec<_>, Vec<_>) =
            part("part-consent-").into_iter().partition(|file| file.name.matches('-').count() > 2);
        consent.extend(platforms.into_iter().max_by_key(|file| file.brotli));
        let every_page = with(&["loader", "core.js", "core.wasm"]);
        let mut measured_page = every_page.clone();
        measured_page.extend(part("part-deliver-"));
        measured_page.extend(with(&["watch.js", "watch.wasm"]));
        let mut translated = with(&["loader"]);
        translated.extend(part("js-whole-"));
        let mut themes = with(&["themes.js", "themes.wasm"]);
        themes.extend(with(&["themes.txt"]).into_iter().max_by_key(|file| file.brotli));
        Self {
            every_page: sum("every page", &every_page),
            measured_page: sum("measured page", &measured_page),
            prompt: sum("prompt", &prompt),
            asking: sum("asking", &with(&["ask.js", "ask.wasm"])),
            words: sum("words", &with(&["scrub.js", "scrub.wasm"])),
            conversation: sum("conversation", &with(&["chat.js", "chat.wasm"])),
            themes: sum("themes", &themes),
            consent: sum("consent", &consent),
            translated: sum("page and prompt as JS", &translated),
            files,
        }
    }

    fn budgets(&self) -> [(&Size, u64); 6] {
        [
            (&self.every_page, EVERY_PAGE_BUDGET),
            (&self.prompt, PROMPT_BUDGET),
            (&self.conversation, CONVERSATION_BUDGET),
            (&self.consent, CONSENT_BUDGET),
            (&self.themes, THEMES_BUDGET),
            (&self.translated, TRANSLATED_BUDGET),
        ]
    }

    fn json(&self) -> String {
        let files: Vec<String> = self
            .files
            .iter()
            .map(|file| format!("{{\"name\":{},{}}}", Value::from(file.name.as_str()), file.numbers()))
            .collect();
        format!(
            "{{\"every_page\":{{{}}},\"translated\":{{{}}},\"measured_page\":{{{}}},\"prompt\":{{{}}},\"asking\":{{{}}},\"words\":{{{}}},\"conversation\":{{{}}},\"themes\":{{{}}},\"consent\":{{{}}},\"files\":[{}]}}\n",
            self.every_page.numbers(),
            self.translated.numbers(),
            self.measured_page.numbers(),
            self.prompt.numbers(),
            self.asking.numbers(),
            self.words.numbers(),
            self.conversation.numbers(),
            self.themes.numbers(),
            self.consent.numbers(),
            files.join(",")
        )
    }

    fn table(&self) -> String {
        let mut text = format!("{:<28}{:>9}{:>9}{:>9}{:>9}{:>9}\n", "", "raw", "gzip", "brotli", "budget", "room");
        for file in &self.files {
            text.push_str(&file.row());
            text.push('\n');
        }
        for size in [&self.measured_page, &self.asking, &self.words] {
            text.push_str(&size.row());
            text.push('\n');
        }
        for (size, budget) in self.budgets() {
            let room = budget.cast_signed() - size.brotli.cast_signed();
            text.push_str(&format!("{}{budget:>9}{room:>9}\n", size.row()));
        }
        text
    }
}

impl Size {
    fn row(&self) -> String {
        format!("{:<28}{:>9}{:>9}{:>9}", self.name, self.raw, self.gzip, self.brotli)
    }

    fn numbers(&self) -> String {
        format!("\"raw\":{},\"gzip\":{},\"brotli\":{}", self.raw, self.gzip, self.brotli)
    }
}

fn sum(name: &str, files: &[&Size]) -> Size {
    files.iter().fold(Size { name: name.to_owned(), ..Size::default() }, |sum, file| Size {
        raw: sum.raw + file.raw,
        gzip: sum.gzip + file.gzip,
        brotli: sum.brotli + file.brotli,
        ..sum
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sizes() -> Sizes {
        let size = |name: &str, brotli| Size { name: name.to_owned(), raw: 3 * brotli, gzip: 2 * brotli, brotli };
        Sizes::of(vec![
            size("polku.js", 1),
            size("polku-0.1.0.js", 1),
            size("core-01234567.js", 10),
            size("core-01234567.wasm", 100),
            size("watch-01234567.js", 500),
            size("part-deliver-01234567.js", 3),
            size("part-shop-01234567.js", 5),
            size("prompt-01234567.js", 1_000),
            size("js-core-01234567.js", 600),
            size("js-whole-01234567.js", 5_640),
            size("part-prompts-01234567.js", 7),
            size("part-consent-01234567.js", 20),
            size("part-consent-tcf-01234567.js", 4),
            size("part-consent-wp-consent-01234567.js", 3),
            size("prompt-01234567.wasm", 10_000),
            size("themes-01234567.js", 2),
            size("themes-01234567.wasm", 30),
            size("themes-en-01234567.txt", 400),
            size("themes-fi-01234567.txt", 500),
            size("text-en-01234567.json", 100_000),
            size("text-fi-01234567.json", 200_000),
        ])
    }

    #[test]
    fn sums_count_what_one_page_loads() {
        let sizes = sizes();
        assert_eq!(sizes.every_page.brotli, 111);
        assert_eq!(sizes.measured_page.brotli, 614);
        assert_eq!(sizes.prompt.brotli, 11_007);
        assert_eq!(sizes.translated.brotli, 5_641);
        assert_eq!(sizes.consent.brotli, 24);
        assert_eq!(sizes.themes.brotli, 532);
    }

    #[test]
    fn json_has_the_promised_shape() {
        let value: Value = serde_json::from_str(&sizes().json()).expect("JSON");
        assert_eq!(value["every_page"], serde_json::json!({"raw": 333, "gzip": 222, "brotli": 111}));
        assert_eq!(value["files"][0], serde_json::json!({"name": "polku.js", "raw": 3, "gzip": 2, "brotli": 1}));
        assert_eq!(value.as_object().map(|all| all.len()), Some(10));
    }

    #[test]
    fn table_shows_the_room_left() {
        assert!(sizes().table().contains("26000    25889\n"));
        assert!(sizes().table().contains("28000    16993\n"));
    }
}
