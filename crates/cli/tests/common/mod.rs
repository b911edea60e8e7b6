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
    args: Vec<&'static str>,
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
    pub(crate) fn start_with(args: &[&'static str]) -> Self {
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
        let (child, address) = spawn(dir.path(), args);
        Self { child, address, args: args.to_vec(), agent: config.build().into(), dir }
    }

    pub(crate) fn restart(&mut self) {
        (self.child, self.address) = spawn(self.dir.path(), &self.args);
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

    pub(crate) fn dir(&self) -> &Path {
        self.dir.path()
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
fn spawn(dir: &Path, args: &[&str]) -> (Child, String) {
    let log = std::fs::File::options().create(true).append(true).open(dir.join("said.log")).unwrap();
    let mut command = polku();
    command.args(["serve", "--port", "0"]).args(args).current_dir(dir).stdout(Stdio::piped()).stderr(log);
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
