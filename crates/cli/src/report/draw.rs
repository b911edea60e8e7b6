//! The report's pictures: SVG inside the page, coloured by its style sheet. What they show stands beside them in words.

use super::say::Say;
use crate::map::facts::filter::{DAY, date};
use crate::map::goals::Stand;
use crate::map::kpi::{Kpi, Measured};
use std::fmt::Write as _;

/// Room of a pair of intervals.
const PAIR: (f64, f64) = (160.0, 22.0);
/// Room of a goal's line, and what its words need.
const LINE: (f64, f64) = (640.0, 170.0);
const EDGES: (f64, f64, f64, f64) = (56.0, 14.0, 10.0, 24.0);

/// Before above after, on the KPI's whole scale. Told by the numbers beside it, so hidden from those who do not see it.
pub(super) fn pair(kpi: Kpi, before: Measured, after: Measured) -> String {
    let ((low, high), (width, height)) = (kpi.range(), PAIR);
    let x = |value: f64| 4.0 + (value - low) / (high - low) * (width - 8.0);
    let mut out = format!(
        r#"<svg class="pair" viewBox="0 0 {width} {height}" width="{width}" height="{height}" aria-hidden="true">"#
    );
    let _ = write!(out, r#"<path class="rail" d="M4 {0}H{1}"/>"#, height - 1.0, width - 4.0);
    for (class, measured, y) in [("before", before, 6.0), ("after", after, 14.0)] {
        if let (Some(value), Some(from), Some(to)) = (measured.value, measured.low, measured.high) {
            let _ = write!(
                out,
                r#"<path class="range {class}" d="M{:.1} {y}H{:.1}"/><circle class="dot {class}" cx="{:.1}" cy="{y}" r="3.5"/>"#,
                x(from),
                x(to),
                x(value)
            );
        }
    }
    out + "</svg>"
}

/// What a goal was to come to, and what it has come to.
pub(super) fn line(stand: &Stand, say: &Say, label: &str) -> String {
    let goal = &stand.goal;
    let aims: Vec<(i64, f64)> = [(goal.since.as_deref(), goal.from)]
        .into_iter()
        .chain(goal.milestones.iter().map(|milestone| (Some(milestone.on.as_str()), milestone.value)))
        .chain([(Some(goal.by.as_str()), goal.to)])
        .filter_map(|(on, value)| Some((on.and_then(date)?, value)))
        .collect();
    let points: Vec<(i64, Measured)> =
        stand.line.iter().filter_map(|point| Some((date(&point.on)?, point.measured))).collect();
    let days = || aims.iter().map(|(on, _)| *on).chain(points.iter().map(|(on, _)| *on));
    let levels = || {
        let known = points.iter().flat_map(|(_, one)| [one.low, one.high]).flatten();
        aims.iter().map(|(_, value)| *value).chain(known)
    };
    let (first, last) = (days().min().unwrap_or_default(), days().max().unwrap_or_default());
    let (low, high) = (levels().fold(f64::MAX, f64::min), levels().fold(f64::MIN, f64::max));
    let room = ((high - low) * 0.1).max(1.0);
    let (low, high) = (low - room, high + room);
    let ((width, height), (left, right, top, foot)) = (LINE, EDGES);
    let x = |on: i64| left + (on - first) as f64 / (last - first).max(DAY) as f64 * (width - left - right);
    let y = |value: f64| height - foot - (value - low) / (high - low) * (height - top - foot);
    let mut out = format!(
        r#"<svg class="line" viewBox="0 0 {width} {height}" role="img" aria-label="{}">"#,
        super::page::escaped(label)
    );
    for tick in ticks(low, high) {
        let _ = write!(
            out,
            r#"<path class="grid" d="M{left} {0:.1}H{1}"/><text class="end" x="{2}" y="{3:.1}">{4}</text>"#,
            y(tick),
            width - right,
            left - 6.0,
            y(tick) + 4.0,
            say.level(goal.kpi, tick)
        );
    }
    let way = |out: &mut String, class: &str, way: &[(i64, f64)]| {
        let stops: Vec<String> = way.iter().map(|(on, value)| format!("{:.1} {:.1}", x(*on), y(*value))).collect();
        let _ = write!(out, r#"<path class="{class}" d="M{}"/>"#, stops.join("L"));
    };
    way(&mut out, "aim", &aims);
    let known: Vec<(i64, f64)> = points.iter().filter_map(|(on, one)| Some((*on, one.value?))).collect();
    if known.len() > 1 {
        way(&mut out, "way", &known);
    }
    for (on, one) in &points {
        if let (Some(value), Some(from), Some(to)) = (one.value, one.low, one.high) {
            let _ = write!(
                out,
                r#"<path class="range after" d="M{0:.1} {1:.1}V{2:.1}"/><circle class="dot after" cx="{0:.1}" cy="{3:.1}" r="5"/>"#,
                x(*on),
                y(from),
                y(to),
                y(value)
            );
        }
    }
    let _ = write!(
        out,
        r#"<text x="{left}" y="{0}">{1}</text><text class="end" x="{2}" y="{0}">{3}</text></svg>"#,
        height - 6.0,
        say.day(first),
        width - right,
        say.day(last)
    );
    out
}

/// Round values between two, some three to six of them.
fn ticks(low: f64, high: f64) -> Vec<f64> {
    let unit = 10f64.powf(((high - low) / 4.0).log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|times| times * unit).find(|step| (high - low) / step <= 5.0);
    let step = step.unwrap_or(unit * 10.0);
    (0..).map(|nth| ((low / step).ceil() + f64::from(nth)) * step).take_while(|tick| *tick <= high).take(10).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_few() {
        assert_eq!(ticks(-3.0, 101.0), [0.0, 50.0, 100.0]);
        assert_eq!(ticks(18.6, 31.0), [20.0, 25.0, 30.0]);
        assert_eq!(ticks(0.0, 2.0), [0.0, 0.5, 1.0, 1.5, 2.0]);
    }

    #[test]
    fn few_are_drawn_as_nothing() {
        let measured = Measured { n: 40, value: Some(50.0), low: Some(40.0), high: Some(60.0) };
        let few = Measured { n: 3, ..Measured::default() };
        assert_eq!(pair(Kpi::Conversion, few, measured).matches("<circle").count(), 1);
        assert_eq!(pair(Kpi::Nps, few, few).matches("<circle").count(), 0);
    }
}
