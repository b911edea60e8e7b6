import { on } from "../watch/on.js";

/** Looked at this often at most, in ms. */
const PAUSE = 250;

/** Tells how far the page was scrolled, in %: a page that fits its window cannot be scrolled, and is at no depth. */
export function scroll(tell) {
  let timer;
  const look = () => {
    timer = 0;
    const { scrollHeight } = document.scrollingElement || document.documentElement;
    if (scrollHeight > innerHeight + 1) tell(Math.min(100, Math.round(((scrollY + innerHeight) / scrollHeight) * 100)));
  };
  const off = on(document, "scroll", () => {
    timer ||= setTimeout(look, PAUSE);
  });
  return () => {
    off();
    clearTimeout(timer);
  };
}
