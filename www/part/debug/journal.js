// What has happened, newest last, as plain data: what the panel draws, what is copied, and what the next page goes on with.
import * as to from "../../core/protocol.js";
import { sources } from "./sources.js";
import { spent } from "./spent.js";

/** Entries that are kept, and inputs for a replay: a long visit must not fill the memory. */
const MOST = 500;
const INPUTS = 5000;

/** How a page came to be looked at, as www/core/protocol.js numbers it. */
const HOW = ["load", "reload", "route", "restored", "named"];
/** Effects of the engine, as www/core.js numbers them. */
const SEND = 1;
const ERASE = 3;
const MAY = 4;
const JOURNEY = 10;

const bit = (number, nth) => !!((number >> nth) & 1);

/** `before`: what earlier pages of this tab have seen. */
export function journal(before) {
  const entries = before;
  const listening = new Set();
  const state = { may: 0, page: "", shell: null, heads: [], standing: null };
  const recording = { start: null, inputs: [], effects: [], dropped: 0 };
  const cost = spent();
  // Calls of the engine within calls.
  let depth = 0;
  const changed = () => listening.forEach((run) => run());
  const add = (type, more) => {
    const entry = { type, t: Date.now(), ...more };
    entries.push(entry);
    entries.splice(0, entries.length - MOST);
    changed();
    return entry;
  };
  const who = sources(changed);

  /** What the engine is told, by its number. */
  const inputs = {
    [to.PAGE](number, [path]) {
      state.page = HOW[number >> 1];
      who.page(state.page);
      add("page", { how: state.page, path });
    },
    [to.TRACK](number, [name]) {
      const report = add("report", { name, by: number, state: state.may & 2 ? "waits" : "held" });
      who.report(report);
    },
    [to.FOUND]: (number, [name]) => who.found(name),
    [to.CONSENT](number, [by, policy]) {
      const said = (at) => (bit(number, at) ? bit(number, at + 1) : undefined);
      add("consent", {
        by,
        policy,
        since: bit(number, 4) ? "earlier" : "now",
        measure: said(0),
        feedback: said(2),
        remember: said(5),
      });
    },
    [to.WITHDRAW]: () => add("consent", { by: "api", measure: false, withdrawn: true }),
    [to.DELIVERED](number, [status, after, answer]) {
      // A batch is numbered within its document.
      const sent = entries.findLast((entry) => entry.type === "send" && entry.batch === number && entry.status === undefined);
      if (sent) Object.assign(sent, { status: +status, after, answer, ms: Date.now() - sent.t });
    },
    [to.VISIBILITY]: (number) => add("visibility", { hidden: !!number }),
  };
  const outputs = {
    [SEND](number, lines, body) {
      add("send", { batch: number & 0x7ffffff, lane: (number >>> 27) & 15, leaving: number >>> 31 > 0, body });
    },
    [ERASE]: () => add("erase"),
    [MAY](number) {
      if (number === state.may) return;
      state.may = number;
      add("may", { flags: number });
    },
  };
  const note = (of, kind, number, text) => {
    // What the panel makes of it must never keep it from the engine.
    try {
      of[kind]?.(number, text.split("\n"), text);
    } catch {
      // then it is not shown
    }
  };
  /** The same call, timed. */
  const timed = (run, ...args) => {
    const done = cost.begin();
    try {
      return run(...args);
    } finally {
      done();
    }
  };

  return {
    entries,
    state,
    recording,
    cost,
    on: (run) => listening.add(run),
    clear() {
      entries.length = 0;
      changed();
    },
    event(event) {
      add("event", { event, by: who.event(event) });
    },
    emotion: (detail) => add("emotion", { detail }),
    prompt: (detail) => add("prompt", { detail }),
    error: (detail) => add("error", { detail }),
    /** What of definitions says when they open. */
    definitions(heads) {
      state.heads = heads;
      changed();
    },
    /** How consent stands, as the sources come to one. */
    standing(detail) {
      state.standing = detail;
      changed();
    },
    attach(extra, effects) {
      state.shell = extra;
      const { start, input } = extra;
      extra.start = (...args) => {
        recording.start = args;
        return timed(start, ...args);
      };
      extra.input = (...args) => {
        const [kind, , , number, text] = args;
        // To ask for the journey, as the panel does, changes nothing and is none of the engine's work.
        if (kind === to.JOURNEY) return input(...args);
        // What an effect brings at once comes before the effects that are left: how deep it came, and after how many effects, belongs to it.
        if (recording.inputs.length < INPUTS) recording.inputs.push([...args, depth, recording.effects.length]);
        else recording.dropped++;
        note(inputs, kind, number, text);
        depth++;
        try {
          return timed(input, ...args);
        } finally {
          depth--;
          changed();
        }
      };
      effects.forEach((run, kind) => {
        effects[kind] = (number, text) => {
          if (kind !== JOURNEY && recording.effects.length < INPUTS) recording.effects.push([kind, number, text]);
          note(outputs, kind, number, text);
          return run(number, text);
        };
      });
    },
  };
}
