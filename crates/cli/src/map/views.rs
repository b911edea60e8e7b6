//! The views on journeys: each takes the same filter, and walks over the facts.

use super::facts::filter::date;
use super::facts::{Chosen, Facts, Filter, Id, NONE};
use super::groups::{self, By};
use super::service::{self, ServiceFilter};
use super::shared::redact;
use super::{cost, flows, products, voice};
use crate::access::Reader;
use crate::app::App;
use crate::respond::{self, NO_SNIFF, NO_STORE};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

type Asked = Result<Query<Filter>, QueryRejection>;

/// `GET /api/paths`: see [`flows`].
pub(super) async fn paths(app: State<App>, reader: Extension<Reader>, filter: Asked) -> Response {
    view(app, reader, filter, flows::count).await
}

/// `GET /api/friction`: see [`cost`]. Whether journeys bought is what it counts, so that part of a filter is left out.
pub(super) async fn friction(app: State<App>, reader: Extension<Reader>, filter: Asked) -> Response {
    view(app, reader, filter, |facts, chosen| cost::count(facts, &chosen.bought_or_not())).await
}

/// `GET /api/voice`: see [`voice`].
pub(super) async fn voice(app: State<App>, reader: Extension<Reader>, filter: Asked) -> Response {
    view(app, reader, filter, voice::count).await
}

/// `GET /api/products`: see [`products`].
pub(super) async fn products(app: State<App>, reader: Extension<Reader>, filter: Asked) -> Response {
    view(app, reader, filter, products::count).await
}

/// `GET /api/service`: see [`service`].
pub(super) async fn service(
    app: State<App>,
    reader: Extension<Reader>,
    asked: Result<Query<ServiceFilter>, QueryRejection>,
) -> Response {
    let ServiceFilter { since, until, key } = match asked {
        Ok(Query(asked)) => asked,
        Err(why) => {
            let why = why.body_text();
            return refused(&format!(
                "what was imported has days and a shop alone, and no door, device or language: {why}"
            ));
        }
    };
    let key = key.filter(|key| !key.is_empty());
    let day = |text: &Option<String>, or: i64| text.as_deref().and_then(date).map_or(or, |second| second / 86_400);
    let days = (day(&since, i64::MIN), day(&until, i64::MAX));
    let scope = reader.scope().clone();
    let Ok(tables) = app.store.imported(service::wanted(days), scope, key.clone()).await else {
        return respond::error(StatusCode::SERVICE_UNAVAILABLE, "the database does not answer");
    };
    let filter = Filter { since, until, key, ..Filter::default() };
    view(app, reader, Ok(Query(filter)), move |facts, chosen| service::count(facts, chosen, tables, days)).await
}

/// A filter, and by what journeys are told apart.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
pub(super) struct Grouped {
    /// By what.
    by: By,
    /// The first day, UTC.
    since: Option<String>,
    /// The last day, UTC.
    until: Option<String>,
    /// Where the shopper came from.
    door: Option<String>,
    /// The campaign that led here.
    campaign: Option<String>,
    /// Device class.
    device: Option<String>,
    /// Language.
    lang: Option<String>,
    /// A trial, `name=value`.
    variant: Option<String>,
    /// The shop.
    key: Option<String>,
}

/// `GET /api/groups?by=door`: see [`groups`].
pub(super) async fn groups(
    app: State<App>,
    reader: Extension<Reader>,
    asked: Result<Query<Grouped>, QueryRejection>,
) -> Response {
    let Ok(Query(asked)) = asked else {
        return refused("\"by\" must be door, campaign, device, lang, order or variant; a member may be given once");
    };
    let Grouped { by, since, until, door, campaign, device, lang, variant, key } = asked;
    let filter = Filter { since, until, door, campaign, device, lang, bought: None, variant, key };
    view(app, reader, Ok(Query(filter)), move |facts, chosen| groups::count(facts, chosen, by)).await
}

/// What a filter may say: every word that some journey bears, with how many do.
#[derive(Debug, Serialize, schemars::JsonSchema)]
#[schemars(rename = "FilterWords")]
pub(super) struct Choices {
    journeys: usize,
    since: Option<String>,
    until: Option<String>,
    door: BTreeMap<String, u64>,
    campaign: BTreeMap<String, u64>,
    device: BTreeMap<String, u64>,
    lang: BTreeMap<String, u64>,
    variant: BTreeMap<String, u64>,
    key: BTreeMap<String, u64>,
}

/// `GET /api/filters`: what the other addresses take.
pub(super) async fn filters(app: State<App>, reader: Extension<Reader>) -> Response {
    view(app, reader, Ok(Query(Filter::default())), |facts, chosen| {
        let mine: Vec<_> = facts.all.iter().filter(|fact| chosen.takes(fact)).collect();
        let count = |of: &dyn Fn(&super::facts::Fact) -> Vec<Id>| {
            let mut counted: BTreeMap<String, u64> = BTreeMap::new();
            for id in mine.iter().flat_map(|fact| of(fact)).filter(|id| *id != NONE) {
                *counted.entry(facts.words.plain.word(id).clone()).or_default() += 1;
            }
            counted
        };
        let days = || mine.iter().map(|fact| fact.started);
        Choices {
            journeys: mine.len(),
            since: days().min().map(super::facts::filter::day_of),
            until: days().max().map(super::facts::filter::day_of),
            door: count(&|fact| vec![fact.door]),
            campaign: count(&|fact| vec![fact.campaign]),
            device: count(&|fact| vec![fact.device]),
            lang: count(&|fact| vec![fact.lang]),
            variant: count(&|fact| fact.variants.to_vec()),
            key: count(&|fact| vec![fact.key]),
        }
    })
    .await
}

async fn view<T: Serialize>(
    State(app): State<App>,
    Extension(reader): Extension<Reader>,
    filter: Asked,
    count: impl FnOnce(&Facts, &Chosen) -> T,
) -> Response {
    let filter = match filter {
        Ok(Query(filter)) => filter,
        Err(why) => return refused(&why.body_text()),
    };
    let Ok(facts) = app.facts.facts(&app.store).await else {
        return respond::error(StatusCode::SERVICE_UNAVAILABLE, "the database does not answer");
    };
    match filter.choose(&facts.words).map(|chosen| chosen.within(reader.scope(), &facts.words)) {
        // Some tenths of a second on a million journeys: other requests go on meanwhile.
        Ok(chosen) => {
            let counted = tokio::task::block_in_place(|| count(&facts, &chosen));
            match serde_json::to_value(counted) {
                // No shared link opens these yet; one that will shows aggregates alone.
                Ok(told) if reader.is_shared() => ([NO_STORE, NO_SNIFF], Json(redact(told))).into_response(),
                Ok(told) => ([NO_STORE, NO_SNIFF], Json(told)).into_response(),
                Err(_) => respond::error(StatusCode::INTERNAL_SERVER_ERROR, "the view could not be written"),
            }
        }
        Err(why) => refused(&why),
    }
}

fn refused(why: &str) -> Response {
    respond::error(StatusCode::BAD_REQUEST, why)
}
