//! The router: which address belongs to which module.

use crate::access::{self, Access};
use crate::chat::{self, Chat};
use crate::collector;
use crate::collector::policy::Policy;
use crate::map;
use crate::operate::{self, metrics::Metrics};
use crate::package::Package;
use crate::pages;
use crate::respond;
use crate::shop;
use crate::statements;
use crate::store::Store;
use axum::Router;
use axum::response::Redirect;
use axum::routing::get;
use std::ops::Deref;
use std::sync::Arc;
use tokio::sync::watch;

/// What the routes share. Each layer of each request has one of its own, so that it must be cheap to clone.
#[derive(Clone, Debug)]
pub struct App(Arc<Shared>);

impl App {
    /// Puts together what is shared.
    #[must_use]
    pub fn new(shared: Shared) -> Self {
        Self(Arc::new(shared))
    }
}

impl Deref for App {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

/// All of it.
#[derive(Debug)]
pub struct Shared {
    /// The database.
    pub store: Store,
    /// What may be stored.
    pub policy: Policy,
    /// The built package on the disk.
    pub package: Arc<Package>,
    /// All journeys, as little of each as the views count.
    pub facts: map::facts::Shelf,
    /// Conversations; apart from all else that is stored.
    pub chat: Chat,
    /// Who may read.
    pub access: Arc<Access>,
    /// Numbers about the collector.
    pub metrics: Arc<Metrics>,
    /// What opens them beside the password.
    pub metrics_token: Option<Arc<str>>,
    /// Only the loopback can reach the server, and nothing else guards what it shows; so names other than its own are a trick (see [`map::guard`]).
    pub loopback_only: bool,
    /// Turns true when the server is asked to stop; ends streams that would keep it alive.
    pub stopping: watch::Receiver<bool>,
}

/// All routes.
pub fn router(app: App) -> Router {
    let routes = Router::new()
        .route("/", get(|| async { Redirect::temporary("/map/") }))
        .nest("/v1", collector::router(&app))
        .merge(operate::router())
        .merge(access::router(&app))
        .nest(chat::BASE, chat::router(&app))
        .merge(chat::inbox::router(&app))
        .merge(map::router(&app))
        .merge(statements::router(&app))
        .merge(crate::package::router())
        .merge(pages::router(&app));
    let routes = routes
        .method_not_allowed_fallback(respond::method_not_allowed)
        .fallback(respond::not_found)
        .with_state(app)
        // The shop knows nothing of the rest: it has no state and links to the package by its address.
        .nest_service(shop::BASE, shop::router());
    operate::watched(routes)
}
