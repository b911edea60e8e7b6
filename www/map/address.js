// The view and its filter as they stand in the address, so that whoever gets the link sees the same.

/** The views, in the order of their tabs; the first is shown where the address names none. */
export const VIEWS = ["map", "paths", "friction", "voice", "gap", "compare", "products", "goals", "setup"];

/** Views that another one leads to; they have no tab. */
const BEHIND = ["journey", "cell"];

/** What every view can be narrowed down by: the members of the API's filter. */
export const FILTERS = ["since", "until", "door", "campaign", "device", "lang", "variant", "bought", "key"];

/** What some views take beside. */
const BESIDE = ["by", "outcome", "stage", "lens", "id"];

/** What the address says: `{ view, wanted, by, outcome, stage, lens, id }`. What it does not know is left out. */
export function read(hash = location.hash) {
  const [, named, query] = /^#\/(\w+)(?:\?(.*))?$/.exec(hash) ?? [];
  const said = new URLSearchParams(query ?? "");
  const wanted = {};
  for (const name of FILTERS) if (said.get(name)) wanted[name] = said.get(name);
  const beside = Object.fromEntries(BESIDE.map((name) => [name, said.get(name)]));
  return { view: BEHIND.includes(named) || VIEWS.includes(named) ? named : VIEWS[0], wanted, ...beside };
}

/** Of what the address says, what stands beside the filter. */
export const beside = (said) => Object.fromEntries(BESIDE.map((name) => [name, said[name]]));

/** The address of a view with a filter, and with what it needs beside. */
export function link(view, wanted = {}, besides = {}) {
  const said = new URLSearchParams();
  for (const name of FILTERS) if (wanted[name]) said.set(name, wanted[name]);
  for (const [name, value] of Object.entries(besides)) if (value) said.set(name, value);
  const query = said.toString();
  return `#/${view}${query ? `?${query}` : ""}`;
}
