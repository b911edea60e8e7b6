//! A conversation with the shop: the [machine](polku_core::chat) in a module of its own, which is loaded when one opens. `www/chat.js` is the other side of
//! this file.

use std::cell::RefCell;

use polku_core::chat::{Chat, Cue, Scene, Wish};
use polku_core::json::Writer;
use polku_core::{Clock, Millis, page_template, words};
use wasm_bindgen::prelude::*;

// `host` is an object of the glue, which `www/chat.js` fills before it calls `start`.
#[wasm_bindgen(js_namespace = host)]
extern "C" {
    /// Requests, whose number is `number`: 0: is anybody there? 1: post (lines: name; body). 2: stream (lines: name; after). 3: poll (lines: name; after; wait
    /// in s). 4: listen no longer. 5: draw an entry (number 1: an earlier page has drawn it). 6: draw a message of the shopper's (number: its own; lines:
    /// how far it is, in the order of `Sent`; the inside of a JSON text). 7: take off what was drawn. 8: how it stands, JSON. 9: keep this line.
    /// 10: `input(13, …)` is due in `number` ms.
    fn effect(kind: u8, number: u32, text: &str);
}

/// A conversation in its document.
struct Shell {
    chat: Chat,
    clock: Clock,
    timer: Option<Millis>,
    now: Millis,
}

thread_local! {
    static SHELL: RefCell<Option<Shell>> = const { RefCell::new(None) };
}

/// A card with a conversation has opened, in place of the one before. Lines: the shop's key, the page's language, its path.
#[wasm_bindgen]
pub fn start(text: &str) {
    let (key, rest) = words::cut(text, b'\n');
    let (lang, path) = words::cut(rest, b'\n');
    let scene = Scene { key: key.to_owned(), lang: lang.to_owned(), page: page_template(path) };
    SHELL.set(Some(Shell { chat: Chat::new(scene), clock: Clock::default(), timer: None, now: Millis::default() }));
}

/// One thing that happened when `performance.now()` was `at`, where `Date.now()` is `offset` ahead of that now. Kinds: 0 begin (lines: entropy; what was kept),
/// 1 a request was answered (number: its own; lines: status; seconds to wait; the body), 2 a piece of the stream, 3 it has ended (text: status), 4 say,
/// 5 a journey, 6 try again now, 7 end, 8 forget, 9 another conversation (text: entropy), 10 a network (number 1) or none, 11 out of sight (number 1)
/// or back, 12 the page is left, 13 time has come.
#[wasm_bindgen]
pub fn input(kind: u8, offset: f64, at: f64, number: u32, text: &str) {
    SHELL.with_borrow_mut(|shell| {
        let Some(Shell { chat, clock, timer, now: newest }) = shell else { return };
        let now = clock.at(offset, at);
        *newest = now.max(*newest);
        let is = number & 1 != 0;
        let (first, rest) = words::cut(text, b'\n');
        let whole = |text| words::number(text).unwrap_or_default() as u32;
        chat.handle(
            now,
            match kind {
                0 => Cue::Begin { entropy: first, kept: rest },
                1 => {
                    let (after, body) = words::cut(rest, b'\n');
                    Cue::Answered { token: number, status: whole(first) as u16, after: whole(after), body }
                }
                2 => Cue::Bytes { token: number, text },
                3 => Cue::Broke { token: number, status: whole(text) as u16 },
                4 => Cue::Say(text),
                5 => Cue::Journey(text),
                6 => Cue::Retry,
                7 => Cue::End,
                8 => Cue::Forget,
                9 => Cue::Anew { entropy: text },
                10 => Cue::Online(is),
                11 => Cue::Hidden(is),
                12 => Cue::Left,
                _ => {
                    *timer = None;
                    Cue::Tick
                }
            },
        );
    });
    // JS is never called while the conversation is borrowed.
    while let Some(wish) = SHELL.with_borrow_mut(|shell| shell.as_mut()?.chat.poll()) {
        let mut lines = Writer::default();
        let (kind, number) = match wish {
            Wish::State { token } => (0, token),
            Wish::Post { token, name, body } => {
                line(&mut lines, &name);
                lines.raw(&body);
                (1, token)
            }
            Wish::Stream { token, name, after } => {
                line(&mut lines, &name);
                lines.number(after.into());
                (2, token)
            }
            Wish::Poll { token, name, after, wait } => {
                line(&mut lines, &name);
                lines.number(after.into());
                line(&mut lines, "");
                lines.number(wait.into());
                (3, token)
            }
            Wish::Hang => (4, 0),
            Wish::Entry { json, known } => {
                lines.raw(&json);
                (5, known.into())
            }
            Wish::Mine { n, sent, text } => {
                lines.number(sent as u64);
                line(&mut lines, "");
                lines.raw(&text);
                (6, n)
            }
            Wish::Clear => (7, 0),
            Wish::Status(json) => {
                lines.raw(&json);
                (8, 0)
            }
            Wish::Keep(kept) => {
                lines.raw(&kept);
                (9, 0)
            }
        };
        effect(kind, number, lines.as_str());
    }
    let due = SHELL.with_borrow_mut(|shell| {
        let Shell { chat, timer, now, .. } = shell.as_mut()?;
        let due = chat.deadline();
        let moved = due != *timer;
        *timer = due;
        moved.then(|| due.map_or(u32::MAX, |at| at.since(*now).min(i32::MAX as u64) as u32))
    });
    if let Some(wait) = due {
        effect(10, wait, "");
    }
}

/// Text, and the end of its line.
#[cfg_attr(target_arch = "wasm32", inline(never))]
fn line(lines: &mut Writer, text: &str) {
    lines.raw(text);
    lines.raw("\n");
}

/// As in the main module.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
// SAFETY: a module without shared memory, which this target makes, has one thread.
#[allow(unsafe_code)]
static ALLOCATOR: lol_alloc::AssumeSingleThreaded<lol_alloc::FreeListAllocator> =
    unsafe { lol_alloc::AssumeSingleThreaded::new(lol_alloc::FreeListAllocator::new()) };
