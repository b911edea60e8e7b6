// Reads the command's JSON API, on this same origin only.

async function get(path) {
  const answer = await fetch(path, { headers: { accept: "application/json" }, credentials: "same-origin" });
  if (!answer.ok) throw Object.assign(new Error(`${path}: ${answer.status}`), { status: answer.status });
  return answer.json();
}

export const readMap = () => get("/api/map");

export const readPrompts = (wanted) => get(`/api/prompts?${new URLSearchParams(wanted)}`);

export const readJourneys = (limit, after) =>
  get(`/api/journeys?limit=${limit}${after ? `&after=${encodeURIComponent(after)}` : ""}`);

export const readJourney = ({ id, key }) => get(`/api/journeys/${encodeURIComponent(id)}?key=${encodeURIComponent(key)}`);

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
