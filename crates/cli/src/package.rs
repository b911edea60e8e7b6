//! The built package under `/polku/`, for any page of any shop.

use crate::app::App;
use crate::failure::Failure;
use crate::respond::{self, NO_SNIFF};
use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use std::path::{Path as FilePath, PathBuf};

/// The folder that is served.
#[derive(Debug)]
pub struct Package {
    root: PathBuf,
}

impl Package {
    /// The package in `dir`.
    ///
    /// # Errors
    /// When there is no such folder.
    pub fn open(dir: &FilePath) -> Result<Self, Failure> {
        let missing = || Failure::PackageMissing(dir.to_path_buf());
        let root = dir.canonicalize().map_err(|_| missing())?;
        if root.is_dir() { Ok(Self { root }) } else { Err(missing()) }
    }

    /// The file of a requested path, if it is a plain one inside the folder.
    ///
    /// Two locks: names are checked one by one, and what the disk makes of them (links) must still be inside.
    fn locate(&self, path: &str) -> Option<PathBuf> {
        if !path.split('/').all(is_plain_name) {
            return None;
        }
        let file = self.root.join(path).canonicalize().ok()?;
        (file.starts_with(&self.root) && file.is_file()).then_some(file)
    }
}

/// No hidden file, no step up, nothing that another system reads as a separator or a drive.
fn is_plain_name(name: &str) -> bool {
    !name.is_empty() && !name.starts_with('.') && !name.contains(['\\', ':', '\0'])
}

/// Routes of the package.
pub fn router() -> Router<App> {
    Router::new().route("/polku/{*path}", get(file))
}

async fn file(State(app): State<App>, Path(path): Path<String>) -> Response {
    let Some(file) = app.package.locate(&path) else {
        return with_open_doors(respond::error(StatusCode::NOT_FOUND, "the package has no such file"));
    };
    match tokio::fs::read(&file).await {
        Ok(bytes) => {
            let headers = [(header::CONTENT_TYPE, mime(&path)), (header::CACHE_CONTROL, cache_life(&path)), NO_SNIFF];
            with_open_doors((headers, bytes).into_response())
        }
        Err(_) => with_open_doors(respond::error(StatusCode::NOT_FOUND, "the package has no such file")),
    }
}

/// The package is public and is loaded by pages of every origin, also by those that isolate themselves.
fn with_open_doors(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
    // Sizes and times of public files: a shop's developer may see what they cost (docs/debug.md).
    headers.insert("timing-allow-origin", HeaderValue::from_static("*"));
    response
}

/// A name with a hash never changes its content; any other is looked at again soon, so that a new build arrives.
fn cache_life(path: &str) -> HeaderValue {
    HeaderValue::from_static(if has_hash(path) { "public, max-age=31536000, immutable" } else { "public, max-age=300" })
}

/// Whether the name carries `-<8 hex>.`, as the build writes it.
fn has_hash(path: &str) -> bool {
    path.as_bytes().windows(10).any(|window| {
        matches!(window, [b'-', hash @ .., b'.'] if hash.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')))
    })
}

/// The type by the end of the name. Declarations are read by people, not run.
pub(crate) fn mime(path: &str) -> HeaderValue {
    let extension = if path.ends_with(".d.ts") { "d.ts" } else { path.rsplit('.').next().unwrap_or_default() };
    HeaderValue::from_static(match extension {
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "json" | "map" => "application/json",
        "css" => "text/css; charset=utf-8",
        "html" => "text/html; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "d.ts" | "md" | "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn only_a_full_hash_is_immutable() {
        for (path, hashed) in [
            ("core-0a1b2c3d.js", true),
            ("core-0a1b2c3d.wasm", true),
            ("text-fi-deadbeef.json", true),
            ("polku.js", false),
            ("core-0a1b2c3.js", false),
            ("core-0a1b2c3dd.js", false),
            ("core-0A1B2C3D.js", false),
            ("prompts.json", false),
        ] {
            assert_eq!(has_hash(path), hashed, "{path}");
        }
    }

    #[test]
    fn a_path_stays_inside() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("pkg");
        std::fs::create_dir_all(root.join("sub")).unwrap();
        std::fs::write(root.join("polku.js"), "x").unwrap();
        std::fs::write(root.join("sub/a.js"), "x").unwrap();
        std::fs::write(root.join(".secret"), "x").unwrap();
        std::fs::write(dir.path().join("outside.txt"), "x").unwrap();
        std::os::unix::fs::symlink(dir.path().join("outside.txt"), root.join("link.txt")).unwrap();
        let package = Package::open(&root).unwrap();
        assert!(package.locate("polku.js").is_some());
        assert!(package.locate("sub/a.js").is_some());
        for bad in [
            "../outside.txt",
            "sub/../polku.js",
            ".secret",
            "link.txt",
            "",
            "sub",
            "sub//a.js",
            "/etc/passwd",
            "a\0",
            "..\\x",
        ] {
            assert!(package.locate(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn types_are_those_that_browsers_ask_for() {
        assert_eq!(mime("core-00000000.wasm"), "application/wasm");
        assert_eq!(mime("polku.d.ts"), "text/plain; charset=utf-8");
        assert_eq!(mime("polku.js"), "text/javascript; charset=utf-8");
        assert_eq!(mime("noextension"), "application/octet-stream");
    }
}
