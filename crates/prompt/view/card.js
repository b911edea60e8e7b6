// The card: one frame that stays, with a question in it that changes. Draws what it is told; decides nothing.
import { fill, focus, h, whole } from "./dom.js";
import { log } from "./log.js";
import { scale } from "./scale.js";
import { text } from "./text.js";
import { note } from "./why.js";

const button = (kind, name, words, hidden) =>
  h("button", { class: kind, type: "button", "data-do": name, hidden, part: kind === "p" && "primary" }, words);

/** "One quick question", "Question 1 of 2", "Question 2": only what is certain. */
const progress = (words, { nth, of }) => (of === 1 ? words.one : fill(of ? words.of : words.nth, nth, of));

export class Card {
  constructor(words, style, lang) {
    this.words = words;
    this.line = h("p");
    this.log = h("div", { class: "log", role: "log", "aria-label": words.log });
    this.step = h("div");
    this.body = h("div", { class: "body" }, this.log, this.step, note(words));
    const close = h("button", { class: "x", type: "button", "data-do": "close", part: "close", "aria-label": words.close });
    this.frame = h(
      "div",
      // A dialog that is not modal: the page stays usable, and the focus is free to leave.
      { class: "card", part: "card", role: "dialog", "aria-labelledby": "q", lang: words.lang, dir: /^(ar|he|fa|ur)/.test(lang) ? "rtl" : "ltr" },
      h("div", { class: "top" }, this.line, close),
      this.body,
    );
    this.host = h("div", { "data-polku-prompt": "", "data-polku-theme": document.documentElement.dataset.polkuTheme });
    this.root = this.host.attachShadow({ mode: "open" });
    // A constructed sheet: a strict CSP forbids style elements, and lets this pass.
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    this.root.adoptedStyleSheets = [sheet];
    this.root.append(this.frame);
  }

  find(selector) {
    return this.frame.querySelector(selector);
  }

  /** Draws a step. `draft` is what was written and not sent. */
  draw(view, draft) {
    const { words } = this;
    this.line.textContent = progress(words, view);
    log(this.log, words, view);
    const field = view.max ? text(words, view, draft ?? view.said ?? "") : view.high ? scale(words, view) : "";
    this.step.replaceChildren(
      h(
        "div",
        { class: "step" },
        h("h2", { id: "q", tabindex: -1, part: "question", lang: view.lang }, ...whole(view.text)),
        field,
        h("p", { id: "bad", class: "bad", hidden: true }),
        h(
          "div",
          { class: "acts" },
          view.back ? button("t", "back", words.back) : button("t", "later", words.later),
          h("span", { class: "gap" }),
          button("t", "skip", words.skip, !view.skip),
          button("p", "send", field ? words.send : words.next),
        ),
      ),
    );
    this.body.scrollTop = 0;
  }

  /** The end: the same card, the same height, closed by the shopper; after a bad score without cheerful words. */
  thank({ thanks, low, lang }) {
    const { words } = this;
    this.frame.style.minBlockSize = this.frame.offsetHeight + "px";
    this.frame.classList.add("end");
    this.line.textContent = "";
    const own = !low && thanks;
    this.body.replaceChildren(
      h("div", { class: "tick", hidden: low }),
      h("h2", { id: "q", tabindex: -1, part: "question", lang: own && lang }, own || (low ? words.low : words.thanks)),
      h("p", {}, low ? words.afterlow : words.after),
    );
  }

  /** What is chosen or written. */
  get value() {
    return this.find("textarea,input:checked")?.value ?? "";
  }

  /** Says that an answer is missing, where it is missing, and goes there; without a text it takes that back. */
  complain(missing) {
    const field = this.find("fieldset,textarea");
    const bad = this.find("#bad");
    if (!field || !bad) return;
    field.setAttribute("aria-invalid", missing);
    bad.hidden = !missing;
    bad.textContent = missing ? (field.matches("fieldset") ? this.words.pick : this.words.write) : "";
    if (missing) focus(this.find("input,textarea")); // focusing a radio button does not choose it
  }

  focus() {
    focus(this.find("h2"));
  }

  get hasFocus() {
    return this.root.activeElement != null;
  }
}
