//! The scrubber as a module: what a shopper wrote comes in, what may leave comes out. Only a question that is answered in words needs it, so only such
//! a question loads it.

use polku_core::scrub::scrub_text;
use wasm_bindgen::prelude::wasm_bindgen;

#[cfg(target_arch = "wasm32")]
#[global_allocator]
// SAFETY: a module without shared memory, which this target makes, has one thread.
#[allow(unsafe_code)]
static ALLOCATOR: lol_alloc::AssumeSingleThreaded<lol_alloc::FreeListAllocator> =
    unsafe { lol_alloc::AssumeSingleThreaded::new(lol_alloc::FreeListAllocator::new()) };

/// `text` without what looks personal, `most` characters at most: in the place of each finding stands its mask, as `[email]`.
#[wasm_bindgen]
#[must_use]
pub fn scrub(text: String, most: u32) -> String {
    let mut clean = scrub_text(text.trim_ascii());
    wipe(text);
    // A mask can be longer than what it hides. What is cut short is looked at once more: it may be another number now.
    while cut(&mut clean, most as usize) {
        clean = scrub_text(&clean);
    }
    clean
}

/// Cuts `text` to `most` characters; whether there was something to cut.
fn cut(text: &mut String, most: usize) -> bool {
    let end = text.char_indices().nth(most).map(|(end, _)| end);
    if let Some(end) = end {
        text.truncate(end);
    }
    end.is_some()
}

/// What was written does not lie about in this module's memory after it was scrubbed.
#[cfg_attr(target_arch = "wasm32", inline(never))]
fn wipe(text: String) {
    let mut bytes = text.into_bytes();
    bytes.fill(0);
    // Else the compiler sees that nobody reads them.
    std::hint::black_box(&bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_personal_goes_and_the_rest_stays() {
        assert_eq!(scrub(" Soita 040 123 4567 \"heti\" ".to_owned(), 500), "Soita [phone] \"heti\"");
        assert_eq!(scrub("   ".to_owned(), 500), "");
    }

    #[test]
    fn a_mask_never_makes_a_text_too_long() {
        for most in [1, 7, 500] {
            assert_eq!(scrub("a@example.fi ".repeat(500), most).chars().count(), most as usize);
        }
        assert_eq!(scrub("äö".to_owned(), 2), "äö");
    }
}
