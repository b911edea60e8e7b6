// The panel stays as the tab goes on. That it was asked for stands in the tab's name, since a page that asks storage would read the device of every shopper;
// what was seen lies in this tab's storage, and is read and written only on pages with the panel.
const NAME = "polku_debug=1";
const KEY = "polku:debug";
/** What is kept of the pages before, in characters: a shop has 5 MB. */
const ROOM = 200000;

/** `?polku_debug=0` ends it. */
export const isOver = () => {
  const over = /[?&]polku_debug=0/.test(location.search);
  if (over) keep();
  return over;
};

/** What earlier pages of this tab have seen, and whether the panel was open. */
export function kept() {
  if (!window.name.includes(NAME)) window.name += NAME;
  try {
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
      window.name = window.name.replace(NAME, "");
      sessionStorage.removeItem(KEY);
    }
  } catch {
    // Full or shut: then it begins anew on each page.
  }
}
