//! What watches a page: the friction detectors of [`polku_core`] in a module of their own, which only measured pages load. The
//! journey is the main module's; `www/watch.js` carries what happens from there to here, and what is found back.

mod listen;

use std::cell::RefCell;

use gloo_events::EventListener;
use polku_core::{
    Arrival, Clock, Millis, Money, Name, Observation, Pointer, Scope, Sight, Told, Watcher, What, json, target_name,
    words,
};
use wasm_bindgen::prelude::*;
use web_sys::EventTarget;

// `host` is an object of the glue, which `www/watch.js` fills before it calls `start`.
#[wasm_bindgen(js_namespace = host)]
extern "C" {
    /// 0: something was found (lines: name, Unix ms, page, data). 1: what is to be remembered. 2: `input(3, …)` is due in `number` ms.
    /// 3: what have other tabs done? 4: an emotion has changed (JSON). 5: no detector has this name.
    fn effect(kind: u8, number: u32, text: &str);
}

/// A watcher in its document.
struct Shell {
    watcher: Watcher,
    clock: Clock,
    timer: Option<Millis>,
    now: Millis,
    _clicks: EventListener,
}

thread_local! {
    static SHELL: RefCell<Option<Shell>> = const { RefCell::new(None) };
}

/// Begins to watch. Bits: a page with special content, amounts leave as they are. Lines: the detectors that are off with spaces
/// between, the framework's text.
#[wasm_bindgen]
pub fn start(bits: u8, text: &str, document: &EventTarget) {
    let (names, framework) = words::cut(text, b'\n');
    let mut off = 0;
    words::split(names, b' ', &mut |name| match Name::parse(name).filter(|name| name.is_friction()) {
        Some(name) => off |= 1 << name as u64,
        None if name.is_empty() => {}
        None => effect(5, 0, name),
    });
    let money = if bits & 2 == 0 { Money::TwoDigits } else { Money::Exact };
    let scope = Scope { off, sensitive: bits & 1 > 0, money, framework: framework.to_owned() };
    let _clicks = listen::clicks(document);
    SHELL.set(Some(Shell {
        watcher: Watcher::new(scope),
        clock: Clock::default(),
        timer: None,
        now: Millis::default(),
        _clicks,
    }));
}

/// Takes the watcher off the page.
#[wasm_bindgen]
pub fn end() {
    SHELL.set(None);
}

/// One thing that happened when `performance.now()` was `at`, where `Date.now()` is `offset` ahead of that now. Kinds: 0 a page is
/// looked at (number: `Arrival`; text: its path with its query), 1 a click (number: where, 16 bits each; text: an element's lines, then
/// whether it is a control, and its label), 2 the page is out of sight (number 1) or back, 3 time has come, 4 what was remembered (number 1: what the page holds already counts),
/// 5 something was captured, 6 it is time for a summary; from 32 an observation, from 64 one of an element.
#[wasm_bindgen]
pub fn input(kind: u8, offset: f64, at: f64, number: u32, text: &str) {
    let effects = SHELL.with_borrow_mut(|shell| {
        let Some(Shell { watcher, clock, timer, now: newest, .. }) = shell else { return Vec::new() };
        let now = clock.at(offset, at);
        *newest = now.max(*newest);
        let mut target = String::new();
        let sight = match kind {
            0 => {
                let how = match number {
                    0 => Arrival::Load,
                    1 => Arrival::Reload,
                    2 | 4 => Arrival::Route,
                    _ => Arrival::Restored,
                };
                Sight::Page { path: text, how }
            }
            1 => {
                let (name, role, rest) = element(text);
                target = name;
                let (interactive, label) = words::cut(rest, b'\n');
                let (x, y) = ((number as u16).into(), ((number >> 16) as u16).into());
                Sight::Pointer(Pointer { x, y, target: &target, role, label, interactive: !interactive.is_empty() })
            }
            2 => Sight::Visibility { hidden: number > 0 },
            3 => {
                *timer = None;
                Sight::Tick
            }
            4 => Sight::Memory { word: text, earlier: number > 0 },
            5 => Sight::Happened(text),
            6 => Sight::Leave,
            7..32 => return Vec::new(),
            _ => {
                let elements = kind >= 64;
                let place = usize::from(kind - if elements { 64 } else { 32 });
                let Some(&what) = What::ALL.get(place) else { return Vec::new() };
                // A vital has its name before the element's lines.
                let (head, rest) = if what == What::Vital { words::cut(text, b'\n') } else { ("", text) };
                head.clone_into(&mut target);
                if elements {
                    if !head.is_empty() {
                        target.push('\n');
                    }
                    target.push_str(&element(rest).0);
                } else {
                    text.clone_into(&mut target);
                }
                Sight::Observed(Observation { what, target: &target, number })
            }
        };
        watcher.handle(now, sight);
        let mut effects = Vec::new();
        while let Some(told) = watcher.poll() {
            effects.push(match told {
                Told::Found { name, at, page, data } => {
                    let mut out = json::Writer::default();
                    out.raw(name.as_str());
                    out.raw("\n");
                    out.number(at.0);
                    for text in [&page, &data] {
                        out.raw("\n");
                        out.raw(text);
                    }
                    (0, out.into_string())
                }
                Told::Memory(word) => (1, word),
                Told::Keep => (3, String::new()),
                Told::Emotion(detail) => (4, detail),
            });
        }
        effects
    });
    // JS is never called while the watcher is borrowed.
    for (kind, text) in effects {
        effect(kind, 0, &text);
    }
    // What was found may have told more, and have moved the deadline.
    let due = SHELL.with_borrow_mut(|shell| {
        let Shell { watcher, timer, now, .. } = shell.as_mut()?;
        let due = watcher.deadline();
        let moved = due != *timer;
        *timer = due;
        moved.then(|| due.map_or(u32::MAX, |at| at.since(*now).min(i32::MAX as u64) as u32))
    });
    if let Some(wait) = due {
        effect(2, wait, "");
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
