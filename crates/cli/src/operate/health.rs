//! Signs of life, for whatever restarts the server or sends it work. They tell nothing else, so everybody may ask.

use crate::app::App;
use crate::collector::RETRY_AFTER;
use crate::respond::{self, NO_SNIFF, NO_STORE};
use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// `GET /healthz`: the process answers. A full disk is no reason to restart it.
pub(super) async fn live() -> Response {
    ([NO_STORE, NO_SNIFF], Json(json!({ "ok": true }))).into_response()
}

/// `GET /readyz`: a batch that came now could be stored; seen by writing something.
pub(super) async fn ready(State(app): State<App>) -> Response {
    match app.store.try_write().await {
        Ok(()) => ([NO_STORE, NO_SNIFF], Json(json!({ "ready": true }))).into_response(),
        Err(_) => {
            let mut response = respond::error(StatusCode::SERVICE_UNAVAILABLE, "the database cannot be written now");
            response.headers_mut().insert(header::RETRY_AFTER, RETRY_AFTER);
            response
        }
    }
}
