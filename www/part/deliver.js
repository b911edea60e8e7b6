// What stores and sends: fetched as soon as something may be stored or sent, and with the module where that is known beforehand. A shopper who
// refuses or has not decided does not pay for it.
import { ONLINE, WITHDRAW } from "../core/protocol.js";
import { sender } from "./deliver/send.js";
import { VISIT, storage } from "./deliver/store.js";

/** `input` and `inputAt` are the shell's; `lanes` lead to the collectors; `extra` is what sending gains on a page that is measured. */
export function deliver({ lanes, input, inputAt, extra }) {
  const store = storage(inputAt);
  // What the visit's record was last.
  let before;
  const events = {
    online: () => input(ONLINE),
    // Before the page's own: it begins now, or never.
    pagehide: () => store.hurry(),
    // Another tab has withdrawn: nothing else takes the visit away. That tab tells the collectors, of the visit that it knew: one that was never
    // told of the grant, or has been idle since an older visit, knows another or none, and has read nothing.
    storage({ key, newValue }) {
      if (key !== VISIT) return;
      if (newValue === null) input(WITHDRAW, before === store.visit() ? 1 : 0);
      before = newValue;
    },
  };
  for (const type in events) addEventListener(type, events[type]);
  return {
    ...sender(lanes, input, extra),
    ...store,
    end() {
      for (const type in events) removeEventListener(type, events[type]);
    },
  };
}
