// All that is known, as data: what the view shows, and what may be taken along as a file.
import { ALL } from "../deliver/store.js";

/** What is remembered is forgotten after so many days: `DAYS` in crates/core/src/past.rs. */
const DAYS = 395;
const DAY = 864e5;
/** Bit of a collector's rules: it can erase. As www/part/collectors/entry.js writes them. */
const ERASES = 4;

const quietly = (run, other) => {
  try {
    return run();
  } catch {
    return other;
  }
};

const stored = (storage) =>
  quietly(() => Object.fromEntries(Object.keys(storage()).filter((key) => key.startsWith(ALL)).map((key) => [key, storage().getItem(key)])), {});

/** JSON as what it holds, anything else as it is. */
export const parsed = (text) => quietly(() => JSON.parse(text), text);

const iso = (ms) => new Date(ms).toISOString();
const day = (days) => iso(days * DAY).slice(0, 10);

/** What `polku:1:past` says: crates/core/src/past.rs writes it. */
const remembered = (text = "") => {
  const [, orders, ordered, visits, began] = text.split(",").map(Number);
  return visits ? { visits, orders, ...(orders && { last_order: day(ordered) }), until: day(began + DAYS) } : null;
};

/** Which prompts were shown, as the last word of what is kept of them says: crates/core/src/asker/memory.rs writes it. */
const shownIn = (text = "") => text.split(" ").pop().split(";").slice(1).map((one) => one.split(",")[0]);

/** Where a lane leads to; nothing for the page's data layer. */
export const hostOf = ({ url }) => (url ? new URL(url, location.href).host : "");

/** The collectors that can get anything. */
const collectors = (lanes) =>
  lanes
    .filter(({ rules }) => !rules || !rules.startsWith(",0,"))
    .map((lane) => ({ host: hostOf(lane), erases: !lane.rules || !!(+lane.rules.split(",")[5] & ERASES) }));

/** Whether an entry of the log has arrived, or is under way. */
const isGone = ({ status }) => status === undefined || (status >= 200 && status < 300);

/** What is unsent: crates/core/src/parcel.rs writes it. What has just been sent lies there for a moment longer. */
const waiting = (shelf, lanes, sent) =>
  Object.entries(shelf)
    .filter(([key]) => key.startsWith(ALL + "q:"))
    .map(([, text]) => {
      const [head, body] = text.split("\n");
      const [, lane, at] = head.split(",");
      return { since: iso(+at || 0), to: hostOf(lanes[lane % 16] || {}), body };
    })
    .filter(({ body }) => /}$/.test(body) && !sent.some((entry) => entry.from === body && isGone(entry)))
    .map(({ body, ...rest }) => ({ ...rest, batch: parsed(body) }));

/**
 * What is known. Where `measure` is not granted what is stored is read only where the shopper wants that (`look`).
 */
export function known({ options, lanes, extra }, look) {
  const { journey: of } = window.polku;
  const journey = of();
  const read = !!(look || journey);
  const local = read ? stored(() => localStorage) : {};
  const session = read ? stored(() => sessionStorage) : {};
  const quiet = /(^|; )polku_quiet=1/.test(document.cookie) ? { polku_quiet: "1" } : {};
  const log = extra.delivery ? extra.delivery.sent.all() : [];
  const past = remembered(local[ALL + "past"]);
  const asked = [...shownIn(session[ALL + "ask"]), ...shownIn(local[ALL + "asked"])];
  const sent = log.map(({ at, to, status, body }) => ({ at: iso(at), to, status, batch: parsed(body) })).reverse();
  return {
    site: location.origin,
    made: iso(Date.now()),
    measured: !!journey,
    journey,
    asked: [...new Set(asked)],
    remembered: past,
    allowed: { measure: !!journey, remember: !!journey && !!past, feedback: extra.asked !== false },
    sent,
    waiting: waiting(local, lanes, log),
    collectors: collectors(lanes),
    read,
    stored: { localStorage: local, sessionStorage: session, cookies: quiet },
  };
}

/** Whether anything lies in this browser. */
export const isEmpty = ({ stored }) => Object.values(stored).every((one) => !Object.keys(one).length);
