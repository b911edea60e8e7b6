//! The loop, and the only place that knows the engine: borrow it, let it handle, collect its effects, end the borrow, run them.

use std::cell::RefCell;

use gloo_timers::callback::Timeout;
use polku_core::{Clock, Code, Config, Effect, Engine, Input, Millis};

use crate::host::Host;
use crate::listen::Listeners;
use crate::{clock, entropy, store};

/// An engine in its document.
struct Shell {
    engine: Engine,
    clock: Clock,
    host: Host,
    /// The one browser timer, and when it fires.
    timer: Option<(Millis, Timeout)>,
    /// Held for as long as the shell lives: dropping them takes the listeners off the page.
    _listeners: Listeners,
}

thread_local! {
    // Boxed: moved about, the engine would be copied field by field.
    static SHELL: RefCell<Option<Box<Shell>>> = const { RefCell::new(None) };
}

/// What an effect brought back at once.
enum Answer {
    Entropy([u8; 32]),
    Restored(Option<String>, Option<String>),
}

/// Puts an engine to work in this document.
pub(crate) fn begin(config: Config, host: Host) {
    let engine = Engine::new(config);
    SHELL.set(Some(Box::new(Shell {
        engine,
        clock: clock::new(),
        host,
        timer: None,
        _listeners: Listeners::new(),
    })));
    now(Input::Entropy(entropy::bytes()));
}

/// Takes the shell off the page.
pub(crate) fn end() {
    let shell = SHELL.take();
    // Dropped outside of the borrow: listeners and the timer call JS as they go.
    drop(shell);
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
pub(crate) fn fail(code: Code, field: &str) {
    host(|host| host.fail(code as u16, field));
}

/// Calls the host, outside of the borrow.
pub(crate) fn host(call: impl FnOnce(&Host)) {
    if let Some(host) = with(|shell| shell.host.clone()) {
        call(&host);
    }
}

/// A short borrow. The host is never called inside.
fn with<T>(read: impl FnOnce(&mut Shell) -> T) -> Option<T> {
    SHELL.with(|shell| shell.try_borrow_mut().ok()?.as_mut().map(|shell| read(shell)))
}

fn drive(now: Millis, input: Input<'_>) {
    let mut answers = Vec::new();
    step(now, input, &mut answers);
    while let Some(answer) = answers.pop() {
        let input = match &answer {
            Answer::Entropy(bytes) => Input::Entropy(*bytes),
            Answer::Restored(visit, tab) => Input::Restored {
                visit: visit.as_deref(),
                tab: tab.as_deref(),
            },
        };
        step(now, input, &mut answers);
    }
    arm();
}

/// The contract of the engine: one input, drained; then its effects, one after the other.
fn step(now: Millis, input: Input<'_>, answers: &mut Vec<Answer>) {
    let effects = with(|shell| {
        shell.engine.handle(now, input);
        let mut effects = Vec::new();
        while let Some(effect) = shell.engine.poll() {
            effects.push(effect);
        }
        (effects, shell.host.clone())
    });
    if let Some((effects, host)) = effects {
        for effect in effects {
            run(effect, &host, answers);
        }
    }
}

fn run(effect: Effect, host: &Host, answers: &mut Vec<Answer>) {
    match effect {
        Effect::Entropy => answers.push(Answer::Entropy(entropy::bytes())),
        Effect::Restore => {
            let (visit, tab) = store::read();
            answers.push(Answer::Restored(visit, tab));
        }
        Effect::Send { batch, body, leaving } => host.send(batch, &body, leaving),
        Effect::Persist { visit, tab } => store::write(&visit, &tab),
        Effect::Erase => {
            store::erase();
            host.forget();
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
        Effect::Notify { topic, detail } => host.notify(topic as u8, &detail),
        Effect::Fail { code, field } => host.fail(code as u16, &field),
        _ => {}
    }
}

/// Sets the browser's timer, if the deadline has moved.
fn arm() {
    let old = with(|shell| {
        let due = shell.engine.deadline();
        if due == shell.timer.as_ref().map(|(at, _)| *at) {
            return None;
        }
        let now = clock::now(&mut shell.clock);
        let timer = due.map(|at| (at, Timeout::new(at.since(now).min(i32::MAX as u64) as u32, tick)));
        std::mem::replace(&mut shell.timer, timer)
    });
    // The old timer is dropped, and with that cancelled.
    drop(old);
}

fn tick() {
    // The closure that runs now belongs to this timer; wasm-bindgen keeps it until it returns.
    let fired = with(|shell| shell.timer.take());
    drop(fired);
    now(Input::Tick);
}
