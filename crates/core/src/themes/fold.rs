//! Texts as they are compared with stems: small letters without marks, none of them doubled.
//!
//! Doubling goes because it is what is written wrongly most, and what Finnish words change as they are inflected (`hinta`, `hinnat`).

/// A text: a space before and after each word and sign, and `^` at its beginning. Signs that end a sentence or a clause are kept as words; masks of the
/// scrubber go, and apostrophes (`don't`). `two`: `ä` is `ae`, as Germans write it where they cannot; else it is `a`.
pub(super) fn text(text: &str, two: bool) -> String {
    let mut out = String::from(" ^ ");
    let mut masked = false;
    for sign in text.chars() {
        match sign {
            '[' => masked = true,
            ']' => masked = false,
            // A mask is one word: whoever writes a bracket means something else.
            ' ' | '\n' => {
                masked = false;
                space(&mut out);
            }
            _ if masked => {}
            '\'' | '’' | '´' | '\u{308}' | '\u{30A}' | '\u{FE0F}' => {}
            '.' | ',' | '?' | '!' | ';' | ':' | '(' | ')' => {
                space(&mut out);
                out.push(match sign {
                    '?' | '!' | '.' => sign,
                    _ => ',',
                });
                space(&mut out);
            }
            _ => match letter(sign) {
                Some(folded) => push(&mut out, folded, sign, two),
                // A picture is a word.
                None if sign > '\u{2100}' => {
                    space(&mut out);
                    out.push(sign);
                    space(&mut out);
                }
                None => space(&mut out),
            },
        }
    }
    space(&mut out);
    out
}

fn space(out: &mut String) {
    if !out.ends_with(' ') {
        out.push(' ');
    }
}

/// Writes what was made of a letter.
fn push(out: &mut String, folded: char, sign: char, two: bool) {
    // Of digits each counts.
    if folded.is_ascii_digit() || !out.ends_with(folded) {
        out.push(folded);
    }
    if two && matches!(sign, 'ä' | 'ö' | 'ü' | 'Ä' | 'Ö' | 'Ü') {
        out.push('e');
    }
}

/// A letter without its mark, or a digit.
fn letter(sign: char) -> Option<char> {
    Some(match sign {
        'a'..='z' | '0'..='9' | '€' | '£' | '$' => sign,
        'ß' => 's',
        'A'..='Z' => sign.to_ascii_lowercase(),
        'À'..='Æ' | 'à'..='æ' => 'a',
        'Ç' | 'ç' => 'c',
        'È'..='Ë' | 'è'..='ë' => 'e',
        'Ì'..='Ï' | 'ì'..='ï' => 'i',
        'Ñ' | 'ñ' => 'n',
        'Ò'..='Ö' | 'Ø' | 'ò'..='ö' | 'ø' => 'o',
        'Ù'..='Ü' | 'ù'..='ü' => 'u',
        'Š' | 'š' => 's',
        'Ž' | 'ž' => 'z',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn letters_are_folded_and_signs_are_words() {
        let text = |text| super::text(text, false);
        assert_eq!(text("Hinnat ovat LIIAN kovat!!"), " ^ hinat ovat lian kovat ! ! ");
        assert_eq!(text("Größe 44, it's [fi_hetu] ok?"), " ^ grose 44 , its ok ? ");
        assert_eq!(text("nein👎🏽danke"), " ^ nein 👎 🏽 danke ");
        assert_eq!(super::text("Schön, schon groß", true), " ^ schoen , schon gros ");
        assert_eq!(text(""), " ^ ");
        // A bracket that is no mask swallows no more than its word.
        assert_eq!(text("[the size"), " ^ size ");
    }
}
