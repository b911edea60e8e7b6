//! The command `polku`: reads the arguments, runs, turns a failure into one sentence and an exit code.

use clap::Parser;
use polku_cli::cli::{Cli, Command};
use std::process::ExitCode;

fn main() -> ExitCode {
    // clap itself ends with code 2 and a sentence when the arguments are wrong.
    let Cli { command } = Cli::parse();
    let done = match command {
        Command::Serve(options) => polku_cli::serve::run(&options),
        Command::Replay(options) => polku_cli::replay::run(&options),
        Command::Simulate(options) => polku_cli::simulate::run(&options),
        Command::Encode(options) => polku_cli::encode::run(&options),
        Command::Scrub => polku_cli::scrub::run(),
        Command::Prompts { command } => polku_cli::prompts::run(&command),
        Command::Judge(options) if options.scrub => polku_cli::scrub::judge(&options),
        Command::Judge(options) => polku_cli::replay::judge(&options),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("polku: {failure}");
            ExitCode::FAILURE
        }
    }
}
