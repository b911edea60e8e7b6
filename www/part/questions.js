// The default questions, in one language and in the shop's name. Fetched where a shop has switched them on.
import { inLanguage } from "./language.js";
import { fillShop } from "./shop-name.js";

/* global POLKU_FILES -- names of the built files, written in by the build */

/**
 * The definitions of a file. `shopName` may be missing: then nothing is called by its name. `helpChat` (an adapter's name) and `helpMail` (an address) are
 * the ways to help that a shop has; without either, shoppers are told to look for help and nothing can be pressed.
 */
export function fillQuestions(text, { shopName, helpChat, helpMail }) {
  const list = JSON.parse(text.replace(/{=([^{}|]*)\|([^{}]*)}/g, (_, both, neither) => (helpChat && helpMail ? both : neither)));
  const [hand] = list.find(({ id }) => id === "help").steps;
  const ways = { chat: helpChat && { adapter: helpChat }, mail: helpMail && { href: "mailto:" + helpMail } };
  const actions = hand.actions.filter(({ id }) => ways[id]).map((action) => ({ ...action, ...ways[action.id] }));
  delete hand.actions;
  if (actions.length) Object.assign(hand, { ask: "handoff", optional: true, actions });
  // Every text, wherever it stands: no id holds a brace.
  return JSON.parse(JSON.stringify(list), (_, value) => (typeof value === "string" ? fillShop(value, shopName, list[0].defaultLocale) : value));
}

/** The definitions in the page's language, to be told to the engine like a shop's own. */
export async function questions(options, lang) {
  const response = await fetch(new URL(inLanguage(POLKU_FILES.texts, lang), import.meta.url));
  if (!response.ok) throw Error(response.status);
  return fillQuestions(await response.text(), options);
}
