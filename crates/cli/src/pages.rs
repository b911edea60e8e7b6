//! The pages of the command: the journey map, the inbox and the preview of prompts, embedded, under policies that let nothing else in.

use crate::access;
use crate::app::App;
use crate::map::guard;
use crate::package::mime;
use crate::respond::{self, NO_SNIFF, NO_STORE};
use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "../../www/map/"]
struct MapFiles;

#[derive(RustEmbed)]
#[folder = "../../www/inbox/"]
struct InboxFiles;

#[derive(RustEmbed)]
#[folder = "../../www/preview/"]
struct PreviewFiles;

/// No inline script or style, no other host, no frame around it, no form.
const POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
                      object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The same, and the package's modules may run.
const PREVIEW_POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
                              object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The page in the preview's frame: the preview alone may put a frame around it.
const FRAME_POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
                            object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

/// Routes of the pages.
pub fn router(app: &App) -> Router<App> {
    let pages = Router::new()
        .route("/map", get(|| async { Redirect::permanent("/map/") }))
        .route("/map/", get(|| async { map("index.html") }))
        .route("/map/{*path}", get(|Path(path): Path<String>| async move { map(&path) }))
        .route("/preview", get(|| async { Redirect::permanent("/preview/") }))
        .route("/preview/", get(|| async { preview("index.html") }))
        .route("/preview/{*path}", get(|Path(path): Path<String>| async move { preview(&path) }));
    // The inbox has a key of its own: whoever answers shoppers need not be somebody who reads the map.
    let inbox = Router::new()
        .route("/inbox", get(|| async { Redirect::permanent("/inbox/") }))
        .route("/inbox/", get(|| async { inbox("index.html") }))
        .route("/inbox/{*path}", get(|Path(path): Path<String>| async move { inbox(&path) }));
    access::guard::readers_only(pages, app).merge(guard::own_host_only(inbox, app))
}

fn map(path: &str) -> Response {
    embedded::<MapFiles>(path, POLICY)
}

fn inbox(path: &str) -> Response {
    embedded::<InboxFiles>(path, POLICY)
}

fn preview(path: &str) -> Response {
    embedded::<PreviewFiles>(path, if path == "frame.html" { FRAME_POLICY } else { PREVIEW_POLICY })
}

fn embedded<Files: RustEmbed>(path: &str, policy: &'static str) -> Response {
    let Some(file) = Files::get(path) else {
        return respond::error(StatusCode::NOT_FOUND, "there is no such file");
    };
    let headers = [
        (header::CONTENT_TYPE, mime(path)),
        // Files without a hash in a local command: always the ones of this build.
        NO_STORE,
        NO_SNIFF,
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy)),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
    ];
    (headers, file.data).into_response()
}
