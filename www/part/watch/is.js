/** Whether it is an element that `names` select. Forms lose their own `matches` to a field of that name, and documents have none. */
export const is = (node, names) => node instanceof Element && Element.prototype.matches.call(node, names);
