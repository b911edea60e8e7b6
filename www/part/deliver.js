// What stores and sends: fetched as soon as something may be stored or sent, and with the module where that is known beforehand. A shopper who
// refuses or has not decided does not pay for it.
import { ONLINE, WITHDRAW } from "../core/protocol.js";
import { sender } from "./deliver/send.js";
import { sentLog } from "./deliver/sent.js";
import { VISIT, storage } from "./deliver/store.js";

/** `input` and `inputAt` are the shell's; `extra` is what the parts share: its `lanes` lead to the collectors, and it says what sending gains on a page that is measured. */
export function deliver({ input, inputAt, extra }) {
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
  const sent = sentLog(store.visit);
  const delivery = {
    ...sender(extra.lanes, input, extra, sent),
    ...store,
    sent,
    leave() {
      // What is under way as the page goes was sent, too.
      sent.keep();
      store.leave();
    },
    erase() {
      store.erase();
      sent.forget();
    },
    end() {
      sent.keep();
      for (const type in events) removeEventListener(type, events[type]);
    },
  };
  // The shopper's own view looks at it: www/part/privacy.js.
  extra.delivery = delivery;
  for (const come of extra.come || []) come();
  return delivery;
}
