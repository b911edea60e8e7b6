//! The stems of each language. A page fetches those of its own; the command has all of them.
//!
//! A line is what its stems say, and the stems with commas between them; a line that begins with `#` is for the reader.
//!
//! | letter | says, with its weight after it |
//! |---|---|
//! | `d p y i f z k r t s` | delivery, price, payment, product information, finding, size and fit, stock, returns, technical, service |
//! | `S` `F` `C` | satisfied, frustrated, confused; the first two the other way round where they are denied |
//! | `V` | nothing, but frustrated where it is denied: `toimi` (works) |
//! | `K` | nothing, but confused where it is denied: `ymmärrä` (understand) |
//! | `N` | a wish: praise in it is no praise |
//! | `E` | (the first line) in this language `ä` can be written `ae` |
//! | `X` | denies what comes after it; `Y` also what comes before; `B`: no denial reaches over it |
//!
//! A stem begins a word; with `-` before it, it stands anywhere in one; with `_` after it, the word ends there. It can be several words, or two
//! stems with `+` between them: the second somewhere after the first in the same sentence. `^` is the beginning of a text. They are
//! written as texts are folded ([`super::fold`]): `ä` is `a`, and a letter is never doubled; a test says where they are not. What denies stands first in a file.

/// The stems of `lang`, a language without its region; none of one that is not known.
#[cfg(any(test, not(target_arch = "wasm32")))]
#[must_use]
pub fn data(lang: &str) -> Option<&'static str> {
    Some(match lang {
        "fi" => include_str!("fi.txt"),
        "sv" => include_str!("sv.txt"),
        "en" => include_str!("en.txt"),
        "de" => include_str!("de.txt"),
        _ => return None,
    })
}
