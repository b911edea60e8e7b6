// Speaks to the command's inbox, on this same origin only, with the key in a header: never in an address.

const KEPT = "polku-inbox-key";

/** An answer that is none; `status` is 0 where the server was not reached. */
export class Failed extends Error {
  constructor(status) {
    super(String(status));
    this.status = status;
  }
}

let key = "";

/** The key out of the address, which is then cleaned, or of this tab's earlier page. */
export function findKey() {
  const given = new URLSearchParams(location.hash.slice(1)).get("key");
  if (given) {
    history.replaceState(null, "", location.pathname + location.search);
    takeKey(given);
  } else {
    key = sessionStorage.getItem(KEPT) ?? "";
  }
  return key;
}

export function takeKey(given) {
  // What cannot stand in a header cannot be the key.
  key = given.trim().replace(/[^\x21-\x7e]/g, "");
  if (key) sessionStorage.setItem(KEPT, key);
  else sessionStorage.removeItem(KEPT);
}

async function call(path, body) {
  const headers = { accept: "application/json", authorization: `Bearer ${key}` };
  const request = { headers, credentials: "omit", cache: "no-store" };
  if (body) Object.assign(request, { method: "POST", body: JSON.stringify(body), headers: { ...headers, "content-type": "application/json" } });
  let answer;
  try {
    answer = await fetch(`/api/inbox${path}`, request);
  } catch {
    throw new Failed(0);
  }
  if (!answer.ok) throw new Failed(answer.status);
  return answer.json().catch(() => {
    throw new Failed(0);
  });
}

export const readList = () => call("");
export const readThread = (id, after) => call(`/${id}?after=${after}`);
export const say = (id, text, name, token) => call(`/${id}/say`, { text, token, ...(name && { name }) });
export const seen = (id, seq) => call(`/${id}/seen`, { seq });
export const typing = (id, types) => call(`/${id}/typing`, { typing: types });
export const end = (id) => call(`/${id}/end`, {});
export const erase = (id) => call(`/${id}/erase`, {});

/** How long a silent stream is believed, in ms: the server says something every 15 s. */
const SILENCE = 40_000;
const AGAIN = [500, 1000, 2000, 4000, 8000];

/**
 * Calls `changed()` whenever something is new, `state("live" | "lost")` as the connection comes and goes, `locked()` when the key is wrong.
 * By fetch, since an EventSource sends no header. Gives back what ends it.
 */
export function follow(changed, state, locked) {
  let over = false;
  let failures = 0;
  let abort = new AbortController();

  const run = async () => {
    while (!over) {
      abort = new AbortController();
      let silent = 0;
      const heard = () => {
        clearTimeout(silent);
        silent = setTimeout(() => abort.abort(), SILENCE);
      };
      try {
        heard();
        const answer = await fetch("/api/inbox/changes", { headers: { authorization: `Bearer ${key}` }, credentials: "omit", cache: "no-store", signal: abort.signal });
        if (answer.status === 401 || answer.status === 403) return over || locked();
        if (!answer.ok) throw new Failed(answer.status);
        const reader = answer.body.getReader();
        const decoder = new TextDecoder();
        let rest = "";
        for (;;) {
          const { done, value } = await reader.read();
          if (done) break;
          heard();
          failures = 0;
          state("live");
          const lines = (rest + decoder.decode(value, { stream: true })).split("\n");
          rest = lines.pop();
          if (lines.some((line) => line.startsWith("data:"))) changed();
        }
      } catch {
        // Tried again below.
      }
      clearTimeout(silent);
      if (over) return;
      state("lost");
      await new Promise((done) => setTimeout(done, AGAIN[Math.min(failures++, AGAIN.length - 1)]));
    }
  };
  run();
  return () => {
    over = true;
    abort.abort();
  };
}
