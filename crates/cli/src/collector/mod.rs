//! The collector: `POST /v1/batch` in, a reply per event out, for pages of the shop.
//!
//! It reads no cookie, keeps no address and no User-Agent, and answers 2xx only for what is in the database.

pub mod allow;
pub mod batch;
mod coding;
pub mod cors;
pub mod limit;
pub mod policy;
pub mod rate;
pub mod reply;

use crate::app::App;
use crate::respond;
use crate::store::StoreError;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router, middleware};
use batch::Batch;
use std::time::Instant;

/// After how many seconds a widget may come again when the collector is too busy or its disk is full.
pub(crate) const RETRY_AFTER: HeaderValue = HeaderValue::from_static("30");

/// What a shop is told whose key is not taken here.
pub(crate) const NOT_OURS: &str = "\"key\" is not one of this collector's; its --key names those that are";

/// Routes of the collector, to be nested under `/v1`.
pub fn router(app: &App) -> Router<App> {
    Router::new()
        .route("/batch", post(take).options(cors::preflight))
        // Inside the layer, so that a page can read this answer as well.
        .method_not_allowed_fallback(respond::method_not_allowed)
        .layer(middleware::map_response(cors::coding))
        .layer(middleware::from_fn_with_state(app.clone(), cors::pages))
}

async fn take(State(app): State<App>, headers: HeaderMap, body: Body) -> Response {
    let response = judge(&app, &headers, body).await;
    app.metrics.answered(response.status());
    response
}

async fn judge(app: &App, headers: &HeaderMap, body: Body) -> Response {
    if !is_batch_type(headers) {
        return respond::error(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "send a batch as content-type text/plain or application/json",
        );
    }
    let bytes = match limit::read(body).await {
        Ok(bytes) => bytes,
        Err(refusal) => return refusal.into_response(),
    };
    let began = Instant::now();
    let bytes = match coding::plain(headers, bytes) {
        Ok(bytes) => bytes,
        Err(why) => return why.into_response(),
    };
    let mut batch = match Batch::parse(&bytes) {
        Ok(batch) => batch,
        Err(why) => return respond::error(StatusCode::BAD_REQUEST, &why.to_string()),
    };
    if !app.policy.allowed.takes_key(&batch.key) {
        return respond::error(StatusCode::FORBIDDEN, NOT_OURS);
    }
    if let Err(seconds) = app.policy.rate.take(&batch.key, batch.events.len(), began) {
        let mut response = respond::error(
            StatusCode::TOO_MANY_REQUESTS,
            "this shop sends more than its --rate; send the same batch again later",
        );
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        return response;
    }
    app.policy.apply(&mut batch, headers);
    match app.store.ingest(batch).await {
        Ok(reply) => {
            app.metrics.stored(&reply, began.elapsed());
            ([respond::NO_STORE, respond::NO_SNIFF], Json(reply)).into_response()
        }
        Err(why) => unavailable(why),
    }
}

/// `text/plain` is what widgets send (it needs no preflight), JSON is what people and other tools send.
fn is_batch_type(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("text/plain") || essence.eq_ignore_ascii_case("application/json")
}

fn unavailable(why: StoreError) -> Response {
    let sentence = match why {
        StoreError::Busy => "the collector is busy; send the same batch again later",
        StoreError::Database | StoreError::Closed => "the batch could not be stored; send the same batch again later",
    };
    let mut response = respond::error(StatusCode::SERVICE_UNAVAILABLE, sentence);
    response.headers_mut().insert(header::RETRY_AFTER, RETRY_AFTER);
    response
}
