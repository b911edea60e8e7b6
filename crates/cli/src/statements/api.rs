//! `GET` and `PUT /api/statements?key=`: the document of a shop, written only by whoever has read its newest revision.

use super::{Stated, check, whose};
use crate::access::{Reader, guard};
use crate::app::App;
use crate::map::facts::filter::today;
use crate::respond::{self, NO_SNIFF, NO_STORE};
use crate::store::StoreError;
use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, QueryRejection};
use axum::extract::{DefaultBodyLimit, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Json, Router};
use serde::Deserialize;

/// Bytes of a document.
const MOST: usize = 256 * 1024;

/// The routes.
pub fn router(app: &App) -> Router<App> {
    let routes = Router::new().route("/api/statements", get(read).put(write)).layer(DefaultBodyLimit::max(MOST));
    guard::readers_only(routes, app)
}

/// Whose.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Whose {
    /// The shop. Left out: what holds for all shops together; for whoever may read one shop, that one.
    key: Option<String>,
}

type Asked = Result<Query<Whose>, QueryRejection>;

async fn read(State(app): State<App>, Extension(reader): Extension<Reader>, asked: Asked) -> Response {
    let key = match key(&reader, asked) {
        Ok(key) => key,
        Err(refusal) => return *refusal,
    };
    match app.store.statements(key).await {
        Ok(stated) => answer(stated),
        Err(_) => away(),
    }
}

async fn write(
    State(app): State<App>,
    Extension(reader): Extension<Reader>,
    asked: Asked,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let key = match key(&reader, asked) {
        Ok(key) => key,
        Err(refusal) => return *refusal,
    };
    let is_json = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).is_some_and(|kind| {
        kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
    });
    if !is_json {
        return respond::error(StatusCode::UNSUPPORTED_MEDIA_TYPE, "send the statements as application/json");
    }
    let Ok(body) = body else {
        return respond::error(StatusCode::PAYLOAD_TOO_LARGE, "the statements are larger than 256 KiB");
    };
    let Some(known) = headers.get(header::IF_MATCH).map(revision) else {
        return respond::error(
            StatusCode::PRECONDITION_REQUIRED,
            "send If-Match with the ETag of what you have read, so that nobody's changes are overwritten",
        );
    };
    let mut statements = match check::read(&body) {
        Ok(statements) => statements,
        Err(why) => return respond::error(StatusCode::BAD_REQUEST, &why),
    };
    let Ok(before) = app.store.statements(key.clone()).await else { return away() };
    if known != Some(before.revision) {
        return outdated(before.revision);
    }
    if let Err(why) = check::fill(&mut statements, &before.statements, today()) {
        return respond::error(StatusCode::BAD_REQUEST, &why);
    }
    match app.store.state(key, before.revision, statements.clone()).await {
        Ok(Ok(revision)) => answer(Stated { revision, statements }),
        Ok(Err(newer)) => outdated(newer),
        Err(StoreError::Busy) => respond::error(StatusCode::SERVICE_UNAVAILABLE, "too much is waiting; try again"),
        Err(_) => away(),
    }
}

/// The key that is meant. A shared link shows aggregates, and these are the shop's own thoughts.
fn key(reader: &Reader, asked: Asked) -> Result<String, Box<Response>> {
    let refuse = |status, why: &str| Err(Box::new(respond::error(status, why)));
    let Query(Whose { key }) = match asked {
        Ok(asked) => asked,
        Err(why) => return refuse(StatusCode::BAD_REQUEST, &why.body_text()),
    };
    if reader.is_shared() {
        return refuse(StatusCode::FORBIDDEN, "a shared link opens nothing that the shop states");
    }
    if let Some(key) = key.as_deref().filter(|key| !key.is_empty())
        && let Err(why) = crate::collector::allow::key(key)
    {
        return refuse(StatusCode::BAD_REQUEST, &format!("\"key\": {why}"));
    }
    match whose(reader.scope(), key.as_deref()) {
        Some(key) => Ok(key.to_owned()),
        None => refuse(StatusCode::FORBIDDEN, "name one of your own shops: /api/statements?key=…"),
    }
}

/// The revision of `"3"`. What compresses an answer on its way makes the tag weak; it is the same document.
fn revision(tag: &HeaderValue) -> Option<i64> {
    let tag = tag.to_str().ok()?.trim();
    tag.strip_prefix("W/").unwrap_or(tag).strip_prefix('"')?.strip_suffix('"')?.parse().ok()
}

fn answer(Stated { revision, statements }: Stated) -> Response {
    match HeaderValue::from_str(&format!("\"{revision}\"")) {
        Ok(tag) => ([NO_STORE, NO_SNIFF, (header::ETAG, tag)], Json(statements)).into_response(),
        Err(_) => away(),
    }
}

fn outdated(newest: i64) -> Response {
    respond::error(
        StatusCode::PRECONDITION_FAILED,
        &format!(
            "somebody has changed the statements meanwhile (revision {newest}); read them again and repeat your change"
        ),
    )
}

fn away() -> Response {
    respond::error(StatusCode::SERVICE_UNAVAILABLE, "the database does not answer")
}
