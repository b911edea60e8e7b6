// Builds elements from data. Text is always text: nothing a shopper wrote can become markup.

/** `h("p", { class: "a", onclick: f }, "text", child)`; null and false children are left out. */
export function h(tag, props, ...children) {
  return fill(document.createElement(tag), props, children);
}

function fill(element, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "style") for (const [key, of] of Object.entries(value)) element.style.setProperty(key, of);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(2).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Replaces what is inside, unless it would look the same: a selection in the text survives. */
export function replace(parent, ...children) {
  const next = document.createElement(parent.tagName);
  next.append(...children.flat(2).filter(Boolean));
  if (!parent.isEqualNode(next) && !sameInside(parent, next)) parent.replaceChildren(...next.childNodes);
}

function sameInside(a, b) {
  return a.childNodes.length === b.childNodes.length && [...a.childNodes].every((child, i) => child.isEqualNode(b.childNodes[i]));
}
