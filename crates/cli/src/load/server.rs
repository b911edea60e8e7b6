//! A `polku serve` of its own, in a folder of its own.

use crate::failure::Failure;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// It ends with this.
#[derive(Debug)]
pub(super) struct Server {
    child: Child,
    address: SocketAddr,
}

impl Server {
    /// Starts this very program, for a shop with this key.
    pub(super) fn start(dir: &Path, key: &str) -> Result<Self, Failure> {
        let pkg = dir.join("pkg");
        std::fs::create_dir_all(&pkg).map_err(Failure::System)?;
        let program = std::env::current_exe().map_err(Failure::System)?;
        let mut command = Command::new(program);
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("POLKU_")) {
            command.env_remove(name);
        }
        command.args(["serve", "--port", "0", "--log", "off", "--key", key, "--db", "load.sqlite", "--pkg", "pkg"]);
        let mut child =
            command.current_dir(dir).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().map_err(Failure::System)?;
        let mut line = String::new();
        if let Some(out) = child.stdout.take() {
            BufReader::new(out).read_line(&mut line).map_err(Failure::System)?;
        }
        match line.trim().strip_prefix("listening on http://").and_then(|address| address.parse().ok()) {
            Some(address) => Ok(Self { child, address }),
            None => {
                let _ = child.kill();
                let _ = child.wait();
                Err(Failure::System(std::io::Error::other("the server to be measured did not start")))
            }
        }
    }

    /// Where it listens.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Bytes of memory that it holds; 0 where the system does not say.
    pub(super) fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
        kib.unwrap_or_default() * 1024
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
