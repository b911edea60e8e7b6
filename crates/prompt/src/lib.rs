//! The prompt: what is asked, in which order, what it looks like and what leaves. It has no storage, no network, no clock.
//!
//! A call comes in, JSON goes out: a [`view`] to draw, or the [`event`]s of the seam "Main module ↔ prompt". The hands are
//! `view/*.js`, bundled with `www/prompt.js`: they make elements, listen and move the focus, and decide nothing. Drawing by
//! web-sys from here was measured at 15 kB (brotli) more than from there, three times what the whole view is now.
//!
//! Nothing here calls JS, so no state is ever borrowed while the page's code runs.

mod event;
mod open;
mod session;
mod view;

use polku_core::prompt::{Definition, Tree};
use polku_core::words::parts;
use wasm_bindgen::prelude::wasm_bindgen;

use session::Session;

#[cfg(all(target_arch = "wasm32", feature = "alone"))]
#[global_allocator]
// SAFETY: a module without shared memory, which this target makes, has one thread.
#[allow(unsafe_code)]
static ALLOCATOR: lol_alloc::AssumeSingleThreaded<lol_alloc::FreeListAllocator> =
    unsafe { lol_alloc::AssumeSingleThreaded::new(lol_alloc::FreeListAllocator::new()) };

/// What stands between a deed and what it takes.
const APART: u8 = 0x1E;

/// Does a deed, one of these by its number, and says what comes of it. One function, because each further one that takes and gives texts
/// costs 200 bytes (brotli) of glue; and of one text, in which the deed's number and what it takes stand with U+001E between them, because each further text costs as
/// much:
///
/// | | deed | `one` | `two` | gives |
/// |---|---|---|---|---|
/// | 0 | Starts a prompt in the language `three`, one of its locales, where `four` says. It takes the place of the one before. | its definition, flat | its submission id | nothing, or `polku E200` when it cannot be run; what is wrong with it, the check knows |
/// | 1 | Looks. | | | what to draw now, as JSON |
/// | 2 | Answers. Nothing is a skip. What the words are about comes as `three`, as members of the answer. | what is chosen (a point, or ids with commas between them) or written | what was written beside `other` | the events that must leave, as JSON, or nothing where the step needs another answer |
/// | 3 | Goes back to the step before. | | | what to draw |
/// | 4 | Looks at an answer before it is sent. | as 2 | as 2 | what would leave, as JSON; nothing while there is none |
/// | 5 | Ends the prompt. | why | | the event that must leave, as JSON; nothing the second time, or after the last answer |
/// | 6 | Keeps where the prompt stands. | | | one line, from which 0 goes on, on the next page, flat, as its `four` |
#[wasm_bindgen]
#[must_use]
pub fn call(text: String) -> String {
    let mut parts = parts(&text, APART);
    let mut next = || parts.next().unwrap_or_default();
    let (deed, one, two, three) = (next(), next(), next(), next());
    let said = if deed == "0" {
        match Tree::flat(one).and_then(Definition::new) {
            Some(definition) => {
                let kept = Tree::flat(next()).unwrap_or(Tree::Null);
                open::keep(Session::new(definition, two.to_owned(), three.to_owned(), &kept));
                String::new()
            }
            None => "polku E200".to_owned(),
        }
    } else {
        open::with(|session| match deed {
            "2" => session.answer(one, two, three),
            "4" => session.preview(one, two, three),
            "5" => session.close(one),
            "6" => session.flow.keep(),
            deed => {
                if deed == "3" {
                    session.flow.back();
                }
                view::write(session)
            }
        })
    };
    wipe(text);
    said
}

/// What was written does not lie about in this module's memory for longer than it must.
#[cfg_attr(target_arch = "wasm32", inline(never))]
fn wipe(text: String) {
    let mut bytes = text.into_bytes();
    bytes.fill(0);
    // Else the compiler sees that nobody reads them.
    std::hint::black_box(&bytes);
}
