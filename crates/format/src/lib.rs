//! Collectors other than Polku's own: the formats of [`polku_core`] in a module of their own, which only pages with such a collector load.
//! `www/format.js` is the other side of this file, `www/part/collectors.js` calls that.

use std::cell::RefCell;

use polku_core::format::{Dedupe, Format, Reply};
use polku_core::{Name, json, words};
use wasm_bindgen::prelude::*;

// `host` is an object of the glue, which `www/format.js` fills before it calls `run`.
#[wasm_bindgen(js_namespace = host)]
extern "C" {
    /// What `run` gives back. A number from 100 on: what is wrong, with the field.
    fn tell(number: u32, text: &str);
}

thread_local! {
    static FORMATS: RefCell<Vec<Format>> = const { RefCell::new(Vec::new()) };
}

/// Kinds: 0 makes a format (lines: settings, `name=value`; an empty one; the preset), 1 writes a batch with format `number` (lines: Unix ms; the batch),
/// 2 reads an answer (lines: the events' numbers with commas between; the status; headers; an empty one; the body).
///
/// What is told: of 0 the format's number and the rules of its lane as the engine reads them, with two bits more (16: no answer can be read, 32: browsers ask
/// first); of 1 for each request 0 and lines: numbers of its events, method, path, headers, an empty one, the body; of 2 the
/// status and the body as Polku's own collector would answer.
#[wasm_bindgen]
pub fn run(kind: u8, number: u32, text: &str) {
    let told = FORMATS.with_borrow_mut(|formats| match kind {
        0 => vec![added(formats, text)],
        1 => written(formats, number, text),
        _ => read(formats, number, text).into_iter().collect(),
    });
    // JS is never called while the formats are borrowed.
    for (number, text) in told {
        tell(number, &text);
    }
}

fn added(formats: &mut Vec<Format>, text: &str) -> (u32, String) {
    let mut settings = Vec::new();
    let preset = head(text, &mut |line| {
        let (name, value) = words::cut(line, b'=');
        settings.push((name.to_owned(), value.to_owned()));
    });
    match Format::new(preset, &settings) {
        Ok(format) => {
            let rules = rules(&format);
            formats.push(format);
            (formats.len() as u32 - 1, rules)
        }
        Err(problem) => (problem.code as u32, problem.field.clone()),
    }
}

/// As `polku_core::Rules::read` has them.
fn rules(format: &Format) -> String {
    let limits = format.limits();
    let mut names = u64::MAX;
    for &name in Name::ALL {
        if format.leaves_out(name.as_str()) {
            names &= !(1 << name as u64);
        }
    }
    let mut flags = 0;
    for (bit, flag) in
        [limits.dedupe == Dedupe::Strong, limits.bisects, limits.erases, false, limits.opaque, limits.preflight]
            .into_iter()
            .enumerate()
    {
        flags |= u64::from(flag) << bit;
    }
    // Of nothing but its own the engine keeps what is two days old at most.
    let hours = if limits.hours == 0 { 48 } else { limits.hours };
    let mut out = json::Writer::default();
    out.numbers(&[names, limits.events.into(), limits.bytes.into(), hours.into(), flags]);
    out.into_string()
}

fn written(formats: &[Format], number: u32, text: &str) -> Vec<(u32, String)> {
    let (now, batch) = words::cut(text, b'\n');
    let Some(format) = formats.get(number as usize) else { return Vec::new() };
    match format.encode(batch, words::number(now).unwrap_or_default()) {
        Ok(requests) => {
            let mut told = Vec::new();
            for request in requests {
                let mut out = json::Writer::default();
                for (at, seq) in request.seqs.iter().enumerate() {
                    out.raw(if at > 0 { "," } else { "" });
                    out.number(*seq);
                }
                for text in [&request.method, &request.path] {
                    out.raw("\n");
                    out.raw(text);
                }
                for (name, value) in &request.headers {
                    for text in ["\n", name, ": ", value] {
                        out.raw(text);
                    }
                }
                out.raw("\n\n");
                out.raw(&request.body);
                told.push((0, out.into_string()));
            }
            told
        }
        Err(problem) => vec![(problem.code as u32, problem.field.clone())],
    }
}

fn read(formats: &[Format], number: u32, text: &str) -> Option<(u32, String)> {
    let (seqs, rest) = words::cut(text, b'\n');
    let (status, rest) = words::cut(rest, b'\n');
    let status = words::number(status)? as u16;
    let mut headers = json::Writer::default();
    let body = head(rest, &mut |line| {
        headers.raw(line);
        headers.raw("\n");
    });
    let reply = Reply { status, headers: headers.as_str(), body };
    let verdict = formats.get(number as usize)?.read(&reply, &words::numbers(seqs));
    Some((verdict.status.into(), verdict.body))
}

/// Calls `each` with the lines before the first empty one; gives back what follows that.
fn head<'a>(mut text: &'a str, each: &mut dyn FnMut(&'a str)) -> &'a str {
    loop {
        let (line, rest) = words::cut(text, b'\n');
        if line.is_empty() {
            return rest;
        }
        each(line);
        text = rest;
    }
}

/// As in the main module.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
// SAFETY: a module without shared memory, which this target makes, has one thread.
#[allow(unsafe_code)]
static ALLOCATOR: lol_alloc::AssumeSingleThreaded<lol_alloc::FreeListAllocator> =
    unsafe { lol_alloc::AssumeSingleThreaded::new(lol_alloc::FreeListAllocator::new()) };
