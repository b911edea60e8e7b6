//! What a door or a campaign costs, over some days.

use super::day::{self, Days};
use super::heads::Member::{Campaign, Cost, Currency, Day, Door, From, To};
use super::table::{Line, Needs, Table};
use super::wrong::Wrong;
use super::{Money, Read, word};
use crate::store::imported::{COSTS, Cell, Sheet};
use std::collections::BTreeMap;

/// What such a file has. A day alone is its first and its last.
pub(super) const NEEDS: Needs = Needs {
    members: &[From, To, Day, Door, Campaign, Cost, Currency],
    one_of: &[&[From, Day], &[Door, Campaign], &[Cost]],
    several: None,
};

/// Where the money went: door, campaign, currency.
type For = (String, String, String);

/// A cost as it was read.
struct One {
    of: For,
    from: i64,
    to: i64,
    cost: i64,
}

/// Reads all lines. Days that two lines of one door and campaign share would be paid twice: the later one is refused.
pub(super) fn read(table: &Table, days: Days, money: &Money) -> Read {
    let mut read = Read::default();
    let mut all: BTreeMap<For, Vec<(u64, One)>> = BTreeMap::new();
    for line in table.lines() {
        let one = match one(line, days, money) {
            Ok(one) => one,
            Err(wrong) => {
                read.wrong.push(wrong);
                continue;
            }
        };
        let others = all.entry(one.of.clone()).or_default();
        match others.iter().find(|(_, other)| other.from <= one.to && one.from <= other.to) {
            Some((_, other)) if (other.from, other.to, other.cost) == (one.from, one.to, one.cost) => read.again += 1,
            Some((before, _)) => {
                let why = format!(
                    "line {before} has some of these days already, for the same; take the days apart, or add the costs up"
                );
                read.wrong.push(line.wrong(if table.has(From) { From } else { Day }, why));
            }
            None => {
                read.lines += 1;
                read.note(one.from, one.to);
                others.push((line.number, one));
            }
        }
    }
    let rows = all.into_values().flatten().map(|(line, One { of: (door, campaign, currency), from, to, cost })| {
        (
            line,
            vec![
                Cell::from(door),
                Cell::from(campaign),
                Cell::from(currency),
                Cell::from(from),
                Cell::from(to),
                Cell::from(cost),
            ],
        )
    });
    let (lines, rows) = rows.unzip();
    read.sheet = Sheet::of_lines(&COSTS, rows, lines);
    read
}

fn one(line: Line<'_>, days: Days, money: &Money) -> Result<One, Wrong> {
    // What is told twice is told by the first and the last day.
    let first = if line.cell(From).is_empty() && !line.cell(Day).is_empty() { Day } else { From };
    let from = line.read(first, |cell| days.any(cell))?;
    let to = line.may(To, |cell| days.any(cell))?.unwrap_or(from);
    if to < from {
        return Err(line.wrong(To, format!("{} lies before {}; write the last day", day::name(to), day::name(from))));
    }
    if to - from > day::LONG {
        return Err(
            line.wrong(To, format!("it is more than {} days after the first; write a line for each month", day::LONG))
        );
    }
    let door = line.may(Door, word::door)?.unwrap_or_default();
    let campaign = line.may(Campaign, word::campaign)?.unwrap_or_default();
    if door.is_empty() && campaign.is_empty() {
        return Err(line.wrong(Door, "neither door nor campaign is told; write what the money was for".to_owned()));
    }
    let (cost, currency) = money.read(line, Cost)?;
    Ok(One { of: (door, campaign, currency), from, to, cost })
}

/// The days of a cost that is stored already share some with this one.
pub(super) fn taken(from: i64, to: i64) -> String {
    format!(
        "a cost from {} to {} is stored already, for the same; take the days apart, or say --replace {0}..{1}",
        day::name(from),
        day::name(to)
    )
}
