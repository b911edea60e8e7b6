// What stands behind one cell of the map: everything that was seen there, whether those who met it bought, and journeys to look at.

import { link } from "../address.js";
import { chart } from "../chart/frame.js";
import { intervals } from "../chart/intervals.js";
import { h } from "../dom.js";
import { number, percent } from "../format.js";
import { name, t } from "../texts.js";
import { felt } from "./mood.js";
import { gapCell, journeyLink, mark, shareCell, shareData, shareHead, tile } from "./parts.js";
import * as voice from "./voice.js";

const DRAWN = 12;
const LENSES = ["did", "saw", "felt", "tech", "voice"];

export const reads = (wanted, { stage, lens }) => ["cell", { ...wanted, stage: stage ?? "awareness", lens: LENSES.includes(lens) ? lens : LENSES[0] }];

export const isEmpty = (data) => !data.rows.length && (!data.voice || voice.isEmpty(data.voice)) && !data.mood.n;

export function show(data, said) {
  const { wanted } = said;
  return [
    h("p", { class: "back" }, h("a", { href: link("map", wanted) }, `← ${t("view_map")}`)),
    h("ul", { class: "tiles" }, tile(t("colEntered"), number(data.entered), ""),
      data.lens === "felt" && data.mood.n ? h("li", { class: "tile" }, h("span", { class: "label" }, t("feltHere")), felt(data.mood, data.min_n)) : null),
    data.rows.length ? rows(data, wanted) : null,
    data.voice ? voice.show(data.voice, said) : null,
  ];
}

function rows(data, wanted) {
  const label = (row) => name("touchpoint", row.name);
  const drawn = data.rows.filter((row) => row.met.percent !== null).slice(0, DRAWN);
  return chart({
    name: "cell", title: t("cellRows"), note: t("cellNote"), open: true,
    draw: drawn.length ? intervals({
      rows: drawn.map((row) => ({ label: label(row), sub: row.friction ? t("legendFriction") : "", marks: [mark(row.friction ? "bad" : "one", row.met)] })),
      say: (value) => percent(value / 100), label: t("cellLabel"),
    }) : null,
    columns: [{ label: t("colEvent") }, { label: t("colMet"), number: true }, { label: t("colTimes"), number: true }, { label: t("colBought"), number: true }, { label: t("colGapOthers"), number: true }, { label: t("colExample") }],
    rows: data.rows.map((row) => [h("span", { class: row.friction ? "costs" : null }, label(row)), shareCell(row.met), number(row.times), shareCell(row.bought), gapCell(row.gap),
      h("span", { class: "examples" }, row.examples.map((id, at) => [at ? ", " : null, journeyLink(id, wanted)]))]),
    csvRows: [["name", "friction", "times", ...shareHead("met"), ...shareHead("bought"), "gap_points", "gap_low", "gap_high"],
      ...data.rows.map((row) => [row.name, row.friction, row.times, ...shareData(row.met), ...shareData(row.bought), row.gap?.points, row.gap?.low, row.gap?.high])],
  });
}
