//! The cache that all clones share: `tools/`, `target/` (cargo's), `wasm/`, `packages/`, `bin/`, `tests/`. What is built
//! lies in a folder named by the hash of its inputs; only building is ever skipped, never a test.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context, Result, bail};

use crate::house::House;

/// How often something is built again because its sources changed while it was built.
const ATTEMPTS: u32 = 5;

impl House {
    /// The folder `shelf/key`: filled by `make` (which gets an empty folder) unless it is there. `keep`: how many of the
    /// newest folders stay on that shelf. Two processes never fill the same folder, and no half-filled one is ever seen.
    ///
    /// `key` is asked again after `make`: what was built while somebody saved a file must not go by the name of either state.
    pub(crate) fn cached(
        &self,
        shelf: &str,
        key: impl Fn() -> Result<String>,
        keep: usize,
        make: impl Fn(&Path) -> Result<()>,
    ) -> Result<PathBuf> {
        for _ in 0..ATTEMPTS {
            if let Some(done) = self.attempt(shelf, &key, keep, &make)? {
                // Its time says when it was last of use, not when it was made.
                if let Ok(dir) = File::open(&done) {
                    let _ = dir.set_modified(SystemTime::now());
                }
                return Ok(done);
            }
            eprintln!("the sources changed meanwhile: once more");
        }
        bail!("the sources changed during each of {ATTEMPTS} builds");
    }

    /// `None`: the key is another one than before.
    fn attempt(
        &self,
        shelf: &str,
        key: &impl Fn() -> Result<String>,
        keep: usize,
        make: &impl Fn(&Path) -> Result<()>,
    ) -> Result<Option<PathBuf>> {
        let shelf_dir = self.cache.join(shelf);
        let name = key()?;
        let done = shelf_dir.join(&name);
        if done.is_dir() {
            return Ok(Some(done));
        }
        std::fs::create_dir_all(&shelf_dir)?;
        let _lock = self.lock(&format!("{shelf}-{name}"))?;
        if done.is_dir() {
            return Ok(Some(done));
        }
        let unfinished = shelf_dir.join(format!("{name}.unfinished"));
        remove(&unfinished)?;
        std::fs::create_dir_all(&unfinished)?;
        let made = make(&unfinished);
        let moved = key()? != name;
        if moved || made.is_err() {
            remove(&unfinished)?;
        }
        if moved {
            return Ok(None);
        }
        made?;
        std::fs::rename(&unfinished, &done).with_context(|| format!("{} cannot be put in place", done.display()))?;
        prune(&shelf_dir, &name, keep);
        Ok(Some(done))
    }

    /// Holds a lock by name until the returned file is dropped.
    pub(crate) fn lock(&self, name: &str) -> Result<File> {
        let dir = self.cache.join("locks");
        std::fs::create_dir_all(&dir)?;
        let path = dir.join(name.replace('/', "-"));
        let file = File::create(&path).with_context(|| format!("{} cannot be made", path.display()))?;
        if file.try_lock().is_err() {
            eprintln!("waiting for another `cargo xtask` ({name})");
            file.lock().with_context(|| format!("{} cannot be locked", path.display()))?;
        }
        Ok(file)
    }

    /// One of cargo's target folders that all clones share.
    pub(crate) fn target(&self, name: &str) -> PathBuf {
        self.cache.join("target").join(name)
    }
}

/// What one of cargo's target folders may hold. Cargo never removes anything by itself, and every change of a crate adds to it.
const TARGET_LIMIT: u64 = 12_000_000_000;

/// Where a target folder notes which clone built in it last.
const CLONE: &str = "clone";

impl House {
    /// Holds a target folder for this clone until the returned file is dropped: whoever builds our crates in it must, until what was
    /// built is read. It starts anew when it has grown past all use. And cargo takes the crates of two clones for the same, and
    /// what one built for fresh in the other when it is younger than the other's sources: where another clone built last, our own
    /// crates are built again.
    pub(crate) fn hold_target(&self, name: &str) -> Result<File> {
        let lock = self.lock(&format!("target-{name}"))?;
        let dir = self.target(name);
        let bytes = size(&dir);
        if bytes > TARGET_LIMIT {
            eprintln!("{} has grown to {} GB: starting anew", dir.display(), bytes / 1_000_000_000);
            remove(&dir)?;
        }
        let clone = self.root.to_string_lossy();
        if std::fs::read_to_string(dir.join(CLONE)).is_ok_and(|last| last == clone) {
            return Ok(lock);
        }
        forget_own(&dir)?;
        std::fs::create_dir_all(&dir)?;
        std::fs::write(dir.join(CLONE), clone.as_bytes())
            .with_context(|| format!("{} cannot be written to", dir.display()))?;
        Ok(lock)
    }
}

/// Removes what cargo knows of the crates of this workspace, in all profiles and for all targets below `dir`.
fn forget_own(dir: &Path) -> Result<()> {
    for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
        let path = entry.path();
        if entry.file_name() == ".fingerprint" {
            for unit in std::fs::read_dir(&path).into_iter().flatten().flatten() {
                let unit_name = unit.file_name();
                let unit_name = unit_name.to_string_lossy();
                if ["polku-", "xtask-"].iter().any(|own| unit_name.starts_with(own)) {
                    remove(&unit.path())?;
                }
            }
        } else if path.is_dir() && !matches!(entry.file_name().to_str(), Some("deps" | "build" | "incremental")) {
            forget_own(&path)?;
        }
    }
    Ok(())
}

fn size(dir: &Path) -> u64 {
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
    entries
        .map(|entry| match entry.metadata() {
            Ok(meta) if meta.is_dir() => size(&entry.path()),
            Ok(meta) => meta.len(),
            Err(_) => 0,
        })
        .sum()
}

/// Removes a folder that may be absent.
pub(crate) fn remove(dir: &Path) -> Result<()> {
    match std::fs::remove_dir_all(dir) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("{} cannot be removed", dir.display()))
        }
        _ => Ok(()),
    }
}

/// A folder that cannot be removed now is removed another time.
fn prune(shelf: &Path, newest: &str, keep: usize) {
    let Ok(entries) = std::fs::read_dir(shelf) else { return };
    let mut old: Vec<(SystemTime, PathBuf)> = entries
        .flatten()
        .filter(|entry| entry.file_name() != newest)
        .filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path())))
        .filter(|(_, path)| path.extension().is_none())
        .collect();
    old.sort();
    let surplus = (old.len() + 1).saturating_sub(keep);
    for (_, path) in old.into_iter().take(surplus) {
        let _ = std::fs::remove_dir_all(path);
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    fn house(name: &str) -> House {
        let cache = std::env::temp_dir().join(format!("polku-xtask-{name}-{}", std::process::id()));
        remove(&cache).expect("an old folder can be removed");
        House { root: cache.clone(), cache }
    }

    fn has(house: &House, key: &str) -> bool {
        house.cache.join("shelf").join(key).is_dir()
    }

    #[test]
    fn folders_are_filled_once_and_never_seen_half_full() {
        let house = house("fill");
        let key = || Ok("a".to_owned());
        let failed = house.cached("shelf", key, 2, |dir| {
            std::fs::write(dir.join("half"), "")?;
            bail!("no")
        });
        assert!(failed.is_err() && !has(&house, "a"));
        for text in ["first", "second"] {
            let dir = house.cached("shelf", key, 2, |dir| Ok(std::fs::write(dir.join("file"), text)?)).expect("filled");
            assert_eq!(std::fs::read_to_string(dir.join("file")).expect("readable"), "first");
            assert!(!dir.join("half").exists());
        }
        remove(&house.cache).expect("removable");
    }

    #[test]
    fn what_another_clone_built_is_built_again() {
        let house = house("clones");
        let units = house.target("wasm").join("wasm32/release/.fingerprint");
        let make = |unit: &str| std::fs::create_dir_all(units.join(unit)).expect("made");
        for unit in ["polku-core-1", "polku-2", "xtask-3", "serde-4"] {
            make(unit);
        }
        drop(house.hold_target("wasm").expect("ready"));
        let left =
            || std::fs::read_dir(&units).expect("there").flatten().map(|unit| unit.file_name()).collect::<Vec<_>>();
        assert_eq!(left(), ["serde-4"], "nobody knows which clone built the others");
        make("polku-core-1");
        drop(house.hold_target("wasm").expect("ready"));
        assert_eq!(left().len(), 2, "this clone built it");
        let other = House { root: house.root.join("other"), cache: house.cache.clone() };
        drop(other.hold_target("wasm").expect("ready"));
        assert_eq!(left(), ["serde-4"]);
        remove(&house.cache).expect("removable");
    }

    #[test]
    fn what_was_built_from_moving_sources_is_built_again() {
        let house = house("moving");
        let source = Cell::new("old");
        let dir = house.cached(
            "shelf",
            || Ok(source.get().to_owned()),
            2,
            |dir| {
                std::fs::write(dir.join("file"), source.get())?;
                source.set("new");
                Ok(())
            },
        );
        let dir = dir.expect("settles at the second attempt");
        assert_eq!(std::fs::read_to_string(dir.join("file")).expect("readable"), "new");
        assert!(!has(&house, "old") && has(&house, "new"));
        remove(&house.cache).expect("removable");
    }

    #[test]
    fn sizes_are_of_all_that_lies_below() {
        let house = house("size");
        std::fs::create_dir_all(house.target("a/b")).expect("made");
        std::fs::write(house.target("a/one"), [0; 10]).expect("written");
        std::fs::write(house.target("a/b/two"), [0; 5]).expect("written");
        assert_eq!((size(&house.target("a")), size(&house.target("absent"))), (15, 0));
        remove(&house.cache).expect("removable");
    }

    #[test]
    fn the_newest_folders_stay() {
        let house = house("prune");
        for key in ["a", "b", "c"] {
            house.cached("shelf", || Ok(key.to_owned()), 2, |_| Ok(())).expect("made");
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        assert_eq!([has(&house, "a"), has(&house, "b"), has(&house, "c")], [false, true, true]);
        remove(&house.cache).expect("removable");
    }
}
