//! The friction detectors against journeys that were labelled before there were detectors. `cargo xtask bench --detectors` prints
//! the same as numbers.
#![allow(clippy::unwrap_used)]

use polku_cli::replay::{LEAST, scores};
use std::path::Path;

#[test]
fn every_detector_is_right_nine_times_in_ten() {
    // Asked for at run time: a path compiled in would tie this program to the clone that built it.
    let folder = Path::new(&std::env::var_os("CARGO_MANIFEST_DIR").unwrap()).join("../../tests/detectors");
    let scores = scores(&folder).unwrap_or_else(|why| panic!("{why}"));
    let bad: Vec<String> = scores
        .iter()
        .filter(|score| !score.is_good())
        .map(|score| {
            let cases: Vec<_> = score.misjudged.iter().map(|case| case.case.as_str()).collect();
            let (precision, recall) = (score.precision(), score.recall());
            format!("{:?}: precision {precision:.2}, recall {recall:.2}: {}", score.detector, cases.join(", "))
        })
        .collect();
    assert!(bad.is_empty(), "below {LEAST}:\n{}", bad.join("\n"));
}
