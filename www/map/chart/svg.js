// Builds SVG elements from data. Colours come from the style sheet by class, never from an attribute that a policy would refuse.

const SVG = "http://www.w3.org/2000/svg";

export function s(tag, props, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, typeof value === "number" ? round(value) : value);
  }
  element.append(...children.flat(2).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const round = (value) => Math.round(value * 100) / 100;

/** A picture with its own coordinates, as wide as there is room. `props` say what it is to those who do not see it. */
export const picture = (width, height, props, ...children) =>
  s("svg", { viewBox: `0 0 ${width} ${height}`, width, height, ...props }, ...children);

/** About as many letters as fit; what is cut is told in full by the title and the table. */
export function cut(text, width, letter = 7) {
  const most = Math.max(3, Math.floor(width / letter));
  return text.length <= most ? text : `${text.slice(0, most - 1).trimEnd()}…`;
}
