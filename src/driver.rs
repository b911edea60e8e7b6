//! The loop, and the only place that knows the engine: borrow it, let it handle, collect its effects, end the borrow, run them.

use std::cell::RefCell;

use gloo_timers::callback::Timeout;
use polku_core::{Clock, Effect, Engine, Input, Millis};

use crate::host::Host;
use crate::listen::Listeners;
use crate::{clock, entropy, page, store};

/// An engine in its document.
pub(crate) struct Shell {
    engine: Engine,
    clock: Clock,
    host: Host,
    /// The one browser timer, and when it fires.
    timer: Option<(Millis, Timeout)>,
    /// Held for as long as the shell lives: dropping them takes the listeners off the page.
    _listeners: Listeners,
}

impl Shell {
    /// A shell around `engine`; `None` where the page is no window.
    pub(crate) fn new(engine: Engine, host: Host) -> Option<Self> {
        let _listeners = Listeners::new()?;
        Some(Self {
            engine,
            clock: clock::new(),
            host,
            timer: None,
            _listeners,
        })
    }
}

thread_local! {
    static SHELL: RefCell<Option<Shell>> = const { RefCell::new(None) };
}

/// What an effect brought back at once.
enum Answer {
    Entropy([u8; 32]),
    Restored(Option<String>, Option<String>),
}

/// Puts `shell` to work.
pub(crate) fn begin(shell: Shell) {
    SHELL.set(Some(shell));
    now(Input::Entropy(entropy::bytes()));
}

/// Takes the shell off the page.
pub(crate) fn end() {
    drop(SHELL.take());
}

/// One input that happens now.
pub(crate) fn now(input: Input<'_>) {
    let Some(now) = with(|shell| clock::now(&mut shell.clock)) else {
        return;
    };
    drive(now, input);
}

/// One input that happened when `performance.now()` was `at`.
pub(crate) fn at(at: f64, input: Input<'_>) {
    let Some(at) = with(|shell| shell.clock.at(at)) else {
        return;
    };
    drive(at, input);
}

/// What the page may know of its journey.
pub(crate) fn journey() -> Option<String> {
    with(|shell| shell.engine.journey()).flatten()
}

/// Tells the developer of an error that the shell found.
pub(crate) fn fail(code: u16, field: &str) {
    if let Some(host) = with(|shell| shell.host.clone()) {
        host.fail(code, field);
    }
}

/// A short borrow. JS is never called inside.
fn with<T>(read: impl FnOnce(&mut Shell) -> T) -> Option<T> {
    SHELL.with(|shell| shell.try_borrow_mut().ok()?.as_mut().map(read))
}

fn drive(now: Millis, input: Input<'_>) {
    let mut answers = Vec::new();
    run(step(now, input), &mut answers);
    while let Some(answer) = answers.pop() {
        let effects = match &answer {
            Answer::Entropy(bytes) => step(now, Input::Entropy(*bytes)),
            Answer::Restored(visit, tab) => step(
                now,
                Input::Restored {
                    visit: visit.as_deref(),
                    tab: tab.as_deref(),
                },
            ),
        };
        run(effects, &mut answers);
    }
    arm();
}

/// The contract of the engine: one input, then drained.
fn step(now: Millis, input: Input<'_>) -> Vec<Effect> {
    with(|shell| {
        shell.engine.handle(now, input);
        std::iter::from_fn(|| shell.engine.poll()).collect()
    })
    .unwrap_or_default()
}

fn run(effects: Vec<Effect>, answers: &mut Vec<Answer>) {
    for effect in effects {
        let Some(host) = with(|shell| shell.host.clone()) else {
            return;
        };
        match effect {
            Effect::Entropy => answers.push(Answer::Entropy(entropy::bytes())),
            Effect::Restore => {
                let (visit, tab) = store::read();
                answers.push(Answer::Restored(visit, tab));
            }
            Effect::Send { batch, body, leaving } => host.send(batch, &body, leaving),
            Effect::Persist { visit, tab } => store::write(&visit, &tab),
            Effect::Erase => {
                host.abort();
                store::erase();
                page::set_stage(None);
            }
            Effect::LoadPrompts => host.load(),
            Effect::OpenPrompt {
                id,
                sub,
                trigger,
                measure,
                user,
            } => host.open(&id, &sub, trigger, measure, user),
            Effect::ClosePrompt => host.close(),
            Effect::Quiet => host.quiet(),
            Effect::Notify { topic, detail } => {
                if topic == polku_core::Topic::Stage {
                    page::set_stage(Some(&detail));
                }
                host.notify(topic.as_str(), &detail);
            }
            Effect::Fail { code, field } => host.fail(code as u16, &field),
            _ => {}
        }
    }
}

/// Sets the browser's timer, if the deadline has moved.
fn arm() {
    let Some(now) = with(|shell| clock::now(&mut shell.clock)) else {
        return;
    };
    let Some((due, set)) = with(|shell| (shell.engine.deadline(), shell.timer.as_ref().map(|(at, _)| *at))) else {
        return;
    };
    if due == set {
        return;
    }
    let timer = due.map(|at| {
        let wait = at.since(now).min(u64::from(u32::MAX >> 1)) as u32;
        (at, Timeout::new(wait, tick))
    });
    // The old timer is dropped, and with that cancelled, outside of the borrow.
    let old = with(|shell| std::mem::replace(&mut shell.timer, timer));
    drop(old);
}

fn tick() {
    // The closure that runs now belongs to this timer; wasm-bindgen keeps it until it returns.
    let fired = with(|shell| shell.timer.take());
    drop(fired);
    now(Input::Tick);
}
