// Reads the command's JSON API, on this same origin only.

async function get(path) {
  const answer = await fetch(path, { headers: { accept: "application/json" }, credentials: "same-origin" });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.json();
}

export const readMap = () => get("/api/map");

export const readPrompts = (wanted) => get(`/api/prompts?${new URLSearchParams(wanted)}`);

export const readJourneys = (limit, after) =>
  get(`/api/journeys?limit=${limit}${after ? `&after=${encodeURIComponent(after)}` : ""}`);

export const readJourney = ({ id, key }) => get(`/api/journeys/${encodeURIComponent(id)}?key=${encodeURIComponent(key)}`);
