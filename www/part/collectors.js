// Collectors: where there are several, or one has another format than ours. Says what is wrong with how they are configured, fetches what writes
// for them, and gives the shell a lane for each. Loaded only where `data-collectors` or `data-format` asks for it.

/* global POLKU_FILES -- names of the built files, written in by the build */
const files = POLKU_FILES;

/** All events, in the order of their bits in the core. */
const NAMES = (
  "view_item_list select_item view_item search add_to_wishlist add_to_cart remove_from_cart view_cart begin_checkout add_shipping_info " +
  "add_payment_info purchase refund view_promotion select_promotion share login sign_up generate_lead contact_attempt help_view " +
  "order_status_view return_start complaint review_write compare_leave page_view rage_click js_error payment_declined search_no_results " +
  "form_error dead_click form_abandon error_shown order_unconfirmed cta_hidden hesitation search_repeated back_and_forth no_progress " +
  "page_reloaded slow_page request_failed web_vitals page_engagement content_seen journey_summary stage_enter offsite_touchpoint prompt_shown " +
  "prompt_answer prompt_closed erase"
).split(" ");

/** What a shop's orders to erase are sent by, whatever its filter says. */
const ERASE = 1n << BigInt(NAMES.length - 1);

/** The rules of a collector of ours, as the module gives those of other formats: events, batches, bytes, hours, bits. */
const OWN = `,${2n ** 64n - 1n},100,48000,48,5`;
/** … and of one that is configured wrong: it keeps its place among the others, and gets nothing. */
const NOTHING = ",0,1,1000,0,0";
/** Places for collectors in what the engine says. */
const MOST = 16;

// Bits of rules, as crates/format/src/lib.rs writes them; the engine looks at the first four.
const DEDUPES = 1;
const REMEMBER = 8;
const OPAQUE = 16;
const ASKS = 32;

/** What can be said of a collector, and how each value has to look. */
const isText = (value) => typeof value === "string" && value !== "";
const isFlag = (value) => [true, false, "", "yes", "no"].includes(value);
const isList = (value) => (Array.isArray(value) ? value.every(isText) : isText(value));
const FIELDS = {
  url: isText,
  format: isText,
  key: (value) => /^[\w-]{1,64}$/.test(value) || isText(value),
  set: (value) => typeof value === "string" || Object(value) === value,
  preset: (value) => isText(value) || Object(value) === value,
  consent: (value) => ["measure", "remember", "feedback"].includes(value),
  events: isList,
  without: isList,
  response: (value) => value === "readable" || value === "opaque",
  atLeastOnce: isFlag,
  gzip: isFlag,
  beacon: isFlag,
};

const isOn = (flag) => flag === true || flag === "" || flag === "yes";
const split = (list = []) => (Array.isArray(list) ? list : list.split(/[\s,]+/).filter(Boolean));

/** The bits of the events that `list` names (`add_to_*` names several), or which of its words names none. */
function bits(list) {
  let mask = 0n;
  for (const word of split(list)) {
    const begin = word.endsWith("*") && word.slice(0, -1);
    let any;
    NAMES.forEach((name, at) => {
      if (begin === false ? name !== word : !name.startsWith(begin)) return;
      any = true;
      mask |= 1n << BigInt(at);
    });
    if (!any) return word;
  }
  return mask;
}

const fetched = async (address, base) => {
  const answer = await fetch(new URL(address, base), { credentials: "omit" });
  if (!answer.ok) throw Error(`status ${answer.status}`);
  return answer.text();
};

/**
 * The lanes of all collectors, the one of the tag first: `{rules, url}` for one of ours, and for others
 * - `request(body)`: what becomes of a batch. `{url, method, headers, body, opaque, read}`, or `{push}` where nothing is to be fetched: `push()` gives the
 *   status that stands for it (200 done, 400 refused, 404 stop, 413 halve);
 * - `read(status, text, headers)`: what an answer means, `[status, text]` as of a collector of ours. The one that `request` gives is for that batch alone, the
 *   lane's own for the newest.
 * Nothing where there is no collector that can be used. `fail` has said what is wrong, and where.
 */
export async function lanes({ root, options, fail, base }) {
  const { collectors: given, collector, format, set, preset, response, events, without, atLeastOnce, gzip, beacon } = options;
  const entries = [];
  // The tag's own; attributes that are not there are none of the entry's.
  if (collector || format === "datalayer") entries.push({ url: collector, format, set, preset, response, events, without, atLeastOnce, gzip, beacon });
  const own = entries.length;
  if (given) {
    try {
      const list = typeof given === "string" ? JSON.parse(/^\s*[[{]/.test(given) ? given : await fetched(given, base)) : given;
      entries.push(...[list].flat());
    } catch (error) {
      fail(123, "data-collectors", error);
    }
  }
  let module, trapped;
  /** The module that writes for others: one for all of them, fetched when the first one needs it. */
  const writer = () =>
    (module ??= (async () => {
      const wasm = fetch(root + files.wasm);
      wasm.catch(() => {});
      const { start } = await import(root + files.format);
      return start(wasm, (error, dead) => {
        trapped ||= dead;
        fail(dead ? 906 : 904, "format", error);
      });
    })());

  const lane = async (entry, at) => {
    const field = at < own ? "data-" : `data-collectors[${at - own}].`;
    const wrong = (code, name, error) => {
      fail(code, field + name, error);
      return { rules: NOTHING };
    };
    if (at >= MOST || Object(entry) !== entry) return wrong(124, "");
    for (const [name, value] of Object.entries(entry)) {
      if (value !== undefined && !(FIELDS[name] && FIELDS[name](value))) return wrong(124, name);
    }
    const { url: address, format = entry.preset ? "own" : "polku", key, set, preset, consent } = entry;
    const only = entry.events === undefined ? 2n ** 64n - 1n : bits(entry.events);
    const less = bits(entry.without);
    if (typeof only === "string") return wrong(124, `events ${only}`);
    if (typeof less === "string") return wrong(124, `without ${less}`);
    let url;
    if (format !== "datalayer") {
      try {
        url = new URL(address, base);
        if (!address || !/^https?:$/.test(url.protocol)) throw Error(address);
      } catch (error) {
        return wrong(105, at < own ? "collector" : "url", error);
      }
    }
    /** The lane's rules from the format's. */
    const rules = (text) => {
      let [, names, most, bytes, hours, flags] = text.split(",");
      names = BigInt(names) & only & ~less;
      // Who asked for answers alone gets answers alone.
      if (consent === "feedback") names &= bits("prompt_answer");
      if (isOn(entry.atLeastOnce)) flags |= DEDUPES;
      if (consent === "remember") flags |= REMEMBER;
      return ["", names | ERASE, most, bytes, hours, flags & 15].join();
    };
    const opaque = (flags) => (entry.response ? entry.response === "opaque" : flags & OPAQUE) > 0;
    const extras = { gzip: entry.gzip === undefined ? undefined : isOn(entry.gzip), beacon: isOn(entry.beacon) };

    if (format === "polku" && !preset) {
      const other = key && key !== options.key;
      const own = { ...extras, rules: rules(OWN), url: url.href };
      if (!other && !opaque(0)) return own;
      // The key stands in the batch's head, before anything that came from a page.
      const keyed = (body) => (other ? body.replace(/^(\{"polku":1,"key":")[^"]*/, `$1${key}`) : body);
      return { ...own, request: (body) => ({ url: url.href, body: keyed(body), opaque: opaque(0) }), read: (...answer) => answer };
    }

    let text, run;
    try {
      const name = typeof preset === "string" ? preset : !preset && Object.hasOwn(files.presets, format) && root + files.presets[format];
      if (!preset && !name) return wrong(115, "format");
      [text, run] = await Promise.all([preset && !name ? JSON.stringify(preset) : fetched(name, base), writer()]);
    } catch (error) {
      return wrong(125, preset ? "preset" : "format", error);
    }
    const settings = new Map(typeof set === "string" ? new URLSearchParams(set) : Object.entries(set || {}));
    if (key) settings.set("key", key);
    if (!settings.has("origin") && /^https?:/.test(location.origin)) settings.set("origin", location.origin);
    // An address without a path gets the format's own.
    if (url && (url.pathname !== "/" || url.search) && !settings.has("path")) settings.set("path", url.pathname + url.search);
    const lines = [...settings].map(([name, value]) => `${name}=${String(value).replace(/\n/g, " ")}`);
    const [[number, said] = [906, "format"]] = run(0, 0, ...lines, "", text);
    if (number >= 100) return wrong(number, number === 115 ? "format" : number === 116 ? `set.${said}` : `preset ${said}`);
    const flags = +said.split(",")[5];
    if (opaque(flags) && flags & ASKS) return wrong(124, "response");

    const done = (status) => ({ push: () => status });
    const reader = (seqs) => (status, answer, headers) => {
      const lines = [...(headers || [])].map((header) => header.join(": "));
      const [told] = run(2, number, seqs, status, ...lines, "", answer);
      // After a trap nothing is known any longer.
      return told || [404, ""];
    };
    const made = {
      ...extras,
      rules: rules(said),
      url: url && url.href,
      read: reader(""),
      request(body) {
        const told = run(1, number, Date.now(), body);
        if (trapped) return done(404);
        // Nothing that this format has a place for.
        if (!told.length) return done(200);
        const requests = told.map(([code, text]) => {
          if (code) return { code, text };
          const [head, ...rest] = text.split("\n\n");
          const [seqs, method, path, ...lines] = head.split("\n");
          return { seqs, method, path, headers: Object.fromEntries(lines.map((line) => line.split(": "))), body: rest.join("\n\n") };
        });
        const [{ code, text, seqs, method, path, headers, body: written }] = requests;
        if (code) {
          fail(code, field + (code === 116 ? "set." : "format ") + text);
          // A setting fits no batch better; what is wrong with a batch may be one event.
          return done(code === 116 ? 404 : 400);
        }
        if (method === "push") {
          return {
            push() {
              // Tag managers run tags as they are pushed to: not while the engine waits. They keep what was pushed, so that it has to be cleared first.
              queueMicrotask(() => {
                for (const { body } of requests) (window.dataLayer ||= []).push({ polku: null }, JSON.parse(body));
              });
              return 200;
            },
          };
        }
        // Longer than a page can send as it leaves: the engine halves it.
        if (requests.length > 1) return done(413);
        made.read = reader(seqs);
        return { url: url.origin + path, method, headers, body: written, opaque: opaque(flags), read: made.read };
      },
    };
    // Each event is pushed by itself, and all of a batch at once.
    if (!url) made.rules = made.rules.replace(/^(,\d+),1,/, "$1,100,");
    return made;
  };
  const made = await Promise.all(entries.slice(0, MOST + 1).map(lane));
  // What is beyond has no place at all.
  made.length = Math.min(made.length, MOST);
  return made.some(({ rules }) => rules !== NOTHING) ? made : undefined;
}
