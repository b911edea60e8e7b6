//! `GET /api/changes`: server-sent events that say "read again", never what there is to read.

use crate::access::Reader;
use crate::app::App;
use crate::respond::NO_STORE;
use crate::store::Scope;
use axum::Extension;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use std::convert::Infallible;
use std::time::Duration;
use tokio::time::MissedTickBehavior;

/// The least time between two messages: in a busy shop the map is read twice a second, not at every batch.
const PAUSE: Duration = Duration::from_millis(500);

/// Streams the number of the newest change: at once the present one, so that a page which was away knows whether it
/// missed something, then each that follows, the latest of several that come together.
pub(super) async fn stream(State(app): State<App>, Extension(reader): Extension<Reader>) -> Response {
    if reader.is_shared() || *reader.scope() != Scope::All {
        return ticks(app);
    }
    let mut changes = app.store.changes();
    changes.mark_changed();
    let stopping = app.stopping.clone();
    let messages = stream::unfold((changes, stopping, false), |(mut changes, mut stopping, spoke)| async move {
        let next = async {
            if spoke {
                tokio::time::sleep(PAUSE).await;
            }
            changes.changed().await.ok().map(|()| *changes.borrow_and_update())
        };
        let version = tokio::select! {
            version = next => version?,
            _ = stopping.wait_for(|stop| *stop) => return None,
        };
        let message = Event::default().event("change").data(format!(r#"{{"change":{version}}}"#));
        Some((Ok::<_, Infallible>(message), (changes, stopping, true)))
    });
    ([NO_STORE], Sse::new(messages).keep_alive(KeepAlive::new().interval(Duration::from_secs(20)))).into_response()
}

/// How often somebody reads again who may not know when other shops have visitors.
const TICK: Duration = Duration::from_secs(10);

/// For readers of some shops, and those outside: a message at its time, whatever happens.
fn ticks(app: App) -> Response {
    let mut clock = tokio::time::interval(TICK);
    clock.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let messages =
        stream::unfold((clock, app.stopping.clone(), 0_u64), |(mut clock, mut stopping, number)| async move {
            tokio::select! {
                _ = clock.tick() => (),
                _ = stopping.wait_for(|stop| *stop) => return None,
            }
            let message = Event::default().event("change").data(format!(r#"{{"change":{number}}}"#));
            Some((Ok::<_, Infallible>(message), (clock, stopping, number + 1)))
        });
    ([NO_STORE], Sse::new(messages)).into_response()
}
