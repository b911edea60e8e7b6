//! What a request tells about its visitor: language, and the choices that the shop keeps in cookies.

use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};

use super::{BASE, lang::Lang};

/// One request for a page.
#[derive(Debug)]
pub(super) struct Visit {
    /// The language in the address.
    pub(super) address_lang: Option<Lang>,
    /// The language to answer in: that of the address, else what the browser prefers.
    pub(super) lang: Lang,
    /// The path within the shop.
    pub(super) path: String,
    query: Option<String>,
    /// `data-mode` of the widget, set by the demo's switch.
    pub(super) mode: &'static str,
    /// `granted`, `denied`, or empty while the visitor has not decided.
    pub(super) consent: &'static str,
}

impl Visit {
    /// The address of this page in another language.
    pub(super) fn address_in(&self, lang: Lang) -> String {
        let rest = match self.address_lang {
            Some(own) => self.path.get(1 + own.code().len()..).unwrap_or("/"),
            None => "/",
        };
        let query = self.query.as_ref().map(|query| format!("?{query}")).unwrap_or_default();
        format!("{BASE}/{}{rest}{query}", lang.code())
    }
}

impl<S: Sync> FromRequestParts<S> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let path = parts.uri.path().to_owned();
        let address_lang = path.split('/').nth(1).and_then(Lang::parse);
        let accepted = parts.headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let lang = address_lang.unwrap_or_else(|| Lang::preferred(accepted.unwrap_or_default()));
        Ok(Self {
            address_lang,
            lang,
            path,
            query: parts.uri.query().map(str::to_owned),
            // Closed lists: a cookie's own text never reaches the page.
            mode: choice(&parts.headers, "kk_mode", &["feedback", "strict"]).unwrap_or("strict"),
            consent: choice(&parts.headers, "kk_consent", &["granted", "denied"]).unwrap_or(""),
        })
    }
}

/// The value of a cookie where it is one of `allowed`.
fn choice(headers: &HeaderMap, name: &str, allowed: &[&'static str]) -> Option<&'static str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .and_then(|(_, value)| allowed.iter().copied().find(|choice| *choice == value))
}
