//! `cargo xtask bench`

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::{Usage, peers};
use crate::cargo::host;
use crate::house::House;
use crate::npm::Npm;
use crate::run::Run;
use crate::{browsers, host as hosted, package};

/// Runs the engine's benchmark, with the arguments passed on; its stdout is ours. With `--browser`: what Polku costs a page.
pub(super) fn run(house: &House, args: &[String]) -> Result<ExitCode> {
    if args.iter().any(|arg| arg == "--detectors") {
        return detectors(house, args);
    }
    if args.iter().any(|arg| arg == "--browser") {
        return browser(house, args);
    }
    if args.iter().any(|arg| arg == "--peers") {
        return peers::run(house, args);
    }
    if args.iter().any(|arg| arg == "--scrub") {
        return scrub(house, args);
    }
    if args.iter().any(|arg| arg == "--ingest") {
        return ingest(house, args);
    }
    let _held = house.hold_target("host")?;
    host(house)
        .args(["bench", "--quiet", "--package", "polku-core", "--bench", "engine", "--"])
        .args(args)
        .run_to_stdout()?;
    Ok(ExitCode::SUCCESS)
}

/// Judges the friction detectors by the labelled journeys. The command `polku` has the engine and knows how to drive it.
fn detectors(house: &House, args: &[String]) -> Result<ExitCode> {
    if let Some(arg) = args.iter().find(|arg| !matches!(arg.as_str(), "--detectors" | "--json")) {
        return Err(Usage(format!("unknown argument `{arg}` beside --detectors")).into());
    }
    let judge = Run::new(hosted::command(house)?).arg("judge").arg(house.root.join("tests/detectors"));
    judge.args(args.iter().filter(|arg| *arg == "--json")).run_to_stdout()?;
    Ok(ExitCode::SUCCESS)
}

/// Judges the scrubber by the labelled sets, and measures it. The command `polku` has it.
fn scrub(house: &House, args: &[String]) -> Result<ExitCode> {
    if let Some(arg) = args.iter().find(|arg| !matches!(arg.as_str(), "--scrub" | "--json" | "--cases")) {
        return Err(Usage(format!("unknown argument `{arg}` beside --scrub")).into());
    }
    Run::new(hosted::command(house)?).arg("judge").args(args).arg(house.root.join("tests/scrub")).run_to_stdout()?;
    Ok(ExitCode::SUCCESS)
}

/// Measures what the collector bears, beside a plain insert of the same rows. The command `polku` has both, and the load.
fn ingest(house: &House, args: &[String]) -> Result<ExitCode> {
    if let Some(arg) = args.iter().find(|arg| !matches!(arg.as_str(), "--ingest" | "--json")) {
        return Err(Usage(format!("unknown argument `{arg}` beside --ingest")).into());
    }
    Run::new(hosted::command(house)?).arg("judge").args(args).run_to_stdout()?;
    Ok(ExitCode::SUCCESS)
}

/// The full version of `tests/e2e/cost.rs`, which knows how to drive a browser, and the numbers that it found.
fn browser(house: &House, args: &[String]) -> Result<ExitCode> {
    if let Some(arg) = args.iter().find(|arg| !matches!(arg.as_str(), "--browser" | "--json")) {
        return Err(Usage(format!("unknown argument `{arg}` beside --browser")).into());
    }
    let json = args.iter().any(|arg| arg == "--json");
    let browsers = browsers::find(house)?;
    package::build(house)?;
    let countly = countly(house)?;
    let polku = hosted::command(house)?;
    let (programs, _) = hosted::tests(house)?;
    let program = programs.iter().find(|program| program.end_to_end).context("there are no end-to-end tests")?;
    let numbers = std::env::temp_dir().join(format!("polku-cost-{}", std::process::id()));
    std::fs::create_dir_all(&numbers)?;
    let mut run = super::test::prepared(house, program);
    let pkg = house.pkg();
    for (name, value) in
        [("POLKU_BIN", &polku), ("POLKU_PKG", &pkg), ("POLKU_COST", &numbers), ("POLKU_COUNTLY", &countly)]
    {
        run = run.quiet_env(name, value);
    }
    for (name, value) in &browsers.variables {
        run = run.quiet_env(name, value);
    }
    let ended = run
        .env("POLKU_FULL", "1")
        .args(["cost::", "rival::", "--include-ignored", "--test-threads=1", "--nocapture"])
        .lines(|line| eprintln!("{line}"));
    let read = |name: &str| -> Result<Value> {
        let text = std::fs::read_to_string(numbers.join(name).with_extension("json"));
        Ok(serde_json::from_str(&text.with_context(|| format!("{name}: nothing was measured"))?)?)
    };
    let found = read("tasks").and_then(|tasks| Ok([tasks, read("inp")?, read("countly")?]));
    std::fs::remove_dir_all(&numbers)?;
    let (_, kept) = ended?;
    let found = found?;
    ensure!(found.iter().all(Value::is_object), "the numbers are no objects");
    let [tasks, inp, countly] = &found;
    if json {
        println!("{}", json!({ "tasks": tasks, "inp": inp, "countly": countly }));
    } else {
        print!("{}{}", table(tasks, inp), beside(countly));
    }
    if !kept {
        eprintln!("Polku costs the page more than it may");
    }
    Ok(if kept { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The tracker that Polku is held against, from npm.
pub(super) fn countly(house: &House) -> Result<PathBuf> {
    let npm = Npm::install(house, "crates/xtask/rivals", "rivals-npm")?;
    Ok(npm.dir.join("node_modules/countly-sdk-web/lib/countly.min.js"))
}

fn beside(countly: &Value) -> String {
    format!(
        "an event at 20 a second, sending included: {} µs of the main thread, {} with Countly (ratio {}; limit 0.4)\n",
        countly["polku_us"], countly["countly_us"], countly["ratio"]
    )
}

fn table(tasks: &Value, inp: &Value) -> String {
    let mut text =
        format!("{:<44}{:>10}{:>10}{:>10}\n", format!("{} times slower", tasks["slower"]), "ms", "units", "limit");
    let rows = [
        ("start: scripts of ours in all", "start_ms", "start_units", "-"),
        ("longest task of ours", "longest_task_ms", "longest_task_units", "50"),
        ("p95 of our handlers", "handler_p95_ms", "handler_p95_units", "2"),
    ];
    for (about, ms, units, limit) in rows {
        text.push_str(&format!(
            "{about:<44}{:>10}{:>10}{limit:>10}\n",
            tasks[ms].to_string(),
            tasks[units].to_string()
        ));
    }
    for (about, how) in [
        ("slowed by the browser, processor", "slowed_by_processor"),
        ("slowed by the browser, clock", "slowed_by_clock"),
    ] {
        let slowed = &tasks[how];
        text.push_str(&format!(
            "  {about}: longest task {} ms, handlers' p50 {} and p95 {} ms, start {} ms\n",
            slowed["longest_task_ms"], slowed["handler_p50_ms"], slowed["handler_p95_ms"], slowed["start_ms"]
        ));
    }
    let share = tasks["share_of_main_thread"].as_f64().unwrap_or_default() * 100.0;
    text.push_str(&format!("{:<44}{:>9.1}%\n", "share of the main thread", share));
    text.push_str(&format!(
        "{:<44}{:>10}\n",
        "1 unit: a fixed amount of the page's work",
        tasks["unit_ms"].to_string()
    ));
    for line in tasks["heaviest"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        text.push_str(&format!("  {line}\n"));
    }
    text.push_str(&format!(
        "INP, median of {} runs each: {} ms with Polku, {} without (ratio {}; limit: 8 ms more)\n",
        inp["runs"], inp["median_with"], inp["median_without"], inp["ratio"]
    ));
    text
}
