//! `polku report`: the week as one HTML file that needs nothing else: no script, no other file, no request. It opens with the goals.

mod count;
mod draw;
mod page;
mod say;

use crate::failure::Failure;
use crate::map::facts::filter::{DAY, date, today};
use crate::store::{Scope, offline};
use clap::{Args, ValueEnum};
use std::io::Write as _;
use std::path::PathBuf;

/// Options of `polku report`.
#[derive(Debug, Clone, Args)]
pub struct ReportOptions {
    /// Database file.
    #[arg(long, value_name = "FILE", default_value = "polku.sqlite")]
    pub db: PathBuf,
    /// So many weeks, up to yesterday; as many before them are what they are compared with.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(i64).range(1..=52))]
    pub weeks: i64,
    /// Days from this one up to yesterday instead, like 2026-11-01. Days begin at midnight UTC.
    #[arg(long, value_name = "DAY", value_parser = day, conflicts_with = "weeks")]
    pub since: Option<i64>,
    /// The day that is taken for today.
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub on: Option<i64>,
    /// Journeys of this key alone, and what its shop states; all of them where it is left out.
    #[arg(long, value_name = "KEY", value_parser = crate::collector::allow::key)]
    pub key: Option<String>,
    /// The language.
    #[arg(long, value_enum, default_value_t = Lang::En)]
    pub lang: Lang,
    /// Where to; standard output where it is left out.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Show what shoppers wrote, too. Mind who gets the file.
    #[arg(long)]
    pub verbatims: bool,
}

/// The languages of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Lang {
    /// English.
    En,
    /// Finnish.
    Fi,
}

/// Runs `polku report`.
///
/// # Errors
/// When there are no such days, the database cannot be read, or the file not be written.
pub fn run(options: &ReportOptions) -> Result<(), Failure> {
    let today = options.on.unwrap_or_else(today);
    let from = options.since.unwrap_or(today - options.weeks * 7 * DAY);
    if from >= today {
        return Err(Failure::Report("--since must be a day before today, or before the day of --on".to_owned()));
    }
    let key = options.key.clone().unwrap_or_default();
    let stated = offline::statements(&options.db, &key)?;
    let period = count::Period { from, to: today };
    let mut facts = crate::map::facts::Facts::default();
    let scope = options.key.as_ref().map_or(Scope::All, |key| Scope::keys(vec![key.clone()]));
    offline::read(&options.db, &scope, count::reaches(&stated, period)..today, |record, events| {
        let fact = crate::map::facts::Fact::new(&mut facts.words, record, &events);
        facts.put(fact);
        true
    })?;
    let counted = count::count(&facts, &stated, period, options.verbatims);
    let html = page::render(&counted, &key, options.lang).map_err(Failure::Report)?;
    match &options.out {
        None => std::io::stdout().lock().write_all(html.as_bytes()).map_err(Failure::Stream),
        Some(file) => std::fs::write(file, html)
            .map_err(|why| Failure::Report(format!("cannot write {} ({why})", file.display()))),
    }
}

fn day(text: &str) -> Result<i64, String> {
    date(text).ok_or_else(|| "write a day like 2026-11-01".to_owned())
}
