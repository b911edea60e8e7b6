//! What whoever runs the server looks at: signs of life, numbers, and a few lines of log.

pub mod health;
pub mod log;
pub mod metrics;
mod slow;

use crate::app::App;
use axum::routing::get;
use axum::{Router, middleware};

/// Routes for machines that look after machines.
pub fn router() -> Router<App> {
    Router::new()
        .route("/healthz", get(health::live))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(metrics::show))
}

/// Tells what takes long, of all these routes.
pub fn watched(routes: Router) -> Router {
    routes.layer(middleware::from_fn(slow::tell))
}
