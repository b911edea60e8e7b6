//! Chromium and its driver: found, started when a test needs it, ended with the last test that does.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, Weak};

use anyhow::{Context, Result};
use tokio::sync::{Semaphore, SemaphorePermit};

/// A process of ours. It ends when this is dropped.
pub(crate) struct Process(pub(crate) Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A running chromedriver.
pub(crate) struct Driver {
    pub(crate) address: String,
    pub(crate) chrome: PathBuf,
    _process: Process,
}

static SHARED: Mutex<Weak<Driver>> = Mutex::new(Weak::new());
/// Each browser keeps a core busy: more of them at a time only make each other slow.
static ROOM: Semaphore = Semaphore::const_new(ROOMS as usize);
/// So many browsers at a time.
pub(crate) const ROOMS: u32 = 2;

/// Waits until a browser may be started that takes the place of so many.
pub(crate) async fn room(rooms: u32) -> Result<SemaphorePermit<'static>> {
    Ok(ROOM.acquire_many(rooms).await?)
}

/// The driver that all tests share.
pub(crate) fn shared() -> Result<Arc<Driver>> {
    let mut shared = SHARED.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    if let Some(driver) = shared.upgrade() {
        return Ok(driver);
    }
    let driver = Arc::new(start()?);
    *shared = Arc::downgrade(&driver);
    Ok(driver)
}

fn start() -> Result<Driver> {
    let chrome = find("CHROME", &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"])?;
    let program = find("CHROMEDRIVER", &["chromedriver", "chromium.chromedriver"])?;
    let mut child = Command::new(&program)
        .arg("--port=0")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .with_context(|| format!("{} cannot be started", program.display()))?;
    let out = child.stdout.take().context("chromedriver has no output")?;
    let process = Process(child);
    let mut lines = BufReader::new(out).lines();
    let port = lines
        .by_ref()
        .map_while(Result::ok)
        .find_map(|line| {
            let (_, port) = line.split_once("started successfully on port ")?;
            port.trim_end_matches('.').parse::<u16>().ok()
        })
        .context("chromedriver did not say its port")?;
    // A full pipe would make it wait for us.
    std::thread::spawn(move || lines.for_each(drop));
    Ok(Driver { address: format!("http://127.0.0.1:{port}"), chrome, _process: process })
}

/// The program that `variable` names, else the first of `names` on the PATH.
fn find(variable: &str, names: &[&str]) -> Result<PathBuf> {
    if let Some(named) = std::env::var_os(variable).map(PathBuf::from) {
        anyhow::ensure!(named.is_file(), "{variable} names {}, which is not there", named.display());
        return Ok(named);
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    names
        .iter()
        .flat_map(|name| std::env::split_paths(&path).map(move |folder| folder.join(name)))
        .find(|program| program.is_file())
        .with_context(|| {
            format!(
                "the end-to-end tests need {}: install Debian's chromium and chromium-driver, or name it in {variable}",
                names[0]
            )
        })
}
