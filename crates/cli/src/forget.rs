//! `polku erase`: what a shop does when a shopper asks for it with the number of a journey in hand.

use crate::collector::batch::is_journey_id;
use crate::failure::Failure;
use crate::store::offline::{self, Erased};
use clap::Args;
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
    #[arg(value_name = "JOURNEY", required = true, value_parser = id)]
    pub journeys: Vec<String>,
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
