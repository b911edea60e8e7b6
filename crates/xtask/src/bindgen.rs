//! wasm-bindgen's command: must be of the very version that the crates use, so it is built from its sources.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::cargo;
use crate::house::House;
use crate::run::{ask, find};

/// The command.
pub(crate) struct Bindgen {
    /// Where it is.
    pub(crate) path: PathBuf,
    /// Its version, the same as in `Cargo.toml`.
    pub(crate) version: String,
}

impl Bindgen {
    /// Finds it on the PATH or in the cache; else builds it.
    pub(crate) fn find(house: &House) -> Result<Self> {
        let manifest = std::fs::read_to_string(house.root.join("Cargo.toml")).context("Cargo.toml cannot be read")?;
        let version = pinned(&manifest).context("Cargo.toml does not pin wasm-bindgen as \"=x.y.z\"")?;
        let fits = |path: &PathBuf| ask(Command::new(path).arg("--version")) == Some(format!("wasm-bindgen {version}"));
        if let Some(path) = find("wasm-bindgen").filter(fits) {
            return Ok(Self { path, version });
        }
        let dir = house.cached(
            "tools",
            || Ok(format!("wasm-bindgen-{version}")),
            usize::MAX,
            |dir| {
                cargo::host(house)
                    .quiet_env("CARGO_TARGET_DIR", house.target("tools"))
                    .args(["install", "wasm-bindgen-cli", "--version", &version, "--root"])
                    .arg(dir)
                    .run()
            },
        )?;
        // Only the command is used again, never what it was built from.
        let _ = std::fs::remove_dir_all(house.target("tools"));
        Ok(Self { path: dir.join("bin/wasm-bindgen"), version })
    }
}

fn pinned(manifest: &str) -> Option<String> {
    let line = manifest.lines().find(|line| line.starts_with("wasm-bindgen ="))?;
    Some(line.split("\"=").nth(1)?.split('"').next()?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pinned_version_is_read() {
        assert_eq!(pinned("[x]\nwasm-bindgen = \"=0.2.130\"\n").as_deref(), Some("0.2.130"));
        assert_eq!(pinned("wasm-bindgen = \"0.2\"\n"), None);
    }
}
