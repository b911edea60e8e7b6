import { fill, h } from "../../../crates/prompt/view/dom.js";
import { erased } from "./erase.js";
import { known } from "./known.js";

/** Says what became of it, and whom to ask where it did not all go. */
export function report({ words, number = "" }, say, { erased, cannot, missed }) {
  const lines = [words.erased];
  if (erased.length) lines.push(fill(words.erasedAt, erased.join(", ")));
  for (const host of cannot) lines.push(fill(words.cannotAt, host, number));
  for (const host of missed) lines.push(fill(words.missed, host, number));
  say.textContent = lines.join("\n");
}

/** To take it along, and to erase it. */
export function deeds(view) {
  const { words, host, inside } = view;
  // Where the button is, there is what became of it.
  const say = h("p", { class: "say", role: "status" });
  const button = (kind, text, run) => {
    const made = h("button", { type: "button", class: kind }, text);
    made.addEventListener("click", run);
    return made;
  };
  const save = () => {
    const text = JSON.stringify(known(inside, true), null, 1);
    const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    const link = h("a", { href: url, download: `polku-${location.hostname}.json` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 60000);
    view.look = true;
    say.textContent = words.downloaded;
    view.draw();
  };
  const sure = h(
    "dialog",
    { class: "sure", "aria-labelledby": "sure", "aria-describedby": "sure-text" },
    h("h3", { id: "sure" }, words.sure),
    h("p", { id: "sure-text" }, words.sureText),
    h("div", { class: "acts" }, button("t", words.cancel, () => sure.close()), button("d", words.yes, () => sure.close("yes"))),
  );
  sure.addEventListener("close", async () => {
    const yes = sure.returnValue === "yes";
    sure.returnValue = "";
    if (!yes) return;
    say.textContent = words.erasing;
    report(view, say, await erased(inside));
    view.look = true;
    host.dispatchEvent(new CustomEvent("polku-consent", { detail: { measure: false, remember: false }, bubbles: true, composed: true, cancelable: true }));
    view.draw();
  });
  const bar = h("div", { class: "acts" }, button("t", words.download, save), button("d", words.erase, () => sure.showModal()));
  return {
    elements: [bar, say, sure],
    update({ journey }) {
      // Who asks the shop later has to say of which visit.
      if (journey) view.number = journey.id;
    },
  };
}
