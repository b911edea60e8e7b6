// What crosses into the module: `src/api.rs` reads these numbers. One string at a time, its lines are the texts.
export const PAGE = 0;
export const TRACK = 1;
export const POINTER = 2;
export const CONSENT = 3;
export const WITHDRAW = 4;
export const RESTORED = 5;
export const FLUSH = 6;
export const DELIVERED = 7;
export const LISTEN = 8;
export const PROMPT = 9;
export const PROMPTS = 10;
export const OPEN = 11;
export const REPORT = 12;
export const VISIBILITY = 13;
export const JOURNEY = 14;
export const ENTROPY = 15;
export const TICK = 16;
export const END = 17;

/** Truth values as the bits of a number, the first the lowest. */
export const bits = (...flags) => flags.reduce((number, flag, at) => number | (flag ? 1 << at : 0), 0);
