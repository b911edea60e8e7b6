//! A running `rotel`: an OTLP collector that hands on what it takes, as protobuf, to a receiver in this process.

use crate::encode::Request;
use crate::process::{Process, agent, receiver};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use prost::Message as _;
use std::io::Read as _;
use std::process::Command;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;
use tokio::runtime::Runtime;

pub(crate) struct Rotel {
    process: Process,
    address: String,
    handed_on: Receiver<ExportLogsServiceRequest>,
    _runtime: Runtime,
}

impl Rotel {
    pub(crate) fn start() -> Self {
        let program = receiver("POLKU_ROTEL");
        let (sender, handed_on) = channel();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let next = listener.local_addr().unwrap();
        let app = axum::Router::new().route("/v1/logs", axum::routing::post(take)).with_state(sender);
        runtime.spawn(async { axum::serve(listener, app).await });
        let (process, [http, _]) = Process::start(
            |dir, [http, grpc]: [u16; 2]| {
                let mut command = Command::new(&program);
                command.arg("start").arg("--pid-file").arg(dir.join("pid"));
                command.args(["--otlp-http-endpoint", &format!("127.0.0.1:{http}")]);
                command.args(["--otlp-grpc-endpoint", &format!("127.0.0.1:{grpc}")]);
                command.args(["--exporter", "otlp", "--otlp-exporter-protocol", "http", "--disable-batching"]);
                command.args(["--otlp-exporter-endpoint", &format!("http://{next}")]);
                command
            },
            |[http, _]| agent().get(format!("http://127.0.0.1:{http}/")).call().is_ok(),
        );
        Self { process, address: format!("http://127.0.0.1:{http}"), handed_on, _runtime: runtime }
    }

    /// Posts a request as it is; status and body of the answer.
    pub(crate) fn post(&self, request: &Request) -> (u16, String) {
        let mut post = agent().post(format!("{}{}", self.address, request.path));
        for (name, value) in &request.headers {
            post = post.header(name, value);
        }
        let mut answer = post.send(&request.body).unwrap();
        (answer.status().as_u16(), answer.body_mut().read_to_string().unwrap())
    }

    /// What it hands on next.
    pub(crate) fn next(&self) -> ExportLogsServiceRequest {
        let next = self.handed_on.recv_timeout(Duration::from_secs(20));
        next.unwrap_or_else(|_| panic!("nothing was handed on: {}", self.process.log()))
    }
}

async fn take(State(sender): State<Sender<ExportLogsServiceRequest>>, headers: HeaderMap, body: Bytes) {
    let mut bytes = Vec::new();
    if headers.get("content-encoding").is_some_and(|encoding| encoding == "gzip") {
        flate2::read::GzDecoder::new(&body[..]).read_to_end(&mut bytes).unwrap();
    } else {
        bytes.extend_from_slice(&body);
    }
    // The test that waited for it may be over.
    let _ = sender.send(ExportLogsServiceRequest::decode(&bytes[..]).unwrap());
}
