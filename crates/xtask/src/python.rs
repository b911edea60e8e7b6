//! Packages from PyPI: pinned by their hashes, fetched with pip, unpacked into the cache. Python itself is touched nowhere.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::apt;
use crate::hash::Key;
use crate::run::{Run, ask, find};

/// The versions that all pinned packages have wheels for, as `3.x`.
const MINORS: std::ops::RangeInclusive<u32> = 10..=13;

/// A Python with pip.
pub(crate) struct Python {
    /// The program, past any proxy.
    pub(crate) program: PathBuf,
    /// `3.11`
    pub(crate) version: String,
    /// Where its library is, should it not be among the system's.
    pub(crate) libraries: PathBuf,
}

impl Python {
    /// Finds or installs one.
    pub(crate) fn find() -> Result<Self> {
        if let Some(found) = Self::look() {
            return Ok(found);
        }
        apt::install(&["python3", "python3-pip"], "Python with pip")?;
        Self::look().with_context(|| {
            format!("there is no Python from 3.{} to 3.{} with pip on the PATH", MINORS.start(), MINORS.end())
        })
    }

    fn look() -> Option<Self> {
        let versions = MINORS.rev().map(|minor| format!("python3.{minor}"));
        let mut names = std::iter::once("python3".to_owned()).chain(versions).chain(["/usr/bin/python3".to_owned()]);
        names.find_map(|name| {
            let program = if name.starts_with('/') { PathBuf::from(name) } else { find(&name)? };
            let facts = "import sys, sysconfig, pip; print(sys.executable); print(sys.version_info[1]); \
                         print(sysconfig.get_config_var('LIBDIR') or '')";
            Self::parse(&ask(Command::new(program).args(["-c", facts]))?)
        })
    }

    /// From what it says of itself: program, minor version, folder of its library.
    fn parse(facts: &str) -> Option<Self> {
        let mut lines = facts.lines();
        let program = PathBuf::from(lines.next()?);
        let minor: u32 = lines.next()?.parse().ok().filter(|minor| MINORS.contains(minor))?;
        let libraries = PathBuf::from(lines.next().unwrap_or_default());
        Some(Self { program, version: format!("3.{minor}"), libraries })
    }

    /// A cache key of `requirements` for this Python.
    pub(crate) fn key(&self, requirements: &str) -> String {
        let key = Key::new("python").text(requirements).text(&self.version).text(&self.program.to_string_lossy());
        key.text(std::env::consts::ARCH).finish()
    }

    /// Unpacks the wheels that `requirements` names into `dir`. What they depend on is left out.
    pub(crate) fn unpack(&self, requirements: &str, dir: &Path) -> Result<()> {
        let file = dir.join("requirements.txt");
        std::fs::write(&file, requirements)?;
        let wheels = dir.join("wheels");
        Run::new(&self.program)
            .args(["-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"])
            .args(["--only-binary", ":all:", "--require-hashes", "--requirement"])
            .arg(&file)
            .arg("--dest")
            .arg(&wheels)
            .run()
            .with_context(|| format!("pip cannot fetch {}", named(requirements)))?;
        let fetched: Vec<PathBuf> = std::fs::read_dir(&wheels)?.flatten().map(|entry| entry.path()).collect();
        ensure!(!fetched.is_empty(), "pip fetched nothing");
        for wheel in &fetched {
            Run::new(&self.program).args(["-m", "zipfile", "-e"]).arg(wheel).arg(dir).run()?;
        }
        Ok(std::fs::remove_dir_all(&wheels)?)
    }
}

/// The packages of a file of requirements.
fn named(requirements: &str) -> String {
    let names = requirements.lines().filter(|line| line.contains("=="));
    names.filter_map(|line| line.split(' ').next()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_python_is_known_by_what_it_says() {
        let found = Python::parse("/opt/python/bin/python3.11\n11\n/opt/python/lib\n").expect("one of ours");
        assert_eq!((found.version.as_str(), found.libraries), ("3.11", PathBuf::from("/opt/python/lib")));
        assert!(Python::parse("/usr/bin/python3\n9\n/usr/lib\n").is_none(), "too old");
        assert!(Python::parse("").is_none());
    }

    #[test]
    fn requirements_are_named() {
        assert_eq!(named("# comment\na==1.0 \\\n    --hash=sha256:00\nb==2\n"), "a==1.0, b==2");
    }

    #[test]
    fn each_python_has_wheels_of_its_own() {
        let python = |minor: u32| Python::parse(&format!("/usr/bin/python3\n{minor}\n")).expect("one of ours");
        assert_ne!(python(11).key("a"), python(12).key("a"));
        assert_ne!(python(11).key("a"), python(11).key("b"));
    }
}
