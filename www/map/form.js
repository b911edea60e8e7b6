// A form in a dialog: what is wrong stands beside its field, the keyboard stays inside until it is closed, and goes back to where it came from.

import { h } from "./dom.js";
import { t } from "./texts.js";

let opened = 0;

/**
 * Fields are `{ name, label, kind, options, hint }`, `kind` one of text, words, number, date, choice and rows (with `fields` of its own). `judge(value)`
 * gives what is wrong as `{ path: sentence }`, `save(value)` likewise, or nothing where it is saved; the path of the whole is "". `remove`, where there
 * is something to take away, asks once more. `back` is the `data-f` of what the focus goes back to.
 */
export function openForm({ title, fields, value, judge, save, remove, back }) {
  const id = `form-${opened += 1}`;
  const alarm = h("p", { class: "alarm", role: "alert", hidden: true });
  const made = fields.map((one) => field(one, value[one.name], `${id}-${one.name}`, one.name));
  const send = h("button", { type: "submit", class: "primary" }, t("formSave"));
  const form = h("form", { novalidate: true, onsubmit: (event) => {
    event.preventDefault();
    run(() => save(read()));
  } },
  h("h2", { id }, title), alarm, made.map((one) => one.element),
  h("div", { class: "form-end" }, send, h("button", { type: "button", onclick: () => dialog.close() }, t("formCancel")),
    remove && h("button", { type: "button", class: "remove", onclick: (event) => {
      if (event.target.dataset.asked) return run(remove, true);
      event.target.dataset.asked = "yes";
      event.target.textContent = t("formRemoveSure");
    } }, t("formRemove"))));
  const dialog = h("dialog", { class: "form", "aria-labelledby": id, onclose: () => {
    dialog.remove();
    document.querySelector(`[data-f="${CSS.escape(back)}"]`)?.focus();
  } }, form);
  const read = () => Object.fromEntries(made.map((one) => [one.name, one.read()]));

  async function run(doing, unjudged = false) {
    const wrong = unjudged ? {} : { ...Object.assign({}, ...made.map((one) => one.wrong())), ...judge(read()) };
    if (tell(wrong)) return;
    send.disabled = true;
    const refused = await doing().catch(() => ({ "": t("formFailed") }));
    send.disabled = false;
    if (!tell(refused ?? {})) dialog.close();
  }

  /** Says what is wrong, and goes to the first of it. */
  function tell(wrong) {
    const paths = Object.keys(wrong);
    let first = null;
    for (const one of made) {
      const at = one.tell(wrong);
      first ??= at;
    }
    const whole = paths.filter((path) => !made.some((one) => path === one.name || path.startsWith(`${one.name}[`)));
    alarm.hidden = !whole.length;
    alarm.textContent = whole.map((path) => wrong[path]).join(" ");
    first?.focus();
    return paths.length > 0;
  }

  document.body.append(dialog);
  dialog.showModal();
}

/** One field: its element, what stands in it, and what is said to be wrong with it. */
function field(one, value, id, path) {
  if (one.kind === "rows") return rows(one, value ?? [], id);
  const props = { id, name: path, "aria-describedby": one.hint ? `${id}-hint` : null, autocomplete: "off" };
  const input = one.kind === "choice"
    ? h("select", props, one.options.map(([of, said]) => h("option", { value: of, selected: of === (value ?? "") }, said)))
    : one.kind === "words" ? h("textarea", { ...props, rows: 3 }, value ?? "")
    : h("input", { ...props, type: one.kind === "date" ? "date" : "text", inputmode: one.kind === "number" ? "decimal" : null, value: value === undefined || value === null ? "" : say(value) });
  const error = h("p", { class: "error", id: `${id}-error`, hidden: true });
  const text = () => input.value.trim();
  return {
    name: one.name,
    element: h("div", { class: `field kind-${one.kind}` }, h("label", { for: id }, one.label), one.hint && h("p", { class: "hint", id: `${id}-hint` }, one.hint), input, error),
    read: () => (text() === "" ? null : one.kind === "number" ? Number(plain(text())) : text()),
    wrong: () => (one.kind === "number" && text() !== "" && !Number.isFinite(Number(plain(text()))) ? { [path]: t("formNumber") } : {}),
    tell(wrong) {
      const why = wrong[path];
      error.hidden = !why;
      error.textContent = why ?? "";
      input.toggleAttribute("aria-invalid", Boolean(why));
      if (why) input.setAttribute("aria-invalid", "true");
      input.setAttribute("aria-describedby", [one.hint && `${id}-hint`, why && `${id}-error`].filter(Boolean).join(" "));
      if (!input.getAttribute("aria-describedby")) input.removeAttribute("aria-describedby");
      return why ? input : null;
    },
  };
}

/** A comma is a point where the reader writes it so. */
const plain = (text) => text.replace(",", ".").replace("−", "-").replace(/\s*%$/, "");
const say = (value) => (typeof value === "number" && document.documentElement.lang === "fi" ? String(value).replace(".", ",") : String(value));

/** A list of rows of fields, to which one can be added and of which one can be taken away. */
function rows(one, value, id) {
  const list = h("ol", { class: "rows" });
  let made = [];
  const add = (row) => {
    const nth = made.length;
    const fields = one.fields.map((inner) => field(inner, row[inner.name], `${id}-${nth}-${inner.name}`, `${one.name}[${nth}].${inner.name}`));
    const element = h("li", null, fields.map((inner) => inner.element),
      h("button", { type: "button", "aria-label": one.removeLabel(nth + 1), onclick: () => {
        const rest = read().filter((_, at) => at !== made.findIndex((known) => known.element === element));
        made = [];
        list.replaceChildren();
        rest.forEach(add);
        more.focus();
      } }, "×"));
    made.push({ fields, names: one.fields.map((inner) => inner.name), element });
    list.append(element);
    return fields[0].element;
  };
  const read = () => made.map((row) => Object.fromEntries(row.names.map((name, at) => [name, row.fields[at].read()])));
  const more = h("button", { type: "button", class: "add-row", onclick: () => add({}).querySelector("input, select").focus() }, one.addLabel);
  value.forEach(add);
  return {
    name: one.name,
    element: h("fieldset", { class: "field kind-rows" }, h("legend", null, one.label), one.hint && h("p", { class: "hint" }, one.hint), list, more),
    read,
    wrong: () => Object.assign({}, ...made.flatMap((row) => row.fields.map((inner) => inner.wrong()))),
    tell: (wrong) => made.flatMap((row) => row.fields.map((inner) => inner.tell(wrong))).find(Boolean) ?? null,
  };
}
