//! `polku scrub`: texts and addresses from standard input, the same without what tells who somebody is on standard output.

mod judge;

use crate::failure::Failure;
use polku_core::scrub::{Found, scrub, scrub_url};
use serde::{Deserialize, Serialize};
use std::io::{self, BufRead as _, BufReader, BufWriter, ErrorKind, Read, Write};

pub use judge::{Gate, Report, judge, report};

/// A line longer than this is no comment, in bytes.
const LONGEST: u64 = 1 << 20;

/// Runs `polku scrub`.
///
/// # Errors
/// When a line was not understood, or something could not be read or written: every line that could be understood has had its turn.
pub fn run() -> Result<(), Failure> {
    let mut out = BufWriter::new(io::stdout().lock());
    let bad = lines(BufReader::new(io::stdin().lock()), &mut out);
    match bad.and_then(|bad| out.flush().map(|()| bad)) {
        Ok(0) => Ok(()),
        Ok(bad) => Err(Failure::Lines(bad)),
        // Whoever read us has seen enough.
        Err(why) if why.kind() == ErrorKind::BrokenPipe => Ok(()),
        Err(why) => Err(Failure::Stream(why)),
    }
}

/// One line out for each line in; gives back how many were not understood.
fn lines(mut from: BufReader<impl Read>, out: &mut impl Write) -> io::Result<u64> {
    let mut bad = 0;
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        if from.by_ref().take(LONGEST).read_until(b'\n', &mut bytes)? == 0 {
            return Ok(bad);
        }
        let cut = bytes.len() as u64 == LONGEST && !bytes.ends_with(b"\n");
        if cut {
            from.skip_until(b'\n')?;
        }
        let answer = match std::str::from_utf8(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes)) {
            _ if cut => Answer::error("it is longer than a megabyte; write one text a line"),
            Ok(line) => answer(line.trim()),
            Err(_) => Answer::error("it is no UTF-8; write the texts in UTF-8"),
        };
        bad += u64::from(matches!(answer, Answer::Error { .. }));
        serde_json::to_writer(&mut *out, &answer)?;
        out.write_all(b"\n")?;
        // Nothing more has come yet: perhaps a program waits for this answer before it asks on.
        if from.buffer().is_empty() {
            out.flush()?;
        }
    }
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
    Error { error: String },
}

/// What was found, in Unicode code points of the text that was given.
#[derive(Serialize)]
struct Place {
    r#type: String,
    start: usize,
    end: usize,
}

impl Answer {
    fn error(why: &str) -> Self {
        Self::Error { error: why.to_owned() }
    }
}

fn answer(line: &str) -> Answer {
    match serde_json::from_str::<Line>(line) {
        Ok(Line { text: Some(text), url: None, .. }) => {
            let scrubbed = scrub(&text);
            Answer::Text { found: places(&text, &scrubbed.found), text: scrubbed.text }
        }
        Ok(Line { text: None, url: Some(url), .. }) => Answer::Url { url: scrub_url(&url) },
        Ok(_) => Answer::error("write either a text or a url: {\"text\":\"…\"} or {\"url\":\"…\"}"),
        Err(why) => Answer::Error {
            error: format!("this is no line ({why}); write {{\"text\":\"…\"}} or {{\"url\":\"…\"}}"),
        },
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
