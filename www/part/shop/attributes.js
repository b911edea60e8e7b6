/** What a click belongs to; a touchpoint on anything else is one when it is seen. */
const PRESSED = "a,button,input,summary,label,[role=button],[role=link],[role=menuitem]";

/** `data-polku-item-id="A"`, `data-polku-price="12"`, … as GA4 writes them. What may leave of it is the core's list. */
function told({ dataset }) {
  const data = {};
  const item = {};
  for (const key in dataset) {
    const name = key
      .replace(/[A-Z]/g, (letter) => "_" + letter.toLowerCase())
      .replace(/^polku_(item_(?=price|quantity|currency|value))?/, "")
      .replace(/^name$/, "item_name");
    if (key.startsWith("polku")) (/^(item_(?!list)|price|quantity|discount|index)/.test(name) ? item : data)[name] = dataset[key];
  }
  if (Object.keys(item).length) data.items = [item];
  return data;
}

/** Elements that have been seen, until the next view. */
let watcher;

/** The page's state: what is a touchpoint once it is in view. */
export function touched() {
  for (const element of document.querySelectorAll("[data-polku-touch]")) if (!element.matches(PRESSED + ",form")) watcher.observe(element);
}

/** Clicks and submits on elements with `data-polku-touch`, and the sight of others. */
export function watchTouches(say, tell) {
  const pressed = ({ type, target }) => {
    const element = target.closest && target.closest("[data-polku-touch]");
    if (element && element.matches(type === "submit" ? "form" : PRESSED)) say(element.dataset.polkuTouch, told(element));
  };
  // Half of it, or half of the window where it is larger.
  watcher = new IntersectionObserver(
    (entries) => {
      for (const { target, intersectionRatio, intersectionRect, rootBounds } of entries) {
        if (intersectionRatio < 0.5 && !(rootBounds && intersectionRect.height > rootBounds.height / 2)) continue;
        watcher.unobserve(target);
        // The same promotion twice on a page is one; two promotions are two.
        const data = told(target);
        tell(target.dataset.polkuTouch, data, JSON.stringify(data));
      }
    },
    { threshold: [0.1, 0.25, 0.5] },
  );
  const options = { capture: true, passive: true };
  document.addEventListener("click", pressed, options);
  document.addEventListener("submit", pressed, options);
  return () => {
    document.removeEventListener("click", pressed, options);
    document.removeEventListener("submit", pressed, options);
    watcher.disconnect();
  };
}
