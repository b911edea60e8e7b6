// Reads the command's JSON API, on this same origin only.

async function get(path) {
  const answer = await fetch(path, { headers: { accept: "application/json" }, credentials: "same-origin" });
  if (!answer.ok) throw Object.assign(new Error(`${path}: ${answer.status}`), { status: answer.status });
  return answer.json();
}

/** Who reads: `{ signed_in, shared }`, where `shared` is what a link opens. */
export const readReader = () => get("/api/reader");

export const readPrompts = (wanted) => readView("prompts", Object.fromEntries(Object.entries(wanted).filter(([, value]) => value)));

export const readJourneys = (limit, after, wanted = {}) => readView("journeys", { limit, ...(after ? { after } : {}), ...wanted });

export const readJourney = ({ id, key }) => get(`/api/journeys/${encodeURIComponent(id)}?key=${encodeURIComponent(key)}`);

/** A link to a view, for so many days: `{ link, until }`. */
export async function makeLink(view, wanted, days) {
  const answer = await fetch("/api/share", { method: "POST", headers: { "content-type": "application/json" }, credentials: "same-origin", body: JSON.stringify({ view, wanted, days }) });
  if (!answer.ok) throw new Error((await answer.json().catch(() => ({}))).error ?? String(answer.status));
  return answer.json();
}

/** A view of the API with its filter, `/api/paths?door=mail`. */
export const readView = (view, wanted) => {
  const query = new URLSearchParams(wanted).toString();
  return get(`/api/${view}${query ? `?${query}` : ""}`);
};

/** What the shop states, with its revision; none where the reader has to say of which shop first. */
export async function readStatements(key) {
  const answer = await fetch(statementsOf(key), { headers: { accept: "application/json" }, credentials: "same-origin" });
  if (answer.status === 403) return null;
  if (!answer.ok) throw Object.assign(new Error(`/api/statements: ${answer.status}`), { status: answer.status });
  return { revision: answer.headers.get("etag"), statements: await answer.json() };
}

/** Writes what the shop states in the place of a revision. `{ status, error }`: 200, 412 where somebody else was faster, or why it was refused. */
export async function writeStatements(key, revision, statements) {
  const answer = await fetch(statementsOf(key), {
    method: "PUT", credentials: "same-origin", headers: { "content-type": "application/json", "if-match": revision }, body: JSON.stringify(statements),
  });
  return { status: answer.status, error: answer.ok ? "" : (await answer.json().catch(() => ({}))).error ?? "" };
}

const statementsOf = (key) => `/api/statements${key ? `?key=${encodeURIComponent(key)}` : ""}`;
