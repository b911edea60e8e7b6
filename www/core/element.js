/** What counts as one control, whichever of its inner elements was hit. */
const CONTROL = "a,button,input,select,textarea,summary,video,audio,[role],[data-polku-id],[contenteditable]";

/** Labels beyond this are sentences, not the signs of steppers and carousels; in UTF-16 units. */
const LABEL = 12;

/** What a click hit, as `glue.pointer` takes it: named, never read. */
export function described({ target, clientX, clientY }) {
  if (!target || !target.closest) return;
  const element = target.closest(CONTROL) || target;
  const attribute = (name) => element.getAttribute(name) || "";
  const tag = element.tagName.toLowerCase();
  const label = (attribute("aria-label") || (tag === "button" ? element.textContent : "")).trim();
  return [
    clientX,
    clientY,
    attribute("data-polku-id"),
    tag,
    attribute("id"),
    attribute("role"),
    attribute("type"),
    label.length > LABEL ? "" : label,
  ];
}
