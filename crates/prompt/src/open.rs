//! The open prompts, by handle. A plain number crosses to JS instead of an object: nothing there to be collected too early.

use std::cell::RefCell;

use crate::session::Session;

thread_local! {
    static OPEN: RefCell<Vec<(u32, Session)>> = const { RefCell::new(Vec::new()) };
    static LAST: RefCell<u32> = const { RefCell::new(0) };
}

/// Keeps a session until [`forget`], and gives it a handle.
pub(crate) fn keep(session: Session) -> u32 {
    let handle = LAST.with_borrow_mut(|last| {
        *last = last.wrapping_add(1);
        *last
    });
    OPEN.with_borrow_mut(|open| open.push((handle, session)));
    handle
}

/// Does something with a session; nothing when it is gone.
pub(crate) fn with<T>(handle: u32, run: impl FnOnce(&mut Session) -> T) -> Option<T> {
    OPEN.with_borrow_mut(|open| open.iter_mut().find(|(kept, _)| *kept == handle).map(|(_, session)| run(session)))
}

/// Lets go of a session.
pub(crate) fn forget(handle: u32) {
    OPEN.with_borrow_mut(|open| open.retain(|(kept, _)| *kept != handle));
}
