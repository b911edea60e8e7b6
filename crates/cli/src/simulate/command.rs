//! The command itself: many journeys, one object; and, of a seed that fails, the shortest lists of inputs that do.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};

use super::faults::Faults;
use super::judge::{Finding, Totals, Wrong};
use super::script::Script;
use super::tab::Maker;
use super::world::{self, Outcome};
use super::{shopper, shrink};
use crate::cli::SimulateOptions;
use crate::failure::Failure;

/// Of what journeys with `remember` captured so much is to be delivered, in percent, where everything goes wrong (the issue).
const LEAST: f64 = 97.0;
/// … of so many events at least: fewer tell nothing.
const ENOUGH: u64 = 5_000;
/// Journeys that fail in one way are shrunk, at most: the shortest is shown.
const SHRUNK: usize = 3;
/// Of a journey so many findings are told, at most, each with so many characters.
const TOLD: usize = 12;
const LONGEST: usize = 400;
/// A worker takes so many journeys at a time.
const CHUNK: u64 = 64;

/// A journey that failed: its number, and in which ways.
struct Failed {
    number: u64,
    wrongs: Vec<Wrong>,
}

/// Runs `polku simulate`.
///
/// # Errors
/// When something is wrong with a journey; each way is told on standard error, with the shortest list of inputs that leads to it.
pub fn run(options: &SimulateOptions) -> Result<(), Failure> {
    let make: Maker<'_> = &super::tab::engine;
    if let Some(file) = &options.script {
        let name = file.display().to_string();
        let text = std::fs::read_to_string(file).map_err(|why| Failure::Read(name.clone(), why))?;
        let script: Script = text.parse().map_err(|why| Failure::Script(name, why))?;
        return one(&script, options, make);
    }
    if let Some(number) = options.only {
        let script = shopper::journey(options.seed, number, options.faults);
        if options.print {
            return say(&script.to_string());
        }
        return one(&script, options, make);
    }
    let (totals, failed) = many(options, make);
    say(&format!("{}\n", object(&totals, options.seed)))?;
    eprint!("{}", beside(&totals));
    for wrong in [Wrong::Trap, Wrong::Lost, Wrong::Duplicated, Wrong::AgainstConsent, Wrong::OutOfOrder, Wrong::Books] {
        let with = failed.iter().filter(|failed| failed.wrongs.contains(&wrong));
        let short = with.take(SHRUNK).map(|failed| (failed.number, shortest(options, failed.number, wrong, make)));
        if let Some((number, script)) = short.min_by_key(|(_, script)| script.lines.len()) {
            eprint!("{}", explained(options, number, wrong, &script, make));
        }
    }
    verdict(&totals, options.faults)
}

fn say(text: &str) -> Result<(), Failure> {
    match io::stdout().lock().write_all(text.as_bytes()) {
        Err(why) if why.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        done => done.map_err(Failure::Stream),
    }
}

/// Runs one journey, and says all that is wrong with it.
fn one(script: &Script, options: &SimulateOptions, make: Maker<'_>) -> Result<(), Failure> {
    let Outcome { totals, findings, trace, .. } = guarded(script, make, options.trace);
    say(&format!("{}\n", object(&totals, options.seed)))?;
    for line in trace {
        eprintln!("{line}");
    }
    eprint!("{}{}", beside(&totals), told(&findings));
    verdict(&totals, options.faults)
}

/// Runs a script; a trap is a finding.
///
/// Legs are drawn, and have 25 bits (DESIGN §4): among some million journeys two pages of one draw the same, and neither can know. Such a
/// journey runs once more with other dice: what was chance does not come again, what is wrong with the engine does.
pub(super) fn guarded(script: &Script, make: Maker<'_>, trace: bool) -> Outcome {
    let outcome = caught(script, make, trace);
    if !outcome.collided {
        return outcome;
    }
    let mut again = script.clone();
    again.setup.dice = again.setup.dice.wrapping_add(1);
    caught(&again, make, trace)
}

fn caught(script: &Script, make: Maker<'_>, trace: bool) -> Outcome {
    let run = AssertUnwindSafe(|| world::run(script, make, trace));
    catch_unwind(run).unwrap_or_else(|_| {
        let finding = Finding { wrong: Wrong::Trap, at: 0, says: "the engine trapped".to_owned() };
        let totals = Totals { journeys: 1, traps: 1, ..Totals::default() };
        Outcome { totals, findings: vec![finding], collided: false, trace: Vec::new() }
    })
}

fn many(options: &SimulateOptions, make: Maker<'_>) -> (Totals, Vec<Failed>) {
    let next = AtomicU64::new(0);
    let work = |make: Maker<'_>| {
        let (mut totals, mut failed) = (Totals::default(), Vec::new());
        loop {
            let from = next.fetch_add(CHUNK, Ordering::Relaxed);
            if from >= options.journeys {
                return (totals, failed);
            }
            for number in from..(from + CHUNK).min(options.journeys) {
                let script = shopper::journey(options.seed, number, options.faults);
                let outcome = guarded(&script, make, false);
                totals.add(&outcome.totals);
                let mut wrongs: Vec<_> = outcome.findings.iter().map(|finding| finding.wrong).collect();
                wrongs.sort_unstable();
                wrongs.dedup();
                if !wrongs.is_empty() {
                    failed.push(Failed { number, wrongs });
                }
            }
        }
    };
    let (mut totals, mut failed) = (Totals::default(), Vec::new());
    if options.jobs <= 1 {
        (totals, failed) = work(make);
    } else {
        std::thread::scope(|scope| {
            let workers: Vec<_> = (0..options.jobs).map(|_| scope.spawn(|| work(&super::tab::engine))).collect();
            for worker in workers {
                // What traps in a journey is caught there.
                let Ok((sums, more)) = worker.join() else { continue };
                totals.add(&sums);
                failed.extend(more);
            }
        });
    }
    failed.sort_by_key(|failed| failed.number);
    (totals, failed)
}

/// The shortest list of inputs that fails in this way, from one journey.
fn shortest(options: &SimulateOptions, number: u64, wrong: Wrong, make: Maker<'_>) -> Script {
    let script = shopper::journey(options.seed, number, options.faults);
    shrink::shrink(&script, &|script| guarded(script, make, false).findings.iter().any(|it| it.wrong == wrong))
}

/// How a journey fails, as a script that can be run again.
fn explained(options: &SimulateOptions, number: u64, wrong: Wrong, script: &Script, make: Maker<'_>) -> String {
    let mut text = format!(
        "\n# {}: journey {number} of seed {}. This list fails too; `polku simulate --script FILE --trace` runs it.\n{script}",
        name(wrong),
        options.seed,
    );
    text += &told(&guarded(script, make, false).findings);
    text
}

fn told(findings: &[Finding]) -> String {
    let mut text = String::new();
    for Finding { wrong, at, says } in findings.iter().take(TOLD) {
        let cut = says.char_indices().nth(LONGEST).map_or(says.len(), |(at, _)| at);
        let more = if cut < says.len() { "\u{2026}" } else { "" };
        let _ = writeln!(text, "# {at} {}: {}{more}", name(*wrong), &says[..cut]);
    }
    if findings.len() > TOLD {
        let _ = writeln!(text, "# and {} more", findings.len() - TOLD);
    }
    text
}

fn name(wrong: Wrong) -> &'static str {
    match wrong {
        Wrong::Lost => "lost_undeclared",
        Wrong::Duplicated => "duplicated_after_dedupe",
        Wrong::AgainstConsent => "against_consent",
        Wrong::OutOfOrder => "out_of_order",
        Wrong::Books => "books",
        Wrong::Trap => "trap",
    }
}

fn counts(of: &BTreeMap<&'static str, u64>) -> String {
    let members: Vec<_> = of.iter().map(|(name, count)| format!("\"{name}\":{count}")).collect();
    format!("{{{}}}", members.join(","))
}

/// The one object on standard output.
pub(crate) fn object(totals: &Totals, seed: u64) -> String {
    let Totals { journeys, captured, delivered, dropped, lost, duplicated, against_consent, out_of_order, .. } = totals;
    format!(
        "{{\"journeys\":{journeys},\"captured\":{captured},\"delivered_once\":{delivered},\"dropped\":{},\
         \"lost_undeclared\":{lost},\"duplicated_after_dedupe\":{duplicated},\"against_consent\":{against_consent},\
         \"out_of_order\":{out_of_order},\"seed\":{seed}}}",
        counts(dropped)
    )
}

fn share(totals: &Totals) -> f64 {
    100.0 * totals.remembered_delivered as f64 / totals.remembered.max(1) as f64
}

/// What is told beside the object.
fn beside(totals: &Totals) -> String {
    let Totals { remembered, remembered_delivered, causes, books, traps, .. } = totals;
    format!(
        "with remember: {remembered_delivered} of {remembered} delivered once ({:.2} %); page_lost by cause: {}; books that do not add up: {books}; traps: {traps}\n",
        share(totals),
        counts(causes)
    )
}

fn verdict(totals: &Totals, faults: Faults) -> Result<(), Failure> {
    let mut wrong = Vec::new();
    for (count, what) in [
        (totals.lost, "lost undeclared"),
        (totals.duplicated, "duplicated after dedupe"),
        (totals.against_consent, "against consent"),
        (totals.books, "in books that do not add up"),
        (totals.traps, "in journeys that trapped"),
    ] {
        if count > 0 {
            wrong.push(format!("{count} {what}"));
        }
    }
    if faults == Faults::NONE && totals.delivered != totals.captured {
        wrong.push(format!("{} not delivered, though nothing went wrong", totals.captured - totals.delivered));
    }
    if faults == Faults::ALL && totals.remembered >= ENOUGH && share(totals) < LEAST {
        wrong.push(format!("with remember {:.2} % delivered, and {LEAST} % is the least", share(totals)));
    }
    if wrong.is_empty() { Ok(()) } else { Err(Failure::Simulation(wrong.join(", "))) }
}
