//! An engine with its watcher in one document, for programs that have no page: replays, simulations and tests. On a page they are two
//! modules, and JS carries what one tells to the other; the order in which that is done is the same here.

use std::collections::VecDeque;

use crate::config::Config;
use crate::effect::{Effect, Topic};
use crate::engine::Engine;
use crate::input::{Arrival, Input};
use crate::time::Millis;
use crate::watcher::{Scope, Sight, Told, Watcher};

/// One document. Driven as an [`Engine`] is: see the [crate's contract](crate).
#[derive(Default)]
pub struct Watched {
    engine: Engine,
    watcher: Watcher,
    scope: Scope,
    /// The page that is looked at, also for a watcher that begins anew after a refusal.
    arrived: Option<(String, Arrival)>,
    now: Millis,
    /// The engine has said that the page may be watched.
    on: bool,
    /// What is to be done, the oldest first.
    effects: VecDeque<Effect>,
    emotions: bool,
    /// The watcher waits for word of the other tabs.
    asked: bool,
}

impl Watched {
    /// An engine and a watcher for one document of the shop that `config` describes.
    #[must_use]
    pub fn new(config: Config) -> Self {
        let Config { off, sensitive, money, .. } = config;
        let scope = Scope { off, sensitive, money, framework: config.framework.clone() };
        let watcher = Watcher::new(scope.clone());
        Self { engine: Engine::new(config), watcher, scope, ..Self::default() }
    }

    /// Takes one input that happened at `now`, as [`Engine::handle`] does; the watcher hears of it first, where it should.
    pub fn handle(&mut self, now: Millis, input: Input<'_>) {
        self.now = now;
        match input {
            // What is found on a page that slept waits until the engine has looked at what is stored.
            Input::Page { path, how: how @ Arrival::Restored, .. } => {
                self.engine.handle(now, input);
                self.drain();
                return self.see(now, Sight::Page { path, how });
            }
            Input::Page { path, how, .. } => self.see(now, Sight::Page { path, how }),
            Input::Visibility { hidden } => {
                if hidden {
                    self.engine.handle(now, Input::Settle);
                    self.drain();
                }
                self.see(now, Sight::Visibility { hidden });
                if hidden {
                    self.see(now, Sight::Leave);
                }
            }
            Input::Tick => self.see(now, Sight::Tick),
            Input::Restored { .. } if std::mem::take(&mut self.asked) => {
                self.engine.handle(now, input);
                self.drain();
                return self.handle(now, Input::Settle);
            }
            Input::Listen(topics) => self.emotions = topics & 1 << Topic::Emotion as u8 != 0,
            _ => {}
        }
        self.engine.handle(now, input);
        self.drain();
    }

    /// Takes what is seen on the page at `now`. Before the page may be watched nobody looks.
    pub fn see(&mut self, now: Millis, sight: Sight<'_>) {
        self.now = now;
        if let Sight::Page { path, how } = sight {
            self.arrived = Some((path.to_owned(), how));
        }
        let anyway = matches!(sight, Sight::Page { .. } | Sight::Visibility { .. } | Sight::Leave);
        if self.on || anyway {
            self.watcher.handle(now, sight);
            self.listen();
            self.drain();
        }
    }

    /// The next thing to do; `None` when there is no more.
    pub fn poll(&mut self) -> Option<Effect> {
        self.effects.pop_front()
    }

    /// When [`Input::Tick`] is due at the latest.
    #[must_use]
    pub fn deadline(&self) -> Option<Millis> {
        let watcher = self.watcher.deadline().filter(|_| self.on);
        [self.engine.deadline(), watcher].into_iter().flatten().min()
    }

    /// What the page may know of its journey: see [`Engine::journey`].
    #[must_use]
    pub fn journey(&self) -> Option<String> {
        self.engine.journey()
    }

    /// What the engine tells the watcher is passed on; the rest is for whoever drives both.
    fn drain(&mut self) {
        while let Some(effect) = self.engine.poll() {
            match &effect {
                Effect::Happened { text } => {
                    self.watcher.handle(self.now, Sight::Happened(text));
                    self.listen();
                    continue;
                }
                Effect::Watch { memory, earlier } => {
                    self.on = true;
                    self.watcher.handle(self.now, Sight::Memory { word: memory, earlier: *earlier });
                    self.listen();
                }
                Effect::Erase => {
                    self.on = false;
                    self.watcher = Watcher::new(self.scope.clone());
                    if let Some((path, how)) = &self.arrived {
                        self.watcher.handle(self.now, Sight::Page { path, how: *how });
                    }
                }
                _ => {}
            }
            self.effects.push_back(effect);
        }
    }

    /// What the watcher tells goes to the engine.
    fn listen(&mut self) {
        let now = self.now;
        while let Some(told) = self.watcher.poll() {
            match told {
                Told::Found { name, at, page, data } => {
                    self.engine.handle(now, Input::Found { name: name.as_str(), at, page: &page, data: &data });
                }
                Told::Memory(word) => self.engine.handle(now, Input::Memory(&word)),
                Told::Keep => {
                    self.asked = true;
                    self.engine.handle(now, Input::Keep);
                }
                Told::Emotion(detail) if self.emotions => {
                    self.effects.push_back(Effect::Notify { topic: Topic::Emotion, detail });
                }
                Told::Emotion(_) => {}
            }
        }
    }
}
