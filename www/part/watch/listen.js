/** Listens, passively and before the page's own listeners; `offs` gets what ends it. */
export function listen(offs, target, types, run) {
  const how = { capture: true, passive: true };
  for (const type of types) {
    target.addEventListener(type, run, how);
    offs.push(() => target.removeEventListener(type, run, how));
  }
}
