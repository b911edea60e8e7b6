// The panel stays as the tab goes on. That it was asked for stands in the address, which the next page sees as that of the page before: to look for it in storage,
// or in the tab's name, would read the device of every shopper. What was seen lies in this tab's storage, and is read and written only on pages with the panel.
const NAME = "polku_debug";
const KEY = "polku:debug";
/** What is kept of the pages before, in characters: a shop has 5 MB. */
const ROOM = 200000;

/** Writes into the address whether the panel is asked for; the page's own state of this entry stays. */
const address = (asked) => {
  const url = new URL(location.href);
  if (asked === url.searchParams.has(NAME)) return;
  if (asked) url.searchParams.set(NAME, 1);
  else url.searchParams.delete(NAME);
  history.replaceState(history.state, "", url);
};

/** `?polku_debug=0` ends it. */
export const isOver = () => {
  const over = new URLSearchParams(location.search).get(NAME) === "0";
  if (over) keep();
  return over;
};

/** What earlier pages of this tab have seen, and whether the panel was open. */
export function kept() {
  try {
    address(true);
    return { open: true, entries: [], ...JSON.parse(sessionStorage.getItem(KEY)) };
  } catch {
    return { open: true, entries: [] };
  }
}

/** Keeps the newest `entries` for the next page; without any, all is forgotten. */
export function keep(entries, open) {
  try {
    if (entries) {
      const texts = entries.map((entry) => JSON.stringify(entry));
      let room = ROOM;
      const from = texts.length - [...texts].reverse().findIndex((text) => (room -= text.length) < 0);
      const newest = room < 0 ? texts.slice(from) : texts;
      sessionStorage.setItem(KEY, `{"open":${!!open},"entries":[${newest}]}`);
    } else {
      address(false);
      sessionStorage.removeItem(KEY);
    }
  } catch {
    // Full or shut: then it begins anew on each page.
  }
}
