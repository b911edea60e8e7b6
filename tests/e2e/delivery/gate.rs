//! A gate before the collector that fails as a test says, and writes down what came to it.
//!
//! It is made of bare connections, one for each request, so that a port can be closed and opened again, and an answer cut off.

use std::collections::BTreeSet;
use std::io::Read;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use flate2::read::GzDecoder;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

/// What a page may read of any answer, as the collector itself says.
const OPEN: &str = "access-control-allow-origin: *\r\naccess-control-expose-headers: retry-after\r\n";

/// What becomes of a batch.
#[derive(Clone, Debug)]
pub(super) enum Fault {
    /// It goes no further; this is the answer.
    Status(u16),
    /// … 429, with this in `Retry-After`.
    Later(String),
    /// … 413, where it has more bytes than these, unpacked.
    Over(usize),
    /// … none, as long as the page waits.
    Silence,
    /// It arrives, and the answer takes so long.
    Slow(Duration),
    /// It arrives, and the connection ends before the answer.
    Cut,
    /// It arrives, and the answer is one that the page may not read.
    Opaque,
}

/// A batch that came.
#[derive(Clone, Debug)]
pub(super) struct Came {
    pub(super) at: Instant,
    pub(super) body: String,
    /// It was handed on to the collector.
    pub(super) passed: bool,
}

#[derive(Default)]
struct State {
    fault: Option<Fault>,
    /// Only so many more times.
    times: Option<usize>,
    /// Only until then.
    until: Option<Instant>,
    came: Vec<Came>,
    /// The module's files do not come.
    silent: bool,
}

struct Line {
    to: String,
    state: Mutex<State>,
}

/// The running gate. It ends when this is dropped.
pub(super) struct Gate {
    place: SocketAddr,
    line: Arc<Line>,
    task: Option<JoinHandle<()>>,
}

impl Drop for Gate {
    fn drop(&mut self) {
        self.shut();
    }
}

impl Gate {
    /// Before the server at `origin`, and without a fault.
    pub(super) async fn before(origin: &str) -> Result<Self> {
        let to = origin.strip_prefix("http://").context("no http address")?.to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let place = listener.local_addr()?;
        let line = Arc::new(Line { to, state: Mutex::default() });
        let task = Some(tokio::spawn(welcome(listener, Arc::clone(&line))));
        Ok(Self { place, line, task })
    }

    pub(super) fn origin(&self) -> String {
        format!("http://{}", self.place)
    }

    /// Where batches are sent.
    pub(super) fn collector(&self) -> String {
        format!("{}/v1/batch", self.origin())
    }

    /// From now on every batch fails like this.
    pub(super) fn fails(&self, fault: Fault) {
        self.set(Some(fault), None, None);
    }

    /// So many batches do.
    pub(super) fn fails_times(&self, times: usize, fault: Fault) {
        self.set(Some(fault), Some(times), None);
    }

    /// All batches do that come within this time.
    pub(super) fn fails_for(&self, time: Duration, fault: Fault) {
        self.set(Some(fault), None, Some(Instant::now() + time));
    }

    /// The loader's file comes, the module's do not, long after a page that is left has gone.
    pub(super) fn holds_the_module(&self) {
        self.line.state.lock().unwrap().silent = true;
    }

    /// Nothing fails any longer.
    pub(super) fn heals(&self) {
        self.set(None, None, None);
    }

    fn set(&self, fault: Option<Fault>, times: Option<usize>, until: Option<Instant>) {
        let mut state = self.line.state.lock().unwrap();
        (state.fault, state.times, state.until) = (fault, times, until);
    }

    /// The port is closed: who knocks is refused at once, and who is inside is thrown out.
    pub(super) fn shut(&mut self) {
        if let Some(task) = self.task.take() {
            task.abort();
        }
    }

    /// The same port is open again.
    pub(super) async fn reopen(&mut self) -> Result<()> {
        let listener = TcpListener::bind(self.place).await?;
        self.task = Some(tokio::spawn(welcome(listener, Arc::clone(&self.line))));
        Ok(())
    }

    /// Every batch that came, in this order.
    pub(super) fn came(&self) -> Vec<Came> {
        self.line.state.lock().unwrap().came.clone()
    }

    /// Each batch that came once, however often it did.
    pub(super) fn batches(&self) -> Result<Vec<Value>> {
        let came = self.came();
        let bodies: BTreeSet<&str> = came.iter().map(|came| came.body.as_str()).collect();
        bodies.into_iter().map(|body| serde_json::from_str(body).with_context(|| body.to_owned())).collect()
    }
}

/// So long a module is held at most.
const HELD: Duration = Duration::from_secs(6);

async fn welcome(listener: TcpListener, line: Arc<Line>) {
    // They end with this task.
    let mut guests = JoinSet::new();
    while let Ok((guest, _)) = listener.accept().await {
        let line = Arc::clone(&line);
        guests.spawn(async move {
            // A page that goes away in the middle is what these tests are about.
            let _ = serve(guest, &line).await;
        });
    }
}

/// One request, one answer.
async fn serve(mut guest: TcpStream, line: &Line) -> Result<()> {
    let (head, body) = read(&mut guest).await?;
    let fault = if head.starts_with("POST ") { line.came(batch(&head, &body)?) } else { None };
    if head.starts_with("GET /polku/core-") && line.state.lock().unwrap().silent {
        // Until the page hangs up. Firefox waits for a module that a page asked for while it was left, before it says that the next one has loaded.
        // (A connection that ends without an answer it opens again.)
        return match tokio::time::timeout(HELD, guest.read_u8()).await {
            Ok(_) => Ok(()),
            Err(_) => refuse(&mut guest, 503, "").await,
        };
    }
    match fault {
        Some(Fault::Status(status)) => refuse(&mut guest, status, "").await,
        Some(Fault::Later(when)) => refuse(&mut guest, 429, &format!("retry-after: {when}\r\n")).await,
        Some(Fault::Over(_)) => refuse(&mut guest, 413, "").await,
        Some(Fault::Silence) => {
            // Until the page hangs up.
            guest.read_u8().await?;
            Ok(())
        }
        passed => {
            let mut answer = pass(&line.to, &head, &body).await?;
            match passed {
                Some(Fault::Cut) => return Ok(()),
                Some(Fault::Slow(time)) => tokio::time::sleep(time).await,
                Some(Fault::Opaque) => answer = unreadable(&answer),
                _ => {}
            }
            guest.write_all(answer.as_bytes()).await?;
            Ok(guest.shutdown().await?)
        }
    }
}

impl Line {
    /// Writes down a batch; gives back what is to become of it.
    fn came(&self, body: String) -> Option<Fault> {
        let mut state = self.state.lock().unwrap();
        let fault = state.fault.clone().filter(|fault| match fault {
            Fault::Over(most) => body.len() > *most,
            _ => true,
        });
        let fault = fault.filter(|_| state.times != Some(0) && state.until.is_none_or(|until| Instant::now() < until));
        if fault.is_some() {
            state.times = state.times.map(|times| times - 1);
        }
        let passed = matches!(fault, None | Some(Fault::Slow(_) | Fault::Cut | Fault::Opaque));
        state.came.push(Came { at: Instant::now(), body, passed });
        fault
    }
}

/// A whole request: its head and its body. Browsers say how long that is.
async fn read(guest: &mut TcpStream) -> Result<(String, Vec<u8>)> {
    let mut bytes = Vec::new();
    loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = std::str::from_utf8(&bytes[..end])?;
            let length: usize = header(head, "content-length").map_or(Ok(0), str::parse)?;
            if bytes.len() >= end + 4 + length {
                return Ok((head.to_owned(), bytes[end + 4..].to_owned()));
            }
        }
        anyhow::ensure!(guest.read_buf(&mut bytes).await? > 0, "broken off");
    }
}

/// The batch in a request, which may be compressed.
fn batch(head: &str, body: &[u8]) -> Result<String> {
    let mut text = String::new();
    if header(head, "content-encoding") == Some("gzip") {
        GzDecoder::new(body).read_to_string(&mut text)?;
    } else {
        text.push_str(std::str::from_utf8(body)?);
    }
    Ok(text)
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let fields = head.lines().skip(1).filter_map(|line| line.split_once(':'));
    fields.into_iter().find(|(field, _)| field.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
}

/// Hands a request on; gives back the whole answer.
async fn pass(to: &str, head: &str, body: &[u8]) -> Result<String> {
    let mut server = TcpStream::connect(to).await?;
    let kept = head.lines().filter(|line| !line.to_ascii_lowercase().starts_with("connection:"));
    let head: Vec<&str> = kept.collect();
    server.write_all(format!("{}\r\nconnection: close\r\n\r\n", head.join("\r\n")).as_bytes()).await?;
    server.write_all(body).await?;
    let mut answer = Vec::new();
    server.read_to_end(&mut answer).await?;
    Ok(String::from_utf8(answer)?)
}

/// The same answer without what lets a page of another origin read it.
fn unreadable(answer: &str) -> String {
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((answer, ""));
    let head: Vec<&str> = head.lines().filter(|line| !line.starts_with("access-control-")).collect();
    format!("{}\r\n\r\n{body}", head.join("\r\n"))
}

async fn refuse(guest: &mut TcpStream, status: u16, more: &str) -> Result<()> {
    let answer = format!("HTTP/1.1 {status} No\r\n{OPEN}{more}content-length: 0\r\nconnection: close\r\n\r\n");
    guest.write_all(answer.as_bytes()).await?;
    Ok(guest.shutdown().await?)
}
