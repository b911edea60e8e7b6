//! The documentation site: `docs/` as pages that need no server, no network and no script but their search.

mod check;
mod colour;
mod read;
mod search;
mod site;
mod template;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::house::House;
use crate::npm::Npm;
use site::Site;

/// What every page loads beside itself: written by hand, and copied as it is.
const ASSETS: [&str; 2] = ["page.css", "page.js"];

/// Builds the site and looks for dead links; gives back its folder. `source`: where the sources can be read on the web.
pub(crate) fn build(house: &House, source: Option<&str>) -> Result<PathBuf> {
    let site = Site::read(&house.root)?;
    let npm = Npm::install(house, "crates/xtask/docs", "docs-npm")?;
    let mut pages = site.pages.iter().map(|page| read::page(&site, page)).collect::<Result<Vec<_>>>()?;
    colour::paint(house, &npm, &mut pages)?;

    let out = house.root.join("target/docs");
    // What was called otherwise yesterday must not keep a link alive.
    if out.exists() {
        std::fs::remove_dir_all(&out).with_context(|| format!("{} cannot be made anew", out.display()))?;
    }
    std::fs::create_dir_all(&out)?;
    for name in ASSETS {
        copy(&house.root.join("crates/xtask/docs").join(name), &out.join(name))?;
    }
    let minisearch = npm.dir.join("node_modules/minisearch");
    copy(&minisearch.join("dist/umd/index.js"), &out.join("minisearch.js"))?;
    copy(&minisearch.join("LICENSE.txt"), &out.join("minisearch.LICENSE.txt"))?;
    copy_folder(&house.root.join("docs/pictures"), &out.join("pictures"))?;
    for (language, text) in search::indexes(&site, &pages) {
        std::fs::write(out.join(format!("search.{language}.js")), text)?;
    }
    for (page, content) in site.pages.iter().zip(&pages) {
        let file = out.join(page.address());
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(&file, template::page(&site, page, content, source))
            .with_context(|| format!("{} cannot be written", file.display()))?;
    }
    check::links(&out)?;
    Ok(out)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    std::fs::copy(from, to).with_context(|| format!("{} cannot be copied", from.display()))?;
    Ok(())
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from).with_context(|| format!("{} cannot be read", from.display()))? {
        let path = entry?.path();
        if let (true, Some(name)) = (path.is_file(), path.file_name()) {
            copy(&path, &to.join(name))?;
        }
    }
    Ok(())
}
