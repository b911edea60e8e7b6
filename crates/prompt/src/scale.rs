//! A scale of numbers: native radio buttons, so that arrows, screen readers and voice control work as everywhere.
//! Choosing sends nothing.

use polku_core::prompt::{Anchors, Kind};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};

use crate::markup::{self, Made, find};
use crate::words::Words;

/// The ends twice: as a sentence for those who hear it, under the scale for those who see it.
const GROUP: &str = "\
0fieldset|class=scale|role=radiogroup|aria-labelledby=q|aria-describedby=bad ends
1div|class=cells
1p|id=ends|class=sr|=$0
1div|class=ends|aria-hidden=true
2span|=$1
2span|=$2";
const CELL: &str = "\
0label|class=cell|part=option
1input|type=radio|name=s|value=$0|aria-label=$1|checked?=$2
1span|aria-hidden=true|=$0";

/// Draws the scale of `kind`, with what was chosen before.
pub(crate) fn draw(step: &Element, words: &Words, kind: Kind, chosen: Option<u8>) -> Made<()> {
    let Some((low, high)) = kind.range() else { return Ok(()) };
    let most = high.to_string();
    let (worst, best) = ends(kind);
    let (worst, best) = (words.get(worst), words.get(best));
    let spoken = words.fill("ends", &[&low.to_string(), &worst, &most, &best]);
    markup::draw(step, GROUP, words, &[&spoken, &worst, &best])?;
    let Some(cells) = find(step, ".cells") else { return Ok(()) };
    for score in low..=high {
        let number = score.to_string();
        let checked = if chosen == Some(score) { "checked" } else { "" };
        markup::draw(&cells, CELL, words, &[&number, &name(words, kind, &number, &most), checked])?;
    }
    Ok(())
}

/// How a point of the scale is said: "3 / 10", "4 / 5, Satisfied".
pub(crate) fn name(words: &Words, kind: Kind, number: &str, most: &str) -> String {
    let mut name = words.fill("point", &[number, most]);
    if kind == Kind::Csat {
        name.push_str(", ");
        let mut key = String::from("csat");
        key.push_str(number);
        name.push_str(&words.get(&key));
    }
    name
}

fn ends(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Csat => ("csat1", "csat5"),
        Kind::Ces { anchors: Anchors::Ease, .. } => ("ease1", "ease2"),
        Kind::Ces { anchors: Anchors::Agree, .. } => ("agree1", "agree2"),
        _ => ("nps1", "nps2"),
    }
}

/// Home and End, which native radio buttons do not know.
pub(crate) fn jump(step: &Element, event: &KeyboardEvent) -> Option<()> {
    let wanted = match event.key().as_str() {
        "Home" => "label:first-child input",
        "End" => "label:last-child input",
        _ => return None,
    };
    let input: HtmlElement = find(step, wanted)?;
    if event.target()?.unchecked_into::<Element>().matches("input").ok()? {
        event.prevent_default(); // else the page scrolls
        crate::card::focus(&input);
        input.click(); // as the arrows do: chosen, with its change event
    }
    Some(())
}
