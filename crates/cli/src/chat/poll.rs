//! `GET /v1/chat/{conversation}/poll`: the same as the stream, one answer at a time, for where streams do not come through.

use super::state::State as Told;
use super::store::Entry;
use super::stream::{CLOCK, attend};
use super::{protocol, unavailable};
use crate::app::App;
use crate::respond::{self, NO_SNIFF, NO_STORE};
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use std::time::{Duration, Instant};

/// The longest wait, in seconds: what stands between ends connections that are silent for a minute, or half of one.
const MOST: u64 = 30;

#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    after: Option<i64>,
    wait: Option<u64>,
}

#[derive(Debug, Serialize)]
struct Answer {
    entries: Vec<Entry>,
    state: Told,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    typing: bool,
}

/// Answers as soon as something was said after a place, or stands otherwise than when it was asked.
pub(super) async fn poll(
    State(app): State<App>,
    Path(name): Path<String>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Response {
    let Ok(Query(Asked { after, wait })) = asked else {
        return respond::error(StatusCode::BAD_REQUEST, "\"after\" and \"wait\" must be numbers");
    };
    let chat = &app.chat;
    let (mut listener, _room) = match attend(chat, name).await {
        Ok(attending) => attending,
        Err(refusal) => return refusal,
    };
    let mut line = chat.line.subscribe();
    let mut stopping = app.stopping.clone();
    let until = Instant::now() + Duration::from_secs(wait.unwrap_or_default().min(MOST));
    let mut first: Option<(Told, bool)> = None;
    loop {
        let pulse = *listener.pulse.borrow_and_update();
        line.borrow_and_update();
        let (standing, entries) = match chat.store.after(listener.id(), after.unwrap_or_default().max(0)).await {
            Ok(Some(found)) => found,
            Ok(None) => return protocol::erased(),
            Err(why) => return unavailable(why),
        };
        let state = chat.state_of(&standing).await;
        let now = Instant::now();
        let typing = pulse.typing(now).is_some();
        let (was, typed) = first.get_or_insert_with(|| (state.clone(), typing));
        let new = !entries.is_empty() || *was != state || (typing && !*typed);
        // When the typing is over it can begin anew.
        *typed &= typing;
        if new || now >= until || *stopping.borrow() {
            return ([NO_STORE, NO_SNIFF], Json(Answer { entries, state, typing })).into_response();
        }
        tokio::select! {
            _ = listener.pulse.changed() => {}
            _ = line.changed() => {}
            () = tokio::time::sleep(CLOCK.min(until - now)) => {}
            _ = stopping.wait_for(|stop| *stop) => {}
        }
    }
}
