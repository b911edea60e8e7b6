/** Listens, passively and before the page's own listeners; gives back what ends it. */
export function on(target, type, listen) {
  const options = { capture: true, passive: true };
  target.addEventListener(type, listen, options);
  return () => target.removeEventListener(type, listen, options);
}

/** Calls `hide` each time the page goes out of sight; as the first of all, so that what it says still leaves with the page. */
export function onHide(hide) {
  const offs = [
    on(window, "visibilitychange", () => document.hidden && hide()),
    on(window, "pagehide", hide),
  ];
  return () => offs.forEach((off) => off());
}
