//! `cargo xtask ci`

use std::process::ExitCode;

use anyhow::Result;

use crate::cargo::host;
use crate::house::House;
use crate::run::find;

/// Everything that must hold before a change is shared: the cheap checks first.
pub(super) fn run(house: &House, args: &[String]) -> Result<ExitCode> {
    super::no_arguments(args)?;
    host(house).args(["fmt", "--all", "--check"]).run()?;
    let held = house.hold_target("host")?;
    host(house).args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]).run()?;
    host(house).args(["doc", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings").run()?;
    drop(held);
    if find("cargo-deny").is_some() {
        host(house).args(["deny", "check"]).run()?;
    } else {
        eprintln!("skipped: cargo deny check (cargo-deny is not installed: cargo install cargo-deny)");
    }
    if super::size::run(house, &[])? != ExitCode::SUCCESS {
        return Ok(ExitCode::FAILURE);
    }
    super::test::run(house, args)
}
