//! Conversations between shoppers and the people of a shop: the protocol of `docs/chat-protocol.md` under [`BASE`], and what answers there.
//!
//! They are kept apart from events: a database of their own, another key, other days. A conversation's name is the only key to it on the shopper's side:
//! it stands in no log and no answer, and the inbox does not know it.

mod address;
mod hours;
pub mod inbox;
mod key;
mod limit;
mod live;
mod poll;
mod protocol;
mod state;
pub mod store;
mod stream;

use crate::app::App;
use crate::cli::ServeOptions;
use crate::collector::cors;
use crate::failure::Failure;
use crate::respond;
use crate::store::StoreError;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Router, middleware};
use hours::Hours;
use limit::Limits;
use live::Live;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use store::Store;
use tokio::sync::{Mutex, watch};

/// Where the protocol is spoken: what a shop writes in `data-chat`.
pub const BASE: &str = "/v1/chat";

/// All that conversations need. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Chat {
    store: Store,
    hours: Arc<Option<Hours>>,
    key: Arc<str>,
    live: Live,
    limits: Arc<Limits>,
    /// Those who wait, the longest first.
    line: watch::Sender<Arc<Vec<i64>>>,
    /// Held from reading the line to telling it: an older one must not come after a newer one.
    lining: Arc<Mutex<()>>,
}

/// Whether the options of conversations are as they have to be: what `polku serve --check` asks.
///
/// # Errors
/// When one of them is wrong.
pub(crate) fn check(options: &ServeOptions) -> Result<(), Failure> {
    hours(options).map(drop)
}

fn hours(options: &ServeOptions) -> Result<Option<Hours>, Failure> {
    let hours = Hours::of(options).map_err(Failure::Chat)?;
    if let Some(key) = &options.inbox_key
        && !key::is_good(key)
    {
        return Err(Failure::Chat("--inbox-key: write 16 to 200 visible characters without spaces".into()));
    }
    Ok(hours)
}

impl Chat {
    /// Opens the database; gives the inbox's key where it was drawn just now.
    ///
    /// # Errors
    /// When the options are wrong, or the file cannot be used.
    pub fn open(options: &ServeOptions) -> Result<(Self, Option<String>), Failure> {
        let hours = hours(options)?;
        let file = options.chat_db.clone().unwrap_or_else(|| {
            let mut beside = options.db.clone().into_os_string();
            beside.push(".chat");
            PathBuf::from(beside)
        });
        let store = Store::open(&file, options.chat_days)?;
        let (key, drawn) = match &options.inbox_key {
            Some(key) => (key.clone(), false),
            None => store.key(key::draw)?,
        };
        let chat = Self {
            store,
            hours: Arc::new(hours),
            key: key.as_str().into(),
            live: Live::default(),
            limits: Arc::default(),
            line: watch::Sender::default(),
            lining: Arc::default(),
        };
        Ok((chat, drawn.then_some(key)))
    }

    /// Tells all who listen that something of this conversation is new.
    async fn tell(&self, id: i64) -> Result<(), StoreError> {
        let lining = self.lining.lock().await;
        let line = self.store.line().await?;
        self.line.send_if_modified(|known| {
            let other = **known != line;
            if other {
                *known = Arc::new(line);
            }
            other
        });
        drop(lining);
        self.live.changed(id);
        Ok(())
    }

    /// Deletes what is too old, once a day, for ever.
    pub async fn purge_daily(self) {
        const DAY: Duration = Duration::from_secs(24 * 60 * 60);
        // Who waited when the server was stopped waits still.
        let _ = self.tell(0).await;
        loop {
            tokio::time::sleep(DAY).await;
            if self.store.purge().await.is_ok_and(|gone| gone > 0) {
                self.live.all_changed();
                let _ = self.tell(0).await;
            }
        }
    }

    /// Closes the database.
    pub async fn close(self) {
        self.store.close().await;
    }
}

/// Routes of the protocol, for pages of the shops that the collector takes batches from.
pub fn router(app: &App) -> Router<App> {
    Router::new()
        .route("/", get(protocol::state))
        .route("/{conversation}", post(protocol::post).options(preflight))
        .route("/{conversation}/stream", get(stream::stream).options(preflight))
        .route("/{conversation}/poll", get(poll::poll).options(preflight))
        .method_not_allowed_fallback(respond::method_not_allowed)
        .layer(middleware::map_response(nameless))
        .layer(middleware::from_fn_with_state(app.clone(), cors::pages))
}

/// Pages of the protocol ask no such question; programs in other pages may.
async fn preflight() -> Response {
    let headers = [
        (header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST")),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("content-type, last-event-id")),
        (header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("7200")),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}

/// The name of a conversation is in the path: what links to elsewhere must not carry it along.
async fn nameless(mut response: Response) -> Response {
    response.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

/// A refusal that a page may try again after so many seconds.
fn later(status: StatusCode, seconds: u64, sentence: &str) -> Response {
    let mut response = respond::error(status, sentence);
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}

/// The database did not answer.
fn unavailable(why: StoreError) -> Response {
    let sentence = match why {
        StoreError::Busy => "the inbox is busy; send the same again later",
        StoreError::Database | StoreError::Closed => "this could not be stored; send the same again later",
    };
    later(StatusCode::SERVICE_UNAVAILABLE, 5, sentence)
}
