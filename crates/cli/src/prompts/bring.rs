//! `polku prompts import`: reads a file, prints what [`import`](super::import) makes of it.

use std::io::{self, Write as _};

use clap::ValueEnum;
use clap::builder::PossibleValue;

use super::import::{From, import};
use crate::cli::PromptsImportOptions;
use crate::failure::Failure;

impl ValueEnum for From {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Formbricks, Self::Posthog, Self::Surveyjs]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let (name, help) = match self {
            Self::Formbricks => ("formbricks", "Formbricks: questions or blocks with headlines"),
            Self::Posthog => ("posthog", "PostHog: questions with an appearance"),
            Self::Surveyjs => ("surveyjs", "SurveyJS: pages of elements"),
        };
        Some(PossibleValue::new(name).help(help))
    }
}

/// Runs `polku prompts import`.
///
/// # Errors
/// When the file cannot be read or is no survey that is understood.
pub(super) fn run(options: &PromptsImportOptions) -> Result<(), Failure> {
    let named = || options.file.display().to_string();
    let read = super::check::read(&options.file).map_err(|why| Failure::Read(named(), why))?;
    let imported = import(&read, options.from).map_err(|why| Failure::Import(named(), why))?;
    let mut out = io::stdout().lock();
    match writeln!(out, "{imported:#}") {
        Err(why) if why.kind() != io::ErrorKind::BrokenPipe => Err(Failure::Stream(why)),
        _ => Ok(()),
    }
}
