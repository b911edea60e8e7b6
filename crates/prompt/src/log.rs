//! The conversation so far: each question with its answer as two small bubbles above the current question.

use polku_core::prompt::{Answer, Flow, Kind};
use web_sys::Element;

use crate::markup::{Made, draw as add, set};
use crate::scale;
use crate::words::Words;

/// One question with its answer, as one child of the log: Back takes it away as one.
const TURN: &str = "\
0div|class=turn
1p|class=q|lang=$0|=$1
1p|class=a|dir=auto
2span|class=sr|=@you
2span|=$2";
const MESSAGE: &str = "\
0div|class=turn
1p|class=q|lang=$0|=$1";

/// Brings the bubbles up to date: new ones are added (and read out), those taken back are removed.
pub(crate) fn draw(log: &Element, words: &Words, flow: &Flow, lang: &str) -> Made<()> {
    let drawn = log.child_element_count();
    let mut wanted = 0;
    for (step, answer) in flow.passed() {
        wanted += 1;
        if wanted > drawn {
            let said = answer.map(|answer| said(words, step.kind(), answer));
            let markup = if said.is_some() { TURN } else { MESSAGE };
            add(log, markup, words, &[lang, flow.definition().text(step, lang), &said.unwrap_or_default()])?;
        }
    }
    for _ in wanted..drawn {
        if let Some(last) = log.last_element_child() {
            last.remove();
        }
    }
    log.set_scroll_top(log.scroll_height());
    // A box that scrolls must be reachable by keyboard; one that does not must not be a stop.
    set(log, "tabindex", if log.scroll_height() > log.client_height() { "0" } else { "-1" });
    Ok(())
}

fn said(words: &Words, kind: Option<Kind>, answer: &Answer) -> String {
    match (answer, kind) {
        (Answer::Score(score), Some(kind)) => {
            let most = kind.range().map_or(0, |(_, high)| high);
            scale::name(words, kind, &score.to_string(), &most.to_string())
        }
        (Answer::Text(text), _) => text.clone(),
        _ => words.get("skipped"),
    }
}
