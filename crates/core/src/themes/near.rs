//! Words that are written wrongly by one letter.

/// A stem shorter than this is too near to other words.
const SHORTEST: usize = 6;

/// Whether `word` begins with `stem` but for one letter: another, one too many, one too few, or two that have changed places. The first is never wrong.
pub(super) fn near(word: &[u8], stem: &[u8]) -> bool {
    if stem.len() < SHORTEST {
        return false;
    }
    let mut at = 0;
    while at < word.len() && at < stem.len() && word[at] == stem[at] {
        at += 1;
    }
    if at == 0 || at == stem.len() {
        return false;
    }
    let begins = |skip: usize, of: usize| {
        let (word, stem) = (word.get(at + skip..).unwrap_or_default(), stem.get(at + of..).unwrap_or_default());
        word.starts_with(stem)
    };
    begins(1, 1) || begins(1, 0) || begins(0, 1) || {
        let swapped = word.get(at) == stem.get(at + 1) && word.get(at + 1) == stem.get(at);
        swapped && begins(2, 2)
    }
}

#[cfg(test)]
mod tests {
    use super::near;

    #[test]
    fn one_letter_may_be_wrong() {
        for word in ["toimutus", "toinitus", "tomitus", "toiimitu", "toimtiuksen", "toimixtus"] {
            assert!(near(word.as_bytes(), b"toimitu"), "{word}");
        }
        for word in ["toiminta", "soimitus", "toimitus", "tmtuus", "to", ""] {
            assert!(!near(word.as_bytes(), b"toimitu"), "{word}");
        }
        assert!(!near(b"kaku", b"haku"), "too short to tell");
    }
}
