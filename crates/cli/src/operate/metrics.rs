//! Numbers about the collector, in the text format of Prometheus (OpenMetrics).

use crate::access::guard::peer;
use crate::access::{proxy, sign};
use crate::app::App;
use crate::collector::reply::Reply;
use crate::map::guard;
use crate::respond::{self, NO_SNIFF, NO_STORE};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use std::time::Duration;

/// Upper ends in seconds: a batch takes milliseconds, and 50 ms at half load is the promise.
const BUCKETS: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

/// All numbers since the start.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    batches: Family<Status, Counter>,
    accepted: Counter,
    duplicate: Counter,
    rejected: Family<Reason, Counter>,
    seconds: Histogram,
    queue: Gauge,
    bytes: Gauge,
    journeys: Gauge,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Status {
    status: u32,
}

/// One of the collector's own sentences: never what a page has sent.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Reason {
    reason: &'static str,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut metrics = Self {
            registry: Registry::with_prefix("polku"),
            batches: Family::default(),
            accepted: Counter::default(),
            duplicate: Counter::default(),
            rejected: Family::default(),
            seconds: Histogram::new(BUCKETS),
            queue: Gauge::default(),
            bytes: Gauge::default(),
            journeys: Gauge::default(),
        };
        let registry = &mut metrics.registry;
        registry.register("batches", "Batches that were answered, by status", metrics.batches.clone());
        registry.register("events_accepted", "Events that were stored", metrics.accepted.clone());
        registry.register("events_duplicate", "Events that had been stored before", metrics.duplicate.clone());
        registry.register("events_rejected", "Events that will never be stored, by reason", metrics.rejected.clone());
        registry.register_with_unit(
            "ingest",
            "Time from a batch that was read to its answer",
            Unit::Seconds,
            metrics.seconds.clone(),
        );
        registry.register("queue", "Batches that wait to be written", metrics.queue.clone());
        registry.register_with_unit(
            "database",
            "Size of the database with its log",
            Unit::Bytes,
            metrics.bytes.clone(),
        );
        registry.register("journeys", "Journeys in the database", metrics.journeys.clone());
        metrics
    }
}

impl Metrics {
    /// A request to the collector was answered.
    pub fn answered(&self, status: StatusCode) {
        self.batches.get_or_create(&Status { status: status.as_u16().into() }).inc();
    }

    /// A batch was stored, in this time.
    pub fn stored(&self, reply: &Reply, took: Duration) {
        self.accepted.inc_by(reply.accepted);
        self.duplicate.inc_by(reply.duplicate);
        for rejected in &reply.rejected {
            self.rejected.get_or_create(&Reason { reason: rejected.why }).inc();
        }
        self.seconds.observe(took.as_secs_f64());
    }
}

/// `GET /metrics`
pub(super) async fn show(State(app): State<App>, request: Request) -> Response {
    if !may_read(&app, &request) {
        return respond::error(
            StatusCode::UNAUTHORIZED,
            "metrics are for this machine, for whoever is signed in, or with authorization: Bearer and the --metrics-token",
        );
    }
    let metrics = &app.metrics;
    let whole = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    metrics.queue.set(whole(app.store.waiting() as u64));
    metrics.bytes.set(whole(app.store.bytes()));
    // What cannot be asked for now keeps the last number.
    if let Ok(journeys) = app.store.count_journeys().await {
        metrics.journeys.set(journeys);
    }
    let mut text = String::new();
    if encode(&mut text, &metrics.registry).is_err() {
        return respond::error(StatusCode::INTERNAL_SERVER_ERROR, "the numbers could not be written");
    }
    let kind = HeaderValue::from_static("application/openmetrics-text; version=1.0.0; charset=utf-8");
    ([(header::CONTENT_TYPE, kind), NO_STORE, NO_SNIFF], text).into_response()
}

fn may_read(app: &App, request: &Request) -> bool {
    let (headers, peer) = (request.headers(), peer(request.extensions()));
    if let Some(token) = &app.metrics_token {
        return bearer(headers).is_some_and(|given| sign::same(given, token)) || app.access.reads_all(peer, headers);
    }
    let local = peer.is_loopback()
        && !proxy::is_forwarded(headers)
        && !guard::is_foreign_fetch(headers)
        && guard::host(request).is_some_and(guard::is_loopback_name);
    local || app.access.reads_all(peer, headers)
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}
