// What watches a measured page: the friction detectors' module, and what feeds it, one file for each thing that is watched, in
// part/watch/. Loaded once consent to `measure` is known. Decides nothing.
import init, * as glue from "polku:glue";
import { described } from "./core/element.js";
import * as to from "./core/protocol.js";
import { action } from "./part/watch/action.js";
import { watchEngagement } from "./part/watch/engagement.js";
import { errors } from "./part/watch/errors.js";
import { fields } from "./part/watch/fields.js";
import { mutations } from "./part/watch/mutations.js";
import { watchNavigation } from "./part/watch/navigation.js";
import { orphans } from "./part/watch/orphans.js";
import { requests } from "./part/watch/requests.js";
import { seen } from "./part/watch/seen.js";
import { sending } from "./part/watch/sending.js";
import { watchService } from "./part/watch/service.js";
import { shopFinder } from "./part/watch/shop-finder.js";
import { vitals } from "./part/watch/vitals.js";

/* global POLKU_FILES -- names of the built files, written in by the build */
const files = POLKU_FILES;
// The last one tells the others that the address has changed, so that they have to be there.
const WATCHERS = [
  action,
  errors,
  fields,
  mutations,
  orphans,
  requests,
  seen,
  sending,
  shopFinder,
  vitals,
  watchEngagement,
  watchService,
  watchNavigation,
];

/** What is due later than this, in ms, may be looked at too early: so a timer that each event puts off need not be set each time. */
const FAR = 60000;
/** The place of `emotion` among the topics that a page can listen to. */
const EMOTION = 4;

/**
 * Begins to watch. `shell`: what the shell lends: `inputAt(at, kind, number, ...lines)` into the main module, `track(at, name, data, source)`,
 * `route(at)` (a view, where the address has another path), `left` (who is called at the end of each view), `viewed` (callbacks, each called
 * with its kind as one begins), `look()` (for a data layer that is made or replaced), `options`, `framework`, `root`, `fail`,
 * `notify(topic, json)`, `store` (this tab's shelf), `extra` (what sending gains by us), `watch(tell)` (what happened until now is told, and all that happens from then on), `isOn()` (whether it is still
 * to be watched) and `earlier` (what the page holds already counts, else only what happens from now on). Gives back what takes all of it
 * off the page.
 */
export async function watch(shell) {
  const { framework, inputAt, isOn, fail, look, notify, options, root } = shell;
  const offs = [];
  let off, timer;
  const leave = () => {
    off = true;
    clearTimeout(timer);
    for (const end of offs.splice(0)) {
      try {
        end();
      } catch {
        // A watcher that never began, or that the page has broken. The others end.
      }
    }
  };
  glue.onTrap((error, dead) => {
    fail(dead ? 905 : 904, "watch", error);
    if (dead) leave();
  });
  await init(root + files.wasm);
  // Consent may have been withdrawn while it came.
  if (!isOn()) return () => {};
  // What is found belongs to the moment at which it was told.
  let when = 0;
  const tell = (at, kind, number = 0, ...lines) => {
    when = at;
    if (!off) glue.input(kind, Date.now() - performance.now(), at, number, lines.join("\n"));
  };
  const input = (...rest) => tell(performance.now(), ...rest);
  let due = 0;
  const effects = [
    (number, text) => inputAt(when, to.FOUND, 0, text),
    (number, text) => inputAt(when, to.MEMORY, 0, text),
    (wait) => {
      const now = performance.now();
      // It may come too early: what is set anew with each event, and far away, need not be.
      if (due > now + FAR && wait > FAR) return;
      due = now + wait;
      clearTimeout(timer);
      if (wait >>> 31 < 1) timer = setTimeout(input, wait, to.WATCH_TICK);
    },
    () => {
      // What is stored is read at once; then it is known how the journey stands in all tabs.
      inputAt(when, to.KEEP);
      inputAt(when, to.SETTLE);
    },
    (number, text) => notify(EMOTION, text),
    () => fail(104, "data-off"),
  ];
  glue.host.effect = (kind, number, text) => effects[kind](number, text);
  glue.host.event = (event) => {
    // Many a shop makes or replaces its data layer as something is done.
    look();
    const hit = described(event);
    if (hit) input(to.WATCH_POINTER, ...hit);
  };
  // A module that has trapped takes no listener off any more.
  const target = {
    addEventListener(...how) {
      document.addEventListener(...how);
      offs.push(() => document.removeEventListener(...how));
    },
    removeEventListener: (...how) => document.removeEventListener(...how),
  };
  glue.start(
    to.bits(options.sensitive !== undefined, options.money === "exact"),
    (options.off || "").replace(/\s+/g, " ") + "\n" + framework,
    target,
  );
  // Who is called as the page goes out of sight or comes back, before the module hears of it, so that what is told then leaves with the page.
  const turned = [];
  // Who is called when the address has changed, with whether the shopper went back.
  const host = { ...shell, files, input, inputAt: tell, moved: [], turned };
  shell.watch((at, kind, number, ...lines) => {
    for (const run of kind === to.WATCH_VISIBILITY ? turned : []) {
      try {
        run(at, number);
      } catch {
        // The rest is told.
      }
    }
    tell(at, kind, number, ...lines);
  });
  offs.push(
    glue.end,
    ...WATCHERS.map((start) => {
      try {
        return start(host);
      } catch {
        // What a page has broken is not watched; the rest is.
      }
    }),
  );
  return leave;
}
