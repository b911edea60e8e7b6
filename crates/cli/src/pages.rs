//! The pages of the command: the journey map, embedded, under a policy that lets nothing else in.

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

/// No inline script or style, no other host, no frame around it, no form.
const POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
                      object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Routes of the pages.
pub fn router(app: &App) -> Router<App> {
    let map = Router::new()
        .route("/map", get(|| async { Redirect::permanent("/map/") }))
        .route("/map/", get(|| async { embedded("index.html") }))
        .route("/map/{*path}", get(|Path(path): Path<String>| async move { embedded(&path) }));
    guard::own_host_only(map, app)
}

fn embedded(path: &str) -> Response {
    let Some(file) = MapFiles::get(path) else {
        return respond::error(StatusCode::NOT_FOUND, "the map has no such file");
    };
    let headers = [
        (header::CONTENT_TYPE, mime(path)),
        // Files without a hash in a local command: always the ones of this build.
        NO_STORE,
        NO_SNIFF,
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
    ];
    (headers, file.data).into_response()
}
