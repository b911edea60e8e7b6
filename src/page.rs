//! The document: where it is, what it is seen on, and the one attribute that Polku sets on it.

use polku_core::Input;
use wasm_bindgen::JsValue;

use crate::{driver, get};

/// What is known of the document and its browser.
pub(crate) struct Place {
    pub(crate) origin: String,
    pub(crate) path: String,
    pub(crate) referrer: String,
    pub(crate) lang: String,
    /// Width of the viewport, CSS px.
    pub(crate) width: u32,
    /// The main pointer is a finger.
    pub(crate) coarse: bool,
    /// A program drives the browser.
    pub(crate) automation: bool,
    /// Global Privacy Control is on.
    pub(crate) gpc: bool,
}

impl Place {
    /// Reads it; `None` where there is no document.
    pub(crate) fn read() -> Option<Self> {
        let window = web_sys::window()?;
        let document = window.document()?;
        let navigator = JsValue::from(window.navigator());
        let location = window.location();
        let coarse = window
            .match_media("(pointer:coarse)")
            .ok()
            .flatten()
            .is_some_and(|query| query.matches());
        Some(Self {
            origin: location.origin().ok()?,
            path: location.pathname().ok()?,
            referrer: document.referrer(),
            lang: document
                .document_element()
                .and_then(|root| root.get_attribute("lang"))
                .unwrap_or_default(),
            width: window
                .inner_width()
                .ok()
                .and_then(|width| width.as_f64())
                .unwrap_or_default() as u32,
            coarse,
            automation: get::flag(&navigator, "webdriver"),
            gpc: get::flag(&navigator, "globalPrivacyControl"),
        })
    }

    /// A view of this page that began when `performance.now()` was `at`.
    pub(crate) fn view(&self, at: f64, restored: bool) {
        driver::at(at, self.input(restored));
    }

    /// A view of this page that begins now.
    pub(crate) fn view_now(&self, restored: bool) {
        driver::now(self.input(restored));
    }

    fn input(&self, restored: bool) -> Input<'_> {
        let own_host = self
            .referrer
            .strip_prefix(&self.origin)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        Input::Page {
            path: &self.path,
            referrer: &self.referrer,
            own_host,
            restored,
        }
    }
}

/// Sets `data-polku-stage` on `<html>` to the stage that `detail` tells of, or takes it away.
pub(crate) fn set_stage(detail: Option<&str>) {
    let Some(root) = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| document.document_element())
    else {
        return;
    };
    let mut stage = None;
    if let Some(detail) = detail {
        let _ = polku_core::json::members(detail, |key, raw| {
            if key == "stage" {
                stage = polku_core::json::as_text(raw);
            }
        });
    }
    let _ = match stage {
        Some(stage) => root.set_attribute("data-polku-stage", &stage),
        None => root.remove_attribute("data-polku-stage"),
    };
}
