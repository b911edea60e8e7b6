//! What the build changes in wasm-bindgen's glue. It is text, of one pinned version; every change asserts what it found.
//!
//! 1. The code that loads and starts the module, the end of the file, gives way to `js/guard.js`.
//! 2. The names of imports and exports, which carry hashes, take the one or two letters that wasm-opt gave them.

use anyhow::{Context, Result, ensure};
use serde_json::Value;

/// Loads the module, and keeps its traps and exceptions from the page.
pub(crate) const GUARD: &str = include_str!("../js/guard.js");

/// From here on the glue loads and starts the module.
const LOADING: &str = "let wasmModule, wasmInstance, wasm;";
const EXPORTS: &str = "export { initSync, __wbg_init as default };";

/// Puts the guard in the place of wasm-bindgen's own loading code.
pub(crate) fn guarded(glue: &str) -> Result<String> {
    let (kept, loading) = once(glue, LOADING)?;
    let (_, rest) = once(loading, EXPORTS)?;
    ensure!(rest.trim().is_empty(), "the glue goes on after its exports; has wasm-bindgen changed?");
    once(kept, "function __wbg_get_imports() {")?;
    let kept = plain_strings(kept)?;
    // Safari's decoder fails after 2 GiB; no page of ours decodes a thousandth of that.
    let kept =
        without(&kept, "    numBytesDecoded += bytes.length;\n", "    return cachedTextDecoder.decode(bytes);\n")?;
    let kept = replaced_once(&kept, "let numBytesDecoded = 0;\n", "")?;
    // No text of ours begins with a byte order mark, and a decoder needs no first run.
    let decoder =
        "let cachedTextDecoder = new TextDecoder('utf-8', { ignoreBOM: true });\ncachedTextDecoder.decode();\n";
    let kept = replaced_once(&kept, decoder, "const cachedTextDecoder = new TextDecoder();\n")?;
    // A view of the memory costs less than the question whether the last one still holds.
    let kept = replaced_once(&kept, "let cachedUint8ArrayMemory0 = null;\n", "")?;
    let kept = without(&kept, "    if (cachedUint8ArrayMemory0 === null", "    return cachedUint8ArrayMemory0;\n")?;
    let kept = replaced_once(&kept, "return cachedUint8ArrayMemory0;", "return new Uint8Array(wasm.memory.buffer);")?;
    // Closures are owned values here, and dropped by their owners: none waits for the garbage collector.
    let registry = "const CLOSURE_DTORS = (typeof";
    let kept = if kept.contains(registry) {
        let rest = without(&kept, registry, ";\n")?;
        rest + "\nconst CLOSURE_DTORS = { register() {}, unregister() {} };\n"
    } else {
        kept
    };
    Ok(format!("{}{GUARD}", direct(&kept)))
}

/// What a call takes stands in the call: wasm-bindgen names each argument first, and asks JavaScript for a number of what the engine makes
/// one of by itself. Arguments are evaluated from the left, so that the length of a text is read behind the text that it belongs to.
fn direct(glue: &str) -> String {
    let mut out = String::with_capacity(glue.len());
    let mut named: Vec<(&str, &str)> = Vec::new();
    for line in glue.split_inclusive('\n') {
        let one = line.trim().strip_prefix("const ").and_then(|rest| rest.strip_suffix(';')?.split_once(" = "));
        match one {
            Some((name, value)) if name.starts_with("val") && value.starts_with('+') => named.push((name, &value[1..])),
            Some((name, value)) if name.starts_with("ptr") && value.starts_with("passStringToWasm0(") => {
                named.push((name, value));
            }
            Some((name, "WASM_VECTOR_LEN")) => named.push((name, "WASM_VECTOR_LEN")),
            _ if !named.is_empty() => {
                let mut call = line.to_owned();
                for (name, value) in named.drain(..) {
                    // What is not taken by this very line keeps its name.
                    if !call.contains(name) {
                        out.push_str(&format!("const {name} = {value};\n"));
                    }
                    call = call.replace(&format!("({name},"), &format!("({value},"));
                    call = call.replace(&format!(" {name},"), &format!(" {value},"));
                    call = call.replace(&format!(" {name})"), &format!(" {value})"));
                    call = call.replace(&format!("({name})"), &format!("({value})"));
                }
                out.push_str(&call);
            }
            _ => out.push_str(line),
        }
    }
    out
}

/// Texts into the module by one call of the encoder: wasm-bindgen would look for a run of ASCII first, in five times the bytes.
fn plain_strings(glue: &str) -> Result<String> {
    let (before, rest) = once(glue, "    if (realloc === undefined) {\n")?;
    let (short, rest) = rest.split_once("    }\n").context("the glue's string code has changed")?;
    let (_, after) = rest.split_once("    return ptr;\n}\n").context("the glue's string code has changed")?;
    Ok(format!("{before}{short}}}\n{after}").replace(", wasm.__wbindgen_realloc)", ")"))
}

/// `glue` less what begins with `from` and ends before `to`.
pub(crate) fn without(glue: &str, from: &str, to: &str) -> Result<String> {
    let (before, rest) = once(glue, from)?;
    let at = rest.find(to).with_context(|| format!("the glue has no `{}` after `{}`", to.trim(), from.trim()))?;
    Ok(format!("{before}{}", &rest[at..]))
}

/// Renames imports and exports as `map` says, which is what `wasm-opt --minify-imports-and-exports-and-modules` printed.
pub(crate) fn renamed(glue: &str, map: &str) -> Result<String> {
    let map: Value = serde_json::from_str(map).context("wasm-opt printed no map of names")?;
    let mut glue = glue.to_owned();
    for row in rows(&map, "imports")? {
        let [module, from, to] = row.as_slice() else { continue };
        // Key of a method in the object of imports, alone at the start of its line.
        glue = replaced_once(&glue, &format!("\n        {from}: "), &format!("\n        {to}: "))?;
        let object = format!("\n        \"{module}\": ");
        if glue.contains(&object) {
            glue = replaced_once(&glue, &object, "\n        a: ")?;
        }
    }
    let mut exports = rows(&map, "exports")?;
    // No new name may be taken for an old one: all go through a form that no identifier has.
    exports.sort();
    for row in &exports {
        let [from, to] = row.as_slice() else { continue };
        glue = member_renamed(&glue, from, &format!("#{to}"));
    }
    let glue = glue.replace("wasm.#", "wasm.");
    // The guard calls this one itself, before anything is guarded; a module with nothing to start has none.
    let call = "exports.__wbindgen_start();";
    let start = exports.iter().find(|row| row[0] == "__wbindgen_start");
    let glue = replaced_once(&glue, call, &start.map_or(String::new(), |row| format!("exports.{}();", row[1])))?;
    ensure!(!glue.contains("wasm.__"), "an export of the module kept its long name in the glue");
    Ok(glue)
}

fn rows(map: &Value, kind: &str) -> Result<Vec<Vec<String>>> {
    let rows = map[kind].as_array().with_context(|| format!("wasm-opt's map of names has no {kind}"))?;
    let texts = |row: &Value| -> Option<Vec<String>> {
        row.as_array()?.iter().map(|text| text.as_str().map(str::to_owned)).collect()
    };
    rows.iter().map(|row| texts(row).context("wasm-opt's map of names is not made of texts")).collect()
}

/// `wasm.from` to `wasm.to`, whole names only.
fn member_renamed(glue: &str, from: &str, to: &str) -> String {
    let from = format!("wasm.{from}");
    let mut out = String::with_capacity(glue.len());
    let mut rest = glue;
    while let Some(at) = rest.find(&from) {
        let (before, found) = rest.split_at(at);
        let after = &found[from.len()..];
        let in_name = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
        out.push_str(before);
        if before.ends_with(in_name) || after.starts_with(in_name) {
            out.push_str(&from);
        } else {
            out.push_str("wasm.");
            out.push_str(to);
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// What stands before and after `part`, which must be there exactly once.
pub(crate) fn once<'a>(text: &'a str, part: &str) -> Result<(&'a str, &'a str)> {
    let found = text.matches(part).count();
    ensure!(found == 1, "the glue has `{}` {found} times instead of once; has wasm-bindgen changed?", part.trim());
    text.split_once(part).context("found once")
}

pub(crate) fn replaced_once(text: &str, from: &str, to: &str) -> Result<String> {
    let (before, after) = once(text, from)?;
    Ok(format!("{before}{to}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GLUE: &str = "export function start(a) {\n    wasm.start(a);\n    wasm.start_all(a);\n}\nfunction __wbg_get_imports() {\n    const import0 = {\n        __proto__: null,\n        __wbg_now_0123: function() { return wasm.memory; },\n    };\n    return {\n        __proto__: null,\n        \"./x_bg.js\": import0,\n    };\n}\nfunction passStringToWasm0(arg, malloc, realloc) {\n    if (realloc === undefined) {\n        short();\n    }\n    long();\n    return ptr;\n}\nlet cachedTextDecoder = new TextDecoder('utf-8', { ignoreBOM: true });\ncachedTextDecoder.decode();\nlet cachedUint8ArrayMemory0 = null;\nfunction getUint8ArrayMemory0() {\n    if (cachedUint8ArrayMemory0 === null || cachedUint8ArrayMemory0.byteLength === 0) {\n        make();\n    }\n    return cachedUint8ArrayMemory0;\n}\nlet numBytesDecoded = 0;\nfunction decodeText(bytes) {\n    numBytesDecoded += bytes.length;\n    again();\n    return cachedTextDecoder.decode(bytes);\n}\nconst CLOSURE_DTORS = (typeof FinalizationRegistry === 'undefined') ? 1 : 2;\nlet wasmModule, wasmInstance, wasm;\nold();\nexport { initSync, __wbg_init as default };\n";
    const MAP: &str = r#"{"imports": [["./x_bg.js", "__wbg_now_0123", "a"]],
        "exports": [["start", "b"], ["start_all", "memory"], ["memory", "c"], ["__wbindgen_start", "d"]]}"#;

    #[test]
    fn what_a_call_takes_stands_in_the_call() {
        let glue = "export function run(kind, text) {\n    const val2 = +kind;\n    const ptr0 = passStringToWasm0(text, wasm.f);\n    const len0 = WASM_VECTOR_LEN;\n    wasm.run(val2, ptr0, len0);\n}\nfunction passStringToWasm0(arg, malloc) {\n    const buf = encode(arg);\n    const ptr = malloc(buf.length, 1) >>> 0;\n    return ptr;\n}\n";
        let direct = direct(glue);
        assert!(direct.contains("    wasm.run(kind, passStringToWasm0(text, wasm.f), WASM_VECTOR_LEN);\n"), "{direct}");
        assert!(
            !direct.contains("const val") && !direct.contains("const ptr0") && !direct.contains("const len0"),
            "{direct}"
        );
        assert!(direct.contains("    const ptr = malloc(buf.length, 1) >>> 0;\n    return ptr;\n"), "{direct}");
    }

    #[test]
    fn the_loading_code_gives_way_to_the_guard() {
        let glue = guarded(GLUE).expect("patched");
        assert!(glue.contains("export const onTrap") && !glue.contains("initSync") && !glue.contains("old()"));
        assert!(glue.contains("short();") && !glue.contains("long();"), "texts take the short way: {glue}");
        assert!(!glue.contains("again();") && !glue.contains("numBytesDecoded"), "{glue}");
        assert!(
            glue.contains("new TextDecoder()") && !glue.contains("ignoreBOM") && !glue.contains("make()"),
            "{glue}"
        );
        assert!(glue.contains("return new Uint8Array(wasm.memory.buffer);"), "{glue}");
        assert!(glue.contains("register() {}") && !glue.contains("FinalizationRegistry"), "{glue}");
    }

    #[test]
    fn another_wasm_bindgen_fails_the_build() {
        assert!(guarded(&GLUE.replace("wasmInstance, ", "")).is_err());
        assert!(guarded(&GLUE.repeat(2)).is_err());
        assert!(guarded(&format!("{GLUE}more();")).is_err());
    }

    #[test]
    fn names_are_shortened_whole_and_once() {
        let glue = renamed(&guarded(GLUE).expect("patched"), MAP).expect("renamed");
        assert!(glue.contains("    wasm.b(a);\n    wasm.memory(a);\n"), "{glue}");
        assert!(glue.contains("\n        a: function() { return wasm.c; }"), "{glue}");
        assert!(glue.contains("\n        a: import0"), "{glue}");
        assert!(glue.contains("exports.d()"), "{glue}");
    }

    #[test]
    fn an_import_that_the_glue_lacks_fails_the_build() {
        let map = MAP.replace("__wbg_now_0123", "__wbg_gone_4567");
        assert!(renamed(&guarded(GLUE).expect("patched"), &map).is_err());
    }
}
