//! `polku encode`: native batches from standard input, requests for another collector on standard output.

use crate::cli::EncodeOptions;
use crate::failure::Failure;
use polku_core::format::{Format, Request};
use serde::ser::{Serialize, SerializeMap as _, SerializeStruct as _, Serializer};
use serde_json::Value;
use std::io::{self, BufRead as _, BufReader, BufWriter, ErrorKind, Read, Write};
use std::path::Path;

/// A line longer than this is no batch, in bytes: the widget writes 48,000 at most, a shop's own program perhaps more.
const LONGEST: u64 = 1 << 20;

/// Runs `polku encode`.
///
/// # Errors
/// When the format, a setting or the configuration is wrong: then nothing is written. When a line was not understood, or something could
/// not be read or written: every line that could be understood has had its turn.
pub fn run(options: &EncodeOptions) -> Result<(), Failure> {
    let format = format(options)?;
    let mut out = BufWriter::new(io::stdout().lock());
    let bad = encode(&format, BufReader::new(io::stdin().lock()), &mut out, |number, why| {
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

/// The format that the options ask for.
fn format(options: &EncodeOptions) -> Result<Format, Failure> {
    let mut preset = options.format.clone();
    let mut settings = Vec::new();
    if let Some(file) = &options.config {
        let wrong = |why: String| Failure::Config(file.clone(), why);
        let text = read(file).map_err(|why| wrong(format!("it cannot be read ({why})")))?;
        match config(&text, file).map_err(wrong)? {
            Config::Preset => preset = text,
            Config::Collector(own, set) => {
                preset = own.unwrap_or(preset);
                settings = set;
            }
        }
    }
    for set in &options.set {
        let Some((name, value)) = set.split_once('=') else {
            return Err(Failure::Format(format!("--set {set}: write a name and a value, --set name=value")));
        };
        settings.retain(|(known, _)| known != name);
        settings.push((name.to_owned(), value.to_owned()));
    }
    Format::new(&preset, &settings).map_err(|why| Failure::Format(why.to_string()))
}

/// A file's text, without the mark that some editors begin it with.
fn read(file: &Path) -> io::Result<String> {
    let text = std::fs::read_to_string(file)?;
    Ok(text.strip_prefix('\u{FEFF}').map(str::to_owned).unwrap_or(text))
}

/// What the file of `--config` may hold.
enum Config {
    /// A preset: its own text is taken, in which amounts keep their digits.
    Preset,
    /// A collector as `data-collectors` has it, of which only the preset and the settings matter here.
    Collector(Option<String>, Vec<(String, String)>),
}

fn config(text: &str, file: &Path) -> Result<Config, String> {
    let given: Value =
        serde_json::from_str(text).map_err(|why| format!("it is not JSON ({why}); correct it at that place"))?;
    let Value::Object(given) = given else {
        return Err("it is no JSON object; write a preset, or a collector as in data-collectors".to_owned());
    };
    if given.contains_key("v") {
        return Ok(Config::Preset);
    }
    let mut set = Vec::new();
    match given.get("set") {
        None => {}
        Some(Value::Object(members)) => {
            for (name, value) in members {
                let value = match value {
                    Value::String(text) => text.clone(),
                    Value::Number(number) => number.to_string(),
                    _ => return Err(format!("set.{name}: write a text")),
                };
                set.push((name.clone(), value));
            }
        }
        Some(_) => return Err("set: write an object of settings, {\"name\": \"value\"}".to_owned()),
    }
    match given.get("key") {
        None => {}
        Some(Value::String(key)) => set.push(("key".to_owned(), key.clone())),
        Some(_) => return Err("key: write a text".to_owned()),
    }
    let preset = match given.get("preset") {
        None => None,
        Some(preset @ Value::Object(_)) => Some(preset.to_string()),
        // As on a page, but from the file's own place.
        Some(Value::String(name)) => {
            let beside = file.with_file_name(name);
            Some(read(&beside).map_err(|why| format!("preset: {} cannot be read ({why})", beside.display()))?)
        }
        Some(_) => return Err("preset: write a preset, or the name of its file".to_owned()),
    };
    if preset.is_none() && set.is_empty() {
        return Err(
            "it has neither preset nor set; write a preset with \"v\": 1, or a collector as in data-collectors"
                .to_owned(),
        );
    }
    Ok(Config::Collector(preset, set))
}

/// Reads batches and writes requests; gives back how many lines were not understood.
fn encode(
    format: &Format,
    mut lines: BufReader<impl Read>,
    out: &mut impl Write,
    mut fault: impl FnMut(u64, &str),
) -> io::Result<u64> {
    let (mut bad, mut number) = (0, 0);
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        if lines.by_ref().take(LONGEST).read_until(b'\n', &mut bytes)? == 0 {
            return Ok(bad);
        }
        number += 1;
        let cut = bytes.len() as u64 == LONGEST && !bytes.ends_with(b"\n");
        if cut {
            lines.skip_until(b'\n')?;
        }
        let text = bytes.strip_prefix(b"\xEF\xBB\xBF").filter(|_| number == 1).unwrap_or(&bytes).trim_ascii();
        if text.is_empty() {
            continue;
        }
        let requests = match std::str::from_utf8(text) {
            _ if cut => Err("it is longer than a megabyte; write one batch a line".to_owned()),
            Ok(text) => format.encode(text, 0).map_err(|why| why.to_string()),
            Err(_) => Err("it is no UTF-8; write the batches in UTF-8".to_owned()),
        };
        match requests {
            Ok(requests) => {
                for request in requests {
                    serde_json::to_writer(&mut *out, &Line(&request))?;
                    out.write_all(b"\n")?;
                }
            }
            Err(why) => {
                bad += 1;
                fault(number, &why);
            }
        }
        // Nothing more has come yet: perhaps a program waits for this answer before it asks on.
        if lines.buffer().is_empty() {
            out.flush()?;
        }
    }
}

/// A request as it is printed.
struct Line<'a>(&'a Request);

impl Serialize for Line<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut line = to.serialize_struct("Request", 4)?;
        line.serialize_field("method", &self.0.method)?;
        line.serialize_field("path", &self.0.path)?;
        line.serialize_field("headers", &Headers(&self.0.headers))?;
        line.serialize_field("body", &self.0.body)?;
        line.end()
    }
}

/// Headers in their order.
struct Headers<'a>(&'a [(String, String)]);

impl Serialize for Headers<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(Some(self.0.len()))?;
        for (name, value) in self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}
