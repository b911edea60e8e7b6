//! `polku serve` on a free port with a database of its own, and what it stored.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result};
use serde_json::Value;
use tempfile::TempDir;

use crate::driver::Process;
use crate::wait::until;

/// What opens the inbox: `{origin}/inbox/#key={INBOX_KEY}`.
pub(crate) const INBOX_KEY: &str = "the-key-of-the-tests";

/// A running collector with shop, map and package. It ends when this is dropped.
pub(crate) struct Server {
    pub(crate) origin: String,
    http: reqwest::Client,
    _process: Process,
    folder: TempDir,
}

impl Server {
    pub(crate) fn start() -> Result<Self> {
        Self::start_set(&[])
    }

    /// … with these variables.
    pub(crate) fn start_set(variables: &[(&str, &str)]) -> Result<Self> {
        let root = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
        let polku = std::env::var_os("POLKU_BIN")
            .context("POLKU_BIN does not name the command: run `cargo xtask test`, or build polku-cli and set it")?;
        let package = std::env::var_os("POLKU_PKG").map_or_else(|| root.join("pkg"), PathBuf::from);
        let folder = tempfile::tempdir()?;
        let mut command = Command::new(&polku);
        // What these tests are told is not for the command, which refuses settings that it does not know.
        std::env::vars_os().map(|(name, _)| name).filter(|name| name.to_string_lossy().starts_with("POLKU_")).for_each(
            |name| {
                command.env_remove(name);
            },
        );
        let mut child = command
            .args(["serve", "--port", "0", "--db"])
            .arg(folder.path().join("polku.sqlite"))
            .arg("--pkg")
            .arg(&package)
            .env("POLKU_INBOX_KEY", INBOX_KEY)
            .envs(variables.iter().copied())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("{} cannot be started", polku.display()))?;
        let out = child.stdout.take().context("polku has no output")?;
        let process = Process(child);
        let line = BufReader::new(out).lines().next().context("polku serve ended")??;
        let origin = line.strip_prefix("listening on ").context("polku serve said something else")?;
        Ok(Self { origin: origin.to_owned(), http: reqwest::Client::new(), _process: process, folder })
    }

    /// The address of the collector.
    pub(crate) fn collector(&self) -> String {
        format!("{}/v1/batch", self.origin)
    }

    /// The database's file.
    pub(crate) fn file(&self) -> PathBuf {
        self.folder.path().join("polku.sqlite")
    }

    /// What the read API gives.
    pub(crate) async fn api(&self, path: &str) -> Result<Value> {
        let text = self.http.get(format!("{}{path}", self.origin)).send().await?.text().await?;
        serde_json::from_str(&text).with_context(|| format!("{path} gave {text}"))
    }

    /// Sends a batch, as a widget does.
    pub(crate) async fn post(&self, batch: &str) -> Result<()> {
        let post = self.http.post(self.collector()).header("content-type", "text/plain");
        let answer = post.body(batch.to_owned()).send().await?;
        anyhow::ensure!(answer.status() == 200, "{}", answer.text().await?);
        Ok(())
    }

    /// All journeys, folded.
    pub(crate) async fn journeys(&self) -> Result<Vec<Value>> {
        Ok(self.api("/api/journeys").await?.as_array().context("no list")?.clone())
    }

    /// One journey's events: leg by leg in the order of their arrival, and each leg by its numbers. (Times come in steps of
    /// 100 ms, so two legs can have events of the same time.)
    pub(crate) async fn events(&self, id: &str) -> Result<Vec<Value>> {
        let found = self.api(&format!("/api/journeys/{id}")).await?;
        let mut events = found["events"].as_array().with_context(|| format!("{found}"))?.clone();
        let legs = self.rows("SELECT leg FROM events GROUP BY leg ORDER BY min(rowid)")?.concat();
        events.sort_by_key(|event| (legs.iter().position(|leg| event["leg"] == leg.as_str()), event["seq"].as_u64()));
        Ok(events)
    }

    /// The only journey, when there is one, with its events.
    pub(crate) async fn only(&self) -> Result<Option<(Value, Vec<Value>)>> {
        let mut journeys = self.journeys().await?;
        anyhow::ensure!(journeys.len() < 2, "more than one journey: {journeys:#?}");
        let Some(journey) = journeys.pop() else { return Ok(None) };
        let events = self.events(text(&journey["id"])).await?;
        Ok(Some((journey, events)))
    }

    /// Waits until the only journey has an event `name`; gives back all of its events.
    pub(crate) async fn has(&self, name: &str) -> Result<Vec<Value>> {
        self.settles(&format!("an event {name}"), |events| count(events, name) > 0).await
    }

    /// Waits until the events of the only journey are as they should be.
    pub(crate) async fn settles(&self, what: &str, good: impl Fn(&[Value]) -> bool) -> Result<Vec<Value>> {
        let mut last = Vec::new();
        let found = until(what, async || {
            last = self.only().await?.map(|(_, events)| events).unwrap_or_default();
            Ok(good(&last).then(|| last.clone()))
        })
        .await;
        found.with_context(|| format!("the database has {:?}", names(&last)))
    }

    /// Rows of a query on the database's file, columns as text.
    pub(crate) fn rows(&self, query: &str) -> Result<Vec<Vec<String>>> {
        let database = rusqlite::Connection::open_with_flags(self.file(), rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        let mut query = database.prepare(query)?;
        let columns = query.column_count();
        let rows = query.query_map([], |row| {
            (0..columns)
                .map(|at| {
                    use rusqlite::types::ValueRef;
                    Ok(match row.get_ref(at)? {
                        ValueRef::Null => String::new(),
                        ValueRef::Integer(number) => number.to_string(),
                        ValueRef::Real(number) => number.to_string(),
                        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => String::from_utf8_lossy(bytes).into_owned(),
                    })
                })
                .collect()
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Number of rows in a table.
    pub(crate) fn count(&self, table: &str) -> Result<usize> {
        Ok(self.rows(&format!("SELECT 1 FROM {table}"))?.len())
    }
}

/// A text, or nothing.
pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// The names of events.
pub(crate) fn names(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| text(&event["name"])).collect()
}

/// The names of those that are no measure of Polku's own: when these come is the browser's affair.
pub(crate) fn touchpoints(events: &[Value]) -> Vec<&str> {
    let measures = ["web_vitals", "page_engagement", "content_seen", "journey_summary"];
    names(events).into_iter().filter(|name| !measures.contains(name)).collect()
}

/// How many events have this name.
pub(crate) fn count(events: &[Value], name: &str) -> usize {
    events.iter().filter(|event| event["name"] == name).count()
}

/// The first event of this name.
pub(crate) fn first<'a>(events: &'a [Value], name: &str) -> Result<&'a Value> {
    let found = events.iter().find(|event| event["name"] == name);
    found.with_context(|| format!("no {name} among {:?}", names(events)))
}
