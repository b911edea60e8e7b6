//! `cargo xtask bundlers`

use std::process::ExitCode;

use anyhow::{Context, Result, ensure};

use super::test::Counts;
use crate::house::House;
use crate::{browsers, bundlers, host, package};

/// Builds the shops of `tests/bundlers/` and opens each of them in a browser, and a plain file.
pub(super) fn run(house: &House, args: &[String]) -> Result<ExitCode> {
    super::no_arguments(args)?;
    let browsers = browsers::find(house)?;
    package::build(house)?;
    let built = bundlers::built(house)?;
    let polku = host::command(house)?;
    let (programs, _) = host::tests(house)?;
    let program = programs.iter().find(|program| program.end_to_end).context("there are no end-to-end tests")?;
    let mut run = super::test::prepared(house, program);
    for (name, value) in &browsers.variables {
        run = run.quiet_env(name, value);
    }
    run = run.quiet_env("POLKU_BIN", polku).quiet_env("POLKU_PKG", house.pkg()).quiet_env("POLKU_WWW", house.www());
    let run = run.quiet_env("POLKU_BUNDLERS", built).arg("bundlers::");
    let Counts { passed, failed, .. } = super::test::counted(run)?.counts;
    ensure!(passed + failed > 0, "no test of the shops was run");
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
