//! How things stand, as a page is told it.

use super::Chat;
use super::store::{Standing, now};
use serde::Serialize;

/// Whether somebody answers, and how long that may take.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct State {
    open: bool,
    /// Unix seconds; absent while open, and where nobody knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    opens: Option<i64>,
    /// Seconds that the last shoppers waited; absent where nobody knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    wait_s: Option<i64>,
    /// The shopper's place in the line, from 1, while it waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<usize>,
    /// Who has taken the conversation up.
    #[serde(skip_serializing_if = "Option::is_none")]
    with: Option<String>,
}

impl Chat {
    /// … for anybody.
    pub(super) async fn state(&self) -> State {
        let now = now();
        let open = self.hours.as_ref().as_ref().is_none_or(|hours| hours.is_open(now));
        State {
            open,
            opens: if open { None } else { self.hours.as_ref().as_ref().and_then(|hours| hours.opens(now)) },
            wait_s: if open { self.store.wait().await.ok().flatten() } else { None },
            ..State::default()
        }
    }

    /// … for one conversation.
    pub(super) async fn state_of(&self, standing: &Standing) -> State {
        let mut state = self.state().await;
        if standing.waiting {
            state.place = self.line.borrow().iter().position(|id| *id == standing.id).map(|at| at + 1);
        } else {
            state.wait_s = None;
        }
        state.with = standing.person.clone().filter(|name| !name.is_empty());
        state
    }
}
