//! Takes functions out of a module that it can never call, by name: their bodies become `unreachable`, and wasm-opt then
//! drops what only they used. The rustwasm book's `wasm-snip`, in the few lines that we need of it.
//!
//! serde-wasm-bindgen words its errors with `{}` of a float, and so 6 kB (3.7 kB brotli) of float formatting come into the
//! prompt's module. What it reads there accepts every JSON value, so that error cannot happen; if it did, a trap would end the
//! prompt and nothing else.

use anyhow::{Context, Result, bail};

pub(crate) const CUSTOM: u8 = 0;
const IMPORT: u8 = 2;
pub(crate) const CODE: u8 = 10;
/// Of the name section, the names of functions.
pub(crate) const FUNCTION_NAMES: u8 = 1;
/// A body of three bytes: no locals, `unreachable`, `end`.
const UNREACHABLE: [u8; 3] = [0, 0, 0x0b];

/// js-sys describes callbacks of all its functions to wasm-bindgen, and what calls those callbacks stays in the module's table
/// afterwards: 40 functions that nothing calls. The two kinds of callbacks that the shell has, a listener and a timer, take an
/// event or nothing, and are not among these.
pub(crate) const CALLBACKS: &[&str] = &[
    "closures::_::invoke::<wasm_bindgen",
    "closures::_::invoke::<js_sys",
    "closures::_::invoke::<core",
    "closures::_::invoke::<i",
    "closures::_::invoke::<u",
    "closures::_::invoke::<f",
    "futures::jspi",
];

/// `wasm` without the bodies of the functions whose names contain one of `names`; fails when none does, so that a new
/// compiler with other names is noticed.
pub(crate) fn snip(wasm: &[u8], names: &[&str]) -> Result<Vec<u8>> {
    let mut out = wasm.get(..8).context("not a module")?.to_vec();
    let sections = sections(wasm)?;
    let wanted = wanted(&sections, names)?;
    if wanted.is_empty() {
        bail!("no function is named {}: has the compiler changed?", names.join(", "));
    }
    let imported = imported(&sections)?;
    for (id, body) in sections {
        out.push(id);
        if id != CODE {
            number_to(&mut out, body.len());
            out.extend_from_slice(body);
            continue;
        }
        let mut read = Read { rest: body };
        let count = read.number()?;
        let mut code = Vec::new();
        number_to(&mut code, count);
        for index in imported..imported + count {
            let length = read.number()?;
            let old = read.bytes(length)?;
            let new = if wanted.contains(&index) { &UNREACHABLE[..] } else { old };
            number_to(&mut code, new.len());
            code.extend_from_slice(new);
        }
        number_to(&mut out, code.len());
        out.extend(code);
    }
    Ok(out)
}

pub(crate) fn sections(wasm: &[u8]) -> Result<Vec<(u8, &[u8])>> {
    let mut read = Read { rest: wasm.get(8..).context("not a module")? };
    let mut sections = Vec::new();
    while !read.rest.is_empty() {
        let id = read.byte()?;
        let length = read.number()?;
        sections.push((id, read.bytes(length)?));
    }
    Ok(sections)
}

/// Imported functions come first in the numbering.
pub(crate) fn imported(sections: &[(u8, &[u8])]) -> Result<usize> {
    let Some((_, body)) = sections.iter().find(|(id, _)| *id == IMPORT) else { return Ok(0) };
    let mut read = Read { rest: body };
    let mut functions = 0;
    for _ in 0..read.number()? {
        for _ in 0..2 {
            let length = read.number()?;
            read.bytes(length)?;
        }
        match read.byte()? {
            0 => {
                read.number()?;
                functions += 1;
            }
            kind @ (1 | 2) => {
                if kind == 1 {
                    read.byte()?;
                }
                let bounded = read.byte()? & 1 == 1;
                read.number()?;
                if bounded {
                    read.number()?;
                }
            }
            3 => {
                read.bytes(2)?;
            }
            4 => {
                read.byte()?;
                read.number()?;
            }
            other => bail!("an import of an unknown kind: {other}"),
        }
    }
    Ok(functions)
}

fn wanted(sections: &[(u8, &[u8])], names: &[&str]) -> Result<Vec<usize>> {
    let mut wanted = function_names(sections)?;
    wanted.retain(|(_, name)| names.iter().any(|part| name.contains(part)));
    Ok(wanted.into_iter().map(|(index, _)| index).collect())
}

/// Functions by their numbers, with the names that the compiler gave them.
pub(crate) fn function_names(sections: &[(u8, &[u8])]) -> Result<Vec<(usize, String)>> {
    let mut found = Vec::new();
    for (_, body) in sections.iter().filter(|(id, _)| *id == CUSTOM) {
        let mut read = Read { rest: body };
        let length = read.number()?;
        if read.bytes(length)? != b"name" {
            continue;
        }
        while !read.rest.is_empty() {
            let kind = read.byte()?;
            let length = read.number()?;
            let mut names_of = Read { rest: read.bytes(length)? };
            if kind != FUNCTION_NAMES {
                continue;
            }
            for _ in 0..names_of.number()? {
                let index = names_of.number()?;
                let length = names_of.number()?;
                found.push((index, String::from_utf8_lossy(names_of.bytes(length)?).into_owned()));
            }
        }
    }
    Ok(found)
}

pub(crate) struct Read<'a> {
    pub(crate) rest: &'a [u8],
}

impl<'a> Read<'a> {
    fn byte(&mut self) -> Result<u8> {
        Ok(self.bytes(1)?[0])
    }

    pub(crate) fn bytes(&mut self, count: usize) -> Result<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count).context("a module that ends too early")?;
        self.rest = rest;
        Ok(taken)
    }

    /// LEB128.
    pub(crate) fn number(&mut self) -> Result<usize> {
        let mut number = 0;
        for shift in (0..35).step_by(7) {
            let byte = self.byte()?;
            number |= usize::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        bail!("a number that is too long")
    }
}

pub(crate) fn number_to(out: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        out.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two functions, `keep` and `drop me`, each of them `i32.const 7; drop`.
    const MODULE: &[u8] = &[
        0, b'a', b's', b'm', 1, 0, 0, 0, // the head
        1, 4, 1, 0x60, 0, 0, // one type
        3, 3, 2, 0, 0, // two functions of it
        10, 13, 2, 5, 0, 0x41, 7, 0x1a, 0x0b, 5, 0, 0x41, 7, 0x1a, 0x0b, // their bodies
        0, 23, 4, b'n', b'a', b'm', b'e', 1, 16, 2, 0, 4, b'k', b'e', b'e', b'p', 1, 7, b'd', b'r', b'o', b'p', b' ',
        b'm', b'e',
    ];

    #[test]
    fn only_the_named_function_loses_its_body() -> Result<()> {
        let snipped = snip(MODULE, &["drop"])?;
        let code = &[10, 11, 2, 5, 0, 0x41, 7, 0x1a, 0x0b, 3, 0, 0, 0x0b][..];
        assert!(snipped.windows(code.len()).any(|window| window == code), "{snipped:?}");
        assert_eq!(snipped.len(), MODULE.len() - 2);
        Ok(())
    }

    #[test]
    fn a_name_that_is_not_there_is_an_error() {
        assert!(snip(MODULE, &["float"]).is_err());
        assert!(snip(&MODULE[..20], &["keep"]).is_err());
    }
}
