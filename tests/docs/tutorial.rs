//! Ten minutes to a map, as somebody new goes through them: a fresh folder, the page's own commands and files, a real browser, and in the end a journey with its
//! answer on the map. Nothing but ports and what was built before is put in the place of what the page says.

use std::io::{BufRead as _, BufReader};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, ensure};
use thirtyfour::Key;

use super::fence::{Fence, of_page, root};
use super::sandbox::{clean, polku};
use super::shell::cargo;
use crate::Done;
use crate::browser::{self, Browser};
use crate::driver::Process;
use crate::wait::until;
use crate::walk::Prompt;

#[test]
fn the_tutorial_leads_to_a_map() {
    browser::with(async |browser| follow(browser, "docs/tutorial.md", "Awareness").await);
}

#[test]
fn the_tutorial_in_finnish_leads_to_a_map() {
    browser::with(async |browser| follow(browser, "docs/tutorial.fi.md", "Tietoisuus").await);
}

#[test]
fn both_tutorials_give_the_same_commands() -> Done {
    let commands = |page: &str| -> Result<Vec<String>> {
        Ok(of_page(page)?.into_iter().filter(|fence| fence.language == "sh").map(|fence| fence.text).collect())
    };
    ensure!(commands("docs/tutorial.md")? == commands("docs/tutorial.fi.md")?, "they differ");
    Ok(())
}

#[test]
fn whoever_reads_the_readme_alone_finds_the_tutorial() -> Done {
    let readme = std::fs::read_to_string(root().join("README.md"))?;
    ensure!(readme.contains("](docs/tutorial.md)"), "the README does not lead to docs/tutorial.md");
    Ok(())
}

/// Ports that nobody listens on, in the place of the page's.
struct Ports(Vec<(&'static str, String)>);

impl Ports {
    fn free() -> Result<Self> {
        // Both are held at once, or the second could be the first.
        let (first, second) = (TcpListener::bind("127.0.0.1:0")?, TcpListener::bind("127.0.0.1:0")?);
        let port = |listener: &TcpListener| Ok::<_, std::io::Error>(listener.local_addr()?.port().to_string());
        Ok(Self(vec![("8600", port(&first)?), ("8080", port(&second)?)]))
    }

    fn put(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, (page, here)| text.replace(page, here))
    }
}

/// A folder in which a clone lies, as far as the tutorial needs it after it was built.
struct Desk {
    folder: tempfile::TempDir,
    inside: PathBuf,
    servers: Vec<Process>,
}

impl Desk {
    fn new() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let pkg = std::env::var_os("POLKU_PKG").map_or_else(|| root().join("pkg"), PathBuf::from);
        std::fs::create_dir(folder.path().join("polku"))?;
        std::os::unix::fs::symlink(pkg, folder.path().join("polku/pkg"))?;
        std::fs::create_dir(folder.path().join("bin"))?;
        std::os::unix::fs::symlink(polku()?, folder.path().join("bin/polku"))?;
        let inside = folder.path().to_owned();
        Ok(Self { folder, inside, servers: Vec::new() })
    }

    fn shell(&self, line: &str) -> Command {
        let mut command = clean(Command::new("sh"));
        let path = std::env::var("PATH").unwrap_or_default();
        // So that the process that is ended is the server, and not the shell around it.
        let line = if is_server(line) { format!("exec {line}") } else { line.to_owned() };
        command.args(["-eu", "-c", &line]).current_dir(&self.inside);
        command.env("PATH", format!("{}/bin:{path}", self.folder.path().display()));
        command
    }

    /// One line of a block.
    fn run(&mut self, line: &str) -> Result<String> {
        if let Some(folder) = line.strip_prefix("cd ") {
            self.inside.push(folder);
            ensure!(self.inside.is_dir(), "{line}: there is no such folder");
            return Ok(String::new());
        }
        if let Some(asked) = line.strip_prefix("cargo ") {
            // Built before, by whoever runs the tests.
            return cargo(asked).map(|()| String::new()).with_context(|| line.to_owned());
        }
        if is_server(line) {
            let child = self.shell(line).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
            return self.keep(line, child).map(|()| String::new());
        }
        let out = self.shell(line).output()?;
        let said = String::from_utf8_lossy(&out.stdout).into_owned();
        ensure!(out.status.success(), "{line}: {said}{}", String::from_utf8_lossy(&out.stderr));
        Ok(said)
    }

    /// A server goes on; the collector is waited for, as people do who read what it prints.
    fn keep(&mut self, line: &str, mut child: Child) -> Result<()> {
        let mut out = BufReader::new(child.stdout.take().context("no output")?).lines();
        self.servers.push(Process(child));
        if line.starts_with("polku") {
            let first = out.next().with_context(|| format!("{line}: it ended"))??;
            ensure!(first.starts_with("listening on "), "{line}: {first}");
        }
        // Whoever prints where nobody reads any more may end.
        std::thread::spawn(move || out.for_each(drop));
        Ok(())
    }
}

fn is_server(line: &str) -> bool {
    line.starts_with("polku serve") || line.starts_with("python3 -m http.server")
}

/// Does what the page says, block after block.
async fn follow(browser: &Browser, page: &str, first_stage: &str) -> Done {
    if Command::new("python3").arg("--version").output().is_err() {
        println!("skipped: there is no python3 here, with which the tutorial serves its folder");
        return Ok(());
    }
    let ports = Ports::free()?;
    let mut desk = Desk::new()?;
    let fences = of_page(page)?;
    let (after, before): (Vec<&Fence>, Vec<&Fence>) =
        fences.iter().partition(|fence| fence.text.contains("polku export"));
    for fence in before {
        take(&mut desk, fence, &ports).with_context(|| fence.at())?;
    }
    ensure!(desk.servers.len() == 2, "{} servers were started", desk.servers.len());
    ensure!(
        desk.inside.join("prompts.json").is_file() && desk.inside.join("index.html").is_file(),
        "a file is missing"
    );

    // A shopper is no program, and a prompt would know.
    browser.before_each_page("Object.defineProperty(navigator, 'webdriver', { get: () => false })").await?;
    shop(browser, &ports.put("http://127.0.0.1:8080/")).await?;

    let map = ports.put(if page.contains(".fi.") {
        "http://127.0.0.1:8600/map/?lang=fi"
    } else {
        "http://127.0.0.1:8600/map/"
    });
    browser.open(&map).await?;
    browser.until("document.querySelectorAll('#list .journey').length === 1").await?;
    let shown = "document.querySelector('#map').innerText";
    browser.until(&format!("{shown}.includes({first_stage:?})")).await?;
    browser.shot(&format!("docs-{}", page.replace(['/', '.'], "-"))).await?;

    let mut exported = String::new();
    for fence in after {
        for line in fence.text.lines() {
            exported += &desk.run(line)?;
        }
    }
    for word in ["add_to_cart", "purchase", "prompt_answer", "after-order"] {
        ensure!(exported.contains(word), "{word} was not exported: {exported}");
    }
    Ok(())
}

fn take(desk: &mut Desk, fence: &Fence, ports: &Ports) -> Done {
    let text = ports.put(&fence.text);
    if let Some(name) = fence.value("file") {
        return Ok(std::fs::write(desk.inside.join(Path::new(name)), text)?);
    }
    ensure!(fence.language == "sh", "nobody knows what to do with this block");
    for line in text.lines() {
        let said = desk.run(line)?;
        ensure!(!line.starts_with("polku prompts check") || said.is_empty(), "{line}: {said}");
    }
    Ok(())
}

/// What the reader is told to press.
async fn shop(browser: &Browser, address: &str) -> Done {
    // Whom nobody answers WebKit's driver waits for, for as long as a page may take.
    let port = address.trim_end_matches('/').trim_start_matches("http://");
    until("the folder is served", async || Ok(TcpStream::connect(port).is_ok().then_some(()))).await?;
    browser.open(address).await?;
    for button in ["#agree", "#add", "#pay"] {
        browser.click(button).await?;
    }
    let prompt = Prompt(browser);
    prompt.opens().await?;
    let question = prompt.question().await?;
    // The lowest number, so that it is asked why.
    prompt.enter().await?;
    prompt.tab_to("input[type=radio]").await?;
    browser.press(Key::Home + "").await?;
    prompt.tab_to("[data-do=send]").await?;
    browser.press(Key::Enter + "").await?;
    let next = prompt.question_after(&question).await?;
    ensure!(!next.is_empty() && next != question, "no other question came");
    prompt.say("The address form").await?;
    browser.run("return polku.flush()").await?;
    let wrong = browser.messages().await?;
    ensure!(wrong.is_empty(), "{wrong:?}");
    Ok(())
}
