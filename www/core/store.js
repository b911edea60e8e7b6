// First-party storage: one record of this visit that the tabs share, one of this tab, and what is remembered beyond the visit. Read and
// written only when the engine says so. Where storage is full or shut every call fails, and the journey goes on in memory.
const VISIT = "polku:1:visit";
const TAB = "polku:1:tab";
const PAST = "polku:1:past";

const quietly = (run) => {
  try {
    return run();
  } catch {
    // full or shut
  }
};
const get = (key) => quietly(() => localStorage.getItem(key));
const set = (key, value) => quietly(() => (value === "-" ? localStorage.removeItem(key) : value && localStorage.setItem(key, value)));

/** `past`: whether what is remembered beyond the visit may be read as well. */
export const read = (past) => [get(VISIT), (past && get(PAST)) || "", quietly(() => sessionStorage.getItem(TAB))];

/**
 * The first line is the visit's record, the second what is remembered beyond it, the rest this tab's. Where one is empty what is stored stays
 * as it is; a dash deletes it.
 */
export function write(text) {
  const [visit, past, ...tab] = text.slice(0, -1).split("\n");
  set(VISIT, visit);
  set(PAST, past);
  quietly(() => tab[0] && sessionStorage.setItem(TAB, tab.join("\n")));
}

export function erase() {
  set(VISIT, "-");
  set(PAST, "-");
  quietly(() => sessionStorage.removeItem(TAB));
}
