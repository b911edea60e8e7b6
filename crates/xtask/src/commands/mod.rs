//! The commands by name, and what `--help` says of them.

mod bench;
mod build;
mod bundlers;
mod ci;
mod demo;
mod docs;
mod engines;
mod fuzz;
mod integrations;
mod peers;
mod release;
mod setup;
mod size;
mod test;

use std::process::ExitCode;

use crate::house::House;

/// One command of the house.
struct Command {
    name: &'static str,
    options: &'static str,
    about: &'static str,
    run: fn(&House, &[String]) -> anyhow::Result<ExitCode>,
}

const COMMANDS: &[Command] = &[
    Command {
        name: "demo",
        options: "[--port N] [--check]",
        about: "serve collector, demo shop and journey map on one port (default 8600; 0: any free one);\n\
                --check: start it, see that everything answers, stop",
        run: demo::run,
    },
    Command {
        name: "test",
        options: "[--full] [FILTER…]",
        about: "run every test, browsers included; --full: the long ones too; FILTER: only tests with this in their name",
        run: test::run,
    },
    Command { name: "build", options: "", about: "build the package into pkg/", run: build::run },
    Command {
        name: "bundlers",
        options: "",
        about: "build small shops with Vite, webpack and Next.js from the packed package, and open them in a browser",
        run: bundlers::run,
    },
    Command {
        name: "engines",
        options: "[firefox|webkit] [FILTER…]",
        about: "run every end-to-end test in Firefox, then in WebKit, and say of those that cannot be run there why; exit code 1 when one fails;\n\
                FILTER: only tests with this in their name",
        run: engines::run,
    },
    Command {
        name: "size",
        options: "[--json|--features]",
        about: "show bytes (raw, gzip, brotli) of the package against its budgets; exit code 1 when over;\n\
                --features: write into docs/bytes.md what each feature costs",
        run: size::run,
    },
    Command {
        name: "bench",
        options: "[--detectors] [--scrub [--cases]] [--browser] [--peers [--rounds N]] [--json] [ARGS…]",
        about: "run the engine's benchmark natively; arguments are passed on;\n\
                --detectors: precision and recall of the friction detectors on labelled journeys; exit code 1 below 0.9;\n\
                --scrub: what the scrubber finds, leaves and damages in labelled texts and addresses, and how fast; exit code 1 when a gate\n\
                is missed; --cases: each line that is wrong;\n\
                --browser: what Polku costs a busy page in a browser that is slowed down, and what an event costs beside Countly;\n\
                exit code 1 over a limit;\n\
                --peers: what Polku and its peers cost and keep, in one interleaved run; writes docs/benchmarks.md",
        run: bench::run,
    },
    Command {
        name: "fuzz",
        options: "TARGET [--minutes N] [--merge]",
        about: "look for inputs that break a part of the core (default: 10 minutes); exit code 1 when one was found;\n\
                --merge: take over into fuzz/corpus/ what earlier runs reached beyond it",
        run: fuzz::run,
    },
    Command {
        name: "integrations",
        options: "",
        about: "try what other systems are given in them: the plugin in a WordPress with PHP and a MariaDB of its own, the rest in doubles",
        run: integrations::run,
    },
    Command {
        name: "docs",
        options: "[--source URL]",
        about: "build the documentation site into target/docs/ and look for dead links; --source: where the sources can be read on\n\
                the web, for links to them",
        run: docs::run,
    },
    Command { name: "ci", options: "", about: "format, lints, docs, dependencies, then test", run: ci::run },
    Command {
        name: "release",
        options: "--dry-run",
        about: "make and judge all that a release consists of, in target/release-polku: the npm package, the crates, a static command with\n\
                its service, proxy and image, checksums; nothing is published",
        run: release::run,
    },
    Command { name: "setup", options: "", about: "only find or install what the other commands need", run: setup::run },
];

/// Runs the command named first in `args`. Exit code 2: there is no such command, or it does not know an argument.
pub(crate) fn dispatch(args: &[String]) -> ExitCode {
    let Some(name) = args.first() else {
        eprint!("{}", help());
        return ExitCode::from(2);
    };
    if matches!(name.as_str(), "help" | "--help" | "-h") {
        print!("{}", help());
        return ExitCode::SUCCESS;
    }
    let Some(command) = COMMANDS.iter().find(|command| command.name == name) else {
        eprintln!("cargo xtask: there is no command `{name}`.\n");
        eprint!("{}", help());
        return ExitCode::from(2);
    };
    if args[1..].iter().any(|arg| arg == "--help" || arg == "-h") {
        print!("{}", about(command));
        return ExitCode::SUCCESS;
    }
    match House::find().and_then(|house| (command.run)(&house, &args[1..])) {
        Ok(code) => code,
        Err(error) if error.is::<Usage>() => {
            eprintln!("cargo xtask {name}: {error}\n");
            eprint!("{}", about(command));
            ExitCode::from(2)
        }
        Err(error) => {
            eprintln!("\ncargo xtask {name}: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// An argument that a command does not know. Leads to exit code 2.
#[derive(Debug)]
pub(crate) struct Usage(pub(crate) String);

impl std::fmt::Display for Usage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Usage {}

/// For commands without arguments.
fn no_arguments(args: &[String]) -> anyhow::Result<()> {
    match args.first() {
        None => Ok(()),
        Some(arg) => Err(Usage(format!("unknown argument `{arg}`")).into()),
    }
}

fn help() -> String {
    let mut text = String::from("usage: cargo xtask COMMAND [OPTIONS]\n\n");
    for command in COMMANDS {
        text.push_str(&about(command));
    }
    text.push_str(
        "\nFiles are cached in $POLKU_CACHE, else $XDG_CACHE_HOME/polku, else ~/.cache/polku; the directory can be deleted.\n",
    );
    text
}

fn about(command: &Command) -> String {
    let about = command.about.replace('\n', "\n      ");
    format!("  {} {}\n      {about}\n", command.name, command.options)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn help_names_every_command() {
        let text = help();
        for command in COMMANDS {
            assert!(text.contains(&format!("\n  {} ", command.name)), "{}", command.name);
        }
    }

    #[test]
    fn unknown_arguments_are_refused() {
        assert!(no_arguments(&["--fast".into()]).is_err_and(|error| error.is::<Usage>()));
        assert!(no_arguments(&[]).is_ok());
    }
}
