//! What words are about: a page understands them as the command does, the shopper reads it before it leaves, and of words that are not kept nothing does.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::browser::{self, Browser};
use crate::house::House;
use crate::server::Server;
use crate::walk::Prompt;

/// Opens a prompt for each of `LINES`, writes its text, sends it; what was shown before, what left, and what would be stored, in order. `KEEP` is the step's.
const SENT: &str = r##"
return (async () => {
  const { files } = await (await fetch("/polku/manifest.json")).json();
  const { open } = await import("/polku/" + Object.keys(files).find((name) => /^prompt-.*\.js$/.test(name)));
  const until = async (come) => {
    for (let left = 2000; !come(); left--) {
      if (!left) throw Error("it never came: " + come);
      await new Promise((go) => setTimeout(go, 5));
    }
  };
  const done = [];
  for (const { text, lang } of LINES) {
    const definition = {
      v: 1, id: "say", locales: [lang], defaultLocale: lang, start: "say",
      steps: [{ id: "say", ask: "text", keep: KEEP, text: { [lang]: "?" } }, { id: "more", ask: "yesno", text: { [lang]: "?" } }],
    };
    const context = { sub: "s", trigger: "purchase", lang, measure: false, user: false, collector: "c.example", status: null };
    const events = [];
    const card = await open(definition, context, (event) => events.push(event));
    const { shadowRoot } = document.querySelector("[data-polku-prompt]");
    const find = (selector) => shadowRoot.querySelector(selector);
    find("[data-do=why]").click();
    const area = find("textarea");
    area.value = text;
    const look = () => area.dispatchEvent(new Event("input", { bubbles: true, composed: true }));
    look();
    // Both parts come with the first question for words; in a language without stems there is one less to wait for.
    await until(() => { look(); const pre = find("#why pre"); return pre && (WITHOUT || pre.textContent.includes("emotion")); });
    const shown = JSON.parse(find("#why pre").textContent);
    find("[data-do=send]").click();
    await until(() => events.some(({ type }) => type === "answer"));
    find("[data-do=back]").click();
    done.push({ shown, sent: events.find(({ type }) => type === "answer"), kept: JSON.stringify(events.filter(({ type }) => type === "kept")),
      back: find("textarea").value });
    card.destroy();
  }
  return { done, files: performance.getEntriesByType("resource").map(({ name }) => name.split("/").pop()).filter((name) => name.startsWith("themes-")) };
})()"##;

async fn sent(browser: &Browser, lines: &[Value], keep: &str, without: bool) -> Result<(Vec<Value>, Vec<String>)> {
    let script = SENT
        .replace("LINES", &serde_json::to_string(lines)?)
        .replace("KEEP", &serde_json::to_string(keep)?)
        .replace("WITHOUT", if without { "true" } else { "false" });
    let out = browser.run(&script).await?;
    let files = out["files"].as_array().context("no files")?;
    let files = files.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    Ok((out["done"].as_array().context("nothing was sent")?.clone(), files))
}

/// Every eighth sentence that judges, and each of them as the command scrubs and understands it.
fn by_the_command() -> Result<(Vec<Value>, Vec<Value>)> {
    let root = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let set = std::fs::read_to_string(root.join("tests/themes/evaluation.jsonl"))?;
    let lines: Vec<Value> = set.lines().step_by(8).map(serde_json::from_str).collect::<Result<_, _>>()?;
    ensure!(lines.len() > 60, "the set has shrunk");
    let text = lines.iter().map(|line| format!("{}\n", json!({"text": line["text"], "lang": line["lang"]}))).collect();
    let understood = polku("themes", text)?;
    Ok((lines, understood))
}

fn polku(command: &str, text: String) -> Result<Vec<Value>> {
    let polku = std::env::var_os("POLKU_BIN").context("POLKU_BIN does not name the command")?;
    let mut child = Command::new(polku).arg(command).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let mut stdin = child.stdin.take().context("polku has no input")?;
    // A thread of its own: both pipes may be full.
    let writer = std::thread::spawn(move || stdin.write_all(text.as_bytes()));
    let done = child.wait_with_output()?;
    writer.join().map_err(|_| anyhow::anyhow!("the writer panicked"))??;
    ensure!(done.status.success());
    Ok(String::from_utf8(done.stdout)?.lines().map(serde_json::from_str).collect::<Result<_, _>>()?)
}

#[test]
fn a_page_understands_what_the_command_does() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let (lines, wanted) = by_the_command()?;
        browser.open(&format!("{}/shop/en/", server.origin)).await?;
        let (done, files) = sent(browser, &lines, "both", false).await?;
        assert_eq!(done.len(), lines.len());
        for ((done, wanted), line) in done.iter().zip(&wanted).zip(&lines) {
            for name in ["themes", "emotion"] {
                assert_eq!(done["sent"][name], wanted[name], "{line}");
                // What leaves is what was shown.
                assert_eq!(done["shown"][name], wanted[name], "{line}");
            }
            ensure!(done["sent"]["text"].is_string(), "{done}");
        }
        // One file for each language that was asked in.
        for lang in ["fi", "sv", "en", "de"] {
            ensure!(files.iter().any(|file| file.starts_with(&format!("themes-{lang}-"))), "{files:?}");
        }
        Ok(())
    });
}

#[test]
fn of_words_that_are_not_kept_nothing_leaves_and_nothing_is_stored() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let line = [json!({"text": "Delivery was far too late", "lang": "en"})];
        browser.open(&format!("{}/shop/en/", server.origin)).await?;
        let (done, files) = sent(browser, &line, "none", true).await?;
        let all = done[0].to_string();
        ensure!(!all.contains("late") && !all.contains("themes"), "{all}");
        assert_eq!(files, Vec::<String>::new(), "nothing to understand, nothing to fetch");
        let (done, files) = sent(browser, &line, "themes", false).await?;
        let all = done[0].to_string();
        ensure!(!all.contains("late"), "{all}");
        for of in ["shown", "sent"] {
            assert_eq!((&done[0][of]["themes"], &done[0][of]["emotion"]), (&json!(["delivery"]), &json!("frustrated")));
            ensure!(done[0][of].get("text").is_none(), "{all}");
        }
        assert_eq!(done[0]["back"], "");
        ensure!(files.len() == 3, "the entry, the module, the stems of one language: {files:?}");
        // With `both` they would be there.
        let (done, _) = sent(browser, &line, "both", false).await?;
        ensure!(done[0].to_string().matches("late").count() >= 4, "{}", done[0]);
        Ok(())
    });
}

#[test]
fn a_language_without_stems_has_no_themes() {
    browser::with(async |browser| {
        let server = Server::start()?;
        let line = [json!({"text": "Kohaletoimetamine hilines", "lang": "et"})];
        browser.open(&format!("{}/shop/en/", server.origin)).await?;
        let (done, files) = sent(browser, &line, "both", true).await?;
        assert_eq!(done[0]["sent"]["text"], "Kohaletoimetamine hilines");
        ensure!(done[0]["sent"].get("themes").is_none() && done[0]["sent"].get("emotion").is_none(), "{}", done[0]);
        ensure!(files.iter().all(|file| !file.ends_with(".txt") && !file.ends_with(".wasm")), "{files:?}");
        let (done, _) = sent(browser, &line, "themes", true).await?;
        ensure!(!done[0].to_string().contains("hilines"), "{}", done[0]);
        Ok(())
    });
}

#[test]
fn an_answer_brings_its_themes_to_the_collector() {
    browser::with(async |browser| {
        let house = House::open().await?;
        let shopper = house.shopper(browser);
        shopper.open("/").await?;
        shopper.accept().await?;
        shopper.buy().await?;
        let prompt = Prompt(browser);
        prompt.opens().await?;
        prompt.begins_with_ten().await?;
        prompt.say("The delivery was quick, thank you! Write to anna@example.com").await?;
        let told = crate::wait::until("the answer", async || {
            browser.run("return polku.flush()").await?;
            let batches = house.batches();
            let events = batches.iter().flat_map(|batch| batch["events"].as_array().into_iter().flatten());
            Ok(events.filter(|event| event["data"]["ask"] == "text").map(|event| event["data"].clone()).next())
        })
        .await?;
        assert_eq!((&told["themes"], &told["emotion"]), (&json!(["delivery"]), &json!("satisfied")), "{told}");
        ensure!(told["text"].as_str().is_some_and(|text| text.ends_with("[email]")), "{told}");
        Ok(())
    });
}
