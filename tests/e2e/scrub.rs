//! What leaves a prompt is what the command makes of it: one scrubber, natively and in the browser.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::browser;
use crate::server::Server;

/// Lines that are compared, from all over the set.
const LINES: usize = 500;

/// Opens a prompt for each text, writes it there, sends it; what leaves, in order.
const SENT: &str = r#"
return (async () => {
  const { files } = await (await fetch("/polku/manifest.json")).json();
  const { open } = await import("/polku/" + Object.keys(files).find((name) => /^prompt-.*\.js$/.test(name)));
  const definition = {
    v: 1, id: "scrub", kind: "survey", locales: ["en"], defaultLocale: "en", when: { any: [{ on: "purchase" }] }, start: "say",
    steps: [{ id: "say", ask: "text", text: { en: "What do you say?" }, next: [{ go: "end" }] }],
    end: { thanks: { en: "Thank you!" } },
  };
  const sent = [];
  for (const text of TEXTS) {
    const context = { sub: "s", trigger: "purchase", lang: "en", measure: false, user: false, collector: "c.example", status: null };
    const card = await open(definition, context, (event) => event.type === "answer" && sent.push(event.text));
    const { shadowRoot } = document.querySelector("[data-polku-prompt]");
    shadowRoot.querySelector("textarea").value = text;
    const before = sent.length;
    shadowRoot.querySelector("[data-do=send]").click();
    // The scrubber comes with the first of them.
    while (sent.length === before) await new Promise((go) => setTimeout(go));
    card.destroy();
  }
  return sent;
})()"#;

/// Texts of the set that a prompt takes as they are: nothing around them, no line end that a field would change, and none that is cut.
fn texts() -> Result<Vec<Value>> {
    let root = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let set = std::fs::read_to_string(root.join("tests/scrub/text.jsonl"))?;
    let mut texts = Vec::new();
    for line in set.lines().step_by(4) {
        let line: Value = serde_json::from_str(line)?;
        let text = line["text"].as_str().context("a line without a text")?;
        if text == text.trim() && !text.contains('\r') && text.len() < 400 && texts.len() < LINES {
            texts.push(line["text"].clone());
        }
    }
    ensure!(texts.len() == LINES, "the set has shrunk: {} lines", texts.len());
    Ok(texts)
}

fn by_the_command(texts: &[Value]) -> Result<Vec<Value>> {
    let polku = std::env::var_os("POLKU_BIN").context("POLKU_BIN does not name the command")?;
    let mut child = Command::new(polku).arg("scrub").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let mut stdin = child.stdin.take().context("polku has no input")?;
    let lines: String = texts.iter().map(|text| format!("{}\n", json!({ "text": text }))).collect();
    // A thread of its own: both pipes may be full.
    let writer = std::thread::spawn(move || stdin.write_all(lines.as_bytes()));
    let done = child.wait_with_output()?;
    writer.join().map_err(|_| anyhow::anyhow!("the writer panicked"))??;
    ensure!(done.status.success());
    String::from_utf8(done.stdout)?
        .lines()
        .map(|line| Ok(serde_json::from_str::<Value>(line)?["text"].take()))
        .collect()
}

#[test]
fn a_prompt_sends_what_the_command_gives() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let texts = texts()?;
        let wanted = by_the_command(&texts)?;
        let changed = texts.iter().zip(&wanted).filter(|(text, scrubbed)| text != scrubbed).count();
        ensure!(changed > LINES / 2, "only {changed} of the texts hold something");
        browser.open(&format!("{}/shop/en/", server.origin)).await?;
        let sent = browser.run(&SENT.replace("TEXTS", &serde_json::to_string(&texts)?)).await?;
        let sent = sent.as_array().context("nothing was sent")?;
        assert_eq!(sent.len(), LINES);
        for (sent, wanted) in sent.iter().zip(&wanted) {
            assert_eq!(sent, wanted);
        }
        Ok(())
    });
}
