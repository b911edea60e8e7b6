// What the shopper works with is not covered: the card gives way to the focus (WCAG 2.2, 2.4.11), and rises above what a shop has fixed
// to the window's lower edge.

/** What of the page was focused lies wholly under the card? */
export function covers(frame, element) {
  const own = frame.getBoundingClientRect();
  const theirs = element.getBoundingClientRect();
  if (!theirs.width || !theirs.height) return false;
  return theirs.left >= own.left && theirs.right <= own.right && theirs.top >= own.top && theirs.bottom <= own.bottom;
}

/** A bar that is lower than this is a bar; what is higher is a page of its own. In CSS px. */
const BAR = 120;

/** How much of the window's lower edge the page's own fixed bar takes, at the place where the card would stand; 0 without one. */
export function bar(host) {
  const { left, width } = host.getBoundingClientRect();
  const found = document.elementsFromPoint(left + width / 2, innerHeight - 4);
  for (let element = found.find((one) => one !== host && !host.contains(one)); element && element !== document.body; element = element.parentElement) {
    if (getComputedStyle(element).position !== "fixed") continue;
    const { top, height } = element.getBoundingClientRect();
    return height && height <= BAR ? Math.round(innerHeight - top) : 0;
  }
  return 0;
}
