//! The conversation so far: each question with its answer as two small bubbles above the current question.

use polku_core::prompt::{Answer, Flow, Kind, in_language};
use web_sys::HtmlElement;

use crate::dom::{self, Made};
use crate::scale;
use crate::words::Words;

/// Brings the bubbles up to date: new ones are added (and read out), those taken back are removed.
pub(crate) fn draw(log: &HtmlElement, words: &Words, flow: &Flow, lang: &str) -> Made<()> {
    let fallback = flow.definition().fallback();
    let mut drawn = log.child_element_count();
    let mut wanted = 0;
    for (step, answer) in flow.passed() {
        let (Some(kind), question) = (step.kind(), in_language(&step.text, lang, fallback)) else { continue };
        wanted += 2;
        if drawn >= wanted {
            continue;
        }
        let bubble = dom::add(log, "div", "class=q", question)?;
        dom::set(&bubble, "lang", lang);
        drawn += 1;
        if let Some(answer) = answer {
            let bubble = dom::add(log, "div", "class=a dir=auto", "")?;
            dom::add(&bubble, "span", "class=sr", &words.get("you"))?;
            dom::add(&bubble, "span", "", &said(words, kind, answer))?;
            drawn += 1;
        } else {
            wanted -= 1; // a message: one bubble
        }
    }
    while log.child_element_count() > wanted
        && let Some(last) = log.last_element_child()
    {
        last.remove();
    }
    log.set_scroll_top(log.scroll_height());
    // A box that scrolls must be reachable by keyboard; one that does not must not be a stop.
    log.set_tab_index(if log.scroll_height() > log.client_height() { 0 } else { -1 });
    Ok(())
}

fn said(words: &Words, kind: Kind, answer: &Answer) -> String {
    match answer {
        Answer::Score(score) => {
            let most = kind.range().map_or(0, |(_, high)| high);
            scale::name(words, kind, &score.to_string(), &most.to_string())
        }
        Answer::Text(text) => text.clone(),
        Answer::Skipped => words.get("skipped"),
    }
}
