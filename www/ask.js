// When a prompt opens, and what keeps it shut: the asker's module, and what looks at the page for it, one file for each thing in part/ask/. Fetched where a
// shop has prompts, and may show them. Decides nothing.
import init, * as glue from "polku:glue";
import { bits } from "./core/protocol.js";
import { active } from "./part/ask/active.js";
import { busy } from "./part/ask/busy.js";
import { exit } from "./part/ask/exit.js";
import { launchers } from "./part/ask/launchers.js";
import { scroll } from "./part/ask/scroll.js";
import * as store from "./part/ask/store.js";
import { up } from "./part/ask/up.js";
import { visible } from "./part/ask/visible.js";

/* global POLKU_FILES -- names of the built files, written in by the build */

// What crosses into the module: `crates/ask/src/lib.rs` reads these numbers.
const [PROMPTS, MAY, PAGE, HAPPENED, VISIBILITY, ACTIVE, SCROLLED, EXIT, UP, SEEN, FOUND, ASKED, ENDED, TICK, RESUMED] = Array(15).keys();
/** What looks at the page, each with its bit of `polku_core::asker::observe` and what it tells. */
const OBSERVERS = [
  [scroll, SCROLLED],
  [exit, EXIT],
  [up, UP],
  [active, ACTIVE],
];

/** The minute of the week in the shopper's own time, from Monday 00:00. */
const minute = (now) => ((now.getDay() + 6) % 7) * 1440 + now.getHours() * 60 + now.getMinutes();

/**
 * Begins to ask. `heads`: what is to be known of the definitions; `opens({id, trigger, pill, user})`, `stays(id, trigger, reason)` and `own(ids)` (the launchers that are
 * ours to draw) are told what comes of it. Gives back what it is to be told.
 */
export async function asker({ root, options, framework, heads, fail, left, page, opens, stays, own }) {
  let off, timer, flags = 0;
  const offs = [];
  glue.onTrap((error, dead) => {
    fail(dead ? 905 : 904, "ask", error);
    if (dead) destroy();
  });
  await init(root + POLKU_FILES.wasm);
  const tell = (at, kind, number = 0, text = "") => {
    if (!off) glue.input(kind, Date.now() - performance.now(), at, number, text);
  };
  const cue = (...rest) => tell(performance.now(), ...rest);
  const mayRemember = () => (flags & 6) === 6;
  const remembered = () => (mayRemember() ? store.past() : "");
  let observers = [];
  const stop = () => {
    for (const end of observers.splice(0)) end();
  };
  const looks = busy(offs);
  const buttons = launchers(heads, offs, (id) => cue(ASKED, 1, id));
  const effects = [
    (number, text) => {
      const [id, trigger] = text.split("\n");
      opens({ id, trigger, pill: number & 1, user: number >> 1 });
    },
    (number, text) => stays(...text.split("\n")),
    () => cue(FOUND, looks(), remembered()),
    (number, text) => {
      stop();
      observers = OBSERVERS.filter((_, nth) => number & (1 << nth)).map(([start, kind]) => start((number) => cue(kind, number)));
      const selectors = [...new Set(text.split("\n").filter(Boolean))];
      if (selectors.length) observers.push(visible(selectors, (selector, seen) => cue(SEEN, bits(seen), selector)));
    },
    (number, text) => own(buttons.mount(text.split("\n").filter(Boolean))),
    (number, text) => store.keep(...text.split("\n")),
    store.quiet,
    (wait) => {
      clearTimeout(timer);
      if (wait >>> 31 < 1) timer = setTimeout(cue, wait, TICK);
    },
  ];
  glue.host.effect = (kind, number, text) => effects[kind](number, text);
  const { lang } = document.documentElement;
  const saves = navigator.connection?.saveData || matchMedia("(prefers-reduced-data:reduce)").matches;
  const coarse = matchMedia("(pointer:coarse)").matches;
  const is = bits(coarse, navigator.webdriver, saves, options.mode === "feedback" && store.isQuiet());
  const [seed] = crypto.getRandomValues(new Uint32Array(1));
  glue.start(is, innerWidth, [lang || navigator.language, seed, minute(new Date()), framework].join("\n"));
  const path = () => {
    const [at, , , address] = page();
    try {
      return [at, decodeURI(address)];
    } catch {
      return [at, address];
    }
  };
  const hide = () => cue(VISIBILITY, bits(document.hidden));
  document.addEventListener("visibilitychange", hide);
  offs.push(() => document.removeEventListener("visibilitychange", hide));
  cue(PROMPTS, 0, JSON.stringify(heads));
  // What was told of the page before is told with it: what happens on it comes after.
  const [since, first] = path();
  tell(since, PAGE, 0, first);
  if (document.hidden) hide();
  left.push(() =>
    queueMicrotask(() => {
      cue(PAGE, 1, path()[1]);
      buttons.look();
    }),
  );
  function destroy() {
    off = 1;
    clearTimeout(timer);
    stop();
    for (const end of offs.splice(0)) end();
  }
  return {
    may(at, now) {
      flags = now;
      tell(at, MAY, now, [now & 2 ? store.visit() : "", remembered()].join("\n"));
    },
    hear: (at, text) => tell(at, HAPPENED, 0, text),
    asked: (id, by) => cue(ASKED, by, id),
    ended: (what) => cue(ENDED, what),
    resumed: (id, auto, answered) => cue(RESUMED, bits(auto, answered), id),
    isBusy: () => looks(),
    expanded: buttons.expanded,
    destroy,
  };
}
