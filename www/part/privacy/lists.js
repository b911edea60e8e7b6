import { fill, h } from "../../../crates/prompt/view/dom.js";
import { time } from "./when.js";

const pretty = (batch) => (typeof batch === "string" ? batch : JSON.stringify(batch, null, 1));

/** A line that unfolds. What is in it is written when it is opened: it may be much. */
function folded(summary, text) {
  const pre = h("pre", { tabindex: 0 });
  const details = h("details", {}, h("summary", {}, ...summary), pre);
  details.addEventListener("toggle", () => {
    if (details.open) pre.textContent = text();
  });
  return details;
}

/** Brings `box` to these entries. What is there stays as it is: open, and with the focus. */
function keep(box, entries, keyOf, make, update) {
  const known = (box.known ||= new Map());
  let next = box.firstChild;
  const keys = new Set();
  for (const entry of entries) {
    const key = keyOf(entry);
    keys.add(key);
    if (!known.has(key)) known.set(key, make(entry));
    const element = known.get(key);
    update(element, entry);
    if (element === next) next = next.nextSibling;
    else box.insertBefore(element, next);
  }
  for (const [key, element] of known) {
    if (keys.has(key)) continue;
    known.delete(key);
    element.remove();
  }
}

/** What was sent and what waits, where to, and all that is stored. */
export function lists({ words, host }) {
  const sent = h("div");
  const sentNone = h("p", {}, words.sentNone);
  const waits = h("div");
  const waitsNone = h("p");
  const where = h("ul");
  const stored = h("div");
  const section = (id, ...more) => h("section", { "aria-labelledby": id }, h("h3", { id }, words[id]), ...more);
  const boxes = [
    section("sent", h("p", { class: "soft" }, words.sentText), sentNone, sent),
    section("waits", waitsNone, waits),
    section("where", where, h("p", { class: "soft" }, words.alone)),
    section("stored", h("p", { class: "soft" }, words.empty), stored),
  ];
  const place = (to) => to || words.layer;
  const what = ({ events }) => (Array.isArray(events) ? fill(words.events, events.length) : "");
  const state = (status) =>
    status === undefined || status === 0 ? words.underway : status >= 200 && status < 300 ? words.received : fill(words.refused, status);
  const batch = (box, entries, at, stateOf) => {
    const line = (entry) => [time(words, entry[at]), what(entry.batch), place(entry.to), stateOf(entry)].filter(Boolean).join(" · ");
    keep(
      box,
      entries,
      (entry) => entry.to + JSON.stringify(entry.batch),
      (entry) => folded([h("span", {}, line(entry))], () => pretty(entry.batch)),
      (element, entry) => {
        const [label] = element.firstChild.children;
        const text = line(entry);
        if (label.textContent !== text) label.textContent = text;
      },
    );
  };
  return {
    elements: boxes,
    update(now) {
      batch(sent, now.sent, "at", ({ status }) => state(status));
      sentNone.hidden = now.sent.length > 0;
      batch(waits, now.waiting, "since", () => "");
      const queued = now.journey && !now.waiting.length ? now.journey.loss.queued : 0;
      waitsNone.textContent = queued ? fill(words.memory, queued) : words.waitsNone;
      waitsNone.hidden = now.waiting.length > 0;
      const contact = document.querySelector("[data-polku-privacy-contact]");
      const link = () => contact && contact.getAttribute("data-polku-privacy-contact");
      where.replaceChildren(
        ...now.collectors.map(({ host, erases }) =>
          h("li", {}, h("strong", {}, place(host)), " – ", erases ? words.can : words.cannot, ...(!erases && link() ? [" ", h("a", { href: link() }, words.contact)] : [])),
        ),
      );
      const all = Object.values(now.stored).flatMap((one) => Object.entries(one));
      const names = Object.entries(now.stored).flatMap(([name, one]) => Object.keys(one).map((key) => [name, key]));
      stored.previousSibling.hidden = all.length > 0 || !now.read;
      boxes[3].hidden = !now.read && !all.length;
      keep(
        stored,
        names.map(([name, key]) => ({ name, key, value: now.stored[name][key] })),
        ({ name, key }) => name + key,
        ({ name, key }) => h("details", {}, h("summary", {}, h("code", {}, key), ` (${name})`), h("pre", { tabindex: 0 })),
        (element, { value }) => {
          const [, pre] = element.children;
          if (pre.textContent !== value) pre.textContent = value;
        },
      );
    },
  };
}
