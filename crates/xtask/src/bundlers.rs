//! The shops of `tests/bundlers/`, each built with the real tool from the packed package.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::hash::{Key, sources};
use crate::house::House;
use crate::npm::Npm;
use crate::run::Run;

/// What is built, a folder each in [`SHOPS`].
const BUILT: &[&str] = &["vite", "webpack", "next"];
const SHOPS: &str = "tests/bundlers";
/// The tools, and what judges packages.
pub(crate) const TOOLS: &str = "crates/xtask/bundlers";

/// Installs the tools. 140 MB to download, 520 MB on the disk.
pub(crate) fn tools(house: &House) -> Result<Npm> {
    Npm::install(house, TOOLS, "bundlers-npm")
}

/// Builds the shops, or takes them from the cache: a folder with `<name>/out` in it for each. The package must have been built.
pub(crate) fn built(house: &House) -> Result<PathBuf> {
    let npm = tools(house)?;
    let key = || {
        let manifest = std::fs::read(house.pkg().join("manifest.json")).context("pkg/manifest.json cannot be read")?;
        let package = std::fs::read(house.pkg().join("package.json"))?;
        let key = Key::new("bundlers").files(&house.root, &sources(&house.root, &[SHOPS]))?;
        Ok(key.bytes(&manifest).bytes(&package).text(&npm.dir.to_string_lossy()).finish())
    };
    house.cached("bundlers", key, 2, |dir| {
        // Links and no copies: what builds looks for packages above its folder, and 520 MB are many.
        Run::new("cp").arg("-al").arg(npm.dir.join("node_modules")).arg(dir.join("node_modules")).run()?;
        let package = dir.join("node_modules/polku");
        let packed = pack(house, dir)?;
        judge(&npm, &house.pkg(), &packed)?;
        unpack(&packed, &package)?;
        let types = dir.join("types");
        Run::new("cp").arg("-r").arg(house.root.join(SHOPS).join("types")).arg(&types).run()?;
        Run::new("node").arg("build.mjs").dir(&types).run().context("the types of the packed package are wrong")?;
        for name in BUILT {
            build(house, dir, name, &package).with_context(|| format!("{SHOPS}/{name} cannot be built"))?;
        }
        Ok(std::fs::remove_dir_all(dir.join("node_modules"))?)
    })
}

/// Packs `pkg/` as npm would publish it; gives back the file's path.
pub(crate) fn pack(house: &House, to: &Path) -> Result<PathBuf> {
    let out = Run::new("npm").args(["pack", "--ignore-scripts", "--loglevel=error", "--pack-destination"]).arg(to);
    let names = out.arg(house.pkg()).stdout()?;
    Ok(to.join(names.lines().last().context("npm has packed nothing")?.trim()))
}

/// What others hold against a package: publint of its manifest, `attw` of its types as bundlers and Node find them.
pub(crate) fn judge(npm: &Npm, folder: &Path, packed: &Path) -> Result<()> {
    npm.tool("publint").args(["--strict"]).arg(folder).run()?;
    // There are modules alone: who calls `require` gets one that way, too, and has no types of its own.
    npm.tool("attw").arg(packed).args(["--profile", "esm-only", "--format", "ascii"]).run()
}

fn unpack(packed: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to)?;
    Run::new("tar").arg("-xzf").arg(packed).arg("-C").arg(to).arg("--strip-components=1").run()?;
    Ok(std::fs::remove_file(packed)?)
}

fn build(house: &House, dir: &Path, name: &str, package: &Path) -> Result<()> {
    let shop = dir.join(name);
    Run::new("cp").arg("-r").arg(house.root.join(SHOPS).join(name)).arg(&shop).run()?;
    // As the shop's own build does it: `npx polku-copy`.
    Run::new("node").arg(package.join("copy.mjs")).dir(&shop).run()?;
    std::fs::copy(house.root.join(SHOPS).join("prompts.json"), shop.join("public/prompts.json"))?;
    Run::new("node").arg("build.mjs").dir(&shop).run()?;
    let out = shop.join("out");
    ensure!(out.join("index.html").is_file(), "there is no {}", out.join("index.html").display());
    // webpack knows no folder of files that are served as they are.
    if !out.join("polku").is_dir() {
        Run::new("cp").arg("-r").arg(shop.join("public/.")).arg(&out).run()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shop_is_there() {
        let shops = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(SHOPS);
        for name in BUILT {
            assert!(shops.join(name).join("build.mjs").is_file(), "{name}");
        }
    }
}
