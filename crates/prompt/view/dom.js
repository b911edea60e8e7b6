// Making elements: only ever elements and text, so nothing that a shop or a shopper wrote becomes markup, and nothing that
// a strict CSP forbids is here.

/** Gives an element its attributes and what is in it. */
export const dress = (element, attributes, children) => {
  for (const name in attributes) {
    const value = attributes[name];
    if (value !== false && value != null) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
};

/** An element: h("p", { class: "note", hidden: true }, "text", child). Attributes that are false are left out. */
export const h = (tag, attributes, ...children) => dress(document.createElement(tag), attributes, children);

/** A button that does what `name` says; see the deeds in prompt.js. */
export const button = (kind, name, words, more) => h("button", { class: kind, type: "button", "data-do": name, ...more }, words);

/** Moves the focus without scrolling the page. */
export const focus = (element) => element?.focus({ preventScroll: true });

/** Fills the places of a text: fill("{0} / {1}", 3, 10). */
export const fill = (text, ...values) => text.replace(/{(\d)}/g, (_, nth) => values[nth]);

/** Words for a number of things, in the plural form that the language has for it. */
export const several = ({ lang }, forms, number) =>
  fill(forms[new Intl.PluralRules(lang).select(number)] ?? forms.other ?? forms, number.toLocaleString(lang));
