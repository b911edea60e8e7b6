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

/** What stands between the parts of what the module is told, and of a definition in it: what a shopper types or a shop writes has none of them. */
const [APART, WITHIN] = "\x1e\x1f";
const plain = (sign) => (part = "") => String(part).replaceAll(sign, "");
/** The module's deeds, in the order of their numbers. */
const module = {};
for (const [nth, name] of ["open", "view", "answer", "back", "preview", "close", "keep"].entries()) {
  module[name] = (...given) => call([nth, ...given].map(plain(APART)).join(APART));
}

/** Anything that JSON can say, as the module reads it: each value begins with the letter of what it is. */
const parts = (value) => {
  if (Object(value) !== value) return [(typeof value)[0] + value];
  const list = Array.isArray(value);
  return [list ? "[" : "{", ...Object.entries(value).flatMap(([key, one]) => (list ? parts(one) : ["s" + key, ...parts(one)])), "]"];
};
const flat = (value) => parts(value).map(plain(WITHIN)).join(WITHIN);
/** What comes of it; nothing where something is damaged, has not come, or is dead. */
const quietly = (run) => {
  try {
    return run();
  } catch {
    return "";
  }
};

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
  now: (text, most) => quietly(() => scrubber(text, most)),
};

/** What a prompt needs that has a step which is so. */
const needed = (name, { steps }, is) => [steps].flat().some((step) => step && is(step)) && once(name, () => import(base + POLKU_FILES[name]));

/** What a conversation needs, fetched when one opens. */
const talk = () => once("chat", () => import(base + POLKU_FILES.chat));
/** What understands words, in the languages that have stems: `now(text)` gives their themes and emotion as members of an answer. */
function themes(lang) {
  let understand;
  return {
    fetch: () => once("themes" + lang, async () => (await import(base + POLKU_FILES.themes)).load(lang)).then((made) => (understand = made)),
    ready: () => understand,
    now: (text) => quietly(() => understand(text)),
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
  const [words, , looks, ways] = await Promise.all([
    once(file, async () => (await load(file)).json()),
    once("module", async () => init(new URL(POLKU_FILES.wasm, base))),
    needed("looks", definition, ({ ask, look = "numbers" }) => ask === "thumbs" || look !== "numbers"),
    needed("ways", definition, ({ actions, ask }) => actions || ask === "chat" || ask === "contact"),
  ]);
  shown?.close("expired");
  const { kind, quiet, ui: { launcherText = {}, keepDays, privacyUrl, position } = {} } = definition;
  const wrong = module.open(flat({ ...definition, chat: !!context.chat }), context.sub, lang, quietly(() => flat(JSON.parse(context.resume))));
  if (wrong) throw new Error(wrong);
  const made = (shown = show({ ...module, scrub, themes: themes(primary(lang)), talk, looks: looks || undefined, ways: ways || undefined, fit: () => once("fit", () => import(base + POLKU_FILES.fit)) }, words, { position, keepDays, privacyUrl, hotkey: quiet?.hotkey ?? "F8", kind, definition, launcherText: launcherText[lang] ?? launcherText[definition.defaultLocale], ...context }, emit));
  await made.ready;
  return made;
}
