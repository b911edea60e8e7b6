//! `cargo xtask build`

use std::process::ExitCode;

use anyhow::Result;

use crate::house::House;
use crate::package;

/// Builds the package.
pub(super) fn run(house: &House, args: &[String]) -> Result<ExitCode> {
    super::no_arguments(args)?;
    package::build(house)?;
    Ok(ExitCode::SUCCESS)
}
