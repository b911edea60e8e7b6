// Whether the shopper can have seen the card: half of it painted for a second, in a visible tab.

const FOR_MS = 1000;

/**
 * Calls `seen` once; calls `gone` when the page has taken the card away. The observer tells of that, too: no MutationObserver
 * that would run at every change of the shop's page.
 */
export function watch(card, signal, seen, gone) {
  let painted = false;
  let timer;
  const time = () => {
    clearTimeout(timer);
    if (painted && !document.hidden) timer = setTimeout(seen, FOR_MS);
  };
  const observer = new IntersectionObserver(
    (entries) => {
      const { isIntersecting, intersectionRatio } = entries.at(-1);
      painted = isIntersecting && intersectionRatio >= 0.5;
      time();
      if (!card.isConnected) gone();
    },
    { threshold: [0, 0.5] },
  );
  observer.observe(card);
  document.addEventListener("visibilitychange", time, { signal });
  signal.addEventListener("abort", () => {
    clearTimeout(timer);
    observer.disconnect();
  });
}
