// What is kept of prompts: with the tab while the visit is measured, beyond it where that may be remembered, and without either one cookie that says "not
// now". What is read and written when, the module and the engine say. The engine's own sweep takes all of it away.
import { ALL, quietly } from "../deliver/store.js";

const VISIT = ALL + "ask";
const PAST = ALL + "asked";
const OPEN = ALL + "prompt";
const CHAT = ALL + "chat";
/** A conversation that may be remembered is so for 30 days, in ms. */
const MONTH = 2592e6;

const get = (storage, key) => quietly(() => storage().getItem(key)) || "";
const set = (storage, key, value) => quietly(() => (value === "-" ? storage().removeItem(key) : storage().setItem(key, value)));
// Reading them is what a page can forbid.
const session = () => sessionStorage;
const local = () => localStorage;

export const visit = () => get(session, VISIT);
export const past = () => get(local, PAST);
/** Where one is empty what is kept stays as it is; a dash deletes. */
export function keep(visit, past) {
  if (visit) set(session, VISIT, visit);
  if (past) set(local, PAST, past);
}

/** The prompt that is open, for the next page of the tab. */
export const open = () => quietly(() => JSON.parse(get(session, OPEN)));
export const keepOpen = (open) => set(session, OPEN, open ? JSON.stringify(open) : "-");

/**
 * The conversation, once the shopper has said something in it: `{line, draft, id, minimised}` of this tab, `id` being that of the prompt in which it is open. Where it
 * may be remembered (`past`) its line alone is there for other visits.
 */
export const chat = (past) => {
  const read = (storage) => quietly(() => JSON.parse(get(storage, CHAT)));
  const old = past && read(local);
  return read(session) || (old && Date.now() - old.at < MONTH && { line: old.line });
};
export const keepChat = (kept, past) => {
  set(session, CHAT, kept ? JSON.stringify(kept) : "-");
  if (past || !kept) set(local, CHAT, kept ? JSON.stringify({ line: kept.line, at: Date.now() }) : "-");
};
export const forgetChat = () => set(local, CHAT, "-");

export const isQuiet = () => /(^|; )polku_quiet=1/.test(document.cookie);
export const quiet = () => {
  document.cookie = "polku_quiet=1;path=/;samesite=lax";
};
