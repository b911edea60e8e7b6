//! Runs the command.

use crate::strict;
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::{Command, Stdio};

/// A request that the command wrote.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    /// By their names in lower case.
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: String,
}

impl Request {
    fn parse(line: &str) -> Self {
        let value = strict::json(line);
        strict::members(&value, &["method", "path", "headers", "body"]);
        let headers = value["headers"].as_object().unwrap_or_else(|| panic!("no headers: {line}"));
        let headers = headers.iter().map(|(name, value)| (name.to_lowercase(), value.as_str().unwrap().to_owned()));
        let request = Self {
            method: strict::text(&value, "method"),
            path: strict::text(&value, "path"),
            headers: headers.collect(),
            body: strict::text(&value, "body"),
        };
        assert_eq!(request.method, "POST", "{line}");
        assert!(request.path.starts_with('/') && !request.path.contains(' '), "{line}");
        // A page may send these, but each costs a preflight, and the first tells the collector who the shopper is.
        for name in ["cookie", "user-agent", "referer"] {
            assert!(!request.headers.contains_key(name), "{line}");
        }
        request
    }

    pub(crate) fn json(&self) -> Value {
        strict::json(&self.body)
    }

    pub(crate) fn kind(&self) -> &str {
        self.headers.get("content-type").map_or("", String::as_str)
    }

    /// The path without its query.
    pub(crate) fn route(&self) -> &str {
        self.path.split('?').next().unwrap()
    }

    /// The query, decoded.
    pub(crate) fn query(&self) -> BTreeMap<String, String> {
        strict::query(self.path.split_once('?').map_or("", |(_, query)| query))
    }

    /// No browser asks before it sends this across origins.
    #[track_caller]
    pub(crate) fn assert_simple(&self) {
        assert_eq!(self.kind().to_lowercase().replace(' ', ""), "text/plain;charset=utf-8");
        assert_eq!(self.headers.len(), 1, "{:?}", self.headers);
    }
}

/// What the command gave back.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// Runs `polku encode` with lines on its standard input.
pub(crate) fn run(args: &[&str], lines: &[String]) -> Ran {
    let args: Vec<&str> = [&["encode"], args].concat();
    polku(&args, lines.iter().map(|line| format!("{line}\n")).collect())
}

/// Runs the command with a text on its standard input.
pub(crate) fn polku(args: &[&str], text: String) -> Ran {
    // Asked for at run time: a path compiled in would tie this program to the clone that built it.
    let polku = std::env::var_os("CARGO_BIN_EXE_polku").expect("CARGO_BIN_EXE_polku must name the command `polku`");
    let mut command = Command::new(polku);
    command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // In a thread of its own: both sides would wait for the other once the pipes are full. Refused arguments close the pipe.
    let feed = std::thread::spawn(move || drop(stdin.write_all(text.as_bytes())));
    let done = child.wait_with_output().unwrap();
    feed.join().unwrap();
    Ran {
        code: done.status.code().unwrap(),
        out: String::from_utf8(done.stdout).unwrap(),
        err: String::from_utf8(done.stderr).unwrap(),
    }
}

/// The requests that these batches become.
pub(crate) fn encode(format: &str, settings: &[(&str, &str)], batches: &[String]) -> Vec<Request> {
    let pairs: Vec<String> = settings.iter().map(|(key, value)| format!("{key}={value}")).collect();
    let mut args = vec!["--format", format];
    for pair in &pairs {
        args.extend(["--set", pair]);
    }
    let ran = run(&args, batches);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{format}");
    let again = run(&args, batches);
    assert_eq!(ran.out, again.out, "{format}: the same batches give the same bytes");
    let requests: Vec<Request> = ran.out.lines().map(Request::parse).collect();
    assert!(!requests.is_empty(), "{format}");
    requests
}
