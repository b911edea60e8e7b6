// The shopper's own view: what is known in this browser, what was sent, why and where to; to download it, to erase it, to change one's mind. Fetched
// where a page has the element for it, where it is asked for, and from a prompt. It stores nothing, and sends nothing but what erases.
import { erased } from "./privacy/erase.js";
import { known } from "./privacy/known.js";
import { show } from "./privacy/show.js";
import { words } from "./privacy/words.js";

/** What is open as a dialog. */
let opened;
/** The elements that are drawn. */
const drawn = new WeakSet();

/** `extra` is what the module's parts share: `{options, lanes, delivery, …}`; nothing where there is no module. */
const lent = (extra = { options: {}, lanes: [] }) => ({ ...extra, extra });

/** Draws it into each element that wants it and has none yet. */
export async function draw(extra) {
  for (const host of document.querySelectorAll("[data-polku-privacy]")) {
    if (drawn.has(host)) continue;
    drawn.add(host);
    show(lent(extra), await words(host), host);
  }
}

/** Opens it as a dialog. What is stored may be read now: the shopper has asked for it. */
export async function open(extra) {
  if (opened && opened.isConnected) return;
  const host = (opened = document.createElement("div"));
  document.body.append(host);
  show(lent(extra), await words(host), host, true);
}

/** All of it as one object. */
export { exported as export };
const exported = async (extra) => known(lent(extra), true);

/** Everything goes. Gives back which collectors have erased, which cannot, and which did not confirm. */
export const erase = (extra) => erased(lent(extra));
