/** What counts as one control, whichever of its inner elements was hit. */
const CONTROL = "a,button,input,select,textarea,[role],[data-polku-id],[contenteditable]";

/** Labels beyond this are sentences, not the signs of steppers and carousels; in UTF-16 units. */
const LABEL = 12;

/**
 * What a click hit, as `WATCH_POINTER` takes it: named, never read. An answer may be expected of a control where no key asks for
 * another tab or a download.
 */
export function described({ target, clientX, clientY, detail, ctrlKey, metaKey, shiftKey, altKey }) {
  // Keys click too, without a place; and what happens inside our own prompt is no friction of the shop's.
  if (!detail || !target.closest || target.closest("[data-polku-prompt]")) return;
  const element = target.closest(CONTROL) || target;
  const attribute = (name) => element.getAttribute(name) || "";
  const tag = element.localName;
  // What it is to the shopper: its role, or what its tag says of it.
  const role = attribute("role") || (tag === "input" ? attribute("type") || "text" : tag);
  const label = (attribute("aria-label") || (tag === "button" ? element.textContent : "")).trim().toLowerCase();
  const control = element.matches(CONTROL) && !(ctrlKey || metaKey || shiftKey || altKey) ? 1 : "";
  return [(clientX & 0xffff) | (clientY << 16), attribute("data-polku-id"), tag, attribute("id"), role, control, label.length > LABEL ? "" : label];
}
