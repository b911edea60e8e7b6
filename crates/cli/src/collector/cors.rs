//! Which pages may write, and read the answers: those of the origins that it takes. Reads have no such headers at all.

use crate::app::App;
use crate::respond;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Browsers cap this themselves (Chromium at two hours).
const PREFLIGHT_LIFE: HeaderValue = HeaderValue::from_static("7200");

/// Answers the question that a browser asks before it sends JSON.
pub async fn preflight() -> Response {
    let headers = [
        (header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("POST")),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("content-type, content-encoding")),
        (header::ACCESS_CONTROL_MAX_AGE, PREFLIGHT_LIFE),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}

/// Turns pages of other origins away, and lets those that may write read the answer, refusals included: a widget that cannot read 413
/// would retry for ever.
///
/// A page sends a batch as plain text, for which its browser does not ask first: to keep the headers back would hide the answer and
/// store the batch.
pub async fn pages(State(app): State<App>, request: Request, next: Next) -> Response {
    let allowed = &app.policy.allowed;
    let origin = request.headers().get(header::ORIGIN).cloned();
    if !allowed.takes_origin(request.headers()) {
        let mut refusal = respond::error(
            StatusCode::FORBIDDEN,
            "pages of this origin may not write here; the collector's --origin names those that may",
        );
        refusal.headers_mut().insert(header::VARY, HeaderValue::from_static("origin"));
        return refusal;
    }
    let mut response = next.run(request).await;
    let headers: &mut HeaderMap = response.headers_mut();
    if allowed.any_origin() {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    } else {
        headers.insert(header::VARY, HeaderValue::from_static("origin"));
        if let Some(origin) = origin {
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        }
    }
    headers.entry(header::ACCESS_CONTROL_EXPOSE_HEADERS).or_insert(HeaderValue::from_static("retry-after"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// RFC 7694: a widget that reads this sends its next batches so.
pub async fn coding(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("retry-after, accept-encoding"));
    headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
    response
}
