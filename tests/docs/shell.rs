//! Lines of commands: run with the real `polku`. A server is asked by `--check` whether it would start so; what `cargo` is asked for has to be there.

use anyhow::{Context, Result, ensure};

use super::fence::{Fence, Runner, each, of_page, root};
use super::sandbox::Sandbox;
use crate::Done;

/// Programs that may be run here: ours, and what does nothing but to files of the sandbox.
const RUN: [&str; 9] = ["polku", "cargo", "cp", "mkdir", "cd", "printf", "echo", "sh", "sqlite3"];

/// Of what a page does a hundred thousand times fifty have to do here.
const FEWER: (&str, &str) = ("--journeys 100000", "--journeys 50");

/// The programs of the lines, those behind a pipe as well.
fn programs(script: &str) -> Vec<String> {
    let joined = script.replace("\\\n", " ");
    let lines = joined.lines().filter(|line| !line.trim_start().starts_with('#'));
    let parts = lines.flat_map(|line| line.split(" #").next().unwrap_or_default().split(" | "));
    parts.filter_map(|part| part.split_whitespace().next()).map(str::to_owned).collect()
}

fn is_here(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    matches!(program, "polku" | "cargo" | "cd")
        || std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

/// Runs a block, or what of it can be run here.
fn run(fence: &Fence, script: &str) -> Result<()> {
    let sandbox = Sandbox::new()?;
    // The page's own questions, where it checks them.
    let questions =
        of_page(&fence.page)?.into_iter().find(|other| other.language == "json" && other.text.contains("\"steps\""));
    if let Some(questions) = questions {
        sandbox.write("prompts.json", &questions.text)?;
    }
    syntax(&sandbox, script)?;
    let programs = programs(script);
    if let Some(foreign) = programs.iter().find(|program| !RUN.contains(&program.as_str())) {
        println!("{}: its syntax alone: nobody runs `{foreign}` in a test", fence.at());
        return Ok(());
    }
    if let Some(missing) = programs.iter().find(|program| !is_here(program)) {
        println!("skipped: {}: there is no `{missing}` here", fence.at());
        return Ok(());
    }
    sandbox.works(&script.replace(FEWER.0, FEWER.1))?;
    for asked in sandbox.asked_cargo() {
        cargo(&asked).with_context(|| format!("cargo {asked}"))?;
    }
    Ok(())
}

fn syntax(sandbox: &Sandbox, script: &str) -> Result<()> {
    sandbox.write("script", script)?;
    sandbox.works("sh -n script").map(drop)
}

/// Whether `cargo` can do what it was asked for: a command of the house with options that it knows, or a crate that is there.
pub(super) fn cargo(asked: &str) -> Result<()> {
    let words: Vec<&str> = asked.split_whitespace().collect();
    match words.as_slice() {
        ["xtask", command, options @ ..] => {
            let file = root().join("crates/xtask/src/commands/mod.rs");
            let commands = std::fs::read_to_string(file)?;
            let (_, from) = commands
                .split_once(&format!("name: \"{command}\","))
                .with_context(|| format!("there is no command {command}"))?;
            let (entry, _) = from.split_once("run: ").context("a command says what runs it")?;
            for option in options.iter().filter(|option| option.starts_with('-')) {
                ensure!(entry.contains(option), "{command} has no {option}");
            }
        }
        ["install", "--path", folder, ..] => {
            ensure!(root().join(folder).join("Cargo.toml").is_file(), "there is no crate in {folder}");
        }
        [_, rest @ ..] => {
            let named =
                rest.iter().position(|word| matches!(*word, "--package" | "-p")).and_then(|at| rest.get(at + 1));
            let name = named.context("it names no crate")?.trim_start_matches("polku-");
            ensure!(root().join("crates").join(name).join("Cargo.toml").is_file(), "there is no crate {name}");
        }
        [] => {}
    }
    Ok(())
}

#[test]
fn commands_work() -> Done {
    each(Runner::Shell, |fence| run(fence, &fence.text))
}

#[test]
fn commands_that_are_not_run_can_be_read_by_a_shell() -> Done {
    each(Runner::Syntax, |fence| syntax(&Sandbox::new()?, &fence.text))
}

#[test]
fn commands_print_what_the_pages_show() -> Done {
    each(Runner::Console, |fence| {
        let sandbox = Sandbox::new()?;
        let (commands, shown): (Vec<&str>, Vec<&str>) = fence.text.lines().partition(|line| line.starts_with("$ "));
        ensure!(!commands.is_empty(), "it has no command");
        for command in commands {
            let out = sandbox.run(command.trim_start_matches("$ "))?;
            let said = format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
            for line in &shown {
                ensure!(said.contains(line), "{command} does not print {line:?} but\n{said}");
            }
            ensure!(out.status.success() || !shown.is_empty(), "{command}: {said}");
        }
        Ok(())
    })
}

#[test]
fn tables_of_cron_hold_commands_that_work() -> Done {
    each(Runner::Cron, |fence| {
        for line in fence.text.lines().filter(|line| !line.trim().is_empty()) {
            let fields: Vec<&str> = line.split_whitespace().take(5).collect();
            ensure!(fields.len() == 5 && fields.iter().all(|field| is_time(field)), "{fields:?} is no time");
            let mut command = line;
            for field in fields {
                command = command.trim_start().strip_prefix(field).unwrap_or(command);
            }
            // In such a table a `%` has to be escaped.
            ensure!(!command.replace("\\%", "").contains('%'), "a bare % ends the command there");
            run(fence, &command.trim().replace("\\%", "%"))?;
        }
        Ok(())
    })
}

fn is_time(field: &str) -> bool {
    field.chars().all(|c| c.is_ascii_digit() || matches!(c, '*' | '/' | ',' | '-'))
}

#[test]
fn units_of_systemd_start_commands_that_work() -> Done {
    each(Runner::Unit, |fence| {
        let mut section = false;
        for line in fence.text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            if line.starts_with('[') && line.ends_with(']') {
                section = true;
                continue;
            }
            let (name, value) = line.split_once('=').with_context(|| format!("{line:?} is no setting"))?;
            ensure!(section && name.chars().all(|c| c.is_ascii_alphanumeric()), "{line:?} is no setting of a section");
            if name == "ExecStart" && value.contains("polku ") {
                run(fence, &value.replace("/usr/bin/", "").replace("/bin/sh -c", "sh -c").replace("%%", "%"))?;
            }
        }
        Ok(())
    })
}

#[test]
fn settings_are_those_of_the_command() -> Done {
    each(Runner::Config, |fence| {
        let sandbox = Sandbox::new()?;
        sandbox.write("etc/polku/password", "a password of the tests\n")?;
        let mut text = fence.text.clone();
        for place in ["/var/lib/polku", "/etc/polku"] {
            text = text.replace(place, &format!("{}{place}", sandbox.path().display()));
        }
        sandbox.write("polku.toml", &text)?;
        sandbox.works("polku serve --config polku.toml").map(drop)
    })
}

#[test]
fn files_to_import_are_understood() -> Done {
    each(Runner::Import, |fence| {
        let kind = fence.words.first().context("say which kind it is: csv tickets")?;
        let sandbox = Sandbox::new()?;
        sandbox.write("file.csv", &fence.text)?;
        sandbox.works(&format!("polku import {kind} file.csv --db polku.sqlite")).map(drop)
    })
}

#[test]
fn programs_of_lines_are_found() {
    assert_eq!(programs("polku a \\\n  --b | sqlite3 x # then\ncp a b"), ["polku", "sqlite3", "cp"]);
}
