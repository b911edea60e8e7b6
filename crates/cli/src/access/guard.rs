//! Lets nobody read who may not, and no page of another site through the browser of somebody who may.

use super::{Reader, share};
use crate::app::App;
use crate::map::guard;
use crate::respond;
use crate::store::Scope;
use axum::Router;
use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Redirect, Response};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// Wraps routes that only the shop may read, and of which a shared link opens what it is for. They find a [`Reader`] in their request.
pub fn readers_only(routes: Router<App>, app: &App) -> Router<App> {
    let locked = routes.layer(middleware::from_fn_with_state(app.clone(), check));
    guard::own_host_only(locked, app)
}

async fn check(State(app): State<App>, mut request: Request, next: Next) -> Response {
    if app.access.is_set() && guard::is_foreign_fetch(request.headers()) {
        return respond::error(StatusCode::FORBIDDEN, "pages of other sites may not read the map");
    }
    let Some(reader) = reader(&app, &request) else { return shut(&app, &request) };
    if let Reader::Shared(share) = &reader
        && !share.opens(request.method(), request.uri())
    {
        return respond::error(StatusCode::FORBIDDEN, "this shared link shows aggregates of one view alone");
    }
    if *reader.scope() != Scope::All && !keeps_apart(&request) {
        return respond::error(
            StatusCode::FORBIDDEN,
            "this answer is of all shops together; you may read some of them",
        );
    }
    if reader.is_shared() {
        *request.uri_mut() = share::without_link(request.uri());
    }
    request.extensions_mut().insert(reader);
    next.run(request).await
}

/// Answers that leave out the journeys of shops that their reader may not read. One that is added counts as none of them until it is
/// written here, so that nobody is shown another's by mistake.
const APART: &[&str] = &[
    "/api/health",
    "/api/journeys",
    "/api/journeys/{id}",
    "/api/map",
    "/api/cell",
    "/api/gap",
    "/api/reader",
    "/api/prompts",
    "/api/paths",
    "/api/friction",
    "/api/groups",
    "/api/voice",
    "/api/products",
    "/api/filters",
    "/api/setup",
    "/api/goals",
    "/api/before-after",
    "/api/openapi.json",
    "/api/changes",
    "/api/share",
    "/api/statements",
];

fn keeps_apart(request: &Request) -> bool {
    let route = request.extensions().get::<MatchedPath>().map_or("/api/", MatchedPath::as_str);
    !route.starts_with("/api/") || APART.contains(&route)
}

fn reader(app: &App, request: &Request) -> Option<Reader> {
    let peer = peer(request.extensions());
    let shared = || app.access.shares.of(request.headers(), request.uri()).map(Reader::Shared);
    // Whoever may see all sees all, a link remembered or not; a link in the address itself shows what it shows to others.
    let named = app.access.shares.named(request.uri()).map(Reader::Shared);
    named.or_else(|| app.access.own(peer, request.headers())).or_else(shared)
}

/// Whose end of the connection it is.
pub(crate) fn peer(extensions: &axum::http::Extensions) -> IpAddr {
    extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(address)| address.ip())
}

/// A person is led to the login; a program is told.
fn shut(app: &App, request: &Request) -> Response {
    let path = request.uri().path();
    if app.access.locks.passwords.is_some()
        && request.method() == Method::GET
        && !path.starts_with("/api/")
        && wants_page(request.headers())
    {
        return ([respond::NO_STORE], Redirect::to(&format!("/login?next={}", super::login::safe_next(path))))
            .into_response();
    }
    let mut refusal = respond::error(
        StatusCode::UNAUTHORIZED,
        if app.access.locks.passwords.is_some() {
            "sign in at /login first"
        } else {
            "the proxy in front of this server has not said who you are"
        },
    );
    // RFC 9110, 11.6.1: a 401 names a way in. This one makes no browser ask by itself.
    refusal.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Cookie"));
    refusal
}

fn wants_page(headers: &HeaderMap) -> bool {
    match headers.get("sec-fetch-dest") {
        Some(dest) => dest == "document",
        None => true,
    }
}
