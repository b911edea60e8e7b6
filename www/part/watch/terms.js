/** What shops call what was searched for. The last three mean much else, and count only where the page is one of results. */
const TERMS = ["search", "haku", "hakusana", "query", "keyword", "search_term", "sok", "suche", "q", "s", "k"];
const CLEAR = 8;

/** What was searched for, from an address's `query`, where every shop has it: never from a field. Nothing where there is none. */
export function searchTerm(query, isResults) {
  const parameters = new URLSearchParams(query);
  return TERMS.map((name, at) => (isResults || at < CLEAR) && (parameters.get(name) || "").trim()).find((term) => term);
}
