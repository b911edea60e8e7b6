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
use std::collections::BTreeMap;

/// Keeps the link while its holder looks around.
const COOKIE: &str = "polku_share";
const PURPOSE: &str = "share";
/// What can be shared: the view as it is named in the page's address, and its answer.
const VIEWS: [(&str, &str); 9] = [
    ("map", "/api/map"),
    ("paths", "/api/paths"),
    ("friction", "/api/friction"),
    ("voice", "/api/voice"),
    ("gap", "/api/gap"),
    ("compare", "/api/groups"),
    ("products", "/api/products"),
    ("service", "/api/service"),
    ("prompts", "/api/prompts"),
];
/// The page that draws them.
const PAGE: &str = "/map/";
/// Who reads: the page asks what it may draw.
const READER: &str = "/api/reader";
/// What the answers take: the filter, and what some of them take beside.
const WANTED: [&str; 13] = [
    "since", "until", "door", "campaign", "device", "lang", "bought", "variant", "key", "by", "outcome", "stage",
    "purpose",
];
/// Letters of a word of a filter.
const WORD: usize = 200;
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
    /// The filter, which is the link's and not its holder's to choose: what two of them differ by could be one shopper.
    #[serde(default)]
    wanted: BTreeMap<String, String>,
    /// Unix seconds.
    until: i64,
    /// Whose journeys are counted: never more than whoever made the link could read.
    pub(super) scope: Scope,
}

impl Share {
    /// Whether it opens this: the answer of its view with its filter, and what the page that draws it needs.
    pub(super) fn opens(&self, method: &Method, uri: &Uri) -> bool {
        let Some((_, answer)) = VIEWS.into_iter().find(|(view, _)| *view == self.view) else { return false };
        let path = uri.path();
        let page = path.starts_with(PAGE) || path == PAGE.trim_end_matches('/');
        *method == Method::GET && (path == answer && self.is_wanted(uri) || path == CHANGES || path == READER || page)
    }

    /// Whether an address asks for its filter and no other.
    fn is_wanted(&self, uri: &Uri) -> bool {
        let asked: Vec<_> = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes())
            .filter(|(name, _)| name != "share")
            .collect();
        asked.len() == self.wanted.len()
            && self.wanted.iter().all(|wanted| {
                asked.iter().any(|(name, value)| (&**name, &**value) == (wanted.0.as_str(), wanted.1.as_str()))
            })
    }

    /// Where the page shows it.
    fn place(&self) -> String {
        if self.view == "map" && self.wanted.is_empty() {
            return PAGE.to_owned();
        }
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.wanted).finish();
        format!("{PAGE}#/{}{}{query}", self.view, if query.is_empty() { "" } else { "?" })
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
        let mut pairs = form_urlencoded::parse(uri.query()?.as_bytes());
        let (_, token) = pairs.find(|(name, _)| name == "share")?;
        self.read(&token, now())
    }

    fn read(&self, token: &str, now: i64) -> Option<Share> {
        let payload = self.0.open(PURPOSE, token)?;
        serde_json::from_slice(&payload).ok().filter(|share: &Share| share.until > now)
    }
}

/// The address as the view takes it, whose filter knows of no links.
pub(super) fn without_link(uri: &Uri) -> Uri {
    let pairs = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).filter(|(name, _)| name != "share");
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    let address = if query.is_empty() { uri.path().to_owned() } else { format!("{}?{query}", uri.path()) };
    address.parse().unwrap_or_else(|_| uri.clone())
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    view: String,
    days: Option<i64>,
    #[serde(default)]
    wanted: BTreeMap<String, String>,
}

/// `POST /api/share {"view":"paths","days":7,"wanted":{"door":"mail"}}`: a link.
pub(super) async fn make(
    State(app): State<App>,
    Extension(reader): Extension<Reader>,
    asked: Result<Json<Asked>, JsonRejection>,
) -> Response {
    let refused = |why: &str| respond::error(StatusCode::BAD_REQUEST, why);
    let Ok(Json(Asked { view, days, wanted })) = asked else {
        return refused(r#"send JSON: {"view":"map","days":7,"wanted":{"door":"mail"}}"#);
    };
    let days = days.unwrap_or(DAYS);
    if !VIEWS.iter().any(|(known, _)| *known == view) {
        return refused(&format!("\"view\" must be one of {}", VIEWS.map(|(view, _)| view).join(", ")));
    }
    if !(1..=MOST_DAYS).contains(&days) {
        return refused("\"days\" must be from 1 to 90");
    }
    if let Some(name) = wanted.keys().find(|name| !WANTED.contains(&name.as_str())) {
        return refused(&format!("\"wanted\" has no \"{name}\"; it may have {}", WANTED.join(", ")));
    }
    if let Some((name, _)) = wanted.iter().find(|(_, value)| value.is_empty() || value.len() > WORD) {
        return refused(&format!("\"wanted.{name}\" must have 1 to {WORD} letters"));
    }
    let share = Share { view, wanted, until: now() + days * 24 * 60 * 60, scope: reader.scope().clone() };
    let Ok(payload) = serde_json::to_vec(&share) else {
        return respond::error(StatusCode::INTERNAL_SERVER_ERROR, "the link could not be made");
    };
    let token = app.access.shares.0.seal(PURPOSE, &payload);
    let made = json!({ "link": format!("/share/{token}"), "until": share.until });
    (StatusCode::CREATED, [NO_STORE, NO_SNIFF], Json(made)).into_response()
}

/// `GET /api/reader`: who reads, as far as the page has to know.
pub(super) async fn reader(
    State(app): State<App>,
    Extension(reader): Extension<Reader>,
    headers: HeaderMap,
) -> Response {
    let shared = match &reader {
        Reader::Shared(Share { view, wanted, until, .. }) => {
            json!({ "view": view, "wanted": wanted, "until": until })
        }
        Reader::Own(_) => serde_json::Value::Null,
    };
    // Somebody whom a proxy has let in signs out there.
    let signed_in =
        shared.is_null() && app.access.locks.passwords.is_some() && app.access.sessions.of(&headers).is_some();
    ([NO_STORE, NO_SNIFF], Json(json!({ "signed_in": signed_in, "shared": shared }))).into_response()
}

/// `GET /share/…`: remembers the link in a cookie, and goes to what it shows.
pub(super) async fn open(State(app): State<App>, Path(token): Path<String>, headers: HeaderMap) -> Response {
    let now = now();
    let Some(share) = app.access.shares.read(&token, now) else {
        return super::login::show(StatusCode::GONE, &headers, "gone", "", "");
    };
    // Lax, and not strict: a link in a mail is a step from another site, and the step after it is that page.
    let secure = if proxy::is_https(&headers) { "; Secure" } else { "" };
    let cookie = format!("{COOKIE}={token}; Path=/; Max-Age={}; HttpOnly; SameSite=Lax{secure}", share.until - now);
    match HeaderValue::from_str(&cookie) {
        Ok(cookie) => {
            let referrer = (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
            ([NO_STORE, referrer, (header::SET_COOKIE, cookie)], Redirect::to(&share.place())).into_response()
        }
        Err(_) => super::login::show(StatusCode::GONE, &headers, "gone", "", ""),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn share(view: &str, wanted: &[(&str, &str)]) -> Share {
        let wanted = wanted.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Share { view: view.into(), wanted, until: 1000, scope: Scope::All }
    }

    #[test]
    fn a_link_opens_its_view_and_no_more() {
        let share = share("map", &[]);
        let opens = |method: Method, uri: &str| share.opens(&method, &uri.parse().unwrap());
        for good in ["/api/map", "/api/map?share=x", "/map/", "/map", "/map/map.js", "/api/changes", "/api/reader"] {
            assert!(opens(Method::GET, good), "{good}");
        }
        for bad in [
            "/api/journeys",
            "/api/journeys/0000000000000001",
            "/api/cell?stage=decision&lens=tech",
            "/api/statements",
            "/api/filters",
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
    fn a_link_holds_its_filter() {
        let share = share("compare", &[("by", "door"), ("campaign", "autumn & winter")]);
        assert_eq!(share.place(), "/map/#/compare?by=door&campaign=autumn+%26+winter");
        let opens = |uri: &str| share.opens(&Method::GET, &uri.parse().unwrap());
        for good in [
            "/api/groups?by=door&campaign=autumn+%26+winter",
            "/api/groups?campaign=autumn%20%26%20winter&by=door&share=x",
        ] {
            assert!(opens(good), "{good}");
        }
        for bad in [
            "/api/groups",
            "/api/groups?by=door",
            "/api/groups?by=device&campaign=autumn+%26+winter",
            "/api/groups?by=door&campaign=autumn+%26+winter&lang=fi",
            "/api/groups?by=door&by=door",
            "/api/paths",
        ] {
            assert!(!opens(bad), "{bad}");
        }
        assert_eq!(self::share("gap", &[]).place(), "/map/#/gap");
    }

    #[test]
    fn a_link_ends() {
        let shares = Shares::new(Signer::new([1; 32]));
        let share = share("map", &[]);
        let token = shares.0.seal(PURPOSE, &serde_json::to_vec(&share).unwrap());
        assert_eq!(shares.read(&token, 999), Some(share));
        assert_eq!(shares.read(&token, 1000), None);
        let uri = format!("/api/map?share={token}").parse().unwrap();
        assert_eq!(shares.named(&uri), None, "long over");
        // One that was made before links had filters.
        let old = shares.0.seal(PURPOSE, br#"{"view":"map","until":1000,"scope":"all"}"#);
        assert!(shares.read(&old, 999).is_some_and(|share| share.wanted.is_empty()));
    }
}
