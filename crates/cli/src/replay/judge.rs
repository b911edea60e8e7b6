//! How good the friction detectors are: labelled journeys through the same engine, and what it said of them. Behind
//! `cargo xtask bench --detectors` and the test of the same name.

use super::Journey;
use crate::cli::JudgeOptions;
use crate::failure::Failure;
use polku_core::{Config, Name};
use serde::Deserialize;
use serde_json::json;
use serde_json::value::RawValue;
use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::Path;

/// Precision and recall of every detector, at least.
pub const LEAST: f64 = 0.9;
/// Journeys of either label in a set, at least.
pub const FEWEST: usize = 10;

/// A line of a set.
#[derive(Deserialize)]
struct Case<'a> {
    case: String,
    is: bool,
    why: String,
    #[serde(borrow)]
    lines: Vec<&'a RawValue>,
}

/// How one detector did on its set.
#[derive(Debug, Clone)]
pub struct Score {
    /// The friction that it reports.
    pub detector: Name,
    /// Journeys that are, and journeys that look alike but are not.
    pub are: usize,
    /// See [`Self::are`].
    pub are_not: usize,
    /// What it got wrong.
    pub misjudged: Vec<Misjudged>,
}

/// A journey of which a detector said what is not so.
#[derive(Debug, Clone)]
pub struct Misjudged {
    /// The name of the case.
    pub case: String,
    /// Its label.
    pub is: bool,
    /// Why it is labelled so.
    pub why: String,
}

impl Score {
    fn wrong(&self, is: bool) -> usize {
        self.misjudged.iter().filter(|case| case.is == is).count()
    }

    /// Of what was reported, the share that is. Nothing reported is nothing wrong.
    #[must_use]
    pub fn precision(&self) -> f64 {
        let right = self.are - self.wrong(true);
        share(right, right + self.wrong(false))
    }

    /// Of what is, the share that was reported.
    #[must_use]
    pub fn recall(&self) -> f64 {
        share(self.are - self.wrong(true), self.are)
    }

    /// Whether both are good enough.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.precision() >= LEAST && self.recall() >= LEAST
    }
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

/// Judges every detector by its set in `folder`.
///
/// # Errors
/// When a friction has no set, a set is too small or is no friction's, or a line of one cannot be understood: nothing is left out
/// in silence.
pub fn scores(folder: &Path) -> Result<Vec<Score>, Failure> {
    let detectors: Vec<Name> = Name::ALL.iter().copied().filter(|name| name.is_friction()).collect();
    let mut faults = Vec::new();
    let files = std::fs::read_dir(folder).map_err(|why| Failure::Read(folder.display().to_string(), why))?;
    for file in files {
        let path = file.map_err(|why| Failure::Read(folder.display().to_string(), why))?.path();
        let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        if path.extension().is_some_and(|extension| extension == "jsonl")
            && !detectors.iter().any(|name| name.as_str() == stem)
        {
            faults.push(format!("{stem}.jsonl is named after no friction"));
        }
    }
    let mut scores = Vec::new();
    for detector in detectors {
        let path = folder.join(format!("{}.jsonl", detector.as_str()));
        match std::fs::read_to_string(&path) {
            Ok(text) => scores.push(score(detector, &text, &mut faults)),
            Err(why) => faults.push(format!("{} cannot be read ({why})", path.display())),
        }
    }
    if faults.is_empty() { Ok(scores) } else { Err(Failure::Sets(faults.join("\n  "))) }
}

fn score(detector: Name, text: &str, faults: &mut Vec<String>) -> Score {
    let file = format!("{}.jsonl", detector.as_str());
    let config = Config { key: "pk_judge".into(), ..Config::default() };
    let mut score = Score { detector, are: 0, are_not: 0, misjudged: Vec::new() };
    let mut known = BTreeSet::new();
    for (number, text) in (1..).zip(text.lines()) {
        let Case { case, is, why, lines } = match serde_json::from_str(text) {
            Ok(case) => case,
            Err(why) => {
                faults.push(format!("{file}:{number}: this is no case ({why})"));
                continue;
            }
        };
        if !known.insert(case.clone()) {
            faults.push(format!("{file}:{number}: there is a case {case:?} before"));
        }
        *(if is { &mut score.are } else { &mut score.are_not }) += 1;
        let mut journey = Journey::new(&config, 0, number, false);
        for (at, line) in (1..).zip(&lines) {
            if let Err(why) = journey.line(line.get()) {
                faults.push(format!("{file}:{number}: {case:?}, line {at}: {why}"));
            }
        }
        journey.end();
        if journey.has(detector) != is {
            score.misjudged.push(Misjudged { case, is, why });
        }
    }
    if score.are < FEWEST || score.are_not < FEWEST {
        faults.push(format!(
            "{file} holds {} journeys that are and {} that are not; {FEWEST} of each are the least",
            score.are, score.are_not
        ));
    }
    score
}

/// Runs `polku judge`.
///
/// # Errors
/// When the sets cannot be judged by, or a detector is not good enough.
pub fn judge(options: &JudgeOptions) -> Result<(), Failure> {
    let folder = options.sets.as_deref().unwrap_or(Path::new("tests/detectors"));
    let scores = scores(folder)?;
    let text = if options.json { as_json(&scores) } else { as_table(&scores) };
    std::io::stdout().write_all(text.as_bytes()).map_err(Failure::Stream)?;
    let bad: Vec<_> = scores.iter().filter(|score| !score.is_good()).map(|score| score.detector.as_str()).collect();
    if bad.is_empty() { Ok(()) } else { Err(Failure::Detectors(bad.join(", "))) }
}

fn as_json(scores: &[Score]) -> String {
    let cases = |score: &Score, is| {
        let cases = score.misjudged.iter().filter(|case| case.is == is);
        cases.map(|case| case.case.clone()).collect::<Vec<_>>()
    };
    let detectors: Vec<_> = scores
        .iter()
        .map(|score| {
            json!({
                "detector": score.detector.as_str(),
                "are": score.are,
                "are_not": score.are_not,
                "precision": score.precision(),
                "recall": score.recall(),
                "missed": cases(score, true),
                "false_alarms": cases(score, false),
            })
        })
        .collect();
    format!("{}\n", json!({"least": LEAST, "detectors": detectors}))
}

fn as_table(scores: &[Score]) -> String {
    let mut text = format!("{:<18} {:>4} {:>8} {:>10} {:>7}\n", "detector", "are", "are not", "precision", "recall");
    for score in scores {
        text += &format!(
            "{:<18} {:>4} {:>8} {:>10.2} {:>7.2}{}\n",
            score.detector.as_str(),
            score.are,
            score.are_not,
            score.precision(),
            score.recall(),
            if score.is_good() { "" } else { "  below" }
        );
        for Misjudged { case, is, why } in &score.misjudged {
            text += &format!("  {} {case}: {why}\n", if *is { "missed" } else { "false alarm" });
        }
    }
    let (least, whole) = (|of: fn(&Score) -> f64| scores.iter().map(of).fold(1.0, f64::min), scores.len());
    text += &format!(
        "{} of {whole} detectors reach {LEAST} in both; least precision {:.2}, least recall {:.2}\n",
        scores.iter().filter(|score| score.is_good()).count(),
        least(Score::precision),
        least(Score::recall)
    );
    text
}
