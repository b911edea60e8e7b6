//! Who listens to what, and what they are woken by: never what is new, always only that something is.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// How long somebody is said to type after the last sign of it. The inbox gives one every three seconds.
pub(super) const TYPING: Duration = Duration::from_secs(6);

/// What a conversation's listeners see.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Pulse {
    /// Counts up with each change of the conversation.
    pub(super) change: u64,
    /// Until when somebody types.
    pub(super) typing: Option<Instant>,
}

impl Pulse {
    /// Until when somebody types, if that is not over.
    pub(super) fn typing(self, now: Instant) -> Option<Instant> {
        self.typing.filter(|until| *until > now)
    }
}

/// What is in the air. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub(super) struct Live {
    listeners: Arc<Mutex<HashMap<i64, watch::Sender<Pulse>>>>,
    /// Counts up with each change of any conversation, for the inbox.
    changes: watch::Sender<u64>,
}

impl Live {
    /// Something was said in this conversation, or it stands otherwise.
    pub(super) fn changed(&self, id: i64) {
        self.pulse(id, |pulse| {
            pulse.change += 1;
            pulse.typing = None;
        });
        self.touched();
    }

    /// … in any.
    pub(super) fn all_changed(&self) {
        for listener in self.map().values() {
            listener.send_modify(|pulse| pulse.change += 1);
        }
        self.touched();
    }

    /// Something that the inbox shows is new.
    pub(super) fn touched(&self) {
        self.changes.send_modify(|change| *change += 1);
    }

    /// Somebody types an answer, or has stopped.
    pub(super) fn typing(&self, id: i64, types: bool) {
        self.pulse(id, |pulse| pulse.typing = types.then(|| Instant::now() + TYPING));
    }

    fn pulse(&self, id: i64, change: impl FnOnce(&mut Pulse)) {
        if let Some(listener) = self.map().get(&id) {
            listener.send_modify(change);
        }
    }

    /// Listens to a conversation until it is dropped.
    pub(super) fn listen(&self, id: i64) -> Listener {
        let pulse = self.map().entry(id).or_default().subscribe();
        self.touched();
        Listener { id, pulse, live: self.clone() }
    }

    /// Whether a shopper's page listens to this conversation.
    pub(super) fn is_here(&self, id: i64) -> bool {
        self.map().contains_key(&id)
    }

    /// Counts up with each change that the inbox shows.
    pub(super) fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    fn map(&self) -> std::sync::MutexGuard<'_, HashMap<i64, watch::Sender<Pulse>>> {
        self.listeners.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One who listens to a conversation.
#[derive(Debug)]
pub(super) struct Listener {
    id: i64,
    pub(super) pulse: watch::Receiver<Pulse>,
    live: Live,
}

impl Listener {
    /// The conversation.
    pub(super) fn id(&self) -> i64 {
        self.id
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let mut map = self.live.map();
        // This one is still counted.
        if map.get(&self.id).is_some_and(|sender| sender.receiver_count() <= 1) {
            map.remove(&self.id);
            drop(map);
            self.live.touched();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conversation_is_here_while_somebody_listens() {
        let live = Live::default();
        let one = live.listen(7);
        let other = live.listen(7);
        live.changed(7);
        assert_eq!(one.pulse.borrow().change, 1);
        drop(one);
        assert!(live.is_here(7) && !live.is_here(8));
        drop(other);
        assert!(!live.is_here(7));
    }

    #[test]
    fn what_is_said_ends_the_typing() {
        let live = Live::default();
        let listener = live.listen(1);
        live.typing(1, true);
        let now = Instant::now();
        assert!(listener.pulse.borrow().typing(now).is_some());
        assert!(listener.pulse.borrow().typing(now + TYPING).is_none());
        live.changed(1);
        assert!(listener.pulse.borrow().typing(now).is_none());
    }
}
