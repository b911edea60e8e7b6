// Puts the preview together: what is written, what is wrong with it, what comes of it.

import { h, replace } from "/map/dom.js";
import { editor } from "./editor.js";
import { packaged } from "./package.js";
import { lineOf, placeOf, places, stopped } from "./place.js";
import { LANGS, lang, speak, t } from "./texts.js";

const LANGUAGES = ["fi", "sv", "nb", "da", "et", "en", "de", "fr", "es"];
const WIDTHS = [320, 390, 768, 1280];
const STATES = ["open", "thanks", "low", "error", "offline", "pill", "why"];
/** What was written is there again when the page is loaded anew; it ends with the tab. */
const KEPT = "polku-preview";
/** Events that are listed. */
const MOST = 100;

const $ = (id) => document.getElementById(id);
const controls = $("controls");
const frame = $("frame");

let list = []; // the definitions that are written, where they are JSON
let found = new Map();
let ready = false;
let turn = 0;

const text = editor($("text"), $("numbers"), () => {
  try {
    sessionStorage.setItem(KEPT, text.text);
  } catch {
    // no storage, nothing kept
  }
  read();
});

const chosen = () => list[Number(controls.which.value) || 0] ?? list[0];

/** Reads what is written. */
async function read() {
  const mine = ++turn;
  let problems;
  try {
    const value = JSON.parse(text.text);
    list = [value].flat().filter((one) => one && typeof one === "object");
    found = places(text.text);
    problems = await check(value);
  } catch (error) {
    if (mine !== turn) return;
    problems = [{ path: "", sentence: `${t("noJson")}: ${error.message}`, at: stopped(error, text.text) }];
    return tellProblems(problems);
  }
  if (mine !== turn) return;
  tellProblems(problems);
  offer();
  show();
}

let checker;

/** What is wrong, by the same judge that the command has. */
async function check(value) {
  checker ??= packaged("check.js").then((name) => import(name));
  try {
    return await (await checker).check(value);
  } catch {
    checker = undefined; // it may come the next time
    return null;
  }
}

function tellProblems(problems) {
  if (problems === null) {
    replace($("count"), t("noChecker"));
    return replace($("problems"));
  }
  const warnings = problems.filter(({ level }) => level === "warning").length;
  const mistakes = problems.length - warnings;
  const said = [mistakes && t("problems", { n: mistakes }), warnings && t("warnings", { n: warnings })].filter(Boolean).join(", ");
  replace($("count"), said || t("noProblems"));
  replace($("problems"), problems.map(({ code, level, path, sentence, fix, at }) => {
    const line = lineOf(text.text, at ?? placeOf(found, path));
    const name = code && (level === "warning" ? "W" : "E") + code;
    return h("li", null, h("button", { type: "button", class: level === "warning" && "warning", "data-line": line },
      h("b", null, t("line", { n: line })), " ", [name, path].filter(Boolean).join(" "), h("small", null, [sentence, fix].filter(Boolean).join(" "))));
  }));
}

function options(select, entries) {
  const before = select.value;
  replace(select, entries.map(([value, label]) => h("option", { value }, label)));
  // Said in any case: options that were moved here are all chosen, and the last one wins.
  select.value = entries.some(([value]) => value === before) ? before : entries[0]?.[0] ?? "";
}

/** What can be chosen, for the definition that is written. */
function offer() {
  options($("which"), list.map((one, nth) => [String(nth), one.id ?? String(nth)]));
  $("which-label").hidden = list.length < 2;
  const steps = Array.isArray(chosen()?.steps) ? chosen().steps : [];
  options($("state"), [["open", t("stateOpen")], ...steps.filter((step) => step?.id).map(({ id, ask }) => [`step:${id}`, t("stateStep", { id, ask })]),
    ...STATES.slice(1).map((state) => [state, t(`state_${state}`)])]);
  const own = (Array.isArray(chosen()?.locales) ? chosen().locales : []).filter((one) => typeof one === "string");
  const names = new Intl.DisplayNames(lang(), { type: "language" });
  const label = (code) => {
    try {
      return names.of(code);
    } catch {
      return code;
    }
  };
  const all = [...new Set([...own, ...LANGUAGES])];
  options($("lang"), all.map((code) => [code, own.includes(code) ? label(code) : t("notIn", { lang: label(code) })]));
}

/** A definition for a direction that none of its languages has: the same words, in a language that is written so. */
function mirrored(definition) {
  const copy = structuredClone(definition);
  const from = copy.defaultLocale ?? copy.locales?.[0] ?? "en";
  const visit = (value) => {
    if (!value || typeof value !== "object") return;
    for (const inner of Object.values(value)) visit(inner);
    if (!Array.isArray(value) && typeof value[from] === "string") value.ar ??= value[from];
  };
  visit(copy);
  copy.locales = [...new Set([...(copy.locales ?? [from]), "ar"])];
  return copy;
}

let spoilt = false;

async function show() {
  if (!ready || !chosen()) return;
  if (spoilt) {
    // After a trap the module does nothing for the rest of the page's life: another page, which asks for this again.
    spoilt = ready = false;
    return frame.contentWindow.location.reload();
  }
  const rtl = controls.dir.value === "rtl";
  const speaks = rtl ? "ar" : controls.lang.value;
  const definition = rtl ? mirrored(chosen()) : chosen();
  const accent = controls.accent.value.trim();
  frame.style.width = `${controls.width.value}px`;
  replace($("events"));
  const wrong = await frame.contentWindow.showPrompt({
    // Of the frame's own realm, and nobody's to change.
    definition: structuredClone(definition),
    lang: speaks,
    state: controls.state.value,
    theme: controls.theme.value,
    accent: /^#[0-9a-f]{6}$/i.test(accent) ? accent : "",
    dir: rtl ? "rtl" : "ltr",
    tell,
  });
  spoilt = !!wrong && !wrong.startsWith("polku E");
  $("note").classList.toggle("bad", !!wrong);
  replace($("note"), wrong ? t("wrong", { why: wrong }) : "");
}

function tell(event) {
  if ($("events").children.length < MOST) $("events").append(h("li", null, JSON.stringify(event)));
}

/** The default questions as they were put here: while nobody has changed them, they follow the language and the name. */
let untouched;

/** What somebody can begin with. */
async function example(name) {
  const said = controls.lang.value || lang();
  if (name === "questions") {
    const file = await packaged("part.js", "part-questions-");
    const { questions } = await import(file);
    untouched = JSON.stringify(await questions({ shopName: controls.shopName.value }, said), null, 2);
    text.text = untouched;
  } else {
    text.text = await (await fetch("/shop/prompts.json")).text();
  }
}

function say() {
  document.documentElement.lang = lang();
  document.title = `${t("title")} · Polku`;
  for (const element of document.querySelectorAll("[data-t]")) element.textContent = t(element.dataset.t);
  for (const element of document.querySelectorAll("[data-label]")) element.setAttribute("aria-label", t(element.dataset.label));
  for (const element of document.querySelectorAll("[data-title]")) element.title = t(element.dataset.title);
  for (const button of $("langs").children) button.setAttribute("aria-pressed", String(button.lang === lang()));
  options($("width"), WIDTHS.map((width) => [String(width), `${width} px`]));
  options($("theme"), [["light", t("light")], ["dark", t("dark")]]);
  options($("dir"), [["ltr", t("ltr")], ["rtl", t("rtl")]]);
  options($("example"), [["", t("choose")], ["demo", t("demo")], ["questions", t("questions")]]);
}

for (const code of LANGS) {
  $("langs").append(h("button", { type: "button", lang: code, onclick: () => {
    speak(code);
    say();
    read();
  } }, { en: "English", fi: "Suomi" }[code]));
}
controls.addEventListener("change", ({ target }) => {
  if (target === $("which")) {
    offer();
    $("state").value = "open";
  }
  if ((target === $("lang") || target === $("shop-name")) && text.text === untouched) example("questions").catch(() => replace($("note"), t("failed")));
  else show();
});
controls.addEventListener("submit", (event) => event.preventDefault());
$("again").addEventListener("click", show);
$("problems").addEventListener("click", ({ target }) => {
  const line = target.closest("[data-line]")?.dataset.line;
  if (line) text.jump(Number(line));
});
$("file").addEventListener("change", async ({ target }) => {
  const [file] = target.files;
  if (file) text.text = await file.text();
  target.value = "";
});
$("save").addEventListener("click", () => {
  const link = h("a", { href: URL.createObjectURL(new Blob([text.text], { type: "application/json" })), download: "prompts.json" });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
});
$("example").addEventListener("change", async ({ target }) => {
  if (target.value) await example(target.value).catch(() => replace($("note"), t("failed")));
  target.value = "";
});
addEventListener("message", ({ origin, source, data }) => {
  if (origin !== location.origin || source !== frame.contentWindow || data !== "ready") return;
  ready = true;
  show();
});

say();
$("width").value = "390";
ready = !!frame.contentWindow?.showPrompt;
let kept = null;
try {
  kept = sessionStorage.getItem(KEPT);
} catch {
  // no storage, nothing kept
}
if (kept) text.text = kept;
else example("demo").catch(() => replace($("note"), t("failed")));
