//! `cargo xtask test`
//!
//! Building is cached, running never: with unchanged sources the very same executables run again. Doc tests are built
//! while they run, so they run only when the sources changed since they last passed (always with `--full`).

use std::ffi::OsString;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Result;

use super::{Usage, integrations};
use crate::browsers::Browsers;
use crate::cargo::{self, host};
use crate::host::TestProgram;
use crate::house::House;
use crate::run::Run;
use crate::wasm::Tools;
use crate::{browsers, bundlers, host as hosted, package, receivers};

/// How long a test program may print nothing: far longer than its slowest test, and far shorter than a whole run may take.
pub(super) const SILENCE: Duration = Duration::from_mins(10);

/// Tests in browsers at a time: they find room for themselves, and one of them may wait for it.
pub(super) const THREADS: &str = "4";

/// So many tests that failed in browsers are run once more; with more of them something is wrong that another run does not mend.
pub(super) const AGAIN: usize = 8;

/// Of what a test says that fails, so many lines are told once more at the end: a long run's beginning is not read again.
pub(super) const LINES: usize = 12;

/// What the runners counted.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Counts {
    pub(super) passed: u64,
    pub(super) failed: u64,
    skipped: u64,
}

/// Runs all tests.
pub(super) fn run(house: &House, args: &[String]) -> Result<ExitCode> {
    let (full, filters) = options(args)?;
    let browsers = browsers::find_all(house)?;
    let variables = told(house, &browsers)?;
    let (programs, remembered) = hosted::tests(house)?;

    let mut counts = Counts { skipped: browsers.skipped.len() as u64, ..Counts::default() };
    let countly = if full { Some(super::bench::countly(house)?) } else { None };
    let mut said = Vec::new();
    for program in &programs {
        let run = || {
            let mut run = prepared(house, program);
            for (name, value) in &variables {
                run = run.quiet_env(name, value);
            }
            if program.end_to_end {
                run = run.quiet_env("RUST_TEST_THREADS", THREADS);
            }
            if let Some(countly) = &countly {
                run = run.quiet_env("POLKU_FULL", "1").quiet_env("POLKU_COUNTLY", countly).arg("--include-ignored");
            }
            run
        };
        println!("\n{}", program.title);
        let mut seen = counted(run().args(&filters))?;
        said.append(&mut seen.said);
        if program.end_to_end && (1..=AGAIN).contains(&seen.names.len()) {
            let again = alone(&seen, run())?;
            said.extend(again.said);
            seen.counts = again.counts;
        }
        counts.add(seen.counts);
    }
    if filters.is_empty() {
        let passed = remembered.join("doc-tests-passed");
        if full || !passed.is_file() {
            println!("\ndoc tests");
            let _held = house.hold_target("host")?;
            let docs = counted(host(house).args(["test", "--workspace", "--doc"]))?;
            if docs.counts.failed == 0 {
                std::fs::write(passed, "")?;
            }
            said.extend(docs.said);
            counts.add(docs.counts);
        } else {
            println!("\ndoc tests: nothing changed since they passed");
        }
        if house.root.join("tests/types/tsconfig.json").is_file() {
            counts.add(types(house)?);
        }
        let integrations::Tried { passed, failed, skipped } = integrations::alone(house)?;
        counts.add(Counts { passed, failed, skipped });
    }
    if filters.is_empty() {
        println!("\ndocs/bytes.md");
        let stale = super::size::stale(house)?;
        stale.iter().for_each(|line| println!("{line}: `cargo xtask size --features` writes it anew"));
        counts.add(Counts { passed: u64::from(stale.is_empty()), failed: u64::from(!stale.is_empty()), skipped: 0 });
    }
    if !said.is_empty() {
        println!("\nwhat failed, once more");
        said.iter().for_each(|line| println!("{line}"));
    }
    for name in &browsers.skipped {
        println!("skipped: {name} cannot be had here");
    }
    println!("{} passed, {} failed, {} skipped", counts.passed, counts.failed, counts.skipped);
    Ok(if counts.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Builds what tests are about, and says where it is, and where all else is that they need.
pub(super) fn told(house: &House, browsers: &Browsers) -> Result<Vec<(&'static str, OsString)>> {
    let receivers = receivers::find_all(house);
    package::build(house)?;
    // Built by real bundlers: their tests say that they are skipped where those cannot be had.
    let shops = match bundlers::built(house) {
        Ok(shops) => ("POLKU_BUNDLERS", shops.into_os_string()),
        Err(error) => ("POLKU_NO_BUNDLERS", format!("{error:#}").into()),
    };
    let docs = crate::docs::build(house, None)?;
    let polku = hosted::command(house)?;
    let mut told: Vec<(&'static str, OsString)> = vec![
        // As cargo sets it for tests that ask while they run, so that they need not have a path compiled in.
        ("CARGO_BIN_EXE_polku", polku.clone().into()),
        ("POLKU_BIN", polku.into()),
        ("POLKU_PKG", house.pkg().into()),
        ("POLKU_WWW", house.www().into()),
        ("POLKU_DOCS", docs.into()),
        ("POLKU_TSC", Tools::find(house)?.npm.dir.join("node_modules/.bin/tsc").into()),
        shops,
    ];
    told.extend(browsers.variables.iter().map(|(name, path)| (*name, path.clone().into())));
    told.extend(receivers.variables);
    Ok(told)
}

fn options(args: &[String]) -> Result<(bool, Vec<String>)> {
    let (flags, filters): (Vec<String>, Vec<String>) = args.iter().cloned().partition(|arg| arg.starts_with('-'));
    match flags.iter().find(|flag| *flag != "--full") {
        Some(flag) => Err(Usage(format!("unknown argument `{flag}`")).into()),
        None => Ok((!flags.is_empty(), filters)),
    }
}

/// Cargo runs a test in its crate's folder, and tells it which folder that is: in this clone, wherever it was built.
pub(super) fn prepared(house: &House, program: &TestProgram) -> Run {
    let mut folder = house.root.clone();
    // Joining nothing would leave a slash at the end.
    if !program.folder.is_empty() {
        folder.push(&program.folder);
    }
    cargo::clean(Run::new(&program.path)).quiet_env("CARGO_MANIFEST_DIR", &folder).dir(&folder)
}

fn types(house: &House) -> Result<Counts> {
    println!("\ntests/types");
    let npm = Tools::find(house)?.npm;
    let (_, ok) = npm
        .tool("tsc")
        .args(["--noEmit", "--project", "tests/types"])
        .dir(&house.root)
        .lines(|line| println!("{line}"))?;
    println!("test result: {}. tsc", if ok { "ok" } else { "FAILED" });
    Ok(Counts { passed: u64::from(ok), failed: u64::from(!ok), skipped: 0 })
}

/// Runs what failed in browsers once more, one test after the other: beside others it may have waited for a busy machine in vain. What fails
/// alone too has failed; what does not is named.
fn alone(before: &Seen, run: Run) -> Result<Seen> {
    println!("\nonce more, alone: {}", before.names.join(", "));
    let mut again = counted(run.args(["--exact", "--test-threads", "1"]).args(&before.names))?;
    let passed = before.names.len().saturating_sub(again.names.len()) as u64;
    // One that ends before it can count has passed nothing.
    let counted = if again.counts.passed == passed { passed } else { 0 };
    println!("passed alone only: {counted} of {}", before.names.len());
    again.said.push(format!("passed alone only: {counted} of {}", before.names.len()));
    let Counts { passed, failed, skipped } = before.counts;
    again.counts = Counts { passed: passed + counted, failed: failed.saturating_sub(counted), skipped };
    Ok(again)
}

/// `test a::b ... FAILED`
fn failure(line: &str) -> Option<&str> {
    line.strip_prefix("test ")?.strip_suffix(" ... FAILED")
}

/// What was seen of a test program.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) counts: Counts,
    /// Which tests failed.
    names: Vec<String>,
    /// What they said.
    said: Vec<String>,
    /// Lines that the test that is speaking may still say.
    left: usize,
}

impl Seen {
    fn take(&mut self, line: &str) {
        self.names.extend(failure(line).map(str::to_owned));
        self.counts.add(result(line).unwrap_or_default());
        // `---- a::b stdout ----`, what it said, and after the last one a list of their names.
        if line.starts_with("---- ") && line.ends_with(" ----") {
            self.left = LINES + 1;
        } else if line == "failures:" {
            self.left = 0;
        }
        if self.left > 0 && !line.is_empty() {
            self.left -= 1;
            self.said.push(line.to_owned());
        }
    }
}

/// Runs it, shows what it prints, and counts.
pub(super) fn counted(run: Run) -> Result<Seen> {
    let mut seen = Seen::default();
    let (_, ok) = run.silence(SILENCE).lines(|line| {
        println!("{line}");
        seen.take(line);
    })?;
    if !ok && seen.counts.failed == 0 {
        // It ended before its runner could count: a crash, or a build that failed.
        seen.counts.failed = 1;
    }
    Ok(seen)
}

/// `test result: ok. 3 passed; 0 failed; 1 ignored; …`
fn result(line: &str) -> Option<Counts> {
    let (_, numbers) = line.trim().strip_prefix("test result: ")?.split_once(". ")?;
    let number = |what: &str| {
        let part = numbers.split(';').find(|part| part.trim().ends_with(what))?;
        part.trim().split(' ').next()?.parse().ok()
    };
    Some(Counts { passed: number(" passed")?, failed: number(" failed")?, skipped: number(" ignored")? })
}

impl Counts {
    fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_read() {
        let line = "test result: FAILED. 12 passed; 1 failed; 2 ignored; 0 measured; 3 filtered out; finished in 0.01s";
        assert_eq!(result(line), Some(Counts { passed: 12, failed: 1, skipped: 2 }));
        assert_eq!(result("test engine ... ok"), None);
        assert_eq!(failure("test chat::steps ... FAILED"), Some("chat::steps"));
        assert_eq!((failure("test chat::steps ... ok"), failure("test result: FAILED. 1 passed")), (None, None));
        assert_eq!(result("test result: ok. tsc"), None);
    }

    #[test]
    fn what_failed_is_kept() {
        let mut seen = Seen::default();
        let said = "test a::b ... FAILED\n\nfailures:\n\n---- a::b stdout ----\n\nthread 'a::b' panicked at tests/a.rs:1:2:\nno card\n\nfailures:\n    a::b\n\ntest result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured";
        said.lines().for_each(|line| seen.take(line));
        assert_eq!(seen.counts, Counts { passed: 1, failed: 1, skipped: 0 });
        assert_eq!(seen.names, ["a::b"]);
        assert_eq!(seen.said, ["---- a::b stdout ----", "thread 'a::b' panicked at tests/a.rs:1:2:", "no card"]);
        let long = (0..40).fold("---- a stdout ----".to_owned(), |text, n| format!("{text}\n{n}"));
        let mut seen = Seen::default();
        long.lines().for_each(|line| seen.take(line));
        assert_eq!(seen.said.len(), LINES + 1);
    }

    #[test]
    fn options_are_read() {
        let parsed = |args: &[&str]| options(&args.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert_eq!(parsed(&["--full", "walk"]).expect("fine"), (true, vec!["walk".to_owned()]));
        assert!(parsed(&["--fast"]).is_err());
    }
}
