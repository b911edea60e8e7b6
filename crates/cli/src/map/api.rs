//! Answers of the read API. Field by field they are described on the types they serialise.

use super::facts::Filter;
use super::journey::Journey;
use super::prompts::{self, Runs};
use super::shared;
use super::views::beside_the_filter;
use crate::access::Reader;
use crate::app::App;
use crate::collector::batch::is_journey_id;
use crate::respond::{self, NO_SNIFF, NO_STORE};
use crate::store::{Cursor, Scope, StoreError};
use axum::body::Bytes;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::HashMap;
use std::sync::Arc;
use tokio::sync::Mutex;

/// Journeys in one answer, unless asked for less or more.
const LIMIT: u32 = 50;
/// And at most.
const MAX_LIMIT: u32 = 200;

/// Runs of prompts and the state of the database they were read from, for each kind of reader apart: they are counted anew for each filter.
#[derive(Debug, Default)]
pub struct Cache {
    runs: Mutex<HashMap<Scope, (u64, Arc<Runs>)>>,
}

/// Kinds of readers that are remembered: a shop has a few, and links that were made under other settings may add some.
const READERS: usize = 32;

/// Keeps the cache small.
fn keep<K, V>(cache: &mut HashMap<K, V>, reader: K, value: V)
where
    K: std::hash::Hash + Eq,
{
    if cache.len() >= READERS && !cache.contains_key(&reader) {
        cache.clear();
    }
    cache.insert(reader, value);
}

beside_the_filter! {
    /// A filter, and a page of the list.
    Page {
        /// How many, from 1 to 200; 50 without it.
        limit: Option<u32>,
        /// The `cursor` of the last one before.
        after: Option<String>,
    }
}

pub(super) async fn health(State(app): State<App>) -> Response {
    match app.store.ping().await {
        Ok(()) => answer(&json!({ "ok": true, "version": env!("CARGO_PKG_VERSION"), "map": app.facts.readiness() })),
        Err(why) => failed(why),
    }
}

pub(super) async fn journeys(
    State(app): State<App>,
    Extension(reader): Extension<Reader>,
    page: Result<Query<Page>, QueryRejection>,
) -> Response {
    let page = match page {
        Ok(Query(page)) => page,
        Err(why) => return respond::error(StatusCode::BAD_REQUEST, &why.body_text()),
    };
    let limit = page.limit.unwrap_or(LIMIT);
    if !(1..=MAX_LIMIT).contains(&limit) {
        return respond::error(StatusCode::BAD_REQUEST, "\"limit\" must be from 1 to 200");
    }
    let after = match page.after.as_deref().map(Cursor::parse) {
        Some(None) => return respond::error(StatusCode::BAD_REQUEST, "\"after\" must be the \"cursor\" of a journey"),
        Some(cursor) => cursor,
        None => None,
    };
    let (scope, filter) = (reader.scope().clone(), page.filter());
    let found = if filter == Filter::default() {
        app.store.journeys(scope, limit, after).await
    } else {
        let rows = match chosen_rows(&app, &scope, &filter, limit, after).await {
            Ok(rows) => rows,
            Err(refusal) => return *refusal,
        };
        app.store.journeys_of(scope, rows).await
    };
    match found {
        Ok(journeys) => {
            let list: Vec<_> = journeys.into_iter().map(|(record, events)| Journey::fold(record, &events)).collect();
            answer(&list)
        }
        Err(why) => failed(why),
    }
}

/// The rows of the newest journeys after a place in the list that a filter takes: the facts know which these are, the database what happened in them.
async fn chosen_rows(
    app: &App,
    scope: &Scope,
    filter: &Filter,
    limit: u32,
    after: Option<Cursor>,
) -> Result<Vec<i64>, Box<Response>> {
    let facts = app.facts.facts(&app.store).await.map_err(|why| Box::new(failed(why)))?;
    let chosen = filter.choose(&facts.words).map(|chosen| chosen.within(scope, &facts.words));
    let chosen = chosen.map_err(|why| Box::new(respond::error(StatusCode::BAD_REQUEST, &why)))?;
    let after = after.map_or((i64::MAX, i64::MAX), |after| (after.started, after.row));
    Ok(tokio::task::block_in_place(|| {
        let mut places: Vec<(i64, i64)> = facts
            .all
            .iter()
            .filter(|fact| (fact.started, fact.row) < after && chosen.takes(fact))
            .map(|fact| (fact.started, fact.row))
            .collect();
        places.sort_unstable_by(|a, b| b.cmp(a));
        places.into_iter().take(limit as usize).map(|(_, row)| row).collect()
    }))
}

#[derive(Debug, Deserialize, schemars::JsonSchema)]
pub(super) struct Whose {
    /// The shop's key, where two shops may have one of the same id.
    key: Option<String>,
}

/// Ids are drawn at random, so two shops may not share one; somebody who writes an id on purpose is told apart by key.
pub(super) async fn journey(
    State(app): State<App>,
    Extension(reader): Extension<Reader>,
    Path(id): Path<String>,
    Query(Whose { key }): Query<Whose>,
) -> Response {
    let none = || respond::error(StatusCode::NOT_FOUND, "there is no journey with this id");
    if !is_journey_id(&id) {
        return none();
    }
    match app.store.journey(reader.scope().clone(), id).await {
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

#[derive(Debug, Deserialize, schemars::JsonSchema)]
pub(super) struct Wanted {
    /// The stage in which it was asked.
    stage: Option<String>,
    /// Where the shopper came from.
    door: Option<String>,
    /// What the shopper came to do, as told.
    purpose: Option<String>,
}

pub(super) async fn prompts(
    State(app): State<App>,
    Extension(reader): Extension<Reader>,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Response {
    let Ok(Query(Wanted { stage, door, purpose })) = wanted else {
        return respond::error(StatusCode::BAD_REQUEST, "\"stage\", \"door\" and \"purpose\" may be given once each");
    };
    // As for the map: those who come at once wait for one reading.
    let mut cache = app.map_cache.runs.lock().await;
    let version = *app.store.changes().borrow();
    let scope = reader.scope().clone();
    let runs = match cache.get(&scope) {
        Some((of, runs)) if *of == version => runs.clone(),
        _ => match app.store.fold(scope.clone(), Runs::default(), |runs, _, events| runs.add(&events)).await {
            Ok(runs) => {
                let runs = Arc::new(runs);
                keep(&mut cache, scope, (version, runs.clone()));
                runs
            }
            Err(why) => return failed(why),
        },
    };
    drop(cache);
    let some = |word: Option<String>| word.filter(|word| !word.is_empty());
    let counted = runs.count(&prompts::Filter { stage: some(stage), door: some(door), purpose: some(purpose) });
    match written(&counted, reader.is_shared()) {
        Ok(bytes) => json_bytes(bytes.into()),
        Err(_) => failed(StoreError::Database),
    }
}

/// As JSON; for somebody outside, what they may see of it.
fn written(value: &impl Serialize, shared: bool) -> serde_json::Result<Vec<u8>> {
    if shared { serde_json::to_vec(&shared::redact(serde_json::to_value(value)?)) } else { serde_json::to_vec(value) }
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
