//! Pages that are made of the sources: events, errors, the command, the collector's API. With `BLESS` set they are written anew.

use std::fmt::Write as _;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use polku_core::Name;
use serde_json::Value;

use super::fence::root;
use super::sandbox::{clean, polku};
use crate::Done;
use crate::server::{Server, text};

/// Compares a page with what it should say, or writes it.
fn same(page: &str, wanted: &str) -> Done {
    let file = root().join(page);
    if std::env::var_os("BLESS").is_some() {
        return Ok(std::fs::write(&file, wanted)?);
    }
    let there = std::fs::read_to_string(&file).unwrap_or_default();
    if let Some((number, (is, should))) =
        there.lines().zip(wanted.lines()).enumerate().find(|(_, (is, should))| is != should)
    {
        bail!("{page}:{}: says {is:?} and should say {should:?}; BLESS=1 writes it anew", number + 1);
    }
    ensure!(there == wanted, "{page} is longer or shorter than it should be; BLESS=1 writes it anew");
    Ok(())
}

/// What an event tells, from the comments of the list of names.
fn meaning(sources: &str, name: &str) -> Result<String> {
    let lines: Vec<&str> = sources.lines().collect();
    let at = lines
        .iter()
        .position(|line| line.contains(&format!(" \"{name}\" ")))
        .with_context(|| format!("{name} is not in the list"))?;
    let comment = at.checked_sub(1).and_then(|at| lines.get(at)).and_then(|line| line.trim().strip_prefix("/// "));
    Ok(comment.with_context(|| format!("{name} has no comment"))?.to_owned())
}

#[test]
fn the_page_of_events_is_the_list_of_names() -> Done {
    let sources = std::fs::read_to_string(root().join("crates/core/src/name.rs"))?;
    let mut page = String::from(
        "# Events: every name that there is\n\nThe list is closed: what is not on it does not leave the browser. Made by a test from the list in the sources (`crates/core/src/name.rs`).\n\n\
         What goes along with each is in [what leaves the browser](what-leaves.md) and in the [types](../www/polku.d.ts); what a shop may tell, it tells with [`polku.track`](js-api.md#telling), GA4's data layer or \
         [attributes](capture.md). The lens is the side from which a moment is seen: what the shopper *did* or *saw*, how it *felt*, how the technology (*tech*) performed.\n",
    );
    type Of = fn(&Name) -> bool;
    let groups: [(&str, &str, Of); 3] = [
        (
            "What a shop may tell",
            "GA4's recommended names, service and aftercare, and frictions that only the shop sees.",
            |name| name.is_for_shops(),
        ),
        (
            "Friction that Polku finds",
            "Each with a confidence from 0 to 1; [the detectors](friction.md) say when. `data-off` switches them off one by one.",
            |name| name.is_friction() && !name.is_for_shops(),
        ),
        ("What Polku tells by itself", "Views, measures, prompts, and what is said about other events.", |name| {
            !name.is_friction() && !name.is_for_shops()
        }),
    ];
    let mut count = 0;
    for (title, about, of) in groups {
        write!(page, "\n## {title}\n\n{about}\n\n| event | lens | |\n|---|---|---|\n")?;
        for name in Name::ALL.iter().filter(|name| of(name)) {
            count += 1;
            let friction = if name.is_friction() && name.is_for_shops() { " A friction." } else { "" };
            writeln!(
                page,
                "| `{}` | {} | {}{friction} |",
                name.as_str(),
                name.lens().as_str(),
                meaning(&sources, name.as_str())?
            )?;
        }
    }
    ensure!(count == Name::ALL.len(), "{count} of {} names are in the groups", Name::ALL.len());
    same("docs/events.md", &page)
}

#[test]
fn the_page_of_errors_is_the_list_of_sentences() -> Done {
    let errors: Value = serde_json::from_str(&std::fs::read_to_string(root().join("www/errors.json"))?)?;
    let errors = errors.as_object().context("no object")?;
    let mut page = String::from(
        "# Error messages\n\nThe console says each once, as `polku E104 data-mode: …` with what to do; `polku.on(\"error\", …)` hears `{ code, field, fix }`. The sentences are fetched only then. `polku prompts check` says \
         those from E200 on of a file. Made by a test from the list in the sources (`www/errors.json`).\n",
    );
    let groups = [
        (1, "Configuration"),
        (2, "Definitions of prompts"),
        (3, "Delivery"),
        (4, "Storage"),
        (5, "Consent"),
        (9, "What keeps Polku from starting"),
    ];
    let mut count = 0;
    for (hundred, title) in groups {
        let of: Vec<_> = errors.iter().filter(|(code, _)| code.starts_with(&hundred.to_string())).collect();
        if of.is_empty() {
            continue;
        }
        write!(page, "\n## {title}\n\n| code | what is wrong | what to do |\n|---|---|---|\n")?;
        for (code, said) in of {
            count += 1;
            let cell = |name: &str| text(&said[name]).replace('|', "\\|").replace('<', "\\<");
            writeln!(page, "| `E{code}` | {} | {} |", cell("says"), cell("fix"))?;
        }
    }
    ensure!(count == errors.len(), "{count} of {} errors are in the groups", errors.len());
    same("docs/errors.md", &page)
}

fn help(words: &[&str]) -> Result<String> {
    let out = clean(Command::new(polku()?)).args(words).arg("--help").env("COLUMNS", "120").output()?;
    ensure!(out.status.success(), "polku {words:?} --help: {}", String::from_utf8_lossy(&out.stderr));
    let text = String::from_utf8(out.stdout)?;
    Ok(text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n").trim().to_owned())
}

/// The names below `Commands:`.
fn commands(help: &str) -> Vec<String> {
    let Some((_, from)) = help.split_once("\nCommands:\n") else { return Vec::new() };
    let lines = from.lines().take_while(|line| line.starts_with("  "));
    // What goes on from the line above is set in further.
    let names = lines.filter(|line| !line.starts_with("   ")).filter_map(|line| line.split_whitespace().next());
    names.filter(|name| *name != "help").map(str::to_owned).collect()
}

#[test]
fn the_page_of_the_command_is_what_it_says_of_itself() -> Done {
    let mut page = String::from(
        "# The command `polku`\n\nCollector, journey map, and tools that run the code of the pages without a browser. `polku COMMAND --help` says the same. Made by a test from what the command says of itself. More: [running the \
         collector](collector.md), [the digest](report.md), [imports](import.md), [other formats](formats.md), [`polku replay`](replay.md), [`polku simulate`](simulate.md), [themes](themes.md), \
         [surveys of other tools](prompts-import.md).\n",
    );
    let all = commands(&help(&[])?);
    ensure!(all.len() > 8, "the help was not understood: {all:?}");
    for command in &all {
        let said = help(&[command])?;
        write!(page, "\n## `polku {command}`\n\n```text\n{said}\n```\n")?;
        for inner in commands(&said) {
            write!(page, "\n### `polku {command} {inner}`\n\n```text\n{}\n```\n", help(&[command, &inner])?)?;
        }
    }
    same("docs/cli.md", &page)
}

/// What an answer is, in a word or two.
fn kind(schema: &Value) -> String {
    let name = |reference: &str| format!("`{}`", reference.rsplit('/').next().unwrap_or_default());
    if let Some(reference) = schema["$ref"].as_str() {
        return name(reference);
    }
    if let Some(list) = schema["anyOf"].as_array() {
        let kinds: Vec<String> = list.iter().filter(|one| one["type"] != "null").map(kind).collect();
        return kinds.join(" or ");
    }
    let kinds: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(all) => all.iter().filter_map(Value::as_str).filter(|one| *one != "null").collect(),
        _ => Vec::new(),
    };
    match kinds.as_slice() {
        ["array"] => format!("list of {}", kind(&schema["items"])),
        ["object"] if schema["additionalProperties"].is_object() => {
            format!("{} by name", kind(&schema["additionalProperties"]))
        }
        [] if schema["const"].is_string() || schema["enum"].is_array() => "string".to_owned(),
        [] => "any".to_owned(),
        kinds => kinds.join(" or "),
    }
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('<', "\\<").replace('\n', " ")
}

#[test]
fn the_page_of_the_api_is_the_document_that_the_collector_serves() -> Done {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let document = runtime.block_on(async { Server::start()?.api("/api/openapi.json").await })?;
    let mut page = format!(
        "# The collector's API\n\n`GET /api/openapi.json` of a running `polku serve` is this page for programs (OpenAPI {}); a test makes the page from it.\n\n\
         ## Sending: `POST /v1/batch`\n\nA batch in the `polku` format, as `text/plain` or `application/json`, without cookies; [what stands in it](what-leaves.md). The answer is 200 \
         `{{\"accepted\":n,\"duplicate\":n,\"rejected\":[{{\"seq\",\"why\"}}]}}`. An event that is refused is told and not to be sent again; a whole batch that is nonsense is answered 400, of another shop or origin 403, too much at a \
         time 429, and 503 while it cannot be stored: then it may come again. Who may send, limits and failures: [running the collector](collector.md). Conversations have [a protocol of their own](chat-protocol.md).\n\n\
         ## Reading\n\n{} Who may read: [passwords, proxies, shared links](collector.md#who-may-read).\n",
        text(&document["openapi"]),
        text(&document["info"]["description"])
    );
    let paths = document["paths"].as_object().context("no paths")?;
    for (path, methods) in paths {
        for (method, said) in methods.as_object().context("no methods")? {
            write!(page, "\n### `{} {path}`\n\n{}\n", method.to_uppercase(), cell(text(&said["summary"])))?;
            let parameters = said["parameters"].as_array().cloned().unwrap_or_default();
            if !parameters.is_empty() {
                page.push_str("\n| parameter | |\n|---|---|\n");
            }
            for parameter in parameters {
                writeln!(page, "| `{}` | {} |", text(&parameter["name"]), cell(text(&parameter["description"])))?;
            }
            let answers = said["responses"].as_object().context("no answers")?;
            let good = answers["200"]["content"].as_object().and_then(|content| content.iter().next());
            let what =
                good.map_or_else(String::new, |(mime, content)| format!(": {} (`{mime}`)", kind(&content["schema"])));
            let others: Vec<String> =
                answers.keys().filter(|code| *code != "200").map(|code| format!("`{code}`")).collect();
            write!(page, "\nAnswers `200`{what}, else {}.\n", others.join(", "))?;
        }
    }
    page.push_str("\n## What is in the answers\n");
    for (name, schema) in document["components"]["schemas"].as_object().context("no schemas")? {
        write!(page, "\n### {name}\n\n{}\n", cell(text(&schema["description"])))?;
        if let Some(members) = schema["properties"].as_object() {
            page.push_str("\n| member | is | |\n|---|---|---|\n");
            for (member, of) in members {
                writeln!(page, "| `{member}` | {} | {} |", kind(of), cell(text(&of["description"])))?;
            }
        } else if let Some(words) = schema["enum"].as_array() {
            writeln!(
                page,
                "\nOne of {}.",
                words.iter().map(|word| format!("`{}`", text(word))).collect::<Vec<_>>().join(", ")
            )?;
        } else if let Some(words) = schema["oneOf"].as_array() {
            page.push_str("\n| word | |\n|---|---|\n");
            for word in words {
                let said = word["const"].as_str().map_or_else(|| kind(word), |word| format!("`{word}`"));
                writeln!(page, "| {said} | {} |", cell(text(&word["description"])))?;
            }
        }
    }
    same("docs/collector-api.md", &page)
}
