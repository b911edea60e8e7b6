//! Links that let somebody outside look at aggregates for some days. The link itself says what it opens and until when, and is signed.

use super::sign::Signer;
use super::{Reader, cookie, now, proxy};
use crate::app::App;
use crate::respond::{self, NO_SNIFF, NO_STORE};
use crate::store::Scope;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Keeps the link while its holder looks around.
const COOKIE: &str = "polku_share";
const PURPOSE: &str = "share";
/// What can be shared: the view, its answer, and the page that draws it.
const VIEWS: [(&str, &str, &str); 2] = [("map", "/api/map", "/map/"), ("prompts", "/api/prompts", "/map/")];
/// When to read again: the page that draws a view asks. Here it is told by the clock, and not by what happens in the shop.
const CHANGES: &str = "/api/changes";
/// Days that a link lives where nothing is said, and at most.
const DAYS: i64 = 7;
const MOST_DAYS: i64 = 90;

/// What a link opens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// One of the views.
    view: String,
    /// Unix seconds.
    until: i64,
    /// Whose journeys are counted: never more than whoever made the link could read.
    pub(super) scope: Scope,
}

impl Share {
    /// Whether it opens this. Filters are not for others: what two of them differ by could be one shopper.
    pub(super) fn opens(&self, method: &Method, uri: &Uri) -> bool {
        let Some((_, answer, page)) = VIEWS.into_iter().find(|(view, _, _)| *view == self.view) else { return false };
        let path = uri.path();
        let filtered = path == answer && parameters(uri).any(|(name, _)| name != "share");
        *method == Method::GET
            && !filtered
            && (path == answer || path == CHANGES || path.starts_with(page) || path == page.trim_end_matches('/'))
    }
}

/// What links are signed with: kept in the database, so that they outlive a restart.
#[derive(Debug)]
pub(super) struct Shares(Signer);

impl Shares {
    pub(super) fn new(signer: Signer) -> Self {
        Self(signer)
    }

    /// The link that these headers or this address hold, while it lives.
    pub(super) fn of(&self, headers: &HeaderMap, uri: &Uri) -> Option<Share> {
        self.named(uri).or_else(|| self.read(cookie(headers, COOKIE)?, now()))
    }

    /// The link in the address itself.
    pub(super) fn named(&self, uri: &Uri) -> Option<Share> {
        let token = parameters(uri).find_map(|(name, value)| (name == "share").then_some(value))?;
        self.read(token, now())
    }

    fn read(&self, token: &str, now: i64) -> Option<Share> {
        let payload = self.0.open(PURPOSE, token)?;
        serde_json::from_slice(&payload).ok().filter(|share: &Share| share.until > now)
    }
}

fn parameters(uri: &Uri) -> impl Iterator<Item = (&str, &str)> {
    uri.query()
        .unwrap_or_default()
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    view: String,
    days: Option<i64>,
}

/// `POST /api/share {"view":"map","days":7}`: a link.
pub(super) async fn make(
    State(app): State<App>,
    Extension(reader): Extension<Reader>,
    asked: Result<Json<Asked>, JsonRejection>,
) -> Response {
    let Ok(Json(Asked { view, days })) = asked else {
        return respond::error(StatusCode::BAD_REQUEST, r#"send JSON: {"view":"map","days":7}"#);
    };
    let days = days.unwrap_or(DAYS);
    if !VIEWS.iter().any(|(known, _, _)| *known == view) {
        return respond::error(StatusCode::BAD_REQUEST, "\"view\" must be \"map\" or \"prompts\"");
    }
    if !(1..=MOST_DAYS).contains(&days) {
        return respond::error(StatusCode::BAD_REQUEST, "\"days\" must be from 1 to 90");
    }
    let share = Share { view, until: now() + days * 24 * 60 * 60, scope: reader.scope().clone() };
    let Ok(payload) = serde_json::to_vec(&share) else {
        return respond::error(StatusCode::INTERNAL_SERVER_ERROR, "the link could not be made");
    };
    let token = app.access.shares.0.seal(PURPOSE, &payload);
    let made = json!({ "link": format!("/share/{token}"), "until": share.until });
    (StatusCode::CREATED, [NO_STORE, NO_SNIFF], Json(made)).into_response()
}

/// `GET /share/…`: remembers the link in a cookie, and goes to what it shows.
pub(super) async fn open(State(app): State<App>, Path(token): Path<String>, headers: HeaderMap) -> Response {
    let now = now();
    let Some(share) = app.access.shares.read(&token, now) else {
        return super::login::show(StatusCode::GONE, &headers, "gone", "", "");
    };
    let page = VIEWS.into_iter().find(|(view, _, _)| *view == share.view).map_or("/map/", |(_, _, page)| page);
    // Lax, and not strict: a link in a mail is a step from another site, and the step after it is that page.
    let secure = if proxy::is_https(&headers) { "; Secure" } else { "" };
    let cookie = format!("{COOKIE}={token}; Path=/; Max-Age={}; HttpOnly; SameSite=Lax{secure}", share.until - now);
    match HeaderValue::from_str(&cookie) {
        Ok(cookie) => {
            let referrer = (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
            ([NO_STORE, referrer, (header::SET_COOKIE, cookie)], Redirect::to(page)).into_response()
        }
        Err(_) => super::login::show(StatusCode::GONE, &headers, "gone", "", ""),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_link_opens_its_view_and_no_more() {
        let share = Share { view: "map".into(), until: 0, scope: Scope::All };
        let opens = |method: Method, uri: &str| share.opens(&method, &uri.parse().unwrap());
        for good in ["/api/map", "/api/map?share=x", "/map/", "/map", "/map/map.js", "/api/changes"] {
            assert!(opens(Method::GET, good), "{good}");
        }
        for bad in [
            "/api/journeys",
            "/api/journeys/0000000000000001",
            "/api/prompts",
            "/api/map/",
            "/api/map?door=mail",
            "/preview/",
            "/api/share",
            "/",
        ] {
            assert!(!opens(Method::GET, bad), "{bad}");
        }
        assert!(!opens(Method::POST, "/api/map"));
    }

    #[test]
    fn a_link_ends() {
        let shares = Shares::new(Signer::new([1; 32]));
        let share = Share { view: "map".into(), until: 1000, scope: Scope::All };
        let token = shares.0.seal(PURPOSE, &serde_json::to_vec(&share).unwrap());
        assert_eq!(shares.read(&token, 999), Some(share));
        assert_eq!(shares.read(&token, 1000), None);
        let uri = format!("/api/map?share={token}").parse().unwrap();
        assert_eq!(shares.named(&uri), None, "long over");
    }
}
