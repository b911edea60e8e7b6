// Where in a JSON text something stands: a path such as `steps[1].next[0].go`, and its line.

/** Every path of a text that is JSON, with where it begins: an object's member at its name. */
export function places(text) {
  const found = new Map();
  let at = 0;
  const token = (pattern) => {
    pattern.lastIndex = at;
    const [found] = pattern.exec(text) ?? [""];
    at += found.length;
    return found;
  };
  const space = () => token(/\s*/y);
  const value = (path) => {
    space();
    if (!found.has(path)) found.set(path, at);
    const open = text[at];
    if (open !== "{" && open !== "[") return token(/"(?:[^"\\]|\\.)*"|[^\s,\]}]+/y);
    at++;
    for (let nth = 0; ; nth++) {
      space();
      if (text[at] === "," && nth) {
        at++;
        space();
      }
      if (at >= text.length || text[at] === "}" || text[at] === "]") break;
      let inner = `${path}[${nth}]`;
      if (open === "{") {
        const from = at;
        const name = JSON.parse(token(/"(?:[^"\\]|\\.)*"/y));
        inner = path ? `${path}.${name}` : name;
        found.set(inner, from);
        space();
        at++; // the colon
      }
      value(inner);
    }
    at++;
  };
  value("");
  return found;
}

/** Where a path stands; of one that is not there, where it would be: in the nearest that is. */
export function placeOf(found, path) {
  for (let known = path; known; known = known.replace(/(\.?[^.[\]]+|\[\d+\]|.)$/, "")) {
    if (found.has(known)) return found.get(known);
  }
  return found.get("") ?? 0;
}

/** The line of a place, from 1. */
export const lineOf = (text, at) => text.slice(0, at).split("\n").length;

/** Where `JSON.parse` stopped, if it says so: Chromium tells the position, Firefox line and column, WebKit neither. */
export function stopped(error, text) {
  const [, at] = /position (\d+)/.exec(error.message) ?? [];
  if (at !== undefined) return Number(at);
  const [, line, column] = /line (\d+) column (\d+)/.exec(error.message) ?? [];
  if (line === undefined) return text.length;
  const before = text.split("\n").slice(0, line - 1).map((one) => one.length + 1);
  return before.reduce((all, length) => all + length, column - 1);
}
