//! The card: one frame that stays, with a question in it that changes. Draws what it is told; decides nothing.

use js_sys::{Array, Function, Reflect};
use polku_core::prompt::{Answer, Flow, Kind};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, HtmlElement, ShadowRoot, ShadowRootInit, ShadowRootMode};

use crate::markup::{self, Made, draw, find, hide, set};
use crate::words::{self, Words};
use crate::{log, scale, write};

const STYLE: &str = include_str!(concat!(env!("OUT_DIR"), "/prompt.css"));

/// What stays: header, conversation, place of the question, privacy line.
const FRAME: &str = "\
0div|class=card|part=card|role=dialog|aria-labelledby=q|lang=@lang|dir=$0
1div|class=top
2p
2button|class=x|type=button|data-do=close|part=close|aria-label=@close
1div|class=body
2div|class=log|role=log|aria-label=@log
2div|class=at
2div|class=note|part=privacy
3p
4span|=@note
4span|= 
4button|type=button|data-do=why|aria-expanded=false|aria-controls=why|=@why
3div|id=why|class=why|hidden";

/// What changes, before and after the answer's own field.
const QUESTION: &str = "\
0div|class=step
1h2|id=q|tabindex=-1|part=question|lang=$0|=$1";
const ACTIONS: &str = "\
0p|id=bad|class=bad|hidden
0div|class=acts
1button|class=t|type=button|data-do=later|hidden?=$0|=@later
1button|class=t|type=button|data-do=back|hidden?=$1|=@back
1span|class=gap
1button|class=t|type=button|data-do=skip|hidden?=$2|=@skip
1button|class=p|type=button|data-do=send|part=primary|=$3";

/// The elements that live as long as the prompt.
pub(crate) struct Card {
    pub(crate) host: HtmlElement,
    pub(crate) root: ShadowRoot,
    pub(crate) frame: HtmlElement,
    pub(crate) body: HtmlElement,
    /// Where the current step is.
    pub(crate) step: HtmlElement,
}

impl Card {
    /// Makes the empty card; it is not on the page yet.
    pub(crate) fn new(document: &Document, words: &Words, lang: &str) -> Made<Self> {
        let host = markup::make(document, "div")?;
        set(&host, "data-polku-prompt", "");
        if let Some(theme) = document.document_element().and_then(|page| page.get_attribute("data-polku-theme")) {
            set(&host, "data-polku-theme", &theme);
        }
        let root = host.attach_shadow(&ShadowRootInit::new(ShadowRootMode::Open))?;
        adopt(&root)?;
        let start = markup::make(document, "div")?;
        draw(&start, FRAME, words, &[direction(lang)])?;
        root.append_child(&start)?;
        let found = |selector| find(&start, selector).ok_or(JsValue::NULL);
        let (frame, body, step) = (found(".card")?, found(".body")?, found(".at")?);
        Ok(Self { host, root, frame, body, step })
    }

    /// Draws the current step. `draft` is what was written and not sent.
    pub(crate) fn draw(&self, words: &Words, flow: &Flow, lang: &str, draft: Option<&str>) -> Made<()> {
        let Some((step, kind)) = flow.current() else { return Ok(()) };
        self.head(&progress(words, flow));
        if let Some(log) = find(&self.body, ".log") {
            log::draw(&log, words, flow, lang)?;
        }
        markup::redraw(&self.step, QUESTION, words, &[lang, flow.definition().text(step, lang)])?;
        let Some(inner) = find(&self.step, ".step") else { return Ok(()) };
        match (kind, flow.answer_to(step.id())) {
            (Kind::Info, _) => {}
            (Kind::Text { max }, Some(Answer::Text(text))) => write::draw(&inner, words, max, draft.unwrap_or(text))?,
            (Kind::Text { max }, _) => write::draw(&inner, words, max, draft.unwrap_or_default())?,
            (_, Some(Answer::Score(score))) => scale::draw(&inner, words, kind, Some(*score))?,
            _ => scale::draw(&inner, words, kind, None)?,
        }
        let yes = |hidden| if hidden { "hidden" } else { "" };
        let back = flow.can_go_back();
        let skip = step.is_optional() && kind.asks();
        let send = words.get(if kind.asks() { "send" } else { "next" });
        draw(&inner, ACTIONS, words, &[yes(back), yes(!back), yes(!skip), &send])
    }

    /// Writes the line at the top.
    pub(crate) fn head(&self, text: &str) {
        if let Some(line) = find(&self.frame, ".top p") {
            line.set_text_content(Some(text));
        }
    }

    /// What the shopper has chosen or written so far, as it would leave.
    pub(crate) fn answer(&self, kind: Kind) -> Option<Answer> {
        match kind {
            Kind::Info => Some(Answer::Skipped),
            Kind::Text { max } => Some(Answer::Text(write::scrubbed(&self.value()?, max))),
            _ => self.value()?.parse().ok().map(Answer::Score),
        }
    }

    /// What is chosen or written, as it stands in the field.
    pub(crate) fn value(&self) -> Option<String> {
        let field = find(&self.step, "textarea,input:checked")?;
        words::get(&field, "value").as_string()
    }

    /// Says that an answer is missing, where it is missing, and goes there; or takes that back.
    pub(crate) fn complain(&self, text: Option<&str>) -> Option<()> {
        let field = find(&self.step, "fieldset,textarea")?;
        let bad = find(&self.step, ".bad")?;
        hide(&bad, text.is_none());
        bad.set_text_content(text);
        set(&field, "aria-invalid", if text.is_some() { "true" } else { "false" });
        if text.is_some() {
            // Focusing a radio button does not choose it.
            focus(&find(&self.step, "input,textarea")?);
        }
        Some(())
    }

    /// Moves the focus to the question.
    pub(crate) fn focus(&self) {
        if let Some(heading) = find(&self.frame, "h2") {
            focus(&heading);
        }
    }

    /// Whether the focus is inside.
    pub(crate) fn has_focus(&self) -> bool {
        self.root.active_element().is_some()
    }
}

/// Moves the focus without scrolling the page.
pub(crate) fn focus(element: &HtmlElement) {
    let options = web_sys::FocusOptions::new();
    options.set_prevent_scroll(true);
    let _ = element.focus_with_options(&options);
}

/// "One quick question", "Question 1 of 2", "Question 2": only what is certain.
fn progress(words: &Words, flow: &Flow) -> String {
    let (nth, of) = flow.progress();
    let nth = nth.to_string();
    match of {
        Some(1) => words.get("one"),
        Some(of) => words.fill("of", &[&nth, &of.to_string()]),
        None => words.fill("nth", &[&nth]),
    }
}

/// A constructed sheet: a strict CSP forbids style elements, and lets this pass.
fn adopt(root: &ShadowRoot) -> Made<()> {
    let constructor: Function = words::get(&js_sys::global(), "CSSStyleSheet").dyn_into()?;
    let sheet = Reflect::construct(&constructor, &Array::new())?;
    let replace: Function = words::get(&sheet, "replaceSync").dyn_into()?;
    replace.call1(&sheet, &JsValue::from_str(STYLE))?;
    Reflect::set(root, &JsValue::from_str("adoptedStyleSheets"), &Array::of1(&sheet))?;
    Ok(())
}

fn direction(lang: &str) -> &'static str {
    match lang.get(..2) {
        Some("ar" | "he" | "fa" | "ur") => "rtl",
        _ => "ltr",
    }
}
