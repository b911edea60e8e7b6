/**
 * What watches the page: one file for each thing that is watched, in watch/. `host` is what the shell lends: `input(kind, number,
 * ...lines)`, `inputAt(at, …)`, `track(at, name, data, source)`, `view(at, path, referrer, how)`, `options`, `files`, `root`, `fail`, and `earlier`: what the page holds already counts (else only
 * what happens from now on). It is called once consent to `measure` is known. Decides nothing. Gives back what takes all of it off the page.
 */
import { action } from "./watch/action.js";
import { errors } from "./watch/errors.js";
import { fields } from "./watch/fields.js";
import { mutations } from "./watch/mutations.js";
import { requests } from "./watch/requests.js";
import { seen } from "./watch/seen.js";
import { vitals } from "./watch/vitals.js";

const WATCHERS = [action, errors, fields, mutations, requests, seen, vitals];

export function watch(host) {
  const offs = WATCHERS.map((start) => start(host));
  return () => {
    for (const off of offs) if (off) off();
  };
}
