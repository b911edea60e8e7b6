// One open prompt: what happens when the shopper does something. Every decision is the module's; here are its hands.
import { bar, covers } from "./avoid.js";
import { Card } from "./card.js";
import { OTHER, exclude } from "./choices.js";
import { button, fill, focus, h, several } from "./dom.js";
import { follow } from "./keyboard.js";
import { said } from "./log.js";
import { marked, way } from "./markup.js";
import { jump } from "./scale.js";
import { watch } from "./seen.js";
import { count, takes } from "./text.js";
import { explain } from "./why.js";

/** How long after opening it is announced: screen readers drop what changes together with the page. */
const ANNOUNCE_MS = 150;
/** How long the card fades. */
const FADE_MS = 170;
/** A thank-you that goes by itself stays this long at least, in ms (WCAG 2.2, 2.2.1: there must be time to read it). */
const READ_MS = 5000;
/** How long Send waits for what understands words, in ms. */
const THEMES_MS = 2000;
/** The colours that a shop may give. */
const COLOURS = ["surface", "surface-2", "text", "text-2", "border", "accent", "on-accent", "accent-soft", "focus", "danger"];
/** What can be typed into. */
const FIELDS = "input,textarea,select,[contenteditable]";

/** What makes elements, for what is fetched. */
const hands = { button, fill, h, marked, said, way };

/** Puts a prompt on the page. `module` holds the exports of the wasm, each of them safe to call, the scrubber, and what was fetched with it. */
export function show(module, words, context, emit) {
  const first = JSON.parse(module.view());
  // Those to a human being, where the prompt has any.
  const ways = module.ways && { ...module.ways.ways(hands), style: module.ways.style };
  const card = new Card(words, { ...context, looks: module.looks, ways }, first.lang);
  const { frame, host, pill } = card;
  const listeners = new AbortController();
  const { signal } = listeners;
  const drafts = { ...context.drafts };
  let step, opener, sent, busy, folded, touched = !!context.resume;
  // The conversation that is open, and the action that has opened it in the place of its step.
  let talk, handed = context.handed;
  // The answers, where the shopper lets them go along with whatever is opened.
  let told = "";

  const on = (target, name, run) => target.addEventListener(name, run, { signal });
  // Emitted last, when everything here is as it will stay: whoever hears it may call us back.
  const tell = (json) => {
    for (const event of [].concat(JSON.parse(json || "[]"))) emit(event.type === "answer" ? along(event) : event);
  };
  /** An answer, with the steps of the visit where the shopper has ticked that. */
  const along = (answer) => {
    const { measure, path } = context;
    return path && !measure && !answer.skipped && card.find("[data-along]:checked") ? { ...answer, path } : answer;
  };
  /** Where the shopper is with it, once there was something done: told, so that it can go on with the next page. */
  const keep = () => step && touched && emit({ type: "kept", state: { kept: module.keep(), drafts, minimised: folded, handed } });
  /** What was given, as it would leave, and what its words are about; words only where the scrubber has come. */
  const clean = () => {
    const { value, words: other, free } = card.given;
    if (card.view.contact) return ["", ""];
    const text = (free || other) && module.scrub.now(free ? value : other, free ? card.view.max : OTHER);
    const felt = text && module.themes.now(text);
    return free ? [text, "", felt] : [value, text, felt];
  };
  const why = () => {
    const box = card.find(".why:not([hidden])");
    if (!box) return;
    const data = module.preview(...clean());
    explain(box, words, context, data && along(JSON.parse(data)), sent);
  };
  /** What words need before they may leave. */
  const parts = ({ keep }) => (keep === "none" ? [module.scrub] : [module.scrub, module.themes]);
  const draft = () => {
    const { value, words: other, free } = card.given;
    // What is kept of words is what would leave of them.
    if (step && (free || other) && !card.view.keep) drafts[step] = clean()[free ? 0 : 1];
  };

  function draw(now) {
    // Dead: after a trap the card is gone already.
    if (!now) return destroy();
    const inside = card.hasFocus;
    const view = JSON.parse(now);
    hush();
    step = view.id;
    // Where there is no conversation its action leads where its address leads, or nowhere.
    for (const one of view.actions || []) if (one.adapter === "polku" && !context.chat) Object.assign(one, { adapter: "", hidden: !one.href && !one.event && !one.launcher });
    const action = handed && view.actions?.find(({ id, adapter }) => id === handed && adapter === "polku");
    if (action) Object.assign(view, { chat: true, actions: undefined, text: action.text, help: "", back: true });
    else handed = undefined;
    if (step) {
      card.draw(view, drafts[step]);
      if (view.max || view.choices?.some(({ other }) => other)) for (const part of parts(view)) part.fetch().then(changed, () => {});
      why();
      // Nothing is fetched for a pill that nobody has opened yet.
      if (view.chat && (!folded || touched)) converse();
    } else if (view.answered) {
      card.thank(view);
      if (view.autoCloseMs) fade(Math.max(view.autoCloseMs, READ_MS));
    } else {
      close(); // nothing to thank for
    }
    // Only where it was inside already: the focus is never taken from the page.
    if (inside) card.focus();
  }

  async function answer() {
    const wanting = card.wanting;
    if (wanting) return card.complain(wanting);
    const { value, words: other, free } = card.given;
    if (card.view.contact) {
      if (value && !card.find(".one").checkValidity()) return card.complain(words.write);
      if (value && !card.find("[name=ok]").checked) return card.complain(words.contactok);
      if (value) emit({ type: "contact", value });
      return take("", "");
    }
    if (!(free ? value : other)?.trim()) return take(free ? "" : value, "");
    if (busy) return;
    busy = step;
    const send = card.find("[data-do=send]");
    send.setAttribute("aria-busy", true);
    for (const part of parts(card.view)) {
      // Without themes an answer is one all the same: nobody waits long for them.
      const late = new Promise((go) => part === module.themes && setTimeout(go, THEMES_MS));
      if (!part.ready()) await Promise.race([part.fetch(), late]).catch(() => {});
    }
    if (!signal.aborted && busy === step) {
      const given = clean();
      // Words leave only after they were looked at: of such, something is always left.
      if (given[free ? 0 : 1]) take(...given);
      else card.complain([words.sendfail + " ", button("t", "send", words.retry)]);
    }
    send.removeAttribute("aria-busy");
    busy = 0;
  }

  function take(value, other, felt) {
    const events = module.answer(value, other, felt);
    if (!events) return card.complain(words.write);
    if (value) sent = true;
    delete drafts[step];
    touched = true;
    draw(module.view());
    tell(events);
    keep();
  }

  /** A conversation in the card; what it needs comes with it. */
  function converse() {
    const opening = (talk = { end() {} });
    const draft = told;
    told = "";
    module.ways
      .converse({
        card,
        context,
        hands: { ...hands, count, focus, several },
        kept: { draft },
        keep() {
          touched = true;
          keep();
        },
        module,
        over: () => talk !== opening || signal.aborted,
        pill,
        words,
        folded: () => folded,
        done: () => (handed ? deeds.back() : card.last ? close() : take("", "")),
      })
      .then((made) => made && (talk = made));
  }

  /** It is taken off; it goes on where it is opened again. */
  function hush() {
    talk?.end();
    talk = undefined;
  }

  /** A thank-you that goes by itself waits for whoever is at it. */
  function fade(ms) {
    let timer;
    const begin = () => {
      clearTimeout(timer);
      timer = setTimeout(() => close(), ms);
    };
    const wait = () => clearTimeout(timer);
    for (const name of ["pointerenter", "focusin"]) on(frame, name, wait);
    for (const name of ["pointerleave", "focusout"]) on(frame, name, begin);
    on(signal, "abort", wait);
    if (!frame.matches(":hover") && !card.hasFocus) begin();
  }

  function fold(now) {
    if (folded === now) return;
    const inside = card.hasFocus;
    folded = now;
    const button = card.fold(now);
    if (now && step) draft();
    if (!now && card.view?.chat) talk ? talk.seen?.() : converse();
    if (inside) now ? focus(button) : card.focus();
    emit({ type: "minimised", minimised: now });
    keep();
  }

  function destroy() {
    hush();
    listeners.abort();
    host.remove();
    context.status?.replaceChildren();
  }

  function close(reason, more) {
    if (signal.aborted) return;
    hush();
    const event = module.close(reason ?? "");
    if (card.hasFocus) focus(context.opener?.isConnected ? context.opener : opener?.isConnected ? opener : null);
    listeners.abort();
    context.status?.replaceChildren();
    host.inert = true;
    card.box.classList.add("out");
    setTimeout(destroy, FADE_MS);
    if (event) emit({ ...JSON.parse(event), ...more });
  }

  const here = () => host.isConnected || close("abandoned");
  const unfold = () => {
    touched = true;
    pill.firstChild.textContent = words.resume;
    fold(false);
    card.focus();
  };
  const deeds = {
    send: answer,
    skip: () => take("", ""),
    later: () => close("snoozed"),
    close: () => close("dismissed"),
    never: () => close("dismissed", { never: true }),
    fold() {
      touched = true;
      pill.firstChild.textContent = words.resume;
      fold(true);
    },
    open: unfold,
    back() {
      draft();
      const before = handed;
      handed = undefined;
      draw(before ? module.view() : module.back());
      keep();
    },
    go(target) {
      const action = card.view.actions[target.dataset.nth];
      emit({ type: "handoff", action: action.id });
      touched = true;
      if (action.adapter === "polku" && context.chat) {
        handed = action.id;
        draw(module.view());
        return keep();
      }
      ways.go(action, told);
      if (action.adapter || action.launcher) ways.cede(host);
      // The corner is the chat's now.
      fold(true);
    },
    converse,
    known: () => emit({ type: "known" }),
    forget() {
      emit({ type: "forget", sub: context.sub });
      sent = false;
      const [head, tick, foot] = card.find("#why").children;
      head.replaceChildren(words.forgot);
      tick.hidden = true;
      foot.replaceChildren();
    },
    why() {
      const box = card.find("#why");
      box.hidden = !box.hidden;
      card.find("[data-do=why]").setAttribute("aria-expanded", !box.hidden);
      why();
    },
  };
  const changed = () => {
    if (signal.aborted) return;
    const area = card.find("textarea,.one:not([type=email])");
    if (area) count(words, area, card.find(".count"));
    const line = card.find(".takes");
    if (line) takes(words, line, clean()[0]);
    why();
  };
  const deed = (event) => {
    const target = event.target.closest("[data-do]");
    if (target) deeds[target.dataset.do]?.(target);
  };

  on(card.box, "click", deed);
  on(frame, "change", (event) => {
    touched = true;
    if (event.target.name === "along") {
      told = event.target.checked ? ways.answered(words, card.view) : "";
      ways.address(frame, card.view, told);
      return keep();
    }
    exclude(event);
    card.complain();
    changed();
    draft();
    keep();
    // Whoever chooses to say it in other words is about to write them.
    if (event.target.dataset.other != null && event.target.checked) card.go(".own");
  });
  on(frame, "input", (event) => {
    card.complain();
    // To write other words is to choose them.
    if (event.target.matches(".own")) card.find("[data-other]").checked = true;
    changed();
  });
  on(frame, "focusin", ({ relatedTarget: from }) => {
    if (from && !frame.contains(from)) opener = from;
  });
  // The shop's shortcuts are not for what is typed here.
  for (const name of ["keydown", "keyup", "keypress"]) on(card.box, name, (event) => event.stopPropagation());
  on(card.box, "keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter" && event.target.matches(".one,.own")) return answer();
    if (event.key !== "Escape") return jump(event);
    // What was written and not sent is not thrown away by one key.
    const { free, value, words: other } = card.given;
    // … and a conversation goes on.
    if (step && (talk || (free ? value : other)?.trim()) && !folded) deeds.fold();
    else close("dismissed");
  });
  on(document, "keydown", (event) => {
    // What is typed into the shop's own fields is not looked at, not even for this.
    if (context.hotkey && !event.composedPath()[0].closest?.(FIELDS) && event.key === context.hotkey && here()) {
      if (folded) unfold();
      else card.focus();
    }
  });
  on(document, "focusin", ({ target }) => {
    if (!folded && !context.inline && !host.contains(target) && covers(frame, target)) deeds.fold();
  });
  for (const name of ["online", "offline"]) on(window, name, () => card.net());
  on(window, "pagehide", () => {
    draft();
    keep();
  });
  follow(host, signal);
  watch(card.box, signal, () => here() && emit({ type: "shown", sub: context.sub }), here);

  if (context.first === "pill" && !context.resume) folded = !context.user;
  if (context.minimised) folded = true;
  folded = !!folded;
  if (context.minimised && context.first !== "pill") pill.firstChild.textContent = words.resume;
  draw(JSON.stringify(first));
  card.fold(folded);
  card.mount(context.inline);
  host.style.setProperty("--b", (context.inline ? 0 : bar(host)) + "px");
  // Our own colours fit. Those of a shop are made to, before anybody sees them.
  const style = getComputedStyle(host);
  const hide = (out) => card.box.classList.toggle("out", out);
  const fits = async () => {
    hide(true);
    // Where what does that does not come, the shop's colours stay as they are.
    await module.fit().then(({ fit }) => fit(host, frame), () => {});
    if (!signal.aborted) hide(false);
  };
  const ready = COLOURS.some((name) => style.getPropertyValue("--polku-" + name)) && fits();
  if (context.user && !folded) card.focus();
  else if (!context.resume && !context.launcher) {
    const timer = setTimeout(() => {
      if (context.status) context.status.textContent = announced();
    }, ANNOUNCE_MS);
    on(signal, "abort", () => clearTimeout(timer));
  }
  // The announcement names the key in its last sentence.
  function announced() {
    const { hotkey } = context;
    return hotkey ? words.status.replace("F8", hotkey) : words.status.replace(/[^.。]*F8[^.。]*\.?\s*$/, "").trim();
  }

  return {
    ready,
    update(change) {
      Object.assign(context, change);
      if (!signal.aborted && here()) why();
    },
    close,
    destroy,
  };
}
