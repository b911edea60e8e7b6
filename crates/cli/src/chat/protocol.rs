//! `GET /v1/chat` and `POST /v1/chat/{conversation}`.

use super::address::Sender;
use super::store::{Found, Posted};
use super::{later, unavailable};
use crate::app::App;
use crate::collector::NOT_OURS;
use crate::respond::{self, NO_SNIFF, NO_STORE};
use axum::Json;
use axum::body::Body as HttpBody;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt as _;
use polku_core::desk::{Body, MAX_BODY, Refused, is_conversation, is_key};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::time::Duration;

/// What is read and thrown away beyond the limit, so that an honest sender gets to read the answer before the connection ends.
const MAX_DRAINED: usize = 2 * 1024 * 1024;
/// A slow phone on a bad network needs seconds; a minute is somebody holding the connection.
const MAX_TIME: Duration = Duration::from_secs(30);

#[derive(Debug, Deserialize)]
pub(super) struct Whose {
    key: Option<String>,
}

/// Whether somebody answers.
pub(super) async fn state(State(app): State<App>, whose: Result<Query<Whose>, QueryRejection>) -> Response {
    #[derive(Serialize)]
    struct Told {
        polku_chat: u8,
        #[serde(flatten)]
        state: super::state::State,
    }
    match whose {
        Ok(Query(Whose { key: Some(key) })) if is_key(&key) => {
            if !app.policy.allowed.takes_key(&key) {
                return wrong(StatusCode::FORBIDDEN, "key", NOT_OURS);
            }
            let told = Told { polku_chat: 1, state: app.chat.state().await };
            ([NO_STORE, NO_SNIFF], Json(told)).into_response()
        }
        _ => wrong(StatusCode::BAD_REQUEST, "key", "\"key\" must be given once, 1 to 64 letters, digits, - or _"),
    }
}

/// Takes what a page has to say.
pub(super) async fn post(
    State(app): State<App>,
    sender: Sender,
    Path(name): Path<String>,
    headers: HeaderMap,
    body: HttpBody,
) -> Response {
    let bytes = match tokio::time::timeout(MAX_TIME, read(body)).await {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(refusal)) => return refusal,
        Err(_) => return respond::error(StatusCode::REQUEST_TIMEOUT, "the body did not arrive within 30 seconds"),
    };
    if !is_conversation(&name) {
        return unknown();
    }
    if !is_text(&headers) {
        let sentence = "send a message as content-type text/plain or application/json";
        return respond::error(StatusCode::UNSUPPORTED_MEDIA_TYPE, sentence);
    }
    let body = match Body::parse(&bytes) {
        Ok(body) => body,
        Err(Refused { too_long, field, error }) => {
            let status = if too_long { StatusCode::PAYLOAD_TOO_LARGE } else { StatusCode::BAD_REQUEST };
            return wrong(status, &field, &error);
        }
    };
    if !app.policy.allowed.takes_key(&body.key) {
        return wrong(StatusCode::FORBIDDEN, "key", NOT_OURS);
    }
    let chat = &app.chat;
    if let Err(seconds) = chat.limits.post(&name) {
        return later(StatusCode::TOO_MANY_REQUESTS, seconds, "too many messages at once; send the same again later");
    }
    match chat.store.find(name.clone()).await {
        Ok(Found::Unknown) => {
            if let Err(seconds) = chat.limits.begin(sender) {
                let sentence = "too many conversations begin at once; send the same again later";
                return later(StatusCode::TOO_MANY_REQUESTS, seconds, sentence);
            }
        }
        Ok(_) => {}
        Err(why) => return unavailable(why),
    }
    match chat.store.post(name, body).await {
        Ok(Posted::Taken { id, entries, last, changed }) => {
            if changed && let Err(why) = chat.tell(id).await {
                return unavailable(why);
            }
            ([NO_STORE, NO_SNIFF], Json(json!({ "entries": entries, "last": last }))).into_response()
        }
        Ok(Posted::Forgotten { id }) => {
            if let Err(why) = chat.tell(id.unwrap_or_default()).await {
                return unavailable(why);
            }
            ([NO_STORE, NO_SNIFF], Json(json!({ "erased": true }))).into_response()
        }
        Ok(Posted::Erased) => erased(),
        Ok(Posted::Unknown) => unknown(),
        Ok(Posted::Full) => {
            wrong(StatusCode::PAYLOAD_TOO_LARGE, "say", "the conversation is as long as it may be; begin another")
        }
        Err(why) => unavailable(why),
    }
}

/// There is no conversation of this name.
pub(super) fn unknown() -> Response {
    respond::error(StatusCode::NOT_FOUND, "there is no such conversation")
}

/// There was one.
pub(super) fn erased() -> Response {
    respond::error(StatusCode::GONE, "this conversation is erased")
}

/// `{"error", "field"}`.
fn wrong(status: StatusCode, field: &str, error: &str) -> Response {
    (status, [NO_STORE, NO_SNIFF], Json(json!({ "error": error, "field": field }))).into_response()
}

async fn read(body: HttpBody) -> Result<Vec<u8>, Response> {
    let mut stream = body.into_data_stream();
    let (mut kept, mut seen) = (Vec::new(), 0_usize);
    while let Some(part) = stream.next().await {
        let Ok(part) = part else {
            return Err(respond::error(StatusCode::BAD_REQUEST, "the body did not arrive whole"));
        };
        seen = seen.saturating_add(part.len());
        if seen > MAX_DRAINED {
            break;
        }
        if seen <= MAX_BODY {
            kept.extend_from_slice(&part);
        }
    }
    if seen > MAX_BODY {
        let sentence = "the body is longer than 65536 bytes; send the messages in parts";
        return Err(wrong(StatusCode::PAYLOAD_TOO_LARGE, "", sentence));
    }
    Ok(kept)
}

/// `text/plain` is what pages send (it needs no preflight), JSON is what people and other tools send.
fn is_text(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("text/plain") || essence.eq_ignore_ascii_case("application/json")
}
