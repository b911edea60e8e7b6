//! What the shop brings from elsewhere, in tables of its own: nothing of it is joined to a journey.

use super::Scope;
use rusqlite::types::{ToSqlOutput, Value};
use rusqlite::{Connection, ToSql, params_from_iter};
use std::collections::{BTreeMap, BTreeSet};

/// A table, in the order in which its columns are written behind key and source.
#[derive(Debug, PartialEq, Eq)]
pub struct Shape {
    /// Its name.
    table: &'static str,
    /// Its columns.
    columns: &'static [&'static str],
    /// So many of the first columns say what a file tells as a whole: what is told again takes the place of what was there.
    unit: usize,
    /// Which of them is the day, and which the last day.
    days: (usize, usize),
}

/// Touchpoints off the site.
pub const TOUCHPOINTS: Shape = Shape {
    table: "imported_touchpoints",
    columns: &["kind", "day", "stage", "sentiment", "n"],
    unit: 2,
    days: (1, 1),
};
/// What tickets are about.
pub const TICKETS: Shape =
    Shape { table: "imported_tickets", columns: &["channel", "day", "theme", "emotion", "n"], unit: 2, days: (1, 1) };
/// Words of tickets, where the shop keeps them.
pub const TEXTS: Shape = Shape {
    table: "imported_texts",
    columns: &["channel", "day", "text", "themes", "emotion", "lang"],
    unit: 2,
    days: (1, 1),
};
/// Totals of days.
pub const ORDERS: Shape =
    Shape { table: "imported_orders", columns: &["currency", "day", "orders", "value"], unit: 2, days: (1, 1) };
/// What was paid for doors and campaigns.
pub const COSTS: Shape = Shape {
    table: "imported_costs",
    columns: &["door", "campaign", "currency", "day", "until", "cost"],
    unit: 5,
    days: (3, 4),
};

/// A value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cell {
    /// A text.
    Text(String),
    /// A number.
    Number(i64),
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl ToSql for Cell {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        match self {
            Self::Text(text) => text.to_sql(),
            Self::Number(number) => number.to_sql(),
        }
    }
}

/// Rows for a table.
#[derive(Debug)]
pub struct Sheet {
    shape: &'static Shape,
    rows: Vec<Vec<Cell>>,
    /// The line of the file that each row stands in, where each is of one.
    lines: Vec<u64>,
}

impl Sheet {
    /// Rows of a shape, each with all columns.
    pub fn new(shape: &'static Shape, rows: Vec<Vec<Cell>>) -> Self {
        Self { shape, rows, lines: Vec::new() }
    }

    /// The same, each of one line of the file.
    pub fn of_lines(shape: &'static Shape, rows: Vec<Vec<Cell>>, lines: Vec<u64>) -> Self {
        Self { shape, rows, lines }
    }

    /// How many rows.
    pub fn rows(&self) -> usize {
        self.rows.len()
    }

    /// How many rows are of days before this one.
    pub(super) fn before(&self, day: i64) -> usize {
        self.rows.iter().filter(|row| self.shape.first(row).is_some_and(|of| of < day)).count()
    }
}

/// Which rows of a table: of a shop, and of a source of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Whose<'a> {
    pub(super) key: &'a str,
    pub(super) source: &'a str,
}

/// What became of what was told.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Brought {
    /// Told for the first time.
    pub new: usize,
    /// Told anew, with other numbers.
    pub replaced: usize,
    /// As it was.
    pub same: usize,
    /// Was in the days that were replaced, and is not told any more.
    pub removed: usize,
    /// Rows that were refused since others have some of their days: the line, and these days.
    pub taken: Vec<(u64, i64, i64)>,
}

type Units = BTreeMap<Vec<Cell>, BTreeSet<Vec<Cell>>>;

/// Writes a sheet. What is told again takes the place of what was told before; with `replace`, so does nothing.
pub(super) fn bring(
    connection: &Connection,
    whose: Whose<'_>,
    sheet: &Sheet,
    replace: Option<(i64, i64)>,
) -> rusqlite::Result<Brought> {
    let shape = sheet.shape;
    let mut brought = Brought::default();
    let stored = stored(connection, whose, sheet, replace)?;
    let is_replaced = |unit: &[Cell]| {
        replace.is_some_and(|(from, to)| shape.first(unit) >= Some(from) && shape.last(unit) <= Some(to))
    };
    let mut told = Units::new();
    for (at, row) in sheet.rows.iter().enumerate() {
        let unit = &row[..shape.unit];
        let shared = |other: &&Vec<Cell>| shape.shares_days(unit, other) && !is_replaced(other);
        let spans = shape.days.0 != shape.days.1;
        match spans.then(|| stored.keys().find(shared)).flatten() {
            Some(other) => {
                let line = sheet.lines.get(at).copied().unwrap_or_default();
                brought.taken.push((
                    line,
                    shape.first(other).unwrap_or_default(),
                    shape.last(other).unwrap_or_default(),
                ));
            }
            None => {
                told.entry(unit.to_vec()).or_default().insert(row.clone());
            }
        }
    }
    for unit in stored.keys().filter(|unit| is_replaced(unit) && !told.contains_key(*unit)) {
        shape.delete(connection, whose, unit)?;
        brought.removed += 1;
    }
    for (unit, rows) in &told {
        match stored.get(unit) {
            Some(before) if before == rows => {
                brought.same += 1;
                continue;
            }
            Some(_) => {
                shape.delete(connection, whose, unit)?;
                brought.replaced += 1;
            }
            None => brought.new += 1,
        }
        for row in rows {
            shape.insert(connection, whose, row)?;
        }
    }
    Ok(brought)
}

/// Writes what stands beside another sheet: what is there for the same units goes, also where nothing comes in its place.
pub(super) fn bring_beside(
    connection: &Connection,
    whose: Whose<'_>,
    sheet: &Sheet,
    beside: &Sheet,
    replace: Option<(i64, i64)>,
) -> rusqlite::Result<()> {
    let shape = beside.shape;
    if let Some((from, to)) = replace {
        shape.delete_days(connection, whose, from, to)?;
    }
    let units: BTreeSet<&[Cell]> = sheet.rows.iter().map(|row| &row[..shape.unit]).collect();
    for unit in units {
        shape.delete(connection, whose, unit)?;
    }
    beside.rows.iter().try_for_each(|row| shape.insert(connection, whose, row))
}

/// What is stored in the days of a sheet.
fn stored(
    connection: &Connection,
    whose: Whose<'_>,
    sheet: &Sheet,
    replace: Option<(i64, i64)>,
) -> rusqlite::Result<Units> {
    let shape = sheet.shape;
    let days = sheet.rows.iter().filter_map(|row| Some((shape.first(row)?, shape.last(row)?))).chain(replace);
    let Some((from, to)) = days.reduce(|(a, b), (c, d)| (a.min(c), b.max(d))) else { return Ok(Units::new()) };
    let (first, last) = (shape.columns[shape.days.0], shape.columns[shape.days.1]);
    let mut statement = connection.prepare(&format!(
        "SELECT {} FROM {} WHERE key = ?1 AND source = ?2 AND {first} <= ?4 AND {last} >= ?3",
        shape.columns.join(", "),
        shape.table
    ))?;
    let mut rows = statement.query((whose.key, whose.source, from, to))?;
    let mut units = Units::new();
    while let Some(row) = rows.next()? {
        let cells = (0..shape.columns.len()).map(|at| Ok(cell(row.get(at)?)));
        let cells: Vec<Cell> = cells.collect::<rusqlite::Result<_>>()?;
        units.entry(cells[..shape.unit].to_vec()).or_default().insert(cells);
    }
    Ok(units)
}

fn cell(value: Value) -> Cell {
    match value {
        Value::Integer(number) => Cell::Number(number),
        Value::Text(text) => Cell::Text(text),
        _ => Cell::Text(String::new()),
    }
}

impl Shape {
    fn first(&self, unit: &[Cell]) -> Option<i64> {
        number(unit, self.days.0)
    }

    fn last(&self, unit: &[Cell]) -> Option<i64> {
        number(unit, self.days.1)
    }

    /// Whether two units are of the same, and of days of which some are the same and others are not.
    fn shares_days(&self, unit: &[Cell], other: &[Cell]) -> bool {
        let before = self.days.0;
        unit != other
            && unit[..before] == other[..before]
            && self.first(unit) <= self.last(other)
            && self.first(other) <= self.last(unit)
    }

    fn delete(&self, connection: &Connection, whose: Whose<'_>, unit: &[Cell]) -> rusqlite::Result<()> {
        let terms: Vec<String> =
            self.columns[..self.unit].iter().zip(3..).map(|(column, at)| format!(" AND {column} = ?{at}")).collect();
        let sql = format!("DELETE FROM {} WHERE key = ?1 AND source = ?2{}", self.table, terms.concat());
        connection.prepare_cached(&sql)?.execute(params_from_iter(with(whose, unit))).map(|_| ())
    }

    fn delete_days(&self, connection: &Connection, whose: Whose<'_>, from: i64, to: i64) -> rusqlite::Result<usize> {
        let (first, last) = (self.columns[self.days.0], self.columns[self.days.1]);
        let sql =
            format!("DELETE FROM {} WHERE key = ?1 AND source = ?2 AND {first} >= ?3 AND {last} <= ?4", self.table);
        connection.prepare_cached(&sql)?.execute((whose.key, whose.source, from, to))
    }

    fn insert(&self, connection: &Connection, whose: Whose<'_>, row: &[Cell]) -> rusqlite::Result<()> {
        let places: Vec<String> = (1..=row.len() + 2).map(|at| format!("?{at}")).collect();
        let sql = format!(
            "INSERT INTO {} (key, source, {}) VALUES ({})",
            self.table,
            self.columns.join(", "),
            places.join(", ")
        );
        connection.prepare_cached(&sql)?.execute(params_from_iter(with(whose, row))).map(|_| ())
    }
}

fn number(unit: &[Cell], at: usize) -> Option<i64> {
    match unit.get(at) {
        Some(Cell::Number(number)) => Some(*number),
        _ => None,
    }
}

fn with(whose: Whose<'_>, cells: &[Cell]) -> Vec<Cell> {
    [whose.key, whose.source].map(|text| Cell::Text(text.to_owned())).into_iter().chain(cells.iter().cloned()).collect()
}

/// Lets no words stay for more than so many days from the day of their ticket on.
pub(super) fn shorten(connection: &Connection, days: i64) -> rusqlite::Result<()> {
    let sql = "UPDATE imported_texts SET expires_hour = (day + ?1) * 24 WHERE expires_hour > (day + ?1) * 24";
    connection.execute(sql, [days]).map(|_| ())
}

/// Lets go of words whose time is over. Counts say nothing of a person, and stay.
pub(super) fn purge(connection: &Connection, now: i64) -> rusqlite::Result<usize> {
    connection.execute("DELETE FROM imported_texts WHERE expires_hour <= ?1", [now])
}

/// Deletes what was imported: of a shop or of all, in these days or in all. Answers how many rows went.
pub(super) fn erase(
    connection: &Connection,
    shapes: &[&'static Shape],
    key: Option<&str>,
    (from, to): (i64, i64),
) -> rusqlite::Result<usize> {
    let mut gone = 0;
    for shape in shapes {
        let (first, last) = (shape.columns[shape.days.0], shape.columns[shape.days.1]);
        gone += connection.execute(
            &format!("DELETE FROM {} WHERE (?1 IS NULL OR key = ?1) AND {first} >= ?2 AND {last} <= ?3", shape.table),
            (key, from, to),
        )?;
    }
    Ok(gone)
}

/// A row as it is told: whose it is, from where, and its columns.
#[derive(Debug, Clone, PartialEq)]
pub struct Imported {
    /// The shop's key.
    pub key: String,
    /// What the shop calls where it comes from.
    pub source: String,
    /// The columns.
    cells: Vec<Cell>,
}

impl Imported {
    /// A text of it.
    pub fn text(&self, at: usize) -> &str {
        match self.cells.get(at) {
            Some(Cell::Text(text)) => text,
            _ => "",
        }
    }

    /// A number of it.
    pub fn number(&self, at: usize) -> i64 {
        number(&self.cells, at).unwrap_or_default()
    }
}

/// Which rows of a table are wanted.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    /// The table.
    pub shape: &'static Shape,
    /// The first and the last day: what reaches beyond them is left out.
    pub days: (i64, i64),
    /// Not more than so many, the newest first; otherwise all, the oldest first.
    pub newest: Option<u32>,
}

/// The rows of a table that are wanted.
pub(super) fn read(
    connection: &Connection,
    Wanted { shape, days: (from, to), newest }: Wanted,
    scope: &Scope,
    key: Option<&str>,
) -> rusqlite::Result<Vec<Imported>> {
    let (first, last) = (shape.columns[shape.days.0], shape.columns[shape.days.1]);
    let columns = shape.columns.join(", ");
    let order = match newest {
        Some(most) => format!("{first} DESC, rowid DESC LIMIT {most}"),
        None => format!("{first}, key, source, {columns}"),
    };
    let mut statement = connection.prepare_cached(&format!(
        "SELECT key, source, {columns} FROM {} WHERE (?1 IS NULL OR key IN (SELECT value FROM json_each(?1))) AND (?2 IS NULL OR key = ?2) \
         AND {first} >= ?3 AND {last} <= ?4 ORDER BY {order}",
        shape.table,
    ))?;
    let rows = statement.query_map((scope.json(), key, from, to), |row| {
        let cells = (2..shape.columns.len() + 2).map(|at| Ok(cell(row.get(at)?)));
        Ok(Imported { key: row.get(0)?, source: row.get(1)?, cells: cells.collect::<rusqlite::Result<_>>()? })
    })?;
    rows.collect()
}

/// The keys of the database, as many as are asked for.
pub(super) fn keys(connection: &Connection, most: usize) -> rusqlite::Result<Vec<String>> {
    // From one key to the next: a walk over all journeys would take as long as there are many.
    let mut next = connection.prepare(
        "SELECT min(key) FROM (SELECT min(key) AS key FROM journeys WHERE key > ?1 UNION ALL SELECT min(key) FROM imported_orders WHERE key > ?1 \
         UNION ALL SELECT min(key) FROM imported_tickets WHERE key > ?1 UNION ALL SELECT min(key) FROM imported_touchpoints WHERE key > ?1 \
         UNION ALL SELECT min(key) FROM imported_costs WHERE key > ?1)",
    )?;
    let mut keys: Vec<String> = Vec::new();
    while keys.len() < most {
        let after = keys.last().map_or("", String::as_str);
        let Some(key) = next.query_row([after], |row| row.get::<_, Option<String>>(0))? else { break };
        keys.push(key);
    }
    Ok(keys)
}

/// Tables of what is imported.
pub(super) const MIGRATION: &str = "
    -- What the shop brings from elsewhere, by the source that it names. `day` counts from 1970. Nothing here names a journey.
    CREATE TABLE imported_touchpoints (
        key TEXT NOT NULL, source TEXT NOT NULL, kind TEXT NOT NULL, day INTEGER NOT NULL, stage TEXT NOT NULL, sentiment TEXT NOT NULL, n INTEGER NOT NULL,
        PRIMARY KEY (key, source, kind, day, stage, sentiment)
    ) STRICT, WITHOUT ROWID;
    -- A row without a theme counts each ticket once, whatever it is about.
    CREATE TABLE imported_tickets (
        key TEXT NOT NULL, source TEXT NOT NULL, channel TEXT NOT NULL, day INTEGER NOT NULL, theme TEXT NOT NULL, emotion TEXT NOT NULL, n INTEGER NOT NULL,
        PRIMARY KEY (key, source, channel, day, theme, emotion)
    ) STRICT, WITHOUT ROWID;
    -- Scrubbed words, where the shop keeps them; they go as answers do.
    CREATE TABLE imported_texts (
        key TEXT NOT NULL, source TEXT NOT NULL, channel TEXT NOT NULL, day INTEGER NOT NULL, text TEXT NOT NULL, themes TEXT NOT NULL, emotion TEXT NOT NULL,
        lang TEXT NOT NULL, expires_hour INTEGER NOT NULL DEFAULT 9223372036854775807
    ) STRICT;
    CREATE INDEX imported_texts_unit ON imported_texts (key, source, channel, day);
    CREATE INDEX imported_texts_expiry ON imported_texts (expires_hour);
    CREATE INDEX imported_texts_newest ON imported_texts (day);
    -- Money in hundredths.
    CREATE TABLE imported_orders (
        key TEXT NOT NULL, source TEXT NOT NULL, currency TEXT NOT NULL, day INTEGER NOT NULL, orders INTEGER NOT NULL, value INTEGER NOT NULL,
        PRIMARY KEY (key, source, currency, day)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE imported_costs (
        key TEXT NOT NULL, source TEXT NOT NULL, door TEXT NOT NULL, campaign TEXT NOT NULL, currency TEXT NOT NULL, day INTEGER NOT NULL, until INTEGER NOT NULL,
        cost INTEGER NOT NULL,
        PRIMARY KEY (key, source, door, campaign, currency, day, until)
    ) STRICT, WITHOUT ROWID;
";
