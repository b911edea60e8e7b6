// The questions: who saw them, who took part, what was answered. For all shoppers, or for a stage and a door.

import { readPrompts } from "./api.js";
import { h, replace } from "./dom.js";
import { decimal, number, percent } from "./format.js";
import { nps, scale } from "./scores.js";
import { shareButton, shared } from "./sharing.js";
import { name, t } from "./texts.js";

/** Choices that are shown; the rest are a few each. */
const MOST = 8;

let data = null;
const wanted = { stage: "", door: "", purpose: "" };

/** Reads them anew. */
export async function readAll() {
  data = await readPrompts(wanted);
}

/** What a link to the questions is for. */
export const wantPrompts = (from) => Object.assign(wanted, from);

/** Draws what was read last; nothing where nothing was ever asked. */
export function showPrompts(section, filters, place) {
  section.hidden = !data?.prompts.length && !data?.stages.length;
  if (section.hidden) return;
  replace(filters, shared() ? [] : [["stage", "door", "purpose"].map((kind) => choose(kind, data[`${kind}s`])), shareButton("prompts", () => Object.fromEntries(Object.entries(wanted).filter(([, value]) => value)))]);
  for (const select of filters.querySelectorAll("select")) {
    select.value = wanted[select.name];
    select.onchange = async () => {
      wanted[select.name] = select.value;
      try {
        await readAll();
      } catch {
        return; // the page says so at the next reading, and this stays as it was
      }
      showPrompts(section, filters, place);
    };
  }
  replace(place, data.prompts.length ? data.prompts.map(prompt) : h("p", { class: "none" }, t("nothing")));
}

function choose(kind, values) {
  if (values.length < 2 && !wanted[kind]) return null;
  const label = t({ stage: "filterStage", door: "filterDoor", purpose: "filterPurpose" }[kind]);
  // What is chosen stays in the list, also where nothing of it is left.
  const all = [...new Set([...values, wanted[kind]].filter(Boolean))];
  return h("label", { class: "filter" }, h("span", null, label), h("select", { name: kind },
    h("option", { value: "" }, t("filterAll")), all.map((value) => h("option", { value }, name(kind === "purpose" ? "choice" : kind, value)))));
}

function prompt(one) {
  const id = `p-${one.prompt}-${one.version}`;
  return h("article", { class: "asked", "aria-labelledby": id },
    h("h3", { id }, name("prompt", one.prompt), " ", h("small", null, t("version", { n: one.version }))),
    h("dl", { class: "rates" },
      rate("rateShown", number(one.shown), one.alone ? t("rateAlone", { n: number(one.alone) }) : ""),
      rate("rateResponse", part(one.response, one.engaged, one.shown), one.response === null ? "" : t("outOf", { part: number(one.engaged), whole: number(one.shown) })),
      rate("rateCompletion", part(one.completion, one.completed, one.engaged), one.completion === null ? "" : t("outOf", { part: number(one.completed), whole: number(one.engaged) }))),
    one.steps.map(step));
}

const rate = (label, big, small) => h("div", null, h("dt", null, t(label)), h("dd", null, h("strong", null, big), " ", h("small", null, small)));

/** A rate where there are enough, the two numbers where there are not. */
const part = (rate, some, whole) => (rate === null ? t("outOf", { part: number(some), whole: number(whole) }) : percent(rate / 100));

function step(one) {
  return h("section", { class: "question" },
    h("h4", null, name("ask", one.ask), " ", one.step === one.ask ? null : h("small", null, one.step)),
    one.score ? scored(one.score) : null,
    one.choices.length ? picks(one) : null,
    h("p", { class: "under" }, [
      !one.score && t("answersN", { n: one.n }),
      one.words > 0 && (one.score || one.choices.length) && t("withWords", { n: one.words }),
      one.skipped > 0 && t("skippedN", { n: one.skipped }),
    ].filter(Boolean).join(" · ")));
}

/** The score with its interval, and how often each point was given. */
function scored(score) {
  const said = score.metric === "nps" ? nps(score) : score.metric === "rating" ? rating(score) : scale(score, score.metric);
  if (!said) return null;
  const few = said.few ? t("scoreNeeds", { min: data.min_n }) : between(score);
  return h("div", { class: "score" }, h("strong", null, said.big), " ", h("small", null, [said.small, few].filter(Boolean).join(" · ")), points(score));
}

/** Where the number lies, in 95 of 100 such samples. NPS says its own. */
function between(score) {
  if (score.metric === "csat") return t("between", { low: number(Math.round(score.low)), high: percent(score.high / 100) });
  return score.metric === "nps" ? "" : t("plusMinus", { margin: decimal(score.margin) });
}

function rating(score) {
  const n = { n: number(score.n) };
  return score.mean === null ? { big: t("answersN", n), small: "", few: true } : { big: `${decimal(score.mean)} / ${score.scale}`, small: t("nAnswers", n) };
}

function points(score) {
  const counts = Array.isArray(score.counts) ? score.counts.map((n, at) => [score.metric === "nps" ? at : at + 1, n])
    : Array.from({ length: score.scale }, (_, at) => [at + 1, score.counts[at + 1] ?? 0]);
  const most = Math.max(...counts.map(([, n]) => n));
  return h("ol", { class: "points" }, counts.map(([point, n]) => h("li", null,
    h("span", { class: "sr" }, t("pointN", { point, n: number(n) })),
    h("span", { class: "bar", "aria-hidden": "true" }, h("span", { style: { height: `${most ? (n / most) * 100 : 0}%` } })),
    h("span", { "aria-hidden": "true" }, point))));
}

function picks(one) {
  const shown = one.choices.slice(0, MOST);
  return h("ul", { class: "bars" }, shown.map(({ choice, n, share }) => h("li", null,
    h("span", { class: "name" }, name("choice", choice)),
    h("span", { class: "value" }, share ? `${percent(share[0] / 100)} (${number(Math.round(share[1]))}–${number(Math.round(share[2]))})` : t("outOf", { part: number(n), whole: number(one.n) })),
    h("span", { class: "bar", "aria-hidden": "true" }, h("span", { style: { width: `${one.n ? (n / one.n) * 100 : 0}%` } })))));
}
