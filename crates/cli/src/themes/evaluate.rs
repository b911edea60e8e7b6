//! How good the themes are: sentences that were labelled by hand, and what is made of them.

use super::Languages;
use crate::failure::Failure;
use polku_core::themes::{EMOTIONS, THEMES};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

/// A labelled sentence.
#[derive(Deserialize)]
struct Labelled {
    text: String,
    lang: String,
    themes: Vec<String>,
    emotion: String,
}

/// What was hit of a class.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Score {
    /// How often it was labelled.
    pub labelled: usize,
    /// How often it was said.
    pub said: usize,
    /// How often both.
    pub hits: usize,
}

/// Scores by class.
type Classes = BTreeMap<String, Score>;

/// What came of a file.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// How many sentences were judged.
    pub sentences: usize,
    /// Of themes, by language; under `all` of all of them.
    themes: BTreeMap<String, Classes>,
    /// Of emotions, likewise.
    emotions: BTreeMap<String, Classes>,
    /// What is wrong with lines, with their numbers.
    pub wrong: Vec<(usize, String)>,
}

impl Score {
    fn share(part: usize, whole: usize) -> f64 {
        if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
    }

    /// Of what was said, how much was labelled so.
    #[must_use]
    pub fn precision(self) -> f64 {
        Self::share(self.hits, self.said)
    }

    /// Of what was labelled so, how much was said.
    #[must_use]
    pub fn recall(self) -> f64 {
        Self::share(self.hits, self.labelled)
    }

    /// The harmonic mean of both.
    #[must_use]
    pub fn f1(self) -> f64 {
        Self::share(2 * self.hits, self.labelled + self.said)
    }
}

/// The mean of the classes' F1: each counts the same, however rare. One that was neither labelled nor said is none.
fn macro_f1(classes: Option<&Classes>) -> f64 {
    let met: Vec<f64> =
        classes.into_iter().flatten().filter(|(_, it)| it.labelled + it.said > 0).map(|(_, it)| it.f1()).collect();
    if met.is_empty() { 0.0 } else { met.iter().sum::<f64>() / met.len() as f64 }
}

/// Judges by the sentences of a file.
///
/// # Errors
/// When it cannot be read.
pub fn report(file: &Path) -> Result<Report, Failure> {
    let bytes = std::fs::read(file).map_err(|why| Failure::Read(file.display().to_string(), why))?;
    let text = String::from_utf8_lossy(&bytes);
    let languages = Languages::default();
    let mut report = Report::default();
    for (number, line) in (1..).zip(text.trim_start_matches('\u{FEFF}').lines()) {
        if !line.trim().is_empty() {
            match labelled(line) {
                Ok(it) => report.add(&it, &languages),
                Err(why) => report.wrong.push((number, why)),
            }
        }
    }
    Ok(report)
}

fn labelled(line: &str) -> Result<Labelled, String> {
    let it: Labelled = serde_json::from_str(line).map_err(|why| {
        format!("this is no labelled sentence ({why}); write {{\"text\",\"lang\",\"themes\":[…],\"emotion\"}}")
    })?;
    let known = |names: &str, name: &str| names.split(' ').any(|known| known == name);
    if let Some(theme) = it.themes.iter().find(|theme| !known(THEMES, theme)) {
        return Err(format!("themes: {theme} is none; write some of {THEMES}"));
    }
    if !known(EMOTIONS, &it.emotion) {
        return Err(format!("emotion: {} is none; write one of {EMOTIONS}", it.emotion));
    }
    Ok(it)
}

impl Report {
    fn add(&mut self, it: &Labelled, languages: &Languages) {
        self.sentences += 1;
        let answer = languages.understand(&it.text, &it.lang);
        let themes: Vec<&str> = it.themes.iter().map(String::as_str).collect();
        for lang in [it.lang.as_str(), "all"] {
            count(self.themes.entry(lang.to_owned()).or_default(), &themes, &answer.themes);
            count(self.emotions.entry(lang.to_owned()).or_default(), &[&it.emotion], &[answer.emotion]);
        }
    }

    /// Macro-F1 of the themes.
    #[must_use]
    pub fn themes(&self) -> f64 {
        macro_f1(self.themes.get("all"))
    }

    /// Macro-F1 of the emotions.
    #[must_use]
    pub fn emotions(&self) -> f64 {
        macro_f1(self.emotions.get("all"))
    }
}

fn count(classes: &mut Classes, labelled: &[&str], said: &[&str]) {
    for name in labelled {
        let class = classes.entry((*name).to_owned()).or_default();
        class.labelled += 1;
        class.hits += usize::from(said.contains(name));
    }
    for name in said {
        classes.entry((*name).to_owned()).or_default().said += 1;
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, why) in &self.wrong {
            writeln!(f, "line {number}: {why}")?;
        }
        writeln!(f, "sentences {}", self.sentences)?;
        writeln!(f, "themes macro-F1 {:.4}", self.themes())?;
        writeln!(f, "emotion macro-F1 {:.4}", self.emotions())?;
        for (what, names, languages) in [("themes", THEMES, &self.themes), ("emotion", EMOTIONS, &self.emotions)] {
            let all = languages.get("all").cloned().unwrap_or_default();
            writeln!(f, "\n{what:<20}{:>9}{:>9}{:>11}{:>9}{:>9}", "labelled", "said", "precision", "recall", "F1")?;
            for name in names.split(' ') {
                let it = all.get(name).copied().unwrap_or_default();
                writeln!(
                    f,
                    "{name:<20}{:>9}{:>9}{:>11.4}{:>9.4}{:>9.4}",
                    it.labelled,
                    it.said,
                    it.precision(),
                    it.recall(),
                    it.f1()
                )?;
            }
            for (lang, classes) in languages.iter().filter(|(lang, _)| *lang != "all") {
                writeln!(f, "macro-F1 of {lang:<8}{:>47.4}", macro_f1(Some(classes)))?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_count_alike_and_those_not_met_do_not() {
        let mut classes = Classes::new();
        count(&mut classes, &["price", "delivery"], &["price"]);
        count(&mut classes, &["price"], &["price", "stock"]);
        assert_eq!(classes["price"], Score { labelled: 2, said: 2, hits: 2 });
        // price 1, delivery 0, stock 0.
        assert!((macro_f1(Some(&classes)) - 1.0 / 3.0).abs() < 1e-9);
        assert!(macro_f1(None).abs() < 1e-9);
        assert!((Score { labelled: 4, said: 2, hits: 1 }.f1() - 1.0 / 3.0).abs() < 1e-9);
    }

    #[test]
    fn a_label_that_is_none_is_told() {
        let wrong = |line: &str| labelled(line).err().unwrap_or_default();
        assert!(
            wrong(r#"{"text":"a","lang":"fi","themes":["postage"],"emotion":"neutral"}"#)
                .starts_with("themes: postage")
        );
        assert!(wrong(r#"{"text":"a","lang":"fi","themes":[],"emotion":"sad"}"#).starts_with("emotion: sad"));
        assert!(wrong(r#"{"text":"a"}"#).contains("no labelled sentence"));
        assert_eq!(wrong(r#"{"text":"a","lang":"fi","themes":["other"],"emotion":"neutral","id":7}"#), "");
    }
}
