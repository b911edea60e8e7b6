// What was sent, so that the shopper can see it: in this page's memory, and with consent to `measure` in this tab's storage until the visit ends.
import { ALL, quietly } from "./store.js";

const SENT = ALL + "sent";
/** The newest batches that are kept, */
const MOST = 40;
/** … and their characters: what a visit stores stays small beside the 5 MB that a shop has. */
const ROOM = 65536;
/** It is stored so long after an answer, in ms, in an idle moment: a busy page gets one a second, and 64,000 characters take storage a millisecond. */
const LATER = 3000;
/** A batch of a journey says when that began. An answer without `measure`, which is never stored, does not. */
const JOINED = /^[^[]*"started":/;
/** A request to erase is no news of the shopper, and its number is to be forgotten. */
const ERASE = /^[^[]*\[\{"seq":\d+,"name":"erase"/;
export const erases = (batch) => ERASE.test(batch);

/** `visit()` gives the visit whose records this tab keeps, where it keeps any. */
export function sentLog(visit) {
  /** Oldest first: `{at, to, status, body, from, visit}`; `status` is missing until there is an answer, 0 where there is none. */
  let all = [];
  let read, due;
  const find = (to, body) => all.find((entry) => entry.to === to && entry.body === body);
  /** What earlier pages of this tab have sent in this visit. */
  const recall = () => {
    const id = visit();
    if (!id || read === id) return;
    read = id;
    quietly(() => {
      const [whose, ...before] = JSON.parse(sessionStorage.getItem(SENT)) || [];
      // What is sent again is told once.
      const old = before.filter(([, to, , body]) => !find(to, body));
      if (whose === id) all.unshift(...old.map(([at, to, status, body]) => ({ at, to, status, body, visit: id })));
    });
  };
  const shorten = () => {
    let room = ROOM;
    let count = 0;
    for (const { body } of all.slice().reverse()) if ((room -= body.length) >= 0 && count < MOST) count++; else break;
    all = all.slice(all.length - count);
  };
  return {
    /** A request leaves for `url`, or for the page's data layer: `body` is what leaves, `from` the batch that it was made of. */
    begin(url, body, from) {
      const to = url ? new URL(url).host : "";
      const again = find(to, body);
      const entry = again || { to, body };
      Object.assign(entry, { at: Date.now(), from, status: undefined, visit: JOINED.test(from) && visit() });
      if (!again && !erases(from)) all.push(entry);
      return entry;
    },
    /** It was answered. */
    end(entry, status) {
      entry.status = status;
      due ||= setTimeout(() => (self.requestIdleCallback || setTimeout)(this.keep), LATER);
    },
    keep() {
      clearTimeout(due);
      due = 0;
      const id = visit();
      recall();
      shorten();
      const mine = all.filter((entry) => id && entry.visit === id).map(({ at, to, status, body }) => [at, to, status, body]);
      if (mine.length) quietly(() => sessionStorage.setItem(SENT, JSON.stringify([id, ...mine])));
    },
    all() {
      recall();
      return all;
    },
    forget() {
      clearTimeout(due);
      due = 0;
      all = [];
      read = 0;
    },
  };
}
