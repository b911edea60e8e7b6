//! `cargo xtask bench --peers`: what Polku and its peers cost a page and keep of what they are told, in one interleaved run. `crates/xtask/rivals/peers.mjs` measures; here stand
//! what it is given, and the table that becomes `docs/benchmarks.md`.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::{Usage, size};
use crate::bundle;
use crate::house::House;
use crate::npm::Npm;
use crate::run::{Run, ask};
use crate::{browsers, package};

/// Where the numbers are written, below what stands there by hand.
const PAGE: &str = "docs/benchmarks.md";
const BELOW: &str = "## What was measured\n";
/// Rounds where nobody says how many.
const ROUNDS: u64 = 5;
/// Who is compared, as in `peers.mjs`, and what they are called.
const TRACKERS: [(&str, &str, &[&str]); 4] = [
    ("polku", "Polku", &[]),
    ("posthog", "PostHog", &["posthog-js"]),
    ("snowplow", "Snowplow", &["@snowplow/browser-tracker", "@snowplow/browser-plugin-snowplow-ecommerce"]),
    ("walker", "walkerOS", &["@walkeros/collector", "@walkeros/web-source-browser", "@walkeros/web-core"]),
];
const FORMBRICKS: &str = "@formbricks/surveys";
/// The pages' scripts.
const PAGES: [&str; 5] = ["polku", "posthog", "snowplow", "walker", "formbricks"];

/// Measures, prints a table, and writes the page. `--json` prints the numbers instead; `--no-faults` leaves out what takes five minutes.
pub(super) fn run(house: &House, args: &[String]) -> Result<ExitCode> {
    let (mut rounds, mut as_json, mut faults) = (ROUNDS, false, true);
    let mut rest = args.iter().filter(|arg| *arg != "--peers");
    while let Some(arg) = rest.next() {
        match arg.as_str() {
            "--json" => as_json = true,
            "--no-faults" => faults = false,
            "--rounds" => {
                let given = rest.next().and_then(|given| given.parse().ok()).filter(|rounds| *rounds > 0);
                rounds = given.ok_or_else(|| Usage("--rounds takes a number from 1".to_owned()))?;
            }
            _ => return Err(Usage(format!("unknown argument `{arg}` beside --peers")).into()),
        }
    }
    let browsers = browsers::find(house)?;
    let browser = |name: &str| {
        let found = browsers.variables.iter().find(|(known, _)| *known == name);
        found
            .map(|(_, path)| path)
            .with_context(|| format!("{name} cannot be had here: install Debian's chromium and chromium-driver"))
    };
    package::build(house)?;
    let tools = Npm::find(house)?;
    let rivals = Npm::install(house, "crates/xtask/rivals", "rivals-npm")?;
    let packages = rivals.dir.join("node_modules");
    let bundles = std::env::temp_dir().join(format!("polku-peers-{}", std::process::id()));
    std::fs::create_dir_all(&bundles)?;
    for page in PAGES {
        let entry = house.root.join("crates/xtask/rivals/pages").join(page).with_extension("js");
        bundle::rival(&tools, &entry, &packages, &bundles.join(page).with_extension("js"))?;
    }
    let options = json!({
        "bundles": bundles, "chrome": browser("CHROME")?, "chromedriver": browser("CHROMEDRIVER")?, "faults": faults,
        "packageDir": house.pkg(), "rounds": rounds,
    });
    let measured =
        Run::new("node").arg(house.root.join("crates/xtask/rivals/peers.mjs")).arg(options.to_string()).stdout();
    std::fs::remove_dir_all(&bundles)?;
    let mut found: Value = serde_json::from_str(&measured?).context("the numbers are not JSON")?;
    for (row, name) in size::rows(house)?.into_iter().zip(["every_page", "measured_page", "prompt"]) {
        found["polku"][name] = row.into();
    }
    for package in TRACKERS.iter().flat_map(|(_, _, packages)| *packages).chain([&FORMBRICKS]) {
        found["versions"][*package] = version(&packages, package)?;
    }
    found["machine"] = machine(browser("CHROME")?).into();
    if as_json {
        println!("{found}");
        return Ok(ExitCode::SUCCESS);
    }
    let text = page(&found);
    println!("{text}");
    house.write_below(PAGE, BELOW, &format!("\n{text}"))?;
    Ok(ExitCode::SUCCESS)
}

fn version(packages: &Path, name: &str) -> Result<Value> {
    let manifest = std::fs::read_to_string(packages.join(name).join("package.json"))?;
    Ok(serde_json::from_str::<Value>(&manifest)?["version"].take())
}

/// For people: how many processors, and which browser.
fn machine(chrome: &Path) -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let browser = ask(std::process::Command::new(chrome).args(["--version", "--no-sandbox"])).unwrap_or_default();
    // Debian adds what it was built on.
    let browser: Vec<&str> = browser.split_whitespace().take(2).collect();
    format!("{cores} processors, shared; {}, headless", browser.join(" "))
}

/// The tables.
fn page(found: &Value) -> String {
    let versions: Vec<String> = found["versions"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, version)| format!("{name} {}", version.as_str().unwrap_or_default()))
        .collect();
    let mut text = format!(
        "Measured with {} rounds on: {}. {}.\n\n",
        found["rounds"],
        found["machine"].as_str().unwrap_or_default(),
        versions.join(", ")
    );
    text.push_str("| what (less is better; medians, in brackets how much of it Polku has) | Polku | PostHog | Snowplow | walkerOS |\n|---|---|---|---|---|\n");
    let number = |value: &Value| value.as_f64().unwrap_or_default();
    let row = |about: &str, of: &dyn Fn(&str) -> f64| {
        let ours = of("polku");
        let cells = TRACKERS.iter().map(|(name, ..)| match (*name, of(name)) {
            ("polku", ours) => written(ours),
            (_, theirs) => format!("{} ({})", written(theirs), ratio(ours, theirs)),
        });
        format!("| {about} | {} |\n", cells.collect::<Vec<_>>().join(" | "))
    };
    let bytes = |ours: &'static str| {
        move |name: &str| number(if name == "polku" { &found["polku"][ours] } else { &found["bytes"][name] })
    };
    text.push_str(&row("every page, brotli bytes", &bytes("every_page")));
    text.push_str(&row("a page that is measured, brotli bytes", &bytes("measured_page")));
    for (about, what) in [
        ("main thread until the page rests, ms", "start_ms"),
        ("… of it scripts, ms", "script_ms"),
        ("main thread for an event at 20 a second, µs", "event_us"),
        ("an event on the wire, bytes", "wire"),
    ] {
        text.push_str(&row(about, &|name| number(&found["visits"][name][what])));
    }
    for rate in ["4", "6"] {
        let about = format!("blocking time at start, {rate} times slower, ms");
        text.push_str(&row(&about, &|name| number(&found["blocking"][name][rate])));
    }
    text.push_str("\n| a prompt of two questions | Polku | Formbricks |\n|---|---|---|\n");
    let asked = |what: &str| ["polku", "formbricks"].map(|name| number(&found["asked"][name][what]));
    for (about, [ours, theirs]) in [
        ("brotli bytes until it is shown", [number(&found["polku"]["prompt"]), number(&found["bytes"]["formbricks"])]),
        ("main thread until it is shown, ms", asked("task_ms")),
        ("… of it scripts, ms", asked("script_ms")),
    ] {
        text.push_str(&format!("| {about} | {} | {} ({}) |\n", written(ours), written(theirs), ratio(ours, theirs)));
    }
    let faults = found["faults"].as_array().filter(|faults| !faults.is_empty());
    if let Some(faults) = faults {
        text.push_str("\n| 100 events at once (exactly once / more often / lost) | Polku | PostHog | Snowplow | walkerOS |\n|---|---|---|---|---|\n");
        for met in faults {
            let fault = met["fault"].as_str().unwrap_or_default();
            let cells = TRACKERS.iter().map(|(name, ..)| {
                let counts = met["counts"][*name].as_array().into_iter().flatten();
                counts.map(ToString::to_string).collect::<Vec<_>>().join("/")
            });
            text.push_str(&format!("| {fault} | {} |\n", cells.collect::<Vec<_>>().join(" | ")));
        }
    }
    text
}

/// Whole where it is large, with one digit where it is small.
fn written(value: f64) -> String {
    if value.abs() < 100.0 { format!("{value:.1}") } else { format!("{value:.0}") }
}

/// How much of theirs ours is; nothing to compare where theirs is none.
fn ratio(ours: f64, theirs: f64) -> String {
    if theirs <= 0.0 { "–".to_owned() } else { format!("{:.2}", ours.max(0.0) / theirs) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_has_everybody_and_the_ratio() {
        let visits = |wire: f64| json!({"start_ms": 1, "script_ms": 1, "event_us": 1, "wire": wire});
        let found = json!({
            "rounds": 1, "machine": "2 processors", "versions": {"posthog-js": "1.0.0"}, "polku": {"every_page": 25_000, "measured_page": 51_000, "prompt": 28_000},
            "bytes": {"posthog": 100_000, "snowplow": 16_000, "walker": 0, "formbricks": 46_000},
            "visits": {"polku": visits(50.0), "posthog": visits(200.0), "snowplow": visits(1900.0), "walker": visits(960.0)},
            "blocking": {"polku": {"4": 0.0, "6": 2.5}}, "asked": {},
            "faults": [{"fault": "none", "counts": {"polku": [100, 0, 0], "posthog": [0, 0, 100]}}],
        });
        let page = page(&found);
        assert!(
            page.contains("| every page, brotli bytes | 25000 | 100000 (0.25) | 16000 (1.56) | 0.0 (–) |"),
            "{page}"
        );
        assert!(
            page.contains("| an event on the wire, bytes | 50.0 | 200 (0.25) | 1900 (0.03) | 960 (0.05) |"),
            "{page}"
        );
        assert!(page.contains("| none | 100/0/0 | 0/0/100 |"), "{page}");
    }
}
