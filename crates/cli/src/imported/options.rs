//! What `polku import` is told.

use super::{Money, day, number};
use crate::store::imported::{COSTS, ORDERS, Shape, TICKETS, TOUCHPOINTS};
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// The commands of `polku import`.
#[derive(Debug, Subcommand)]
pub enum ImportCommand {
    /// Calls, visits to a store, fairs, letters: day, kind, and perhaps stage, count, sentiment.
    Touchpoints(ImportOptions),
    /// Tickets of customer service: day, text or category, and perhaps channel, count, id, lang.
    ///
    /// The words are scrubbed, what they are about is counted by day, and they are let go, unless --keep-texts says otherwise. A number of the ticket (id) is
    /// used to count it once, and let go as well.
    Tickets {
        /// What all kinds take.
        #[command(flatten)]
        common: ImportOptions,
        /// Language of tickets that do not say theirs: fi, sv, en or de. Without it, it is guessed from the words.
        #[arg(long, value_name = "LANG")]
        lang: Option<String>,
        /// Keep the scrubbed words, for as long as journeys are kept.
        #[arg(long)]
        keep_texts: bool,
    },
    /// The shop's own books, a line for each day: day, orders, value, currency.
    Orders {
        /// What all kinds take.
        #[command(flatten)]
        common: ImportOptions,
        /// What files with money take.
        #[command(flatten)]
        money: MoneyOptions,
    },
    /// What a door or a campaign cost: from, to, door or campaign, cost, currency.
    Costs {
        /// What all kinds take.
        #[command(flatten)]
        common: ImportOptions,
        /// What files with money take.
        #[command(flatten)]
        money: MoneyOptions,
    },
}

/// What all kinds take.
#[derive(Debug, Clone, Args)]
pub struct ImportOptions {
    /// The file; - is standard input.
    #[arg(value_name = "FILE.csv")]
    pub file: PathBuf,
    /// Database file.
    #[arg(long, value_name = "FILE", default_value = "polku.sqlite")]
    pub db: PathBuf,
    /// The shop's key; needed where the database is of several.
    #[arg(long, value_name = "KEY", value_parser = crate::collector::allow::key)]
    pub key: Option<String>,
    /// Where it comes from, in a word of yours. What one source tells does not replace what another has told.
    #[arg(long, value_name = "NAME", default_value = "", hide_default_value = true, value_parser = source)]
    pub source: String,
    /// Which column of the file is which, where that is not found: --column day=Datum; may be given several times.
    #[arg(long, value_name = "NAME=COLUMN", value_parser = column)]
    pub column: Vec<(String, String)>,
    /// Let nothing else remain in these days than what the file says: 2026-12-01..2026-12-24.
    #[arg(long, value_name = "FROM..TO", value_parser = day::range)]
    pub replace: Option<(i64, i64)>,
    /// How days with slashes are written: dmy is 24/12/2026, mdy is 12/24/2026.
    #[arg(long, value_name = "ORDER")]
    pub dates: Option<day::Order>,
    /// Store nothing where a line is not understood.
    #[arg(long)]
    pub strict: bool,
    /// Say what would be stored, and store nothing.
    #[arg(long)]
    pub dry_run: bool,
}

/// What files with money take.
#[derive(Debug, Clone, Args)]
pub struct MoneyOptions {
    /// Currency of amounts that do not say theirs, like EUR.
    #[arg(long, value_name = "CODE", value_parser = number::said)]
    pub currency: Option<String>,
    /// The decimal sign, , or . where 1.234 could be either.
    #[arg(long, value_name = "SIGN", value_parser = number::sign)]
    pub decimal: Option<char>,
}

impl<'a> From<&'a MoneyOptions> for Money<'a> {
    fn from(options: &'a MoneyOptions) -> Self {
        Self { currency: options.currency.as_deref(), decimal: options.decimal }
    }
}

impl ImportCommand {
    /// What all kinds take.
    pub(super) fn common(&self) -> &ImportOptions {
        match self {
            Self::Touchpoints(common)
            | Self::Tickets { common, .. }
            | Self::Orders { common, .. }
            | Self::Costs { common, .. } => common,
        }
    }

    /// What it is called.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Touchpoints(_) => "touchpoints",
            Self::Tickets { .. } => "tickets",
            Self::Orders { .. } => "orders",
            Self::Costs { .. } => "costs",
        }
    }

    /// Its table.
    pub(super) fn shape(&self) -> &'static Shape {
        match self {
            Self::Touchpoints(_) => &TOUCHPOINTS,
            Self::Tickets { .. } => &TICKETS,
            Self::Orders { .. } => &ORDERS,
            Self::Costs { .. } => &COSTS,
        }
    }

    /// What a line says again that another has said.
    pub(super) fn again(&self) -> &'static str {
        match self {
            Self::Tickets { .. } => "ticket as another, by its number",
            _ => "as another",
        }
    }

    /// What a file tells as a whole.
    pub(super) fn each(&self) -> &'static str {
        match self {
            Self::Touchpoints(_) => ", each of one kind",
            Self::Tickets { .. } => ", each of one channel",
            Self::Orders { .. } => ", each in one currency",
            Self::Costs { .. } => "",
        }
    }
}

const EXAMPLE: &str = "write NAME=COLUMN, like day=Datum";

fn column(text: &str) -> Result<(String, String), String> {
    let (name, column) = text.split_once('=').ok_or(EXAMPLE)?;
    if name.is_empty() || column.trim().is_empty() {
        return Err(EXAMPLE.to_owned());
    }
    Ok((name.to_owned(), column.to_owned()))
}

fn source(text: &str) -> Result<String, String> {
    let fits = |sign: char| sign.is_alphanumeric() || "-_.".contains(sign);
    if text.chars().count() <= 40 && text.chars().all(fits) {
        Ok(text.to_owned())
    } else {
        Err("write a word of 40 letters at most, like helsinki".to_owned())
    }
}
