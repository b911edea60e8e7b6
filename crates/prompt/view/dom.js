// Making elements: only ever elements and text, so nothing that a shop or a shopper wrote becomes markup, and nothing that
// a strict CSP forbids is here.

/** An element: h("p", { class: "note", hidden: true }, "text", child). Attributes that are false are left out. */
export function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const name in attributes) {
    const value = attributes[name];
    if (value !== false && value != null) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

/** Moves the focus without scrolling the page. */
export const focus = (element) => element?.focus({ preventScroll: true });

/** Fills the places of a text: fill("{0} / {1}", 3, 10). */
export const fill = (text, ...values) => text.replace(/{(\d)}/g, (_, nth) => values[nth]);

/** A text whose words with a hyphen stay whole: Finnish writes "Kahvi Kulma -verkkokauppa". */
export const whole = (text) => text.split(/(\S*-\S+)/).map((part, nth) => (nth % 2 ? h("span", { class: "nb" }, part) : part));
