//! `polku erase`: what a shop does when a shopper asks for it with the number of a journey in hand, and with what it imported by mistake.

use crate::collector::batch::is_journey_id;
use crate::failure::Failure;
use crate::store::imported::{COSTS, ORDERS, TEXTS, TICKETS, TOUCHPOINTS};
use crate::store::offline::{self, Erased};
use clap::{Args, ValueEnum};
use std::io::Write as _;

/// Options of `polku erase`.
#[derive(Debug, Clone, Args)]
pub struct EraseOptions {
    /// Where it is.
    #[command(flatten)]
    pub place: offline::Place,
    /// Of this key alone. What is named with its key is refused from now on even where it was never seen.
    #[arg(long, value_name = "KEY", value_parser = crate::collector::allow::key)]
    pub key: Option<String>,
    /// Ids of journeys, 16 characters each.
    #[arg(value_name = "JOURNEY", required_unless_present = "imported", value_parser = id)]
    pub journeys: Vec<String>,
    /// Instead of journeys, what was imported: touchpoints, tickets, orders or costs.
    #[arg(long, value_name = "KIND", value_enum, conflicts_with = "journeys")]
    pub imported: Option<Kind>,
    /// With --imported: in these days alone, like 2026-12-01..2026-12-24.
    #[arg(long, value_name = "FROM..TO", requires = "imported", value_parser = crate::imported::day::range)]
    pub days: Option<(i64, i64)>,
}

/// What was imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// Calls, visits, fairs, letters.
    Touchpoints,
    /// What tickets were about, and their words.
    Tickets,
    /// The shop's books.
    Orders,
    /// What doors and campaigns cost.
    Costs,
}

fn id(text: &str) -> Result<String, String> {
    if is_journey_id(text) {
        Ok(text.to_owned())
    } else {
        Err("a journey's id is 16 characters of 0-9 and a-z".to_owned())
    }
}

/// Runs `polku erase`: a line on standard output for each journey.
///
/// # Errors
/// When the database cannot be written, or one of the journeys is not there; the others are erased all the same.
pub fn run(options: &EraseOptions) -> Result<(), Failure> {
    if let Some(kind) = options.imported {
        return forget_imported(options, kind);
    }
    let erased = offline::forget(&options.place, options.key.as_deref(), &options.journeys)?;
    let mut out = std::io::stdout().lock();
    for (id, erased) in options.journeys.iter().zip(&erased) {
        let what = if *erased == Erased::Gone { "erased" } else { "not there" };
        writeln!(out, "{id} {what}").map_err(Failure::Stream)?;
    }
    match erased.iter().filter(|erased| **erased == Erased::NotThere).count() {
        0 => Ok(()),
        missing => Err(Failure::NotThere(missing)),
    }
}

fn forget_imported(options: &EraseOptions, kind: Kind) -> Result<(), Failure> {
    let shapes: &[_] = match kind {
        Kind::Touchpoints => &[&TOUCHPOINTS],
        Kind::Tickets => &[&TICKETS, &TEXTS],
        Kind::Orders => &[&ORDERS],
        Kind::Costs => &[&COSTS],
    };
    let days = options.days.unwrap_or((i64::MIN, i64::MAX));
    let gone = offline::erase_imported(&options.place.db, shapes, options.key.as_deref(), days)?;
    writeln!(std::io::stdout().lock(), "{gone} {} erased", if gone == 1 { "row" } else { "rows" })
        .map_err(Failure::Stream)
}
