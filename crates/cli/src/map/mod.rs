//! What the shop reads: journeys and the map, as JSON, and a stream that says when to read again.
//!
//! Nothing here writes, and nothing here invents: where there are too few answers for a score there is none.

pub mod answers;
mod api;
pub mod before_after;
pub mod cell;
mod changes;
pub mod cost;
pub mod facts;
pub mod flows;
pub mod gap;
pub mod goals;
pub mod groups;
pub mod guard;
pub mod journey;
pub mod kpi;
pub mod mood;
mod openapi;
pub mod outcome;
pub mod path;
pub mod products;
pub mod prompts;
pub mod rate;
pub mod scores;
pub mod service;
pub mod setup;
pub mod share;
pub mod shared;
pub mod standing;
pub mod touchpoints;
pub mod view;
mod views;
pub mod voice;

use crate::app::App;
use axum::Router;
use axum::routing::get;

/// Routes under `/api`.
pub fn router(app: &App) -> Router<App> {
    let api = Router::new()
        .route("/api/health", get(api::health))
        .route("/api/journeys", get(api::journeys))
        .route("/api/journeys/{id}", get(api::journey))
        .route("/api/map", get(views::map))
        .route("/api/prompts", get(views::prompts))
        .route("/api/cell", get(views::cell))
        .route("/api/gap", get(views::gap))
        .route("/api/paths", get(views::paths))
        .route("/api/friction", get(views::friction))
        .route("/api/groups", get(views::groups))
        .route("/api/voice", get(views::voice))
        .route("/api/products", get(views::products))
        .route("/api/goals", get(views::goals))
        .route("/api/before-after", get(views::before_after))
        .route("/api/setup", get(setup::answer))
        .route("/api/service", get(views::service))
        .route("/api/filters", get(views::filters))
        .route("/api/openapi.json", get(openapi::answer))
        .route("/api/changes", get(changes::stream));
    crate::access::guard::readers_only(api, app)
}
