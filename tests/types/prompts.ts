// The types of definitions: what they take, and what they refuse.
import type { Prompts, Step, Trigger, Who } from "../../www/prompts";

export const prompts: Prompts = [
  {
    $schema: "/polku/prompts.schema.json",
    v: 1,
    id: "checkout-ces",
    locales: ["fi", "en"],
    when: { any: [{ on: "stage", is: "decision" }, { on: "after_purchase", days: 7 }], delayMs: 1500, cancelOn: [{ on: "begin_checkout" }] },
    who: { all: [{ not: { url: { glob: "/checkout/*" } } }, { device: ["mobile"] }, { sample: { group: "x", from: 0, to: 0.5 } }] },
    limits: { max: 2, afterAnswer: "never" },
    quiet: { hotkey: false },
    ui: { layout: "inline", inline: "#here", launcher: true },
    steps: [
      { id: "q1", ask: "ces", scale: 7, text: { en: "How easy was it?" }, next: [{ if: { all: [{ lte: ["q1", 3] }] }, go: "q2" }, { go: "end" }] },
      { id: "q2", ask: "single", text: { en: "Why?" }, choices: [{ id: "a", text: { en: "A" } }, { id: "b", text: { en: "B" }, other: true }] },
      { id: "help", ask: "handoff", actions: [{ id: "mail", href: "mailto:a@example.fi" }] },
    ],
    score: { metric: "ces", step: "q1" },
  },
];

export const one: Prompts = { v: 1, id: "one", when: { on: "purchase", delayMs: 0 }, steps: [] };

// @ts-expect-error No such question.
export const asked: Step = { id: "a", ask: "matrix", text: { en: "?" } };
// @ts-expect-error A question has a text.
export const silent: Step = { id: "a", ask: "nps" };
// @ts-expect-error A choice needs choices.
export const empty: Step = { id: "a", ask: "single", text: { en: "?" } };
// @ts-expect-error Misspelt.
export const misspelt: Step = { id: "a", ask: "text", text: { en: "?" }, optinal: true };
// @ts-expect-error Nothing waits for this.
export const trigger: Trigger = { on: "purchased" };
// @ts-expect-error A time needs its seconds.
export const time: Trigger = { on: "time" };
// @ts-expect-error No such device.
export const who: Who = { device: ["watch"] };
// @ts-expect-error The format's version is 1.
export const version: Prompts = { v: 2, id: "x", steps: [] };
