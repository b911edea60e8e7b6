//! What watches a page: the friction detectors of [`polku_core`] in a module of their own, which only measured pages load. The
//! journey is the main module's; `www/watch.js` carries what happens from there to here, and what is found back.

use std::cell::RefCell;

use polku_core::{
    Arrival, Clock, Config, Effect, Engine, Millis, Name, Observation, Pointer, What, target_name, words,
};
use wasm_bindgen::prelude::*;

// `host` is an object of the glue, which `www/watch.js` fills before it calls `start`.
#[wasm_bindgen(js_namespace = host)]
extern "C" {
    /// 0: something was found (lines: name, moment, page, data). 1: what is to be remembered. 2: `input(3, …)` is due in `number` ms.
    fn effect(kind: u8, number: u32, text: &str);
}

/// A watcher in its document.
struct Watcher {
    engine: Engine,
    clock: Clock,
    timer: Option<Millis>,
}

thread_local! {
    static WATCHER: RefCell<Option<Watcher>> = const { RefCell::new(None) };
}

/// Begins to watch. `names`: the detectors that are off, spaces between. `sensitive`: a page with special content.
#[wasm_bindgen]
pub fn start(sensitive: bool, names: &str) {
    let mut off = 0;
    words::split(names, b' ', &mut |name| off |= Name::parse(name).map_or(0, |name| 1 << name as u64));
    let engine = Engine::watcher(Config { off, sensitive, ..Config::default() });
    WATCHER.set(Some(Watcher { engine, clock: Clock::default(), timer: None }));
}

/// One thing that happened when `performance.now()` was `at`, where `Date.now()` is `offset` ahead of that now. Kinds: 0 a page is
/// looked at (number: `Arrival`; text: its path with its query), 1 a click (as in the main module), 2 the page is out of sight
/// (number 1) or back, 3 time has come, 4 the marks of the pages before, 5 a touchpoint was captured; from 19 an observation,
/// from 64 one of an element.
#[wasm_bindgen]
pub fn input(kind: u8, offset: f64, at: f64, number: u32, text: &str) {
    let effects = WATCHER.with_borrow_mut(|watcher| {
        let Some(Watcher { engine, clock, timer }) = watcher else { return Vec::new() };
        let now = clock.at(offset, at);
        match kind {
            0 => {
                let how = match number {
                    0 => Arrival::Load,
                    1 => Arrival::Reload,
                    2 | 4 => Arrival::Route,
                    _ => Arrival::Restored,
                };
                engine.watch_page(now, text, how);
            }
            1 => {
                let (target, role, rest) = element(text);
                let (interactive, label) = words::cut(rest, b'\n');
                let (x, y) = ((number as u16).into(), ((number >> 16) as u16).into());
                let interactive = !interactive.is_empty();
                engine.watch_pointer(now, Pointer { x, y, target: &target, role, label, interactive });
            }
            2 => engine.watch_visibility(now, number > 0),
            3 => {
                *timer = None;
                engine.watch_tick(now);
            }
            4 => engine.resume(now, text),
            5 => engine.hear(text),
            _ => {
                let elements = kind >= 64;
                let place = usize::from(kind - if elements { 64 } else { 19 });
                let Some(&what) = What::ALL.get(place) else { return Vec::new() };
                // A vital has its name before the element's lines.
                let (head, rest) = if what == What::Vital { words::cut(text, b'\n') } else { ("", text) };
                let mut target = head.to_owned();
                if elements {
                    if !head.is_empty() {
                        target.push('\n');
                    }
                    target.push_str(&element(rest).0);
                } else {
                    text.clone_into(&mut target);
                }
                engine.watch_observed(now, Observation { what, target: &target, number });
            }
        }
        let mut effects = Vec::new();
        while let Some(done) = engine.poll() {
            match done {
                Effect::Found { text } => effects.push((0, 0, text)),
                Effect::Marks { text } => effects.push((1, 0, text)),
                // The other engine knows the other tabs.
                Effect::Restore => effects.push((3, 0, String::new())),
                _ => {}
            }
        }
        let due = engine.deadline();
        if due != *timer {
            *timer = due;
            let wait = due.map_or(u32::MAX, |at| at.since(now).min(i32::MAX as u64) as u32);
            effects.push((2, wait, String::new()));
        }
        effects
    });
    // JS is never called while the engine is borrowed.
    for (kind, number, text) in effects {
        effect(kind, number, &text);
    }
}

/// An element's name, its role, and the lines after it. Lines: `data-polku-id`, tag, `id`, role.
fn element(text: &str) -> (String, &str, &str) {
    let (polku_id, rest) = words::cut(text, b'\n');
    let (tag, rest) = words::cut(rest, b'\n');
    let (id, rest) = words::cut(rest, b'\n');
    let (role, rest) = words::cut(rest, b'\n');
    (target_name(polku_id, tag, id, role), role, rest)
}

/// As in the main module.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
// SAFETY: a module without shared memory, which this target makes, has one thread.
#[allow(unsafe_code)]
static ALLOCATOR: lol_alloc::AssumeSingleThreaded<lol_alloc::FreeListAllocator> =
    unsafe { lol_alloc::AssumeSingleThreaded::new(lol_alloc::FreeListAllocator::new()) };
