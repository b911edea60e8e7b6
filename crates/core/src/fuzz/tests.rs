//! The corpora are replayed: what was once found stays found.
// Tests may read files, and ask where they are.
#![allow(clippy::disallowed_methods)]

use std::path::PathBuf;

use super::TARGETS;

/// Asked at run time, because the program may have been built in another clone.
fn fuzz() -> PathBuf {
    PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap()).join("../../fuzz")
}

fn files(folder: &str) -> Vec<PathBuf> {
    let folder = fuzz().join(folder);
    let read = std::fs::read_dir(&folder).unwrap_or_else(|why| panic!("{}: {why}", folder.display()));
    let mut files: Vec<_> = read.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn the_corpora_hold() {
    for (name, target) in TARGETS {
        let corpus = files(&format!("corpus/{name}"));
        assert!(corpus.len() >= 5, "the corpus of {name} is gone");
        for file in corpus {
            // Shown where it panics.
            println!("{}", file.display());
            target(&std::fs::read(file).unwrap());
        }
    }
}

#[test]
fn each_target_has_a_program() {
    let programs: Vec<_> = files("fuzz_targets").iter().map(|file| file.file_stem().unwrap().to_owned()).collect();
    for (name, _) in TARGETS {
        assert!(programs.iter().any(|program| program == name), "fuzz/fuzz_targets/{name}.rs is missing");
    }
    assert!(programs.len() >= TARGETS.len());
}
