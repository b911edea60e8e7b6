// The prompt's entry: fetches its module and its words once, and turns handles into objects. Loaded when a prompt opens.
import init, * as glue from "polku:glue";

/* global POLKU_FILES -- names of the built files, written in by the build */
const base = new URL(".", import.meta.url);
const texts = {};
let module;

/** A trap ends the prompt, never the shop: after one, every call does nothing. */
let trapped = false;
function safely(run) {
  if (trapped) return;
  try {
    return run();
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) {
      trapped = true;
      for (const host of document.querySelectorAll("[data-polku-prompt]")) host.remove();
    }
    throw error;
  }
}
const quietly = (run) => {
  try {
    safely(run);
  } catch {
    // said once, when it happened while opening
  }
};

const primary = (lang) => lang.split("-")[0].toLowerCase();

/** The language of the widget's own words: the questions' language, else English. */
function language(definition, context) {
  const locales = definition.locales ?? [];
  const has = (lang) => locales.find((locale) => locale.toLowerCase() === lang.toLowerCase());
  const wanted = context.lang || document.documentElement.lang || "";
  const asked = has(wanted) ?? has(primary(wanted)) ?? definition.defaultLocale ?? locales[0] ?? "en";
  return [asked, primary(asked)].find((lang) => Object.hasOwn(POLKU_FILES.texts, lang)) ?? "en";
}

function load(name) {
  return fetch(new URL(name, base)).then((response) => {
    if (!response.ok) throw new Error("polku E219 " + name);
    return response;
  });
}

/** Kept when it worked, asked for again when it did not: the next prompt may have more luck. */
function once(cache, key, start) {
  return (cache[key] ??= start().catch((error) => {
    delete cache[key];
    throw error;
  }));
}

/**
 * Opens a prompt; see ARCHITECTURE.md, "Main module ↔ prompt". Rejects with an Error `polku E2xx path`.
 * After `closed` with the reason `completed` the card still shows its thanks, until the shopper closes it.
 */
export async function open(definition, context, emit) {
  const lang = language(definition, context);
  module ??= {};
  const [words] = await Promise.all([
    once(texts, lang, () => load(POLKU_FILES.texts[lang]).then((response) => response.json())),
    once(module, "ready", () => init({ module_or_path: load(POLKU_FILES.wasm) })),
  ]).catch((error) => {
    throw /^polku/.test(error.message) ? error : new Error("polku E219 " + error.message);
  });
  const handle = safely(() => glue.open(definition, context, words, emit));
  if (handle === undefined) throw new Error("polku E900");
  return {
    update: (change) => quietly(() => glue.update(handle, change)),
    close: (reason) => quietly(() => glue.close(handle, reason)),
    destroy: () => quietly(() => glue.destroy(handle)),
  };
}
