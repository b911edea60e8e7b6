//! The card: one frame that stays, with a question in it that changes. Draws what it is told; decides nothing.

use js_sys::{Array, Function, Reflect};
use polku_core::prompt::{Answer, Flow, Kind, in_language};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, HtmlElement, ShadowRoot, ShadowRootInit, ShadowRootMode};

use crate::dom::{self, Made};
use crate::words::Words;
use crate::{focus, log, privacy, scale, write};

const STYLE: &str = include_str!(concat!(env!("OUT_DIR"), "/prompt.css"));

/// The elements that live as long as the prompt.
pub(crate) struct Card {
    pub(crate) host: HtmlElement,
    pub(crate) root: ShadowRoot,
    pub(crate) frame: HtmlElement,
    pub(crate) count: HtmlElement,
    pub(crate) body: HtmlElement,
    log: HtmlElement,
    step: HtmlElement,
}

impl Card {
    /// Makes the empty card; it is on the page only after [`Card::show`].
    pub(crate) fn new(document: &Document, words: &Words, lang: &str) -> Made<Self> {
        let host = dom::make(document, "div", "data-polku-prompt")?;
        if let Some(theme) = document.document_element().and_then(|page| page.get_attribute("data-polku-theme")) {
            dom::set(&host, "data-polku-theme", &theme);
        }
        let root = host.attach_shadow(&ShadowRootInit::new(ShadowRootMode::Open))?;
        adopt(&root)?;
        let frame = dom::make(document, "div", "class=card part=card role=dialog aria-labelledby=q")?;
        dom::set(&frame, "lang", &words.get("lang"));
        dom::set(&frame, "dir", direction(lang));
        let top = dom::add(&frame, "div", "class=top", "")?;
        let count = dom::add(&top, "p", "", "")?;
        let close = dom::add(&top, "button", "class=x type=button data-do=close part=close", "")?;
        dom::set(&close, "aria-label", &words.get("close"));
        let body = dom::add(&frame, "div", "class=body", "")?;
        let log = dom::add(&body, "div", "class=log role=log", "")?;
        dom::set(&log, "aria-label", &words.get("log"));
        let step = dom::add(&body, "div", "", "")?;
        privacy::line(&body, words)?;
        root.append_child(&frame)?;
        Ok(Self { host, root, frame, count, body, log, step })
    }

    /// Puts the card on the page.
    pub(crate) fn show(&self, document: &Document) -> Made<()> {
        document.body().ok_or(JsValue::NULL)?.append_child(&self.host)?;
        Ok(())
    }

    /// Draws the current step. `draft` is what was written and not sent.
    pub(crate) fn draw(&self, words: &Words, flow: &Flow, lang: &str, draft: Option<&str>) -> Made<()> {
        let Some((step, kind)) = flow.current() else { return Ok(()) };
        self.count.set_text_content(Some(&progress(words, flow)));
        log::draw(&self.log, words, flow, lang)?;
        let old = &self.step;
        old.set_text_content(None);
        let inner = dom::add(old, "div", "class=step", "")?;
        let question = in_language(&step.text, lang, flow.definition().fallback());
        let heading = dom::add(&inner, "h2", "id=q tabindex=-1 part=question", question)?;
        dom::set(&heading, "lang", lang);
        let before = flow.answer_to(&step.id);
        match (kind, before) {
            (Kind::Info, _) => {}
            (Kind::Text { max }, Some(Answer::Text(text))) => write::draw(&inner, words, max, draft.unwrap_or(text))?,
            (Kind::Text { max }, _) => write::draw(&inner, words, max, draft.unwrap_or_default())?,
            (_, Some(Answer::Score(score))) => scale::draw(&inner, words, kind, Some(*score))?,
            _ => scale::draw(&inner, words, kind, None)?,
        }
        dom::add(&inner, "p", "id=bad class=bad hidden", "")?;
        let acts = dom::add(&inner, "div", "class=acts", "")?;
        let button = |class_and_do: &str, key: &str| dom::add(&acts, "button", class_and_do, &words.get(key));
        if flow.can_go_back() {
            button("class=t type=button data-do=back", "back")?;
        } else {
            button("class=t type=button data-do=later", "later")?;
        }
        dom::add(&acts, "span", "class=gap", "")?;
        if step.optional && kind.asks() {
            button("class=t type=button data-do=skip", "skip")?;
        }
        let last = if kind.asks() { "send" } else { "next" };
        button("class=p type=button data-do=send part=primary", last)?;
        Ok(())
    }

    /// What the shopper has chosen or written so far, as it would leave.
    pub(crate) fn answer(&self, kind: Kind) -> Option<Answer> {
        match kind {
            Kind::Info => Some(Answer::Skipped),
            Kind::Text { max } => Some(write::scrubbed(&self.draft()?, max)).filter(|text| !text.is_empty()).map(Answer::Text),
            _ => scale::value(&self.step).map(Answer::Score),
        }
    }

    /// What is written and not sent.
    pub(crate) fn draft(&self) -> Option<String> {
        write::draft(&self.step)
    }

    /// The step's own element, for what listens inside.
    pub(crate) fn step(&self) -> &HtmlElement {
        &self.step
    }

    /// Says that an answer is missing, where it is missing, and goes there. Choosing anything takes it back.
    pub(crate) fn complain(&self, text: &str) -> Option<()> {
        let field = dom::find(&self.step, "fieldset,textarea")?;
        let bad = dom::find(&self.step, ".bad")?;
        bad.set_text_content(Some(text));
        bad.set_hidden(false);
        dom::set(&field, "aria-invalid", "true");
        dom::set(&field, "aria-errormessage", "bad");
        dom::set(&field, "aria-describedby", "bad ends hint");
        // Focusing a radio button does not choose it.
        focus::to(&dom::find(&self.step, "input,textarea")?);
        Some(())
    }

    /// Takes the complaint back.
    pub(crate) fn forgive(&self) -> Option<()> {
        let field = dom::find(&self.step, "[aria-invalid]")?;
        dom::find(&self.step, ".bad")?.set_hidden(true);
        field.remove_attribute("aria-invalid").ok()?;
        dom::set(&field, "aria-describedby", "ends hint");
        Some(())
    }

    /// Moves the focus to the question.
    pub(crate) fn focus(&self) {
        if let Some(heading) = dom::find(&self.frame, "h2") {
            focus::to(&heading);
        }
    }
}

/// "One quick question", "Question 1 of 2", "Question 2": only what is certain.
fn progress(words: &Words, flow: &Flow) -> String {
    let (nth, of) = flow.progress();
    match of {
        Some(1) => words.get("one"),
        Some(of) => words.fill("of", &[('n', &nth.to_string()), ('m', &of.to_string())]),
        None => words.fill("nth", &[('n', &nth.to_string())]),
    }
}

/// A constructed sheet: a strict CSP forbids style elements, and lets this pass.
fn adopt(root: &ShadowRoot) -> Made<()> {
    let constructor: Function = dom::get(&js_sys::global(), "CSSStyleSheet").dyn_into()?;
    let sheet = Reflect::construct(&constructor, &Array::new())?;
    let replace: Function = dom::get(&sheet, "replaceSync").dyn_into()?;
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
