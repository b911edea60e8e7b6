//! What is met adds up; what has most of it is said.

use super::near::near;
use super::sight::Sight;
use super::{Understood, fold};
use crate::words::{cut, parts};

/// The letters of the themes, in the order of [`super::THEMES`]; the last is what is said where none of them is.
const LETTERS: &[u8] = b"dpyifzkrts";
/// How often a theme is named says little of whether there is another: beyond this it does not count against others.
const MOST: i32 = 4;
/// The place of stock among the themes.
const STOCK: u16 = 6;
/// What a theme or a feeling needs to be said.
const ENOUGH: i32 = 2;

/// The stems of a language.
pub struct Stems<'a> {
    stems: &'a str,
    /// `ä` is `ae` in this language.
    two: bool,
}

/// How much there is of each feeling, in the order of [`super::EMOTIONS`]; the last are wishes.
type Felt = [i32; 4];

impl<'a> Stems<'a> {
    /// Takes the [data](super::data()) of a language.
    #[must_use]
    pub fn new(stems: &'a str) -> Self {
        Self { stems, two: stems.as_bytes().first() == Some(&b'E') }
    }

    /// What a text is about, and how its writer felt.
    #[must_use]
    pub fn understand(&self, text: &str) -> Understood {
        let text = fold::text(text, self.two);
        let mut sight = Sight { text: &text, marks: Vec::new() };
        let mut themes = [0; LETTERS.len()];
        let mut felt = [0; 4];
        for (line, stem) in self.all() {
            let line = line.as_bytes();
            let [kind, says @ ..] = line else { continue };
            if let b'X' | b'Y' | b'B' = kind {
                let mut marks = Vec::new();
                sight.find(stem, &mut |start, _| {
                    marks.push((start, *kind));
                    false
                });
                sight.marks.append(&mut marks);
                weigh(&sight, says, stem, &mut themes, &mut felt);
            } else {
                weigh(&sight, line, stem, &mut themes, &mut felt);
            }
        }
        let mut said = about(&themes);
        if said == 0 {
            for word in parts(&text, b' ') {
                for (says, stem) in self.all() {
                    if near(word.as_bytes(), stem.as_bytes()) {
                        each(says.as_bytes(), &mut |letter, weight| add(&mut themes, letter, weight));
                    }
                }
            }
            said = about(&themes);
        }
        if said == 0 {
            said = 1 << LETTERS.len();
        }
        // Whether there is some of it is asked by whoever wants it, and understands well.
        if said & 1 << STOCK != 0 {
            felt[2] -= 2;
        }
        felt[2] -= felt[3] / 2;
        Understood { themes: said, emotion: feeling(felt) }
    }

    /// Each stem, and what its line says.
    fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        parts(self.stems, b'\n')
            .map(|line| cut(line, b' '))
            .filter(|(says, _)| !matches!(says.as_bytes(), [b'#', ..]))
            .flat_map(|(says, stems)| parts(stems, b',').map(move |stem| (says, stem)))
    }
}

/// Calls `run` with each letter of what a line says, and its weight.
fn each(bytes: &[u8], run: &mut dyn FnMut(u8, i32)) {
    let mut at = 0;
    while at < bytes.len() {
        let letter = bytes[at];
        let minus = bytes.get(at + 1) == Some(&b'-');
        at += 1 + usize::from(minus);
        let weight = bytes.get(at).map_or(0, |digit| i32::from(digit.wrapping_sub(b'0')));
        at += 1;
        run(letter, if minus { -weight } else { weight });
    }
}

fn add(themes: &mut [i32; LETTERS.len()], letter: u8, weight: i32) {
    for (theme, own) in themes.iter_mut().zip(LETTERS) {
        if *own == letter {
            *theme += weight;
        }
    }
}

/// Adds what a stem says, once, however often it stands there.
fn weigh(sight: &Sight<'_>, says: &[u8], stem: &str, themes: &mut [i32; LETTERS.len()], felt: &mut Felt) {
    let (mut met, mut plain, mut denied) = (false, false, false);
    sight.find(stem, &mut |start, end| {
        met = true;
        if sight.denied(start, end) {
            denied = true;
        } else {
            plain = true;
        }
        plain && denied
    });
    if !met {
        return;
    }
    let [satisfied, frustrated, confused, wish] = felt;
    each(says, &mut |letter, weight| match letter {
        b'S' if denied => *frustrated += weight,
        b'S' => *satisfied += weight,
        // What is not bad is not yet good.
        b'F' if plain => *frustrated += weight,
        b'F' => *satisfied += weight / 2,
        b'V' if denied => *frustrated += weight,
        b'K' if denied => *confused += weight,
        b'C' => *confused += weight,
        b'N' => *wish += weight,
        letter => add(themes, letter, weight),
    });
}

/// The themes of which there is enough: the strongest, and what is more than half as strong.
fn about(themes: &[i32; LETTERS.len()]) -> u16 {
    let most = themes.iter().copied().max().unwrap_or_default();
    let mut said = 0;
    for (nth, weight) in themes.iter().enumerate() {
        if *weight >= ENOUGH && *weight * 2 > most.min(MOST) {
            said |= 1 << nth;
        }
    }
    said
}

fn feeling([satisfied, frustrated, confused, wish]: Felt) -> u8 {
    let satisfied = satisfied - wish;
    // One hint of confusion is none: each question has it. One of anger is, but not where something is wished for or asked.
    if confused >= ENOUGH && confused >= frustrated.max(satisfied) {
        2
    } else if frustrated > 0 && frustrated >= satisfied && (frustrated >= ENOUGH || wish + confused < 1) {
        1
    } else if satisfied > 0 && (satisfied >= ENOUGH || confused < 1) {
        0
    } else {
        3
    }
}
