//! A scale of numbers: native radio buttons, so that arrows, screen readers and voice control work as everywhere.
//! Choosing sends nothing.

use polku_core::prompt::{Anchors, Kind};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement, KeyboardEvent};

use crate::dom::{self, Made};
use crate::words::Words;

/// Draws the scale of `kind`, with what was chosen before.
pub(crate) fn draw(step: &Element, words: &Words, kind: Kind, chosen: Option<u8>) -> Made<()> {
    let Some((low, high)) = kind.range() else { return Ok(()) };
    let group = dom::add(step, "fieldset", "class=scale role=radiogroup aria-labelledby=q aria-describedby=ends", "")?;
    let cells = dom::add(&group, "div", "class=cells", "")?;
    let most = high.to_string();
    for score in low..=high {
        let number = score.to_string();
        let cell = dom::add(&cells, "label", "class=cell part=option", "")?;
        let input = dom::add(&cell, "input", "type=radio name=s", "")?;
        dom::set(&input, "value", &number);
        dom::set(&input, "aria-label", &name(words, kind, &number, &most));
        input.unchecked_ref::<HtmlInputElement>().set_checked(chosen == Some(score));
        dom::add(&cell, "span", "aria-hidden=true", &number)?;
    }
    let (worst, best) = ends(kind);
    let (worst, best) = (words.get(worst), words.get(best));
    // Twice: as sentence for those who hear it, under the ends for those who see it.
    let spoken = words.fill("ends", &[('a', &low.to_string()), ('b', &most), ('x', &worst), ('y', &best)]);
    dom::add(&group, "p", "id=ends class=sr", &spoken)?;
    let seen = dom::add(&group, "div", "class=ends aria-hidden=true", "")?;
    dom::add(&seen, "span", "", &worst)?;
    dom::add(&seen, "span", "", &best)?;
    Ok(())
}

/// How a point of the scale is said: "3 / 10", "4 / 5, Satisfied".
pub(crate) fn name(words: &Words, kind: Kind, number: &str, most: &str) -> String {
    let mut name = words.fill("point", &[('n', number), ('m', most)]);
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

/// The chosen point.
pub(crate) fn value(step: &Element) -> Option<u8> {
    dom::find(step, "input:checked")?.unchecked_ref::<HtmlInputElement>().value().parse().ok()
}

/// Home and End, which native radio buttons do not know.
pub(crate) fn jump(step: &Element, event: &KeyboardEvent) -> Option<()> {
    let wanted = match event.key().as_str() {
        "Home" => "label:first-child input",
        "End" => "label:last-child input",
        _ => return None,
    };
    let at: HtmlElement = event.target()?.dyn_into().ok()?;
    if !at.matches("input").ok()? {
        return None;
    }
    event.prevent_default(); // else the page scrolls
    let input = dom::find(step, wanted)?;
    input.focus().ok()?;
    input.click(); // as the arrows do: chosen, with its change event
    Some(())
}
