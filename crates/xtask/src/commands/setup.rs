//! `cargo xtask setup`

use std::process::ExitCode;

use anyhow::Result;

use crate::house::House;
use crate::wasm::Tools;
use crate::{browsers, receivers};

/// Finds or installs what the other commands need.
pub(super) fn run(house: &House, args: &[String]) -> Result<ExitCode> {
    super::no_arguments(args)?;
    Tools::find(house)?;
    for (variable, path) in browsers::find_all(house)?.variables {
        eprintln!("{variable}: {}", path.display());
    }
    let receivers = receivers::find_all(house);
    for (variable, value) in &receivers.variables {
        eprintln!("{variable}: {}", value.display());
    }
    Ok(if receivers.complete { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
