//! Builds for this machine: the command `polku`, and the executables of the tests.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::cargo::{host, host_compiler};
use crate::hash::{Key, sources};
use crate::house::House;

/// What the command is built from. The pages in `www/` are embedded in it.
const COMMAND: &[&str] = &[
    "Cargo.toml",
    "Cargo.lock",
    "crates/core/Cargo.toml",
    "crates/core/src",
    "crates/cli/Cargo.toml",
    "crates/cli/build.rs",
    "crates/cli/src",
    "www",
];

/// What the tests are built from: all of the workspace.
const TESTS: &[&str] = &["Cargo.toml", "Cargo.lock", "src", "crates", "tests", "www"];

/// The command `polku` in its release build, from the cache when nothing that it is built from has changed.
pub(crate) fn command(house: &House) -> Result<PathBuf> {
    let dir = house.cached(
        "bin",
        || key(house, "command", COMMAND),
        3,
        |dir| {
            // Cargo's own lock ends before the copy is made.
            let _held = house.hold_target("host")?;
            host(house).args(["build", "--release", "--package", "polku-cli", "--bin", "polku"]).run()?;
            let built = house.target("host/release").join(program("polku"));
            std::fs::copy(&built, dir.join(program("polku")))
                .with_context(|| format!("{} is missing", built.display()))?;
            Ok(())
        },
    )?;
    Ok(dir.join(program("polku")))
}

/// One executable of tests.
pub(crate) struct TestProgram {
    /// For people: `polku-core`, `polku (tests/walk.rs)`.
    pub(crate) title: String,
    /// The program.
    pub(crate) path: PathBuf,
    /// The folder of its crate, relative to the clone.
    pub(crate) folder: String,
    /// Whether it is the one whose tests open browsers.
    pub(crate) end_to_end: bool,
}

/// Where the tests begin that open browsers.
const END_TO_END: &str = "tests/e2e/main.rs";

/// All executables of tests, and the folder that remembers which doc tests passed.
pub(crate) fn tests(house: &House) -> Result<(Vec<TestProgram>, PathBuf)> {
    let dir = house.cached(
        "tests",
        || key(house, "tests", TESTS),
        3,
        |dir| {
            let _held = house.hold_target("host")?;
            let cargo =
                host(house).args(["test", "--workspace", "--no-run", "--message-format=json-render-diagnostics"]);
            let mut programs = Vec::new();
            for (number, mut program) in executables(&cargo.stdout()?, &house.root).into_iter().enumerate() {
                let file = format!("{number}-{}", program["name"].as_str().unwrap_or_default());
                let built = program["executable"].as_str().unwrap_or_default();
                std::fs::copy(built, dir.join(&file)).with_context(|| format!("{built} is missing"))?;
                program["file"] = json!(file);
                programs.push(program);
            }
            ensure!(!programs.is_empty(), "cargo built no tests");
            Ok(std::fs::write(dir.join("index.json"), format!("{:#}\n", Value::from(programs)))?)
        },
    )?;
    let index: Value = serde_json::from_str(&std::fs::read_to_string(dir.join("index.json"))?)?;
    let text = |program: &Value, name: &str| program[name].as_str().unwrap_or_default().to_owned();
    let mut programs: Vec<TestProgram> = index
        .as_array()
        .into_iter()
        .flatten()
        .map(|program| TestProgram {
            title: text(program, "title"),
            path: dir.join(text(program, "file")),
            folder: text(program, "folder"),
            end_to_end: text(program, "title") == END_TO_END,
        })
        .collect();
    // What is quick and basic first; the browsers last.
    programs.sort_by_key(|program| program.end_to_end);
    Ok((programs, dir))
}

/// From cargo's messages, one JSON object a line.
fn executables(messages: &str, root: &Path) -> Vec<Value> {
    let mut programs = Vec::new();
    for message in messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()) {
        let of_test = message["reason"] == "compiler-artifact" && message["profile"]["test"] == true;
        let (Some(executable), true) = (message["executable"].as_str(), of_test) else {
            continue;
        };
        let manifest = message["manifest_path"].as_str().map(Path::new).and_then(Path::parent).unwrap_or(root);
        let folder = manifest.strip_prefix(root).unwrap_or(manifest).to_string_lossy().into_owned();
        let target = &message["target"];
        let name = target["name"].as_str().unwrap_or_default();
        let source = target["src_path"].as_str().map(Path::new).unwrap_or(root);
        let source = source.strip_prefix(root).unwrap_or(source).to_string_lossy();
        programs.push(json!({
            "name": name,
            "title": source,
            "executable": executable,
            "folder": folder,
        }));
    }
    programs.sort_by_key(|program| program["title"].as_str().unwrap_or_default().to_owned());
    programs
}

fn key(house: &House, purpose: &str, places: &[&str]) -> Result<String> {
    let mut files = sources(&house.root, places);
    // Written by tests that fail, read by tests while they run: no input of a build.
    files.retain(|file| file.components().all(|part| part.as_os_str() != "proptest-regressions"));
    let key = Key::new(purpose).files(&house.root, &files)?.text(&host_compiler()).text(include_str!("host.rs"));
    let key = if names_its_clone(house, &files) { key.text(&house.root.to_string_lossy()) } else { key };
    Ok(key.finish())
}

/// A program that was compiled with paths of its clone in it serves only that clone. Tests that ask for
/// `CARGO_MANIFEST_DIR` and `CARGO_BIN_EXE_polku` while they run (`std::env::var`) serve all.
fn names_its_clone(house: &House, files: &BTreeSet<PathBuf>) -> bool {
    // Joined here, or this very file would have it. `OUT_DIR` is only ever read from while compiling.
    let needle = ["env!(\"", "CARGO_"].concat();
    let harmless = ["env!(\"", "CARGO_PKG_"].concat();
    let rust = files.iter().filter(|file| file.extension().is_some_and(|extension| extension == "rs"));
    rust.filter_map(|file| std::fs::read_to_string(house.root.join(file)).ok())
        .any(|text| text.replace(&harmless, "").contains(&needle))
}

/// `name` as this system spells a program.
fn program(name: &str) -> String {
    format!("{name}{}", std::env::consts::EXE_SUFFIX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn executables_are_read_from_cargos_messages() {
        let messages = concat!(
            r#"{"reason":"compiler-artifact","manifest_path":"/c/crates/core/Cargo.toml","target":{"kind":["lib"],"name":"polku_core","src_path":"/c/crates/core/src/lib.rs"},"profile":{"test":true},"executable":"/t/polku_core-1"}"#,
            "\n",
            r#"{"reason":"compiler-artifact","manifest_path":"/c/Cargo.toml","target":{"kind":["test"],"name":"walk","src_path":"/c/tests/walk.rs"},"profile":{"test":true},"executable":"/t/walk-2"}"#,
            "\n",
            r#"{"reason":"compiler-artifact","manifest_path":"/c/Cargo.toml","target":{"kind":["lib"],"name":"polku","src_path":"/c/src/lib.rs"},"profile":{"test":false},"executable":null}"#,
            "\nnot json\n",
        );
        let found = executables(messages, Path::new("/c"));
        assert_eq!(found.len(), 2);
        assert_eq!((&found[0]["folder"], &found[1]["title"]), (&json!("crates/core"), &json!("tests/walk.rs")));
    }
}
