//! The short rule for text that every page's module can afford: no e-mail address and no long number leaves.
//!
//! What is written at length goes through the full scrubber of the prompt's module; this one is for search terms and property values.

/// Seven digits: the shortest run that can be a phone number or an identifier, and longer than prices, years and sizes.
pub(crate) const LONG_NUMBER: usize = 7;

/// What may leave of a short value (a search term, a property): all of it, or only what kind of thing it held. Every page's
/// module can afford no more; what is written at length goes through the full scrubber in the prompt's.
pub(crate) fn short_rule(text: &str) -> &str {
    let mut digits = 0;
    for byte in text.bytes() {
        match byte {
            b'@' => return "[email]",
            b'0'..=b'9' => digits += 1,
            _ => {}
        }
    }
    if digits < LONG_NUMBER { text } else { "[number]" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_values_leave_whole_or_as_their_kind() {
        for (text, kept) in [
            ("espresso 250 g", "espresso 250 g"),
            ("mail a@example.fi", "[email]"),
            ("+358 40 1234567", "[number]"),
            ("", ""),
        ] {
            assert_eq!(short_rule(text), kept);
        }
    }
}
