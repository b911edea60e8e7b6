import { BLUR, CHANGE, EDIT, FOCUS, INVALID, SUBMIT } from "../core/protocol.js";
import { is } from "./watch/is.js";

/** A field that is typed in is told once in so many ms, and one that is refused by the browser and the shop at once is refused once. */
const SECOND = 1000;
/** What is found wrong later than this was not found by what the shopper did, in ms: a server's check takes a second or two (`ASKED` in the core). */
const CHECK = 5000;

const SEARCH = ":is([role=search],search,form[action*=search i]) *,[type=search],[name=q],[name=s]";
const FIELD = `:is(input:not([type=hidden],[type=submit],[type=button],[type=image],[type=reset]),select,textarea):not(${SEARCH})`;
/** Fields that something of one's own is written in. */
const TYPED = `:is(textarea,input:is(:not([type]),[type=text],[type=email],[type=tel],[type=password])):not(${SEARCH})`;

const KINDS = { focus: FOCUS, blur: BLUR, input: EDIT, change: CHANGE };

/** A word that a developer wrote; longer numbers are somebody's or something's. */
const word = (text) => /^(?!.*\d{3}|on$|off$)[a-z][\w.[\]-]{0,39}$/i.test(text) && text;
const name = (field) =>
  field.getAttribute("data-polku-id") || word(field.getAttribute("name") || "") || word(field.id) ||
  word(field.autocomplete.split(" ").pop()) || field.type;

/**
 * What happens to the fields of forms, by their names; what is in them is never read, and keys are not listened to. Search fields
 * are no form, and neither are choices by themselves: sizes, numbers and sort orders are tried out, not filled in. Only that one of
 * them is refused is told. `pressed` gives when something was pressed that is no field.
 */
export function forms(input, pressed) {
  const failed = new WeakMap();
  // When a field was left. Somebody goes on to the next while a server still looks at it.
  const left = new WeakMap();
  let edited, editedAt;

  /** Scripts check fields as they like; a failure is one that follows from leaving the field, or from pressing something. */
  const fail = (field, at) => {
    const cause = Math.max(pressed() || -CHECK, left.get(field) || -CHECK);
    // The browser and the shop, or the page and its server, may both say so.
    const isKnown = at - failed.get(field) < SECOND || failed.get(field) >= cause;
    if (at - cause < CHECK && !isKnown && is(field, FIELD)) {
      failed.set(field, at);
      input(INVALID, 0, name(field));
    }
  };
  const see = (type, target, at) => {
    if (type === "invalid") return fail(target, at);
    if (type === "submit" && target.querySelector(TYPED)) input(SUBMIT);
    if (!KINDS[type] || !is(target, FIELD)) return;
    // While it is typed in, nothing can be wrong yet.
    if (/blur|change/.test(type)) left.set(target, at);
    else left.delete(target);
    if (!is(target, TYPED) && !(target.form && target.form.querySelector(TYPED))) return;
    if (type === "input") {
      if (edited === target && at - editedAt < SECOND) return;
      edited = target;
      editedAt = at;
    }
    input(KINDS[type], 0, name(target));
  };
  const observer = new MutationObserver((records) => {
    for (const { target } of records) if (target.getAttribute("aria-invalid") === "true") fail(target, performance.now());
  });
  observer.observe(document, { subtree: true, attributeFilter: ["aria-invalid"] });
  return { see, off: () => observer.disconnect() };
}
