// Numbers, times and money as the reader's language writes them.

import { lang, t } from "./texts.js";

const made = new Map();

function formatter(Kind, options) {
  const key = `${Kind.name} ${lang()} ${JSON.stringify(options)}`;
  if (!made.has(key)) made.set(key, new Kind(lang(), options));
  return made.get(key);
}

/** None is a number that is not told: whoever holds a shared link sees none that stands for fewer than ten. It is not 0. */
const NONE = "–";

export const number = (value) => (value === null ? NONE : formatter(Intl.NumberFormat, {}).format(value));

export const decimal = (value) =>
  formatter(Intl.NumberFormat, { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(value);

/** 0.0294 → 2.9 %, 0.61 → 61 %. */
export function percent(share) {
  if (share === null) return NONE;
  const digits = share > 0 && share < 0.1 ? 1 : 0;
  return formatter(Intl.NumberFormat, { style: "percent", maximumFractionDigits: digits }).format(share);
}

/** 12.3, +12.3: points of a hundred, one digit below ten. */
export function points(value, sign = false) {
  return formatter(Intl.NumberFormat, { maximumFractionDigits: Math.abs(value) < 10 ? 1 : 0, signDisplay: sign ? "exceptZero" : "auto" }).format(value);
}

/** +31, −4, 0. */
export const signed = (value) => formatter(Intl.NumberFormat, { signDisplay: "exceptZero" }).format(value);

/** A number, or a band such as "20-50". */
export function money(value, currency) {
  if (typeof value !== "number") return [String(value).replace("-", "–"), currency].filter(Boolean).join(" ");
  if (!/^[A-Z]{3}$/.test(currency ?? "")) return number(value);
  const digits = Number.isInteger(value) ? 0 : 2;
  return formatter(Intl.NumberFormat, { style: "currency", currency, minimumFractionDigits: digits, maximumFractionDigits: 2 }).format(value);
}

/** 1 900–2 700 €. */
export const moneyBetween = (low, high, currency) => (/^[A-Z]{3}$/.test(currency ?? "")
  ? formatter(Intl.NumberFormat, { style: "currency", currency, maximumFractionDigits: 0 }).formatRange(low, high) : numberBetween(low, high));

/** 19–27. */
export const numberBetween = (low, high) => formatter(Intl.NumberFormat, { maximumFractionDigits: 0 }).formatRange(low, high);

/** A day such as 2026-11-16, as the reader writes it. Days are UTC. */
export const date = (day) => formatter(Intl.DateTimeFormat, { day: "numeric", month: "short", timeZone: "UTC" }).format(new Date(`${day}T00:00:00Z`));

/** The same with its year. */
export const fullDate = (day) => formatter(Intl.DateTimeFormat, { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" }).format(new Date(`${day}T00:00:00Z`));

/** 38 s, 3 min 12 s, 1 h 4 min. */
export function duration(ms) {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds}\u00a0s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 ? `${minutes}\u00a0min ${seconds % 60}\u00a0s` : `${minutes}\u00a0min`;
  return `${Math.floor(minutes / 60)}\u00a0h ${minutes % 60}\u00a0min`;
}

/** Time on the journey's own clock: 0:38, 12:04, 1:02:33. */
export function clock(ms) {
  const seconds = Math.floor(ms / 1000);
  const two = (value) => String(value).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** 3 minutes ago. */
export function ago(unix, now = Date.now() / 1000) {
  const seconds = now - unix;
  if (seconds < 90) return t("justNow");
  const relative = formatter(Intl.RelativeTimeFormat, { numeric: "auto" });
  for (const [unit, size, limit] of [["minute", 60, 3600], ["hour", 3600, 86400], ["day", 86400, Infinity]]) {
    if (seconds < limit) return relative.format(-Math.floor(seconds / size), unit);
  }
  return "";
}

export const moment = (unix) =>
  formatter(Intl.DateTimeFormat, { dateStyle: "medium", timeStyle: "short" }).format(new Date(unix * 1000));

/** The hour in which something happened, with its day where that is not today. */
export function hour(unix) {
  const start = new Date(unix * 1000);
  const today = start.toDateString() === new Date().toDateString();
  const day = today ? {} : { day: "numeric", month: "short" };
  return formatter(Intl.DateTimeFormat, { hour: "numeric", minute: "2-digit", ...day }).formatRange(start, new Date((unix + 3600) * 1000));
}

/** fi → Finnish. */
export function languageName(tag) {
  try {
    return formatter(Intl.DisplayNames, { type: "language" }).of(tag);
  } catch {
    return tag;
  }
}
