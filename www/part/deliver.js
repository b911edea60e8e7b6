// What stores and sends: fetched as soon as something may be stored or sent, and with the module where that is known beforehand. A shopper who
// refuses or has not decided does not pay for it.
import { ONLINE, WITHDRAW } from "../core/protocol.js";
import { sender } from "./deliver/send.js";
import { VISIT, storage } from "./deliver/store.js";

/** `input` and `inputAt` are the shell's; `lanes` lead to the collectors; `extra` is what sending gains on a page that is measured. */
export function deliver({ lanes, input, inputAt, extra }) {
  const events = {
    online: () => input(ONLINE),
    // Another tab has withdrawn: nothing else takes the visit away. That tab tells the collectors.
    storage: ({ key, newValue }) => key === VISIT && newValue === null && input(WITHDRAW, 1),
  };
  for (const type in events) addEventListener(type, events[type]);
  return {
    ...sender(lanes, input, extra),
    ...storage(inputAt),
    end() {
      for (const type in events) removeEventListener(type, events[type]);
    },
  };
}
