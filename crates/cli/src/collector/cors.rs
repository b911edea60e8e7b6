//! Who may write: every origin. The key in a tag is public, so an allow-list here would protect nothing yet; reads have
//! no such headers at all.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
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

/// Lets the page read the answer, refusals included: a widget that cannot read 413 would retry for ever.
pub async fn open(mut response: Response) -> Response {
    let headers: &mut HeaderMap = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("retry-after, accept-encoding"));
    // RFC 7694: a widget that reads this sends its next batches so.
    headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
