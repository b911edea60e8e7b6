//! Themes and emotion as a module: a text without what looks personal comes in, names come out. Only a question that is answered in words needs it, and
//! only where there are stems for its language.

use polku_core::json::Writer;
use polku_core::themes::Stems;
use wasm_bindgen::prelude::wasm_bindgen;

#[cfg(target_arch = "wasm32")]
#[global_allocator]
// SAFETY: a module without shared memory, which this target makes, has one thread.
#[allow(unsafe_code)]
static ALLOCATOR: lol_alloc::AssumeSingleThreaded<lol_alloc::FreeListAllocator> =
    unsafe { lol_alloc::AssumeSingleThreaded::new(lol_alloc::FreeListAllocator::new()) };

/// `"themes":["delivery"],"emotion":"frustrated"`: what `text` is about by the stems of its language. They are given each time: one function of two
/// texts is the least glue, and to read them takes less than a frame by far.
#[wasm_bindgen]
#[must_use]
pub fn understand(text: String, stems: String) -> String {
    let mut json = Writer::default();
    Stems::new(&stems).understand(&text).write(&mut json);
    wipe(text);
    json.into_string()
}

/// What was written does not lie about in this module's memory for longer than it must.
#[cfg_attr(target_arch = "wasm32", inline(never))]
fn wipe(text: String) {
    let mut bytes = text.into_bytes();
    bytes.fill(0);
    // Else the compiler sees that nobody reads them.
    std::hint::black_box(&bytes);
}

#[cfg(test)]
mod tests {
    use super::understand;

    #[test]
    fn names_come_out() {
        let stems = "XF1 ei_\nd3F2 myohas\n";
        assert_eq!(
            understand("Paketti on myöhässä".to_owned(), stems.to_owned()),
            r#""themes":["delivery"],"emotion":"frustrated""#
        );
        assert_eq!(understand(String::new(), String::new()), r#""themes":["other"],"emotion":"neutral""#);
    }
}
