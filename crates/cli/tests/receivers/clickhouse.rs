//! `clickhouse`: rows for a table of ClickHouse, inserted over HTTP into Debian's server (18.16) and into the current engine. Sheet 9.

use crate::agree::{self, Told};
use crate::encode::{Request, encode};
use crate::native;
use crate::process::{Process, agent, receiver};
use crate::settings::{self, TABLE};
use crate::strict::{self, json, lines, rfc3339};
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::{Command, Stdio};

/// What a server needs to be one.
const CONFIG: &str = "<?xml version=\"1.0\"?><yandex><logger><level>warning</level><console>1</console></logger>\
    <http_port>{http}</http_port><tcp_port>{tcp}</tcp_port><listen_host>127.0.0.1</listen_host>\
    <path>{dir}/data/</path><tmp_path>{dir}/tmp/</tmp_path><users_config>users.xml</users_config>\
    <default_profile>default</default_profile><default_database>default</default_database>\
    <mark_cache_size>5368709</mark_cache_size></yandex>";
const USERS: &str = "<?xml version=\"1.0\"?><yandex><profiles><default/></profiles><users><default><password></password>\
    <networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota></default></users>\
    <quotas><default/></quotas></yandex>";

struct Server {
    _process: Process,
    address: String,
}

impl Server {
    fn start() -> Self {
        let program = receiver("POLKU_DEBIAN_CLICKHOUSE");
        let (process, [http, _]) = Process::start(
            |dir, [http, tcp]: [u16; 2]| {
                for name in ["data", "tmp"] {
                    std::fs::create_dir(dir.join(name)).unwrap();
                }
                let config = CONFIG.replace("{http}", &http.to_string()).replace("{tcp}", &tcp.to_string());
                std::fs::write(dir.join("config.xml"), config.replace("{dir}", &dir.to_string_lossy())).unwrap();
                std::fs::write(dir.join("users.xml"), USERS).unwrap();
                let mut command = Command::new(&program);
                command.arg(format!("--config-file={}", dir.join("config.xml").display())).current_dir(dir);
                command
            },
            |[http, _]| {
                let answer = agent().get(format!("http://127.0.0.1:{http}/ping")).call();
                answer.is_ok_and(|mut answer| answer.body_mut().read_to_string().is_ok_and(|text| text == "Ok.\n"))
            },
        );
        Self { _process: process, address: format!("http://127.0.0.1:{http}") }
    }

    fn post(&self, path: &str, kind: &str, body: &str) -> (u16, String) {
        let post = agent().post(format!("{}{path}", self.address)).header("content-type", kind);
        let mut answer = post.send(body).unwrap();
        (answer.status().as_u16(), answer.body_mut().read_to_string().unwrap())
    }

    fn query(&self, query: &str) -> String {
        let (status, answer) = self.post("/", "text/plain", query);
        assert_eq!(status, 200, "{query}: {answer}");
        answer
    }
}

/// What the engine answers to queries.
fn engine(queries: &[String]) -> Vec<String> {
    // From a file: whatever stands on its standard input the engine takes for rows to insert.
    let mut file = tempfile::NamedTempFile::new().unwrap();
    for query in queries {
        writeln!(file, "{}", Value::from(query.as_str())).unwrap();
    }
    let mut python = Command::new(receiver("POLKU_CHDB"));
    let done = python.arg("tests/receivers/chdb.py").arg(file.path()).stdin(Stdio::null()).output().unwrap();
    let out = String::from_utf8(done.stdout).unwrap();
    let answers: Vec<String> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success() && answers.len() == queries.len(), "query {} failed: {said}", answers.len() + 1);
    answers
}

/// Columns that hold these rows, with their types. `now`: as the current engine has them.
fn columns(rows: &[Value], now: bool) -> BTreeMap<String, &'static str> {
    let mut columns = BTreeMap::new();
    for (key, value) in rows.iter().flat_map(|row| row.as_object().unwrap()) {
        let of = match value {
            Value::String(_) if key == "time" => {
                if now {
                    "DateTime64(3, 'UTC')"
                } else {
                    "DateTime('UTC')"
                }
            }
            Value::String(_) => "String",
            Value::Number(number) if number.is_u64() => "UInt64",
            Value::Number(_) => "Float64",
            // Old servers take no objects or lists into a column of text.
            other => panic!("`{key}` is no scalar: {other}"),
        };
        let before = columns.insert(key.clone(), of).unwrap_or(of);
        if before != of {
            let numbers = [before, of].iter().all(|of| ["UInt64", "Float64"].contains(of));
            assert!(numbers, "`{key}` is {before} and {of}");
            columns.insert(key.clone(), "Float64");
        }
    }
    columns
}

/// Rows come back as they went in, where one thread reads them.
fn create(table: &str, columns: &BTreeMap<String, &str>) -> String {
    let columns: Vec<String> = columns.iter().map(|(name, of)| format!("`{name}` {of}")).collect();
    format!("CREATE TABLE {table} ({}) ENGINE = Memory", columns.join(", "))
}

fn rows(requests: &[Request]) -> Vec<Value> {
    requests.iter().flat_map(|request| lines(&request.body)).collect()
}

fn told(row: &Value, time: u64) -> Told {
    let text = |member: &str| strict::text(row, member);
    Told { name: text("name"), time, id: text("event_id"), journey: text("session_id"), rest: row.clone() }
}

/// A row that a server gave back: 64 bits come as text.
fn stored(line: &str) -> Value {
    let mut row = json(line);
    for value in row.as_object_mut().unwrap().values_mut() {
        if let Some(number) =
            value.as_str().and_then(|text| text.parse::<u64>().ok()).filter(|number| *number < 1 << 53)
        {
            *value = number.into();
        }
    }
    row
}

#[test]
fn rows_are_flat_and_their_request_is_complete() {
    let all = native::all();
    let requests = encode("clickhouse", settings::of("clickhouse"), &all);
    assert_eq!(requests.len(), all.len());
    for request in &requests {
        request.assert_simple();
        assert_eq!(request.route(), "/");
        let query = request.query();
        assert_eq!(query["query"], format!("INSERT INTO {TABLE} FORMAT JSONEachRow"));
        // 18.16 reads no `Z` without the first and refuses unknown columns without the second.
        assert_eq!(query["date_time_input_format"], "best_effort");
        assert_eq!(query["input_format_skip_unknown_fields"], "1");
    }
    let rows = rows(&requests);
    columns(&rows, false);
    let told: Vec<Told> = rows.iter().map(|row| told(row, rfc3339(&strict::text(row, "time")))).collect();
    agree::whole(&native::events(&all), &told);
    agree::stable("clickhouse", |requests| {
        self::rows(requests).iter().map(|row| strict::text(row, "event_id")).collect()
    });
}

#[test]
fn debians_server_stores_every_event() {
    let server = Server::start();
    let all = native::all();
    let requests = encode("clickhouse", settings::of("clickhouse"), &all);
    server.query(&create(TABLE, &columns(&rows(&requests), false)));
    for request in &requests {
        let (status, answer) = server.post(&request.path, request.kind(), &request.body);
        assert_eq!((status, answer.as_str()), (200, ""), "{}", request.body);
    }
    let events = native::events(&all);
    let answer = server.query(&format!(
        "SELECT *, toUnixTimestamp(time) AS at FROM {TABLE} SETTINGS max_threads = 1 FORMAT JSONEachRow"
    ));
    let told: Vec<Told> = answer
        .lines()
        .map(|line| {
            let row = stored(line);
            told(&row, row["at"].as_u64().unwrap() * 1000)
        })
        .collect();
    // A `DateTime` holds seconds.
    let seconds = events.iter().cloned().map(|event| native::Event { time: event.time / 1000 * 1000, ..event });
    agree::whole(&seconds.collect::<Vec<_>>(), &told);

    // A narrower table takes what it has columns for; without a row's end or a table it says no.
    server.query("CREATE TABLE narrow (name String) ENGINE = Memory");
    let narrow = requests[0].path.replace(TABLE, "narrow");
    assert_eq!(server.post(&narrow, requests[0].kind(), &requests[0].body).0, 200);
    assert_eq!(server.query("SELECT count() FROM narrow").trim(), lines(&requests[0].body).len().to_string());
    let absent = requests[0].path.replace(TABLE, "absent");
    assert_ne!(server.post(&absent, requests[0].kind(), &requests[0].body).0, 200);
}

#[test]
fn the_current_engine_stores_every_event() {
    let all = native::all();
    let requests = encode("clickhouse", settings::of("clickhouse"), &all);
    let mut queries = vec![create(TABLE, &columns(&rows(&requests), true))];
    for request in &requests {
        let query = request.query();
        let settings: Vec<String> = query
            .iter()
            .filter(|(key, _)| *key != "query")
            .map(|(key, value)| {
                format!("{key} = {}", value.parse::<u64>().map_or_else(|_| format!("'{value}'"), |n| n.to_string()))
            })
            .collect();
        let insert = query["query"].replace(" FORMAT", &format!(" SETTINGS {} FORMAT", settings.join(", ")));
        queries.push(format!("{insert} {}", request.body));
    }
    queries.push(format!("SELECT *, toUnixTimestamp64Milli(time) AS at FROM {TABLE} SETTINGS max_threads = 1"));
    let answers = engine(&queries);
    let told: Vec<Told> = answers
        .last()
        .unwrap()
        .lines()
        .map(|line| {
            let row = stored(line);
            told(&row, row["at"].as_u64().unwrap())
        })
        .collect();
    agree::whole(&native::events(&all), &told);
}
