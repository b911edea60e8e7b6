//! One open prompt: what happens when the shopper does something.
//!
//! Every action goes the same way: read the page, change the state under a short borrow, draw, and only then call out. So
//! neither a focus event nor the shop's own code ever finds the state borrowed.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_events::{EventListener, EventListenerOptions};
use gloo_timers::callback::Timeout;
use js_sys::Function;
use polku_core::prompt::{Answer, Flow, Kind, Record, Refused};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Event, EventTarget, FocusEvent, HtmlElement, KeyboardEvent, Window};

use crate::card::{self, Card};
use crate::context::Context;
use crate::event::{self, Reason};
use crate::markup::{Made, set};
use crate::seen::{self, Watch};
use crate::words::Words;
use crate::{announce, keyboard, privacy, registry, scale, thanks, write};

/// How long the card fades; then it is taken off the page.
const FADE_MS: u32 = 170;

/// One prompt, from opening until it has left the page.
pub(crate) struct Prompt {
    window: Window,
    document: Document,
    card: Card,
    words: Words,
    emit: Function,
    status: Option<HtmlElement>,
    /// The language of the questions.
    lang: String,
    state: RefCell<State>,
    /// `closed` has left: nothing else does.
    over: Cell<bool>,
    shown: Cell<bool>,
    /// Half of the card is painted now.
    painted: Cell<bool>,
    held: RefCell<Held>,
}

struct State {
    flow: Flow,
    context: Context,
    /// A text that was written and not sent when the shopper went back, with its step.
    draft: Option<(String, String)>,
    /// Where the focus came from.
    opener: Option<HtmlElement>,
}

/// What calls us back, until it is dropped.
#[derive(Default)]
struct Held {
    listeners: Vec<EventListener>,
    watch: Option<Watch>,
    seen: Option<Timeout>,
    announce: Option<Timeout>,
    fade: Option<Timeout>,
}

impl Prompt {
    /// Draws the card and puts it on the page.
    pub(crate) fn open(flow: Flow, context: Context, words: Words, emit: Function, status: Option<HtmlElement>) -> Made<Rc<Self>> {
        let window = web_sys::window().ok_or(JsValue::NULL)?;
        let document = window.document().ok_or(JsValue::NULL)?;
        let lang = flow.definition().locale(&context.lang).to_owned();
        let card = Card::new(&document, &words, &lang)?;
        card.draw(&words, &flow, &lang, None)?;
        let user = context.user;
        let prompt = Rc::new(Self {
            window,
            document,
            card,
            words,
            emit,
            status,
            lang,
            state: RefCell::new(State { flow, context, draft: None, opener: None }),
            over: Cell::new(false),
            shown: Cell::new(false),
            painted: Cell::new(false),
            held: RefCell::default(),
        });
        prompt.listen()?;
        prompt.document.body().ok_or(JsValue::NULL)?.append_child(&prompt.card.host)?;
        prompt.follow_keyboard();
        if user {
            prompt.card.focus();
        } else {
            prompt.held.borrow_mut().announce = Some(prompt.after(announce::AFTER_MS, Self::announce));
        }
        Ok(prompt)
    }

    fn listen(self: &Rc<Self>) -> Made<()> {
        let frame: &EventTarget = &self.card.frame;
        let mut listeners = vec![
            self.on(frame, "click", Self::clicked),
            self.on(frame, "change", Self::changed),
            self.on(frame, "input", Self::changed),
            self.on(frame, "focusin", Self::entered),
            self.on(frame, "keydown", Self::pressed),
            // The shop's shortcuts are not for what is typed here.
            self.on(frame, "keyup", |_, event| event.stop_propagation()),
            self.on(frame, "keypress", |_, event| event.stop_propagation()),
            self.on(&self.document, "keydown", Self::called),
            self.on(&self.document, "visibilitychange", |prompt, _| prompt.watch_clock()),
        ];
        if let Some(seen) = self.window.visual_viewport() {
            listeners.push(self.on(&seen, "resize", |prompt, _| prompt.follow_keyboard()));
            listeners.push(self.on(&seen, "scroll", |prompt, _| prompt.follow_keyboard()));
        }
        let weak = Rc::downgrade(self);
        let watch = Watch::new(&self.card.frame, move |painted| {
            if let Some(prompt) = weak.upgrade() {
                prompt.painted.set(painted);
                prompt.watch_clock();
                prompt.is_here();
            }
        })?;
        let mut held = self.held.borrow_mut();
        held.listeners = listeners;
        held.watch = Some(watch);
        Ok(())
    }

    fn on(self: &Rc<Self>, target: &EventTarget, name: &'static str, run: fn(&Rc<Self>, &Event)) -> EventListener {
        let weak = Rc::downgrade(self);
        EventListener::new_with_options(target, name, EventListenerOptions::enable_prevent_default(), move |event| {
            if let Some(prompt) = weak.upgrade() {
                run(&prompt, event);
            }
        })
    }

    fn after(self: &Rc<Self>, milliseconds: u32, run: fn(&Rc<Self>)) -> Timeout {
        let weak = Rc::downgrade(self);
        Timeout::new(milliseconds, move || {
            if let Some(prompt) = weak.upgrade() {
                run(&prompt);
            }
        })
    }

    fn announce(self: &Rc<Self>) {
        if let Some(status) = &self.status {
            announce::say(status, &self.words.get("status"), &self.words.get("lang"));
        }
    }

    fn follow_keyboard(&self) {
        keyboard::follow(&self.window, &self.card.host);
    }

    /// `shown` leaves after a second in which half of the card was painted in a visible tab.
    fn watch_clock(self: &Rc<Self>) {
        let counts = self.painted.get() && !self.document.hidden() && !self.shown.get() && !self.over.get();
        let seen = counts.then(|| self.after(seen::FOR_MS, Self::was_seen));
        let old = std::mem::replace(&mut self.held.borrow_mut().seen, seen);
        drop(old);
    }

    fn was_seen(self: &Rc<Self>) {
        if self.is_here() && !self.over.get() && !self.shown.replace(true) {
            let sub = self.state.borrow().context.sub.clone();
            self.call(&event::shown(&sub));
        }
    }

    /// Whether the page still has our nodes. A page that threw them away is told once, and never hears of us again.
    fn is_here(self: &Rc<Self>) -> bool {
        let here = self.card.host.is_connected();
        if !here {
            self.close(Reason::Abandoned);
        }
        here
    }

    fn clicked(self: &Rc<Self>, event: &Event) {
        let Some(target) = event.target() else { return };
        let Ok(Some(button)) = target.unchecked_into::<web_sys::Element>().closest("[data-do]") else { return };
        match button.get_attribute("data-do").as_deref() {
            Some("send") => self.send(),
            Some("skip") => self.take(Answer::Skipped),
            Some("back") => self.back(),
            Some("later") => self.close(Reason::Snoozed),
            Some("why") => {
                privacy::toggle(&self.card.body);
                self.explain();
            }
            Some("close") => self.close(Reason::Dismissed),
            _ => {}
        }
    }

    fn changed(self: &Rc<Self>, _: &Event) {
        let kind = self.state.borrow().flow.current().map(|(_, kind)| kind);
        if let (Some(Kind::Text { max }), Some(written)) = (kind, self.card.value()) {
            write::count(&self.card.step, &self.words, max, &written);
        }
        self.card.complain(None);
        self.explain();
    }

    fn entered(self: &Rc<Self>, event: &Event) {
        let from = event.unchecked_ref::<FocusEvent>().related_target();
        if let Some(from) = from.and_then(|from| from.dyn_into::<HtmlElement>().ok())
            && !self.card.frame.contains(Some(&from))
        {
            self.state.borrow_mut().opener = Some(from);
        }
    }

    fn pressed(self: &Rc<Self>, event: &Event) {
        event.stop_propagation();
        let event: &KeyboardEvent = event.unchecked_ref();
        if event.key() == "Escape" && !event.is_composing() {
            self.close(Reason::Dismissed);
        } else {
            scale::jump(&self.card.step, event);
        }
    }

    /// F8, from anywhere on the page.
    fn called(self: &Rc<Self>, event: &Event) {
        let event: &KeyboardEvent = event.unchecked_ref();
        if event.key() == "F8" && self.is_here() {
            self.card.focus();
        }
    }

    fn send(self: &Rc<Self>) {
        let kind = self.state.borrow().flow.current().map(|(_, kind)| kind);
        let answer = kind.and_then(|kind| self.card.answer(kind));
        self.take(answer.unwrap_or(Answer::Skipped));
    }

    fn take(self: &Rc<Self>, answer: Answer) {
        let taken = {
            let state = &mut *self.state.borrow_mut();
            let step = state.flow.current().map(|(step, _)| step.id().to_owned()).unwrap_or_default();
            state.draft = None;
            state.flow.answer(&step, answer)
        };
        match taken {
            Ok(records) => {
                self.redraw();
                let (sub, complete) = {
                    let state = self.state.borrow();
                    (state.context.sub.clone(), state.flow.is_complete())
                };
                for record in &records {
                    self.call(&event::answer(&sub, record));
                }
                if complete {
                    self.finished();
                }
            }
            Err(Refused::Stale) => {}
            Err(Refused::Empty | Refused::Unfit) => {
                let choice = self.card.step.query_selector("fieldset").is_ok_and(|field| field.is_some());
                self.card.complain(Some(&self.words.get(if choice { "pick" } else { "write" })));
            }
        }
    }

    fn back(self: &Rc<Self>) {
        let written = self.card.value();
        {
            let state = &mut *self.state.borrow_mut();
            let left = state.flow.current().map(|(step, _)| step.id().to_owned());
            state.draft = left.zip(written); // one is enough: the last that was left unsent
            state.flow.back();
        }
        self.redraw();
    }

    /// Draws the step that the flow is on.
    fn redraw(self: &Rc<Self>) {
        let inside = self.card.has_focus();
        {
            // Nothing of ours listens to what drawing does, so the state may stay borrowed for it.
            let state = self.state.borrow();
            let (flow, lang) = (&state.flow, self.lang.as_str());
            let current = flow.current().map(|(step, _)| step.id());
            let draft = state.draft.as_ref().filter(|(step, _)| current == Some(step));
            let drawn = if flow.is_complete() {
                thanks::draw(&self.card, &self.words, flow, lang)
            } else {
                self.card.draw(&self.words, flow, lang, draft.map(|(_, text)| text.as_str()))
            };
            if drawn.is_err() {
                return;
            }
        }
        self.explain();
        if inside {
            self.card.focus();
        }
    }

    /// The flow's end: said at once, since nobody waits with leaving the page until they have closed a thank-you.
    fn finished(self: &Rc<Self>) {
        let answered = self.state.borrow().flow.has_answers();
        if answered {
            self.tell_closed(Reason::Completed);
        } else {
            self.close(Reason::Completed); // nothing to thank for
        }
    }

    /// Brings "Why we ask" up to date with what is chosen or written.
    fn explain(&self) {
        if !privacy::is_open(&self.card.body) {
            return;
        }
        let state = self.state.borrow();
        let flow = &state.flow;
        let data = flow.current().and_then(|(step, kind)| {
            let (id, ask) = (step.id().to_owned(), step.ask().to_owned());
            let answer = self.card.answer(kind).filter(|answer| !answer.is_empty())?;
            let record = Record { rev: flow.next_rev(&id), step: id, ask, answer };
            Some(event::data(flow.definition().id(), &state.context.sub, &record))
        });
        let _ = privacy::explain(&self.card.body, &self.words, &state.context, data.as_ref());
    }

    /// Takes what changed in the context.
    pub(crate) fn update(self: &Rc<Self>, change: &JsValue) {
        if self.is_here() {
            self.state.borrow_mut().context.change(change);
            self.explain();
        }
    }

    /// Closes the card, whoever asks for it; where the focus was inside, it goes back to where it came from.
    pub(crate) fn close(self: &Rc<Self>, reason: Reason) {
        let opener = self.state.borrow().opener.clone();
        if self.card.has_focus()
            && let Some(opener) = opener.filter(|opener| opener.is_connected())
        {
            card::focus(&opener);
        }
        self.let_go();
        set(&self.card.host, "inert", "");
        set(&self.card.frame, "data-out", "");
        let fade = self.after(FADE_MS, |prompt| prompt.destroy());
        self.held.borrow_mut().fade = Some(fade);
        self.tell_closed(reason);
    }

    /// Takes the card off the page, without a word and at once.
    pub(crate) fn destroy(&self) {
        self.over.set(true);
        self.let_go();
        self.card.host.remove();
        registry::forget(self);
    }

    fn let_go(&self) {
        // Taken out under the borrow, dropped after it.
        let held = std::mem::take(&mut *self.held.borrow_mut());
        drop(held);
        if let Some(status) = &self.status {
            announce::clear(status);
        }
    }

    fn tell_closed(&self, reason: Reason) {
        if self.over.replace(true) {
            return;
        }
        let closed = {
            let state = self.state.borrow();
            let partial = state.flow.has_answers() && !state.flow.is_complete();
            event::closed(&state.context.sub, reason, partial)
        };
        self.call(&closed);
    }

    fn call(&self, event: &JsValue) {
        let _ = self.emit.call1(&JsValue::NULL, event);
    }
}
