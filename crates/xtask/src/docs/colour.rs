//! Colours of code, by highlight.js, all blocks of the site in one go.

use std::io::Write as _;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::read::{Code, Content};
use crate::house::House;
use crate::npm::Npm;

/// Puts the blocks of code into their places, coloured.
pub(super) fn paint(house: &House, npm: &Npm, pages: &mut [Content]) -> Result<()> {
    let blocks: Vec<Value> = pages
        .iter()
        .flat_map(|page| &page.code)
        .map(|code| json!({ "lang": code.language, "code": code.text }))
        .collect();
    let count = blocks.len();
    let painted = node(house, npm, &Value::from(blocks))?;
    ensure!(painted.len() == count, "{} of {count} blocks of code came back", painted.len());
    let mut painted = painted.into_iter();
    for page in pages {
        for (nth, code) in page.code.iter().enumerate() {
            let inner = painted.next().unwrap_or_default();
            let language = &code.language;
            let block = format!("<pre tabindex=\"0\"><code class=\"language-{language}\">{inner}</code></pre>\n");
            page.html = page.html.replacen(&Code::mark(nth), &block, 1);
        }
    }
    Ok(())
}

fn node(house: &House, npm: &Npm, blocks: &Value) -> Result<Vec<String>> {
    let mut child = Command::new("node")
        .arg(house.root.join("crates/xtask/docs/colour.mjs"))
        .arg(&npm.dir)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("node cannot be started")?;
    // It reads all before it writes anything, so neither waits for the other.
    child.stdin.take().context("node has no input")?.write_all(blocks.to_string().as_bytes())?;
    let out = child.wait_with_output()?;
    ensure!(out.status.success(), "highlight.js has failed");
    serde_json::from_slice(&out.stdout).context("what highlight.js gave is not JSON")
}
