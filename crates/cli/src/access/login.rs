//! The way in and out: two pages with a form each, that work without a script.

use super::guard::peer;
use super::{password, proxy, session};
use crate::app::App;
use crate::map::guard;
use crate::respond::{self, NO_SNIFF, NO_STORE};
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Query, Request, State};
use axum::http::{Extensions, HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use minijinja::{Environment, context};
use serde::Deserialize;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

/// A form and a style sheet of this server, and nothing else.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
);
/// Where somebody goes who said nothing else.
const HOME: &str = "/map/";
/// How long somebody waits while the passwords of others are judged.
const PATIENCE: Duration = Duration::from_secs(10);

static PAGES: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut pages = Environment::new();
    // What is compiled in is right, or the tests fail.
    let _ = pages.add_template("login.html", include_str!("login.html"));
    pages
});

#[derive(Debug, Default, Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
pub(super) struct Given {
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
}

pub(super) async fn page(State(app): State<App>, Query(wanted): Query<Wanted>, headers: HeaderMap) -> Response {
    if app.access.locks.passwords.is_none() {
        return Redirect::to(HOME).into_response();
    }
    show(StatusCode::OK, &headers, "enter", &safe_next(&wanted.next), "")
}

pub(super) async fn style() -> Response {
    (
        [(header::CONTENT_TYPE, HeaderValue::from_static("text/css; charset=utf-8")), NO_STORE, NO_SNIFF],
        include_str!("login.css"),
    )
        .into_response()
}

pub(super) async fn enter(
    State(app): State<App>,
    extensions: Extensions,
    headers: HeaderMap,
    given: Result<Form<Given>, FormRejection>,
) -> Response {
    let Some(passwords) = app.access.locks.passwords.clone() else { return Redirect::to(HOME).into_response() };
    if is_of_another_site(&headers) {
        return respond::error(StatusCode::FORBIDDEN, "sign in on this server's own page");
    }
    let Ok(Form(Given { password, next })) = given else {
        return respond::error(StatusCode::BAD_REQUEST, "send a password as a form");
    };
    let next = safe_next(&next);
    let from = app.access.trusted.client(peer(&extensions), &headers);
    if let Err(seconds) = app.access.attempts.take(from, Instant::now()) {
        let mut refusal = show(StatusCode::TOO_MANY_REQUESTS, &headers, "enter", &next, "wait");
        refusal.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        return refusal;
    }
    if password.is_empty() || password.len() > password::MOST {
        return show(StatusCode::UNAUTHORIZED, &headers, "enter", &next, "wrong");
    }
    let Ok(Ok(turn)) = tokio::time::timeout(PATIENCE, app.access.hashing.acquire()).await else {
        return show(StatusCode::SERVICE_UNAVAILABLE, &headers, "enter", &next, "busy");
    };
    let scope = tokio::task::spawn_blocking(move || passwords.opens(&password)).await.ok().flatten();
    drop(turn);
    let Some(scope) = scope else { return show(StatusCode::UNAUTHORIZED, &headers, "enter", &next, "wrong") };
    app.access.attempts.forget(from);
    let cookie =
        app.access.sessions.begin(scope).ok().and_then(|value| session::set(&value, proxy::is_https(&headers)));
    let Some(cookie) = cookie else { return show(StatusCode::SERVICE_UNAVAILABLE, &headers, "enter", &next, "busy") };
    ([NO_STORE, (header::SET_COOKIE, cookie)], Redirect::to(&next)).into_response()
}

pub(super) async fn leaving(State(app): State<App>, headers: HeaderMap) -> Response {
    if app.access.locks.passwords.is_none() {
        return Redirect::to(HOME).into_response();
    }
    show(StatusCode::OK, &headers, "leave", HOME, "")
}

pub(super) async fn leave(State(app): State<App>, request: Request) -> Response {
    let headers = request.headers();
    if is_of_another_site(headers) {
        return respond::error(StatusCode::FORBIDDEN, "sign out on this server's own page");
    }
    app.access.sessions.end(headers);
    let cookie = session::set("", proxy::is_https(headers)).unwrap_or(HeaderValue::from_static(""));
    ([NO_STORE, (header::SET_COOKIE, cookie)], Redirect::to("/login")).into_response()
}

/// A form of another site must neither sign somebody in as somebody else, nor out.
fn is_of_another_site(headers: &HeaderMap) -> bool {
    let site = headers.get("sec-fetch-site").and_then(|value| value.to_str().ok()).unwrap_or_default();
    guard::is_foreign_fetch(headers) || matches!(site, "cross-site" | "same-site")
}

/// A path of ours that a person reads; anything else is the map. An address of another server must not come out of here.
pub(super) fn safe_next(next: &str) -> String {
    let ours = ["/map/", "/preview/", "/inbox/"].iter().any(|page| next.starts_with(page));
    let plain = next.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_' | b'.'));
    (if ours && plain && !next.contains("//") { next } else { HOME }).to_owned()
}

pub(super) fn show(status: StatusCode, headers: &HeaderMap, page: &str, next: &str, trouble: &str) -> Response {
    let languages = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let lang = if languages.trim_start().to_ascii_lowercase().starts_with("fi") { "fi" } else { "en" };
    let text =
        PAGES.get_template("login.html").and_then(|template| template.render(context! { lang, page, next, trouble }));
    let Ok(text) = text else { return respond::error(StatusCode::INTERNAL_SERVER_ERROR, "the page could not be made") };
    let of_page = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (header::VARY, HeaderValue::from_static("accept-language")),
        NO_STORE,
        NO_SNIFF,
    ];
    (status, of_page, text).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_elsewhere() {
        for good in ["/map/", "/map/journeys.js", "/preview/", "/preview/frame.html"] {
            assert_eq!(safe_next(good), good);
        }
        for bad in [
            "",
            "/",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/map//evil.example",
            "/map/?x=\"",
            "/login",
            "/map/\r\nx",
        ] {
            assert_eq!(safe_next(bad), HOME, "{bad}");
        }
    }
}
