import { UNSENT, keys } from "../deliver/store.js";

/** What is stored for less than this is left alone, in ms: the page that follows in the same tab comes for it. */
const AGE = 10000;
/** Without locks nobody knows which tabs are open: then this long, in ms. */
const LONG = 600000;

/**
 * Takes over what tabs have left that are gone: one of the tabs that are open sends it. When the page begins, once more when what was young then is
 * old enough and so on while something is too young (somebody may have set the clock back), and whenever the page is seen again.
 */
export function orphans({ store, isOn, turned }) {
  const { locks } = navigator;
  let timer;
  const look = () => {
    let young;
    const now = Date.now();
    const tabs = new Map();
    for (const key of keys(UNSENT)) {
      const [, , , tab, began] = key.split(":");
      // When it was stored stands behind the second comma.
      const [, , at] = (localStorage.getItem(key) || "").split(",", 3);
      if (tab === store.tab()) continue;
      const newest = Math.max(+at || +began, tabs.get(tab) || 0);
      tabs.set(tab, newest);
    }
    for (const [tab, newest] of tabs) {
      const take = (lock) => {
        if (lock && isOn()) for (const key of keys(`${UNSENT}${tab}:`)) store.adopt(key);
      };
      // What lies ahead was stored before somebody set the clock back. Without locks it may be of a tab that goes on.
      if (locks ? Math.abs(now - newest) < AGE : now - newest < LONG) young = 1;
      else if (locks) locks.request(UNSENT + tab, { ifAvailable: true }, take).catch(() => {});
      else take(1);
    }
    if (young) again();
  };
  const again = () => {
    clearTimeout(timer);
    timer = setTimeout(look, AGE + 1000);
  };
  const seen = (at, hidden) => hidden || look();
  turned.push(seen);
  again();
  look();
  return () => clearTimeout(timer);
}
