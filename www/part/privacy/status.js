import { fill, h } from "../../../crates/prompt/view/dom.js";
import { isEmpty } from "./known.js";
import { when } from "./when.js";

/** Whether anything is known at all, and by what right. */
export function status(view) {
  const { words } = view;
  const heading = h("h3", { tabindex: -1 });
  const text = h("p");
  const more = h("p", { class: "soft" });
  const look = h("button", { type: "button", class: "t", hidden: true }, words.look);
  look.addEventListener("click", () => {
    view.look = true;
    view.draw();
    // The button is gone, and with it the focus.
    heading.focus();
  });
  const box = h("section", { class: "state", "aria-live": "polite" }, heading, text, more, look);

  /** Who told it. */
  const told = (by) => ({ api: words.byShop, view: words.byYou })[by] || fill(words.byOther, by);
  return {
    elements: [box],
    update(now) {
      const { measured, read, journey } = now;
      const left = !measured && !isEmpty(now);
      const name = measured ? "on" : left ? "left" : "none";
      box.dataset.is = name;
      heading.textContent = words[name];
      text.textContent = words[name + "Text"];
      look.hidden = read;
      const { by, hour, policy } = measured ? journey.consent.measure : {};
      const lines = measured
        ? [fill(words.agreed, when(words, hour * 36e5), told(by)), policy ? fill(words.policy, policy) : ""]
        : [left ? "" : read ? words.empty : words.unread];
      more.textContent = lines.join(" ").trim();
      more.hidden = !more.textContent;
    },
  };
}
