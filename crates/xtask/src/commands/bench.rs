//! `cargo xtask bench`

use std::process::ExitCode;

use anyhow::Result;

use crate::cargo::host;
use crate::house::House;

/// Runs the engine's benchmark, with the arguments passed on; its stdout is ours.
pub(super) fn run(house: &House, args: &[String]) -> Result<ExitCode> {
    let _held = house.hold_target("host")?;
    host(house)
        .args(["bench", "--quiet", "--package", "polku-core", "--bench", "engine", "--"])
        .args(args)
        .run_to_stdout()?;
    Ok(ExitCode::SUCCESS)
}
