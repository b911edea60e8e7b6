//! What drives a browser: found, started when a test needs it, ended with the last test that does.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, Weak};

use anyhow::{Context, Result};
use tempfile::TempDir;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::engine::{Engine, find};

/// A process of ours. It ends when this is dropped.
pub(crate) struct Process(pub(crate) Child);

impl Drop for Process {
    fn drop(&mut self) {
        if self.0.try_wait().is_ok_and(|ended| ended.is_none()) {
            // With what it has started: a browser outlives a driver that is killed. One that leads no group has none of its number.
            let group = format!("-{}", self.0.id());
            let _ = Command::new("kill").args(["-KILL", "--", &group]).stderr(Stdio::null()).status();
        }
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Lines, as they come.
pub(crate) type Printed = Arc<Mutex<Vec<String>>>;

/// A running driver.
pub(crate) struct Driver {
    pub(crate) address: String,
    /// The browser that it starts.
    pub(crate) browser: PathBuf,
    /// What it printed, and its browser: Firefox's console.
    pub(crate) printed: Printed,
    _process: Process,
    _screen: Option<Screen>,
    _settings: Option<TempDir>,
}

static SHARED: Mutex<Weak<Driver>> = Mutex::new(Weak::new());
/// Half of what a test does is waiting, so that three browsers keep two cores busy: more of them only make each other slow.
static ROOM: Semaphore = Semaphore::const_new(ROOMS as usize);
/// So many browsers at a time.
pub(crate) const ROOMS: u32 = 3;

/// The size of the screen that WebKit is drawn on.
pub(crate) const SCREEN: (u32, u32) = (1400, 1000);

/// What makes the bars of WebKitGTK's small browser as small as can be.
const NARROW: &str = "* { padding: 0; margin: 0; min-width: 0; min-height: 0; border-width: 0; font-size: 1px; }";

/// Waits until a browser may be started that takes the place of so many.
pub(crate) async fn room(rooms: u32) -> Result<SemaphorePermit<'static>> {
    Ok(ROOM.acquire_many(rooms).await?)
}

/// A driver for `engine`. Chromium's has as many sessions as tests want, and they share it; the others have one each.
pub(crate) fn of(engine: Engine) -> Result<Arc<Driver>> {
    if engine != Engine::Chromium {
        return start(engine).map(Arc::new);
    }
    let mut kept = SHARED.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    if let Some(there) = kept.upgrade() {
        return Ok(there);
    }
    let started = Arc::new(start(engine)?);
    *kept = Arc::downgrade(&started);
    Ok(started)
}

fn start(engine: Engine) -> Result<Driver> {
    let programs = engine.programs()?;
    let mut command = Command::new(&programs.driver);
    let mut screen = None;
    // The first two choose a port and say which; WebKit's is told one that was free a moment ago.
    let mut told = None;
    let mut settings = None;
    match engine {
        Engine::Chromium => command.arg("--port=0"),
        // What its own windows can do, which no page may, stands in for Chromium's protocol.
        Engine::Firefox => command.args(["--port=0", "--allow-system-access"]),
        Engine::WebKit => {
            // One of its own: windows on one screen take the keyboard from each other.
            let drawn = Screen::start()?;
            let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
            told = Some(port);
            command.arg(format!("--port={port}")).env("DISPLAY", &drawn.name);
            // There is no graphics card that could draw.
            command.env("WEBKIT_DISABLE_DMABUF_RENDERER", "1").env("LIBGL_ALWAYS_SOFTWARE", "1");
            command.env_remove("WAYLAND_DISPLAY").env("GDK_BACKEND", "x11");
            // With buttons of the usual size its window cannot be as narrow as a phone.
            let narrow = tempfile::tempdir()?;
            std::fs::create_dir(narrow.path().join("gtk-3.0"))?;
            std::fs::write(narrow.path().join("gtk-3.0/gtk.css"), NARROW)?;
            command.env("XDG_CONFIG_HOME", narrow.path());
            settings = Some(narrow);
            screen = Some(drawn);
            &mut command
        }
    };
    let mut child = command
        .process_group(0)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .with_context(|| format!("{} cannot be started", programs.driver.display()))?;
    let out = child.stdout.take().context("the driver has no output")?;
    let process = Process(child);
    let mut lines = BufReader::new(out).lines();
    let port = match told {
        Some(port) => {
            answers(port)?;
            port
        }
        None => lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| port(&line))
            .context("the driver did not say its port")?,
    };
    // A full pipe would make it wait for us.
    let printed = Printed::default();
    let kept = Arc::clone(&printed);
    let keeps = engine == Engine::Firefox;
    std::thread::spawn(move || {
        for line in lines.map_while(Result::ok) {
            if keeps && line.starts_with("console.") {
                kept.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).push(line);
            }
        }
    });
    Ok(Driver {
        address: format!("http://127.0.0.1:{port}"),
        browser: programs.browser,
        printed,
        _process: process,
        _screen: screen,
        _settings: settings,
    })
}

/// `… started successfully on port 1234.` or `… Listening on 127.0.0.1:1234`
fn port(line: &str) -> Option<u16> {
    let (_, port) =
        line.split_once("started successfully on port ").or_else(|| line.split_once("Listening on 127.0.0.1:"))?;
    port.trim_end_matches('.').parse().ok()
}

/// Waits until somebody listens there.
fn answers(port: u16) -> Result<()> {
    for _ in 0..200 {
        if std::net::TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return Ok(());
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    anyhow::bail!("the driver does not answer on its port {port}")
}

/// A screen that nobody sees, for browsers that cannot do without.
struct Screen {
    /// As X11 calls it: `:7`.
    name: String,
    _process: Process,
}

impl Screen {
    fn start() -> Result<Self> {
        let program = find("XVFB", &["Xvfb"])?;
        let (width, height) = SCREEN;
        // The first number that is free, which it says.
        let mut child = Command::new(&program)
            .args(["-displayfd", "1", "-screen", "0", &format!("{width}x{height}x24"), "-nolisten", "tcp"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("{} cannot be started", program.display()))?;
        let out = child.stdout.take().context("Xvfb has no output")?;
        let process = Process(child);
        let number = BufReader::new(out).lines().next().context("Xvfb ended")??;
        Ok(Self { name: format!(":{}", number.trim()), _process: process })
    }
}
