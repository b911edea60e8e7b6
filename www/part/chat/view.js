// What is seen of a conversation: bubbles, how it stands, and where the shopper writes. Elements and texts alone: nothing that anybody writes becomes markup.
import style from "polku:style";
import { clock, minutes, when } from "./when.js";

/** How far a message of the shopper's is: `Sent` in crates/core/src/chat/cue.rs. */
const HOW = ["sending", "unsent", "sent", "refused", ""];
const GONE = 4;
/** The most characters of a message, as the protocol has it. */
const LONGEST = 4000;
/** Signs that turn the direction of what stands beside them: no text needs them, and what bears them reads as something else than it is. */
const TURNS = /[\u202a-\u202e\u2066-\u2069]/g;

/** Draws into `box`. See `talk` in www/chat.js; `hands` are those of the card, which are there anyway. */
export function view({ box, card, words, privacyUrl, written, journey, deeds, folded, news, hands: { button, count, fill, focus, h, several, way } }) {
  const { root, frame } = card;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  const listeners = new AbortController();
  const { signal } = listeners;
  let now = {};
  // What goes along with the next message; answers that came while the card was folded; and for what the buttons stand there.
  let along, unread = 0, offered;

  const stand = h("p", { class: "stand", role: "status" });
  const first = h("p", { class: "first" }, words.notice + " ", privacyUrl ? h("a", way(privacyUrl), words.policy) : "");
  const talk = h("div", { class: "talk", role: "log", "aria-label": words.log });
  const typing = h("p", { class: "typing", hidden: true }, h("span", { class: "dots", "aria-hidden": "true" }, h("i", {}), h("i", {}), h("i", {})), h("span", {}));
  const roll = h("div", { class: "roll" }, first, talk, typing);
  const area = h("textarea", { rows: 1, maxlength: LONGEST, dir: "auto", autocomplete: "off", enterkeyhint: "send", "aria-label": words.write, placeholder: words.write, "aria-describedby": "keys" }, written || "");
  const send = button("p", "say", "", { "aria-label": words.send, title: words.send });
  const left = h("p", { class: "count", hidden: true });
  const what = h("pre", { hidden: true, tabindex: 0, "aria-label": words.attached });
  const tick = h("input", { type: "checkbox" });
  const attach = h("div", { class: "write attach", hidden: true }, h("label", { class: "row" }, tick, h("span", {}, words.attach)), what);
  const compose = h("div", { class: "compose" }, attach, h("div", { class: "line2" }, area, send), left, h("p", { id: "keys", class: "sr" }, words.keys));
  const over = h("div", { class: "over", hidden: true });
  const foot = h("div", { class: "foot note" });
  box.append(stand, roll, compose, over, foot);
  frame.classList.add("chatting");
  const ways = card.find(".ways");

  const text = (raw) => String(raw ?? "").replace(TURNS, "");
  const find = (name, value) => talk.querySelector(`[data-${name}="${value}"]`);
  /** Whether the newest is in sight: who reads further up is not torn away. */
  const isLow = () => roll.scrollHeight - roll.scrollTop - roll.clientHeight < 48;
  const low = () => {
    roll.scrollTop = roll.scrollHeight;
    // What scrolls can be reached by keyboard; what does not is no stop.
    roll.tabIndex = roll.scrollHeight > roll.clientHeight ? 0 : -1;
  };

  /** One bubble: who, what, and how far it is. */
  function bubble(own, said, who, at) {
    const by = own ? h("span", { class: "sr" }, words.you) : h("p", { class: "by" }, h("b", { dir: "auto" }, who), at ? h("time", {}, clock(words.lang, at)) : "");
    return h("div", { class: own ? "turn own" : "turn" }, by, h("p", { class: own ? "a" : "q", dir: "auto" }, text(said)), own ? h("p", { class: "how" }) : "");
  }

  function entry(raw, known) {
    let one;
    try {
      one = JSON.parse(raw);
    } catch {
      return;
    }
    const { by, n, name, what, at } = one;
    const stays = isLow();
    // What an earlier page has drawn is not news.
    talk.ariaLive = known ? "off" : "polite";
    // Before the shopper's messages that have no place yet.
    const below = talk.querySelector("[data-n]");
    if (by === "shopper") {
      const mine = find("n", +n) || bubble(1, one.text);
      delete mine.dataset.n;
      // Where it stands right already it is not touched: it would be read out again.
      if (mine !== below) talk.insertBefore(mine, below);
      how(mine, 2);
    } else if (by === "house") {
      talk.insertBefore(h("p", { class: "house" }, what === "ended" ? words.ended : text(one.text)), below);
    } else {
      const who = text(name) || words.shop;
      talk.insertBefore(bubble(0, one.text, who, at), below);
      if (!known && folded()) news(several(words, words.news, ++unread), who);
    }
    if (stays || by === "shopper") low();
  }

  function how(turn, sent) {
    const line = turn.querySelector(".how");
    // Of what has arrived only the newest says so: the style sheet hides the others.
    line.textContent = words[HOW[sent]] || "";
    turn.classList.toggle("bad2", sent === 3);
    turn.classList.toggle("wait", sent < 2);
  }

  function mine(n, sent, inside) {
    let turn = find("n", n);
    if (+sent === GONE) return turn?.remove();
    if (!turn) {
      turn = bubble(1, JSON.parse(`"${inside}"`));
      turn.dataset.n = n;
      talk.append(turn);
      low();
    }
    how(turn, +sent);
  }

  /** How it stands, in one line. */
  function said({ phase, open, opens, wait, place, with: who, lost, erasing }) {
    if (erasing) return words.erasing;
    if (phase === "off") return words.off;
    if (phase === "ended") return words.ended;
    if (phase === "gone" || phase === "forgotten") return "";
    if (lost) return words.lost;
    if (phase === "with") return who ? fill(words.with, text(who)) : "";
    if (!open) return opens ? fill(words.opens, when(words.lang, opens)) : words.shut;
    if (phase === "waiting") return place > 1 ? fill(words.place, place) : words.waiting;
    return wait ? fill(words.wait, minutes(words.lang, wait)) : words.there;
  }

  function status(next) {
    const { phase } = next;
    const inside = card.hasFocus;
    const stays = isLow();
    now = next;
    const line = said(next);
    if (stand.textContent !== line) stand.textContent = line;
    stand.classList.toggle("is", !next.lost && /new|waiting|with/.test(phase) && (phase === "with" || next.open));
    typing.hidden = !next.typing;
    typing.lastChild.textContent = next.typing ? fill(words.typing, text(next.with) || words.shop) : "";
    const closed = ["off", "gone", "forgotten", "ended"].includes(phase) || next.erasing;
    compose.hidden = closed;
    first.hidden = phase === "forgotten" || phase === "off";
    if (ways) ways.hidden = phase !== "off" && (next.open || phase !== "new");
    const what = [phase, next.erasing, next.unsent, next.refused].join();
    if (what !== offered) {
      offered = what;
      const can = { ended: ["again", "done"], gone: ["anew", "done"], forgotten: ["anew", "done"], off: ["retry", "done"] }[phase];
      const rows = next.erasing ? [] : can || (next.unsent || next.refused ? ["retry"] : []);
      const about = { gone: words.gone, forgotten: words.forgotten }[phase];
      over.replaceChildren(about && !next.erasing ? h("p", {}, about) : "", ...rows.map((name, nth) => button(nth || !can ? "t" : "p", name, words[name])));
      over.hidden = !rows.length;
      over.classList.toggle("alone", closed);
      const begun = ["waiting", "with", "ended"].includes(phase) && !next.erasing;
      // Whoever is asked whether they are sure is not interrupted.
      if (closed || !foot.querySelector("#sure")) foot.replaceChildren(begun && phase !== "ended" ? button("", "over", words.end) : "", begun ? button("", "forget", words.forget) : "");
      foot.hidden = !begun;
      // Who was writing goes on where there is something to do.
      if (inside && !card.hasFocus) focus(over.querySelector("button") || card.find("h2"));
    }
    if (phase === "new" || phase === "forgotten") offer();
    // What stands below the newest has taken room from it.
    if (stays) low();
  }

  /** The steps of this visit can go along where there are some. */
  async function offer() {
    attach.hidden = !window.polku?.journey?.();
  }

  const does = {
    say() {
      const { value } = area;
      if (!value.trim()) return focus(area);
      deeds.say(value, along);
      along = 0;
      attach.hidden = true;
      area.value = "";
      left.hidden = true;
      focus(area);
      low();
    },
    retry: deeds.retry,
    again() {
      over.hidden = true;
      compose.hidden = false;
      focus(area);
    },
    anew() {
      deeds.anew();
      focus(area);
    },
    done: deeds.done,
    over: deeds.end,
    forget() {
      foot.replaceChildren(h("p", { id: "sure" }, words.sure), button("", "yes", words.yes, { "aria-describedby": "sure" }), button("", "no", words.no));
      focus(foot.querySelector("button"));
    },
    yes() {
      tick.checked = false;
      deeds.forget();
    },
    no() {
      offered = 0;
      foot.replaceChildren();
      status(now);
      focus(foot.lastChild);
    },
  };
  const on = (target, type, run) => target.addEventListener(type, run, { signal });
  on(box, "click", (event) => {
    const name = event.target.closest("[data-do]")?.dataset.do;
    if (!does[name]) return;
    // The card's own deeds are not meant.
    event.stopPropagation();
    does[name]();
  });
  on(area, "keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault(); // else there would be a line more
    does.say();
  });
  on(area, "input", (event) => {
    event.stopPropagation();
    count(card.words, area, left);
  });
  on(tick, "change", async (event) => {
    event.stopPropagation();
    along = 0;
    what.hidden = true;
    if (!tick.checked) return;
    const steps = await journey().catch(() => 0);
    if (!steps || !tick.checked) return (tick.checked = false);
    along = steps;
    what.textContent = JSON.stringify(steps, null, 1);
    what.hidden = false;
  });
  offer();
  low();

  return {
    entry,
    mine,
    status,
    clear: () => talk.replaceChildren(),
    draft: () => area.value,
    seen() {
      unread = 0;
      low();
    },
    end() {
      listeners.abort();
      frame.classList.remove("chatting");
      root.adoptedStyleSheets = root.adoptedStyleSheets.filter((one) => one !== sheet);
    },
  };
}
