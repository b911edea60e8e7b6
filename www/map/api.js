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
