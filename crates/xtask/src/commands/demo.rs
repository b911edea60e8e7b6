//! `cargo xtask demo`

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, ExitCode};

use anyhow::{Context, Result, bail, ensure};

use super::Usage;
use crate::house::House;
use crate::http::get;
use crate::run::Run;
use crate::{host, package};

const PORT: u16 = 8600;

/// Builds everything, serves it, prints the addresses; with `--check` asks for each of them and stops.
pub(super) fn run(house: &House, args: &[String]) -> Result<ExitCode> {
    let (port, check) = options(args)?;
    package::build(house)?;
    let polku = host::command(house)?;
    let db = database(house, check)?;
    let mut server = Server::start(
        Run::new(polku)
            .args(["serve", "--host", "127.0.0.1", "--port", &port.to_string(), "--pkg"])
            .arg(house.pkg())
            .arg("--db")
            .arg(&db)
            .dir(&house.root),
    )?;
    addresses(server.port);
    if !check {
        return server.wait();
    }
    let checked = check_all(house, server.port);
    drop(server);
    if let Some(dir) = db.parent() {
        let _ = std::fs::remove_dir_all(dir);
    }
    checked?;
    println!("everything answers");
    Ok(ExitCode::SUCCESS)
}

fn options(args: &[String]) -> Result<(u16, bool)> {
    let (mut port, mut check) = (PORT, false);
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        if arg == "--check" {
            check = true;
        } else if let Some(value) =
            arg.strip_prefix("--port=").or_else(|| (arg == "--port").then(|| args.next())?.map(String::as_str))
        {
            port = value.parse().map_err(|_| Usage(format!("`{value}` is not a port")))?;
        } else {
            return Err(Usage(format!("unknown argument `{arg}`")).into());
        }
    }
    Ok((port, check))
}

/// The demo's journeys stay from one day to the next; a check leaves nothing behind.
fn database(house: &House, check: bool) -> Result<PathBuf> {
    let dir = if check {
        std::env::temp_dir().join(format!("polku-demo-check-{}", std::process::id()))
    } else {
        house.cache.join("demo")
    };
    std::fs::create_dir_all(&dir).with_context(|| format!("{} cannot be made", dir.display()))?;
    Ok(dir.join("demo.sqlite"))
}

fn addresses(port: u16) {
    let base = format!("http://127.0.0.1:{port}");
    println!("\n  demo shop    {base}/shop/en/   {base}/shop/fi/");
    println!("  journey map  {base}/map/");
    println!("  package      {base}/polku/polku.js");
    println!("  collector    {base}/v1/batch\n");
}

/// The running command; stopped when dropped.
pub(super) struct Server {
    child: Child,
    pub(super) port: u16,
}

impl Server {
    /// Starts it and waits until it says where it listens.
    pub(super) fn start(run: Run) -> Result<Self> {
        let mut child = run.spawn()?;
        let out = child.stdout.take().context("the command has no stdout")?;
        let mut server = Self { child, port: 0 };
        let mut lines = BufReader::new(out).lines();
        for line in lines.by_ref() {
            let line = line?;
            println!("{line}");
            if let Some(port) = listening(&line) {
                server.port = port;
                break;
            }
        }
        if server.port == 0 {
            let status = server.child.wait()?;
            bail!("`polku serve` ended with {status} before it listened");
        }
        // Its pipe must not fill up while it serves.
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(|line| println!("{line}")));
        Ok(server)
    }

    /// Until it ends, or Ctrl-C ends both.
    fn wait(&mut self) -> Result<ExitCode> {
        println!("Ctrl-C stops it.");
        let status = self.child.wait()?;
        ensure!(status.success(), "`polku serve` ended with {status}");
        Ok(ExitCode::SUCCESS)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn listening(line: &str) -> Option<u16> {
    let address = line.split("listening on http://").nth(1)?;
    address.rsplit(':').next()?.trim_end_matches('/').trim().parse().ok()
}

/// Shop, map, loader, and every file that the package's scripts name: each answers 200 with the right type.
fn check_all(house: &House, port: u16) -> Result<()> {
    let mut wanted: Vec<(String, &str)> =
        ["/shop/en/", "/shop/fi/", "/map/"].map(|path| (path.to_owned(), "text/html")).into();
    wanted.push(("/polku/polku.js".to_owned(), SCRIPT));
    let loaded = std::fs::read(house.pkg().join("polku.js"))?;
    let (mut at, mut wrong) = (0, 0);
    while let Some((path, kind)) = wanted.get(at).cloned() {
        at += 1;
        let answer = get(port, &path)?;
        let ok = answer.status == 200 && answer.kind == kind && !answer.body.is_empty();
        println!(
            "{} {path}: {} {}, {} bytes",
            if ok { "ok   " } else { "WRONG" },
            answer.status,
            answer.kind,
            answer.body.len()
        );
        wrong += u32::from(!ok);
        if path.ends_with("/polku.js") {
            ensure!(answer.body == loaded, "{path} is not the loader that was built");
        }
        // Read from the scripts as a browser would, not from the folder.
        if kind == SCRIPT {
            for (name, kind) in named(&String::from_utf8(answer.body).context("a script is not text")?) {
                let path = format!("/polku/{name}");
                if wanted.iter().all(|(known, _)| *known != path) {
                    wanted.push((path, kind));
                }
            }
        }
    }
    ensure!(wrong == 0, "{wrong} of the addresses did not answer as they should");
    for part in ["core-", "prompt-", "js-whole-"] {
        let there = wanted.iter().any(|(path, _)| path.starts_with(&format!("/polku/{part}")));
        ensure!(there, "no script names a file {part}…");
    }
    Ok(())
}

const SCRIPT: &str = "text/javascript";
/// Types of what scripts name, by its ending.
const KINDS: [(&str, &str); 4] =
    [("js", SCRIPT), ("wasm", "application/wasm"), ("json", "application/json"), ("txt", "text/plain")];

/// The files that a script names, such as `core-01234567.js`, with their types.
fn named(script: &str) -> Vec<(String, &'static str)> {
    let file = |text: &str| {
        let (stem, ending) = text.rsplit_once('.')?;
        let (_, hash) = stem.rsplit_once('-')?;
        let (_, kind) = KINDS.iter().find(|(known, _)| *known == ending)?;
        let plain = text.bytes().all(|sign| sign.is_ascii_alphanumeric() || b"-.".contains(&sign));
        (plain && hash.len() == 8 && hash.bytes().all(|sign| sign.is_ascii_hexdigit()))
            .then(|| (text.to_owned(), *kind))
    };
    script.split(['"', '\'', '`']).filter_map(file).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(args: &[&str]) -> Result<(u16, bool)> {
        options(&args.iter().map(ToString::to_string).collect::<Vec<_>>())
    }

    #[test]
    fn options_are_read() {
        assert_eq!(parsed(&[]).expect("fine"), (8600, false));
        assert_eq!(parsed(&["--port", "0", "--check"]).expect("fine"), (0, true));
        assert_eq!(parsed(&["--port=81"]).expect("fine"), (81, false));
        assert!(parsed(&["--port"]).is_err() && parsed(&["--port", "x"]).is_err() && parsed(&["x"]).is_err());
    }

    #[test]
    fn the_port_is_read_from_what_the_command_prints() {
        assert_eq!(listening("listening on http://127.0.0.1:8600"), Some(8600));
        assert_eq!(listening("opening demo.sqlite"), None);
    }

    #[test]
    fn names_are_found_in_scripts() {
        let script =
            "x(\"core-01234567.wasm\",'part-a-89abcdef.js',`text-fi-00000000.json`,\"core-x.js\",\"a b-01234567.js\")";
        let found = named(script);
        let names: Vec<_> = found.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["core-01234567.wasm", "part-a-89abcdef.js", "text-fi-00000000.json"]);
        assert_eq!(found[0].1, "application/wasm");
    }
}
