//! `cargo xtask engines`: the end-to-end tests in the browsers that `cargo xtask test` opens for a few walks only.
//!
//! A test says which browser it opened, and where that has no means for what the test needs, that it is skipped and why
//! (`tests/e2e/browser.rs`). Both is read from what tests have said, which the runner shows at the end: of one that passed, too.

use std::collections::BTreeMap;
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};

use super::test::{AGAIN, LINES, SILENCE, THREADS, prepared, told};
use crate::house::House;
use crate::run::Run;
use crate::{browsers, host};

/// The engines, as `POLKU_BROWSER` and the walks' modules name them.
const ENGINES: [(&str, &str); 2] = [("firefox", "Firefox"), ("webkit", "WebKit")];

/// What became of a test.
#[derive(Clone, Debug, PartialEq)]
enum End {
    Passed,
    Failed,
    Skipped(String),
}

/// What a run of the tests has shown.
#[derive(Debug, Default)]
struct Seen {
    ends: BTreeMap<String, End>,
    /// Which browser a test has opened. One without has nothing to do with an engine.
    opened: BTreeMap<String, String>,
    /// What those said that failed.
    said: Vec<String>,
    /// The test whose words are shown.
    speaks: String,
    left: usize,
    /// It came to its end.
    complete: bool,
}

/// Runs them.
pub(super) fn run(house: &House, args: &[String]) -> Result<ExitCode> {
    let (engines, filters) = options(args)?;
    let browsers = browsers::find_all(house)?;
    let variables = told(house, &browsers)?;
    let (programs, _) = host::tests(house)?;
    let program = programs.iter().find(|program| program.end_to_end).context("there are no end-to-end tests")?;
    let (mut lines, mut failed) = (Vec::new(), false);
    for (engine, name) in engines {
        if browsers.skipped.contains(&name) {
            lines.push(format!("skipped: {name} cannot be had here"));
            continue;
        }
        println!("\n{} in {name}", program.title);
        let run = || {
            let mut run = prepared(house, program);
            for (name, value) in &variables {
                run = run.quiet_env(name, value);
            }
            run = run.env("POLKU_BROWSER", engine).quiet_env("RUST_TEST_THREADS", THREADS).arg("--show-output");
            // The walks that name another engine open that one.
            let others = ["chromium", "firefox", "webkit"].into_iter().filter(|other| *other != engine);
            others.fold(run, |run, other| run.args(["--skip".to_owned(), format!("engines::{other}::")]))
        };
        let mut seen = seen(run().args(filters))?;
        let again: Vec<String> = seen.failed().cloned().collect();
        if (1..=AGAIN).contains(&again.len()) {
            println!("\nonce more, alone: {}", again.join(", "));
            seen.again(self::seen(run().args(["--exact", "--test-threads", "1"]).args(&again))?);
        }
        ensure!(!seen.opened.is_empty(), "no test has opened {name}");
        seen.said.iter().for_each(|line| println!("{line}"));
        println!();
        seen.skipped().for_each(|(test, why)| println!("skipped: {test}: {why}"));
        seen.failed().for_each(|test| println!("failed: {test}"));
        failed |= seen.failed().next().is_some();
        lines.push(seen.line());
        println!("{}", lines.last().map_or("", String::as_str));
    }
    println!();
    lines.iter().for_each(|line| println!("{line}"));
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

type Asked<'a> = (Vec<(&'static str, &'static str)>, &'a [String]);

/// Which engines, and filters of names.
fn options(args: &[String]) -> Result<Asked<'_>> {
    if let Some(flag) = args.iter().find(|arg| arg.starts_with('-')) {
        return Err(super::Usage(format!("unknown argument `{flag}`")).into());
    }
    let named = ENGINES.iter().find(|(engine, _)| args.first().is_some_and(|arg| arg == engine));
    Ok(named.map_or((ENGINES.to_vec(), args), |named| (vec![*named], &args[1..])))
}

/// Runs it, shows what becomes of each test as it comes, and keeps it.
fn seen(run: Run) -> Result<Seen> {
    let mut seen = Seen::default();
    run.silence(SILENCE).lines(|line| {
        if seen.take(line) {
            println!("{line}");
        }
    })?;
    ensure!(seen.complete, "the tests ended before they could be counted");
    Ok(seen)
}

impl Seen {
    /// Reads a line of the runner's; whether people want to see it at once.
    fn take(&mut self, line: &str) -> bool {
        let end = line.strip_prefix("test ").and_then(|line| line.split_once(" ... "));
        if let Some((name, end)) = end {
            let end = match end {
                "ok" => End::Passed,
                "FAILED" => End::Failed,
                _ => End::Skipped(end.to_owned()),
            };
            self.ends.insert(name.to_owned(), end);
            return true;
        }
        // `---- a::b stdout ----`, and what it said.
        if let Some(name) = line.strip_prefix("---- ").and_then(|line| line.strip_suffix(" stdout ----")) {
            name.clone_into(&mut self.speaks);
            self.left = LINES + 1;
        } else if matches!(line, "successes:" | "failures:") {
            self.speaks.clear();
        } else if line.starts_with("test result: ") {
            self.complete = true;
            return true;
        } else if let Some(browser) = line.strip_prefix("browser: ") {
            self.opened.insert(self.speaks.clone(), browser.to_owned());
        } else if let Some(why) = line.strip_prefix("skipped: ")
            && self.ends.get(&self.speaks) == Some(&End::Passed)
        {
            self.ends.insert(self.speaks.clone(), End::Skipped(why.to_owned()));
        }
        if self.left > 0 && !line.is_empty() && self.ends.get(&self.speaks) == Some(&End::Failed) {
            self.left -= 1;
            self.said.push(line.to_owned());
        }
        false
    }

    /// What became of them alone is what counts; beside others they may have waited for a busy machine in vain.
    fn again(&mut self, alone: Self) {
        self.said = alone.said;
        self.ends.extend(alone.ends);
        self.opened.extend(alone.opened);
    }

    fn failed(&self) -> impl Iterator<Item = &String> {
        self.ends.iter().filter(|(_, end)| **end == End::Failed).map(|(name, _)| name)
    }

    /// Also one that said so before it had opened a browser.
    fn skipped(&self) -> impl Iterator<Item = (&String, &String)> {
        self.ends.iter().filter_map(|(name, end)| match end {
            End::Skipped(why) => Some((name, why)),
            _ => None,
        })
    }

    /// `Firefox 153.0: 3 passed, 0 failed, 1 skipped (2 open no browser)`
    fn line(&self) -> String {
        let passed = self.ends.iter().filter(|(_, end)| **end == End::Passed);
        let (here, elsewhere): (Vec<_>, Vec<_>) = passed.partition(|(name, _)| self.opened.contains_key(*name));
        let browser = self.opened.values().next().map_or("", String::as_str);
        let (failed, skipped) = (self.failed().count(), self.skipped().count());
        format!(
            "{browser}: {} passed, {failed} failed, {skipped} skipped ({} open no browser)",
            here.len(),
            elsewhere.len()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Seen {
        let mut seen = Seen::default();
        text.lines().for_each(|line| {
            seen.take(line);
        });
        seen
    }

    const SAID: &str = "\
running 5 tests
test a::good ... ok
test a::pure ... ok
test a::half ... ok
test a::bad ... FAILED
test a::long ... ignored, takes an hour

successes:

---- a::good stdout ----
browser: Firefox 153.0

---- a::half stdout ----
browser: Firefox 153.0
skipped: needs Chromium's own protocol: Tracing


successes:
    a::good
    a::half
    a::pure

failures:

---- a::bad stdout ----
browser: Firefox 153.0
thread 'a::bad' panicked at tests/a.rs:1:2:
skipped: by nobody

failures:
    a::bad

test result: FAILED. 3 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out; finished in 1.0s";

    #[test]
    fn what_cannot_be_done_there_has_not_passed() {
        let seen = read(SAID);
        assert!(seen.complete);
        assert_eq!(seen.line(), "Firefox 153.0: 1 passed, 1 failed, 2 skipped (1 open no browser)");
        assert_eq!(seen.ends["a::half"], End::Skipped("needs Chromium's own protocol: Tracing".into()));
        assert_eq!(seen.ends["a::long"], End::Skipped("ignored, takes an hour".into()));
        assert_eq!(seen.said.len(), 4, "{:?}", seen.said);
    }

    #[test]
    fn what_passes_alone_has_passed() {
        let mut seen = read(SAID);
        seen.again(read(
            "test a::bad ... ok\n\nsuccesses:\n\n---- a::bad stdout ----\nbrowser: Firefox 153.0\n\ntest result: ok. 1 passed",
        ));
        assert_eq!(seen.line(), "Firefox 153.0: 2 passed, 0 failed, 2 skipped (1 open no browser)");
        assert!(seen.said.is_empty());
    }

    #[test]
    fn options_are_read() {
        let owned = |args: &[&str]| args.iter().map(ToString::to_string).collect::<Vec<_>>();
        let both = owned(&["chat"]);
        let (engines, filters) = options(&both).expect("fine");
        assert_eq!((engines.len(), filters), (2, both.as_slice()));
        let one = owned(&["webkit", "chat"]);
        let (engines, filters) = options(&one).expect("fine");
        assert_eq!((engines, filters), (vec![("webkit", "WebKit")], &one[1..]));
        assert!(options(&owned(&["--full"])).is_err());
    }
}
