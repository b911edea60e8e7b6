// The line to a shop that takes conversations: where it leads, and what is kept of one. Fetched with `data-chat`.
import { chat, forgetChat, keepChat } from "./ask/store.js";

/** Where a conversation may lead: over an encrypted line, or to this machine. */
const SAFE = /^https:|^http:\/\/(localhost|127\.[\d.]+|\[::1\])(:|\/|$)/;

/** `mayRemember()`: whether it may be kept beyond the visit. Nothing where the address is none, or not safe. */
export function line({ chat: given, key, sensitive }, mayRemember) {
  let url;
  try {
    url = new URL(given, location.href).href;
  } catch {
    // The page is told as of one that is not safe.
  }
  if (!SAFE.test(url)) return;
  const keep = (more) => {
    const kept = chat(mayRemember());
    if (kept || more.line) keepChat({ ...kept, ...more }, mayRemember());
  };
  return {
    keep,
    kept: () => chat(),
    drop: () => keepChat(),
    forget: forgetChat,
    /** The conversation of a definition without the rest of it, which begins at `step`. */
    alone(definition, step) {
      const { text } = step.actions?.find(({ adapter }) => adapter === "polku") || step;
      return { ...definition, score: undefined, start: "chat", steps: [{ id: "chat", ask: "chat", text: step.text || text }] };
    },
    /** What a card is lent of it. `open(keep)` calls `keep` with the prompt's id where it is open still. */
    lent: (open) => ({
      url: url.replace(/[?#].*/, "").replace(/\/$/, ""),
      key,
      path: sensitive === undefined ? location.pathname : "/",
      // It is asked for as it opens: it may have gone on in another card.
      get kept() {
        return chat(mayRemember()) || {};
      },
      keep: (line, draft) => open((id) => (line ? keep({ line, draft, id }) : keepChat())),
    }),
  };
}
