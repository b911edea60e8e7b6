// One open prompt: what happens when the shopper does something. Every decision is the module's; here are its hands.
import { Card } from "./card.js";
import { focus } from "./dom.js";
import { follow } from "./keyboard.js";
import { jump } from "./scale.js";
import { watch } from "./seen.js";
import { count } from "./text.js";
import { explain } from "./why.js";

/** How long after opening it is announced: screen readers drop what changes together with the page. */
const ANNOUNCE_MS = 150;
/** How long the card fades. */
const FADE_MS = 170;
/** What can be typed into. */
const FIELDS = "input,textarea,select,[contenteditable]";

/** Puts a prompt on the page. `module` holds the exports of the wasm, each of them safe to call. */
export function show(module, words, context, emit) {
  const first = JSON.parse(module.view());
  const card = new Card(words, module.style(), first.lang);
  const { frame, host } = card;
  const listeners = new AbortController();
  const { signal } = listeners;
  const drafts = {};
  let step = first.id;
  let opener;

  const on = (target, name, run) => target.addEventListener(name, run, { signal });
  // Emitted last, when everything here is as it will stay: whoever hears it may call us back.
  const tell = (json) => {
    for (const event of [].concat(JSON.parse(json || "[]"))) emit(event);
  };
  const why = () => {
    const box = card.find(".why:not([hidden])");
    if (box) explain(box, words, context, module.preview(card.value));
  };

  function draw(now) {
    const inside = card.hasFocus;
    const view = JSON.parse(now);
    step = view.id;
    if (step) {
      card.draw(view, drafts[step]);
      why();
    } else if (view.answered) {
      card.thank(view);
    } else {
      close(); // nothing to thank for
    }
    // Only where it was inside already: the focus is never taken from the page.
    if (inside) card.focus();
  }

  function answer(value) {
    const events = module.answer(value);
    if (!events) return card.complain(true);
    delete drafts[step];
    draw(module.view());
    tell(events);
  }

  function destroy() {
    listeners.abort();
    host.remove();
    context.status?.replaceChildren();
  }

  function close(reason) {
    if (signal.aborted) return;
    const event = module.close(reason ?? "");
    if (card.hasFocus && opener?.isConnected) focus(opener);
    listeners.abort();
    context.status?.replaceChildren();
    host.inert = true;
    frame.classList.add("out");
    setTimeout(destroy, FADE_MS);
    tell(event);
  }

  const here = () => host.isConnected || close("abandoned");
  const deeds = {
    send: () => answer(card.value),
    skip: () => answer(""),
    later: () => close("snoozed"),
    close: () => close("dismissed"),
    back() {
      drafts[step] = card.value;
      draw(module.back());
    },
    known: () => emit({ type: "known" }),
    why() {
      const box = card.find("#why");
      box.hidden = !box.hidden;
      card.find("[data-do=why]").setAttribute("aria-expanded", !box.hidden);
      why();
    },
  };
  const changed = () => {
    const area = card.find("textarea");
    if (area) count(words, area, card.find(".count"));
    card.complain(false);
    why();
  };

  on(frame, "click", (event) => deeds[event.target.closest("[data-do]")?.dataset.do]?.());
  on(frame, "change", changed);
  on(frame, "input", changed);
  on(frame, "focusin", ({ relatedTarget: from }) => {
    if (from && !frame.contains(from)) opener = from;
  });
  // The shop's shortcuts are not for what is typed here.
  for (const name of ["keydown", "keyup", "keypress"]) on(frame, name, (event) => event.stopPropagation());
  on(frame, "keydown", (event) => {
    if (event.key === "Escape" && !event.isComposing) close("dismissed");
    else jump(event);
  });
  on(document, "keydown", (event) => {
    // What is typed into the shop's own fields is not looked at, not even for this.
    if (!event.composedPath()[0].closest?.(FIELDS) && event.key === "F8" && here()) card.focus();
  });
  follow(host, signal);
  watch(frame, signal, () => here() && emit({ type: "shown", sub: context.sub }), here);

  card.draw(first);
  document.body.append(host);
  if (context.user) card.focus();
  else {
    const timer = setTimeout(() => {
      if (context.status) context.status.textContent = words.status;
    }, ANNOUNCE_MS);
    on(signal, "abort", () => clearTimeout(timer));
  }

  return {
    update(change) {
      Object.assign(context, change);
      if (!signal.aborted && here()) why();
    },
    close,
    destroy,
  };
}
