// The panel itself: a region at the lower edge of the page, in a shadow root. It takes neither the focus nor any of the page's room.
import { h } from "../../../crates/prompt/view/dom.js";
import { consent } from "./view/consent.js";
import { cost } from "./view/cost.js";
import { delivery } from "./view/delivery.js";
import { events } from "./view/events.js";
import { journey } from "./view/journey.js";
import { prompts } from "./view/prompts.js";
import { report } from "./report.js";
import { STYLE } from "./style.js";

/** What changes together is drawn once, in ms: a panel that draws all the time would be what makes the page slow. */
const SOON = 250;

/** The views, in the order of their tabs. */
const VIEWS = { events, journey, prompts, consent, delivery, cost };

/** `host` is put on the page; `open`: not minimised. Gives back what its guard hands on events to. */
export function panel({ host, book, words, open, end }) {
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  root.adoptedStyleSheets = [sheet];
  host.setAttribute("data-polku-debug", "");
  const names = Object.keys(VIEWS);
  let [current] = names;
  let isOpen = open;
  let timer;

  const act = (name, more) => h("button", { type: "button", class: "act", "data-do": name, ...more }, words.acts[name]);
  const tabs = names.map((name) =>
    h("button", { type: "button", role: "tab", id: `tab-${name}`, "aria-controls": "view", "data-do": "show", "data-view": name }, words.tabs[name]),
  );
  const view = h("div", { role: "tabpanel", id: "view", tabindex: 0 });
  const said = h("span", { class: "said", role: "status" });
  const pill = h("button", { type: "button", class: "pill", "data-do": "open", "aria-expanded": "false" }, words.title);
  const body = h(
    "section",
    { class: "panel", "aria-label": words.title, lang: words.lang },
    h("div", { class: "head" }, h("h2", {}, words.title), said, act("copy"), act("clear"), act("minimise"), act("end")),
    h("div", { role: "tablist", "aria-label": words.title }, ...tabs),
    view,
  );
  root.append(body, pill);

  const draw = () => {
    clearTimeout(timer);
    timer = 0;
    if (!isOpen || document.hidden) return;
    const { scrollTop } = view;
    view.replaceChildren(...VIEWS[current]({ book, words }));
    view.scrollTop = scrollTop;
  };
  const soon = () => {
    if (isOpen) timer ||= setTimeout(draw, SOON);
  };
  const show = (name) => {
    current = name;
    for (const tab of tabs) {
      const is = tab.dataset.view === name;
      tab.setAttribute("aria-selected", is);
      tab.tabIndex = is ? 0 : -1;
    }
    view.setAttribute("aria-labelledby", `tab-${name}`);
    view.scrollTop = 0;
    draw();
  };
  const turn = (now, focus) => {
    isOpen = now;
    body.hidden = !now;
    pill.hidden = now;
    draw();
    if (focus) (now ? tabs.find(({ tabIndex }) => !tabIndex) : pill).focus({ preventScroll: true });
  };

  const deeds = {
    show: ({ dataset }) => show(dataset.view),
    open: () => turn(true, true),
    minimise: () => turn(false, true),
    clear() {
      book.clear();
      draw();
    },
    end,
    async copy() {
      const text = JSON.stringify(report(book), null, 1);
      // Without a clipboard (no encrypted line, or the page forbids it) it is laid out to be copied by hand.
      const done = await (navigator.clipboard?.writeText(text) ?? Promise.reject()).then(() => true, () => false);
      said.textContent = done ? words.copied : words.byHand;
      if (!done) view.replaceChildren(h("textarea", { readonly: true, "aria-label": words.acts.copy }, text));
    },
  };
  const keys = (event, from) => {
    const step = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity }[event.key];
    if (event.key === "Escape") turn(false, true);
    else if (step && from.role === "tab") {
      event.preventDefault();
      const at = tabs.indexOf(from);
      const next = Math.abs(step) > 1 ? (step < 0 ? 0 : tabs.length - 1) : (at + step + tabs.length) % tabs.length;
      show(names[next]);
      tabs[next].focus({ preventScroll: true });
    }
  };

  book.on(soon);
  document.addEventListener("visibilitychange", draw);
  // To the root: a shop may look through its body for what is its own.
  document.documentElement.append(host);
  show(current);
  turn(isOpen);
  return {
    isOpen: () => isOpen,
    end() {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", draw);
      isOpen = false;
      host.remove();
    },
    handle(event) {
      const [from] = event.composedPath();
      const { type } = event;
      if (type === "keydown") keys(event, from);
      else if (type === "click") {
        const button = from.closest?.("[data-do]");
        if (button) deeds[button.dataset.do](button);
      }
    },
  };
}
