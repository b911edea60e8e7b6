// First-party storage: one record of this visit that the tabs share, one of this tab, what is remembered beyond the visit, and this tab's
// shelf with what is unsent. Read and written only when the engine says so. Where storage is full or shut the journey goes on in memory.
import { RESTORED, SHELF, UNSHELVED, bits } from "../../core/protocol.js";

export const ALL = "polku:1:";
export const VISIT = ALL + "visit";
const TAB = ALL + "tab";
const PAST = ALL + "past";
/** What follows: the tab, when its document began, and the slot. */
export const UNSENT = ALL + "q:";
/** The slots that are given to what is found begin here. */
const FOUND = 1 << 25;

export const quietly = (run) => {
  try {
    return run();
  } catch {
    // full or shut
  }
};
const get = (key) => quietly(() => localStorage.getItem(key));
/** A dash deletes; whether it was done. */
const set = (key, value) => quietly(() => (value === "-" ? localStorage.removeItem(key) : localStorage.setItem(key, value), 1));
/** The keys that begin so, oldest first. */
export const keys = (prefix) => {
  const order = (one, other) => one.localeCompare(other, "en", { numeric: true });
  return quietly(() => Object.keys(localStorage).filter((key) => key.startsWith(prefix)).sort(order)) || [];
};
/** A conversation with the shop, for which the shopper has asked: www/part/ask/store.js. */
export const CHAT = ALL + "chat";
/** Takes all that is ours out of both storages, but what of this tab has the name `spare`. */
export const sweep = (spare) => {
  for (const key of keys(ALL)) set(key, "-");
  quietly(() => Object.keys(sessionStorage).filter((key) => key.startsWith(ALL) && key !== spare).map((key) => sessionStorage.removeItem(key)));
};

export function storage(inputAt) {
  /** The keys of what was found, by slot. */
  const found = [];
  // The tab's name; what gives its lock back; the page is left; and the visit that it knows itself in.
  let tab, free, gone, mine, hurry;
  const { locks } = navigator;
  // The visit's record as it was last read: where storage can be read no more nobody has taken that away.
  let seen;
  // The tab's lock is held, where there are locks.
  let held = !locks;
  const idOf = (visit) => (visit || "").split(" ")[1];
  const own = (slot) => `${UNSENT}${tab}:${Math.round(performance.timeOrigin)}:${slot}`;
  const tell = (key, mine) => {
    found.push(key);
    // At no time, as it belongs to the input before it.
    inputAt(0, SHELF, (FOUND + found.length - 1) | (mine << 31), get(key) || "");
  };
  /** Holds the tab's lock until it is freed, so that nobody takes its shelf for one whose tab is gone. */
  const hold = () =>
    new Promise((go) => {
      held = 1;
      free = go;
    });
  const answer = (wanted, known) => {
    const visit = get(VISIT);
    if (visit !== undefined) seen = visit;
    // What a page that is left already stores at this word it knows.
    const shelf = wanted & 2 ? keys(`${UNSENT}${tab}:`) : [];
    // What is only merged may be another tab's.
    if (wanted & 2) mine = idOf(seen);
    inputAt(0, RESTORED, bits(seen, known), seen, (wanted & 1 && get(PAST)) || "", known);
    for (const key of shelf) tell(key, 1);
    if (wanted & 2) inputAt(0, SHELF, 1 << 31);
  };
  return {
    /** Bits: what is remembered beyond the visit may be read; and what lies on this tab's shelf, as a page begins. While `on()`. */
    read(wanted, on) {
      if (!on()) return;
      // The tab's name is the first word of its record; a sign before it says that no page has left the tab since it was written.
      const [, open, name, known] = /^(!?)(\w+) ([^]*)/.exec(quietly(() => sessionStorage.getItem(TAB))) || [];
      const anew = (copied) => {
        tab = (!copied && name) || Math.random().toString(36).slice(2);
        // Where there are no locks this alone tells the copy of a tab whose page has just begun.
        if (!locks && known && !copied) quietly(() => sessionStorage.setItem(TAB, `!${tab} ${known}`));
        answer(wanted, !copied && known);
      };
      // Of a page that slept: the one that is left may hide only now, and until it does it holds the lock, and has not kept all that it has.
      if (tab) return held || !(wanted & 2) ? answer(wanted, known) : answer(wanted & 1);
      // The copy of a tab that goes on finds its lock held, and what that has stored is not its own. Where there are no locks the tab may
      // have been torn away as well.
      if (name && locks) {
        let done;
        const begin = (copied) => {
          if (done || !on()) return;
          done = 1;
          hurry = 0;
          anew(copied);
          return true;
        };
        // A page that is left before the lock's answer came says what it has, under another name if need be.
        hurry = () => begin(open);
        const take = (lock) => begin(!lock) && (gone || (lock ? hold() : this.wake()));
        return locks.request(UNSENT + name, { ifAvailable: true }, take).catch(hurry);
      }
      anew(open);
      this.wake();
    },
    /** The page begins, or comes back. */
    wake() {
      gone = 0;
      if (!tab || !locks) return;
      // A page that is left before it was given the lock must not get it in its sleep: it would not be kept for the way back.
      const left = new AbortController();
      free = () => left.abort();
      locks.request(UNSENT + tab, { signal: left.signal }, hold).catch(() => {});
    },
    /** The page is left. */
    leave() {
      gone = 1;
      held = !locks;
      if (free) free();
    },
    /**
     * The first line is the visit's record, the second what is remembered beyond it, the rest this tab's. Where one is empty what is stored stays
     * as it is; a dash deletes it. `gone`: the page is being left.
     */
    write(text, gone) {
      const [visit, past, record] = text.split("\n");
      if (visit) {
        set(VISIT, visit);
        mine = idOf(visit);
      }
      if (past) set(PAST, past);
      quietly(() => record && sessionStorage.setItem(TAB, `${gone ? "" : "!"}${tab} ${record}`));
    },
    shelve(slot, text) {
      if (!set(found[slot - FOUND] || own(slot), text || "-") && text) inputAt(0, UNSHELVED, slot);
    },
    /** Takes what lies under `key`, of another tab, onto this one's shelf. */
    adopt(key) {
      const mine = own(FOUND + found.length);
      if (set(mine, get(key))) {
        set(key, "-");
        tell(mine, 0);
      }
    },
    tab: () => tab,
    hurry: () => hurry && hurry(),
    visit: () => mine,
    erase() {
      // The other pages hear first of which visit this one has told the collectors, where it knew any.
      const visit = mine && get(VISIT);
      if (visit) set(VISIT, idOf(visit));
      mine = 0;
      seen = null;
      // Who is not measured may talk all the same; where it has to go, www/part/prompts.js takes it away.
      sweep(CHAT);
    },
  };
}
