/** A moment as the reader writes it: ms since 1970, or a text that says it. */
export function when({ lang }, moment, how = { dateStyle: "medium", timeStyle: "short" }) {
  return new Date(moment).toLocaleString(lang, how);
}

/** A day, that is `2026-11-22` everywhere. */
export const day = (words, text) => when(words, text, { dateStyle: "medium", timeZone: "UTC" });

/** The time of day, to the second. */
export const time = (words, moment) => when(words, moment, { timeStyle: "medium" });
