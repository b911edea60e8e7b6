// Times, as the language says them.

const DAY = 864e5;

/** 14:05, of Unix seconds. */
export const clock = (lang, at) => new Date(at * 1000).toLocaleTimeString(lang, { hour: "numeric", minute: "2-digit" });

/** When it opens: 9:00 today, else with the day. */
export function when(lang, at) {
  const date = new Date(at * 1000);
  const far = date - Date.now() > 6 * DAY;
  const today = date.toDateString() === new Date().toDateString();
  return date.toLocaleString(lang, { hour: "numeric", minute: "2-digit", ...(today ? {} : far ? { day: "numeric", month: "long" } : { weekday: "long" }) });
}

/** "2 minutes", of seconds. */
export const minutes = (lang, seconds) => new Intl.NumberFormat(lang, { style: "unit", unit: "minute", unitDisplay: "long" }).format(Math.max(1, Math.round(seconds / 60)));
