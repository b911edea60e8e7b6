//! What the functions of a module weigh, by the places in the source that they come from: read before their names are dropped. What `twiggy` tells, in the few
//! lines that we need of it.

use std::collections::BTreeMap;

use anyhow::{Context, Result};

use crate::snip::{CODE, Read, function_names, imported, sections};

/// So deep a place in the source is told apart: `polku_core::engine::capture`.
const DEPTH: usize = 3;

/// Bytes by place: of the code by the module of the source that a function stands in, and what is no code as `(data)` and `(other)`.
pub(crate) fn functions(wasm: &[u8]) -> Result<BTreeMap<String, usize>> {
    let sections = sections(wasm)?;
    let names: BTreeMap<usize, String> = function_names(&sections)?.into_iter().collect();
    let first = imported(&sections)?;
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for (id, body) in &sections {
        match *id {
            CODE => {
                let mut read = Read { rest: body };
                let count = read.number()?;
                for index in first..first + count {
                    let length = read.number()?;
                    read.bytes(length)?;
                    let name = names.get(&index).map_or("", String::as_str);
                    *places.entry(place(name)).or_default() += length;
                }
            }
            DATA => *places.entry("(data)".to_owned()).or_default() += body.len(),
            CUSTOM => {}
            _ => *places.entry("(other)".to_owned()).or_default() += body.len(),
        }
    }
    Ok(places)
}

const CUSTOM: u8 = 0;
const DATA: u8 = 11;

/// The module of the source that a function stands in: `<polku_core::engine::Engine as …>::drop` in `polku_core::engine`, and what it is a method of
/// where that is of the language, `<alloc::vec::Vec<T>>::push`, in `alloc::vec`.
fn place(name: &str) -> String {
    let name = name.trim_start_matches(['<', '&', '[', '(']).trim_start_matches("mut ").trim_start_matches("dyn ");
    // A compiler of a newer day writes the crate's hash behind its name: `polku_core[a68a7aae7f0f46c6]`.
    let path: Vec<&str> = name.split("::").map(|part| part.split_once('[').map_or(part, |(part, _)| part)).collect();
    // A path ends where generics, a type or a function begins.
    let modules = path.iter().take_while(|part| is_module(part));
    let mut place: Vec<&str> = modules.copied().take(DEPTH).collect();
    // The last small-lettered part of a free function is the function.
    if place.len() == path.len() && place.len() > 1 {
        place.pop();
    }
    match place.first() {
        None => "(unnamed)".to_owned(),
        Some(
            &("core" | "alloc" | "std" | "compiler_builtins" | "lol_alloc" | "wasm_bindgen" | "js_sys" | "web_sys"
            | "dlmalloc"),
        ) => place[0].to_owned(),
        Some(_) => place.join("::"),
    }
}

fn is_module(part: &str) -> bool {
    part.starts_with(|first: char| first.is_ascii_lowercase() || first == '_')
        && part.chars().all(|sign| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == '_')
}

/// A line for each place, for a file.
pub(crate) fn written(places: &BTreeMap<String, usize>) -> String {
    places.iter().map(|(place, bytes)| format!("{bytes} {place}\n")).collect()
}

/// … and back.
pub(crate) fn read(text: &str) -> Result<Vec<(String, usize)>> {
    text.lines()
        .map(|line| {
            let (bytes, place) = line.split_once(' ').context("a line without a place")?;
            Ok((place.to_owned(), bytes.parse()?))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_stands_in_the_module_of_its_source() {
        for (name, at) in [
            ("polku_core::engine::capture::Capture::take", "polku_core::engine::capture"),
            ("<polku_core::engine::Engine as core::ops::drop::Drop>::drop", "polku_core::engine"),
            ("polku_core::words::cut", "polku_core::words"),
            ("<polku_core[a68a7aae7f0f46c6]::engine::Engine>::record", "polku_core::engine"),
            ("polku_core[a68a7aae7f0f46c6]::data::fill", "polku_core::data"),
            ("<polku_prompt::view::View>::copy", "polku_prompt::view"),
            ("alloc::vec::Vec<T,A>::push", "alloc"),
            ("call", "call"),
            ("", "(unnamed)"),
        ] {
            assert_eq!(place(name), at, "{name}");
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let places = BTreeMap::from([("polku_core::words".to_owned(), 120), ("(data)".to_owned(), 7)]);
        assert_eq!(read(&written(&places)).expect("lines").len(), 2);
        assert_eq!(read("120 polku_core::words\n").expect("lines"), [("polku_core::words".to_owned(), 120)]);
        assert!(read("polku_core::words\n").is_err());
    }
}
