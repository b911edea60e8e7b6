import { AWAY, ELEMENT, NEAR, PRESS } from "../../core/protocol.js";
import { on } from "./on.js";
import { lines } from "./place.js";

/**
 * The mouse or the focus comes to one of the `buttons`, goes away again, or presses it. Near is on it: an area around it would have
 * to be measured at each move. Fingers come near nothing that they do not press.
 */
export function commit(input, buttons) {
  let near;
  const tell = (what, button) => input(ELEMENT + what, 0, ...lines(button));
  const at = (target) => buttons().find((button) => button.contains(target));
  const come = ({ target, pointerType }) => {
    const button = pointerType !== "touch" && at(target);
    if (button && button !== near) tell(NEAR, (near = button));
  };
  const go = ({ target, relatedTarget, pointerType }) => {
    if (pointerType !== "touch" && near && near.contains(target) && !near.contains(relatedTarget)) {
      tell(AWAY, near);
      near = 0;
    }
  };
  const offs = [
    on(document, "pointerover", come),
    on(document, "focusin", come),
    on(document, "pointerout", go),
    on(document, "focusout", go),
    on(document, "click", ({ target }) => {
      const button = at(target);
      if (button) tell(PRESS, button);
    }),
  ];
  return () => offs.forEach((off) => off());
}
