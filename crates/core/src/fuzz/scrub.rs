//! Any text and any address: what was found lies in the text, in order; what comes out is a text, and scrubbing it again changes nothing.
//!
//! The text is scrubbed as it is and as an address.

use crate::scrub::{scrub as texts, scrub_text, scrub_url};

/// Scrubs any text.
pub fn scrub(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let scrubbed = texts(&text);
    let mut done = 0;
    let mut masked = String::new();
    for it in &scrubbed.found {
        assert!(done <= it.start && it.start < it.end, "out of order: {scrubbed:?}");
        // Slicing panics inside a letter.
        masked.push_str(&text[done..it.start]);
        masked.push('[');
        masked.push_str(it.kind.name());
        masked.push(']');
        let _ = &text[it.start..it.end];
        done = it.end;
    }
    masked.push_str(&text[done..]);
    assert_eq!(masked, scrubbed.text, "the masks are not where they are said to be");
    assert_eq!(scrub_text(&text), scrubbed.text, "with places and without is not the same");
    let again = texts(&masked);
    assert!(again.found.is_empty() && again.text == masked, "{text:?} becomes {masked:?}, and that {:?}", again.text);
    let address = scrub_url(&text);
    assert_eq!(scrub_url(&address), address, "{text:?}");
}
