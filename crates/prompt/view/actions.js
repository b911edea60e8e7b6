// A way to a human being: each action says where it leads, and leads there on a press alone. Nothing of what was answered goes along.
import { button, fill, h } from "./dom.js";
import { marked, way } from "./markup.js";

/** So long a chat may take to come, in ms: then its link has to do (prompts.md 2.7). */
const COMES = 2000;
const OFTEN = 100;

/** Chats that shops have, and how each of them is opened; gives false where it is not there (yet). */
const CHATS = {
  chatwoot: (page) => page.$chatwoot && (page.$chatwoot.toggle("open"), true),
  intercom: (page) => page.Intercom && (page.Intercom("show"), true),
  zendesk: (page) => page.zE && (page.zE("messenger", "open"), true),
  liveagent: (page) => page.LiveAgent && (page.LiveAgent.showForm?.(), true),
};

/** When somebody is there: "Open 09:00–17:00". */
const open = (words, hours) => (hours ? fill(words.hours, hours.from, hours.to) : "");

/** One row for each action; `hours`: when each of them is there. */
export const actions = (words, view, hours) =>
  h(
    "div",
    { class: "rows", role: "group", "aria-labelledby": "q" },
    ...view.actions.map((action, nth) => {
      const { text, href, note, adapter, event } = action;
      const under = [note, open(words, hours[nth])].filter(Boolean).join(" · ");
      const lines = [h("span", { lang: view.lang }, ...marked(text)), under ? h("span", { class: "hint" }, under) : ""];
      const more = { class: "row go", part: "option", "data-do": "go", "data-nth": nth };
      if (adapter || event) {
        const row = button("", "go", "", more);
        row.append(...lines);
        return row;
      }
      const there = way(href);
      if (there.target) lines.push(h("span", { class: "sr" }, " (" + words.newtab + ")"));
      return h("a", { ...more, ...there }, ...lines);
    }),
  );

/** Opens a chat, or tells the page; where no chat comes, its link opens instead. A link has opened by itself. */
export function go({ id, adapter, event, href }) {
  if (event) dispatchEvent(new CustomEvent("polku-handoff", { detail: { action: id, event } }));
  if (!adapter) return;
  const end = performance.now() + COMES;
  const knock = () => {
    let there;
    try {
      there = CHATS[adapter]?.(window);
    } catch {
      // the chat's own affair
    }
    if (there) return;
    if (performance.now() < end) setTimeout(knock, OFTEN);
    else if (href) location.assign(href);
  };
  knock();
}
