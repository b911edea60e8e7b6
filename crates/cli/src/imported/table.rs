//! A CSV file as lines with named cells: delimiter and columns are found out.

use super::heads::{Member, folded};
use super::wrong::{Wrong, shown};
use csv::{ReaderBuilder, StringRecord, Terminator};

/// What may stand between cells.
const DELIMITERS: [char; 4] = [',', ';', '\t', '|'];
/// Letters of a cell: a mail with all that it answers is shorter.
const LONGEST: usize = 100_000;

/// A file that has a head.
#[derive(Debug)]
pub(super) struct Table {
    /// What stands between its cells.
    pub(super) delimiter: char,
    /// Columns that are not read.
    pub(super) unread: Vec<String>,
    heads: Vec<String>,
    columns: Vec<(Member, usize)>,
    rows: Vec<(u64, StringRecord)>,
}

/// What a kind of file needs.
#[derive(Debug)]
pub(super) struct Needs {
    /// Members that it may have.
    pub(super) members: &'static [Member],
    /// Of each of these, one at least.
    pub(super) one_of: &'static [&'static [Member]],
    /// A member whose columns are put together, where it has several.
    pub(super) several: Option<Member>,
}

/// One line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'a> {
    /// Its number in the file.
    pub(super) number: u64,
    table: &'a Table,
    cells: &'a StringRecord,
}

impl Table {
    /// Reads a file. `own` are the names that its reader has given, `member=column`. What is wrong with single lines comes beside.
    ///
    /// # Errors
    /// Says why it is no such file, and what to do.
    pub(super) fn read(text: &str, needs: &Needs, own: &[(String, String)]) -> Result<(Self, Vec<Wrong>), String> {
        if text.trim().is_empty() {
            return Err("it is empty; its first line must name the columns".to_owned());
        }
        // Of two ways to cut the head, the one by which more columns are known; then the one that makes more of them.
        let cut = |delimiter: char| {
            let heads = records(text, delimiter).next().map(|(_, heads)| heads).unwrap_or_default();
            let known = heads.iter().filter(|head| is_known(head, needs, own)).count();
            ((known, heads.len()), delimiter, heads)
        };
        let best = DELIMITERS.into_iter().rev().map(cut).max_by_key(|(fit, _, _)| *fit);
        let (_, delimiter, heads) = best.ok_or("its first line must name the columns")?;
        let heads: Vec<String> = heads.iter().map(|head| head.trim().to_owned()).collect();
        let columns = columns(&heads, needs, own)?;
        let is_read = |at: usize| columns.iter().any(|(_, column)| *column == at);
        let unread = (0..heads.len()).filter(|at| !is_read(*at) && !heads[*at].is_empty());
        let unread = unread.map(|at| shown(&heads[at])).collect();
        let mut table = Self { delimiter, unread, heads, columns, rows: Vec::new() };
        let mut wrong = Vec::new();
        let mut all = records(text, delimiter).skip(1).peekable();
        while let Some((start, cells)) = all.next() {
            let number = start.line;
            // Only what is read last can be open: it goes on to the end.
            let open = all.peek().is_none() && ends_open(&text[start.byte..], delimiter);
            match table.judge(&cells, open) {
                Ok(true) => table.rows.push((number, cells)),
                Ok(false) => {}
                Err(why) => wrong.push(Wrong { line: number, column: None, why }),
            }
        }
        Ok((table, wrong))
    }

    /// Whether something stands in a line, or what is wrong with it as a whole.
    fn judge(&self, cells: &StringRecord, open: bool) -> Result<bool, String> {
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            return Ok(false);
        }
        let (has, wants) = (cells.len(), self.heads.len());
        let spare = cells.iter().skip(wants).all(|cell| cell.trim().is_empty());
        if open {
            return Err(
                "a quote is never closed from here on; write \" behind the cell, or \"\" for a quote within it"
                    .to_owned(),
            );
        }
        if has < wants || !spare {
            return Err(format!(
                "it has {has} cells, and the head has {wants}; put quotes around a cell that holds {}",
                sign(self.delimiter)
            ));
        }
        match cells.iter().position(|cell| cell.len() > LONGEST) {
            Some(at) => Err(format!("the cell {} is longer than {LONGEST} letters; shorten it", at + 1)),
            None => Ok(true),
        }
    }

    /// The lines, in their order.
    pub(super) fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        self.rows.iter().map(|(number, cells)| Line { number: *number, table: self, cells })
    }

    /// Whether the file has a member.
    pub(super) fn has(&self, member: Member) -> bool {
        self.columns.iter().any(|(of, _)| *of == member)
    }
}

impl<'a> Line<'a> {
    /// What stands there; empty where there is no such column.
    pub(super) fn cell(self, member: Member) -> &'a str {
        self.cells(member).next().unwrap_or_default()
    }

    /// All that stands there.
    pub(super) fn cells(self, member: Member) -> impl Iterator<Item = &'a str> {
        let columns = self.table.columns.iter().filter(move |(of, _)| *of == member);
        columns.filter_map(move |(_, at)| self.cells.get(*at)).map(str::trim)
    }

    /// A complaint about a member.
    pub(super) fn wrong(self, member: Member, why: String) -> Wrong {
        let at = self.table.columns.iter().find(|(of, _)| *of == member).map(|(_, at)| self.table.heads[*at].clone());
        Wrong { line: self.number, column: Some(at.unwrap_or_else(|| member.name().to_owned())), why }
    }

    /// Reads a member that must be there.
    ///
    /// # Errors
    /// Where it is empty, or what `read` says.
    pub(super) fn read<T>(self, member: Member, read: impl FnOnce(&'a str) -> Result<T, String>) -> Result<T, Wrong> {
        match self.cell(member) {
            "" => Err(self.wrong(member, "it is empty; write something, or take the line out".to_owned())),
            cell => read(cell).map_err(|why| self.wrong(member, why)),
        }
    }

    /// Reads a member that may be left out.
    ///
    /// # Errors
    /// What `read` says.
    pub(super) fn may<T>(
        self,
        member: Member,
        read: impl FnOnce(&'a str) -> Result<T, String>,
    ) -> Result<Option<T>, Wrong> {
        match self.cell(member) {
            "" => Ok(None),
            _ => self.read(member, read).map(Some),
        }
    }
}

/// How a sentence names a delimiter.
pub(super) fn sign(delimiter: char) -> &'static str {
    match delimiter {
        ',' => "a comma",
        ';' => "a semicolon",
        '|' => "a |",
        _ => "a tab",
    }
}

fn is_known(head: &str, needs: &Needs, own: &[(String, String)]) -> bool {
    needs.members.iter().any(|member| member.is_called(head))
        || own.iter().any(|(_, column)| folded(column) == folded(head))
}

/// Which column holds what.
fn columns(heads: &[String], needs: &Needs, own: &[(String, String)]) -> Result<Vec<(Member, usize)>, String> {
    let listed = || heads.iter().map(|head| shown(head)).collect::<Vec<_>>().join(", ");
    let mut columns: Vec<(Member, usize)> = Vec::new();
    for (name, column) in own {
        let members = || needs.members.iter().map(|member| member.name()).collect::<Vec<_>>().join(", ");
        let member = needs.members.iter().find(|member| member.name() == name);
        let member =
            member.ok_or_else(|| format!("--column {name}=…: there is no {name}; write one of {}", members()))?;
        let at = heads.iter().position(|head| head == column.trim());
        let at = at.or_else(|| heads.iter().position(|head| folded(head) == folded(column)));
        let at =
            at.ok_or_else(|| format!("--column {name}={column}: there is no column {column}; it has {}", listed()))?;
        columns.push((*member, at));
    }
    let said: Vec<Member> = columns.iter().map(|(member, _)| *member).collect();
    for member in needs.members.iter().filter(|member| !said.contains(member)) {
        let free = |at: &usize| !columns.iter().any(|(_, column)| column == at);
        let called = |at: &usize| member.is_called(&heads[*at]);
        let mut found: Vec<usize> = (0..heads.len()).filter(|at| free(at) && called(at)).collect();
        // Its very name is no guess.
        let own: Vec<usize> =
            found.iter().copied().filter(|at| heads[*at].eq_ignore_ascii_case(member.name())).collect();
        if own.len() == 1 && needs.several != Some(*member) {
            found = own;
        }
        if found.len() > 1 && needs.several != Some(*member) {
            let names: Vec<_> = found.iter().map(|at| heads[*at].as_str()).collect();
            return Err(format!(
                "the columns {} may all be the {name}; say which with --column {name}={}",
                names.join(", "),
                names[0],
                name = member.name(),
            ));
        }
        columns.extend(found.into_iter().map(|at| (*member, at)));
    }
    for one_of in needs.one_of {
        if !one_of.iter().any(|member| columns.iter().any(|(of, _)| of == member)) {
            let names: Vec<_> = one_of.iter().map(|member| member.name()).collect();
            return Err(format!(
                "it has no column for {}; it has {}. Say which it is with --column {}=NAME",
                names.join(" or "),
                listed(),
                names[0],
            ));
        }
    }
    Ok(columns)
}

/// Where a record begins.
#[derive(Debug, Clone, Copy)]
struct Start {
    line: u64,
    byte: usize,
}

/// The records of a text, each with where it begins. The reader's own number of a line counts a break that stands before it.
fn records(text: &str, delimiter: char) -> impl Iterator<Item = (Start, StringRecord)> {
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter as u8)
        .terminator(Terminator::CRLF)
        .from_reader(text.as_bytes());
    let mut at = Start { line: 1, byte: 0 };
    std::iter::from_fn(move || {
        let byte = usize::try_from(reader.position().byte()).unwrap_or(usize::MAX).min(text.len());
        let mut record = StringRecord::new();
        // Of a text that is UTF-8 nothing can fail.
        if !reader.read_record(&mut record).ok()? {
            return None;
        }
        let byte = byte + text[byte..].bytes().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        at.line += breaks(&text[at.byte..byte]);
        at.byte = byte;
        Some((at, record))
    })
}

/// Ends of lines, in each of the three ways to write them.
fn breaks(text: &str) -> u64 {
    let bytes = text.as_bytes();
    let is_break = |at: usize| bytes[at] == b'\n' || bytes[at] == b'\r' && bytes.get(at + 1) != Some(&b'\n');
    (0..bytes.len()).filter(|at| is_break(*at)).count() as u64
}

/// Whether a text ends within quotes.
fn ends_open(text: &str, delimiter: char) -> bool {
    let (mut open, mut begins) = (false, true);
    let mut signs = text.chars().peekable();
    while let Some(sign) = signs.next() {
        match sign {
            '"' if open && signs.peek() == Some(&'"') => {
                signs.next();
            }
            '"' if open => open = false,
            '"' if begins => open = true,
            _ => {}
        }
        begins = !open && (sign == delimiter || sign == '\n' || sign == '\r');
    }
    open
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEEDS: Needs =
        Needs { members: &[Member::Day, Member::Kind, Member::Count], one_of: &[&[Member::Day]], several: None };

    fn lines(text: &str) -> Vec<(u64, String)> {
        let (table, wrong) = Table::read(text, &NEEDS, &[]).unwrap_or_else(|why| panic!("{why}"));
        let good = table.lines().map(|line| (line.number, line.cell(Member::Kind).to_owned()));
        let mut all: Vec<_> = good.chain(wrong.into_iter().map(|wrong| (wrong.line, "wrong".to_owned()))).collect();
        all.sort();
        all
    }

    #[test]
    fn lines_have_the_numbers_that_an_editor_shows() {
        for end in ["\n", "\r\n", "\r"] {
            let text = "day,kind\n\na,b\nc,\"d\n\ne\"\nf,g,h\n\n\ni,j".replace('\n', end);
            let many = "d\n\ne".replace('\n', end);
            let is =
                [(3, "b"), (4, many.as_str()), (7, "wrong"), (10, "j")].map(|(line, cell)| (line, cell.to_owned()));
            assert_eq!(lines(&text), is, "{end:?}");
        }
    }

    #[test]
    fn a_delimiter_is_found_by_what_it_makes() {
        for (text, delimiter) in [
            ("day,kind\n", ','),
            ("day;kind\n", ';'),
            ("day\tkind\n", '\t'),
            ("day|kind\n", '|'),
            ("a, b;day;kind\n", ';'),
            ("day\n", ','),
        ] {
            assert_eq!(Table::read(text, &NEEDS, &[]).map(|(table, _)| table.delimiter), Ok(delimiter), "{text}");
        }
    }

    #[test]
    fn an_open_quote_is_told_where_it_begins() {
        assert_eq!(lines("day,kind\na,b\nc,\"d\ne,f\n"), [(2, "b".to_owned()), (3, "wrong".to_owned())]);
        assert_eq!(lines("day,kind\na,5\" screen\n"), [(2, "5\" screen".to_owned())]);
    }
}
