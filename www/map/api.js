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
