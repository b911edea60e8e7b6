//! Whole numbers of eight bytes, which JavaScript has no word for: `wasm2js` makes two numbers of each, and a store of one is two stores with a name
//! between them. Most of them are no numbers at all: the compiler moves an address and a length at once.
//!
//! 1. Before the translation what is written out at length each time becomes a call ([`calls`]): stores 2.5 % of the translated code (brotli), what compares,
//!    adds and shifts 3.5 %.
//! 2. After it what divides them does so by `BigInt` ([`division`]): 1 %.

use anyhow::{Context, Result};

/// Instructions in whose place functions are called, and what these give. Others are as short as their calls.
const CALLED: [(&str, &str); 8] = [
    ("lt_u", "i32"),
    ("gt_u", "i32"),
    ("le_u", "i32"),
    ("ge_u", "i32"),
    ("add", "i64"),
    ("sub", "i64"),
    ("shl", "i64"),
    ("shr_u", "i64"),
];

/// What is called in the place of stores: of what lies elsewhere, and of a value.
const STORES: &str = "(func $copy8 (param $to i32) (param $from i32) (i64.store align=4 (local.get $to) (i64.load align=4 (local.get $from))))
 (func $put8 (param $to i32) (param $value i64) (i64.store align=4 (local.get $to) (local.get $value)))
";

/// A module as text, `wat`, with these calls.
pub(crate) fn calls(wat: &str) -> Result<String> {
    let mut text = stores(wat)?;
    let mut functions = String::new();
    for (name, gives) in CALLED {
        let mut found = false;
        for space in [' ', '\n'] {
            let written = format!("(i64.{name}{space}");
            if text.contains(&written) {
                found = true;
                text = text.replace(&written, &format!("(call $i64.{name}{space}"));
            }
        }
        if found {
            functions.push_str(&format!(
                "(func $i64.{name} (param $a i64) (param $b i64) (result {gives}) (i64.{name} (local.get $a) (local.get $b)))\n"
            ));
        }
    }
    with(text, &functions)
}

/// `wat` with these functions at its end.
fn with(mut wat: String, functions: &str) -> Result<String> {
    let at = wat.rfind(')').context("a module without an end")?;
    wat.insert_str(at, functions);
    Ok(wat)
}

/// A module as text in which eight bytes are stored by a call. One that stands within another's address or value stays what it is, and one whose address need
/// not be a multiple of four: that takes bytes one by one.
fn stores(wat: &str) -> Result<String> {
    let mut out = String::with_capacity(wat.len());
    let mut rest = wat;
    let mut found = false;
    while let Some(at) = rest.find("(i64.store") {
        let (before, here) = rest.split_at(at);
        out.push_str(before);
        let Some([to, value]) = operands(here, "(i64.store")? else {
            out.push_str(&here[..1]);
            rest = &here[1..];
            continue;
        };
        found = true;
        let end = expression(here)?.len();
        let offset = offset(here);
        match operands(value, "(i64.load")? {
            Some([from, _]) => {
                out.push_str(&format!("(call $copy8 {} {})", address(to, offset), address(from, self::offset(value))));
            }
            None => out.push_str(&format!("(call $put8 {} {value})", address(to, offset))),
        }
        rest = &here[end..];
    }
    out.push_str(rest);
    with(out, if found { STORES } else { "" })
}

/// What an instruction is given, one or two expressions, if the text begins with this very instruction (not with `i64.store32`) at an address that is even
/// enough.
fn operands<'a>(text: &'a str, name: &str) -> Result<Option<[&'a str; 2]>> {
    let Some(rest) = text.strip_prefix(name).filter(|rest| rest.starts_with(char::is_whitespace)) else {
        return Ok(None);
    };
    if matches!(said(text, "align="), Some(1 | 2)) {
        return Ok(None);
    }
    let first = expression(&rest[rest.find('(').context("an instruction without operands")?..])?;
    let behind = after(rest, first).trim_start();
    Ok(Some([first, if behind.starts_with('(') { expression(behind)? } else { "" }]))
}

/// What stands behind a part of a text.
fn after<'a>(text: &'a str, part: &str) -> &'a str {
    &text[part.as_ptr() as usize - text.as_ptr() as usize + part.len()..]
}

/// The expression that a text begins with, to its last bracket. No texts stand in functions, whose brackets would count.
fn expression(text: &str) -> Result<&str> {
    let mut depth = 0_usize;
    for (at, sign) in text.bytes().enumerate() {
        match sign {
            b'(' => depth += 1,
            b')' => {
                depth = depth.checked_sub(1).context("a bracket that nobody opened")?;
                if depth == 0 {
                    return Ok(&text[..=at]);
                }
            }
            _ => {}
        }
    }
    anyhow::bail!("an expression without an end")
}

/// How far from its address an instruction looks.
fn offset(text: &str) -> u32 {
    said(text, "offset=").unwrap_or_default()
}

/// What an instruction says of itself.
fn said(text: &str, what: &str) -> Option<u32> {
    let head = text[1..].split('(').next().unwrap_or_default();
    head.split_whitespace().find_map(|word| word.strip_prefix(what)?.parse().ok())
}

fn address(base: &str, offset: u32) -> String {
    if offset == 0 { base.to_owned() } else { format!("(i32.add {base} (i32.const {offset}))") }
}

/// Both halves as one number, and one number as both halves.
const BIG: &str = " function big(low, high) {
  return BigInt(high) << 32n | BigInt(low >>> 0);
 }
 function halves(number) {
  i64toi32_i32$HIGH_BITS = Number(BigInt.asIntN(32, number >> 32n));
  return Number(BigInt.asIntN(32, number));
 }
";

/// What `wasm2js` calls them, and what they do. The halves of what has no sign are told so.
const ARITHMETIC: [(&str, &str); 4] = [
    ("__wasm_i64_sdiv", "big(a, b) / big(c, d)"),
    ("__wasm_i64_srem", "big(a, b) % big(c, d)"),
    ("__wasm_i64_udiv", "big(a, b >>> 0) / big(c, d >>> 0)"),
    ("__wasm_i64_urem", "big(a, b >>> 0) % big(c, d >>> 0)"),
];
/// What the last two call in turn.
const DIVIDES: &str = "_ZN17compiler_builtins3int4udiv10divmod_u64";
/// What each takes: both halves of both numbers.
const TAKES: usize = 4;

/// A translation that divides with `BigInt`. (Nothing divides by zero: Rust asks before.) One stays as it is in which `wasm2js` has left out what is the same
/// in all calls, or has put one of these into another function: from outside nobody can say then what is divided.
pub(crate) fn division(translation: &str) -> Result<String> {
    let mut text = translation.to_owned();
    for (name, does) in ARITHMETIC {
        if let Some(function) = function(&text, &format!(" function {name}("))? {
            if function.lines().next().unwrap_or_default().matches('$').count() != TAKES {
                return Ok(translation.to_owned());
            }
            let by = format!(" function {name}(a, b, c, d) {{\n  return halves({does});\n }}\n");
            text = text.replace(&function, &by);
        }
    }
    let Some(function) = function(&text, &format!(" function {DIVIDES}"))? else {
        return Ok(translation.to_owned());
    };
    text = text.replace(&function, BIG);
    Ok(if text.contains(DIVIDES) { translation.to_owned() } else { text })
}

/// The function that begins so, to its end; none where nobody calls it.
fn function(text: &str, begins: &str) -> Result<Option<String>> {
    let Some(at) = text.find(begins) else { return Ok(None) };
    let end = text[at..].find("\n }\n").context("a function without an end")?;
    Ok(Some(text[at..at + end + "\n }\n".len()].to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eight_bytes_are_stored_by_a_call() -> Result<()> {
        let wat = "(module\n (func $0\n  (i64.store offset=8 align=4\n   (local.get $1)\n   (i64.load offset=16 align=4\n    (local.get $2)\n   )\n  )\n  (i64.store\n   (local.tee $1\n    (call $5)\n   )\n   (i64.const 7)\n  )\n  (i64.store32\n   (local.get $1)\n   (local.get $3)\n  )\n  (i64.store (local.get $1)\n   (i64.load32_u (local.get $2))\n  )\n  (i64.store align=4\n   (local.get $1)\n   (i64.load align=1\n    (local.get $2)\n   )\n  )\n  (i64.store offset=3 align=1\n   (local.get $4)\n   (i64.const 1)\n  )\n )\n)";
        let text = stores(wat)?;
        assert!(
            text.contains(
                "(call $copy8 (i32.add (local.get $1) (i32.const 8)) (i32.add (local.get $2) (i32.const 16)))"
            ),
            "{text}"
        );
        assert!(text.contains("(call $put8 (local.tee $1\n    (call $5)\n   ) (i64.const 7))"), "{text}");
        assert!(text.contains("(i64.store32\n   (local.get $1)"), "four bytes of them: {text}");
        assert!(text.contains("(call $put8 (local.get $1) (i64.load32_u (local.get $2)))"), "{text}");
        assert!(text.contains("(call $put8 (local.get $1) (i64.load align=1"), "{text}");
        assert!(text.contains("(i64.store offset=3 align=1\n   (local.get $4)"), "byte by byte: {text}");
        assert_eq!(text.matches("(func $put8").count(), 1);
        assert_eq!(expression(&text)?, text);
        assert_eq!(stores("(module\n)")?, "(module\n)");
        assert!(stores("(module (i64.store (local.get $0)").is_err());
        Ok(())
    }

    #[test]
    fn what_compares_and_adds_is_a_call() -> Result<()> {
        let wat = "(module\n (func $0 (param $0 i64) (result i32)\n  (i64.lt_u\n   (i64.add (local.get $0)\n    (i64.const 1)\n   )\n   (i64.mul (local.get $0)\n    (local.get $0)\n   )\n  )\n )\n)";
        let text = calls(wat)?;
        assert!(text.contains("(call $i64.lt_u\n   (call $i64.add (local.get $0)"), "{text}");
        assert!(text.contains("(i64.mul (local.get $0)"), "{text}");
        assert!(
            text.contains("(func $i64.lt_u (param $a i64) (param $b i64) (result i32) (i64.lt_u (local.get $a)"),
            "{text}"
        );
        assert!(!text.contains("sub"), "{text}");
        assert_eq!(expression(&text)?, text);
        Ok(())
    }

    #[test]
    fn big_numbers_are_divided() -> Result<()> {
        let text = "function translated(imports) {\n var i64toi32_i32$HIGH_BITS = 0;\n function $0() {\n  return __wasm_i64_udiv(1, 2, 3, 4);\n }\n function _ZN17compiler_builtins3int4udiv10divmod_u6417h6026E($0_1) {\n  while (1) {\n  }\n }\n function __wasm_i64_udiv($0_1, $1, $2_1, $3_1) {\n  return _ZN17compiler_builtins3int4udiv10divmod_u6417h6026E($0_1);\n }\n";
        let done = division(text)?;
        assert!(done.contains("return halves(big(a, b >>> 0) / big(c, d >>> 0));"), "{done}");
        assert!(
            !done.contains("compiler_builtins") && done.contains("function big(") && done.contains("$0() {"),
            "{done}"
        );
        // Something else divides, or not all is said of what is divided.
        let other =
            text.replace("__wasm_i64_udiv(1, 2, 3, 4)", "_ZN17compiler_builtins3int4udiv10divmod_u6417h6026E(1)");
        assert_eq!(division(&other)?, other);
        let less = text.replace("__wasm_i64_udiv($0_1, $1, $2_1, $3_1)", "__wasm_i64_udiv($0_1, $1, $2_1)");
        assert_eq!(division(&less)?, less);
        assert_eq!(division("nothing\n")?, "nothing\n");
        Ok(())
    }
}
