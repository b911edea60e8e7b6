//! The receivers that the tests of formats post to: programs of others in pinned versions, in folders of the cache. None is
//! installed into the system: Debian would start the database with the machine.
//!
//! One that cannot be had here fails the tests that need it, and only those.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::apt;
use crate::hash::Key;
use crate::house::House;
use crate::npm::Npm;
use crate::python::Python;
use crate::run::{Run, find};

/// A receiver. Another one is another row of [`RECEIVERS`].
struct Receiver {
    name: &'static str,
    /// Names the program or folder, for tests and from outside.
    variable: &'static str,
    /// Tells tests why there is none.
    absent: &'static str,
    set_up: fn(&House) -> Result<PathBuf>,
}

/// Of each: what is downloaded, and what it takes on the disk.
const RECEIVERS: &[Receiver] = &[
    // 10 MB, 28 MB
    Receiver { name: "rotel", variable: "POLKU_ROTEL", absent: "POLKU_NO_ROTEL", set_up: rotel },
    // 51 MB, 173 MB
    Receiver { name: "chdb-core-lite", variable: "POLKU_CHDB", absent: "POLKU_NO_CHDB", set_up: chdb },
    // 16 MB, 101 MB
    Receiver {
        name: "Debian's clickhouse-server",
        variable: "POLKU_DEBIAN_CLICKHOUSE",
        absent: "POLKU_NO_DEBIAN_CLICKHOUSE",
        set_up: clickhouse,
    },
    // 1 MB, 7 MB
    Receiver {
        name: "cloudevents for node",
        variable: "POLKU_CLOUDEVENTS",
        absent: "POLKU_NO_CLOUDEVENTS",
        set_up: cloudevents,
    },
    // 20 MB, 46 MB: klaro brings what builds it
    Receiver {
        name: "the consent platforms from npm",
        variable: "POLKU_CONSENT",
        absent: "POLKU_NO_CONSENT",
        set_up: consent,
    },
    // No receiver, and had in the same way: the browser tests judge the shopper's view with it. 1 MB, 5 MB
    Receiver { name: "axe-core", variable: "POLKU_AXE", absent: "POLKU_NO_AXE", set_up: axe },
];

/// The receivers that are here.
pub(crate) struct Receivers {
    /// Variables for the tests: where each is, or why there is none.
    pub(crate) variables: Vec<(&'static str, OsString)>,
    /// Whether all of them are.
    pub(crate) complete: bool,
}

/// Finds the receivers, sets up what is missing.
pub(crate) fn find_all(house: &House) -> Receivers {
    let mut receivers = Receivers { variables: Vec::new(), complete: true };
    for receiver in RECEIVERS {
        match named(receiver.variable).map_or_else(|| (receiver.set_up)(house), Ok) {
            Ok(path) => receivers.variables.push((receiver.variable, path.into_os_string())),
            Err(error) => {
                let why = format!("{} cannot be had here (`cargo xtask setup` tries again): {error:#}", receiver.name);
                eprintln!("{why}");
                receivers.variables.push((receiver.absent, why.into()));
                receivers.complete = false;
            }
        }
    }
    receivers
}

fn named(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable).map(PathBuf::from).filter(|path| path.exists())
}

/// The program itself.
fn rotel(house: &House) -> Result<PathBuf> {
    let python = Python::find()?;
    let wheels = include_str!("../receivers/rotel.txt");
    let dir = house.cached(
        "rotel",
        || Ok(python.key(wheels)),
        2,
        |dir| {
            python.unpack(wheels, dir)?;
            executable(&dir.join("rotel/rotel-agent"))?;
            let start = dir.join("start");
            let script = format!(
                "LD_LIBRARY_PATH=\"{}${{LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}}\" exec \"$here/rotel/rotel-agent\" \"$@\"",
                python.libraries.display()
            );
            write_script(&start, &script)?;
            if Run::new(&start).arg("version").run().is_err() {
                let library = format!("libpython{}", python.version);
                apt::install(&[&library], "the library of Python that rotel is linked to")?;
                Run::new(&start).arg("version").run()?;
            }
            Ok(())
        },
    )?;
    Ok(dir.join("start"))
}

/// A Python that knows the engine.
fn chdb(house: &House) -> Result<PathBuf> {
    let python = Python::find()?;
    let wheels = include_str!("../receivers/chdb.txt");
    let dir = house.cached(
        "chdb",
        || Ok(python.key(wheels)),
        2,
        |dir| {
            python.unpack(wheels, dir)?;
            let start = dir.join("start");
            // Only the engine's own module: what the package has around it wants pandas and pyarrow, 60 MB more.
            let script = format!("PYTHONPATH=\"$here/chdb\" exec '{}' \"$@\"", python.program.display());
            write_script(&start, &script)?;
            Run::new(&start).args(["-c", "import _chdb"]).run()
        },
    )?;
    Ok(dir.join("start"))
}

/// Debian's server.
fn clickhouse(house: &House) -> Result<PathBuf> {
    const NAME: &str = "clickhouse-server";
    let installed = find(NAME).or_else(|| Some(PathBuf::from("/usr/sbin").join(NAME)).filter(|path| path.is_file()));
    if let Some(path) = installed {
        return Ok(path);
    }
    // Other releases of Debian have other libraries, and may have another version.
    let release = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    let dir = house.cached(
        "clickhouse",
        || Ok(Key::new(NAME).text(&release).finish()),
        2,
        |dir| {
            apt::unpack(NAME, dir)?;
            let libraries = libraries(dir).iter().map(|lib| format!("$here/{lib}")).collect::<Vec<_>>().join(":");
            let script = format!("LD_LIBRARY_PATH=\"{libraries}\" exec \"$here/usr/sbin/{NAME}\" \"$@\"");
            write_script(&dir.join("start"), &script)
        },
    )?;
    Ok(dir.join("start"))
}

/// The folders with libraries below an unpacked system.
fn libraries(dir: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for lib in ["usr/lib", "lib"] {
        found.push(lib.to_owned());
        for entry in std::fs::read_dir(dir.join(lib)).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.contains("-linux-gnu") {
                found.push(format!("{lib}/{name}"));
            }
        }
    }
    found
}

/// The folder in which node finds the package.
fn cloudevents(house: &House) -> Result<PathBuf> {
    Ok(Npm::install(house, "crates/xtask/receivers", "receivers-npm")?.dir)
}

/// The folder with the scripts that a page loads.
fn consent(house: &House) -> Result<PathBuf> {
    const SOURCES: &str = "crates/xtask/consent";
    let modules = Npm::install(house, SOURCES, "consent-npm")?.dir.join("node_modules");
    let entry = house.root.join(SOURCES).join("tcf.js");
    let bundler = Npm::find(house)?;
    let text = std::fs::read(&entry).with_context(|| format!("{} cannot be read", entry.display()))?;
    let key = || Ok(Key::new("consent").bytes(&text).text(&modules.to_string_lossy()).finish());
    house.cached("consent", key, 2, |dir| {
        let out = dir.join("tcf.js");
        let run = bundler.tool("esbuild").arg(&entry).args(["--bundle", "--format=iife", "--log-level=warning"]);
        run.quiet_env("NODE_PATH", &modules).arg(format!("--outfile={}", out.display())).run()?;
        let scripts = [
            ("stub.js", "@iabtechlabtcf/stub/lib/stub.js"),
            ("klaro.js", "klaro/dist/klaro-no-css.js"),
            ("cookieconsent.js", "vanilla-cookieconsent/dist/cookieconsent.umd.js"),
        ];
        for (name, script) in scripts {
            std::fs::copy(modules.join(script), dir.join(name)).with_context(|| format!("there is no {script}"))?;
        }
        Ok(())
    })
}

/// The script that a page takes in.
fn axe(house: &House) -> Result<PathBuf> {
    Ok(Npm::install(house, "crates/xtask/axe", "axe-npm")?.dir.join("node_modules/axe-core/axe.min.js"))
}

/// Writes a program for the shell, which finds its own folder as `$here`.
fn write_script(path: &Path, command: &str) -> Result<()> {
    let text = format!("#!/bin/sh\nhere=$(cd \"$(dirname \"$0\")\" && pwd)\n{command}\n");
    std::fs::write(path, text).with_context(|| format!("{} cannot be written", path.display()))?;
    executable(path)
}

#[cfg(unix)]
pub(crate) fn executable(path: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    ensure!(path.is_file(), "{} is missing", path.display());
    Ok(std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755))?)
}

#[cfg(not(unix))]
pub(crate) fn executable(path: &Path) -> Result<()> {
    anyhow::bail!("{}: the receivers run only where there is a shell", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_receiver_has_names_of_its_own() {
        let mut names: Vec<&str> = RECEIVERS.iter().flat_map(|receiver| [receiver.variable, receiver.absent]).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), 2 * RECEIVERS.len());
    }

    #[test]
    fn libraries_of_an_unpacked_system_are_found() {
        let dir = std::env::temp_dir().join(format!("polku-xtask-libraries-{}", std::process::id()));
        std::fs::create_dir_all(dir.join("usr/lib/x86_64-linux-gnu")).expect("made");
        std::fs::create_dir_all(dir.join("usr/lib/systemd")).expect("made");
        assert_eq!(libraries(&dir), ["usr/lib", "usr/lib/x86_64-linux-gnu", "lib"]);
        std::fs::remove_dir_all(&dir).expect("removable");
    }
}
