//! The order in which choices are shown: shuffled so that the first is not chosen more often, the same for one shopper however often it is drawn.

use super::{Ask, Choice, Step};

impl<'a> Step<'a> {
    /// The choices in the order to show to the submission `sub`. `other` and `none` stay where they are, and the last one unless all are shuffled.
    #[must_use]
    pub fn shown(self, sub: &str) -> Vec<Choice<'a>> {
        let mut choices = self.choices();
        let shuffle = match self.tree().get("shuffle").text() {
            "" if self.known() == Some(Ask::Discovery) => "exceptLast",
            shuffle => shuffle,
        };
        if !matches!(shuffle, "all" | "exceptLast") {
            return choices;
        }
        let last = if shuffle == "all" { choices.len() } else { choices.len().saturating_sub(1) };
        let mut free = Vec::new();
        for (at, one) in choices.iter().enumerate().take(last) {
            if !one.is_other() && !one.is_none() {
                free.push(at);
            }
        }
        let mut seed = 0x811C_9DC5_u32;
        for text in [sub, self.id()] {
            for byte in text.bytes() {
                seed = (seed ^ u32::from(byte)).wrapping_mul(0x0100_0193);
            }
        }
        // From behind, each changes places with one before it or with itself: every order is as likely as another.
        for nth in (1..free.len()).rev() {
            // One step of xorshift: FNV alone (above) leaves its low bits too regular for a remainder.
            seed ^= seed << 13;
            seed ^= seed >> 17;
            seed ^= seed << 5;
            if let (Some(&one), Some(&other)) = (free.get(nth), free.get(seed as usize % (nth + 1))) {
                choices.swap(one, other);
            }
        }
        choices
    }
}
