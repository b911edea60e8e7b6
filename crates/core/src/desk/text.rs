//! Makes a text harmless to show, whoever wrote it; it stays what they wrote.

/// The text with line ends as `\n`, without what cannot be seen and changes how the rest is seen, and without space around it.
///
/// Gone are control characters but tab and line feed, the characters that switch the direction of what follows (U+202A to U+202E and U+2066 to
/// U+2069: a message could seem to say something else, and reach beyond its own end), the byte order mark, and the ones that annotate between lines. Left
/// are the marks of direction (U+200E, U+200F, U+061C), which turn nothing around and Arabic and Hebrew need, and the joiners that scripts and emoji need.
pub fn clean(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\r' => {
                if letters.peek() != Some(&'\n') {
                    kept.push('\n');
                }
            }
            '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{B}' | '\u{C}' => kept.push('\n'),
            '\n' | '\t' => kept.push(letter),
            _ if is_unseen(letter) => {}
            _ => kept.push(letter),
        }
    }
    let trimmed = kept.trim();
    if trimmed.len() == kept.len() { kept } else { trimmed.to_owned() }
}

/// The same on one line, of at most `most` characters: a name.
pub fn one_line(text: &str, most: usize) -> String {
    let text = clean(text);
    let mut line = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    let end = line.char_indices().nth(most).map_or(line.len(), |(at, _)| at);
    line.truncate(end);
    line.truncate(line.trim_end().len());
    line
}

fn is_unseen(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0001}')
        // Not characters, and never to be exchanged.
        || matches!(letter, '\u{FDD0}'..='\u{FDEF}')
        || u32::from(letter) & 0xFFFE == 0xFFFE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_goes_and_the_rest_stays() {
        for (given, kept) in [
            ("  Hei!\r\nMissä\rtilaus?\n ", "Hei!\nMissä\ntilaus?"),
            ("a\0b\u{7}c\u{1b}[31md\u{9b}", "abc[31md"),
            ("pay \u{202E}lruof\u{202C} \u{2066}x\u{2069}", "pay lruof x"),
            ("\u{FEFF}x\u{2028}y\u{2029}z", "x\ny\nz"),
            ("שלום\u{200F}! \u{200E}ok", "שלום\u{200F}! \u{200E}ok"),
            ("👩\u{200D}💻 a\tb", "👩\u{200D}💻 a\tb"),
            ("<b onclick=x>&amp;", "<b onclick=x>&amp;"),
            ("\u{202E}\u{0}\n", ""),
            ("\u{FFFF}\u{FDD0}\u{1FFFE}ok", "ok"),
        ] {
            assert_eq!(clean(given), kept, "{given:?}");
        }
    }

    #[test]
    fn a_name_is_one_line() {
        assert_eq!(one_line(" Maija\n\u{202E} Meikäläinen ", 40), "Maija Meikäläinen");
        assert_eq!(one_line("äöå äöå", 4), "äöå");
        assert_eq!(one_line("\n", 4), "");
    }
}
