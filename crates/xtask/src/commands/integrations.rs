//! `cargo xtask integrations`: what other systems are given (`integrations/`), tried in them as far as they can be had here. What needs none of them also runs in
//! `cargo xtask test`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Result, ensure};

use super::no_arguments;
use crate::hash::Key;
use crate::house::House;
use crate::npm::Npm;
use crate::run::{Run, find};
use crate::{apt, browsers, package};

/// Tests that need no other system: a tag manager's sandbox and Shopify's are doubles.
const ALONE: &[&str] = &[
    "tests/integrations/gtm/template.test.mjs",
    "tests/integrations/shopify/theme.test.mjs",
    "tests/integrations/shopify/pixel.test.mjs",
];
/// The test in a real WordPress.
const SITE: &str = "tests/integrations/wordpress/site.test.mjs";
/// What the plugin decides, with doubles of WordPress and WooCommerce.
const UNIT: &str = "tests/integrations/wordpress/unit.php";
const PLUGIN: &str = "integrations/wordpress/polku";

/// What was run.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Tried {
    pub(super) passed: u64,
    pub(super) failed: u64,
    pub(super) skipped: u64,
}

impl Tried {
    fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

/// Runs all of them, in a WordPress too.
pub(super) fn run(house: &House, args: &[String]) -> Result<ExitCode> {
    no_arguments(args)?;
    let browsers = browsers::find(house)?;
    package::build(house)?;
    php()?;
    let wordpress = wordpress(house)?;
    let mut tried = alone(house)?;
    println!("\n{SITE}");
    let mut site = node(house, &[SITE]).quiet_env("POLKU_WORDPRESS", wordpress).quiet_env("POLKU_PKG", house.pkg());
    for (name, value) in &browsers.variables {
        site = site.quiet_env(name, value);
    }
    tried.add(counted(site)?);
    println!("{} passed, {} failed, {} skipped", tried.passed, tried.failed, tried.skipped);
    Ok(if tried.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Runs what needs no other system. Without PHP the plugin's own tests are skipped.
pub(super) fn alone(house: &House) -> Result<Tried> {
    println!("\ntests/integrations");
    let npm = Npm::install(house, "crates/xtask/integrations", "integrations-npm")?;
    let mut tried = counted(node(house, ALONE).quiet_env("POLKU_INTEGRATIONS", &npm.dir))?;
    if find("php").is_none() {
        println!("skipped: {PLUGIN}: there is no php here (`cargo xtask integrations` installs it)");
        tried.skipped += 1;
        return Ok(tried);
    }
    for file in scripts(&house.root.join(PLUGIN)) {
        let (said, ok) = Run::new("php").arg("-l").arg(&file).lines(|_| {})?;
        if !ok {
            println!("not ok - {}: {said}", file.display());
        }
        tried.add(Tried { passed: u64::from(ok), failed: u64::from(!ok), skipped: 0 });
    }
    let (mut passed, mut failed) = (0, 0);
    let (_, ok) = Run::new("php").arg(UNIT).dir(&house.root).lines(|line| {
        passed += u64::from(line.starts_with("ok - "));
        if line.starts_with("not ok - ") || line.starts_with("  ") {
            failed += u64::from(line.starts_with("not ok - "));
            println!("{line}");
        }
    })?;
    // One that ends before it has counted has passed nothing.
    tried.add(Tried { passed, failed: failed.max(u64::from(!ok || passed == 0)), skipped: 0 });
    Ok(tried)
}

/// The runner of node, with these files.
fn node(house: &House, files: &[&str]) -> Run {
    Run::new("node").args(["--test", "--test-reporter=tap"]).args(files).dir(&house.root)
}

/// Runs it, shows which tests it names, and counts.
fn counted(run: Run) -> Result<Tried> {
    let mut tried = Tried::default();
    let (_, ok) = run.lines(|line| {
        match count(line) {
            Some(("pass", number)) => tried.passed = number,
            Some(("fail" | "cancelled", number)) => tried.failed += number,
            Some(("skipped", number)) => tried.skipped = number,
            _ => {}
        }
        // What a test was about, and of one that failed why; not the pages that it has read.
        if line.starts_with("ok ") || line.starts_with("not ok ") || line.trim_start().starts_with("error:") {
            println!("{line}");
        }
    })?;
    if !ok && tried.failed == 0 {
        tried.failed = 1;
    }
    Ok(tried)
}

/// `# pass 12`
fn count(line: &str) -> Option<(&str, u64)> {
    let (what, number) = line.strip_prefix("# ")?.split_once(' ')?;
    Some((what, number.parse().ok()?))
}

/// The plugin's files of PHP.
fn scripts(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(scripts(&path));
        } else if path.extension().is_some_and(|extension| extension == "php") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Finds or installs PHP and the database's programs. None of them starts with the machine.
fn php() -> Result<()> {
    let there = ["php", "mariadb", "mariadb-install-db"].iter().all(|name| find(name).is_some());
    if !there {
        let packages =
            ["php-cli", "php-mysql", "php-xml", "php-mbstring", "mariadb-server-core", "mariadb-client-core"];
        apt::install(&packages, "php, or the programs of MariaDB,")?;
    }
    Ok(())
}

/// The folder of a WordPress: the one that `POLKU_WORDPRESS` names, the system's, or Debian's, unpacked into the cache.
fn wordpress(house: &House) -> Result<PathBuf> {
    const FOLDER: &str = "usr/share/wordpress";
    let system = Path::new("/").join(FOLDER);
    let named = std::env::var_os("POLKU_WORDPRESS").map(PathBuf::from);
    if let Some(there) = named.into_iter().chain([system]).find(|folder| folder.join("wp-load.php").is_file()) {
        return Ok(there);
    }
    let release = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    let key = || Ok(Key::new("wordpress").text(&release).finish());
    let dir = house.cached("wordpress", key, 1, |dir| apt::unpack("wordpress", dir))?;
    ensure!(dir.join(FOLDER).join("wp-load.php").is_file(), "Debian's wordpress holds no WordPress");
    Ok(dir.join(FOLDER))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_node_counts_is_read() {
        assert_eq!(count("# pass 12"), Some(("pass", 12)));
        assert_eq!((count("# Subtest: pass 12 of them"), count("ok 1 - it")), (None, None));
    }

    #[test]
    fn the_plugin_has_the_version_of_the_house() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let version = env!("CARGO_PKG_VERSION");
        for (file, says) in [
            ("polku.php", format!(" * Version:           {version}\n")),
            ("polku.php", format!("define( 'POLKU_VERSION', '{version}' );")),
            ("readme.txt", format!("Stable tag: {version}\n")),
        ] {
            let text = std::fs::read_to_string(root.join(PLUGIN).join(file)).expect("readable");
            assert!(text.contains(&says), "{PLUGIN}/{file} does not say {says}");
        }
    }

    #[test]
    fn the_plugin_has_files() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        assert!(scripts(&root.join(PLUGIN)).iter().any(|file| file.ends_with("polku.php")));
        for file in ALONE.iter().chain([&SITE, &UNIT]) {
            assert!(root.join(file).is_file(), "{file}");
        }
    }
}
