//! From Rust to a module and its glue: cargo, wasm-bindgen, wasm-opt.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::bindgen::Bindgen;
use crate::glue;
use crate::hash::{Key, sources};
use crate::house::House;
use crate::npm::Npm;
use crate::run::Run;
use crate::snip;
use crate::toolchain::{TARGET, Toolchain};

/// The tools that make modules.
pub(crate) struct Tools {
    toolchain: Toolchain,
    bindgen: Bindgen,
    /// The packages from npm.
    pub(crate) npm: Npm,
}

impl Tools {
    /// Finds or installs them.
    pub(crate) fn find(house: &House) -> Result<Self> {
        let toolchain = Toolchain::find()?;
        eprintln!("wasm compiler: {}", toolchain.describe());
        Ok(Self { npm: Npm::find(house)?, bindgen: Bindgen::find(house)?, toolchain })
    }

    /// For cache keys.
    pub(crate) fn id(&self) -> String {
        format!("{} {} {}", self.toolchain.id(), self.bindgen.version, include_str!("../npm/package-lock.json"))
    }
}

/// One of the four modules.
pub(crate) struct Module {
    /// Its name in the package.
    pub(crate) name: &'static str,
    package: &'static str,
    /// What cargo makes of the package's name.
    file: &'static str,
    /// The folders that it is built from.
    sources: &'static [&'static str],
    /// Functions, by parts of their names, that it holds and never calls.
    never_called: &'static [&'static [&'static str]],
}

/// What every page loads.
pub(crate) const CORE: Module = Module {
    name: "core",
    package: "polku",
    file: "polku",
    sources: &["src", "crates/core/src", "crates/core/Cargo.toml"],
    never_called: &[],
};

/// What is loaded on pages that are measured.
pub(crate) const WATCH: Module = Module {
    name: "watch",
    package: "polku-watch",
    file: "polku_watch",
    sources: &["crates/watch", "crates/core/src", "crates/core/Cargo.toml"],
    never_called: &[snip::CALLBACKS],
};

/// What is loaded where a collector has another format than ours.
pub(crate) const FORMAT: Module = Module {
    name: "format",
    package: "polku-format",
    file: "polku_format",
    sources: &["crates/format", "crates/core/src", "crates/core/Cargo.toml"],
    never_called: &[],
};

/// What is loaded when a prompt opens.
pub(crate) const PROMPT: Module = Module {
    name: "prompt",
    package: "polku-prompt",
    file: "polku_prompt",
    sources: &["crates/prompt", "crates/core/src", "crates/core/Cargo.toml"],
    never_called: &[snip::CALLBACKS, snip::FLOATS],
};

/// A module that is done but for its JavaScript.
pub(crate) struct Built {
    /// The module's bytes.
    pub(crate) wasm: Vec<u8>,
    /// Its glue, to be bundled.
    pub(crate) glue: PathBuf,
}

/// What the modules may use: browsers since Safari 16.4 have it. Named one by one, because `--all-features` would write
/// instructions that they lack.
const FEATURES: &[&str] = &[
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-multivalue",
];

/// wasm-opt's passes, as found by measuring brotli bytes on both modules. After the plain `-Oz --converge`: the flat form
/// and `--rereloop` −1.5 %, functions ordered by name (neighbours resemble each other) −0.6 %, `-O4` first −0.3 %.
const PASSES: &[&str] = &[
    // Small functions name their locals with small numbers, which brotli likes better than fewer calls.
    "--one-caller-inline-max-function-size=1",
    // A promise that holds for Rust: addresses below 1024, the far end of the stack, are not in use. (Not a second one,
    // `--ignore-implicit-traps`: it makes loads that a check guards unconditional, and at the end of memory those trap.)
    "--low-memory-unused",
    "--optimize-added-constants",
    "--flatten",
    "--rereloop",
    "-O4",
    "-Oz",
    "--converge",
    "--reorder-functions-by-name",
    // Only now: wasm-bindgen reads what these drop.
    "--strip-debug",
    "--strip-producers",
    "--strip-target-features",
];

/// Builds one module, or takes it from the cache.
pub(crate) fn build(house: &House, tools: &Tools, module: &Module) -> Result<Built> {
    let key = || {
        let files = sources(&house.root, &[module.sources, &["Cargo.toml", "Cargo.lock"]].concat());
        let key = Key::new(module.name).files(&house.root, &files)?.text(&tools.id());
        // How it is made is an input too.
        let key = key
            .text(include_str!("wasm.rs"))
            .text(include_str!("glue.rs"))
            .text(include_str!("snip.rs"))
            .text(glue::GUARD);
        Ok(key.finish())
    };
    let dir = house.cached("wasm", key, 8, |dir| make(house, tools, module, dir))?;
    Ok(Built { wasm: std::fs::read(dir.join("module.wasm"))?, glue: dir.join("glue.js") })
}

fn make(house: &House, tools: &Tools, module: &Module, dir: &Path) -> Result<()> {
    let target = house.target("wasm");
    // Cargo's own lock ends before wasm-bindgen has read what cargo wrote.
    let _held = house.hold_target("wasm")?;
    tools.toolchain.build(&target).dir(&house.root).args(["--package", module.package]).run()?;
    Run::new(&tools.bindgen.path)
        .args(["--target", "web", "--no-typescript", "--omit-default-module-path", "--encode-into", "always"])
        .args(["--out-name", "glue", "--out-dir"])
        .arg(dir)
        .arg(target.join(TARGET).join("wasm").join(module.file).with_extension("wasm"))
        .run()?;
    let bound = dir.join("glue_bg.wasm");
    for names in module.never_called {
        std::fs::write(&bound, snip::snip(&std::fs::read(&bound)?, names)?)?;
    }
    let optimised = dir.join("optimised.wasm");
    tools.npm.tool("wasm-opt").args(FEATURES).args(PASSES).arg(&bound).arg("-o").arg(&optimised).run()?;
    // A pass of its own, after the last optimisation: it prints which name became which.
    let map = tools
        .npm
        .tool("wasm-opt")
        .args(FEATURES)
        .arg("--minify-imports-and-exports-and-modules")
        .arg(&optimised)
        .arg("-o")
        .arg(dir.join("module.wasm"))
        .stdout()?;
    let path = dir.join("glue.js");
    let text = std::fs::read_to_string(&path).context("wasm-bindgen wrote no glue")?;
    std::fs::write(&path, glue::renamed(&glue::guarded(&text)?, &map)?)?;
    for done in ["glue_bg.wasm", "optimised.wasm"] {
        std::fs::remove_file(dir.join(done))?;
    }
    Ok(())
}
