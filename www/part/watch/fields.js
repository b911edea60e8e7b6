import { is } from "./is.js";
import { on } from "./on.js";

/* global POLKU_FILES -- names of the built files, written in by the build */

/** What happens to fields is a part of its own: most pages are left before anybody touches one. */
export function fields({ input, root }) {
  let part, pressed;
  const load = async () => (await import(root + POLKU_FILES.forms)).forms(input, () => pressed);
  const offs = ["focus", "blur", "input", "change", "invalid", "submit", "click"].map((type) =>
    on(document, type, ({ target }) => {
      const at = performance.now();
      const isForm = is(target, "input:not([type=submit],[type=button]),select,textarea,form");
      // The click that leads into a field presses nothing, and who types is done with pressing.
      if (type === "click" || type === "input") pressed = isForm ? NaN : at;
      if (isForm && type !== "click") {
        part ||= load().catch(() => ({}));
        part.then(({ see }) => see && see(type, target, at));
      }
    }),
  );
  return () => {
    offs.forEach((off) => off());
    if (part) part.then(({ off }) => off && off());
  };
}
