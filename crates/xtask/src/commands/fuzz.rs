//! `cargo xtask fuzz`
//!
//! The programs in `fuzz/` with libFuzzer around them. There is no unsafe code in the core, so no sanitizer is needed, and without one a
//! stable compiler does. What libFuzzer finds worth keeping lies in the cache, beside the corpus that the tests replay; `--merge` takes
//! over into that what reaches something new.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};

use super::Usage;
use crate::apt;
use crate::cargo::{clean, host};
use crate::house::House;
use crate::run::{Run, find};

/// What `cargo fuzz` must be, where it has to be built: it says how the compiler is told to count what is reached.
const VERSION: &str = "0.13.2";
/// How long without `--minutes`.
const MINUTES: u64 = 10;
/// No input that is tried is longer, in bytes: the largest record is a shelf's, and what is long is rarely needed to show a mistake.
const LONGEST: u64 = 6_000;
/// … and none that is kept for the tests.
const KEPT: u64 = 4_000;
/// An input that takes longer is a mistake, in s of the clock: on a busy machine a millisecond can take long.
const SLOW: u64 = 60;

struct Options {
    target: String,
    minutes: u64,
    merge: bool,
}

/// Looks for inputs that break a target.
pub(super) fn run(house: &House, args: &[String]) -> Result<ExitCode> {
    let targets = targets(house)?;
    let options = options(args, &targets)?;
    let cargo_fuzz = cargo_fuzz(house)?;
    if find("c++").is_none() {
        apt::install(&["g++"], "a compiler for C++ (libFuzzer is built from its sources)")?;
    }
    let target = &options.target;
    let found = house.cache.join("fuzz").join(target);
    std::fs::create_dir_all(&found).with_context(|| format!("{} cannot be made", found.display()))?;
    let corpus = house.root.join("fuzz/corpus").join(target);
    let _held = house.hold_target("fuzz")?;
    let run = clean(Run::new(&cargo_fuzz))
        .dir(&house.root)
        .args(["fuzz", "run", "--sanitizer", "none", "--target-dir"])
        .arg(house.target("fuzz"))
        .arg(target);
    if options.merge {
        run.arg(&corpus).arg(&found).args(["--", "-merge=1"]).arg(format!("-max_len={KEPT}")).run()?;
        return Ok(ExitCode::SUCCESS);
    }
    let ended = run
        .arg(&found)
        .arg(&corpus)
        .arg("--")
        .arg(format!("-max_total_time={}", options.minutes * 60))
        .arg(format!("-max_len={LONGEST}"))
        .arg(format!("-timeout={SLOW}"))
        .arg("-dict=fuzz/words.dict")
        .args(["-print_final_stats=1", "-verbosity=1"])
        .run();
    if ended.is_err() {
        eprintln!(
            "\nWhat broke it lies in fuzz/artifacts/{target}. Put it into fuzz/corpus/{target}, and\n\
             `cargo test -p polku-core --features format fuzz` (of import: `cargo test -p polku-cli --lib import`) breaks with it until it is mended."
        );
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}

fn options(args: &[String], targets: &[String]) -> Result<Options> {
    let usage = |text: String| Err(Usage(text).into());
    let mut options = Options { target: String::new(), minutes: MINUTES, merge: false };
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--merge" => options.merge = true,
            "--minutes" => match args.next().and_then(|minutes| minutes.parse().ok()) {
                Some(minutes) if minutes > 0 => options.minutes = minutes,
                _ => return usage("--minutes takes a whole number from 1".into()),
            },
            name if targets.iter().any(|target| target == name) => options.target = name.to_owned(),
            other => {
                return usage(format!(
                    "there is no target and no option `{other}`; the targets: {}",
                    targets.join(", ")
                ));
            }
        }
    }
    if options.target.is_empty() {
        return usage(format!("which target? {}", targets.join(", ")));
    }
    Ok(options)
}

/// The targets: each program's name.
fn targets(house: &House) -> Result<Vec<String>> {
    let folder = house.root.join("fuzz/fuzz_targets");
    let entries = std::fs::read_dir(&folder).with_context(|| format!("{} cannot be read", folder.display()))?;
    let mut names: Vec<_> =
        entries.flatten().filter_map(|entry| Some(entry.path().file_stem()?.to_string_lossy().into_owned())).collect();
    names.sort();
    Ok(names)
}

/// `cargo fuzz`, on the PATH or in the cache; else it is built.
fn cargo_fuzz(house: &House) -> Result<PathBuf> {
    if let Some(found) = find("cargo-fuzz") {
        return Ok(found);
    }
    let dir = house.cached(
        "tools",
        || Ok(format!("cargo-fuzz-{VERSION}")),
        usize::MAX,
        |dir| {
            host(house)
                .quiet_env("CARGO_TARGET_DIR", house.target("tools"))
                .args(["install", "cargo-fuzz", "--locked", "--version", VERSION, "--root"])
                .arg(dir)
                .run()
        },
    )?;
    // Only the command is used again, never what it was built from.
    let _ = std::fs::remove_dir_all(house.target("tools"));
    Ok(dir.join("bin/cargo-fuzz"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_read() {
        let targets = ["answers".to_owned(), "stored".to_owned()];
        let read = |args: &[&str]| options(&args.iter().map(ToString::to_string).collect::<Vec<_>>(), &targets);
        let all = read(&["--minutes", "3", "stored", "--merge"]).expect("fine");
        assert_eq!((&*all.target, all.minutes, all.merge), ("stored", 3, true));
        assert_eq!(read(&["answers"]).expect("fine").minutes, MINUTES);
        for wrong in
            [&[][..], &["other"], &["stored", "--minutes"], &["stored", "--minutes", "0"], &["stored", "--fast"]]
        {
            assert!(read(wrong).is_err_and(|error| error.is::<Usage>()), "{wrong:?}");
        }
    }
}
