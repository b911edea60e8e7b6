//! Where things are: the clone that the command was called in, and the cache that all clones share.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The clone and the cache.
pub(crate) struct House {
    /// The top of this clone.
    pub(crate) root: PathBuf,
    /// The cache's top; see `cache.rs` for what lies in it.
    pub(crate) cache: PathBuf,
}

/// A page of the documentation, the part of it above a heading and the part below: that above is written by hand, the rest by a command.
pub(crate) fn halves<'t>(page: &str, text: &'t str, heading: &str) -> Result<(&'t str, &'t str)> {
    text.split_once(heading).with_context(|| format!("{page} has no line `{}`", heading.trim()))
}

impl House {
    /// Writes what stands below a heading of a page of the documentation.
    pub(crate) fn write_below(&self, page: &str, heading: &str, text: &str) -> Result<()> {
        let path = self.root.join(page);
        let old = std::fs::read_to_string(&path).with_context(|| format!("{page} cannot be read"))?;
        let (head, _) = halves(page, &old, heading)?;
        Ok(std::fs::write(path, format!("{head}{heading}{text}"))?)
    }

    /// Finds both. The cache is created.
    pub(crate) fn find() -> Result<Self> {
        let root = match std::env::var_os("CARGO_MANIFEST_DIR") {
            // Asked at run time: the binary may have been built in another clone that is gone.
            Some(dir) => Path::new(&dir).join("../.."),
            None => std::env::current_dir()?,
        };
        let root = root.canonicalize().with_context(|| format!("{} cannot be read", root.display()))?;
        anyhow::ensure!(
            root.join("crates/xtask").is_dir(),
            "{} is not the top of the repository; call it as `cargo xtask`",
            root.display()
        );
        let cache = cache_dir(|name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from))
            .context("neither POLKU_CACHE nor HOME is set: where may files be cached?")?;
        std::fs::create_dir_all(&cache).with_context(|| format!("the cache {} cannot be made", cache.display()))?;
        let cache = cache.canonicalize()?;
        Ok(Self { root, cache })
    }

    /// The built package.
    pub(crate) fn pkg(&self) -> PathBuf {
        self.root.join("pkg")
    }

    /// What is written by hand for pages.
    pub(crate) fn www(&self) -> PathBuf {
        self.root.join("www")
    }

    /// The version in the workspace's `Cargo.toml`.
    pub(crate) fn version(&self) -> Result<String> {
        let manifest = std::fs::read_to_string(self.root.join("Cargo.toml")).context("Cargo.toml cannot be read")?;
        workspace_version(&manifest).context("Cargo.toml has no `version` in [workspace.package]")
    }
}

fn cache_dir(var: impl Fn(&str) -> Option<PathBuf>) -> Option<PathBuf> {
    var("POLKU_CACHE")
        .or_else(|| Some(var("XDG_CACHE_HOME")?.join("polku")))
        .or_else(|| Some(var("HOME")?.join(".cache/polku")))
}

/// A TOML parser would be a dependency for one line.
fn workspace_version(manifest: &str) -> Option<String> {
    let section = manifest.split("[workspace.package]").nth(1)?.split("\n[").next()?;
    let line = section.lines().find(|line| line.starts_with("version"))?;
    Some(line.split('"').nth(1)?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cache_directory_prefers_the_most_specific_variable() {
        let vars = |set: &'static [&str]| move |name: &str| set.contains(&name).then(|| PathBuf::from("/").join(name));
        assert_eq!(cache_dir(vars(&["POLKU_CACHE", "HOME"])), Some("/POLKU_CACHE".into()));
        assert_eq!(cache_dir(vars(&["XDG_CACHE_HOME", "HOME"])), Some("/XDG_CACHE_HOME/polku".into()));
        assert_eq!(cache_dir(vars(&["HOME"])), Some("/HOME/.cache/polku".into()));
        assert_eq!(cache_dir(vars(&[])), None);
    }

    #[test]
    fn version_is_the_workspace_one() {
        let manifest = "[workspace]\nresolver = \"3\"\n\n[workspace.package]\nversion = \"1.2.3\"\nedition = \"2024\"\n\n[package]\nversion = \"9\"\n";
        assert_eq!(workspace_version(manifest).as_deref(), Some("1.2.3"));
        assert_eq!(workspace_version("[package]\nversion = \"9\"\n"), None);
    }
}
