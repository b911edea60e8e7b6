//! A shop of one's own: fixture pages on an origin that is not Polku's.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use anyhow::Result;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use tokio::task::JoinHandle;

const SHOP: &str = include_str!("../pages/shop.html");
const STYLE: &str = include_str!("../pages/shop.css");
pub(crate) const TRAPS: &str = include_str!("../pages/traps.js");
/// One prompt that opens on a purchase at once.
pub(crate) const PROMPTS: &str = include_str!("../pages/prompts.json");

/// Calls before the tag has come, as the README has them.
pub(crate) const STUB: &str = "window.polku = window.polku || function () { (polku.q = polku.q || []).push([performance.now(), ...arguments]); };\n";
/// The shopper has agreed on an earlier page,
pub(crate) const MEASURED: &str = "polku('consent', { measure: true, since: 'earlier' });\n";
/// … and to be remembered beyond the visit.
pub(crate) const REMEMBERED: &str = "polku('consent', { measure: true, remember: true, since: 'earlier' });\n";

/// Where [`beginning`] is, a file, so that a strict policy lets it in.
pub(crate) const BEGINNING: &str = "/.beginning.js";
/// The file of a page's script that runs before the tag: its path and this.
const BEFORE: &str = ".before.js";

thread_local! {
    /// A test has a thread, and its servers with it: where they are, and what they put before all else in each page.
    static SERVED: RefCell<Served> = RefCell::default();
}

/// For engines that run no script of a test's before a page's own ([`crate::browser::Browser::before_each_page`]).
#[derive(Default)]
struct Served {
    origins: Vec<String>,
    script: String,
}

/// Another test begins.
pub(crate) fn forget() {
    SERVED.take();
}

/// What is served at `origin` from now on begins with the test's script.
pub(crate) fn serves(origin: &str) {
    SERVED.with_borrow_mut(|served| served.origins.push(origin.to_owned()));
}

/// Every page begins with this from now on.
pub(crate) fn begin_with(script: &str) {
    SERVED.with_borrow_mut(|served| served.script += &format!("{script}\n"));
}

/// What pages begin with.
pub(crate) fn beginning() -> String {
    SERVED.with_borrow(|served| served.script.clone())
}

/// A page that begins so.
pub(crate) fn begun(page: &str) -> String {
    match beginning().as_str() {
        "" => page.to_owned(),
        _ => {
            let script = format!(r#"<script src="{BEGINNING}"></script>"#);
            let (before, after) = match page.split_once("<head>") {
                Some((before, after)) => (format!("{before}<head>"), after),
                // After the doctype, or where there is none at the beginning.
                None => match page.find('>').filter(|_| page.starts_with("<!")) {
                    Some(at) => (page[..=at].to_owned(), &page[at + 1..]),
                    None => (String::new(), page),
                },
            };
            [before.as_str(), &script, after].concat()
        }
    }
}

/// Whether a page at `address` begins so.
pub(crate) fn begins(address: &str) -> bool {
    SERVED.with_borrow(|served| {
        served.script.is_empty() || served.origins.iter().any(|origin| address.starts_with(origin))
    })
}

/// A page of the shop. Its own scripts are files, so that a strict policy lets them in.
#[derive(Clone, Default)]
pub(crate) struct Page {
    tag: String,
    before: String,
    headers: Vec<(&'static str, String)>,
    nonce: String,
    body: String,
}

impl Page {
    /// With this script tag.
    pub(crate) fn new(tag: impl Into<String>) -> Self {
        Self { tag: tag.into(), ..Self::default() }
    }

    /// With a script of the shop that runs before the tag.
    pub(crate) fn before(mut self, script: &str) -> Self {
        self.before += script;
        self
    }

    /// Under this Content-Security-Policy.
    pub(crate) fn policy(self, policy: &str) -> Self {
        self.header("content-security-policy", policy)
    }

    /// Each of its scripts bears this nonce.
    pub(crate) fn nonce(mut self, nonce: &str) -> Self {
        self.nonce = format!(r#"<script nonce="{nonce}" "#);
        self
    }

    /// With this at its end.
    pub(crate) fn body(mut self, html: &str) -> Self {
        self.body = html.to_owned();
        self
    }

    /// With this header.
    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }
}

/// Polku's script tag, from the server at `polku` with a collector at `collector`, and further attributes.
pub(crate) fn tag(polku: &str, collector: &str, more: &str) -> String {
    format!(
        r#"<script async src="{polku}/polku/polku.js" data-key="pk_fixture" data-collector="{collector}" {more}></script>"#
    )
}

#[derive(Default)]
struct Shelf {
    pages: BTreeMap<String, Page>,
    files: BTreeMap<String, (StatusCode, &'static str, String)>,
    /// Who has what lies below `/polku/`.
    package: Option<String>,
}

/// The running shop. It ends when this is dropped.
pub(crate) struct Site {
    pub(crate) origin: String,
    shelf: Arc<Mutex<Shelf>>,
    task: JoinHandle<()>,
}

impl Drop for Site {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Site {
    /// A shop with `page` at `/` and at `/next`.
    pub(crate) async fn start(page: Page) -> Result<Self> {
        let shelf = Arc::new(Mutex::new(Shelf::default()));
        let router = Router::new().fallback(serve).with_state(Arc::clone(&shelf));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let origin = format!("http://{}", listener.local_addr()?);
        let task = tokio::spawn(async move {
            let _ = axum::serve(listener, router).await;
        });
        serves(&origin);
        let site = Self { origin, shelf, task };
        site.page("/next", page.clone());
        site.page("/", page);
        site.file("/prompts.json", 200, "application/json", PROMPTS);
        Ok(site)
    }

    /// Puts a page at `path`.
    pub(crate) fn page(&self, path: &str, page: Page) {
        self.shelf.lock().unwrap().pages.insert(path.to_owned(), page);
    }

    /// Puts a file at `path`.
    pub(crate) fn file(&self, path: &str, status: u16, kind: &'static str, text: &str) {
        let status = StatusCode::from_u16(status).unwrap();
        self.shelf.lock().unwrap().files.insert(path.to_owned(), (status, kind, text.to_owned()));
    }

    /// Leads from `/polku/`, where a shop has the package, to the server that has it.
    pub(crate) fn package(&self, origin: &str) {
        self.shelf.lock().unwrap().package = Some(origin.to_owned());
    }

    /// The address of `path`.
    pub(crate) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }
}

async fn serve(State(shelf): State<Arc<Mutex<Shelf>>>, request: Request) -> Response {
    let shelf = shelf.lock().unwrap();
    let path = request.uri().path();
    if let Some(page) = shelf.pages.get(path) {
        return html(path, page);
    }
    if let Some((status, kind, text)) = shelf.files.get(path) {
        // A frame without an origin may read them, too.
        let headers = [(header::CONTENT_TYPE, *kind), (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")];
        let text = if kind.starts_with("text/html") { begun(text) } else { text.clone() };
        return (*status, headers, text).into_response();
    }
    if let Some(origin) = shelf.package.as_ref().filter(|_| path.starts_with("/polku/")) {
        return Redirect::temporary(&format!("{origin}{path}")).into_response();
    }
    let (kind, text) = match path {
        "/traps.js" => ("text/javascript", TRAPS.to_owned()),
        BEGINNING => ("text/javascript", beginning()),
        "/shop.css" => ("text/css", STYLE.to_owned()),
        _ => match path.strip_suffix(BEFORE).and_then(|path| shelf.pages.get(path)) {
            Some(page) => ("text/javascript", beginning() + page.before.as_str()),
            None => return StatusCode::NOT_FOUND.into_response(),
        },
    };
    ([(header::CONTENT_TYPE, kind)], text).into_response()
}

fn html(path: &str, page: &Page) -> Response {
    let before = match page.before.is_empty() && beginning().is_empty() {
        true => String::new(),
        false => format!(r#"<script src="{path}{BEFORE}"></script>"#),
    };
    let mut text = SHOP.replace("<!--before-->", &before).replace("<!--tag-->", &page.tag);
    text = text.replace("</body>", &format!("{}</body>", page.body));
    if !page.nonce.is_empty() {
        text = text.replace("<script ", &page.nonce);
    }
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, "text/html; charset=utf-8".parse().unwrap());
    for (name, value) in &page.headers {
        headers.append(*name, value.parse().unwrap());
    }
    (headers, text).into_response()
}
