//! In how many cases a property is tried.

use proptest::prelude::ProptestConfig;
use proptest::test_runner::RngSeed;

/// `default` cases, the same ones in each run, so that what judges a change is the same for each. `POLKU_CASES` sets how many, and takes others
/// each time: so are new ones found.
// The number of cases is the one thing that enters from outside.
#[allow(clippy::disallowed_methods)]
pub(crate) fn cases(default: u32) -> ProptestConfig {
    let cases = std::env::var("POLKU_CASES").ok().and_then(|cases| cases.parse().ok());
    ProptestConfig {
        rng_seed: if cases.is_some() { RngSeed::Random } else { RngSeed::Fixed(4) },
        // What failed is printed as the list that it is made of, which outlives a change of the generators; a stored seed does not.
        failure_persistence: None,
        ..ProptestConfig::with_cases(cases.unwrap_or(default))
    }
}
