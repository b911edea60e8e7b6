//! `cargo xtask bench`

use std::process::ExitCode;

use anyhow::Result;

use super::Usage;
use crate::cargo::host;
use crate::host as hosted;
use crate::house::House;
use crate::run::Run;

/// Runs the engine's benchmark, with the arguments passed on; its stdout is ours.
pub(super) fn run(house: &House, args: &[String]) -> Result<ExitCode> {
    if args.iter().any(|arg| arg == "--detectors") {
        return detectors(house, args);
    }
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
