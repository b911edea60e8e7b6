//! Packages from npm: pinned by a `package-lock.json`, installed once into the cache.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::apt;
use crate::hash::Key;
use crate::house::House;
use crate::run::{Run, ask, find};

/// esbuild's floor; the others need less.
const NODE: u32 = 18;

/// The installed packages.
pub(crate) struct Npm {
    /// What `node_modules` lies in.
    pub(crate) dir: PathBuf,
}

impl Npm {
    /// Finds or installs node, npm and the packages that the build calls.
    pub(crate) fn find(house: &House) -> Result<Self> {
        Self::install(house, "crates/xtask/npm", "npm")
    }

    /// The same with the packages that the folder `sources` names, on a shelf of their own.
    pub(crate) fn install(house: &House, sources: &str, shelf: &str) -> Result<Self> {
        node()?;
        let folder = house.root.join(sources);
        let lock = std::fs::read(folder.join("package-lock.json"))
            .with_context(|| format!("{sources}/package-lock.json cannot be read"))?;
        let key = || Ok(Key::new("npm").bytes(&lock).finish());
        let dir = house.cached(shelf, key, 2, |dir| install(&folder, dir))?;
        Ok(Self { dir })
    }

    /// The packages that were asked for, and their versions.
    pub(crate) fn versions(&self) -> Value {
        let text = std::fs::read_to_string(self.dir.join("package.json")).unwrap_or_default();
        serde_json::from_str(&text).map_or(Value::Null, |mut package: Value| package["dependencies"].take())
    }

    /// Calls a program of one of the packages.
    pub(crate) fn tool(&self, name: &str) -> Run {
        Run::new(self.dir.join("node_modules/.bin").join(name))
    }
}

fn install(sources: &Path, dir: &Path) -> Result<()> {
    if find("npm").is_none() {
        apt::install(&["npm"], "npm")?;
    }
    for name in ["package.json", "package-lock.json"] {
        std::fs::copy(sources.join(name), dir.join(name))?;
    }
    // None of the packages needs its install script: esbuild's only saves a few milliseconds per call.
    Run::new("npm").args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).dir(dir).run()
}

fn node() -> Result<()> {
    if find("node").is_none() {
        apt::install(&["nodejs"], "node")?;
    }
    let version = ask(Command::new("node").arg("--version")).context("node does not start")?;
    ensure!(
        major(&version).is_some_and(|major| major >= NODE),
        "node {version} is too old: the build needs {NODE} or later"
    );
    Ok(())
}

fn major(version: &str) -> Option<u32> {
    version.strip_prefix('v')?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn node_versions_are_read() {
        assert_eq!(major("v20.20.2"), Some(20));
        assert_eq!(major("nonsense"), None);
    }
}
