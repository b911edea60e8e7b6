//! No link of the built site leads nowhere: read from the pages as they were written, not from what they were made of.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};

/// Fails with every dead link.
pub(super) fn links(out: &Path) -> Result<()> {
    let mut pages = BTreeMap::new();
    read(out, out, &mut pages)?;
    let mut dead = Vec::new();
    for (page, text) in &pages {
        let place = page.rsplit_once('/').map_or("", |(folder, _)| folder);
        for target in values(text, "href").chain(values(text, "src")) {
            if target.contains("://") || target.starts_with("mailto:") {
                continue;
            }
            let (file, anchor) = target.split_once('#').map_or((target, None), |(file, anchor)| (file, Some(anchor)));
            let file = if file.is_empty() { page.clone() } else { normal(&Path::new(place).join(file)) };
            let missing = !out.join(&file).is_file();
            let nowhere = anchor.is_some_and(|anchor| {
                let ids: BTreeSet<&str> = pages.get(&file).into_iter().flat_map(|text| values(text, "id")).collect();
                !ids.contains(decoded(anchor).as_str())
            });
            if missing || nowhere {
                dead.push(format!("{page}: {target}"));
            }
        }
    }
    ensure!(dead.is_empty(), "links that lead nowhere:\n  {}", dead.join("\n  "));
    Ok(())
}

fn read(top: &Path, folder: &Path, pages: &mut BTreeMap<String, String>) -> Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            read(top, &path, pages)?;
        } else if path.extension().is_some_and(|ending| ending == "html") {
            let name = path.strip_prefix(top)?.to_string_lossy().replace('\\', "/");
            pages.insert(name, std::fs::read_to_string(&path)?);
        }
    }
    Ok(())
}

/// The values of an attribute. The pages are ours: their attributes stand in double quotes, and code has its quotes but no `<` before them.
fn values<'a>(text: &'a str, name: &str) -> impl Iterator<Item = &'a str> {
    let begin = format!(" {name}=\"");
    text.split('<').skip(1).filter_map(move |tag| {
        let tag = tag.split('>').next()?;
        let from = tag.find(&begin)? + begin.len();
        tag[from..].split('"').next()
    })
}

/// `%C3%A4` as `ä`, as browsers read anchors.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let digits = after.get(..2).filter(|_| *first == b'%').and_then(|two| std::str::from_utf8(two).ok());
        match digits.and_then(|two| u8::from_str_radix(two, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn normal(path: &Path) -> String {
    let mut parts = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::ParentDir => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.to_string_lossy().replace('\\', "/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_found_in_tags_alone() {
        let text = r#"<a class="x" href="a.html#b">href="no.html"</a><img src="p.png"><h2 id="b">"#;
        assert_eq!(values(text, "href").collect::<Vec<_>>(), ["a.html#b"]);
        assert_eq!(values(text, "src").collect::<Vec<_>>(), ["p.png"]);
        assert_eq!(values(text, "id").collect::<Vec<_>>(), ["b"]);
    }

    #[test]
    fn anchors_are_read_as_browsers_read_them() {
        assert_eq!(decoded("mit%C3%A4-l%C3%A4htee"), "mitä-lähtee");
        assert_eq!(decoded("100%"), "100%");
    }

    #[test]
    fn dead_links_are_named() {
        let folder = std::env::temp_dir().join(format!("polku-docs-links-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder can be made");
        std::fs::write(
            folder.join("a.html"),
            r##"<h1 id="a"></h1><a href="b.html"></a><a href="#c"></a><a href="#a"></a>"##,
        )
        .expect("written");
        let why = links(&folder).expect_err("two are dead").to_string();
        std::fs::remove_dir_all(&folder).expect("it is there");
        assert!(why.contains("a.html: b.html") && why.contains("a.html: #c") && !why.contains("#a"), "{why}");
    }
}
