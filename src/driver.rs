//! The loop, and the only place that knows the engine: borrow it, let it handle, end the borrow; then its effects, one by one.

use std::cell::{Cell, RefCell};

use polku_core::{Clock, Config, Effect, Engine, Millis};

use crate::host;

/// An engine in its document.
pub(crate) struct Shell {
    pub(crate) engine: Engine,
    clock: Clock,
    /// The newest moment: what belongs to an earlier input is told at none of its own.
    now: Millis,
    /// When the one browser timer fires; 0 where it has.
    pub(crate) timer: Millis,
}

impl Shell {
    /// Before it knows its shop.
    const NEW: Self = Self { engine: Engine::NEW, clock: Clock::NEW, now: Millis(0), timer: Millis(0) };
}

thread_local! {
    /// A document has one shell at a time, for as long as it lives; `end` empties it of all that the page could notice.
    static SHELL: Cell<Option<&'static RefCell<Shell>>> = const { Cell::new(None) };
}

/// Puts an engine to work in this document.
pub(crate) fn begin(config: Config) {
    let shell = Box::leak(Box::new(const { RefCell::new(Shell::NEW) }));
    shell.get_mut().engine.configure(config);
    SHELL.set(Some(shell));
}

/// Takes the shell off the page.
pub(crate) fn end() {
    SHELL.set(None);
}

/// What happened when `performance.now()` was `at`, where the wall clock is `offset` ahead of that: `tell` tells it to the engine.
pub(crate) fn take(offset: f64, at: f64, tell: impl FnOnce(&mut Shell)) {
    let told = with(|shell| {
        let now = shell.clock.at(offset, at);
        shell.now = shell.now.max(now);
        shell.engine.begin_at(now);
        tell(shell);
        shell.engine.end();
    });
    if told.is_some() {
        // The contract of the engine: one input; then its effects, in order. One may bring the next input at once: then the
        // loop inside goes on with this very queue, and the order stays.
        while let Some(effect) = with(|shell| shell.engine.poll()).flatten() {
            run(effect);
        }
        arm();
    }
}

/// What the page may know of its journey.
pub(crate) fn journey() {
    if let Some(head) = with(|shell| shell.engine.journey()).flatten() {
        host::effect(10, 0, &head);
    }
}

/// A short borrow. Nothing of the page is called inside.
fn with<T>(read: impl FnOnce(&mut Shell) -> T) -> Option<T> {
    Some(read(&mut *SHELL.get()?.try_borrow_mut().ok()?))
}

/// Carries out one effect. The numbers are the places of `effects` in `www/core.js`.
fn run(effect: Effect) {
    // By reference, so that what an effect holds is let go in one place.
    let mut joined = String::new();
    let (kind, number, text): (u8, u32, &str) = match &effect {
        // Read what is stored of this visit: input 5 follows. Bits: beyond it as well; what lies on this tab's shelf, too: inputs 22.
        Effect::Restore { past, shelf } => (0, u32::from(*past) | u32::from(*shelf) << 1, ""),
        // POST a batch to a collector: input 7 follows, once for each. Number: the batch, from bit 27 the collector, and 2³¹ where the
        // page is leaving.
        Effect::Send { batch, lane, body, leaving } => {
            (1, *batch | u32::from(*lane) << 27 | u32::from(*leaving) << 31, body)
        }
        // Keep on the shelf, or take away where there is no text. Number: the slot. Input 23 follows where storage takes nothing.
        Effect::Shelve { slot, text } => (7, *slot, text),
        // Store. Lines: the visit's record; what is remembered beyond it, where that is to be replaced, or a dash, to delete it; the
        // rest is this tab's snapshot, where it is to be replaced.
        Effect::Persist { visit, past, tab } => {
            lines(&mut joined, &[visit, past, tab]);
            (2, 0, &joined)
        }
        // The shopper has withdrawn: delete what is stored, give up every request, take the stage off the page.
        Effect::Erase => (3, 0, ""),
        // What may be done with prompts: inputs 11 may follow. Number: the bits of the effect.
        Effect::May { flags } => (4, u32::from(*flags), ""),
        // Open the prompt that was asked for: inputs 12 follow. Number: answers are joined to the path. Lines: the submission; the steps that an answer may
        // be given, as JSON.
        Effect::OpenPrompt { sub, measure, path } => {
            lines(&mut joined, &[sub, path]);
            (5, u32::from(*measure), &joined)
        }
        Effect::ClosePrompt => (6, 0, ""),
        // Tell whoever listens to a topic. Line: JSON.
        Effect::Notify { topic, detail } => (8, *topic as u32, detail),
        // Tell the shop's developer. Number: the code. Line: what it is about.
        Effect::Fail { code, field } => (9, *code as u32, field),
        // Fetch what watches the page. Number: whether what the page holds already counts.
        // Text: what was remembered of the pages before.
        Effect::Watch { earlier, memory } => (13, u32::from(*earlier), memory),
        // Tell it what has happened.
        Effect::Happened { text } => (14, 0, text),
        // `Entropy` is left. Draw 32 random bytes: input 15 follows at once.
        _ => (11, 0, ""),
    };
    host::effect(kind, number, text);
    effect.end();
}

// A text of one sign and not a sign: the code that pushes a sign would come to the page for it.
#[allow(clippy::single_char_add_str)]
fn lines(text: &mut String, lines: &[&str]) {
    for line in lines {
        text.push_str(line);
        text.push_str("\n");
    }
}

/// Sets the browser's timer, if the deadline has moved. Number: ms from now, and weeks where there is none; input 16 follows.
fn arm() {
    let wait = with(|shell| {
        let due = shell.engine.due();
        let moved = due != shell.timer;
        shell.timer = due;
        // A browser's timer that is longer fires at once.
        moved.then(|| due.since(shell.now).min(i32::MAX as u64) as u32)
    });
    if let Some(wait) = wait.flatten() {
        host::effect(12, wait, "");
    }
}
