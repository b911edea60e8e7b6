// Brings an open prompt into a state, as a shopper would: by what can be pressed. What is asked of it is in the shop's hand, so nothing is taken for granted.

/** More answers than a definition has steps. */
const MOST = 60;
/** How long an answer may take to be drawn. */
const PATIENCE_MS = 1500;

const root = () => document.querySelector("[data-polku-prompt]")?.shadowRoot;
const find = (selector) => root()?.querySelector(selector);
const question = () => find("h2")?.textContent.trim() ?? "";
const button = (name) => find(`[data-do="${name}"]:not([hidden])`);
const moment = () => new Promise((done) => setTimeout(done, 20));

/** Nothing is asked any longer. */
const ended = () => root() && !button("send") && !button("skip");

/** Waits until something holds, or gives up. */
async function until(holds) {
  for (const end = performance.now() + PATIENCE_MS; performance.now() < end; await moment()) if (holds()) return true;
  return false;
}

/** Answers the question that is seen: `pick` says which of several. Words are only written where nothing else will do. */
function answer(pick, speak) {
  const all = [...(root()?.querySelectorAll(".step input[type=radio],.step input[type=checkbox]") ?? [])];
  const offered = all.filter(({ dataset }) => dataset.other == null); // "other" wants words as well
  const fields = offered.length ? offered : all;
  const area = find("textarea");
  if (fields.length) pick(fields).click();
  else if (area && (speak || !button("skip"))) {
    area.value = "…";
    area.dispatchEvent(new Event("input", { bubbles: true, composed: true }));
  } else if (button("skip")) return button("skip").click();
  button("send")?.click();
}

const high = (fields) => fields.at(-1);
const low = (fields) => fields[0];
const middle = (fields) => fields[Math.floor(fields.length / 2)];

/** Walks until `there`, or the end; `false` where it does not get there. */
async function walk(pick, there, still, speak) {
  for (let nth = 0; nth < MOST && still(); nth++) {
    if (there()) return true;
    if (ended()) return false;
    const before = root()?.innerHTML;
    answer(pick, speak);
    if (!(await until(() => root()?.innerHTML !== before && !root()?.querySelector("[aria-invalid=true]")))) return there();
  }
  return there();
}

/** The words of a step in the language that is shown, as they are drawn. */
function words(definition, id, lang) {
  const texts = definition.steps?.find((step) => step.id === id)?.text ?? {};
  const primary = lang.split("-")[0];
  const text = texts[lang] ?? texts[primary] ?? texts[definition.defaultLocale] ?? Object.values(texts)[0] ?? "";
  return text.replace(/\*\*/g, "").replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").trim();
}

/** Opens the prompt and brings it to `state`; answers with what cannot be shown, or nothing. */
export async function bring(state, { definition, lang, open, still }) {
  const [kind, id] = state.split(":");
  if (kind === "step") {
    const text = words(definition, id, lang);
    const there = () => question() === text;
    for (const pick of [high, low, middle]) {
      await open();
      if (!still() || (await walk(pick, there, still))) return "";
    }
    // Not to be reached by simple answers: it is asked first.
    await open({ start: id });
    return "";
  }
  if (kind === "thanks" || kind === "low" || kind === "offline") {
    // What is optional is skipped; where nothing is left to be thanked for, it is answered.
    for (const speak of [false, true]) {
      await open();
      if (!still() || (await walk(kind === "low" ? low : high, ended, still, speak))) return "";
    }
    return "";
  }
  if (kind === "error") {
    // Words are the only thing that can fail to be sent from here: what scrubs them may not come.
    await open();
    if (await walk(high, () => find("textarea"), still)) answer(high, true);
    return "";
  }
  if (kind === "pill") {
    await open({}, { first: "pill", minimised: true });
    return "";
  }
  await open();
  if (kind === "why") button("why")?.click();
  return "";
}
