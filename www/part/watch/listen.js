import { on } from "./on.js";

/** As `on`, to several types; `offs` gets what ends it. */
export function listen(offs, target, types, run) {
  for (const type of types) offs.push(on(target, type, run));
}
