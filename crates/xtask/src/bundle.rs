//! JavaScript: esbuild puts an entry of `www/` and what it imports into one file, terser makes it small.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
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

/// Tries in several ways how a bundle becomes smallest: takes ten seconds, and a file that every page loads some twenty bytes less.
const TERSE: &str = include_str!("../js/terse.mjs");
/// Of these entries.
const EVERY_PAGE: [&str; 2] = ["polku.js", "core.js"];

/// Bundles `entry` into `out`. `aliases`: the files that `import … from "polku:glue"` and the like mean; a style sheet comes as text. `files`: what the identifier
/// `POLKU_FILES` means; it and each of its members are written in where they are used.
pub(crate) fn bundle(
    npm: &Npm,
    entry: &Path,
    kind: Kind,
    aliases: &[(&str, &Path)],
    files: &Value,
    out: &Path,
) -> Result<()> {
    let loose = out.with_extension("loose.js");
    let mut run = npm.tool("esbuild").arg(entry).args(["--bundle", "--legal-comments=none", "--charset=utf8"]);
    run = run.args(["--log-level=warning", "--loader:.css=text"]).args(kind.bundled());
    for (name, path) in aliases {
        run = run.arg(format!("--alias:polku:{name}={}", path.display()));
    }
    for define in defines(files) {
        run = run.arg(define);
    }
    run.arg(format!("--outfile={}", loose.display())).run()?;
    if entry.file_name().is_some_and(|name| EVERY_PAGE.iter().any(|every| name == *every)) {
        let script = out.with_extension("terse.mjs");
        std::fs::write(&script, TERSE)?;
        let run = Run::new("node").arg(&script).arg(&npm.dir).arg(&loose).arg(out).arg(kind.name());
        run.run()?;
        std::fs::remove_file(script)?;
    } else {
        // Measured on the glue of both modules: 2 to 6 % fewer bytes (brotli) than from esbuild's own `--minify`.
        npm.tool("terser").arg(&loose).args(kind.minified()).arg("--output").arg(out).run()?;
    }
    std::fs::remove_file(&loose).with_context(|| format!("{} cannot be removed", loose.display()))
}

/// esbuild's account of how many bytes each file brings to a bundle, as JSON. What is loaded from the package keeps its place-holder.
pub(crate) fn inputs(npm: &Npm, entry: &Path, aliases: &[(&str, PathBuf)], scratch: &Path) -> Result<String> {
    let (out, account) = (scratch.join("bundle.js"), scratch.join("account.json"));
    let mut run = npm.tool("esbuild").arg(entry).args(["--bundle", "--minify", "--legal-comments=none"]);
    run = run.args(["--charset=utf8", "--log-level=warning", "--loader:.css=text"]).args(Kind::Module.bundled());
    for (name, path) in aliases {
        run = run.arg(format!("--alias:polku:{name}={}", path.display()));
    }
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
