import { ERASE, EVERY, named } from "./names.js";

/** Rules of a collector of ours, as the module gives those of other formats: events, batches, bytes, hours, bits. */
export const OWN = `,${EVERY},100,48000,48,5`;
/** … and of one that is configured wrong: it keeps its place among the others, and gets nothing. */
export const NOTHING = ",0,1,1000,0,0";

// Bits of rules, as crates/format/src/lib.rs writes them; the engine looks at the first four.
const DEDUPES = 1;
const REMEMBER = 8;
export const OPAQUE = 16;
export const ASKS = 32;

const isText = (value) => typeof value === "string" && value !== "";
const isFlag = (value) => [true, false, "", "yes", "no"].includes(value);
const isList = (value) => (Array.isArray(value) ? value.every(isText) : isText(value));
const isObject = (value) => Object(value) === value && !Array.isArray(value);

/** What can be said of a collector, and how it has to look. */
const FIELDS = {
  url: isText,
  format: isText,
  key: isText,
  set: (value) => typeof value === "string" || isObject(value),
  preset: (value) => isText(value) || isObject(value),
  consent: (value) => ["measure", "remember", "feedback"].includes(value),
  events: isList,
  without: isList,
  response: (value) => value === "readable" || value === "opaque",
  atLeastOnce: isFlag,
  gzip: isFlag,
  beacon: isFlag,
};

/** Whether a flag is set: in the script tag, whose attributes are texts, also by being there. */
export const isOn = (flag) => flag === true || flag === "" || flag === "yes";

/** The first thing that is wrong with an entry, as its code and its field; else nothing. */
export function wrongWith(entry) {
  if (!isObject(entry)) return [124, ""];
  for (const [name, value] of Object.entries(entry)) {
    if (value !== undefined && !(Object.hasOwn(FIELDS, name) && FIELDS[name](value))) return [124, name];
  }
  for (const name of ["events", "without"]) {
    const word = named(entry[name]);
    if (typeof word === "string") return [124, `${name} ${word}`];
  }
  const native = !entry.preset && (entry.format || "polku") === "polku";
  if (native && entry.key && !/^[\w-]{1,64}$/.test(entry.key)) return [104, "key"];
}

/** An entry's rules for the engine, from those of its format. */
export function rulesOf({ events, without, consent, atLeastOnce }, format) {
  let [, names, most, bytes, hours, flags] = format.split(",");
  names = BigInt(names) & (events === undefined ? EVERY : named(events)) & ~named(without);
  // Whoever is for feedback alone gets answers alone.
  if (consent === "feedback") names &= named("prompt_answer");
  if (consent === "remember") flags |= REMEMBER;
  if (isOn(atLeastOnce)) flags |= DEDUPES;
  return ["", names | ERASE, most, bytes, hours, flags & 15].join();
}
