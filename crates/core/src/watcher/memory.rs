//! What a watcher has to know on the next page, as one word: texts with a bar between them, of which some are numbers with a comma
//! before each. The engine stores it with the journey's other words, guards it with their sum, and never looks into it.

use super::Watcher;
use super::friction::marks::MARKS;
use super::walk::{COUNTS, SHARES, Walk};
use crate::json::Writer;
use crate::record::MOST;
use crate::stage::Stage;
use crate::words;

/// A share is written as this × its value + its place: most are none, and are left out.
const PLACES: u64 = 64;
const _: () = assert!(SHARES * Stage::MOST <= PLACES as usize);

impl Watcher {
    /// The word.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn memory(&self) -> String {
        let walk = &self.walk;
        let mut out = Writer::sized(1024);
        for text in [&self.heard.id, &walk.tab, &walk.currency] {
            out.raw(text);
            out.raw("|");
        }
        let mut shares = Vec::new();
        for (at, &share) in walk.shares.as_flattened().iter().enumerate() {
            if share > 0 {
                shares.push(share * PLACES + at as u64);
            }
        }
        for list in [&self.marks[..], &walk.counts[..], &shares, &walk.path, &walk.marks] {
            out.numbers(list);
            out.raw("|");
        }
        for score in &walk.scores {
            out.raw(score);
            out.raw("|");
        }
        out.into_string()
    }

    /// The other way round. What is no such word is forgotten.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn remember(&mut self, word: &str) {
        self.forget();
        let mut at = 0;
        let (id, walk) = (&mut self.heard.id, &mut self.walk);
        words::split(word, b'|', &mut |part| {
            let numbers = if (3..8).contains(&at) { words::numbers(part) } else { Vec::new() };
            match at {
                0 => part.clone_into(id),
                1 => part.clone_into(&mut walk.tab),
                2 => part.clone_into(&mut walk.currency),
                3 if numbers.len() == MARKS => self.marks.copy_from_slice(&numbers),
                4 if numbers.len() == COUNTS => walk.counts.copy_from_slice(&numbers),
                5 => {
                    for share in numbers {
                        if let Some(place) = walk.shares.as_flattened_mut().get_mut((share % PLACES) as usize) {
                            *place = (share / PLACES).min(MOST);
                        }
                    }
                }
                6 => walk.path = numbers,
                7 => walk.marks = numbers,
                8.. if !part.is_empty() => walk.scores.push(part.to_owned()),
                _ => {}
            }
            at += 1;
        });
    }

    /// Another journey begins, or another page of this tab has gone on with it.
    pub(super) fn forget(&mut self) {
        self.heard.id.clear();
        self.marks = Default::default();
        self.walk = Walk::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watcher::Scope;

    fn watcher() -> Watcher {
        let mut watcher = Watcher::new(Scope::default());
        watcher.heard.id = "9xk2m4t0c7qe3fzb".into();
        watcher.marks = core::array::from_fn(|i| MOST - i as u64);
        watcher.walk = Walk {
            tab: "k3v9a".into(),
            currency: "EUR".into(),
            counts: core::array::from_fn(|i| i as u64 * 7),
            shares: core::array::from_fn(|i| core::array::from_fn(|j| (i * j) as u64)),
            path: vec![7, 1 << 40],
            marks: vec![3],
            scores: vec![r#"{"prompt":"order-nps","step":"score","ask":"nps","score":9}"#.into()],
        };
        watcher
    }

    #[test]
    fn what_is_written_is_remembered() {
        let before = watcher();
        let word = before.memory();
        assert!(word.bytes().all(|byte| byte > b' ' && byte != b';'), "one word of a record: {word}");
        let mut after = Watcher::new(Scope::default());
        after.walk.path = vec![9; 9];
        after.remember(&word);
        assert_eq!((&after.walk, after.marks, &after.heard.id), (&before.walk, before.marks, &before.heard.id));
        after.remember("");
        assert_eq!((&after.walk, after.marks), (&Walk::default(), [0; MARKS]));
    }

    proptest::proptest! {
        #[test]
        fn any_word_is_survived(word in "[0-9,|a-z{}]{0,80}", cut in 0_usize..400) {
            let mut watcher = watcher();
            let whole = watcher.memory();
            watcher.remember(&word);
            watcher.remember(&whole[..cut.min(whole.len())]);
            let _ = watcher.memory();
        }
    }
}
