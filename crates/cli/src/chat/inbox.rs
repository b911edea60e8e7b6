//! What the inbox reads and writes, under `/api/inbox`: with its key alone, and from the server's own pages alone.

use super::store::{Entry, Said, Summary, now};
use super::{key, unavailable};
use crate::app::App;
use crate::map::guard;
use crate::respond::{self, NO_SNIFF, NO_STORE};
use crate::store::StoreError;
use axum::extract::rejection::JsonRejection;
use axum::extract::{DefaultBodyLimit, Path, Query, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use futures_util::stream;
use polku_core::desk::{MAX_BODY, MAX_TEXT, clean, one_line};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::convert::Infallible;
use std::time::Duration;

/// The least time between two messages of the stream: what comes together is read together.
const PAUSE: Duration = Duration::from_millis(150);
/// A name that a shopper is shown, in characters.
const NAME: usize = 40;
/// What tells an answer from another, in bytes.
const TOKEN: usize = 64;

/// Routes of the inbox.
pub fn router(app: &App) -> Router<App> {
    let api = Router::new()
        .route("/api/inbox", get(list))
        .route("/api/inbox/changes", get(changes))
        .route("/api/inbox/{id}", get(thread))
        .route("/api/inbox/{id}/say", post(say))
        .route("/api/inbox/{id}/seen", post(seen))
        .route("/api/inbox/{id}/typing", post(typing))
        .route("/api/inbox/{id}/end", post(end))
        .route("/api/inbox/{id}/erase", post(erase))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(middleware::from_fn_with_state(app.clone(), with_key));
    guard::own_host_only(api, app)
}

async fn with_key(State(app): State<App>, request: Request, next: Next) -> Response {
    if key::opens(&app.chat.key, request.headers()) {
        return next.run(request).await;
    }
    let mut refusal = respond::error(StatusCode::UNAUTHORIZED, "the inbox needs its key: authorization: Bearer KEY");
    refusal.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    refusal
}

/// All conversations, those that wait first.
async fn list(State(app): State<App>) -> Response {
    #[derive(Serialize)]
    struct Listed {
        now: i64,
        #[serde(flatten)]
        state: super::state::State,
        conversations: Vec<Summary>,
    }
    let state = app.chat.state().await;
    match app.chat.store.list().await {
        Ok(mut conversations) => {
            for summary in &mut conversations {
                summary.here = app.chat.live.is_here(summary.id);
            }
            answer(&Listed { now: now(), state, conversations })
        }
        Err(why) => unavailable(why),
    }
}

#[derive(Debug, Deserialize)]
struct After {
    after: Option<i64>,
}

/// One conversation, and what was said in it after a place.
async fn thread(State(app): State<App>, Path(id): Path<i64>, Query(After { after }): Query<After>) -> Response {
    match app.chat.store.thread(id, after.unwrap_or_default()).await {
        Ok(Some(mut thread)) => {
            thread.summary.here = app.chat.live.is_here(id);
            answer(&thread)
        }
        Ok(None) => none(),
        Err(why) => unavailable(why),
    }
}

/// Streams the number of the newest change: at once the present one, then each that follows, the latest of several that come together.
async fn changes(State(app): State<App>) -> Response {
    let mut changes = app.chat.live.changes();
    changes.mark_changed();
    let messages =
        stream::unfold((changes, app.stopping.clone(), false), |(mut changes, mut stopping, spoke)| async move {
            let next = async {
                if spoke {
                    tokio::time::sleep(PAUSE).await;
                }
                changes.changed().await.ok().map(|()| *changes.borrow_and_update())
            };
            let change = tokio::select! {
                change = next => change?,
                _ = stopping.wait_for(|stop| *stop) => return None,
            };
            let message = Event::default().event("change").data(format!(r#"{{"change":{change}}}"#));
            Some((Ok::<_, Infallible>(message), (changes, stopping, true)))
        });
    ([NO_STORE, NO_SNIFF], Sse::new(messages).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))))
        .into_response()
}

#[derive(Debug, Deserialize)]
struct Saying {
    text: String,
    name: Option<String>,
    token: String,
}

/// Stores an answer, once for each token, and sends it on.
async fn say(State(app): State<App>, Path(id): Path<i64>, saying: Result<Json<Saying>, JsonRejection>) -> Response {
    let Ok(Json(Saying { text, name, token })) = saying else {
        return wrong("the body must be {\"text\", \"token\", \"name\"?} as application/json");
    };
    let long = text.chars().count() > MAX_TEXT;
    let text = clean(&text);
    if long || text.is_empty() {
        return wrong("\"text\" must be a text of 1 to 4000 characters");
    }
    if token.is_empty() || token.len() > TOKEN {
        return wrong("\"token\" must be a text of 1 to 64 bytes, drawn anew for each answer");
    }
    let name = name.map(|name| one_line(&name, NAME)).filter(|name| !name.is_empty());
    let said = app.chat.store.say(id, Said { token, name, text }).await;
    done(&app, id, said, |entry: &Entry| json!({ "entry": entry })).await
}

#[derive(Debug, Deserialize)]
struct Seen {
    seq: i64,
}

/// What was said so far is seen.
async fn seen(State(app): State<App>, Path(id): Path<i64>, seen: Result<Json<Seen>, JsonRejection>) -> Response {
    let Ok(Json(Seen { seq })) = seen else { return wrong("the body must be {\"seq\": number} as application/json") };
    match app.chat.store.seen(id, seq).await {
        Ok(new) => {
            if new {
                app.chat.live.touched();
            }
            answer(&json!({}))
        }
        Err(why) => unavailable(why),
    }
}

#[derive(Debug, Deserialize)]
struct Typing {
    typing: bool,
}

/// Somebody types an answer; it is said for a few seconds, and stored nowhere.
async fn typing(State(app): State<App>, Path(id): Path<i64>, typing: Result<Json<Typing>, JsonRejection>) -> Response {
    let Ok(Json(Typing { typing })) = typing else {
        return wrong("the body must be {\"typing\": true or false} as application/json");
    };
    app.chat.live.typing(id, typing);
    answer(&json!({}))
}

async fn end(State(app): State<App>, Path(id): Path<i64>) -> Response {
    let ended = app.chat.store.end(id).await;
    done(&app, id, ended, |standing| json!({ "last": standing.last })).await
}

async fn erase(State(app): State<App>, Path(id): Path<i64>) -> Response {
    let erased = app.chat.store.erase(id).await.map(|gone| gone.then_some(()));
    done(&app, id, erased, |()| json!({ "erased": true })).await
}

/// Tells everybody what was done, and the inbox that it was.
async fn done<T>(
    app: &App,
    id: i64,
    what: Result<Option<T>, StoreError>,
    tell: impl FnOnce(&T) -> serde_json::Value,
) -> Response {
    match what {
        Ok(Some(what)) => match app.chat.tell(id).await {
            Ok(()) => answer(&tell(&what)),
            Err(why) => unavailable(why),
        },
        Ok(None) => none(),
        Err(why) => unavailable(why),
    }
}

fn answer(value: &impl Serialize) -> Response {
    ([NO_STORE, NO_SNIFF], Json(value)).into_response()
}

fn none() -> Response {
    respond::error(StatusCode::NOT_FOUND, "there is no such conversation, or it is erased")
}

fn wrong(sentence: &str) -> Response {
    respond::error(StatusCode::BAD_REQUEST, sentence)
}
