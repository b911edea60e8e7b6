//! Keeps pages of other hosts from reading the map through the shop owner's browser.
//!
//! There are no CORS headers on reads, so a foreign page cannot read an answer. It could still give its own name the
//! address 127.0.0.1 and ask as "the same origin" (DNS rebinding); the name that it asks for gives it away. A proxy on this machine
//! that lends the loopback to the whole world gives itself away by its headers.

use crate::access::proxy;
use crate::app::App;
use crate::respond;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::Response;

/// Wraps routes that only the server's own pages may read.
pub fn own_host_only(routes: Router<App>, app: &App) -> Router<App> {
    if app.loopback_only { routes.layer(middleware::from_fn_with_state((), check)) } else { routes }
}

async fn check(State(()): State<()>, request: Request, next: Next) -> Response {
    let host = host(&request).unwrap_or_default();
    if !is_loopback_name(host) {
        return respond::error(
            StatusCode::FORBIDDEN,
            "the map answers to 127.0.0.1 and localhost; to reach it by another name start polku with --password-file",
        );
    }
    if proxy::is_forwarded(request.headers()) {
        return respond::error(
            StatusCode::FORBIDDEN,
            "a proxy stands in front of this server, and nothing says who may read; start polku with --password-file or --identity-header",
        );
    }
    if is_foreign_fetch(request.headers()) {
        return respond::error(StatusCode::FORBIDDEN, "pages of other sites may not read the map");
    }
    next.run(request).await
}

pub(crate) fn host(request: &Request) -> Option<&str> {
    request.uri().host().or_else(|| request.headers().get(header::HOST)?.to_str().ok())
}

/// A link from elsewhere may open the map; only a script or an embedded element of another site is turned away.
pub(crate) fn is_foreign_fetch(headers: &HeaderMap) -> bool {
    let value = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    matches!(value("sec-fetch-site"), "cross-site" | "same-site") && value("sec-fetch-mode") != "navigate"
}

pub(crate) fn is_loopback_name(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.rsplit_once(':').map_or(host, |(name, _)| name),
    };
    name.eq_ignore_ascii_case("localhost") || name.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_machine_pass() {
        for good in ["localhost", "LOCALHOST:8600", "127.0.0.1:8600", "127.0.0.1", "[::1]:8600", "127.0.0.2:1"] {
            assert!(is_loopback_name(good), "{good}");
        }
        for bad in
            ["", "evil.example", "evil.example:8600", "localhost.evil.example", "127.0.0.1.evil.example", "10.0.0.1"]
        {
            assert!(!is_loopback_name(bad), "{bad}");
        }
    }
}
