//! Who has given the password: a signed cookie that scripts cannot read and other sites cannot send.

use super::sign::{Signer, random};
use super::{cookie, now};
use crate::store::Scope;
use axum::http::{HeaderMap, HeaderValue};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Its name.
pub(super) const COOKIE: &str = "polku_session";
/// Seconds until the password is asked for again: a working day.
pub(super) const LIFE: i64 = 12 * 60 * 60;
const PURPOSE: &str = "session";

/// What the cookie says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Session {
    id: u64,
    until: i64,
    scope: Scope,
}

/// All sessions. Their key is drawn anew at each start: a restart, and with it a changed password, ends them all.
#[derive(Debug)]
pub(super) struct Sessions {
    signer: Signer,
    /// Those that were logged out, until they would have ended by themselves.
    ended: Mutex<HashMap<u64, i64>>,
}

impl Sessions {
    /// None yet.
    ///
    /// # Errors
    /// When the system gives no random numbers.
    pub(super) fn new() -> std::io::Result<Self> {
        Ok(Self { signer: Signer::drawn()?, ended: Mutex::default() })
    }

    /// A new one, as the value of its cookie.
    ///
    /// # Errors
    /// When the system gives no random numbers.
    pub(super) fn begin(&self, scope: Scope) -> std::io::Result<String> {
        let [a, b, c, d, e, f, g, h, ..] = random()?;
        let session = Session { id: u64::from_le_bytes([a, b, c, d, e, f, g, h]), until: now() + LIFE, scope };
        Ok(self.signer.seal(PURPOSE, &serde_json::to_vec(&session)?))
    }

    /// Whose journeys the session of these headers opens.
    pub(super) fn of(&self, headers: &HeaderMap) -> Option<Scope> {
        let session = self.read(headers, now())?;
        (!self.ended().contains_key(&session.id)).then_some(session.scope)
    }

    /// Ends the session of these headers: the cookie opens nothing more, wherever it was copied to.
    pub(super) fn end(&self, headers: &HeaderMap) {
        let now = now();
        if let Some(session) = self.read(headers, now) {
            let mut ended = self.ended();
            ended.retain(|_, until| *until > now);
            ended.insert(session.id, session.until);
        }
    }

    fn read(&self, headers: &HeaderMap, now: i64) -> Option<Session> {
        let payload = self.signer.open(PURPOSE, cookie(headers, COOKIE)?)?;
        serde_json::from_slice(&payload).ok().filter(|session: &Session| session.until > now)
    }

    fn ended(&self) -> std::sync::MutexGuard<'_, HashMap<u64, i64>> {
        self.ended.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The header that sets the cookie; an empty value takes it away.
pub(super) fn set(value: &str, secure: bool) -> Option<HeaderValue> {
    let life = if value.is_empty() { 0 } else { LIFE };
    let secure = if secure { "; Secure" } else { "" };
    HeaderValue::from_str(&format!("{COOKIE}={value}; Path=/; Max-Age={life}; HttpOnly; SameSite=Strict{secure}")).ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use axum::http::header;

    fn with(value: &str) -> HeaderMap {
        HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_str(&format!("a=b; {COOKIE}={value}; c=d")).unwrap())])
    }

    #[test]
    fn a_session_lasts_until_its_time_or_its_end() {
        let sessions = Sessions::new().unwrap();
        let (one, two) =
            (sessions.begin(Scope::All).unwrap(), sessions.begin(Scope::keys(vec!["pk_a".into()])).unwrap());
        assert_eq!(sessions.of(&with(&one)), Some(Scope::All));
        assert_eq!(sessions.of(&with(&two)), Some(Scope::keys(vec!["pk_a".into()])));
        assert!(sessions.read(&with(&one), now() + LIFE - 5).is_some());
        assert_eq!(sessions.read(&with(&one), now() + LIFE + 5), None);
        sessions.end(&with(&one));
        assert_eq!((sessions.of(&with(&one)), sessions.of(&with(&two)).is_some()), (None, true));
    }

    #[test]
    fn a_session_of_another_start_is_none() {
        let cookie = Sessions::new().unwrap().begin(Scope::All).unwrap();
        let sessions = Sessions::new().unwrap();
        for value in [cookie.as_str(), "", ".", "x.y"] {
            assert_eq!(sessions.of(&with(value)), None);
        }
        assert_eq!(sessions.of(&HeaderMap::new()), None);
    }
}
