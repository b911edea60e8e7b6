//! The package: what lies in `pkg/` after a build.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::bundle::{self, Kind};
use crate::hash::{Key, short, sources};
use crate::house::House;
use crate::manifest;
use crate::modules::{ASK, CHAT, CHECK, CORE, FORMAT, Module, PROMPT, PROTOCOL, SCRUB, THEMES, WATCH, WHOLE};
use crate::questions::speak;
use crate::run::took;
use crate::wasm::{self, Engine, Tools};

/// What the package is built from.
const SOURCES: &[&str] = &[
    "Cargo.toml",
    "Cargo.lock",
    "src",
    "crates/core/src",
    "crates/core/Cargo.toml",
    "crates/prompt",
    "crates/whole",
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
        make(house, &tools, dir, &key()?)
    })?;
    publish(house, &dir)?;
    eprintln!("pkg/ is {}", if built.get() { "built" } else { "as it was built before" });
    eprintln!("{}", manifest::tag(&std::fs::read(house.pkg().join("polku.js"))?, &house.version()?));
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
    /// What a page with prompts fetches in the place of the core where modules are JavaScript.
    whole_js: Option<String>,
    privacy: String,
    consent: String,
    debug: String,
    errors: String,
}

fn make(house: &House, tools: &Tools, dir: &Path, source: &str) -> Result<()> {
    let version = house.version()?;
    let www = house.www();
    // Said before the compiler runs for a minute.
    for needed in ["polku.js", "errors.json"] {
        ensure!(www.join(needed).is_file(), "www/{needed} is missing: the package cannot be built without it");
    }
    let made = Made { house, tools, dir, from: RefCell::default(), parts: RefCell::default() };
    let Fetched { core_js, core_wasm, privacy, consent, debug, errors, .. } = made.fetched()?;
    // The same once more for pages without WebAssembly. What holds no module is the same file.
    tools.engine.set(Engine::JavaScript);
    let Fetched { core_js: js, whole_js: whole, .. } = made.fetched()?;
    tools.engine.set(Engine::Wasm);
    let files = json!({ "core": core_js, "wasm": core_wasm, "js": js, "whole": whole, "privacy": privacy, "consent": consent, "debug": debug, "errors": errors, "version": version });
    made.plain("www/polku.js", "polku.js", Kind::Script, &files)?;
    made.copy("www/polku.js", "polku.js", &format!("polku-{version}.js"))?;

    // For who builds pages with a bundler: the loader as a module, the elements, React.
    made.plain("www/polku.mjs", "polku.mjs", Kind::Module, &files)?;
    made.leave_imports("polku.mjs")?;
    made.plain("www/part/elements.js", "elements.mjs", Kind::Module, &json!({}))?;
    for name in ["react.mjs", "copy.mjs", "polku.d.ts", "script.d.ts", "elements.d.ts", "react.d.ts"] {
        made.as_it_is(&format!("www/{name}"))?;
    }
    // For those who write definitions: made from the core's table of fields, and held against it by crates/core/tests/prompts.rs.
    made.as_it_is("www/prompts.d.ts")?;
    made.write(
        "prompts.schema.json",
        minified(&www.join("prompts.schema.json"))?.as_bytes(),
        &["www/prompts.schema.json"],
    )?;
    for licence in ["LICENSE-MIT", "LICENSE-APACHE"] {
        made.as_it_is(licence)?;
    }
    let from = made.from.into_inner();
    manifest::write(&dir.join("manifest.json"), &manifest::of_files(dir, &version, &from, source, tools)?)?;
    manifest::write(&dir.join("package.json"), &manifest::npm(&version))
}

/// The package while it is made, and what each of its files was made from.
struct Made<'a> {
    house: &'a House,
    tools: &'a Tools,
    dir: &'a Path,
    /// Files of the package, and those of the repository (or folders) that went into them.
    from: RefCell<BTreeMap<String, Vec<String>>>,
    /// Parts that are made, and what they were called.
    parts: RefCell<BTreeMap<String, String>>,
}

/// A module that lies in the package.
struct Laid {
    name: String,
    /// Its glue, to be bundled.
    glue: PathBuf,
}

impl Made<'_> {
    /// Everything that the loader fetches, for the tools' engine.
    fn fetched(&self) -> Result<Fetched> {
        let prompt_texts = self.texts("www/texts", "text")?;
        let scrub_wasm = self.module(&SCRUB)?;
        let scrub_js = self.javascript(&SCRUB, &scrub_wasm, &json!({ "wasm": scrub_wasm.name }))?;
        let chat_wasm = self.module(&CHAT)?;
        let texts_of_chat = self.texts("www/texts/chat", "chat")?;
        let chat_js = self.javascript(&CHAT, &chat_wasm, &json!({ "wasm": chat_wasm.name, "texts": texts_of_chat }))?;
        let themes_wasm = self.module(&THEMES)?;
        let themes_js =
            self.javascript(&THEMES, &themes_wasm, &json!({ "wasm": themes_wasm.name, "stems": self.stems(STEMS)? }))?;
        // Of a prompt what not every one has.
        let looks = self.part("looks", &json!({}))?;
        let ways = self.part("ways", &json!({}))?;
        let fit = self.part("fit", &json!({}))?;
        let of_prompt = json!({ "texts": prompt_texts, "scrub": scrub_js, "themes": themes_js, "chat": chat_js, "looks": looks, "ways": ways, "fit": fit });

        // What a developer asks for, in two languages.
        let texts_of_debug = self.texts("www/texts/debug", "debug")?;
        let debug = self.part("debug", &json!({ "texts": texts_of_debug }))?;

        // The shopper's own view, in each language.
        let texts = self.texts("www/texts/privacy", "privacy")?;
        let privacy = self.part("privacy", &json!({ "texts": texts }))?;

        let errors = self.json("www/errors.json", "errors")?;
        // The default questions, in each language.
        let texts = self.questions()?;
        let questions = self.part("questions", &json!({ "texts": texts }))?;
        // A part is loaded by the pages that need it.
        let ask_wasm = self.module(&ASK)?;
        let ask_js = self.javascript(&ASK, &ask_wasm, &json!({ "wasm": ask_wasm.name }))?;
        let check_wasm = self.module(&CHECK)?;
        let check_js = self.javascript(&CHECK, &check_wasm, &json!({ "wasm": check_wasm.name }))?;
        let elements = self.part("elements", &json!({}))?;
        let line = self.part("line", &json!({}))?;
        let of_prompts =
            json!({ "ask": ask_js, "check": check_js, "questions": questions, "elements": elements, "line": line });
        let deliver = self.part("deliver", &json!({}))?;
        let layer = self.part("layer", &json!({}))?;
        let framework = self.part("framework", &json!({}))?;
        // What asks consent platforms fetches a part for each that the page has: it knows their hashes, their names follow.
        let mut platforms = serde_json::Map::new();
        for name in CONSENT_PARTS {
            let file = self.part(&format!("consent/{name}"), &json!({}))?;
            let hash =
                file.rsplit('-').next().and_then(|end| end.strip_suffix(".js")).context("a part without a hash")?;
            platforms.insert((*name).to_owned(), hash.into());
        }
        let consent = self.part("consent", &json!({ "platforms": platforms }))?;
        // What watches the page fetches the others where it finds something for them.
        let mut found = serde_json::Map::new();
        for name in FOUND_PARTS {
            if self.house.www().join("part").join(name).with_extension("js").is_file() {
                found.insert((*name).to_owned(), self.part(name, &json!({}))?.into());
            }
        }
        let watch_wasm = self.module(&WATCH)?;
        found.insert("wasm".to_owned(), watch_wasm.name.as_str().into());
        let watch = self.javascript(&WATCH, &watch_wasm, &found.into())?;
        // Where collectors are listed, or one has another format: what writes for them comes only where one is not our own.
        // As JavaScript there is one of the two, that which does both.
        let both = if self.tools.engine.get() == Engine::Wasm { &FORMAT } else { &PROTOCOL };
        let format = self.module(both)?;
        let format_js = self.javascript(&FORMAT, &format, &json!({}))?;
        let protocol = self.module(&PROTOCOL)?;
        let same = std::fs::read(&format.glue)? == std::fs::read(&protocol.glue)?;
        ensure!(same, "the two modules of crates/format have different glue; have they different exports?");
        let presets = self.presets(PRESETS)?;
        let files = json!({ "format": format_js, "wasm": format.name, "protocol": protocol.name, "presets": presets });
        let collectors = self.part("collectors", &files)?;
        // Each file knows those that it fetches itself: as a list that is handed on they would cost every page some twenty bytes more.
        let of_core = json!({ "deliver": deliver, "layer": layer, "watch": watch, "framework": framework, "collectors": collectors });
        let core_wasm = self.module(&CORE)?;
        let core = |more: &Value| self.javascript(&CORE, &core_wasm, &all(&[&of_core, more]));
        let (core_js, whole_js) = match self.tools.engine.get() {
            Engine::Wasm => {
                let prompt_wasm = self.module(&PROMPT)?;
                let wasm = json!({ "wasm": prompt_wasm.name });
                let prompt = json!({ "prompt": self.javascript(&PROMPT, &prompt_wasm, &all(&[&of_prompt, &wasm]))? });
                let prompts = json!({ "prompts": self.part("prompts", &all(&[&of_prompts, &prompt]))? });
                (core(&prompts)?, None)
            }
            // What a page fetches that has prompts holds them; what another one fetches never asks for them.
            Engine::JavaScript => {
                let whole = self.module(&WHOLE)?;
                let files = all(&[
                    &of_core,
                    &of_prompts,
                    &of_prompt,
                    &json!({ "wasm": whole.name, "prompts": "", "prompt": "" }),
                ]);
                (core(&json!({ "prompts": "" }))?, Some(self.javascript(&WHOLE, &whole, &files)?))
            }
        };
        Ok(Fetched { core_js, core_wasm: core_wasm.name, whole_js, privacy, consent, debug, errors })
    }

    /// Writes a file, and remembers what it was made from.
    fn write(&self, name: &str, bytes: &[u8], from: &[impl AsRef<str>]) -> Result<()> {
        std::fs::write(self.dir.join(name), bytes)?;
        let from = from.iter().map(|path| path.as_ref().to_owned()).collect();
        self.from.borrow_mut().insert(name.to_owned(), from);
        Ok(())
    }

    /// … under a name that holds its hash, and returns the name.
    fn hashed(&self, stem: &str, extension: &str, bytes: &[u8], from: &[impl AsRef<str>]) -> Result<String> {
        let name = format!("{stem}-{}.{extension}", short(bytes));
        self.write(&name, bytes, from)?;
        Ok(name)
    }

    /// A module, which has no name where its glue holds it as JavaScript.
    fn module(&self, module: &Module) -> Result<Laid> {
        let built = wasm::build(self.house, self.tools, module)?;
        if built.wasm.is_empty() {
            return Ok(Laid { name: String::new(), glue: built.glue });
        }
        Ok(Laid { name: self.hashed(module.name, "wasm", &built.wasm, module.sources)?, glue: built.glue })
    }

    /// Bundles `www/<name>.js` with the glue of what is laid; the glue alone while there is no such file.
    fn javascript(&self, module: &Module, laid: &Laid, files: &Value) -> Result<String> {
        let entry = self.house.www().join(module.name).with_extension("js");
        let entry = if entry.is_file() { &entry } else { &laid.glue };
        // Whole holds the prompt, and nothing is fetched of which it is made.
        let whole = module.name == WHOLE.name;
        let name = if whole { PROMPT.name } else { module.name };
        let sheet = self.house.root.join("crates").join(name).join("view/style.css");
        let near = self.house.www().join("whole/near.js");
        let aliases = [("glue", laid.glue.as_path()), ("near", near.as_path())];
        self.styled(&sheet, entry, module.name, &aliases[..if whole { 2 } else { 1 }], files)
    }

    /// Bundles `www/part/<name>.js`.
    fn part(&self, name: &str, files: &Value) -> Result<String> {
        // The same for both engines, most of them.
        let key = format!("{name} {files}");
        if let Some(made) = self.parts.borrow().get(&key) {
            return Ok(made.clone());
        }
        let entry = self.house.www().join("part").join(name).with_extension("js");
        // One that draws has a style sheet beside the prompt's.
        let sheet = self.house.root.join("crates/prompt/view").join(name).with_extension("css");
        let made = self.styled(&sheet, &entry, &format!("part-{}", name.replace('/', "-")), &[], files)?;
        self.parts.borrow_mut().insert(key, made.clone());
        Ok(made)
    }

    /// Bundles what may have a style sheet of its own, which it carries.
    fn styled(
        &self,
        sheet: &Path,
        entry: &Path,
        stem: &str,
        aliases: &[(&str, &Path)],
        files: &Value,
    ) -> Result<String> {
        let style = self.dir.join("style.css");
        if !sheet.is_file() {
            return self.bundle(entry, stem, aliases, files);
        }
        bundle::style(&self.tools.npm, sheet, &style)?;
        let aliases = [aliases, &[("style", style.as_path())]].concat();
        let name = self.bundle(entry, stem, &aliases, files)?;
        std::fs::remove_file(&style)?;
        Ok(name)
    }

    fn bundle(&self, entry: &Path, stem: &str, aliases: &[(&str, &Path)], files: &Value) -> Result<String> {
        let out = self.dir.join("bundle.js");
        let from = bundle::bundle(&self.house.root, &self.tools.npm, entry, Kind::Module, aliases, files, &out)?;
        let bytes = std::fs::read(&out)?;
        // What comes only with modules as JavaScript says so at its beginning.
        let usual =
            self.tools.engine.get() == Engine::Wasm || self.dir.join(format!("{stem}-{}.js", short(&bytes))).is_file();
        let name = self.hashed(&if usual { stem.to_owned() } else { format!("js-{stem}") }, "js", &bytes, &from)?;
        std::fs::remove_file(&out)?;
        self.lay_map(&out, &name)?;
        Ok(name)
    }

    /// Bundles a file under a name without a hash.
    fn plain(&self, entry: &str, name: &str, kind: Kind, files: &Value) -> Result<()> {
        let root = &self.house.root;
        let out = self.dir.join(name);
        let from = bundle::bundle(root, &self.tools.npm, &root.join(entry), kind, &[], files, &out)?;
        self.from.borrow_mut().insert(name.to_owned(), from);
        self.lay_map(&out, name)
    }

    /// What the loader imports is fetched as it is: tells bundlers that there is nothing for them to find. (Without it webpack takes each address for that of
    /// a module of the shop's, and finds none.) Its map would be wrong from the first of them on, and goes.
    fn leave_imports(&self, name: &str) -> Result<()> {
        const IMPORT: &str = "import(";
        let file = self.dir.join(name);
        let text = std::fs::read_to_string(&file)?;
        ensure!(text.contains(IMPORT), "{name} imports nothing: was the loader written anew?");
        std::fs::write(
            file,
            text.replace(IMPORT, "import(/* webpackIgnore: true */ /* turbopackIgnore: true */ /* @vite-ignore */ "),
        )?;
        Ok(std::fs::remove_file(self.dir.join(MAPS).join(format!("{name}.map")))?)
    }

    /// Maps lie apart: no page is sent one, and no file names one.
    fn lay_map(&self, bundled: &Path, name: &str) -> Result<()> {
        let maps = self.dir.join(MAPS);
        std::fs::create_dir_all(&maps)?;
        let map = bundle::beside(bundled, "map");
        let mut text: Value = serde_json::from_str(&std::fs::read_to_string(&map)?)?;
        text["file"] = name.into();
        std::fs::write(maps.join(format!("{name}.map")), text.to_string())?;
        Ok(std::fs::remove_file(map)?)
    }

    /// The same file under a second name.
    fn copy(&self, from: &str, name: &str, second: &str) -> Result<()> {
        let bytes = std::fs::read(self.dir.join(name))?;
        self.write(second, &bytes, &[from])
    }

    fn as_it_is(&self, path: &str) -> Result<()> {
        let file = self.house.root.join(path);
        let bytes = std::fs::read(&file).with_context(|| format!("{path} cannot be read"))?;
        self.write(&file.file_name().unwrap_or_default().to_string_lossy(), &bytes, &[path])
    }

    /// A JSON file without its white space.
    fn json(&self, path: &str, stem: &str) -> Result<String> {
        self.hashed(stem, "json", minified(&self.house.root.join(path))?.as_bytes(), &[path])
    }

    /// Languages and the names of their files.
    fn texts(&self, folder: &str, stem: &str) -> Result<BTreeMap<String, String>> {
        let mut names = BTreeMap::new();
        for (lang, path) in self.named(folder, "json") {
            let name = self.json(&path, &format!("{stem}-{lang}"))?;
            names.insert(lang, name);
        }
        Ok(names)
    }

    /// Languages and the names of the files with the default questions in them.
    fn questions(&self) -> Result<BTreeMap<String, String>> {
        const QUESTIONS: &str = "www/questions.json";
        let read = |path: &str| -> Result<Value> { Ok(serde_json::from_str(&minified(&self.house.root.join(path))?)?) };
        let definitions = read(QUESTIONS)?;
        let mut names = BTreeMap::new();
        for (lang, path) in self.named("www/texts/questions", "json") {
            let spoken = speak(&definitions, &read(&path)?, &lang).map_err(anyhow::Error::msg)?;
            let from = [QUESTIONS, path.as_str()];
            let name = self.hashed(&format!("questions-{lang}"), "json", spoken.to_string().as_bytes(), &from)?;
            names.insert(lang, name);
        }
        Ok(names)
    }

    /// Languages and the names of the files with their stems: what is there for the reader goes, and neighbours are put beside each other, which compresses better.
    fn stems(&self, folder: &str) -> Result<BTreeMap<String, String>> {
        let mut names = BTreeMap::new();
        for (lang, path) in self.named(folder, "txt") {
            let text = std::fs::read_to_string(self.house.root.join(&path))?;
            let lines = text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(' '));
            let mut short = String::new();
            for (says, stems) in lines {
                let mut stems: Vec<&str> = stems.split(',').collect();
                stems.sort_unstable();
                stems.dedup();
                short.push_str(&format!("{says} {}\n", stems.join(",")));
            }
            let name = self.hashed(&format!("themes-{lang}"), "txt", short.as_bytes(), &[path])?;
            names.insert(lang, name);
        }
        Ok(names)
    }

    /// Names of formats and of their presets' files; the native one is none of a part's.
    fn presets(&self, folder: &str) -> Result<BTreeMap<String, String>> {
        let mut names = BTreeMap::new();
        for (name, path) in self.named(folder, "json").into_iter().filter(|(name, _)| name != "polku") {
            let file = self.json(&path, &format!("preset-{name}"))?;
            names.insert(name, file);
        }
        Ok(names)
    }

    /// The files with this ending in a folder of the repository: their names without it, and their paths.
    fn named(&self, folder: &str, extension: &str) -> Vec<(String, String)> {
        let files = listed(&self.house.root.join(folder)).into_iter();
        let files = files.filter(|path| path.extension().is_some_and(|found| found == extension));
        let stem = |path: &Path| path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        files.map(|path| (stem(&path), format!("{folder}/{}.{extension}", stem(&path)))).collect()
    }
}

/// The stems by which words are understood, a file for each language.
const STEMS: &str = "crates/core/src/themes";
/// The formats that come with the package.
const PRESETS: &str = "crates/core/src/format/presets";
/// The folder of the maps, beside the files of the package and not among those that npm packs.
pub(crate) const MAPS: &str = "maps";

/// The members of all of these.
fn all(files: &[&Value]) -> Value {
    Value::Object(
        files
            .iter()
            .filter_map(|files| files.as_object())
            .flatten()
            .map(|(name, file)| (name.clone(), file.clone()))
            .collect(),
    )
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
    // Nobody reads them while they are laid anew.
    let maps = pkg.join(MAPS);
    if maps.is_dir() {
        std::fs::remove_dir_all(&maps)?;
    }
    std::fs::create_dir_all(&maps)?;
    for map in listed(&built.join(MAPS)) {
        std::fs::copy(&map, maps.join(map.file_name().unwrap_or_default()))?;
    }
    Ok(())
}

/// The files in `dir` by name.
pub(crate) fn listed(dir: &Path) -> Vec<PathBuf> {
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
}
