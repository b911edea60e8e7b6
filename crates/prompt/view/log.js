// The conversation so far: each question with its answer as two small bubbles above the current question.
import { h } from "./dom.js";
import { marked } from "./markup.js";
import { point } from "./scale.js";
import { masked } from "./text.js";

/** What was answered, in words. */
export const said = (words, turn) => {
  if (turn.skipped) return words.skipped;
  if (turn.score >= 0) return point(words, turn, turn.score);
  // What the shop did not word itself is named by the widget's own word.
  const chosen = turn.chosen?.map((one) => (turn.own ? words[one] : one || words.other));
  return [chosen?.join(", "), turn.said && masked(words, turn.said)].filter(Boolean).join(": ");
};

/** Brings the bubbles up to date: new ones are added (and so read out), those taken back are removed. */
export function log(box, words, { turns, lang }) {
  while (box.childElementCount > turns.length) box.lastChild.remove();
  for (const turn of turns.slice(box.childElementCount)) {
    const answer = said(words, turn);
    const bubbles = h("div", { class: "turn" }, h("p", { class: "q", lang }, ...marked(turn.text)));
    // Two elements, because the answer may run in another direction than "You:".
    if (answer) bubbles.append(h("p", { class: "a" }, h("span", { class: "sr" }, words.you), h("span", { dir: "auto" }, answer)));
    box.append(bubbles);
  }
  box.scrollTop = box.scrollHeight;
  // A box that scrolls must be reachable by keyboard; one that does not must not be a stop.
  box.tabIndex = box.scrollHeight > box.clientHeight ? 0 : -1;
}
