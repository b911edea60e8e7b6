//! Every decision of Polku, and nothing else: this crate never reads a clock, never rolls dice, never touches storage, the
//! network or a page. All of that enters and leaves as values.
//!
//! # The contract
//!
//! The [`Engine`] is one state machine. Whoever drives it does this, and only this:
//!
//! 1. one [`Input`] goes in: [`Engine::handle`] with the time at which it happened,
//! 2. [`Engine::poll`] is called until it is empty, each [`Effect`] kept,
//! 3. [`Engine::deadline`] says when the next [`Input::Tick`] is due, at the latest,
//! 4. the effects are carried out; what they bring back is the next input.
//!
//! The same inputs give the same bytes, so a bug report is a list of inputs, and a year of shoppers runs in seconds.
//!
//! ```
//! use polku_core::{Arrival, Config, Effect, Engine, Input, Millis, Source};
//!
//! let mut engine = Engine::new(Config { key: "pk_demo".into(), ..Config::default() });
//! let now = Millis(1_795_284_000_000);
//! engine.handle(now, Input::Entropy([7; 32]));
//! engine.handle(now, Input::Page { path: "/p/espresso-77", referrer: "", own_host: true, how: Arrival::Load });
//! engine.handle(now, Input::consent(true));
//! while let Some(effect) = engine.poll() {
//!     if let Effect::Restore { .. } = effect {
//!         break; // the shell reads what this visit has stored, and answers:
//!     }
//! }
//! engine.handle(now, Input::Restored { visit: None, tab: None, past: None });
//! engine.handle(now.plus(500), Input::Track { name: "add_to_cart", data: Some(r#"{"value":47.90,"currency":"EUR"}"#), source: Source::Api });
//! assert!(engine.deadline().is_some(), "a batch will be due");
//! ```
#![forbid(unsafe_code)]
#![cfg_attr(test, allow(clippy::unwrap_used))]

#[cfg(feature = "ask")]
pub mod asker;
mod batch;
#[cfg(feature = "chat")]
pub mod chat;
mod config;
mod consent;
mod data;
#[cfg(feature = "desk")]
pub mod desk;
mod door;
mod effect;
mod engine;
mod error;
#[cfg(feature = "format")]
pub mod format;
mod framework;
#[cfg(any(test, feature = "fuzz"))]
pub mod fuzz;
mod input;
mod journey;
pub mod json;
mod lane;
mod money;
mod name;
mod parcel;
mod past;
mod place;
mod privacy;
#[cfg(feature = "prompt")]
pub mod prompt;
mod rate;
mod record;
mod rng;
#[cfg(feature = "scrub")]
pub mod scrub;
mod stage;
#[cfg(feature = "themes")]
pub mod themes;
mod time;
mod timer;
mod view;
#[cfg(not(target_arch = "wasm32"))]
mod watched;
mod watcher;
pub mod words;

pub use config::{Config, Device, Mode, Money};
pub use effect::{Effect, Topic};
pub use engine::Engine;
pub use error::Code;
pub use framework::Framework;
pub use input::{Arrival, Input, Observation, Outcome, Pointer, PromptEvent, Source, What};
pub use lane::Rules;
pub use name::{Lens, Name};
pub use place::{page_template, target_name};
pub use stage::Stage;
pub use time::{Clock, Millis};
#[cfg(not(target_arch = "wasm32"))]
pub use watched::Watched;
pub use watcher::{Scope, Sight, Told, Watcher};
