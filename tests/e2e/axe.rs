//! axe-core's judgement of what is on a page.

use anyhow::{Context, ensure};
use serde_json::json;

use crate::Done;
use crate::browser::Browser;
use crate::engine::Engine;

/// What axe-core has against `part` of the page, in this state; `least`: more things than these it has to find in order.
pub(crate) async fn judge(browser: &Browser, part: &str, least: u64, what: &str) -> Done {
    let axe = std::env::var("POLKU_AXE").ok().filter(|path| !path.is_empty()).with_context(|| {
        let why = std::env::var("POLKU_NO_AXE");
        format!("there is no axe-core: {}", why.as_deref().unwrap_or("`cargo xtask test` gets it"))
    })?;
    if browser.value("!window.axe").await? == true {
        browser.run(&std::fs::read_to_string(axe)?).await?;
    }
    // Forced colours are the machine's own in Firefox, and those of one without a screen do not stand out.
    let machines = browser.engine == Engine::Firefox
        && browser.value("matchMedia('(forced-colors: active)').matches").await? == true;
    let found = browser
        .run(&format!(
            "return axe.run({part:?}, {{ resultTypes: ['violations'], rules: {{ 'color-contrast': {{ enabled: {} }} }} }}).then(({{ violations, passes }}) => [passes.length,
            violations.flatMap(({{ id, nodes }}) => nodes.map(({{ html, failureSummary }}) => `${{id}}: ${{html}} ${{failureSummary}}`))])",
            !machines
        ))
        .await?;
    ensure!(found[0].as_u64() > Some(least), "{what}: axe has looked at {} things", found[0]);
    ensure!(found[1] == json!([]), "{what}: {:#}", found[1]);
    Ok(())
}
