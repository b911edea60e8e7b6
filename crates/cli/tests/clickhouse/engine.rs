//! ClickHouse's engine behind its HTTP interface, in a folder that outlives it.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A running engine. It ends when this is dropped; what it has stored stays in its folder.
pub(crate) struct Engine {
    child: Child,
    pub(crate) port: u16,
    agent: ureq::Agent,
}

impl Engine {
    pub(crate) fn start(dir: &Path) -> Self {
        let program = std::env::var_os("POLKU_CHDB").unwrap_or_else(|| {
            let why = std::env::var("POLKU_NO_CHDB");
            panic!(
                "{}",
                why.as_deref().unwrap_or(
                    "POLKU_CHDB names no engine: run `cargo xtask test`, or set what `cargo xtask setup` prints"
                )
            )
        });
        let mut command = Command::new(program);
        command.arg("tests/clickhouse/server.py").arg(dir.join("engine")).stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let port = line.trim().parse().unwrap_or_else(|_| panic!("the engine does not start: {line}"));
        let config = ureq::Agent::config_builder().http_status_as_error(false).build();
        Self { child, port, agent: config.into() }
    }

    /// As `--clickhouse` takes it.
    pub(crate) fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Runs a statement.
    pub(crate) fn run(&self, statement: &str) -> String {
        let mut answer = self.agent.post(self.address()).send(statement).unwrap();
        let text = answer.body_mut().read_to_string().unwrap();
        assert_eq!(answer.status(), 200, "{statement}: {text}");
        text.trim().to_owned()
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
