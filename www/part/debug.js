// The debug panel: what Polku sees, decides and sends on this page, for the developer who has asked for it with `?polku_debug=1`. It looks on from beside:
// what is captured, stored and sent is the same without it. Also there where Polku does not start, since that is when it is needed most.
import { guard } from "./debug/guard.js";
import { journal } from "./debug/journal.js";
import { isOver, keep, kept } from "./debug/keep.js";
import { panel } from "./debug/panel.js";
import { words } from "./debug/words.js";
export { replay } from "./debug/replay.js";

const before = isOver() ? 0 : kept();
const book = before && journal(before.entries);

/** Tells the book of what the page can hear; what only the shell knows comes with `attach`. */
async function begin() {
  const { polku } = window;
  // A page that is told by name calls the loader before its own part has come.
  polku.on("touchpoint", book.event);
  polku.on("emotion", book.emotion);
  polku.on("prompt", book.prompt);
  polku.on("definitions", book.definitions);
  polku.on("consent", book.standing);
  polku.on("error", book.error);
  const host = document.createElement("div");
  // Before anything that watches the page: what is done in the panel is nobody's business.
  const { handle, release } = guard(host);
  const view = panel({ host, book, words: await words(), open: before.open, end });
  handle(view.handle);
  const leave = () => keep(book.entries, view.isOpen());
  addEventListener("pagehide", leave);
  function end() {
    removeEventListener("pagehide", leave);
    keep();
    view.end();
    release();
  }
}
if (book) begin().catch(() => {});

/**
 * The shell lends what it is made of: `extra.start` and `extra.input` are the engine's, and what becomes of its effects stands in `effects`. Each is heard as
 * it passes, and passes as it came.
 */
export function attach(extra, effects) {
  if (book) book.attach(extra, effects);
}
