//! When a prompt opens, and what keeps it shut: the [asker](polku_core::asker) in a module of its own, which only pages with prompts load. `www/ask.js` is the
//! other side of this file.

use std::cell::RefCell;

use polku_core::asker::{Asker, By, Cue, End, Scene, Wish};
use polku_core::{Clock, Device, Millis, words};
use wasm_bindgen::prelude::*;

// `host` is an object of the glue, which `www/ask.js` fills before it calls `start`.
#[wasm_bindgen(js_namespace = host)]
extern "C" {
    /// 0: open a prompt (bit 0: as a pill; bit 1: the shopper asked; lines: id, trigger). 1: one stays shut (lines: id, trigger, reason). 2: what is the page
    /// busy with? `input(10, …)` follows at once. 3: look at this (number: the bits of `observe`; lines: selectors as JSON). 4: the launchers (lines: ids).
    /// 5: keep (lines: the visit's; beyond it). 6: keep "not now" until the browser is closed. 7: `input(13, …)` is due in
    /// `number` ms.
    fn effect(kind: u8, number: u32, text: &str);
}

/// An asker in its document.
struct Shell {
    asker: Asker,
    clock: Clock,
    timer: Option<Millis>,
    now: Millis,
}

thread_local! {
    static SHELL: RefCell<Option<Shell>> = const { RefCell::new(None) };
}

/// Begins. Bits: the main pointer is a finger, a program drives the browser, data is to be saved, "not now" was said. `width`: of the viewport, in CSS px.
/// Lines: the document's language, a random number, the minute of the week; the rest is the framework.
#[wasm_bindgen]
pub fn start(bits: u8, width: u32, text: &str) {
    let is = |bit: u8| bits & 1 << bit != 0;
    let (locale, rest) = words::cut(text, b'\n');
    let (seed, rest) = words::cut(rest, b'\n');
    let (minute, framework) = words::cut(rest, b'\n');
    let number = |text| words::number(text).unwrap_or_default() as u32;
    let asker = Asker::new(Scene {
        device: Device::of(width, is(0)),
        touch: is(0),
        locale: locale.to_owned(),
        automation: is(1),
        saves_data: is(2),
        quiet: is(3),
        seed: number(seed),
        minute: number(minute),
        framework: framework.to_owned(),
    });
    let shell = Shell { asker, clock: Clock::default(), timer: None, now: Millis::default() };
    // It begins once: what takes an asker apart would be code for nothing.
    std::mem::forget(SHELL.replace(Some(shell)));
}

/// One thing that happened when `performance.now()` was `at`, where `Date.now()` is `offset` ahead of that now. Kinds: 0 definitions (JSON), 1 what may be done
/// (number: its bits; lines: what was kept of the visit, and beyond it), 2 a page (number 1: the document stayed; text: its path), 3 something was captured,
/// 4 the tab is out of sight (number 1) or back, 5 a sign of life, 6 how far was scrolled, 7 the pointer left at the top, 8 scrolled up fast, 9 something is
/// in view (number 1) or not, 10 what the page is busy with (text: what is kept beyond the visit), 11 somebody asks (number: `By`; text: id), 12 what has
/// become of the open prompt (number: `End`), 13 time has come, 14 a prompt goes on from the page before (bits: by itself, answered; text: id).
#[wasm_bindgen]
pub fn input(kind: u8, offset: f64, at: f64, number: u32, text: &str) {
    SHELL.with_borrow_mut(|shell| {
        let Some(Shell { asker, clock, timer, now: newest }) = shell else { return };
        let now = clock.at(offset, at);
        *newest = now.max(*newest);
        let is = number & 1 != 0;
        asker.handle(
            now,
            match kind {
                0 => Cue::Prompts(text),
                1 => {
                    let (visit, past) = words::cut(text, b'\n');
                    Cue::May { flags: number as u8, visit, past }
                }
                2 => Cue::Page { path: text, route: is },
                3 => Cue::Happened(text),
                4 => Cue::Visibility { hidden: is },
                5 => Cue::Active,
                6 => Cue::Scrolled(number),
                7 => Cue::Exit(number),
                8 => Cue::Up(number),
                9 => Cue::Seen { selector: text, seen: is },
                10 => Cue::Found { busy: number as u8, past: text },
                11 => Cue::Asked { id: text, by: [By::Api, By::Launcher, By::Link][number.min(2) as usize] },
                12 => Cue::Ended(End::ALL[number.min(7) as usize]),
                13 => {
                    *timer = None;
                    Cue::Tick
                }
                _ => Cue::Resumed { id: text, auto: is, answered: number & 2 != 0 },
            },
        );
    });
    // JS is never called while the asker is borrowed.
    while let Some(wish) = SHELL.with_borrow_mut(|shell| shell.as_mut()?.asker.poll()) {
        let (kind, number, text) = match wish {
            Wish::Open { id, trigger, pill, user } => (0, u32::from(pill) | u32::from(user) << 1, lines(id, &trigger)),
            Wish::Suppressed { id, trigger, reason } => (1, 0, lines(lines(id, &trigger), reason.as_str())),
            Wish::Look => (2, 0, String::new()),
            Wish::Observe { what, selectors } => (3, what.into(), selectors),
            Wish::Launchers(ids) => (4, 0, ids),
            Wish::Keep { visit, past } => (5, 0, lines(visit, &past)),
            Wish::Quiet => (6, 0, String::new()),
        };
        effect(kind, number, &text);
    }
    let due = SHELL.with_borrow_mut(|shell| {
        let Shell { asker, timer, now, .. } = shell.as_mut()?;
        let due = asker.deadline();
        let moved = due != *timer;
        *timer = due;
        moved.then(|| due.map_or(u32::MAX, |at| at.since(*now).min(i32::MAX as u64) as u32))
    });
    if let Some(wait) = due {
        effect(7, wait, "");
    }
}

/// Both, a line each.
#[cfg_attr(target_arch = "wasm32", inline(never))]
fn lines(mut first: String, second: &str) -> String {
    first.push('\n');
    first.push_str(second);
    first
}

/// As in the main module.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
// SAFETY: a module without shared memory, which this target makes, has one thread.
#[allow(unsafe_code)]
static ALLOCATOR: lol_alloc::AssumeSingleThreaded<lol_alloc::FreeListAllocator> =
    unsafe { lol_alloc::AssumeSingleThreaded::new(lol_alloc::FreeListAllocator::new()) };
