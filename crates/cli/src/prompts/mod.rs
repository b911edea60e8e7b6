//! `polku prompts …`: definitions of prompts, before a shopper sees them.

mod bring;
mod check;
pub mod import;

use crate::cli::PromptsCommand;
use crate::failure::Failure;

/// Runs `polku prompts`.
///
/// # Errors
/// As its commands.
pub fn run(command: &PromptsCommand) -> Result<(), Failure> {
    match command {
        PromptsCommand::Check(options) => check::run(options),
        PromptsCommand::Import(options) => bring::run(options),
    }
}
