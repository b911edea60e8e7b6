//! Who may read: somebody with the password, somebody whom a proxy has let in, or the holder of a shared link, who sees aggregates alone.
//!
//! The key in the shop's tag opens nothing here. Where there is neither password nor proxy, the server listens on the loopback alone, and
//! whoever uses this machine reads all.

mod attempts;
pub mod guard;
mod login;
pub mod password;
pub mod proxy;
mod session;
mod share;
pub mod sign;

use crate::app::App;
use crate::cli::ServeOptions;
use crate::failure::Failure;
use crate::store::Scope;
use attempts::Attempts;
use axum::Router;
use axum::http::{HeaderMap, header};
use axum::routing::{get, post};
use password::Passwords;
use proxy::{Identity, Trusted};
use session::Sessions;
use share::{Share, Shares};
use sign::Signer;
use std::net::IpAddr;
use std::time::{SystemTime, UNIX_EPOCH};
use tokio::sync::Semaphore;

/// What the settings lock the door with.
#[derive(Debug)]
pub struct Locks {
    passwords: Option<Passwords>,
    identity: Option<Identity>,
}

/// The door of this server.
#[derive(Debug)]
pub struct Access {
    locks: Locks,
    trusted: Trusted,
    sessions: Sessions,
    shares: Shares,
    attempts: Attempts,
    /// A hash takes 19 MiB and a core for a moment: one at a time, however many ask.
    hashing: Semaphore,
}

/// Who reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reader {
    /// Somebody of the shop.
    Own(Scope),
    /// The holder of a shared link.
    Shared(Share),
}

impl Reader {
    /// Whose journeys are read.
    pub fn scope(&self) -> &Scope {
        match self {
            Self::Own(scope) => scope,
            Self::Shared(share) => &share.scope,
        }
    }

    /// Whether nothing is shown that could be about a single shopper.
    pub fn is_shared(&self) -> bool {
        matches!(self, Self::Shared(_))
    }
}

impl Locks {
    /// Those that the settings ask for.
    ///
    /// # Errors
    /// When a password cannot be used.
    pub fn of(options: &ServeOptions) -> Result<Self, Failure> {
        let passwords = match &options.password_file {
            Some(file) => Some(Passwords::read(file)?),
            None => Passwords::of_environment()?,
        };
        let identity = options.identity_header.clone();
        Ok(Self { passwords, identity: identity.map(|header| Identity::new(header, options.reader.iter().cloned())) })
    }

    /// Whether there is any.
    pub fn any(&self) -> bool {
        self.passwords.is_some() || self.identity.is_some()
    }
}

impl Access {
    /// With these locks; `signer` is what shared links are signed with.
    ///
    /// # Errors
    /// When the system gives no random numbers.
    pub fn new(locks: Locks, options: &ServeOptions, signer: Signer) -> Result<Self, Failure> {
        Ok(Self {
            locks,
            trusted: Trusted::new(options.trusted_proxy.clone()),
            sessions: Sessions::new().map_err(Failure::System)?,
            shares: Shares::new(signer),
            attempts: Attempts::default(),
            hashing: Semaphore::new(1),
        })
    }

    /// Whether there is a lock at all.
    pub fn is_set(&self) -> bool {
        self.locks.any()
    }

    /// Who sends this, if it is somebody of the shop.
    fn own(&self, peer: IpAddr, headers: &HeaderMap) -> Option<Reader> {
        if !self.is_set() {
            return Some(Reader::Own(Scope::All));
        }
        let named =
            self.locks.identity.as_ref().filter(|_| self.trusted.holds(peer)).and_then(|identity| identity.of(headers));
        named.or_else(|| self.sessions.of(headers)).map(Reader::Own)
    }

    /// Whether somebody who may read all sends this.
    pub fn reads_all(&self, peer: IpAddr, headers: &HeaderMap) -> bool {
        self.is_set() && self.own(peer, headers) == Some(Reader::Own(Scope::All))
    }
}

/// Routes to get in and out, and to let others look.
pub fn router(app: &App) -> Router<App> {
    let share = Router::new().route("/api/share", post(share::make)).route("/api/reader", get(share::reader));
    Router::new()
        .route("/login", get(login::page).post(login::enter))
        .route("/login.css", get(login::style))
        .route("/logout", get(login::leaving).post(login::leave))
        .route("/share/{token}", get(share::open))
        .merge(guard::readers_only(share, app))
}

/// A cookie of these headers.
fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}

/// Unix seconds.
fn now() -> i64 {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    i64::try_from(seconds).unwrap_or(i64::MAX)
}
