//! `polku scrub`: texts and addresses from standard input, the same without what tells who somebody is on standard output.

mod judge;

use crate::failure::Failure;
use crate::lines;
use polku_core::scrub::{Found, scrub, scrub_url};
use serde::{Deserialize, Serialize};

pub use judge::{Gate, Report, judge, report};

/// Runs `polku scrub`.
///
/// # Errors
/// When a line was not understood, or something could not be read or written: every line that could be understood has had its turn.
pub fn run() -> Result<(), Failure> {
    lines::run(answer)
}

/// A line of standard input.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    text: Option<String>,
    url: Option<String>,
    /// The rules are of no language: who writes in one may give the number of another country. It is read so that it may be there.
    #[serde(rename = "lang")]
    _lang: Option<String>,
}

/// A line of standard output.
#[derive(Serialize)]
#[serde(untagged)]
enum Answer {
    Text { text: String, found: Vec<Place> },
    Url { url: String },
}

/// What was found, in Unicode code points of the text that was given.
#[derive(Serialize)]
struct Place {
    r#type: String,
    start: usize,
    end: usize,
}

fn answer(line: &str) -> Result<Answer, String> {
    match serde_json::from_str::<Line>(line) {
        Ok(Line { text: Some(text), url: None, .. }) => {
            let scrubbed = scrub(&text);
            Ok(Answer::Text { found: places(&text, &scrubbed.found), text: scrubbed.text })
        }
        Ok(Line { text: None, url: Some(url), .. }) => Ok(Answer::Url { url: scrub_url(&url) }),
        Ok(_) => Err("write either a text or a url: {\"text\":\"…\"} or {\"url\":\"…\"}".to_owned()),
        Err(why) => Err(format!("this is no line ({why}); write {{\"text\":\"…\"}} or {{\"url\":\"…\"}}")),
    }
}

/// Places in bytes as places in code points.
fn places(text: &str, found: &[Found]) -> Vec<Place> {
    let (mut byte, mut point) = (0, 0);
    let mut to = |at: usize| {
        point += text[byte..at].chars().count();
        byte = at;
        point
    };
    found
        .iter()
        .map(|it| Place { r#type: it.kind.name().to_uppercase(), start: to(it.start), end: to(it.end) })
        .collect()
}
