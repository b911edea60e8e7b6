/** Listens, passively and before the page's own listeners; gives back what ends it. */
export function on(target, type, listen) {
  const options = { capture: true, passive: true };
  target.addEventListener(type, listen, options);
  return () => target.removeEventListener(type, listen, options);
}
