//! Where everything that is left to chance comes from: splitmix64, so that a seed and a number are all that a journey needs.

/// Dice that throw the same numbers for the same seed and number.
#[derive(Debug, Clone)]
pub(crate) struct Dice(u64);

impl Dice {
    /// The dice of journey `number` among those of a seed.
    pub(crate) fn new(seed: u64, number: u64) -> Self {
        // Two steps apart for neighbours, or they would throw the same numbers one after the other.
        let mut dice = Self(seed);
        let mixed = dice.next();
        Self(mixed ^ Self(number).next())
    }

    /// Dice that were thrown once already: all of a journey that runs again comes from this one number.
    pub(crate) fn of(word: u64) -> Self {
        Self(word)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// From `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.next() % (high - low + 1)
    }

    /// From `low` to `high` as people and networks are: mostly near `low`, now and then far away.
    pub(crate) fn skewed(&mut self, low: u64, high: u64) -> u64 {
        let cube = |part: u64| part * part / 1000 * part / 1000;
        low + (high - low) * cube(self.between(0, 1000)) / 1000
    }

    /// So many times out of a hundred.
    pub(crate) fn chance(&mut self, percent: u64) -> bool {
        self.next() % 100 < percent
    }

    /// In such a share of all throws, from 0 to 1.
    pub(crate) fn likely(&mut self, share: f64) -> bool {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64 <= share
    }

    pub(crate) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[(self.next() % from.len() as u64) as usize]
    }

    pub(crate) fn bytes(&mut self) -> [u8; 32] {
        std::array::from_fn(|_| (self.next() >> 56) as u8)
    }
}
