//! JSON by what it is, and other data: definitions go through the check of prompts, batches and events to the collector, frameworks, presets and lists of
//! collectors to the command. What is none of these has to be JSON at least.

use std::process::Command;

use anyhow::{Context, Result, ensure};
use polku_core::Name;
use serde_json::{Value, json};
use yaml_rust2::YamlLoader;

use super::fence::{Fence, Runner, each, of};
use super::sandbox::Sandbox;
use crate::Done;
use crate::server::{Server, text};

/// What a block of JSON is.
#[derive(Debug, PartialEq)]
enum Kind {
    Definitions,
    Batch,
    Event,
    Framework,
    Preset,
    Collectors,
    /// `json statements`: what `PUT /api/statements` takes.
    Statements,
    /// Nothing that anybody but its reader takes.
    Plain,
}

/// The text as JSON, and what it is. `members`: it is what stands between braces; `lines`: one on each line; `step`: it is a step of a definition.
fn read(fence: &Fence) -> Result<(Value, Kind)> {
    let said = &fence.text;
    if fence.has("lines") {
        let lines: std::result::Result<Vec<Value>, _> = said.lines().map(serde_json::from_str).collect();
        return Ok((Value::from(lines?), Kind::Plain));
    }
    if fence.has("members") {
        return Ok((serde_json::from_str(&format!("{{{said}}}"))?, Kind::Plain));
    }
    let value: Value = serde_json::from_str(said)?;
    if fence.has("step") {
        return Ok((json!({ "v": 1, "id": "example", "locales": ["en"], "steps": [value] }), Kind::Definitions));
    }
    let kind = match &value {
        _ if fence.has("statements") => Kind::Statements,
        _ if fence.has("parse") => Kind::Plain,
        Value::Array(list) if list.iter().any(|one| one.get("steps").is_some()) => Kind::Definitions,
        Value::Array(list) if list.iter().any(|one| one.get("url").or(one.get("format")).is_some()) => Kind::Collectors,
        one if one.get("steps").is_some() => Kind::Definitions,
        one if one["polku"] == 1 && one.get("events").is_some() => Kind::Batch,
        one if one.get("seq").is_some() && one.get("name").is_some() => Kind::Event,
        one if one.get("stages").is_some() && one.get("rules").is_some() => Kind::Framework,
        one if one.get("body").is_some() && one.get("v").is_some() => Kind::Preset,
        _ => Kind::Plain,
    };
    Ok((value, kind))
}

/// A batch around an event.
fn around(event: &Value) -> Value {
    json!({
        "polku": 1, "key": "pk_docs", "batch": "b1", "sent": 1_795_284_085, "ttl_days": 395,
        "journey": { "id": "9xk2m4t0c7qe3fzb", "leg": "k3v9a", "started": 1_795_284_000, "device": "mobile" },
        "events": [event],
    })
}

#[test]
fn json_is_what_it_says() -> Done {
    let sandbox = Sandbox::new()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let server = Server::start()?;
    let mut seen = Vec::new();
    let mut wrong = Vec::new();
    for fence in of(Runner::Json)? {
        match read(&fence)
            .and_then(|(value, kind)| runtime.block_on(taken(&sandbox, &server, &value, &kind)).map(|()| kind))
        {
            Ok(kind) => seen.push(kind),
            Err(why) => wrong.push(format!("{}: {why:#}", fence.at())),
        }
    }
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    // That they are told apart is what this test hangs on.
    for kind in [Kind::Definitions, Kind::Event, Kind::Framework, Kind::Preset, Kind::Collectors, Kind::Statements] {
        ensure!(seen.contains(&kind), "no block is taken for {kind:?}");
    }
    Ok(())
}

async fn taken(sandbox: &Sandbox, server: &Server, value: &Value, kind: &Kind) -> Result<()> {
    sandbox.write("example.json", &value.to_string())?;
    match kind {
        Kind::Plain => {}
        Kind::Definitions => drop(sandbox.works("polku prompts check --strict example.json")?),
        Kind::Batch => {
            for event in value["events"].as_array().into_iter().flatten() {
                known(event)?;
            }
            post(server, value).await?;
        }
        Kind::Event => {
            known(value)?;
            post(server, &around(value)).await?;
        }
        Kind::Framework => {
            let line = r#"{"t":0,"name":"page","data":{"url":"/"}}"#;
            let summary = sandbox.works(&format!("printf '%s\\n' '{line}' | polku replay --framework example.json"))?;
            ensure!(summary.contains("\"path\""), "{summary}");
        }
        Kind::Preset => encode(sandbox, "--format own --config example.json")?,
        Kind::Collectors => {
            for collector in value.as_array().into_iter().flatten() {
                let set = collector["set"].as_object().into_iter().flatten();
                let set: String =
                    set.map(|(name, value)| format!(" --set '{name}={}'", value.as_str().unwrap_or(""))).collect();
                encode(sandbox, &format!("--format {}{set}", collector["format"].as_str().unwrap_or("polku")))?;
            }
        }
        Kind::Statements => {
            let http = reqwest::Client::new();
            let address = format!("{}/api/statements", server.origin);
            let read = http.get(&address).send().await?;
            let revision = read.headers().get("etag").context("no ETag")?.clone();
            let put = http.put(&address).header("content-type", "application/json").header("if-match", revision);
            let answer = put.body(value.to_string()).send().await?;
            ensure!(answer.status() == 200, "{}", answer.text().await?);
        }
    }
    Ok(())
}

/// A collector takes names of later versions; the documentation has those of this one.
fn known(event: &Value) -> Result<()> {
    let name = text(&event["name"]);
    Name::parse(name).map(drop).with_context(|| format!("there is no event {name:?}"))
}

/// Sends a batch, of which nothing may be refused.
async fn post(server: &Server, batch: &Value) -> Result<()> {
    let post = reqwest::Client::new().post(server.collector()).header("content-type", "text/plain");
    let answer = post.body(batch.to_string()).send().await?.text().await?;
    let said: Value = serde_json::from_str(&answer).with_context(|| answer.clone())?;
    ensure!(said["rejected"] == json!([]), "{answer}");
    Ok(())
}

/// Writes a batch as the format has it.
fn encode(sandbox: &Sandbox, format: &str) -> Result<()> {
    let event = json!({ "seq": 1, "at": 0, "name": "page_view", "lens": "did", "page": "/" });
    sandbox.write("batch.json", &format!("{}\n", around(&event)))?;
    let out = sandbox.works(&format!("polku encode {format} < batch.json"))?;
    ensure!(out.contains("\"body\""), "nothing was written: {out}");
    Ok(())
}

#[test]
fn what_is_wrong_is_found() -> Done {
    let sandbox = Sandbox::new()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let server = Server::start()?;
    let refused = |value: Value, kind: Kind| runtime.block_on(taken(&sandbox, &server, &value, &kind)).is_err();
    ensure!(refused(
        json!({ "v": 1, "id": "x", "steps": [{ "id": "a", "ask": "nosp", "text": { "en": "?" } }] }),
        Kind::Definitions
    ));
    ensure!(refused(json!({ "seq": 1, "at": 0, "name": "add_to_card", "lens": "did", "page": "/" }), Kind::Event));
    ensure!(refused(
        json!({ "v": 1, "id": "way", "stages": ["a"], "rules": [{ "on": "page_view", "enter": "b" }] }),
        Kind::Framework
    ));
    ensure!(refused(json!({ "v": 1, "path": "/", "body": ["{evenst}"], "event": {} }), Kind::Preset));
    ensure!(refused(
        json!([{ "url": "https://x.example", "format": "matomo", "set": { "idsiet": "3" } }]),
        Kind::Collectors
    ));
    ensure!(refused(json!({ "goals": [{ "id": "a" }] }), Kind::Statements));
    Ok(())
}

#[test]
fn yaml_can_be_read() -> Done {
    each(Runner::Yaml, |fence| YamlLoader::load_from_str(&fence.text).map(drop).map_err(|why| anyhow::anyhow!("{why}")))
}

/// Statements for ClickHouse, run by chdb where it is here. Those that need more than a database are run by `crates/cli/tests/clickhouse/main.rs`.
#[test]
fn sql_is_understood() -> Done {
    let Some(python) = std::env::var_os("POLKU_CHDB").filter(|path| !path.is_empty()) else {
        println!("skipped: there is no chdb: {}", std::env::var("POLKU_NO_CHDB").unwrap_or_default());
        return Ok(());
    };
    each(Runner::Sql, |fence| {
        if fence.text.contains("ENGINE = Kafka") {
            return Ok(());
        }
        let script = "import sys, _chdb; _chdb.connect(sys.argv[1]).query(sys.argv[2], 'TabSeparated')";
        let folder = tempfile::tempdir()?;
        let out = Command::new(&python).args(["-c", script]).arg(folder.path()).arg(&fence.text).output()?;
        ensure!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        Ok(())
    })
}

#[test]
fn php_can_be_read() -> Done {
    if Command::new("php").arg("--version").output().is_err() {
        println!("skipped: there is no php here");
        return Ok(());
    }
    each(Runner::Php, |fence| {
        let sandbox = Sandbox::new()?;
        let text = if fence.text.contains("<?php") { fence.text.clone() } else { format!("<?php\n{}", fence.text) };
        sandbox.write("example.php", &text)?;
        sandbox.works("php -l example.php").map(drop)
    })
}
