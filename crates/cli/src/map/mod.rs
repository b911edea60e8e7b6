//! What the shop reads: journeys and the map, as JSON, and a stream that says when to read again.
//!
//! Nothing here writes, and nothing here invents: where there are too few answers for a score there is none.

pub mod answers;
mod api;
mod changes;
pub mod guard;
pub mod journey;
pub mod path;
pub mod prompts;
pub mod scores;
pub mod touchpoints;
pub mod view;

pub use api::Cache;

use crate::app::App;
use axum::Router;
use axum::routing::get;

/// Routes under `/api`.
pub fn router(app: &App) -> Router<App> {
    let api = Router::new()
        .route("/api/health", get(api::health))
        .route("/api/journeys", get(api::journeys))
        .route("/api/journeys/{id}", get(api::journey))
        .route("/api/map", get(api::map))
        .route("/api/prompts", get(api::prompts))
        .route("/api/changes", get(changes::stream));
    guard::own_host_only(api, app)
}
