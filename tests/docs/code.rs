//! HTML, scripts and types: run in Chromium in pages that have the real package, and read by the TypeScript compiler.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::fence::{Fence, Runner, each, of, of_page, root};
use crate::Done;
use crate::browser::{self, Browser};
use crate::server::Server;
use crate::site::{Page, STUB, Site};

/// Mistakes of scripts, whoever made them. A page of the documentation has none.
const WATCH: &str = "window.__wrong = []; addEventListener('error', (event) => __wrong.push(event.message || 'a file did not load'), true);
    addEventListener('unhandledrejection', (event) => __wrong.push(String(event.reason)));
    // A message comes with its sentence, which is fetched: it has come when nothing is under way any more.
    window.__fetches = 0; const fetches = window.fetch;
    const over = () => setTimeout(() => __fetches--, 100);
    window.fetch = (...all) => {
      __fetches++;
      const got = fetches(...all);
      got.then((answer) => answer.clone().arrayBuffer()).then(over, over);
      return got;
    };";

/// What examples expect on a page, by the word `with`.
const DOUBLES: [(&str, &str); 1] = [(
    "cookieconsent",
    "window.CookieConsent = { acceptedCategory: () => true, run(options) { options.onFirstConsent(); options.onConsent(); options.onChange(); } };",
)];

/// A shop in which the files that examples name are there.
async fn shop() -> Result<Site> {
    let site = Site::start(Page::new("")).await?;
    let json = |page: &str, what: &str| -> Result<String> {
        let fences = of_page(page)?;
        let found = fences.iter().find(|fence| fence.language == "json" && fence.text.contains(what));
        Ok(found.with_context(|| format!("{page} has no JSON with {what}"))?.text.clone())
    };
    let prompts = json("README.md", "order-nps")?;
    for path in ["/prompts.json", "/polku/prompts.json"] {
        site.file(path, 200, "application/json", &prompts);
    }
    site.file("/polku/framework.json", 200, "application/json", &json("docs/frameworks.md", "stages")?);
    Ok(site)
}

/// The same text with the package where it is here, whichever host or folder the example has it on.
fn here(text: &str, server: &Server) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("/polku/") {
        // From the quote before it, where that is the value of what loads files.
        let begin = rest[..at].rfind('"').map_or(at, |quote| quote + 1);
        let loads = ["src=\"", "href=\"", "base: \""].iter().any(|name| rest[..begin].ends_with(name));
        let is_host =
            begin == at || (rest[begin..at].contains("://") && !rest[begin..at].contains(char::is_whitespace));
        if loads && is_host {
            out += &rest[..begin];
            out += &server.origin;
        } else {
            out += &rest[..at];
        }
        out += "/polku/";
        rest = &rest[at + "/polku/".len()..];
    }
    out + rest
}

fn tag(server: &Server) -> String {
    format!(
        r#"<script async src="{}/polku/polku.js" data-key="pk_docs" data-collector="{}" data-prompts="/prompts.json"></script>"#,
        server.origin,
        server.collector()
    )
}

/// What is wrong on the page, after Polku has come.
async fn faults(browser: &Browser) -> Result<Vec<String>> {
    browser.until("window.polku && polku.version").await?;
    browser.run("return polku.flush()").await?;
    complaints(browser).await
}

/// The same of a page that does not start Polku.
async fn complaints(browser: &Browser) -> Result<Vec<String>> {
    browser.until("!__fetches").await?;
    let mut wrong = browser.messages().await?;
    let said = browser.value("__wrong").await?;
    wrong.extend(said.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned));
    Ok(wrong)
}

/// Tells of all that do not hold.
fn told(wrong: &[String], count: usize, least: usize) -> Done {
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    ensure!(count >= least, "only {count} blocks were run");
    Ok(())
}

#[test]
fn html_works_in_a_page() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let site = shop().await?;
        browser.before_each_page(WATCH).await?;
        let fences = of(Runner::Html)?;
        let mut wrong = Vec::new();
        for (nth, fence) in fences.iter().enumerate() {
            let text = here(&fence.text, &server);
            let own = text.contains("polku.js\"");
            let (head, body) = if own { ("", text.as_str()) } else { (&*tag(&server), text.as_str()) };
            let page = if text.trim_start().starts_with("<!DOCTYPE") {
                text.clone()
            } else {
                format!(
                    "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Example</title>{head}</head><body>{body}</body></html>"
                )
            };
            let path = format!("/example-{nth}");
            site.file(&path, 200, "text/html; charset=utf-8", &page);
            browser.open(&site.at(&path)).await?;
            for fault in faults(browser).await? {
                wrong.push(format!("{}: {fault}", fence.at()));
            }
            wrong.extend(
                strange(&fence.text)?.into_iter().map(|name| format!("{}: {name} is no attribute of ours", fence.at())),
            );
        }
        told(&wrong, fences.len(), 15)
    });
}

/// Attributes of the script tag and of the page that the reference does not name.
fn strange(html: &str) -> Result<Vec<String>> {
    let mut known = String::new();
    for page in ["attributes", "capture", "privacy-view"] {
        known += &std::fs::read_to_string(root().join(format!("docs/{page}.md")))?;
    }
    let words = html.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).filter(|word| word.starts_with("data-"));
    // In `capture.md` those of a touchpoint's data stand in the example alone.
    let named = |word: &str| {
        known.contains(&format!("`{word}`")) || (word.starts_with("data-polku-") && known.contains(&format!(" {word}")))
    };
    Ok(words.filter(|word| !named(word)).map(str::to_owned).collect())
}

#[test]
fn scripts_work_in_a_page_with_polku() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let site = shop().await?;
        browser.before_each_page(WATCH).await?;
        let fences = of(Runner::Script)?;
        let mut wrong = Vec::new();
        for (nth, fence) in fences.iter().enumerate() {
            let path = format!("/script-{nth}");
            let agreed = "polku('consent', { measure: true, remember: true, since: 'earlier' });";
            let page = format!(
                "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Example</title>
                 <script>{STUB}{agreed}</script>{}</head><body></body></html>",
                tag(&server)
            );
            site.file(&path, 200, "text/html; charset=utf-8", &page);
            browser.open(&site.at(&path)).await?;
            let before = faults(browser).await?;
            ensure!(before.is_empty(), "{}: before it was run: {before:?}", fence.at());
            browser.until("polku.journey()").await?;
            for fault in run(browser, fence).await? {
                wrong.push(format!("{}: {fault}", fence.at()));
            }
        }
        told(&wrong, fences.len(), 12)
    });
}

/// Runs a script as a page would, and waits for what it waits for.
async fn run(browser: &Browser, fence: &Fence) -> Result<Vec<String>> {
    if let Some(with) = fence.value("with") {
        let double = DOUBLES.iter().find(|(name, _)| *name == with);
        browser.run(double.with_context(|| format!("nobody plays {with}"))?.1).await?;
    }
    let script = format!("return (async () => {{ {}\n }})().then(() => null, (why) => `${{why}}`);", fence.text);
    let ended = browser.run(&script).await.unwrap_or_else(|why| json!(format!("{why:#}")));
    let mut wrong: Vec<String> = ended.as_str().map(str::to_owned).into_iter().collect();
    wrong.extend(faults(browser).await?);
    Ok(wrong)
}

#[test]
fn modules_work_in_a_page() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let site = shop().await?;
        // Where a module looks for the rest of the package, unless it is told.
        site.package(&server.origin);
        browser.before_each_page(WATCH).await?;
        let fences = of(Runner::Module)?;
        let mut wrong = Vec::new();
        for (nth, fence) in fences.iter().enumerate() {
            let path = format!("/module-{nth}");
            let map = json!({ "imports": { "polku": format!("{}/polku/polku.mjs", server.origin), "polku/elements": format!("{}/polku/elements.mjs", server.origin) } });
            let text = here(&fence.text, &server);
            let page = format!(
                "<!DOCTYPE html><html lang=\"en\"><title>Example</title><script type=\"importmap\">{map}</script>
                 <script type=\"module\">{text}\nwindow.__ran = true;</script></html>"
            );
            site.file(&path, 200, "text/html; charset=utf-8", &page);
            browser.open(&site.at(&path)).await?;
            let ran = browser.until("window.__ran || __wrong[0]").await?;
            if ran != true {
                wrong.push(format!("{}: {ran}", fence.at()));
                continue;
            }
            let starts = fence.text.contains("from \"polku\"");
            let found = if starts { faults(browser).await? } else { complaints(browser).await? };
            wrong.extend(found.into_iter().map(|fault| format!("{}: {fault}", fence.at())));
        }
        told(&wrong, fences.len(), 2)
    });
}

/// TypeScript with the package's types, and modules, which have to fit them too.
#[test]
fn types_fit() -> Done {
    let Some(tsc) = std::env::var_os("POLKU_TSC").map(PathBuf::from) else {
        anyhow::bail!("POLKU_TSC does not name the TypeScript compiler: run `cargo xtask test`")
    };
    let folder = tempfile::tempdir()?;
    let www = root().join("www");
    let settings = json!({
        "compilerOptions": {
            "strict": true, "noEmit": true, "target": "es2022", "module": "es2022", "moduleResolution": "bundler", "types": [], "jsx": "preserve",
            "paths": { "polku": [www.join("polku.d.ts")], "polku/elements": [www.join("elements.d.ts")] },
        },
        "include": ["*.ts", "*.tsx"],
    });
    std::fs::write(folder.path().join("tsconfig.json"), settings.to_string())?;
    let mut names = Vec::new();
    for runner in [Runner::Types, Runner::Module] {
        each(runner, |fence| {
            let ending = if fence.language.ends_with('x') { "tsx" } else { "ts" };
            let name = format!("{}-{}.{ending}", fence.page.replace(['/', '.'], "-"), fence.line);
            Ok(std::fs::write(folder.path().join(name), &fence.text)?)
        })?;
        names.extend(of(runner)?);
    }
    ensure!(names.len() >= 3, "only {} blocks were found", names.len());
    let out = Command::new(tsc).args(["--noEmit", "--project"]).arg(folder.path()).output()?;
    ensure!(out.status.success(), "{}", String::from_utf8_lossy(&out.stdout));
    Ok(())
}
