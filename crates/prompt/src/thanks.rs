//! The end: the same card, the same height, closed by the shopper.

use polku_core::prompt::{Definition, in_language};

use crate::card::Card;
use crate::dom::{self, Made};
use crate::words::Words;

/// Replaces the question with thanks; after a bad score without cheerful words.
pub(crate) fn draw(card: &Card, words: &Words, definition: &Definition, lang: &str, low: bool) -> Made<()> {
    let mut height = card.frame.offset_height().to_string();
    height.push_str("px");
    card.frame.style().set_property("min-block-size", &height)?;
    card.frame.set_class_name("card end");
    card.count.set_text_content(None);
    card.body.set_text_content(None);
    let own = in_language(&definition.thanks, lang, definition.fallback());
    if !low {
        dom::add(&card.body, "div", "class=tick", "")?;
    }
    let words_for = |key: &str| words.get(key);
    let title = if low { words_for("low") } else if own.is_empty() { words_for("thanks") } else { own.to_owned() };
    let heading = dom::add(&card.body, "h2", "id=q tabindex=-1 part=question", &title)?;
    if !low {
        dom::set(&heading, "lang", lang);
    }
    dom::add(&card.body, "p", "", &words_for(if low { "afterlow" } else { "after" }))?;
    Ok(())
}
