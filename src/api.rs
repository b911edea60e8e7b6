//! The two functions that `www/core.js` calls. One string is all that crosses at a time: each further one would cost every page
//! some hundred bytes of glue. `www/core/protocol.js` is the other side of this file, and holds the same numbers.

use polku_core::{Arrival, Config, Input, Millis, Name, Outcome, PromptEvent, Source, words};
use wasm_bindgen::prelude::*;

use crate::driver;

/// Starts an engine for this document, whose options are checked already: what the three mean is written at [`Config::read`].
#[wasm_bindgen]
pub fn start(flags: u8, width: u32, text: &str) {
    driver::begin(Config::read(flags, width, text));
}

/// One input that happened when `performance.now()` was `at`, where `Date.now()` is `offset` ahead of that now. What `number` and
/// the lines of `text` mean is written at each kind.
#[wasm_bindgen]
pub fn input(kind: u8, offset: f64, at: f64, number: u32, text: &str) {
    let is = |bit: u8| number & 1 << bit != 0;
    let (first, rest) = words::cut(text, b'\n');
    match kind {
        // The data layer holds much else.
        1 if number == Source::Layer as u32 && Name::parse(first).is_none() => return,
        // What the page may know of its journey: `host.effect` 10 follows at once, where there is one.
        14 => return driver::journey(),
        // The end: the listeners are gone.
        17 => return driver::end(),
        _ => {}
    }
    driver::take(offset, at, |shell| match kind {
        // A page is looked at. Bit 0: its referrer is of this site; from bit 1 `Arrival`. Lines: path with query, referrer.
        0 => {
            let how = match number >> 1 {
                0 => Arrival::Load,
                1 => Arrival::Reload,
                2 => Arrival::Route,
                3 => Arrival::Restored,
                _ => Arrival::Named,
            };
            shell.engine.take(Input::Page { path: first, referrer: rest, own_host: is(0), how });
        }
        // A touchpoint. Number: `Source`. Lines: name, a JSON object or nothing.
        1 => {
            let source = match number {
                0 => Source::Api,
                1 => Source::Attribute,
                2 => Source::Layer,
                3 => Source::Platform,
                4 => Source::Schema,
                _ => Source::Url,
            };
            shell.engine.take(Input::Track { name: first, data: (!rest.is_empty()).then_some(rest), source });
        }
        // What watches the page has found something. Lines: name, Unix ms, page's template or nothing, a JSON object.
        2 => {
            let (at, rest) = words::cut(rest, b'\n');
            let (page, data) = words::cut(rest, b'\n');
            let at = Millis(words::number(at).unwrap_or_default());
            shell.engine.take(Input::Found { name: first, at, page, data });
        }
        // The shopper decided. Bits: `measure` is said; granted; `feedback` is said; granted; earlier; `remember` is said; granted.
        // Lines: the source of consent, the policy's version.
        3 => shell.engine.take(Input::Consent {
            measure: is(0).then_some(is(1)),
            remember: is(5).then_some(is(6)),
            feedback: is(2).then_some(is(3)),
            earlier: is(4),
            by: first,
            policy: rest,
        }),
        // Everything is withdrawn; where the number is 1, in another tab.
        4 => shell.engine.take(if number == 0 { Input::Withdraw } else { Input::Withdrawn }),
        // What was stored. Bits: there is a visit; there is a tab. Lines: the visit's record; what is remembered beyond it; the rest is the
        // tab's.
        5 => {
            let (past, tab) = words::cut(rest, b'\n');
            let (visit, tab) = (is(0).then_some(first), is(1).then_some(tab));
            shell.engine.take(Input::Restored { visit, tab, past: Some(past) });
        }
        // Send what waits.
        6 => shell.engine.take(Input::Flush),
        // What became of batch `number`. Lines: HTTP status (0: no answer), seconds of `Retry-After` or nothing, the body.
        7 => {
            let status = words::number(first).unwrap_or_default() as u16;
            let (after, body) = words::cut(rest, b'\n');
            let retry_after = words::number(after).map(|seconds| seconds as u32);
            let outcome = if status == 0 { Outcome::NoAnswer } else { Outcome::Reply { status, body, retry_after } };
            shell.engine.take(Input::Delivered { batch: number, outcome });
        }
        // Which topics somebody listens to: a bit each, in the order of `polku_core::Topic`.
        8 => shell.engine.take(Input::Listen(number as u8)),
        // A prompt is to open. Bit 0: by itself; from bit 1 its version. Lines: id, what opened it, its submission or nothing.
        11 => {
            let (trigger, sub) = words::cut(rest, b'\n');
            shell.engine.take(Input::Open { id: first, version: number >> 1, trigger, sub, auto: is(0) });
        }
        // The prompt that was opened reports. Number: whether it was shown (0), answered (1) or closed (2), or tells of a contact outside the
        // shop. Text: the report as JSON.
        12 => shell.engine.take(Input::Prompt(match number {
            0 => PromptEvent::Shown,
            1 => PromptEvent::Answer(text),
            2 => PromptEvent::Closed(text),
            _ => PromptEvent::Offsite(text),
        })),
        // The page went out of sight (1), or came back.
        13 => shell.engine.take(Input::Visibility { hidden: is(0) }),
        // Randomness. Text: 32 characters, each of which stands for its code.
        15 => {
            if let Some(bytes) = text.as_bytes().first_chunk() {
                shell.engine.take(Input::Entropy(*bytes));
            }
        }
        // The timer has fired.
        16 => {
            shell.timer = Millis(0);
            shell.engine.take(Input::Tick);
        }
        // The shop tries something out. Lines: name, variant.
        18 => shell.engine.take(Input::Variant { name: first, value: rest }),
        // What watches the page wants to remember this.
        19 => shell.engine.take(Input::Memory(text)),
        // … or to know what other tabs have done.
        20 => shell.engine.take(Input::Keep),
        // Something lies on a shelf. Number: its slot, and 2³¹ where the shelf is this tab's. Text: as it was stored; nothing ends this tab's.
        22 => {
            shell.engine.take(Input::Shelf { slot: number & 0x7fff_ffff, text, own: number >> 31 != 0 });
        }
        // Storage took nothing of slot `number`.
        23 => shell.engine.take(Input::Unshelved(number)),
        // The browser is online again.
        24 => shell.engine.take(Input::Online),
        // The page is about to go out of sight.
        _ => shell.engine.take(Input::Settle),
    });
}
