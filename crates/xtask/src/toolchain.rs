//! The compiler for WebAssembly.
//!
//! The smallest module comes from a `std` that is built anew, without what prints panics and tuned for size. That needs
//! the sources of `std` beside a compiler (rustup's `rust-src`, Debian's `rust-web-src`) and switches that a stable
//! compiler hides (`RUSTC_BOOTSTRAP`). A plain `std` for wasm32 works too, and makes a larger module.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use crate::apt;
use crate::cargo::{exact, tool};
use crate::run::{Run, ask, find, find_any};

/// The target that both modules are built for.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// No text and no place of a panic, no `{:?}`: nobody reads them in a shopper's browser. No reference types: what JS values
/// need a table for in the module, a few lines of glue do in less. Where a call is as long as what it calls there is none: 10 was
/// measured between 0 and 60, and makes all three modules smaller than what `z` stands for (5).
const SMALL: &str = "-Zunstable-options -Cllvm-args=--inline-threshold=10 -Cpanic=immediate-abort -Zlocation-detail=none -Zfmt-debug=none \
                     -Ctarget-feature=-reference-types";

/// Debian's packages of a compiler for WebAssembly with the sources of `std`, and its linker by preference.
const DEBIAN: &[&str] = &["rustc-web", "cargo-web", "rust-web-src"];
const DEBIAN_LINKERS: &[&str] = &["lld-22", "lld-21", "lld-20", "lld"];
const LINKERS: &[&str] = &["rust-lld", "wasm-ld", "wasm-ld-22", "wasm-ld-21", "wasm-ld-20"];

/// A compiler that can build the modules.
pub(crate) struct Toolchain {
    sysroot: PathBuf,
    version: String,
    /// Whether it builds `std` anew.
    builds_std: bool,
    /// Named only where the compiler would not find one by itself.
    linker: Option<PathBuf>,
}

impl Toolchain {
    /// Finds the toolchain that makes the smallest modules; installs one when there is none.
    pub(crate) fn find() -> Result<Self> {
        if let Some(found) = Self::look() {
            return Ok(found);
        }
        eprintln!("no compiler here can build for WebAssembly");
        // The compiler came to a release late, as an update: older lists name one that cannot build this.
        apt::refresh();
        if apt::usable() && apt::first_known(&DEBIAN[..1]).is_some() {
            apt::install(DEBIAN, "a compiler for WebAssembly")?;
        } else if let Some(rustup) = find("rustup") {
            // Whether it came or not is seen by looking again.
            let _ = Run::new(&rustup).args(["component", "add", "rust-src"]).run();
            if Self::look().is_none() {
                let _ = Run::new(&rustup).args(["target", "add", TARGET]).run();
            }
        }
        match Self::look() {
            Some(found) => Ok(found),
            None => bail!(
                "there is no compiler for {TARGET}. One of these brings it:\n  \
                 rustup component add rust-src        (smallest modules; or: rustup target add {TARGET})\n  \
                 apt-get install {} {}   (Debian 12 and later)",
                DEBIAN.join(" "),
                DEBIAN_LINKERS[0],
            ),
        }
    }

    /// What is there: one that builds `std` before one that does not, the active toolchain before others.
    fn look() -> Option<Self> {
        let sysroots = sysroots();
        let found = sysroots.iter().find_map(|sysroot| Self::with_sources(sysroot));
        found.or_else(|| sysroots.iter().find_map(|sysroot| Self::with_target(sysroot)))
    }

    fn with_sources(sysroot: &Path) -> Option<Self> {
        let sources = sysroot.join("lib/rustlib/src/rust/library/std/Cargo.toml").is_file();
        let version = version(sysroot).filter(|_| sources && tool(sysroot, "cargo").is_file())?;
        // Compilers before 1.91 do not know these switches.
        let mut probe = Command::new(tool(sysroot, "rustc"));
        probe.env("RUSTC_BOOTSTRAP", "1").args(["--print", "cfg", "--target", TARGET]).args(SMALL.split(' '));
        ask(&mut probe)?;
        Some(Self { version, builds_std: true, linker: linker(sysroot)?, sysroot: sysroot.to_owned() })
    }

    fn with_target(sysroot: &Path) -> Option<Self> {
        let target = sysroot.join("lib/rustlib").join(TARGET).join("lib").is_dir();
        let version = version(sysroot).filter(|_| target && tool(sysroot, "cargo").is_file())?;
        Some(Self { version, builds_std: false, linker: linker(sysroot)?, sysroot: sysroot.to_owned() })
    }

    /// A cargo that builds modules with `--profile wasm` into the target folder `target`.
    pub(crate) fn build(&self, target: &Path) -> Run {
        let mut run = exact(&tool(&self.sysroot, "cargo"), &tool(&self.sysroot, "rustc"))
            .quiet_env("CARGO_TARGET_DIR", target)
            .without_env("CARGO_BUILD_TARGET");
        if let Some(linker) = &self.linker {
            run = run.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
        }
        run = if self.builds_std {
            run.env("RUSTFLAGS", SMALL).env("RUSTC_BOOTSTRAP", "1")
        } else {
            run.without_env("RUSTFLAGS")
        };
        // The crates are `cdylib` and `rlib` at once, and for those cargo leaves LTO out: only the first is wanted here.
        run = run.args(["rustc", "--lib", "--crate-type", "cdylib", "--profile", "wasm", "--target", TARGET]);
        if self.builds_std {
            run = run.args(["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"]);
        }
        run
    }

    /// For people.
    pub(crate) fn describe(&self) -> String {
        let first = self.rustc();
        let std = if self.builds_std { "std built anew for size" } else { "std as installed: larger modules" };
        format!("{first} in {}, {std}", self.sysroot.display())
    }

    /// Its first line about itself: `rustc 1.96.0 (…)`.
    pub(crate) fn rustc(&self) -> &str {
        self.version.lines().next().unwrap_or_default()
    }

    /// For cache keys: the same text, the same bytes out.
    pub(crate) fn id(&self) -> String {
        format!("{} {} {SMALL}", self.version, self.builds_std)
    }
}

/// The active toolchain, rustup's others, the system's.
fn sysroots() -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = Vec::new();
    found.extend(ask(Command::new("rustc").args(["--print", "sysroot"])).map(PathBuf::from));
    let rustup = std::env::var_os("RUSTUP_HOME").map(PathBuf::from);
    let rustup = rustup.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".rustup")));
    if let Some(entries) = rustup.and_then(|home| std::fs::read_dir(home.join("toolchains")).ok()) {
        let mut toolchains: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        toolchains.sort();
        found.extend(toolchains);
    }
    found.extend([PathBuf::from("/usr/local"), PathBuf::from("/usr")]);
    let mut unique = Vec::new();
    for sysroot in found {
        if tool(&sysroot, "rustc").is_file() && !unique.contains(&sysroot) {
            unique.push(sysroot);
        }
    }
    unique
}

fn version(sysroot: &Path) -> Option<String> {
    ask(Command::new(tool(sysroot, "rustc")).arg("-vV"))
}

/// `Some(None)`: the compiler finds one by itself; `None`: there is none.
fn linker(sysroot: &Path) -> Option<Option<PathBuf>> {
    if find("rust-lld").is_some() || bundled_linker(sysroot).is_some() {
        return Some(None);
    }
    if let Some(linker) = find_any(LINKERS) {
        return Some(Some(linker));
    }
    // Any toolchain's `rust-lld` serves any other.
    if let Some(linker) = sysroots().iter().find_map(|other| bundled_linker(other)) {
        return Some(Some(linker));
    }
    let package = apt::first_known(DEBIAN_LINKERS).filter(|_| apt::usable())?;
    apt::install(&[package], "a linker for WebAssembly").ok()?;
    find_any(LINKERS).map(Some)
}

fn bundled_linker(sysroot: &Path) -> Option<PathBuf> {
    let hosts = std::fs::read_dir(sysroot.join("lib/rustlib")).ok()?;
    hosts.flatten().map(|host| host.path().join("bin/rust-lld")).find(|linker| linker.is_file())
}
