//! Programs that the tests start, on free ports of the loopback.

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Nothing that works takes longer to come up, also on a busy machine.
const LONG: Duration = Duration::from_secs(20);
const OFTEN: Duration = Duration::from_millis(10);
/// Another program may take a port between its choice and its use.
const ATTEMPTS: u32 = 3;

/// Where a receiver is, from the variable that `cargo xtask test` sets.
pub(crate) fn receiver(variable: &str) -> PathBuf {
    if let Some(path) = std::env::var_os(variable) {
        return path.into();
    }
    let why = std::env::var(variable.replace("POLKU_", "POLKU_NO_"));
    panic!(
        "{variable}: {}",
        why.as_deref()
            .unwrap_or("it names no receiver: run `cargo xtask test`, or `cargo xtask setup` and set what that prints")
    );
}

/// A running program with a folder of its own. It ends when this is dropped.
pub(crate) struct Process {
    child: Child,
    pub(crate) dir: TempDir,
}

impl Process {
    /// Starts what `command` makes of a folder and free ports, and waits until `answers`.
    pub(crate) fn start<const N: usize>(
        command: impl Fn(&std::path::Path, [u16; N]) -> Command,
        answers: impl Fn([u16; N]) -> bool,
    ) -> (Self, [u16; N]) {
        let mut said = String::new();
        for _ in 0..ATTEMPTS {
            let dir = tempfile::tempdir().unwrap();
            let ports = free_ports();
            let mut command = command(dir.path(), ports);
            let log = std::fs::File::create(dir.path().join("log")).unwrap();
            command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
            let child = command.spawn().unwrap_or_else(|why| panic!("{command:?}: {why}"));
            let mut process = Self { child, dir };
            match process.wait(|| answers(ports)) {
                None => return (process, ports),
                Some(ended) => said = format!("it ended with {ended}: {}", process.log()),
            }
        }
        panic!("{said}");
    }

    /// Waits until it answers; how it ended if it did instead.
    fn wait(&mut self, answers: impl Fn() -> bool) -> Option<ExitStatus> {
        let end = Instant::now() + LONG;
        loop {
            // First: another program's answer must not be taken for its own.
            if let Some(ended) = self.child.try_wait().unwrap() {
                return Some(ended);
            }
            if answers() {
                return None;
            }
            assert!(Instant::now() < end, "it does not answer: {}", self.log());
            std::thread::sleep(OFTEN);
        }
    }

    /// All that it has printed.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.dir.path().join("log")).unwrap_or_default()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_ports<const N: usize>() -> [u16; N] {
    // All are held until all are chosen.
    let held: [TcpListener; N] = std::array::from_fn(|_| TcpListener::bind("127.0.0.1:0").unwrap());
    held.map(|listener| listener.local_addr().unwrap().port())
}

/// What HTTP requests are made with: every status is an answer.
pub(crate) fn agent() -> ureq::Agent {
    let config =
        ureq::Agent::config_builder().http_status_as_error(false).timeout_global(Some(Duration::from_secs(10)));
    config.build().into()
}
