//! A text as bytes, asked without leaving it: what is beyond its ends is 0.

/// What a pattern reads at most: the longest is a UUID.
pub(super) type Signs = [u8; 36];

/// The bytes of a text.
#[derive(Clone, Copy)]
pub(super) struct Text<'a>(pub(super) &'a [u8]);

impl<'a> Text<'a> {
    /// The byte at a place.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn at(&self, at: usize) -> u8 {
        self.0.get(at).copied().unwrap_or(0)
    }

    /// What lies between two places; nothing where they are none.
    pub(super) fn part(&self, from: usize, to: usize) -> &'a [u8] {
        self.0.get(from..to).unwrap_or_default()
    }

    /// How many bytes the letter or digit at a place has; 0 where there is none.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    #[cfg_attr(not(target_arch = "wasm32"), inline)]
    pub(super) fn word_sign(&self, at: usize) -> usize {
        let byte = self.at(at);
        if byte < 0x80 { usize::from(byte.is_ascii_alphanumeric()) } else { self.letter(at) }
    }

    /// The same, of a letter that is not ASCII. Which those are is known by blocks: a table of all letters would be larger than all this.
    fn letter(&self, at: usize) -> usize {
        match (self.at(at), self.at(at + 1)) {
            // The signs for times and divided by.
            (0xC3, 0x97 | 0xB7) => 0,
            (0xC3..=0xDF, _) => 2,
            // E2 is punctuation and signs, E3 80 and EF too.
            (0xE3, 0x80) => 0,
            (0xE0 | 0xE1 | 0xE3..=0xED, _) => 3,
            _ => 0,
        }
    }

    /// Where the word that a place is in ends.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    #[cfg_attr(not(target_arch = "wasm32"), inline)]
    pub(super) fn word_end(&self, mut at: usize) -> usize {
        loop {
            match self.word_sign(at) {
                0 => return at,
                bytes => at += bytes,
            }
        }
    }

    /// Where the sign before a place begins.
    pub(super) fn before(&self, at: usize) -> usize {
        let mut from = at.saturating_sub(1);
        while from > 0 && self.at(from) & 0xC0 == 0x80 {
            from -= 1;
        }
        from
    }

    /// Whether a letter or digit ends at a place.
    pub(super) fn word_before(&self, at: usize) -> bool {
        at > 0 && self.word_sign(self.before(at)) > 0
    }

    /// How many bytes a space at a place has, one that does not break included; 0 where there is none.
    pub(super) fn space(&self, at: usize) -> usize {
        match (self.at(at), self.at(at + 1), self.at(at + 2)) {
            (b' ' | b'\t', ..) => 1,
            (0xC2, 0xA0, _) => 2,
            // Thin spaces, and the narrow one that does not break.
            (0xE2, 0x80, 0x80..=0x8A | 0xAF) => 3,
            _ => 0,
        }
    }

    /// How many bytes a dash at a place has, whatever its length; 0 where there is none.
    pub(super) fn dash(&self, at: usize) -> usize {
        match (self.at(at), self.at(at + 1), self.at(at + 2)) {
            (b'-', ..) => 1,
            (0xE2, 0x80, 0x90..=0x95) | (0xE2, 0x88, 0x92) => 3,
            _ => 0,
        }
    }

    /// Reads signs by a pattern, digits as their values and letters as capitals; where they end, and 0 where they are others or more of the same
    /// follows. In the pattern `d` is a digit, `a` a letter, `w` both, `x` hexadecimal; `~` may be a space, a dash or a dot, `_` a space, `?` a
    /// dot; `s` is the sign of a century. Others are themselves. With `most` signs it ends early.
    pub(super) fn shape(&self, at: usize, pattern: &[u8], most: usize, out: &mut Signs) -> usize {
        let end = self.read(at, pattern, most, out);
        if end > 0 && self.runs_on(end) { 0 } else { end }
    }

    /// Whether a pattern is read at a place, whatever follows.
    pub(super) fn begins(&self, at: usize, pattern: &[u8]) -> bool {
        self.read(at, pattern, pattern.len(), &mut [0; 36]) > 0
    }

    fn read(&self, mut at: usize, pattern: &[u8], most: usize, out: &mut Signs) -> usize {
        let mut count = 0;
        for &wanted in pattern {
            let sign = self.at(at).to_ascii_uppercase();
            let value = match sign {
                b'0'..=b'9' => sign - b'0',
                b'A'..=b'Z' => sign,
                _ => 0xFF,
            };
            let fits = match wanted {
                b'~' | b'_' | b'?' => {
                    at += usize::from(sign == b'.' && wanted != b'_');
                    if wanted != b'?' {
                        at += self.space(at);
                    }
                    if wanted == b'~' {
                        at += self.dash(at);
                    }
                    continue;
                }
                // The new signs came in 2023 with the reform of the register.
                b's' => {
                    let dash = self.dash(at);
                    at += dash.max(1);
                    if dash == 0 && !matches!(sign, b'+' | b'U'..=b'Y' | b'A'..=b'F') {
                        return 0;
                    }
                    continue;
                }
                b'd' => value < 10,
                b'a' => sign == value,
                b'w' => value != 0xFF,
                b'x' => value < 10 || sign.is_ascii_hexdigit(),
                other => sign == other,
            };
            if !fits {
                return 0;
            }
            at += 1;
            if value != 0xFF {
                out[count] = value;
                count += 1;
                if count == most {
                    break;
                }
            }
        }
        at
    }

    /// Whether the word at a place begins with a capital: ASCII, and the letters of two bytes that European languages use.
    pub(super) fn capital(&self, at: usize) -> bool {
        match (self.at(at), self.at(at + 1)) {
            (b'A'..=b'Z', _) => true,
            (0xC3, second) => matches!(second, 0x80..=0x9E),
            // Latin Extended-A: mostly a capital, then its small letter; behind the Ĺ the other way round.
            (0xC4, second) => (second & 1 == 0) != (second >= 0xB9),
            (0xC5, second) => (second & 1 == 0) != (second <= 0x88 || second >= 0xB9),
            _ => false,
        }
    }

    /// Whether what ends at `end` is of one piece with what follows: `-7`, `.5`, `_x`, `:30`, `,5`.
    pub(super) fn runs_on(&self, end: usize) -> bool {
        if self.word_sign(end) > 0 {
            return true;
        }
        let digit = self.at(end.wrapping_sub(1)).is_ascii_digit();
        joins(self.at(end), digit, self.at(end + 1).is_ascii_digit(), self.word_sign(end + 1) > 0, false)
    }

    /// Whether what begins at `start` goes on from what stands before it.
    pub(super) fn runs_in(&self, start: usize) -> bool {
        if self.word_before(start) {
            return true;
        }
        if start < 2 {
            return false;
        }
        let before = self.at(start - 2);
        // A mask stands for what was a word.
        let word = self.word_before(start - 1) || before == b']';
        joins(self.at(start - 1), self.at(start).is_ascii_digit(), before.is_ascii_digit(), word, true)
    }
}

/// Whether a sign joins what is on its two sides. A dash joins numbers to a word before them (`KK-10482`), and a word behind them is an ending.
fn joins(sign: u8, digit: bool, other: bool, word: bool, before: bool) -> bool {
    match sign {
        b'_' => word,
        b'-' => {
            if before {
                word
            } else {
                other
            }
        }
        b'.' | b':' | b',' | b'/' => digit && other,
        _ => false,
    }
}
