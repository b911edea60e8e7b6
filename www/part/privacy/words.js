/* global POLKU_FILES -- names of the built files, written in by the build */
const { texts } = POLKU_FILES;
/** Norwegian has more names than texts. */
const SAME = { no: "nb", nn: "nb" };
const kept = {};

/** The words in the language of the document at `host`, else in English. */
export function words(host) {
  const { lang } = host.closest("[lang]") || document.documentElement;
  const [primary] = (lang || "").toLowerCase().split("-");
  const name = texts[SAME[primary] || primary] || texts.en;
  return (kept[name] ||= fetch(new URL(name, import.meta.url)).then((answer) => answer.json()));
}
