//! The loop, and the only place that knows the engine: borrow it, let it handle, end the borrow; then its effects, one by one.

use std::cell::{Cell, RefCell};

use gloo_timers::callback::Timeout;
use polku_core::{Clock, Config, Effect, Engine, Input, Millis, Rule};
use web_sys::EventTarget;

use crate::listen::Listeners;
use crate::{clock, entropy, host};

/// An engine in its document.
struct Shell {
    engine: Engine,
    clock: Clock,
    /// Prompts that are being told one by one.
    rules: Vec<Rule>,
    /// The one browser timer, and when it fires.
    timer: Option<(Millis, Timeout)>,
    /// Dropping them takes the listeners off the page.
    listeners: Option<Listeners>,
}

thread_local! {
    /// A document has one shell at a time, for as long as it lives; `end` empties it of all that the page could notice.
    static SHELL: Cell<Option<&'static RefCell<Shell>>> = const { Cell::new(None) };
}

/// Puts an engine to work in this document.
pub(crate) fn begin(config: Config, document: &EventTarget, window: &EventTarget) {
    let shell = Box::new(RefCell::new(Shell {
        engine: Engine::new(config),
        clock: clock::new(),
        rules: Vec::new(),
        timer: None,
        listeners: Some(Listeners::new(document, window)),
    }));
    SHELL.set(Some(Box::leak(shell)));
    now(Input::Entropy(entropy::bytes()));
}

/// Takes the shell off the page.
pub(crate) fn end() {
    // Dropped outside of the borrow: listeners and the timer call JS as they go.
    let gone = with(|shell| (shell.listeners.take(), shell.timer.take()));
    SHELL.set(None);
    drop(gone);
}

/// One input that happens now.
pub(crate) fn now(input: Input<'_>) {
    if let Some(now) = with(|shell| clock::now(&mut shell.clock)) {
        drive(now, input);
    }
}

/// One input that happened when `performance.now()` was `at`.
pub(crate) fn at(at: f64, input: Input<'_>) {
    if let Some(at) = with(|shell| shell.clock.at(at)) {
        drive(at, input);
    }
}

/// What the page may know of its journey.
pub(crate) fn journey() -> Option<String> {
    with(|shell| shell.engine.journey()).flatten()
}

/// One of the prompts.
pub(crate) fn rule(rule: Rule) {
    with(|shell| shell.rules.push(rule));
}

/// All prompts are there.
pub(crate) fn rules() {
    if let Some(rules) = with(|shell| std::mem::take(&mut shell.rules)) {
        now(Input::Prompts(rules));
    }
}

/// A short borrow. Nothing of the page is called inside.
fn with<T>(read: impl FnOnce(&mut Shell) -> T) -> Option<T> {
    Some(read(&mut *SHELL.get()?.try_borrow_mut().ok()?))
}

/// The contract of the engine: one input; then its effects, in order. One may bring the next input at once: then the loop
/// inside goes on with this very queue, and the order stays.
fn drive(now: Millis, input: Input<'_>) {
    with(|shell| shell.engine.handle(now, input));
    while let Some(effect) = with(|shell| shell.engine.poll()).flatten() {
        run(effect, now);
    }
    arm();
}

fn run(effect: Effect, now: Millis) {
    match effect {
        Effect::Entropy => drive(now, Input::Entropy(entropy::bytes())),
        Effect::Restore => host::restore(),
        Effect::Send { batch, body, leaving } => host::send(batch, &body, leaving),
        Effect::Persist { visit, tab } => host::persist(&visit, &tab),
        Effect::Erase => host::erase(),
        Effect::LoadPrompts => host::load(),
        Effect::OpenPrompt { id, sub, trigger, measure, user } => host::open(&id, &sub, trigger, measure, user),
        Effect::ClosePrompt => host::close(),
        Effect::Quiet => host::quiet(),
        Effect::Notify { topic, detail } => host::notify(topic as u8, &detail),
        Effect::Fail { code, field } => host::fail(code as u16, &field),
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
