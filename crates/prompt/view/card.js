// The card: one frame that stays, with a question in it that changes. Draws what it is told; decides nothing.
import style from "polku:style";
import { choices } from "./choices.js";
import { button, fill, focus, h } from "./dom.js";
import { log } from "./log.js";
import { marked } from "./markup.js";
import { pill } from "./pill.js";
import { scale } from "./scale.js";
import { text } from "./text.js";
import { note } from "./why.js";

/** Scripts that run from right to left. */
const RIGHT = /^(ar|he|fa|ur|yi|ps|sd|ckb|dv)\b/;

/** "One quick question", "Question 1 of 2", "Question 2": only what is certain. */
const progress = (words, { nth, of }) => (of === 1 ? words.one : fill(of ? words.of : words.nth, nth, of));

/** The field in which a step is answered, and whether there is anything to send. */
function field(words, view, draft, { definition: { steps = [] } = {}, looks, ways: human }) {
  const ways = () => human.rows(words, view, (steps.find(({ id }) => id === view.id)?.actions || []).map(({ hours }) => hours));
  if (view.contact) return human.contact(words);
  if (view.max) return text(words, view, draft ?? view.said ?? "");
  if (view.choices) return choices(words, view, draft ?? view.said ?? "", looks);
  if (view.chat) return h("div", { class: "chatbox" }, h("div", { class: "chat" }), view.actions ? h("div", { class: "ways", hidden: true }, ways()) : "");
  if (view.actions) return ways();
  return view.high ? scale(words, view, looks) : "";
}

export class Card {
  constructor(words, { position, launcherText, kind, definition, looks, ways }, lang) {
    Object.assign(this, { definition, looks, ways, words });
    this.line = h("p", { class: "line" });
    this.log = h("div", { class: "log", role: "log", "aria-label": words.log });
    this.step = h("div");
    this.body = h("div", { class: "body" }, this.log, this.step, note(words));
    this.frame = h(
      "div",
      // A dialog that is not modal: the page stays usable, and the focus is free to leave.
      { id: "card", class: "card", part: "card", role: "dialog", "aria-labelledby": "q" },
      h(
        "div",
        { class: "top" },
        this.line,
        button("x fold", "fold", "", { part: "minimise", "aria-label": words.minimise }),
        button("x", "close", "", { part: "close", "aria-label": words.close }),
      ),
      this.body,
    );
    this.pill = pill(words, launcherText || (kind === "help" ? words.helppill : words.open));
    this.box = h("div", { class: "box", lang: words.lang, dir: RIGHT.test(lang) ? "rtl" : "ltr" }, this.frame, this.pill);
    this.host = h("div", {
      // What the shop's own button says it opens.
      id: "polku-prompt",
      "data-polku-prompt": "",
      "data-polku-theme": document.documentElement.dataset.polkuTheme,
      "data-polku-at": position === "bottom-start" && "start",
    });
    this.root = this.host.attachShadow({ mode: "open" });
    this.root.append(this.box);
  }

  find(selector) {
    return this.frame.querySelector(selector);
  }

  /** Puts it on the page: into the shop's own place for it, else above everything, where browsers have a layer for that. */
  mount(place) {
    const { host, looks, ways } = this;
    if (place) host.setAttribute("data-polku-inline", "");
    (place || document.body).append(host);
    // Constructed sheets: a strict CSP forbids style elements, and lets these pass. To WebKit those that were there before the card was on the page come with the next
    // frame, whatever is measured meanwhile.
    this.root.adoptedStyleSheets = [looks?.style, style, ways?.style].map((text) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(text || "");
      return sheet;
    });
    if (place || !host.showPopover) return;
    host.popover = "manual";
    host.showPopover();
  }

  /** Draws a step. `draft` is what was written and not sent. */
  draw(view, draft) {
    const { words, frame } = this;
    const before = frame.offsetHeight;
    this.view = view;
    this.line.textContent = view.nth && !view.actions && !view.contact && !view.chat ? progress(words, view) : "";
    // What a conversation is kept for it says itself.
    this.body.lastChild.hidden = view.note === false || !!view.chat;
    log(this.log, words, view);
    // What is the last thing of all needs no way on.
    const last = (this.last = view.chat && !view.back && (this.definition?.steps || []).at(-1)?.id === view.id);
    const own = field(words, view, draft, this);
    const answers = own && !view.actions;
    this.step.replaceChildren(
      h(
        "div",
        { class: "step" },
        h("h2", { id: "q", tabindex: -1, part: "question", lang: view.lang }, ...marked(view.text)),
        view.help ? h("p", { class: "help", lang: view.lang }, ...marked(view.help)) : "",
        own,
        h("p", { id: "bad", class: "bad", hidden: true }),
        h(
          "div",
          { class: "acts", hidden: last },
          view.back ? button("t", "back", words.back) : view.chat ? "" : button("t", "later", words.later),
          h("span", { class: "gap" }),
          view.skip && !view.actions ? button("t", "skip", words.skip) : "",
          view.actions || view.chat ? button("t", "skip", words.next) : button("p", "send", answers ? words.send : words.next, { part: "primary" }),
        ),
      ),
    );
    this.body.scrollTop = 0;
    this.glide(before);
  }

  /** The card's height follows its content: a new question grows out of the old one. */
  glide(before) {
    const { frame } = this;
    const after = frame.offsetHeight;
    const duration = +getComputedStyle(frame).getPropertyValue("--g");
    if (before && before !== after && duration) frame.animate([{ height: before + "px" }, { height: after + "px" }], { duration, easing: "ease" });
  }

  /** The end: the same card, the same height, closed by the shopper; after a bad score without cheerful words. */
  thank({ thanks, after, low, lowText, afterLow, lang }) {
    const { words } = this;
    this.frame.style.minBlockSize = this.frame.offsetHeight + "px";
    this.frame.classList.add("end");
    this.line.textContent = "";
    const head = low ? lowText : thanks;
    const next = low ? afterLow : after;
    this.body.replaceChildren(
      h("div", { class: "tick", hidden: low }),
      h("h2", { id: "q", tabindex: -1, part: "question", lang: head && lang }, ...marked(head || (low ? words.low : words.thanks))),
      h("p", { class: "next", lang: next && lang }, ...marked(next || (low ? words.afterlow : words.after))),
      h("p", { class: "net", role: "status" }),
    );
    this.net();
  }

  /** Says that what was answered waits for the network. */
  net() {
    const line = this.find(".net");
    if (line) line.textContent = navigator.onLine ? "" : this.words.offline;
  }

  /** Folds it into its pill, or unfolds it. */
  fold(folded) {
    this.frame.hidden = folded;
    this.pill.hidden = !folded;
    const opener = this.pill.firstChild;
    opener.setAttribute("aria-expanded", !folded);
    return opener;
  }

  /** What is chosen or written: `value`, and `words` beside it where the choice is another one than those offered. `free`: it is words. */
  get given() {
    // What is said in a conversation is no answer.
    if (this.view.chat) return { value: "" };
    const area = this.find("textarea,.one");
    if (area) return { value: area.value, free: true };
    const chosen = [...this.frame.querySelectorAll("input[name]:checked")];
    const other = chosen.find(({ dataset }) => dataset.other != null);
    return { value: chosen.map(({ value }) => value).join(), words: other ? this.find(".own").value : "" };
  }

  /** What is wrong with what was given, in words; nothing where it will do. */
  get wanting() {
    const { view, words } = this;
    const { value, free } = this.given;
    if (free) return value.trim() || view.skip ? "" : words.write;
    const many = value ? value.split(",").length : 0;
    if (!many) return view.high ? words.pick : words.pickone;
    if (many < view.min && !this.find("[data-none]:checked")) return fill(words.pickmin, view.min);
    return many > view.most ? fill(words.pickmost, view.most) : "";
  }

  /** Says what is wrong where it is wrong, and goes there; without words it takes that back. */
  complain(said) {
    const field = this.find("fieldset,textarea,.one");
    const bad = this.find("#bad");
    if (!field || !bad) return;
    field.setAttribute("aria-invalid", !!said);
    bad.hidden = !said;
    bad.replaceChildren(...[].concat(said || ""));
    if (said) this.go("input:checked,input,textarea"); // focusing a radio button does not choose it
  }

  focus() {
    focus(this.find("h2"));
  }

  /** Moves the focus to a field, and within the card to where it is seen: above the buttons, which lie over what scrolls. */
  go(selector) {
    const field = this.find(selector);
    focus(field);
    const under = field.getBoundingClientRect().bottom + 8 - this.find(".acts").getBoundingClientRect().top;
    if (under > 0) this.body.scrollTop += under;
  }

  get hasFocus() {
    return this.root.activeElement;
  }
}
