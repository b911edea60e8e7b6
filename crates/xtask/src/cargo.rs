//! Calls of cargo that see nothing of the cargo that runs us.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::house::House;
use crate::run::{Run, ask};

/// Variables of cargo's that say how to reach the network and where its home is; all others belong to one build.
const KEPT: &[&str] =
    &["CARGO_HOME", "CARGO_NET_", "CARGO_HTTP_", "CARGO_REGISTR", "CARGO_SOURCE_", "CARGO_TERM_", "CARGO_BUILD_JOBS"];

/// The host's cargo, in the shared target folder `host`. Who builds with it holds that ([`House::hold_target`]).
pub(crate) fn host(house: &House) -> Run {
    clean(Run::new("cargo")).dir(&house.root).quiet_env("CARGO_TARGET_DIR", house.target("host"))
}

/// What the host's compiler is, for cache keys.
pub(crate) fn host_compiler() -> String {
    let flags = std::env::var("RUSTFLAGS").unwrap_or_default();
    format!("{} {flags}", ask(Command::new("rustc").arg("-vV")).unwrap_or_default())
}

/// Takes away what `cargo run` and rustup put into our environment: it would change what a child builds.
pub(crate) fn clean(mut run: Run) -> Run {
    for (name, _) in std::env::vars_os() {
        if leaks(&name.to_string_lossy()) {
            run = run.without_env(name);
        }
    }
    match std::env::var_os("LD_LIBRARY_PATH") {
        Some(dirs) => {
            let dirs = std::env::split_paths(&dirs).filter(|dir| !belongs_to_cargo(dir));
            match std::env::join_paths(dirs) {
                Ok(dirs) if !dirs.is_empty() => run.quiet_env("LD_LIBRARY_PATH", dirs),
                _ => run.without_env("LD_LIBRARY_PATH"),
            }
        }
        None => run,
    }
}

fn leaks(name: &str) -> bool {
    let of_cargo = name == "CARGO" || name.starts_with("CARGO_");
    of_cargo && !KEPT.iter().any(|kept| name.starts_with(kept)) || ["RUSTC", "RUSTDOC", "OUT_DIR"].contains(&name)
}

/// The libraries of a compiler and of a build: those of one toolchain would break another one.
fn belongs_to_cargo(dir: &Path) -> bool {
    dir.components().any(|part| part.as_os_str() == "rustlib" || part.as_os_str() == "toolchains")
        || dir.ancestors().any(|above| above.join("CACHEDIR.TAG").is_file())
}

/// A cargo and a compiler of the same toolchain by their paths, past rustup's proxies.
pub(crate) fn exact(cargo: &Path, rustc: &Path) -> Run {
    clean(Run::new(cargo)).without_env("RUSTUP_TOOLCHAIN").env("RUSTC", rustc)
}

/// `name` of the toolchain whose sysroot is `sysroot`.
pub(crate) fn tool(sysroot: &Path, name: impl AsRef<OsStr>) -> PathBuf {
    sysroot.join("bin").join(name.as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_concerns_one_build_is_hidden_from_children() {
        for name in
            ["CARGO", "CARGO_MANIFEST_DIR", "CARGO_PKG_NAME", "CARGO_ENCODED_RUSTFLAGS", "RUSTC", "CARGO_TARGET_DIR"]
        {
            assert!(leaks(name), "{name}");
        }
        for name in
            ["CARGO_HOME", "CARGO_REGISTRIES_MIRROR_INDEX", "CARGO_NET_OFFLINE", "RUSTUP_HOME", "PATH", "RUSTFLAGS"]
        {
            assert!(!leaks(name), "{name}");
        }
    }

    #[test]
    fn libraries_of_a_toolchain_are_known() {
        assert!(belongs_to_cargo(Path::new("/home/x/.rustup/toolchains/stable/lib")));
        assert!(!belongs_to_cargo(Path::new("/no/such/place")));
    }
}
