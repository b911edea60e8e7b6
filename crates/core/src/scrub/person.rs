//! Names, and only where a word says that one follows: nothing else is known of them.

use super::Kind;
use super::hit::Hit;
use super::labels::{Class, class};
use super::scan::Scan;
use super::text::Text;

/// Words of a name, at most.
const MOST: usize = 3;

/// The name behind a word of `cue` that ends at `end`.
pub(super) fn after(scan: &mut Scan, cue: Class, end: usize) -> Hit {
    let text = scan.text;
    let before = |back: usize| scan.words.len().checked_sub(back + 1).map_or(Class::None, |at| scan.words[at].class);
    let fits = match cue {
        // My name is; le nom est. The ending of `nimeni` says whose.
        Class::Is => match (before(2), before(1)) {
            (Class::My, Class::Name) | (Class::Name, Class::My) => true,
            (_, Class::Name) => {
                scan.words.iter().rev().nth(1).is_some_and(|word| text.part(word.start, word.end).ends_with(b"ni"))
            }
            _ => false,
        },
        Class::Called => before(1) == Class::I,
        _ => true,
    };
    if !fits {
        return Hit::NONE;
    }
    // What may stand between: a comma, an end of line, a dash.
    let mut at = end;
    let closes = matches!(cue, Class::Bye);
    for _ in 0..4 {
        match text.at(at) {
            b'\n' | b'\r' | b',' | b'.' | b'!' | b':' if closes => at += 1,
            b':' | b'"' => at += 1,
            _ => at += text.space(at).max(if closes { text.dash(at) } else { 0 }),
        }
    }
    let to = name(text, at);
    // A greeting is followed by a comma or ends there.
    if cue == Class::Greeting && !matches!(text.at(to), b',' | b'!' | b'\n' | 0) {
        return Hit::NONE;
    }
    scan.start = at;
    Hit::new(Kind::Person, to)
}

/// Where the name that begins at `start` ends, 0 where none does: capitalised words, with `von` or an initial between them.
fn name(text: &Text, start: usize) -> usize {
    let (mut at, mut end) = (start, 0);
    for nth in 0..MOST {
        if !text.capital(at) {
            break;
        }
        let mut to = text.word_end(at);
        let one = to - at;
        // Anna-Liisa, O'Brien.
        while (text.at(to) == b'-' || text.at(to) == b'\'') && text.capital(to + 1) {
            to = text.word_end(to + 1);
        }
        if text.part(at, to).iter().any(u8::is_ascii_digit) {
            break;
        }
        let initial = one == 1 && text.at(to) == b'.';
        let known = class(text.part(at, to));
        // `Frau Müller`: the title is no part of the name, which begins behind it.
        if known != Class::None && one > 1 || one < 2 && !initial && nth == 0 {
            break;
        }
        if initial && nth > 0 {
            to += 1;
        } else if initial {
            // An initial alone is no name.
            to += 1;
            at = to + text.space(to);
            continue;
        }
        end = to;
        let space = text.space(to);
        if space == 0 {
            break;
        }
        at = to + space;
        let particle = text.word_end(at);
        if class(text.part(at, particle)) == Class::Particle
            && text.space(particle) > 0
            && text.capital(particle + 1)
            && !text.capital(at)
        {
            at = particle + 1;
        }
    }
    end
}
