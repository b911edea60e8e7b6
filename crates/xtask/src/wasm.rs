//! From Rust to a module and its glue: cargo, wasm-bindgen, wasm-opt.

use std::cell::Cell;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::bindgen::Bindgen;
use crate::glue;
use crate::hash::{Key, sources};
use crate::house::House;
use crate::modules::{Module, ONE_CALLER};
use crate::npm::Npm;
use crate::order;
use crate::run::Run;
use crate::snip;
use crate::toolchain::{TARGET, Toolchain};
use crate::translate;
use crate::weigh;

/// The tools that make modules.
pub(crate) struct Tools {
    toolchain: Toolchain,
    bindgen: Bindgen,
    /// The packages from npm.
    pub(crate) npm: Npm,
    /// What modules are made for at the moment.
    pub(crate) engine: Cell<Engine>,
}

impl Tools {
    /// Finds or installs them.
    pub(crate) fn find(house: &House) -> Result<Self> {
        let toolchain = Toolchain::find()?;
        eprintln!("wasm compiler: {}", toolchain.describe());
        Ok(Self { npm: Npm::find(house)?, bindgen: Bindgen::find(house)?, toolchain, engine: Cell::new(Engine::Wasm) })
    }

    /// For those who want to build the same again: what they are called, and their versions.
    pub(crate) fn named(&self) -> Value {
        let mut tools = self.npm.versions();
        tools["rustc"] = self.toolchain.rustc().into();
        tools["wasm-bindgen"] = self.bindgen.version.clone().into();
        tools
    }

    /// For cache keys.
    pub(crate) fn id(&self) -> String {
        format!("{} {} {}", self.toolchain.id(), self.bindgen.version, include_str!("../npm/package-lock.json"))
    }
}

/// A module that is done but for its JavaScript.
pub(crate) struct Built {
    /// The module's bytes; none where its glue holds it as JavaScript.
    pub(crate) wasm: Vec<u8>,
    /// Its glue, to be bundled.
    pub(crate) glue: PathBuf,
    /// What the functions of a module weigh that the browser runs itself, as `weigh` writes it down.
    pub(crate) functions: PathBuf,
}

/// What runs a module in the browser.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Engine {
    /// The browser's own.
    Wasm,
    /// JavaScript, where a page's policy forbids WebAssembly: see [`translate`].
    JavaScript,
}

impl Engine {
    /// For cache keys.
    fn name(self) -> &'static str {
        match self {
            Self::Wasm => "wasm",
            Self::JavaScript => "js",
        }
    }
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
/// and `--rereloop` −1.5 %, functions ordered by how they look (neighbours resemble each other; see [`order`]) −1 %, `-O4` first −0.3 %.
const PASSES: &[&str] = &[
    // Small functions name their locals with small numbers, which brotli likes better than fewer calls. Nor are those copied
    // into others that are more than a few instructions.
    ONE_CALLER,
    "--flexible-inline-max-function-size=10",
    // A promise that holds for Rust: addresses below 1024, the far end of the stack, are not in use. (Not a second one,
    // `--ignore-implicit-traps`: it makes loads that a check guards unconditional, and at the end of memory those trap.)
    "--low-memory-unused",
    "--optimize-added-constants",
    "--flatten",
    "--rereloop",
    "-O4",
    "-Oz",
    "--converge",
    // The functions keep their names until `weigh` has read them.
    "-g",
    // Only now: wasm-bindgen reads what these drop.
    "--strip-producers",
    "--strip-target-features",
];

/// 128 KiB for the stack, of which 1 MiB is usual: nothing here goes deeper into itself than 128 times (what reads JSON for the check of definitions), and what
/// is left takes three bytes per address and not four.
const STACK: &str = "-Clink-arg=-zstack-size=131072";

/// So many stay in the cache: some twenty, for a few clones. With fewer places than a build makes each would push out what the next one needs.
const KEPT: usize = 80;
/// Where what the functions weigh is written down, beside the module.
const FUNCTIONS: &str = "functions.txt";

/// Builds one module for the tools' engine, or takes it from the cache.
pub(crate) fn build(house: &House, tools: &Tools, module: &Module) -> Result<Built> {
    let engine = tools.engine.get();
    let key = || {
        let files = sources(&house.root, &[module.sources, &["Cargo.toml", "Cargo.lock"]].concat());
        let key = Key::new(module.name).files(&house.root, &files)?.text(&tools.id());
        // How it is made is an input too.
        let key = key
            .text(include_str!("wasm.rs"))
            .text(include_str!("modules.rs"))
            .text(include_str!("glue.rs"))
            .text(include_str!("snip.rs"))
            .text(include_str!("order.rs"))
            .text(include_str!("translate.rs"))
            .text(include_str!("longs.rs"))
            .text(include_str!("weigh.rs"))
            .text(glue::GUARD)
            .text(engine.name());
        Ok(key.finish())
    };
    let dir = house.cached("wasm", key, KEPT, |dir| {
        let compiled = compile(house, tools, module, dir)?;
        match engine {
            Engine::Wasm => make(tools, module, &compiled, dir),
            Engine::JavaScript => translated(tools, module, &compiled, dir),
        }?;
        Ok(std::fs::remove_file(compiled)?)
    })?;
    let functions = dir.join(FUNCTIONS);
    Ok(match engine {
        Engine::Wasm => Built { wasm: std::fs::read(dir.join(MODULE))?, glue: dir.join("glue.js"), functions },
        Engine::JavaScript => Built { wasm: Vec::new(), glue: dir.join("translated.js"), functions },
    })
}

/// What cargo makes of it, copied into `dir`.
fn compile(house: &House, tools: &Tools, module: &Module, dir: &Path) -> Result<PathBuf> {
    let target = house.target("wasm");
    // Cargo's own lock ends before anybody has read what cargo wrote. What is made of it needs no lock.
    let held = house.hold_target("wasm")?;
    let features = module.features.join(",");
    tools
        .toolchain
        .build(&target)
        .dir(&house.root)
        .args(["--package", module.package, "--features", &features, "--", STACK])
        .run()?;
    let compiled = dir.join("compiled.wasm");
    std::fs::copy(target.join(TARGET).join("wasm").join(module.file).with_extension("wasm"), &compiled)?;
    drop(held);
    Ok(compiled)
}

/// For the browser's own engine.
fn make(tools: &Tools, module: &Module, compiled: &Path, dir: &Path) -> Result<()> {
    let text = bind(tools, module, compiled, dir)?;
    let map = shrink(tools, module, dir, FEATURES)?;
    Ok(std::fs::write(dir.join("glue.js"), glue::renamed(&glue::guarded(&text)?, &map)?)?)
}

/// As JavaScript, with glue of its own.
fn translated(tools: &Tools, module: &Module, compiled: &Path, dir: &Path) -> Result<()> {
    let plain = dir.join("plain.wasm");
    std::fs::write(&plain, translate::without_features(&std::fs::read(compiled)?)?)?;
    let text = bind(tools, module, &plain, dir)?;
    translate::lower(tools, &dir.join(BOUND))?;
    let map = shrink(tools, module, dir, translate::FEATURES)?;
    let glue = translate::glue(&glue::renamed(&translate::fresh_views(&glue::guarded(&text)?)?, &map)?)?;
    let code = translate::translate(tools, &dir.join(MODULE))?;
    std::fs::write(dir.join("translated.js"), format!("{glue}\n{code}"))?;
    for done in [plain, dir.join(MODULE)] {
        std::fs::remove_file(done)?;
    }
    Ok(())
}

/// What a module is called that is done.
const MODULE: &str = "module.wasm";
/// What wasm-bindgen calls the module that goes with the glue `glue`.
const BOUND: &str = "glue_bg.wasm";

/// Makes the glue, which it gives back, and the module that goes with it.
fn bind(tools: &Tools, module: &Module, compiled: &Path, dir: &Path) -> Result<String> {
    Run::new(&tools.bindgen.path)
        .args(["--target", "web", "--no-typescript", "--omit-default-module-path", "--encode-into", "always"])
        .args(["--out-name", "glue", "--out-dir"])
        .arg(dir)
        .arg(compiled)
        .run()?;
    let bound = dir.join(BOUND);
    for names in module.never_called {
        std::fs::write(&bound, snip::snip(&std::fs::read(&bound)?, names)?)?;
    }
    std::fs::read_to_string(dir.join("glue.js")).context("wasm-bindgen wrote no glue")
}

/// Makes `module.wasm` of what was bound; says which name became which.
fn shrink(tools: &Tools, module: &Module, dir: &Path, features: &[&str]) -> Result<String> {
    let (bound, optimised) = (dir.join(BOUND), dir.join("optimised.wasm"));
    let otherwise =
        |pass: &&'static str| module.otherwise.iter().find(|(of, _)| of == pass).map_or(*pass, |(_, by)| *by);
    let passes = PASSES.iter().map(otherwise);
    tools.npm.tool("wasm-opt").args(features).args(passes).arg(&bound).arg("-o").arg(&optimised).run()?;
    let named = std::fs::read(&optimised)?;
    if tools.engine.get() == Engine::Wasm {
        std::fs::write(dir.join(FUNCTIONS), weigh::written(&weigh::functions(&named)?))?;
    }
    std::fs::write(&optimised, order::named_by_looks(&named)?)?;
    // A pass of its own, after the last optimisation: it prints which name became which.
    let map = tools
        .npm
        .tool("wasm-opt")
        .args(features)
        .args(["--reorder-functions-by-name", "--strip-debug", "--minify-imports-and-exports-and-modules"])
        .arg(&optimised)
        .arg("-o")
        .arg(dir.join(MODULE))
        .stdout()?;
    for done in [bound, optimised] {
        std::fs::remove_file(done)?;
    }
    Ok(map)
}
