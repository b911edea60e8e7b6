//! Takes comments and needless white space out of the style sheet: it travels inside the wasm.

use std::{env, fs, path::Path};

fn main() {
    println!("cargo::rerun-if-changed=src/prompt.css");
    let source = fs::read_to_string("src/prompt.css").expect("src/prompt.css is part of this crate");
    let out = env::var_os("OUT_DIR").expect("cargo sets OUT_DIR");
    fs::write(Path::new(&out).join("prompt.css"), minify(&source)).expect("OUT_DIR can be written");
}

/// Safe for the CSS that we write, not for any: no strings with braces, colons or double spaces in them.
fn minify(source: &str) -> String {
    let mut css = String::new();
    let mut rest = source;
    while let Some((before, comment)) = rest.split_once("/*") {
        css.push_str(before);
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    css.push_str(rest);
    let mut css = css.split_whitespace().collect::<Vec<_>>().join(" ");
    // A space before ":" or "(" and around "+" means something; around these it does not.
    for mark in ["{", "}", ";", ",", ">"] {
        css = css.replace(&format!(" {mark}"), mark).replace(&format!("{mark} "), mark);
    }
    css.replace(": ", ":").replace(";}", "}")
}
