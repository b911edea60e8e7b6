/** Entries that are looked through from either end. */
const MOST = 1000;

/**
 * Google's consent mode: a storage type. Only an `update` is a choice; a default may be a grant that nobody gave. Read where the page says
 * it, in `dataLayer`, and where the Google tag keeps it: what platforms' templates change does not come past the first.
 */
export const source = ({ own = "analytics_storage", changed, off }) => {
  let word = null;
  const take = (entry) => {
    // `gtag` pushes its arguments; a list of the same content is no command.
    if (Object.prototype.toString.call(entry) !== "[object Arguments]" || entry[0] !== "consent" || entry[1] !== "update") return;
    const said = (entry[2] || {})[own];
    if (said === "granted" || said === "denied") word = said === "granted";
  };
  const layer = window.dataLayer;
  if (Array.isArray(layer)) {
    const { push } = layer;
    // What is said first and last; a data layer may say that it is endless.
    for (const part of [[0, MOST], [-MOST]]) [].slice.call(layer, ...part).forEach(take);
    const ours = (layer.push = function (...entries) {
      const result = push.apply(this, entries);
      entries.forEach(take);
      changed();
      return result;
    });
    off(() => {
      if (layer.push === ours) layer.push = push;
    });
  }
  // Undocumented by Google, and the only place that knows of templates.
  let heard;
  return () => {
    const { ics } = window.google_tag_data || {};
    if (ics && ics !== heard && typeof ics.addListener === "function") {
      heard = ics;
      ics.addListener([own], changed);
    }
    const { update } = (ics && ics.entries && ics.entries[own]) || {};
    return typeof update === "boolean" ? update : word;
  };
};
