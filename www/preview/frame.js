// The page inside the frame: opens the real prompt and brings it into the state that is to be seen. Nothing is sent: there is no engine here.

import { packaged } from "./package.js";
import { bring } from "./states.js";

const accents = new CSSStyleSheet();
document.adoptedStyleSheets = [accents];

// As on a shop's page: there before anything is said in it.
const status = document.createElement("div");
status.setAttribute("role", "status");
document.body.append(status);

let handle;
let turn = 0;
/** What the page pretends: that it is offline, or that what scrubs words does not come. */
let pretend = "";
const { fetch } = window;
window.fetch = (what, ...more) => (pretend === "error" && /scrub/.test(what.url ?? what) ? Promise.reject(new TypeError("pretended")) : fetch(what, ...more));
Object.defineProperty(navigator, "onLine", { get: () => pretend !== "offline" });

/** Shows a definition; answers with what went wrong, or nothing. What is asked for later wins. */
window.showPrompt = async ({ definition, lang, state, theme, accent, dir, tell }) => {
  const mine = ++turn;
  const root = document.documentElement;
  const module = await import(await packaged("prompt.js"));
  if (mine !== turn) return "";
  pretend = state;
  handle?.destroy();
  handle = undefined;
  for (const left of document.querySelectorAll("[data-polku-prompt]")) left.remove();
  Object.assign(root, { lang, dir });
  root.dataset.polkuTheme = theme;
  // What a shop's style sheet would say of the element.
  accents.replaceSync(accent ? `[data-polku-prompt]{--polku-accent:${accent}}` : "");
  const { ui = {} } = definition;
  const context = (more) => ({
    sub: "00000",
    trigger: "preview",
    lang,
    measure: true,
    user: false, // the focus stays where it is written
    collector: location.host,
    status,
    first: "card",
    resume: "",
    drafts: {},
    minimised: false,
    position: ui.position ?? "bottom-end",
    inline: ui.inline || ui.layout === "inline" ? document.querySelector("#inline") : undefined,
    hotkey: definition.quiet?.hotkey ?? "F8",
    ...more,
  });
  const open = async (changed, more) => {
    handle?.destroy();
    handle = await module.open({ ...definition, ...changed }, context(more), tell);
    return handle;
  };
  try {
    return await bring(state, { definition, lang, open, still: () => mine === turn });
  } catch (error) {
    return String(error?.message ?? error);
  }
};
window.parent.postMessage("ready", location.origin);
