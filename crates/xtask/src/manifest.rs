//! What a package says of itself: `manifest.json` with what each file is for, was made from and weighs; `package.json` for npm; the script tag.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::hash::{hex, integrity, sha256};
use crate::package::{MAPS, listed};
use crate::wasm::Tools;

/// Names, hashes and sizes of all files, with what each is for.
pub(crate) fn of_files(
    dir: &Path,
    version: &str,
    from: &BTreeMap<String, Vec<String>>,
    source: &str,
    tools: &Tools,
) -> Result<Value> {
    let mut files = serde_json::Map::new();
    for path in listed(dir) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let bytes = std::fs::read(&path)?;
        let from = from.get(&name).with_context(|| format!("nobody knows what {name} was made from"))?;
        let map = dir.join(MAPS).join(format!("{name}.map")).is_file().then(|| format!("{MAPS}/{name}.map"));
        let mut entry = json!({
            "role": role(&name),
            "bytes": bytes.len(),
            "sha256": hex(&sha256(&bytes)),
            "integrity": integrity(&bytes),
            "served": served(&name),
            "from": from,
        });
        if let Some(map) = map {
            entry["map"] = map.into();
        }
        files.insert(name, entry);
    }
    let loader = std::fs::read(dir.join("polku.js"))?;
    Ok(json!({
        "name": "polku",
        "version": version,
        "tag": tag(&loader, version),
        // `sources`: one hash of all sources and tools, by which a build is known again.
        "made": { "sources": source, "tools": tools.named() },
        "files": files,
    }))
}

/// The script tag of this version alone: what else it fetches is named by its hash.
pub(crate) fn tag(loader: &[u8], version: &str) -> String {
    let integrity = integrity(loader);
    format!(
        r#"<script async src="/polku/polku-{version}.js" integrity="{integrity}" crossorigin="anonymous" data-key="pk_shop" data-collector="https://collect.example/v1/batch"></script>"#
    )
}

/// Whether a page may fetch the file: all but what is for bundlers, editors and people.
fn served(name: &str) -> bool {
    !matches!(role(name).as_str(), "types" | "other") && !matches!(name, "polku.mjs" | "react.mjs" | "copy.mjs")
}

/// What a file is for, from its name: `core.js`, `core.wasm`, `prompt.js`, `text.json`, `loader`, ….
pub(crate) fn role(name: &str) -> String {
    if name == "polku.js" {
        return "loader".to_owned();
    }
    match name.split_once('-') {
        Some((
            "js" | "core" | "watch" | "ask" | "format" | "protocol" | "prompt" | "scrub" | "themes" | "chat" | "check"
            | "preset" | "text" | "questions" | "privacy" | "debug" | "errors" | "part",
            rest,
        )) => {
            let stem = name.split('-').next().unwrap_or_default();
            format!("{stem}.{}", rest.rsplit('.').next().unwrap_or_default())
        }
        Some(("polku", rest)) if rest.ends_with(".js") => "loader.versioned".to_owned(),
        _ if name.ends_with(".d.ts") => "types".to_owned(),
        _ if name.ends_with(".mjs") => "esm".to_owned(),
        _ => "other".to_owned(),
    }
}

pub(crate) fn npm(version: &str) -> Value {
    let entry = |types: &str, default: &str| {
        let mut entry = serde_json::Map::new();
        entry.insert(TYPES_FIRST.into(), types.into());
        entry.insert("default".into(), default.into());
        Value::from(entry)
    };
    json!({
        "name": "polku",
        "version": version,
        "description": "Follows a shopper's path in the browser, asks at the moments that matter, and sends batches of pseudonymous events to any collector.",
        "keywords": ["analytics", "customer-journey", "e-commerce", "feedback", "privacy", "webassembly"],
        "license": "MIT OR Apache-2.0",
        // For bundlers: `core-….js` and `prompt-….js` are modules. A script tag reads the loader as it is.
        "type": "module",
        "main": "./polku.mjs",
        "types": "./polku.d.ts",
        "sideEffects": ["./polku.mjs", "./polku.js", "./polku-*.js", "./elements.mjs"],
        "exports": {
            ".": entry("./polku.d.ts", "./polku.mjs"),
            "./react": entry("./react.d.ts", "./react.mjs"),
            "./elements": entry("./elements.d.ts", "./elements.mjs"),
            "./polku.js": entry("./script.d.ts", "./polku.js"),
            "./prompts": { "types": "./prompts.d.ts" },
            "./manifest.json": "./manifest.json",
            "./prompts.schema.json": "./prompts.schema.json",
            "./package.json": "./package.json",
            "./*": "./*",
        },
        // What puts the served files where a site has its own; nothing runs when the package is installed.
        "bin": { "polku-copy": "copy.mjs" },
        "peerDependencies": { "react": ">=18" },
        "peerDependenciesMeta": { "react": { "optional": true } },
        "files": ["*.js", "*.mjs", "*.wasm", "*.json", "*.txt", "*.d.ts", "LICENSE-*"],
    })
}

/// Conditions of `exports` count in their order, and types must come first; the writer sorts keys.
const TYPES_FIRST: &str = " types";

pub(crate) fn write(path: &Path, value: &Value) -> Result<()> {
    Ok(std::fs::write(path, format!("{value:#}\n").replace(TYPES_FIRST, "types"))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_pages_fetch_is_served() {
        for name in ["polku.js", "polku-0.1.0.js", "core-01234567.wasm", "elements.mjs", "themes-fi-01234567.txt"] {
            assert!(served(name), "{name}");
        }
        for name in ["polku.mjs", "polku.d.ts", "copy.mjs", "LICENSE-MIT", "prompts.schema.json", "manifest.json"] {
            assert!(!served(name), "{name}");
        }
    }

    #[test]
    fn the_tag_names_one_version_and_its_hash() {
        let tag = tag(b"", "1.2.3");
        assert!(
            tag.contains(
                r#"src="/polku/polku-1.2.3.js" integrity="sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=""#
            ),
            "{tag}"
        );
    }

    #[test]
    fn types_come_first() {
        let text = format!("{:#}", npm("1.2.3")).replace(TYPES_FIRST, "types");
        assert!(!text.contains(TYPES_FIRST) && text.contains("\"types\": \"./react.d.ts\",\n"), "{text}");
    }

    #[test]
    fn roles_follow_from_names() {
        let roles = [
            "polku.js",
            "polku-0.1.0.js",
            "core-01234567.js",
            "core-01234567.wasm",
            "js-core-01234567.js",
            "text-fi-01234567.json",
            "polku.d.ts",
        ];
        let expected = ["loader", "loader.versioned", "core.js", "core.wasm", "js.js", "text.json", "types"];
        assert_eq!(roles.map(role), expected);
    }
}
