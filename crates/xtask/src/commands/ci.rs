//! `cargo xtask ci`

use std::process::ExitCode;

use anyhow::Result;

use crate::audit;
use crate::cargo::host;
use crate::house::House;

/// Everything that must hold before a change is shared: the cheap checks first.
pub(super) fn run(house: &House, args: &[String]) -> Result<ExitCode> {
    super::no_arguments(args)?;
    host(house).args(["fmt", "--all", "--check"]).run()?;
    let held = house.hold_target("host")?;
    host(house).args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]).run()?;
    host(house).args(["doc", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings").run()?;
    drop(held);
    audit::all(house)?;
    if super::size::run(house, &[])? != ExitCode::SUCCESS {
        return Ok(ExitCode::FAILURE);
    }
    super::test::run(house, args)
}
