import { fill, h } from "../../../crates/prompt/view/dom.js";
import { erased } from "./erase.js";
import { report } from "./deeds.js";

const PURPOSES = ["measure", "remember", "feedback"];

/** A shop marks with this what opens its cookie settings: the element itself, or one that its selector finds. */
const CONSENT = "data-polku-privacy-consent";

function settings() {
  const marked = document.querySelector(`[${CONSENT}]`);
  const selector = marked && marked.getAttribute(CONSENT);
  try {
    return selector ? document.querySelector(selector) : marked;
  } catch {
    // a selector that is none
  }
}

/** What the shopper allows, a switch for each purpose, with what it is for. */
export function choices(view) {
  const { words, host, inside } = view;
  const say = h("p", { class: "say", role: "status" });
  const { options } = inside;
  const gpc = options.gpc === "always" && navigator.globalPrivacyControl;
  const note = h("p", { class: "soft", hidden: true });
  const reopen = h("button", { type: "button", class: "t", hidden: true }, words.reopen);
  reopen.addEventListener("click", () => {
    const control = settings();
    const dialog = reopen.closest("dialog");
    if (dialog) dialog.close();
    if (control) control.click();
  });
  /** Tells the shop, which may keep it for its next page; says whether it does. */
  const told = (detail) => !host.dispatchEvent(new CustomEvent("polku-consent", { detail, bubbles: true, composed: true, cancelable: true }));
  const decide = async (name, on) => {
    const decision = { [name]: on };
    if (name === "measure" && !on) report(view, say, await erased(inside));
    else {
      window.polku.consent({ ...decision, by: "view" });
      say.textContent = fill(on ? words.isOn : words.isOff, words[name]);
    }
    if (!told(decision)) {
      say.textContent += "\n" + words.page;
      reopen.hidden = !settings();
    }
    view.draw();
  };
  const inputs = {};
  const rows = PURPOSES.map((name) => {
    const input = (inputs[name] = h("input", { type: "checkbox", role: "switch", id: name, "aria-describedby": name + "-why" }));
    input.addEventListener("change", () => decide(name, input.checked));
    return h("div", { class: "switch" }, h("label", { for: name }, input, h("span", {}, words[name])), h("p", { id: name + "-why", class: "soft" }, words[name + "Why"]));
  });
  const box = h("section", { "aria-labelledby": "allow" }, h("h3", { id: "allow" }, words.allow), ...rows, note, reopen);
  return {
    elements: [box, say],
    update({ measured, journey, allowed }) {
      // A consent platform keeps it where that has told it.
      const by = measured && journey.consent.measure.by;
      const managed = by && by !== "api" && by !== "view";
      for (const name of PURPOSES) {
        const { checked } = inputs[name];
        if (checked !== allowed[name]) inputs[name].checked = allowed[name];
      }
      inputs.measure.disabled = !!(managed || (gpc && !measured));
      inputs.remember.disabled = !!managed || !measured;
      if (managed || gpc) {
        note.textContent = managed ? fill(words.managed, by) : words.gpc;
        note.hidden = false;
      }
      if (managed) reopen.hidden = !settings();
    },
  };
}
