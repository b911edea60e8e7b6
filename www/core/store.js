// First-party storage: one record of this visit that the tabs share, one of this tab, what is remembered beyond the visit, and this tab's
// shelf with what is unsent. Read and written only when the engine says so. Where storage is full or shut the journey goes on in memory.
import { RESTORED, SHELF, UNSHELVED, bits } from "./protocol.js";

const ALL = "polku:1:";
export const VISIT = ALL + "visit";
const TAB = ALL + "tab";
const PAST = ALL + "past";
/** What follows: the tab, when its document began, and the slot. */
const UNSENT = ALL + "q:";
/** The slots that are given to what is found begin here. */
const FOUND = 1 << 25;

const quietly = (run) => {
  try {
    return run();
  } catch {
    // full or shut
  }
};
const get = (key) => quietly(() => localStorage.getItem(key));
/** A dash deletes; whether it was done. */
const set = (key, value) => quietly(() => (value === "-" ? localStorage.removeItem(key) : localStorage.setItem(key, value), 1));
const keys = (prefix) => quietly(() => Object.keys(localStorage).filter((key) => key.startsWith(prefix))) || [];

export function storage(inputAt) {
  /** The keys of what was found, by slot. */
  const found = [];
  // The tab's name is the first word of its record.
  let tab;
  const tell = (key, own) => {
    found.push(key);
    // At no time, as it belongs to the input before it.
    inputAt(0, SHELF, (FOUND + found.length - 1) | (own << 31), get(key) || "");
  };
  const store = {
    /** Bits: what is remembered beyond the visit may be read; and what lies on this tab's shelf. */
    read(wanted) {
      const [, name, known] = /^(\w+) ([^]*)/.exec(quietly(() => sessionStorage.getItem(TAB))) || [];
      tab = name || tab || Math.random().toString(36).slice(2);
      const visit = get(VISIT);
      inputAt(0, RESTORED, bits(visit, known), visit, (wanted & 1 && get(PAST)) || "", known);
      if (wanted & 2) {
        const order = (one, other) => one.localeCompare(other, "en", { numeric: true });
        for (const key of keys(UNSENT + tab + ":").sort(order)) tell(key, 1);
        inputAt(0, SHELF, 1 << 31);
      }
    },
    /**
     * The first line is the visit's record, the second what is remembered beyond it, the rest this tab's. Where one is empty what is stored stays
     * as it is; a dash deletes it.
     */
    write(text) {
      const [visit, past, own] = text.split("\n");
      set(VISIT, visit);
      if (past) set(PAST, past);
      quietly(() => own && sessionStorage.setItem(TAB, `${tab} ${own}`));
    },
    shelve(slot, text) {
      const key = found[slot - FOUND] || `${UNSENT}${tab}:${Math.round(performance.timeOrigin)}:${slot}`;
      if (!set(key, text || "-") && text) inputAt(0, UNSHELVED, slot);
    },
    erase() {
      for (const key of keys(ALL)) set(key, "-");
      quietly(() => sessionStorage.removeItem(TAB));
    },
  };
  return store;
}
