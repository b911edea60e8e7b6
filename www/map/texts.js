// What the page says, in English and Finnish, and which of the two it speaks.

import { en } from "./texts.en.js";
import { fi } from "./texts.fi.js";
import { loopEn } from "./texts.loop.en.js";
import { loopFi } from "./texts.loop.fi.js";
import { viewsEn } from "./texts.views.en.js";
import { viewsFi } from "./texts.views.fi.js";

const TEXTS = { en: { ...en, ...viewsEn, ...loopEn }, fi: { ...fi, ...viewsFi, ...loopFi } };
export const LANGS = Object.keys(TEXTS);

const known = (tag) => LANGS.find((code) => String(tag ?? "").toLowerCase().split("-")[0] === code);

let current =
  known(new URLSearchParams(location.search).get("lang")) ?? (navigator.languages ?? [navigator.language]).map(known).find(Boolean) ?? "en";

export const lang = () => current;

/** Switches the language and writes it into the address, so that a link keeps it. */
export function speak(code) {
  current = known(code) ?? current;
  const address = new URL(location.href);
  address.searchParams.set("lang", current);
  history.replaceState(null, "", address);
}

/** The text of a key with its `{places}` filled; `one` and `other` forms by the number `n`. */
export function t(key, places = {}) {
  let text = TEXTS[current][key] ?? TEXTS.en[key] ?? key;
  if (typeof text === "object") text = text[new Intl.PluralRules(current).select(places.n)] ?? text.other;
  return text.replace(/\{(\w+)\}/g, (whole, name) => places[name] ?? whole);
}

/** A human name from a group of names; what nobody named is made readable. */
export function name(group, code) {
  return TEXTS[current][group]?.[code] ?? TEXTS.en[group]?.[code] ?? readable(code);
}

function readable(code) {
  const words = String(code).replace(/^offsite:/, "").replace(/[_-]+/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
