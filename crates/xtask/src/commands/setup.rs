//! `cargo xtask setup`

use std::process::ExitCode;

use anyhow::Result;

use crate::browsers;
use crate::house::House;
use crate::wasm::Tools;

/// Finds or installs what the other commands need.
pub(super) fn run(house: &House, args: &[String]) -> Result<ExitCode> {
    super::no_arguments(args)?;
    Tools::find(house)?;
    for (variable, path) in browsers::find()?.variables {
        eprintln!("{variable}: {}", path.display());
    }
    Ok(ExitCode::SUCCESS)
}
