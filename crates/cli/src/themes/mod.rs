//! `polku themes`: what texts are about and how their writers felt, by the code that a page has.

mod evaluate;

use crate::cli::ThemesOptions;
use crate::failure::Failure;
use crate::lines;
use polku_core::themes::{Stems, data};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::{self, ErrorKind, Write as _};

pub use evaluate::{Report, Score, report};

/// Runs `polku themes`.
///
/// # Errors
/// When a line was not understood, or something could not be read or written.
pub fn run(options: &ThemesOptions) -> Result<(), Failure> {
    if let Some(file) = &options.evaluate {
        let report = report(file)?;
        match write!(io::stdout().lock(), "{report}") {
            // Whoever read us has seen enough.
            Err(why) if why.kind() != ErrorKind::BrokenPipe => return Err(Failure::Stream(why)),
            _ => {}
        }
        return if report.wrong.is_empty() { Ok(()) } else { Err(Failure::Lines(report.wrong.len() as u64)) };
    }
    let languages = Languages::default();
    lines::run(|line| languages.answer(line))
}

/// A line of standard input.
#[derive(Deserialize)]
struct Line {
    text: String,
    lang: String,
}

/// A line of standard output.
#[derive(Serialize)]
pub(crate) struct Answer {
    pub(crate) themes: Vec<&'static str>,
    pub(crate) emotion: &'static str,
}

impl Answer {
    /// Whether nothing was met that the house has a theme for.
    pub(crate) fn says_nothing(&self) -> bool {
        self.themes.is_empty() || self.themes == ["other"]
    }
}

/// The stems of each language.
pub(crate) struct Languages(BTreeMap<&'static str, Stems<'static>>);

impl Default for Languages {
    fn default() -> Self {
        let each = ["fi", "sv", "en", "de"].into_iter().filter_map(|lang| Some((lang, Stems::new(data(lang)?))));
        Self(each.collect())
    }
}

impl Languages {
    /// What a text is about; no themes in a language that has no stems.
    pub(crate) fn understand(&self, text: &str, lang: &str) -> Answer {
        let primary = lang.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        match self.0.get(primary.as_str()).map(|stems| stems.understand(text)) {
            Some(understood) => Answer { themes: understood.themes().collect(), emotion: understood.emotion() },
            None => Answer { themes: Vec::new(), emotion: "neutral" },
        }
    }

    fn answer(&self, line: &str) -> Result<Answer, String> {
        match serde_json::from_str::<Line>(line) {
            Ok(Line { text, lang }) => Ok(self.understand(&text, &lang)),
            Err(why) => Err(format!("this is no line ({why}); write {{\"text\":\"…\",\"lang\":\"fi\"}}")),
        }
    }
}
