//! The embedded files of `www/shop`, and how they are served.

use std::sync::LazyLock;

use axum::{
    extract::Path,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use rust_embed::RustEmbed;
use serde::de::DeserializeOwned;

#[derive(RustEmbed)]
#[folder = "../../www/shop"]
struct Files;

/// Names the content of all assets together. It is a folder in their addresses (`assets/<version>/shop.js`), so that
/// modules which import each other by relative paths change their addresses together, and all may be cached for good.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let mut names: Vec<_> = Files::iter().filter(|name| name.starts_with("assets/")).collect();
    names.sort();
    let mut hash = Fnv::new();
    for name in names {
        hash.write(name.as_bytes());
        if let Some(file) = Files::get(&name) {
            hash.write(&file.metadata.sha256_hash());
        }
    }
    format!("{:012x}", hash.0 & 0xffff_ffff_ffff)
});

/// The folder of the assets' present version.
pub(super) fn version() -> &'static str {
    &VERSION
}

/// An embedded file as text.
pub(super) fn embedded_text(name: &str) -> Option<String> {
    let file = Files::get(name)?;
    String::from_utf8(file.data.into_owned()).ok()
}

/// The names of the embedded files.
pub(super) fn names() -> Vec<String> {
    Files::iter().map(|name| name.into_owned()).collect()
}

/// An embedded JSON file.
///
/// # Panics
/// When the file is missing or malformed: that is a fault of the build, which the tests see, never of a request.
pub(super) fn embedded_json<T: DeserializeOwned>(name: &str) -> T {
    let file = Files::get(name).unwrap_or_else(|| panic!("{name} is not embedded"));
    serde_json::from_slice(&file.data).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// `GET /assets/<version>/<path>`, kept for good, and `GET /assets/<path>`, asked again each time.
pub(super) async fn asset(Path(path): Path<String>, headers: HeaderMap) -> Response {
    let plain = path.strip_prefix(version()).and_then(|rest| rest.strip_prefix('/'));
    let cache = if plain.is_some() { "public, max-age=31536000, immutable" } else { "no-cache" };
    file(&format!("assets/{}", plain.unwrap_or(&path)), cache, &headers)
}

/// `GET /prompts.json`: the definitions of the shop's prompts, where they were embedded.
pub(super) async fn prompts(headers: HeaderMap) -> Response {
    file("prompts.json", "no-cache", &headers)
}

fn file(name: &str, cache: &'static str, request: &HeaderMap) -> Response {
    let Some(file) = Files::get(name) else {
        return (StatusCode::NOT_FOUND, [(header::CACHE_CONTROL, "no-store")], "not found\n").into_response();
    };
    let mut hash = Fnv::new();
    hash.write(&file.metadata.sha256_hash());
    let tag = format!("\"{:016x}\"", hash.0);
    let known = request.get(header::IF_NONE_MATCH).is_some_and(|value| value.as_bytes() == tag.as_bytes());

    let mut response =
        if known { StatusCode::NOT_MODIFIED.into_response() } else { file.data.into_owned().into_response() };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(mime(name)));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    response
}

fn mime(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}

/// FNV-1a: short names of content that is hashed already.
struct Fnv(u64);

impl Fnv {
    fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}
