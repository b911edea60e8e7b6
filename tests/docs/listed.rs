//! Lists that people write, beside what they list: attributes, the JS API, the errors of the README.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};

use super::fence::root;
use crate::Done;

fn read(path: &str) -> Result<String> {
    std::fs::read_to_string(root().join(path)).with_context(|| path.to_owned())
}

/// The attributes in the first columns of a page's tables.
fn attributes(page: &str) -> Result<BTreeSet<String>> {
    let text = read(page)?;
    let cells = text.lines().filter_map(|line| line.strip_prefix("| `data-").and_then(|rest| rest.split(" | ").next()));
    let names = cells
        .flat_map(|cell| format!("`data-{cell}").split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>());
    Ok(names.filter(|name| !name.starts_with("data-polku-")).collect())
}

/// `consentPurpose` as `data-consent-purpose`.
fn attribute(option: &str) -> String {
    let spelled =
        option.chars().flat_map(|c| if c.is_ascii_uppercase() { vec!['-', c.to_ascii_lowercase()] } else { vec![c] });
    format!("data-{}", spelled.collect::<String>())
}

/// The members of an interface of the types.
fn members(types: &str, interface: &str) -> Result<BTreeSet<String>> {
    let (_, from) =
        types.split_once(&format!("export interface {interface} {{")).with_context(|| format!("no {interface}"))?;
    let (body, _) = from.split_once("\n}").context("it ends")?;
    let lines = body.lines().filter(|line| {
        line.starts_with("  ") && !line.starts_with("   ") && !line.trim_start().starts_with(['/', '*', '('])
    });
    let names = lines.map(|line| {
        line.trim()
            .trim_start_matches("readonly ")
            .split(|c: char| !c.is_ascii_alphanumeric())
            .next()
            .unwrap_or_default()
    });
    Ok(names.filter(|name| !name.is_empty()).map(str::to_owned).collect())
}

/// Options that the scripts read.
fn read_by_scripts() -> Result<BTreeSet<String>> {
    fn walk(folder: &std::path::Path, found: &mut BTreeSet<String>) -> Result<()> {
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                walk(&path, found)?;
            } else if path.extension().is_some_and(|ending| ending == "js") {
                let text = std::fs::read_to_string(&path)?;
                for rest in text.split("options.").skip(1).chain(text.split("options?.").skip(1)) {
                    found
                        .insert(rest.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default().to_owned());
                }
                // `const { key, mode } = options;`
                for before in
                    text.split(" } = options").collect::<Vec<_>>().split_last().map_or(&[][..], |(_, all)| all)
                {
                    let names = before.rsplit("{ ").next().unwrap_or_default();
                    found.extend(
                        names.split(", ").map(|name| name.split(':').next().unwrap_or_default().trim().to_owned()),
                    );
                }
            }
        }
        Ok(())
    }
    let mut found = BTreeSet::new();
    walk(&root().join("www/core"), &mut found)?;
    for file in ["www/part/consent.js", "www/part/collectors.js", "www/part/prompts.js", "www/part/framework.js"] {
        ensure!(root().join(file).is_file(), "{file} has gone elsewhere");
    }
    for folder in ["www/part/consent", "www/part/collectors", "www/part/watch"] {
        walk(&root().join(folder), &mut found)?;
    }
    for name in ["www/core.js", "www/polku.js"] {
        let text = read(name)?;
        for rest in text.split("options.").skip(1).chain(text.split("options?.").skip(1)) {
            found.insert(rest.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default().to_owned());
        }
    }
    Ok(found)
}

#[test]
fn the_attributes_are_the_options() -> Done {
    let listed = attributes("docs/attributes.md")?;
    ensure!(listed.len() > 25, "the page was not understood: {listed:?}");
    let types = read("www/polku.d.ts")?;
    let mut options: BTreeSet<String> = members(&types, "Options")?;
    ensure!(options.remove("onError"), "the types were not understood: {options:?}");
    let options: BTreeSet<String> = options.iter().map(|name| attribute(name)).collect();
    let missing: Vec<_> = options.difference(&listed).collect();
    ensure!(missing.is_empty(), "docs/attributes.md does not name {missing:?}, which the types have");
    let strange: Vec<_> = listed.difference(&options).collect();
    ensure!(strange.is_empty(), "docs/attributes.md names {strange:?}, which the types do not have");
    let unsaid: Vec<_> = read_by_scripts()?
        .into_iter()
        .filter(|name| !matches!(name.as_str(), "" | "onError" | "js"))
        .map(|name| attribute(&name))
        .filter(|name| !listed.contains(name))
        .collect();
    ensure!(unsaid.is_empty(), "docs/attributes.md does not name {unsaid:?}, which the scripts read");
    Ok(())
}

#[test]
fn the_readme_names_attributes_that_there_are() -> Done {
    let listed = attributes("docs/attributes.md")?;
    let readme = attributes("README.md")?;
    ensure!(readme.is_empty() || readme.contains("data-key"), "the README was not understood: {readme:?}");
    let strange: Vec<_> = readme.difference(&listed).collect();
    ensure!(strange.is_empty(), "the README names {strange:?}, which docs/attributes.md does not");
    Ok(())
}

#[test]
fn the_api_is_that_of_the_types() -> Done {
    let types = read("www/polku.d.ts")?;
    let page = read("docs/js-api.md")?;
    let members = members(&types, "Polku")?;
    ensure!(members.contains("track") && members.contains("destroy"), "the types were not understood: {members:?}");
    let rows: Vec<&str> = page.lines().filter(|line| line.starts_with("| `")).collect();
    let unsaid: Vec<_> = members
        .iter()
        .filter(|name| {
            !rows.iter().any(|row| {
                row.contains(&format!("`{name}("))
                    || row.contains(&format!("`{name}`"))
                    || row.contains(&format!("`{name}."))
            })
        })
        .collect();
    ensure!(unsaid.is_empty(), "docs/js-api.md has no row for {unsaid:?}");
    // The other way round, with what is within `prompt` and `privacy`.
    for row in rows {
        for code in row.split(" | ").next().unwrap_or_default().split('`').skip(1).step_by(2) {
            let name = code.split('(').next().unwrap_or_default();
            for part in name.split('.').filter(|part| *part != "polku") {
                ensure!(
                    types.contains(&format!("{part}(")) || types.contains(&format!("{part}:")),
                    "docs/js-api.md names {name}, which there is not"
                );
            }
        }
    }
    // Topics of `on`.
    for topic in types
        .split("on(topic: ")
        .skip(1)
        .flat_map(|rest| rest.split(", listen").next().unwrap_or_default().split(" | "))
    {
        ensure!(
            page.contains(&format!("`{}`", topic.trim_matches('"'))),
            "docs/js-api.md does not name the topic {topic}"
        );
    }
    Ok(())
}

#[test]
fn attributes_are_spelled_as_browsers_spell_them() {
    assert_eq!(attribute("atLeastOnce"), "data-at-least-once");
    assert_eq!(attribute("key"), "data-key");
}
