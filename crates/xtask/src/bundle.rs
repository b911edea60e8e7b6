//! JavaScript: esbuild puts an entry of `www/` and what it imports into one file, terser makes it small.

use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::npm::Npm;
use crate::run::Run;

/// What a bundle is made into.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    /// An ES module.
    Module,
    /// A classic script with a scope of its own.
    Script,
}

/// Tries in several ways how a bundle becomes smallest: takes ten seconds, and the file some twenty bytes less.
const TERSE: &str = include_str!("../js/terse.mjs");
/// Of these entries: every page loads the first two, and the third is the largest.
const TRIED: [&str; 3] = ["polku.js", "core.js", "prompt.js"];

/// Bundles `entry` into `out`, with its map beside it (`.map`, which the bundle does not name). `aliases`: the files that `import … from "polku:glue"` and the
/// like mean; a style sheet comes as text. `files`: what the identifier `POLKU_FILES` means; it and each of its members are written in where they are used.
/// Gives back the files that went in, as [`named`] names them.
pub(crate) fn bundle(
    root: &Path,
    npm: &Npm,
    entry: &Path,
    kind: Kind,
    aliases: &[(&str, &Path)],
    files: &Value,
    out: &Path,
) -> Result<Vec<String>> {
    let (loose, meta) = (out.with_extension("loose.js"), out.with_extension("meta.json"));
    let mut run = npm.tool("esbuild").arg(entry).args(["--bundle", "--legal-comments=none", "--charset=utf8"]);
    run = run.args(["--log-level=warning", "--loader:.css=text", "--sourcemap=external"]).args(kind.bundled());
    run = run.arg(format!("--metafile={}", meta.display())).dir(root);
    run = run.args(aliased(root, aliases));
    for define in defines(files) {
        run = run.arg(define);
    }
    run.arg(format!("--outfile={}", loose.display())).run()?;
    // Not with a module as JavaScript: a dozen ways of 300 kB take minutes.
    let translated = aliases.iter().any(|(_, path)| path.ends_with("translated.js"));
    if !translated && entry.file_name().is_some_and(|name| TRIED.iter().any(|tried| name == *tried)) {
        let script = out.with_extension("terse.mjs");
        std::fs::write(&script, TERSE)?;
        let run = Run::new("node").arg(&script).arg(&npm.dir).arg(&loose).arg(out).arg(kind.name());
        run.run()?;
        std::fs::remove_file(script)?;
    } else {
        // Measured on the glue of both modules: 2 to 6 % fewer bytes (brotli) than from esbuild's own `--minify`.
        let from = format!("content='{}'", beside(&loose, "map").display());
        npm.tool("terser")
            .arg(&loose)
            .args(kind.minified())
            .args(["--source-map", &from])
            .arg("--output")
            .arg(out)
            .run()?;
    }
    let map = beside(out, "map");
    let text = std::fs::read_to_string(&map).with_context(|| format!("{} was not made", map.display()))?;
    let folder = out.parent().unwrap_or(root);
    std::fs::write(&map, relocated(&text, folder, root)?)?;
    let inputs = inputs(&std::fs::read_to_string(&meta)?, root)?;
    for done in [&loose, &beside(&loose, "map"), &meta] {
        std::fs::remove_file(done).with_context(|| format!("{} cannot be removed", done.display()))?;
    }
    Ok(inputs)
}

/// `a.js` and `a.js.map`.
pub(crate) fn beside(file: &Path, extension: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(extension);
    name.into()
}

/// The files of a bundle, from what esbuild says of it.
fn inputs(meta: &str, root: &Path) -> Result<Vec<String>> {
    let meta: Value = serde_json::from_str(meta)?;
    let inputs = meta["inputs"].as_object().context("esbuild names no inputs")?;
    // What is written in is no file.
    let files = inputs.keys().filter(|path| !path.starts_with('<'));
    let mut names: Vec<String> = files.map(|path| named(path, root, root)).collect();
    names.sort();
    Ok(names)
}

/// A map whose sources are named from the top of the repository: nothing in it tells where it was made.
fn relocated(map: &str, folder: &Path, root: &Path) -> Result<String> {
    let mut map: Value = serde_json::from_str(map).context("the map is not JSON")?;
    for source in map["sources"].as_array_mut().context("the map has no sources")? {
        *source = named(source.as_str().unwrap_or_default(), folder, root).into();
    }
    ensure!(map["sourcesContent"].is_array(), "the map lacks its sources' text");
    Ok(map.to_string())
}

/// A file by its path from the top of the repository; what is made on the way there by its name, as `made/glue.js`.
fn named(path: &str, folder: &Path, root: &Path) -> String {
    let mut whole = PathBuf::new();
    for part in folder.join(path).components() {
        match part {
            Component::ParentDir => {
                whole.pop();
            }
            Component::CurDir => {}
            Component::Prefix(_) | Component::RootDir | Component::Normal(_) => whole.push(part),
        }
    }
    let name = || format!("made/{}", whole.file_name().unwrap_or_default().to_string_lossy());
    whole.strip_prefix(root).map_or_else(|_| name(), |path| path.to_string_lossy().into_owned())
}

/// What `polku:…` means. Prompts are fetched where nobody says otherwise.
fn aliased<P: AsRef<Path>>(root: &Path, aliases: &[(&str, P)]) -> Vec<String> {
    let alias = |name: &str, path: &Path| format!("--alias:polku:{name}={}", path.display());
    let mut all: Vec<_> = aliases.iter().map(|(name, path)| alias(name, path.as_ref())).collect();
    if aliases.iter().all(|(name, _)| *name != "near") {
        all.push(alias("near", &root.join("www/core/near.js")));
    }
    all
}

/// esbuild's account of how many bytes each file brings to a bundle, as JSON. What is loaded from the package keeps its place-holder.
pub(crate) fn account(
    root: &Path,
    npm: &Npm,
    entry: &Path,
    aliases: &[(&str, PathBuf)],
    scratch: &Path,
) -> Result<String> {
    let (out, account) = (scratch.join("bundle.js"), scratch.join("account.json"));
    let mut run = npm.tool("esbuild").arg(entry).args(["--bundle", "--minify", "--legal-comments=none"]);
    run = run.args(["--charset=utf8", "--log-level=warning", "--loader:.css=text"]).args(Kind::Module.bundled());
    run = run.args(aliased(root, aliases));
    run.arg(format!("--metafile={}", account.display())).arg(format!("--outfile={}", out.display())).run()?;
    std::fs::read_to_string(&account).with_context(|| format!("{} cannot be read", account.display()))
}

/// Makes what a page of the comparison loads: a script of its own, with packages from `packages`.
pub(crate) fn rival(npm: &Npm, entry: &Path, packages: &Path, out: &Path) -> Result<()> {
    let run = npm.tool("esbuild").arg(entry).args(["--bundle", "--minify", "--legal-comments=none", "--format=iife"]);
    run.args(["--target=es2020", "--log-level=warning", "--define:process.env.NODE_ENV=\"production\""])
        .env("NODE_PATH", packages)
        .arg(format!("--outfile={}", out.display()))
        .run()
}

/// Makes a style sheet small, for a bundle that carries it as text.
pub(crate) fn style(npm: &Npm, sheet: &Path, out: &Path) -> Result<()> {
    npm.tool("esbuild")
        .arg(sheet)
        .args(["--minify", "--log-level=warning"])
        .arg(format!("--outfile={}", out.display()))
        .run()
}

impl Kind {
    /// As js/terse.mjs takes it.
    fn name(self) -> &'static str {
        match self {
            Self::Module => "module",
            Self::Script => "script",
        }
    }

    fn bundled(self) -> [&'static str; 2] {
        match self {
            // Browsers that have all that the modules need understand ES2022.
            Self::Module => ["--format=esm", "--target=es2022"],
            // The loader is also read by browsers that the module does not run in; there it must end in silence.
            Self::Script => ["--format=iife", "--target=es2020"],
        }
    }

    fn minified(self) -> &'static [&'static str] {
        match self {
            // "Unsafe" for functions that somebody calls with `new`; the glue has none.
            Self::Module => &[
                "--module",
                "--ecma",
                "2020",
                "--compress",
                "passes=4,unsafe_arrows,unsafe_methods,keep_fargs=false",
                "--mangle",
            ],
            Self::Script => &["--ecma", "2020", "--compress", "passes=4,keep_fargs=false", "--mangle"],
        }
    }
}

/// Members of their own let esbuild write a text in the place of `POLKU_FILES.core` instead of an object beside it.
fn defines(files: &Value) -> Vec<String> {
    let mut defines = vec![format!("--define:POLKU_FILES={files}")];
    for (name, value) in files.as_object().into_iter().flatten() {
        defines.push(format!("--define:POLKU_FILES.{name}={value}"));
    }
    defines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_from_the_top() {
        let (root, folder) = (Path::new("/house"), Path::new("/cache/packages/0"));
        assert_eq!(named("../../../house/www/core.js", folder, root), "www/core.js");
        assert_eq!(named("../../wasm/1/glue.js", folder, root), "made/glue.js");
        assert_eq!(named("www/./part/../core.js", root, root), "www/core.js");
        let map = r#"{"sources":["../../../house/www/core.js"],"sourcesContent":[""],"mappings":""}"#;
        assert!(relocated(map, folder, root).expect("a map").contains(r#""sources":["www/core.js"]"#));
        assert!(relocated(r#"{"sources":[]}"#, folder, root).is_err(), "without texts");
    }

    #[test]
    fn the_whole_and_each_member_are_defined() {
        let files = serde_json::json!({"wasm": "core-01234567.wasm"});
        assert_eq!(
            defines(&files),
            [
                r#"--define:POLKU_FILES={"wasm":"core-01234567.wasm"}"#,
                r#"--define:POLKU_FILES.wasm="core-01234567.wasm""#
            ]
        );
    }
}
