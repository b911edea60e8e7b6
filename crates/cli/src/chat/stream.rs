//! `GET /v1/chat/{conversation}/stream`: server-sent events, each entry with its number, and how the conversation stands.

use super::live::Listener;
use super::protocol::{erased, unknown};
use super::state::State as Told;
use super::store::{Entry, Found, Standing};
use super::{Chat, later, unavailable};
use crate::app::App;
use crate::respond::{NO_SNIFF, NO_STORE};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use polku_core::desk::is_conversation;
use serde::Deserialize;
use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{OwnedSemaphorePermit, watch};

/// A comment now and then: a connection that is dead is found out, and what stands between keeps it open.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// How soon a page comes again when the stream breaks, in ms.
const RETRY: Duration = Duration::from_millis(2000);
/// How often it is looked whether the shop has opened or closed.
pub(super) const CLOCK: Duration = Duration::from_secs(20);

#[derive(Debug, Deserialize)]
pub(super) struct After {
    after: Option<i64>,
}

/// Streams what is said after a place.
pub(super) async fn stream(
    State(app): State<App>,
    Path(name): Path<String>,
    after: Result<Query<After>, QueryRejection>,
    headers: HeaderMap,
) -> Response {
    let Ok(Query(After { after })) = after else {
        return crate::respond::error(StatusCode::BAD_REQUEST, "\"after\" must be a number");
    };
    let (listener, room) = match attend(&app.chat, name).await {
        Ok(attending) => attending,
        Err(refusal) => return refusal,
    };
    let again = headers.get("last-event-id").and_then(|value| value.to_str().ok()?.trim().parse::<i64>().ok());
    let seq = after.unwrap_or_default().max(again.unwrap_or_default()).max(0);
    let place = Place {
        chat: app.chat.clone(),
        line: app.chat.line.subscribe(),
        stopping: app.stopping.clone(),
        listener,
        _room: room,
        seq,
        told: None,
        typing: None,
        change: 0,
        read: true,
        standing: None,
        out: VecDeque::from([Event::default().retry(RETRY).comment("polku chat 1")]),
    };
    let events = stream::unfold(place, |mut place| async move {
        let event = place.next().await?;
        Some((Ok::<_, Infallible>(event), place))
    });
    // What stands between must not wait for more before it hands this on.
    let now = (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    ([NO_STORE, NO_SNIFF, now], Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT))).into_response()
}

/// Finds the conversation and takes a place to listen to it.
pub(super) async fn attend(chat: &Chat, name: String) -> Result<(Listener, OwnedSemaphorePermit), Response> {
    if !is_conversation(&name) {
        return Err(unknown());
    }
    let Some(room) = chat.limits.listen() else {
        return Err(later(StatusCode::SERVICE_UNAVAILABLE, 10, "too many listen; come again later"));
    };
    match chat.store.find(name).await {
        Ok(Found::Here(standing)) => Ok((chat.live.listen(standing.id), room)),
        Ok(Found::Erased) => Err(erased()),
        Ok(Found::Unknown) => Err(unknown()),
        Err(why) => Err(unavailable(why)),
    }
}

/// One who listens, and what it has been told.
struct Place {
    chat: Chat,
    listener: Listener,
    line: watch::Receiver<Arc<Vec<i64>>>,
    stopping: watch::Receiver<bool>,
    _room: OwnedSemaphorePermit,
    /// The last entry that was sent.
    seq: i64,
    told: Option<Told>,
    typing: Option<Instant>,
    /// The change that was last read for. Kept from wake to wake: whoever is woken by the line may find a change of the
    /// conversation too, and it is seen only once.
    change: u64,
    /// The database has to be asked.
    read: bool,
    standing: Option<Standing>,
    out: VecDeque<Event>,
}

impl Place {
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.out.pop_front() {
                return Some(event);
            }
            if *self.stopping.borrow() {
                return None;
            }
            let pulse = *self.listener.pulse.borrow_and_update();
            self.line.borrow_and_update();
            self.read |= pulse.change != self.change;
            self.change = pulse.change;
            if self.read {
                let (standing, entries) = self.chat.store.after(self.listener.id(), self.seq).await.ok()??;
                self.read = entries.last().is_some_and(|entry| entry.seq < standing.last);
                self.standing = Some(standing);
                for entry in &entries {
                    self.seq = entry.seq;
                    self.out.extend(of_entry(entry));
                }
            }
            if let Some(standing) = &self.standing {
                let state = self.chat.state_of(standing).await;
                if self.told.as_ref() != Some(&state) {
                    self.out.extend(Event::default().event("state").json_data(&state).ok());
                    self.told = Some(state);
                }
            }
            let types = pulse.typing(Instant::now());
            if types.is_some() && types != self.typing {
                self.out.push_back(Event::default().event("typing").data(r#"{"by":"person"}"#));
            }
            self.typing = types;
            if !self.out.is_empty() || self.read {
                continue;
            }
            tokio::select! {
                changed = self.listener.pulse.changed() => changed.ok()?,
                changed = self.line.changed() => changed.ok()?,
                () = tokio::time::sleep(CLOCK) => {}
                _ = self.stopping.wait_for(|stop| *stop) => return None,
            }
        }
    }
}

fn of_entry(entry: &Entry) -> Option<Event> {
    Event::default().event("entry").id(entry.seq.to_string()).json_data(entry).ok()
}
