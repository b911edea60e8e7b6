//! What each feature costs in bytes: the modules by the places in the source that their functions come from, JavaScript by its files. Written as `docs/bytes.md`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::bundle;
use crate::house::{House, halves};
use crate::manifest::role;
use crate::modules::{ASK, CHAT, CHECK, CORE, Module, PROMPT, SCRUB, THEMES, WATCH};
use crate::wasm::{self, Tools};
use crate::weigh;

/// Where it is written.
pub(crate) const PAGE: &str = "docs/bytes.md";
/// What stands above this line is written by hand.
const BELOW: &str = "## What each file is made of\n";
/// What is less than this share of a file stands with the others of its kind.
const LEAST: f64 = 0.01;
/// Numbers on the page may be off by this share before it has to be written anew: compilers differ by as much.
const OFF: f64 = 0.03;

/// One file of the package and what it is made of.
struct File {
    /// As `core.wasm`.
    name: String,
    brotli: u64,
    /// Raw bytes by place.
    parts: Vec<(String, usize)>,
}

/// Modules with what they are for.
const MODULES: &[(&Module, &str)] = &[
    (&CORE, "every page"),
    (&WATCH, "a measured page"),
    (&ASK, "where a shop has prompts"),
    (&PROMPT, "a prompt that opens"),
    (&SCRUB, "a question for words"),
    (&THEMES, "a question for words, in a language with stems"),
    (&CHAT, "a conversation"),
    (&CHECK, "the preview, and developers' own machines"),
];

/// JavaScript that has no module of its own.
const SCRIPTS: &[(&str, &str)] = &[
    ("polku.js", "every page"),
    ("part/deliver.js", "a measured page"),
    ("part/shop.js", "a measured page with something for it"),
    ("part/forms.js", "a measured page with forms"),
    ("part/layer.js", "a page with a data layer"),
    ("part/consent.js", "unless `data-consent=\"api\"`"),
    ("part/privacy.js", "the shopper's own view"),
    ("part/collectors.js", "other collectors and formats"),
    ("part/framework.js", "another framework"),
    ("part/prompts.js", "a prompt that opens"),
    ("part/questions.js", "the default questions"),
    ("part/elements.js", "a page with `<polku-prompt>` or `<polku-launcher>`"),
    ("part/debug.js", "a developer who asks for it"),
    ("part/line.js", "a prompt, with `data-chat`"),
    ("part/looks.js", "a prompt with stars, faces or thumbs"),
    ("part/ways.js", "a prompt with actions, a conversation or a question for an address"),
    ("part/fit.js", "a prompt in a shop's own colours"),
];

/// The page as it should be. `sizes`: brotli bytes of the package's files by name.
pub(crate) fn page(house: &House, sizes: &BTreeMap<String, u64>) -> Result<String> {
    let tools = Tools::find(house)?;
    let size = |wanted: &str| sizes.iter().find(|(name, _)| plain(name) == wanted).map_or(0, |(_, brotli)| *brotli);
    let scratch = std::env::temp_dir().join(format!("polku-features-{}", std::process::id()));
    std::fs::create_dir_all(&scratch)?;
    let mut text = String::new();
    for (module, when) in MODULES {
        let built = wasm::build(house, &tools, module)?;
        let name = format!("{}.wasm", module.name);
        let functions = std::fs::read_to_string(&built.functions).context("no list of functions")?;
        File { brotli: size(&name), parts: weigh::read(&functions)?, name }.table(when, &mut text);
        let entry = house.www().join(module.name).with_extension("js");
        if entry.is_file() {
            let mut aliases = vec![("glue", built.glue.clone())];
            let sheet = house.root.join("crates").join(module.name).join("view/style.css");
            aliases.extend(sheet.is_file().then_some(("style", sheet)));
            let parts = scripts(house, &tools, &entry, &aliases, &scratch)?;
            let name = format!("{}.js", module.name);
            File { brotli: size(&name), parts, name }.table(when, &mut text);
        }
    }
    for (script, when) in SCRIPTS {
        let entry = house.www().join(script);
        let sheet = house.root.join("crates/prompt/view").join(entry.file_name().unwrap_or_default());
        let sheet = sheet.with_extension("css");
        let aliases: Vec<_> = sheet.is_file().then_some(("style", sheet)).into_iter().collect();
        let name = script.replace('/', "-");
        let parts = scripts(house, &tools, &entry, &aliases, &scratch)?;
        File { brotli: size(&name), parts, name }.table(when, &mut text);
    }
    std::fs::remove_dir_all(scratch)?;
    Ok(text)
}

/// A file's name without its hash: `core.wasm`, `part-ways.js`.
fn plain(name: &str) -> String {
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    match stem.rsplit_once('-') {
        Some((stem, _)) if role(name) != "loader.versioned" => format!("{stem}.{extension}"),
        _ => name.to_owned(),
    }
}

/// What each file brings to a bundle, as esbuild tells it.
fn scripts(
    house: &House,
    tools: &Tools,
    entry: &Path,
    aliases: &[(&str, PathBuf)],
    scratch: &Path,
) -> Result<Vec<(String, usize)>> {
    let meta = bundle::account(&house.root, &tools.npm, entry, aliases, scratch)?;
    let meta: Value = serde_json::from_str(&meta).context("esbuild's account is not JSON")?;
    let outputs = meta["outputs"].as_object().context("esbuild told of no output")?;
    let inputs = outputs.values().find_map(|output| output["inputs"].as_object()).context("… and of no inputs")?;
    let place = |path: &str| {
        // As seen from where the build runs; the glue lies in the cache.
        let path = path.trim_start_matches("../");
        let known = ["www/", "crates/"].into_iter().find_map(|top| path.find(top).map(|at| path[at..].to_owned()));
        known.filter(|known| house.root.join(known).is_file()).unwrap_or_else(|| "the module's glue".to_owned())
    };
    let bytes = |input: &Value| input["bytesInOutput"].as_u64().unwrap_or_default() as usize;
    Ok(inputs.iter().map(|(path, input)| (place(path), bytes(input))).collect())
}

impl File {
    /// Its parts, the largest first. Of what is compressed together nobody can say which part has which bytes: each is given its share of the raw ones.
    fn table(&self, when: &str, text: &mut String) {
        let all: usize = self.parts.iter().map(|(_, bytes)| bytes).sum();
        text.push_str(&format!("\n### `{}`: {} bytes\n\nLoaded by: {when}.\n\n", self.name, self.brotli));
        text.push_str("| part | raw | brotli, its share |\n|---|---|---|\n");
        let share = |bytes: usize| bytes as f64 / all.max(1) as f64;
        let mut parts = self.parts.clone();
        parts.sort_by(|(a, more), (b, less)| less.cmp(more).then(a.cmp(b)));
        let (told, small): (Vec<_>, Vec<_>) = parts.into_iter().partition(|(_, bytes)| share(*bytes) >= LEAST);
        let rest: usize = small.iter().map(|(_, bytes)| bytes).sum();
        let told = told.into_iter().map(|(part, bytes)| (format!("`{part}`"), bytes));
        let others = (rest > 0).then(|| (format!("{} others", small.len()), rest));
        for (part, bytes) in told.chain(others) {
            let brotli = (share(bytes) * self.brotli as f64).round();
            text.push_str(&format!("| {part} | {bytes} | {brotli} |\n"));
        }
    }
}

/// Writes the page below what stands there by hand.
pub(crate) fn write(house: &House, found: &str) -> Result<()> {
    house.write_below(PAGE, BELOW, found)
}

/// What of the page is not true any more; nothing while it is.
pub(crate) fn stale(house: &House, found: &str) -> Result<Vec<String>> {
    let written = std::fs::read_to_string(house.root.join(PAGE)).with_context(|| format!("{PAGE} cannot be read"))?;
    let (_, written) = halves(PAGE, &written, BELOW)?;
    Ok(differences(&files(written), &files(found)))
}

/// Files and their bytes, by the headings.
fn files(page: &str) -> BTreeMap<&str, f64> {
    let headings = page.lines().filter_map(|line| line.strip_prefix("### `")?.split_once("`: "));
    headings
        .map(|(name, bytes)| (name, bytes.split(' ').next().and_then(|b| b.parse().ok()).unwrap_or_default()))
        .collect()
}

fn differences(written: &BTreeMap<&str, f64>, found: &BTreeMap<&str, f64>) -> Vec<String> {
    let mut told = Vec::new();
    for (name, bytes) in found {
        match written.get(name) {
            None => told.push(format!("{name} is not there")),
            Some(old) if (old - bytes).abs() > bytes * OFF => told.push(format!("{name} has {bytes} bytes, not {old}")),
            Some(_) => {}
        }
    }
    told.extend(written.keys().filter(|name| !found.contains_key(*name)).map(|name| format!("{name} is no more")));
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_share_the_bytes_of_their_file() {
        let parts = vec![("a::b".to_owned(), 900), ("c".to_owned(), 95), ("d".to_owned(), 5)];
        let mut text = String::new();
        File { name: "core.wasm".to_owned(), brotli: 500, parts }.table("every page", &mut text);
        assert!(text.contains("### `core.wasm`: 500 bytes"), "{text}");
        assert!(text.contains("| `a::b` | 900 | 450 |\n| `c` | 95 | 48 |\n| 1 others | 5 | 3 |\n"), "{text}");
        assert_eq!(files(&text), BTreeMap::from([("core.wasm", 500.0)]));
    }

    #[test]
    fn a_page_is_stale_when_a_file_came_went_or_grew() {
        let written = BTreeMap::from([("a", 100.0), ("b", 100.0), ("c", 1.0)]);
        let found = BTreeMap::from([("a", 102.0), ("b", 104.0), ("d", 1.0)]);
        assert_eq!(differences(&written, &found), ["b has 104 bytes, not 100", "d is not there", "c is no more"]);
    }

    #[test]
    fn names_lose_their_hash() {
        for (name, without) in
            [("core-01234567.wasm", "core.wasm"), ("part-ways-01234567.js", "part-ways.js"), ("polku.js", "polku.js")]
        {
            assert_eq!(plain(name), without);
        }
    }
}
