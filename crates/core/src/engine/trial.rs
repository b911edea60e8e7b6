//! What the shop tries out: `polku.variant(name, value)` splits every later view.

use super::Engine;
use crate::error::Code;
use crate::json::Writer;
use crate::words;

/// A word of a trial is this long at most, in bytes.
const WORD: usize = 24;
/// Trials whose variants are kept, at most: each splits every view, and more would single out shoppers.
const TRIALS: usize = 8;

impl Engine {
    /// The shop tries something out.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn variant(&mut self, name: &str, value: &str) {
        let mut out = Writer::default();
        out.text_member(name, value);
        let fits = |word: &str| word.len() <= WORD && words::is_plain(word);
        let fits = fits(name) && fits(value);
        if fits && words::put(&mut self.journey.variants, out.into_string(), name.len() + 3, TRIALS) {
            self.happened("", "", self.journey.stage);
        } else {
            self.fail(Code::BadVariant, "variant");
        }
    }

    /// What the shop tries out, told with the view of a page.
    pub(super) fn vary(&self, data: &mut String) {
        if !self.journey.variants.is_empty() {
            data.truncate(data.len().saturating_sub(1));
            let mut out = Writer::default();
            out.raw(if data.is_empty() { "{" } else { data });
            out.key("variant");
            self.write_variants(&mut out);
            out.raw("}");
            *data = out.into_string();
        }
    }

    /// All of it, as an object.
    pub(super) fn write_variants(&self, out: &mut Writer) {
        out.raw("{");
        for variant in &self.journey.variants {
            out.comma();
            out.raw(variant);
        }
        out.raw("}");
    }
}
