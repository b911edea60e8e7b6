// A chart as a file: SVG and PNG look as on the page and need nothing of it.

import { s } from "./svg.js";

const LOOKS = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "stroke-linecap", "stroke-linejoin",
  "opacity", "font-family", "font-size", "font-weight", "text-anchor", "dominant-baseline", "letter-spacing"];

/** Room around the chart in a file, and above it for its title. */
const EDGE = 20;
const HEAD = 44;
/** Pixels of a PNG for each of the page: sharp in print. */
const SHARP = 2;

/** The chart as a document of its own, with its title in it. */
export function alone(svg, title) {
  const { width, height } = svg.viewBox.baseVal;
  const copy = svg.cloneNode(true);
  const from = [svg, ...svg.querySelectorAll("*")];
  [copy, ...copy.querySelectorAll("*")].forEach((to, at) => {
    const look = getComputedStyle(from[at]);
    for (const name of LOOKS) to.setAttribute(name, look.getPropertyValue(name));
    for (const name of ["class", "tabindex", "role", "aria-label", "aria-hidden", "data-at"]) to.removeAttribute(name);
  });
  const page = getComputedStyle(svg.closest("figure"));
  const full = { width: width + 2 * EDGE, height: height + 2 * EDGE + HEAD };
  const out = s("svg", { viewBox: `0 0 ${full.width} ${full.height}`, ...full },
    s("rect", { ...full, fill: page.backgroundColor }),
    s("text", { x: EDGE, y: EDGE + 18, fill: page.color, "font-family": page.fontFamily, "font-size": 17, "font-weight": 650 }, title),
    s("g", { transform: `translate(${EDGE} ${EDGE + HEAD})` }, ...copy.childNodes));
  return { text: new XMLSerializer().serializeToString(out), ...full };
}

/** Gives a file to whoever reads. */
export function save(name, parts) {
  const address = URL.createObjectURL(parts);
  const anchor = document.createElement("a");
  anchor.href = address;
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

export const svgFile = (svg, title) => new Blob([alone(svg, title).text], { type: "image/svg+xml" });

export async function pngFile(svg, title) {
  const { text, width, height } = alone(svg, title);
  const image = new Image();
  // The page's policy lets pictures in from itself and from data, not from blobs.
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width * SHARP, height * SHARP];
  const brush = canvas.getContext("2d");
  brush.scale(SHARP, SHARP);
  brush.drawImage(image, 0, 0, width, height);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}
