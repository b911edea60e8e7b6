//! Shops that were built with bundlers (`tests/bundlers/`, built by `cargo xtask bundlers`), and a page that is a plain file.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use tokio::task::JoinHandle;

use crate::Done;
use crate::browser::{self, Browser};
use crate::server::{Server, count, first, text};
use crate::site::TRAPS;

/// A folder under an origin of its own. It ends when this is dropped.
struct Folder {
    origin: String,
    task: JoinHandle<()>,
}

impl Drop for Folder {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Folder {
    async fn start(root: PathBuf) -> Result<Self> {
        let router = Router::new().fallback(serve).with_state(root);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let origin = format!("http://{}", listener.local_addr()?);
        let task = tokio::spawn(async move {
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { origin, task })
    }
}

async fn serve(State(root): State<PathBuf>, request: Request) -> Response {
    let path = request.uri().path().trim_start_matches('/');
    let path = if path.is_empty() { "index.html" } else { path };
    let kind = match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript",
        Some("json") => "application/json",
        Some("wasm") => "application/wasm",
        Some("css") => "text/css",
        _ => "text/plain",
    };
    match std::fs::read(root.join(path)) {
        Ok(bytes) => ([(header::CONTENT_TYPE, kind)], bytes).into_response(),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Where the built shops are; nothing where they cannot be had, and that is said.
fn built() -> Option<PathBuf> {
    let built = std::env::var_os("POLKU_BUNDLERS").map(PathBuf::from);
    if built.is_none() {
        let why = std::env::var("POLKU_NO_BUNDLERS");
        println!("skipped: {}", why.as_deref().unwrap_or("no shop is built: `cargo xtask bundlers` builds them"));
    }
    built
}

/// Opens a built shop, agrees, looks at a product, and sees that each reached the collector once.
async fn shops(browser: &Browser, root: &Path, page: &str) -> Result<(Server, Folder)> {
    let server = Server::start()?;
    let folder = Folder::start(root.to_owned()).await?;
    browser.before_each_page(TRAPS).await?;
    browser.open(&format!("{}/{page}?collector={}", folder.origin, server.collector())).await?;
    assert_eq!(
        browser.until("document.querySelector('#stage')?.textContent").await?,
        "none",
        "nothing is known before it is allowed"
    );
    // What belongs to a button comes with the framework.
    browser.until("window.polku?.version").await?;
    browser.click("#agree").await?;
    browser.until("polku.journey()").await?;
    browser.click("#look").await?;
    browser.until("document.querySelector('#stage').textContent === 'consideration'").await?;
    browser.run("await polku.flush()").await?;
    let events = server.has("view_item").await?;
    assert_eq!((count(&events, "page_view"), count(&events, "view_item")), (1, 1), "{events:#?}");
    assert_eq!(text(&first(&events, "view_item")?["data"]["items"][0]["item_id"]), "AAMU-250");
    // The prompt stands in its place, and the launcher is a button with its words.
    browser.until("document.querySelector('polku-prompt > [data-polku-prompt][data-polku-inline]')").await?;
    browser.until("!document.querySelector('polku-launcher').hidden").await?;
    let words = "document.querySelector('polku-launcher').shadowRoot.querySelector('button > slot').textContent";
    assert_eq!(browser.value(words).await?, "Tell us");
    assert_eq!(browser.value("document.activeElement.id").await?, "look", "the focus stays where it was");
    assert_eq!(browser.value("[seen.errors, seen.warnings]").await?, json!([[], []]), "nobody complains");
    Ok((server, folder))
}

#[test]
fn react_in_strict_mode_with_vite_starts_it_once() {
    let Some(built) = built() else { return };
    browser::with(async |browser| {
        let _shop = shops(browser, &built.join("vite/out"), "").await?;
        assert_eq!(browser.value("runs").await?, 2, "strict mode has run the effects twice");
        Ok(())
    });
}

#[test]
fn a_shop_with_webpack_needs_no_base() {
    let Some(built) = built() else { return };
    browser::with(async |browser| {
        let root = built.join("webpack/out");
        let _shop = shops(browser, &root, "").await?;
        let bundle = std::fs::read_to_string(root.join("main.js"))?;
        // webpack writes the address of a module where `import.meta.url` stands: that of whoever has built it.
        ensure!(!bundle.contains("file://"), "the bundle tells where it was built");
        Ok(())
    });
}

#[test]
fn a_shop_with_next_is_rendered_without_it_and_taken_over_with_it() {
    let Some(built) = built() else { return };
    browser::with(async |browser| {
        let root = built.join("next/out");
        let html = std::fs::read_to_string(root.join("index.html"))?;
        ensure!(html.contains("<polku-prompt") && html.contains("A shop with Next.js"), "{html}");
        let _shop = shops(browser, &root, "").await?;
        Ok(())
    });
}

#[test]
fn a_plain_file_tells_a_collector() {
    browser::with(async |browser| {
        let server = Server::start()?;
        // No part of its name looks like a number of somebody's, which would be masked anyhow.
        let folder = tempfile::Builder::new().prefix("somebodys-letters-").tempdir()?;
        let file = folder.path().join("page.html");
        let tag = crate::site::tag(&server.origin, &server.collector(), "data-consent=\"api\"");
        std::fs::write(&file, format!("<!doctype html><html lang=\"en\"><title>A file</title><h1>A file</h1>{tag}"))?;
        browser.open(&format!("file://{}", file.display())).await?;
        browser.until("window.polku?.version").await?;
        browser.run("polku.consent({ measure: true }); polku.track('view_item', { item_id: 'AAMU-250' }); await polku.flush()").await?;
        let events = server.has("view_item").await?;
        assert_eq!(count(&events, "view_item"), 1);
        // Where a file lies on somebody's disk is nobody's business.
        let page = text(&first(&events, "view_item")?["page"]).to_owned();
        assert_eq!(page, "/page.html");
        Ok(())
    });
}

#[test]
fn a_plain_file_with_the_package_beside_it_is_told_what_is_wrong() {
    browser::with(async |browser| {
        let package =
            std::env::var_os("POLKU_PKG").map(PathBuf::from).context("POLKU_PKG does not name the package")?;
        let folder = tempfile::tempdir()?;
        for entry in std::fs::read_dir(package)?.flatten().filter(|entry| entry.path().is_file()) {
            std::fs::copy(entry.path(), folder.path().join(entry.file_name()))?;
        }
        let file = folder.path().join("page.html");
        std::fs::write(
            &file,
            "<!doctype html><html lang=\"en\"><title>A file</title><h1>A file</h1>\
             <script src=\"polku.js\" data-key=\"pk_file\" data-collector=\"http://127.0.0.1:9/\" data-consent=\"api\"></script>",
        )?;
        browser.before_each_page(TRAPS).await?;
        browser.open(&format!("file://{}", file.display())).await?;
        // A browser lets no file fetch another: that is said once, and nothing is thrown.
        browser.until("seen.warnings.some((line) => line.startsWith('polku E901'))").await?;
        assert_eq!(browser.value("seen.errors").await?, json!([]));
        Ok(()) as Done
    });
}
