//! A folder in which commands of the documentation run: the real `polku`, a database with a few journeys, and nothing of this machine.

use std::io::{BufRead, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;

use super::fence::root;
use crate::driver::Process;

/// Folders of a server, which lie in the sandbox here. The sandbox itself may lie in the first, so that is looked for before the others are put in place.
const PLACES: [&str; 4] = ["/tmp", "/var/lib/polku", "/etc/polku", "/usr/share/polku"];

/// What stands in the place of `polku`: a server is only asked whether it would start as it is told to.
const POLKU: &str =
    "#!/bin/sh\nif [ \"$1\" = serve ]; then exec \"$POLKU_REAL\" \"$@\" --check; fi\nexec \"$POLKU_REAL\" \"$@\"\n";

/// … and of `cargo`: what is built was built before, so it writes down what it was asked for. What follows `--` is for `polku`.
const CARGO: &str = "#!/bin/sh\nprintf '%s\\n' \"$*\" >> \"$CARGO_ASKED\"\nwhile [ $# -gt 0 ] && [ \"$1\" != -- ]; do shift; done\nif [ $# -gt 0 ]; then shift; exec polku \"$@\"; fi\n";

/// The folder. It goes when this is dropped.
pub(super) struct Sandbox {
    folder: TempDir,
}

/// The command `polku`.
pub(super) fn polku() -> Result<PathBuf> {
    let named = std::env::var_os("POLKU_BIN").map(PathBuf::from);
    named.context("POLKU_BIN does not name the command: run `cargo xtask test`, or build polku-cli and set it")
}

/// Without what these tests are told, since the command refuses settings that it does not know.
pub(super) fn clean(mut command: Command) -> Command {
    let ours = std::env::vars_os().map(|(name, _)| name).filter(|name| name.to_string_lossy().starts_with("POLKU_"));
    for name in ours {
        command.env_remove(name);
    }
    command
}

/// A database with twenty journeys; made once for all.
fn database() -> Result<&'static Path> {
    static MADE: OnceLock<std::result::Result<(TempDir, PathBuf), String>> = OnceLock::new();
    let made = MADE.get_or_init(|| seeded().map_err(|why| format!("{why:#}")));
    made.as_ref().map(|(_, file)| file.as_path()).map_err(|why| anyhow::anyhow!("{why}"))
}

fn seeded() -> Result<(TempDir, PathBuf)> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("seeded.sqlite");
    let mut child = clean(Command::new(polku()?))
        .args(["serve", "--port", "0", "--seed-demo", "20", "--db"])
        .arg(&file)
        .arg("--pkg")
        .arg(std::env::var_os("POLKU_PKG").map_or_else(|| root().join("pkg"), PathBuf::from))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let out = child.stdout.take().context("polku has no output")?;
    let process = Process(child);
    BufReader::new(out).lines().next().context("polku serve ended")??;
    drop(process);
    Ok((folder, file))
}

impl Sandbox {
    /// With the files of `tests/docs/files/` and the database under the names that the documentation gives it.
    pub(super) fn new() -> Result<Self> {
        let sandbox = Self { folder: tempfile::tempdir()? };
        copy(&root().join("tests/docs/files"), sandbox.path())?;
        std::fs::copy(root().join("tests/prompts/import/formbricks.json"), sandbox.path().join("survey.json"))?;
        for place in PLACES {
            std::fs::create_dir_all(sandbox.path().join(place.trim_start_matches('/')))?;
        }
        std::fs::create_dir_all(sandbox.path().join("var/lib/polku/reports"))?;
        std::fs::create_dir_all(sandbox.path().join("elsewhere"))?;
        std::fs::create_dir_all(sandbox.path().join("pkg"))?;
        for name in ["polku.sqlite", "shop.sqlite", "var/lib/polku/polku.sqlite"] {
            std::fs::copy(database()?, sandbox.path().join(name))?;
            // What was written last may still lie in the log beside it.
            let log = PathBuf::from(format!("{}-wal", database()?.display()));
            if log.is_file() {
                std::fs::copy(log, sandbox.path().join(format!("{name}-wal")))?;
            }
        }
        for (name, script) in [("polku", POLKU), ("cargo", CARGO)] {
            sandbox.program(name, script)?;
        }
        Ok(sandbox)
    }

    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }

    fn program(&self, name: &str, script: &str) -> Result<()> {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = self.path().join("bin");
        std::fs::create_dir_all(&folder)?;
        let file = folder.join(name);
        std::fs::write(&file, script)?;
        Ok(std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755))?)
    }

    /// Puts a file into it.
    pub(super) fn write(&self, name: &str, text: &str) -> Result<()> {
        Ok(std::fs::write(self.path().join(name), text)?)
    }

    /// Runs lines of commands; the first that fails ends them.
    pub(super) fn run(&self, script: &str) -> Result<Output> {
        let mut here = script.to_owned();
        for place in PLACES {
            here = here.replace(place, &format!("{}{place}", self.path().display()));
        }
        let path = std::env::var("PATH").unwrap_or_default();
        let mut child = clean(Command::new("sh"))
            .args(["-eu", "-c", &here])
            .current_dir(self.path())
            .env("PATH", format!("{}/bin:{path}", self.path().display()))
            .env("POLKU_REAL", polku()?)
            .env("CARGO_ASKED", self.path().join("cargo.asked"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        // What `polku password` waits for. A command that does not read has ended before.
        let _ = child.stdin.take().context("no input")?.write_all(b"a password of the tests\n");
        Ok(child.wait_with_output()?)
    }

    /// … and all of them have to work.
    pub(super) fn works(&self, script: &str) -> Result<String> {
        let out = self.run(script)?;
        let (says, complains) = (String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
        ensure!(out.status.success(), "{}: {complains}{says}", out.status);
        Ok(says.into_owned())
    }

    /// What `cargo` was asked for, a line each.
    pub(super) fn asked_cargo(&self) -> Vec<String> {
        let text = std::fs::read_to_string(self.path().join("cargo.asked")).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from).with_context(|| from.display().to_string())? {
        let path = entry?.path();
        let name = path.file_name().context("a file has a name")?;
        if path.is_dir() {
            copy(&path, &to.join(name))?;
        } else {
            std::fs::copy(&path, to.join(name))?;
        }
    }
    Ok(())
}
