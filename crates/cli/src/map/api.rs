//! Answers of the read API. Field by field they are described on the types they serialise.

use super::facts::{Fact, Filter, newest};
use super::journey::Journey;
use super::views::beside_the_filter;
use crate::access::Reader;
use crate::app::App;
use crate::collector::batch::is_journey_id;
use crate::respond::{self, NO_SNIFF, NO_STORE};
use crate::store::{Cursor, Place, Scope, StoreError};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Journeys in one answer, unless asked for less or more.
const LIMIT: u32 = 50;
/// And at most.
const MAX_LIMIT: u32 = 200;

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
    let stored =
        if filter == Filter::default() { app.store.journeys(scope.clone(), limit, after).await } else { Ok(None) };
    let found = match stored {
        Ok(Some(found)) => Ok(found),
        Ok(None) => match chosen_places(&app, &scope, &filter, limit, after).await {
            Ok(places) => app.store.journeys_of(scope, places).await,
            Err(refusal) => return *refusal,
        },
        Err(why) => Err(why),
    };
    match found {
        Ok(journeys) => {
            let list: Vec<_> = journeys.into_iter().map(|(record, events)| Journey::fold(record, &events)).collect();
            answer(&list)
        }
        Err(why) => failed(why),
    }
}

/// The newest journeys after a place in the list that a filter takes: the facts know which these are, the database what happened in them.
async fn chosen_places(
    app: &App,
    scope: &Scope,
    filter: &Filter,
    limit: u32,
    after: Option<Cursor>,
) -> Result<Vec<Place>, Box<Response>> {
    let facts = app.facts.facts(&app.store).await.map_err(|why| Box::new(failed(why)))?;
    let chosen = filter.choose(&facts.words).map(|chosen| chosen.within(scope, &facts.words));
    let chosen = chosen.map_err(|why| Box::new(respond::error(StatusCode::BAD_REQUEST, &why)))?;
    let after = after.map_or((i64::MAX, i64::MAX), |after| (after.started, after.row));
    Ok(tokio::task::block_in_place(|| {
        let wanted = facts.all.iter().filter(|fact| (fact.started, fact.row) < after && chosen.takes(fact));
        let place = |fact: &Fact| Place {
            row: fact.row,
            key: facts.words.plain.word(fact.key).clone(),
            id: fact.id.as_ref().to_owned(),
        };
        newest(wanted, limit as usize).into_iter().map(place).collect()
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

fn answer(value: &impl Serialize) -> Response {
    ([NO_STORE, NO_SNIFF], Json(value)).into_response()
}

fn failed(_why: StoreError) -> Response {
    respond::error(StatusCode::SERVICE_UNAVAILABLE, "the database does not answer")
}
