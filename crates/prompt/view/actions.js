// A way to a human being: each action says where it leads, and leads there on a press alone. Nothing of what was answered goes along, unless the shopper
// ticks that. Fetched with a prompt that has such ways, and lent the hands that make elements.

/** So long a chat may take to come, in ms: then its link has to do (prompts.md 2.7). */
const COMES = 2000;
const OFTEN = 100;

/** Chats that shops have, and how each of them is opened, with what goes along; gives false where it is not there (yet). */
const CHATS = {
  chatwoot(page, told) {
    const chat = page.$chatwoot;
    if (told) chat?.setCustomAttributes?.({ answers: told });
    return chat && (chat.toggle("open"), true);
  },
  intercom: (page, told) => page.Intercom && (told ? page.Intercom("showNewMessage", told) : page.Intercom("show"), true),
  zendesk: (page) => page.zE && (page.zE(page.zE.widget === "classic" ? "webWidget" : "messenger", "open"), true),
  liveagent: (page) => page.LiveAgent?.showForm && (page.LiveAgent.showForm(), true),
};
/** What can take answers along. */
const takes = ({ adapter, event, href }) => event || /^mailto:/.test(href) || /^(polku|chatwoot|intercom)$/.test(adapter);

/** Writes what goes along into the addresses of mail, or takes it out. */
function address(frame, { actions }, told) {
  for (const link of frame.querySelectorAll("a[data-nth]")) {
    const { href } = actions[link.dataset.nth];
    if (/^mailto:/.test(href)) link.href = href + (told && (/\?/.test(href) ? "&" : "?") + "body=" + encodeURIComponent(told.replaceAll("\n", "\r\n")));
  }
}

/** The shop's own button for its chat; nothing where there is none. */
function pressed(launcher) {
  try {
    const found = document.querySelector(launcher);
    found?.click();
    return found;
  } catch {
    // The check of definitions says so.
  }
}

/** Opens a chat, or tells the page; where no chat comes, its link opens instead. A link has opened by itself. `told`: what goes along. */
function go({ id, adapter, launcher, event, href }, told) {
  if (event) dispatchEvent(new CustomEvent("polku-handoff", { detail: { action: id, event, ...(told && { answers: told }) } }));
  if (!adapter && !launcher) return;
  const end = performance.now() + COMES;
  const knock = () => {
    let there;
    try {
      there = adapter ? CHATS[adapter]?.(window, told) : pressed(launcher);
    } catch {
      // the chat's own affair
    }
    if (there) return;
    if (performance.now() < end) setTimeout(knock, OFTEN);
    else if (href) location.assign(href);
  };
  knock();
}

/** The corner is the chat's now: what is left of the card goes to the other one. */
function cede(host) {
  host.toggleAttribute("data-polku-ceded", true);
}

/** The ways of a prompt, made with the card's own hands. */
export const ways = ({ button, fill, h, marked, said, way }) => {
  /** When somebody is there: "Open 09:00–17:00". */
  const open = (words, hours) => (hours ? fill(words.hours, hours.from, hours.to) : "");

  /** The answers so far, a line each. */
  const answered = (words, { turns }) =>
    turns
      .filter(({ skipped }) => !skipped)
      .map((turn) => [turn.text, said(words, turn)])
      .filter(([, answer]) => answer)
      .map((both) => both.join(" ").trim())
      .join("\n");

  /** One row for each action; `hours`: when each of them is there. */
  const rows = (words, view, hours) =>
    h(
      "div",
      { class: "rows", role: "group", "aria-labelledby": "q" },
      ...view.actions.map((action, nth) => {
        const { text, href, note, adapter, event, launcher, hidden } = action;
        const under = [note, open(words, hours[nth])].filter(Boolean).join(" · ");
        const lines = [h("span", { lang: view.lang }, ...marked(text)), under ? h("span", { class: "hint" }, under) : ""];
        const more = { class: "row go", part: "option", "data-do": "go", "data-nth": nth, hidden };
        if (adapter || event || launcher) {
          const row = button("", "go", "", more);
          row.append(...lines);
          return row;
        }
        const there = way(href);
        if (there.target) lines.push(h("span", { class: "sr" }, " (" + words.newtab + ")"));
        return h("a", { ...more, ...there }, ...lines);
      }),
      answered(words, view) && view.actions.some(takes) ? h("div", { class: "write" }, h("label", { class: "row" }, h("input", { type: "checkbox", name: "along" }), h("span", {}, words.along))) : "",
    );

  /** A question for a way to answer back: never a part of what is collected. */
  const contact = (words) =>
    h(
      "div",
      { class: "write" },
      h("input", { class: "one", type: "email", autocomplete: "email", maxlength: 254, "aria-labelledby": "q", "aria-describedby": "bad hint" }),
      h("label", { class: "row" }, h("input", { type: "checkbox", name: "ok" }), h("span", {}, words.contactok)),
      h("p", { id: "hint", class: "hint" }, words.contactnote),
    );

  return { address, answered, cede, contact, go, rows };
};
