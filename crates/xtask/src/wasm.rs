//! From Rust to a module and its glue: cargo, wasm-bindgen, wasm-opt.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::bindgen::Bindgen;
use crate::glue;
use crate::hash::{Key, sources};
use crate::house::House;
use crate::npm::Npm;
use crate::order;
use crate::run::Run;
use crate::snip;
use crate::toolchain::{TARGET, Toolchain};
use crate::weigh;

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

/// One of the modules.
pub(crate) struct Module {
    /// Its name in the package.
    pub(crate) name: &'static str,
    package: &'static str,
    /// What cargo makes of the package's name.
    file: &'static str,
    /// Features of the package.
    features: &'static [&'static str],
    /// The folders that it is built from.
    sources: &'static [&'static str],
    /// Functions, by parts of their names, that it holds and never calls.
    never_called: &'static [&'static [&'static str]],
    /// Of [`PASSES`] those in whose place another was measured to make this module smaller.
    otherwise: &'static [(&'static str, &'static str)],
}

/// What every page loads.
pub(crate) const CORE: Module = Module {
    name: "core",
    package: "polku",
    file: "polku",
    features: &[],
    sources: &["src", "crates/core/src", "crates/core/Cargo.toml"],
    never_called: &[],
    otherwise: &[],
};

/// What is loaded on pages that are measured.
pub(crate) const WATCH: Module = Module {
    name: "watch",
    package: "polku-watch",
    file: "polku_watch",
    features: &[],
    sources: &["crates/watch", "crates/core/src", "crates/core/Cargo.toml"],
    never_called: &[snip::CALLBACKS],
    otherwise: &[],
};

/// What is loaded where a shop has prompts, and may show them.
pub(crate) const ASK: Module = Module {
    name: "ask",
    package: "polku-ask",
    file: "polku_ask",
    features: &[],
    sources: &["crates/ask", "crates/core/src", "crates/core/Cargo.toml"],
    never_called: &[],
    otherwise: &[],
};

/// What is loaded where a collector has another format than ours.
pub(crate) const FORMAT: Module = Module {
    name: "format",
    package: "polku-format",
    file: "polku_format",
    features: &[],
    sources: &["crates/format", "crates/core/src", "crates/core/Cargo.toml"],
    never_called: &[],
    otherwise: &[],
};

/// The same with the protocols that need code: a quarter more, which most pages need not load. Its glue is the other's.
pub(crate) const PROTOCOL: Module = Module { name: "protocol", features: &["protocol"], ..FORMAT };

/// What is loaded when a prompt opens.
pub(crate) const PROMPT: Module = Module {
    name: "prompt",
    package: "polku-prompt",
    file: "polku_prompt",
    features: &[],
    sources: &["crates/prompt", "crates/core/src", "crates/core/Cargo.toml"],
    never_called: &[],
    otherwise: &[("-Oz", "-Os"), (ONE_CALLER, "--one-caller-inline-max-function-size=50")],
};

/// What says what is wrong with a prompt's definition: loaded by the preview, and where one cannot be run.
pub(crate) const CHECK: Module = Module {
    name: "check",
    package: "polku-check",
    file: "polku_check",
    features: &[],
    sources: &["crates/check", "crates/core/src", "crates/core/Cargo.toml"],
    never_called: &[snip::CALLBACKS],
    otherwise: &[],
};

/// What is loaded when a conversation opens.
pub(crate) const CHAT: Module = Module {
    name: "chat",
    package: "polku-chat",
    file: "polku_chat",
    features: &[],
    sources: &["crates/chat", "crates/core/src", "crates/core/Cargo.toml"],
    never_called: &[],
    otherwise: &[],
};

/// What is loaded with a question for words.
pub(crate) const SCRUB: Module = Module {
    name: "scrub",
    package: "polku-scrub",
    file: "polku_scrub",
    features: &[],
    sources: &["crates/scrub", "crates/core/src", "crates/core/Cargo.toml"],
    never_called: &[],
    otherwise: &[],
};

/// What is loaded with a question for words in a language that has stems.
pub(crate) const THEMES: Module = Module {
    name: "themes",
    package: "polku-themes",
    file: "polku_themes",
    features: &[],
    sources: &["crates/themes", "crates/core/src", "crates/core/Cargo.toml"],
    never_called: &[],
    otherwise: &[],
};

/// A module that is done but for its JavaScript.
pub(crate) struct Built {
    /// The module's bytes.
    pub(crate) wasm: Vec<u8>,
    /// Its glue, to be bundled.
    pub(crate) glue: PathBuf,
    /// What its functions weigh, as `weigh` writes it down.
    pub(crate) functions: PathBuf,
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

const ONE_CALLER: &str = "--one-caller-inline-max-function-size=1";

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

/// So many modules stay in the cache: all of a few clones.
const KEPT: usize = 40;
/// Where what the functions weigh is written down, beside the module.
const FUNCTIONS: &str = "functions.txt";

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
            .text(include_str!("order.rs"))
            .text(include_str!("weigh.rs"))
            .text(glue::GUARD);
        Ok(key.finish())
    };
    let dir = house.cached("wasm", key, KEPT, |dir| make(house, tools, module, dir))?;
    Ok(Built {
        wasm: std::fs::read(dir.join("module.wasm"))?,
        glue: dir.join("glue.js"),
        functions: dir.join(FUNCTIONS),
    })
}

fn make(house: &House, tools: &Tools, module: &Module, dir: &Path) -> Result<()> {
    let target = house.target("wasm");
    // Cargo's own lock ends before wasm-bindgen has read what cargo wrote.
    let _held = house.hold_target("wasm")?;
    let features = module.features.join(",");
    tools
        .toolchain
        .build(&target)
        .dir(&house.root)
        .args(["--package", module.package, "--features", &features])
        .run()?;
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
    let otherwise =
        |pass: &&'static str| module.otherwise.iter().find(|(of, _)| of == pass).map_or(*pass, |(_, by)| *by);
    let passes = PASSES.iter().map(otherwise);
    tools.npm.tool("wasm-opt").args(FEATURES).args(passes).arg(&bound).arg("-o").arg(&optimised).run()?;
    let named = std::fs::read(&optimised)?;
    std::fs::write(dir.join(FUNCTIONS), weigh::written(&weigh::functions(&named)?))?;
    std::fs::write(&optimised, order::named_by_looks(&named)?)?;
    // A pass of its own, after the last optimisation: it prints which name became which.
    let map = tools
        .npm
        .tool("wasm-opt")
        .args(FEATURES)
        .args(["--reorder-functions-by-name", "--strip-debug", "--minify-imports-and-exports-and-modules"])
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
