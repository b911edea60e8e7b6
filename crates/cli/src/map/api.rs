//! Answers of the read API. Field by field they are described on the types they serialise.

use super::journey::Journey;
use super::prompts::{Filter, Runs};
use super::view::Folding;
use crate::app::App;
use crate::collector::batch::is_journey_id;
use crate::respond::{self, NO_SNIFF, NO_STORE};
use crate::store::{Cursor, StoreError};
use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::sync::Arc;
use tokio::sync::Mutex;

/// Journeys in one answer, unless asked for less or more.
const LIMIT: u32 = 50;
/// And at most.
const MAX_LIMIT: u32 = 200;

/// The last map and the state of the database it was made from: many viewers cost as much as one.
#[derive(Debug, Default)]
pub struct Cache {
    map: Mutex<Option<(u64, Bytes)>>,
    /// Runs of prompts, which are counted anew for each filter.
    runs: Mutex<Option<(u64, Arc<Runs>)>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Page {
    limit: Option<u32>,
    after: Option<String>,
}

pub(super) async fn health(State(app): State<App>) -> Response {
    match app.store.ping().await {
        Ok(()) => answer(&json!({ "ok": true, "version": env!("CARGO_PKG_VERSION") })),
        Err(why) => failed(why),
    }
}

pub(super) async fn journeys(State(app): State<App>, page: Result<Query<Page>, QueryRejection>) -> Response {
    let Ok(Query(Page { limit, after })) = page else {
        return respond::error(StatusCode::BAD_REQUEST, "\"limit\" must be a number");
    };
    let limit = limit.unwrap_or(LIMIT);
    if !(1..=MAX_LIMIT).contains(&limit) {
        return respond::error(StatusCode::BAD_REQUEST, "\"limit\" must be from 1 to 200");
    }
    let after = match after.as_deref().map(Cursor::parse) {
        Some(None) => return respond::error(StatusCode::BAD_REQUEST, "\"after\" must be the \"cursor\" of a journey"),
        Some(cursor) => cursor,
        None => None,
    };
    match app.store.journeys(limit, after).await {
        Ok(journeys) => {
            let list: Vec<_> = journeys.into_iter().map(|(record, events)| Journey::fold(record, &events)).collect();
            answer(&list)
        }
        Err(why) => failed(why),
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct Whose {
    key: Option<String>,
}

/// Ids are drawn at random, so two shops may not share one; somebody who writes an id on purpose is told apart by key.
pub(super) async fn journey(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(Whose { key }): Query<Whose>,
) -> Response {
    let none = || respond::error(StatusCode::NOT_FOUND, "there is no journey with this id");
    if !is_journey_id(&id) {
        return none();
    }
    match app.store.journey(id).await {
        Ok(found) => match found.into_iter().find(|(record, _)| key.as_ref().is_none_or(|key| *key == record.key)) {
            Some((record, events)) => {
                let listed: Vec<_> = events
                    .iter()
                    .map(|event| {
                        json!({ "leg": event.leg, "seq": event.seq, "at": event.at, "name": event.name, "lens": event.lens,
                                "stage": event.stage, "page": event.page, "data": event.data })
                    })
                    .collect();
                answer(&json!({ "journey": Journey::fold(record, &events), "events": listed }))
            }
            None => none(),
        },
        Err(why) => failed(why),
    }
}

pub(super) async fn map(State(app): State<App>) -> Response {
    // The lock is held while the map is made, so that ten viewers who come at once wait for one making.
    let mut cache = app.map_cache.map.lock().await;
    // Read before the question: what arrives meanwhile makes the next one ask again.
    let version = *app.store.changes().borrow();
    if let Some((of, bytes)) = &*cache
        && *of == version
    {
        return json_bytes(bytes.clone());
    }
    let folding = app.store.fold(Folding::default(), |folding, record, events| {
        folding.add(&Journey::fold(record, &events), &events);
    });
    match folding.await {
        Ok(folding) => match serde_json::to_vec(&folding.finish()) {
            Ok(bytes) => {
                let bytes = Bytes::from(bytes);
                *cache = Some((version, bytes.clone()));
                json_bytes(bytes)
            }
            Err(_) => failed(StoreError::Database),
        },
        Err(why) => failed(why),
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct Wanted {
    stage: Option<String>,
    door: Option<String>,
    purpose: Option<String>,
}

pub(super) async fn prompts(State(app): State<App>, wanted: Result<Query<Wanted>, QueryRejection>) -> Response {
    let Ok(Query(Wanted { stage, door, purpose })) = wanted else {
        return respond::error(StatusCode::BAD_REQUEST, "\"stage\", \"door\" and \"purpose\" may be given once each");
    };
    // As for the map: those who come at once wait for one reading.
    let mut cache = app.map_cache.runs.lock().await;
    let version = *app.store.changes().borrow();
    let runs = match &*cache {
        Some((of, runs)) if *of == version => runs.clone(),
        _ => match app.store.fold(Runs::default(), |runs, _, events| runs.add(&events)).await {
            Ok(runs) => {
                let runs = Arc::new(runs);
                *cache = Some((version, runs.clone()));
                runs
            }
            Err(why) => return failed(why),
        },
    };
    drop(cache);
    let some = |word: Option<String>| word.filter(|word| !word.is_empty());
    answer(&runs.count(&Filter { stage: some(stage), door: some(door), purpose: some(purpose) }))
}

fn answer(value: &impl Serialize) -> Response {
    ([NO_STORE, NO_SNIFF], Json(value)).into_response()
}

fn json_bytes(bytes: Bytes) -> Response {
    let kind = (header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    ([kind, NO_STORE, NO_SNIFF], bytes).into_response()
}

fn failed(_why: StoreError) -> Response {
    respond::error(StatusCode::SERVICE_UNAVAILABLE, "the database does not answer")
}
