//! Ids from raw entropy, and a seeded generator for jitter. Neither rolls dice: the entropy is an input.

use crate::json::Writer;

/// Crockford's base 32: no letter that reads like a digit.
const ALPHABET: &str = "0123456789abcdefghjkmnpqrstvwxyz";

/// Entropy from the browser, drawn down as ids are made.
pub(crate) struct Entropy {
    bytes: Vec<u8>,
    /// Feeds jitter, and ids when the pool has run dry (which the engine prevents by asking for more).
    seed: u64,
}

impl Default for Entropy {
    fn default() -> Self {
        Self::NEW
    }
}

impl Entropy {
    /// None yet.
    pub(crate) const NEW: Self = Self { bytes: Vec::new(), seed: 0 };

    /// Takes in 32 fresh bytes.
    pub(crate) fn refill(&mut self, fresh: [u8; 32]) {
        self.bytes.clear();
        self.bytes.extend_from_slice(&fresh);
        for &byte in &fresh {
            self.seed = self.seed.rotate_left(5) ^ u64::from(byte).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        }
    }

    /// Whether the pool should be refilled before the next input: one journey id and two legs must always be there.
    pub(crate) fn is_low(&self) -> bool {
        self.bytes.len() < 26
    }

    /// An id of `chars` base-32 characters, 5 bits each.
    pub(crate) fn id(&mut self, chars: usize) -> String {
        let mut id = Writer::default();
        for _ in 0..chars {
            let byte = match self.bytes.pop() {
                Some(byte) => byte,
                None => (self.next() >> 56) as u8,
            };
            id.one_of(ALPHABET, usize::from(byte & 31));
        }
        id.into_string()
    }

    /// A number in `0..=max`, from the seeded generator (splitmix64).
    pub(crate) fn up_to(&mut self, max: u64) -> u64 {
        self.next() % (max + 1)
    }

    fn next(&mut self) -> u64 {
        self.seed = self.seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.seed;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
}

/// A hash of `text` (FNV-1a) that goes on from `seed`: tells two order numbers of one visit apart, and does not give one away.
pub(crate) fn hash(seed: u64, text: &str) -> u64 {
    let mut hash = seed ^ 0xCBF2_9CE4_8422_2325;
    for byte in text.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
    }
    hash
}

/// Whether `hash` is one of `known`. The standard library's search looks at several at once, which takes a page more bytes than it saves time.
#[cfg_attr(target_arch = "wasm32", inline(never))]
pub(crate) fn is_known(known: &[u64], hash: u64) -> bool {
    let mut left = known.len();
    while left > 0 {
        left -= 1;
        if known[left] == hash {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_use_each_byte_once_and_are_base_32() {
        let mut entropy = Entropy::default();
        entropy.refill(core::array::from_fn(|i| i as u8));
        let id = entropy.id(16);
        assert_eq!(id, "zyxwvtsrqpnmkjhg");
        assert_ne!(entropy.id(16), id);
        assert!(entropy.is_low());
    }

    #[test]
    fn a_dry_pool_still_gives_differing_ids() {
        let mut entropy = Entropy::default();
        assert_ne!(entropy.id(16), entropy.id(16));
    }

    #[test]
    fn jitter_stays_in_its_bounds_and_moves() {
        let mut entropy = Entropy::default();
        entropy.refill([3; 32]);
        let rolls: Vec<u64> = (0..1000).map(|_| entropy.up_to(9)).collect();
        assert!(rolls.iter().all(|&roll| roll <= 9));
        assert!((0..=9).all(|n| rolls.contains(&n)));
    }
}
