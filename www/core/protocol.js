// What crosses into the module: `src/api.rs` reads these numbers. One string at a time, its lines are the texts.
export const PAGE = 0;
export const TRACK = 1;
export const FOUND = 2;
export const CONSENT = 3;
export const WITHDRAW = 4;
export const RESTORED = 5;
export const FLUSH = 6;
export const DELIVERED = 7;
export const LISTEN = 8;
export const OPEN = 11;
export const REPORT = 12;
export const VISIBILITY = 13;
export const JOURNEY = 14;
export const ENTROPY = 15;
export const TICK = 16;
export const END = 17;
export const VARIANT = 18;
export const MEMORY = 19;
export const KEEP = 20;
export const SETTLE = 21;
export const SHELF = 22;
export const UNSHELVED = 23;
export const ONLINE = 24;

// What crosses into the module that watches: `crates/watch/src/lib.rs` reads these numbers.
export const WATCH_PAGE = 0;
export const WATCH_POINTER = 1;
export const WATCH_VISIBILITY = 2;
export const WATCH_TICK = 3;
export const WATCH_MEMORY = 4;
export const WATCH_HEAR = 5;
export const WATCH_LEAVE = 6;
// Observations, in the order of `polku_core::What`; with `ELEMENT` added the text is an element's four lines.
export const MUTATION = 32;
export const ALERT = 33;
export const SCROLL = 34;
export const FOCUS = 35;
export const BLUR = 36;
export const INVALID = 37;
export const EDIT = 38;
export const CHANGE = 39;
export const SUBMIT = 40;
export const REQUEST = 41;
export const ERROR = 42;
export const VITAL = 43;
export const ACTION = 44;
export const NEAR = 45;
export const AWAY = 46;
export const PRESS = 47;
export const SEEN = 48;
export const ENGAGED = 49;
export const ELEMENT = 32;

// How a page came to be looked at, in the order of `polku_core::Arrival`.
export const LOAD = 0;
export const RELOAD = 1;
export const ROUTE = 2;
export const RESTORED_PAGE = 3;
export const NAMED = 4;

// Who reports a touchpoint, in the order of `polku_core::Source`.
export const API = 0;
export const ATTRIBUTE = 1;
export const LAYER = 2;
export const PLATFORM = 3;
export const SCHEMA = 4;
export const URL_RULE = 5;

/** Truth values as the bits of a number, the first the lowest. */
export const bits = (...flags) => flags.reduce((number, flag, at) => number | (flag ? 1 << at : 0), 0);
