// The prompt's entry: fetches its module and its words once, and keeps a trap inside. Loaded when a prompt opens.
import init, * as glue from "polku:glue";
import { show } from "../crates/prompt/view/prompt.js";

/* global POLKU_FILES -- names of the built files, written in by the build */
const base = new URL(".", import.meta.url);
const kept = {};
let trapped = false;

/** The module's exports; after a trap its state means nothing, so from then on they do nothing and the cards are gone. */
const module = Object.fromEntries(
  ["style", "open", "view", "answer", "back", "preview", "close", "forget"].map((name) => [
    name,
    (...values) => {
      if (trapped) return "";
      try {
        return glue[name](...values);
      } catch (error) {
        if (typeof error === "string") throw new Error(error);
        trapped = true;
        for (const host of document.querySelectorAll("[data-polku-prompt]")) host.remove();
        throw error;
      }
    },
  ]),
);

/** The widget's own words in the language of the page, else of the definition, else English. */
function language({ locales = [], defaultLocale = locales[0] }, { lang }) {
  const primary = (lang = "") => lang.split("-")[0].toLowerCase();
  const spoken = locales.some((locale) => primary(locale) === primary(lang)) ? lang : defaultLocale;
  return [spoken, primary(spoken)].find((lang) => POLKU_FILES.texts[lang]) ?? "en";
}

async function load(name) {
  const response = await fetch(new URL(name, base));
  if (!response.ok) throw new Error(name);
  return response;
}

/** Once; asked for again if it did not work, the next prompt may have more luck. */
function once(name, start) {
  return (kept[name] ??= start().catch((error) => {
    delete kept[name];
    throw new Error("polku E219 " + error.message);
  }));
}

/**
 * Opens a prompt; see ARCHITECTURE.md, "Main module ↔ prompt". Rejects with an Error `polku E2xx path`.
 * `closed` with the reason `completed` comes with the last answer; the card stays with its thanks until the shopper closes it.
 */
export async function open(definition, context, emit) {
  const file = POLKU_FILES.texts[language(definition, context)];
  const [words] = await Promise.all([
    once(file, async () => (await load(file)).json()),
    once("module", async () => init({ module_or_path: load(POLKU_FILES.wasm) })),
  ]);
  const handle = module.open(definition, context.sub, context.lang);
  return show(module, handle, words, { ...context }, emit);
}
