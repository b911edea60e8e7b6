//! Starts the command in a folder of its own and speaks HTTP to it.

use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// A running `polku serve`.
pub(crate) struct Server {
    child: Child,
    address: String,
    args: Vec<String>,
    variables: Vec<(&'static str, String)>,
    /// What a shell does before it becomes the server.
    before: String,
    agent: ureq::Agent,
    dir: TempDir,
}

/// An answer, whatever its status.
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) body: String,
    headers: ureq::http::HeaderMap,
}

impl Server {
    pub(crate) fn start() -> Self {
        Self::start_with(&[])
    }

    /// … with these arguments.
    pub(crate) fn start_with(args: &[&str]) -> Self {
        Self::start_set(args, &[])
    }

    /// … after a shell has run this.
    pub(crate) fn start_under(before: &str) -> Self {
        Self::start_all(&[], &[], before)
    }

    /// … and these variables.
    pub(crate) fn start_set(args: &[&str], variables: &[(&'static str, &str)]) -> Self {
        Self::start_all(args, variables, "")
    }

    fn start_all(args: &[&str], variables: &[(&'static str, &str)], before: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let pkg = dir.path().join("pkg");
        std::fs::create_dir(&pkg).unwrap();
        for file in ["polku.js", "core-0a1b2c3d.wasm", "core-0a1b2c3d.js"] {
            std::fs::write(pkg.join(file), "inside").unwrap();
        }
        std::fs::write(dir.path().join("secret.txt"), "outside").unwrap();
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(Duration::from_secs(10)));
        let args: Vec<String> = args.iter().map(|arg| (*arg).to_owned()).collect();
        let variables: Vec<_> = variables.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        let (child, address) = spawn(dir.path(), &args, &variables, before);
        Self { child, address, args, variables, before: before.to_owned(), agent: config.build().into(), dir }
    }

    pub(crate) fn restart(&mut self) {
        (self.child, self.address) = spawn(self.dir.path(), &self.args, &self.variables, &self.before);
    }

    /// As the system does when memory runs out: without a warning.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// As a person or a service manager does.
    pub(crate) fn stop(&mut self) -> ExitStatus {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        self.child.wait().unwrap()
    }

    /// From the next start on.
    pub(crate) fn under(&mut self, before: &str) {
        before.clone_into(&mut self.before);
    }

    /// The number of its process.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// A batch to a server that may die before it answers.
    pub(crate) fn try_post(&self, path: &str, body: &str) -> Option<Response> {
        let request =
            ureq::http::Request::post(format!("http://{}{path}", self.address)).header("content-type", "text/plain");
        let mut answer = self.agent.run(request.body(body.to_owned()).unwrap()).ok()?;
        let body = answer.body_mut().read_to_string().ok()?;
        Some(Response { status: answer.status().as_u16(), headers: answer.headers().clone(), body })
    }

    pub(crate) fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// A body that need not be a text.
    pub(crate) fn post_bytes(&self, path: &str, kind: &str, body: &[u8]) -> Response {
        let request = ureq::http::Request::builder().method("POST").uri(format!("http://{}{path}", self.address));
        let mut answer = self.agent.run(request.header("content-type", kind).body(body.to_vec()).unwrap()).unwrap();
        let body = answer.body_mut().read_to_string().unwrap();
        Response { status: answer.status().as_u16(), headers: answer.headers().clone(), body }
    }

    pub(crate) fn get(&self, path: &str) -> Response {
        self.request("GET", path, &[], "")
    }

    pub(crate) fn post(&self, path: &str, kind: &str, body: &str) -> Response {
        self.request("POST", path, &[("content-type", kind)], body)
    }

    /// A batch that must be answered 200.
    pub(crate) fn send(&self, body: &str) -> Value {
        let response = self.post("/v1/batch", "text/plain", body);
        assert_eq!(response.status, 200, "{}", response.body);
        response.json()
    }

    pub(crate) fn request(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Response {
        let mut request = ureq::http::Request::builder().method(method).uri(format!("http://{}{path}", self.address));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = if matches!(method, "POST" | "PUT") {
            self.agent.run(request.body(body.to_owned()).unwrap())
        } else {
            self.agent.run(request.body(()).unwrap())
        };
        let mut answer = answer.unwrap();
        let body = answer.body_mut().read_to_string().unwrap();
        Response { status: answer.status().as_u16(), headers: answer.headers().clone(), body }
    }

    /// A GET with the path exactly as it is written.
    pub(crate) fn raw(&self, path: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n", self.address).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        (answer.split(' ').nth(1).unwrap().parse().unwrap(), answer)
    }

    /// Listens to `/api/changes`.
    pub(crate) fn watch(&self) -> Messages {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        write!(stream, "GET /api/changes HTTP/1.1\r\nhost: {}\r\n\r\n", self.address).unwrap();
        Messages(BufReader::new(stream))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Response {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|why| panic!("{why}: {}", self.body))
    }

    /// A header, empty when it is not there.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// Server-sent events.
pub(crate) struct Messages(BufReader<TcpStream>);

impl Messages {
    /// The data of the next message.
    pub(crate) fn next(&mut self) -> String {
        loop {
            let mut line = String::new();
            assert!(self.0.read_line(&mut line).unwrap() > 0, "the stream has ended");
            if let Some(data) = line.strip_prefix("data: ") {
                return data.trim_end().to_owned();
            }
        }
    }
}

/// The command under test. Asked for at run time: a path compiled in would tie this program to the clone that built it.
pub(crate) fn polku() -> Command {
    Command::new(std::env::var_os("CARGO_BIN_EXE_polku").expect(
        "CARGO_BIN_EXE_polku must name the command `polku`: cargo since 1.94 and `cargo xtask test` set it, other runners do not",
    ))
}

/// What it says goes to a file in `dir`.
fn spawn(dir: &Path, args: &[String], variables: &[(&'static str, String)], before: &str) -> (Child, String) {
    let log = std::fs::File::options().create(true).append(true).open(dir.join("said.log")).unwrap();
    let mut command = match before {
        "" => polku(),
        before => {
            let mut shell = Command::new("sh");
            shell.arg("-c").arg(format!("{before}; exec \"$0\" \"$@\"")).arg(polku().get_program());
            shell
        }
    };
    command.args(["serve", "--port", "0"]).args(args).current_dir(dir).stdout(Stdio::piped()).stderr(log);
    // What the machine is set to is no matter of a test.
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("POLKU_")) {
        command.env_remove(name);
    }
    command.envs(variables.iter().map(|(name, value)| (name, value)));
    let mut child = command.spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim().strip_prefix("listening on http://").unwrap_or_else(|| panic!("{line}")).to_owned();
    (child, address)
}

/// A journey's id from a number.
pub(crate) fn id(n: i64) -> String {
    format!("{n:016}")
}

/// A touchpoint.
pub(crate) fn event(seq: i64, at: i64, name: &str, stage: &str) -> Value {
    json!({"seq":seq,"at":at,"name":name,"lens":"did","stage":stage,"page":"/"})
}

/// A batch with consent.
pub(crate) fn batch(journey: &str, leg: &str, events: &[Value]) -> String {
    json!({"polku":1,"key":"pk_test","batch":"b1","sent":1_795_284_060,"ttl_days":395,
        "journey":{"id":journey,"leg":leg,"started":1_795_284_000,"device":"mobile","lang":"fi",
            "consent":{"measure":{"by":"api","hour":498_690}}},
        "loss":{"captured":events.len(),"sent":0,"queued":events.len(),"dropped":{}},"events":events})
    .to_string()
}

/// What the command gave back.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    /// The objects on standard output, one a line.
    pub(crate) fn objects(&self) -> Vec<Value> {
        self.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

/// Starts `polku` with all three streams in our hands.
pub(crate) fn start(args: &[&str]) -> Child {
    let mut command = polku();
    command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().unwrap()
}

/// Runs `polku` with `lines` on standard input.
pub(crate) fn run(args: &[&str], lines: impl AsRef<[u8]>) -> Ran {
    let mut child = start(args);
    let mut stdin = child.stdin.take().unwrap();
    let lines = lines.as_ref().to_vec();
    // A thread of its own: both pipes may be full. One that is wrong reads nothing, and the pipe breaks.
    let writer = std::thread::spawn(move || drop(stdin.write_all(&lines)));
    let done = child.wait_with_output().unwrap();
    writer.join().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ran { code: done.status.code().unwrap(), out: text(done.stdout), err: text(done.stderr) }
}
