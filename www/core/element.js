/** What counts as one control, whichever of its inner elements was hit. */
const CONTROL = "a,button,input,select,textarea,summary,video,audio,canvas,[role],[data-polku-id],[contenteditable]";

/** Roles that tags have by themselves, as far as they matter to clicks (HTML-AAM); of `input`, by its type. */
const ROLES = {
  a: "link",
  summary: "button",
  select: "combobox",
  textarea: "textbox",
  canvas: "application",
  number: "spinbutton",
  range: "slider",
  submit: "button",
  reset: "button",
  image: "button",
};
const SAME = ["button", "checkbox", "radio", "video", "audio"];

/** Labels beyond this are sentences, not the signs of steppers and carousels; in UTF-16 units. */
const LABEL = 12;

/** What a click hit, as the input `POINTER` takes it: named, never read. */
export function described({ target, clientX, clientY }) {
  if (!target || !target.closest) return;
  const element = target.closest(CONTROL) || target;
  const attribute = (name) => element.getAttribute(name) || "";
  const tag = element.localName;
  const kind = tag === "input" ? attribute("type") || "text" : tag;
  const role = attribute("role") || ROLES[kind] || (SAME.includes(kind) ? kind : tag === "input" ? "textbox" : "");
  const label = (attribute("aria-label") || (tag === "button" ? element.textContent : "")).trim();
  const place = (clientX & 0xffff) | (clientY << 16);
  return [place, attribute("data-polku-id"), tag, attribute("id"), role, label.length > LABEL ? "" : label];
}
