//! Content hashes: of files for their names, of inputs for the cache's keys.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::run;

/// The SHA-256 of `bytes`.
pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What stands in the names of hashed files: 8 hexadecimal digits.
pub(crate) fn short(bytes: &[u8]) -> String {
    hex(&sha256(bytes)[..4])
}

/// Subresource integrity, as in `<script integrity="…">`.
pub(crate) fn integrity(bytes: &[u8]) -> String {
    format!("sha256-{}", base64(&sha256(bytes)))
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().fold(0u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let digit = (bits >> (18 - 6 * place)) & 63;
            text.push(if place <= chunk.len() { char::from(DIGITS[digit as usize]) } else { '=' });
        }
    }
    text
}

/// A cache key: everything that a result depends on goes in, 16 hexadecimal digits come out.
pub(crate) struct Key(Sha256);

impl Key {
    /// `purpose` keeps keys of different things apart.
    pub(crate) fn new(purpose: &str) -> Self {
        Self(Sha256::new()).text(purpose)
    }

    /// Adds a value. Its length goes in too, so that neighbours cannot be confused.
    pub(crate) fn bytes(mut self, bytes: &[u8]) -> Self {
        self.0.update((bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
        self
    }

    /// Adds a text.
    pub(crate) fn text(self, text: &str) -> Self {
        self.bytes(text.as_bytes())
    }

    /// Adds the names and contents of `files`, which are relative to `root`.
    pub(crate) fn files(mut self, root: &Path, files: &BTreeSet<PathBuf>) -> Result<Self> {
        for file in files {
            let bytes = std::fs::read(root.join(file)).with_context(|| format!("{} cannot be read", file.display()))?;
            self = self.text(&file.to_string_lossy()).bytes(&bytes);
        }
        Ok(self)
    }

    /// The key.
    pub(crate) fn finish(self) -> String {
        hex(&self.0.finalize()[..8])
    }
}

/// The files under `places` (files or folders, relative to `root`) that belong to the source: those that git tracks or
/// would track; in a copy without git all but what is built. Absent places are no error: not every room has all of them.
pub(crate) fn sources(root: &Path, places: &[&str]) -> BTreeSet<PathBuf> {
    let mut git = Command::new("git");
    git.current_dir(root).args(["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--"]).args(places);
    let mut files = BTreeSet::new();
    match run::ask(&mut git) {
        Some(listed) => files.extend(listed.split('\0').filter(|name| !name.is_empty()).map(PathBuf::from)),
        None => places.iter().for_each(|place| walk(root, Path::new(place), &mut files)),
    }
    // Deleted but still in git's index.
    files.retain(|file| root.join(file).is_file());
    files
}

fn walk(root: &Path, place: &Path, files: &mut BTreeSet<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(root.join(place)) else {
        files.insert(place.to_owned());
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        if !["target", "node_modules", ".git"].iter().any(|skipped| name == *skipped) {
            walk(root, &place.join(name), files);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integrity_is_what_browsers_expect() {
        // From the specification of Subresource Integrity, checked with `openssl dgst -sha256 -binary | base64`.
        assert_eq!(integrity(b""), "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
        assert_eq!(integrity(b"alert('Hello, world.');"), "sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng=");
    }

    #[test]
    fn base64_pads() {
        assert_eq!(base64(b"f"), "Zg==");
        assert_eq!(base64(b"fo"), "Zm8=");
        assert_eq!(base64(b"foo"), "Zm9v");
        assert_eq!(base64(b"foob"), "Zm9vYg==");
    }

    #[test]
    fn keys_tell_neighbours_apart() {
        let key = |a: &str, b: &str| Key::new("test").text(a).text(b).finish();
        assert_ne!(key("ab", "c"), key("a", "bc"));
        assert_eq!(key("ab", "c"), key("ab", "c"));
        assert_eq!(key("ab", "c").len(), 16);
    }

    #[test]
    fn short_hashes_are_eight_digits() {
        assert_eq!(short(b""), "e3b0c442");
    }
}
