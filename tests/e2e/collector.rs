//! A collector with faults: it answers as a test has written down, and keeps every body.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use anyhow::Result;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use tokio::task::JoinHandle;

use crate::wait::until;

/// One answer of the collector.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Answer {
    /// As a collector does: everything is accepted.
    Good,
    /// This status, with an empty body.
    Status(u16),
    /// This status with `Retry-After` in seconds.
    Later(u16, u32),
    /// 200 and a web page.
    Page,
    /// Accepted, after so long.
    Slow(Duration),
}

#[derive(Default)]
struct Book {
    answers: VecDeque<Answer>,
    then: Option<Answer>,
    bodies: Vec<(Instant, String)>,
}

/// A running collector. It ends when this is dropped.
pub(crate) struct Collector {
    pub(crate) address: String,
    book: Arc<Mutex<Book>>,
    task: JoinHandle<()>,
}

impl Drop for Collector {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Collector {
    /// Gives `answers` one after the other, then good ones.
    pub(crate) async fn start(answers: &[Answer]) -> Result<Self> {
        Self::at("127.0.0.1:0", answers).await
    }

    /// Answers always so.
    pub(crate) async fn always(answer: Answer) -> Result<Self> {
        let collector = Self::start(&[]).await?;
        collector.book.lock().unwrap().then = Some(answer);
        Ok(collector)
    }

    /// From now on answers so.
    pub(crate) fn becomes(&self, answer: Answer) {
        self.book.lock().unwrap().then = Some(answer);
    }

    /// On a port that a test has chosen.
    pub(crate) async fn at(place: &str, answers: &[Answer]) -> Result<Self> {
        let book = Arc::new(Mutex::new(Book { answers: answers.iter().copied().collect(), ..Book::default() }));
        let router = Router::new().fallback(take).with_state(Arc::clone(&book));
        let listener = tokio::net::TcpListener::bind(place).await?;
        let address = format!("http://{}/v1/batch", listener.local_addr()?);
        let task = tokio::spawn(async move {
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { address, book, task })
    }

    /// An address on this machine at which nobody is.
    pub(crate) async fn nobody() -> Result<String> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        Ok(listener.local_addr()?.to_string())
    }

    /// All bodies so far.
    pub(crate) fn bodies(&self) -> Vec<String> {
        self.book.lock().unwrap().bodies.iter().map(|(_, body)| body.clone()).collect()
    }

    /// When the requests came.
    pub(crate) fn times(&self) -> Vec<Instant> {
        self.book.lock().unwrap().bodies.iter().map(|(at, _)| *at).collect()
    }

    /// The events of all bodies, each identity once, as `leg/seq name`.
    pub(crate) fn events(&self) -> Vec<String> {
        let mut all = Vec::new();
        for body in self.bodies() {
            let batch: Value = serde_json::from_str(&body).unwrap_or_default();
            for event in batch["events"].as_array().into_iter().flatten() {
                let line = format!(
                    "{}/{} {}",
                    batch["journey"]["leg"].as_str().unwrap_or_default(),
                    event["seq"],
                    event["name"].as_str().unwrap_or_default()
                );
                if !all.contains(&line) {
                    all.push(line);
                }
            }
        }
        all
    }

    /// Waits for so many requests.
    pub(crate) async fn requests(&self, number: usize) -> Result<Vec<String>> {
        until(&format!("{number} requests at the collector"), async || {
            Ok(Some(self.bodies()).filter(|bodies| bodies.len() >= number))
        })
        .await
    }

    /// Waits for an event of this name.
    pub(crate) async fn has(&self, name: &str) -> Result<()> {
        let end = format!(" {name}");
        until(&format!("{name} at the collector"), async || {
            Ok(self.events().iter().any(|event| event.ends_with(&end)).then_some(()))
        })
        .await
    }
}

async fn take(State(book): State<Arc<Mutex<Book>>>, body: String) -> Response {
    let events = serde_json::from_str::<Value>(&body)
        .ok()
        .and_then(|batch| Some(batch["events"].as_array()?.len()))
        .unwrap_or_default();
    let answer = {
        let mut book = book.lock().unwrap();
        book.bodies.push((Instant::now(), body));
        let then = book.then.unwrap_or(Answer::Good);
        book.answers.pop_front().unwrap_or(then)
    };
    let good = format!(r#"{{"accepted":{events},"duplicate":0,"rejected":[]}}"#);
    let (status, text) = match answer {
        Answer::Good => (200, good),
        Answer::Status(status) | Answer::Later(status, _) => (status, String::new()),
        Answer::Page => (200, "<!doctype html><title>Welcome</title>".to_owned()),
        Answer::Slow(wait) => {
            tokio::time::sleep(wait).await;
            (200, good)
        }
    };
    let mut headers = HeaderMap::new();
    headers.insert("access-control-allow-origin", "*".parse().unwrap());
    headers.insert("access-control-expose-headers", "retry-after".parse().unwrap());
    if let Answer::Later(_, seconds) = answer {
        headers.insert("retry-after", seconds.into());
    }
    (StatusCode::from_u16(status).unwrap(), headers, text).into_response()
}
