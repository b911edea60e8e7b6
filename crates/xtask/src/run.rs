//! Runs programs: prints each command before it runs and its time after, on stderr, so that stdout stays the result's.

use std::ffi::{OsStr, OsString};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// A command that is shown, run and timed.
pub(crate) struct Run {
    command: Command,
    shown: String,
    program: PathBuf,
    silence: Option<Duration>,
}

impl Run {
    /// `program`: a name to be found on the PATH, or a path.
    pub(crate) fn new(program: impl AsRef<OsStr>) -> Self {
        let program = PathBuf::from(program.as_ref());
        Self { command: Command::new(&program), shown: shown(program.as_os_str()), program, silence: None }
    }

    /// Adds one argument.
    pub(crate) fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.shown.push(' ');
        self.shown.push_str(&shown(arg.as_ref()));
        self.command.arg(arg);
        self
    }

    /// Adds arguments.
    pub(crate) fn args<A: AsRef<OsStr>>(self, args: impl IntoIterator<Item = A>) -> Self {
        args.into_iter().fold(self, Self::arg)
    }

    /// Sets a variable that is worth showing.
    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.shown = format!("{name}={} {}", shown(value.as_ref()), self.shown);
        self.command.env(name, value);
        self
    }

    /// Sets a variable that nobody needs to see.
    pub(crate) fn quiet_env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Hides a variable of ours from the child.
    pub(crate) fn without_env(mut self, name: impl AsRef<OsStr>) -> Self {
        self.command.env_remove(name);
        self
    }

    /// Runs it in `dir`.
    pub(crate) fn dir(mut self, dir: &Path) -> Self {
        self.command.current_dir(dir);
        self
    }

    /// Ends it when [`Self::lines`] has heard nothing from it for that long: a test that waits for ever fails, and the rest runs.
    pub(crate) fn silence(mut self, longest: Duration) -> Self {
        self.silence = Some(longest);
        self
    }

    /// Runs it to its end; all it prints goes to stderr. Fails unless its exit code is 0.
    pub(crate) fn run(mut self) -> Result<()> {
        self.command.stdout(Stdio::from(std::io::stderr()));
        self.finish()
    }

    /// As [`Self::run`], but its stdout is ours.
    pub(crate) fn run_to_stdout(self) -> Result<()> {
        self.finish()
    }

    fn finish(mut self) -> Result<()> {
        let started = self.announce();
        let status = self.command.stdin(Stdio::null()).status().with_context(|| self.absent())?;
        took(started.elapsed());
        if !status.success() {
            bail!("`{}` ended with {status}", self.program.display());
        }
        Ok(())
    }

    /// Runs it and returns its stdout; its stderr is shown.
    pub(crate) fn stdout(self) -> Result<String> {
        let (text, ok) = self.lines(|_| ())?;
        anyhow::ensure!(ok, "a command failed");
        Ok(text)
    }

    /// Runs it, gives each line of its stdout to `line` as it comes, returns all of them and whether the exit code was 0.
    pub(crate) fn lines(mut self, mut line: impl FnMut(&str)) -> Result<(String, bool)> {
        let started = self.announce();
        let mut child = self.spawn_piped()?;
        let mut all = String::new();
        if let Some(out) = child.stdout.take() {
            let (sender, heard) = mpsc::channel();
            // Not waited for: what it has started may hold its stdout open after it was ended.
            std::thread::spawn(move || {
                let mut out = BufReader::new(out);
                let mut bytes = Vec::new();
                while out.read_until(b'\n', &mut bytes).is_ok_and(|read| read > 0) {
                    if sender.send(String::from_utf8_lossy(&std::mem::take(&mut bytes)).into_owned()).is_err() {
                        break;
                    }
                }
            });
            loop {
                match self
                    .silence
                    .map_or_else(|| heard.recv().map_err(Into::into), |longest| heard.recv_timeout(longest))
                {
                    Ok(text) => {
                        line(text.trim_end_matches(['\n', '\r']));
                        all.push_str(&text);
                    }
                    Err(RecvTimeoutError::Disconnected) => break,
                    Err(RecvTimeoutError::Timeout) => {
                        eprintln!(
                            "  `{}` has printed nothing for {:?}: it is ended",
                            self.program.display(),
                            self.silence
                        );
                        child.kill()?;
                        break;
                    }
                }
            }
        }
        let status = child.wait()?;
        took(started.elapsed());
        if !status.success() {
            eprintln!("  `{}` ended with {status}", self.program.display());
        }
        Ok((all, status.success()))
    }

    /// Starts it with a pipe on its stdout and does not wait.
    pub(crate) fn spawn(mut self) -> Result<Child> {
        self.announce();
        self.spawn_piped()
    }

    fn spawn_piped(&mut self) -> Result<Child> {
        self.command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().with_context(|| self.absent())
    }

    fn announce(&self) -> Instant {
        eprintln!("$ {}", self.shown);
        Instant::now()
    }

    fn absent(&self) -> String {
        format!("`{}` could not be started", self.program.display())
    }
}

/// Asks a program something without showing it: `None` when it is absent or fails.
pub(crate) fn ask(command: &mut Command) -> Option<String> {
    let Output { status, stdout, .. } = command.stdin(Stdio::null()).output().ok()?;
    status.success().then(|| String::from_utf8_lossy(&stdout).trim().to_owned())
}

/// Where `name` lies on the PATH.
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    std::env::split_paths(&std::env::var_os("PATH")?).map(|dir| dir.join(name)).find(|path| is_program(path))
}

/// The first of `names` on the PATH.
pub(crate) fn find_any(names: &[&str]) -> Option<PathBuf> {
    names.iter().find_map(|name| find(name))
}

#[cfg(unix)]
fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata().is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(path: &Path) -> bool {
    path.is_file() || path.with_extension("exe").is_file()
}

/// Prints how long something took.
pub(crate) fn took(time: Duration) {
    eprintln!("  {:.1} s", time.as_secs_f64());
}

fn shown(part: &OsStr) -> String {
    let text = OsString::from(part).to_string_lossy().into_owned();
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_=./:,@+%".contains(c);
    if !text.is_empty() && text.chars().all(plain) { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shown_commands_can_be_pasted() {
        assert_eq!(shown("--flag=a/b".as_ref()), "--flag=a/b");
        assert_eq!(shown("two words".as_ref()), "'two words'");
        assert_eq!(shown("it's".as_ref()), r"'it'\''s'");
        assert_eq!(shown("".as_ref()), "''");
    }

    #[test]
    fn who_falls_silent_is_ended() -> Result<()> {
        let started = Instant::now();
        let run = Run::new("sh").args(["-c", "echo begun; sleep 60"]).silence(Duration::from_millis(300));
        let (text, ok) = run.lines(|_| ())?;
        assert_eq!((text.as_str(), ok), ("begun\n", false));
        assert!(started.elapsed() < Duration::from_secs(20));
        Ok(())
    }

    #[test]
    fn absent_programs_are_an_error_and_not_a_panic() {
        assert!(Run::new("/no/such/program").run().is_err());
        assert!(ask(&mut Command::new("/no/such/program")).is_none());
    }
}
