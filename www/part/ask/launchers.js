import { on } from "../watch/on.js";

/**
 * The shop's own buttons that open a prompt. `heads`: of the definitions; `open(id)` is called as one is pressed. Gives back `mount(ids)` (which may be there now; gives back
 * those that are ours to draw), `look()` (the page has changed) and `expanded(id, is, element)` (a prompt has opened or closed, in this element).
 */
export function launchers(heads, offs, open) {
  const selectors = new Map(heads.map(({ id, ui }) => [id, ui && ui.launcher]));
  let mounted = [];
  const buttons = (id) => {
    try {
      return document.querySelectorAll(selectors.get(id));
    } catch {
      // The check of definitions says so.
      return [];
    }
  };
  const look = () => {
    for (const id of mounted) for (const button of buttons(id)) if (!button.hasAttribute("aria-expanded")) button.setAttribute("aria-expanded", "false");
  };
  // A button may come later than we do.
  offs.push(
    on(document, "click", ({ target }) => {
      for (const id of mounted) {
        for (const button of buttons(id)) if (button.contains(target)) return open(id);
      }
    }),
    () => {
      for (const id of mounted) {
        for (const button of buttons(id)) for (const name of ["expanded", "controls"]) button.removeAttribute(`aria-${name}`);
      }
    },
  );
  return {
    mount(ids) {
      mounted = ids.filter((id) => typeof selectors.get(id) === "string");
      look();
      return ids.filter((id) => selectors.get(id) === true);
    },
    look,
    expanded(id, is, element) {
      if (!mounted.includes(id)) return;
      for (const button of buttons(id)) {
        button.setAttribute("aria-expanded", String(is));
        if (is && element && element.id) button.setAttribute("aria-controls", element.id);
        else button.removeAttribute("aria-controls");
      }
    },
  };
}
