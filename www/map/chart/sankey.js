// How shoppers flow from step to step: each column a step, each node a stage or an end. A loop is a stage that comes again further on.
// Read by keys as well: one stop for Tab, arrows from node to node, and each node says what flows in and out.

import { linkHorizontal, linkVertical, sankey } from "../lib/d3.js";
import { number, percent } from "../format.js";
import { stageClass } from "../map.js";
import { name, t } from "../texts.js";
import { cut, picture, s } from "./svg.js";

/** An end is drawn after the step at which it came. */
export const ENDS = ["bought", "left", "later"];
const NARROW = 700;
const THICK = 14;

export const nodeName = (of) => (ENDS.includes(of) ? name("end", of) : name("stage", of));
const kind = (of) => (ENDS.includes(of) ? `end-${of}` : stageClass(of));

/** Where ends and stages stand among each other: bought on top, left at the bottom, stages in their order between. */
const ORDER = ["bought", "advocacy", "retention", "decision", "consideration", "awareness"];
const place = (of) => (of === "left" ? 99 : of === "later" ? 98 : (ORDER.indexOf(of) + 100) % 100 === 99 ? 50 : ORDER.indexOf(of));

/** Flows are those of the API; `all` is how many journeys there are, `tell` says what is looked at. */
export function flowChart({ flows, all, label, tell }) {
  return (width) => {
    const upright = width < NARROW;
    const graph = laidOut(flows, upright ? width : Math.max(360, Math.min(520, width * 0.42)), upright, width);
    const [w, hgt] = upright ? [width, graph.depth] : [width, graph.breadth];
    const path = (upright ? linkVertical() : linkHorizontal())
      .source((l) => (upright ? [l.y0, l.source.x1] : [l.source.x1, l.y0]))
      .target((l) => (upright ? [l.y1, l.target.x0] : [l.target.x0, l.y1]));
    const say = (node) => [
      t("stepOf", { step: number(node.step + 1) }), `${nodeName(node.of)}: ${journeys(node.value)}${part(node.value, all)}`,
      node.targetLinks.length && `${t("fromWhere")} ${node.targetLinks.map((l) => `${nodeName(l.source.of)} ${number(l.value)}`).join(", ")}`,
      node.sourceLinks.length && `${t("toWhere")} ${node.sourceLinks.map((l) => `${nodeName(l.target.of)} ${number(l.value)}`).join(", ")}`,
    ].filter(Boolean).join(". ");
    const sayLink = (l) => `${nodeName(l.source.of)} → ${nodeName(l.target.of)}: ${journeys(l.value)}${part(l.value, all)}`;
    const links = graph.links.map((l) => {
      const drawn = s("path", { class: `flow ${kind(ENDS.includes(l.target.of) ? l.target.of : l.source.of)}`, d: path(l), "stroke-width": Math.max(1, l.width),
        onpointerenter: () => tell(sayLink(l)), onpointerleave: () => tell("") }, s("title", null, sayLink(l)));
      return [l, drawn];
    });
    const light = (node) => {
      for (const [l, drawn] of links) drawn.classList.toggle("lit", !!node && (l.source === node || l.target === node));
      tell(node ? say(node) : "");
    };
    const nodes = graph.nodes.map((node, at) => {
      const box = upright ? { x: node.y0, y: node.x0, width: Math.max(2, node.y1 - node.y0), height: THICK } : { x: node.x0, y: node.y0, width: THICK, height: Math.max(2, node.y1 - node.y0) };
      return s("g", { class: `node ${kind(node.of)}`, role: "img", tabindex: at ? -1 : 0, "data-at": at, "aria-label": say(node),
        onfocus: () => light(node), onblur: () => light(null), onpointerenter: () => light(node), onpointerleave: () => light(null) },
      s("rect", { class: "bar", ...box, rx: 2 }), caption(node, upright, box, (w - 104) / graph.last - THICK - 10, w, all));
    });
    const drawing = picture(w, hgt, { role: "group", "aria-label": label, class: upright ? "sankey upright" : "sankey" }, links.map(([, drawn]) => drawn), nodes);
    drawing.addEventListener("keydown", (event) => walk(event, graph.nodes, nodes, upright));
    return drawing;
  };
}

const journeys = (n) => t("entered", { n: number(n) });
const part = (n, all) => (all >= 30 ? ` (${percent(n / all)})` : "");

function laidOut(flows, breadth, upright, width) {
  const nodes = new Map();
  const node = (step, of) => {
    const id = `${step} ${of}`;
    if (!nodes.has(id)) nodes.set(id, { id, step, of });
    return id;
  };
  const links = flows.map((flow) => ({ source: node(flow.step, flow.from), target: node(flow.step + 1, flow.to), value: flow.journeys }));
  const last = Math.max(0, ...[...nodes.values()].map((one) => one.step));
  // Upright, each step has the height of a thumb; across, the room for the last labels stays free.
  const depth = upright ? last * 104 + THICK + 26 : width - 104;
  const graph = sankey().nodeId((one) => one.id).nodeAlign((one) => one.step).nodeWidth(THICK).nodePadding(upright ? 10 : 26)
    .nodeSort((a, b) => place(a.of) - place(b.of)).linkSort((a, b) => place(a.target.of) - place(b.target.of) || place(a.source.of) - place(b.source.of))
    .extent([[0, upright ? 2 : 18], [upright ? depth - 26 : depth, upright ? breadth - 2 : breadth - 8]])({ nodes: [...nodes.values()], links });
  graph.nodes.sort((a, b) => a.step - b.step || a.y0 - b.y0);
  return { ...graph, last, depth, breadth };
}

/** The name and the number beside a node, where there is room for them. */
function caption(node, upright, box, gap, width, all) {
  const count = all >= 30 ? percent(node.value / all) : number(node.value);
  if (upright) {
    // A name that does not fit whole says nothing that the colour does not say.
    const fits = cut(nodeName(node.of), box.width - 32, 7) === nodeName(node.of);
    if (box.width < 28) return null;
    return s("text", { class: fits ? "name" : "sub", x: Math.min(box.x + 1, width - 30), y: box.y + THICK + 13 }, fits && nodeName(node.of), s("tspan", { class: "sub", dx: fits ? 4 : 0 }, count));
  }
  if (box.height < 3 && node.value / all < 0.004) return null;
  return s("text", { class: "name", x: box.x + THICK + 5, y: box.y + Math.min(box.height / 2 + 4, Math.max(9, box.height / 2 + 4)) }, nodeName(node.of),
    // Not over the next node; at the end of the journey there is nothing to run into.
    (ENDS.includes(node.of) || nodeName(node.of).length * 7.2 + 40 < gap) && s("tspan", { class: "sub", dx: 5 }, count));
}

/** Arrows: along the journey to the next step, and within a step. */
function walk(event, all, drawn, upright) {
  const at = drawn.indexOf(event.target.closest(".node"));
  if (at < 0) return;
  const keys = upright ? { ArrowDown: "next", ArrowUp: "back", ArrowRight: "down", ArrowLeft: "up" } : { ArrowRight: "next", ArrowLeft: "back", ArrowDown: "down", ArrowUp: "up" };
  const way = { Home: "first", End: "last", ...keys }[event.key];
  if (!way) return;
  event.preventDefault();
  const here = all[at];
  const biggest = (links, side) => [...links].sort((a, b) => b.value - a.value)[0]?.[side];
  const to = {
    next: () => biggest(here.sourceLinks, "target"), back: () => biggest(here.targetLinks, "source"),
    down: () => all[at + 1]?.step === here.step && all[at + 1], up: () => all[at - 1]?.step === here.step && all[at - 1],
    first: () => all[0], last: () => all.at(-1),
  }[way]();
  if (!to) return;
  drawn[at].setAttribute("tabindex", -1);
  const next = drawn[all.indexOf(to)];
  next.setAttribute("tabindex", 0);
  next.focus();
}
