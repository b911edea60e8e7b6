//! `polku serve --check`: what would be used, and where it comes from.

use super::file::Setting;
use super::{NOT_IN_A_FILE, SERVE};
use crate::access::password;
use crate::failure::Failure;
use clap::parser::ValueSource;
use clap::{ArgAction, ArgMatches, Command};
use std::io::Write as _;

/// What is not told: whoever reads over a shoulder or in a log of the console could use it.
const SECRET: [&str; 3] = ["metrics-token", "inbox-key", "clickhouse"];

/// Writes all settings to standard output, in the form that a file has.
pub(super) fn all(cli: &Command, serve: &ArgMatches, settings: &[Setting]) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    let Some(command) = cli.find_subcommand(SERVE) else { return Ok(()) };
    for arg in command.get_arguments() {
        let Some(name) = arg.get_long().filter(|name| !NOT_IN_A_FILE.contains(name)) else { continue };
        let values: Vec<String> = serve
            .get_raw(arg.get_id().as_str())
            .into_iter()
            .flatten()
            .map(|value| value.to_string_lossy().into_owned())
            .collect();
        let from = match serve.value_source(arg.get_id().as_str()) {
            Some(ValueSource::CommandLine) => "argument".to_owned(),
            Some(ValueSource::EnvVariable) => {
                arg.get_env().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
            }
            _ if settings.iter().any(|setting| setting.name == name) => "file".to_owned(),
            _ => "default".to_owned(),
        };
        let shown = |value: &String| {
            let value = if SECRET.contains(&name) { "…" } else { value };
            if value.parse::<i64>().is_ok() || value == "true" || value == "false" {
                value.to_owned()
            } else {
                toml::Value::from(value).to_string()
            }
        };
        let line = match values.as_slice() {
            [] => format!("# {name} is not set"),
            values if matches!(arg.get_action(), ArgAction::Append) => {
                let list: Vec<String> = values
                    .iter()
                    .map(|value| toml::Value::from(if SECRET.contains(&name) { "…" } else { value }).to_string())
                    .collect();
                format!("{name} = [{}]  # {from}", list.join(", "))
            }
            [value, ..] => format!("{name} = {}  # {from}", shown(value)),
        };
        writeln!(out, "{line}").map_err(Failure::Stream)?;
    }
    if std::env::var_os(password::VARIABLE).is_some() {
        writeln!(out, "# the password is in {}", password::VARIABLE).map_err(Failure::Stream)?;
    }
    Ok(())
}
