import { ERROR } from "../../core/protocol.js";
import { on } from "./on.js";
import { place } from "./place.js";

/**
 * Script errors and rejections that nobody handled: of which kind, and in which file and line. What the message says is never read
 * beyond the two phrases by which browsers tell that it is no error of the shop's own.
 */
export function errors({ input }) {
  const say = (error, message, file, line) => {
    const [noise] = /^Script error|ResizeObserver loop/.exec(message) || [];
    const name = noise || (error && /^[A-Z]\w{0,39}$/.test(error.name) ? error.name : "Error");
    const where = file ? place(file) + (line ? ":" + line : "") : "";
    input(ERROR, 0, where ? `${name} ${where}` : name);
  };
  const offs = [
    on(window, "error", (event) => {
      // Files that could not be loaded also come by here, with an element as the target.
      if (event instanceof ErrorEvent) say(event.error, event.message, event.filename, event.lineno);
    }),
    on(window, "unhandledrejection", ({ reason }) => {
      // Only the stack knows the place: its first address.
      const [, file, line] = /((?:https?|[\w-]+-extension):\/\/[^\s()]+?):(\d+)(?::\d+)?\)?(?:\n|$)/.exec((reason && reason.stack) || "") || [];
      say(reason, "", file, line);
    }),
  ];
  return () => offs.forEach((off) => off());
}
