//! The open prompt. There is at most one on a page: whoever opens the next closes the one before.

use std::cell::RefCell;

use crate::session::Session;

thread_local! {
    static OPEN: RefCell<Option<Session>> = const { RefCell::new(None) };
}

/// Keeps a session until the next.
pub(crate) fn keep(session: Session) {
    OPEN.set(Some(session));
}

/// Does something with the session; nothing before the first.
pub(crate) fn with(run: impl FnOnce(&mut Session) -> String) -> String {
    OPEN.with_borrow_mut(|open| open.as_mut().map(run)).unwrap_or_default()
}
