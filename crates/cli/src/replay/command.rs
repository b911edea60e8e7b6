//! The command itself: standard input to standard output, in constant memory.

use super::{Journey, framework};
use crate::cli::ReplayOptions;
use crate::failure::Failure;
use polku_core::Config;
use std::io::{self, BufRead as _, BufReader, BufWriter, ErrorKind, Read, Write};

/// A line longer than this is none of a journey, in bytes.
const LONGEST: u64 = 1 << 20;

/// Runs `polku replay`.
///
/// # Errors
/// When the framework is wrong: then nothing is replayed. When a line was not understood, or something could not be read or
/// written: every line that could be understood has had its turn.
pub fn run(options: &ReplayOptions) -> Result<(), Failure> {
    let framework = options.framework.as_deref().map_or(Ok(String::new()), framework::load)?;
    let config = Config { key: "pk_replay".into(), framework, ..Config::default() };
    let mut out = BufWriter::new(io::stdout().lock());
    let bad = replay(&config, options, BufReader::new(io::stdin().lock()), &mut out, |number, why| {
        eprintln!("polku: line {number}: {why}");
    });
    match bad.and_then(|bad| out.flush().map(|()| bad)) {
        Ok(0) => Ok(()),
        Ok(bad) => Err(Failure::Lines(bad)),
        // Whoever read us has seen enough.
        Err(why) if why.kind() == ErrorKind::BrokenPipe => Ok(()),
        Err(why) => Err(Failure::Stream(why)),
    }
}

/// Reads journeys and writes what becomes of them; gives back how many lines were not understood.
fn replay(
    config: &Config,
    options: &ReplayOptions,
    mut lines: BufReader<impl Read>,
    out: &mut impl Write,
    mut fault: impl FnMut(u64, &str),
) -> io::Result<u64> {
    let (mut bad, mut number, mut journeys) = (0, 0, 0);
    let mut journey: Option<Journey> = None;
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        let ended = lines.by_ref().take(LONGEST).read_until(b'\n', &mut bytes)? == 0;
        number += 1;
        let cut = bytes.len() as u64 == LONGEST && !bytes.ends_with(b"\n");
        if cut {
            skip_line(&mut lines)?;
        }
        let text = bytes.strip_prefix(b"\xEF\xBB\xBF").filter(|_| number == 1).unwrap_or(&bytes).trim_ascii();
        if text.is_empty() {
            if let Some(mut journey) = journey.take() {
                journey.end();
                write!(out, "{}", journey.take_events())?;
                writeln!(out, "{}", journey.summary())?;
                // Nothing more has come yet: perhaps a program waits for this answer before it asks on.
                if lines.buffer().is_empty() {
                    out.flush()?;
                }
            }
            if ended {
                return Ok(bad);
            }
            continue;
        }
        let journey = journey.get_or_insert_with(|| {
            journeys += 1;
            Journey::new(config, options.seed, journeys, options.events)
        });
        let understood = match std::str::from_utf8(text) {
            _ if cut => Err("it is longer than a megabyte; write one observation a line".to_owned()),
            Ok(text) => journey.line(text).map_err(|why| why.to_string()),
            Err(_) => Err("it is no UTF-8; write the file in UTF-8".to_owned()),
        };
        if let Err(why) = understood {
            bad += 1;
            fault(number, &why);
        }
        write!(out, "{}", journey.take_events())?;
    }
}

/// Reads on to the end of a line that is too long to be kept.
fn skip_line(lines: &mut impl io::BufRead) -> io::Result<()> {
    loop {
        let part = lines.fill_buf()?;
        let (taken, over) = match part.iter().position(|byte| *byte == b'\n') {
            Some(at) => (at + 1, true),
            None => (part.len(), part.is_empty()),
        };
        lines.consume(taken);
        if over {
            return Ok(());
        }
    }
}
