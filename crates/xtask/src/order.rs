//! The order of a module's functions. brotli finds what repeats best where alike stands beside alike; wasm-opt orders by name alone,
//! and so each function is given a name that says how it looks.

use anyhow::{Context, Result};

use crate::snip::{CODE, CUSTOM, FUNCTION_NAMES, Read, imported, number_to, sections};

/// So many bytes of a function say how it looks: what locals it has, and how it begins. Among those that look alike the shorter is first.
const LOOKS: usize = 11;

/// `wasm` with such names, and without any other custom section.
pub(crate) fn named_by_looks(wasm: &[u8]) -> Result<Vec<u8>> {
    let sections = sections(wasm)?;
    let mut out = wasm.get(..8).context("not a module")?.to_vec();
    let mut names = Vec::new();
    let imported = imported(&sections)?;
    for (id, body) in sections.iter().filter(|(id, _)| *id != CUSTOM) {
        section(&mut out, *id, body);
        if *id == CODE {
            let mut read = Read { rest: body };
            let count = read.number()?;
            // Imported functions have their own order.
            number_to(&mut names, imported + count);
            for index in 0..imported {
                name(&mut names, index, format!("import {index:06}"));
            }
            for index in imported..imported + count {
                let length = read.number()?;
                let body = read.bytes(length)?;
                let looks: String = body.iter().take(LOOKS).map(|byte| format!("{byte:02x}")).collect();
                name(&mut names, index, format!("{looks} {length:06} {index:06}"));
            }
        }
    }
    let mut custom = vec![4];
    custom.extend(b"name");
    section(&mut custom, FUNCTION_NAMES, &names);
    section(&mut out, CUSTOM, &custom);
    Ok(out)
}

fn section(out: &mut Vec<u8>, id: u8, body: &[u8]) {
    out.push(id);
    number_to(out, body.len());
    out.extend(body);
}

fn name(out: &mut Vec<u8>, index: usize, name: String) {
    number_to(out, index);
    number_to(out, name.len());
    out.extend(name.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two functions: the first has a local and is the shorter one.
    const MODULE: &[u8] = &[
        0, b'a', b's', b'm', 1, 0, 0, 0, // the head
        1, 4, 1, 0x60, 0, 0, // one type
        3, 3, 2, 0, 0, // two functions of it
        10, 12, 2, 4, 1, 1, 0x7f, 0x0b, 5, 0, 0x41, 7, 0x1a, 0x0b, // their bodies
        0, 6, 1, b'x', 1, 2, 3, 4, // a custom section
    ];

    #[test]
    fn functions_are_named_by_how_they_look() -> Result<()> {
        let named = named_by_looks(MODULE)?;
        assert_eq!(named[..MODULE.len() - 8], MODULE[..MODULE.len() - 8]);
        let names = String::from_utf8_lossy(&named[MODULE.len() - 8..]).into_owned();
        assert!(names.contains("01017f0b 000004 000000"), "{names}");
        assert!(names.contains("0041071a0b 000005 000001"), "{names}");
        assert!(!named.contains(&b'x'));
        Ok(())
    }

    #[test]
    fn what_is_no_module_is_an_error() {
        assert!(named_by_looks(&MODULE[..5]).is_err());
        assert!(named_by_looks(&MODULE[..40]).is_err());
    }
}
