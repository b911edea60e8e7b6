// What words are about, by how they sound: those of answers, and those of tickets.

import { chart } from "../chart/frame.js";
import { stacks } from "../chart/stacks.js";
import { h } from "../dom.js";
import { number } from "../format.js";
import { name, t } from "../texts.js";

export const EMOTIONS = ["frustrated", "confused", "neutral", "satisfied"];

/** A chart of themes; `about` names it, and says what is counted. */
export function themes(list, about) {
  // What is not told to whoever came by a link is not nothing.
  const of = (theme, kind) => (kind in theme.emotions ? theme.emotions[kind] : 0);
  const parts = (theme) => EMOTIONS.map((kind) => ({ kind, n: of(theme, kind), title: `${name("theme", theme.theme)}: ${name("emotion", kind)} ${number(of(theme, kind))}` }));
  return chart({
    name: about.name, title: about.title, note: about.note,
    draw: stacks({ label: about.label, rows: list.map((theme) => ({ label: name("theme", theme.theme), n: theme.n, text: number(theme.n), parts: parts(theme) })) }),
    before: h("ul", { class: "keys squares" }, EMOTIONS.map((kind) => h("li", { class: kind }, name("emotion", kind)))),
    columns: [{ label: t("colTheme") }, { label: about.count, number: true }, ...EMOTIONS.map((kind) => ({ label: name("emotion", kind), number: true }))],
    rows: list.map((theme) => [name("theme", theme.theme), number(theme.n), ...EMOTIONS.map((kind) => number(of(theme, kind)))]),
    csvRows: [["theme", about.counted, ...EMOTIONS], ...list.map((theme) => [theme.theme, theme.n, ...EMOTIONS.map((kind) => of(theme, kind))])],
  });
}
