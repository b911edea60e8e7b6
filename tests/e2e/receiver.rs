//! What other collectors answer, as far as a page can tell: one receiver for all formats, with CORS or without.

use std::sync::{Arc, Mutex};

use anyhow::Result;
use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tokio::task::JoinHandle;

/// One request that reached it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Taken {
    pub(crate) method: String,
    /// Path and query.
    pub(crate) path: String,
    pub(crate) kind: String,
    pub(crate) body: String,
    /// Cookies or the page's address came along.
    pub(crate) tells: bool,
}

struct Book {
    cors: bool,
    taken: Mutex<Vec<Taken>>,
}

/// A running receiver. It ends when this is dropped.
pub(crate) struct Receiver {
    pub(crate) origin: String,
    book: Arc<Book>,
    task: JoinHandle<()>,
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Receiver {
    /// Whether it lets pages of other origins read its answers, and ask it beforehand.
    pub(crate) async fn start(cors: bool) -> Result<Self> {
        let book = Arc::new(Book { cors, taken: Mutex::default() });
        let router = Router::new().fallback(take).with_state(Arc::clone(&book));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let origin = format!("http://{}", listener.local_addr()?);
        let task = tokio::spawn(async move {
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { origin, book, task })
    }

    /// What has come so far, less what was taken.
    pub(crate) fn seen(&self) -> Vec<Taken> {
        self.book.taken.lock().unwrap().clone()
    }

    /// What came since it was last asked.
    pub(crate) fn taken(&self) -> Vec<Taken> {
        std::mem::take(&mut *self.book.taken.lock().unwrap())
    }
}

async fn take(State(book): State<Arc<Book>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, 1 << 20).await.unwrap_or_default();
    let text = |name: header::HeaderName| {
        parts.headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()).unwrap_or_default()
    };
    let taken = Taken {
        method: parts.method.to_string(),
        path: parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned(),
        kind: text(header::CONTENT_TYPE),
        body: String::from_utf8_lossy(&body).into_owned(),
        tells: parts.headers.contains_key(header::COOKIE) || parts.headers.contains_key(header::REFERER),
    };
    book.taken.lock().unwrap().push(taken.clone());
    let mut headers = HeaderMap::new();
    if book.cors {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*".parse().unwrap());
    }
    if parts.method == Method::OPTIONS {
        if !book.cors {
            return StatusCode::METHOD_NOT_ALLOWED.into_response();
        }
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, "POST".parse().unwrap());
        if let Some(asked) = parts.headers.get(header::ACCESS_CONTROL_REQUEST_HEADERS) {
            headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, asked.clone());
        }
        return (StatusCode::NO_CONTENT, headers).into_response();
    }
    let (status, answer) = answer(parts.uri.path(), &taken.body);
    (StatusCode::from_u16(status).unwrap(), headers, answer).into_response()
}

/// What each collector says when all is well.
fn answer(path: &str, body: &str) -> (u16, String) {
    let value: Value = serde_json::from_str(body).unwrap_or_default();
    let of = |member: &str| value[member].as_array().map_or(0, Vec::len);
    let said = match path {
        "/v1/logs" => json!({"partialSuccess":null}),
        "/batch/" => json!({"status":"Ok"}),
        "/v1/b" => json!({"success":true}),
        "/matomo.php" => json!({"status":"success","tracked":of("requests"),"invalid":0}),
        "/com.snowplowanalytics.snowplow/tp2" => return (200, "ok".to_owned()),
        // Countly takes events, and is asked for what it wants of a client: nothing.
        "/i" => json!({"result":"Success"}),
        "/o/sdk" => json!({"v":1,"t":1,"c":{}}),
        "/loki/api/v1/push" => return (204, String::new()),
        "/api/event" => return (202, "ok".to_owned()),
        "/api/batch" => {
            let size = value.as_array().map_or(0, Vec::len);
            json!({"size":size,"processed":size,"errors":0,"details":[],"cache":"x"})
        }
        _ if path.starts_with("/topics/") => {
            let offsets = (0..of("records")).map(|offset| json!({"partition":0,"offset":offset,"error_code":null}));
            json!({"offsets":offsets.collect::<Vec<_>>()})
        }
        _ if path.ends_with("/_bulk") => {
            let items = (0..body.lines().count() / 2).map(|_| json!({"create":{"status":201}}));
            json!({"took":1,"errors":false,"items":items.collect::<Vec<_>>()})
        }
        _ => return (200, String::new()),
    };
    (200, said.to_string())
}
