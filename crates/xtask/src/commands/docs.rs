//! `cargo xtask docs`

use std::process::ExitCode;

use anyhow::Result;

use super::Usage;
use crate::docs;
use crate::house::House;

/// Builds the documentation site, and says where it is.
pub(super) fn run(house: &House, args: &[String]) -> Result<ExitCode> {
    let source = match args {
        [] => None,
        [name, url] if name == "--source" && url.contains("://") => Some(url.trim_end_matches('/')),
        _ => return Err(Usage(format!("unknown arguments `{}`; --source takes a URL", args.join(" "))).into()),
    };
    let folder = docs::build(house, source)?;
    println!("{}", folder.join("index.html").display());
    Ok(ExitCode::SUCCESS)
}
