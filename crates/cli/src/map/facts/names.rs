//! Words that occur over and over, as small numbers: a million journeys fit into memory.

use std::collections::HashMap;
use std::hash::Hash;

/// A word of one [`Names`].
pub type Id = u16;
/// No word: what was not told.
pub const NONE: Id = 0;

/// What is counted by numbers of our own, for each journey: a hash that withstands chosen keys took half of a walk.
pub type ById<K, V> = rustc_hash::FxHashMap<K, V>;

/// Words by number, numbers by word. 65,535 of them at most; what comes after is [`NONE`], as if it had not been told.
#[derive(Debug)]
pub struct Names<T = String> {
    ids: HashMap<T, Id>,
    words: Vec<T>,
}

impl<T: Clone + Default + Eq + Hash> Default for Names<T> {
    fn default() -> Self {
        Self { ids: HashMap::new(), words: vec![T::default()] }
    }
}

impl<T: Clone + Eq + Hash> Names<T> {
    /// The number of a word, a new one where it is new.
    pub fn of(&mut self, word: &T) -> Id {
        if let Some(id) = self.ids.get(word) {
            return *id;
        }
        let Ok(id) = Id::try_from(self.words.len()) else { return NONE };
        self.words.push(word.clone());
        self.ids.insert(word.clone(), id);
        id
    }

    /// The number of a word that may be known.
    pub fn find(&self, word: &T) -> Option<Id> {
        self.ids.get(word).copied()
    }

    /// The word of a number.
    pub fn word(&self, id: Id) -> &T {
        &self.words[usize::from(id)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_keeps_its_number_and_too_many_are_none() {
        let mut names = Names::<String>::default();
        let (a, b) = (names.of(&"a".to_owned()), names.of(&"b".to_owned()));
        assert_eq!((a, b, names.of(&"a".to_owned())), (1, 2, 1));
        assert_eq!((names.word(b).as_str(), names.find(&"c".to_owned())), ("b", None));
        for number in 0..70_000 {
            names.of(&number.to_string());
        }
        assert_eq!(names.words.len(), 65_536);
        assert_eq!(names.of(&"z".to_owned()), NONE);
    }
}
