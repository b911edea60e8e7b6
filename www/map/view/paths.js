// Where shoppers go: the flow from step to step, what happens at each stage, the paths that many take and those on which orders are lost.

import { chart } from "../chart/frame.js";
import { ENDS, flowChart, nodeName } from "../chart/sankey.js";
import { h } from "../dom.js";
import { number } from "../format.js";
import { stageClass } from "../map.js";
import { name, t } from "../texts.js";
import { between, journeyLink, share, shareCell, shareData, shareHead, tile, time, way } from "./parts.js";

export const reads = (wanted) => ["paths", wanted];

export const isEmpty = (data) => !data.bought.of;

export function show(data, { wanted }) {
  const all = data.bought.of;
  const readout = h("p", { class: "readout", "aria-hidden": "true" }, t("flowHint"));
  const tell = (said) => { readout.textContent = said || t("flowHint"); };
  const kinds = [...new Set(data.flows.flatMap((flow) => [flow.from, flow.to]))];
  return [
    h("ul", { class: "tiles" }, tile(t("kpiJourneys"), number(all), ""), tile(t("kpiBought"), share(data.bought), data.bought.percent === null ? t("kpiBoughtFew", { min: data.min_n }) : between(data.bought)),
      tile(t("toPurchase"), data.to_purchase.median === null ? "–" : time(data.to_purchase.median),
        data.to_purchase.median === null ? t("needsN", { min: data.min_n }) : t("halfBetween", { low: time(data.to_purchase.quarter), high: time(data.to_purchase.three_quarters) })),
      data.orders.length ? tile(t("orders"), data.orders.map(([, n]) => number(n)).join(" / "), data.orders.map(([order]) => name("order", order)).join(" / ")) : null),
    chart({
      name: "flows", title: t("flowsTitle"), note: t("flowsNote"), label: t("asTable"),
      draw: flowChart({ flows: data.flows, all, label: t("flowsLabel"), tell }), after: readout,
      before: h("ul", { class: "keys" }, [...kinds.filter((of) => !ENDS.includes(of)), ...ENDS.filter((of) => kinds.includes(of))].map((of) =>
        h("li", { class: ENDS.includes(of) ? `end-${of}` : stageClass(of) }, nodeName(of)))),
      columns: [{ label: t("colStep") }, { label: t("colFrom") }, { label: t("colTo") }, { label: t("colJourneys"), number: true }],
      rows: data.flows.map((flow) => [number(flow.step + 1), nodeName(flow.from), nodeName(flow.to), number(flow.journeys)]),
      csvRows: [["step", "from", "to", "journeys"], ...data.flows.map((flow) => [flow.step + 1, flow.from, flow.to, flow.journeys])],
    }),
    chart({
      name: "stages", title: t("stagesTitle"), note: t("stagesNote"),
      columns: [{ label: t("colStage") }, { label: t("colEntered"), number: true }, { label: t("colReturned"), number: true }, { label: t("colLeft"), number: true }],
      rows: data.stages.map((stage) => [h("span", { class: `stage-name ${stageClass(stage.stage)}` }, name("stage", stage.stage)), number(stage.entered), shareCell(stage.returned), shareCell(stage.left)]),
      csvRows: [["stage", "entered", ...shareHead("returned"), ...shareHead("left")], ...data.stages.map((stage) => [stage.stage, stage.entered, ...shareData(stage.returned), ...shareData(stage.left)])],
    }),
    ways("typical", data.typical, wanted), data.losing.length ? ways("losing", data.losing, wanted) : null,
  ];
}

function ways(kind, list, wanted) {
  return chart({
    name: kind, title: t(`${kind}Title`), note: t(`${kind}Note`),
    columns: [{ label: t("pathOf") }, { label: t("colJourneys"), number: true }, { label: t("colShare"), number: true }, { label: t("colBought"), number: true }, { label: t("colExample") }],
    rows: list.map((one) => [way(one.path), number(one.share.n), share(one.share), shareCell(one.bought), journeyLink(one.example, wanted)]),
    csvRows: [["path", ...shareHead("share"), ...shareHead("bought"), "example"], ...list.map((one) => [one.path.join(" > "), ...shareData(one.share), ...shareData(one.bought), one.example])],
  });
}
