//! The end: the same card, the same height, closed by the shopper.

use polku_core::prompt::Flow;

use crate::card::Card;
use crate::markup::{Made, redraw};
use crate::words::Words;

const THANKS: &str = "\
0div|class=tick|hidden?=$0
0h2|id=q|tabindex=-1|part=question|lang=$1|=$2
0p|=$3";

/// Replaces the question with thanks; after a bad score without cheerful words.
pub(crate) fn draw(card: &Card, words: &Words, flow: &Flow, lang: &str) -> Made<()> {
    let mut height = card.frame.offset_height().to_string();
    height.push_str("px");
    card.frame.style().set_property("min-block-size", &height)?;
    card.frame.set_class_name("card end");
    card.head("");
    let own = flow.definition().thanks(lang);
    let low = flow.is_low();
    let (lang, title, after) = match (low, own) {
        (true, _) => (words.get("lang"), words.get("low"), "afterlow"),
        (false, "") => (words.get("lang"), words.get("thanks"), "after"),
        (false, own) => (lang.to_owned(), own.to_owned(), "after"),
    };
    redraw(&card.body, THANKS, words, &[if low { "hidden" } else { "" }, &lang, &title, &words.get(after)])
}
