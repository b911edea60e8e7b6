/**
 * What the words of several sources come to for one purpose: `says` (true, false, or else nobody has decided), `by` whom and whether that was `earlier`.
 * Pure: it looks at nothing but what it is given.
 *
 * A word says true or false by a choice of the shopper's own alone; anything else is "nobody has decided", and nothing at all that the source
 * does not know yet. `named` is the one source that may grant, where the shop names one. A `relay` passes on what a platform tells it,
 * defaults too, so where a platform speaks for itself the relay may only refuse.
 */
export function resolve(words, { signal, always, named } = {}) {
  const spoken = words.some(({ by, relay, says }) => !relay && by !== "api" && says !== undefined);
  const counts = ({ by, relay, says }) => says === false || (says === true && (!named || by === named) && !(relay && spoken));
  const said = words.filter(counts);
  // A choice for this very site beats a setting for all of them, unless the shop is strict.
  if (signal && (always || !said.length)) return { says: false, by: signal, earlier: true };
  // Who is told yes and no has been told no.
  return said.find(({ says }) => !says) || said.find(({ earlier }) => earlier) || said[0] || {};
}
