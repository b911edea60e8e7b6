//! One line in, one line out: how the commands that answer texts read standard input and write standard output.

use crate::failure::Failure;
use serde::Serialize;
use std::io::{self, BufRead as _, BufReader, BufWriter, ErrorKind, Read, Write};

/// A line longer than this is no comment, in bytes.
const LONGEST: u64 = 1 << 20;

/// What a line becomes that was not understood.
#[derive(Serialize)]
struct Wrong {
    error: String,
}

/// Gives each line of standard input its answer.
///
/// # Errors
/// When a line was not understood, or something could not be read or written: every line that could be understood has had its turn.
pub(crate) fn run<A: Serialize>(answer: impl Fn(&str) -> Result<A, String>) -> Result<(), Failure> {
    let mut out = BufWriter::new(io::stdout().lock());
    let bad = lines(BufReader::new(io::stdin().lock()), &mut out, answer);
    match bad.and_then(|bad| out.flush().map(|()| bad)) {
        Ok(0) => Ok(()),
        Ok(bad) => Err(Failure::Lines(bad)),
        // Whoever read us has seen enough.
        Err(why) if why.kind() == ErrorKind::BrokenPipe => Ok(()),
        Err(why) => Err(Failure::Stream(why)),
    }
}

/// One line out for each line in; gives back how many were not understood.
fn lines<A: Serialize>(
    mut from: BufReader<impl Read>,
    out: &mut impl Write,
    answer: impl Fn(&str) -> Result<A, String>,
) -> io::Result<u64> {
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
            _ if cut => Err("it is longer than a megabyte; write one text a line".to_owned()),
            Ok(line) => answer(line.trim()),
            Err(_) => Err("it is no UTF-8; write the texts in UTF-8".to_owned()),
        };
        match answer {
            Ok(answer) => serde_json::to_writer(&mut *out, &answer)?,
            Err(error) => {
                bad += 1;
                serde_json::to_writer(&mut *out, &Wrong { error })?;
            }
        }
        out.write_all(b"\n")?;
        // Nothing more has come yet: perhaps a program waits for this answer before it asks on.
        if from.buffer().is_empty() {
            out.flush()?;
        }
    }
}
