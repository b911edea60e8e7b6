//! Small answers that every route shares.

use axum::Json;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// A header whose value is known when the program is written.
pub type FixedHeader = (HeaderName, HeaderValue);

/// Nothing that answers personal or changing data may be kept on the way.
pub const NO_STORE: FixedHeader = (header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
/// Browsers must not guess another type than the one that is said.
pub const NO_SNIFF: FixedHeader = (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));

/// `{"error": sentence}` with a status.
pub fn error(status: StatusCode, sentence: &str) -> Response {
    (status, [NO_STORE, NO_SNIFF], Json(json!({ "error": sentence }))).into_response()
}

/// The answer where there is nothing.
pub async fn not_found() -> Response {
    error(StatusCode::NOT_FOUND, "there is nothing at this address")
}

/// The answer to a method that the address does not know.
pub async fn method_not_allowed() -> Response {
    error(StatusCode::METHOD_NOT_ALLOWED, "this address does not take this method")
}
