// The list of journeys. A row that is already there is changed in place: what is open stays open, what is focused
// stays focused, and the page does not jump.

import { h, replace } from "./dom.js";
import { readJourney } from "./api.js";
import { eventTable } from "./events.js";
import { ago, hour, languageName, moment, money, number } from "./format.js";
import { line } from "./stops.js";
import { name, t } from "./texts.js";

/** A visit that was silent for longer has ended. */
const IDLE = 30 * 60;

export class JourneyList {
  #place;
  #rows = new Map();
  #first = true;

  constructor(place) {
    this.#place = place;
  }

  get size() {
    return this.#rows.size;
  }

  /** Takes all away: another filter has other journeys. */
  clear() {
    for (const row of this.#rows.values()) row.element.remove();
    this.#rows.clear();
    this.#first = true;
  }

  /** Where the next older page starts. */
  get end() {
    return [...this.#rows.values()].at(-1)?.journey.cursor;
  }

  /** Takes the newest journeys: new ones in front, known ones in place, missing ones away. */
  refresh(journeys) {
    const fresh = new Map(journeys.map((journey) => [keyOf(journey), journey]));
    const oldest = journeys.at(-1)?.cursor;
    for (const [key, row] of this.#rows) {
      if (!fresh.has(key) && (!oldest || newer(row.journey.cursor, oldest))) {
        row.element.remove();
        this.#rows.delete(key);
      }
    }
    this.#merge(fresh);
    this.#first = false;
  }

  /** Takes an older page. */
  append(journeys) {
    this.#merge(new Map(journeys.map((journey) => [keyOf(journey), journey])));
  }

  /** Writes everything again, in another language. */
  retell() {
    for (const row of this.#rows.values()) row.show(row.journey, true);
  }

  /** Time passes even where nothing happens. */
  tick() {
    for (const row of this.#rows.values()) row.tick();
  }

  #merge(fresh) {
    for (const [key, journey] of fresh) {
      const row = this.#rows.get(key);
      if (row) row.show(journey);
      else this.#rows.set(key, new Row(journey, !this.#first));
    }
    const ordered = [...this.#rows].sort(([, a], [, b]) => (newer(a.journey.cursor, b.journey.cursor) ? -1 : 1));
    this.#rows = new Map(ordered);
    let before = null;
    for (const [, row] of ordered) {
      const wanted = before ? before.nextElementSibling : this.#place.firstElementChild;
      if (wanted !== row.element) this.#place.insertBefore(row.element, wanted);
      before = row.element;
    }
  }
}

const keyOf = (journey) => `${journey.key}/${journey.id}`;

function newer(a, b) {
  const [[aTime, aRow], [bTime, bRow]] = [a, b].map((cursor) => cursor.split(".").map(Number));
  return aTime === bTime ? aRow > bRow : aTime > bTime;
}

function saying(answer) {
  if (answer.score !== null) return h("b", null, t("scored", { ask: name("ask", answer.ask), score: answer.score }));
  if (answer.text) return h("q", null, answer.text);
  return (answer.choice ?? []).map((choice) => name("choice", choice)).join(", ");
}

let serial = 0;

class Row {
  journey = null;
  #told = "";
  #events = 0;
  #when = h("time", { class: "when" });
  #meta = h("span", { class: "meta" });
  #outcome = h("div", { class: "outcome" });
  #path = h("div", { class: "path" });
  #panel;
  #button;

  constructor(journey, isNews) {
    const id = `j${(serial += 1)}`;
    this.#panel = h("div", { class: "panel", id, hidden: true });
    this.#button = h("button", { type: "button", class: "open", "aria-expanded": "false", "aria-controls": id, onclick: () => this.#toggle() }, this.#when, this.#meta);
    this.element = h("li", { class: isNews ? "journey news" : "journey" },
      h("div", { class: "summary", onclick: (event) => this.#click(event) }, this.#button, this.#path, this.#outcome), this.#panel);
    this.show(journey);
  }

  show(journey, again = false) {
    this.journey = journey;
    const now = JSON.stringify(journey);
    if (!again && now === this.#told) return;
    this.#told = now;
    const device = journey.device ? name("device", journey.device) : journey.path_known ? t("unknownDevice") : t("answerOnly");
    replace(this.#meta, [device, journey.lang && languageName(journey.lang), t("events", { n: number(journey.events) })].filter(Boolean).join(" · "));
    replace(this.#path, journey.path_known ? line(journey) : h("p", { class: "hint" }, t("answerOnlyHint")), this.#words());
    this.tick();
    if (!this.#panel.hidden && (again || this.#events !== journey.events)) this.#read();
  }

  tick() {
    const { started, last_at: last, path_known: known } = this.journey;
    this.#when.dateTime = new Date(started * 1000).toISOString();
    this.#when.title = moment(started);
    // An answer without a path says its hour and no more; so does its row.
    replace(this.#when, known ? ago(started + (last ?? 0) / 1000) : hour(started));
    replace(this.#outcome, known ? this.#result(started + (last ?? 0) / 1000) : "");
  }

  #result(lastSeen) {
    const { purchase, value, currency, stage } = this.journey;
    const paid = value === null ? "" : ` ${money(value, currency)}`;
    if (purchase) return h("span", { class: "result bought" }, `✓ ${t("bought")}${paid}`);
    if (Date.now() / 1000 - lastSeen < IDLE) return h("span", { class: "result way" }, t("onTheWay"));
    return stage ? h("span", { class: "result" }, t("leftIn", { stage: name("stage", stage) })) : "";
  }

  /** The words of one run of a prompt stand together, after the score that they explain. */
  #words() {
    const runs = new Map();
    for (const answer of this.journey.answers) runs.set(answer.sub, [...(runs.get(answer.sub) ?? []), answer]);
    const said = [...runs.values()].filter((run) => !this.journey.path_known || run.some((answer) => answer.text || answer.choice));
    if (!said.length) return null;
    return h("ul", { class: "said" }, said.map((run) => h("li", null, run.flatMap((answer) => [saying(answer), " "]))));
  }

  /** The whole row opens by mouse; somebody who is selecting text is left alone. */
  #click(event) {
    if (!event.target.closest("button") && !String(getSelection())) this.#toggle();
  }

  #toggle() {
    const open = this.#panel.hidden;
    this.#panel.hidden = !open;
    this.#button.setAttribute("aria-expanded", String(open));
    if (open) this.#read();
  }

  async #read() {
    if (!this.#panel.childElementCount) replace(this.#panel, h("p", { class: "hint" }, t("loading")));
    try {
      const { events } = await readJourney(this.journey);
      this.#events = events.length;
      replace(this.#panel, eventTable(events));
    } catch (why) {
      replace(this.#panel, h("p", { class: "hint" }, t(String(why).endsWith("404") ? "gone" : "loadFailed")));
    }
  }
}
