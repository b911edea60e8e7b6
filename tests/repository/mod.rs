//! The repository's own files, for tests that hold one against another.

use std::path::PathBuf;

/// The top of this clone; asked at run time, because the program may have been built in another one.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo says where the sources are"))
}

pub(crate) fn read(path: &str) -> String {
    let file = root().join(path);
    std::fs::read_to_string(&file).unwrap_or_else(|why| panic!("{}: {why}", file.display()))
}
