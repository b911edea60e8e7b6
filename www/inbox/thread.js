// One conversation: what was said, what is on its way, and the answer that is being written.

import { h } from "/map/dom.js";
import { moment } from "/map/format.js";
import { lang } from "/map/texts.js";
import { t } from "./texts.js";

/** Messages of the same side within so many seconds stand together. */
const TOGETHER = 180;

/** `?`, 14:05, or with its day where that is not today. */
export function when(unix) {
  const date = new Date(unix * 1000);
  if (date.toDateString() !== new Date().toDateString()) return moment(unix);
  return new Intl.DateTimeFormat(lang(), { hour: "numeric", minute: "2-digit" }).format(date);
}

/** What is known of one conversation on this page. It outlives being looked at: a draft is there when one comes back. */
export class Talk {
  constructor(id) {
    this.id = id;
    this.entries = [];
    this.pending = [];
    this.draft = "";
    this.path = null;
    this.summary = null;
  }

  get last() {
    return this.entries.length ? this.entries[this.entries.length - 1].seq : 0;
  }

  /** Takes what the server says was said; each entry once, in the server's order. */
  take(entries) {
    for (const entry of entries) if (entry.seq === this.last + 1) this.entries.push(entry);
  }

  /** What the server has is no longer on its way: the stream may tell of it before the answer to the sending does. */
  settle() {
    const found = new Set();
    this.pending = this.pending.filter((wait) => {
      const same = (entry) => entry.seq === wait.done || (entry.by === "person" && entry.seq > wait.after && entry.text === wait.text);
      const entry = this.entries.find((one) => !found.has(one.seq) && same(one));
      if (entry) found.add(entry.seq);
      return !entry;
    });
  }

  /** Everything to be drawn. */
  rows() {
    return [...this.entries, ...this.pending];
  }
}

function bubble(entry, before, retry) {
  if (entry.by === "house") return h("p", { class: "house", "data-seq": entry.seq }, t("isEnded"), " ", h("time", { datetime: new Date(entry.at * 1000).toISOString() }, when(entry.at)));
  const ours = entry.by !== "shopper";
  const joined = before && before.by === entry.by && before.name === entry.name && entry.at - before.at < TOGETHER;
  return h("article", { class: `said ${ours ? "ours" : "theirs"}${joined ? " joined" : ""}${entry.failed ? " failed" : ""}`, "data-seq": entry.seq ?? false, "data-n": entry.n ?? false },
    h("p", { class: joined ? "by sr" : "by" }, h("bdi", null, ours ? entry.name || t("you") : entry.who), " ", h("time", { datetime: new Date(entry.at * 1000).toISOString() }, when(entry.at))),
    // What anybody wrote is text, with a direction of its own that ends with it.
    h("p", { class: "words", dir: "auto" }, h("bdi", { dir: "auto" }, entry.text)),
    entry.token && (entry.failed
      ? h("p", { class: "note" }, t("notSent"), " ", h("button", { type: "button", class: "plain", onclick: () => retry(entry) }, t("retry")))
      : h("p", { class: "note" }, t("sending"))));
}

/** Draws what is new and leaves the rest alone: a selection stays, and what is read aloud is only what came. */
export function drawLog(log, talk, name, retry) {
  const signs = talk.rows().map((entry) => `${entry.seq ?? entry.token}${entry.failed ? "!" : ""}`);
  const drawn = log.signs ?? [];
  const rows = talk.rows().map((entry) => ({ ...entry, who: name }));
  let same = 0;
  while (same < drawn.length && drawn[same] === signs[same]) same += 1;
  while (log.children.length > same) log.lastElementChild.remove();
  for (let at = same; at < rows.length; at += 1) {
    log.append(bubble(rows[at], rows[at - 1], () => retry(talk.rows()[at])));
  }
  log.signs = signs;
}
