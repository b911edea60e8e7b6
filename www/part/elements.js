// `<polku-prompt>`, a place in which a prompt is drawn, and `<polku-launcher>`, a button that opens one: wherever in a page they are, also in the shadow roots of
// others. Where one is there it is said, and `www/part/prompts.js` says by what each is told what it may. Fetched where a page has one as it is loaded; who puts them into shadow roots
// or adds them later imports `polku/elements`. Decides nothing.

/** Said by an element that is there, and by what deals with prompts once that is. */
const HERE = "polku-element";
const ASKING = "polku-prompts";

/** What cannot be opened is not shown; nothing else is said of its looks. */
const STYLE = ":host([hidden]) { display: none !important } :host { display: inline-block } button { font: inherit }";
/** What can be pressed by itself. */
const PRESSED = "button,a[href],[role=button]";

function define() {
  const there = new Set();
  // What deals with prompts, and the launcher that was pressed last.
  let prompts, pressed;
  /** Tells an element what it may. */
  const offer = (element) => {
    const { prompt } = element;
    const definition = prompts.of(prompt);
    if (!definition) prompts.fail(248, `${element.localName} ${prompt}`);
    const press = (user) => {
      pressed = user && element;
      prompts.press(prompt, user ? 1 : 0);
    };
    const { launcherText } = definition?.ui || {};
    const [lang] = (document.documentElement.lang || navigator.language).split("-");
    element.offered(definition && prompts.may() && press, launcherText?.[lang] || launcherText?.[definition?.defaultLocale]);
  };
  const announce = (element) => (prompts ? offer(element) : document.dispatchEvent(new Event(HERE)));
  document.addEventListener(ASKING, ({ detail }) => {
    prompts = Object.assign(detail, {
      place: (id) => [...there].find((element) => element.localName === "polku-prompt" && element.prompt === id),
      expanded(id, is) {
        for (const element of there) if (element.prompt === id) element.expanded?.(is);
      },
      /** Once for each time. */
      pressed() {
        const was = pressed;
        pressed = 0;
        return was && was.button;
      },
    });
    there.forEach(offer);
  });

  class Element extends HTMLElement {
    static observedAttributes = ["prompt", "open", "text"];
    connectedCallback() {
      there.add(this);
      announce(this);
    }
    disconnectedCallback() {
      there.delete(this);
    }
    attributeChangedCallback(name, before, now) {
      // Those that it has from the beginning are told of before it is there.
      if (there.has(this) && before !== now) announce(this);
    }
    get prompt() {
      return this.getAttribute("prompt") || "";
    }
    set prompt(id) {
      this.setAttribute("prompt", id ?? "");
    }
  }

  /** `open`: as soon as it may, without waiting for what opens it; once. */
  class PolkuPrompt extends Element {
    get open() {
      return this.hasAttribute("open");
    }
    set open(now) {
      this.toggleAttribute("open", !!now);
    }
    offered(open) {
      if (!open || !this.open || this.opened === this.prompt) return;
      this.opened = this.prompt;
      open(false);
    }
  }

  /** Its button is ours, with the text in it; a button of the shop's own in it stays the shop's. */
  class PolkuLauncher extends Element {
    connectedCallback() {
      if (!this.shadowRoot) this.build();
      super.connectedCallback();
    }
    build() {
      // What stands before it is allowed is no button that does nothing.
      this.hidden = true;
      const root = this.attachShadow({ mode: "open", delegatesFocus: true });
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(STYLE);
      root.adoptedStyleSheets = [sheet];
      const slot = document.createElement("slot");
      root.append(slot);
      if (!this.querySelector(PRESSED)) {
        const button = document.createElement("button");
        button.type = "button";
        button.part = "button";
        button.append(slot);
        root.replaceChildren(button);
      }
      this.addEventListener("click", (event) => {
        const pressed = event.composedPath().find((node) => node.matches?.(PRESSED));
        if (pressed) this.press?.(true);
      });
      this.slotted = slot;
    }
    /** What is pressed, and has the focus again when the prompt is closed. */
    get button() {
      return this.shadowRoot.querySelector("button") || this.querySelector(PRESSED);
    }
    offered(open, words) {
      this.press = open;
      this.hidden = !open;
      // Shown where nothing is slotted.
      this.slotted.textContent = this.getAttribute("text") || words || "Feedback";
      if (open && !this.button?.hasAttribute("aria-expanded")) this.expanded(false);
    }
    expanded(is) {
      this.button?.setAttribute("aria-expanded", String(is));
    }
  }

  customElements.define("polku-prompt", PolkuPrompt);
  customElements.define("polku-launcher", PolkuLauncher);
}

// Twice on a page, the first one stays; where pages are rendered for others there are no elements.
if (typeof customElements !== "undefined" && !customElements.get("polku-prompt")) define();
