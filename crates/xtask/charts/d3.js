// What the journey map's charts are made with, and nothing more.
export { sankey, sankeyJustify } from "d3-sankey";
export { ticks } from "d3-array";
export { area, line, linkHorizontal, linkVertical, curveMonotoneX } from "d3-shape";
