//! `cargo xtask release --dry-run`
//!
//! Makes all that a release consists of and judges it; publishes nothing. What comes of it lies in `target/release-polku/`.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use super::Usage;
use super::demo::Server;
use crate::cargo::host;
use crate::hash::{hex, sha256};
use crate::house::House;
use crate::http::get;
use crate::run::{Run, ask, find};
use crate::{apt, audit, bundlers, package};

/// What lies beside the command for whoever runs it.
const PACKAGING: &str = "packaging";
/// The crate that stands alone. Those of the modules are in the npm package, and the command carries pages that lie outside of its folder.
const CRATES: &[&str] = &["polku-core"];

/// Makes everything, judges it, and says where it lies.
pub(super) fn run(house: &House, args: &[String]) -> Result<ExitCode> {
    match args {
        [arg] if arg == "--dry-run" => {}
        [] => return Err(Usage("nothing is published from here: say --dry-run".to_owned()).into()),
        [arg, ..] => return Err(Usage(format!("unknown argument `{arg}`")).into()),
    }
    let version = house.version()?;
    one_version(&house.root, &version)?;
    let out = house.root.join("target/release-polku");
    if out.is_dir() {
        std::fs::remove_dir_all(&out)?;
    }
    std::fs::create_dir_all(&out)?;
    let mut skipped = audit::all(house)?;

    package::build(house)?;
    npm(house, &out, &version)?;
    for name in CRATES {
        crate_of(house, &out, name, &version)?;
    }
    let how = command(house, &out)?;
    for name in ["polku.service", "polku.toml", "Caddyfile", "Dockerfile"] {
        std::fs::copy(house.root.join(PACKAGING).join(name), out.join(name))
            .with_context(|| format!("{PACKAGING}/{name}"))?;
    }
    skipped.extend(service(house, &out)?);
    skipped.extend(caddy(house, &out)?);
    skipped.extend(image(&out)?);
    archive(&out, &version)?;
    let sums = sums(&out)?;
    std::fs::write(out.join("SHA256SUMS"), &sums)?;

    println!("{sums}");
    println!("polku {version}, the command {how}: {}", out.display());
    for why in skipped {
        println!("skipped: {why}");
    }
    Ok(ExitCode::SUCCESS)
}

/// The version stands in `Cargo.toml`, is every crate's, and CHANGELOG.md has a part about it.
fn one_version(root: &Path, version: &str) -> Result<()> {
    let mut manifests = vec![root.join("Cargo.toml")];
    for entry in std::fs::read_dir(root.join("crates"))?.flatten() {
        manifests.push(entry.path().join("Cargo.toml"));
    }
    for manifest in manifests {
        let text = std::fs::read_to_string(&manifest).with_context(|| manifest.display().to_string())?;
        let package = text.split("[package]").nth(1).and_then(|from| from.split("\n[").next()).unwrap_or_default();
        let own = package.lines().any(|line| line.trim() == "version.workspace = true");
        ensure!(own, "{} has a version of its own: write `version.workspace = true`", manifest.display());
    }
    let changes = std::fs::read_to_string(root.join("CHANGELOG.md"))?;
    ensure!(has_part(&changes, version), "CHANGELOG.md has no part `## {version}`");
    Ok(())
}

fn has_part(changes: &str, version: &str) -> bool {
    changes
        .lines()
        .any(|line| line.strip_prefix("## ").is_some_and(|head| head.split([',', ' ']).next() == Some(version)))
}

/// The package as npm gets it, and the maps for whoever looks for an error.
fn npm(house: &House, out: &Path, version: &str) -> Result<()> {
    let packed = bundlers::pack(house, out)?;
    bundlers::judge(&bundlers::tools(house)?, &house.pkg(), &packed)?;
    let names = Run::new("tar").arg("-tzf").arg(&packed).stdout()?;
    ensure!(names.contains("package/polku.js") && names.contains("package/README.md"), "the package lacks its loader");
    ensure!(!names.contains(".map"), "maps are packed with the rest");
    let manifest: Value = serde_json::from_str(&std::fs::read_to_string(house.pkg().join("package.json"))?)?;
    ensure!(manifest["version"] == version, "package.json has another version: {}", manifest["version"]);
    ensure!(manifest.get("scripts").is_none(), "the package runs something where it is installed");
    ensure!(manifest.get("dependencies").is_none(), "the package brings others");
    let maps = out.join(format!("polku-{version}-maps.tgz"));
    tar(&maps, &house.pkg(), &[package::MAPS])
}

/// A crate as the registry would get it, built from that alone.
fn crate_of(house: &House, out: &Path, name: &str, version: &str) -> Result<()> {
    let _held = house.hold_target("host")?;
    host(house).args(["package", "--allow-dirty", "--locked", "--package", name]).run()?;
    let file = format!("{name}-{version}.crate");
    let made = house.target("host/package").join(&file);
    std::fs::copy(&made, out.join(&file)).with_context(|| format!("{} is missing", made.display()))?;
    Ok(())
}

/// Where the standard library for musl is installed, its target.
fn musl() -> Option<String> {
    let host = ask(Command::new("rustc").args(["--print", "host-tuple"]))?;
    let target = host.replace("-gnu", "-musl");
    let sysroot = PathBuf::from(ask(Command::new("rustc").args(["--print", "sysroot"]))?);
    let installed = target != host && sysroot.join("lib/rustlib").join(&target).join("lib").is_dir();
    if installed && find("musl-gcc").is_none() {
        // SQLite and the keys of TLS are written in C.
        let _ = apt::install(&["musl-tools"], "a C compiler for musl");
    }
    (installed && find("musl-gcc").is_some()).then_some(target)
}

/// The command without a library of the system; says how it was linked.
fn command(house: &House, out: &Path) -> Result<&'static str> {
    let musl = musl();
    let target = match &musl {
        Some(target) => target.clone(),
        None => ask(Command::new("rustc").args(["--print", "host-tuple"])).context("rustc does not start")?,
    };
    let held = house.hold_target("host")?;
    let build = host(house).args(["build", "--release", "--locked", "--package", "polku-cli", "--bin", "polku"]);
    let build = build.args(["--target", &target]);
    let build = match musl {
        Some(_) => build.env(&format!("CC_{}", target.replace('-', "_")), "musl-gcc"),
        None => build.env("RUSTFLAGS", "-C target-feature=+crt-static"),
    };
    build.run()?;
    let built = house.target("host").join(&target).join("release/polku");
    let to = out.join("polku");
    std::fs::copy(&built, &to).with_context(|| format!("{} is missing", built.display()))?;
    drop(held);
    if let Some(strip) = find("strip") {
        Run::new(strip).arg(&to).run()?;
    }
    ensure!(is_static(&std::fs::read(&to)?), "{} needs libraries of the system", to.display());
    Run::new(&to).arg("--version").run()?;
    Ok(if musl.is_some() { "linked with musl" } else { "linked with the C library of this system, statically" })
}

/// Whether an ELF file (64 bits, little-endian) names neither an interpreter nor a library: what `ldd` calls statically linked.
fn is_static(elf: &[u8]) -> bool {
    let number = |at: usize, bytes: usize| {
        let field = elf.get(at..at + bytes)?;
        Some(field.iter().rev().fold(0u64, |number, byte| number << 8 | u64::from(*byte)) as usize)
    };
    let parse = || {
        if elf.get(..6)? != b"\x7fELF\x02\x01" {
            return None;
        }
        let (table, size, count) = (number(32, 8)?, number(54, 2)?, number(56, 2)?);
        for nth in 0..count {
            let segment = table + nth * size;
            match number(segment, 4)? {
                // PT_INTERP
                3 => return Some(false),
                // PT_DYNAMIC: a program that may lie anywhere has one; DT_NEEDED names a library.
                2 => {
                    let (from, bytes) = (number(segment + 8, 8)?, number(segment + 32, 8)?);
                    let needed = (from..from + bytes).step_by(16).any(|entry| number(entry, 8) == Some(1));
                    if needed {
                        return Some(false);
                    }
                }
                _ => {}
            }
        }
        Some(true)
    };
    parse().unwrap_or(false)
}

/// Whether systemd understands the service.
fn service(house: &House, out: &Path) -> Result<Option<String>> {
    let Some(judge) = find("systemd-analyze") else {
        return Ok(Some("systemd-analyze verify (there is none)".to_owned()));
    };
    // It looks for the program that is to be started.
    let unit = std::fs::read_to_string(out.join("polku.service"))?;
    let folder = out.join("verify");
    std::fs::create_dir_all(&folder)?;
    let copy = folder.join("polku.service");
    std::fs::write(&copy, unit.replace("/usr/bin/polku", &out.join("polku").to_string_lossy()))?;
    Run::new(judge).args(["verify", "--man=no"]).arg(&copy).run()?;
    std::fs::remove_dir_all(folder)?;
    // The package lies here, and not yet where it is installed.
    let check = Run::new(out.join("polku")).args(["serve", "--check", "--config"]).arg(out.join("polku.toml"));
    check.arg("--pkg").arg(house.pkg()).run()?;
    Ok(None)
}

/// Whether Caddy understands its file. The program is Debian's, unpacked into the cache.
fn caddy(house: &House, out: &Path) -> Result<Option<String>> {
    let program = match find("caddy") {
        Some(found) => found,
        None => {
            let release = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
            let key = || Ok(crate::hash::Key::new("caddy").text(&release).finish());
            match house.cached("caddy", key, 2, |dir| apt::unpack("caddy", dir)) {
                Ok(dir) => dir.join("usr/bin/caddy"),
                Err(error) => return Ok(Some(format!("caddy validate (it cannot be had: {error:#})"))),
            }
        }
    };
    let home = out.join("caddy-home");
    std::fs::create_dir_all(&home)?;
    let run = Run::new(program).args(["validate", "--adapter", "caddyfile", "--config"]).arg(out.join("Caddyfile"));
    run.quiet_env("HOME", &home).quiet_env("XDG_DATA_HOME", &home).run()?;
    std::fs::remove_dir_all(home)?;
    Ok(None)
}

/// What the Dockerfile says is done: by docker where it runs, else each of its steps by hand, in a folder that becomes the root of the system.
fn image(out: &Path) -> Result<Option<String>> {
    // What it copies lies beside it.
    let pkg = out.join("pkg");
    std::fs::create_dir_all(&pkg)?;
    Run::new("tar").arg("-xzf").arg(tarball(out)?).arg("-C").arg(&pkg).arg("--strip-components=1").run()?;
    if find("docker").is_some()
        && ask(Command::new("docker").arg("info")).is_some_and(|said| !said.contains("Cannot connect"))
    {
        Run::new("docker").args(["build", "--quiet", "--tag", "polku:dry-run"]).arg(out).run()?;
    }
    let file = std::fs::read_to_string(out.join("Dockerfile"))?;
    let root = out.join("image");
    let mut variables = Vec::new();
    for line in file.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["COPY", from, to] => {
                let to = root.join(to.trim_start_matches('/'));
                std::fs::create_dir_all(to.parent().unwrap_or(&root))?;
                Run::new("cp").arg("-r").arg(out.join(from)).arg(to).run()?;
            }
            ["ENV", set @ ..] => variables.extend(set.iter().filter_map(|one| one.split_once('='))),
            ["WORKDIR" | "VOLUME", folder] => std::fs::create_dir_all(root.join(folder.trim_start_matches('/')))?,
            ["FROM", "scratch"] | ["USER" | "EXPOSE" | "ENTRYPOINT" | "CMD", ..] => {}
            _ => bail!("nobody knows what `{line}` of the Dockerfile does"),
        }
    }
    if ask(Command::new("id").arg("-u")).as_deref() != Some("0") || find("chroot").is_none() {
        std::fs::remove_dir_all(&root)?;
        return Ok(Some("the Dockerfile's steps by hand (only root may change the root of a process)".to_owned()));
    }
    Run::new("chown").args(["-R", "10001:10001"]).arg(root.join("data")).run()?;
    let mut run = Run::new("chroot").arg("--userspec=10001:10001").arg(&root).args(["/polku", "serve"]);
    for (name, value) in variables {
        // It listens on a free port of this machine alone: nobody is asked for a password.
        run = run.quiet_env(
            name,
            match name {
                "POLKU_PORT" => "0",
                "POLKU_HOST" => "127.0.0.1",
                "POLKU_DB" => "/data/polku.sqlite",
                _ => value,
            },
        );
    }
    let server = Server::start(run)?;
    for path in ["/healthz", "/readyz", "/polku/polku.js", "/map/"] {
        let answer = get(server.port, path)?;
        ensure!(answer.status == 200, "{path} of the image answers {}", answer.status);
    }
    drop(server);
    std::fs::remove_dir_all(root)?;
    Ok(None)
}

fn tarball(out: &Path) -> Result<PathBuf> {
    let mut files = std::fs::read_dir(out)?.flatten().map(|entry| entry.path());
    let packed =
        |path: &PathBuf| path.extension().is_some_and(|end| end == "tgz") && !path.to_string_lossy().contains("-maps");
    files.find(packed).context("npm has packed nothing")
}

/// All that a server needs, in one file.
fn archive(out: &Path, version: &str) -> Result<()> {
    let file = out.join(format!("polku-{version}-{}-linux.tar.gz", std::env::consts::ARCH));
    tar(&file, out, &["polku", "pkg", "polku.service", "polku.toml", "Caddyfile", "Dockerfile"])
}

/// The same files make the same archive.
fn tar(file: &Path, folder: &Path, names: &[&str]) -> Result<()> {
    let run = Run::new("tar").args(["--sort=name", "--owner=0", "--group=0", "--numeric-owner", "--mtime=@0"]);
    run.arg("-czf").arg(file).arg("-C").arg(folder).args(names).quiet_env("GZIP", "-n").run()
}

/// As `sha256sum` writes them.
fn sums(out: &Path) -> Result<String> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(out)?.flatten().map(|entry| entry.path()).collect();
    files.retain(|path| path.is_file());
    files.sort();
    let mut lines = String::new();
    for file in files {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        lines.push_str(&format!("{}  {name}\n", hex(&sha256(&std::fs::read(&file)?))));
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_changes_have_a_part_for_the_version() {
        let changes = "# Changes\n\n## 0.10.0, not released\n\n## 0.1.0 (2026-11-23)\n";
        assert!(has_part(changes, "0.10.0") && has_part(changes, "0.1.0"));
        assert!(!has_part(changes, "0.1") && !has_part(changes, "1.0.0"));
    }

    #[test]
    fn what_needs_libraries_is_told_from_what_does_not() {
        // This program is linked as the compiler does it by itself.
        let own = std::env::current_exe().and_then(std::fs::read).expect("a test is a file");
        assert_eq!(is_static(&own), cfg!(target_feature = "crt-static"));
        assert!(!is_static(b"#!/bin/sh\n") && !is_static(b""));
    }

    #[test]
    fn this_repository_has_one_version() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let manifest = std::fs::read_to_string(root.join("Cargo.toml")).expect("a manifest");
        let version = manifest.split("version = \"").nth(1).and_then(|from| from.split('"').next()).expect("a version");
        one_version(&root, version).expect("one version");
        assert!(one_version(&root, "99.0.0").is_err(), "nobody has written of that");
    }
}
