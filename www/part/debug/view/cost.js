import { fill } from "../../../../crates/prompt/view/dom.js";
import { code, list, note, table, title } from "./parts.js";

/** Where nothing is told of a size it is not 0. */
const kb = (bytes) => (bytes ? `${(bytes / 1000).toFixed(1)} kB` : "?");

/** Time and bytes that Polku takes of this page. The panel's own files stand apart: no shopper loads them. */
export function cost({ book, words }) {
  const { engine, longest, calls, scripts, files } = book.cost.now();
  const isOurs = ({ name }) => /^(part-)?debug-/.test(name);
  const page = files.filter((file) => !isOurs(file));
  const sum = (of, member) => of.reduce((total, file) => total + file[member], 0);
  // Another origin that sends no Timing-Allow-Origin tells no sizes.
  const untold = page.some(({ size }) => !size);
  const blocking = scripts.frames ? fill(words.frames, scripts.frames, scripts.ms, scripts.longest) : words.none.frames;
  return [
    list([
      [words.fields.engine, fill(words.engine, engine, calls, longest)],
      [words.fields.blocking, "PerformanceLongAnimationFrameTiming" in window ? blocking : words.none.api],
      [words.fields.files, `${page.length}: ${kb(sum(page, "packed"))}, ${words.transferred} ${kb(sum(page, "transferred"))}`],
      [words.fields.panel, kb(sum(files.filter(isOurs), "packed"))],
    ]),
    ...(untold ? [note(words.untold)] : []),
    title(words.titles.files),
    table(words.columns.files, page.map(({ name, packed, size, transferred, at, ms }) => [code(name), kb(packed), transferred || !size ? kb(transferred) : words.cached, `${at} ms`, `${ms} ms`])),
  ];
}
