//! Stands between the browser and `polku serve` and writes down every request: what reached it is what left the browser.

use std::io::Read;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use anyhow::Result;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use flate2::read::GzDecoder;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

use crate::leaves_table::strangers;
use crate::site;

/// One request of the browser.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) method: String,
    /// Path and query.
    pub(crate) path: String,
    pub(crate) body: String,
    pub(crate) cookies: bool,
    pub(crate) referrer: bool,
}

struct Line {
    to: String,
    http: reqwest::Client,
    seen: Mutex<Vec<Seen>>,
    /// The path that it does not find.
    without: String,
    /// So many answers to batches are still to be lost.
    lose: AtomicUsize,
}

/// The running proxy. It ends when this is dropped.
pub(crate) struct Proxy {
    pub(crate) origin: String,
    line: Arc<Line>,
    task: JoinHandle<()>,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Proxy {
    /// Before the server at `origin`.
    pub(crate) async fn before(origin: &str) -> Result<Self> {
        Self::without(origin, "").await
    }

    /// … which has lost the file at `path`.
    pub(crate) async fn without(origin: &str, path: &str) -> Result<Self> {
        let line = Arc::new(Line {
            to: origin.to_owned(),
            http: reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build()?,
            seen: Mutex::default(),
            without: path.to_owned(),
            lose: AtomicUsize::new(0),
        });
        let router = Router::new().fallback(pass).with_state(Arc::clone(&line));
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let origin = format!("http://{}", listener.local_addr()?);
        site::serves(&origin);
        let task = tokio::spawn(async move {
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { origin, line, task })
    }

    /// From now on so many batches arrive and their answers do not.
    pub(crate) fn lose_answers(&self, number: usize) {
        self.line.lose.store(number, Ordering::Relaxed);
    }

    /// Every request so far.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.line.seen.lock().unwrap().clone()
    }

    /// Every batch so far, in the order of arrival.
    pub(crate) fn batches(&self) -> Vec<Value> {
        let batches = self.seen().into_iter().filter(|seen| seen.path.starts_with("/v1/"));
        let read = |seen: Seen| serde_json::from_str(&seen.body).unwrap_or(Value::String(seen.body));
        let batches: Vec<Value> = batches.map(read).collect();
        for batch in &batches {
            assert_eq!(strangers(batch), [""; 0], "tests/leaves/table.json says what may leave, and why");
        }
        batches
    }
}

/// What a body says, which may be compressed.
fn text(headers: &HeaderMap, body: &[u8]) -> String {
    let mut text = String::new();
    if headers.get(header::CONTENT_ENCODING).is_some_and(|coding| coding == "gzip")
        && GzDecoder::new(body).read_to_string(&mut text).is_ok()
    {
        return text;
    }
    String::from_utf8_lossy(body).into_owned()
}

async fn pass(State(line): State<Arc<Line>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, 1 << 20).await.unwrap_or_default();
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
    if path == site::BEGINNING {
        return ([(header::CONTENT_TYPE, "text/javascript")], site::beginning()).into_response();
    }
    line.seen.lock().unwrap().push(Seen {
        method: parts.method.to_string(),
        path: path.clone(),
        body: text(&parts.headers, &body),
        cookies: parts.headers.contains_key(header::COOKIE),
        referrer: parts.headers.contains_key(header::REFERER),
    });
    if path == line.without {
        return (StatusCode::NOT_FOUND, [(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")]).into_response();
    }
    let mut headers = parts.headers;
    headers.remove(header::HOST);
    if !site::beginning().is_empty() {
        // Else there is nothing in it that could be added to.
        headers.remove(header::ACCEPT_ENCODING);
    }
    let answer = line.http.request(parts.method, format!("{}{path}", line.to)).headers(headers).body(body).send().await;
    let Ok(answer) = answer else {
        return StatusCode::BAD_GATEWAY.into_response();
    };
    let status = answer.status();
    let less = |left: usize| left.checked_sub(1);
    if path.starts_with("/v1/") && line.lose.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less).is_ok() {
        return StatusCode::BAD_GATEWAY.into_response();
    }
    let mut headers: HeaderMap = answer.headers().clone();
    headers.remove(header::TRANSFER_ENCODING);
    headers.remove(header::CONNECTION);
    let is_page = headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    match answer.bytes().await {
        Ok(bytes) if is_page && !site::beginning().is_empty() => {
            headers.remove(header::CONTENT_LENGTH);
            (status, headers, site::begun(&String::from_utf8_lossy(&bytes))).into_response()
        }
        Ok(bytes) => (status, headers, Body::from(bytes)).into_response(),
        Err(_) => StatusCode::BAD_GATEWAY.into_response(),
    }
}

/// A line to a server, byte by byte: it can be cut with all that is under way on it, and mended; and it can swallow what the server says.
pub(crate) struct Wire {
    pub(crate) origin: String,
    cut: Arc<AtomicBool>,
    deaf: Arc<AtomicBool>,
    task: JoinHandle<()>,
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Wire {
    /// To the server at `origin`.
    pub(crate) async fn to(origin: &str) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let here = format!("http://{}", listener.local_addr()?);
        let there = origin.trim_start_matches("http://").to_owned();
        let (cut, deaf) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
        let (is_cut, is_deaf) = (Arc::clone(&cut), Arc::clone(&deaf));
        let task = tokio::spawn(async move {
            let mut open = JoinSet::new();
            while let Ok((from, _)) = listener.accept().await {
                if !is_cut.load(Ordering::Relaxed) {
                    open.spawn(carry(from, there.clone(), Arc::clone(&is_cut), Arc::clone(&is_deaf)));
                }
            }
        });
        Ok(Self { origin: here, cut, deaf, task })
    }

    /// Cuts it, or mends it.
    pub(crate) fn cut(&self, cut: bool) {
        self.cut.store(cut, Ordering::Relaxed);
    }

    /// What the page says arrives, and no answer comes back.
    pub(crate) fn swallow(&self, deaf: bool) {
        self.deaf.store(deaf, Ordering::Relaxed);
    }
}

async fn carry(from: TcpStream, there: String, cut: Arc<AtomicBool>, deaf: Arc<AtomicBool>) {
    let Ok(to) = TcpStream::connect(there).await else { return };
    let ((mut from_page, mut to_page), (mut from_server, mut to_server)) = (from.into_split(), to.into_split());
    let up = async {
        let mut bytes = vec![0; 16 * 1024];
        while let Ok(count @ 1..) = from_page.read(&mut bytes).await {
            if to_server.write_all(&bytes[..count]).await.is_err() {
                break;
            }
        }
    };
    let down = async {
        let mut bytes = vec![0; 16 * 1024];
        while let Ok(count @ 1..) = from_server.read(&mut bytes).await {
            if deaf.load(Ordering::Relaxed) || to_page.write_all(&bytes[..count]).await.is_err() {
                break;
            }
        }
    };
    let ends = async {
        while !cut.load(Ordering::Relaxed) {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    tokio::select! {
        () = up => (),
        () = down => (),
        () = ends => (),
    }
}
