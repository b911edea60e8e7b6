//! The views on journeys: each takes the same filter, and walks over the facts.

use super::facts::filter::{date, today};
use super::facts::{Chosen, Fact, Facts, Filter, Id, NONE};
use super::groups::{self, By};
use super::outcome::Outcome;
use super::service::{self, ServiceFilter};
use super::shared::redact;
use super::{before_after, cell, cost, flows, gap, goals, products, prompts, view as whole, voice};
use crate::access::Reader;
use crate::app::App;
use crate::respond::{self, NO_SNIFF, NO_STORE};
use crate::statements::{self, Statements};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

type Asked = Result<Query<Filter>, QueryRejection>;

/// What beside the filter an address may say.
macro_rules! beside_the_filter {
    ($(#[$says:meta])* $name:ident { $($(#[$about:meta])* $member:ident: $kind:ty,)* }) => {
        $(#[$says])*
        #[derive(Debug, Clone, Deserialize, schemars::JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub(super) struct $name {
            $($(#[$about])* pub(super) $member: $kind,)*
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
            /// `yes` or `no`.
            bought: Option<String>,
            /// A trial, `name=value`.
            variant: Option<String>,
            /// The shop.
            key: Option<String>,
        }

        impl $name {
            /// The filter alone.
            pub(super) fn filter(&self) -> Filter {
                let Self { since, until, door, campaign, device, lang, bought, variant, key, .. } = self.clone();
                Filter { since, until, door, campaign, device, lang, bought, variant, key }
            }
        }
    };
}
pub(super) use beside_the_filter;

beside_the_filter! {
    /// A filter, and what journeys are held against each other by.
    Toward {
        /// What journeys are held against each other by; an order where it is left out.
        outcome: Option<Outcome>,
    }
}

beside_the_filter! {
    /// A filter, and by what journeys are told apart.
    Grouped {
        /// By what.
        by: By,
        /// What journeys are held against each other by; an order where it is left out.
        outcome: Option<Outcome>,
    }
}

beside_the_filter! {
    /// A filter, and the cell of the map that is meant.
    Where {
        /// The stage.
        stage: String,
        /// `did`, `saw`, `felt`, `tech` or `voice`.
        lens: String,
    }
}

beside_the_filter! {
    /// A filter, and which runs of prompts are meant. The door is that of the visit in which something was asked.
    Asking {
        /// The stage in which it was asked.
        stage: Option<String>,
        /// What the shopper came to do, as told.
        purpose: Option<String>,
    }
}

/// `GET /api/prompts`: see [`prompts`]. Answers without consent are of no journey that is known, and are counted too.
pub(super) async fn prompts(
    app: State<App>,
    reader: Extension<Reader>,
    asked: Result<Query<Asking>, QueryRejection>,
) -> Response {
    let Query(asked) = match asked {
        Ok(asked) => asked,
        Err(why) => return refused(&why.body_text()),
    };
    let some = |word: &Option<String>| word.clone().filter(|word| !word.is_empty());
    let mut filter = asked.filter();
    let door = some(&filter.door.take());
    let wanted = prompts::Filter { stage: some(&asked.stage), door, purpose: some(&asked.purpose) };
    view(app, reader, Ok(Query(filter)), |facts, chosen| {
        let runs = facts.all.iter().filter(|fact| chosen.takes(fact)).flat_map(|fact| &fact.runs);
        prompts::count(runs, &wanted)
    })
    .await
}

/// `GET /api/map`: see [`whole`]. Beside the numbers stands what the shop wants; whoever holds a link is not told that.
pub(super) async fn map(app: State<App>, reader: Extension<Reader>, filter: Asked) -> Response {
    let targets = match beside(&app, &reader, &filter).await {
        Ok(stated) => stated.targets,
        Err(away) => return *away,
    };
    let targets = if reader.is_shared() { Vec::new() } else { targets };
    view(app, reader, filter, |facts, chosen| whole::count(facts, chosen, &targets)).await
}

/// `GET /api/gap`: see [`gap`]. A link to it shows what is believed, for it is made to show that; why, it does not.
pub(super) async fn gap(app: State<App>, reader: Extension<Reader>, filter: Asked) -> Response {
    let mut beliefs = match beside(&app, &reader, &filter).await {
        Ok(stated) => stated.beliefs,
        Err(away) => return *away,
    };
    if reader.is_shared() {
        beliefs.iter_mut().for_each(|belief| belief.note = None);
    }
    view(app, reader, filter, |facts, chosen| gap::count(facts, chosen, &beliefs)).await
}

/// What the shop states that the filter names.
async fn beside(app: &App, reader: &Reader, filter: &Asked) -> Result<Statements, Box<Response>> {
    let key = filter.as_ref().ok().and_then(|Query(filter)| filter.key.as_deref());
    let stated = statements::beside(&app.store, reader, key).await;
    stated.map(|stated| stated.statements).map_err(|_| Box::new(away()))
}

/// `GET /api/cell?stage=decision&lens=tech`: see [`cell`].
pub(super) async fn cell(
    app: State<App>,
    reader: Extension<Reader>,
    asked: Result<Query<Where>, QueryRejection>,
) -> Response {
    let Query(asked) = match asked {
        Ok(asked) => asked,
        Err(why) => return refused(&why.body_text()),
    };
    if !cell::is_lens(&asked.lens) {
        return refused("\"lens\" must be did, saw, felt, tech or voice");
    }
    let filter = Ok(Query(asked.filter()));
    view(app, reader, filter, |facts, chosen| cell::count(facts, chosen, &asked.stage, &asked.lens)).await
}

/// `GET /api/paths`: see [`flows`].
pub(super) async fn paths(app: State<App>, reader: Extension<Reader>, filter: Asked) -> Response {
    view(app, reader, filter, flows::count).await
}

/// `GET /api/friction?outcome=csat`: see [`cost`].
pub(super) async fn friction(
    app: State<App>,
    reader: Extension<Reader>,
    asked: Result<Query<Toward>, QueryRejection>,
) -> Response {
    let asked = match asked {
        Ok(Query(asked)) => asked,
        Err(why) => return refused(&why.body_text()),
    };
    let outcome = asked.outcome.unwrap_or_default();
    view(app, reader, Ok(Query(asked.filter())), |facts, chosen| {
        cost::count_toward(facts, &told_apart(chosen, outcome), outcome)
    })
    .await
}

/// Where orders are what is counted, that part of a filter is left out: of those who bought all did.
fn told_apart(chosen: &Chosen, outcome: Outcome) -> Chosen {
    if outcome == Outcome::Bought { chosen.bought_or_not() } else { chosen.clone() }
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
    let shared = reader.is_shared();
    view(app, reader, Ok(Query(filter)), move |facts, chosen| {
        let all = service::count(facts, chosen, tables, days);
        if shared { all.shareable() } else { all }
    })
    .await
}

/// `GET /api/groups?by=door`: see [`groups`].
pub(super) async fn groups(
    app: State<App>,
    reader: Extension<Reader>,
    asked: Result<Query<Grouped>, QueryRejection>,
) -> Response {
    let asked = match asked {
        Ok(Query(asked)) => asked,
        Err(why) => {
            let why = why.body_text();
            let by = why.contains("missing field `by`") || why.contains("by: ");
            return refused(if by { "\"by\" must be door, campaign, device, lang, order or variant" } else { &why });
        }
    };
    let outcome = asked.outcome.unwrap_or_default();
    view(app, reader, Ok(Query(asked.filter())), |facts, chosen| {
        groups::count_toward(facts, &told_apart(chosen, outcome), asked.by, outcome)
    })
    .await
}

/// A filter without days: what is watched has days of its own.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Watched {
    /// The day that is taken for today, UTC; it is today where it is left out.
    on: Option<String>,
    /// Before and after a change: so many days on each side at most, 28 where it is left out. Goals take none.
    days: Option<i64>,
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
    /// The shop, and what it states. Left out: what is stated of all shops together.
    key: Option<String>,
}

impl Watched {
    fn today(&self) -> Result<i64, String> {
        match self.on.as_deref().filter(|on| !on.is_empty()) {
            None => Ok(today()),
            Some(on) => date(on).ok_or_else(|| "\"on\" must be a day such as 2026-11-30".to_owned()),
        }
    }

    fn days(&self) -> Result<i64, String> {
        let days = self.days.unwrap_or(before_after::DAYS);
        if (7..=before_after::MOST_DAYS).contains(&days) {
            Ok(days)
        } else {
            Err(format!("\"days\" must be from 7 to {}", before_after::MOST_DAYS))
        }
    }
}

type AskedDays = Result<Query<Watched>, QueryRejection>;

/// `GET /api/goals`: see [`goals`].
pub(super) async fn goals(app: State<App>, reader: Extension<Reader>, asked: AskedDays) -> Response {
    stated(app, reader, asked, |facts, chosen, stated, today, _| goals::count(facts, chosen, stated, today)).await
}

/// `GET /api/before-after`: see [`before_after`].
pub(super) async fn before_after(app: State<App>, reader: Extension<Reader>, asked: AskedDays) -> Response {
    stated(app, reader, asked, before_after::count).await
}

/// A view of what the shop states beside what is measured.
async fn stated<T: Serialize>(
    app: State<App>,
    reader: Extension<Reader>,
    asked: AskedDays,
    count: impl FnOnce(&Facts, &Chosen, &Statements, i64, i64) -> T,
) -> Response {
    let asked = match asked {
        Ok(Query(asked)) => asked,
        Err(why) => return refused(&why.body_text()),
    };
    let (today, days) = match asked.today().and_then(|today| Ok((today, asked.days()?))) {
        Ok(both) => both,
        Err(why) => return refused(&why),
    };
    let Ok(stated) = statements::beside(&app.store, &reader, asked.key.as_deref()).await else {
        return respond::error(StatusCode::SERVICE_UNAVAILABLE, "the database does not answer");
    };
    let Watched { door, campaign, device, lang, variant, key, .. } = asked;
    let filter = Filter { door, campaign, device, lang, variant, key, ..Filter::default() };
    view(app, reader, Ok(Query(filter)), |facts, chosen| count(facts, chosen, &stated.statements, today, days)).await
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

/// Which words a journey bears.
type Bears<'a> = &'a dyn Fn(&Fact, &mut dyn FnMut(Id));

/// `GET /api/filters`: what the other addresses take.
pub(super) async fn filters(app: State<App>, reader: Extension<Reader>) -> Response {
    view(app, reader, Ok(Query(Filter::default())), |facts, chosen| {
        let mine: Vec<_> = facts.all.iter().filter(|fact| chosen.takes(fact)).collect();
        let named = |counted: Vec<u64>| {
            let words = (NONE..=Id::MAX).zip(counted).filter(|(id, n)| *id != NONE && *n > 0);
            words.map(|(id, n)| (facts.words.plain.word(id).clone(), n)).collect()
        };
        let many = |of: Bears<'_>| -> BTreeMap<String, u64> {
            let mut counted = vec![0; usize::from(Id::MAX) + 1];
            mine.iter().for_each(|fact| of(fact, &mut |id| counted[usize::from(id)] += 1));
            named(counted)
        };
        let count = |of: fn(&Fact) -> Id| many(&|fact, add| add(of(fact)));
        let days = || mine.iter().map(|fact| fact.started);
        Choices {
            journeys: mine.len(),
            since: days().min().map(super::facts::filter::day_of),
            until: days().max().map(super::facts::filter::day_of),
            door: count(|fact| fact.door),
            campaign: count(|fact| fact.campaign),
            device: count(|fact| fact.device),
            lang: count(|fact| fact.lang),
            variant: many(&|fact, add| fact.variants.iter().for_each(|id| add(*id))),
            key: count(|fact| fact.key),
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
        return away();
    };
    match filter.choose(&facts.words).map(|chosen| chosen.within(reader.scope(), &facts.words)) {
        // Some tenths of a second on a million journeys: other requests go on meanwhile.
        Ok(chosen) => {
            let counted = tokio::task::block_in_place(|| count(&facts, &chosen));
            match serde_json::to_value(counted) {
                Ok(told) if reader.is_shared() => ([NO_STORE, NO_SNIFF], Json(redact(told))).into_response(),
                Ok(told) => ([NO_STORE, NO_SNIFF], Json(told)).into_response(),
                Err(_) => respond::error(StatusCode::INTERNAL_SERVER_ERROR, "the view could not be written"),
            }
        }
        Err(why) => refused(&why),
    }
}

fn away() -> Response {
    respond::error(StatusCode::SERVICE_UNAVAILABLE, "the database does not answer")
}

fn refused(why: &str) -> Response {
    respond::error(StatusCode::BAD_REQUEST, why)
}
