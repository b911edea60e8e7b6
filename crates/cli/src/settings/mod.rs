//! Settings of `polku serve`, from the weakest to the strongest: what is built in, a file, the environment, the arguments.
//!
//! There is one list of settings, that of the arguments: a file may hold each of them under its name, and the variable `POLKU_…` the same in
//! capitals. So a setting that is added there is known everywhere, and is judged by the same rules wherever it comes from.

mod file;
mod show;

use crate::chat;
use crate::cli::{Cli, Command as Chosen};
use crate::failure::Failure;
use clap::{Arg, ArgMatches, Command, CommandFactory as _, FromArgMatches as _};
use std::ffi::OsString;
use std::path::PathBuf;

/// The command whose settings may come from elsewhere than its arguments.
const SERVE: &str = "serve";
/// Settings that say where the others are, or what to do with them.
const NOT_IN_A_FILE: [&str; 5] = ["config", "check", "seed-demo", "help", "version"];

/// Reads the arguments, and for `polku serve` what stands behind them. Ends the process where the arguments are wrong, as every command does.
///
/// # Errors
/// When the file cannot be used.
pub fn read() -> Result<Cli, Failure> {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let matches = command(&[]).try_get_matches_from(&arguments).unwrap_or_else(|why| stop(&why));
    let strangers = strangers();
    if matches.subcommand_name() == Some(SERVE) && !strangers.is_empty() {
        return Err(Failure::Access(strangers.join("; ")));
    }
    let Some(file) = matches.subcommand_matches(SERVE).and_then(|serve| serve.get_one::<PathBuf>("config")) else {
        return told(matches, None);
    };
    let wrong = |why: String| Failure::Config(file.clone(), why);
    let text = std::fs::read_to_string(file).map_err(|why| wrong(format!("it cannot be read ({why})")))?;
    let serve = command(&[]);
    let serve = serve.find_subcommand(SERVE).ok_or_else(|| wrong("there is nothing to set".to_owned()))?;
    let settings = file::parse(&text, serve).map_err(wrong)?;
    let again = command(&settings).try_get_matches_from(&arguments).map_err(|why| wrong(sentence(&why.to_string())))?;
    told(again, Some(&settings))
}

/// The arguments as they are meant; with `--check` they are told, too.
fn told(matches: ArgMatches, settings: Option<&[file::Setting]>) -> Result<Cli, Failure> {
    let cli = Cli::from_arg_matches(&matches).unwrap_or_else(|why| why.exit());
    if let (Chosen::Serve(options), Some(serve)) = (&cli.command, matches.subcommand_matches(SERVE))
        && options.check
    {
        chat::check(options)?;
        show::all(&command(&[]), serve, settings.unwrap_or_default())?;
    }
    Ok(cli)
}

/// All commands, where those of `polku serve` may stand in the environment, and have the values of a file where nothing else is said.
fn command(settings: &[file::Setting]) -> Command {
    Cli::command().mut_subcommand(SERVE, |serve| {
        serve.mut_args(|arg| {
            let named = arg.get_long().filter(|name| !matches!(*name, "check" | "seed-demo" | "help" | "version"));
            let Some(name) = named.map(str::to_owned) else { return arg };
            let setting = settings.iter().find(|setting| setting.name == name);
            let arg = if arg.get_env().is_none() { arg.env(kept(variable(&name))) } else { arg };
            // Help is read over shoulders.
            let arg = arg.hide_env_values(true);
            match setting {
                // An argument's default may itself be split, as --key a,b is: each value of a list is one as it stands.
                Some(setting) => arg.default_values(setting.values.iter().cloned().map(kept)),
                None => arg,
            }
        })
    })
}

/// clap keeps what it is told as long as the process lives; this is told once or twice.
fn kept(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}

fn variable(name: &str) -> String {
    format!("POLKU_{}", name.to_ascii_uppercase().replace('-', "_"))
}

/// Names that a file may set.
fn names(serve: &Command) -> impl Iterator<Item = &str> {
    serve.get_arguments().filter_map(Arg::get_long).filter(|name| !NOT_IN_A_FILE.contains(name))
}

/// Ends as clap does; where variables are set, with their names, since its sentence names the argument alone.
fn stop(why: &clap::Error) -> ! {
    let known = variables();
    let set: Vec<&str> = known.iter().map(String::as_str).filter(|name| std::env::var_os(name).is_some()).collect();
    let _ = why.print();
    if why.use_stderr() && !set.is_empty() {
        eprintln!("polku: these settings come from the environment: {}", set.join(", "));
    }
    std::process::exit(why.exit_code())
}

/// The variables of all settings.
fn variables() -> Vec<String> {
    let cli = command(&[]);
    let serve = cli.find_subcommand(SERVE).into_iter();
    serve
        .flat_map(Command::get_arguments)
        .filter_map(Arg::get_env)
        .map(|name| name.to_string_lossy().into_owned())
        .collect()
}

/// The house's own variables, of its tests and its bench, that are near to a setting's name.
const HOUSE: [&str; 1] = ["POLKU_COST"];

/// Variables that somebody meant as a setting, and what they meant: POLKU_ORIGINS would let every origin in. Others are no mistake: an
/// orchestrator gives each container the addresses of its neighbours, as POLKU_PORT_8600_TCP.
fn strangers() -> Vec<String> {
    let mut known = variables();
    known.push(crate::access::password::VARIABLE.to_owned());
    let names = std::env::vars_os().map(|(name, _)| name.to_string_lossy().into_owned());
    // A letter, or two of a long name.
    let far = |known: &str| if known.len() < "POLKU_ORIGIN".len() { 1 } else { 2 };
    names
        .filter(|name| name.starts_with("POLKU_") && !known.contains(name) && !HOUSE.contains(&name.as_str()))
        .filter_map(|name| {
            let near = known.iter().find(|known| strsim::osa_distance(known, &name) <= far(known))?;
            Some(format!("there is no variable {name}; did you mean {near}?"))
        })
        .collect()
}

/// clap's first line: what is wrong, without how the command is called.
fn sentence(said: &str) -> String {
    said.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned()
}
