//! A module as JavaScript, for pages whose policy forbids WebAssembly: binaryen's `wasm2js`, and what it needs before and after.
//!
//! 1. wasm-bindgen reads from a custom section what the module may use. Without that section its glue takes texts by way of the module's memory
//!    and not as two values at once, which JavaScript has no word for.
//! 2. What came to WebAssembly later gives way to what was there from the beginning.
//! 3. The module's data becomes a text: `wasm2js` writes base64, which no compressor can read.
//! 4. What is eight bytes long is stored and divided by calls (`longs`).
//! 5. What traps throws a `Trap`, which the guard takes for what it is: a page without WebAssembly may lack its `RuntimeError`, too.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::glue::{once, replaced_once, without};
use crate::longs;
use crate::snip::{CODE, CUSTOM, Read, number_to, sections};
use crate::wasm::Tools;

/// What a module may use that is translated.
pub(crate) const FEATURES: &[&str] = &["--enable-mutable-globals"];

/// Before that it may use what the compiler wrote.
const WRITTEN: &[&str] = &[
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-multivalue",
];

/// Their places are taken by what every engine of the first hour knew.
const LOWERING: &[&str] =
    &["--signext-lowering", "--llvm-nontrapping-fptoint-lowering", "--llvm-memory-copy-fill-lowering"];

/// Where a piece of data belongs, and what it is.
type Piece = (usize, Vec<u8>);

const DATA: u8 = 11;
const DATA_COUNT: u8 = 12;

/// `wasm` without the section that says what it may use.
pub(crate) fn without_features(wasm: &[u8]) -> Result<Vec<u8>> {
    let mut out = wasm.get(..8).context("not a module")?.to_vec();
    let mut found = false;
    for (id, body) in sections(wasm)? {
        let mut read = Read { rest: body };
        if id == CUSTOM {
            let length = read.number()?;
            if read.bytes(length)? == b"target_features" {
                found = true;
                continue;
            }
        }
        section(&mut out, id, body);
    }
    ensure!(found, "the module does not say what it may use: has the compiler changed?");
    Ok(out)
}

/// Takes what came later out of the module at `path`.
pub(crate) fn lower(tools: &Tools, path: &Path) -> Result<()> {
    tools.npm.tool("wasm-opt").args(WRITTEN).args(LOWERING).arg(path).arg("-o").arg(path).run()
}

/// A memory that has grown leaves the old one readable: nothing tells a view that it is of yesterday, and so each is made anew. Before names are short.
pub(crate) fn fresh_views(glue: &str) -> Result<String> {
    let kept = "let cachedDataViewMemory0 = null;\n";
    if !glue.contains(kept) {
        return Ok(glue.to_owned());
    }
    let glue = replaced_once(glue, kept, "")?;
    let glue = without(&glue, "    if (cachedDataViewMemory0 === null", "    return cachedDataViewMemory0;\n")?;
    let glue = replaced_once(&glue, "return cachedDataViewMemory0;", "return new DataView(wasm.memory.buffer);")?;
    ensure!(!glue.contains("Memory0 = "), "the glue keeps a view of the memory: has wasm-bindgen changed?");
    Ok(glue)
}

/// The glue of a translation: it starts what stands behind it, and knows its traps.
pub(crate) fn glue(glue: &str) -> Result<String> {
    let glue = replaced_once(glue, "error instanceof WebAssembly.RuntimeError", "error instanceof Trap")?;
    // Two may be in one file, and both want to hear.
    let glue = replaced_once(
        &glue,
        "  hook = fn;\n",
        "  const before = hook;\n  hook = (...told) => {\n    before(...told);\n    fn(...told);\n  };\n",
    )?;
    let (from, to) = ("  const response = await ", "  const guarded = {};");
    replaced_once(&without(&glue, from, to)?, to, &format!("  const exports = translated(__wbg_get_imports());\n{to}"))
}

/// The JavaScript of the module at `path`: a function `translated(imports)` that gives its exports.
pub(crate) fn translate(tools: &Tools, path: &Path) -> Result<String> {
    let (code, data) = without_data(&std::fs::read(path)?)?;
    let [bare, text, out] = ["bare.wasm", "bare.wat", "bare.js"].map(|name| path.with_file_name(name));
    std::fs::write(&bare, code)?;
    tools.npm.tool("wasm-dis").args(FEATURES).arg(&bare).arg("-o").arg(&text).run()?;
    std::fs::write(&text, longs::calls(&std::fs::read_to_string(&text)?)?)?;
    tools.npm.tool("wasm-as").args(FEATURES).arg(&text).arg("-o").arg(&bare).run()?;
    tools.npm.tool("wasm2js").args(FEATURES).arg("-Oz").arg(&bare).arg("-o").arg(&out).run()?;
    let translation = std::fs::read_to_string(&out).context("wasm2js wrote nothing")?;
    for done in [bare, text, out] {
        std::fs::remove_file(done)?;
    }
    patched(&longs::division(&translation)?, &data)
}

/// What `wasm2js` wrote, less what makes it a module of its own, and with its data.
fn patched(text: &str, data: &[Piece]) -> Result<String> {
    let at = text.find("\nfunction ").context("wasm2js has written no function")?;
    let (text, _) = once(&text[at..], "\nvar retasmFunc = ")?;
    let text = replaced_once(text, "function asmFunc(imports) {", "function translated(imports) {")?;
    // A module that never traps has no word for it.
    let text = text.replace("throw new Error('abort')", "throw new Trap(\"unreachable\")");
    // Where there is no memory left the module is told, as WebAssembly does it, and nobody is thrown at.
    let grown = "   var newBuffer = new ArrayBuffer(newPages << 16);\n";
    let tried = "   var newBuffer;\n   try {\n    newBuffer = new ArrayBuffer(newPages << 16);\n   } catch {\n    return -1;\n   }\n";
    let text = if text.contains(grown) { replaced_once(&text, grown, tried)? } else { text };
    let (before, after) = text.rsplit_once("\n return {").context("a translation gives back nothing")?;
    // What is put beside it for itself, and never read.
    let before = before.replace("bufferView = HEAPU8;", "");
    // How many zeros come before each piece, and the piece: a sign for each byte.
    let mut pieces = Vec::new();
    let mut end = 0;
    for (at, bytes) in data {
        pieces.push(Value::from(at.checked_sub(end).context("data that lies over other data")?));
        pieces.push(Value::from(bytes.iter().map(|byte| char::from(*byte)).collect::<String>()));
        end = at + bytes.len();
    }
    let pieces = Value::from(pieces);
    let put = format!(
        " let at = 0;\n for (const piece of {pieces}) {{\n  if (piece.at) for (const sign of piece) HEAPU8[at++] = sign.charCodeAt();\n  else at += piece;\n }}\n"
    );
    Ok(format!("class Trap extends Error {{}}\n{before}\n{put} return {{{after}"))
}

/// A module without its data, and the data: where each piece belongs.
fn without_data(wasm: &[u8]) -> Result<(Vec<u8>, Vec<Piece>)> {
    let mut out = wasm.get(..8).context("not a module")?.to_vec();
    let mut data = Vec::new();
    for (id, body) in sections(wasm)? {
        match id {
            DATA => data = pieces(body)?,
            DATA_COUNT => {}
            _ => section(&mut out, id, body),
        }
    }
    ensure!(out.len() > 8 && sections(&out)?.iter().any(|(id, _)| *id == CODE), "a module without code");
    Ok((out, data))
}

fn pieces(body: &[u8]) -> Result<Vec<Piece>> {
    let mut read = Read { rest: body };
    (0..read.number()?)
        .map(|_| {
            // Active, in the only memory; its place a constant (`i32.const`), and an end.
            ensure!(
                read.number()? == 0 && read.bytes(1)? == [0x41],
                "data that is not put in place from the beginning"
            );
            let at = read.number()?;
            ensure!(read.bytes(1)? == [0x0b], "data whose place is no constant");
            let length = read.number()?;
            Ok((at, read.bytes(length)?.to_vec()))
        })
        .collect()
}

fn section(out: &mut Vec<u8>, id: u8, body: &[u8]) {
    out.push(id);
    number_to(out, body.len());
    out.extend_from_slice(body);
}

#[cfg(test)]
mod tests {
    use super::*;

    const WRITTEN: &str = "import * as a from 'a';\n\nfunction wasm2js_trap() { throw new Error('abort'); }\n\nfunction asmFunc(imports) {\n var buffer = new ArrayBuffer(1114112);\n var HEAPU8 = new Uint8Array(buffer);\n bufferView = HEAPU8;\n return {\n  \"b\": 1\n };\n}\n\nvar retasmFunc = asmFunc({\n  \"a\": a,\n});\nexport var b = retasmFunc.b;\n";

    #[test]
    fn a_translation_is_a_function_with_its_data() -> Result<()> {
        let text = patched(WRITTEN, &[(1024, vec![b'a', b'"', 0, 0xe4])])?;
        assert!(text.contains("function translated(imports) {") && text.contains("throw new Trap("), "{text}");
        assert!(text.contains("of [1024,\"a\\\"\\u0000ä\"])"), "{text}");
        assert!(!text.contains("bufferView"), "{text}");
        assert!(text.ends_with("return {\n  \"b\": 1\n };\n}\n"), "{text}");
        assert!(!text.contains("import *") && !text.contains("export"), "{text}");
        assert!(patched("nothing", &[]).is_err());
        Ok(())
    }

    #[test]
    fn a_view_of_the_memory_is_made_anew() -> Result<()> {
        let glue = "let cachedDataViewMemory0 = null;\nfunction getDataViewMemory0() {\n    if (cachedDataViewMemory0 === null || stale()) {\n        make();\n    }\n    return cachedDataViewMemory0;\n}\n";
        assert_eq!(
            fresh_views(glue)?,
            "function getDataViewMemory0() {\n    return new DataView(wasm.memory.buffer);\n}\n"
        );
        assert_eq!(fresh_views("nothing")?, "nothing");
        assert!(fresh_views(&format!("{glue}cachedUint8ArrayMemory0 = 1;")).is_err());
        Ok(())
    }

    #[test]
    fn data_is_taken_out_piece_by_piece() -> Result<()> {
        let mut wasm = vec![0, b'a', b's', b'm', 1, 0, 0, 0];
        wasm.extend([CODE, 1, 0]);
        wasm.extend([DATA, 9, 1, 0, 0x41, 0x80, 0x08, 0x0b, 2, b'h', b'i']);
        let (code, data) = without_data(&wasm)?;
        assert_eq!(code, [&wasm[..8], &[CODE, 1, 0]].concat());
        assert_eq!(data, [(1024, b"hi".to_vec())]);
        // A piece that is put in place later is nothing that this knows.
        assert!(pieces(&[1, 1, 2, b'h', b'i']).is_err());
        Ok(())
    }

    #[test]
    fn what_it_may_use_is_taken_out_and_must_be_there() -> Result<()> {
        let head = [0, b'a', b's', b'm', 1, 0, 0, 0];
        let mut wasm = head.to_vec();
        let name = b"target_features";
        wasm.extend([CUSTOM, name.len() as u8 + 2, name.len() as u8]);
        wasm.extend_from_slice(name);
        wasm.extend([0, CODE, 1, 0]);
        assert_eq!(without_features(&wasm)?, [&head[..], &[CODE, 1, 0]].concat());
        assert!(without_features(&head).is_err());
        Ok(())
    }
}
