//! `polku prompts check`: every mistake in definitions, with its place and what to do about it.

use std::io::{self, Read as _, Write as _};
use std::path::Path;

use polku_core::prompt::{Code, Level, MOST_BYTES, Problem, Tree, problems};
use serde::Serialize;

use crate::cli::PromptsCheckOptions;
use crate::failure::Failure;

/// A problem in a file, as `--json` writes it.
#[derive(Serialize)]
struct Found {
    file: String,
    code: String,
    path: String,
    level: &'static str,
    sentence: &'static str,
    fix: String,
}

/// Runs `polku prompts check`.
///
/// # Errors
/// When a file cannot be read, or when a definition has a mistake; then every one was told.
pub(super) fn run(options: &PromptsCheckOptions) -> Result<(), Failure> {
    let mut all = Vec::new();
    for file in &options.files {
        let text = read(file).map_err(|why| Failure::Read(file.display().to_string(), why))?;
        for problem in of_text(&text) {
            all.push((file.display().to_string(), problem));
        }
    }
    let refused = |problem: &Problem| options.strict || problem.code.level() == Level::Error;
    let count = all.iter().filter(|(_, problem)| refused(problem)).count();
    match write(&all, options.json) {
        Err(why) if why.kind() != io::ErrorKind::BrokenPipe => Err(Failure::Stream(why)),
        _ if count > 0 => Err(Failure::Prompts(count)),
        _ => Ok(()),
    }
}

pub(super) fn read(file: &Path) -> io::Result<Vec<u8>> {
    // One byte more than a definition may have: enough to see that it is too large.
    let most = MOST_BYTES as u64 + 4;
    let mut bytes = Vec::new();
    if file == Path::new("-") {
        io::stdin().lock().take(most).read_to_end(&mut bytes)?;
    } else {
        std::fs::File::open(file)?.take(most).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

/// What is wrong with a definition's text, or with that of a list of them.
pub(super) fn of_text(bytes: &[u8]) -> Vec<Problem> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let no_tree = |hint: Option<String>| vec![Problem { code: Code::Large, path: String::new(), hint }];
    let Ok(text) = std::str::from_utf8(bytes) else {
        return no_tree(Some("It is not UTF-8.".to_owned()));
    };
    // serde says where JSON ends to be JSON.
    if let (true, Err(why)) = (text.len() <= MOST_BYTES, serde_json::from_str::<serde::de::IgnoredAny>(text)) {
        return no_tree(Some(format!("It is no JSON: {why}.")));
    }
    match Tree::read(text) {
        Some(tree) => problems(&tree),
        None => no_tree(None),
    }
}

fn write(all: &[(String, Problem)], json: bool) -> io::Result<()> {
    let mut out = io::stdout().lock();
    if json {
        let found: Vec<Found> = all.iter().map(|(file, problem)| found(file, problem)).collect();
        serde_json::to_writer(&mut out, &found)?;
        return writeln!(out);
    }
    for (file, problem) in all {
        writeln!(out, "{file}: {problem}")?;
    }
    Ok(())
}

fn found(file: &str, problem: &Problem) -> Found {
    Found {
        file: file.to_owned(),
        code: problem.code.name(),
        path: problem.path.clone(),
        level: problem.code.level().name(),
        sentence: problem.sentence(),
        fix: problem.fix(),
    }
}
