// Collectors: where there are several, or one has another format than ours. Says what is wrong with how they are configured, fetches what writes
// for them, and gives the shell a lane for each, one file for each kind in collectors/. Loaded only where `data-collectors` or `data-format` asks for it.
import { NOTHING, OWN, isOn, rulesOf, wrongWith } from "./collectors/entry.js";
import { other } from "./collectors/other.js";

/* global POLKU_FILES -- names of the built files, written in by the build */
const files = POLKU_FILES;

/** Places for collectors in what the engine says. */
const MOST = 16;
/** What the script tag says of its own collector, besides the address. */
const OF_TAG = ["format", "set", "preset", "response", "events", "without", "atLeastOnce", "gzip", "beacon"];

const fetched = async (address, base) => {
  const answer = await fetch(new URL(address, base), { credentials: "omit" });
  if (!answer.ok) throw Error(`status ${answer.status}`);
  return answer.json();
};

/** The lane of a collector of ours. Only one with a key of its own, or whose answers cannot be read, has its batches looked at. */
function own(entry, { href }, key) {
  const lane = { rules: rulesOf(entry, OWN), url: href };
  const opaque = entry.response === "opaque";
  const other = entry.key && entry.key !== key;
  if (!other && !opaque) return lane;
  // The key stands in the head of the batch, before anything that came from the page.
  const keyed = (body) => (other ? body.replace(/^(\{"polku":1,"key":")[^"]*/, `$1${entry.key}`) : body);
  return { ...lane, request: (body) => ({ url: href, body: keyed(body), opaque }) };
}

/**
 * The lanes of all collectors, the script tag's own first: `{rules, url, gzip, beacon}`, and where batches have to be written anew
 * - `request(body)`: what becomes of a batch, `{url, method, headers, body, opaque, read}`; or `{push}` where nothing is to be fetched: `push()` gives the
 *   status that stands for it;
 * - `read(status, text, headers)`: what an answer means, `[status, text]` as of a collector of ours. The one that `request` gives is for that batch, the lane's
 *   own for the newest one.
 * Nothing where no collector can be used. `fail` has said what is wrong, and where.
 */
export async function lanes({ root, options, fail }) {
  const base = location.href;
  const entries = [];
  if (options.collector || options.format === "datalayer") {
    entries.push({ url: options.collector, ...Object.fromEntries(OF_TAG.map((name) => [name, options[name]])) });
  }
  const tags = entries.length;
  const given = options.collectors;
  try {
    if (given) entries.push(...[typeof given !== "string" ? given : /^\s*[[{]/.test(given) ? JSON.parse(given) : await fetched(given, base)].flat());
  } catch (error) {
    fail(123, "data-collectors", error);
  }
  let dead;
  // As far as it goes without the module that writes for others.
  const prepared = entries.slice(0, MOST + 1).map(async (entry, at) => {
    const field = at < tags ? "data-" : `data-collectors[${at - tags}].`;
    const wrong = (code, name, error) => {
      fail(code, field + (code === 105 && at < tags ? "collector" : name), error);
      return { rules: NOTHING };
    };
    const fault = at < MOST ? wrongWith(entry) : [124, ""];
    if (fault) return wrong(...fault);
    const { preset: given, format = given ? "own" : "polku", gzip, beacon } = entry;
    let url;
    try {
      if (format !== "datalayer") url = new URL(entry.url, base);
      if (url && !(entry.url && /^https?:$/.test(url.protocol))) throw Error(entry.url);
    } catch (error) {
      return wrong(105, "url", error);
    }
    const extras = { gzip: gzip === undefined ? gzip : isOn(gzip), beacon: isOn(beacon) };
    if (format === "polku" && !given) return { ...own(entry, url, options.key), ...extras };
    if (!given && !Object.hasOwn(files.presets, format)) return wrong(115, "format");
    try {
      const preset = Object(given) === given ? given : await fetched(given || root + files.presets[format], base);
      const finish = (run) => Object.assign(other({ entry, preset, url, run, isDead: () => dead, wrong, fail, field }), extras);
      return { finish, coded: !!preset.code };
    } catch (error) {
      return wrong(125, given ? "preset" : "format", error);
    }
  });
  // What is beyond has no place at all.
  const lanes = (await Promise.all(prepared)).slice(0, MOST);
  const waiting = lanes.filter(({ finish }) => finish);
  let run;
  try {
    if (waiting.length) {
      // One module for all of them; most need no more than the smaller one.
      const wasm = root + (waiting.some(({ coded }) => coded) ? files.protocol : files.wasm);
      const trapped = (error, trap) => fail((dead ||= trap) ? 906 : 904, "format", error);
      run = await (await import(root + files.format)).start(wasm, trapped);
    }
  } catch (error) {
    fail(125, "format", error);
  }
  const made = lanes.map((lane) => (!lane.finish ? lane : run ? lane.finish(run) : { rules: NOTHING }));
  return made.some(({ rules }) => rules !== NOTHING) ? made : undefined;
}
