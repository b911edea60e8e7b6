//! `polku import`: what the shop knows from elsewhere, as CSV: touchpoints off the site, tickets, its own books, what it paid.
//!
//! Each file is read by [`table`], each of its lines by the module of its kind; what comes of them is written by
//! [`store::imported`](crate::store::imported), and never joined to a journey.

mod costs;
pub(crate) mod day;
mod decode;
mod heads;
pub mod number;
pub mod options;
mod orders;
mod table;
mod tickets;
mod touchpoints;
mod word;
mod wrong;

use crate::failure::Failure;
use crate::store::imported::{COSTS, Sheet, TOUCHPOINTS};
use crate::store::offline::{self, Done, Import};
use day::Days;
use decode::Letters;
use heads::Member;
use options::{ImportCommand, ImportOptions};
use std::io::{self, ErrorKind, Read as _, Write as _};
use table::{Line, Needs, Table};
use wrong::Wrong;

/// Complaints that are told; the rest is counted. A wrong setting makes the same one of every line.
const TOLD: usize = 50;

/// What came of a file.
struct Read {
    sheet: Sheet,
    /// What is stored for the same days beside it.
    beside: Option<Sheet>,
    wrong: Vec<Wrong>,
    /// Lines that were understood.
    lines: u64,
    /// Lines that say what another one has said.
    again: u64,
    /// The first and the last day.
    days: Option<(i64, i64)>,
    /// How much there is of each, to be told.
    told: Vec<(String, i64)>,
}

impl Default for Read {
    fn default() -> Self {
        let sheet = Sheet::new(&TOUCHPOINTS, Vec::new());
        Self { sheet, beside: None, wrong: Vec::new(), lines: 0, again: 0, days: None, told: Vec::new() }
    }
}

impl Read {
    fn note(&mut self, from: i64, to: i64) {
        let (first, last) = self.days.unwrap_or((from, to));
        self.days = Some((first.min(from), last.max(to)));
    }
}

/// How money is read.
struct Money<'a> {
    currency: Option<&'a str>,
    decimal: Option<char>,
}

impl Money<'_> {
    /// The money of a line in hundredths, and its currency.
    fn read(&self, line: Line<'_>, member: Member) -> Result<(i64, String), Wrong> {
        let (amount, sign) = line.read(member, |cell| number::money(cell, self.decimal))?;
        let currency = number::currency(line.cell(Member::Currency), sign, self.currency);
        let currency =
            currency.map_err(|(of_amount, why)| line.wrong(if of_amount { member } else { Member::Currency }, why));
        Ok((amount, currency?))
    }
}

/// Runs `polku import`: a line on standard error for each complaint, and on standard output what came of it.
///
/// # Errors
/// When the file is not what it is said to be, a line of it was not understood, or the database cannot be written.
pub fn run(command: &ImportCommand) -> Result<(), Failure> {
    let common = command.common();
    let file = common.file.display().to_string();
    let refused = |why: String| Failure::Import(file.clone(), why);
    let bytes = bytes(common).map_err(|why| Failure::Read(file.clone(), why))?;
    let (text, letters) = decode::text(&bytes).map_err(refused)?;
    let days = Days { order: common.dates, within: common.replace };
    let (table, wrong, mut read) = match command {
        ImportCommand::Touchpoints(_) => {
            let (table, wrong) = open(&text, &touchpoints::NEEDS, common).map_err(refused)?;
            let read = touchpoints::read(&table, days);
            (table, wrong, read)
        }
        ImportCommand::Tickets { lang, keep_texts, .. } => {
            let (table, wrong) = open(&text, &tickets::NEEDS, common).map_err(refused)?;
            let read = tickets::read(&table, days, tickets::How { lang: lang.as_deref(), keep: *keep_texts });
            (table, wrong, read)
        }
        ImportCommand::Orders { money, .. } => {
            let (table, wrong) = open(&text, &orders::NEEDS, common).map_err(refused)?;
            let read = orders::read(&table, days, &money.into());
            (table, wrong, read)
        }
        ImportCommand::Costs { money, .. } => {
            let (table, wrong) = open(&text, &costs::NEEDS, common).map_err(refused)?;
            let read = costs::read(&table, days, &money.into());
            (table, wrong, read)
        }
    };
    read.wrong.extend(wrong);
    let stopped = common.strict && !read.wrong.is_empty();
    let import = Import {
        key: common.key.as_deref(),
        source: &common.source,
        sheet: &read.sheet,
        beside: read.beside.as_ref(),
        replace: common.replace,
        dry: common.dry_run || stopped,
        strict: common.strict,
    };
    let done = offline::import(&common.db, &import)?;
    read.lines -= done.brought.taken.len() as u64;
    for (line, from, to) in &done.brought.taken {
        read.wrong.push(Wrong {
            line: *line,
            column: Some(Member::From.name().to_owned()),
            why: costs::taken(*from, *to),
        });
    }
    complain(&file, &mut read.wrong);
    let wrong = read.wrong.len() as u64;
    let stored = !(common.dry_run || common.strict && wrong > 0);
    let told = tell(command, &file, &table, letters, &read, &done, stored);
    match io::stdout().lock().write_all(told.as_bytes()) {
        Err(why) if why.kind() != ErrorKind::BrokenPipe => return Err(Failure::Stream(why)),
        _ => {}
    }
    match wrong {
        0 => Ok(()),
        wrong if common.strict => Err(Failure::Strict(wrong)),
        wrong => Err(Failure::Lines(wrong)),
    }
}

fn bytes(common: &ImportOptions) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if common.file.as_os_str() == "-" {
        io::stdin().lock().read_to_end(&mut bytes)?;
    } else {
        bytes = std::fs::read(&common.file)?;
    }
    Ok(bytes)
}

fn open(text: &str, needs: &Needs, common: &ImportOptions) -> Result<(Table, Vec<Wrong>), String> {
    Table::read(text, needs, &common.column)
}

fn complain(file: &str, wrong: &mut [Wrong]) {
    wrong.sort_by_key(|one| one.line);
    for one in wrong.iter().take(TOLD) {
        eprintln!("polku: {file} {one}");
    }
    if wrong.len() > TOLD {
        eprintln!("polku: {file}: {} more lines like these", wrong.len() - TOLD);
    }
}

/// What came of it, for whoever has typed the command.
fn tell(
    command: &ImportCommand,
    file: &str,
    table: &Table,
    letters: Letters,
    read: &Read,
    done: &Done,
    stored: bool,
) -> String {
    let mut told = format!("{file}: {} for {}", command.name(), done.key);
    if !command.common().source.is_empty() {
        told += &format!(", source {}", command.common().source);
    }
    told += &format!("\n  read as {} with {} between the cells", letters.name(), table::sign(table.delimiter));
    if !table.unread.is_empty() {
        told += &format!("; columns that are left alone: {}", table.unread.join(", "));
    }
    told += "\n  ";
    told += &if read.lines == 0 { "no lines".to_owned() } else { count(read.lines, "line", "lines") };
    if let Some((from, to)) = read.days {
        told += &format!(", {} to {}", day::name(from), day::name(to));
    }
    if !read.wrong.is_empty() {
        told += &format!("; {} not understood", count(read.wrong.len() as u64, "line", "lines"));
    }
    if read.again > 0 {
        told += &format!(
            "; {} that {} the same {}",
            count(read.again, "line", "lines"),
            if read.again == 1 { "is" } else { "are" },
            command.again()
        );
    }
    if !read.told.is_empty() {
        let each: Vec<_> = read
            .told
            .iter()
            .map(|(lang, n)| format!("{} {n}", if lang.is_empty() { "not known" } else { lang }))
            .collect();
        told += &format!("\n  languages: {}", each.join(", "));
    }
    let brought = &done.brought;
    let (one, many) = if *command.shape() == COSTS { ("cost", "costs") } else { ("day", "days") };
    let parts = [
        (brought.new, "new"),
        (brought.replaced, "replaced"),
        (brought.same, "as before"),
        (brought.removed, "removed"),
    ];
    let parts: Vec<_> = parts
        .iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, what)| format!("{} {what}", count(*n as u64, one, many)))
        .collect();
    if !parts.is_empty() {
        told += &format!("\n  {}{}", parts.join(", "), command.each());
    }
    if let Some(texts) = read.beside.as_ref().filter(|texts| texts.rows() > 0) {
        told += &format!(
            "\n  words of {} kept for {} days after their day",
            count(done.kept as u64, "ticket", "tickets"),
            done.days
        );
        if done.kept < texts.rows() {
            told += &format!(
                "; those of {} are older than that, and are not",
                count((texts.rows() - done.kept) as u64, "ticket", "tickets")
            );
        }
    }
    if done.unheard {
        told += &format!("\n  nothing else in the database is of {}: see that it is the key of your pages", done.key);
    }
    if !stored {
        told += "\n  nothing was stored";
    }
    told + "\n"
}

fn count(n: u64, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// What the command does with bytes until the database has its turn.
    fn understand(bytes: &[u8]) -> usize {
        let Ok((text, _)) = decode::text(bytes) else { return 0 };
        let money = Money { currency: Some("EUR"), decimal: None };
        let days = Days::default();
        let how = tickets::How { lang: None, keep: true };
        let read = |needs: &Needs, kind: &dyn Fn(&Table) -> Read| {
            Table::read(&text, needs, &[]).map_or(0, |(table, wrong)| wrong.len() + kind(&table).sheet.rows())
        };
        read(&touchpoints::NEEDS, &|table| touchpoints::read(table, days))
            + read(&tickets::NEEDS, &|table| tickets::read(table, days, how))
            + read(&orders::NEEDS, &|table| orders::read(table, days, &money))
            + read(&costs::NEEDS, &|table| costs::read(table, days, &money))
    }

    /// Files that were damaged in some places do no more than to be refused.
    #[test]
    fn damaged_files_are_understood_or_not() {
        let traps = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/import");
        let mut files: Vec<_> = std::fs::read_dir(traps).unwrap().map(|file| file.unwrap().path()).collect();
        files.retain(|file| file.extension().is_some_and(|ending| ending == "csv"));
        files.sort();
        let mut dice = 1;
        let mut understood = 0;
        for file in &files {
            let whole = std::fs::read(file).unwrap();
            for _ in 0..12 {
                let mut bytes = whole.clone();
                for _ in 0..=roll(&mut dice, 4) {
                    let at = roll(&mut dice, bytes.len() + 1);
                    let signs = b"\"\",;\t\r\n.-=0919\xe4\xff\xc3\x00 \xe2";
                    match roll(&mut dice, 3) {
                        0 => bytes.insert(at, signs[roll(&mut dice, signs.len())]),
                        1 if at < bytes.len() => bytes[at] = signs[roll(&mut dice, signs.len())],
                        _ => bytes.truncate(at),
                    }
                }
                understood += understand(&bytes);
            }
        }
        assert!(files.len() > 50 && understood > 300, "{understood}");
    }

    /// A number below another (SplitMix64).
    fn roll(dice: &mut u64, below: usize) -> usize {
        *dice = dice.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = *dice;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((x ^ (x >> 31)) % below.max(1) as u64) as usize
    }
}
