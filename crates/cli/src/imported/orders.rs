//! The shop's own books: how many orders a day had, and what they were worth.

use super::day::{self, Days};
use super::heads::Member::{Currency, Day, Orders, Value};
use super::table::{Line, Needs, Table};
use super::wrong::Wrong;
use super::{Money, Read, number};
use crate::store::imported::{Cell, ORDERS, Sheet};
use std::collections::BTreeMap;

/// What such a file has.
pub(super) const NEEDS: Needs =
    Needs { members: &[Day, Orders, Value, Currency], one_of: &[&[Day], &[Orders], &[Value]], several: None };

/// Reads all lines: one for each day and currency.
pub(super) fn read(table: &Table, days: Days, money: &Money) -> Read {
    let mut read = Read::default();
    let mut known: BTreeMap<(String, i64), (u64, i64, i64)> = BTreeMap::new();
    for line in table.lines() {
        match one(line, days, money) {
            Ok((of, orders, value)) => match known.get(&of) {
                Some(&(_, had, worth)) if (had, worth) == (orders, value) => read.again += 1,
                Some((before, ..)) => {
                    let why = format!(
                        "{} in {} stands in line {before} already, with other numbers; a day has one line: add them up",
                        day::name(of.1),
                        of.0
                    );
                    read.wrong.push(line.wrong(Day, why));
                }
                None => {
                    read.lines += 1;
                    read.note(of.1, of.1);
                    known.insert(of, (line.number, orders, value));
                }
            },
            Err(wrong) => read.wrong.push(wrong),
        }
    }
    let rows = known.into_iter().map(|((currency, day), (_, orders, value))| {
        vec![Cell::from(currency), Cell::from(day), Cell::from(orders), Cell::from(value)]
    });
    read.sheet = Sheet::new(&ORDERS, rows.collect());
    read
}

fn one(line: Line<'_>, days: Days, money: &Money) -> Result<((String, i64), i64, i64), Wrong> {
    let day = line.read(Day, |cell| days.past(cell))?;
    let orders = line.read(Orders, number::count)?;
    let (value, currency) = money.read(line, Value)?;
    Ok(((currency, day), orders, value))
}
