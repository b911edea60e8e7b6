//! The package: what lies in `pkg/` after a build.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::bundle::{self, Kind};
use crate::hash::{Key, hex, integrity, sha256, short, sources};
use crate::house::House;
use crate::questions::speak;
use crate::run::took;
use crate::wasm::{
    self, ASK, CHAT, CHECK, CORE, Engine, FORMAT, Module, PROMPT, PROTOCOL, SCRUB, THEMES, Tools, WATCH,
};

/// What the package is built from.
const SOURCES: &[&str] = &[
    "Cargo.toml",
    "Cargo.lock",
    "src",
    "crates/core/src",
    "crates/core/Cargo.toml",
    "crates/prompt",
    "crates/scrub",
    "crates/chat",
    "crates/themes",
    "crates/check",
    "crates/watch",
    "crates/ask",
    "crates/format",
    "crates/xtask/Cargo.toml",
    "crates/xtask/src",
    "crates/xtask/js",
    "crates/xtask/npm",
    "www",
];

/// Folders in `www/` that are pages of the command and no part of the package.
const PAGES: &[&str] = &["www/shop", "www/map", "www/preview", "www/inbox"];

/// Builds the package into `pkg/`, or copies it there from the cache.
pub(crate) fn build(house: &House) -> Result<()> {
    let tools = Tools::find(house)?;
    let started = Instant::now();
    let key = || {
        let mut files = sources(&house.root, SOURCES);
        files.retain(|file| !PAGES.iter().any(|page| file.starts_with(page)));
        Ok(Key::new("package").files(&house.root, &files)?.text(&tools.id()).finish())
    };
    let built = Cell::new(false);
    let dir = house.cached("packages", key, 6, |dir| {
        built.set(true);
        make(house, &tools, dir)
    })?;
    publish(house, &dir)?;
    eprintln!("pkg/ is {}", if built.get() { "built" } else { "as it was built before" });
    took(started.elapsed());
    Ok(())
}

/// Parts that `www/watch.js` fetches where a page has something for them.
const FOUND_PARTS: &[&str] = &["shop", "forms"];

/// Parts that ask one consent platform each, in `www/part/consent/`.
const CONSENT_PARTS: &[&str] = &[
    "tcf",
    "google",
    "cookiebot",
    "onetrust",
    "usercentrics",
    "didomi",
    "klaro",
    "cookieyes",
    "cookie-information",
    "complianz",
    "wp-consent",
    "shopify",
];

/// What the loader fetches: names of files, of which each knows those that it fetches itself.
struct Fetched {
    core_js: String,
    core_wasm: String,
    privacy: String,
    consent: String,
    errors: String,
}

fn make(house: &House, tools: &Tools, dir: &Path) -> Result<()> {
    let version = house.version()?;
    let www = house.www();
    // Said before the compiler runs for a minute.
    for needed in ["polku.js", "errors.json"] {
        ensure!(www.join(needed).is_file(), "www/{needed} is missing: the package cannot be built without it");
    }
    // What an earlier attempt made lies in another folder.
    tools.parts.borrow_mut().clear();
    let Fetched { core_js, core_wasm, privacy, consent, errors } = fetched(house, tools, dir)?;
    // The same once more for pages without WebAssembly. What holds no module is the same file.
    tools.engine.set(Engine::JavaScript);
    let js = fetched(house, tools, dir)?.core_js;
    tools.engine.set(Engine::Wasm);
    loader(
        house,
        tools,
        dir,
        &json!({ "core": core_js, "wasm": core_wasm, "js": js, "privacy": privacy, "consent": consent, "errors": errors, "version": version }),
    )
}

/// Everything that the loader fetches, for the tools' engine.
fn fetched(house: &House, tools: &Tools, dir: &Path) -> Result<Fetched> {
    let www = house.www();
    let prompt = wasm::build(house, tools, &PROMPT)?;
    let prompt_wasm = module(dir, "prompt", &prompt)?;
    let prompt_texts = texts(&www.join("texts"), "text", dir)?;
    let scrub = wasm::build(house, tools, &SCRUB)?;
    let scrub_wasm = module(dir, "scrub", &scrub)?;
    let scrub_js = javascript(house, tools, &SCRUB, &scrub.glue, &json!({ "wasm": scrub_wasm }), dir)?;
    let chat = wasm::build(house, tools, &CHAT)?;
    let chat_wasm = module(dir, "chat", &chat)?;
    let texts_of_chat = texts(&www.join("texts/chat"), "chat", dir)?;
    let files = json!({ "wasm": chat_wasm, "texts": texts_of_chat });
    let chat_js = javascript(house, tools, &CHAT, &chat.glue, &files, dir)?;
    let themes = wasm::build(house, tools, &THEMES)?;
    let files = json!({ "wasm": module(dir, "themes", &themes)?, "stems": stems(&house.root.join(STEMS), dir)? });
    let themes_js = javascript(house, tools, &THEMES, &themes.glue, &files, dir)?;
    let files =
        json!({ "wasm": prompt_wasm, "texts": prompt_texts, "scrub": scrub_js, "themes": themes_js, "chat": chat_js });
    let prompt_js = javascript(house, tools, &PROMPT, &prompt.glue, &files, dir)?;

    // The shopper's own view, in each language.
    let texts = texts(&www.join("texts/privacy"), "privacy", dir)?;
    let privacy = part(tools, &www, "privacy", &json!({ "texts": texts }), dir)?;

    let errors = hashed(dir, "errors", "json", minified(&www.join("errors.json"))?.as_bytes())?;
    // The default questions, in each language.
    let texts = questions(&www, dir)?;
    let questions = part(tools, &www, "questions", &json!({ "texts": texts }), dir)?;
    // A part is loaded by the pages that need it.
    let ask = wasm::build(house, tools, &ASK)?;
    let files = json!({ "wasm": module(dir, "ask", &ask)? });
    let ask_js = javascript(house, tools, &ASK, &ask.glue, &files, dir)?;
    let check = wasm::build(house, tools, &CHECK)?;
    let files = json!({ "wasm": module(dir, "check", &check)? });
    let check_js = javascript(house, tools, &CHECK, &check.glue, &files, dir)?;
    let files = json!({ "prompt": prompt_js, "ask": ask_js, "check": check_js, "questions": questions });
    let prompts = part(tools, &www, "prompts", &files, dir)?;
    let deliver = part(tools, &www, "deliver", &json!({}), dir)?;
    let layer = part(tools, &www, "layer", &json!({}), dir)?;
    let framework = part(tools, &www, "framework", &json!({}), dir)?;
    // What asks consent platforms fetches a part for each that the page has: it knows their hashes, their names follow.
    let mut platforms = serde_json::Map::new();
    for name in CONSENT_PARTS {
        let file = part(tools, &www, &format!("consent/{name}"), &json!({}), dir)?;
        let hash = file.rsplit('-').next().and_then(|end| end.strip_suffix(".js")).context("a part without a hash")?;
        platforms.insert((*name).to_owned(), hash.into());
    }
    let consent = part(tools, &www, "consent", &json!({ "platforms": platforms }), dir)?;
    // What watches the page fetches the others where it finds something for them.
    let mut found = serde_json::Map::new();
    for name in FOUND_PARTS {
        if www.join("part").join(name).with_extension("js").is_file() {
            found.insert((*name).to_owned(), part(tools, &www, name, &json!({}), dir)?.into());
        }
    }
    let watch = wasm::build(house, tools, &WATCH)?;
    found.insert("wasm".to_owned(), module(dir, "watch", &watch)?.into());
    let watch = javascript(house, tools, &WATCH, &watch.glue, &found.into(), dir)?;
    // Where collectors are listed, or one has another format: what writes for them comes only where one is not our own.
    // As JavaScript there is one of the two, that which does both.
    let both = if tools.engine.get() == Engine::Wasm { &FORMAT } else { &PROTOCOL };
    let format = wasm::build(house, tools, both)?;
    let format_wasm = module(dir, "format", &format)?;
    let format_js = javascript(house, tools, &FORMAT, &format.glue, &json!({}), dir)?;
    let protocol = wasm::build(house, tools, &PROTOCOL)?;
    let same = std::fs::read(&format.glue)? == std::fs::read(&protocol.glue)?;
    ensure!(same, "the two modules of crates/format have different glue; have they different exports?");
    let protocol_wasm = module(dir, "protocol", &protocol)?;
    let presets = presets(&house.root.join(PRESETS), dir)?;
    let files = json!({ "format": format_js, "wasm": format_wasm, "protocol": protocol_wasm, "presets": presets });
    let collectors = part(tools, &www, "collectors", &files, dir)?;
    let core = wasm::build(house, tools, &CORE)?;
    let core_wasm = module(dir, "core", &core)?;
    // Each file knows those that it fetches itself: as a list that is handed on they would cost every page some twenty bytes more.
    let files = json!({ "prompts": prompts, "deliver": deliver, "layer": layer, "watch": watch, "framework": framework, "collectors": collectors });
    let core_js = javascript(house, tools, &CORE, &core.glue, &files, dir)?;
    Ok(Fetched { core_js, core_wasm, privacy, consent, errors })
}

/// The loader, and what stands beside it for those who build shops.
fn loader(house: &House, tools: &Tools, dir: &Path, files: &Value) -> Result<()> {
    let (version, www) = (house.version()?, house.www());
    let loader = dir.join("polku.js");
    bundle::bundle(&tools.npm, &www.join("polku.js"), Kind::Script, &[], files, &loader)?;
    std::fs::copy(&loader, dir.join(format!("polku-{version}.js")))?;
    let esm = www.join("polku.mjs").is_file();
    if esm {
        bundle::bundle(&tools.npm, &www.join("polku.mjs"), Kind::Module, &[], files, &dir.join("polku.mjs"))?;
    }
    let types = www.join("polku.d.ts").is_file();
    if types {
        std::fs::copy(www.join("polku.d.ts"), dir.join("polku.d.ts"))?;
    }
    // For those who write definitions: made from the core's table of fields, and held against it by crates/core/tests/prompts.rs.
    std::fs::copy(www.join("prompts.d.ts"), dir.join("prompts.d.ts"))?;
    std::fs::write(dir.join("prompts.schema.json"), minified(&www.join("prompts.schema.json"))?)?;
    for licence in ["LICENSE-MIT", "LICENSE-APACHE"] {
        if house.root.join(licence).is_file() {
            std::fs::copy(house.root.join(licence), dir.join(licence))?;
        }
    }
    write_json(&dir.join("manifest.json"), &manifest(dir, &version)?)?;
    write_json(&dir.join("package.json"), &npm_manifest(&version, esm, types))
}

/// Bundles `www/<name>.js` with the glue; the glue alone while there is no such file.
fn javascript(house: &House, tools: &Tools, module: &Module, glue: &Path, files: &Value, dir: &Path) -> Result<String> {
    let entry = house.www().join(module.name).with_extension("js");
    let entry = if entry.is_file() { entry } else { glue.to_owned() };
    let out = dir.join("bundle.js");
    let mut aliases = vec![("glue", glue)];
    // A module with a style sheet in its view carries it.
    let (sheet, style) = (house.root.join("crates").join(module.name).join("view/style.css"), dir.join("style.css"));
    if sheet.is_file() {
        bundle::style(&tools.npm, &sheet, &style)?;
        aliases.push(("style", &style));
    }
    bundle::bundle(&tools.npm, &entry, Kind::Module, &aliases, files, &out)?;
    if sheet.is_file() {
        std::fs::remove_file(style)?;
    }
    let name = script(tools, module.name, &std::fs::read(&out)?, dir)?;
    std::fs::remove_file(out)?;
    Ok(name)
}

/// Bundles `www/part/<name>.js`.
fn part(tools: &Tools, www: &Path, name: &str, files: &Value, dir: &Path) -> Result<String> {
    // The same for both engines, most of them.
    let key = format!("{name} {files}");
    if let Some(made) = tools.parts.borrow().get(&key) {
        return Ok(made.clone());
    }
    let out = dir.join("bundle.js");
    bundle::bundle(&tools.npm, &www.join("part").join(name).with_extension("js"), Kind::Module, &[], files, &out)?;
    let hashed = script(tools, &format!("part-{}", name.replace('/', "-")), &std::fs::read(&out)?, dir)?;
    std::fs::remove_file(out)?;
    tools.parts.borrow_mut().insert(key, hashed.clone());
    Ok(hashed)
}

/// Writes a script under a name that holds its hash. One that comes only with modules as JavaScript says so at its beginning.
fn script(tools: &Tools, stem: &str, bytes: &[u8], dir: &Path) -> Result<String> {
    let usual = format!("{stem}-{}.js", short(bytes));
    if tools.engine.get() == Engine::Wasm || dir.join(&usual).is_file() {
        return hashed(dir, stem, "js", bytes);
    }
    hashed(dir, &format!("js-{stem}"), "js", bytes)
}

/// Writes a module and returns its name; none where its glue holds it.
fn module(dir: &Path, stem: &str, built: &wasm::Built) -> Result<String> {
    if built.wasm.is_empty() { Ok(String::new()) } else { hashed(dir, stem, "wasm", &built.wasm) }
}

/// Writes a file under a name that holds its hash, and returns the name.
fn hashed(dir: &Path, stem: &str, extension: &str, bytes: &[u8]) -> Result<String> {
    let name = format!("{stem}-{}.{extension}", short(bytes));
    std::fs::write(dir.join(&name), bytes)?;
    Ok(name)
}

/// Languages and the names of their files.
fn texts(from: &Path, stem: &str, to: &Path) -> Result<BTreeMap<String, String>> {
    let mut names = BTreeMap::new();
    for path in listed(from) {
        if path.extension().is_some_and(|extension| extension == "json") {
            let lang = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let name = hashed(to, &format!("{stem}-{lang}"), "json", minified(&path)?.as_bytes())?;
            names.insert(lang, name);
        }
    }
    Ok(names)
}

/// Languages and the names of the files with the default questions in them.
fn questions(www: &Path, to: &Path) -> Result<BTreeMap<String, String>> {
    let read = |path: &Path| -> Result<Value> { Ok(serde_json::from_str(&minified(path)?)?) };
    let definitions = read(&www.join("questions.json"))?;
    let mut names = BTreeMap::new();
    for path in listed(&www.join("texts/questions")) {
        let lang = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let spoken = speak(&definitions, &read(&path)?, &lang).map_err(anyhow::Error::msg)?;
        let name = hashed(to, &format!("questions-{lang}"), "json", spoken.to_string().as_bytes())?;
        names.insert(lang, name);
    }
    Ok(names)
}

/// The stems by which words are understood, a file for each language.
const STEMS: &str = "crates/core/src/themes";

/// Languages and the names of the files with their stems: what is there for the reader goes, and neighbours are put beside each other, which compresses better.
fn stems(from: &Path, to: &Path) -> Result<BTreeMap<String, String>> {
    let mut names = BTreeMap::new();
    for path in listed(from) {
        if path.extension().is_some_and(|extension| extension == "txt") {
            let lang = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let text = std::fs::read_to_string(&path)?;
            let lines = text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(' '));
            let mut short = String::new();
            for (says, stems) in lines {
                let mut stems: Vec<&str> = stems.split(',').collect();
                stems.sort_unstable();
                stems.dedup();
                short.push_str(&format!("{says} {}\n", stems.join(",")));
            }
            names.insert(lang.clone(), hashed(to, &format!("themes-{lang}"), "txt", short.as_bytes())?);
        }
    }
    Ok(names)
}

/// The formats that come with the package; the native one is none of a part's.
const PRESETS: &str = "crates/core/src/format/presets";

/// Names of formats and of their presets' files.
fn presets(from: &Path, to: &Path) -> Result<BTreeMap<String, String>> {
    let mut names = BTreeMap::new();
    for path in listed(from) {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if name != "polku" {
            let file = hashed(to, &format!("preset-{name}"), "json", minified(&path)?.as_bytes())?;
            names.insert(name, file);
        }
    }
    Ok(names)
}

/// Checks that it is JSON, and takes the white space out of it; the order of keys stays.
fn minified(path: &Path) -> Result<String> {
    let text = std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
    serde_json::from_str::<Value>(&text).with_context(|| format!("{} is not JSON", path.display()))?;
    Ok(without_space(&text))
}

fn without_space(json: &str) -> String {
    let (mut in_text, mut escaped) = (false, false);
    json.chars()
        .filter(|c| {
            let kept = in_text || !c.is_ascii_whitespace();
            if *c == '"' && !escaped {
                in_text = !in_text;
            }
            escaped = in_text && *c == '\\' && !escaped;
            kept
        })
        .collect()
}

/// Names, hashes and sizes of all files, with what each is for.
fn manifest(dir: &Path, version: &str) -> Result<Value> {
    let mut files = serde_json::Map::new();
    for path in listed(dir) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let bytes = std::fs::read(&path)?;
        files.insert(
            name.clone(),
            json!({
                "role": role(&name),
                "bytes": bytes.len(),
                "sha256": hex(&sha256(&bytes)),
                "integrity": integrity(&bytes),
            }),
        );
    }
    Ok(json!({ "name": "polku", "version": version, "files": files }))
}

/// What a file is for, from its name: `core.js`, `core.wasm`, `prompt.js`, `text.json`, `loader`, ….
pub(crate) fn role(name: &str) -> String {
    if name == "polku.js" {
        return "loader".to_owned();
    }
    match name.split_once('-') {
        Some((
            "js" | "core" | "watch" | "ask" | "format" | "protocol" | "prompt" | "scrub" | "themes" | "chat" | "check"
            | "preset" | "text" | "questions" | "privacy" | "errors" | "part",
            rest,
        )) => {
            let stem = name.split('-').next().unwrap_or_default();
            format!("{stem}.{}", rest.rsplit('.').next().unwrap_or_default())
        }
        Some(("polku", rest)) if rest.ends_with(".js") => "loader.versioned".to_owned(),
        _ if name.ends_with(".d.ts") => "types".to_owned(),
        _ if name.ends_with(".mjs") => "esm".to_owned(),
        _ => "other".to_owned(),
    }
}

fn npm_manifest(version: &str, esm: bool, types: bool) -> Value {
    let mut entry = serde_json::Map::new();
    if types {
        entry.insert(TYPES_FIRST.into(), json!("./polku.d.ts"));
    }
    entry.insert("default".into(), json!(if esm { "./polku.mjs" } else { "./polku.js" }));
    let mut package = json!({
        "name": "polku",
        "version": version,
        "description": "Follows a shopper's path in the browser, asks at the moments that matter, and sends batches of pseudonymous events to any collector.",
        "license": "MIT OR Apache-2.0",
        // For bundlers: `core-….js` and `prompt-….js` are modules. A script tag reads the loader as it is.
        "type": "module",
        "sideEffects": true,
        "exports": { ".": entry, "./polku.js": "./polku.js", "./manifest.json": "./manifest.json", "./prompts": { "types": "./prompts.d.ts" }, "./package.json": "./package.json", "./*": "./*" },
        "files": ["*.js", "*.mjs", "*.wasm", "*.json", "*.txt", "*.d.ts", "LICENSE-*"],
    });
    if types {
        package["types"] = json!("./polku.d.ts");
    }
    package
}

/// Conditions of `exports` count in their order, and types must come first; the writer sorts keys.
const TYPES_FIRST: &str = " types";

fn write_json(path: &Path, value: &Value) -> Result<()> {
    Ok(std::fs::write(path, format!("{value:#}\n").replace(TYPES_FIRST, "types"))?)
}

/// Brings `pkg/` to what `built` holds. The loader comes last: whoever reads it finds the files that it names.
fn publish(house: &House, built: &Path) -> Result<()> {
    let pkg = house.pkg();
    std::fs::create_dir_all(&pkg)?;
    let _lock = house.lock(&format!("pkg-{}", short(pkg.to_string_lossy().as_bytes())))?;
    let mut files = listed(built);
    files.sort_by_key(|path| path.file_name().is_some_and(|name| name == "polku.js"));
    let mut names: Vec<_> = files.iter().filter_map(|path| path.file_name().map(ToOwned::to_owned)).collect();
    for path in files {
        let to = pkg.join(path.file_name().unwrap_or_default());
        // A server that reads the file now gets the old one or the new one, never a half.
        let beside = pkg.join(".unfinished");
        std::fs::copy(&path, &beside)?;
        std::fs::rename(&beside, to)?;
    }
    names.push("README.md".into());
    for path in listed(&pkg) {
        if path.file_name().is_some_and(|name| !names.iter().any(|kept| kept == name)) {
            std::fs::remove_file(path)?;
        }
    }
    Ok(())
}

/// The files in `dir` by name.
fn listed(dir: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(|path| path.is_file()).collect();
    paths.sort();
    paths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn space_goes_but_not_from_texts() {
        assert_eq!(
            without_space("{ \"a b\" : \"c \\\" d\\\\\" ,\n \"e\" : [ 1 ] }\n"),
            "{\"a b\":\"c \\\" d\\\\\",\"e\":[1]}"
        );
    }

    #[test]
    fn roles_follow_from_names() {
        let roles = [
            "polku.js",
            "polku-0.1.0.js",
            "core-01234567.js",
            "core-01234567.wasm",
            "js-core-01234567.js",
            "text-fi-01234567.json",
            "polku.d.ts",
        ];
        let expected = ["loader", "loader.versioned", "core.js", "core.wasm", "js.js", "text.json", "types"];
        assert_eq!(roles.map(role), expected);
    }
}
