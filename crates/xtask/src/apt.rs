//! Installs Debian packages, where that is allowed.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use crate::run::{Run, ask, find};

/// Whether `apt-get install` can work here: a Debian or one of its kin, as root or with a `sudo` that asks for nothing.
pub(crate) fn usable() -> bool {
    find("apt-get").is_some() && (is_root() || sudo_without_password())
}

fn is_root() -> bool {
    ask(Command::new("id").arg("-u")).as_deref() == Some("0")
}

fn sudo_without_password() -> bool {
    ask(Command::new("sudo").args(["-n", "true"])).is_some()
}

/// Installs `packages`. `why` names what is missing: where installing is not possible the error says it, and what to do.
pub(crate) fn install(packages: &[&str], why: &str) -> Result<()> {
    if !usable() {
        bail!("{why} is missing. {}", advice(packages));
    }
    if !lists_present() {
        apt(&["update"])?;
    }
    if attempt(packages).is_err() {
        // Most often: the lists are older than the packages on the server.
        apt(&["update"])?;
        attempt(packages)?;
    }
    Ok(())
}

/// Reads the package lists anew: for packages of which an old version, that old lists still name, is of no use. Whether that worked
/// is seen by what is found afterwards.
pub(crate) fn refresh() {
    if usable() {
        let _ = apt(&["update"]);
    }
}

/// Unpacks `package`, with all that it needs and that is not installed, into `dir`. Nothing is installed: no service starts, and
/// it takes no rights but where there are no package lists yet.
pub(crate) fn unpack(package: &str, dir: &Path) -> Result<()> {
    if find("apt-get").is_none() || find("dpkg-deb").is_none() {
        bail!("{package} is missing. {}", advice(&[package]));
    }
    if !lists_present() {
        apt(&["update"])?;
    }
    if fetch(package, dir).is_err() {
        // As in `install`.
        apt(&["update"])?;
        fetch(package, dir).with_context(|| format!("apt-get cannot fetch {package}"))?;
    }
    for file in archives(dir)? {
        Run::new("dpkg-deb").arg("--extract").arg(&file).arg(dir).run()?;
        std::fs::remove_file(&file)?;
    }
    Ok(())
}

fn fetch(package: &str, dir: &Path) -> Result<()> {
    let plan = Run::new("apt-get").args(["install", "--simulate", "--no-install-recommends", package]).stdout()?;
    let packages = planned(&plan);
    ensure!(!packages.is_empty(), "apt-get would install nothing for {package}");
    Run::new("apt-get").args(["-q", "download"]).args(packages).dir(dir).run()
}

/// The packages that a simulated installation names.
fn planned(plan: &str) -> Vec<&str> {
    plan.lines().filter_map(|line| line.strip_prefix("Inst ")?.split(' ').next()).collect()
}

fn archives(dir: &Path) -> Result<Vec<PathBuf>> {
    let files = std::fs::read_dir(dir)?.flatten().map(|entry| entry.path());
    Ok(files.filter(|path| path.extension().is_some_and(|extension| extension == "deb")).collect())
}

/// The first of `packages` that the package lists know.
pub(crate) fn first_known<'a>(packages: &[&'a str]) -> Option<&'a str> {
    if usable() && !lists_present() {
        apt(&["update"]).ok()?;
    }
    packages.iter().copied().find(|package| {
        ask(Command::new("apt-cache").args(["show", "--no-all-versions", package])).is_some_and(|text| !text.is_empty())
    })
}

fn advice(packages: &[&str]) -> String {
    if find("apt-get").is_some() {
        format!("As root: apt-get install --no-install-recommends {}", packages.join(" "))
    } else {
        format!("Debian calls it {}; install what your system calls it, and call this again.", packages.join(" "))
    }
}

fn lists_present() -> bool {
    std::fs::read_dir("/var/lib/apt/lists")
        .is_ok_and(|entries| entries.flatten().any(|entry| entry.file_name().to_string_lossy().contains("_Packages")))
}

fn attempt(packages: &[&str]) -> Result<()> {
    let mut args = vec!["install", "--yes", "--no-install-recommends"];
    args.extend(packages);
    apt(&args)
}

fn apt(args: &[&str]) -> Result<()> {
    let run = if is_root() { Run::new("apt-get") } else { Run::new("sudo").args(["-n", "apt-get"]) };
    // Another installation on the same machine is waited for.
    run.args(["-q", "-o", "DPkg::Lock::Timeout=600"]).args(args).quiet_env("DEBIAN_FRONTEND", "noninteractive").run()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_names_packages() {
        let plan = "Reading package lists...\nInst libjemalloc2 (5.3.0-1 Debian:12/stable [amd64])\nInst a-server (1)\nConf a-server (1)\n";
        assert_eq!(planned(plan), ["libjemalloc2", "a-server"]);
    }
}
