//! The watcher: it is told what is seen on the page and what the engine captured, and tells what it makes of that: frictions, how the
//! browser performed, how it felt, and the summary of the journey.
//!
//! It is a state machine of its own beside the [`Engine`](crate::Engine), because only a measured page pays for it: there it is a
//! module that is loaded once consent is known. It keeps nothing itself: what it has to know on the next page is one word, which the
//! engine stores with the journey and hands back with [`Effect::Watch`](crate::Effect::Watch).
//!
//! The contract is the engine's: one [`Sight`] goes in, [`Watcher::poll`] is called until it is empty, [`Watcher::deadline`] says when
//! the next [`Sight::Tick`] is due.

mod compare;
mod emotion;
mod friction;
mod heard;
mod memory;
mod observe;
mod path;
mod service;
mod summary;
mod walk;

use crate::config::Money;
use crate::framework::Framework;
use crate::input::{Arrival, Observation, Pointer};
use crate::name::Name;
use crate::place::page_template;
use crate::time::Millis;
use crate::timer::{Timer, TimerTable};
use crate::view::View;

use friction::marks::Marks;
use friction::{RageClick, Watch};
use heard::Heard;
use walk::Walk;

/// What a watcher is told.
#[derive(Clone, Copy, PartialEq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub enum Sight<'a> {
    /// A page is looked at; before the engine hears of it, or after that where it comes back from the back/forward cache.
    Page {
        /// Its path (with the route behind a `#/`, where there is one), and the query.
        path: &'a str,
        /// How it came to be looked at.
        how: Arrival,
    },
    /// A click or tap.
    Pointer(Pointer<'a>),
    /// Something that was observed on the page.
    Observed(Observation<'a>),
    /// The page went out of sight (or is about to go for good), or came back; before the engine hears of it.
    Visibility {
        /// It cannot be seen now.
        hidden: bool,
    },
    /// It went out of sight, and the engine has taken what was found then: the time for a summary.
    Leave,
    /// The page may be watched from now on: [`Effect::Watch`](crate::Effect::Watch).
    Memory {
        /// What was remembered of the pages before.
        word: &'a str,
        /// What the page holds already counts; else its address is not looked at either.
        earlier: bool,
    },
    /// The engine has captured something: the text of [`Effect::Happened`](crate::Effect::Happened).
    Happened(&'a str),
    /// The deadline has come.
    Tick,
}

/// What a watcher tells.
#[derive(Clone, PartialEq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub enum Told {
    /// An event, for [`Input::Found`](crate::Input::Found).
    Found {
        /// Its name.
        name: Name,
        /// When it happened.
        at: Millis,
        /// The template of the page where it happened.
        page: String,
        /// A JSON object that is fit to leave.
        data: String,
    },
    /// What is to be remembered on the next page, for [`Input::Memory`](crate::Input::Memory).
    Memory(String),
    /// It has to be known what other tabs have done: [`Input::Keep`](crate::Input::Keep).
    Keep,
    /// The emotion of a stage has changed: the JSON object of [`Topic::Emotion`](crate::Topic::Emotion).
    Emotion(String),
}

/// What a watcher must know of the shop's options: see [`Config`](crate::Config).
#[derive(Clone, Default)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Scope {
    /// The bit of each detector that is switched off.
    pub off: u64,
    /// A page with special content.
    pub sensitive: bool,
    /// How amounts leave.
    pub money: Money,
    /// The shop's framework, as the engine has it.
    pub framework: String,
}

/// What watches one document. See the [module](self).
#[derive(Default)]
pub struct Watcher {
    scope: Scope,
    framework: Framework,
    now: Millis,
    /// How far the shell's clock lies behind the engine's, in ms.
    skew: u64,
    hidden: bool,
    /// The template of the page that is looked at.
    page: String,
    view: View,
    heard: Heard,
    timers: TimerTable,
    told: Vec<Told>,
    rage: RageClick,
    watch: Watch,
    path: path::Path,
    compare: compare::Compare,
    /// What the detectors of the path remember.
    marks: Marks,
    walk: Walk,
}

impl Watcher {
    /// A watcher for one document.
    #[must_use]
    pub fn new(scope: Scope) -> Self {
        Self { framework: Framework::new(&scope.framework), scope, ..Self::default() }
    }

    /// Takes what happened at `now`.
    pub fn handle(&mut self, now: Millis, sight: Sight<'_>) {
        self.now = self.now.max(now.plus(self.skew));
        match sight {
            Sight::Page { path, how } => self.look_at(path, how),
            Sight::Pointer(pointer) => self.pointer(pointer),
            Sight::Observed(observation) => self.observed(observation),
            Sight::Visibility { hidden } => self.visibility(hidden),
            Sight::Leave => self.summarise(),
            Sight::Memory { word, earlier } => {
                self.remember(word);
                if !earlier {
                    self.path.how = None;
                }
            }
            Sight::Happened(text) => self.hear(text),
            Sight::Tick => {}
        }
        if self.timers.expired(Timer::Rage, self.now) {
            self.end_rage();
        }
        if self.timers.expired(Timer::Found, self.now) {
            self.tell_found();
        }
        self.path_tick();
    }

    /// The next thing that it tells; `None` when there is no more.
    pub fn poll(&mut self) -> Option<Told> {
        (!self.told.is_empty()).then(|| self.told.remove(0))
    }

    /// When [`Sight::Tick`] is due at the latest, on the shell's clock.
    #[must_use]
    pub fn deadline(&self) -> Option<Millis> {
        let next = self.timers.next();
        (next != Millis::NEVER).then(|| Millis(next.0.saturating_sub(self.skew)))
    }

    #[cfg_attr(target_arch = "wasm32", inline(never))]
    fn look_at(&mut self, path: &str, how: Arrival) {
        let page = if self.scope.sensitive { "/:page".to_owned() } else { page_template(path) };
        if self.view.echoes(path, how, self.now) {
            self.page = page;
            return;
        }
        self.path_seen(path);
        // A page that slept goes on where it was.
        if how != Arrival::Restored {
            self.part();
        }
        self.page = page;
        self.path_arrived(how);
    }

    #[cfg_attr(target_arch = "wasm32", inline(never))]
    fn visibility(&mut self, hidden: bool) {
        let again = std::mem::replace(&mut self.hidden, hidden);
        self.watch.hide(self.now, hidden, self.end());
        self.compare_hide(hidden);
        if hidden {
            self.settle(again);
        }
    }

    /// Tells an event of the page that is looked at.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    fn tell(&mut self, name: Name, at: Millis, data: String) {
        self.told.push(Told::Found { name, at, page: self.page.clone(), data });
    }
}
