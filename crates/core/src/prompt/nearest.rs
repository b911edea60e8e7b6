//! What somebody may have meant who wrote another word.

use crate::words::parts;

/// The word of `known` (with spaces between them) that is nearest to `written`, where one is near.
pub(super) fn word<'a>(written: &str, known: &'a str) -> Option<&'a str> {
    parts(known, b' ')
        .map(|word| (distance(written, word), word))
        // A third of it may be wrong: "optinal" is near "optional", "go" is near nothing.
        .filter(|(distance, word)| *distance * 3 <= word.len() || written.eq_ignore_ascii_case(word))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, word)| word)
}

/// How many letters have to be put in, taken out or changed.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.to_ascii_lowercase().chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (nth, sign) in one.to_ascii_lowercase().chars().take(64).enumerate() {
        let mut corner = row[0];
        row[0] = nth + 1;
        for (at, wanted) in other.iter().enumerate() {
            let changed = corner + usize::from(sign != *wanted);
            corner = row[at + 1];
            row[at + 1] = changed.min(corner + 1).min(row[at] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_words_are_found_and_far_ones_are_not() {
        let known = "id ask text optional choices shuffle privacyNote";
        for (written, meant) in [
            ("optinal", "optional"),
            ("Text", "text"),
            ("choises", "choices"),
            ("privacynote", "privacyNote"),
            ("txt", "text"),
        ] {
            assert_eq!(word(written, known), Some(meant), "{written}");
        }
        for far in ["go", "colour", "", "xyz", &"a".repeat(10_000)] {
            assert_eq!(word(far, known), None);
        }
    }
}
