import { inLanguage } from "../language.js";

/* global POLKU_FILES -- names of the built files, written in by the build */
const { texts } = POLKU_FILES;
const kept = {};

/** The words in the language of the document at `host`, else in English. */
export function words(host) {
  const { lang } = host.closest("[lang]") || document.documentElement;
  const name = inLanguage(texts, lang);
  return (kept[name] ||= fetch(new URL(name, import.meta.url)).then((answer) => answer.json()));
}
