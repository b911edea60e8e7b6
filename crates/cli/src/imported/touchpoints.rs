//! Touchpoints off the site: calls, visits to a store, fairs, letters.

use super::day::Days;
use super::heads::Member::{Count, Day, Kind, Sentiment, Stage};
use super::table::{Line, Needs, Table};
use super::wrong::Wrong;
use super::{Read, number, word};
use crate::store::imported::{Cell, Sheet, TOUCHPOINTS};
use std::collections::BTreeMap;

/// What such a file has.
pub(super) const NEEDS: Needs =
    Needs { members: &[Day, Kind, Stage, Count, Sentiment], one_of: &[&[Day], &[Kind]], several: None };

/// Reads all lines; those of one kind, day, stage and feeling are added up.
pub(super) fn read(table: &Table, days: Days) -> Read {
    let mut read = Read::default();
    let mut counted: BTreeMap<(String, i64, String, String), i64> = BTreeMap::new();
    for line in table.lines() {
        match one(line, days) {
            Ok((_, 0)) => read.lines += 1,
            Ok((of, n)) => {
                read.lines += 1;
                read.note(of.1, of.1);
                *counted.entry(of).or_default() += n;
            }
            Err(wrong) => read.wrong.push(wrong),
        }
    }
    let rows = counted.into_iter().map(|((kind, day, stage, feeling), n)| {
        vec![Cell::from(kind), Cell::from(day), Cell::from(stage), Cell::from(feeling), Cell::from(n)]
    });
    read.sheet = Sheet::new(&TOUCHPOINTS, rows.collect());
    read
}

type One = ((String, i64, String, String), i64);

fn one(line: Line<'_>, days: Days) -> Result<One, Wrong> {
    let day = line.read(Day, |cell| days.past(cell))?;
    let kind = line.read(Kind, word::kind)?;
    let stage = line.may(Stage, word::stage)?.unwrap_or_default();
    let feeling = line.may(Sentiment, word::feeling)?.unwrap_or_default();
    Ok(((kind, day, stage, feeling), line.may(Count, number::count)?.unwrap_or(1)))
}
