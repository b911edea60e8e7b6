//! The command `polku`: reads the arguments, runs, turns a failure into one sentence and an exit code.

use polku_cli::cli::Command;
use polku_cli::failure::Failure;
use std::process::ExitCode;

/// The collector allocates for each member of each batch, on several threads: the system's allocator took a fifth of its time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // clap itself ends with code 2 and a sentence when the arguments are wrong.
    let done = polku_cli::settings::read().and_then(|cli| run(&cli.command));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("polku: {failure}");
            ExitCode::from(failure.code())
        }
    }
}

fn run(command: &Command) -> Result<(), Failure> {
    match command {
        Command::Serve(options) => polku_cli::serve::run(options),
        Command::Replay(options) => polku_cli::replay::run(options),
        Command::Simulate(options) => polku_cli::simulate::run(options),
        Command::Encode(options) => polku_cli::encode::run(options),
        Command::Export(options) => polku_cli::export::run(options),
        Command::Report(options) => polku_cli::report::run(options),
        Command::Import { command } => polku_cli::imported::run(command),
        Command::Erase(options) => polku_cli::forget::run(options),
        Command::Password => polku_cli::access::password::run(),
        Command::Scrub => polku_cli::scrub::run(),
        Command::Themes(options) => polku_cli::themes::run(options),
        Command::Prompts { command } => polku_cli::prompts::run(command),
        Command::Judge(options) if options.ingest => polku_cli::load::run(options),
        Command::Judge(options) if options.scrub => polku_cli::scrub::judge(options),
        Command::Judge(options) => polku_cli::replay::judge(options),
    }
}
