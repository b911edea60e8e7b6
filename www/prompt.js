// The prompt's entry: fetches its module and its words once, and keeps a trap inside. Loaded when a prompt opens.
import init, { call, onTrap } from "polku:glue";
import { show } from "../crates/prompt/view/prompt.js";
import { inLanguage, primary } from "./part/language.js";

/* global POLKU_FILES -- names of the built files, written in by the build */
const base = new URL(".", import.meta.url).href;
const kept = {};

/** After a trap the module's state means nothing: from then on it says nothing, and the cards are gone. */
onTrap((error, trap) => {
  if (trap) for (const host of document.querySelectorAll("[data-polku-prompt]")) host.remove();
});

/** The module's deeds, in the order of their numbers. */
const module = {};
for (const [nth, name] of ["open", "view", "answer", "back", "preview", "close", "keep"].entries()) {
  module[name] = (one = "", two = "", lang = "", resume = "") => call(nth, one, two, lang, resume);
}

/** The language to ask in: the page's, or its like from another region, else the definition's own. */
function language({ locales = [], defaultLocale = locales[0] }, { lang }) {
  const own = primary(lang);
  return locales.find((locale) => locale === lang) ?? locales.find((locale) => primary(locale) === own) ?? defaultLocale ?? "en";
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

/** The scrubber, fetched with the first question for words; `scrub(text, most)` gives what may leave, once it is there. */
let scrubber;
const scrub = {
  fetch: () => once("scrub", async () => (scrubber = await (await import(base + POLKU_FILES.scrub)).load())),
  ready: () => scrubber,
  /** Nothing where it has not come, or is dead. */
  now(text, most) {
    try {
      return scrubber(text, most);
    } catch {
      return "";
    }
  },
};

/** What a conversation needs, fetched when one opens. */
const talk = () => once("chat", () => import(base + POLKU_FILES.chat));
/** What understands words, in the languages that have stems: `now(text)` gives their themes and emotion as members of an answer. */
function themes(lang) {
  let understand;
  return {
    fetch: () => once("themes" + lang, async () => (await import(base + POLKU_FILES.themes)).load(lang)).then((made) => (understand = made)),
    ready: () => understand,
    now(text) {
      try {
        return understand(text);
      } catch {
        return "";
      }
    },
  };
}

/** What is open now: there is at most one prompt on a page. */
let shown;

/**
 * Opens a prompt; see ARCHITECTURE.md, "Main module ↔ prompt". Rejects with an Error `polku E2xx path`.
 * `closed` with the reason `completed` comes with the last answer; the card stays with its thanks until the shopper closes it.
 */
export async function open(definition, context, emit) {
  const lang = language(definition, context);
  const file = inLanguage(POLKU_FILES.texts, lang);
  const [words] = await Promise.all([
    once(file, async () => (await load(file)).json()),
    once("module", async () => init(new URL(POLKU_FILES.wasm, base))),
  ]);
  shown?.close("expired");
  const { kind, quiet, ui: { launcherText = {}, keepDays, privacyUrl, position } = {} } = definition;
  const wrong = module.open(JSON.stringify({ ...definition, chat: !!context.chat }), context.sub, lang, context.resume ?? "");
  if (wrong) throw new Error(wrong);
  return (shown = show({ ...module, scrub, themes: themes(primary(lang)), talk }, words, { position, keepDays, privacyUrl, hotkey: quiet?.hotkey ?? "F8", kind, definition, launcherText: launcherText[lang] ?? launcherText[definition.defaultLocale], ...context }, emit));
}
