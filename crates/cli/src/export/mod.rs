//! `polku export`: what is stored, row by row, on standard output; beside a server that runs, or without one.

mod cell;
mod imported;
mod rows;

use crate::failure::Failure;
use crate::store::{self, Scope};
use clap::{Args, ValueEnum};
use rows::Row;
use std::io::{self, BufWriter, ErrorKind, Write};

/// Options of `polku export`.
#[derive(Debug, Clone, Args)]
pub struct ExportOptions {
    /// Where it is.
    #[command(flatten)]
    pub place: store::offline::Place,
    /// What a row is.
    #[arg(long, value_enum)]
    pub what: What,
    /// How rows are written: ndjson has a JSON object in each line; csv has a head, and a ' before a text that a spreadsheet would reckon.
    #[arg(long, value_enum, default_value_t = Format::Ndjson)]
    pub format: Format,
    /// Rows of this key alone; may be given several times.
    #[arg(long, value_name = "KEY", value_parser = crate::collector::allow::key)]
    pub key: Vec<String>,
    /// Journeys that began on this day or later, like 2026-11-01; days begin at midnight UTC. Of what was imported, its own days.
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub since: Option<i64>,
    /// Journeys that began on this day or earlier.
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub until: Option<i64>,
}

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum What {
    /// A touchpoint, as it was received.
    Events,
    /// A journey.
    Journeys,
    /// What a shopper said last to a question.
    Answers,
    /// What was imported as touchpoints: how many of a kind, stage and feeling on a day.
    Touchpoints,
    /// What tickets were about: how many of a theme and a feeling on a day; without a theme all of them.
    Tickets,
    /// Scrubbed words of tickets, where they were kept.
    TicketTexts,
    /// The shop's own books: orders of a day.
    Orders,
    /// What doors and campaigns cost.
    Costs,
}

/// How a row is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// JSON, an object a line.
    Ndjson,
    /// RFC 4180.
    Csv,
}

const DAY: i64 = 24 * 60 * 60;

/// Runs `polku export`.
///
/// # Errors
/// When the database cannot be read, or standard output not written.
pub fn run(options: &ExportOptions) -> Result<(), Failure> {
    let scope = if options.key.is_empty() { Scope::All } else { Scope::keys(options.key.clone()) };
    let from = options.since.unwrap_or(i64::MIN);
    let to = options.until.map_or(i64::MAX, |day| day + DAY);
    let mut sink = Sink::new(options.format, BufWriter::new(io::stdout().lock()));
    let mut written = sink.head(options.what);
    if let Some(shape) = imported::shape(options.what) {
        let days = (from.div_euclid(DAY), if to == i64::MAX { to } else { to / DAY - 1 });
        for row in store::offline::read_imported(&options.place.db, shape, &scope, days)? {
            written = written.and_then(|()| sink.row(&imported::row(options.what, &row)));
        }
        return ended(written.and_then(|()| sink.end()));
    }
    store::offline::read(&options.place, &scope, from..to, |record, events| {
        rows::of(options.what, record, events, |row| {
            if written.is_ok() {
                written = sink.row(&row);
            }
        });
        // Whoever read us has seen enough.
        written.is_ok()
    })?;
    ended(written.and_then(|()| sink.end()))
}

/// Whoever read us may have seen enough.
fn ended(written: io::Result<()>) -> Result<(), Failure> {
    match written {
        Err(why) if why.kind() != ErrorKind::BrokenPipe => Err(Failure::Stream(why)),
        _ => Ok(()),
    }
}

/// Where rows go.
enum Sink<W: Write> {
    Ndjson(W),
    Csv(Box<csv::Writer<W>>),
}

impl<W: Write> Sink<W> {
    fn new(format: Format, out: W) -> Self {
        match format {
            Format::Ndjson => Self::Ndjson(out),
            Format::Csv => Self::Csv(Box::new(csv::Writer::from_writer(out))),
        }
    }

    fn head(&mut self, what: What) -> io::Result<()> {
        match self {
            Self::Ndjson(_) => Ok(()),
            Self::Csv(out) => out.write_record(rows::names(what)).map_err(io::Error::other),
        }
    }

    fn row(&mut self, row: &Row) -> io::Result<()> {
        match self {
            Self::Ndjson(out) => {
                serde_json::to_writer(&mut *out, &cell::object(row))?;
                out.write_all(b"\n")
            }
            Self::Csv(out) => out.write_record(row.iter().map(|(_, value)| cell::csv(value))).map_err(io_error),
        }
    }

    fn end(self) -> io::Result<()> {
        match self {
            Self::Ndjson(mut out) => out.flush(),
            Self::Csv(mut out) => out.flush(),
        }
    }
}

/// What lies under an error of csv: that a pipe has broken must not be lost.
fn io_error(why: csv::Error) -> io::Error {
    match why.into_kind() {
        csv::ErrorKind::Io(why) => why,
        other => io::Error::other(format!("{other:?}")),
    }
}

/// Reads a day as the second of its beginning.
fn day(text: &str) -> Result<i64, String> {
    let day: jiff::civil::Date = text.parse().map_err(|_| "write a day like 2026-11-01".to_owned())?;
    let midnight = day.to_zoned(jiff::tz::TimeZone::UTC).map_err(|why| why.to_string())?;
    Ok(midnight.timestamp().as_second())
}
